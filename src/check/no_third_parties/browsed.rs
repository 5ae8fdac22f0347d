//! What a browser adds to what is read in the pages: the calls that it made, and how each was seen.

use url::Url;

use super::follow::Called;
use crate::check::{Case, Stop};
use crate::facts::Call;
use crate::text::{Text, say};

impl Called {
    /// Joins the calls of a browser, if one was wanted. Its silence weighs only where nothing else speaks.
    pub(super) fn lived(mut self, case: &Case<'_>, page: &Url) -> Result<Self, Stop> {
        match case.browsed(page) {
            Ok(Some(visit)) => {
                self.browsed = true;
                self.calls.extend(visit.calls.iter().cloned());
            }
            Ok(None) => {}
            Err(Stop::Silent(silence)) => self.silences.push(silence),
            Err(stop) => return Err(stop),
        }
        Ok(self)
    }
}

/// By which means a host was seen; nothing where only one was tried.
pub(super) fn means(calls: &[&Call]) -> Text {
    // What a browser saw stands nowhere as written.
    let in_browser = calls.iter().any(|call| call.written.is_none());
    let in_page = calls.iter().any(|call| call.written.is_some());
    match (in_page, in_browser) {
        (_, false) => Text::same(""),
        (true, true) => say!(fr: " Lu dans la page et vu dans un navigateur.", en: " Read in the page and seen in a browser."),
        (false, true) => {
            say!(fr: " Vu dans un navigateur seulement : un programme le demande.", en: " Seen in a browser only: a program asks for it.")
        }
    }
}

/// How far the word “none” goes when a browser looked as well.
pub(super) fn saw_no_other() -> Text {
    say!(
        fr: " ; un navigateur l'a ouverte, a attendu et l'a fait défiler sans en voir d'autre",
        en: "; a browser opened it, waited and scrolled down without seeing any other"
    )
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const CHECK: &str = "no-third-parties = { refuse = ['tracker'] }";
    const SHELL: &str = "<!doctype html><div id=app></div><script src=/app.js></script>";
    const SHOWN: &str = "<p>Bonjour, voici une page que le programme a écrite, et qui est assez longue pour se lire sans peine.";
    const TRACKER: &str = "https://www.google-analytics.com/collect";

    #[test]
    fn what_a_browser_sees_joins_what_is_read() {
        let told = sample().page(HOME, "<p>Bonjour").browsed(HOME, SHOWN, &[TRACKER]).judge(CHECK).unwrap();
        assert_eq!(told[0].code, "tracker");
        assert!(told[0].because.en.contains("Seen in a browser only"), "{}", told[0].because.en);
        let page = format!("<p>Bonjour<img src='{TRACKER}'>");
        let told = sample().page(HOME, &page).browsed(HOME, SHOWN, &[TRACKER]).judge(CHECK).unwrap();
        assert!(told[0].because.en.contains("Read in the page and seen in a browser"), "{}", told[0].because.en);
        let told = sample().page(HOME, "<p>Bonjour").browsed(HOME, SHOWN, &[HOME]).judge(CHECK).unwrap();
        assert_eq!(told[0].code, "none");
        assert!(told[0].because.en.contains("a browser opened it"), "{}", told[0].because.en);
    }

    #[test]
    fn a_page_made_by_a_program_is_seen_by_a_browser_alone() {
        assert!(is_silent(&sample().page(HOME, SHELL).judge(CHECK)));
        assert_eq!(codes(sample().page(HOME, SHELL).browsed(HOME, SHOWN, &[HOME]).judge(CHECK)), ["none"]);
        assert_eq!(codes(sample().page(HOME, SHELL).browsed(HOME, SHOWN, &[TRACKER]).judge(CHECK)), ["tracker"]);
    }

    #[test]
    fn the_silence_of_a_browser_is_no_verdict() {
        for kind in [SilenceKind::TimedOut, SilenceKind::Garbled] {
            assert!(is_silent(&sample().page(HOME, "<p>Bonjour").unbrowsed(HOME, kind).judge(CHECK)));
            let page = format!("<p>Bonjour<img src='{TRACKER}'>");
            assert_eq!(codes(sample().page(HOME, &page).unbrowsed(HOME, kind).judge(CHECK)), ["tracker"]);
        }
        // Without a browser on the machine, all is as if none had been asked for; only a shell is silent, for that reason.
        assert_eq!(codes(sample().page(HOME, "<p>Bonjour").unbrowsed(HOME, SilenceKind::NoBrowser).judge(CHECK)), ["none"]);
        let Err(crate::check::Stop::Silent(silence)) = sample().page(HOME, SHELL).unbrowsed(HOME, SilenceKind::NoBrowser).judge(CHECK)
        else {
            panic!("a shell is silent")
        };
        assert_eq!(silence.kind, SilenceKind::NoBrowser);
    }
}
