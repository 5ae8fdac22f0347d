//! Large pages: a run among them ends, and says what is true of them.

use std::fmt::Write;
use std::sync::Arc;

use serde_json::Value;

use crate::servers::{Behaviour, DOMAIN, answer, https, trusted};
use crate::{Village, told};

/// A quarter of what is read of a page: to look for signs of programs in more takes a build without optimisations too long.
const LARGE: usize = 1 << 18;
const SERVICES: u8 = 8;

/// Paragraphs and links as people write them, up to that size, and its legal notice at the very end.
fn large(host: u8) -> Vec<u8> {
    let mut html = format!("<!doctype html><html lang=fr><title>Service {host}</title><main><h1>Service {host}</h1>");
    let mut n = 0;
    while html.len() < LARGE {
        n += 1;
        let words =
            "Nous hébergeons ce service pour tout le monde, sans publicité ni pistage, et nous en parlons ici longuement. ".repeat(60);
        write!(html, "<h2>Journal {n}</h2>\n<p>{words}\n<p><a href='https://www.{DOMAIN}/journal/{host}/{n}'>Lire la suite {n}</a>\n")
            .unwrap();
    }
    html += "</main><footer><a href='/mentions-legales'>Mentions légales</a></footer></html>";
    html.into_bytes()
}

/// That page at its root, and nothing elsewhere.
fn site(host: u8) -> Behaviour {
    let page = answer("200 OK", "Content-Type: text/html\r\n", &large(host));
    let none = answer("404 Not Found", "Content-Type: text/html\r\n", b"<title>404</title><p>Introuvable.");
    Arc::new(move |stream, path| drop(stream.write_all(if path == "/" { &page } else { &none })))
}

#[test]
fn a_run_among_large_pages_ends_and_tells_of_each() {
    let hosts = (0..=SERVICES).map(|n| {
        let name = if n == 0 { "www".to_owned() } else { format!("l{n}") };
        (name, Some(https([127, 0, 10, 1 + n], trusted(), site(n))))
    });
    let village = Village::patient(hosts, "20");
    let run = village.run(&village.directly());
    assert_eq!(run.code, 1, "{}", run.err);
    let record: Value = serde_json::from_str(&village.report("json")).unwrap();
    let reached = told(&record, "reachable");
    for n in 1..=SERVICES {
        assert_eq!(reached[&format!("l{n}")].1, ["ok"], "l{n}");
    }
}
