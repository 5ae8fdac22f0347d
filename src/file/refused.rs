//! Why an address is none, in both languages: the library that reads addresses speaks English alone.

use url::ParseError::{
    EmptyHost, IdnaError, InvalidDomainCharacter, InvalidIpv4Address, InvalidIpv6Address, InvalidPort, Overflow,
    RelativeUrlWithCannotBeABaseBase, RelativeUrlWithoutBase, SetHostOnCannotBeABaseUrl,
};

use crate::text::{Text, say};

/// The reason in words: a message of that library, alone or before the address that it refuses.
pub fn refused_address(message: &str) -> Option<Text> {
    let kinds = [
        EmptyHost,
        IdnaError,
        InvalidPort,
        InvalidIpv4Address,
        InvalidIpv6Address,
        InvalidDomainCharacter,
        RelativeUrlWithoutBase,
        RelativeUrlWithCannotBeABaseBase,
        SetHostOnCannotBeABaseUrl,
        Overflow,
    ];
    let kind = kinds
        .into_iter()
        .find(|kind| message.strip_prefix(&kind.to_string()).is_some_and(|rest| rest.is_empty() || rest.starts_with(": ")))?;
    Some(match kind {
        EmptyHost => say!(fr: "le nom du site manque", en: "the name of the site is missing"),
        InvalidPort => say!(fr: "le port n'est pas un nombre de 0 à 65535", en: "the port is not a number from 0 to 65535"),
        InvalidIpv4Address => say!(fr: "l'adresse IPv4 est fautive", en: "the IPv4 address is wrong"),
        InvalidIpv6Address => say!(fr: "l'adresse IPv6 est fautive", en: "the IPv6 address is wrong"),
        IdnaError | InvalidDomainCharacter => {
            say!(fr: "le nom du site a un signe qu'un nom ne peut pas avoir", en: "the name of the site has a sign that a name cannot have")
        }
        RelativeUrlWithoutBase => say!(fr: "elle ne commence pas par « https:// »", en: "it does not start with `https://`"),
        Overflow => say!(fr: "elle est trop longue", en: "it is too long"),
        _ => say!(fr: "elle n'est pas entière", en: "it is not whole"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Page {
        #[expect(dead_code, reason = "only its fault is looked at")]
        at: url::Url,
    }

    #[test]
    fn each_reason_has_its_words() {
        for (address, fr) in [
            ("exemple.org", "elle ne commence pas par « https:// »"),
            ("https://", "le nom du site manque"),
            ("https://a.example:99999/", "le port n'est pas un nombre de 0 à 65535"),
            ("https://1.2.3.400/", "l'adresse IPv4 est fautive"),
            ("https://[::g]/", "l'adresse IPv6 est fautive"),
            ("https://a b.example/", "le nom du site a un signe qu'un nom ne peut pas avoir"),
        ] {
            let parsed = address.parse::<url::Url>().unwrap_err().to_string();
            let read = toml::from_str::<Page>(&format!("at = '{address}'")).unwrap_err();
            for message in [parsed.as_str(), read.message()] {
                assert_eq!(refused_address(message).map(|text| text.fr).as_deref(), Some(fr), "{message}");
            }
        }
        assert!(refused_address("invalid type: integer `3`, expected a string").is_none());
    }
}
