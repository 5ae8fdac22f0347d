//! Names of criteria: `T8`, `R9a`.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use crate::text::{Text, say};

/// A section of the charter, in the order in which their initials spell CHATONS; then the checklist and the law.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum Section {
    C,
    H,
    A,
    T,
    O,
    N,
    S,
    R,
    L,
}

/// Where a demand comes from; candidates must see which are not of the charter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    Charter,
    Checklist,
    Law,
}

impl Section {
    pub const ALL: [Self; 9] = [Self::C, Self::H, Self::A, Self::T, Self::O, Self::N, Self::S, Self::R, Self::L];

    pub fn family(self) -> Family {
        match self {
            Self::R => Family::Checklist,
            Self::L => Family::Law,
            _ => Family::Charter,
        }
    }

    pub fn title(self) -> Text {
        match self {
            Self::C => say!(fr: "Collectif", en: "Collective"),
            Self::H => say!(fr: "Hébergeurs", en: "Hosters"),
            Self::A => say!(fr: "Alternatifs", en: "Alternative"),
            Self::T => say!(fr: "Transparents", en: "Transparent"),
            Self::O => say!(fr: "Ouverts", en: "Open"),
            Self::N => say!(fr: "Neutres", en: "Neutral"),
            Self::S => say!(fr: "Solidaires", en: "Solidary"),
            Self::R => say!(fr: "Grille des relecteurs (hors charte)", en: "Reviewers' checklist (beyond the charter)"),
            Self::L => say!(fr: "La loi (hors charte)", en: "The law (beyond the charter)"),
        }
    }

    pub fn letter(self) -> char {
        match self {
            Self::C => 'C',
            Self::H => 'H',
            Self::A => 'A',
            Self::T => 'T',
            Self::O => 'O',
            Self::N => 'N',
            Self::S => 'S',
            Self::R => 'R',
            Self::L => 'L',
        }
    }
}

/// A section letter, a number, and a small letter for a part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct CriterionId {
    section: Section,
    number: u8,
    part: Option<char>,
}

impl CriterionId {
    pub fn section(self) -> Section {
        self.section
    }
}

impl fmt::Display for CriterionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{}{}{}", self.section.letter(), self.number, self.part.map(String::from).unwrap_or_default());
        f.pad(&text)
    }
}

impl FromStr for Section {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let section = |section: &Self| section.letter().to_string().eq_ignore_ascii_case(text);
        Self::ALL.into_iter().find(section).ok_or(())
    }
}

impl FromStr for CriterionId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refuse = || format!("invalid value: `{text}`, expected the id of a criterion, such as T8 or R9a");
        let mut rest = text.chars();
        let letter = rest.next().ok_or_else(refuse)?;
        let section = Section::ALL.into_iter().find(|section| section.letter() == letter).ok_or_else(refuse)?;
        let rest = rest.as_str();
        let part = rest.chars().last().filter(char::is_ascii_lowercase);
        let number = rest.strip_suffix(|c: char| c.is_ascii_lowercase()).unwrap_or(rest);
        let number = number.parse().ok().filter(|n| *n > 0 && !number.starts_with(['0', '+'])).ok_or_else(refuse)?;
        Ok(Self { section, number, part })
    }
}

impl Serialize for CriterionId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for CriterionId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}

impl JsonSchema for CriterionId {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "CriterionId".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[CHATONSRL][1-9][0-9]?[a-z]?$" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_as_the_charter_reads() {
        let mut ids: Vec<CriterionId> =
            ["R9a", "T10", "T8", "R9", "L1", "C2", "S1", "O1c", "O2", "O1"].iter().map(|id| id.parse().unwrap()).collect();
        ids.sort();
        let sorted: Vec<String> = ids.iter().map(ToString::to_string).collect();
        assert_eq!(sorted.join(" "), "C2 T8 T10 O1 O1c O2 S1 R9 R9a L1");
    }

    #[test]
    fn a_wrong_id_is_refused() {
        for wrong in ["", "T", "8T", "X1", "T0", "T08", "T+8", "T8A", "T8ab", "é1"] {
            assert!(wrong.parse::<CriterionId>().is_err(), "{wrong}");
        }
    }
}
