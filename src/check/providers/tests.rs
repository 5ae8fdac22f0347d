//! What the shipped list calls real names and header fields: those of the big ones, and those of everybody else.

use super::*;
use crate::criteria::{ProviderClass, shipped};

/// The providers that a name or a field leads to.
fn led_to<'c>(kind: &str, value: &str) -> Vec<&'c Provider> {
    let providers = &shipped().providers;
    if kind == "header" {
        let (name, value) = value.split_once(": ").expect("a field and its value");
        let headers = Headers::from([(name.to_owned(), vec![value.to_owned()])]);
        return providers.iter().filter(|provider| mark_of(provider, &headers).is_some()).collect();
    }
    let patterns: fn(&Provider) -> &Vec<String> = match kind {
        "mx" => |provider| &provider.mx,
        "ns" => |provider| &provider.ns,
        "spf" => |provider| &provider.spf,
        "cname" => |provider| &provider.cname,
        "ptr" => |provider| &provider.ptr,
        _ => unreachable!("{kind}"),
    };
    longest(providers, value, patterns).into_iter().map(|(provider, _)| provider).collect()
}

/// Names that big companies are recognised by, and whom they must lead to.
const BIG: &[(&str, &[(&str, &str)])] = &[
    (
        "mx",
        &[
            ("aspmx.l.google.com", "google-workspace"),
            ("alt4.aspmx.l.google.com", "google-workspace"),
            ("aspmx2.googlemail.com", "google-workspace"),
            ("smtp.google.com", "google-workspace"),
            ("asso-example.mail.protection.outlook.com", "microsoft-365"),
            ("asso-example.mail.eo.outlook.com", "microsoft-365"),
            ("asso-example.o-v1.mx.microsoft", "microsoft-365"),
            ("inbound-smtp.eu-west-1.amazonaws.com", "amazon-ses"),
            ("ec2-35-180-1-2.eu-west-3.compute.amazonaws.com", "amazon-web-services"),
            ("mx01.mail.icloud.com", "icloud-mail"),
            ("amir.mx.cloudflare.net", "cloudflare-email"),
            ("mx2.zoho.eu", "zoho-mail"),
            ("mx.yandex.net", "yandex-mail"),
            ("mta5.am0.yahoodns.net", "yahoo-mail"),
            ("mxa.eu.mailgun.org", "mailgun"),
            ("mx.sendgrid.net", "sendgrid"),
            ("mxa-00123456.gslb.pphosted.com", "proofpoint"),
            ("eu-smtp-inbound-1.mimecast.com", "mimecast"),
            ("in1-smtp.messagingengine.com", "fastmail"),
            ("smtp.secureserver.net", "godaddy"),
        ],
    ),
    (
        "ns",
        &[
            ("ns-150.awsdns-18.com", "amazon-route-53"),
            ("ns-2048.awsdns-64.co.uk", "amazon-route-53"),
            ("ns1-01.azure-dns.com", "azure-dns"),
            ("ns4-01.azure-dns.info", "azure-dns"),
            ("ns-cloud-a1.googledomains.com", "google-cloud-dns"),
            ("ada.ns.cloudflare.com", "cloudflare"),
            ("ns1.digitalocean.com", "digitalocean"),
            ("ns5.linode.com", "linode"),
            ("ns1.vultr.com", "vultr"),
            ("ns1.vercel-dns.com", "vercel"),
            ("dns1.p01.nsone.net", "ns1"),
            ("ns01.domaincontrol.com", "godaddy"),
        ],
    ),
    (
        "spf",
        &[
            ("_spf.google.com", "google-workspace"),
            ("spf.protection.outlook.com", "microsoft-365"),
            ("amazonses.com", "amazon-ses"),
            ("icloud.com", "icloud-mail"),
            ("_spf.mx.cloudflare.net", "cloudflare-email"),
            ("u123.wl.sendgrid.net", "sendgrid"),
            ("_spf.eu.mailgun.org", "mailgun"),
            ("servers.mcsv.net", "mailchimp"),
            ("spf.sendinblue.com", "brevo"),
            ("spf.mailjet.com", "mailjet"),
            ("zohomail.com", "zoho-mail"),
        ],
    ),
    (
        "cname",
        &[
            ("d111111abcdef8.cloudfront.net", "amazon-cloudfront"),
            ("asso.s3-website.eu-west-3.amazonaws.com", "amazon-web-services"),
            ("asso.azurewebsites.net", "azure"),
            ("asso-abc.z01.azurefd.net", "azure-front-door"),
            ("ghs.googlehosted.com", "google-cloud"),
            ("asso.web.app", "google-cloud"),
            ("www.asso.example.cdn.cloudflare.net", "cloudflare"),
            ("asso.pages.dev", "cloudflare-pages"),
            ("asso.github.io", "github-pages"),
            ("asso.netlify.app", "netlify"),
            ("cname.vercel-dns.com", "vercel"),
            ("asso.herokuapp.com", "heroku"),
            ("ext-cust.squarespace.com", "squarespace"),
            ("shops.myshopify.com", "shopify"),
            ("e123.a.akamaiedge.net", "akamai"),
            ("j.sni.global.fastly.net", "fastly"),
        ],
    ),
    (
        "ptr",
        &[
            ("40.162.204.35.bc.googleusercontent.com", "google-cloud"),
            ("ec2-35-180-1-2.eu-west-3.compute.amazonaws.com", "amazon-web-services"),
            ("172-104-1-2.ip.linodeusercontent.com", "linode"),
        ],
    ),
    (
        "header",
        &[
            ("server: cloudflare", "cloudflare"),
            ("cf-ray: 8f0a1b2c3d4e5f60-CDG", "cloudflare"),
            ("via: 1.1 0123abcd.cloudfront.net (CloudFront)", "amazon-cloudfront"),
            ("x-azure-ref: 0zxV+XAAAAABKMMOj", "azure-front-door"),
            ("server: AmazonS3", "amazon-web-services"),
            ("server: Netlify", "netlify"),
            ("x-vercel-id: cdg1::abc", "vercel"),
            ("x-github-request-id: ABCD:1234", "github-pages"),
            ("via: 2 fly.io", "fly-io"),
            ("x-iinfo: 1-2-3", "imperva"),
        ],
    ),
];

/// Names of small hosters, of their usual suppliers, and names that only look like those above: nobody may be told to rent from a big one by them.
const OTHERS: &[(&str, &[&str])] = &[
    (
        "mx",
        &[
            "mail.asso.example",
            "mx1.mail.ovh.net",
            "redirect.ovh.net",
            "spool.mail.gandi.net",
            "mta-gw.infomaniak.ch",
            "mail.protonmail.ch",
            "mail.tutanota.de",
            "mxext1.mailbox.org",
            "aspmx1.migadu.com",
            "mx00.ionos.fr",
            "mail.mailo.com",
            "mx1.free.fr",
            "mx.disroot.org",
            "mx1.riseup.net",
            "mx.tetaneutral.net",
            "mail.lautre.net",
            "eforward1.registrar-servers.com",
            "google.com.asso.example",
            "aspmx.l.google.asso.example",
            "notgoogle.com",
            "smtp.google.asso.example",
            "outlook.asso.example",
            "mail.outlook.com.asso.example",
            "mx.microsoft.asso.example",
            "inbound-smtp.asso.example",
            "amazonaws.asso.example",
            "mail.icloud.asso.example",
            "mail.courriel.rural.example",
        ],
    ),
    (
        "ns",
        &[
            "ns1.asso.example",
            "dns101.ovh.net",
            "ns200.anycast.me",
            "ns-12-a.gandi.net",
            "ns6.gandi.net",
            "ns11.infomaniak.com",
            "hydrogen.ns.hetzner.com",
            "robotns3.second-ns.com",
            "ns0.dom.scw.cloud",
            "ns1.desec.io",
            "ns1.he.net",
            "ns0.fdn.fr",
            "dns1.alwaysdata.com",
            "ns1.lwsdns.com",
            "nsa.n0c.com",
            "ns1.afraid.org",
            "awsdns-18.com",
            "ns-1.awsdns-18.asso.example",
            "ns.cloudflare.asso.example",
            "mydigitalocean.com",
            "ns1.vercel.asso.example",
        ],
    ),
    (
        "spf",
        &[
            "_spf.asso.example",
            "mx.ovh.com",
            "_mailcust.gandi.net",
            "spf.infomaniak.ch",
            "_spf.protonmail.ch",
            "spf.tutanota.de",
            "spf.migadu.com",
            "_spf.tem.scaleway.com",
            "_spf.alwaysdata.com",
            "_spf.google.asso.example",
            "spf.outlook.asso.example",
            "mailgun.asso.example",
            "amazonses.asso.example",
        ],
    ),
    (
        "cname",
        &[
            "web.asso.example",
            "webredir.vip.gandi.net",
            "asso.codeberg.page",
            "asso.readthedocs.io",
            "domain.par.clever-cloud.com",
            "asso.osc-fr1.scalingo.io",
            "asso.b-cdn.net",
            "asso.s3.fr-par.scw.cloud",
            "asso.s3.gra.io.cloud.ovh.net",
            "asso.s3.garage.example",
            // Microsoft answers for this name; the pages may be anywhere.
            "asso.trafficmanager.net",
            "mycloudfront.net",
            "github.io.asso.example",
            "herokuapp.asso.example",
            "web.app.asso.example",
        ],
    ),
    (
        "ptr",
        &[
            "vps-1234.vps.ovh.net",
            "ks37777.kimsufi.com",
            "static.1.2.0.192.clients.your-server.de",
            "192-0-2-1.rev.poneytelecom.eu",
            "node32-eu.n0c.com",
            "vm.tetaneutral.net",
            "line-1.adsl.example",
            "compute.amazonaws.asso.example",
            "bc.googleusercontent.asso.example",
        ],
    ),
    (
        "header",
        &[
            "server: nginx",
            "server: Apache/2.4.62 (Debian)",
            "server: Caddy",
            "server: MinIO",
            "server: Garage",
            // Ceph, Garage and MinIO speak Amazon's protocol on one's own machines.
            "x-amz-request-id: tx00000000000000000001",
            "via: 1.1 varnish",
            "via: 1.1 relay.asso.example",
            "x-cache: HIT",
            "x-served-by: cache-1",
            "x-request-id: 0123",
            "x-cdn: own",
            "host-header: www.asso.example",
            "x-powered-by: PHP/8.2",
        ],
    ),
];

#[test]
fn the_names_of_the_big_ones_lead_to_them() {
    for (kind, rows) in BIG {
        for (value, wanted) in *rows {
            let found: Vec<&str> = led_to(kind, value).into_iter().map(|provider| provider.id.as_str()).collect();
            assert_eq!(found, [*wanted], "{kind} {value}");
        }
    }
}

#[test]
fn nobody_else_is_taken_for_a_big_one() {
    for (kind, values) in OTHERS {
        for value in *values {
            for provider in led_to(kind, value) {
                assert_eq!(provider.class, ProviderClass::Ok, "{kind} {value}: {}", provider.id);
            }
        }
    }
}

/// No name of one is under a name of another that is thought worse of: the longest would win, but a shorter one would be tried.
#[test]
fn no_pattern_lies_under_that_of_another_owner() {
    let providers = &shipped().providers;
    for provider in providers {
        for other in providers.iter().filter(|other| other.owner != provider.owner) {
            for (own, theirs) in [
                (&provider.mx, &other.mx),
                (&provider.ns, &other.ns),
                (&provider.spf, &other.spf),
                (&provider.cname, &other.cname),
                (&provider.ptr, &other.ptr),
            ] {
                let under = own.iter().find(|name| pattern_of(theirs, name).is_some());
                assert_eq!(under, None, "{} is under a name of {}", provider.id, other.id);
            }
        }
    }
}
