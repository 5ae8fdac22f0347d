//! `answers.toml`: what people answered, the exceptions they were granted, what they decided to do, what the hoster replies.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use toml::Spanned;
use url::Url;

use super::{Hoster, Subject};
use crate::criteria::{Charter, Criterion, CriterionId};
use crate::day::Day;
use crate::file::{Fault, Faults, Format, Source, read};
use crate::text::say;

/// Everything people said about a hoster.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[schemars(title = "answers.toml")]
pub struct Answers {
    #[serde(default)]
    #[expect(dead_code, reason = "read so that a form of later is told")]
    format: Format,
    #[serde(default, rename = "answer")]
    pub answers: Vec<Answer>,
    #[serde(default, rename = "waiver")]
    pub waivers: Vec<Waiver>,
    #[serde(default, rename = "action")]
    pub actions: Vec<Action>,
    #[serde(default, rename = "reply")]
    pub replies: Vec<Reply>,
}

/// What a person says of a criterion.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Answer {
    #[schemars(with = "CriterionId")]
    criterion: Spanned<CriterionId>,
    /// For one service; left out: for the hoster, or for every subject of the criterion.
    pub service: Option<Subject>,
    pub outcome: AnswerOutcome,
    pub by: String,
    pub on: Day,
    pub note: Option<String>,
    #[serde(default)]
    pub evidence: Vec<Url>,
    /// The last day on which it holds; by default `on` and the criterion's `renew`.
    pub until: Option<Day>,
    /// The revision of the criterion that was answered.
    #[serde(default = "first_revision")]
    pub revision: u32,
    /// The edition of the charter that was answered, where the question is another one in another edition.
    pub edition: Option<String>,
}

fn first_revision() -> u32 {
    1
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AnswerOutcome {
    Met,
    Unmet,
    NotApplicable,
}

impl Answer {
    pub fn criterion(&self) -> CriterionId {
        *self.criterion.get_ref()
    }

    /// The last day on which it holds: that day still counts, in UTC.
    pub fn last_day(&self, criterion: &Criterion) -> Day {
        self.until.unwrap_or_else(|| self.on.plus(criterion.renew))
    }

    /// Whether it speaks of this subject of its criterion.
    pub fn is_about(&self, subject: &Subject) -> bool {
        self.service.as_ref().is_none_or(|service| service == subject)
    }

    /// Whether the criterion still asks, in this edition of the charter, what was answered.
    pub fn is_to_the_point(&self, criterion: &Criterion, edition: &str) -> bool {
        self.revision == criterion.revision && (criterion.carry || self.edition.as_ref().is_none_or(|answered| answered == edition))
    }

    /// Whether it counts on that day.
    pub fn holds(&self, criterion: &Criterion, edition: &str, today: Day) -> bool {
        self.on <= today && today <= self.last_day(criterion) && self.is_to_the_point(criterion, edition)
    }
}

/// An accepted exception.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Waiver {
    #[schemars(with = "CriterionId")]
    criterion: Spanned<CriterionId>,
    pub service: Option<Subject>,
    /// An id of `lists/exceptions.toml`; or else `reason`.
    pub exception: Option<String>,
    pub reason: Option<String>,
    pub granted_by: String,
    pub decision: Option<Url>,
    pub on: Day,
    /// The last day on which it holds: that day still counts, in UTC.
    pub until: Day,
}

impl Waiver {
    pub fn criterion(&self) -> CriterionId {
        *self.criterion.get_ref()
    }

    pub fn is_about(&self, subject: &Subject) -> bool {
        self.service.as_ref().is_none_or(|service| service == subject)
    }
}

/// What the group decided to do.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Action {
    #[schemars(with = "CriterionId")]
    criterion: Spanned<CriterionId>,
    pub service: Option<Subject>,
    pub todo: String,
    pub owner: Option<String>,
    pub due: Option<Day>,
    pub issue: Option<Url>,
}

impl Action {
    pub fn criterion(&self) -> CriterionId {
        *self.criterion.get_ref()
    }

    pub fn is_about(&self, subject: &Subject) -> bool {
        self.service.as_ref().is_none_or(|service| service == subject)
    }
}

/// What the hoster says to a finding: its right of reply. It changes no standing.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Reply {
    #[schemars(with = "CriterionId")]
    criterion: Spanned<CriterionId>,
    pub service: Option<Subject>,
    pub by: String,
    pub on: Day,
    pub text: String,
}

impl Reply {
    pub fn criterion(&self) -> CriterionId {
        *self.criterion.get_ref()
    }

    pub fn is_about(&self, subject: &Subject) -> bool {
        self.service.as_ref().is_none_or(|service| service == subject)
    }

    fn fault(&self, source: &Source) -> Option<Fault> {
        let what = if self.text.trim().is_empty() {
            say!(fr: "cette réponse de l'hébergeur ne dit rien", en: "this reply says nothing")
        } else if self.by.trim().is_empty() {
            say!(fr: "cette réponse de l'hébergeur ne dit pas de qui elle est", en: "this reply does not say whose it is")
        } else {
            return None;
        };
        let remedy =
            say!(fr: "Remplir « by » et « text », ou ôter ce [[reply]].", en: "Fill in `by` and `text`, or take this [[reply]] out.");
        Some(Fault::new(source.place(self.criterion.span()), what, remedy))
    }
}

impl Answers {
    /// Whether nobody has said anything yet.
    pub fn is_empty(&self) -> bool {
        self.answers.is_empty() && self.waivers.is_empty()
    }

    /// Whatever was answered, in the order of the file.
    pub fn about(&self, criterion: CriterionId, subject: &Subject) -> impl Iterator<Item = &Answer> {
        self.answers.iter().filter(move |answer| answer.criterion() == criterion && answer.is_about(subject))
    }

    /// Reads `answers.toml`; an answer to a criterion or a service that does not exist is a fault, never dropped.
    pub fn read(source: &Source, charter: &Charter, hoster: &Hoster) -> Result<Self, Faults> {
        let answers: Self = read(source)?;
        let faults = answers.faults(source, charter, hoster);
        if faults.is_empty() { Ok(answers) } else { Err(faults) }
    }

    fn faults(&self, source: &Source, charter: &Charter, hoster: &Hoster) -> Faults {
        let said = self.answers.iter().map(|a| (&a.criterion, &a.service));
        let waived = self.waivers.iter().map(|w| (&w.criterion, &w.service));
        let planned = self.actions.iter().map(|a| (&a.criterion, &a.service));
        let replied = self.replies.iter().map(|r| (&r.criterion, &r.service));
        let mut faults = Faults::new();
        for (criterion, service) in said.chain(waived).chain(planned).chain(replied) {
            let id = criterion.get_ref();
            if charter.criterion(*id).is_none() {
                faults.push(Fault::new(
                    source.place(criterion.span()),
                    say!(fr: "le critère {id} n'existe pas", en: "there is no criterion {id}"),
                    say!(fr: "Voir « chatons-audit criteria list ».", en: "See `chatons-audit criteria list`."),
                ));
            }
            if let Some(service) = service.as_ref().filter(|service| hoster.site(service).is_none()) {
                faults.push(Fault::new(
                    source.place_of_word(criterion.span().start, &service.to_string()),
                    say!(fr: "hoster.toml n'a pas de service « {service} »", en: "hoster.toml has no service `{service}`"),
                    say!(fr: "Prendre l'id d'un [[service]] de hoster.toml.", en: "Take the id of a [[service]] of hoster.toml."),
                ));
            }
        }
        faults.extend(self.replies.iter().filter_map(|reply| reply.fault(source)));
        for answer in &self.answers {
            if let Some(edition) = answer.edition.as_ref().filter(|edition| charter.edition(edition).is_none()) {
                faults.push(Fault::new(
                    source.place_of_word(answer.criterion.span().start, edition),
                    say!(fr: "l'édition « {edition} » n'existe pas", en: "there is no edition `{edition}`"),
                    say!(fr: "Voir criteria/editions.toml.", en: "See criteria/editions.toml."),
                ));
            }
        }
        for waiver in &self.waivers {
            let at = || source.place(waiver.criterion.span());
            match (&waiver.exception, &waiver.reason) {
                (Some(exception), _) if charter.exception(exception).is_none() => faults.push(Fault::new(
                    source.place_of_word(waiver.criterion.span().start, exception),
                    say!(fr: "l'exception « {exception} » n'est pas connue", en: "the exception `{exception}` is not known"),
                    say!(fr: "Prendre un id de criteria/lists/exceptions.toml, ou écrire « reason ».", en: "Take an id of criteria/lists/exceptions.toml, or write `reason`."),
                )),
                (None, None) => faults.push(Fault::new(
                    at(),
                    say!(fr: "cette dérogation ne dit pas pourquoi", en: "this waiver does not say why"),
                    say!(fr: "Ajouter « exception » ou « reason ».", en: "Add `exception` or `reason`."),
                )),
                _ => {}
            }
        }
        faults
    }
}
