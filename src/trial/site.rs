//! One imaginary site, as its file tells it.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use serde::Deserialize;
use url::Url;

use crate::facts::{Body, Exchange, Fact, Headers, Need, Seen, Silence, SilenceKind};
use crate::file::Source;
use crate::hoster::Hoster;
use crate::probe::read_body;

/// What a careful person finds, or what the finder found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// At one of these places.
    At(Vec<Url>),
    Absent,
    /// It may be there; nobody could read it.
    Unseen,
}

/// A file of `tests/sites/`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Written {
    #[expect(dead_code, reason = "told to whoever reads the file")]
    style: String,
    name: String,
    website: Url,
    software: Option<String>,
    /// What is shown at a wrong address, with status 200; `%PATH%` stands for it.
    nowhere: Option<String>,
    /// Every host name exists, and shows the home page.
    #[serde(default)]
    wildcard: bool,
    #[serde(default)]
    service: Vec<Service>,
    #[serde(default)]
    documents: BTreeMap<String, Url>,
    /// Pieces of the pages: `{{nav}}`.
    #[serde(default)]
    parts: BTreeMap<String, String>,
    #[serde(default)]
    pages: BTreeMap<String, String>,
    #[serde(default)]
    answer: Vec<Answer>,
    expected: BTreeMap<String, Wanted>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Service {
    id: String,
    url: Url,
    software: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Answer {
    url: String,
    #[serde(default = "success")]
    status: u16,
    #[serde(default = "html", rename = "type")]
    media_type: String,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    #[serde(default)]
    body: String,
    /// The body is sent in that encoding.
    charset: Option<String>,
    /// The lines of a PDF.
    pdf: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Wanted {
    One(String),
    Any(Vec<String>),
}

pub(super) struct Site {
    pub(super) hoster: Hoster,
    pub(super) expected: BTreeMap<String, Expected>,
    answers: BTreeMap<Url, Arc<Exchange>>,
    home: Url,
    nowhere: Option<String>,
    wildcard: bool,
}

impl Site {
    pub(super) fn new(written: &Written, texts: &BTreeMap<String, String>) -> Result<Self, String> {
        let home = written.website.clone();
        let at = |place: &str| home.join(place).map_err(|error| format!("{place}: {error}"));
        let whole = |text: &str| filled(&filled(text, &written.parts), texts);
        let mut answers = BTreeMap::new();
        for (place, page) in &written.pages {
            let url = at(place)?;
            answers.insert(url.clone(), Arc::new(page_at(url, &whole(page))));
        }
        for answer in &written.answer {
            let url = at(&answer.url)?;
            let mut headers = Headers::from([("content-type".to_owned(), vec![answer.media_type.clone()])]);
            headers.extend(answer.headers.iter().map(|(name, value)| (name.clone(), vec![value.clone()])));
            let body = read_body(&headers, answer.bytes(&whole)?).unwrap_or(Body::Binary);
            answers.insert(url.clone(), Arc::new(Exchange::new(url, answer.status, headers, None, body)));
        }
        let mut expected = BTreeMap::new();
        for (kind, wanted) in &written.expected {
            let wanted = match wanted {
                Wanted::One(word) if word == "absent" => Expected::Absent,
                Wanted::One(word) if word == "unseen" => Expected::Unseen,
                Wanted::One(place) => Expected::At(vec![at(place)?]),
                Wanted::Any(places) => Expected::At(places.iter().map(|place| at(place)).collect::<Result<_, _>>()?),
            };
            expected.insert(kind.clone(), wanted);
        }
        let (hoster, nowhere) = (hoster(written)?, written.nowhere.as_deref().map(whole));
        Ok(Self { hoster, expected, answers, home, nowhere, wildcard: written.wildcard })
    }

    /// What a look at the site brings back.
    pub(super) fn see(&self, need: &Need) -> Seen {
        let silent = |kind| Err(Silence::new(kind, need.place()));
        match need {
            Need::Exchange(url) => self.exchange(url).map_or_else(|| silent(SilenceKind::DnsFailed), |seen| Ok(Fact::Exchange(seen))),
            Need::Addresses(name) if self.exists(name) => Ok(Fact::Addresses([IpAddr::from([192, 0, 2, 1])].into())),
            Need::Addresses(_) => silent(SilenceKind::DnsFailed),
            _ => silent(SilenceKind::TimedOut),
        }
    }

    fn exchange(&self, url: &Url) -> Option<Arc<Exchange>> {
        // A query that nothing names is ignored, as by most servers.
        let mut bare = url.clone();
        bare.set_query(None);
        if let Some(known) = self.answers.get(url).or_else(|| self.answers.get(&bare)) {
            return Some(Arc::clone(known));
        }
        let host = url.host_str()?;
        if !self.exists(host) {
            return None;
        }
        let known = self.answers.keys().any(|known| known.host_str() == Some(host));
        let home = self.answers.get(&self.home).filter(|_| !known && url.path() == "/");
        let lost = self.nowhere.as_ref().filter(|_| self.home.host_str() == Some(host));
        Some(Arc::new(match (home, lost) {
            (Some(home), _) => Exchange::new(url.clone(), 200, home.headers.clone(), None, home.body.clone()),
            (None, Some(lost)) => page_at(url.clone(), &lost.replace("%PATH%", url.path())),
            (None, None) => Exchange::new(url.clone(), 404, Headers::new(), None, Body::Text("nothing here".to_owned())),
        }))
    }

    fn exists(&self, host: &str) -> bool {
        let under = self.home.domain().is_some_and(|domain| host.ends_with(domain.trim_start_matches("www.")));
        self.wildcard && under || self.answers.keys().any(|known| known.host_str() == Some(host))
    }
}

impl Answer {
    fn bytes(&self, whole: &impl Fn(&str) -> String) -> Result<Vec<u8>, String> {
        if let Some(words) = &self.pdf {
            return Ok(crate::probe::pdf_of(&words_alone(&whole(words))));
        }
        let body = whole(&self.body);
        let Some(label) = &self.charset else { return Ok(body.into_bytes()) };
        let encoding = encoding_rs::Encoding::for_label(label.as_bytes()).ok_or_else(|| format!("no encoding is called {label}"))?;
        Ok(encoding.encode(&body).0.into_owned())
    }
}

fn success() -> u16 {
    200
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn page_at(url: Url, html: &str) -> Exchange {
    let headers = Headers::from([("content-type".to_owned(), vec![self::html()])]);
    Exchange::new(url, 200, headers, None, Body::Text(html.to_owned()))
}

fn filled(text: &str, with: &BTreeMap<String, String>) -> String {
    with.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

/// A line per block, without the tags.
fn words_alone(html: &str) -> String {
    let url: Url = "https://pdf.example/".parse().expect("a fixed address");
    html.lines().map(|line| page_at(url.clone(), line).page().text.clone()).collect::<Vec<_>>().join("\n")
}

fn hoster(written: &Written) -> Result<Hoster, String> {
    let mut text = toml::Table::from_iter([
        ("name".to_owned(), toml::Value::from(written.name.clone())),
        ("website".to_owned(), written.website.to_string().into()),
        ("edition".to_owned(), "2023".into()),
    ]);
    if let Some(software) = &written.software {
        text.insert("software".to_owned(), software.clone().into());
    }
    let documents: toml::Table = written.documents.iter().map(|(kind, url)| (kind.clone(), url.to_string().into())).collect();
    text.insert("documents".to_owned(), documents.into());
    let service = |service: &Service| {
        let mut table = toml::Table::from_iter([
            ("id".to_owned(), toml::Value::from(service.id.clone())),
            ("name".to_owned(), service.id.clone().into()),
            ("url".to_owned(), service.url.to_string().into()),
        ]);
        table.extend(service.software.iter().map(|software| ("software".to_owned(), software.clone().into())));
        toml::Value::from(table)
    };
    text.insert("service".to_owned(), written.service.iter().map(service).collect::<Vec<_>>().into());
    let id = "site".parse().map_err(|_| "a fixed id".to_owned())?;
    Hoster::read(id, &Source::new("hoster.toml", text.to_string()), |_| true)
        .map_err(|faults| format!("{} faults in the hoster", faults.len()))
}
