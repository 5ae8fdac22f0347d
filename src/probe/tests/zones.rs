//! The zones that the tests ask for: a signed root, and zones under it that are signed, badly signed, unsigned, or silent.

use std::net::SocketAddr;
use std::sync::LazyLock;
use std::time::Duration;

use hickory_resolver::proto::rr::rdata::TXT;
use hickory_resolver::proto::rr::{RData, Record};

pub(super) use super::tree::Passing;
use super::tree::{Key, Tree, name, serve, zone};
use crate::probe::{Settings, TrustAnchor};

/// Ten includes and the one that is too many; a loop; records that are broken or huge.
fn plain_zone() -> String {
    let mut zone = "@ 60 IN SOA ns.plain. root.plain. 1 60 60 60 60\n@ 60 IN NS ns.plain.\n".to_owned();
    zone.push_str("@ 60 IN TXT \"v=spf1 \" \"include:_spf1.plain -all\"\n");
    for n in 1..=11 {
        zone.push_str(&format!("_spf{n} 60 IN TXT \"v=spf1 include:_spf{}.plain -all\"\n", n + 1));
    }
    zone.push_str("_spf12 60 IN TXT \"v=spf1 -all\"\n");
    zone.push_str("www 60 IN CNAME web.plain.\nweb 60 IN CNAME host.plain.\nhost 60 IN A 192.0.2.7\n");
    zone.push_str("ring 60 IN CNAME ring2.plain.\nring2 60 IN CNAME ring.plain.\n");
    for n in 0..150 {
        zone.push_str(&format!("many 60 IN A 192.0.3.{n}\n"));
    }
    let long = format!("\"{}\" ", "x".repeat(250)).repeat(60);
    zone.push_str(&format!("huge 60 IN TXT {long}\n"));
    zone
}

const GOOD: &str = "@ 60 IN SOA ns.good. root.good. 1 60 60 60 60
@ 60 IN NS NS.Good.
@ 60 IN MX 20 b.mail.good.
@ 60 IN MX 10 a.mail.good.
@ 60 IN CAA 0 issue \"letsencrypt.org\"
www 60 IN A 192.0.2.1
www 60 IN AAAA 2001:db8::1
_25._tcp.a.mail 60 IN TLSA 3 1 1 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef
";
const BOGUS: &str = "@ 60 IN SOA ns.bogus. root.bogus. 1 60 60 60 60\n@ 60 IN NS ns.bogus.\nwww 60 IN A 192.0.2.2\n";
const ROOT: &str = "@ 60 IN SOA ns.good. root.good. 1 60 60 60 60\n@ 60 IN NS ns.good.\ngood 60 IN NS ns.good.\nbogus 60 IN NS ns.bogus.
stripped 60 IN NS ns.good.\nplain 60 IN NS ns.plain.\nmute 60 IN NS ns.good.\nbroken 60 IN NS ns.good.\n";

fn nasty() -> Record {
    let text = TXT::from_bytes(vec![b"a\x1b[31mred", b"\nline"]);
    Record::from_rdata(name("nasty.plain."), 60, RData::TXT(text))
}

/// Three servers of the same zones: one that hands signatures on, one that checks them, and one that does not know them; and the key to trust.
static SERVERS: LazyLock<([SocketAddr; 3], TrustAnchor)> = LazyLock::new(|| {
    let [root, good, bogus, other] = [(); 4].map(|()| Key::new());
    let anchor = format!(". 60 IN DNSKEY {}", root.dnskey()).parse().unwrap();
    let tree = |passing: Passing| {
        let key = |key| (passing != Passing::None).then_some(key);
        // The zone above names a key that the zone does not have.
        let signed = if passing == Passing::None { Vec::new() } else { vec![good.ds(&name("good.")), other.ds(&name("bogus."))] };
        let above = zone(".", ROOT, signed, key(&root));
        let good = zone("good.", GOOD, Vec::new(), key(&good));
        let bogus = zone("bogus.", BOGUS, Vec::new(), key(&bogus));
        let plain = zone("plain.", &plain_zone(), vec![nasty()], None);
        let zones = [("good.", good), ("bogus.", bogus), ("plain.", plain)].map(|(origin, zone)| (origin.to_owned(), zone));
        serve(Tree::new(&above, zones, passing))
    };
    ([Passing::Signatures, Passing::Checked, Passing::None].map(tree), anchor)
});

/// What asks this server.
pub(super) fn asking(passing: Passing) -> Settings {
    let (servers, anchor) = &*SERVERS;
    Settings {
        dns: Some(servers[passing as usize]),
        trust_anchor: Some(anchor.clone()),
        connect_timeout: Duration::from_millis(1500),
        ..super::settings()
    }
}
