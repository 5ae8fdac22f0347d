//! What a hoster says of itself and of its machines: claims, to be compared with what is seen.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::text::{Text, say};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
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
    /// As `hoster.toml` has it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Association => "association",
            Self::Company => "company",
            Self::Cooperative => "cooperative",
            Self::Informal => "informal",
            Self::Individual => "individual",
            Self::Other => "other",
        }
    }

    pub(super) fn name(self) -> Text {
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
    pub(super) fn name(&self) -> Option<Text> {
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
    pub(super) fn name(self) -> Text {
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
    pub(super) fn name(self) -> Text {
        match self {
            Self::Nano => say!(fr: "nano-ordinateurs", en: "single-board computers"),
            Self::Physical => say!(fr: "serveurs physiques", en: "physical servers"),
            Self::Virtual => say!(fr: "serveurs virtuels", en: "virtual servers"),
            Self::Shared => say!(fr: "serveurs partagés", en: "shared servers"),
            Self::Cloud => say!(fr: "nuage", en: "cloud"),
        }
    }
}
