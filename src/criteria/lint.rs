//! Faults of meaning: what each file alone does not show.

use std::collections::{BTreeMap, BTreeSet};

use super::criterion::{Criterion, Proves};
use super::id::CriterionId;
use super::lists::{Negation, Provider, ProviderClass, Sign, Software, Sure, Topic, numbers};
use super::load::Charter;
use crate::check::{Check, Reference};
use crate::file::{Fault, Faults, Source};
use crate::text::{Text, say};

/// Faults between criteria and what they name.
pub(super) fn references(charter: &Charter, criteria: &[(Criterion, &Source)]) -> Faults {
    let mut faults = Faults::new();
    let mut first: BTreeMap<CriterionId, &Source> = BTreeMap::new();
    for (criterion, source) in criteria {
        let mut one = OneCriterion { criterion, source, faults: &mut faults };
        if let Some(taken) = first.get(&criterion.id()) {
            let (id, file) = (criterion.id(), taken.file.display());
            one.tell_at_id(
                say!(fr: "l'id {id} est déjà pris dans {file}", en: "the id {id} is already taken in {file}"),
                say!(fr: "Donner à ce critère un id à lui.", en: "Give this criterion an id of its own."),
            );
        }
        one.shape();
        one.names(charter);
        first.entry(criterion.id()).or_insert(source);
    }
    faults
}

/// Faults between criteria; only when all of them could be read, or those that could not would be called missing.
pub(super) fn neighbours(criteria: &[(Criterion, &Source)]) -> Faults {
    let mut faults = Faults::new();
    for (criterion, source) in criteria {
        OneCriterion { criterion, source, faults: &mut faults }.neighbours(criteria);
    }
    faults
}

/// A criterion before the lint.
struct OneCriterion<'a> {
    criterion: &'a Criterion,
    source: &'a Source,
    faults: &'a mut Faults,
}

impl OneCriterion<'_> {
    fn tell_at_id(&mut self, what: Text, remedy: Text) {
        self.faults.push(Fault::new(self.source.place(self.criterion.id_span()), what, remedy));
    }

    /// A fault where `word` stands first after the id.
    fn tell_at(&mut self, word: &str, what: Text, remedy: Text) {
        let place = self.source.place_of_word(self.criterion.id_span().start, word);
        self.faults.push(Fault::new(place, what, remedy));
    }

    /// A criterion must be decided by somebody.
    fn shape(&mut self) {
        let (criterion, id) = (self.criterion, self.criterion.id());
        if criterion.checks.is_empty() && criterion.ask.is_none() {
            self.tell_at_id(
                say!(fr: "{id} n'a ni contrôle ni question", en: "{id} has neither a check nor a question"),
                say!(fr: "Ajouter « checks » ou « ask ».", en: "Add `checks` or `ask`."),
            );
        } else if criterion.ask.is_none() && criterion.proves() != Proves::Both {
            self.tell_at_id(
                say!(fr: "{id} n'a pas de question, et ses contrôles ne suffisent pas", en: "{id} has no question, and its checks do not decide alone"),
                say!(fr: "Ajouter « ask », ou « proves = \"both\" ».", en: "Add `ask`, or `proves = \"both\"`."),
            );
        }
        if criterion.checks.is_empty() != criterion.proves.is_none() {
            self.tell_at_id(
                say!(fr: "{id} : « proves » va avec « checks »", en: "{id}: `proves` goes with `checks`"),
                say!(fr: "Dire ce que les contrôles décident seuls, ou l'omettre sans contrôle.", en: "Say what the checks decide alone, or leave it out without checks."),
            );
        }
    }

    fn neighbours(&mut self, criteria: &[(Criterion, &Source)]) {
        for other in self.criterion.see.iter().filter(|other| !criteria.iter().any(|(known, _)| known.id() == **other)) {
            self.tell_at(
                &other.to_string(),
                say!(fr: "le critère {other} n'existe pas", en: "there is no criterion {other}"),
                say!(fr: "Corriger « see ».", en: "Mend `see`."),
            );
        }
    }

    /// What it names must exist.
    fn names(&mut self, charter: &Charter) {
        for edition in self.criterion.levels.keys().filter(|edition| charter.edition(edition).is_none()) {
            self.tell_at(
                edition,
                say!(fr: "l'édition « {edition} » n'existe pas", en: "there is no edition `{edition}`"),
                say!(fr: "La décrire dans editions.toml, ou corriger.", en: "Describe it in editions.toml, or mend this."),
            );
        }
        for reference in self.criterion.checks.iter().flat_map(Check::references) {
            let (name, known, file) = match reference {
                Reference::Document(name) => (name, charter.document(name).is_some(), DOCUMENTS),
                Reference::Topic(name) => (name, charter.topic(name).is_some(), TOPICS),
            };
            if !known {
                self.tell_at(
                    name,
                    say!(fr: "{file} ne connaît pas « {name} »", en: "{file} does not know `{name}`"),
                    say!(fr: "L'y décrire, ou corriger.", en: "Describe it there, or mend this."),
                );
            }
        }
    }
}

/// Faults of the lists: ids taken twice, expressions and examples that do not hold.
pub(super) fn lists(charter: &Charter, sources: &[Source]) -> Faults {
    let mut lint = Lint { sources, faults: Faults::new() };
    lint.ids("editions.toml", charter.editions.iter().map(|item| item.id.as_str()));
    lint.ids(DOCUMENTS, charter.documents.iter().map(|item| item.id.as_str()));
    lint.ids(TOPICS, charter.topics.iter().map(|item| item.id.as_str()));
    lint.ids(SOFTWARE, charter.software.iter().map(|item| item.id.as_str()));
    lint.ids(EXCEPTIONS, charter.exceptions.iter().map(|item| item.id.as_str()));
    lint.ids(PROVIDERS, charter.providers.iter().map(|item| item.id.as_str()));
    charter.providers.iter().for_each(|provider| lint.provider(provider));
    charter.topics.iter().for_each(|topic| lint.topic(topic));
    charter.software.iter().for_each(|software| lint.software(software));
    charter.software.iter().for_each(|software| lint.leaving(charter, software));
    charter.software.iter().for_each(|software| lint.insecure(software));
    for exception in &charter.exceptions {
        for id in exception.software.iter().filter(|id| !charter.software.iter().any(|software| software.id == **id)) {
            lint.tell(
                EXCEPTIONS,
                id,
                say!(fr: "{SOFTWARE} ne connaît pas « {id} »", en: "{SOFTWARE} does not know `{id}`"),
                say!(fr: "L'y décrire, ou corriger.", en: "Describe it there, or mend this."),
            );
        }
    }
    lint.faults
}

const DOCUMENTS: &str = "lists/documents.toml";
const TOPICS: &str = "lists/topics.toml";
const SOFTWARE: &str = "lists/software.toml";
const PROVIDERS: &str = "lists/providers.toml";
const EXCEPTIONS: &str = "lists/exceptions.toml";

struct Lint<'s> {
    sources: &'s [Source],
    faults: Faults,
}

impl Lint<'_> {
    /// A fault where `word` stands first in a file.
    fn tell(&mut self, file: &str, word: &str, what: Text, remedy: Text) {
        if let Some(source) = self.sources.iter().find(|source| source.file.ends_with(file)) {
            self.faults.push(Fault::new(source.place_of_word(0, word), what, remedy));
        }
    }

    fn ids<'i>(&mut self, file: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for id in ids.filter(|id| !seen.insert(*id)) {
            self.tell(
                file,
                id,
                say!(fr: "l'id « {id} » est pris deux fois", en: "the id `{id}` is taken twice"),
                say!(fr: "En changer un.", en: "Change one of them."),
            );
        }
    }

    fn topic(&mut self, topic: &Topic) {
        let id = &topic.id;
        if topic.is_empty() {
            self.tell(
                TOPICS,
                id,
                say!(fr: "« {id} » a un groupe sans mot", en: "`{id}` has a group without words"),
                say!(fr: "Donner au moins un mot par groupe.", en: "Give each group a word."),
            );
        }
        for example in topic.examples.iter().filter(|example| !topic.is_said(example)) {
            self.tell(
                TOPICS,
                example,
                say!(fr: "« {id} » ne trouve pas cet exemple", en: "`{id}` does not find this example"),
                say!(fr: "Compléter les mots.", en: "Add words."),
            );
        }
        for example in topic.counter_examples.iter().filter(|example| topic.is_in(example)) {
            self.tell(
                TOPICS,
                example,
                say!(fr: "« {id} » trouve ce contre-exemple", en: "`{id}` finds this counter-example"),
                say!(fr: "Préciser les mots.", en: "Make the words stricter."),
            );
        }
        for example in topic.negated.iter().filter(|example| !topic.is_in(example) || topic.is_said(example)) {
            self.tell(
                TOPICS,
                example,
                say!(fr: "« {id} » n'y lit pas de négation", en: "`{id}` reads no denial in it"),
                say!(fr: "Compléter les mots, ou changer la phrase.", en: "Add words, or change the sentence."),
            );
        }
        // Rules cut for a test have none at all.
        if topic.examples.iter().next().is_some() {
            self.languages(topic);
        }
    }

    /// Each kind of example is there in French and in English.
    fn languages(&mut self, topic: &Topic) {
        let id = &topic.id;
        let denials = (topic.negation == Negation::Flips).then_some(("negated", &topic.negated));
        let kinds = [("examples", &topic.examples), ("counter-examples", &topic.counter_examples)];
        for (key, examples) in kinds.into_iter().chain(denials) {
            for lang in [("fr", &examples.fr), ("en", &examples.en)].into_iter().filter(|(_, list)| list.is_empty()).map(|(lang, _)| lang) {
                self.tell(
                    TOPICS,
                    id,
                    say!(fr: "« {id} » n'a rien dans « {key}.{lang} »", en: "`{id}` has nothing in `{key}.{lang}`"),
                    say!(fr: "Y écrire au moins une phrase.", en: "Write at least one sentence there."),
                );
            }
        }
    }

    fn provider(&mut self, provider: &Provider) {
        let id = &provider.id;
        if provider.class != ProviderClass::Ok && (provider.why.is_none() || provider.instead.is_none()) {
            self.tell(
                PROVIDERS,
                id,
                say!(fr: "« {id} » : qui n'est pas « ok » a un « why » et un « instead »", en: "`{id}`: what is not `ok` has a `why` and an `instead`"),
                say!(fr: "Dire pourquoi, et par quoi le remplacer.", en: "Say why, and what to use instead."),
            );
        }
        let shown = provider.sources.iter().flat_map(|source| &source.shows);
        if shown.copied().any(|kind| !provider.kinds().any(|own| own == kind))
            || provider.sources.iter().any(|source| source.shows.is_empty())
        {
            self.tell(
                PROVIDERS,
                id,
                say!(fr: "« {id} » : une source ne montre rien, ou une sorte de nom qu'il n'a pas", en: "`{id}`: a source shows nothing, or a kind of name that it has not"),
                say!(fr: "Corriger « shows ».", en: "Mend `shows`."),
            );
        }
        let name = |pattern: &&String| {
            pattern.contains('.') && pattern.split('.').all(|label| !label.is_empty() && label.matches('*').count() < 2)
        };
        let wrong = provider.patterns().find(|pattern| !name(pattern) || **pattern != pattern.to_lowercase());
        let bare = provider.patterns().next().is_none() && provider.headers.is_empty();
        if let Some(pattern) = wrong.or(bare.then_some(id)) {
            self.tell(
                PROVIDERS,
                pattern,
                say!(fr: "« {id} » : à quels noms le reconnaît-on ?", en: "`{id}`: by which names is it known?"),
                say!(fr: "Donner des noms comme « mail.example.org », en petites lettres.", en: "Give names like `mail.example.org`, in small letters."),
            );
        }
    }

    fn software(&mut self, software: &Software) {
        let id = &software.id;
        for sign in software.signs.iter().filter(|sign| sign.sure == Sure::Certain && sign.is_copyable()) {
            let spot = sign.spot.name();
            self.tell(
                SOFTWARE,
                id,
                say!(fr: "« {id} » : ce qui se lit dans la page ({spot}) peut être copié, donc n'est pas « certain »", en: "`{id}`: what stands in the page ({spot}) can be copied, so it is not `certain`"),
                say!(fr: "Mettre « sure = \"likely\" », ou lire un en-tête, un cookie ou une adresse spéciale.", en: "Put `sure = \"likely\"`, or read a header, a cookie or a special address."),
            );
        }
        for sign in software.all_signs() {
            self.sign(id, sign);
        }
        let licences = std::iter::once(&software.licence).chain(software.editions.iter().map(|edition| &edition.licence));
        for licence in licences.filter(|licence| spdx::Expression::parse_mode(licence, spdx::ParseMode::LAX).is_err()) {
            self.tell(
                SOFTWARE,
                licence,
                say!(fr: "« {licence} » n'est pas une expression SPDX", en: "`{licence}` is not an SPDX expression"),
                say!(fr: "Voir https://spdx.org/licenses/.", en: "See https://spdx.org/licenses/."),
            );
        }
        if software.free.is_some() != software.because.is_some() {
            self.tell(
                SOFTWARE,
                id,
                say!(fr: "« {id} » : « free » va avec « because »", en: "`{id}`: `free` goes with `because`"),
                say!(fr: "Donner les deux, ou aucun.", en: "Give both, or neither."),
            );
        }
    }

    /// What leaving, ageing and standing beside others is described by.
    fn leaving(&mut self, charter: &Charter, software: &Software) {
        let id = &software.id;
        for other in software.companions.iter().filter(|other| !charter.software.iter().any(|known| known.id == **other)) {
            self.tell(
                SOFTWARE,
                other,
                say!(fr: "« {id} » : {SOFTWARE} ne connaît pas « {other} »", en: "`{id}`: {SOFTWARE} does not know `{other}`"),
                say!(fr: "L'y décrire, ou corriger « companions ».", en: "Describe it there, or mend `companions`."),
            );
        }
        if software.export.as_ref().is_some_and(|export| export.formats.is_empty()) {
            self.tell(
                SOFTWARE,
                id,
                say!(fr: "« {id} » : « export » ne nomme aucun format", en: "`{id}`: `export` names no format"),
                say!(fr: "Ajouter « export.formats ».", en: "Add `export.formats`."),
            );
        }
        let mut branches = BTreeSet::new();
        for end in &software.ends {
            let branch = &end.branch;
            if branch.is_empty() || branch.ends_with('.') || !branches.insert(branch) {
                self.tell(
                    SOFTWARE,
                    id,
                    say!(fr: "« {id} » : la branche « {branch} » est vide, finit par un point ou est donnée deux fois", en: "`{id}`: the branch `{branch}` is empty, ends with a dot or is given twice"),
                    say!(fr: "L'écrire comme « 1.2 », une seule fois.", en: "Write it as `1.2`, once."),
                );
            }
        }
    }

    fn insecure(&mut self, software: &Software) {
        let id = &software.id;
        for insecure in &software.insecure {
            let unread = insecure.from.iter().chain([&insecure.mended]).any(|version| numbers(version).is_none());
            if unread || insecure.holes.is_empty() {
                let mended = &insecure.mended;
                self.tell(
                    SOFTWARE,
                    id,
                    say!(fr: "« {id} » : la faille corrigée en « {mended} » n'a pas de nom public, ou une version qui n'est pas faite de nombres", en: "`{id}`: the hole mended in `{mended}` has no public name, or a version that is not made of numbers"),
                    say!(fr: "Écrire les versions comme « 1.6.11 », et citer la CVE ou l'avis.", en: "Write the versions as `1.6.11`, and name the CVE or the advisory."),
                );
            }
        }
    }

    fn sign(&mut self, id: &str, sign: &Sign) {
        if sign.regex().is_none() {
            self.tell(
                SOFTWARE,
                id,
                say!(fr: "« {id} » a une expression régulière fautive", en: "`{id}` has a faulty regular expression"),
                say!(fr: "La corriger (syntaxe de la bibliothèque regex de Rust).", en: "Mend it (syntax of Rust's regex library)."),
            );
            return;
        }
        let missed = sign.examples.iter().filter(|value| sign.reads(value).is_none());
        let hit = sign.counter_examples.iter().filter(|value| sign.reads(value).is_some());
        for value in missed.chain(hit) {
            self.tell(
                SOFTWARE,
                value,
                say!(fr: "un signe de « {id} » juge mal cet exemple", en: "a sign of `{id}` misjudges this example"),
                say!(fr: "Corriger « matches » ou l'exemple.", en: "Mend `matches` or the example."),
            );
        }
        if sign.sure == Sure::Certain && sign.examples.is_empty() {
            self.tell(
                SOFTWARE,
                id,
                say!(fr: "un signe certain de « {id} » n'a pas d'exemple", en: "a certain sign of `{id}` has no example"),
                say!(fr: "Ajouter « examples ».", en: "Add `examples`."),
            );
        }
    }
}
