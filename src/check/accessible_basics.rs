//! What a screen reader cannot do without: a language, a title, alternative texts, named fields (WCAG 2.2, level A).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::{Case, Judge, Judgement};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AccessibleBasics {}

codes! {
    Ok = "ok",
    LangMissing = "lang-missing",
    TitleMissing = "title-missing",
    AltMissing = "alt-missing",
    LabelMissing = "label-missing",
}

impl Judge for AccessibleBasics {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let front = case.readable(case.address()?)?;
        let (page, at) = (front.page(), front.url());
        let mut findings = Vec::new();
        if page.lang.as_deref().is_none_or(|lang| lang.trim().is_empty()) {
            // WCAG 3.1.1
            findings.push(
                Code::LangMissing
                    .refutes(say!(fr: "{at} ne dit pas sa langue (<html lang>)", en: "{at} does not tell its language (<html lang>)"))
                    .at(at),
            );
        }
        if page.title.as_deref().is_none_or(|title| title.trim().is_empty()) {
            // WCAG 2.4.2
            findings
                .push(Code::TitleMissing.refutes(say!(fr: "{at} n'a pas de titre (<title>)", en: "{at} has no title (<title>)")).at(at));
        }
        if let Some(picture) = page.pictures_without_alt.first() {
            // WCAG 1.1.1
            let n = page.pictures_without_alt.len();
            let because =
                say!(fr: "{at} : images sans texte de remplacement (alt) : {n}", en: "{at}: pictures without alternative text (alt): {n}");
            findings.push(Code::AltMissing.refutes(because).quote(at, picture));
        }
        let unnamed: Vec<_> = page.controls.iter().filter(|control| !control.labelled).collect();
        if let Some(control) = unnamed.first() {
            // WCAG 4.1.2
            let n = unnamed.len();
            let because = say!(fr: "{at} : champs de formulaire sans étiquette : {n}", en: "{at}: form fields without a label: {n}");
            findings.push(Code::LabelMissing.refutes(because).quote(at, &control.name));
        }
        if findings.is_empty() {
            findings.push(Code::Ok.supports(say!(fr: "{at} a l'essentiel : langue, titre, textes de remplacement, étiquettes", en: "{at} has the basics: language, title, alternative texts, labels")).at(at));
        }
        Ok(findings)
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    fn judged(html: &str) -> Vec<String> {
        codes(sample().page(HOME, html).judge("accessible-basics = {}"))
    }

    #[test]
    fn a_page_with_the_basics_is_met() {
        assert_eq!(judged("<html lang=fr><title>A</title><img src=i alt=''><label>Nom <input name=n></label>"), ["ok"]);
    }

    #[test]
    fn each_fault_has_its_code() {
        assert_eq!(judged("<html><title>A</title>"), ["lang-missing"]);
        assert_eq!(judged("<html lang=fr><p>hello"), ["title-missing"]);
        assert_eq!(judged("<html lang=fr><title>A</title><img src=i>"), ["alt-missing"]);
        assert_eq!(judged("<html lang=fr><title>A</title><input name=n>"), ["label-missing"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge("accessible-basics = {}")));
        assert!(is_silent(&sample().page(HOME, "<div id=app></div><script src=a.js></script>").judge("accessible-basics = {}")));
    }
}
