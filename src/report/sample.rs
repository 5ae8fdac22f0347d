//! One report for the tests of every rendering: all seven standings, both sides, actions, and text that means harm.

use super::Report;
use crate::audit::{AnswerKept, By, DocumentKept, Entry, Record, Remark, RemarkKind, ReplyKept, Standing, WaiverKept, count};
use crate::check::{Evidence, Finding, Outcome};
use crate::criteria::{Charter, Level};
use crate::day::Day;
use crate::file::Source;
use crate::hoster::{AnswerOutcome, Answers, Hoster};
use crate::text::Text;

/// Mark-up of every kind, a control sequence, a right-to-left mark, and a formula after a semicolon.
pub(super) const HOSTILE: &str =
    "<script>alert(1)</script> [x](javascript:alert(1)) ![i](http://t.example/) **gras** @all #1 \u{1b}[31m\u{202e};=cmd|'/C calc'!A0";

const RULES: &str = include_str!("golden/rules.toml");
const CHECKLIST: &str = include_str!("golden/checklist.toml");
const LAW: &str = include_str!("golden/law.toml");
const EDITIONS: &str = include_str!("golden/editions.toml");
const HOSTER: &str = include_str!("golden/hoster.toml");
const ANSWERS: &str = include_str!("golden/answers.toml");

/// What a [`Report`] borrows.
pub(super) struct Sample {
    pub(super) charter: Charter,
    pub(super) hoster: Hoster,
    pub(super) answers: Answers,
    pub(super) record: Record,
}

pub(super) fn sample() -> Sample {
    let sources = [
        Source::new("criteria/collectif.toml", RULES),
        Source::new("criteria/checklist.toml", CHECKLIST),
        Source::new("criteria/law-fr.toml", LAW),
        Source::new("criteria/editions.toml", EDITIONS),
    ];
    let charter = Charter::from_sources(&sources).expect("rules without a fault");
    let hoster = Hoster::read("perche".parse().unwrap(), &Source::new("hoster.toml", HOSTER), |_| true).expect("a hoster without a fault");
    let answers = Answers::read(&Source::new("answers.toml", ANSWERS), &charter, &hoster).expect("answers without a fault");
    Sample { charter, hoster, answers, record: record() }
}

impl Sample {
    pub(super) fn report(&self) -> Report<'_> {
        Report::new(&self.record, &self.charter, &self.hoster, &self.answers)
    }
}

/// Compares with a file of `golden/`; `UPDATE_EXPECT=1 cargo test --lib report` writes it anew. Ends of lines are
/// LF there, so that git leaves the file alone.
pub(super) fn golden(file: &str, text: &str) {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/report/golden").join(file);
    expect_test::ExpectFile { path, position: "src/report/sample.rs" }.assert_eq(&text.replace("\r\n", "\n"));
}

fn record() -> Record {
    let standings = standings();
    Record {
        format: 1,
        hoster: "perche".into(),
        name: "Chat perché & <b>Cie</b>".into(),
        edition: "2023".into(),
        date: Day::new(2026, 11, 22),
        tool: "0.1.0".into(),
        rules: "0123456789abcdef".into(),
        counts: count(standings.iter().map(|entry| entry.standing)),
        standings,
        documents: vec![DocumentKept {
            kind: "terms".into(),
            url: "https://perche.example/cgu".parse().unwrap(),
            digest: "1-0123456789abcdef".into(),
            changed_since: Some(Day::new(2026, 9, 2)),
            changed_on: Some(Day::new(2026, 11, 22)),
        }],
        remarks: vec![Remark {
            kind: RemarkKind::AnswerLapsed,
            criterion: "S3".parse().unwrap(),
            subject: None,
            because: Text {
                fr: "la réponse de Ada du 2024-03-01 a vécu jusqu'au 2025-03-01 : à redemander".into(),
                en: "the answer Ada gave on 2024-03-01 held until 2025-03-01: to be asked again".into(),
            },
        }],
    }
}

fn standings() -> Vec<Entry> {
    let terms =
        finding("page-published", "not-found", Outcome::Refutes, "aucune page de CGU n'a été trouvée", "no page of terms was found")
            .at("https://perche.example/")
            .quote("https://perche.example/cgu", HOSTILE);
    let tracker = finding("no-third-parties", "tracker", Outcome::Refutes, "la page charge stats.example", "the page loads stats.example")
        .at("https://pad.perche.example/p/é<b>?a=1&b=2")
        .at("javascript:alert(1)");
    let silent = Finding {
        silent: true,
        ..finding(
            "certificate-valid",
            "timed-out",
            Outcome::Inconclusive,
            "search.perche.example n'a pas répondu",
            "search.perche.example did not answer",
        )
        .at("search.perche.example:443")
    };
    let mention = finding(
        "page-mentions",
        "mentioned",
        Outcome::Supports,
        "la page d'accueil parle de sauvegardes",
        "the home page speaks of backups",
    )
    .quote("https://perche.example/", "Sauvegardes chaque nuit, chez un autre chaton.");
    let free =
        finding("free-software", "covered-by-exception", Outcome::Refutes, "ce logiciel n'est pas libre", "this program is not free");
    let https = finding("https-only", "ok", Outcome::Supports, "tout passe en HTTPS", "all goes over HTTPS").at("https://perche.example/");
    vec![
        entry("C1", "hoster", Standing::Met, By::Check).seen(https.clone()),
        entry("H1", "hoster", Standing::Pending, By::Nobody),
        entry("A1", "hoster", Standing::Met, By::Answer).answered(AnswerOutcome::Met, Some(HOSTILE)),
        entry("T1", "hoster", Standing::Met, By::Check).seen(https),
        entry("T1", "pad", Standing::Unmet, By::Check).seen(tracker),
        entry("T1", "search", Standing::Unseen, By::Nobody).seen(silent.clone()),
        entry("T1", "clubs", Standing::NotApplicable, By::Description).seen(fonts()),
        entry("T8", "hoster", Standing::Unmet, By::Check).seen(terms.clone()).replied(HOSTILE),
        entry("O1", "search", Standing::Waived, By::Waiver).seen(free).waived(),
        entry("N1", "hoster", Standing::Contested, By::CheckAndAnswer)
            .seen(terms)
            .answered(AnswerOutcome::Met, Some("La page est dans le wiki."))
            .replied("Le lien sera sur l'accueil demain."),
        entry("N2", "hoster", Standing::Unseen, By::Nobody).seen(silent),
        entry("S1", "hoster", Standing::NotApplicable, By::Description),
        Entry { level: Level::Encouraged, ..entry("S2", "hoster", Standing::Unmet, By::Answer).answered(AnswerOutcome::Unmet, None) },
        entry("S3", "hoster", Standing::Pending, By::Nobody).seen(mention.clone()),
        entry("R1", "hoster", Standing::Met, By::Answer).answered(AnswerOutcome::Met, None).replied("C'est fait depuis mai."),
        entry("R2", "hoster", Standing::Pending, By::Nobody).seen(mention),
        entry("R2a", "hoster", Standing::NotApplicable, By::Answer).answered(AnswerOutcome::NotApplicable, Some("Aucun salarié.")),
        entry("L1", "hoster", Standing::Unmet, By::Check).seen(finding(
            "page-published",
            "not-found",
            Outcome::Refutes,
            "aucune mention légale",
            "no legal notice",
        )),
    ]
}

/// Seen on a site of customers.
fn fonts() -> Finding {
    let (fr, en) = ("le site d'un club appelle fonts.googleapis.com (Google)", "a club's site calls fonts.googleapis.com (Google)");
    finding("no-third-parties", "big-tech", Outcome::ForInformation, fr, en)
}

fn finding(check: &str, code: &str, outcome: Outcome, fr: &str, en: &str) -> Finding {
    let because = Text { fr: fr.into(), en: en.into() };
    Finding { check: check.into(), code: code.into(), outcome, silent: false, because, evidence: Vec::<Evidence>::new() }
}

fn entry(criterion: &str, subject: &str, standing: Standing, by: By) -> Entry {
    let (criterion, subject) = (criterion.parse().unwrap(), subject.parse().unwrap());
    Entry {
        criterion,
        subject,
        level: Level::Required,
        standing,
        by,
        revision: 1,
        answer: None,
        waiver: None,
        replies: Vec::new(),
        findings: Vec::new(),
    }
}

impl Entry {
    fn seen(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    fn answered(mut self, outcome: AnswerOutcome, note: Option<&str>) -> Self {
        let evidence = vec!["https://perche.example/compte-rendu".parse().unwrap(), "javascript:alert(1)".parse().unwrap()];
        let (on, until) = (Day::new(2026, 10, 1), Day::new(2027, 10, 1));
        self.answer = Some(AnswerKept { outcome, by: "Ada <i>".into(), on, until, note: note.map(Into::into), evidence });
        self
    }

    fn replied(mut self, text: &str) -> Self {
        self.replies.push(ReplyKept { by: "Le Chat <b>Perché".into(), on: Day::new(2026, 11, 20), text: text.into() });
        self
    }

    fn waived(mut self) -> Self {
        self.waiver = Some(WaiverKept {
            because: Text {
                fr: "méta-moteur : la source de l'index n'est pas libre".into(),
                en: "meta-search: the source of the index is not free".into(),
            },
            granted_by: "le collectif".into(),
            until: Day::new(2027, 6, 30),
            decision: Some("https://forum.example/t/42".parse().unwrap()),
        });
        self
    }
}
