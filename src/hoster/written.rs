//! What people write in a cell or at a prompt: an answer, a day, links.

use url::Url;

use super::AnswerOutcome;
use crate::criteria::fold;
use crate::day::Day;
use crate::text::Lang;

/// The words for an answer, in both languages, any case, accents or not.
pub fn answer_word(text: &str) -> Option<AnswerOutcome> {
    let folded = fold(text);
    match folded.trim_matches(|c: char| !c.is_alphanumeric()) {
        "respecte" | "respectee" | "oui" | "met" | "yes" => Some(AnswerOutcome::Met),
        "non respecte" | "non respectee" | "pas respecte" | "non" | "unmet" | "not met" | "no" => Some(AnswerOutcome::Unmet),
        "sans objet" | "n/a" | "na" | "n.a" | "not applicable" | "not-applicable" => Some(AnswerOutcome::NotApplicable),
        _ => None,
    }
}

/// `2026-11-22`, or as a spreadsheet writes it: `22/11/2026`. French puts the day first; English does not say which goes
/// first, so that a day that could be two is none.
pub fn written_day(text: &str, lang: Lang) -> Option<Day> {
    let text = text.trim();
    if let Ok(day) = text.parse() {
        return Some(day);
    }
    let parts: Vec<&str> = text.split(['/', '.', '-']).collect();
    let [first, second, year] = parts[..] else { return None };
    let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if year.len() != 4 || ![first, second, year].into_iter().all(digits) {
        return None;
    }
    let of = |month: &str, day: &str| format!("{year}-{month:0>2}-{day:0>2}").parse::<Day>().ok();
    match (of(second, first), of(first, second), lang) {
        (day, _, Lang::Fr) => day,
        (Some(day), None, _) | (None, Some(day), _) => Some(day),
        (day, other, _) => day.filter(|_| day == other),
    }
}

/// Whole addresses with blanks, commas or semicolons between them; or the one that is none.
pub fn links(text: &str) -> Result<Vec<Url>, String> {
    let words = text.split(|c: char| c.is_whitespace() || c == ';').map(|word| word.trim_matches(['<', '>', ',']));
    words.filter(|word| !word.is_empty()).map(|word| link(word).ok_or_else(|| word.to_owned())).collect()
}

fn link(word: &str) -> Option<Url> {
    let url = Url::parse(word).ok()?;
    let starts = word.to_ascii_lowercase();
    let web = starts.starts_with("https://") || starts.starts_with("http://");
    // A name without a dot, as in `https://oui`, is a slip of the pen.
    let named = url.host_str().is_some_and(|host| host.contains(['.', ':']));
    (web && named && url.username().is_empty() && url.password().is_none()).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_known_in_both_languages() {
        for met in ["respecté", "Respecte", " OUI ", "met", "Yes", "oui.", "RESPECTÉ"] {
            assert_eq!(answer_word(met), Some(AnswerOutcome::Met), "{met}");
        }
        for unmet in ["non respecté", "Non\u{a0}respecté", "non", "No", "unmet", "not met"] {
            assert_eq!(answer_word(unmet), Some(AnswerOutcome::Unmet), "{unmet}");
        }
        for none in ["sans objet", "N/A", "n/a", "n.a.", "Not applicable", "not-applicable", "NA"] {
            assert_eq!(answer_word(none), Some(AnswerOutcome::NotApplicable), "{none}");
        }
        for unknown in ["", "peut-être", "o", "x", "respecté ?!non", "ouii"] {
            assert_eq!(answer_word(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn a_day_is_read_as_spreadsheets_write_it() {
        let day = Some(Day::new(2026, 11, 22));
        for text in ["2026-11-22", " 22/11/2026 ", "22.11.2026", "22-11-2026"] {
            assert_eq!((written_day(text, Lang::Fr), written_day(text, Lang::En)), (day, day), "{text}");
        }
        assert_eq!((written_day("11/22/2026", Lang::Fr), written_day("11/22/2026", Lang::En)), (None, day));
        assert_eq!(written_day("3/4/2026", Lang::Fr), Some(Day::new(2026, 4, 3)));
        assert_eq!(written_day("3/4/2026", Lang::En), None, "it could be two days");
        assert_eq!(written_day("4/4/2026", Lang::En), Some(Day::new(2026, 4, 4)));
        for wrong in ["", "22/11/26", "hier", "31/02/2026", "2026-13-01", "+2/11/2026"] {
            assert_eq!(written_day(wrong, Lang::Fr), None, "{wrong}");
        }
    }

    #[test]
    fn links_are_whole_addresses() {
        let found = links(" https://a.example/cgu, <http://b.example/>;https://c.example/?a=1,2\nhttps://[::1]/ ").unwrap();
        let found: Vec<&str> = found.iter().map(Url::as_str).collect();
        assert_eq!(found, ["https://a.example/cgu", "http://b.example/", "https://c.example/?a=1,2", "https://[::1]/"]);
        assert!(links("").unwrap().is_empty());
        for wrong in ["a.example", "ftp://a.example/", "javascript:alert(1)", "https://oui", "https:a.example", "https://me:pw@a.example/"]
        {
            assert_eq!(links(wrong), Err(wrong.to_owned()));
        }
    }
}
