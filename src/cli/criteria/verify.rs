//! `criteria verify`: the rules held against the published charter.

use std::path::Path;

use clap::Args;
use url::Url;

use crate::cli::args::Common;
use crate::cli::lang::tr;
use crate::cli::run::{Observing, clock, not_written};
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, Failure, Outcome, rules};
use crate::criteria::{CHARTER_FILES, Comparison, commitments, note};
use crate::facts::{Body, Exchange, Fact, Headers, Need, Observer};
use crate::file::{Fault, Place, Source, write_whole};
use crate::report::comparison;
use crate::text::{Text, say};

#[derive(Debug, Args)]
pub(super) struct VerifyArgs {
    #[arg(long, value_name = tr("FICHIER|URL", "FILE|URL"), default_value = "https://www.chatons.org/charte", hide_default_value = true,
        help = tr("La charte publiée, en Markdown ou en HTML (par défaut : https://www.chatons.org/charte)", "The published charter, in Markdown or HTML (default: https://www.chatons.org/charte)"))]
    charter: String,
    #[arg(long, value_name = "2016|2023", help = tr("L'édition que c'est (par défaut : la dernière)", "Which edition it is (default: the last one)"))]
    edition: Option<String>,
    #[arg(long, help = tr("Noter, à côté de chaque critère retrouvé, le texte auquel il a été comparé", "Note, beside each criterion found, the text that it was compared with"))]
    write: bool,
    #[command(flatten)]
    observing: Observing,
}

/// More redirects than this lead nowhere.
const MOST_HOPS: usize = 10;

pub(super) fn run(args: &VerifyArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    rules::known_edition(&charter, args.edition.as_deref())?;
    let last = charter.editions.iter().max_by_key(|edition| edition.since).expect("the lint wants an edition");
    let edition = args.edition.as_deref().unwrap_or(&last.id);
    let markdown = published(&args.charter, &args.observing)?;
    let found = commitments(&markdown);
    let compared = Comparison::new(&charter, edition, &found);
    if compared.matched.is_empty() {
        return Err(Failure::CouldNot(Fault::new(
            Place::file(&args.charter),
            say!(fr: "on n'y reconnaît aucun engagement de la charte", en: "no commitment of the charter is recognised in it"),
            say!(fr: "Donner par « --charter » le texte de la charte : des titres de sections, et les engagements en listes.", en: "Give the text of the charter with `--charter`: headings of sections, and the commitments as lists."),
        )));
    }
    terminal.print(&comparison(&compared, terminal.lang, Terminal::width()));
    if args.write {
        write(&compared, common, terminal)?;
    }
    Ok(if compared.agrees() { Exit::Done } else { Exit::Gaps })
}

/// The text of the charter as Markdown, from a file or from the web.
fn published(at: &str, observing: &Observing) -> Result<String, Failure> {
    if let Some(url) = Url::parse(at).ok().filter(|url| matches!(url.scheme(), "http" | "https")) {
        return Ok(fetch(&url, observing)?.article().markdown());
    }
    let text = Source::open(Path::new(at)).map_err(Failure::from)?.text;
    if !text.trim_start().starts_with('<') {
        return Ok(text);
    }
    let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
    let nowhere = "https://charter.invalid/".parse().expect("a fixed address");
    Ok(Exchange::new(nowhere, 200, headers, None, Body::Text(text)).article().markdown())
}

fn fetch(url: &Url, observing: &Observing) -> Result<std::sync::Arc<Exchange>, Failure> {
    let mut observer = observing.observer(clock()).map_err(Failure::from)?;
    let mut at = url.clone();
    for _ in 0..MOST_HOPS {
        observer.ask(Need::Exchange(at));
        let answer = observer.next().expect("what was asked is answered").1;
        match answer {
            Ok(Fact::Exchange(exchange)) => match exchange.location() {
                Some(next) => at = next,
                None if exchange.status == 200 => return Ok(exchange),
                None => return Err(unread(url, &say!(fr: "réponse {status}", en: "answer {status}", with: status = exchange.status))),
            },
            Ok(_) => unreachable!("an exchange is brought back for an exchange"),
            Err(silence) => return Err(unread(url, &silence.because())),
        }
    }
    Err(unread(url, &say!(fr: "trop de redirections", en: "too many redirects")))
}

fn unread(url: &Url, why: &Text) -> Failure {
    let (fr, en) = (&why.fr, &why.en);
    Failure::CouldNot(Fault::new(
        Place::file(url.as_str()),
        say!(fr: "la charte n'a pas pu être lue : {fr}", en: "the charter could not be read: {en}"),
        say!(fr: "L'enregistrer dans un fichier, et le nommer par « --charter ».", en: "Save it to a file, and name that file with `--charter`."),
    ))
}

/// Notes what was compared in the files of the rules that people keep; those built in are nobody's to write.
fn write(compared: &Comparison<'_>, common: &Common, terminal: &mut Terminal) -> Result<(), Failure> {
    let Some(folder) = rules::folder(common) else {
        return Err(Failure::from(Fault::nowhere(
            say!(fr: "« --write » demande un dossier de critères", en: "`--write` needs a folder of criteria"),
            say!(fr: "Se placer dans le dépôt qui contient « criteria », ou le nommer par « --criteria ».", en: "Go to the repository that holds `criteria`, or name it with `--criteria`."),
        )));
    };
    let digests = compared.matched.iter().map(|one| (one.criterion.id(), one.digest())).collect();
    for file in CHARTER_FILES {
        let path = folder.join(file);
        let source = Source::open(&path).map_err(Failure::from)?;
        let Some(noted) = note(&source.text, compared.edition, &digests) else { continue };
        write_whole(&path, &noted).map_err(|error| Failure::CouldNot(not_written(&path, &error)))?;
        let path = path.display();
        terminal.note(&say!(fr: "Noté dans {path}", en: "Recorded in {path}"));
    }
    Ok(())
}
