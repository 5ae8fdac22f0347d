//! Which program answers at an address: what it shows of itself, first on its page, then at its special addresses.

use std::sync::Arc;

use url::Url;

use crate::check::{Case, Stop};
use crate::criteria::{Sign, Software, SoftwareEdition, Spot};
use crate::facts::{Exchange, Need, SilenceKind};

/// A program, and the sign that gave it away.
pub(super) struct Identified<'a> {
    pub(super) software: &'a Software,
    pub(super) edition: Option<&'a SoftwareEdition>,
    /// Empty when it is not told: the charter allows that.
    pub(super) version: String,
    pub(super) at: Url,
    pub(super) excerpt: String,
}

/// Looks for the claimed program first, then for signs on the page itself, then at the special addresses of all others.
pub(super) fn identify<'a>(case: &Case<'a>, address: &Url, claim: Option<&str>) -> Result<Option<Identified<'a>>, Stop> {
    let front = front(case, address)?;
    let base = folder(address);
    let (claimed, others): (Vec<&Software>, Vec<&Software>) =
        case.charter.software.iter().partition(|software| claim.is_some_and(|claim| software.is_called(claim)));
    let here = Place { case, base: &base, front: front.as_deref() };
    for (programs, elsewhere) in [(&claimed, true), (&others, false), (&others, true)] {
        if elsewhere {
            let paths = programs.iter().flat_map(|software| &software.signs).filter_map(|sign| here.url(sign));
            case.expect(paths.map(Need::Exchange));
        }
        for software in programs {
            if let Some(found) = here.sign_of(&software.signs, Some(elsewhere))? {
                return Ok(Some(here.identified(software, found)?));
            }
        }
    }
    Ok(None)
}

/// The front page; one that refuses visitors does not hide what stands behind it.
fn front(case: &Case<'_>, address: &Url) -> Result<Option<Arc<Exchange>>, Stop> {
    match case.visit(address) {
        Ok(exchange) => Ok(Some(exchange)),
        Err(Stop::Silent(silence))
            if matches!(silence.kind, SilenceKind::HttpError(400..=499)) && silence.kind != SilenceKind::HttpError(429) =>
        {
            Ok(None)
        }
        Err(stop) => Err(stop),
    }
}

/// The address with a final slash, so that special addresses are found under a path too.
fn folder(address: &Url) -> Url {
    let mut base = address.clone();
    base.set_query(None);
    base.set_fragment(None);
    if !base.path().ends_with('/') {
        base.set_path(&format!("{}/", address.path()));
    }
    base
}

struct Found {
    version: String,
    at: Url,
    excerpt: String,
}

struct Place<'c, 'a> {
    case: &'c Case<'a>,
    base: &'c Url,
    front: Option<&'c Exchange>,
}

impl<'a> Place<'_, 'a> {
    /// The special address of a sign, if it has one.
    fn url(&self, sign: &Sign) -> Option<Url> {
        self.base.join(sign.path.as_ref()?.trim_start_matches('/')).ok()
    }

    /// The first sign that holds; `elsewhere` limits it to signs at special addresses, or to those on the page.
    fn sign_of(&self, signs: &[Sign], elsewhere: Option<bool>) -> Result<Option<Found>, Stop> {
        for sign in signs.iter().filter(|sign| elsewhere.is_none_or(|elsewhere| elsewhere || sign.path.is_none())) {
            let found = match self.url(sign) {
                None => self.front.and_then(|front| read(sign, front)),
                Some(url) => match self.case.visit(&url) {
                    Ok(exchange) if exchange.status == 200 => read(sign, &exchange),
                    // A special address that does not answer tells nothing either way.
                    Ok(_) | Err(Stop::Silent(_)) => None,
                    Err(stop) => return Err(stop),
                },
            };
            if found.is_some() {
                return Ok(found);
            }
        }
        Ok(None)
    }

    fn identified(&self, software: &'a Software, found: Found) -> Result<Identified<'a>, Stop> {
        let mut edition = None;
        for candidate in &software.editions {
            if self.sign_of(&candidate.signs, None)?.is_some() {
                edition = Some(candidate);
                break;
            }
        }
        let Found { version, at, excerpt } = found;
        Ok(Identified { software, edition, version, at, excerpt })
    }
}

fn read(sign: &Sign, exchange: &Exchange) -> Option<Found> {
    let value = match &sign.spot {
        Spot::Json(pointer) => {
            let json: serde_json::Value = serde_json::from_str(exchange.text()).ok()?;
            match json.pointer(pointer)? {
                serde_json::Value::String(text) => text.clone(),
                other => other.to_string(),
            }
        }
        Spot::Header(name) => exchange.header(&name.to_ascii_lowercase())?.to_owned(),
        Spot::Generator => exchange.page().generator.clone()?,
        Spot::Title => exchange.page().title.clone()?,
        Spot::Body => exchange.text().to_owned(),
    };
    let version = sign.reads(&value)?;
    let excerpt = if sign.spot == Spot::Body { version.clone() } else { value };
    Some(Found { version, at: exchange.url().clone(), excerpt })
}
