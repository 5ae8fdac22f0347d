//! Every limit of the visits in words, as the manual lists them: what it bounds, its value, and the option that changes it.

mod documents;

use std::time::Duration;

use super::browser::{self, diary, proxy};
use super::patience::MOST_IN_VAIN;
use super::settings::{MOST_CODINGS, MOST_FIELDS, Settings};
use super::{dns, http, line, memory, received, records, scout, sessions, signature, smtp, versions};
use crate::day::Day;
use crate::facts::MOST_REDIRECTS;
use crate::text::{Text, say};

/// What is bounded, the bound, and its option, empty when there is none.
type Limit = (Text, Text, &'static str);

impl Settings {
    pub fn limits() -> Vec<Limit> {
        let usual = Self::new(Day::new(2000, 1, 1));
        [
            of_the_crowd(&usual),
            of_a_request(&usual),
            of_an_answer(&usual),
            documents::rows(),
            of_patience(&usual),
            of_names(&usual),
            of_a_browser(),
        ]
        .concat()
    }
}

fn seconds(time: Duration) -> Text {
    say!(fr: "{n} s", en: "{n} s", with: n = time.as_secs())
}

fn count(n: usize) -> Text {
    say!(fr: "{n}", en: "{n}")
}

fn kib(bytes: usize) -> Text {
    say!(fr: "{n} Kio", en: "{n} KiB", with: n = bytes / 1024)
}

fn of_the_crowd(usual: &Settings) -> Vec<Limit> {
    vec![
        (say!(fr: "Hôtes visités en même temps", en: "Hosts visited at a time"), count(usual.hosts), "--jobs"),
        (
            say!(fr: "Connexions en même temps à une adresse et un port", en: "Connections at a time to one address and port"),
            count(usual.per_address),
            "",
        ),
        (
            say!(fr: "Requêtes en même temps sur une connexion (HTTP/2 ; sinon une)", en: "Requests at a time on one connection (HTTP/2; otherwise one)"),
            count(usual.per_connection),
            "",
        ),
        (
            say!(fr: "Hôtes dont des sessions TLS sont gardées pour être reprises", en: "Hosts of which TLS sessions are kept to be resumed"),
            count(sessions::MOST_HOSTS),
            "",
        ),
        (say!(fr: "Sessions TLS gardées d'un hôte", en: "TLS sessions kept of a host"), count(sessions::MOST_TICKETS), ""),
        (
            say!(fr: "Adresses privées, locales ou réservées", en: "Private, local and reserved addresses"),
            say!(fr: "refusées", en: "refused"),
            "--allow-private",
        ),
    ]
}

fn of_a_request(usual: &Settings) -> Vec<Limit> {
    vec![
        (
            say!(fr: "Pour se connecter, poignée de main TLS comprise", en: "To connect, TLS handshake included"),
            seconds(usual.connect_timeout),
            "--timeout",
        ),
        (
            say!(fr: "Pour une requête entière, sa réponse comprise", en: "For a whole request, its answer included"),
            seconds(usual.timeout),
            "--timeout",
        ),
        (
            say!(fr: "Pour la conversation avec un serveur de courriel (--smtp)", en: "For the conversation with a mail server (--smtp)"),
            seconds(usual.timeout * smtp::PATIENCE),
            "--timeout",
        ),
        (
            say!(fr: "Renvois suivis, chacun contrôlé comme une adresse neuve", en: "Redirects followed, each checked as a new address"),
            count(MOST_REDIRECTS),
            "",
        ),
    ]
}

fn of_an_answer(usual: &Settings) -> Vec<Limit> {
    vec![
        (say!(fr: "Champs d'en-tête d'une réponse", en: "Header fields of an answer"), kib(usual.header_limit), ""),
        (say!(fr: "Nombre de champs d'en-tête d'une réponse", en: "Number of header fields of an answer"), count(MOST_FIELDS), ""),
        (
            say!(fr: "Corps d'une réponse, reçu comme décompressé", en: "Body of an answer, as received and decompressed"),
            kib(usual.body_limit),
            "",
        ),
        (
            say!(fr: "Début d'un corps gardé en mémoire ; le reste attend sur le disque", en: "Beginning of a body kept in memory; the rest waits on the disk"),
            kib(received::MOST_IN_MEMORY),
            "",
        ),
        (
            say!(fr: "Réponses lues ou qui attendent d'être jugées, toutes ensemble", en: "Answers that are read or wait to be judged, all together"),
            kib(scout::MOST_READ * 1024),
            "",
        ),
        (
            say!(fr: "Ce qu'un serveur peut envoyer d'une réponse avant qu'elle soit lue (HTTP/2)", en: "What a server may send of an answer before it is read (HTTP/2)"),
            kib(line::WINDOW as usize),
            "",
        ),
        (say!(fr: "Codages empilés d'un corps", en: "Codings of a body, one upon the other"), count(MOST_CODINGS), ""),
        (
            say!(fr: "Image, dont seule l'empreinte est gardée", en: "Picture, of which only the digest is kept"),
            kib(http::LARGEST_PICTURE),
            "",
        ),
        (
            say!(fr: "Réponse d'un serveur à une salutation TLS", en: "Answer of a server to a TLS greeting"),
            kib(versions::LONGEST_PART),
            "",
        ),
        (say!(fr: "Réponse d'un serveur de courriel", en: "Reply of a mail server"), kib(smtp::LONGEST_REPLY), ""),
    ]
}

fn of_patience(usual: &Settings) -> Vec<Limit> {
    vec![
        (
            say!(fr: "Seconds essais, à la fin, de ce qui n'était que passager", en: "Second tries, at the end, of what may only be passing"),
            count(1),
            "",
        ),
        (
            say!(fr: "Patience, en tout, qu'un site peut demander (429, Retry-After) ; au-delà, il n'est plus sollicité", en: "Patience, in all, that a site may ask for (429, Retry-After); beyond, it is not asked again"),
            seconds(usual.longest_pause),
            "",
        ),
        (
            say!(fr: "Attentes de suite sans qu'un site réponde autre chose que 429 ; au-delà, il n'est plus sollicité", en: "Waits in a row after which a site still answers 429; beyond, it is not asked again"),
            count(MOST_IN_VAIN),
            "",
        ),
    ]
}

fn of_names(usual: &Settings) -> Vec<Limit> {
    vec![
        (say!(fr: "Noms cherchés en même temps", en: "Names looked up at a time"), count(dns::AT_A_TIME), ""),
        (say!(fr: "Noms dont les adresses sont retenues", en: "Names of which addresses are remembered"), count(memory::MOST_KNOWN), ""),
        (
            say!(fr: "Pour une question à un serveur de noms", en: "For a question to a name server"),
            seconds(usual.connect_timeout),
            "--timeout",
        ),
        (
            say!(fr: "Pour prouver qu'une zone est signée (DNSSEC)", en: "To prove that a zone is signed (DNSSEC)"),
            seconds(usual.connect_timeout * signature::LONGER),
            "--timeout",
        ),
        (
            say!(fr: "Enregistrements gardés d'un nom, de chaque sorte", en: "Records kept of a name, of each kind"),
            count(records::MOST_RECORDS),
            "",
        ),
        (
            say!(fr: "Caractères gardés d'un enregistrement de texte", en: "Characters kept of a text record"),
            count(records::LONGEST_TEXT),
            "",
        ),
    ]
}

fn of_a_browser() -> Vec<Limit> {
    vec![
        (say!(fr: "Navigateurs en même temps", en: "Browsers at a time"), count(scout::VISITS), ""),
        (say!(fr: "Pour une visite par un navigateur", en: "For a visit by a browser"), seconds(browser::VISIT), ""),
        (
            say!(fr: "Ce qu'une visite par un navigateur peut recevoir", en: "What a visit by a browser may receive"),
            kib(usize::try_from(browser::MOST_BYTES).unwrap_or(usize::MAX)),
            "",
        ),
        (say!(fr: "Requêtes d'une visite par un navigateur", en: "Requests of a visit by a browser"), count(diary::MOST_REQUESTS), ""),
        (say!(fr: "Connexions en même temps d'un navigateur", en: "Connections at a time of a browser"), count(proxy::CONNECTIONS), ""),
    ]
}
