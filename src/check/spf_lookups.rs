//! What the terms of an SPF record make receivers look up, and in vain: more than they go along with (RFC 7208, section 4.6.4).

use super::spf::{Asked, Spf};
use super::{Case, Stop};
use crate::facts::{Need, RecordKind, Records, Silence};

/// Look-ups that find nothing: one more and a receiver may give the whole record up.
pub(super) const MOST_VOIDS: usize = 2;
/// Mail hosts of one `mx` term.
pub(super) const MOST_MAIL_HOSTS: usize = 10;

/// Why receivers do not finish reading a record in which each term is sound.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Excess {
    /// The names that were looked up in vain, in the order of their terms.
    Voids(Vec<String>),
    /// This name has too many mail hosts.
    MailHosts(String),
}

/// What is too much, if anything. Who kept silent found nothing and found something: where that decides, nothing is said.
pub(super) fn excess(case: &Case<'_>, spf: &Spf) -> Result<Option<Excess>, Stop> {
    case.expect(spf.asked.iter().flat_map(|asked| kinds(asked).iter().map(|kind| Need::Records(asked.name().to_owned(), *kind))));
    let (mut voids, mut unheard) = (Vec::new(), Vec::new());
    for asked in &spf.asked {
        let mut silence = None;
        let mut found = 0;
        for kind in kinds(asked) {
            match case.records(asked.name(), *kind) {
                Ok(records) if is_too_much(asked, &records) => return Ok(Some(Excess::MailHosts(asked.name().to_owned()))),
                Ok(records) => found += records.found.len(),
                // How many hosts there are cannot be guessed.
                Err(Stop::Silent(silent)) if matches!(asked, Asked::Mail(_)) => return Err(Stop::Silent(silent)),
                Err(Stop::Silent(silent)) => silence = Some(silent),
                Err(stop) => return Err(stop),
            }
        }
        match silence {
            _ if found > 0 => {}
            Some(silence) => unheard.push(silence),
            None => voids.push(asked.name().to_owned()),
        }
    }
    decided(voids, unheard)
}

fn decided(mut voids: Vec<String>, mut unheard: Vec<Silence>) -> Result<Option<Excess>, Stop> {
    if voids.len() > MOST_VOIDS {
        voids.dedup();
        return Ok(Some(Excess::Voids(voids)));
    }
    if voids.len() + unheard.len() > MOST_VOIDS { Err(Stop::Silent(unheard.swap_remove(0))) } else { Ok(None) }
}

/// An address of either family will do: which one is asked for depends on the sender.
fn kinds(asked: &Asked) -> &'static [RecordKind] {
    match asked {
        Asked::Addresses(_) => &[RecordKind::A, RecordKind::Aaaa],
        Asked::Mail(_) => &[RecordKind::Mx],
        Asked::Exists(_) => &[RecordKind::A],
    }
}

fn is_too_much(asked: &Asked, records: &Records) -> bool {
    matches!(asked, Asked::Mail(_)) && records.mail_hosts().count() > MOST_MAIL_HOSTS
}
