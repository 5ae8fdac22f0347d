//! A style sheet that a page takes, as a file of its own.

use std::collections::BTreeSet;

use url::Url;

use super::{Addresses, css};
use crate::facts::{Call, Exchange, When};

/// What a style sheet of a page makes a browser contact.
pub(in crate::facts::page) fn style_calls(sheet: &Exchange, page: &Url, via: &[Url], holds: &BTreeSet<String>) -> Vec<Call> {
    let addresses = Addresses::new(sheet.url());
    let call = |found: &css::Found| {
        let there = found.selector.as_ref().is_some_and(|selector| holds.contains(selector));
        let when = if there { When::Loading } else { found.when };
        let url = addresses.resource(&found.address)?;
        Some(Call { url, how: found.how, page: page.clone(), via: via.to_vec(), when, written: Some(found.written.clone()) })
    };
    sheet.style().iter().filter_map(call).collect()
}
