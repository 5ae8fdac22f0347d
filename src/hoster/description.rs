//! `hoster.toml`: who is audited.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Deserialize;
use toml::Spanned;
use url::Url;

use super::claims::{Hosting, LegalForm};
use super::id::{HosterId, Subject};
use crate::file::{Fault, Faults, Format, Source, read};
use crate::text::{Text, say};

/// A place on the web that is looked at: the web site, or one service.
#[derive(Debug, Clone)]
pub struct Site {
    pub subject: Subject,
    pub name: String,
    /// Nothing for an offer that has no address of its own, such as the hosting of other people's sites.
    pub url: Option<Url>,
    /// The program that it says it runs.
    pub software: Option<String>,
    /// It belongs to customers, for whom a hoster does not answer.
    pub customers: bool,
}

/// The structure that is audited.
#[derive(Debug, Clone)]
pub struct Hoster {
    pub id: HosterId,
    pub name: String,
    pub legal_form: Option<LegalForm>,
    /// ISO 3166-1 alpha-2.
    pub country: Option<String>,
    pub employees: Option<u32>,
    pub edition: String,
    pub hosting: Option<Hosting>,
    /// Documents that the finder needs help with, by kind.
    pub documents: BTreeMap<String, Url>,
    /// Kinds of documents whose text is kept, besides the usual ones.
    pub keep: Vec<String>,
    /// The web site first, then the services as written.
    pub sites: Vec<Site>,
}

impl Hoster {
    /// Reads `hoster.toml`; `known_edition` says whether an edition exists.
    pub fn read(id: HosterId, source: &Source, known_edition: impl Fn(&str) -> bool) -> Result<Self, Faults> {
        let written: Written = read(source)?;
        let faults = written.faults(source, known_edition);
        if faults.is_empty() { Ok(written.meant(id)) } else { Err(faults) }
    }

    /// What it says of itself, for the head of a report; empty when it says nothing.
    pub fn declared(&self) -> Option<Text> {
        let form = self.legal_form.map(LegalForm::name);
        let hosting = self.hosting.as_ref().and_then(Hosting::name);
        match (form, hosting) {
            (Some(form), Some(hosting)) => {
                Some(Text { fr: format!("{}, {}", form.fr, hosting.fr), en: format!("{}, {}", form.en, hosting.en) })
            }
            (one, other) => one.or(other),
        }
    }

    /// Its web site.
    pub fn home(&self) -> &Site {
        &self.sites[0]
    }

    pub fn services(&self) -> &[Site] {
        &self.sites[1..]
    }

    pub fn site(&self, subject: &Subject) -> Option<&Site> {
        self.sites.iter().find(|site| site.subject == *subject)
    }
}

/// `hoster.toml` as written.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "hoster.toml")]
pub struct Written {
    #[serde(default)]
    #[expect(dead_code, reason = "read so that a form of later is told")]
    format: Format,
    name: String,
    #[schemars(with = "Url")]
    website: Spanned<Url>,
    legal_form: Option<LegalForm>,
    country: Option<String>,
    employees: Option<u32>,
    #[schemars(with = "String")]
    edition: Spanned<String>,
    /// The program of the web site.
    software: Option<String>,
    hosting: Option<Hosting>,
    #[serde(default)]
    documents: BTreeMap<String, Url>,
    /// Kinds of documents whose text is kept in `documents/`, besides the terms, the legal notice and the privacy policy.
    #[serde(default)]
    keep: Vec<String>,
    #[serde(default)]
    service: Vec<WrittenService>,
}

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct WrittenService {
    #[schemars(with = "Subject")]
    id: Spanned<Subject>,
    name: String,
    #[schemars(with = "Option<Url>")]
    url: Option<Spanned<Url>>,
    software: Option<String>,
    #[serde(default)]
    scope: Scope,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Scope {
    #[default]
    Own,
    /// Sites of customers.
    Customers,
}

impl Written {
    fn faults(&self, source: &Source, known_edition: impl Fn(&str) -> bool) -> Faults {
        let mut faults = Faults::new();
        let urls = std::iter::once(&self.website).chain(self.service.iter().filter_map(|service| service.url.as_ref()));
        for url in urls.filter(|url| !is_web(url.get_ref())) {
            faults.push(Fault::new(
                source.place(url.span()),
                say!(fr: "ce n'est pas une adresse de site", en: "this is not the address of a site"),
                say!(fr: "Écrire une adresse en https:// avec un nom d'hôte.", en: "Write an https:// address with a host name."),
            ));
        }
        if !known_edition(self.edition.get_ref()) {
            let edition = self.edition.get_ref();
            faults.push(Fault::new(
                source.place(self.edition.span()),
                say!(fr: "édition inconnue « {edition} »", en: "unknown edition `{edition}`"),
                say!(fr: "Prendre une édition de criteria/editions.toml.", en: "Take an edition of criteria/editions.toml."),
            ));
        }
        for (n, service) in self.service.iter().enumerate() {
            let id = service.id.get_ref();
            let twice = self.service[..n].iter().any(|other| other.id.get_ref() == id);
            if twice || *id == Subject::Hoster {
                faults.push(Fault::new(
                    source.place(service.id.span()),
                    say!(fr: "le nom de service « {id} » est déjà pris", en: "the service id `{id}` is taken"),
                    say!(fr: "Donner à chaque service un nom à lui ; « hoster » désigne l'hébergeur.", en: "Give each service an id of its own; `hoster` is the hoster."),
                ));
            }
            if service.url.is_none() && service.scope == Scope::Own {
                faults.push(Fault::new(
                    source.place(service.id.span()),
                    say!(fr: "le service « {id} » n'a pas d'adresse", en: "the service `{id}` has no address"),
                    say!(fr: "Ajouter « url = \"https://…\" », ou « scope = \"customers\" » pour les sites d'autrui.", en: "Add `url = \"https://…\"`, or `scope = \"customers\"` for other people's sites."),
                ));
            }
        }
        faults
    }

    fn meant(self, id: HosterId) -> Hoster {
        let home = Site {
            subject: Subject::Hoster,
            name: self.name.clone(),
            url: Some(self.website.into_inner()),
            software: self.software,
            customers: false,
        };
        let services = self.service.into_iter().map(|service| Site {
            subject: service.id.into_inner(),
            name: service.name,
            url: service.url.map(Spanned::into_inner),
            software: service.software,
            customers: service.scope == Scope::Customers,
        });
        Hoster {
            id,
            name: self.name,
            legal_form: self.legal_form,
            country: self.country.map(|country| country.to_uppercase()),
            employees: self.employees,
            edition: self.edition.into_inner(),
            hosting: self.hosting,
            documents: self.documents,
            keep: self.keep,
            sites: std::iter::once(home).chain(services).collect(),
        }
    }
}

fn is_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty()) && url.username().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Lang;

    const GOOD: &str = r#"
name = "Picasoft"
website = "https://picasoft.net/"
edition = "2023"
[[service]]
id = "pad"
name = "Pads"
url = "https://pad.picasoft.net/"
[[service]]
id = "sites"
name = "Sites d'associations"
scope = "customers"
"#;

    fn read(text: &str) -> Result<Hoster, Faults> {
        Hoster::read("picasoft".parse().unwrap(), &Source::new("hoster.toml", text), |edition| edition == "2023")
    }

    #[test]
    fn the_web_site_comes_first() {
        let hoster = read(GOOD).unwrap();
        assert_eq!(hoster.home().subject, Subject::Hoster);
        assert_eq!(hoster.services().len(), 2);
        assert!(hoster.services()[1].customers);
    }

    #[test]
    fn every_fault_is_told_with_its_line() {
        let text = GOOD.replace("https://pad.", "mailto:pad.").replace("2023", "1999").replace("scope = \"customers\"", "");
        let faults = read(&text).unwrap_err();
        let lines: Vec<_> = faults.iter().map(|fault| fault.at.as_ref().unwrap().line().unwrap()).collect();
        assert_eq!(lines, [8, 4, 10]);
    }

    #[test]
    fn keys_and_values_that_do_not_exist_are_all_told() {
        let text = GOOD
            .replace("name = \"Pads\"", "nom = \"Pads\"")
            .replace("edition = \"2023\"", "edition = \"2023\"\nlegal-form = \"asso\"\nemployees = -1");
        let faults = read(&text).unwrap_err();
        let told: Vec<_> = faults.iter().map(|fault| fault.show(Lang::Fr, false)).collect();
        assert_eq!(faults.len(), 4, "{}", told.join("\n"));
        assert!(told.iter().any(|t| t.contains("clé inconnue « nom »") && t.contains("hoster.toml:9:1")), "{}", told.join("\n"));
        assert!(told.iter().any(|t| t.contains("association")));
    }
}
