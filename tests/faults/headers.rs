//! The header fields at which HTTP Observatory looks.

use crate::each_shows_its_codes_and_no_other;
use crate::host::Host;

const CSP: &str = "content-security-policy";

pub fn hosts() -> Vec<Host> {
    let words = "Les Amis installent chaque service sur une machine Debian, mise à jour chaque semaine. ".repeat(20);
    vec![
        Host::bad("headers-hardened.csp-missing").without(CSP).header("x-frame-options", "DENY"),
        Host::bad("headers-hardened.csp-unsafe").header(CSP, "script-src 'self' 'unsafe-inline'; frame-ancestors 'self'"),
        Host::bad("headers-hardened.frames-allowed").header(CSP, "default-src 'self'"),
        Host::bad("headers-hardened.x-content-type-options-missing").without("x-content-type-options"),
        Host::bad("headers-hardened.referrer-policy-unsafe").header("referrer-policy", "unsafe-url"),
        Host::bad("headers-hardened.referrer-policy-invalid").header("referrer-policy", "nobody"),
        Host::bad("headers-hardened.cookie-insecure").header("set-cookie", "PHPSESSID=secret; Path=/; HttpOnly; SameSite=Lax"),
        Host::bad("headers-hardened.cors-wildcard").header("access-control-allow-origin", "*"),
        Host::bad("headers-hardened.cors-null")
            .header("access-control-allow-origin", "null")
            .header("access-control-allow-credentials", "true"),
        // A program of another domain that is the hoster's too.
        Host::bad("headers-hardened.sri-missing")
            .header(CSP, "default-src 'self' https://amis.example; frame-ancestors 'self'")
            .head("<script src=\"https://amis.example/x.js\"></script>")
            .described("[documents]\ndocumentation = 'https://amis.example/doc'\n")
            .more(
                &"[[host]]\nname = 'amis.example'\n[host.pages]\n'/doc' = '<title>Documentation</title><p>WORDS'\n"
                    .replace("WORDS", &words),
            ),
        Host::bad("headers-hardened.corp-invalid").header("cross-origin-resource-policy", "everybody"),
        Host::bad("headers-hardened.coop-invalid").header("cross-origin-opener-policy", "everybody"),
        Host::bad("headers-hardened.coep-invalid").header("cross-origin-embedder-policy", "everybody"),
    ]
}

#[test]
fn each_fault_of_the_headers_is_told_and_no_other() {
    each_shows_its_codes_and_no_other(hosts());
}
