//! What a page makes a browser fetch.

use std::collections::BTreeSet;

use super::address::{Addresses, of_srcset};
use super::tag::Tag;
use super::{MOST, css};
use crate::facts::{Resource, ResourceKind};

/// Resources in the order of appearance, each once.
#[derive(Debug, Default)]
pub(super) struct Resources {
    list: Vec<Resource>,
    seen: BTreeSet<Resource>,
}

impl Resources {
    /// What some attributes of an element name; a `srcset` and a `poster` are always pictures.
    pub(super) fn add(&mut self, kind: ResourceKind, tag: &Tag, attributes: &[&str], addresses: &Addresses) {
        for name in attributes {
            let kind = if *name == "poster" { ResourceKind::Image } else { kind };
            self.push(kind, tag.filled(name), addresses);
        }
        let pictures = tag.get("srcset").map(of_srcset).unwrap_or_default();
        self.push(ResourceKind::Image, pictures, addresses);
    }

    pub(super) fn add_style(&mut self, style: &str, addresses: &Addresses) {
        self.push(ResourceKind::InlineStyle, css::addresses(style), addresses);
    }

    pub(super) fn into_list(self) -> Vec<Resource> {
        self.list
    }

    fn push<'a>(&mut self, kind: ResourceKind, found: impl IntoIterator<Item = &'a str>, addresses: &Addresses) {
        for url in found.into_iter().filter_map(|address| addresses.resource(address)) {
            let resource = Resource { url, kind };
            if self.list.len() < MOST && self.seen.insert(resource.clone()) {
                self.list.push(resource);
            }
        }
    }
}
