//! What changed between two records, and why: for a terminal, and as Markdown.

use serde_json::json;

use super::gaps::telling;
use super::json::pretty;
use super::markdown::escape;
use super::table::{bold, wrap};
use super::{clean, documents, words};
use crate::audit::{Cause, Change, Entry, Record, Standing, closed, diff, gaps};
use crate::criteria::{Charter, CriterionId};
use crate::hoster::{Hoster, Subject};
use crate::text::{Lang, Text, count, say};

/// Two records of one hoster, and what to call their parts.
pub struct Changes<'a> {
    pub(super) old: &'a Record,
    pub(super) new: &'a Record,
    /// What the old record is known by: a commit.
    pub(super) known_as: &'a str,
    charter: &'a Charter,
    hoster: &'a Hoster,
    /// What a reader should see first stands first.
    pub(super) list: Vec<Change>,
}

impl<'a> Changes<'a> {
    pub fn new(old: &'a Record, new: &'a Record, known_as: &'a str, charter: &'a Charter, hoster: &'a Hoster) -> Self {
        let mut list = diff(old, new);
        list.sort_by_key(|change| (change.after.is_none(), change.after, change.criterion, change.subject.clone()));
        Self { old, new, known_as, charter, hoster, list }
    }

    /// For a terminal of that many columns.
    pub fn text(&self, lang: Lang, width: u16) -> String {
        let name = clean(&self.new.name);
        let mut lines = vec![bold(&format!("{name} — {}", self.between().in_lang(lang))), String::new()];
        lines.extend(self.moved().iter().map(|text| text.in_lang(lang).to_owned()));
        lines.push(self.summary(lang));
        for change in &self.list {
            lines.push(String::new());
            let (sign, id) = (change.after.map_or("–", words::sign), bold(&change.criterion.to_string()));
            lines.push(format!("{sign} {id} {}{}", self.title(change.criterion, lang), bracketed(&self.subject(&change.subject))));
            lines.push(format!("    {}", step(change).in_lang(lang)));
            lines.extend(self.seen(change, lang).map(|seen| format!("    {seen}")));
        }
        wrap(&format!("{}\n", lines.join("\n")), width)
    }

    /// Valid alone, and as a part of something else.
    pub fn markdown(&self, lang: Lang) -> String {
        let mut lines = vec![format!("## {} — {}", escape(&self.new.name), escape(self.between().in_lang(lang))), String::new()];
        lines.extend(self.moved().iter().map(|text| format!("{}\n", escape(text.in_lang(lang)))));
        lines.push(self.summary(lang));
        lines.push(String::new());
        for change in &self.list {
            let (sign, title) = (change.after.map_or("–", words::sign), escape(&self.title(change.criterion, lang)));
            let subject = escape(&self.subject(&change.subject));
            let subject = if subject.is_empty() { subject } else { format!(" ({subject})") };
            lines.push(format!("- {sign} **{}** {title}{subject}", change.criterion));
            lines.push(format!("  - {}", escape(step(change).in_lang(lang))));
            lines.extend(self.seen(change, lang).map(|seen| format!("  - {}", escape(&seen))));
        }
        format!("{}\n", lines.join("\n").trim_end())
    }

    /// `{ "hoster": …, "from": { "commit": …, "date": … }, "to": { "date": … }, "closed": […], "opened": […], "changes": [{ … }] }`;
    /// standings, levels and causes by the names of `record.toml`, `null` where a criterion was not judged.
    pub fn json(&self) -> String {
        let side = |record: &Record| json!({ "date": record.date.to_string(), "edition": record.edition, "tool": record.tool, "rules": record.rules });
        let mut from = side(self.old);
        from["commit"] = self.known_as.into();
        let named = |ids: &mut dyn Iterator<Item = CriterionId>| ids.map(|id| id.to_string()).collect::<Vec<_>>();
        let changes = self.list.iter().map(|change| {
            json!({
                "criterion": change.criterion.to_string(),
                "subject": change.subject.to_string(),
                "level": change.level,
                "before": change.before,
                "after": change.after,
                "cause": change.cause,
                "seen": self.seen(change, Lang::Fr).map(|fr| json!({ "fr": fr, "en": self.seen(change, Lang::En) })),
            })
        });
        let value = json!({
            "hoster": self.new.hoster,
            "from": from,
            "to": side(self.new),
            "closed": named(&mut closed(self.old, self.new).into_iter()),
            "opened": named(&mut gaps(self.new).difference(&gaps(self.old)).copied()),
            "changes": changes.collect::<Vec<_>>(),
        });
        pretty(&value)
    }

    /// `2 écarts comblés, 1 nouveau ; 5 situations changées`.
    pub(super) fn summary(&self, lang: Lang) -> String {
        let n = self.list.len();
        let changed = match (lang, n) {
            (Lang::Fr, 0) => return "Aucune situation n'a changé.".to_owned(),
            (Lang::En, 0) => return "No standing has changed.".to_owned(),
            (Lang::Fr, _) => count(lang, n, "situation changée", "situations changées"),
            (Lang::En, _) => count(lang, n, "standing changed", "standings changed"),
        };
        match (self.gap_counts(lang), lang) {
            (None, _) => format!("{changed}."),
            (Some(gaps), Lang::Fr) => format!("{gaps} ; {changed}."),
            (Some(gaps), Lang::En) => format!("{gaps}; {changed}."),
        }
    }

    /// `2 écarts comblés, 1 nouveau`; nothing when none was closed and none is new.
    pub(super) fn gap_counts(&self, lang: Lang) -> Option<String> {
        let (closed, opened) = (closed(self.old, self.new).len(), gaps(self.new).difference(&gaps(self.old)).count());
        match (lang, closed, opened) {
            (_, 0, 0) => None,
            (Lang::Fr, 0, _) => Some(count(lang, opened, "écart nouveau", "écarts nouveaux")),
            (Lang::En, 0, _) => Some(count(lang, opened, "new gap", "new gaps")),
            (Lang::Fr, _, 0) => Some(count(lang, closed, "écart comblé", "écarts comblés")),
            (Lang::En, _, 0) => Some(count(lang, closed, "gap closed", "gaps closed")),
            (Lang::Fr, ..) => {
                Some(format!("{}, {}", count(lang, closed, "écart comblé", "écarts comblés"), count(lang, opened, "nouveau", "nouveaux")))
            }
            (Lang::En, ..) => Some(format!("{}, {opened} new", count(lang, closed, "gap closed", "gaps closed"))),
        }
    }

    fn between(&self) -> Text {
        let (then, now, commit) = (self.old.date, self.new.date, self.known_as);
        say!(fr: "du {then} ({commit}) au {now}", en: "from {then} ({commit}) to {now}")
    }

    /// What else changed between the two, that a reader must know before accusing anybody.
    pub(super) fn moved(&self) -> Vec<Text> {
        let (old, new) = (self.old, self.new);
        let mut moved = Vec::new();
        let mut pair = |differs: bool, text: fn(&str, &str) -> Text, then: &str, now: &str| {
            if differs {
                moved.push(text(&clean(then), &clean(now)));
            }
        };
        let edition = |then: &str, now: &str| say!(fr: "Édition : {then}, puis {now}.", en: "Edition: {then}, then {now}.");
        let rules = |then: &str, now: &str| say!(fr: "Les règles ont changé : {then}, puis {now}.", en: "The rules have changed: {then}, then {now}.");
        let tool = |then: &str, now: &str| say!(fr: "L'outil a changé : version {then}, puis {now}.", en: "The tool has changed: version {then}, then {now}.");
        pair(old.edition != new.edition, edition, &old.edition, &new.edition);
        pair(old.rules != new.rules, rules, &old.rules, &new.rules);
        pair(old.tool != new.tool, tool, &old.tool, &new.tool);
        let texts = documents::differing(self.charter, old, new).into_iter();
        moved.extend(
            texts.map(|name| say!(fr: "Texte modifié : {n_fr}.", en: "Text changed: {n_en}.", with: n_fr = name.fr, n_en = name.en)),
        );
        moved
    }

    pub(super) fn title(&self, id: CriterionId, lang: Lang) -> String {
        self.charter.criterion(id).map(|criterion| criterion.title.in_lang(lang).to_owned()).unwrap_or_default()
    }

    /// The name of a service as people know it; empty for the hoster itself.
    pub(super) fn subject(&self, subject: &Subject) -> String {
        match self.hoster.site(subject) {
            _ if *subject == Subject::Hoster => String::new(),
            Some(site) => clean(&site.name),
            None => subject.to_string(),
        }
    }

    /// What was seen or said, where that is what changed.
    pub(super) fn seen(&self, change: &Change, lang: Lang) -> Option<String> {
        let place = |entry: &&Entry| entry.criterion == change.criterion && entry.subject == change.subject;
        let entry = self.new.standings.iter().find(place)?;
        match change.cause {
            Cause::AnswerGiven => words::answered(entry).map(|text| clean(text.in_lang(lang))),
            Cause::WaiverGiven => entry.waiver.as_ref().map(|waiver| clean(waiver.because.in_lang(lang))),
            Cause::AnswerLapsed | Cause::AnswerOutdated | Cause::AnswerWithdrawn | Cause::Description | Cause::Edition => None,
            _ => telling(entry).map(|finding| clean(finding.because.in_lang(lang))),
        }
    }
}

/// `respecté → non respecté : ce que l'on voit de l'hébergeur a changé`.
pub(super) fn step(change: &Change) -> Text {
    let (before, after, cause) = (standing(change.before), standing(change.after), cause(change.cause));
    say!(
        fr: "{b_fr} → {a_fr} : {c_fr}",
        en: "{b_en} → {a_en}: {c_en}",
        with: b_fr = before.fr, a_fr = after.fr, c_fr = cause.fr, b_en = before.en, a_en = after.en, c_en = cause.en
    )
}

fn bracketed(subject: &str) -> String {
    if subject.is_empty() { String::new() } else { format!(" [{subject}]") }
}

fn standing(standing: Option<Standing>) -> Text {
    standing.map_or_else(|| say!(fr: "non jugé", en: "not judged"), Standing::name)
}

fn cause(cause: Cause) -> Text {
    match cause {
        Cause::Hoster => say!(fr: "ce que l'on voit de l'hébergeur a changé", en: "what is seen of the hoster has changed"),
        Cause::Rule => say!(fr: "la règle a changé", en: "the rule has changed"),
        Cause::Tool => say!(fr: "l'outil a changé", en: "the tool has changed"),
        Cause::HosterOrRule => {
            say!(fr: "ce que l'on voit a changé, des règles aussi : l'un ou l'autre", en: "what is seen has changed, and so have some rules: one or the other")
        }
        Cause::HosterOrTool => {
            say!(fr: "ce que l'on voit a changé, l'outil aussi : l'un ou l'autre", en: "what is seen has changed, and so has the tool: one or the other")
        }
        Cause::AnswerGiven => say!(fr: "une personne a répondu", en: "a person has answered"),
        Cause::AnswerLapsed => say!(fr: "la réponse est échue, à redemander", en: "the answer has lapsed, to be asked again"),
        Cause::AnswerOutdated => {
            say!(fr: "l'hébergeur a modifié un texte depuis la réponse, à redemander", en: "the hoster changed a text after the answer, to be asked again")
        }
        Cause::AnswerWithdrawn => say!(fr: "la réponse a été retirée", en: "the answer was withdrawn"),
        Cause::WaiverGiven => say!(fr: "une dérogation a été accordée", en: "a waiver was granted"),
        Cause::WaiverLapsed => say!(fr: "la dérogation est échue", en: "the waiver has lapsed"),
        Cause::WaiverWithdrawn => say!(fr: "la dérogation a été retirée", en: "the waiver was withdrawn"),
        Cause::MeasureFailed => say!(fr: "la mesure n'a pas abouti", en: "the measurement failed"),
        Cause::MeasureBack => say!(fr: "la mesure aboutit de nouveau", en: "the measurement is back"),
        Cause::ServiceAdded => say!(fr: "service ajouté à hoster.toml", en: "service added to hoster.toml"),
        Cause::ServiceRemoved => say!(fr: "service retiré de hoster.toml", en: "service removed from hoster.toml"),
        Cause::Edition => say!(fr: "autre édition de la charte", en: "another edition of the charter"),
        Cause::Description => say!(fr: "hoster.toml a changé", en: "hoster.toml has changed"),
    }
}
