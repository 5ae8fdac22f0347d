//! Others whom a page calls, and what it leaves in the browser.

use std::collections::BTreeSet;

use chatons_audit::Day;

use crate::host::Host;
use crate::{audited, each_shows_its_codes_and_no_other};

/// More than are opened.
const SHEETS: usize = 25;

fn calling(meant: &'static str, url: &str) -> Host {
    let policy = "default-src 'self'; img-src 'self' https:; frame-ancestors 'self'";
    Host::bad(meant).header("content-security-policy", policy).body(&format!("<img alt=\"\" src=\"{url}\">"))
}

pub fn hosts() -> Vec<Host> {
    let sheets: Vec<String> = (0..SHEETS).map(|n| format!("<link rel=\"stylesheet\" href=\"/{n}.css\">")).collect();
    vec![
        calling("no-third-parties.big-tech", "https://fonts.gstatic.com/x.png"),
        calling("no-third-parties.tracker", "https://stats.wp.com/x.png"),
        calling("no-third-parties.advertising", "https://criteo.net/x.png"),
        calling("no-third-parties.other-third-party", "https://ailleurs.example/x.png"),
        Host::bad("no-third-parties.named-only").body("<form action=\"https://ailleurs.example/in\"><button>Écrire</button></form>"),
        Host::bad("no-third-parties.own-statistics").head("<script src=\"/matomo.js\"></script>"),
        Host::bad("no-third-parties.partly-read").head(&sheets.concat()),
        Host::bad("no-cookies.first-party-only").header("set-cookie", "PHPSESSID=secret; Path=/; Secure; HttpOnly; SameSite=Lax"),
        Host::bad("no-cookies.persistent-cookie").header("set-cookie", "visite=1; Max-Age=31536000; Path=/; Secure; SameSite=Lax"),
        Host::bad("no-cookies.tracking-cookie").header("set-cookie", "_ga=1; Max-Age=31536000; Path=/; Secure; SameSite=Lax"),
        // Nobody else's cookie comes without a call to somebody else.
        Host::bad("no-cookies.third-party-cookie no-third-parties.other-third-party").home("/accueil").more(
            "[[host.route]]\npath = '/'\nscheme = 'https'\nstatus = 302\nheaders = { location = 'https://connexion.example/' }\n\
             [[host]]\nname = 'connexion.example'\n[[host.route]]\npath = '/'\nstatus = 302\n\
             headers = { location = 'https://DOMAIN/accueil', set-cookie = 'passage=1; Path=/; Secure; SameSite=Lax' }\n",
        ),
    ]
}

/// The good host, seen when the lists are old.
pub fn late() -> Host {
    Host::bad("no-third-parties.stale-list")
}

#[test]
fn each_third_party_and_each_cookie_is_told_and_no_other() {
    each_shows_its_codes_and_no_other(hosts());
}

#[test]
fn a_list_that_is_too_old_is_told() {
    let seen = |today: Day| audited(&[late()], today).remove(&late().id()).unwrap().faults;
    let (young, old) = (seen(Day::new(2027, 11, 22)), seen(Day::new(2027, 11, 23)));
    assert_eq!(old.difference(&young).cloned().collect::<BTreeSet<_>>(), late().codes());
}
