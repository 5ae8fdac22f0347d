//! Whether a connection to a host is taken.

/// What knocking came to; nobody there is a silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Door {
    Open,
    /// The machine answered that nobody listens.
    Closed,
}
