//! A whole run among hosts that mean harm: each ends in its code or in `unseen`, nobody is accused of what was not seen, and nothing that
//! they say is obeyed.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod bombs;
mod large;
#[path = "../program/mod.rs"]
mod program;
mod servers;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use program::{Ran, program, ran};
use serde_json::Value;
use servers::{Behaviour, DOMAIN, Proxy, answer, ca_file, endless, https, leads, name_server, odd, says, serve, trusted};
use tempfile::TempDir;

/// A byte now and then.
const SLOWLY: Duration = Duration::from_millis(50);

/// Names that the name server of the runs knows: none that is public alone, so that nothing leaves this machine.
const NAMES: &[(&str, &str)] = &[
    ("private.hostile.test", "10.0.0.1"),
    ("both.hostile.test", "1.1.1.1"),
    ("both.hostile.test", "127.0.0.1"),
    ("cgnat.hostile.test", "100.64.0.1"),
];

fn html(fields: &str, body: &[u8]) -> Vec<u8> {
    [format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\n{fields}\r\n").as_bytes(), body].concat()
}

fn page(body: &[u8]) -> Behaviour {
    says(answer("200 OK", "Content-Type: text/html\r\n", body))
}

fn page_that_leads(to: &str) -> Vec<u8> {
    answer("200 OK", "Content-Type: text/html\r\n", format!("<meta http-equiv=refresh content='0;url={to}'>").as_bytes())
}

/// Each host, what it does, and what `reachable` says of it: a code, after `~` when it is a silence.
fn behaviours() -> Vec<(&'static str, &'static str, Behaviour)> {
    let flood = b"X-Flood: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n";
    let start = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n";
    vec![
        ("mute", "~timed-out", Arc::new(|stream, _| drop(stream.read(&mut [0])))),
        ("slow-head", "~timed-out", endless(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a", SLOWLY)),
        ("slow-body", "~timed-out", endless(start, b"a", SLOWLY)),
        ("flood", "~too-large", endless(b"HTTP/1.1 200 OK\r\n", flood, Duration::ZERO)),
        ("field", "~too-large", endless(b"HTTP/1.1 200 OK\r\nX-Long: ", &[b'a'; 4096], Duration::ZERO)),
        ("fields", "~too-large", says(answer("200 OK", &"X: y\r\n".repeat(200), b""))),
        ("endless", "~too-large", endless(start, &[b'a'; 4096], Duration::ZERO)),
        ("interim", "~timed-out", endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n", Duration::from_millis(1))),
        ("gzip", "~too-large", says(bombs::gzip())),
        ("brotli", "~too-large", says(bombs::brotli())),
        ("nested", "~too-large", says(bombs::nested())),
        ("wrapped", "~garbled", says(bombs::wrapped())),
        ("zstd", "~garbled", says(bombs::zstd())),
        ("turn", "~redirect-loop", leads("/")),
        ("ping", "~redirect-loop", leads("https://pong.hostile.test/")),
        ("pong", "~redirect-loop", leads("https://ping.hostile.test/")),
        (
            "spiral",
            "~redirect-loop",
            Arc::new(|stream, path| drop(stream.write_all(&answer("302 Found", &format!("Location: {path}x/\r\n"), b"")))),
        ),
        ("refresh", "~redirect-loop", Arc::new(|stream, path| drop(stream.write_all(&page_that_leads(&format!("{path}x/")))))),
        ("to-loopback", "~private-address", leads("http://127.0.0.1/")),
        ("to-ten", "~private-address", leads("http://10.0.0.1/")),
        ("to-metadata", "~private-address", leads("http://169.254.169.254/latest/meta-data/")),
        ("to-mapped", "~private-address", leads("http://[::ffff:127.0.0.1]/")),
        ("to-nat64", "~private-address", leads("http://[64:ff9b::a00:1]/")),
        ("to-ula", "~private-address", leads("http://[fd00::1]/")),
        ("to-number", "~private-address", leads("http://2130706433/")),
        ("to-private", "~private-address", leads("https://private.hostile.test/")),
        ("to-both", "~private-address", leads("https://both.hostile.test/")),
        ("to-cgnat", "~private-address", leads("https://cgnat.hostile.test/")),
        ("to-file", "~garbled", leads("file:///etc/passwd")),
        ("short", "~garbled", says(html("Content-Length: 900\r\n", b"<p>cut"))),
        ("two-lengths", "~garbled", says(html("Content-Length: 3\r\nContent-Length: 4\r\n", b"abcd"))),
        ("chunk", "~garbled", says(html("Transfer-Encoding: chunked\r\n", b"ff\r\n<p>cut"))),
        ("ancient", "~garbled", says("<html><title>HTTP/0.9</title>")),
        ("noise", "~garbled", says(b"\0\xff\x1b[31m\0".repeat(50))),
        ("too-much", "~http-error", says(answer("429 Too Many Requests", "Retry-After: 3600\r\n", b""))),
        ("down", "~http-error", says(answer("503 Down", "Retry-After: 3600\r\n", b""))),
        ("no-utf8", "ok", page(b"<!doctype html><html lang=fr><title>\xff\xfe\xc3(</title><p>Bonjour \x80\xed\xa0\x80 \xf8\x88 tout le monde.")),
        ("escapes", "ok", page("<!doctype html><html lang=fr><title>\u{1b}]0;t\u{7}\u{9b}31m\u{202e}\u{2066}</title><p>Bonjour \u{1b}[31mROUGE\0\u{8}\u{200b}.".as_bytes())),
    ]
}

/// A hoster whose services are these hosts, and how to find them.
struct Village {
    folder: TempDir,
    args: Vec<String>,
    places: Vec<(String, SocketAddr)>,
}

impl Village {
    /// Where no address is given, the name server has the word.
    fn new<N: AsRef<str>>(hosts: impl IntoIterator<Item = (N, Option<SocketAddr>)>) -> Self {
        Self::patient(hosts, "1")
    }

    /// The same, that waits so many seconds for an answer.
    fn patient<N: AsRef<str>>(hosts: impl IntoIterator<Item = (N, Option<SocketAddr>)>, seconds: &str) -> Self {
        let mut village = Self { folder: TempDir::new().unwrap(), args: Vec::new(), places: Vec::new() };
        let mut hoster = format!("name = 'A'\nwebsite = 'https://www.{DOMAIN}/'\nedition = '2023'\n");
        for (name, address) in hosts {
            let name = name.as_ref();
            if name != "www" {
                // As `apple`, its first letter Cyrillic.
                let spelt = name.replace("xn--pple-43d", "\u{430}pple");
                hoster += &format!("[[service]]\nid = '{name}'\nname = '{name}'\nurl = 'https://{spelt}.{DOMAIN}/'\n");
            }
            village.places.extend(address.map(|address| (format!("{name}.{DOMAIN}:443"), address)));
        }
        fs::create_dir_all(village.folder.path().join("audits/a")).unwrap();
        fs::write(village.folder.path().join("audits/a/hoster.toml"), hoster).unwrap();
        let words = ["run", "--today", "2026-11-22", "--timeout", seconds, "--dns"].map(str::to_owned);
        let ca = ca_file(village.folder.path()).display().to_string();
        village.args.extend(words);
        village.args.extend([name_server(NAMES).to_string(), "--ca-file".to_owned(), ca]);
        village
    }

    /// Every name where it is, and nothing at port 80.
    fn directly(&self) -> Vec<String> {
        let mut args = self.args.clone();
        for (place, address) in &self.places {
            let closed = format!("{}:80:127.0.0.1:9", place.trim_end_matches(":443"));
            args.extend(["--connect-to".to_owned(), format!("{place}:{address}"), "--connect-to".to_owned(), closed]);
        }
        args
    }

    fn run(&self, args: &[String]) -> Ran {
        let mut command = program(self.folder.path());
        ran(command.timeout(Duration::from_mins(3)), args)
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.folder.path().join("audits/a").join(file)).unwrap()
    }

    /// Nothing that the hosts said is obeyed, in any form.
    fn speaks_to_nobody(&self, run: &Ran) {
        let forms = ["html", "candidature", "markdown"].map(|format| self.report(format));
        let csv = self.report("csv").replace("\r\n", "\n");
        let kept = ["report.md", "record.toml"].map(|file| self.read(file));
        for text in [&run.out, &run.err, &csv].into_iter().chain(&forms).chain(&kept) {
            let strange: Vec<char> = text.chars().filter(|c| speaks_to_a_terminal(*c)).collect();
            assert_eq!(strange, [' '; 0], "{text}");
        }
    }

    fn report(&self, format: &str) -> String {
        let ran = ran(&mut program(self.folder.path()), ["report", "a", "--format", format]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    }
}

/// By subject: its standings as `criterion standing`, and what one check said.
fn told(record: &Value, check: &str) -> BTreeMap<String, (Vec<String>, Vec<String>)> {
    let mut told = BTreeMap::<String, (Vec<String>, Vec<String>)>::new();
    for entry in record["standing"].as_array().unwrap() {
        let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let (standings, codes) = told.entry(text(entry, "subject")).or_default();
        standings.push(format!("{} {}", text(entry, "criterion"), text(entry, "standing")));
        for finding in entry["finding"].as_array().into_iter().flatten().filter(|finding| finding["check"] == check) {
            let silent = if finding["silent"] == true { "~" } else { "" };
            codes.push(format!("{silent}{}", text(finding, "code")));
        }
    }
    told
}

fn speaks_to_a_terminal(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn tame_site() -> Option<SocketAddr> {
    let home = "<!doctype html><html lang=fr><title>A</title><p>Bienvenue chez A, qui héberge des services pour tout le monde.</p></html>";
    Some(https([127, 0, 6, 1], trusted(), page(home.as_bytes())))
}

/// What cannot be read accuses nobody; what is true of it all the same (its certificate) is still told.
#[test]
fn each_hostile_host_ends_in_its_code_and_is_accused_of_nothing_unseen() {
    let behaviours = behaviours();
    let expected: BTreeMap<_, _> = behaviours.iter().map(|(name, code, _)| ((*name).to_owned(), vec![(*code).to_owned()])).collect();
    let hosts = (1..).zip(behaviours).map(|(n, (name, _, behaviour))| (name, Some(https([127, 0, 6, 1 + n], trusted(), behaviour))));
    let village = Village::new(std::iter::once(("www", tame_site())).chain(hosts));
    let first = village.run(&village.directly());
    assert_eq!(first.code, 1, "{}", first.err);
    let record: Value = serde_json::from_str(&village.report("json")).unwrap();
    let mut seen = told(&record, "reachable");
    seen.remove("hoster");
    let codes: BTreeMap<_, _> = seen.iter().map(|(name, (_, codes))| (name.clone(), codes.clone())).collect();
    assert_eq!(codes, expected);
    for (name, (standings, codes)) in &seen {
        let decided: Vec<&String> =
            standings.iter().filter(|standing| !standing.ends_with(" unseen") && !standing.ends_with(" pending")).collect();
        let answers: &[&str] = if codes[0] == "ok" { &["R1 met"] } else { &[] };
        assert_eq!(decided, answers, "{name}: {standings:?}");
    }
    village.speaks_to_nobody(&first);
    let before = village.read("record.toml");
    let second = village.run(&village.directly());
    assert_eq!((second.code, village.read("record.toml")), (1, before), "the same facts give the same record");
}

/// What does not even get to speak HTTP, and names that lead where they should not.
#[test]
fn a_door_that_means_harm_is_a_silence() {
    let noise = serve([127, 0, 6, 101], |mut stream| drop(stream.write_all(&b"\0\xff\x1b[31m\r\n".repeat(50))));
    let slow = serve([127, 0, 6, 102], |mut stream| {
        let _ = stream.write_all(b"\x16\x03\x03\x40\x00");
        while stream.write_all(b"\x02").is_ok() {
            std::thread::sleep(SLOWLY);
        }
    });
    let mute = serve([127, 0, 6, 103], |mut stream| while matches!(stream.read(&mut [0; 64]), Ok(1..)) {});
    let odd = https([127, 0, 6, 104], odd(), page(b"secret"));
    let false_name = https([127, 0, 6, 105], trusted(), page(b"<!doctype html><html lang=fr><title>A</title><p>Bonjour tout le monde."));
    let hosts = [
        ("noise", "~tls-failed", Some(noise)),
        ("slow", "~timed-out", Some(slow)),
        ("mute", "~timed-out", Some(mute)),
        ("odd", "~certificate-refused", Some(odd)),
        ("xn--pple-43d", "ok", Some(false_name)),
        ("private", "~private-address", None),
        ("both", "~private-address", None),
        ("cgnat", "~private-address", None),
        ("nowhere", "~dns-failed", None),
    ];
    // Of a loaded machine the name server, which is this program, may be late.
    let village = Village::patient(std::iter::once(("www", tame_site())).chain(hosts.map(|(name, _, address)| (name, address))), "3");
    let run = village.run(&village.directly());
    assert_eq!(run.code, 1, "{}", run.err);
    village.speaks_to_nobody(&run);
    let record: Value = serde_json::from_str(&village.report("json")).unwrap();
    let seen = told(&record, "reachable");
    for (name, code, _) in hosts {
        let (standings, codes) = &seen[name];
        assert_eq!(codes, &[code], "{name}");
        let unmet: Vec<&String> = standings.iter().filter(|standing| standing.ends_with(" unmet")).collect();
        // Its certificate was seen, and is nobody's.
        let expected: &[&str] = if name == "odd" { &["N3 unmet"] } else { &[] };
        assert_eq!(unmet, expected, "{name}");
    }
    assert_eq!(told(&record, "certificate-valid")["odd"].1, ["wrong-host", "self-signed"]);
    let all = [run.out, village.read("report.md"), village.read("record.toml"), village.report("html")].concat();
    assert!(all.contains("xn--pple-43d.hostile.test") && !all.contains('\u{430}'), "a false name is told from the true one");
}

/// The proxy would go anywhere; it is not asked to.
#[test]
fn through_a_proxy_nobody_is_led_into_the_neighbourhood() {
    let hosts = (1..)
        .zip(behaviours().into_iter().filter(|(name, ..)| name.starts_with("to-")))
        .map(|(n, (name, code, behaviour))| (name, code, https([127, 0, 6, 110 + n], trusted(), behaviour)));
    let hosts: Vec<_> = hosts.collect();
    let names = hosts.iter().map(|(name, _, address)| (*name, Some(*address))).chain([("private", None), ("both", None)]);
    let village = Village::new(std::iter::once(("www", tame_site())).chain(names));
    let proxy = Proxy::new(village.places.clone());
    let mut args = village.args.clone();
    args.extend(["--proxy".to_owned(), format!("http://{}", proxy.address)]);
    let run = village.run(&args);
    assert_eq!(run.code, 1, "{}", run.err);
    let record: Value = serde_json::from_str(&village.report("json")).unwrap();
    let seen = told(&record, "reachable");
    for (name, code, _) in &hosts {
        assert_eq!(seen[*name].1, [*code], "{name}");
    }
    assert_eq!((&seen["private"].1, &seen["both"].1), (&vec!["~private-address".to_owned()], &vec!["~private-address".to_owned()]));
    let asked = proxy.asked();
    let is_theirs = |asked: &String| {
        let host = asked.trim_start_matches("http://").split(['/', ':']).next().unwrap();
        host == "www.hostile.test" || host == "hostile.test" || hosts.iter().any(|(name, ..)| host == format!("{name}.{DOMAIN}"))
    };
    let strange: Vec<_> = asked.iter().filter(|asked| !is_theirs(asked)).collect();
    assert!(strange.is_empty() && asked.len() > hosts.len(), "{strange:?}");
}

#[test]
fn nobody_that_speaks_is_nothing_that_was_audited() {
    let mute = serve([127, 0, 6, 130], |mut stream| while matches!(stream.read(&mut [0; 64]), Ok(1..)) {});
    let village = Village::new([("www", Some(mute)), ("pad", Some(mute)), ("private", None)]);
    let run = village.run(&village.directly());
    assert_eq!((run.code, run.out.as_str()), (3, ""), "{}", run.err);
    assert!(!village.folder.path().join("audits/a/record.toml").exists() && !run.err.chars().any(speaks_to_a_terminal), "{}", run.err);
}
