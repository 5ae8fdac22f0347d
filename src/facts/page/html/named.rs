//! Hosts that a program or data name: hints, since nobody here runs them.

use std::sync::LazyLock;

use regex::Regex;

/// A program that names more hosts is a list of them.
const MOST: usize = 50;
/// Of a longer program, only the start is read.
const LONGEST: usize = 400_000;

/// Names that stand for something and are never asked: namespaces, vocabularies, examples.
const IDENTIFIERS: [&str; 10] = [
    "www.w3.org",
    "w3.org",
    "schema.org",
    "www.schema.org",
    "json-schema.org",
    "ogp.me",
    "purl.org",
    "xmlns.com",
    "rdfs.org",
    "microformats.org",
];

/// Addresses at the start of a string, with a few characters of what stands there. Comments hold no strings, as a rule.
pub(super) fn hosts(program: &str) -> Vec<(String, String)> {
    static QUOTED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#"["'`](?:(https?|wss?):)?(?:\\?/){2}((?i:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+(?i:[a-z]{2,24}))(?::(\d{1,5}))?(?:[/\\?"'`#$]|$)"#)
            .expect("a fixed expression")
    });
    let start = &program[..program.floor_char_boundary(LONGEST)];
    let mut found: Vec<(String, String)> = Vec::new();
    for hit in QUOTED.captures_iter(start) {
        let host = hit[2].to_ascii_lowercase();
        if IDENTIFIERS.contains(&host.as_str()) || found.iter().any(|(known, _)| known.contains(&format!("//{host}/"))) {
            continue;
        }
        // A socket begins as a request to the same host.
        let scheme = match hit.get(1).map(|scheme| scheme.as_str()) {
            Some("http" | "ws") => "http",
            _ => "https",
        };
        found.push((format!("{scheme}://{host}/"), hit[0].trim_start_matches(['"', '\'', '`']).replace('\\', "")));
        if found.len() == MOST {
            break;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(program: &str) -> Vec<String> {
        hosts(program).into_iter().map(|(address, _)| address).collect()
    }

    #[test]
    fn strings_that_begin_with_an_address_name_a_host() {
        let program = r#"var u = "//stats.example/"; fetch('https://API.example/v1?x'); new WebSocket(`wss://live.example:8443/s`); x = {"a":"https:\/\/json.example\/"}"#;
        assert_eq!(names(program), ["https://stats.example/", "https://api.example/", "https://live.example/", "https://json.example/"]);
    }

    #[test]
    fn comments_namespaces_and_words_name_none() {
        let program = "// see https://docs.example/\n/* 'twas //x */ ns = 'http://www.w3.org/2000/svg'; t = 'look at https://b.example/'; v = '1.2.3'; d = '//'";
        assert!(names(program).is_empty(), "{:?}", names(program));
    }
}
