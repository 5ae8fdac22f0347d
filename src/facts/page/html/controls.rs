//! Form fields, and what names them.

use std::collections::BTreeSet;

use super::MOST;
use super::tag::Tag;
use crate::facts::Control;

/// The controls of a page, while it is read.
#[derive(Debug, Default)]
pub(super) struct Controls {
    found: Vec<(Control, Option<String>)>,
    /// How many `label` elements are open.
    labels: usize,
    /// The `id` that some `label` is for; it may come after its control.
    named: BTreeSet<String>,
}

impl Controls {
    pub(super) fn open_label(&mut self, tag: &Tag) {
        self.labels += 1;
        self.named.extend(tag.filled("for").map(str::to_owned));
    }

    pub(super) fn close_label(&mut self) {
        self.labels = self.labels.saturating_sub(1);
    }

    /// An `input`, `select` or `textarea`; buttons and what nobody sees are not filled in.
    pub(super) fn add(&mut self, tag: &Tag) {
        let filled_in = tag.name != "input" || !tag.is("type", &["hidden", "submit", "button", "image", "reset"]);
        if !filled_in || tag.is_hidden() || self.found.len() >= MOST {
            return;
        }
        let name = tag.filled("name").or_else(|| tag.filled("id")).unwrap_or(&tag.name).to_owned();
        let labelled = self.labels > 0 || ["aria-label", "aria-labelledby", "title"].iter().any(|by| tag.filled(by).is_some());
        self.found.push((Control { name, labelled }, tag.filled("id").map(str::to_owned)));
    }

    pub(super) fn into_controls(self) -> Vec<Control> {
        let named = self.named;
        let labelled = |(mut control, id): (Control, Option<String>)| {
            control.labelled |= id.is_some_and(|id| named.contains(&id));
            control
        };
        self.found.into_iter().map(labelled).collect()
    }
}
