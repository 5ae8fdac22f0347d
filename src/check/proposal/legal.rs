//! The legal form, the country and the housing, only where a sentence says them of the hoster.

use std::sync::{Arc, LazyLock};

use regex::Regex;

use crate::check::Case;
use crate::criteria::{Role, Words, fold};
use crate::facts::Exchange;
use crate::hoster::{LegalForm, Quoted};
use crate::text::sentences;

/// Lines of a page that are read.
const MOST_LINES: usize = 1000;
/// Sentences that are quoted for a legal form.
const MOST_FORMS: usize = 4;

#[derive(Default)]
pub(super) struct Said {
    pub(super) forms: Vec<Quoted<LegalForm>>,
    pub(super) country: Option<Quoted<&'static str>>,
    pub(super) hosting: Option<Quoted<String>>,
}

/// Each by the words of folded text that only it has.
static FORMS: LazyLock<[(LegalForm, Regex); 6]> = LazyLock::new(|| {
    let form = |form, words: &str| (form, Regex::new(words).expect("a fixed expression"));
    [
        form(LegalForm::Cooperative, r"\b(?:scop|scic|societe cooperative|eingetragene genossenschaft)\b"),
        form(
            LegalForm::Association,
            r"\bassociation\b.{0,60}?(?:\bloi\b.{0,20}?\b1901\b|droit local|(?:a )?but non lucratif|sans but lucratif|\bdeclaree\b)|\bnon-profit association\b|\basbl\b|\bvzw\b|eingetragener verein|(?:uitgever|titular)\b[^.]{0,30}\b(?:vereniging|asociacion)\b",
        ),
        form(
            LegalForm::Individual,
            r"\b(?:auto-?entrepr\w+|micro-?entrepr\w+|entreprise individuelle|entrepreneure? individuel(?:le)?|einzelunternehmen|eenmanszaak)\b",
        ),
        form(
            LegalForm::Informal,
            r"\b(?:collectif informel|association de fait|groupe informel|informal (?:group|collective)|unincorporated association)\b",
        ),
        form(LegalForm::Other, r"\b(?:stichting|fonds de dotation|fondation|etablissement public)\b"),
        form(LegalForm::Company, r"\b(?:sarl|sasu?|eurl|gmbh|bv|ltd|societe par actions|societe a responsabilite)\b"),
    ]
});

/// Words by which a sentence tells who speaks.
static SUBJECT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:edite|editeur|editrice|est une|nous sommes|sommes une|publiee? par|published by|publisher|we are an?|is an?|diensteanbieter|uitgever|titular|responsable|siege social|proprietaire|denomination|raison sociale|notre (?:association|cooperative|collectif)|wir sind)\b")
        .expect("a fixed expression")
});

/// A sentence, or the heading before it, that speaks of whoever houses the machines.
static HOUSING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:l')?\W*(?:hebergeur|hebergement|hosting|hoster\b|hosted|prestataire|fournisseur)|\b(?:est|sont) heberge\w*|hosted (?:by|at|on)|gehostet|alojad[oa]s? en").expect("a fixed expression")
});

static COUNTRIES: LazyLock<[(&str, Regex); 5]> = LazyLock::new(|| {
    let country = |code, words: &str| (code, Regex::new(words).expect("a fixed expression"));
    [
        country("FR", r"\bloi\b.{0,20}?\b1901\b|\bscop\b|\bscic\b|\bsiret\b|\brna\b|auto-?entrepr|micro-?entrepr"),
        country("DE", r"eingetragener verein|\bgmbh\b"),
        country("BE", r"\bvzw\b|\bbelgique\b"),
        country("NL", r"\bstichting\b|\bkvk\b|kamer van koophandel|\buitgever\b.{0,30}\bvereniging\b"),
        country("ES", r"\btitular\b.{0,30}\basociacion\b"),
    ]
});

/// A sentence about machines, and the name after it.
static AT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?i:\b(?:chez|auprès de|par|by|at|bei|bij)|\bhébergeur\s*:|\bhosting\s*:)\s+(?:la |le |l['’]|the )?(\p{Lu}[\w&.'’-]*(?: \p{Lu}[\w&'’-]*){0,3})").expect("a fixed expression")
});
static MACHINES: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"\b(?:heberg\w+|hosted|hosting|gehostet|serveurs?|machines?|servers?|datacent\w+)\b").expect("a fixed expression")
});

struct Sentence<'p> {
    text: &'p str,
    folded: String,
    /// The line before, which may be a heading.
    under: String,
}

fn read_sentences(page: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut under = String::new();
    for line in page.lines().take(MOST_LINES) {
        for range in sentences(line) {
            let text = &line[range];
            let mut folded = fold(text);
            // Folding closes initials up, and `ev` is many things.
            if ["e.V.", "e. V."].iter().any(|form| text.contains(form)) {
                folded.push_str(" eingetragener verein");
            }
            found.push(Sentence { text, folded, under: under.clone() });
        }
        under = fold(line).chars().take(60).collect();
    }
    found
}

/// What the pages say, the surest page first.
pub(super) fn read(case: &Case<'_>, pages: &[Arc<Exchange>], name: Option<&str>) -> Said {
    let mut said = Said::default();
    let name = name.map(fold).filter(|name| name.chars().count() >= 3);
    for page in pages {
        for sentence in read_sentences(&page.page().text) {
            let quote = || (page.url().clone(), sentence.text.to_owned());
            let named = name.as_ref().is_some_and(|name| sentence.folded.contains(name.as_str()));
            let (at, excerpt) = quote();
            if let Some(form) = sentence.form(named) {
                let known = said.forms.iter().any(|known| known.value == form);
                if said.country.is_none() {
                    said.country = country(&sentence.folded).map(|value| Quoted { value, at: at.clone(), excerpt: excerpt.clone() });
                }
                if !known && said.forms.len() < MOST_FORMS {
                    said.forms.push(Quoted { value: form, at: at.clone(), excerpt: excerpt.clone() });
                }
            }
            if said.hosting.is_none() {
                said.hosting = sentence.provider(case).map(|value| Quoted { value, at, excerpt });
            }
        }
    }
    said
}

fn country(folded: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(_, words)| words.is_match(folded)).map(|(code, _)| *code)
}

impl Sentence<'_> {
    /// The legal form that it gives its own subject.
    fn form(&self, named: bool) -> Option<LegalForm> {
        let (form, _) = FORMS.iter().find(|(_, words)| words.is_match(&self.folded))?;
        let housing = HOUSING.is_match(&self.folded) || HOUSING.is_match(&self.under);
        let subject = SUBJECT.is_match(&self.folded);
        // Houses of others are companies as a rule, and many pages name them.
        let sure = if *form == LegalForm::Company { named && subject } else { named || subject };
        (sure && !housing).then_some(*form)
    }

    fn provider(&self, case: &Case<'_>) -> Option<String> {
        if !MACHINES.is_match(&self.folded) {
            return None;
        }
        let housing = case.charter.providers.iter().filter(|one| one.role == Role::Hosting);
        let known = housing.map(|one| &one.name).find(|name| Words::new([fold(name).as_str()]).is_in(&self.folded));
        known.cloned().or_else(|| Some(AT.captures(self.text)?[1].trim_end_matches('.').to_owned()))
    }
}
