//! Who may send mail in a domain's name: its SPF record and those that it includes (RFC 7208).

use super::{Case, Stop};
use crate::facts::{Need, RecordKind};

/// Terms that ask name servers again (section 4.6.4): one more and receivers give the whole record up.
pub(super) const MOST_LOOKUPS: usize = 10;
/// Terms of one record that are read.
const MOST_TERMS: usize = 100;

/// A record, all that it includes put together.
#[derive(Debug, Default)]
pub(super) struct Spf {
    pub(super) text: String,
    pub(super) lookups: usize,
    /// What happens to mail that no term knows.
    pub(super) others: Others,
    /// The domains that it includes, or leads to, in the order in which they are read.
    pub(super) includes: Vec<Include>,
    /// What its other terms look up, in the order in which they are read.
    pub(super) asked: Vec<Asked>,
    pub(super) fault: Option<SpfFault>,
}

/// A domain that a record includes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Include {
    pub(super) name: String,
    /// Whose record says so: what a provider includes in its own is its choice.
    pub(super) by: String,
}

/// What a term makes receivers ask; what depends on the sender (macros, section 7) is not among it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Asked {
    /// `a`: the addresses of a name.
    Addresses(String),
    /// `mx`: who receives the mail of a name.
    Mail(String),
    /// `exists`: whether a name has an address of IPv4.
    Exists(String),
}

impl Asked {
    fn of(word: &str, domain: &str) -> Option<Self> {
        let word = word.split('/').next().unwrap_or_default();
        let name = |prefix: &str| if word.contains(':') { target_of(word, prefix) } else { Some(domain.to_owned()) };
        match word.split(':').next().unwrap_or_default().to_ascii_lowercase().as_str() {
            "a" => name("a:").map(Self::Addresses),
            "mx" => name("mx:").map(Self::Mail),
            "exists" => target_of(word, "exists:").map(Self::Exists),
            _ => None,
        }
    }

    pub(super) fn name(&self) -> &str {
        match self {
            Self::Addresses(name) | Self::Mail(name) | Self::Exists(name) => name,
        }
    }
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Others {
    /// `+all`: everybody may send.
    Pass,
    /// `?all`, or nothing said.
    #[default]
    Neutral,
    SoftFail,
    Fail,
}

/// Why receivers cannot use it ("permerror").
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum SpfFault {
    /// This domain has several records.
    Several(String),
    /// This domain is included and has none.
    Nothing(String),
    /// This is no term.
    Term(String),
}

/// The record of a domain; nothing when it has none.
pub(super) fn spf(case: &Case<'_>, domain: &str) -> Result<Option<Spf>, Stop> {
    let mut spf = Spf::default();
    match own_record(case, domain)? {
        Own::None => return Ok(None),
        Own::Several => spf.fault = Some(SpfFault::Several(domain.to_owned())),
        Own::One(text) => {
            spf.others = spf.read(case, domain, &text)?;
            spf.text = text;
        }
    }
    Ok(Some(spf))
}

enum Own {
    None,
    Several,
    One(String),
}

fn own_record(case: &Case<'_>, domain: &str) -> Result<Own, Stop> {
    let records = case.records(domain, RecordKind::Txt)?;
    let mut own = records.texts().filter(|text| is_spf(text));
    Ok(match (own.next(), own.next()) {
        (None, _) => Own::None,
        (Some(text), None) => Own::One(text.to_owned()),
        (Some(_), Some(_)) => Own::Several,
    })
}

fn is_spf(text: &str) -> bool {
    let start = text.split(' ').next().unwrap_or_default();
    start.eq_ignore_ascii_case("v=spf1")
}

impl Spf {
    pub(super) fn is_over(&self) -> bool {
        self.fault.is_some() || self.lookups > MOST_LOOKUPS
    }

    /// Reads one record, and what it includes, in the order of its terms; `all` ends it.
    fn read(&mut self, case: &Case<'_>, domain: &str, text: &str) -> Result<Others, Stop> {
        let terms: Vec<&str> = text.split(' ').skip(1).filter(|term| !term.is_empty()).take(MOST_TERMS).collect();
        let included = terms.iter().filter_map(|term| target_of(term.trim_start_matches(['+', '-', '~', '?']), "include:"));
        // Side by side, but never more than could count.
        case.expect(included.take(MOST_LOOKUPS).map(|name| Need::Records(name, RecordKind::Txt)));
        let mut redirect = None;
        for term in terms {
            let (sign, word) = sign_of(term);
            let lower = word.to_ascii_lowercase();
            let mechanism = lower.split([':', '/', '=']).next().unwrap_or_default();
            match mechanism {
                "all" => return Ok(sign),
                "include" => {
                    self.lead(case, domain, word, "include:")?;
                }
                "a" | "mx" | "ptr" | "exists" => {
                    self.lookups += 1;
                    self.asked.extend(Asked::of(word, domain));
                }
                "ip4" | "ip6" => {}
                "redirect" if lower.starts_with("redirect=") => redirect = Some(word),
                _ if is_modifier(&lower) => {}
                _ => self.fault = Some(SpfFault::Term(format!("{domain}: {term}"))),
            }
            if self.is_over() {
                return Ok(Others::Neutral);
            }
        }
        match redirect {
            Some(word) => self.lead(case, domain, word, "redirect="),
            None => Ok(Others::Neutral),
        }
    }

    /// Goes on to another domain's record.
    fn lead(&mut self, case: &Case<'_>, by: &str, word: &str, prefix: &str) -> Result<Others, Stop> {
        self.lookups += 1;
        if self.is_over() {
            return Ok(Others::Neutral);
        }
        // What depends on the sender (macros, section 7) has no record of its own.
        let Some(name) = target_of(word, prefix) else { return Ok(Others::Neutral) };
        self.includes.push(Include { name: name.clone(), by: by.to_owned() });
        match own_record(case, &name)? {
            Own::None => self.fault = Some(SpfFault::Nothing(name)),
            Own::Several => self.fault = Some(SpfFault::Several(name)),
            Own::One(text) => return self.read(case, &name, &text),
        }
        Ok(Others::Neutral)
    }
}

fn sign_of(term: &str) -> (Others, &str) {
    match term.split_at_checked(1) {
        Some(("-", word)) => (Others::Fail, word),
        Some(("~", word)) => (Others::SoftFail, word),
        Some(("?", word)) => (Others::Neutral, word),
        Some(("+", word)) => (Others::Pass, word),
        _ => (Others::Pass, term),
    }
}

/// The name after the prefix, in small letters; nothing where it holds a macro or is no name.
fn target_of(word: &str, prefix: &str) -> Option<String> {
    let start = word.get(..prefix.len())?;
    let name = word[prefix.len()..].trim_end_matches('.').to_ascii_lowercase();
    let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'));
    (start.eq_ignore_ascii_case(prefix) && plain && !name.is_empty() && name.len() < 254).then_some(name)
}

/// `name=value` (section 6): those that nobody knows are skipped.
fn is_modifier(term: &str) -> bool {
    term.split_once('=').is_some_and(|(name, _)| {
        name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    })
}
