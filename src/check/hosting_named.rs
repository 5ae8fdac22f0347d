//! The site names who houses its machines: what hoster.toml says, what names and addresses show, and what the pages say, side by side.

use std::collections::BTreeMap;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finder::{Search, find};
use super::finding::codes;
use super::providers::{Sights, Sign};
use super::{Case, Finding, Judge, Judgement, Reference, Stop};
use crate::criteria::{Provider, Role, Words, fold, ways_to_say};
use crate::facts::{Body, Exchange, Need, RecordKind, Silence};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct HostingNamed {
    /// Ids of `lists/documents.toml`; one that names it is enough.
    pages: Vec<String>,
}

codes! { Named = "named", NotNamed = "not-named", ContradictsClaim = "contradicts-claim" }

/// Sites whose addresses are looked at.
const MOST_SITES: usize = 20;

impl Judge for HostingNamed {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let (seen, read) = (seen(case), self.read(case));
        if matches!(seen, Err(Stop::Wanting)) || matches!(read, Err(Stop::Wanting)) {
            return Err(Stop::Wanting);
        }
        let (seen, read) = (seen?, read?);
        let claim = case.hoster.hosting.as_ref().and_then(|hosting| hosting.provider.as_deref());
        let mut findings: Vec<Finding> = claim.and_then(|claim| contradiction(claim, &seen)).into_iter().collect();
        findings.push(match claim {
            Some(claim) => read.look_for(&Words::new(ways_to_say(claim)), Some(claim))?,
            None if seen.is_empty() => read.look_for(case.charter.housing(), None)?,
            None => read.look_for(&Words::new(seen.values().flat_map(|(provider, _)| provider.names())), None)?,
        });
        Ok(findings)
    }

    fn references(&self) -> Vec<Reference<'_>> {
        self.pages.iter().map(|page| Reference::Document(page)).collect()
    }
}

type Seen<'a> = BTreeMap<&'a str, (&'a Provider, Vec<Sign>)>;

/// Who is seen to house the sites, all of them side by side. Nobody seen, for whatever reason, contradicts nobody.
fn seen<'a>(case: &Case<'a>) -> Result<Seen<'a>, Stop> {
    let urls: Vec<&Url> =
        case.hoster.sites.iter().filter(|site| !site.customers).filter_map(|site| site.url.as_ref()).take(MOST_SITES).collect();
    case.expect(urls.iter().filter_map(|url| Some(Need::Records(url.domain()?.to_owned(), RecordKind::A))));
    let mut sights = Sights::default();
    let mut wanting = false;
    for url in urls {
        match sights.of_host(case, url) {
            Err(Stop::Wanting) => wanting = true,
            look => look?,
        }
    }
    if wanting {
        return Err(Stop::Wanting);
    }
    let housing = sights.known.into_iter().filter(|((role, _), _)| *role == Role::Hosting);
    Ok(housing.map(|((_, id), (provider, signs))| (id, (provider, signs.into_iter().collect()))).collect())
}

/// What is claimed, and others that are seen: for a person to settle, who knows what is rented through whom.
fn contradiction(claim: &str, seen: &Seen<'_>) -> Option<Finding> {
    let mut others = seen.values().peekable();
    others.peek()?;
    if seen.values().any(|(provider, _)| is_called(provider, claim)) {
        return None;
    }
    let told: Vec<String> = others
        .map(|(provider, signs)| format!("{} ({})", provider.name, signs.iter().map(Sign::told).collect::<Vec<_>>().join(", ")))
        .collect();
    let told = told.join(", ");
    let because = say!(
        fr: "la description dit que les machines sont chez « {claim} » ; leurs noms montrent {told}. Les deux peuvent être vrais, si l'un loue à l'autre ou si un site est ailleurs : le préciser, ou corriger la description",
        en: "the description says that the machines are at “{claim}”; their names show {told}. Both may be true, if one rents from the other or a site is elsewhere: say so, or mend the description",
    );
    Some(Code::ContradictsClaim.inconclusive(because).quote("hoster.toml", claim).quote("DNS", &told))
}

/// Whether a claim means that provider, whatever the spelling: `OVH` is `OVHcloud`.
fn is_called(provider: &Provider, claim: &str) -> bool {
    let bare = |text: &str| fold(text).chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let claim = bare(claim);
    let same = |name: &String| {
        let name = bare(name);
        let (short, long) = if name.len() < claim.len() { (&name, &claim) } else { (&claim, &name) };
        short.len() >= 3 && long.contains(short.as_str())
    };
    provider.names().chain([provider.owner.clone()]).any(|name| same(&name)) || provider.ptr.iter().any(same)
}

/// The pages that could be read.
#[derive(Default)]
struct Read {
    pages: Vec<Arc<Exchange>>,
    silence: Option<Silence>,
}

impl HostingNamed {
    fn read(&self, case: &Case<'_>) -> Result<Read, Stop> {
        let mut read = Read::default();
        for id in &self.pages {
            let kind = case.charter.document(id).expect("the lint knows the kinds of documents");
            match find(case, kind) {
                Ok(Search::Found(document)) if document.exchange.body != Body::Binary => read.pages.push(document.exchange),
                Ok(_) => {}
                Err(Stop::Silent(silence)) => {
                    read.silence.get_or_insert(silence);
                }
                Err(stop) => return Err(stop),
            }
        }
        Ok(read)
    }
}

impl Read {
    /// One of the names on one of the pages. Our words may not be theirs: what is not found is for a person.
    fn look_for(self, words: &Words, claim: Option<&str>) -> Result<Finding, Stop> {
        for exchange in &self.pages {
            let (at, page) = (exchange.url(), exchange.page());
            let line = page.text.lines().find(|line| words.is_in(&fold(line)));
            if let Some(line) = line {
                let because = say!(fr: "{at} nomme l'hébergeur des machines", en: "{at} names who houses the machines");
                return Ok(Code::Named.supports(because).quote(at, line.trim()));
            }
        }
        if let Some(silence) = self.silence {
            return Err(Stop::Silent(silence));
        }
        let mut finding = match claim {
            Some(claim) => Code::NotNamed.inconclusive(say!(
                fr: "« {claim} », que dit la description, n'a pas été trouvé dans les pages lues",
                en: "“{claim}”, which the description says, was not found in the pages that were read",
            )),
            None => Code::NotNamed.inconclusive(say!(
                fr: "aucun hébergeur de machines que l'on connaisse n'a été trouvé dans les pages lues",
                en: "nobody known to house machines was found in the pages that were read",
            )),
        };
        for exchange in &self.pages {
            finding = finding.at(exchange.url());
        }
        Ok(finding)
    }
}

#[cfg(test)]
mod tests {
    use crate::check::Outcome;
    use crate::check::sample::{HOME, Sample, codes, is_silent, sample, sample_of};
    use crate::facts::{Record, RecordKind, SilenceKind};

    const CHECK: &str = "hosting-named = { pages = ['legal'] }";

    /// A legal notice that says this, and a machine whose address has that name.
    fn site(sample: Sample, notice: &str, machine: &str) -> Sample {
        let text = format!("<h1>Mentions légales</h1><p>{}</p><p>{notice}</p>", "Éditeur et directeur de la publication. ".repeat(30));
        let address = [Record::Address("192.0.2.1".parse().unwrap())];
        sample
            .page(HOME, "<p>hello</p><a href='/mentions-legales'>Mentions légales</a>")
            .page("https://a.example/mentions-legales", &text)
            .records("a.example", RecordKind::A, &address)
            .records("1.2.0.192.in-addr.arpa", RecordKind::Ptr, &[Record::Name(machine.into())])
    }

    fn claiming(provider: &str) -> Sample {
        sample_of("").hosted_by(provider)
    }

    #[test]
    fn what_is_claimed_is_looked_for() {
        let found = site(claiming("Tetaneutral.net"), "Nos machines sont chez tetaneutral, à Toulouse.", "vm.tetaneutral.net")
            .judge(CHECK)
            .unwrap();
        assert_eq!((found[0].code.as_str(), found[0].outcome), ("named", Outcome::Supports));
        assert_eq!(found[0].evidence[0].excerpt.as_deref(), Some("Nos machines sont chez tetaneutral, à Toulouse."));
        assert_eq!(codes(site(claiming("Voisins"), "Bonjour.", "vm.voisins.test").judge(CHECK)), ["not-named"]);
    }

    #[test]
    fn what_is_seen_is_looked_for_where_nothing_is_claimed() {
        assert_eq!(codes(site(sample(), "Hébergement : OVH, Roubaix.", "vps-1.vps.ovh.net").judge(CHECK)), ["named"]);
        assert_eq!(codes(site(sample(), "Hébergement : Gandi.", "vps-1.vps.ovh.net").judge(CHECK)), ["not-named"]);
        assert_eq!(codes(site(sample(), "Hébergement : Gandi.", "who.knows.test").judge(CHECK)), ["named"]);
    }

    #[test]
    fn both_sides_of_a_contradiction_are_shown_and_nobody_is_accused() {
        let found = site(claiming("Tetaneutral.net"), "Chez Tetaneutral.net.", "vps-1.vps.ovh.net").judge(CHECK).unwrap();
        assert_eq!(found.iter().map(|finding| finding.code.as_str()).collect::<Vec<_>>(), ["contradicts-claim", "named"]);
        assert!(found[0].because.fr.contains("« Tetaneutral.net »") && found[0].because.fr.contains("OVHcloud (PTR *.ovh.net)"));
        assert_eq!(found[0].outcome, Outcome::Inconclusive);
        assert_eq!(
            found[0].because.en,
            "the description says that the machines are at “Tetaneutral.net”; their names show OVHcloud (PTR *.ovh.net). Both may be true, \
             if one rents from the other or a site is elsewhere: say so, or mend the description"
        );
    }

    #[test]
    fn a_claim_in_other_words_is_no_contradiction() {
        for (claim, machine) in [
            ("OVH", "vps-1.vps.ovh.net"),
            ("OVH SAS, Roubaix", "vps-1.vps.ovh.net"),
            ("Kimsufi", "ks37777.kimsufi.com"),
            ("So you Start", "ns1.vps.ovh.net"),
            ("Hetzner Online GmbH", "static.1.2.0.192.clients.your-server.de"),
            ("Dedibox", "192-0-2-1.rev.poneytelecom.eu"),
            ("Scaleway (Iliad)", "192-0-2-1.rev.poneytelecom.eu"),
            ("tetaneutral", "vm.tetaneutral.net"),
            ("FDN", "vm.fdn.fr"),
            ("AWS", "ec2-35-180-1-2.eu-west-3.compute.amazonaws.com"),
        ] {
            let found = codes(site(claiming(claim), "Bonjour.", machine).judge(CHECK));
            assert!(!found.contains(&"contradicts-claim".to_owned()), "{claim}: {found:?}");
        }
        for (claim, machine) in [("Chez nous, à Rennes", "vps-1.vps.ovh.net"), ("Gandi", "192-0-2-1.rev.poneytelecom.eu")] {
            let found = site(claiming(claim), "Bonjour.", machine).judge(CHECK).unwrap();
            assert_eq!((found[0].code.as_str(), found[0].outcome), ("contradicts-claim", Outcome::Inconclusive), "{claim}");
            assert_eq!(found[0].evidence.len(), 2, "both sides");
        }
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
        let mute = sample().page(HOME, "<p>hello</p><a href='/mentions-legales'>Mentions légales</a>");
        assert!(is_silent(&mute.silent("https://a.example/mentions-legales", SilenceKind::TimedOut).judge(CHECK)));
    }
}
