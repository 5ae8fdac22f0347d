//! Which programs answer at an address: what they show of themselves, the surest first, in few requests.
//!
//! The front page costs nothing, every check asks for it. Then come the special addresses of the program that `hoster.toml`
//! claims, `NodeInfo`, and those of the most common programs, in the order of the catalogue, until a certain sign is found.
//! A page can be copied, forged or speak of a program: what stands in it is only ever likely, and so is its icon, which is
//! asked for when nothing is certain.

mod nodeinfo;
mod place;

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use url::Url;

use self::place::{Asked, Found, Place};
use super::{Case, Stop};
use crate::criteria::{Sign, Software, SoftwareEdition, Spot, Sure};
use crate::facts::Need;
use crate::hoster::Site;

/// A program, and the sign that gave it away.
#[derive(Debug)]
pub(super) struct Identified {
    pub(super) software: Arc<Software>,
    pub(super) edition: Edition,
    /// Empty when it is not told: the charter allows that.
    pub(super) version: String,
    /// Where it says that the code in use is.
    pub(super) source: Option<Url>,
    pub(super) at: Url,
    pub(super) excerpt: String,
}

/// Which edition of a program it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum Edition {
    Usual,
    /// The one of that rank in its list.
    Other(usize),
    /// The address that tells did not answer.
    Unread,
}

impl Identified {
    /// The edition that it is, where that is not the usual one.
    pub(super) fn other_edition(&self) -> Option<&SoftwareEdition> {
        match self.edition {
            Edition::Other(rank) => self.software.editions.get(rank),
            Edition::Usual | Edition::Unread => None,
        }
    }

    /// Its name, with its edition and version as far as they are known.
    pub(super) fn called(&self) -> String {
        let name = self.other_edition().map_or(&self.software.name, |edition| &edition.name);
        if self.version.is_empty() { name.clone() } else { format!("{name} {}", self.version) }
    }
}

/// What was made out at an address.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Known by signs that only the running program gives; the claimed one first.
    pub(super) programs: Vec<Identified>,
    /// What it looks like, when nothing is certain.
    pub(super) seems: Vec<Identified>,
    /// What the place says of itself, for a person to judge.
    pub(super) clues: Vec<(Url, String)>,
}

/// Special addresses tried for a program that nothing announces.
const MOST_ADDRESSES: usize = 12;
/// Characters of a version; what is longer is no version.
const LONGEST_VERSION: usize = 40;
/// Special addresses asked for at once: a certain answer spares the next ones.
const AT_ONCE: usize = 4;

/// Looks for the programs of a site. Its front page must answer, were it to refuse visitors; or nothing can be said.
///
/// Several checks ask: what was made out is kept, and a search that waits is taken up again when all that it asked for has come.
pub(super) fn identify(case: &Case<'_>, site: &Site) -> Result<Rc<Seen>, Stop> {
    case.facts.programs.once(case, &site.subject.to_string(), || search(case, site).map(Rc::new))
}

fn search(case: &Case<'_>, site: &Site) -> Result<Seen, Stop> {
    let address = site.url.as_ref().filter(|_| !site.customers).ok_or_else(|| Stop::CustomersSite(Vec::new()))?;
    let claimed: Vec<&Arc<Software>> = claimed(case, site).collect();
    case.expect(place::ahead(address, claimed.iter().flat_map(|program| &program.signs)).into_iter().map(Need::Exchange));
    let place = Place::open(case, address)?;
    let mut search = Search::new(case, &place, site)?;
    search.look(&claimed)?;
    let (certain, nodeinfo) = (search.certain(), search.nodeinfo.take());
    let mut seen = Seen::default();
    for program in ordered(certain, &claimed) {
        seen.programs.push(search.identified(program, nodeinfo.as_ref())?);
    }
    for program in search.companions(&seen)? {
        seen.programs.push(search.identified(program, None)?);
    }
    if seen.programs.is_empty() {
        // An icon can be copied: it is asked for when nothing better is known, and is never certain.
        search.asked.ask(case, place.icons().iter().cloned())?;
        seen.seems = search.likely();
        seen.clues = place.clues();
        seen.clues.extend(nodeinfo.map(|told| (told.at, format!("NodeInfo: {} {}", told.name, told.version).trim().to_owned())));
    }
    Ok(seen)
}

/// The programs of the site under audit, each with the address that shows it, or the one that `hoster.toml` claims where none
/// is certain. What only carries others is left out.
pub(super) fn programs(case: &Case<'_>) -> Result<Vec<(Arc<Software>, Url)>, Stop> {
    let seen = identify(case, case.site)?;
    let shown = seen.programs.iter().map(|program| (Arc::clone(&program.software), program.at.clone()));
    let mut programs: Vec<(Arc<Software>, Url)> = shown.filter(|(software, _)| !software.platform).collect();
    if programs.is_empty() {
        let address = case.address()?;
        programs.extend(claimed(case, case.site).map(|program| (Arc::clone(program), address.clone())));
    }
    Ok(programs)
}

/// A version as people write it; whatever else an answer puts there is left out.
fn plain(version: &str) -> String {
    version.chars().take_while(|c| c.is_ascii_alphanumeric() || ".-+~_".contains(*c)).take(LONGEST_VERSION).collect()
}

/// The programs that `hoster.toml` says a site runs.
pub(super) fn claimed<'a>(case: &Case<'a>, site: &Site) -> impl Iterator<Item = &'a Arc<Software>> {
    let charter = case.charter;
    site.software.as_deref().map(|claim| charter.programs_called(claim)).into_iter().flatten()
}

/// The claimed programs first.
fn ordered<'a>(mut certain: Vec<&'a Arc<Software>>, claimed: &[&Arc<Software>]) -> Vec<&'a Arc<Software>> {
    certain.sort_by_key(|program| !claimed.iter().any(|claimed| claimed.id == program.id));
    certain
}

struct Search<'s, 'a> {
    case: &'s Case<'a>,
    place: &'s Place,
    /// Special addresses that were asked, and what they answered.
    asked: Asked,
    programs: &'a [Arc<Software>],
    nodeinfo: Option<nodeinfo::Told>,
    /// The signs that the front page shows.
    shown: Rc<Shown>,
}

/// The signs that a front page shows, each by its place in the catalogue: a search that is taken up again reads them no more.
pub(super) struct Shown(BTreeMap<*const Sign, Found>);

/// What a program's signs come to.
struct Tally<'a> {
    sure: Sure,
    sign: &'a Sign,
    found: Found,
}

impl<'s, 'a> Search<'s, 'a> {
    fn new(case: &'s Case<'a>, place: &'s Place, site: &Site) -> Result<Self, Stop> {
        let programs = &case.charter.software;
        let in_page = || programs.iter().flat_map(|program| program.page_signs());
        let read = || in_page().filter_map(|sign| Some((std::ptr::from_ref(sign), place.read(sign)?))).collect();
        let shown = case.facts.signs.once(case, &site.subject.to_string(), || Ok(Rc::new(Shown(read()))))?;
        Ok(Self { case, place, asked: Asked::default(), programs, nodeinfo: None, shown })
    }

    /// Asks special addresses until a program is certain or the budget is spent.
    fn look(&mut self, claimed: &[&'a Arc<Software>]) -> Result<(), Stop> {
        // The claimed programs, where the site was declared; then where its page stands, if that is elsewhere.
        for widely in [false, true] {
            self.ask_all(claimed, widely)?;
            if claimed.iter().any(|program| !program.nodeinfo.is_empty()) {
                self.nodeinfo = nodeinfo::ask(self.case, self.place)?;
            }
            if self.is_settled()? {
                return Ok(());
            }
        }
        let shown: Vec<&Arc<Software>> = self.programs.iter().filter(|program| self.shows(program)).collect();
        for widely in [false, true] {
            self.ask_all(&shown, widely)?;
            if self.is_settled()? {
                return Ok(());
            }
        }
        self.nodeinfo = nodeinfo::ask(self.case, self.place)?;
        let mut left = MOST_ADDRESSES;
        let common = self.common();
        for batch in common.chunks(AT_ONCE) {
            if left == 0 || self.is_settled()? {
                break;
            }
            let batch: Vec<Url> = batch.iter().take(left).cloned().collect();
            left -= batch.len();
            self.asked.ask(self.case, batch)?;
        }
        self.asked.compare(self.case, self.place, self.programs)
    }

    /// Asks the special addresses of some programs; `widely`, in every folder that may hold them.
    fn ask_all(&mut self, programs: &[&Arc<Software>], widely: bool) -> Result<(), Stop> {
        let urls: Vec<Url> = programs.iter().flat_map(|program| self.place.urls(&program.signs, widely)).collect();
        self.asked.ask(self.case, urls)
    }

    /// Whether the search may stop: a program is certain, and the claimed one has had its turn.
    fn is_settled(&mut self) -> Result<bool, Stop> {
        self.asked.compare(self.case, self.place, self.programs)?;
        Ok(self.certain().iter().any(|program| !program.platform))
    }

    /// Whether the front page shows a sign of it.
    fn shows(&self, program: &Software) -> bool {
        program.signs.iter().any(|sign| sign.path.is_none() && sign.spot != Spot::Icon && self.read(sign).is_some())
    }

    /// Special addresses not yet asked: of programs that the page names first, then in the order of the catalogue.
    fn common(&self) -> Vec<Url> {
        let named = self.place.named(self.case);
        let mut programs: Vec<usize> = (0..self.programs.len()).collect();
        programs.sort_by_key(|program| !named.contains(program));
        let mut urls: Vec<Url> = Vec::new();
        for url in programs.into_iter().flat_map(|program| self.place.urls(&self.programs[program].signs, false)) {
            if !urls.contains(&url) && !self.asked.knows(&url) {
                urls.push(url);
            }
            if urls.len() == MOST_ADDRESSES {
                break;
            }
        }
        urls
    }

    fn certain(&self) -> Vec<&'a Arc<Software>> {
        self.programs
            .iter()
            .filter(|program| self.is_nodeinfo(program) || self.tally(program).is_some_and(|tally| tally.sure == Sure::Certain))
            .collect()
    }

    fn is_nodeinfo(&self, program: &Software) -> bool {
        self.nodeinfo.as_ref().is_some_and(|told| program.nodeinfo.contains(&told.name))
    }

    /// The best sign of a program. Two likely ones that agree are certain, unless both stand in the page itself.
    fn tally(&self, program: &'a Software) -> Option<Tally<'a>> {
        let found: Vec<(&Sign, Found)> = program.signs.iter().filter_map(|sign| Some((sign, self.read(sign)?))).collect();
        let agree = found.len() > 1 && found.iter().any(|(sign, _)| !sign.is_copyable());
        let best = found.into_iter().max_by_key(|(sign, found)| (sign.sure, !found.version.is_empty()))?;
        let sure = if agree { Sure::Certain } else { best.0.sure };
        Some(Tally { sure, sign: best.0, found: best.1 })
    }

    fn read(&self, sign: &Sign) -> Option<Found> {
        if sign.spot == Spot::Icon {
            return self.asked.icon(self.place.icons(), sign);
        }
        if sign.path.is_some() {
            return self.asked.read(self.place, sign);
        }
        self.shown.0.get(&std::ptr::from_ref(sign)).cloned()
    }

    fn likely(&self) -> Vec<Identified> {
        let seems = |program: &'a Arc<Software>| {
            let Tally { found, sign, .. } = self.tally(program)?;
            let version = if sign.tells_version() { found.version } else { String::new() };
            Some(Identified {
                software: Arc::clone(program),
                edition: Edition::Unread,
                version: plain(&version),
                source: None,
                at: found.at,
                excerpt: found.excerpt,
            })
        };
        self.programs.iter().filter_map(seems).collect()
    }

    /// Programs that often stand beside those that were found.
    fn companions(&mut self, seen: &Seen) -> Result<Vec<&'a Arc<Software>>, Stop> {
        let is_seen = |program: &Software| seen.programs.iter().any(|seen| seen.software.id == program.id);
        let beside = |program: &&Arc<Software>| seen.programs.iter().any(|seen| seen.software.companions.contains(&program.id));
        let programs: Vec<&Arc<Software>> = self.programs.iter().filter(beside).filter(|program| !is_seen(program)).collect();
        let urls: Vec<Url> = programs.iter().flat_map(|program| self.place.urls(&program.signs, false)).collect();
        self.asked.ask(self.case, urls)?;
        self.asked.compare(self.case, self.place, self.programs)?;
        Ok(programs.into_iter().filter(|program| self.tally(program).is_some_and(|tally| tally.sure == Sure::Certain)).collect())
    }

    fn identified(&mut self, program: &'a Arc<Software>, nodeinfo: Option<&nodeinfo::Told>) -> Result<Identified, Stop> {
        let told = nodeinfo.filter(|told| program.nodeinfo.contains(&told.name));
        let (at, excerpt) = match (told, self.tally(program)) {
            (Some(told), _) => (told.at.clone(), format!("{} {}", told.name, told.version).trim().to_owned()),
            (None, Some(Tally { found, .. })) => (found.at, found.excerpt),
            (None, None) => unreachable!("a program is identified by NodeInfo or by a sign"),
        };
        let version = match told {
            Some(told) if !told.version.is_empty() => told.version.clone(),
            _ => self.version(program)?,
        };
        let (edition, given_away) = self.edition(program)?;
        // What says that an edition is not free is what must be shown.
        let (at, excerpt) = given_away.map_or((at, excerpt), |found| (found.at, found.excerpt));
        let source = told.and_then(|told| told.repository.clone());
        Ok(Identified { software: Arc::clone(program), edition, version: plain(&version), source, at, excerpt })
    }

    /// The version, from whatever sign tells it; one more address is asked for it at most.
    fn version(&mut self, program: &'a Software) -> Result<String, Stop> {
        let telling: Vec<&Sign> = program.signs.iter().filter(|sign| sign.tells_version()).collect();
        let told = |search: &Self| {
            telling.iter().filter_map(|sign| search.read(sign)).map(|found| found.version).find(|version| !version.is_empty())
        };
        if let Some(version) = told(self) {
            return Ok(version);
        }
        let more = telling.iter().flat_map(|sign| self.place.urls(std::slice::from_ref(sign), false)).find(|url| !self.asked.knows(url));
        self.asked.ask(self.case, more)?;
        Ok(told(self).unwrap_or_default())
    }

    fn edition(&mut self, program: &'a Software) -> Result<(Edition, Option<Found>), Stop> {
        let mut unread = false;
        for (rank, edition) in program.editions.iter().enumerate() {
            let urls = self.place.urls(&edition.signs, false);
            self.asked.ask(self.case, urls.clone())?;
            if let Some(found) = edition.signs.iter().find_map(|sign| self.read(sign)) {
                return Ok((Edition::Other(rank), Some(found)));
            }
            // Only an answer that could have told it tells that it is not this edition.
            let told = if urls.is_empty() { self.place.has_page() } else { urls.iter().any(|url| self.asked.has_answered(url)) };
            unread |= !told;
        }
        Ok((if unread { Edition::Unread } else { Edition::Usual }, None))
    }
}

#[cfg(test)]
mod tests;
