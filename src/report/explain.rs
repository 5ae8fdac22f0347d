//! One criterion, explained to whoever has to live up to it.

use super::table::{bold, wrap};
use super::{clean, words};
use crate::audit::{Entry, Record};
use crate::check::budget;
use crate::criteria::{Binds, Charter, Criterion, CriterionId, Proves, SourceStatus};
use crate::hoster::{Hoster, Subject};
use crate::text::{Lang, Text, say};

/// As many as a small hoster has.
const SOME_SERVICES: usize = 5;

/// The clause, how it is checked, what to do.
pub fn explain(charter: &Charter, criterion: &Criterion, lang: Lang, width: u16) -> String {
    let mut lines = vec![bold(&format!("{} {}", criterion.id(), criterion.title.in_lang(lang))), String::new()];
    let mut tell = |label: Text, words: &str| lines.push(format!("  {} {words}", label.in_lang(lang)));
    let levels: Vec<String> = charter
        .editions
        .iter()
        .filter_map(|edition| Some(format!("{} ({})", words::level(criterion.level(&edition.id)?).in_lang(lang), edition.id)))
        .collect();
    let section = criterion.id().section().title();
    let from = format!("{}, {}", words::family(criterion.family()).in_lang(lang), section.in_lang(lang));
    tell(say!(fr: "D'où :", en: "From:"), &from);
    tell(say!(fr: "Niveau :", en: "Level:"), &levels.join(", "));
    tell(say!(fr: "Porte sur :", en: "Binds:"), binds(criterion.binds).in_lang(lang));
    if let Some(ask) = &criterion.ask {
        tell(say!(fr: "La question :", en: "The question:"), ask.in_lang(lang));
    }
    tell(say!(fr: "Le contrôle :", en: "The check:"), &checked(criterion, lang));
    if criterion.checks.iter().any(|check| !check.references().is_empty()) {
        let most = budget(charter, SOME_SERVICES);
        let cost = say!(
            fr: "au plus {most} requêtes pour tous les documents d'un hébergeur de {SOME_SERVICES} services, et bien moins d'ordinaire",
            en: "at most {most} requests for all documents of a hoster with {SOME_SERVICES} services, and far fewer as a rule"
        );
        tell(say!(fr: "La recherche :", en: "The search:"), cost.in_lang(lang));
    }
    tell(say!(fr: "À faire :", en: "To do:"), criterion.remedy.in_lang(lang));
    tell(say!(fr: "Effort :", en: "Effort:"), words::effort(criterion.effort).in_lang(lang));
    if !criterion.see.is_empty() {
        let see = criterion.see.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        tell(say!(fr: "Voir aussi :", en: "See also:"), &see);
    }
    let source = format!("{} — {}", criterion.source.url, status(criterion.source.status).in_lang(lang));
    tell(say!(fr: "Source :", en: "Source:"), &source);
    wrap(&format!("{}\n", lines.join("\n")), width)
}

/// What was seen and said of it in a record.
pub fn explain_record(record: &Record, hoster: &Hoster, id: CriterionId, lang: Lang, width: u16) -> String {
    let name = clean(&record.name);
    let date = record.date;
    let title = say!(fr: "{name}, relevé du {date}", en: "{name}, record of {date}");
    let mut lines = vec![bold(title.in_lang(lang))];
    let entries: Vec<&Entry> = record.standings.iter().filter(|entry| entry.criterion == id).collect();
    if entries.is_empty() {
        lines.push(format!(
            "  {}",
            say!(fr: "Ce critère n'est pas dans ce relevé.", en: "This criterion is not in this record.").in_lang(lang)
        ));
    }
    for entry in entries {
        let site = hoster.site(&entry.subject).map_or_else(|| entry.subject.to_string(), |site| clean(&site.name));
        let of = if entry.subject == Subject::Hoster && record.standings.iter().filter(|other| other.criterion == id).count() == 1 {
            String::new()
        } else {
            format!("{site}{} ", words::colon(lang))
        };
        lines.push(format!("  {} {of}{}", words::sign(entry.standing), entry.standing.name().in_lang(lang)));
        lines.extend(words::answered(entry).map(|answer| format!("    {}", clean(answer.in_lang(lang)))));
        if let Some(note) = entry.answer.as_ref().and_then(|answer| answer.note.as_ref()) {
            lines.push(format!("      {}", clean(note)));
        }
        lines.extend(words::replied([entry]).iter().map(|reply| format!("    {}", clean(reply.in_lang(lang)))));
        for finding in &entry.findings {
            lines.push(format!("    {} ({})", clean(finding.because.in_lang(lang)), words::case(finding)));
            for evidence in &finding.evidence {
                let excerpt = evidence.excerpt.as_deref().map(clean).filter(|excerpt| !excerpt.is_empty());
                let excerpt = excerpt.map(|excerpt| format!(" {}", words::quoted(&excerpt, lang))).unwrap_or_default();
                lines.push(format!("      {}{excerpt}", clean(&evidence.at)));
            }
        }
    }
    wrap(&format!("{}\n", lines.join("\n")), width)
}

fn binds(binds: Binds) -> Text {
    match binds {
        Binds::Hoster => say!(fr: "l'hébergeur", en: "the hoster"),
        Binds::EachService => say!(fr: "chaque service", en: "each service"),
        Binds::EachSite => say!(fr: "le site et chaque service", en: "the web site and each service"),
    }
}

fn checked(criterion: &Criterion, lang: Lang) -> String {
    let names = criterion.checks.iter().map(crate::check::Check::name).collect::<Vec<_>>().join(", ");
    let text = match (criterion.checks.is_empty(), criterion.proves()) {
        (true, _) => say!(fr: "aucun ; une personne répond", en: "none; a person answers"),
        (_, Proves::Both) => say!(fr: "{names} ; le contrôle décide seul", en: "{names}; the check decides alone"),
        (_, Proves::Breach) => {
            say!(fr: "{names} ; le contrôle peut constater un écart, une personne dit ce qui est respecté", en: "{names}; the check may see a gap, a person says what is met")
        }
        (_, Proves::Nothing) => {
            say!(fr: "{names} ; de simples indices, une personne décide", en: "{names}; evidence only, a person decides")
        }
    };
    text.in_lang(lang).to_owned()
}

fn status(status: SourceStatus) -> Text {
    match status {
        SourceStatus::Verified => say!(fr: "lu dans le texte publié", en: "read in the published text"),
        SourceStatus::Summarised => {
            say!(fr: "attesté par une page du collectif ou d'un membre", en: "attested by a page of the collective or of a member")
        }
        SourceStatus::Unverified => {
            say!(fr: "de mémoire, encore à comparer avec le texte publié", en: "from memory, still to be compared with the published text")
        }
    }
}
