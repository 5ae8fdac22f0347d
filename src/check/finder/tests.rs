//! What the sites of `tests/sites/` do not show: what is said of a search, and what it costs.

use super::*;
use crate::check::sample::{HOME, Sample, codes, sample};
use crate::criteria::shipped;
use crate::facts::SilenceKind;

const CHECK: &str = "page-published = { page = 'terms' }";
const LINKED: &str = "<p>hello</p><footer><a href='/les-regles'>CGU</a></footer>";

fn terms(title: &str) -> String {
    format!("<title>{title}</title><h1>{title}</h1><p>{}", "En utilisant ce service, vous acceptez ceci. ".repeat(40))
}

fn because(sample: Sample) -> String {
    sample.judge(CHECK).unwrap().remove(0).because.fr
}

#[test]
fn the_budget_is_what_the_guide_says() {
    let guide = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/criteria/README.md")).unwrap();
    let most = budget(shipped(), 5);
    assert!(guide.contains(&format!("at most {most} requests")), "{most}");
}

#[test]
fn what_the_site_answers_where_nothing_can_be_is_asked_for_beside_its_home_page() {
    let asked = sample().asks(|case| find(case, shipped().document("terms").unwrap()));
    for url in [HOME, "https://a.example/chatons-audit-nothing-is-here"] {
        assert!(asked.contains(&Need::Exchange(url.parse().unwrap())), "{asked:?}");
    }
}

#[test]
fn where_the_home_page_leads_is_where_nothing_can_be() {
    let elsewhere = "https://www.a.example/";
    let moved = || sample().answer(HOME, 301, &[("location", elsewhere)], "").page(elsewhere, "<p>hello");
    // What a site answers everywhere proves nothing.
    let everywhere = |at: &str| moved().page(&format!("{elsewhere}cgu"), &terms("CGU")).page(&format!("{at}{NOWHERE}"), &terms("CGU"));
    assert_eq!(codes(everywhere(elsewhere).judge(CHECK)), ["not-found"]);
    assert_eq!(codes(everywhere(HOME).judge(CHECK)), ["found"]);
}

#[test]
fn a_declared_address_wins_and_a_dead_one_is_told() {
    let declared = || {
        let mut sample = sample().page(HOME, LINKED).page("https://a.example/les-regles", &terms("CGU"));
        sample.declare("terms", "https://a.example/ici");
        sample
    };
    let there = declared().page("https://a.example/ici", &terms("Bienvenue"));
    assert!(because(there).contains("https://a.example/ici (déclaré dans hoster.toml)"));
    let dead = because(declared());
    assert!(dead.contains("/les-regles (lié depuis l'accueil)"), "{dead}");
    assert!(dead.contains("l'adresse déclarée, https://a.example/ici, ne mène nulle part"), "{dead}");
    let silent = declared().silent("https://a.example/ici", SilenceKind::TimedOut).judge(CHECK);
    assert!(matches!(silent, Err(Stop::Silent(_))), "what is declared and does not answer may be there");
}

#[test]
fn the_runner_up_and_the_points_are_told_where_it_is_close() {
    let home = "<p>hello</p><a href='/une'>Conditions d'utilisation</a> <a href='/deux'>CGU</a>";
    let close =
        sample().page(HOME, home).page("https://a.example/une", &terms("CGU")).page("https://a.example/deux", &terms("CGU du site"));
    let told = because(close);
    assert!(told.contains("points : lien 3, titre 3, contenu 2 ; ensuite https://a.example/deux, 8 points"), "{told}");
}

#[test]
fn another_language_is_told() {
    let home = format!("{LINKED}<p>{}", "Nous sommes une association pour les gens du quartier, et vous y venez. ".repeat(5));
    let english = "By using the service, you agree to the rules of this house; liability is ours. ".repeat(12);
    let told =
        because(sample().page(HOME, &home).page("https://a.example/les-regles", &format!("<title>Terms of use</title><p>{english}")));
    assert!(told.contains("en anglais quand l'accueil est en français"), "{told}");
}

#[test]
fn a_login_and_a_page_of_something_else_are_doubts() {
    let login = format!("<title>Connexion</title><form><input type=password name=p></form><p>{}", "Bienvenue. ".repeat(90));
    assert_eq!(codes(sample().page(HOME, LINKED).page("https://a.example/les-regles", &login).judge(CHECK)), ["login"]);
    let other = format!("<title>Recettes</title><p>{}", "Une recette de cuisine. ".repeat(90));
    assert_eq!(codes(sample().page(HOME, LINKED).page("https://a.example/les-regles", &other).judge(CHECK)), ["unlike"]);
}

/// A file whose words cannot be read is seen by nobody here.
#[test]
fn a_scanned_file_is_a_silence() {
    let scan = sample().page(HOME, LINKED).file("https://a.example/les-regles", "application/pdf").judge(CHECK);
    assert!(matches!(scan, Err(Stop::Silent(silence)) if silence.kind == SilenceKind::Unreadable));
}

#[test]
fn an_empty_shell_at_every_address_leaves_a_doubt() {
    let shell = "<title>A</title><div id=app></div><script src=/a.js></script>";
    let mut app = sample().page(HOME, "<p>hello").page("https://a.example/chatons-audit-nothing-is-here", shell);
    for path in &shipped().document("terms").unwrap().paths {
        app = app.page(&format!("https://a.example{path}"), shell);
    }
    assert_eq!(codes(app.judge(CHECK)), ["may-be-there"]);
}

/// What is kept on the disk counts as seen: a search that needs it says so, or the run would end there.
#[test]
fn a_page_that_was_put_away_is_asked_for_again() {
    let site = || sample().page(HOME, LINKED).page("https://a.example/les-regles", &terms("CGU"));
    let told = because(site());
    assert_eq!(because(site().put_away(HOME)), told);
    assert_eq!(because(site().put_away(HOME).put_away("https://a.example/les-regles")), told);
}
