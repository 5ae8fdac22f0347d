//! Faults of meaning: what each file alone does not show.

use std::collections::BTreeMap;

use super::criterion::Criterion;
use super::lists::Sure;
use super::load::Charter;
use crate::check::Reference;
use crate::file::{Fault, Faults, Source};
use crate::text::{Text, say};

/// Faults between criteria and what they name.
pub(super) fn references(charter: &Charter, criteria: &[(Criterion, &Source)]) -> Faults {
    let mut faults = Faults::new();
    let mut ids = BTreeMap::new();
    for (criterion, source) in criteria {
        let id = criterion.id();
        let mut tell = |word: &str, what: Text, remedy: Text| {
            let from = criterion.id_span().start;
            let place = if word.is_empty() { source.place(criterion.id_span()) } else { source.place_of_word(from, word) };
            faults.push(Fault::new(place, what, remedy));
        };
        if let Some(first) = ids.insert(id, source.file.display().to_string()) {
            tell(
                "",
                say!(fr: "l'id {id} est déjà pris dans {first}", en: "the id {id} is already taken in {first}"),
                say!(fr: "Donner à ce critère un id à lui.", en: "Give this criterion an id of its own."),
            );
        }
        for edition in criterion.levels.keys().filter(|edition| charter.edition(edition).is_none()) {
            tell(
                edition,
                say!(fr: "l'édition « {edition} » n'existe pas", en: "there is no edition `{edition}`"),
                say!(fr: "La décrire dans editions.toml, ou corriger.", en: "Describe it in editions.toml, or mend this."),
            );
        }
        if criterion.checks.is_empty() && criterion.ask.is_none() {
            tell(
                "",
                say!(fr: "{id} n'a ni contrôle ni question", en: "{id} has neither a check nor a question"),
                say!(fr: "Ajouter « checks » ou « ask ».", en: "Add `checks` or `ask`."),
            );
        }
        if criterion.checks.is_empty() != criterion.proves.is_none() {
            tell(
                "",
                say!(fr: "{id} : « proves » va avec « checks »", en: "{id}: `proves` goes with `checks`"),
                say!(fr: "Dire ce que les contrôles décident seuls, ou l'omettre sans contrôle.", en: "Say what the checks decide alone, or leave it out without checks."),
            );
        }
        if criterion.ask.is_none() && criterion.proves() != super::Proves::Both {
            tell(
                "",
                say!(fr: "{id} n'a pas de question, et ses contrôles ne suffisent pas", en: "{id} has no question, and its checks do not decide alone"),
                say!(fr: "Ajouter « ask », ou « proves = \"both\" ».", en: "Add `ask`, or `proves = \"both\"`."),
            );
        }
        for other in criterion.see.iter().filter(|other| !criteria.iter().any(|(known, _)| known.id() == **other)) {
            tell(
                &other.to_string(),
                say!(fr: "le critère {other} n'existe pas", en: "there is no criterion {other}"),
                say!(fr: "Corriger « see ».", en: "Mend `see`."),
            );
        }
        for reference in criterion.checks.iter().flat_map(crate::check::Check::references) {
            let (name, known, file) = match reference {
                Reference::Document(name) => (name, charter.document(name).is_some(), "lists/documents.toml"),
                Reference::Topic(name) => (name, charter.topic(name).is_some(), "lists/topics.toml"),
            };
            if !known {
                tell(
                    name,
                    say!(fr: "{file} ne connaît pas « {name} »", en: "{file} does not know `{name}`"),
                    say!(fr: "L'y décrire, ou corriger.", en: "Describe it there, or mend this."),
                );
            }
        }
    }
    faults
}

/// Faults of the lists: ids taken twice, expressions and examples that do not hold.
pub(super) fn lists(charter: &Charter, sources: &[Source]) -> Faults {
    let mut faults = Faults::new();
    let mut tell = |file: &str, word: &str, what: Text, remedy: Text| {
        if let Some(source) = sources.iter().find(|source| source.file.ends_with(file)) {
            faults.push(Fault::new(source.place_of_word(0, word), what, remedy));
        }
    };
    let ids: [(&str, Vec<&str>); 5] = [
        ("editions.toml", charter.editions.iter().map(|item| item.id.as_str()).collect()),
        ("lists/documents.toml", charter.documents.iter().map(|item| item.id.as_str()).collect()),
        ("lists/topics.toml", charter.topics.iter().map(|item| item.id.as_str()).collect()),
        ("lists/software.toml", charter.software.iter().map(|item| item.id.as_str()).collect()),
        ("lists/exceptions.toml", charter.exceptions.iter().map(|item| item.id.as_str()).collect()),
    ];
    for (file, ids) in &ids {
        for (n, id) in ids.iter().enumerate().filter(|(n, id)| ids[..*n].contains(id)) {
            let _ = n;
            tell(
                file,
                id,
                say!(fr: "l'id « {id} » est pris deux fois", en: "the id `{id}` is taken twice"),
                say!(fr: "En changer un.", en: "Change one of them."),
            );
        }
    }
    for topic in &charter.topics {
        let id = &topic.id;
        if topic.is_empty() {
            tell(
                "lists/topics.toml",
                id,
                say!(fr: "« {id} » a un groupe sans mot", en: "`{id}` has a group without words"),
                say!(fr: "Donner au moins un mot par groupe.", en: "Give each group a word."),
            );
        }
        let missed = topic.examples.iter().filter(|example| !topic.is_in(example));
        let hit = topic.counter_examples.iter().filter(|example| topic.is_in(example));
        for example in missed {
            tell(
                "lists/topics.toml",
                example,
                say!(fr: "« {id} » ne trouve pas cet exemple", en: "`{id}` does not find this example"),
                say!(fr: "Compléter les mots.", en: "Add words."),
            );
        }
        for example in hit {
            tell(
                "lists/topics.toml",
                example,
                say!(fr: "« {id} » trouve ce contre-exemple", en: "`{id}` finds this counter-example"),
                say!(fr: "Préciser les mots.", en: "Make the words stricter."),
            );
        }
    }
    for software in &charter.software {
        let id = &software.id;
        let signs = software.signs.iter().chain(software.editions.iter().flat_map(|edition| &edition.signs));
        for sign in signs {
            if sign.regex().is_none() {
                tell(
                    "lists/software.toml",
                    id,
                    say!(fr: "« {id} » a une expression régulière fautive", en: "`{id}` has a faulty regular expression"),
                    say!(fr: "La corriger (syntaxe de la bibliothèque regex de Rust).", en: "Mend it (syntax of Rust's regex library)."),
                );
                continue;
            }
            let wrong = sign
                .examples
                .iter()
                .filter(|value| sign.reads(value).is_none())
                .chain(sign.counter_examples.iter().filter(|value| sign.reads(value).is_some()));
            for value in wrong {
                tell(
                    "lists/software.toml",
                    value,
                    say!(fr: "un signe de « {id} » juge mal cet exemple", en: "a sign of `{id}` misjudges this example"),
                    say!(fr: "Corriger « matches » ou l'exemple.", en: "Mend `matches` or the example."),
                );
            }
            if sign.sure == Sure::Certain && sign.examples.is_empty() {
                tell(
                    "lists/software.toml",
                    id,
                    say!(fr: "un signe certain de « {id} » n'a pas d'exemple", en: "a certain sign of `{id}` has no example"),
                    say!(fr: "Ajouter « examples ».", en: "Add `examples`."),
                );
            }
        }
        let licences = std::iter::once(&software.licence).chain(software.editions.iter().map(|edition| &edition.licence));
        for licence in licences.filter(|licence| spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_err()) {
            tell(
                "lists/software.toml",
                licence,
                say!(fr: "« {licence} » n'est pas une expression SPDX", en: "`{licence}` is not an SPDX expression"),
                say!(fr: "Voir https://spdx.org/licenses/.", en: "See https://spdx.org/licenses/."),
            );
        }
        if software.free.is_some() != software.because.is_some() {
            tell(
                "lists/software.toml",
                id,
                say!(fr: "« {id} » : « free » va avec « because »", en: "`{id}`: `free` goes with `because`"),
                say!(fr: "Donner les deux, ou aucun.", en: "Give both, or neither."),
            );
        }
    }
    for exception in &charter.exceptions {
        for id in exception.software.iter().filter(|id| !charter.software.iter().any(|software| software.id == **id)) {
            tell(
                "lists/exceptions.toml",
                id,
                say!(fr: "lists/software.toml ne connaît pas « {id} »", en: "lists/software.toml does not know `{id}`"),
                say!(fr: "L'y décrire, ou corriger.", en: "Describe it there, or mend this."),
            );
        }
    }
    faults
}
