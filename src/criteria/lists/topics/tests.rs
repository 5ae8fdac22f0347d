//! What a topic finds in a text, and how it is quoted.

use super::*;
use crate::file::Source;

fn topic(more: &str) -> Topic {
    let text = format!(
        "id = 'b'\nname = {{ fr = 'b', en = 'b' }}\ngroups = [['sauvegarde*', 'backup*'], ['jour', 'nuit', 'day', 'night']]\nwithin = 60\nnegation = 'flips'\n{more}"
    );
    crate::file::read(&Source::new("topic.toml", text)).unwrap()
}

fn excerpt(text: &str) -> Option<String> {
    topic("").mention(None, text).map(|mention| mention.excerpt.to_owned())
}

#[test]
fn the_sentence_is_quoted_as_it_stands() {
    let text = "Bonjour. Les\u{a0}Sauvegardes de l’association sont faites chaque nuit. Merci.";
    assert_eq!(excerpt(text).as_deref(), Some("Les\u{a0}Sauvegardes de l’association sont faites chaque nuit."));
    assert_eq!(excerpt("Sauvegarde.\nChaque nuit."), Some("Sauvegarde.\nChaque nuit.".to_owned()));
    assert_eq!(excerpt(&format!("Sauvegardes.{}Chaque nuit.", " ".repeat(3) + &"loin ".repeat(20))), None);
}

#[test]
fn a_long_sentence_is_cut_between_words_around_what_was_found() {
    let text = format!("{}sauvegardes chaque nuit {}", "avant ".repeat(80), "après ".repeat(80));
    let found = excerpt(&text).unwrap();
    assert!(found.chars().count() <= LONGEST && found.contains("sauvegardes chaque nuit") && text.contains(&found), "{found}");
    assert!(found.starts_with("avant") && found.ends_with("après"), "{found}");
}

#[test]
fn a_sentence_that_says_yes_goes_before_one_that_says_no() {
    let told = |text| topic("").mention(None, text).map(|mention| mention.negated);
    assert_eq!(told("Aucune sauvegarde de jour. Une sauvegarde chaque nuit."), Some(false));
    assert_eq!(told("Aucune sauvegarde de jour."), Some(true));
}

#[test]
fn what_is_asked_is_not_said() {
    assert_eq!(excerpt("Faites-vous une sauvegarde chaque nuit ? Oui, chaque jour."), None);
}

#[test]
fn a_heading_names_the_topic_of_what_stands_under_it() {
    let topic = topic("headings = ['sauvegarde']");
    let told = |heading, text| topic.mention(Some(heading), text).map(|mention| mention.excerpt.to_owned());
    assert_eq!(told("3. Nos Sauvegardes", "Elles sont faites chaque nuit. Merci.").as_deref(), Some("Elles sont faites chaque nuit."));
    assert_eq!(told("Nos sauvegardes", "Elles sont faites au mieux."), None);
    assert_eq!(told("Nos ateliers", "Ils ont lieu chaque nuit."), None);
    assert_eq!(told("Sauvegarde chaque nuit", "Par un programme libre, ailleurs.").as_deref(), Some("Par un programme libre, ailleurs."));
    assert_eq!(told("Sauvegarde chaque nuit", "Oui."), None);
}

#[test]
fn the_shipped_topics_read_their_values() {
    let value = |id: &str, text: &str| {
        let mention = crate::criteria::shipped().topic(id).unwrap().mention(None, text).unwrap();
        mention.values.iter().map(|value| value.en.clone()).collect::<Vec<_>>()
    };
    assert_eq!(value("log-retention", "Les journaux de connexion sont conservés douze mois."), ["12 months"]);
    assert_eq!(value("hosting-provider", "Hébergeur : Hetzner Online GmbH, en Finlande."), ["Hetzner Online GmbH", "Finland"]);
    assert_eq!(value("prices", "L'adhésion coûte 10 € par an."), ["10 € a year"]);
    assert_eq!(value("accounts", "Comptes annuels de l'exercice 2025, publiés."), ["2025"]);
}

#[test]
fn a_sentence_without_end_is_read_once_however_often_it_says_the_same() {
    let topic = topic("");
    for (text, sentences) in [
        ("Nous ne faisons pas de sauvegarde chaque nuit et ".repeat(300), 1),
        ("Nous ne faisons pas de sauvegarde chaque nuit. ".repeat(300), 300),
        ("Aucune sauvegarde chaque nuit\u{301}\u{302} ".repeat(300), 1),
    ] {
        let searchable = Searchable::new(&text);
        let passage = Passage::new(&text, &searchable);
        let places = topic.mentions(None, &passage, (0..text.len(), &searchable.folded)).count();
        assert_eq!((places, searchable.sentences(&text).len()), (MOST, sentences));
        assert!(passage.read.borrow().len() <= sentences.min(MOST), "{}", passage.read.borrow().len());
    }
}

/// Of thousands of sentences that say no, none has the whole text read again for its sake.
#[test]
fn what_is_read_of_a_whole_text_is_read_once() {
    let topic = topic("value = 'year'");
    let text = format!("Exercice 2025.\n{}", "Aucune sauvegarde de nuit. ".repeat(300));
    let searchable = Searchable::new(&text);
    let passage = Passage::new(&text, &searchable);
    let values = |n: usize| {
        let sentence = &searchable.sentences(&text)[n];
        topic.mentions(None, &passage, (sentence.range.clone(), &sentence.folded)).next().unwrap().values
    };
    assert_eq!(values(7)[0].fr, "2025");
    let whole: *const Vec<Text> = passage.values.get().unwrap();
    assert_eq!(values(8)[0].fr, "2025");
    assert!(std::ptr::eq(passage.values.get().unwrap(), whole));
}
