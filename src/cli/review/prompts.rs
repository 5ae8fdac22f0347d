//! What is asked at the prompt, in the user's language.

use std::fmt;

use inquire::ui::RenderConfig;
use inquire::validator::{ErrorMessage, StringValidator, Validation};
use inquire::{CustomUserError, InquireError, Select, Text};
use url::Url;

use super::note;
use crate::cli::Failure;
use crate::criteria::fold;
use crate::day::Day;
use crate::file::Fault;
use crate::hoster::AnswerOutcome;
use crate::text::clean;
use crate::text::{Lang, say};

/// Why a prompt gave nothing.
pub(super) enum Left {
    /// Esc.
    Back,
    /// Ctrl-C.
    Stop,
    /// The editor did not open; one line does as well.
    NoEditor(Fault),
    Failed(Failure),
}

pub(super) type Asked<T> = Result<T, Left>;

impl From<InquireError> for Left {
    fn from(error: InquireError) -> Self {
        match error {
            InquireError::OperationCanceled => Self::Back,
            InquireError::OperationInterrupted => Self::Stop,
            other => Self::Failed(Failure::CouldNot(Fault::nowhere(
                say!(fr: "le terminal ne répond plus : {other}", en: "the terminal does not answer any more: {other}"),
                say!(fr: "Relancer : ce qui est répondu est gardé.", en: "Start again: what was answered is kept."),
            ))),
        }
    }
}

/// What a person chooses for a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Choice {
    Answer(AnswerOutcome),
    Skip,
    Stop,
}

/// What a person chooses for a gap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plan {
    AsProposed,
    OwnWords,
    Nothing,
    Stop,
}

/// A choice and the words for it; typing the first letters of the words finds it.
struct Labelled<T> {
    choice: T,
    sign: &'static str,
    words: &'static str,
}

impl<T> fmt::Display for Labelled<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.sign, self.words)
    }
}

/// The prompts in one language.
#[derive(Clone, Copy)]
pub(super) struct Prompts(pub(super) Lang);

impl Prompts {
    fn tr(self, fr: &'static str, en: &'static str) -> &'static str {
        match self.0 {
            Lang::Fr => fr,
            Lang::En => en,
        }
    }

    fn look(self) -> RenderConfig<'static> {
        RenderConfig::default().with_canceled_prompt_indicator(inquire::ui::Styled::new(self.tr("(laissé)", "(left)")))
    }

    /// The cursor stands on what changes nothing, so that a key pressed once too often answers nothing.
    fn select<T: Copy>(self, message: &str, options: Vec<Labelled<T>>, start: usize) -> Asked<T> {
        let help = self.tr("↑ ↓ ou les premières lettres, puis Entrée", "↑ ↓ or the first letters, then Enter");
        let score = |input: &str, option: &Labelled<T>, _: &str, _: usize| fold(option.words).starts_with(&fold(input)).then_some(0);
        let chosen = Select::new(message, options)
            .with_help_message(help)
            .with_starting_cursor(start)
            .with_scorer(&score)
            .with_render_config(self.look())
            .prompt()?;
        Ok(chosen.choice)
    }

    pub(super) fn choice(self) -> Asked<Choice> {
        let option = |choice, sign, words| Labelled { choice, sign, words };
        let options = vec![
            option(Choice::Answer(AnswerOutcome::Met), "✓", self.tr("respecté", "met")),
            option(Choice::Answer(AnswerOutcome::Unmet), "✗", self.tr("non respecté", "unmet")),
            option(Choice::Answer(AnswerOutcome::NotApplicable), "–", self.tr("sans objet", "not applicable")),
            option(Choice::Skip, "→", self.tr("passer cette question", "skip this question")),
            option(Choice::Stop, "■", self.tr("arrêter ; tout est gardé", "stop; everything is kept")),
        ];
        match self.select(self.tr("Réponse ?", "Answer?"), options, 3) {
            Err(Left::Back) => Ok(Choice::Stop),
            chosen => chosen,
        }
    }

    pub(super) fn plan(self) -> Asked<Plan> {
        let option = |choice, sign, words| Labelled { choice, sign, words };
        let options = vec![
            option(Plan::AsProposed, "✎", self.tr("faire ce qui est proposé", "do as proposed")),
            option(Plan::OwnWords, "✎", self.tr("autre chose, avec mes mots", "something else, in my words")),
            option(Plan::Nothing, "→", self.tr("rien pour l'instant", "nothing for now")),
            option(Plan::Stop, "■", self.tr("stop ; tout est gardé", "leave; everything is kept")),
        ];
        match self.select(self.tr("Noter une action ?", "Note an action?"), options, 2) {
            Err(Left::Back) => Ok(Plan::Nothing),
            chosen => chosen,
        }
    }

    fn text(self, message: &str, help: &str, initial: &str, validator: impl StringValidator + 'static) -> Asked<String> {
        let text = Text::new(message)
            .with_help_message(help)
            .with_initial_value(initial)
            .with_validator(validator)
            .with_render_config(self.look())
            .prompt()?;
        Ok(text.trim().to_owned())
    }

    pub(super) fn name(self, known: &str) -> Asked<String> {
        let refuse = self.tr("Un nom est attendu : une réponse est de quelqu'un.", "A name is expected: an answer is somebody's.");
        self.text(
            self.tr("Qui répond ?", "Who answers?"),
            self.tr("noté avec chaque réponse, et publié avec elle", "noted with each answer, and published with it"),
            known,
            move |name: &str| Ok(valid(!clean(name).is_empty(), refuse)),
        )
    }

    /// A note on one line, or longer in an editor.
    pub(super) fn note(self) -> Asked<Option<String>> {
        let help = self.tr("vide : aucune ; « + » : ouvrir l'éditeur ; Échap : revenir", "empty: none; “+”: open the editor; Esc: back");
        let text = self.text(self.tr("Note", "Note"), help, "", any)?;
        let text = if text == "+" {
            let written = note::from_editor().map_err(|error| {
                Left::NoEditor(Fault::nowhere(
                    say!(fr: "l'éditeur ne s'ouvre pas : {error}", en: "the editor does not open: {error}"),
                    say!(fr: "Régler la variable EDITOR, par exemple EDITOR=nano.", en: "Set the variable EDITOR, for instance EDITOR=nano."),
                ))
            })?;
            written.ok_or(Left::Back)?
        } else {
            text
        };
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    pub(super) fn links(self) -> Asked<Vec<Url>> {
        let refuse = self.tr(
            "Des adresses entières sont attendues, comme https://exemple.org/cgu.",
            "Whole addresses are expected, such as https://example.org/terms.",
        );
        let text = self.text(
            self.tr("Liens à l'appui", "Links as evidence"),
            self.tr("vide : aucun ; plusieurs : séparés par un blanc", "empty: none; several: with a blank between"),
            "",
            move |text: &str| Ok(valid(crate::hoster::links(text).is_ok(), refuse)),
        )?;
        Ok(crate::hoster::links(&text).unwrap_or_default())
    }

    pub(super) fn todo(self) -> Asked<Option<String>> {
        let text = self.text(self.tr("Que faire ?", "What to do?"), self.tr("vide : rien", "empty: nothing"), "", any)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    pub(super) fn owner(self, known: &str) -> Asked<Option<String>> {
        let help = self.tr("vide : personne encore", "empty: nobody yet");
        let text = self.text(self.tr("Qui s'en charge ?", "Who sees to it?"), help, known, any)?;
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    pub(super) fn due(self, today: Day) -> Asked<Option<Day>> {
        let lang = self.0;
        let example = today.plus_days(60);
        let refuse = say!(fr: "Une date à venir est attendue, comme {example}.", en: "A date to come is expected, such as {example}.");
        let help =
            say!(fr: "vide : sans échéance ; sinon une date comme {example}", en: "empty: no due date; else a date such as {example}");
        let refuse = refuse.in_lang(lang).to_owned();
        let sound = move |text: &str| {
            let text = text.trim();
            let due = crate::hoster::written_day(text, lang);
            Ok(valid(text.is_empty() || due.is_some_and(|due| due >= today), &refuse))
        };
        let text = self.text(self.tr("Pour quand ?", "By when?"), help.in_lang(lang), "", sound)?;
        Ok(crate::hoster::written_day(&text, lang))
    }

    /// Whether to try again what has just failed; the fault stands above.
    pub(super) fn again(self) -> Asked<()> {
        let help = self.tr("Échap : arrêter, sans garder cette dernière réponse", "Esc: stop, without keeping this last answer");
        self.text(self.tr("Corriger, puis Entrée pour réessayer", "Mend it, then Enter to try again"), help, "", any).map(|_| ())
    }
}

fn valid(sound: bool, refuse: &str) -> Validation {
    if sound { Validation::Valid } else { Validation::Invalid(ErrorMessage::Custom(refuse.to_owned())) }
}

#[expect(clippy::unnecessary_wraps, reason = "inquire wants it so")]
fn any(_: &str) -> Result<Validation, CustomUserError> {
    Ok(Validation::Valid)
}
