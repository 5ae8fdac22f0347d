//! HTTPS, what comes back to it, and what is served in clear beside it.

use crate::each_shows_its_codes_and_no_other;
use crate::host::Host;

pub fn hosts() -> Vec<Host> {
    let images = "default-src 'self'; img-src 'self' http:; frame-ancestors 'self'";
    vec![
        Host::bad("https-only.no-https").plain_http("open").closed(443).hides("refused"),
        Host::bad("https-only.not-redirected").plain_http("open"),
        Host::bad("https-only.redirects-elsewhere")
            .more("[[host.route]]\npath = '/'\nscheme = 'http'\nstatus = 302\nheaders = { location = 'https://elsewhere.example/' }\n"),
        Host::bad("https-only.redirect-loop")
            .home("/never")
            .more("[[host.route]]\npath = '/'\nstatus = 302\nheaders = { location = '/' }\n")
            .hides("redirect-loop"),
        Host::bad("https-only.clear-hop")
            .home("/accueil")
            .more("[[host.route]]\npath = '/'\nstatus = 302\nheaders = { location = 'http://DOMAIN/accueil' }\n"),
        Host::bad("https-only.leads-to-http").home("/never").more(
            "[[host.route]]\npath = '/'\nscheme = 'https'\nstatus = 302\nheaders = { location = 'http://DOMAIN/clair' }\n\
             [[host.route]]\npath = '/clair'\nscheme = 'http'\nbody = '''<!doctype html><html lang=\"fr\"><title>Les Amis</title>\n\
             <h1>Les Amis</h1><p>Une association de Compiègne.</p><a href=\"/mentions-legales\">Mentions légales</a></html>'''\n",
        ),
        Host::bad("https-only.mixed-content")
            .header("content-security-policy", images)
            .body("<img alt=\"\" src=\"http://DOMAIN/chat.png\">"),
        Host::bad("https-only.form-in-clear").body("<form action=\"http://DOMAIN/ecrire\"><button>Écrire</button></form>"),
        Host::bad("hsts.missing").without("strict-transport-security"),
        Host::bad("hsts.short").header("strict-transport-security", "max-age=3600"),
        Host::bad("security-txt.missing").security_txt(""),
        Host::bad("security-txt.no-contact").security_txt("Expires: 2030-01-01T00:00:00Z\\n"),
        Host::bad("security-txt.expired").security_txt("Contact: mailto:a@a.example\\nExpires: 2026-11-21T00:00:00Z\\n"),
        Host::bad("security-txt.undated").security_txt("Contact: mailto:a@a.example\\n"),
    ]
}

#[test]
fn each_fault_of_https_is_told_and_no_other() {
    each_shows_its_codes_and_no_other(hosts());
}
