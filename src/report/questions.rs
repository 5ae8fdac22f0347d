//! What was seen, told beside a question: doubts first, once for all services, and what is in order in one line.

use super::gaps::excerpt;
use super::{Report, Row, clean};
use crate::audit::Standing;
use crate::check::{Finding, Outcome};
use crate::text::{Lang, say};

/// One line under a question.
struct Line<'f> {
    finding: &'f Finding,
    words: String,
    /// The same words without the names of the site that they tell of.
    shape: String,
    /// Other sites of which the same is true.
    also: Vec<String>,
}

/// From so many on, what is in order is told in one line.
const MANY: usize = 3;

/// Sentences that are longer say under which conditions they hold: they keep a line of their own.
const SHORT: usize = 120;

/// What was seen of the entries that stand so, each sentence once, with the words that were found.
pub(super) fn seen_once(report: &Report<'_>, row: &Row<'_>, standing: Standing, lang: Lang) -> Vec<(String, Option<String>)> {
    let mut lines: Vec<Line<'_>> = Vec::new();
    for entry in row.entries_at(standing) {
        let host = report.hoster.site(&entry.subject).and_then(|site| site.url.as_ref()?.host_str());
        for finding in &entry.findings {
            let words = clean(finding.because.in_lang(lang));
            let shape = host.map_or_else(|| words.clone(), |host| words.replace(host, "\0"));
            match lines.iter_mut().find(|line| line.words == words || line.shape == shape) {
                Some(line) if line.words == words => {}
                Some(line) => line.also.push(report.subject_name(&entry.subject)),
                None => lines.push(Line { finding, words, shape, also: Vec::new() }),
            }
        }
    }
    let (orderly, others): (Vec<_>, Vec<_>) = lines.into_iter().partition(is_plainly_fine);
    let mut told: Vec<_> = others.iter().map(|line| (line.told(lang), mention(line.finding))).collect();
    if orderly.len() < MANY {
        told.extend(orderly.iter().map(|line| (line.told(lang), None)));
    } else {
        let between = say!(fr: " ; ", en: "; ");
        let all = orderly.iter().map(|line| line.told(lang)).collect::<Vec<_>>().join(between.in_lang(lang));
        told.push((say!(fr: "sans défaut constaté : {all}", en: "no fault seen: {all}").in_lang(lang).to_owned(), None));
    }
    told
}

impl Line<'_> {
    fn told(&self, lang: Lang) -> String {
        let (words, also) = (&self.words, self.also.join(", "));
        if also.is_empty() {
            return words.clone();
        }
        say!(fr: "{words} (de même : {also})", en: "{words} (likewise: {also})").in_lang(lang).to_owned()
    }
}

/// Nothing to read and nothing to doubt in it.
fn is_plainly_fine(line: &Line<'_>) -> bool {
    let Line { finding, words, .. } = line;
    finding.outcome == Outcome::Supports && !finding.check.starts_with("page-") && words.chars().count() <= SHORT
}

/// The words of a document that a person has to read.
fn mention(finding: &Finding) -> Option<String> {
    Some(finding).filter(|finding| finding.check == "page-mentions").and_then(excerpt)
}

#[cfg(test)]
mod tests {
    use super::super::sample::sample;
    use super::*;

    #[test]
    fn what_refutes_or_doubts_comes_before_what_is_fine() {
        let sample = sample();
        let report = sample.report();
        for row in report.questions() {
            let told = seen_once(&report, row, Standing::Pending, Lang::En);
            let fine = told.iter().position(|(words, _)| words.starts_with("no fault seen: "));
            assert!(fine.is_none_or(|at| at + 1 == told.len()), "{told:?}");
        }
    }
}
