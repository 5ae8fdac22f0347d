//! Which programs are named, and which never are: pages that look alike, forged labels, odd deployments.

use crate::check::Outcome;
use crate::check::sample::{Sample, sample, sample_of};
use crate::criteria::{Sign, Spot, Sure, shipped};
use crate::facts::SilenceKind;

const PAD: &str = "https://pad.a.example/";
const HTML: (&str, &str) = ("content-type", "text/html");
const CHECK: &str = "free-software = {}";

/// What is said of a service: the code, and the sentence.
fn said(sample: Sample) -> Vec<(String, String)> {
    sample.judge_service(CHECK).unwrap().into_iter().map(|finding| (finding.code, finding.because.en)).collect()
}

fn at(path: &str) -> String {
    format!("{PAD}{path}")
}

/// Asserts that these programs, and no others, are named for certain.
fn named(sample: Sample, programs: &[&str]) {
    let said = said(sample);
    let certain: Vec<&str> = said
        .iter()
        .filter(|(code, _)| code != "unknown-software" && code != "contradicts-claim")
        .map(|(_, because)| because.as_str())
        .collect();
    assert_eq!(certain.len(), programs.len(), "{said:?}");
    for program in programs {
        assert!(certain.iter().any(|because| because.starts_with(program)), "{program}: {said:?}");
    }
}

/// Pages that look like a program and are none of them: what they are, and their HTML.
const LOOK_ALIKES: [(&str, &str); 32] = [
    ("a blog post about Etherpad", "<title>Etherpad, un bel outil</title><h1>Etherpad</h1><p>Nous aimons Etherpad et Mattermost."),
    ("an embedded PeerTube video", "<p>Notre film</p><iframe src='https://tube.other.example/videos/embed/1' title='PeerTube'></iframe>"),
    (
        "a static copy of an Etherpad",
        "<title>Etherpad</title><button data-l10n-id=\"index.newPad\"></button><script src='/static/js/pad.js'></script>",
    ),
    (
        "a static copy of a WordPress",
        "<meta name=generator content='WordPress 6.7.1'><link rel='https://api.w.org/' href='https://pad.a.example/wp-json/'><p>x",
    ),
    ("a forged generator: WordPress", "<meta name=generator content='WordPress 6.7.1'><p>écrit à la main"),
    ("a forged generator: Discourse", "<meta name=generator content='Discourse 3.3.2'><p>hello"),
    ("a forged generator: SharePoint", "<meta name=generator content='Microsoft SharePoint'><p>hello"),
    ("a forged generator: Wix", "<meta name=generator content='Wix.com Website Builder'><p>hello"),
    ("a forged generator: Webflow", "<meta name=generator content='Webflow'><p>hello"),
    ("a forged generator: vBulletin", "<meta name=generator content='vBulletin 5.6.4'><p>hello"),
    ("an archive of a XenForo forum", "<html id=\"XF\" lang=\"fr\" dir=\"LTR\" data-app=\"public\"><p>ancien forum"),
    ("an archive of an Invision forum", "<script type='text/javascript'>ips.setSetting( 'date_format', 1);</script><p>ancien forum"),
    ("a saved Jira page", "<meta name=\"application-name\" content=\"JIRA\" data-name=\"jira\" data-version=\"9.12.15\"><p>x"),
    ("a fork of Element", "<meta name=\"application-name\" content=\"SchildiChat\"><section id=\"matrixchat\"></section>"),
    ("a fork of Gitea", "<script>window.config = { assetVersionEncoded: encodeURIComponent('3.1.0+forge') };</script>"),
    ("links to Mastodon", "<a href='https://mastodon.social/@x' rel=me>Mastodon</a><a href='https://joinmastodon.org'>join</a>"),
    ("a Nextcloud provider's advertisement", "<title>Nextcloud hébergé</title><h1>Nextcloud</h1><p>Nextcloud 30.0.2 pour tous."),
    (
        "a portal that names all services",
        "<h1>Nos services</h1><ul><li>Etherpad<li>Nextcloud<li>Mattermost<li>GitLab<li>PeerTube<li>Matrix (Element)</ul>",
    ),
    ("a page that loads pictures of a WordPress", "<img src='https://other.example/wp-content/uploads/a.png' alt=''><p>hello"),
    ("a page with Jitsi's external API", "<script src='https://meet.jit.si/external_api.js'></script><p>rendez-vous"),
    ("a tutorial quoting Mattermost's configuration", "<pre>{\"Version\":\"10.5.1\",\"BuildEnterpriseReady\":\"true\"}</pre><p>Mattermost"),
    ("a tutorial quoting CryptPad", "<pre>define(function(){ return {\"urlArgs\": \"ver=2024.9.0\"} })</pre>"),
    ("a page about a Roundcube login", "<p>Connectez-vous au <a href='https://mail.other.example/'>Roundcube Webmail</a>"),
    ("a redirect page written by hand", "<meta http-equiv=refresh content='0;url=https://other.example/'><p>Déplacé"),
    ("a maintenance page", "<title>Maintenance</title><h1>GitLab est en maintenance</h1>"),
    ("the default page of a web server", "<title>Welcome to nginx!</title><h1>Welcome to nginx!</h1>"),
    ("a directory listing", "<title>Index of /</title><a href='wp-content/'>wp-content/</a><a href='nextcloud/'>nextcloud/</a>"),
    ("an empty shell", "<div id=app></div><script src='/app.js'></script>"),
    ("a generator in capitals with more words", "<meta name=generator content='Powered by WordPress and love'><p>hello"),
    ("a page of a Hugo site", "<meta name=generator content='Hugo 0.139.0'><p>hello"),
    ("a Matomo tag", "<script src='https://stats.other.example/matomo.js'></script><p>hello"),
    ("a PrivateBin theme on another site", "<link rel=stylesheet href=\"css/bootstrap5/privatebin.css?1.7.4\"><p>x"),
];

#[test]
fn pages_that_look_alike_are_named_nothing() {
    for (what, html) in LOOK_ALIKES {
        let findings = sample().page(PAD, html).judge_service(CHECK).unwrap();
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.as_str()).collect();
        assert_eq!(codes, ["unknown-software"], "{what}");
        assert_eq!(findings[0].outcome, Outcome::Inconclusive, "{what}");
    }
}

#[test]
fn a_likely_program_is_told_as_such_with_what_was_seen() {
    let findings = sample().page(PAD, LOOK_ALIKES[4].1).judge_service(CHECK).unwrap();
    assert!(findings[0].because.en.contains("seems to be WordPress 6.7.1"), "{}", findings[0].because.en);
    assert!(findings[0].evidence.iter().any(|evidence| evidence.excerpt.as_deref() == Some("WordPress 6.7.1")));
}

#[test]
fn two_signs_agree_unless_both_can_be_copied() {
    let gitea = "<script>assetVersionEncoded: encodeURIComponent('1.22.3'),</script>";
    named(sample().page(PAD, gitea), &[]);
    named(sample().page(PAD, gitea).answer(&at("api/v1/version"), 200, &[], r#"{"version":"1.22.3"}"#), &["Gitea 1.22.3"]);
}

#[test]
fn nodeinfo_names_the_program_and_its_version() {
    let discovery = r#"{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"https://pad.a.example/ni/2.0"},{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://pad.a.example/ni/2.1"}]}"#;
    let told = |name: &str| format!(r#"{{"version":"2.1","software":{{"name":"{name}","version":"1.3.0"}}}}"#);
    let of = |name: &str| {
        sample().page(PAD, "hello").answer(&at(".well-known/nodeinfo"), 200, &[], discovery).answer(&at("ni/2.1"), 200, &[], &told(name))
    };
    named(of("Gancio"), &["Gancio 1.3.0"]);
    let unknown = of("newcomer").judge_service(CHECK).unwrap();
    assert_eq!(unknown[0].code, "unknown-software");
    assert!(unknown[0].evidence.iter().any(|evidence| evidence.excerpt.as_deref() == Some("NodeInfo: newcomer 1.3.0")));
    // The source is public, the licence is not free.
    assert_eq!(said(of("bookwyrm").page("https://a.example/", "hello"))[0].0, "proprietary");
}

#[test]
fn nodeinfo_of_another_host_or_path_is_not_believed() {
    let link = |href: &str| format!(r#"{{"links":[{{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.0","href":"{href}"}}]}}"#);
    let told = r#"{"software":{"name":"mastodon","version":"4.4.1"}}"#;
    let far = sample().page(PAD, "hello").answer(&at(".well-known/nodeinfo"), 200, &[], &link("https://social.a.example/nodeinfo/2.0"));
    named(far.answer("https://social.a.example/nodeinfo/2.0", 200, &[], told), &[]);
    let under = sample_of("").page(PAD, "hello");
    named(under.answer(&at(".well-known/nodeinfo"), 302, &[("location", "https://social.a.example/.well-known/nodeinfo")], ""), &[]);
}

#[test]
fn a_site_that_answers_the_same_everywhere_tells_nothing() {
    for (path, body) in
        [("health", r#"{"status":"pass","releaseId":"2.2.7"}"#), ("status.php", r#"{"versionstring":"30.0.2","productname":"Nextcloud"}"#)]
    {
        let one = || sample().page(PAD, "hello").answer(&at(path), 200, &[], body);
        assert_ne!(said(one())[0].0, "unknown-software");
        assert_eq!(said(one().answer(&at("chatons-audit-nothing-is-here"), 200, &[], body))[0].0, "unknown-software", "{path}");
    }
}

#[test]
fn a_refusal_does_not_hide_what_headers_and_special_addresses_tell() {
    for status in [400, 401, 403] {
        named(sample().answer(PAD, status, &[HTML, ("set-cookie", "MoodleSession=x; path=/")], "no"), &["Moodle"]);
    }
    let redirect = [("location", "/login"), ("set-cookie", "_gitlab_session=x; path=/; secure")];
    named(sample().answer(PAD, 302, &redirect, "").page(&at("login"), "hello"), &["GitLab"]);
}

#[test]
fn a_login_page_on_another_host_is_not_the_service() {
    let far = "https://sso.a.example/realms/x";
    let there = [HTML, ("set-cookie", "MoodleSession=x")];
    named(sample().answer(PAD, 302, &[("location", far)], "").answer(far, 200, &there, "Connexion"), &[]);
}

#[test]
fn a_program_under_a_path_is_found_there() {
    let redirect = [("location", "/wiki/Accueil")];
    let siteinfo = r#"{"query":{"general":{"generator":"MediaWiki 1.43.6"}}}"#;
    let wiki = sample().answer(PAD, 302, &redirect, "").page(&at("wiki/Accueil"), "<meta name=generator content='MediaWiki 1.43.6'>hello");
    named(wiki.answer(&at("wiki/api.php?action=query&meta=siteinfo&format=json"), 200, &[], siteinfo), &["MediaWiki 1.43.6"]);
}

#[test]
fn programs_that_stand_together_are_all_named() {
    let cloud = sample().answer(PAD, 200, &[HTML, ("set-cookie", "__Host-nc_sameSiteCookielax=true; path=/")], "hello");
    let office = r#"{"productName":"Collabora Online Development Edition","productVersion":"24.04.10"}"#;
    named(cloud.answer(&at("hosting/capabilities"), 200, &[], office), &["Nextcloud", "Collabora Online 24.04.10"]);
}

#[test]
fn what_carries_a_program_does_not_end_the_search() {
    let headers = [HTML, ("x-sso-wat", "You've just been SSOed")];
    let health = r#"{"status":"pass","releaseId":"2.2.7"}"#;
    named(sample().answer(PAD, 200, &headers, "hello").answer(&at("health"), 200, &[], health), &["YunoHost", "Etherpad 2.2.7"]);
}

/// The icon of Etherpad.
const ICON: &str = "c0cd179a55d180189ec622bcb4eeb6af321ca1011c93f7bca003fbf22e8c60d2";

/// What a service without any other sign seems to be, by its icon.
fn seems(sample: Sample) -> bool {
    let said = said(sample);
    assert!(said.len() == 1 && said[0].0 == "unknown-software", "an icon names nothing for certain: {said:?}");
    said[0].1.contains("seems to be Etherpad")
}

#[test]
fn a_known_icon_is_likely_at_most() {
    let html = "<link rel='shortcut icon' href=/static/i.ico><p>hello";
    assert!(seems(sample().page(PAD, "hello").picture(&at("favicon.ico"), ICON)));
    assert!(seems(sample().page(PAD, html).picture(&at("static/i.ico"), ICON)));
    assert!(!seems(sample().page(PAD, html).picture(&at("favicon.ico"), ICON)), "the page says where its icon is");
    assert!(!seems(sample().page(PAD, "hello").picture(&at("favicon.ico"), &ICON.replace('c', "d"))), "another icon");
    assert!(!seems(sample().page(PAD, "hello")), "no icon");
    assert!(!seems(sample().page(PAD, "hello").silent(&at("favicon.ico"), SilenceKind::TimedOut)), "a silent icon");
}

#[test]
fn the_icon_of_another_program_in_a_page_is_not_its_own() {
    let shown = "<p>Nos services : <img src=/pad.ico alt=Etherpad> <a href=/pad.ico>pads</a>";
    assert!(!seems(sample().page(PAD, shown).picture(&at("pad.ico"), ICON)));
    let far = "<link rel=icon href=https://pads.other.example/favicon.ico><p>hello";
    assert!(!seems(sample().page(PAD, far).picture("https://pads.other.example/favicon.ico", ICON)));
}

#[test]
fn a_certain_answer_spares_the_icon() {
    let cloud = sample().answer(PAD, 200, &[HTML, ("set-cookie", "__Host-nc_sameSiteCookielax=true; path=/")], "hello");
    named(cloud.picture(&at("favicon.ico"), ICON), &["Nextcloud"]);
}

#[test]
fn silence_is_never_a_verdict() {
    for kind in [SilenceKind::TimedOut, SilenceKind::Challenge, SilenceKind::HttpError(429), SilenceKind::HttpError(503)] {
        assert!(crate::check::sample::is_silent(&sample().silent(PAD, kind).judge_service(CHECK)));
    }
}

/// The JSON that holds a value at a pointer.
fn json_at(pointer: &str, value: &str) -> String {
    let value: serde_json::Value = serde_json::from_str(value).unwrap_or_else(|_| value.into());
    let value = if value.is_number() { value.to_string().into() } else { value };
    pointer
        .split('/')
        .skip(1)
        .collect::<Vec<_>>()
        .iter()
        .rev()
        .fold(value, |inner, key| match key.parse::<usize>() {
            Ok(_) => serde_json::json!([inner]),
            Err(_) => serde_json::json!({ *key: inner }),
        })
        .to_string()
}

/// What a service answers when it shows the first example of a sign.
fn showing(sign: &Sign) -> Sample {
    let (url, example) = (sign.path.as_ref().map_or(PAD.to_owned(), |path| at(path)), &sign.examples[0]);
    let sample = sample().page("https://a.example/", "hello").page(PAD, "hello");
    match &sign.spot {
        Spot::Json(pointer) => sample.answer(&url, 200, &[], &json_at(pointer, example)),
        Spot::Header(name) => sample.answer(&url, 200, &[HTML, (name, example)], "hello"),
        Spot::Cookie => sample.answer(&url, 200, &[HTML, ("set-cookie", &format!("{example}=x; path=/"))], "hello"),
        Spot::Title => sample.page(&url, &format!("<title>{example}</title>hello")),
        Spot::Icon => sample.picture(&at("favicon.ico"), example),
        Spot::Body | Spot::Generator | Spot::Asset => sample.answer(&url, 200, &[HTML], example),
    }
}

#[test]
fn each_certain_sign_names_its_program_and_no_other() {
    for program in &shipped().software {
        for sign in program.signs.iter().filter(|sign| sign.sure == Sure::Certain) {
            let mut sample = showing(sign);
            // Rare programs stand beyond the dozen addresses that are tried unasked: there the claim leads to them.
            sample.claim(&program.id);
            let said = said(sample);
            assert!(said.iter().all(|(code, _)| code != "unknown-software" && code != "contradicts-claim"), "{}: {said:?}", program.id);
            assert_eq!(said.len(), 1, "{}: {said:?}", program.id);
            assert!(said[0].1.contains(&program.name), "{}: {said:?}", program.id);
        }
    }
}
