//! `--plan`: whom a run would visit first, and how often, before anybody is asked anything.

use std::collections::BTreeMap;

use crate::audit::{Plan, first_needs};
use crate::check::MOST_MAIL_SERVERS;
use crate::day::Day;
use crate::facts::{Need, RecordKind};
use crate::text::{Lang, clean, say};

/// Hosts and first visits, then each host with its own. Names to look up are counted apart: they are asked of a name server.
pub(super) fn told(plans: &[Plan<'_>], today: Day, lang: Lang) -> String {
    let mut visits = BTreeMap::<String, usize>::new();
    let mut names = 0;
    for need in first_needs(plans, today) {
        match host(&need) {
            Some(host) => *visits.entry(host).or_default() += 1,
            None => names += 1,
        }
    }
    let (hosters, hosts, first) = (plans.len(), visits.len(), visits.values().sum::<usize>());
    let head = say!(
        fr: "Hébergeurs : {hosters}. Hôtes : {hosts}. Premières visites : {first}. Noms à chercher : {names}. Les autres visites dépendent des réponses ; rien n'a été demandé.",
        en: "Hosters: {hosters}. Hosts: {hosts}. First visits: {first}. Names to look up: {names}. Other visits depend on the answers; nothing was asked."
    );
    let mut text = format!("{}\n", head.in_lang(lang));
    for (host, count) in visits {
        text.push_str(&format!("{count:>4}  {}\n", clean(&host)));
    }
    text
}

/// Of `--smtp`: which servers receive the mail is known once name servers have answered.
pub(super) fn mail(plans: &[Plan<'_>], today: Day, lang: Lang) -> String {
    let receives = |need: &Need| matches!(need, Need::Records(_, RecordKind::Mx));
    let domains = first_needs(plans, today).iter().filter(|need| receives(need)).count();
    let told = say!(
        fr: "Courriel : domaines dont les serveurs seraient joints (port 25, {MOST_MAIL_SERVERS} au plus pour chacun, sans rien envoyer) : {domains}.",
        en: "Mail: domains whose servers would be reached (port 25, {MOST_MAIL_SERVERS} at most for each, without sending anything): {domains}."
    );
    format!("{}\n", told.in_lang(lang))
}

/// Whom a need visits; nobody, when it is a question to a name server.
fn host(need: &Need) -> Option<String> {
    match need {
        Need::Exchange(url) | Need::Visit(url) => url.host_str().map(str::to_owned),
        Need::Certificate(authority) | Need::Protocols(authority) | Need::Ipv6(authority) | Need::Starttls(authority) => {
            Some(authority.host.clone())
        }
        Need::Addresses(_) | Need::Records(..) | Need::Signature(_) => None,
    }
}
