//! What a member sees first: a bar a section, and the counts.

use maud::{Markup, html as markup};

use super::{class, plain, sign};
use crate::audit::{Counts, Standing};
use crate::criteria::Family;
use crate::report::words::pick;
use crate::report::{Report, SectionReport, words};
use crate::text::{Lang, count, say};

pub(super) fn summary(report: &Report<'_>, lang: Lang) -> Markup {
    let of = |family| report.sections.iter().filter(move |section| section.section.family() == family);
    let beyond: Vec<&SectionReport<'_>> = of(Family::Checklist).chain(of(Family::Law)).collect();
    let note = say!(
        fr: "Les contrôles automatiques disent ce qu'ils ont vu et où ; « non constaté » n'est pas un reproche. Il n'y a pas de note globale.",
        en: "Automatic checks say what they saw and where; “unseen” is no reproach. There is no overall mark."
    );
    markup! {
        ol.bars { @for section in of(Family::Charter) { (bar(section, lang)) } }
        ul.counts {
            @for (standing, n) in report.counts().iter().filter(|(_, n)| **n > 0) {
                li class=(class(*standing)) {
                    b { span.sign aria-hidden="true" { (sign(*standing)) } " " (n) }
                    (word(*standing, *n, lang))
                }
            }
        }
        @if report.overdue() > 0 {
            p { span.late { "! " (words::actions(report, lang)) } (pick(lang, "\u{a0}: ", ": ")) a href="#actions" { (pick(lang, "les voir", "see them")) } }
        }
        p.lede { (plain(note.in_lang(lang))) }
        @if !beyond.is_empty() { ol.bars.beyond { @for section in beyond { (bar(section, lang)) } } }
    }
}

fn word(standing: Standing, n: usize, lang: Lang) -> String {
    let counted = words::counts(&Counts::from([(standing, n)]), lang);
    counted.trim_start_matches(|c: char| c.is_ascii_digit()).trim().to_owned()
}

/// The letter, the name, the bar of what applies, and the numbers in words.
fn bar(section: &SectionReport<'_>, lang: Lang) -> Markup {
    let none = section.counts.get(&Standing::NotApplicable).copied().unwrap_or(0);
    let applies = section.rows.len() - none;
    let name = section.section.title();
    let about = match lang {
        Lang::Fr => count(lang, applies, "critère applicable", "critères applicables"),
        Lang::En => format!("{} {}", count(lang, applies, "criterion", "criteria"), if applies == 1 { "applies" } else { "apply" }),
    };
    markup! {
        li {
            span.letter aria-hidden="true" { (section.section.letter()) }
            div.name { (name.in_lang(lang)) " " small { (about) } }
            div.measure {
                (drawing(section, name.in_lang(lang), lang))
                p.figures {
                    @for (standing, n) in section.counts.iter().filter(|(_, n)| **n > 0) {
                        span class={ "told " (class(*standing)) } {
                            span.sign aria-hidden="true" { (sign(*standing)) } " " (words::counts(&Counts::from([(*standing, *n)]), lang))
                        }
                    }
                }
            }
        }
    }
}

/// Stacked: gaps first, what is met last; each part bears its sign. What does not apply has no part.
fn drawing(section: &SectionReport<'_>, name: &str, lang: Lang) -> Markup {
    let counts = section.counts.iter().filter(|(standing, n)| **standing != Standing::NotApplicable && **n > 0);
    let parts: Vec<(Standing, usize)> = counts.map(|(standing, n)| (*standing, *n)).collect();
    let all: usize = parts.iter().map(|(_, n)| n).sum();
    let starts = parts.iter().scan(0, |before, (_, n)| Some(std::mem::replace(before, *before + n)));
    let title = say!(fr: "Répartition : {name}", en: "Distribution: {name}");
    markup! {
        svg role="img" {
            title { (plain(title.in_lang(lang))) }
            @if parts.is_empty() { rect.none width="100%" height="100%" {} }
            @for (start, (standing, n)) in starts.zip(&parts) {
                g class=(class(*standing)) {
                    rect x=(share(2 * start, all)) width=(share(2 * n, all)) height="100%" {}
                    text x=(share(2 * start + n, all)) y="50%" { (sign(*standing)) }
                }
            }
        }
    }
}

/// So many halves of so many, as a percentage.
fn share(halves: usize, all: usize) -> String {
    let parts = halves * 5_000 / all;
    format!("{}.{:02}%", parts / 100, parts % 100)
}
