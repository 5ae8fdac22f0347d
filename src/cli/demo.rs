//! `demo`: an imaginary hoster on loopback, audited by the very code of `run`.

use std::path::PathBuf;

use clap::Args;

use super::args::Common;
use super::audits::Audit;
use super::lang::tr;
use super::run::{self, Observing, RunArgs, Shown};
use super::terminal::Terminal;
use super::{Failure, Outcome, rules};
use crate::demo::{HOSTER, SITES, Sites, Stage};
use crate::file::{Fault, write_whole};
use crate::hoster::HosterId;
use crate::text::say;

#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    #[command(flatten)]
    shown: Shown,
    #[arg(long, value_name = tr("DOSSIER", "DIR"), help = tr("Où écrire l'audit (par défaut : un dossier temporaire neuf)", "Where to write the audit (default: a new temporary folder)"))]
    into: Option<PathBuf>,
}

pub(super) fn run(args: DemoArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    let charter = rules::charter(common)?;
    let today = args.shown.today.unwrap_or_else(run::clock);
    let could_not = |error: &std::io::Error| {
        Failure::CouldNot(Fault::nowhere(
            say!(fr: "la démonstration ne peut pas s'installer : {error}", en: "the demo cannot be set up: {error}"),
            say!(fr: "Vérifier la place et les droits du dossier temporaire.", en: "Check the room and the permissions of the temporary folder."),
        ))
    };
    let audits = match &args.into {
        Some(folder) => folder.clone(),
        None => tempfile::Builder::new().prefix("chatons-audit-demo-").tempdir().map_err(|error| could_not(&error))?.keep(),
    };
    let id: HosterId = "chat-perche".parse().expect("a name made here");
    write_whole(&audits.join(&id).join("hoster.toml"), HOSTER).map_err(|error| could_not(&error))?;
    let sites = Sites::parse(SITES).expect("the demo's own sites");
    let stage = Stage::open(sites, today).map_err(|error| could_not(&error))?;
    let authority = tempfile::NamedTempFile::new().map_err(|error| could_not(&error))?;
    std::fs::write(authority.path(), stage.ca_pem()).map_err(|error| could_not(&error))?;
    let keys = tempfile::NamedTempFile::new().map_err(|error| could_not(&error))?;
    std::fs::write(keys.path(), stage.trust_anchor()).map_err(|error| could_not(&error))?;
    let (authority_file, keys_file) = (authority.path().to_owned(), keys.path().to_owned());
    let observing = Observing::on_stage(stage.address(), authority_file, stage.name_server(), keys_file);
    let audit = Audit::open(&audits, &id, &charter)?;
    let args = RunArgs::of_demo(Shown { today: Some(today), ..args.shown }, observing);
    run::audit(&charter, &[audit], &args, terminal)
}
