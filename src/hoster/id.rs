//! Names of hosters and of what is judged of them.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

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
        let text = crate::text::clean(text);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_a_safe_folder_name() {
        for wrong in ["", "..", "a/b", "A", "-a", "é", "a b"] {
            assert!(wrong.parse::<HosterId>().is_err(), "{wrong}");
        }
    }
}
