//! Who carries the mail, the names and the pages: each provider is named, with how it was seen.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::domain::own_domain;
use super::finding::codes;
use super::providers::{Shows, Sights, Sign};
use super::{Case, Finding, Judge, Judgement, Outcome, Stop};
use crate::criteria::{Provider, ProviderClass, Role};
use crate::text::{Text, say};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct ProvidersCompatible {}

codes! { Ok = "ok", Mail = "mail", NameServers = "name-servers", ContentNetwork = "content-network", Hosting = "hosting" }

impl Judge for ProvidersCompatible {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let url = case.address()?;
        let mut sights = Sights::default();
        let mut wanting = false;
        let domain = if url.domain().is_some() { own_domain(case)? } else { None };
        // Side by side: what one waits for does not keep the others from asking.
        let looks =
            [domain.map_or(Ok(()), |domain| sights.of_domain(case, domain)), sights.of_host(case, url), sights.of_headers(case, url)];
        for look in looks {
            match look {
                Err(Stop::Wanting) => wanting = true,
                look => look?,
            }
        }
        if wanting {
            return Err(Stop::Wanting);
        }
        let place = domain.unwrap_or_else(|| url.host_str().unwrap_or_default());
        let known = sights.known.iter().map(|((role, _), (provider, signs))| told(place, *role, provider, signs));
        let mut findings: Vec<Finding> = known.collect();
        findings.extend(sights.unknown.iter().map(|(role, domain)| unknown(place, *role, domain)));
        let quiet = findings.iter().all(|finding| finding.outcome == Outcome::Supports);
        match sights.silence {
            // Half a look speaks for nobody.
            Some(silence) if quiet => return Err(Stop::Silent(silence)),
            _ => {}
        }
        if findings.is_empty() {
            let because = say!(
                fr: "aucun prestataire que nos listes connaissent ne se voit derrière {place}",
                en: "no provider that our lists know is seen behind {place}",
            );
            findings.push(Code::Ok.supports(because).at(place));
        }
        Ok(findings)
    }
}

fn told(place: &str, role: Role, provider: &Provider, signs: &BTreeSet<Sign>) -> Finding {
    let how = signs.iter().map(Sign::told).collect::<Vec<_>>().join(", ");
    let shows = signs.iter().map(Sign::shows).max().unwrap_or(Shows::Hint);
    let mut because = seen(place, role, &provider.name, shows, &how);
    if let (Some(why), Some(instead)) = (&provider.why, &provider.instead) {
        because = match shows {
            Shows::Carries | Shows::Answers => say!(
                fr: "{b_fr}. {w_fr} {i_fr}",
                en: "{b_en}. {w_en} {i_en}",
                with: b_fr = because.fr, b_en = because.en, w_fr = &why.fr, w_en = &why.en, i_fr = &instead.fr, i_en = &instead.en
            ),
            // What is said against it holds only if it does what the sign leads to think.
            Shows::MaySend | Shows::Hint => say!(
                fr: "{b_fr}. À vérifier. Si c'est bien le cas : {w_fr} {i_fr}",
                en: "{b_en}. To be verified. If it is so: {w_en} {i_en}",
                with: b_fr = because.fr, b_en = because.en, w_fr = &why.fr, w_en = &why.en, i_fr = &instead.fr, i_en = &instead.en
            ),
        };
    }
    let finding = match provider.class {
        ProviderClass::Ok => code(role).supports(because),
        ProviderClass::Contrary if shows == Shows::Carries => code(role).refutes(because),
        // A name server carries nothing that people entrust; who may send mail need not; a header field may be another's.
        ProviderClass::Contrary | ProviderClass::Contested => code(role).inconclusive(because),
    };
    finding.quote(place, &how)
}

/// What the signs show, and no more.
fn seen(place: &str, role: Role, name: &str, shows: Shows, how: &str) -> Text {
    match shows {
        Shows::Carries | Shows::Answers => {
            let does = does(role);
            say!(fr: "{place} : {fr} chez {name} ({how})", en: "{place}: {en} at {name} ({how})", with: fr = &does.fr, en = &does.en)
        }
        Shows::MaySend => say!(
            fr: "{place} : {name} a le droit d'envoyer du courriel en son nom ({how}), ce qui ne dit pas qui le reçoit",
            en: "{place}: {name} may send mail in its name ({how}), which does not tell who receives it",
        ),
        Shows::Hint => say!(
            fr: "{place} : la réponse porte une marque que met {name} ({how}), ou qu'un autre serveur a recopiée",
            en: "{place}: the answer bears a mark that {name} puts ({how}), or that another server has copied",
        ),
    }
}

fn unknown(place: &str, role: Role, domain: &str) -> Finding {
    let does = does(role);
    code(role)
        .inconclusive(say!(
            fr: "{place} : {fr} chez {domain}, que nos listes ne connaissent pas",
            en: "{place}: {en} at {domain}, which our lists do not know",
            with: fr = does.fr, en = does.en
        ))
        .at(place)
}

fn code(role: Role) -> Code {
    match role {
        Role::Mail => Code::Mail,
        Role::NameServers => Code::NameServers,
        Role::ContentNetwork => Code::ContentNetwork,
        Role::Hosting => Code::Hosting,
    }
}

fn does(role: Role) -> Text {
    match role {
        Role::Mail => say!(fr: "courriel", en: "mail"),
        Role::NameServers => say!(fr: "serveurs de noms", en: "name servers"),
        Role::ContentNetwork => say!(fr: "réseau de diffusion", en: "content network"),
        Role::Hosting => say!(fr: "hébergement", en: "hosting"),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
    use crate::check::sample::{HOME, Sample, is_silent, sample};
    use crate::facts::{Record, RecordKind, SilenceKind};

    const CHECK: &str = "providers-compatible = {}";

    fn mx(host: &str) -> Record {
        Record::Mx { preference: 10, host: host.into() }
    }

    fn name(host: &str) -> Record {
        Record::Name(host.into())
    }

    /// All that is asked, with nobody else behind it but what is given.
    fn seen(mail: &str, names: &str, spf: &str, aliases: &[&str]) -> Sample {
        sample()
            .page(HOME, "hello")
            .records("a.example", RecordKind::Mx, &[mx(mail)])
            .records("a.example", RecordKind::Ns, &[name(names)])
            .records("a.example", RecordKind::Txt, &[Record::Text(spf.into())])
            .aliased("a.example", RecordKind::A, aliases, &[Record::Address("192.0.2.1".parse().unwrap())])
    }

    fn own() -> Sample {
        seen("mail.a.example", "ns.a.example", "v=spf1 mx -all", &[])
    }

    fn judged(sample: Sample) -> Vec<String> {
        let found = sample.judge(CHECK).unwrap();
        found.iter().map(|finding| format!("{:?} {}", finding.outcome, finding.code)).collect()
    }

    #[test]
    fn a_hoster_that_does_all_by_itself_has_no_provider() {
        assert_eq!(judged(own()), ["Supports ok"]);
    }

    #[test]
    fn each_provider_is_named_with_how_it_was_seen() {
        let found = seen("spool.mail.gandi.net", "ns1.gandi.net", "v=spf1 mx -all", &[]).judge(CHECK).unwrap();
        assert_eq!(found.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["mail", "name-servers"]);
        assert_eq!(found[0].because.fr, "a.example : courriel chez Gandi (MX spool.mail.gandi.net)");
        let ptr = own().records("1.2.0.192.in-addr.arpa", RecordKind::Ptr, &[name("vps-1.vps.ovh.net")]).judge(CHECK).unwrap();
        assert_eq!(ptr[0].because.fr, "a.example : hébergement chez OVHcloud (PTR *.ovh.net)");
    }

    #[test]
    fn only_what_is_contrary_and_certain_is_held_against_it() {
        assert_eq!(judged(seen("aspmx.l.google.com", "ns.a.example", "v=spf1 mx -all", &[])), ["Refutes mail"]);
        assert_eq!(judged(seen("mail.a.example", "ns-1.awsdns-00.com", "v=spf1 mx -all", &[])), ["Inconclusive name-servers"]);
        let sends = seen("mail.a.example", "ns.a.example", "v=spf1 include:_spf.google.com -all", &[]);
        let sends = sends.records("_spf.google.com", RecordKind::Txt, &[Record::Text("v=spf1 ~all".into())]);
        assert_eq!(judged(sends), ["Inconclusive mail"]);
        assert_eq!(judged(seen("mail.a.example", "ns.a.example", "v=spf1 -all", &["d1.cloudfront.net"])), ["Refutes content-network"]);
        assert_eq!(judged(seen("mail.a.example", "x.ns.cloudflare.com", "v=spf1 -all", &[])), ["Inconclusive name-servers"]);
        assert_eq!(
            judged(seen("mx.neighbour.test", "ns.a.example", "v=spf1 -all", &[])),
            ["Inconclusive mail"],
            "who is unknown is not accused"
        );
    }

    #[test]
    fn whom_a_provider_lets_send_is_not_told_of_its_customer() {
        let spf = |sample: Sample, name: &str, text: &str| sample.records(name, RecordKind::Txt, &[Record::Text(text.into())]);
        let sends = seen("mail.a.example", "ns.a.example", "v=spf1 include:spf.infomaniak.ch -all", &[]);
        let sends = spf(sends, "spf.infomaniak.ch", "v=spf1 include:newsletter.infomaniak.com -all");
        let sends = spf(sends, "newsletter.infomaniak.com", "v=spf1 include:amazonses.com -all");
        let found = spf(sends, "amazonses.com", "v=spf1 -all").judge(CHECK).unwrap();
        assert_eq!(found.len(), 1, "Amazon is Infomaniak's choice");
        assert_eq!(
            found[0].because.fr,
            "a.example : Infomaniak a le droit d'envoyer du courriel en son nom (SPF spf.infomaniak.ch), ce qui ne dit pas qui le reçoit"
        );
        let own = seen("mail.a.example", "ns.a.example", "v=spf1 include:_spf.a.example -all", &[]);
        let own = spf(spf(own, "_spf.a.example", "v=spf1 include:amazonses.com -all"), "amazonses.com", "v=spf1 -all");
        let found = own.judge(CHECK).unwrap();
        assert!(
            found[0].because.en.contains("Amazon SES may send mail in its name (SPF amazonses.com)"),
            "its own record is its own choice"
        );
        assert!(found[0].because.en.contains("To be verified. If it is so: Amazon is one"), "what is held against it is not said outright");
    }

    #[test]
    fn a_header_field_is_a_hint() {
        let through = own().answer(HOME, 403, &[("server", "Cloudflare")], "");
        assert_eq!(judged(through), ["Inconclusive content-network"]);
        let through = own().answer(HOME, 200, &[("x-amz-cf-id", "abc")], "hello").judge(CHECK).unwrap();
        assert_eq!((through[0].outcome, through[0].code.as_str()), (Outcome::Inconclusive, "content-network"));
        let start = "a.example : la réponse porte une marque que met Amazon CloudFront (HTTP x-amz-cf-id), ou qu'un autre serveur a recopiée. À vérifier.";
        assert!(through[0].because.fr.starts_with(start), "{}", through[0].because.fr);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().judge(CHECK)));
        assert!(is_silent(&own().silent(HOME, SilenceKind::TimedOut).judge(CHECK)), "half a look speaks for nobody");
        let half = sample().page(HOME, "hello").records("a.example", RecordKind::Mx, &[mx("aspmx.l.google.com")]);
        assert_eq!(judged(half), ["Refutes mail"], "what was seen was seen");
    }
}
