//! `init`: reads a hoster's site and proposes its `hoster.toml`, for a person to correct.

use std::path::Path;

use clap::Args;
use url::Url;

use super::args::Common;
use super::lang::tr;
use super::run::{self, Observing};
use super::terminal::Terminal;
use super::{Exit, Failure, Outcome, rules};
use crate::audit::describe;
use crate::criteria::Charter;
use crate::day::Day;
use crate::file::{Fault, Place, Source, io_reason, write_new};
use crate::hoster::{Hoster, HosterId, Proposal};
use crate::text::{Text, say};

#[derive(Debug, Args)]
pub(super) struct InitArgs {
    #[arg(value_name = "ID", value_parser = run::hoster_id, help_heading = tr("Arguments ", "Arguments"), help = tr("Le nom du dossier à créer : minuscules, chiffres et tirets", "The name of the folder to make: small letters, digits and dashes"))]
    id: HosterId,
    #[arg(long, value_name = "URL", value_parser = website, help_heading = tr("L'hébergeur ", "The hoster"), help = tr("Le site de l'hébergeur", "The hoster's own site"))]
    website: Url,
    #[arg(long, help_heading = tr("Le résultat ", "The outcome"), help = tr("Montrer la proposition, sans rien écrire", "Show the proposal, and write nothing"))]
    dry_run: bool,
    #[arg(long, value_name = tr("AAAA-MM-JJ", "YYYY-MM-DD"), value_parser = run::day, help_heading = tr("Le résultat ", "The outcome"), help = tr("Faire comme si l'on était ce jour-là", "Do as if it were that day"))]
    today: Option<Day>,
    #[command(flatten)]
    observing: Observing,
}

/// An address as people type it: `picasoft.net` too.
fn website(text: &str) -> Result<Url, String> {
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let web = |url: &Url| {
        matches!(url.scheme(), "http" | "https")
            && url.host_str().is_some_and(|host| host.contains(['.', ':']))
            && url.username().is_empty()
            && url.password().is_none()
    };
    let url = Url::parse(&whole).ok().filter(web);
    url.map(|mut url| {
        url.set_fragment(None);
        url
    })
    .ok_or_else(|| {
        tr(
            "l'adresse d'un site est attendue, comme https://www.exemple.org/",
            "the address of a site is expected, such as https://www.example.org/",
        )
        .to_owned()
    })
}

pub(super) fn run(args: &InitArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let path = common.audits.join(&args.id).join("hoster.toml");
    if !args.dry_run && path.symlink_metadata().is_ok() {
        return Err(taken(&path).into());
    }
    let proposal = proposed(args, &charter, terminal)?;
    let text = proposal.written(terminal.lang);
    Hoster::read(args.id.clone(), &Source::new(&path, &text), |edition| charter.edition(edition).is_some())?;
    if args.dry_run {
        terminal.print(&text);
        return Ok(Exit::Done);
    }
    write_new(&path, &text).map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => Failure::from(taken(&path)),
        _ => not_written(&path, &io_reason(&error)),
    })?;
    tell(&path, &args.id, &proposal, terminal);
    Ok(Exit::Done)
}

/// What the site says; without a network, what is known without looking.
fn proposed(args: &InitArgs, charter: &Charter, terminal: &mut Terminal) -> Result<Proposal, Failure> {
    let latest = charter.editions.iter().max_by_key(|edition| edition.since);
    let edition = latest.map(|edition| edition.id.clone()).unwrap_or_default();
    if args.observing.is_offline() {
        return Ok(Proposal::bare(args.website.clone(), &edition));
    }
    let today = args.today.unwrap_or_else(run::clock);
    let mut observer = args.observing.observer(today)?;
    let place = &args.website;
    terminal.note(&say!(fr: "Lecture de {place}…", en: "Reading {place}..."));
    let proposal = describe(charter, &args.website, &edition, today, &mut observer);
    if observer.was_interrupted() {
        return Err(unread(&say!(fr: "interrompu : rien n'est écrit", en: "interrupted: nothing is written")));
    }
    proposal.map_err(|silence| unread(&silence.because()))
}

fn unread(why: &Text) -> Failure {
    let (fr, en) = (&why.fr, &why.en);
    Failure::CouldNot(Fault::nowhere(
        say!(fr: "le site n'a pas pu être lu : {fr}", en: "the site could not be read: {en}"),
        say!(
            fr: "Vérifier l'adresse dans un navigateur, puis réessayer ; « --offline » écrit un modèle à remplir, sans rien lire.",
            en: "Check the address in a browser, then try again; `--offline` writes a form to fill in, without reading anything.",
        ),
    ))
}

fn taken(path: &Path) -> Fault {
    Fault::new(
        Place::file(path),
        say!(fr: "ce fichier existe déjà, et « init » n'écrase rien", en: "this file exists already, and `init` overwrites nothing"),
        say!(
            fr: "Le corriger à la main, ou prendre un autre nom ; « --dry-run » montre la proposition sans l'écrire.",
            en: "Correct it by hand, or take another name; `--dry-run` shows the proposal without writing it.",
        ),
    )
}

fn not_written(path: &Path, why: &Text) -> Failure {
    let (fr, en) = (&why.fr, &why.en);
    Failure::CouldNot(Fault::new(
        Place::file(path),
        say!(fr: "écriture impossible : {fr}", en: "cannot be written: {en}"),
        say!(fr: "Vérifier la place et les droits du dossier.", en: "Check the room and the permissions of the folder."),
    ))
}

fn tell(path: &Path, id: &HosterId, proposal: &Proposal, terminal: &mut Terminal) {
    let (file, services, documents) = (path.display(), proposal.services.len(), proposal.documents.len());
    terminal.note(&say!(
        fr: "Écrit : {file} (services proposés : {services} ; documents trouvés : {documents}).",
        en: "Written: {file} (services proposed: {services}; documents found: {documents}).",
    ));
    terminal.note(&say!(
        fr: "Ouvrir ce fichier, le corriger et le compléter ; puis : chatons-audit run {id}",
        en: "Open this file, correct and complete it; then: chatons-audit run {id}",
    ));
}
