//! Who carries the mail, the names and the pages, and who is said to.

use crate::each_shows_its_codes_and_no_other;
use crate::host::Host;

pub fn hosts() -> Vec<Host> {
    vec![
        Host::bad("providers-compatible.mail").mail("aspmx.l.google.com."),
        Host::bad("providers-compatible.name-servers").name_server("ns-1.awsdns-00.com."),
        Host::bad("providers-compatible.content-network").header("server", "cloudflare"),
        Host::bad("providers-compatible.hosting")
            .at("Amazon Web Services", "ec2-1.compute.amazonaws.com.")
            .housed("Nos machines sont chez Amazon Web Services."),
        Host::bad("hosting-named.not-named").housed("Nos machines sont quelque part."),
        Host::bad("hosting-named.contradicts-claim").machine("vps-1.vps.ovh.net."),
    ]
}

#[test]
fn each_provider_is_told_and_no_other() {
    each_shows_its_codes_and_no_other(hosts());
}
