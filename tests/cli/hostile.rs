//! Text from the network or from a file never reaches a terminal or a page of Markdown as anything but text.

use pulldown_cmark::{Event, Options, Parser, Tag};

use crate::program::{program, ran};
use crate::small::{HOSTER, TODAY};
use crate::stage::Scene;

/// A title, a picture, a clause and a link that try everything: colours, directions, HTML, Markdown, table cells.
const ATTACK: &str = "\u{1b}[31mROUGE\u{1b}]0;t\u{7}\u{9b}1m \u{202e}txet\u{2066}\u{200b} &lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x onerror=y&gt; [lien](javascript:alert(1)) ![image](http://t.example/) **gras** `code` | cellule | # titre <!-- -->";

pub fn scene_of_attack() -> Scene {
    let terms = format!(
        "<!doctype html><html lang=fr><title>CGU {ATTACK}</title><h1>CGU</h1><p>{ATTACK} vos données personnelles sont conservées un an {ATTACK}</p><p>{}</p>",
        "En utilisant ce service, vous acceptez ceci. ".repeat(30)
    );
    let home = format!(
        "<html><title></title><p>Bienvenue. {ATTACK}</p><img src=\"a.png?{ATTACK}\"><input name=\"{ATTACK}\"><a href='/cgu'>Conditions d’utilisation</a>\
         <script src=\"https://www.google-analytics.com/{}\"></script>",
        "%1b[31m`<b>|"
    );
    let quote = |text: &str| toml::Value::String(text.to_owned()).to_string();
    let sites = format!(
        "[[host]]\nname = 'www.petit.example'\nplain-http = 'open'\npages = {{ '/' = {}, '/cgu' = {} }}\nheaders = {{ composed-by = 'SPIP 4.4.3 <b>**x**' }}\n\
         [[host]]\nname = 'pad.petit.example'\n[[host.route]]\npath = '/'\nstatus = 302\nheaders = {{ location = 'https://evil.example/<script>|`**x**' }}\n",
        quote(&home),
        quote(&terms)
    );
    let hoster =
        HOSTER.replace("'Petit Chat'", &quote(&format!("Petit Chat {ATTACK}"))).replace("'Pads'", &quote(&format!("Pads {ATTACK}")));
    let scene = Scene::new(&hoster, &sites, TODAY);
    let said = quote(ATTACK);
    scene.write(
        "answers.toml",
        &format!(
            "[[answer]]\ncriterion = 'C2'\noutcome = 'unmet'\nby = {said}\non = 2026-11-20\nnote = {said}\n\
             [[answer]]\ncriterion = 'A3'\noutcome = 'met'\nby = {said}\non = 2026-11-20\nnote = {said}\n\
             [[answer]]\ncriterion = 'C3'\noutcome = 'met'\nby = {said}\non = 2020-11-20\n\
             [[waiver]]\ncriterion = 'R18'\nreason = {said}\ngranted-by = {said}\non = 2026-11-20\nuntil = 2027-11-20\n\
             [[action]]\ncriterion = 'C2'\ntodo = {said}\nowner = {said}\nissue = 'https://forge.example/<b>`|'\n"
        ),
    );
    scene
}

pub fn speaks_to_a_terminal(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn the_terminal_is_not_spoken_to() {
    let scene = scene_of_attack();
    for args in [&[][..], &["--lang", "en"], &["--format", "markdown"]] {
        let ran = scene.run(args);
        assert_eq!(ran.code, 1, "{}", ran.err);
        assert!(ran.out.contains("ROUGE"), "the text is there, as text: {}", ran.out);
        for text in [&ran.out, &ran.err, &scene.read("report.md")] {
            let strange: Vec<char> = text.chars().filter(|c| speaks_to_a_terminal(*c)).collect();
            assert_eq!(strange, [' '; 0], "{args:?}");
        }
    }
    let words = ["explain A3 hoster", "explain R18 hoster", "report hoster"];
    for command in words {
        let ran = ran(&mut program(&scene.path("../..")), command.split(' '));
        assert_eq!(ran.code, 0, "{command}: {}", ran.err);
        assert!(!ran.out.chars().any(speaks_to_a_terminal), "{command}: {:?}", ran.out);
    }
}

/// With colours on, only ours: bold, a colour, and back.
#[test]
fn colours_are_ours_alone() {
    let out = scene_of_attack().run(&["--color", "always"]).out;
    let sequences = out.split('\u{1b}').skip(1);
    for sequence in sequences {
        let end = sequence.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        assert!(sequence.starts_with('[') && &sequence[end..=end] == "m", "{sequence:?}");
    }
    assert!(!out.contains('\u{9b}') && !out.contains('\u{7}') && !out.contains("\u{1b}[31mROUGE"));
}

#[test]
fn the_report_holds_no_markup_but_its_own() {
    let scene = scene_of_attack();
    scene.run(&[]);
    let report = scene.read("report.md");
    let mut headings = 0;
    for event in Parser::new_ext(&report, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("HTML in the report: {html}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture in the report: {dest_url}"),
            Event::Start(Tag::Link { dest_url, .. }) => assert_eq!(&*dest_url, "https://www.chatons.org/charte"),
            Event::Start(Tag::Heading { .. }) => headings += 1,
            Event::Code(code) => assert!(code.chars().all(|c| c.is_ascii_lowercase() || "-.".contains(c)), "code in the report: {code}"),
            _ => {}
        }
    }
    assert!(headings > 10, "{headings} headings");
    assert!(report.contains("ROUGE"));
    let width = |line: &str| line.replace("\\|", "").matches('|').count();
    for table in report.split("\n\n").filter(|part| part.starts_with('|')) {
        let widths: Vec<usize> = table.lines().map(width).collect();
        assert!(widths.iter().all(|n| *n == widths[0]), "a cell too many: {table}");
    }
}

/// A page as large as the web allows, nested as deep as it gets, does not stop the audit.
#[test]
fn a_monstrous_page_is_survived() {
    let deep = "<div>".repeat(60_000) + &"<a href='/cgu'>CGU</a>".repeat(20_000);
    let quoted = toml::Value::String(deep).to_string();
    let sites = crate::small::SITES.replacen(
        "'<!doctype html><html lang=fr><title>Petit Chat</title><p>Bienvenue chez Petit Chat.</p></html>'",
        &quoted,
        1,
    );
    assert_ne!(sites, crate::small::SITES);
    let scene = Scene::new(HOSTER, &sites, TODAY);
    let ran = scene.run(&["--only", "R1,T8,R24,S3,A3"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    let words = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("ne mène nulle part"), "the link was found: {}", ran.out);
}
