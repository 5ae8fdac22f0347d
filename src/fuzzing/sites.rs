//! A whole site made up, before the checks: robots, maps, `security.txt`, what applications answer, records of names.
//!
//! Parts are set apart by lines `---`. The first line of a part is the end of the addresses that it answers, or a kind of record and
//! the name that has it (`TXT a.example`), a record a line; then header fields, `status` among them, an empty line, and the body.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::assert_harmless;
use super::files::{HOSTER, RULES, read_hoster};
use crate::audit::describe;
use crate::check::{Case, Facts, Finding, Stop};
use crate::day::Day;
use crate::facts::{
    Body, Certificate, Exchange, Fact, Headers, NameState, Need, Observer, Record, RecordKind, Records, Seen, Silence, SilenceKind, Visit,
};
use crate::text::{Lang, clean};

const TODAY: Day = Day::new(2026, 11, 22);

/// Things that one check may go and see of one subject: more is a page that sends us around for nothing.
const MOST_NEEDS: usize = 400;

/// Parts of one site.
const MOST_PARTS: usize = 40;

/// The checks that read foreign bytes, by the parser that tries them.
const TRIED: [(&str, &[&str]); 8] = [
    ("certificate", &["certificate-valid"]),
    ("devtools", &["no-cookies", "no-third-parties"]),
    ("hops", &["https-only", "reachable", "hsts"]),
    ("mail", &["mail-authenticated", "providers-compatible", "caa"]),
    ("security-txt", &["security-txt", "hsts", "headers-hardened"]),
    ("site-documents", &["page-published", "page-fresh", "page-mentions", "page-linked", "data-portable", "account-deletable"]),
    ("site", &["no-third-parties", "no-cookies", "hosting-named", "accessible-basics"]),
    ("software", &["free-software", "software-listed", "software-current", "source-offered"]),
];

pub(super) fn hops(bytes: &[u8]) {
    judged(bytes, "hops");
}

pub(super) fn mail(bytes: &[u8]) {
    judged(bytes, "mail");
}

pub(super) fn security_txt(bytes: &[u8]) {
    judged(bytes, "security-txt");
}

pub(super) fn software(bytes: &[u8]) {
    judged(bytes, "software");
}

pub(super) fn site(bytes: &[u8]) {
    judged(bytes, "site");
}

pub(super) fn site_documents(bytes: &[u8]) {
    judged(bytes, "site-documents");
}

/// The check that reads it.
pub(super) fn certificate(served: Certificate) {
    let served = Arc::new(served);
    judge_by("certificate", |need| match need {
        Need::Certificate(_) => Ok(Fact::Certificate(Arc::clone(&served))),
        _ => see(&[], need),
    });
}

/// The checks that read it.
pub(super) fn visit(seen: Visit) {
    let visit = Arc::new(seen);
    judge_by("devtools", |need| match need {
        Need::Visit(_) => Ok(Fact::Visit(Arc::clone(&visit))),
        Need::Exchange(url) => Ok(Fact::Exchange(Arc::new(answer(url.clone(), "content-type: text/html\n\n<p>Bonjour")))),
        _ => see(&[], need),
    });
}

/// What `init` proposes of the site can be read again, whatever the site says.
pub(super) fn proposal(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut site = MadeUp { parts: parts(&text), asked: Vec::new() };
    let website = "https://www.a.example/".parse().expect("a fixed address");
    let Ok(proposal) = describe(&RULES, &website, "2023", TODAY, &mut site) else { return };
    for lang in [Lang::Fr, Lang::En] {
        let written = proposal.written(lang);
        assert_harmless(&written);
        read_hoster(&written).unwrap_or_else(|faults| panic!("{faults:?}\n{written}"));
    }
}

struct MadeUp<'b> {
    parts: Vec<&'b str>,
    asked: Vec<Need>,
}

impl Observer for MadeUp<'_> {
    fn ask(&mut self, need: Need) {
        self.asked.push(need);
    }

    fn next(&mut self) -> Option<(Need, Seen)> {
        let need = self.asked.pop()?;
        let seen = see(&self.parts, &need);
        Some((need, seen))
    }
}

fn parts(text: &str) -> Vec<&str> {
    text.split("\n---\n").take(MOST_PARTS).collect()
}

fn judged(bytes: &[u8], parser: &str) {
    let text = String::from_utf8_lossy(bytes);
    let parts = parts(&text);
    judge_by(parser, |need| see(&parts, need));
}

/// Judges what is seen by all criteria that have a check of that parser, each check by its first appearance.
fn judge_by(parser: &str, see: impl Fn(&Need) -> Seen) {
    let (_, names) = TRIED.iter().find(|(known, _)| *known == parser).expect("a name of the table above");
    let mut facts = Facts::new();
    let mut done = BTreeSet::new();
    let checks = RULES.criteria.iter().flat_map(|criterion| &criterion.checks).filter(|check| names.contains(&check.name()));
    for check in checks.filter(|check| done.insert(check.name())) {
        for subject in std::iter::once(HOSTER.home()).chain(HOSTER.services()) {
            let mut asked = 0;
            let judgement = loop {
                let case = Case::new(&RULES, &HOSTER, subject, TODAY, &facts);
                let judgement = check.judge(&case);
                let wanted = case.wanted();
                if judgement != Err(Stop::Wanting) {
                    break judgement;
                }
                assert!(!wanted.is_empty(), "{} waits for nothing", check.name());
                for need in wanted {
                    let seen = see(&need);
                    facts.insert(need, seen);
                    asked += 1;
                }
                assert!(asked <= MOST_NEEDS, "{} asks without end", check.name());
            };
            judgement.into_iter().flatten().for_each(|finding| assert_sound(&finding));
        }
    }
}

/// What is told fits where it is told.
fn assert_sound(finding: &Finding) {
    for words in [&finding.because.fr, &finding.because.en] {
        assert!(!words.trim().is_empty() && words.len() < 20_000, "{} bytes of words: {finding:?}", words.len());
        assert_harmless(&clean(words));
    }
    for evidence in &finding.evidence {
        let excerpt = evidence.excerpt.as_deref().unwrap_or_default();
        assert!(excerpt.chars().count() <= 300, "a long excerpt: {finding:?}");
        assert!(!evidence.at.is_empty(), "evidence from nowhere: {finding:?}");
    }
}

/// As the probe sees: what is no web address was never asked for.
fn see(parts: &[&str], need: &Need) -> Seen {
    if let Need::Exchange(url) = need
        && (!matches!(url.scheme(), "http" | "https") || url.host().is_none())
    {
        return Err(Silence::new(SilenceKind::Garbled, need.place()));
    }
    let fact = match need {
        Need::Exchange(url) => {
            let answering = |part: &&&str| part.lines().next().is_some_and(|end| !end.is_empty() && url.as_str().ends_with(end));
            let part = parts.iter().find(answering).map_or("status: 404\n\n", |part| part.split_once('\n').map_or("", |(_, rest)| rest));
            Some(Fact::Exchange(Arc::new(answer(url.clone(), part))))
        }
        Need::Records(name, kind) => {
            let title = format!("{kind:?} {name}").to_ascii_lowercase();
            let part = parts.iter().find(|part| part.lines().next().is_some_and(|first| first.eq_ignore_ascii_case(&title)));
            let found = part.into_iter().flat_map(|part| part.lines().skip(1)).filter_map(|line| record(*kind, &clean(line)));
            Some(Fact::Records(Arc::new(Records { name: NameState::Exists, aliases: Vec::new(), found: found.collect() })))
        }
        _ => None,
    };
    fact.ok_or_else(|| Silence::new(SilenceKind::TimedOut, need.place()))
}

fn answer(url: url::Url, part: &str) -> Exchange {
    let (fields, body) = part.split_once("\n\n").unwrap_or((part, ""));
    let mut headers = Headers::new();
    for (name, value) in fields.lines().filter_map(|line| line.split_once(':')) {
        headers.entry(name.trim().to_ascii_lowercase()).or_default().push(value.trim().to_owned());
    }
    let status = headers.remove("status").and_then(|values| values[0].parse().ok()).unwrap_or(200);
    let body = if body.is_empty() { Body::Empty } else { Body::Text(body.to_owned()) };
    Exchange::new(url, status, headers, None, body)
}

fn record(kind: RecordKind, line: &str) -> Option<Record> {
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    match kind {
        RecordKind::Txt => Some(Record::Text(line.to_owned())),
        RecordKind::Mx => Some(Record::Mx { preference: first.parse().ok()?, host: rest.to_owned() }),
        RecordKind::Caa => Some(Record::Caa { tag: first.to_owned(), value: rest.to_owned() }),
        RecordKind::Ns | RecordKind::Ptr => Some(Record::Name(line.to_owned())),
        RecordKind::Tlsa => Some(Record::Tlsa(3, 1, 1, line.to_owned())),
        RecordKind::A | RecordKind::Aaaa => line.parse().ok().map(Record::Address),
        RecordKind::Soa => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Check;

    /// What these read comes from a closed set: the door is open or not, the zone signed or not, a version of TLS accepted or not.
    const NO_BYTES: [&str; 3] = ["dnssec", "ipv6", "tls-modern"];

    #[test]
    fn every_check_that_reads_foreign_bytes_is_tried() {
        let tried: BTreeSet<&str> = TRIED.iter().flat_map(|(_, checks)| *checks).copied().chain(NO_BYTES).collect();
        assert_eq!(tried, Check::ALL.iter().map(|(name, _)| *name).collect());
        let used = |name: &str| RULES.criteria.iter().flat_map(|criterion| &criterion.checks).any(|check| check.name() == name);
        assert!(tried.iter().all(|name| used(name)), "a check that no criterion uses is not tried");
        assert!(TRIED.iter().all(|(parser, _)| crate::fuzzing::parser(parser).is_some()));
    }
}
