//! Nobody can send mail in the domain's name unnoticed: SPF (RFC 7208) and DMARC (RFC 7489).

mod encrypted;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain::own_domain;
use super::finding::codes;
use super::mail_extras::{Announced, Extras, Sts, extras};
use super::spf::{MOST_LOOKUPS, Others, Spf, SpfFault, spf};
use super::spf_lookups::{Excess, MOST_MAIL_HOSTS, MOST_VOIDS, excess};
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::facts::{NameState, Need, RecordKind, Silence, SilenceKind};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct MailAuthenticated {}

codes! {
    Ok = "ok",
    NoMail = "no-mail",
    SpfMissing = "spf-missing",
    SpfTooManyLookups = "spf-too-many-lookups",
    SpfTooManyMx = "spf-too-many-mx",
    SpfVoidLookups = "spf-void-lookups",
    SpfBroken = "spf-broken",
    SpfPermissive = "spf-permissive",
    SpfNeutral = "spf-neutral",
    DmarcMissing = "dmarc-missing",
    DmarcBroken = "dmarc-broken",
    DmarcNone = "dmarc-none",
    MtaSts = "mta-sts",
    MtaStsBroken = "mta-sts-broken",
    TlsReports = "tls-rpt",
    Dane = "dane",
    DaneMismatch = "dane-mismatch",
    Starttls = "starttls",
    NoStarttls = "no-starttls",
    StarttlsCertificate = "starttls-certificate",
    StarttlsUnseen = "starttls-unseen",
}

impl Judge for MailAuthenticated {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let Some(domain) = own_domain(case)? else { return Ok(Vec::new()) };
        let policy_name = format!("_dmarc.{domain}");
        case.expect([
            Need::Records(domain.to_owned(), RecordKind::Mx),
            Need::Records(domain.to_owned(), RecordKind::Txt),
            Need::Records(policy_name.clone(), RecordKind::Txt),
        ]);
        let mail = case.records(domain, RecordKind::Mx)?;
        if mail.name == NameState::Unknown {
            return Err(Stop::Silent(Silence::new(SilenceKind::DnsFailed, domain)));
        }
        let spf = spf(case, domain)?;
        let receives = mail.mail_hosts().any(|host| !host.is_empty());
        if !receives {
            return said_without_mail(domain, spf.as_ref()).alone();
        }
        let excess = spf.as_ref().filter(|spf| !spf.is_over()).map_or(Ok(None), |spf| excess(case, spf))?;
        let policy = case.records(&policy_name, RecordKind::Txt)?;
        let policies: Vec<&str> = policy.texts().filter(|text| is_dmarc(text)).collect();
        let mut findings: Vec<Finding> =
            [spf_finding(domain, spf.as_ref(), excess.as_ref()), dmarc_finding(domain, &policies)].into_iter().flatten().collect();
        if findings.is_empty() {
            let strength = tag(policies[0], "p").unwrap_or_default();
            let because = say!(
                fr: "{domain} dit qui peut envoyer du courriel en son nom (SPF) et quoi faire du reste (DMARC : {strength})",
                en: "{domain} says who may send mail in its name (SPF) and what to do with the rest (DMARC: {strength})",
            );
            let spf = spf.map(|spf| spf.text).unwrap_or_default();
            findings.push(Code::Ok.supports(because).quote(domain, &spf).quote(&policy_name, policies[0]));
        }
        let extras = extras(case, domain, &mail)?;
        findings.extend(told(domain, &extras));
        findings.extend(encrypted::told(&extras.hosts, case.today));
        Ok(findings)
    }
}

/// Nothing wrong: a domain without MX receives no mail, and may well send none.
fn said_without_mail(domain: &str, spf: Option<&Spf>) -> Finding {
    match spf {
        Some(spf) if spf.others == Others::Fail && spf.fault.is_none() => Code::Ok
            .supports(say!(
                fr: "{domain} ne reçoit pas de courriel et dit qui peut en envoyer en son nom (SPF)",
                en: "{domain} receives no mail and says who may send any in its name (SPF)",
            ))
            .quote(domain, &spf.text),
        _ => Code::NoMail
            .inconclusive(say!(
                fr: "{domain} ne reçoit pas de courriel ; s'il n'en envoie pas non plus, l'enregistrement TXT « v=spf1 -all » empêche d'en envoyer en son nom",
                en: "{domain} receives no mail; if it sends none either, the TXT record `v=spf1 -all` keeps others from sending any in its name",
            ))
            .at(domain),
    }
}

/// What is to be said against the SPF record.
fn spf_finding(domain: &str, spf: Option<&Spf>, excess: Option<&Excess>) -> Option<Finding> {
    let Some(spf) = spf else {
        let because = say!(
            fr: "{domain} reçoit du courriel mais ne dit pas qui peut en envoyer en son nom (SPF)",
            en: "{domain} receives mail but does not say who may send any in its name (SPF)",
        );
        return Some(Code::SpfMissing.refutes(because).at(domain));
    };
    let found = match (&spf.fault, spf.others) {
        (Some(fault), _) => {
            let (fr, en) = match fault {
                SpfFault::Several(at) => (format!("{at} en a plusieurs"), format!("{at} has several")),
                SpfFault::Nothing(at) => (format!("il cite {at}, qui n'en a pas"), format!("it includes {at}, which has none")),
                SpfFault::Term(term) => (format!("« {term} » n'a pas de sens"), format!("\"{term}\" means nothing")),
            };
            Code::SpfBroken.refutes(say!(
                fr: "l'enregistrement SPF de {domain} est inutilisable : {fr}",
                en: "the SPF record of {domain} cannot be used: {en}",
            ))
        }
        _ if spf.lookups > MOST_LOOKUPS => Code::SpfTooManyLookups.refutes(say!(
            fr: "l'enregistrement SPF de {domain} demande plus de {MOST_LOOKUPS} recherches : les destinataires l'ignorent",
            en: "the SPF record of {domain} takes more than {MOST_LOOKUPS} lookups: receivers give it up",
        )),
        _ if excess.is_some() => excess.map(|excess| too_much(domain, excess))?,
        (None, Others::Pass) => Code::SpfPermissive.refutes(say!(
            fr: "l'enregistrement SPF de {domain} permet à tout le monde d'envoyer du courriel en son nom (+all)",
            en: "the SPF record of {domain} lets everybody send mail in its name (+all)",
        )),
        (None, Others::Neutral) => Code::SpfNeutral.inconclusive(say!(
            fr: "l'enregistrement SPF de {domain} ne dit rien du courriel venu d'ailleurs (finir par ~all ou -all)",
            en: "the SPF record of {domain} says nothing of mail from elsewhere (end it with ~all or -all)",
        )),
        (None, Others::SoftFail | Others::Fail) => return None,
    };
    Some(if spf.text.is_empty() { found.at(domain) } else { found.quote(domain, &spf.text) })
}

/// Each term is sound, and yet the whole is given up: by all receivers, or by those that follow the advice of section 4.6.4.
fn too_much(domain: &str, excess: &Excess) -> Finding {
    match excess {
        Excess::MailHosts(name) => Code::SpfTooManyMx.refutes(say!(
            fr: "l'enregistrement SPF de {domain} s'appuie sur les serveurs de courriel de {name}, qui en a plus de {MOST_MAIL_HOSTS} : les destinataires l'ignorent",
            en: "the SPF record of {domain} relies on the mail servers of {name}, which has more than {MOST_MAIL_HOSTS}: receivers give it up",
        )),
        Excess::Voids(names) => {
            let names = names.join(", ");
            Code::SpfVoidLookups.inconclusive(say!(
                fr: "l'enregistrement SPF de {domain} cite plus de {MOST_VOIDS} fois des noms sans adresse ({names}) : une partie des destinataires l'ignore",
                en: "the SPF record of {domain} names more than {MOST_VOIDS} times what has no address ({names}): part of the receivers give it up",
            ))
        }
    }
}

/// What is to be said against the DMARC record.
fn dmarc_finding(domain: &str, policies: &[&str]) -> Option<Finding> {
    let at = format!("_dmarc.{domain}");
    let policy = match policies {
        [] => {
            let because = say!(
                fr: "{domain} ne dit pas quoi faire du courriel qui usurpe son nom (DMARC)",
                en: "{domain} does not say what to do with mail that forges its name (DMARC)",
            );
            return Some(Code::DmarcMissing.refutes(because).at(&at));
        }
        [policy] => policy,
        _ => {
            let because = say!(
                fr: "{domain} a plusieurs enregistrements DMARC : les destinataires les ignorent tous",
                en: "{domain} has several DMARC records: receivers give them all up",
            );
            return Some(Code::DmarcBroken.refutes(because).quote(&at, &policies.join(" | ")));
        }
    };
    let found = match tag(policy, "p").unwrap_or_default().to_ascii_lowercase().as_str() {
        "quarantine" | "reject" => return None,
        "none" => Code::DmarcNone.inconclusive(say!(
            fr: "{domain} demande de laisser passer le courriel qui usurpe son nom (DMARC : p=none), ce qui n'est utile que pour commencer",
            en: "{domain} asks to let mail through that forges its name (DMARC: p=none), which is only of use to begin with",
        )),
        _ => Code::DmarcBroken.refutes(say!(
            fr: "l'enregistrement DMARC de {domain} ne donne pas de consigne (p=quarantine ou p=reject)",
            en: "the DMARC record of {domain} gives no policy (p=quarantine or p=reject)",
        )),
    };
    Some(found.quote(&at, policy))
}

/// What is done besides, which speaks for the domain; nothing is said of what is not.
fn told(domain: &str, extras: &Extras) -> Vec<Finding> {
    let mut findings = Vec::new();
    match &extras.sts {
        Some(Sts::Policy(url, mode)) => findings.push(
            Code::MtaSts
                .supports(say!(fr: "{domain} demande du courriel chiffré (MTA-STS : {mode})", en: "{domain} asks for encrypted mail (MTA-STS: {mode})"))
                .at(url),
        ),
        Some(Sts::Nowhere(url)) => findings.push(
            Code::MtaStsBroken
                .inconclusive(say!(fr: "{domain} annonce une règle MTA-STS qui n'est pas lisible à {url}", en: "{domain} announces an MTA-STS policy that cannot be read at {url}"))
                .at(url),
        ),
        None => {}
    }
    if let Some(reports) = &extras.reports {
        let because = say!(fr: "{domain} se fait signaler le courriel qui n'a pas pu être chiffré (TLS-RPT)", en: "{domain} has mail reported that could not be encrypted (TLS-RPT)");
        findings.push(Code::TlsReports.supports(because).quote(&format!("_smtp._tls.{domain}"), reports));
    }
    let announced = extras.hosts.iter().filter(|host| !matches!(host.announced(), Announced::Nothing | Announced::Other));
    let announced: Vec<&str> = announced.map(|host| host.name.as_str()).collect();
    if !announced.is_empty() {
        let hosts = announced.join(", ");
        let because = say!(fr: "le certificat des serveurs de courriel est annoncé dans une zone signée (DANE) : {hosts}", en: "the certificate of the mail servers is named in a signed zone (DANE): {hosts}");
        findings.push(Code::Dane.supports(because).at(domain));
    }
    findings
}

fn is_dmarc(text: &str) -> bool {
    text.split(';')
        .next()
        .and_then(|start| start.split_once('='))
        .is_some_and(|(name, value)| name.trim() == "v" && value.trim() == "DMARC1")
}

/// The value of a tag of a DMARC record.
fn tag<'t>(policy: &'t str, name: &str) -> Option<&'t str> {
    policy.split(';').filter_map(|tag| tag.split_once('=')).find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{Sample, codes, is_silent, sample};
    use crate::facts::{Record, RecordKind, Signature};

    const CHECK: &str = "mail-authenticated = {}";

    fn text(text: &str) -> Record {
        Record::Text(text.into())
    }

    fn mx(host: &str) -> Record {
        Record::Mx { preference: 10, host: host.into() }
    }

    /// A domain with mail and these two records.
    fn domain(spf: &[&str], dmarc: &[&str]) -> Sample {
        let texts = |all: &[&str]| all.iter().map(|one| text(one)).collect::<Vec<_>>();
        let addresses = [Record::Address([192, 0, 2, 1].into())];
        let own = sample().records("a.example", RecordKind::Mx, &[mx("mail.a.example")]).records("a.example", RecordKind::A, &addresses);
        own.records("a.example", RecordKind::Txt, &texts(spf)).records("_dmarc.a.example", RecordKind::Txt, &texts(dmarc))
    }

    fn judged(spf: &[&str], dmarc: &[&str]) -> Vec<String> {
        codes(domain(spf, dmarc).judge(CHECK))
    }

    const GOOD: &str = "v=DMARC1; p=reject; rua=mailto:a@a.example";

    #[test]
    fn both_records_are_wanted() {
        assert_eq!(judged(&["google-site-verification=x", "v=spf1 mx -all"], &[GOOD]), ["ok"]);
        assert_eq!(judged(&["V=SPF1 MX ~ALL"], &["v=DMARC1;p=quarantine"]), ["ok"]);
        assert_eq!(judged(&["v=spf10 mx -all"], &[GOOD]), ["spf-missing"]);
        assert_eq!(judged(&["v=spf1 mx -all"], &["v=DMARC12; p=reject"]), ["dmarc-missing"]);
        assert_eq!(judged(&["v=spf1 mx -all"], &["v=DMARC1; p=none"]), ["dmarc-none"]);
        assert_eq!(judged(&["v=spf1 mx -all"], &["v=DMARC1; rua=mailto:x@y.example"]), ["dmarc-broken"]);
        assert_eq!(judged(&["v=spf1 mx -all"], &[GOOD, "v=DMARC1; p=none"]), ["dmarc-broken"]);
    }

    #[test]
    fn a_record_that_helps_nobody_is_told() {
        assert_eq!(judged(&["v=spf1 mx +all"], &[GOOD]), ["spf-permissive"]);
        assert_eq!(judged(&["v=spf1 mx all"], &[GOOD]), ["spf-permissive"]);
        assert_eq!(judged(&["v=spf1 mx ?all"], &[GOOD]), ["spf-neutral"]);
        assert_eq!(judged(&["v=spf1 mx"], &[GOOD]), ["spf-neutral"]);
        assert_eq!(judged(&["v=spf1 mx -all", "v=spf1 a -all"], &[GOOD]), ["spf-broken"]);
        assert_eq!(judged(&["v=spf1 mx:a ip4=1.2.3.4 foo:bar -all"], &[GOOD]), ["spf-broken"]);
        assert_eq!(judged(&["v=spf1 a a a a a a a a a a a -all"], &[GOOD]), ["spf-too-many-lookups"]);
        assert_eq!(judged(&["v=spf1 a a a a a a a a a a -all"], &[GOOD]), ["ok"], "ten are allowed");
        assert_eq!(judged(&["v=spf1 -all a a a a a a a a a a a"], &[GOOD]), ["ok"], "nothing counts after `all`");
    }

    #[test]
    fn includes_and_redirects_are_followed() {
        let with = |spf: &str, other: &[Record]| codes(domain(&[spf], &[GOOD]).records("b.example", RecordKind::Txt, other).judge(CHECK));
        assert_eq!(with("v=spf1 include:b.example -all", &[text("v=spf1 ip4:192.0.2.1 -all")]), ["ok"]);
        assert_eq!(with("v=spf1 include:b.example -all", &[text("v=spf1 +all")]), ["ok"], "its `all` is not ours");
        assert_eq!(with("v=spf1 redirect=b.example", &[text("v=spf1 +all")]), ["spf-permissive"], "here it is");
        assert_eq!(with("v=spf1 include:b.example -all", &[]), ["spf-broken"]);
        let ring = [text("v=spf1 include:b.example -all")];
        assert_eq!(with("v=spf1 include:b.example -all", &ring), ["spf-too-many-lookups"], "a ring has an end");
        assert_eq!(with("v=spf1 exists:%{i}.b.example include:%{d}.b.example -all", &[]), ["ok"], "macros cannot be followed");
    }

    /// `none` has neither address; `half` has one, by IPv6 alone; `crowd` has eleven mail hosts; `mute` does not answer.
    fn with_names(spf: &str) -> Sample {
        let six = [Record::Address("2001:db8::1".parse().unwrap())];
        let crowd: Vec<Record> = (0..11).map(|n| mx(&format!("mx{n}.crowd.example"))).collect();
        let named = domain(&[spf], &[GOOD]).records("none.example", RecordKind::A, &[]).records("none.example", RecordKind::Aaaa, &[]);
        let named = named.records("none.example", RecordKind::Mx, &[]).records("null.example", RecordKind::Mx, &[mx("")]);
        let named = named.records("half.example", RecordKind::A, &[]).records("half.example", RecordKind::Aaaa, &six);
        named.records("crowd.example", RecordKind::Mx, &crowd).records("few.example", RecordKind::Mx, &crowd[1..])
    }

    #[test]
    fn what_is_looked_up_in_vain_is_counted_and_a_silence_is_not() {
        let judged = |spf: &str| codes(with_names(spf).judge(CHECK));
        assert_eq!(judged("v=spf1 a:none.example mx:none.example -all"), ["ok"], "two are allowed");
        assert_eq!(judged("v=spf1 a:none.example/24 mx:none.example//64 exists:none.example -all"), ["spf-void-lookups"]);
        assert_eq!(judged("v=spf1 a:half.example a:half.example a a mx mx:null.example -all"), ["ok"], "one family is enough");
        assert_eq!(
            judged("v=spf1 a:%{d}.none.example exists:%{i}.x a:none.example a:none.example -all"),
            ["ok"],
            "macros are nobody's name"
        );
        assert_eq!(judged("v=spf1 a:none.example a:none.example ?all a:none.example"), ["spf-neutral"], "nothing counts after `all`");
        assert_eq!(judged("v=spf1 a:none.example a:mute.example -all"), ["ok"], "whatever it would have answered");
        let found = with_names("v=spf1 a:none.example a:none.example a:none.example -all").judge(CHECK).unwrap();
        assert_eq!(found[0].outcome, crate::check::Outcome::Inconclusive, "not all receivers count");
        assert!(is_silent(&with_names("v=spf1 a:none.example a:none.example a:mute.example -all").judge(CHECK)), "it would decide");
        assert!(is_silent(&with_names("v=spf1 mx:mute.example -all").judge(CHECK)), "it may have many hosts");
    }

    #[test]
    fn a_crowd_of_mail_hosts_is_given_up() {
        assert_eq!(codes(with_names("v=spf1 mx:few.example -all").judge(CHECK)), ["ok"], "ten are allowed");
        assert_eq!(codes(with_names("v=spf1 mx:crowd.example -all").judge(CHECK)), ["spf-too-many-mx"]);
    }

    #[test]
    fn a_domain_without_mail_is_not_accused() {
        let without = |found: &[Record], spf: &[Record]| {
            let sample = sample().records("a.example", RecordKind::Mx, found).records("a.example", RecordKind::Txt, spf);
            sample.judge(CHECK).unwrap().remove(0)
        };
        assert_eq!(without(&[], &[]).code, "no-mail");
        assert_eq!(without(&[mx("")], &[]).code, "no-mail");
        assert_eq!(without(&[mx("")], &[]).outcome, crate::check::Outcome::Inconclusive);
        assert_eq!(without(&[], &[text("v=spf1 -all")]).code, "ok");
    }

    #[test]
    fn what_is_done_besides_is_told() {
        let more = domain(&["v=spf1 mx -all"], &[GOOD])
            .records("_mta-sts.a.example", RecordKind::Txt, &[text("v=STSv1; id=1")])
            .records("_smtp._tls.a.example", RecordKind::Txt, &[text("v=TLSRPTv1; rua=mailto:a@a.example")])
            .records("_25._tcp.mail.a.example", RecordKind::Tlsa, &[Record::Tlsa(3, 1, 1, "00".into())]);
        let policy = "version: STSv1\r\nmode: enforce\r\nmx: mail.a.example\r\nmax_age: 604800\r\n";
        let full = more.answer("https://mta-sts.a.example/.well-known/mta-sts.txt", 200, &[("content-type", "text/plain")], policy);
        assert_eq!(codes(full.signature("a.example", Signature::Signed).judge(CHECK)), ["ok", "mta-sts", "tls-rpt", "dane"]);
        let nowhere = domain(&["v=spf1 mx -all"], &[GOOD]).records("_mta-sts.a.example", RecordKind::Txt, &[text("v=STSv1; id=1")]);
        assert_eq!(codes(nowhere.judge(CHECK)), ["ok", "mta-sts-broken"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge(CHECK)));
        let no_policy = sample().records("a.example", RecordKind::Mx, &[mx("m.example")]).records("a.example", RecordKind::Txt, &[]);
        assert!(is_silent(&no_policy.judge(CHECK)), "an unanswered question about DMARC is no missing DMARC");
        assert!(is_silent(&domain(&["v=spf1 include:mute.example -all"], &[GOOD]).judge(CHECK)));
    }
}
