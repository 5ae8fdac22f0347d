//! What a hoster publishes, kept in git: a changed sentence is one line of the diff, and asks again.

use std::fs;

use chatons_audit::{Day, Sites, Stage};

use crate::bench::{Bench, Ran};

const HOSTER: &str = "name = 'A'\nwebsite = 'https://www.a.example/'\nedition = '2023'\n";

/// T8 reads the terms; S2 reads nothing of them.
const ANSWERS: &str = "[[answer]]\ncriterion = 'T8'\noutcome = 'met'\nby = 'Ada'\non = 2026-09-01\n\
    [[answer]]\ncriterion = 'S2'\noutcome = 'met'\nby = 'Ada'\non = 2026-09-01\n";

const HOME: &str = "<html lang=fr><title>A</title><p>L'association A héberge des pads pour toutes et tous, sans publicité, depuis 2014.</p>\
    <nav><a href=/cgu>CGU</a></nav><p>Nonce : 1</p>";

/// Enough words for terms, in sentences that can be told apart.
fn terms(change: &str, visit: u32) -> String {
    let clauses: Vec<String> =
        (1..40).map(|n| format!("<p>Vous acceptez la règle {n}. Elle vaut pour vous comme pour nous.</p>")).collect();
    let clauses = clauses.concat();
    format!(
        "<html lang=fr><title>CGU</title><nav>Menu {visit}</nav><main><h1>Conditions générales d'utilisation</h1>\
         <p>Le service est gratuit. {change} Écrivez-nous.</p>{clauses}<p>{visit} visites</p></main>\
         <footer><script nonce=n{visit}>x()</script>Jeton {visit}</footer>"
    )
}

struct Web {
    bench: Bench,
}

impl Web {
    fn new() -> Self {
        let bench = Bench::in_repository();
        bench.write("hoster.toml", HOSTER);
        bench.write("answers.toml", ANSWERS);
        Self { bench }
    }

    /// A committed run on a web whose terms hold this sentence; without one, there are no terms.
    fn run(&self, day: &str, terms: Option<&str>, more: &[&str]) -> Ran {
        let pages = match terms {
            Some(terms) => format!("'/' = '''{HOME}'''\n'/cgu' = '''{terms}'''\n"),
            None => format!("'/' = '''{}'''\n", HOME.replace("<a href=/cgu>CGU</a>", "Accueil")),
        };
        let sites = format!("[[host]]\nname = 'www.a.example'\n[host.pages]\n{pages}");
        let stage = Stage::open(Sites::parse(&sites).unwrap(), day.parse::<Day>().unwrap()).unwrap();
        let authority = self.bench.home.path().join("ca.pem");
        fs::write(&authority, stage.ca_pem()).unwrap();
        let everywhere = format!("::{}", stage.address());
        let named = format!("*:443:{},[::1]", stage.address().ip());
        let network = ["--ca-file", authority.to_str().unwrap(), "--connect-to", &everywhere, "--resolve", &named, "--allow-private"];
        self.bench.run(&[&["run", "a", "--today", day, "--fail-on", "never"], &network[..], more].concat())
    }

    fn file(&self) -> Option<String> {
        fs::read_to_string(self.bench.audit().join("documents/terms.md")).ok()
    }
}

#[test]
fn a_changed_sentence_is_one_line_and_asks_again() {
    let web = Web::new();
    let first = web.run("2026-09-02", Some(&terms("Il est rendu par des bénévoles.", 1)), &["--commit"]);
    assert_eq!(first.code, 0, "{}", first.err);
    let kept = web.file().unwrap();
    assert!(kept.contains("\nIl est rendu par des bénévoles.\n") && !kept.contains("visites") && !kept.contains("Menu"), "{kept}");

    let same = web.run("2026-09-02", Some(&terms("Il est rendu par des bénévoles.", 2)), &["--commit"]);
    assert!(same.err.contains("nothing new"), "{}", same.err);

    let changed = web.run("2026-11-22", Some(&terms("Il est rendu par deux salariées.", 3)), &["--commit"]);
    assert_eq!(changed.code, 0, "{}", changed.err);
    let diff = web.bench.git(&["diff", "-U0", "HEAD~1", "HEAD", "--", "audits/a/documents"]);
    let lines: Vec<&str> =
        diff.lines().filter(|line| line.starts_with(['+', '-']) && !line.starts_with("+++") && !line.starts_with("---")).collect();
    assert_eq!(lines, ["-Il est rendu par des bénévoles.", "+Il est rendu par deux salariées."]);

    let report = fs::read_to_string(web.bench.audit().join("report.md")).unwrap();
    assert!(report.contains("text changed since 2026-09-02 (seen on 2026-11-22)"), "{report}");
    assert!(report.contains("since Ada answered on 2026-09-01: to be asked again"), "{report}");
    let message = web.bench.git(&["log", "-1", "--format=%B"]);
    assert!(message.contains("- T8 met → pending: the hoster changed a text after the answer, to be asked again"), "{message}");
    assert!(!message.contains("- S2"), "{message}");
    let told = web.bench.run(&["diff", "a", "HEAD~1"]);
    assert!(told.out.contains("Text changed: terms of use."), "{}", told.out);

    let again = web.run("2026-11-22", Some(&terms("Il est rendu par deux salariées.", 4)), &["--commit"]);
    assert!(again.err.contains("nothing new"), "{}", again.err);
}

#[test]
fn a_dry_run_keeps_no_text_and_terms_that_are_gone_lose_their_file() {
    let web = Web::new();
    let terms = terms("Il est rendu par des bénévoles.", 1);
    web.run("2026-09-02", Some(&terms), &["--dry-run"]);
    assert_eq!(web.file(), None);
    web.run("2026-09-02", Some(&terms), &["--only", "T8"]);
    assert_eq!(web.file(), None, "a partial audit keeps nothing");
    web.run("2026-09-02", Some(&terms), &[]);
    let kept = web.file();
    assert!(kept.is_some());
    let args = ["run", "a", "--offline", "--fail-on", "never", "--today", "2026-09-02"];
    assert_eq!(web.bench.run(&args).code, 0);
    assert_eq!(web.file(), kept, "who sees nothing removes nothing");
    web.run("2026-09-03", None, &[]);
    assert_eq!(web.file(), None);
}
