//! Text from strangers, in every form that leaves the program: nothing of it is obeyed, and a false name is told from the true one.

use std::fs;
use std::path::Path;
use std::process::Command;

use pulldown_cmark::{Event, Parser, Tag};

use crate::hostile::{scene_of_attack, speaks_to_a_terminal};
use crate::program::{program, ran};
use crate::small::{self, HOSTER, TODAY};
use crate::stage::Scene;

/// Header fields, cookies, what applications answer, records of names, and a redirect, all of somebody who means harm.
const SITES: &str = r#"
[[zone]]
name = 'petit.example'
records = '''
@ 60 IN SOA ns1 root 1 60 60 60 60
@ 60 IN MX 10 mail
@ 60 IN NS ns1
@ 60 IN TXT "v=spf1 \027[31mROUGE<b>|`**x** -all"
_dmarc 60 IN TXT "v=DMARC1; p=reject; \226\128\174\027]52;c;eA==\007"
'''
[[host]]
name = 'www.petit.example'
[[host.route]]
path = '/'
headers = { set-cookie = 'ROUGE<b>|`**x**=secret; Max-Age=99999999', server = 'SPIP <img src=x>|`', strict-transport-security = 'ROUGE<b>|`' }
body = """
<!doctype html><html lang=fr><title>\u001B]0;ROUGE\u0007\u009B31m\u202E</title><p>Bienvenue chez Petit Chat, qui héberge des pads pour tout le monde.</p>
<img src="https://\u0430pple.example/ROUGE.png"><a href="/cgu">Conditions d’utilisation \u001B[31m\u202E&lt;script&gt;</a><a href="https://\u0430pple.example/source">code source</a>
"""
[[host.route]]
path = '/cgu'
body = """
<title>CGU\u001B[31m</title><h1>Conditions d’utilisation</h1><p>=cmd|' /C calc'!A0 \u202E\u2066\u200B\u061C &lt;script&gt;alert(1)&lt;/script&gt; ![x](http://t.example/) [l](javascript:alert(1))</p>
<p>En utilisant ce service, vous acceptez que vos données personnelles soient conservées un an. ROUGE. En utilisant ce service, vous acceptez ceci, et cela. Nous gardons les journaux un an.</p>
"""
[[host]]
name = 'pad.petit.example'
[[host.route]]
path = '/'
status = 302
headers = { location = 'https://xn--pple-43d.example/<script>|`**x**' }
[[host.route]]
path = '/status.php'
headers = { content-type = 'application/json' }
body = '{"installed":true,"productname":"Next<b>|`\u001b[31mROUGE","versionstring":"\u202e99.0<script>"}'
"#;

fn scene() -> Scene {
    let end = "Nous gardons les journaux un an.</p>";
    let more =
        "<p>En utilisant ce service, vous acceptez ces conditions générales ; notre responsabilité est limitée à ce que dit la loi.</p>";
    let sites = SITES.replace(end, &format!("{end}{}", more.repeat(9)));
    Scene::new(&HOSTER.replace("'Pads'", r#""Pads \u001B[31m\u202E<b>|`ROUGE""#), &sites, TODAY)
}

fn strange(text: &str) -> Vec<char> {
    text.chars().filter(|c| speaks_to_a_terminal(*c)).collect()
}

fn report(scene: &Scene, args: &[&str]) -> String {
    let ran = ran(&mut program(&scene.path("../..")), [&["report", "hoster"], args].concat());
    assert_eq!(ran.code, 0, "{args:?}: {}", ran.err);
    ran.out
}

#[test]
fn no_form_speaks_to_a_terminal() {
    for scene in [scene(), scene_of_attack()] {
        scene.run(&[]);
        for format in ["table", "markdown", "html", "csv", "candidature"] {
            for lang in ["fr", "en"] {
                let text = report(&scene, &["--format", format, "--lang", lang]).replace("\r\n", "\n");
                assert_eq!(strange(&text), [' '; 0], "{format} {lang}: {text:?}");
            }
        }
    }
}

/// JSON and TOML escape what they hold: control characters are never there as themselves, and both say the same.
#[test]
fn records_hold_no_control_character_as_itself() {
    for scene in [scene(), scene_of_attack()] {
        scene.run(&[]);
        let json = report(&scene, &["--format", "json"]);
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        let record: toml::Table = scene.read("record.toml").parse().unwrap();
        assert_eq!(read["standing"].as_array().unwrap().len(), record["standing"].as_array().unwrap().len());
        for text in [&json, &scene.read("record.toml")] {
            assert!(!text.contains(|c: char| c.is_control() && c != '\n'), "{text:?}");
        }
    }
}

#[test]
fn a_page_of_html_runs_nothing() {
    for scene in [scene(), scene_of_attack()] {
        scene.run(&[]);
        let html = report(&scene, &["--format", "html"]).to_lowercase();
        assert!(html.contains("rouge"), "the text is there, as text");
        for tag in ["<script", "<img", "<b>|", "onerror=y>", "href=\"javascript:", "src=\""] {
            assert!(!html.contains(tag), "{tag}: {html}");
        }
    }
}

fn assert_inert(text: &str) {
    assert_eq!(strange(text), [' '; 0], "{text:?}");
    for event in Parser::new(text) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => panic!("a tag: {html}\n{text}"),
            Event::Start(Tag::Image { dest_url, .. }) => panic!("a picture: {dest_url}\n{text}"),
            _ => {}
        }
    }
}

#[test]
fn a_kept_text_holds_text_alone() {
    let scene = scene();
    scene.run(&[]);
    let kept = fs::read_dir(scene.path("documents")).unwrap().map(|file| fs::read_to_string(file.unwrap().path()).unwrap());
    let kept: Vec<String> = kept.collect();
    assert!(kept.iter().any(|text| text.contains("ROUGE")), "{kept:?}");
    // The head says where it comes from, in two comments of ours.
    let text = |kept: &str| kept.lines().skip_while(|line| line.starts_with("<!-- ")).collect::<Vec<_>>().join("\n");
    for kept in &kept {
        assert_inert(&text(kept));
    }
}

/// `apple` whose first letter is Cyrillic: it is shown as name servers know it.
#[test]
fn a_false_name_is_told_from_the_true_one() {
    let scene = scene();
    let table = scene.run(&["--fail-on", "never"]).out;
    let json = report(&scene, &["--format", "json"]);
    assert!(json.contains("xn--pple-43d.example"), "{json}");
    let forms = [table, json, report(&scene, &["--format", "html"]), scene.read("report.md"), scene.read("record.toml")];
    for text in forms {
        assert!(text.contains("xn--pple-43d.example"), "{text}");
    }
    // A line of the page's source is quoted as it stands there; nothing else shows the false letter.
    let told: serde_json::Value = serde_json::from_str(&report(&scene, &["--format", "json"])).unwrap();
    let findings = told["standing"].as_array().unwrap().iter().flat_map(|entry| entry["finding"].as_array().into_iter().flatten());
    for finding in findings {
        assert!(!finding["because"].to_string().contains('\u{430}'), "{finding}");
        let places = finding["evidence"].as_array().into_iter().flatten().map(|evidence| evidence["at"].to_string());
        places.for_each(|at| assert!(!at.contains('\u{430}'), "{at}"));
    }
}

/// A record of a tame hoster in git, then one of this: its message and the comparison.
#[test]
fn a_commit_and_a_comparison_speak_to_nobody_either() {
    let (tame, scene) = (small::scene(), scene());
    tame.run(&[]);
    let folder = scene.path("../..");
    fs::copy(tame.path("record.toml"), scene.path("record.toml")).unwrap();
    for words in ["init -q", "config user.name A", "config user.email a@a.example", "add audits", "commit -q -m old"] {
        git(&folder, words);
    }
    let ran_it = scene.run(&["--commit", "--fail-on", "never"]);
    assert_eq!(ran_it.code, 0, "{}", ran_it.err);
    let message = git(&folder, "log -1 --format=%B");
    assert!(message.lines().count() > 2, "{message}");
    assert_eq!((strange(&message), strange(&ran_it.err)), (vec![], vec![]), "{message:?}");
    for format in ["text", "markdown", "json"] {
        let compared = ran(&mut program(&folder), ["diff", "hoster", "HEAD~1", "--format", format]);
        assert_eq!(compared.code, 0, "{}", compared.err);
        match format {
            "markdown" => assert_inert(&compared.out),
            "json" => assert!(!compared.out.contains(|c: char| c.is_control() && c != '\n'), "{:?}", compared.out),
            _ => assert_eq!(strange(&compared.out), [' '; 0], "{:?}", compared.out),
        }
    }
}

fn git(folder: &Path, words: &str) -> String {
    let output = Command::new("git").current_dir(folder).args(words.split(' ')).output().unwrap();
    assert!(output.status.success(), "git {words}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
