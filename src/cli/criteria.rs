//! `criteria`: the rules themselves.

mod verify;

use clap::{Args, Subcommand};

use super::args::Common;
use super::lang::tr;
use super::terminal::Terminal;
use super::{Exit, Outcome, rules};
use crate::criteria::Charter;
use crate::report::criteria_table;
use crate::text::say;

#[derive(Debug, Args)]
#[command(subcommand_help_heading = tr("Commandes ", "Commands"), subcommand_value_name = tr("COMMANDE", "COMMAND"))]
pub(super) struct CriteriaArgs {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    #[command(about = tr("Les critères, en tableau", "The criteria, as a table"))]
    List,
    #[command(about = tr("Chercher toutes les fautes des règles", "Look for every fault of the rules"))]
    Lint,
    #[command(about = tr("Comparer les règles avec la charte publiée", "Compare the rules with the published charter"))]
    Verify(Box<verify::VerifyArgs>),
}

pub(super) fn run(args: &CriteriaArgs, common: &Common, terminal: &mut Terminal) -> Outcome {
    match &args.what {
        What::Verify(args) => return verify::run(args, common, terminal),
        What::List => {
            let charter = rules::charter(common)?;
            let text = criteria_table(&charter, terminal.lang, Terminal::width());
            terminal.print(&text);
        }
        What::Lint => {
            let folder = rules::folder(common);
            let charter = Charter::lint(folder.as_deref())?;
            let from = match &folder {
                Some(folder) => crate::text::Text::same(folder.display().to_string()),
                None => say!(fr: "règles du programme", en: "built-in rules"),
            };
            let (criteria, software, parties, providers, digest) =
                (charter.criteria.len(), charter.software.len(), charter.parties.len(), charter.providers.len(), charter.digest());
            let unseen = charter.parties.iter().filter(|party| !party.is_looked_up()).count();
            let known = charter.providers.iter().filter(|provider| !provider.kinds().all(|kind| provider.is_shown(kind))).count();
            let text = say!(
                fr: "{f_fr} : aucune faute. {criteria} critères, {software} logiciels, {parties} tiers, {providers} prestataires ; empreinte {digest}.\nSources restant à trouver ou à vérifier : {unseen} tiers, {known} prestataires.\n",
                en: "{f_en}: no fault. {criteria} criteria, {software} programs, {parties} third parties, {providers} providers; digest {digest}.\nSources still to be found or verified: {unseen} third parties, {known} providers.\n",
                with: f_fr = from.fr, f_en = from.en
            );
            terminal.print(text.in_lang(terminal.lang));
        }
    }
    Ok(Exit::Done)
}
