//! The hosters of the bench: copies of the demo's, each under a name and on an address of its own.

use std::collections::BTreeMap;
use std::fs;
use std::net::Ipv4Addr;
use std::path::Path;

use toml::{Table, Value};

/// Services of a hoster.
const SERVICES: usize = 10;

/// The demo's hosts that the services are copies of, with what they run.
const MODELS: [(&str, &str); 3] = [("pads", "etherpad"), ("chat", "mattermost"), ("nuage", "nextcloud")];

/// So many hosters.
#[derive(Debug, Clone, Copy)]
pub struct Village {
    pub count: usize,
    pub spread: Spread,
}

/// Where the services of a hoster are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spread {
    /// All on one machine.
    Together,
    /// Each on its own.
    Apart,
}

/// What a host answers at a path.
#[derive(Debug, Clone)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Answers by host, then by path with its query.
pub type Hosts = BTreeMap<String, BTreeMap<String, Answer>>;

impl Village {
    /// As arguments of the process that serves it.
    pub fn words(self) -> [String; 2] {
        [self.count.to_string(), if self.spread == Spread::Apart { "apart" } else { "together" }.to_owned()]
    }

    pub fn of_words(count: &str, spread: &str) -> Self {
        Self { count: count.parse().unwrap(), spread: if spread == "apart" { Spread::Apart } else { Spread::Together } }
    }

    /// The address of a host, from its name alone.
    pub fn address(self, host: &str) -> Option<Ipv4Addr> {
        let (site, domain) = host.strip_suffix(".example")?.split_once('.')?;
        let hoster: usize = domain.strip_prefix('h')?.parse().ok().filter(|hoster| *hoster < self.count)?;
        let service: usize = site.trim_start_matches(|c: char| c.is_ascii_alphabetic()).parse().map_or(0, |service: usize| service + 1);
        let machine = if self.spread == Spread::Apart { service } else { 0 };
        let byte = |n: usize| u8::try_from(n).unwrap();
        Some(Ipv4Addr::new(127, byte(machine + 1), byte(hoster / 250), byte(hoster % 250 + 1)))
    }

    /// The lines of a log of requests that are visits: neither greetings nor names.
    pub fn visits(asked: &str) -> impl Iterator<Item = &str> {
        asked.lines().filter(|line| !line.starts_with("greeting ") && !line.starts_with("name "))
    }

    /// Visits of the machine that is visited most.
    pub fn busiest(self, asked: &str) -> usize {
        let mut visits = BTreeMap::<_, usize>::new();
        for line in Self::visits(asked) {
            *visits.entry(self.address(line.split(' ').nth(1).unwrap())).or_default() += 1;
        }
        visits.into_values().max().unwrap_or_default()
    }

    pub fn write_audits(self, folder: &Path) {
        for hoster in 0..self.count {
            let domain = format!("h{hoster}.example");
            let mut text = format!(
                "name = \"Hoster {hoster}\"\nwebsite = \"https://www.{domain}/\"\nlegal-form = \"association\"\ncountry = \"FR\"\nemployees = 0\nedition = \"2023\"\nsoftware = \"spip\"\n"
            );
            for service in 0..SERVICES {
                let (model, software) = MODELS[service % MODELS.len()];
                text += &format!(
                    "[[service]]\nid = \"s{service}\"\nname = \"Service {service}\"\nurl = \"https://{model}{service}.{domain}/\"\nsoftware = \"{software}\"\n"
                );
            }
            let own = folder.join(format!("h{hoster}"));
            fs::create_dir_all(&own).unwrap();
            fs::write(own.join("hoster.toml"), text).unwrap();
        }
    }

    /// What all hosts serve.
    pub fn hosts(self) -> Hosts {
        let table: Table = chatons_audit::SITES.parse().unwrap();
        let models: BTreeMap<String, &Table> = table["host"]
            .as_array()
            .unwrap()
            .iter()
            .map(|host| (host["name"].as_str().unwrap().split('.').next().unwrap().to_owned(), host.as_table().unwrap()))
            .collect();
        let mut hosts = Hosts::new();
        for hoster in 0..self.count {
            let domain = format!("h{hoster}.example");
            hosts.insert(format!("www.{domain}"), answers(models["www"], &domain));
            for service in 0..SERVICES {
                let model = MODELS[service % MODELS.len()].0;
                hosts.insert(format!("{model}{service}.{domain}"), answers(models[model], &domain));
            }
        }
        hosts
    }
}

/// What a host of the demo answers, under another domain, where its services are called by their number.
fn answers(host: &Table, domain: &str) -> BTreeMap<String, Answer> {
    let rename = |text: &str| {
        let numbered = MODELS.iter().enumerate().fold(text.to_owned(), |text, (n, (model, _))| {
            text.replace(&format!("{model}.chatperche.example"), &format!("{model}{n}.chatperche.example"))
        });
        numbered.replace("chatperche.example", domain)
    };
    let fields = |of: Option<&Value>| -> Vec<(String, String)> {
        let fields = of.and_then(Value::as_table).into_iter().flatten();
        fields.map(|(name, value)| (name.clone(), rename(value.as_str().unwrap()))).collect()
    };
    let usual = fields(host.get("headers"));
    let answer = |status, kind: &str, own: Vec<(String, String)>, body: &str| {
        let kind = ("content-type".to_owned(), kind.to_owned());
        Answer { status, headers: usual.iter().cloned().chain(own).chain([kind]).collect(), body: rename(body) }
    };
    let mut answers = BTreeMap::new();
    for (path, body) in host.get("pages").and_then(Value::as_table).into_iter().flatten() {
        answers.insert(path.clone(), answer(200, "text/html; charset=utf-8", Vec::new(), body.as_str().unwrap()));
    }
    for route in host.get("route").and_then(Value::as_array).into_iter().flatten() {
        let status = route.get("status").and_then(Value::as_integer).map_or(200, |status| u16::try_from(status).unwrap());
        let kind = route.get("type").and_then(Value::as_str).unwrap_or("text/html; charset=utf-8");
        let body = route.get("body").and_then(Value::as_str).unwrap_or_default();
        answers.insert(route["path"].as_str().unwrap().to_owned(), answer(status, kind, fields(route.get("headers")), body));
    }
    answers
}
