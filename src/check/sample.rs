//! Facts written by hand, for the tests of checks.

mod browsed;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use url::Url;

use super::{Case, Check, Facts, Finding, Stop};
use crate::criteria::{Charter, shipped};
use crate::day::Day;
use crate::facts::{
    Authority, Body, Certificate, Digest, Door, Exchange, Fact, Handshake, Headers, Key, KeyKind, NameState, Need, Protocols, Record,
    RecordKind, Records, Reply, Seen, Served, Signature, Silence, SilenceKind, Starttls, Trust, Version,
};
use crate::file::Source;
use crate::hoster::{Hoster, Hosting};

pub(super) const TODAY: Day = Day::new(2026, 11, 22);
pub(super) const HOME: &str = "https://a.example/";

/// What has been seen of an imaginary hoster at <https://a.example/>, with a service `pad` at <https://pad.a.example/>.
/// A page that nobody described is a 404; any other fact that nobody described is a silence.
pub(super) struct Sample {
    charter: &'static Charter,
    hoster: Hoster,
    facts: Facts,
    /// Seen, and not at hand until it is asked for.
    away: BTreeMap<Need, Seen>,
}

pub(super) fn sample() -> Sample {
    sample_of("")
}

/// The same, with more lines in the service's table.
pub(super) fn sample_of(more: &str) -> Sample {
    let text = format!(
        "name = 'A'\nwebsite = '{HOME}'\nedition = '2023'\n[[service]]\nid = 'pad'\nname = 'Pads'\nurl = 'https://pad.a.example/'\n{more}"
    );
    let hoster = Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", text), |_| true).unwrap();
    Sample { charter: shipped(), hoster, facts: Facts::new(), away: BTreeMap::new() }
}

impl Sample {
    pub(super) fn page(self, url: &str, html: &str) -> Self {
        self.answer(url, 200, &[("content-type", "text/html")], html)
    }

    pub(super) fn answer(mut self, url: &str, status: u16, headers: &[(&str, &str)], body: &str) -> Self {
        let mut fields = Headers::new();
        for (name, value) in headers {
            fields.entry((*name).to_owned()).or_default().push((*value).to_owned());
        }
        let url: Url = url.parse().unwrap();
        let exchange = Exchange::new(url.clone(), status, fields, None, Body::Text(body.to_owned()));
        self.facts.insert(Need::Exchange(url), Ok(Fact::Exchange(Arc::new(exchange))));
        self
    }

    /// Judged by other rules than the shipped ones.
    pub(super) fn by(self, charter: &'static Charter) -> Self {
        Self { charter, ..self }
    }

    /// A file that is not text.
    pub(super) fn file(mut self, url: &str, media_type: &str) -> Self {
        let url: Url = url.parse().unwrap();
        let headers = Headers::from([("content-type".to_owned(), vec![media_type.to_owned()])]);
        let exchange = Exchange::new(url.clone(), 200, headers, None, Body::Binary);
        self.facts.insert(Need::Exchange(url), Ok(Fact::Exchange(Arc::new(exchange))));
        self
    }

    /// A small picture, known by its SHA-256.
    pub(super) fn picture(mut self, url: &str, digest: &str) -> Self {
        let url: Url = url.parse().unwrap();
        let headers = Headers::from([("content-type".to_owned(), vec!["image/x-icon".to_owned()])]);
        let exchange = Exchange::new(url.clone(), 200, headers, None, Body::Binary).showing(Some(digest.to_owned()));
        self.facts.insert(Need::Exchange(url), Ok(Fact::Exchange(Arc::new(exchange))));
        self
    }

    /// Where the hoster says that a kind of document is.
    pub(super) fn declare(&mut self, kind: &str, url: &str) {
        self.hoster.documents.insert(kind.to_owned(), url.parse().unwrap());
    }

    /// The program that the service says it runs.
    pub(super) fn claim(&mut self, software: &str) {
        self.hoster.sites[1].software = Some(software.to_owned());
    }

    /// Where its description says that the machines are.
    pub(super) fn hosted_by(mut self, provider: &str) -> Self {
        self.hoster.hosting = Some(Hosting { provider: Some(provider.to_owned()), control: None, server: None, country: None });
        self
    }

    /// As when memory is short.
    pub(super) fn put_away(mut self, url: &str) -> Self {
        let need = Need::Exchange(url.parse().unwrap());
        self.away.insert(need.clone(), self.facts.get(&need).unwrap().clone());
        self.facts.put_away(&need);
        self
    }

    pub(super) fn silent(mut self, url: &str, kind: SilenceKind) -> Self {
        self.facts.insert(Need::Exchange(url.parse().unwrap()), Err(Silence::new(kind, url)));
        self
    }

    pub(super) fn addresses(mut self, name: &str, addresses: &[&str]) -> Self {
        let addresses = addresses.iter().map(|address| address.parse().unwrap()).collect();
        self.facts.insert(Need::Addresses(name.into()), Ok(Fact::Addresses(addresses)));
        self
    }

    pub(super) fn records(self, name: &str, kind: RecordKind, found: &[Record]) -> Self {
        self.aliased(name, kind, &[], found)
    }

    pub(super) fn ipv6(mut self, host: &str, door: Door) -> Self {
        self.facts.insert(Need::Ipv6(Authority { host: host.into(), port: 443 }), Ok(Fact::Ipv6(door)));
        self
    }

    /// The same, behind aliases.
    pub(super) fn aliased(mut self, name: &str, kind: RecordKind, aliases: &[&str], found: &[Record]) -> Self {
        let aliases = aliases.iter().map(|alias| (*alias).to_owned()).collect();
        let records = Records { name: NameState::Exists, aliases, found: found.to_vec() };
        self.facts.insert(Need::Records(name.into(), kind), Ok(Fact::Records(Arc::new(records))));
        self
    }

    pub(super) fn signature(mut self, domain: &str, signature: Signature) -> Self {
        self.facts.insert(Need::Signature(domain.into()), Ok(Fact::Signature(signature)));
        self
    }

    /// What a mail server answers, or why it does not.
    pub(super) fn starttls(mut self, host: &str, seen: Result<Starttls, SilenceKind>) -> Self {
        let authority = Authority { host: host.into(), port: 25 };
        let seen = seen.map(|starttls| Fact::Starttls(Arc::new(starttls))).map_err(|kind| Silence::new(kind, &authority));
        self.facts.insert(Need::Starttls(authority), seen);
        self
    }

    /// The certificate of `a.example`, good but for what `change` does to it.
    pub(super) fn certificate(mut self, change: impl FnOnce(&mut Certificate)) -> Self {
        let certificate = good_certificate("a.example", change);
        let authority = Authority { host: "a.example".into(), port: 443 };
        self.facts.insert(Need::Certificate(authority), Ok(Fact::Certificate(Arc::new(certificate))));
        self
    }

    /// What `a.example` answers to TLS 1.0, 1.1, 1.2 and 1.3.
    pub(super) fn protocols(mut self, replies: [Reply; 4]) -> Self {
        let protocols = Protocols(Version::ALL.into_iter().zip(replies).collect());
        let authority = Authority { host: "a.example".into(), port: 443 };
        self.facts.insert(Need::Protocols(authority), Ok(Fact::Protocols(Arc::new(protocols))));
        self
    }

    /// What a check, written as in a criterion, says of the web site.
    pub(super) fn judge(self, check: &str) -> Result<Vec<Finding>, Stop> {
        self.judge_site(0, check)
    }

    /// The same for the service `pad`.
    pub(super) fn judge_service(self, check: &str) -> Result<Vec<Finding>, Stop> {
        self.judge_site(1, check)
    }

    fn judge_site(self, site: usize, check: &str) -> Result<Vec<Finding>, Stop> {
        #[derive(serde::Deserialize)]
        struct Written {
            checks: Vec<Check>,
        }
        let written: Written = toml::from_str(&format!("checks = [{{ {check} }}]")).unwrap();
        self.told(site, |case| written.checks[0].judge(case))
    }

    /// What some code makes of the web site, which must not be silent.
    pub(super) fn with_case<T>(self, judge: impl Fn(&Case<'_>) -> Result<T, Stop>) -> T {
        self.told(0, judge).unwrap_or_else(|stop| panic!("{stop:?}"))
    }

    /// What some code asks for first.
    pub(super) fn asks<T>(self, judge: impl Fn(&Case<'_>) -> Result<T, Stop>) -> BTreeSet<Need> {
        let case = Case::new(self.charter, &self.hoster, &self.hoster.sites[0], TODAY, &self.facts);
        assert!(matches!(judge(&case), Err(Stop::Wanting)), "it asks for nothing");
        case.wanted()
    }

    /// What a judgement comes to when all that it asks for is seen.
    fn told<T>(mut self, site: usize, judge: impl Fn(&Case<'_>) -> Result<T, Stop>) -> Result<T, Stop> {
        loop {
            let case = Case::new(self.charter, &self.hoster, &self.hoster.sites[site], TODAY, &self.facts);
            let judgement = judge(&case);
            let wanted = case.wanted();
            if !matches!(judgement, Err(Stop::Wanting)) {
                return judgement;
            }
            assert!(!wanted.is_empty(), "a check that waits must have asked");
            for need in wanted {
                let seen = match &need {
                    need if self.away.contains_key(need) => self.away[need].clone(),
                    Need::Exchange(url) => Ok(Fact::Exchange(Arc::new(Exchange::new(
                        url.clone(),
                        404,
                        Headers::new(),
                        None,
                        Body::Text("nothing here".into()),
                    )))),
                    Need::Visit(_) | Need::Starttls(_) => Err(Silence::new(SilenceKind::NotAsked, need.place())),
                    _ => Err(Silence::new(SilenceKind::TimedOut, need.place())),
                };
                self.facts.insert(need, seen);
            }
        }
    }
}

/// What is published of a kind of document.
pub(super) fn published(sample: Sample, kind: &str) -> Result<super::Published, Stop> {
    let kind = shipped().document(kind).unwrap();
    sample.told(0, |case| super::published(case, kind))
}

/// A certificate of a host, good but for what `change` does to it.
pub(super) fn good_certificate(host: &str, change: impl FnOnce(&mut Certificate)) -> Certificate {
    let mut certificate = Certificate {
        names: vec![host.into()],
        names_the_host: true,
        trust: Trust::Trusted,
        leaf: served(host, "Let's Encrypt"),
        others: vec![Served { counts: false, ..served("E7", "ISRG Root X1") }],
        handshake: Handshake::default(),
    };
    change(&mut certificate);
    certificate
}

fn served(subject: &str, issuer: &str) -> Served {
    Served {
        subject: subject.into(),
        issuer: issuer.into(),
        not_before: Day::new(2026, 10, 1),
        not_after: Day::new(2026, 12, 30),
        key: Key { kind: KeyKind::Ec, bits: 256 },
        digest: Digest::Other,
        counts: true,
    }
}

/// The codes of the findings, for a short comparison.
pub(super) fn codes(judgement: Result<Vec<Finding>, Stop>) -> Vec<String> {
    judgement.unwrap().into_iter().map(|finding| finding.code).collect()
}

/// That the check stopped on a silence.
pub(super) fn is_silent(judgement: &Result<Vec<Finding>, Stop>) -> bool {
    matches!(judgement, Err(Stop::Silent(_)))
}
