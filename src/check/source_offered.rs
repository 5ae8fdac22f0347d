//! Visitors are led to the source code of the program that serves them: from the service, or from the hoster's pages.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::finder::{Search, find};
use super::finding::codes;
use super::identify::{Identified, claimed, identify};
use super::{Case, Finding, Judge, Judgement, Stop};
use crate::criteria::{Software, fold};
use crate::facts::{Exchange, Link, Silence, SilenceKind};
use crate::text::say;

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SourceOffered {}

codes! { Offered = "offered", Declared = "declared", NotOffered = "not-offered", Unknown = "unknown-software" }

/// Kinds of documents of the hoster in which the link may stand, besides the service itself.
const DOCUMENTS: [&str; 2] = ["software", "services"];

/// Public forges; a host that begins with `git.`, `gitlab.`, `forge.` or `code.` is one too.
const FORGES: [&str; 9] = [
    "github.com",
    "gitlab.com",
    "codeberg.org",
    "framagit.org",
    "git.sr.ht",
    "sr.ht",
    "salsa.debian.org",
    "bitbucket.org",
    "git.drupalcode.org",
];

impl Judge for SourceOffered {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let seen = identify(case, case.site)?;
        let mut programs: Vec<&Software> = seen.programs.iter().map(|program| &*program.software).collect();
        if programs.is_empty() {
            programs.extend(claimed(case, case.site).map(|program| &**program));
        }
        let pages = pages(case)?;
        if programs.is_empty() {
            let at = case.address()?;
            let because = say!(fr: "{at} : logiciel non reconnu, donc lien vers son code non cherché", en: "{at}: unknown program, so the link to its code was not looked for");
            return Code::Unknown.inconclusive(because).at(at).alone();
        }
        let declared = |program: &Software| seen.programs.iter().find(|seen| seen.software.id == program.id);
        Ok(programs.into_iter().map(|program| offer(program, declared(program), &pages)).collect())
    }
}

/// The service's own page, and those of the hoster's documents that were found.
fn pages(case: &Case<'_>) -> Result<Vec<std::sync::Arc<Exchange>>, Stop> {
    let mut pages = Vec::new();
    match case.page(case.address()?) {
        Ok(page) => pages.push(page),
        Err(Stop::Silent(Silence { kind: SilenceKind::HttpError(_), .. })) => {}
        Err(stop) => return Err(stop),
    }
    for kind in DOCUMENTS.iter().filter_map(|id| case.charter.document(id)) {
        match find(case, kind) {
            Ok(Search::Found(document)) => pages.push(document.exchange),
            Ok(_) | Err(Stop::Silent(_)) => {}
            Err(stop) => return Err(stop),
        }
    }
    Ok(pages)
}

/// No link that a visitor sees, but `NodeInfo` says where the code is; elsewhere than at its authors' when it was modified.
fn of_nodeinfo(seen: &Identified, source: &Url) -> Finding {
    let (name, at) = (&seen.software.name, &seen.at);
    let because = if seen.software.repository.as_ref().is_none_or(|home| is_at(home, source)) {
        say!(fr: "aucun lien visible vers le code du logiciel {name}, mais {at} le dit aux programmes : {source}", en: "no visible link to the code of {name}, but {at} tells programs: {source}")
    } else {
        say!(fr: "aucun lien visible vers le code du logiciel {name}, mais {at} dit aux programmes qu'il tourne sur un autre code que celui de ses auteurs : {source}", en: "no visible link to the code of {name}, but {at} tells programs that it runs on other code than its authors': {source}")
    };
    Code::Declared.inconclusive(because).at(at).at(source)
}

fn offer(program: &Software, seen: Option<&Identified>, pages: &[std::sync::Arc<Exchange>]) -> Finding {
    let name = &program.name;
    for page in pages {
        let mut links = page.page().links.iter().filter_map(Link::page);
        if let Some(target) = links.find(|target| leads_to(program, target)) {
            let at = page.url();
            return Code::Offered
                .supports(say!(fr: "{at} mène au code du logiciel {name} : {target}", en: "{at} leads to the code of {name}: {target}"))
                .at(at)
                .at(&target);
        }
    }
    if let Some((seen, source)) = seen.and_then(|seen| Some((seen, seen.source.as_ref()?))) {
        return of_nodeinfo(seen, source);
    }
    // A menu that JavaScript draws, or a page that was not found, may hold the link.
    let because = if program.licence.contains("AGPL") {
        say!(
            fr: "aucun lien trouvé vers le code du logiciel {name} ; sa licence (AGPL, article 13) demande d'offrir à chaque usager celui d'une version modifiée",
            en: "no link found to the code of {name}; its licence (AGPL, section 13) asks that each user be offered that of a modified version"
        )
    } else {
        say!(fr: "aucun lien trouvé vers le code du logiciel {name}", en: "no link found to the code of {name}")
    };
    pages.iter().fold(Code::NotOffered.inconclusive(because), |finding, page| finding.at(page.url()))
}

/// To the program's site or repository, or to a repository of that name on a forge: a modified program has its own.
fn leads_to(program: &Software, target: &Url) -> bool {
    let official = [Some(&program.website), program.repository.as_ref()];
    official.into_iter().flatten().any(|home| is_at(home, target)) || is_forge(target) && names(program, target)
}

/// On the same host, `www.` aside, at or under the same path.
fn is_at(home: &Url, target: &Url) -> bool {
    let host = |url: &Url| url.host_str().map(|host| host.trim_start_matches("www.").to_owned());
    let path = home.path().trim_end_matches('/');
    host(home) == host(target)
        && target.path().strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || rest.starts_with('.'))
}

fn is_forge(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    FORGES.contains(&host) || ["git.", "gitlab.", "forge.", "code."].iter().any(|start| host.starts_with(start))
}

/// Whether a part of the path is the program's name.
fn names(program: &Software, url: &Url) -> bool {
    url.path_segments().is_some_and(|mut parts| parts.any(|part| program.is_named_in(&fold(part.trim_end_matches(".git")))))
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{Sample, codes, is_silent, sample, sample_of};
    use crate::facts::SilenceKind;

    const HOME: &str = "https://a.example/";
    const PAD: &str = "https://pad.a.example/";
    const CHECK: &str = "source-offered = {}";

    fn pad(html: &str) -> Sample {
        sample_of("software = 'etherpad'").page(HOME, "hello").page(PAD, html)
    }

    #[test]
    fn a_link_to_the_program_or_to_a_modified_copy_offers_its_source() {
        for link in ["https://etherpad.org/", "https://github.com/ether/etherpad", "https://framagit.org/chat/etherpad-lite.git"] {
            assert_eq!(codes(pad(&format!("hello <a href='{link}'>x</a>")).judge_service(CHECK)), ["offered"], "{link}");
        }
    }

    #[test]
    fn a_program_that_tells_programs_alone_where_its_code_is_has_no_visible_link() {
        let at = |path: &str| format!("{PAD}{path}");
        let discovery = r#"{"links":[{"rel":"http://nodeinfo.diaspora.software/ns/schema/2.1","href":"https://pad.a.example/ni"}]}"#;
        let told = |code: &str| {
            let told = format!(r#"{{"software":{{"name":"peertube","version":"8.0.0","repository":"{code}"}}}}"#);
            let sample = sample().page(HOME, "hello").page(PAD, "hello").answer(&at(".well-known/nodeinfo"), 200, &[], discovery);
            sample.answer(&at("ni"), 200, &[], &told).judge_service(CHECK).unwrap().remove(0)
        };
        let (own, upstream) = (told("https://git.a.example/videos"), told("https://github.com/Chocobozzz/PeerTube"));
        assert_eq!((own.code.as_str(), own.outcome), ("declared", crate::check::Outcome::Inconclusive));
        assert!(own.because.fr.contains("un autre code que celui de ses auteurs") && !upstream.because.fr.contains("autre code"));
        assert_eq!(told("javascript:alert(1)").code, "not-offered");
    }

    #[test]
    fn other_links_do_not() {
        for link in ["https://github.com/nextcloud/server", "https://etherpad.org.example/", "https://blog.example/etherpad", "/etherpad"] {
            let findings = pad(&format!("hello <a href='{link}'>x</a>")).judge_service(CHECK).unwrap();
            assert_eq!((findings[0].code.as_str(), findings[0].outcome), ("not-offered", crate::check::Outcome::Inconclusive), "{link}");
        }
    }

    #[test]
    fn the_list_of_software_may_hold_the_link() {
        let list = format!(
            "<h1>Logiciels</h1><p>{}</p><a href='https://etherpad.org/'>Etherpad</a>",
            "Nos logiciels et leur licence. ".repeat(10)
        );
        let sample = pad("hello").page(HOME, "<a href='/logiciels'>Logiciels</a>").page("https://a.example/logiciels", &list);
        assert_eq!(codes(sample.judge_service(CHECK)), ["offered"]);
    }

    #[test]
    fn an_unknown_program_has_no_known_source() {
        assert_eq!(codes(sample().page(HOME, "hello").page(PAD, "hello").judge_service(CHECK)), ["unknown-software"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        assert!(is_silent(&sample().silent(PAD, SilenceKind::TimedOut).judge_service(CHECK)));
    }
}
