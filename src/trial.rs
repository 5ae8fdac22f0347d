//! Tries the finder of documents on imaginary sites, each with what a careful person finds there; no network.

mod site;
mod tally;

use std::collections::BTreeMap;
use std::path::Path;

use crate::audit::describe;
use crate::check::{Case, Facts, Place, Stop, place_of};
use crate::criteria::Charter;
use crate::day::Day;
use crate::facts::{Need, Observer, Seen};
use crate::text::Lang;
use site::{Expected, Site};
pub use tally::{Outcome, Tally};

/// Time is an input, and nothing here depends on it.
const TODAY: Day = Day::new(2026, 11, 22);

/// Tries all sites of a folder, in the order of their names; `texts.toml`, beside it, holds what they share.
pub fn try_sites(folder: &Path) -> Result<Vec<Outcome>, String> {
    let charter = Charter::load(None).map_err(|faults| format!("{} faults in the rules", faults.len()))?;
    let texts: BTreeMap<String, String> = read(&folder.join("../texts.toml"))?;
    let mut files: Vec<_> = std::fs::read_dir(folder).map_err(|error| error.to_string())?.flatten().map(|entry| entry.path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut outcomes = Vec::new();
    for file in files {
        let name = file.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let site = Site::new(&read(&file)?, &texts).map_err(|error| format!("{name}: {error}"))?;
        for (kind, expected) in &site.expected {
            let (seen, requests) = look_for(&charter, &site, kind).map_err(|error| format!("{name}: {error}"))?;
            outcomes.push(Outcome::new(&name, kind, expected.clone(), seen, requests));
        }
    }
    Ok(outcomes)
}

fn read<T: serde::de::DeserializeOwned>(file: &Path) -> Result<T, String> {
    let text = std::fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", file.display()))
}

/// The `hoster.toml` that is proposed for the site of a file.
pub fn propose_for(file: &Path) -> Result<String, String> {
    let charter = Charter::load(None).map_err(|faults| format!("{} faults in the rules", faults.len()))?;
    let texts: BTreeMap<String, String> = read(&file.with_file_name("").join("../texts.toml"))?;
    let site = Site::new(&read(file)?, &texts)?;
    let website = site.hoster.home().url.clone().ok_or("a hoster has a web site")?;
    let proposal = describe(&charter, &website, "2023", TODAY, &mut Looking { site: &site, asked: Vec::new() });
    Ok(proposal.map_err(|silence| silence.because().en)?.written(Lang::Fr))
}

/// An imaginary site, asked as the network is.
struct Looking<'s> {
    site: &'s Site,
    asked: Vec<Need>,
}

impl Observer for Looking<'_> {
    fn ask(&mut self, need: Need) {
        self.asked.push(need);
    }

    fn next(&mut self) -> Option<(Need, Seen)> {
        let need = self.asked.pop()?;
        let seen = self.site.see(&need);
        Some((need, seen))
    }
}

/// Where the finder finds a kind of document, and how many pages it asked for.
fn look_for(charter: &Charter, site: &Site, kind: &str) -> Result<(Expected, usize), String> {
    let kind = charter.document(kind).ok_or_else(|| format!("no kind of document is called {kind}"))?;
    let mut facts = Facts::new();
    let mut requests = 0;
    loop {
        let case = Case::new(charter, &site.hoster, site.hoster.home(), TODAY, &facts);
        let place = place_of(&case, kind);
        let wanted = case.wanted();
        match place {
            Err(Stop::Wanting) if wanted.is_empty() => return Err("it waits for nothing".to_owned()),
            Err(Stop::Wanting) => {}
            Err(_) | Ok(Place::Unsure) => return Ok((Expected::Unseen, requests)),
            Ok(Place::Nowhere) => return Ok((Expected::Absent, requests)),
            Ok(Place::At(url)) => return Ok((Expected::At(vec![url]), requests)),
        }
        for need in wanted {
            requests += usize::from(matches!(need, Need::Exchange(_)));
            let seen = site.see(&need);
            facts.insert(need, seen);
        }
    }
}
