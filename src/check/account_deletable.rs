//! The program lets an account be deleted for good: what our catalogue knows of it, for a person to confirm.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::finding::codes;
use super::identify::programs;
use super::{Case, Finding, Judge, Judgement};
use crate::criteria::{DeleteAccount, Software};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct AccountDeletable {}

codes! {
    ByUser = "by-user",
    ByAdmin = "by-admin",
    NoAccount = "no-account",
    NotOffered = "not-offered",
    Unknown = "unknown-deletion",
    UnknownSoftware = "unknown-software",
}

impl Judge for AccountDeletable {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let programs = programs(case)?;
        if programs.is_empty() {
            let at = case.address()?;
            let because =
                say!(fr: "{at} : logiciel non reconnu, donc suppression inconnue", en: "{at}: unknown program, so unknown deletion");
            return Code::UnknownSoftware.inconclusive(because).at(at).alone();
        }
        Ok(programs.into_iter().map(|(software, at)| told(&software).at(&at)).collect())
    }
}

/// A promise kept by hand is kept too: what the program does not offer is never a breach.
fn told(software: &Software) -> Finding {
    let name = &software.name;
    match software.delete_account {
        Some(DeleteAccount::User) => Code::ByUser
            .supports(say!(fr: "{name} : chacun supprime son compte lui-même", en: "{name}: everyone deletes their own account")),
        Some(DeleteAccount::NoAccount) => {
            Code::NoAccount.supports(say!(fr: "{name} s'utilise sans compte", en: "{name} is used without an account"))
        }
        Some(DeleteAccount::Admin) => Code::ByAdmin
            .supports(say!(fr: "{name} : l'administration supprime un compte, sur demande", en: "{name}: administrators delete an account, on request")),
        Some(DeleteAccount::No) => Code::NotOffered.inconclusive(say!(
            fr: "{name} ne sait pas supprimer un compte : cela se fait à la main, dans la base de données",
            en: "{name} cannot delete an account: it is done by hand, in the database"
        )),
        None => Code::Unknown.inconclusive(say!(
            fr: "{name} : nos listes ne disent pas comment un compte se supprime",
            en: "{name}: our lists do not say how an account is deleted"
        )),
    }
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const PAD: &str = "https://pad.a.example/";
    const CHECK: &str = "account-deletable = {}";

    fn claimed(software: &str) -> Vec<String> {
        codes(sample_of(&format!("software = '{software}'")).page(PAD, "hello").judge_service(CHECK))
    }

    #[test]
    fn who_deletes_is_told() {
        assert_eq!(claimed("synapse"), ["by-user"]);
        assert_eq!(claimed("mattermost"), ["by-admin"]);
        assert_eq!(claimed("searx"), ["no-account"]);
        assert_eq!(claimed("snappymail"), ["unknown-deletion"]);
    }

    #[test]
    fn an_unknown_program_is_for_a_person() {
        assert_eq!(codes(sample().page(PAD, "hello").judge_service(CHECK)), ["unknown-software"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(PAD, SilenceKind::TimedOut).judge_service(CHECK)));
    }
}
