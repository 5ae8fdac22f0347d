//! A real browser before pages on loopback: exactly what it asks, and no more. Not run by default: Chromium is needed.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::find;
use crate::day::Day;
use crate::demo::{Sites, Stage};
use crate::facts::{Call, Fact, Need, Observer, SilenceKind, Stay, Visit};
use crate::probe::{Browser, Probe, Settings};

const TODAY: Day = Day::new(2026, 11, 22);

/// A page that does in time all that pages do, and `clicked.example` behind a banner.
const BUSY: &str = r#"
[[host]]
name = "a.example"
[host.pages]
"/" = """<!doctype html><html lang=fr><title>A</title><p>Bonjour</p><img src='https://image.example/i.png' alt=''>
<img src='/away.png' alt=''><img src='https://untold.example/i.png' alt=''><iframe src='https://frame.example/'></iframe><script src='/app.js'></script>
<button onclick="fetch('https://clicked.example/')">Tout accepter</button>
<div style='height:4000px'></div><img loading=lazy src='https://lazy.example/z.png' alt=''>"""
[[host.route]]
path = "/app.js"
type = "text/javascript"
body = """
setTimeout(() => fetch('https://late.example/x?n=' + Math.random()), 3000);
new WebSocket('wss://socket.example/ws');
navigator.sendBeacon('https://beacon.example/b');
localStorage.setItem('seen', '1');
document.cookie = 'kept=1; max-age=1000';
document.cookie = 'short=1';
navigator.serviceWorker.register('/service.js');
new Worker('/worker.js');
addEventListener('scroll', () => fetch('https://scroll.example/s'));
alert('stop');
"""
[[host.route]]
path = "/service.js"
type = "text/javascript"
body = "fetch('https://service.example/')"
[[host.route]]
path = "/worker.js"
type = "text/javascript"
body = "fetch('https://worker.example/')"
[[host.route]]
path = "/away.png"
status = 302
headers = { Location = "http://192.168.0.1/i.png" }
[[host]]
name = "image.example"
[[host.route]]
path = "/i.png"
type = "image/png"
headers = { Set-Cookie = "third=1; SameSite=None; Secure; Max-Age=999" }
body = "x"
[[host]]
name = "untold.example"
[[host.route]]
path = "/i.png"
type = "image/png"
headers = { Set-Cookie = "nobody-keeps-it=1" }
body = "x"
[[host]]
name = "frame.example"
[host.pages]
"/" = "<script>fetch('https://nested.example/'); document.cookie = 'framed=1; SameSite=None; Secure'</script>"
"#;

fn visit(sites: &str, url: &str) -> (Result<Visit, SilenceKind>, Vec<String>) {
    let (mut seen, requests) = visits(sites, &[url.to_owned()]);
    (seen.remove(0), requests)
}

/// Visits pages of these sites, whose hosts are on loopback; no other private address is let through.
fn visits(sites: &str, urls: &[String]) -> (Vec<Result<Visit, SilenceKind>>, Vec<String>) {
    let stage = Stage::open(Sites::parse(sites).unwrap(), TODAY).unwrap();
    let authority = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(authority.path(), stage.ca_pem()).unwrap();
    let mut settings = Settings::new(TODAY);
    settings.ca_files = vec![authority.path().to_owned()];
    let named = sites.lines().filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    settings.connect_to = named.map(|host| format!("{host}::127.0.0.1:{}", stage.address().port()).parse().unwrap()).collect();
    settings.browser = Browser::At(find(Path::new("auto")).expect("this test needs Chromium: `apt-get install chromium`"));
    let mut probe = Probe::new(settings).unwrap();
    for url in urls {
        probe.ask(Need::Visit(url.parse().unwrap()));
    }
    let mut seen = BTreeMap::new();
    while let Some((need, told)) = probe.next() {
        let told = match told {
            Ok(Fact::Visit(visit)) => Ok(Visit::clone(&visit)),
            Ok(_) => unreachable!("a visit is brought back for a visit"),
            Err(silence) => Err(silence.kind),
        };
        seen.insert(need.place(), told);
    }
    (urls.iter().map(|url| seen.remove(url).unwrap()).collect(), stage.requests())
}

/// Each folder of `tests/pages` as the site of a host of its own, and the hosts that Chromium calls there.
fn fixtures() -> (String, BTreeMap<String, BTreeSet<String>>) {
    fn serve(site: &mut String, folder: &Path, at: &str, headers: &str) {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                serve(site, &path, &format!("{at}{name}/"), headers);
            } else if name != "expected.toml" {
                let (kind, address) = if path.extension().is_some_and(|extension| extension == "css") {
                    ("text/css", name)
                } else {
                    ("text/html", name.trim_start_matches("index.html"))
                };
                let body = toml::Value::from(std::fs::read_to_string(&path).unwrap());
                let headers = if name == "index.html" { headers } else { "{}" };
                site.push_str(&format!("[[host.route]]\npath = '{at}{address}'\ntype = '{kind}'\nheaders = {headers}\nbody = {body}\n"));
            }
        }
    }
    let (mut sites, mut expected) = (String::new(), BTreeMap::new());
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages");
    for folder in std::fs::read_dir(root).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir()) {
        let told: toml::Table = std::fs::read_to_string(folder.join("expected.toml")).unwrap().parse().unwrap();
        let host = format!("{}.pages.example", folder.file_name().unwrap().to_str().unwrap());
        let hosts = told.get("browser").unwrap_or(&told["certain"]).as_array().unwrap();
        expected.insert(host.clone(), hosts.iter().map(|host| host.as_str().unwrap().to_owned()).collect());
        sites.push_str(&format!("[[host]]\nname = \"{host}\"\n"));
        serve(&mut sites, &folder, "/", &told.get("headers").map_or_else(|| "{}".to_owned(), ToString::to_string));
    }
    (sites, expected)
}

#[test]
#[ignore = "needs Chromium: cargo test --lib browser -- --ignored"]
fn browser_calls_on_each_fixture_page_the_hosts_that_it_says_and_no_other() {
    let (sites, expected) = fixtures();
    assert!(expected.len() >= 40, "{}", expected.len());
    let urls: Vec<String> = expected.keys().map(|host| format!("https://{host}/")).collect();
    let (seen, requests) = visits(&sites, &urls);
    let own = |host: &str| host.ends_with("a.example") || host.ends_with(".pages.example");
    let mut wrong = Vec::new();
    for (url, seen) in urls.iter().zip(seen) {
        let called: BTreeSet<String> = match &seen {
            Ok(visit) => hosts(visit).into_iter().filter(|host| !own(host)).map(str::to_owned).collect(),
            Err(why) => [format!("{why:?}")].into(),
        };
        let expected = &expected[url.trim_start_matches("https://").trim_end_matches('/')];
        if called != *expected {
            wrong.push(format!("{url} calls {called:?}, not {expected:?}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert!(requests.iter().all(|line| line.contains(".pages.example/")), "{requests:#?}");
}

fn hosts(visit: &Visit) -> Vec<&str> {
    visit.calls.iter().map(Call::host).collect::<BTreeSet<_>>().into_iter().collect()
}

#[test]
#[ignore = "needs Chromium: cargo test --lib browser -- --ignored"]
fn browser_sees_all_that_a_page_does_and_clicks_on_nothing() {
    let (seen, requests) = visit(BUSY, "https://a.example/");
    let seen = seen.unwrap();
    let expected = [
        "192.168.0.1",
        "a.example",
        "beacon.example",
        "frame.example",
        "image.example",
        "late.example",
        "lazy.example",
        "nested.example",
        "scroll.example",
        "service.example",
        "socket.example",
        "untold.example",
        "worker.example",
    ];
    assert_eq!(hosts(&seen), expected, "{requests:#?}");
    // The private address was asked for and refused; Chromium's own wishes never left.
    let visited: BTreeSet<&str> = requests.iter().filter_map(|line| line.split("://").nth(1)?.split('/').next()).collect();
    assert_eq!(visited.into_iter().collect::<Vec<_>>(), ["a.example", "frame.example", "image.example", "untold.example"]);

    let cookies: Vec<_> = seen.cookies.iter().map(|kept| (kept.domain.as_str(), kept.name.as_str(), kept.stay)).collect();
    let expected = [
        ("a.example", "kept", Stay::Lasting),
        ("a.example", "short", Stay::Session),
        ("frame.example", "framed", Stay::Session),
        ("image.example", "third", Stay::Lasting),
    ];
    assert_eq!(cookies, expected, "those of third parties too");
    assert_eq!(seen.stored.iter().map(|stored| format!("{} {}", stored.host, stored.key)).collect::<Vec<_>>(), ["a.example seen"]);
    let late = seen.calls.iter().find(|call| call.host() == "late.example").unwrap();
    assert_eq!((late.url.as_str(), late.via[0].as_str()), ("https://late.example/x", "https://a.example/app.js"));
}

#[test]
#[ignore = "needs Chromium: cargo test --lib browser -- --ignored"]
fn browser_gives_the_same_visit_twice() {
    let once = visit(BUSY, "https://a.example/").0.unwrap();
    let again = visit(BUSY, "https://a.example/").0.unwrap();
    assert_eq!((once.calls, once.cookies, once.stored), (again.calls, again.cookies, again.stored));
}

const DOORS: &str = r#"
[[host]]
name = "a.example"
[[host.route]]
path = "/inside"
status = 302
headers = { Location = "http://10.0.0.1/" }
[[host.route]]
path = "/broken"
status = 503
[host.pages]
"/app" = "<!doctype html><div id=app></div><script>app.textContent = 'Bienvenue, voici la page que le programme écrit. '.repeat(9)</script>"
"/loop" = "<!doctype html><p>x</p><script>for (;;) {}</script>"
[[host]]
name = "old.example"
certificate = "expired"
[host.pages]
"/" = "<p>x</p>"
"#;

#[test]
#[ignore = "needs Chromium: cargo test --lib browser -- --ignored"]
fn browser_is_refused_what_the_tool_is_refused() {
    let silence = |url: &str| visit(DOORS, url).0.map(|visit| visit.calls).unwrap_err();
    assert_eq!(silence("https://a.example/inside"), SilenceKind::PrivateAddress);
    assert_eq!(silence("http://127.0.0.1/"), SilenceKind::PrivateAddress);
    assert_eq!(silence("https://old.example/"), SilenceKind::CertificateRefused);
    assert_eq!(silence("https://a.example/broken"), SilenceKind::HttpError(503));
}

#[test]
#[ignore = "needs Chromium: cargo test --lib browser -- --ignored"]
fn browser_runs_the_programs_of_a_page_but_not_for_ever() {
    let seen = visit(DOORS, "https://a.example/app").0.unwrap();
    assert!(seen.shown.page().text.starts_with("Bienvenue, voici"), "{}", seen.shown.text());
    assert_eq!(visit(DOORS, "https://a.example/loop").0.map(|visit| visit.calls).unwrap_err(), SilenceKind::TimedOut);
}
