//! Files: what a person wrote is read with every fault at once, and what we write is whole or not there.

mod fault;
mod format;
mod mistake;
mod read;
mod refused;
mod write;

pub use fault::{Fault, Faults, Place};
pub use format::Format;
pub use read::{Source, io_reason, read};
pub use refused::refused_address;
pub use write::{remove, write_new, write_pieces, write_whole};
