//! Where machines stand, and who houses them.

use std::sync::LazyLock;

use regex::Regex;

use crate::criteria::{WordSets, Words};
use crate::text::{Text, say};

/// The words of a country in folded text, its towns with data centres among them, and its names in French and in English.
#[rustfmt::skip] // a word list
const COUNTRIES: [(&[&str], &str, &str); 17] = [
    (&["france", "metropolitaine", "paris", "lyon", "toulouse", "marseille", "bordeaux", "nantes", "rennes", "lille", "strasbourg", "grenoble",
       "montpellier", "compiegne", "roubaix", "gravelines", "saint-denis", "vitry", "courbevoie", "frankreich", "frankrijk", "francia"], "France", "France"),
    (&["belgique", "belgium", "belgien", "belgie", "belgica", "bruxelles", "brussels", "liege", "louvain-la-neuve"], "Belgique", "Belgium"),
    (&["suisse", "switzerland", "schweiz", "zwitserland", "suiza", "geneve", "geneva", "zurich", "lausanne"], "Suisse", "Switzerland"),
    (&["allemagne", "germany", "deutschland", "duitsland", "alemania", "nuremberg", "nurnberg", "falkenstein", "francfort", "frankfurt", "berlin", "gunzenhausen"],
       "Allemagne", "Germany"),
    (&["luxembourg", "luxemburg"], "Luxembourg", "Luxembourg"),
    (&["pays-bas", "netherlands", "niederlande", "nederland", "paises bajos", "amsterdam", "haarlem"], "Pays-Bas", "Netherlands"),
    (&["espagne", "spain", "spanien", "spanje", "espana", "barcelone", "barcelona", "madrid"], "Espagne", "Spain"),
    (&["italie", "italy", "italien", "italia"], "Italie", "Italy"),
    (&["portugal"], "Portugal", "Portugal"),
    (&["finlande", "finland", "finnland", "helsinki"], "Finlande", "Finland"),
    (&["suede", "sweden", "schweden"], "Suède", "Sweden"),
    (&["norvege", "norway", "norwegen"], "Norvège", "Norway"),
    (&["islande", "iceland", "island"], "Islande", "Iceland"),
    (&["autriche", "austria", "osterreich", "vienne", "wien"], "Autriche", "Austria"),
    (&["pologne", "poland", "polen", "varsovie", "warsaw"], "Pologne", "Poland"),
    (&["quebec", "canada", "montreal", "beauharnois"], "Canada", "Canada"),
    (&["etats-unis", "united states", "vereinigte staaten", "verenigde staten"], "États-Unis", "United States"),
];

/// Whoever houses servers for members of the collective and around: as folded, and as they write themselves.
#[rustfmt::skip] // a word list
const PROVIDERS: [(&str, &str); 31] = [
    ("ovhcloud", "OVHcloud"), ("ovh", "OVH"), ("scaleway", "Scaleway"), ("online sas", "Online SAS"), ("iliad", "Iliad"), ("hetzner online gmbh", "Hetzner Online GmbH"),
    ("hetzner", "Hetzner"), ("gandi", "Gandi"), ("ikoula", "Ikoula"), ("infomaniak", "Infomaniak"), ("tetaneutral.net", "Tetaneutral.net"),
    ("tetaneutral", "Tetaneutral.net"), ("aquilenet", "Aquilenet"), ("gitoyen", "Gitoyen"), ("globenet", "Globenet"), ("octopuce", "Octopuce"),
    ("milkywan", "MilkyWan"), ("grifon", "Grifon"), ("faimaison", "FAImaison"), ("netcup", "netcup"), ("contabo", "Contabo"), ("exoscale", "Exoscale"),
    ("alwaysdata", "alwaysdata"), ("pulseheberg", "PulseHeberg"), ("firstheberg", "FirstHeberg"), ("o2switch", "o2switch"), ("ionos", "IONOS"),
    ("planethoster", "PlanetHoster"), ("equinix", "Equinix"), ("telehouse", "Telehouse"), ("illyse", "Illyse"),
];

pub(super) fn countries(folded: &str) -> Vec<Text> {
    static NAMES: LazyLock<WordSets> = LazyLock::new(|| WordSets::new(&COUNTRIES.map(|(words, _, _)| Words::new(words.iter().copied()))));
    let mut found: Vec<(usize, Text)> = NAMES
        .first_in(folded)
        .into_iter()
        .map(|(rank, at)| {
            let (_, fr, en) = COUNTRIES[rank];
            (at, say!(fr: "{fr}", en: "{en}"))
        })
        .collect();
    found.sort();
    found.into_iter().map(|(_, name)| name).collect()
}

/// A provider that is known, or else the name that stands after `hosted by`.
pub(super) fn providers(sentence: &str, folded: &str) -> Vec<Text> {
    static KNOWN: LazyLock<WordSets> = LazyLock::new(|| WordSets::new(&PROVIDERS.map(|(words, _)| Words::new([words]))));
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        let lead = r"(?i:h[ée]berg[ée]+e?s? (?:par|chez)|h[ée]bergeur\s*:|hosted (?:by|at)|hosting provider\s*:|gehostet (?:bei|von)|gehost bij|alojad[oa]s? (?:en|por))";
        let kind = r"(?:(?:l['’]association|la société|la coopérative|the association|the company|the cooperative)\s+)?";
        Regex::new(&format!(r"{lead}\s+{kind}(?P<name>\p{{Lu}}[\p{{L}}\d.&'’-]*(?:\s+(?:\p{{Lu}}[\p{{L}}\d.&'’-]*|&|et))*)"))
            .expect("a fixed expression")
    });
    if let Some(rank) = KNOWN.found_in(folded).first() {
        return vec![Text::same(PROVIDERS[*rank].1)];
    }
    let name = NAMED.captures(sentence).map(|found| found["name"].trim_end_matches(['.', ',']).trim_end_matches(" et").to_owned());
    name.filter(|name| name.chars().count() <= 60).map(Text::same).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::criteria::fold;

    fn told(sentence: &str) -> (Vec<String>, Vec<String>) {
        let names = |values: Vec<Text>| values.into_iter().map(|value| value.fr).collect();
        (names(providers(sentence, &fold(sentence))), names(countries(&fold(sentence))))
    }

    #[test]
    fn countries_are_told_by_their_names_and_their_towns() {
        assert_eq!(told("Les serveurs sont à Nürnberg et à Roubaix, en France.").1, ["Allemagne", "France"]);
        assert_eq!(told("The servers stand in Finland.").1, ["Finlande"]);
        assert_eq!(told("Chez nous, en Europe.").1, [""; 0]);
    }

    #[test]
    fn a_provider_is_told_by_its_name() {
        for (sentence, name) in [
            ("Nos machines sont hébergées par l'association Tetaneutral.net.", "Tetaneutral.net"),
            ("Hébergeur : OVH SAS, 2 rue Kellermann.", "OVH"),
            ("Les machines sont hébergées chez Dupont & Fils, à Lyon.", "Dupont & Fils"),
            ("It is hosted by the cooperative Webarch Co-operative.", "Webarch Co-operative"),
        ] {
            assert_eq!(told(sentence).0, [name], "{sentence}");
        }
        assert_eq!(told("Nous sommes hébergés par nos voisins.").0, [""; 0]);
    }
}
