//! What a page says differently at every visit, and nobody reads.

use std::sync::LazyLock;

use regex::Regex;

/// A longer line says something besides.
const LONGEST: usize = 160;

static VOLATILE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?xi)
        ^(?:nous\ sommes\ (?:le|aujourd)|aujourd['’]hui\s*[,:]|on\ est\ le|date\ du\ jour|il\ est\ \d|today\ is|today\s*[,:]|current\ (?:date|time)|heute\ ist|vandaag\ is|hoy\ es)
        | ^(?:lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday)?,?\s*(?:le\s+)?\d{1,2}(?:er|st|nd|rd|th)?[\s/.-]+[\p{L}\d]+[\s/.,-]+20\d\d(?:[\s,]+(?:à\s+|at\s+)?\d{1,2}[h:]\d{2}(?::\d{2})?)?$
        | \b\d[\d\s.,]*\s*(?:visites?|visiteurs?|visiteuses?|visits?|visitors?|hits|vues|views|page\s?views|lectures|connectés?|en\ ligne|online)\b
        | \b(?:visites?|visiteurs?|visits?|visitors?|vues|views|hits|compteur|counter)\s*:\s*\d
        | \b(?:consultée?|vue?|lue?|viewed|accessed|visited)\s+\d[\d\s.,]*\s*(?:fois|times)\b
        | \b(?:généré|generated|rendered|created|chargée?|loaded|exécutée?)\w*\s+(?:en|in|le|on|à|at)\s+\d
        ",
    )
    .expect("a fixed expression")
});

pub(super) fn is_volatile(text: &str) -> bool {
    text.chars().count() <= LONGEST && VOLATILE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_and_the_date_of_the_day_are_put_aside() {
        for line in [
            "Nous sommes le 22 novembre 2026",
            "Dimanche 22 novembre 2026",
            "Sunday, 22nd November 2026, 12:30",
            "Today is Sunday",
            "1 234 visites depuis 2014",
            "Visiteurs : 1234",
            "Cette page a été consultée 56 fois.",
            "Page generated in 0.034 seconds",
            "Généré en 12 ms",
            "3 utilisateurs connectés, 12 en ligne",
        ] {
            assert!(is_volatile(line), "{line}");
        }
    }

    #[test]
    fn what_people_read_stays() {
        for line in [
            "Version du 22 novembre 2026",
            "Dernière modification : 2 mars 2025",
            "Les journaux sont gardés 12 mois.",
            "Le 3 mars 2025, l'association a changé d'hébergeur.",
            "Aujourd'hui comme hier, nous tenons à vos droits.",
            "The service is used by visitors from 20 countries.",
        ] {
            assert!(!is_volatile(line), "{line}");
        }
    }
}
