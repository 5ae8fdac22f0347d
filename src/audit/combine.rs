//! Machine and person together: one truth table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::engine::Said;
use crate::check::Outcome;
use crate::criteria::Proves;
use crate::hoster::AnswerOutcome;
use crate::text::{Text, say};

/// Where a criterion stands, for one subject. In the order in which a reader should see them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    Unmet,
    /// Machine and person disagree.
    Contested,
    /// A person must look.
    Pending,
    /// It could not be observed.
    Unseen,
    Waived,
    Met,
    NotApplicable,
}

impl Standing {
    pub const ALL: [Self; 7] = [Self::Unmet, Self::Contested, Self::Pending, Self::Unseen, Self::Waived, Self::Met, Self::NotApplicable];

    pub fn name(self) -> Text {
        match self {
            Self::Unmet => say!(fr: "non respecté", en: "unmet"),
            Self::Contested => say!(fr: "à départager", en: "contested"),
            Self::Pending => say!(fr: "à vérifier", en: "pending"),
            Self::Unseen => say!(fr: "non constaté", en: "unseen"),
            Self::Waived => say!(fr: "dérogation", en: "waived"),
            Self::Met => say!(fr: "respecté", en: "met"),
            Self::NotApplicable => say!(fr: "sans objet", en: "not applicable"),
        }
    }
}

/// Who decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    Check,
    Answer,
    Waiver,
    /// Both sides of a contested standing.
    CheckAndAnswer,
    /// The description of the hoster: the criterion does not apply to it.
    Description,
    Nobody,
}

/// What the checks of a criterion come to, given what they may decide alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Machine {
    /// There is no check, or all say that the site belongs to customers.
    None,
    CustomersSite,
    Met,
    Breach,
    /// Evidence for a person.
    Evidence,
    /// Nobody answered a check that counts; where checks decide nothing, nobody answered any.
    Silent,
}

impl Machine {
    pub(super) fn of<'s>(proves: Proves, said: impl IntoIterator<Item = &'s Said>) -> Self {
        let said: Vec<&Said> = said.into_iter().collect();
        if said.is_empty() {
            return Self::None;
        }
        if said.iter().all(|said| matches!(said, Said::CustomersSite(_))) {
            return Self::CustomersSite;
        }
        let outcomes: Vec<Outcome> = said
            .iter()
            .filter_map(|said| if let Said::Findings(findings) = said { Some(findings) } else { None })
            .flatten()
            .map(|finding| finding.outcome)
            .collect();
        let silent = said.iter().any(|said| matches!(said, Said::Silent(_)));
        let refuted = outcomes.contains(&Outcome::Refutes);
        let supported = !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Outcome::Supports);
        match proves {
            Proves::Both | Proves::Breach if refuted => Self::Breach,
            // What was seen is for a person, whatever else was not; there is no verdict that a silence could distort.
            Proves::Nothing if !outcomes.is_empty() => Self::Evidence,
            _ if silent => Self::Silent,
            Proves::Both if supported => Self::Met,
            _ => Self::Evidence,
        }
    }
}

/// The truth table. An answer and a waiver that reach it are in force. Law 3: a machine never overrules a person, it contradicts.
pub(super) fn combine(machine: Machine, answer: Option<AnswerOutcome>, waived: bool) -> (Standing, By) {
    use AnswerOutcome as Person;
    let (standing, by) = match (machine, answer) {
        (Machine::Breach, Some(Person::Met | Person::NotApplicable)) | (Machine::Met, Some(Person::Unmet)) => {
            (Standing::Contested, By::CheckAndAnswer)
        }
        (_, Some(Person::Met)) => (Standing::Met, By::Answer),
        (_, Some(Person::Unmet)) => (Standing::Unmet, By::Answer),
        (_, Some(Person::NotApplicable)) => (Standing::NotApplicable, By::Answer),
        (Machine::Met, None) => (Standing::Met, By::Check),
        (Machine::Breach, None) => (Standing::Unmet, By::Check),
        (Machine::CustomersSite, None) => (Standing::NotApplicable, By::Description),
        (Machine::Silent, None) => (Standing::Unseen, By::Nobody),
        (Machine::Evidence | Machine::None, None) => (Standing::Pending, By::Nobody),
    };
    let excusable = !matches!(standing, Standing::Met | Standing::NotApplicable);
    if waived && excusable { (Standing::Waived, By::Waiver) } else { (standing, by) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::Finding;
    use crate::facts::{Silence, SilenceKind};

    const MACHINES: [Machine; 6] =
        [Machine::None, Machine::CustomersSite, Machine::Met, Machine::Breach, Machine::Evidence, Machine::Silent];
    const PEOPLE: [Option<AnswerOutcome>; 4] =
        [None, Some(AnswerOutcome::Met), Some(AnswerOutcome::Unmet), Some(AnswerOutcome::NotApplicable)];

    fn said(outcome: Outcome) -> Said {
        Said::Findings(vec![Finding {
            check: "x".into(),
            code: "x".into(),
            outcome,
            silent: false,
            because: Text::same("x"),
            evidence: vec![],
        }])
    }

    fn silent() -> Said {
        Said::Silent(Silence::new(SilenceKind::TimedOut, "a.example"))
    }

    #[test]
    fn silence_is_never_a_verdict() {
        for proves in [Proves::Both, Proves::Breach, Proves::Nothing] {
            assert_eq!(Machine::of(proves, &[silent()]), Machine::Silent);
            assert_eq!(Machine::of(proves, &[Said::Findings(vec![]), silent()]), Machine::Silent);
        }
        for proves in [Proves::Both, Proves::Breach] {
            assert_eq!(Machine::of(proves, &[said(Outcome::Supports), silent()]), Machine::Silent);
        }
        assert_eq!(combine(Machine::Silent, None, false), (Standing::Unseen, By::Nobody));
    }

    #[test]
    fn a_machine_decides_what_its_criterion_lets_it_decide() {
        let (yes, no, unsure) = (said(Outcome::Supports), said(Outcome::Refutes), said(Outcome::Inconclusive));
        let of = |proves, said: &[&Said]| Machine::of(proves, said.iter().copied());
        assert_eq!(of(Proves::Both, &[&yes, &yes]), Machine::Met);
        assert_eq!(of(Proves::Both, &[&yes, &no]), Machine::Breach);
        assert_eq!(of(Proves::Both, &[&yes, &unsure]), Machine::Evidence);
        assert_eq!(of(Proves::Breach, &[&yes]), Machine::Evidence);
        assert_eq!(of(Proves::Breach, &[&no, &silent()]), Machine::Breach);
        assert_eq!(of(Proves::Nothing, &[&no]), Machine::Evidence);
        let customers = Said::CustomersSite(vec![]);
        assert_eq!(of(Proves::Both, &[&customers, &customers]), Machine::CustomersSite);
        assert_eq!(of(Proves::Both, &[]), Machine::None);
        assert_eq!(of(Proves::Both, &[&Said::Findings(vec![])]), Machine::Evidence);
    }

    #[test]
    fn evidence_is_for_a_person_though_another_check_was_silent() {
        for outcome in [Outcome::Supports, Outcome::Refutes, Outcome::Inconclusive] {
            assert_eq!(Machine::of(Proves::Nothing, &[said(outcome), silent()]), Machine::Evidence);
        }
        let customers = Said::CustomersSite(vec![]);
        assert_eq!(Machine::of(Proves::Nothing, &[customers, silent()]), Machine::Silent);
        assert_eq!(combine(Machine::Evidence, None, false), (Standing::Pending, By::Nobody));
    }

    /// Law 3: in no cell does a person's word vanish.
    #[test]
    fn a_machine_never_overrules_a_person() {
        for machine in MACHINES {
            for answer in PEOPLE {
                let (standing, by) = combine(machine, answer, false);
                let Some(answer) = answer else { continue };
                let word = match answer {
                    AnswerOutcome::Met => Standing::Met,
                    AnswerOutcome::Unmet => Standing::Unmet,
                    AnswerOutcome::NotApplicable => Standing::NotApplicable,
                };
                assert!(
                    standing == word && by == By::Answer || standing == Standing::Contested && by == By::CheckAndAnswer,
                    "{machine:?} {answer:?}"
                );
            }
        }
    }

    #[test]
    fn machine_against_person_is_contested() {
        assert_eq!(combine(Machine::Breach, Some(AnswerOutcome::Met), false).0, Standing::Contested);
        assert_eq!(combine(Machine::Met, Some(AnswerOutcome::Unmet), false).0, Standing::Contested);
        assert_eq!(combine(Machine::Breach, Some(AnswerOutcome::Unmet), false).0, Standing::Unmet);
    }

    #[test]
    fn a_waiver_excuses_what_is_not_met_and_nothing_else() {
        for machine in MACHINES {
            for answer in PEOPLE {
                let (plain, _) = combine(machine, answer, false);
                let (waived, _) = combine(machine, answer, true);
                let unused = matches!(plain, Standing::Met | Standing::NotApplicable);
                assert_eq!(waived, if unused { plain } else { Standing::Waived });
            }
        }
    }
}
