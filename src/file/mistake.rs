//! What is wrong in a TOML file and what to do, in both languages: the libraries that read it speak English alone.

use super::refused::refused_address;
use crate::text::{Text, say};

/// What is wrong, and what to do: a message of serde or toml in words that a person can act on.
pub fn told(message: &str) -> (Text, Text) {
    if let Some(why) = refused_address(message) {
        return (
            say!(fr: "adresse refusée : {w_fr}", en: "refused address: {w_en}", with: w_fr = why.fr, w_en = why.en),
            say!(fr: "L'écrire en entier, comme « https://exemple.org/page ».", en: "Write it whole, such as `https://example.org/page`."),
        );
    }
    misnamed(message).or_else(|| mistyped(message)).or_else(|| misspelt(message)).unwrap_or_else(|| {
        (say!(fr: "valeur refusée : {message}", en: "refused: {message}"), say!(fr: "Corriger cette valeur.", en: "Mend this value."))
    })
}

/// The field that a message says to be missing.
pub fn missing_field(message: &str) -> Option<&str> {
    message.strip_prefix("missing field `")?.strip_suffix('`')
}

/// A name that nobody knows, or one that is missing.
fn misnamed(message: &str) -> Option<(Text, Text)> {
    if let Some(field) = missing_field(message) {
        return Some((
            say!(fr: "il manque « {field} »", en: "`{field}` is missing"),
            say!(fr: "Ajouter « {field} = … ».", en: "Add `{field} = …`."),
        ));
    }
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let (name, known) = quoted.split_first()?;
    let what = if message.starts_with("unknown field") {
        say!(fr: "clé inconnue « {name} »", en: "unknown key `{name}`")
    } else if message.starts_with("unknown variant") {
        say!(fr: "valeur inconnue « {name} »", en: "unknown value `{name}`")
    } else {
        return None;
    };
    let list = known.join(", ");
    let near = known
        .iter()
        .filter(|k| strsim::jaro_winkler(name, k) > 0.8)
        .max_by(|a, b| strsim::jaro_winkler(name, a).total_cmp(&strsim::jaro_winkler(name, b)));
    let remedy = match near {
        Some(near) => say!(fr: "Écrire « {near} » ? Noms connus : {list}.", en: "Did you mean `{near}`? Known names: {list}."),
        None => say!(fr: "Noms connus : {list}.", en: "Known names: {list}."),
    };
    Some((what, remedy))
}

/// A value of another kind than the one that is expected there: `invalid type: integer `3`, expected a string`.
fn mistyped(message: &str) -> Option<(Text, Text)> {
    let rest = message.strip_prefix("invalid type: ").or_else(|| message.strip_prefix("invalid value: "))?;
    let (found, expected) = rest.rsplit_once(", expected ")?;
    let found = found_kind(found);
    let what = say!(fr: "valeur refusée : {f_fr}", en: "refused: {f_en}", with: f_fr = found.fr, f_en = found.en);
    let remedy = match expected {
        "a sequence" if rest.starts_with("map") => {
            say!(fr: "Écrire le titre avec deux crochets : [[…]].", en: "Write its title with two brackets: [[…]].")
        }
        expected => to_write(expected),
    };
    Some((what, remedy))
}

/// What to write instead; `expected` is what the libraries, and our own types, say that they expected.
fn to_write(expected: &str) -> Text {
    match expected {
        "a string" => say!(fr: "Écrire un texte, entre guillemets droits (\"…\").", en: "Write a text, between straight quotes (\"…\")."),
        "a boolean" => {
            say!(fr: "Écrire « true » (oui) ou « false » (non), sans guillemets.", en: "Write `true` or `false`, without quotes.")
        }
        "u8" | "u16" | "u32" | "u64" | "usize" => {
            say!(fr: "Écrire un nombre entier, 0 ou plus, sans guillemets.", en: "Write a whole number, 0 or more, without quotes.")
        }
        "i8" | "i16" | "i32" | "i64" => {
            say!(fr: "Écrire un nombre entier, sans guillemets.", en: "Write a whole number, without quotes.")
        }
        "a sequence" => {
            say!(fr: "Écrire une liste, entre crochets : [\"…\", \"…\"].", en: "Write a list, between brackets: [\"…\", \"…\"].")
        }
        "a map" => a_table(),
        name if name.starts_with("struct ") || name.starts_with("internally tagged enum ") => a_table(),
        name if name.starts_with("a day ") || name == "a TOML datetime" => {
            say!(fr: "Écrire un jour, comme 2026-11-22, sans guillemets.", en: "Write a day, such as 2026-11-22, without quotes.")
        }
        name if name.starts_with("a period ") => say!(
            fr: "Écrire une durée, comme \"90 days\", \"6 months\" ou \"1 year\".",
            en: "Write a period, such as \"90 days\", \"6 months\" or \"1 year\"."
        ),
        name if name.starts_with("the id of a service") => say!(
            fr: "Écrire l'« id » d'un service : petites lettres sans accent, chiffres et tirets.",
            en: "Write the `id` of a service: small letters without accents, digits and dashes."
        ),
        name if name.starts_with("the id of a criterion") => {
            say!(fr: "Écrire le sigle d'un critère, comme T8 ou R9a.", en: "Write the id of a criterion, such as T8 or R9a.")
        }
        other => say!(fr: "Corriger cette valeur (attendu : {other}).", en: "Mend this value (expected: {other})."),
    }
}

fn a_table() -> Text {
    say!(fr: "Écrire des clés et leurs valeurs, entre accolades : {{ clé = … }}.", en: "Write keys and their values, between braces: {{ key = … }}.")
}

fn found_kind(found: &str) -> Text {
    let value = found.split_once(' ').map_or(found, |(_, value)| value);
    let shown = value.trim_start_matches("point ").trim_matches('`');
    match found.split(' ').next().unwrap_or_default() {
        "string" => say!(fr: "le texte {shown}", en: "the text {shown}"),
        "integer" | "floating" => say!(fr: "le nombre {shown}", en: "the number {shown}"),
        "boolean" => say!(fr: "« {shown} »", en: "`{shown}`"),
        "map" => say!(fr: "une table", en: "a table"),
        "sequence" => say!(fr: "une liste", en: "a list"),
        _ => {
            let value = found.trim_matches('`');
            say!(fr: "« {value} »", en: "`{value}`")
        }
    }
}

/// What is no TOML.
fn misspelt(message: &str) -> Option<(Text, Text)> {
    let problem = message.split(", expected ").next().unwrap_or_default();
    misspelt_value(problem).or_else(|| misspelt_line(problem))
}

fn misspelt_value(problem: &str) -> Option<(Text, Text)> {
    Some(match problem {
        "string values must be quoted" | "missing value" | "missing value for key" | "invalid value" => (
            say!(fr: "aucune valeur ne peut se lire ici", en: "no value can be read here"),
            say!(
                fr: "Écrire un texte entre guillemets droits (\"…\") ; un nombre ou un jour s'écrit sans.",
                en: "Write a text between straight quotes (\"…\"); a number or a day goes without."
            ),
        ),
        "invalid basic string" | "invalid literal string" | "invalid multi-line basic string" | "invalid multi-line literal string" => (
            say!(fr: "texte sans guillemet fermant, ou avec un signe qui ne se voit pas", en: "text without a closing quote, or with a sign that is not seen"),
            say!(fr: "Fermer le texte par le signe qui l'ouvre, sur la même ligne.", en: "Close the text with the sign that opens it, on the same line."),
        ),
        "invalid date" | "invalid time" | "invalid date-time" | "invalid datetime" => (
            say!(fr: "ce jour n'existe pas", en: "there is no such day"),
            say!(fr: "Écrire un jour comme 2026-11-22, sans guillemets.", en: "Write a day such as 2026-11-22, without quotes."),
        ),
        "too few unicode value digits" | "missing escaped value" | "invalid escape sequence" => (
            say!(fr: "« \\ » a un sens à lui entre guillemets", en: "`\\` has a meaning of its own between quotes"),
            say!(
                fr: "L'écrire deux fois (\\\\), ou mettre le texte entre apostrophes ('…').",
                en: "Write it twice (\\\\), or put the text between apostrophes ('…')."
            ),
        ),
        _ => return None,
    })
}

fn misspelt_line(problem: &str) -> Option<(Text, Text)> {
    Some(match problem {
        "key with no value" | "missing assignment between key-value pairs" | "invalid key-value pair" => (
            say!(fr: "une clé, puis « = », puis une valeur sont attendus", en: "a key, then `=`, then a value are expected"),
            say!(
                fr: "Écrire « clé = … » ; une clé n'a ni blanc, ni accent, ni apostrophe.",
                en: "Write `key = …`; a key has no blank, no accent and no apostrophe."
            ),
        ),
        "invalid unquoted key" | "unquoted keys cannot be empty" | "invalid key" => (
            say!(fr: "ce n'est pas le nom d'une clé", en: "this is not the name of a key"),
            say!(
                fr: "Écrire une clé en lettres sans accent, chiffres et tirets.",
                en: "Write a key in letters without accents, digits and dashes."
            ),
        ),
        "unexpected key or value" | "unexpected content" => (
            say!(fr: "la ligne continue après la valeur", en: "the line goes on after the value"),
            say!(
                fr: "Aller à la ligne, ou mettre la suite en commentaire (# …).",
                en: "Begin a new line, or make the rest a comment (# …)."
            ),
        ),
        "unclosed array table" | "unclosed table" | "unclosed array" | "unclosed inline table" => (
            say!(fr: "il manque le signe qui ferme", en: "the closing sign is missing"),
            say!(
                fr: "Fermer ce qui est ouvert : ] pour [, ]] pour [[, }} pour {{.",
                en: "Close what is open: ] for [, ]] for [[, }} for {{."
            ),
        ),
        "missing comma between array elements"
        | "missing comma between key-value pairs"
        | "extra comma in array"
        | "extra comma in inline table" => (
            say!(fr: "une virgule manque, ou est de trop", en: "a comma is missing, or one too many"),
            say!(fr: "Mettre une virgule entre deux valeurs, et une seule.", en: "Put one comma between two values."),
        ),
        problem if problem.starts_with("duplicate key") => {
            (say!(fr: "clé écrite deux fois", en: "key written twice"), say!(fr: "N'en garder qu'une.", en: "Keep one of them."))
        }
        problem if problem.starts_with("cannot extend value") => (
            say!(fr: "cette clé a déjà une valeur", en: "this key already has a value"),
            say!(fr: "Donner un autre nom à l'une des deux.", en: "Give one of the two another name."),
        ),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use serde::Deserialize;

    use super::super::read::{Source, read};
    use crate::day::{Day, Period};

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only their faults are looked at")]
    struct Sheet {
        text: Option<String>,
        count: Option<u32>,
        yes: Option<bool>,
        list: Option<Vec<u8>>,
        table: Option<BTreeMap<String, u8>>,
        inner: Option<Inner>,
        day: Option<Day>,
        period: Option<Period>,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only its faults are looked at")]
    struct Inner {
        text: Option<String>,
    }

    fn faults(text: &str) -> Vec<(String, String)> {
        let faults = read::<Sheet>(&Source::new(Path::new("x.toml"), text)).unwrap_err();
        faults.into_iter().map(|fault| (fault.what.fr, fault.remedy.fr)).collect()
    }

    #[test]
    fn a_value_of_another_kind_is_told_with_the_kind_that_is_expected() {
        for (text, what, remedy) in [
            ("text = 3", "le nombre 3", "un texte, entre guillemets"),
            ("text = true", "« true »", "un texte, entre guillemets"),
            ("text = []", "une liste", "un texte, entre guillemets"),
            ("count = \"zero\"", "le texte \"zero\"", "un nombre entier, 0 ou plus"),
            ("count = -3", "le nombre -3", "un nombre entier, 0 ou plus"),
            ("count = 1.5", "le nombre 1.5", "un nombre entier, 0 ou plus"),
            ("count = 2026-11-22", "une table", "un nombre entier"),
            ("yes = \"oui\"", "le texte \"oui\"", "« true » (oui)"),
            ("list = 3", "le nombre 3", "une liste, entre crochets"),
            ("[list]\na = 1", "une table", "deux crochets"),
            ("table = 3", "le nombre 3", "entre accolades : { clé"),
            ("inner = 3", "le nombre 3", "entre accolades : { clé"),
            ("day = 2026-11-22T10:00:00", "« 2026-11-22T10:00:00 »", "un jour, comme 2026-11-22"),
            ("day = \"2026-11-22\"", "le texte \"2026-11-22\"", "un jour, comme 2026-11-22"),
            ("period = \"soon\"", "« soon »", "une durée, comme"),
        ] {
            let told = faults(text);
            assert!(told.len() == 1 && told[0].0.contains(what) && told[0].1.contains(remedy), "{text}: {told:?}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_in_words() {
        for (text, what, remedy) in [
            ("text = X", "aucune valeur", "entre guillemets droits"),
            ("text = \u{201c}X\u{201d}", "aucune valeur", "entre guillemets droits"),
            ("text = \n", "aucune valeur", "entre guillemets droits"),
            ("text = \"X\n", "guillemet fermant", "Fermer le texte"),
            ("text = 'X\n", "guillemet fermant", "Fermer le texte"),
            ("text = \"C:\\x\"", "un sens à lui", "(\\\\)"),
            ("text = \"\\d\"", "un sens à lui", "(\\\\)"),
            ("day = 2026-02-31", "ce jour n'existe pas", "comme 2026-11-22"),
            ("day = 2026-13-01", "ce jour n'existe pas", "comme 2026-11-22"),
            ("text \"X\"", "une clé, puis « = »", "« clé = … »"),
            ("nom de l'hébergeur = 'x'", "une clé, puis « = »", "ni blanc"),
            ("{\"text\": 3}", "une clé, puis « = »", "« clé = … »"),
            ("= 3", "le nom d'une clé", "lettres sans accent"),
            ("hébergeur = 3", "le nom d'une clé", "lettres sans accent"),
            ("text = 'x' count = 2", "la ligne continue", "Aller à la ligne"),
            ("[[list\n", "le signe qui ferme", "]] pour [["),
            ("list = [1, 2\n", "le signe qui ferme", "] pour ["),
            ("list = [1, , 2]", "une virgule", "entre deux valeurs"),
            ("count = 1\ncount = 2", "clé écrite deux fois", "N'en garder qu'une"),
            ("text = 'x'\ntext.a = 3", "déjà une valeur", "un autre nom"),
        ] {
            let told = faults(text);
            assert!(told[0].0.contains(what) && told[0].1.contains(remedy), "{text}: {told:?}");
        }
    }
}
