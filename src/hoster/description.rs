//! `hoster.toml`: who is audited.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use toml::Spanned;
use url::Url;

use crate::file::{Fault, Faults, Format, Source, read};
use crate::text::{Text, say};

/// The name of a hoster's folder in `audits/`: small letters, digits and dashes, so that it is a safe path everywhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct HosterId(String);

impl FromStr for HosterId {
    type Err = Text;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_id(text) {
            return Ok(Self(text.to_owned()));
        }
        let text = crate::report::clean(text);
        Err(say!(
            fr: "« {text} » n'est pas un nom d'audit : lettres minuscules, chiffres et tirets",
            en: "`{text}` is not the name of an audit: small letters, digits and dashes"
        ))
    }
}

impl fmt::Display for HosterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl AsRef<Path> for HosterId {
    fn as_ref(&self) -> &Path {
        Path::new(&self.0)
    }
}

fn is_id(text: &str) -> bool {
    let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    !text.is_empty() && text.len() <= 64 && text.chars().all(inside) && !text.starts_with('-') && !text.ends_with('-')
}

/// Who a criterion is judged on: the hoster itself (its web site), or one service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    Hoster,
    Service(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hoster => f.pad("hoster"),
            Self::Service(id) => f.pad(id),
        }
    }
}

impl FromStr for Subject {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "hoster" => Ok(Self::Hoster),
            id if is_id(id) => Ok(Self::Service(id.to_owned())),
            _ => Err(format!("invalid value: `{text}`, expected the id of a service: small letters, digits and dashes")),
        }
    }
}

impl Serialize for Subject {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Subject {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for Subject {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Subject".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[a-z0-9]([a-z0-9-]*[a-z0-9])?$" })
    }
}

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

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LegalForm {
    Association,
    Company,
    Cooperative,
    Informal,
    Individual,
    Other,
}

impl LegalForm {
    fn name(self) -> Text {
        match self {
            Self::Association => say!(fr: "association", en: "association"),
            Self::Company => say!(fr: "entreprise", en: "company"),
            Self::Cooperative => say!(fr: "coopérative", en: "co-operative"),
            Self::Informal => say!(fr: "collectif informel", en: "informal group"),
            Self::Individual => say!(fr: "personne seule", en: "individual"),
            Self::Other => say!(fr: "autre forme juridique", en: "other legal form"),
        }
    }
}

/// What it says of the machines: claims, to be compared with what is seen.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Hosting {
    pub provider: Option<String>,
    pub control: Option<Control>,
    pub server: Option<Server>,
    pub country: Option<String>,
}

impl Hosting {
    fn name(&self) -> Option<Text> {
        let provider = self.provider.as_ref().map(|provider| say!(fr: "hébergée chez {provider}", en: "hosted at {provider}"));
        let country = self.country.as_ref().map(|country| Text::same(format!("({country})")));
        let control = self.control.map(Control::name);
        let server = self.server.map(Server::name);
        let parts: Vec<Text> = [provider, country, control, server].into_iter().flatten().collect();
        let join = |part: fn(&Text) -> &String| parts.iter().map(part).cloned().collect::<Vec<_>>().join(", ").replace(", (", " (");
        (!parts.is_empty()).then(|| Text { fr: join(|text| &text.fr), en: join(|text| &text.en) })
    }
}

/// Who is the administrator of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Control {
    Root,
    Shared,
    Managed,
}

impl Control {
    fn name(self) -> Text {
        match self {
            Self::Root => say!(fr: "accès administrateur complet", en: "full administrator access"),
            Self::Shared => say!(fr: "hébergement mutualisé", en: "shared hosting"),
            Self::Managed => say!(fr: "infogérance", en: "managed by others"),
        }
    }
}

/// What the services run on, in the words of `ChatonsInfos`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Server {
    Nano,
    Physical,
    Virtual,
    Shared,
    Cloud,
}

impl Server {
    fn name(self) -> Text {
        match self {
            Self::Nano => say!(fr: "nano-ordinateurs", en: "single-board computers"),
            Self::Physical => say!(fr: "serveurs physiques", en: "physical servers"),
            Self::Virtual => say!(fr: "serveurs virtuels", en: "virtual servers"),
            Self::Shared => say!(fr: "serveurs partagés", en: "shared servers"),
            Self::Cloud => say!(fr: "nuage", en: "cloud"),
        }
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

    #[test]
    fn an_id_is_a_safe_folder_name() {
        for wrong in ["", "..", "a/b", "A", "-a", "é", "a b"] {
            assert!(wrong.parse::<HosterId>().is_err(), "{wrong}");
        }
    }
}
