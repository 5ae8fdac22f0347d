//! The name of a hoster, and those of its services, as its pages write them.

use std::sync::LazyLock;

use regex::Regex;
use url::Url;

use crate::check::domain::domain_of;
use crate::criteria::fold;
use crate::facts::Exchange;
use crate::hoster::Quoted;
use crate::text::clean;

/// Characters of the name of a service; what is longer is a sentence.
const LONGEST: usize = 60;

/// Between the parts of a title.
static PARTS: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\s+[-–—|·»:]\s+|\s*[|»]\s*|\s?: ").expect("a fixed expression"));

/// What a title or a link says that names nothing.
static NOTHING: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:accueil|home|home\ page|bienvenue|welcome|startseite|willkommen|inicio|bienvenid[oa]s?|welkom|index|
        ici|cliquez\ ici|here|click\ here|(?:y\ )?acceder.*|access.*|lien|link|(?:l')?utiliser.*|use.*|ouvrir.*|open.*|essayer.*|try.*|
        go|aller.*|voir.*|en\ savoir\ plus.*|learn\ more.*|decouvrir.*|(?:se\ )?connect.*|connexion|log\ ?in|sign\ in|s'inscrire.*|
        inscription|sign\ up|creer\ un\ compte.*|plus.*|more.*|logo.*|code\ source.*|source.*|web|site|site\ web|demarrer.*|lancer.*|commencer.*|start.*)$",
    )
    .expect("a fixed expression")
});

fn bare(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// By `og:site_name`, else the part of the title that the domain looks like, else the first that says something.
pub(super) fn name(home: &Exchange) -> Option<Quoted<String>> {
    let page = home.page();
    let quoted = |value: &str, excerpt: &str| Quoted { value: clean(value), at: home.url().clone(), excerpt: excerpt.to_owned() };
    let speaks = |text: &str| !bare(text).is_empty() && !NOTHING.is_match(&fold(text.trim()));
    if let Some(name) = page.site_name.as_deref().filter(|name| speaks(name)) {
        return Some(quoted(name, name));
    }
    let label = label(home.url());
    let said = page.title.iter().chain(page.headings.first());
    let parts: Vec<(&str, &String)> = said.flat_map(|said| PARTS.split(said).map(move |part| (part.trim(), said))).collect();
    let like = |part: &str| {
        let part = bare(part);
        part.chars().count() >= 3 && !label.is_empty() && (part.contains(&label) || label.contains(&part))
    };
    let parts: Vec<_> = parts.into_iter().filter(|(part, _)| speaks(part)).collect();
    let best = parts.iter().find(|(part, _)| like(part)).or(parts.first())?;
    Some(quoted(best.0, best.1))
}

/// The name of a domain: `chatperche` of `www.chatperche.example`.
fn label(url: &Url) -> String {
    let domain = domain_of(url).unwrap_or_default();
    bare(domain.split('.').next().unwrap_or_default())
}

/// The text of a link, when it names a service.
pub(super) fn of_link(text: &str, url: &Url) -> Option<String> {
    let text = clean(text);
    let text = text.trim_matches(|c: char| !c.is_alphanumeric() && !"()«»!?".contains(c)).to_owned();
    let folded = fold(&text);
    let host = url.host_str().unwrap_or_default();
    let address = folded.contains("://") || (!host.is_empty() && folded.contains(host));
    let names = folded.chars().any(char::is_alphabetic) && text.chars().count() <= LONGEST && !NOTHING.is_match(&folded) && !address;
    names.then_some(text)
}

/// `pad` is `Pad`: when nothing else names it.
pub(super) fn of_label(label: &str) -> String {
    let mut letters = label.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
