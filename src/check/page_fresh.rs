//! A document is kept up to date: its latest date is not too old.

use std::sync::{Arc, LazyLock};

use regex::Regex;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use super::dates::latest;
use super::finder::{Search, find};
use super::finding::codes;
use super::{Case, Judge, Judgement, Reference, Stop};
use crate::day::{Day, Period};
use crate::facts::{Exchange, Silence};
use crate::text::{Text, say};

#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct PageFresh {
    /// Ids of `lists/documents.toml`; one that is fresh is enough.
    pages: Vec<String>,
    /// How old its latest date may be: `6 months`, `1 year`.
    max_age: Period,
}

codes! { Fresh = "fresh", Stale = "stale", Undated = "undated", NoPage = "no-page" }

/// A place of a sitemap.
static PLACE: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"(?s)<url>(.*?)</url>").expect("a fixed expression"));

/// A date, and where it was read.
struct Dated {
    day: Day,
    at: Url,
    /// The line in which it stands, when it is one that people read.
    line: Option<String>,
    how: Text,
}

impl Judge for PageFresh {
    fn judge(&self, case: &Case<'_>) -> Judgement {
        let mut pages: Vec<Arc<Exchange>> = Vec::new();
        let mut mute: Option<Silence> = None;
        for id in &self.pages {
            let kind = case.charter.document(id).expect("the lint knows the kinds of documents");
            match find(case, kind) {
                Ok(Search::Found(document)) => pages.push(document.exchange),
                Ok(_) => {}
                Err(Stop::Silent(silence)) => mute = mute.or(Some(silence)),
                Err(stop) => return Err(stop),
            }
        }
        let limit = |day: Day| day.plus(self.max_age) >= case.today;
        let mut best: Option<Dated> = None;
        for page in &pages {
            let dated = dated(case, page, limit)?;
            best = [best, dated].into_iter().flatten().reduce(|known, new| if new.day > known.day { new } else { known });
        }
        if let Some(dated) = best.as_ref().filter(|dated| limit(dated.day)) {
            return tell(dated, true).alone();
        }
        // Another page may be the fresh one.
        if let Some(silence) = mute {
            return Err(Stop::Silent(silence));
        }
        match (best, pages.first()) {
            (Some(dated), _) => tell(&dated, false).alone(),
            (None, Some(page)) => {
                let at = page.url();
                let because = say!(fr: "{at} ne porte aucune date que l'on sache lire", en: "{at} bears no date that can be read here");
                Code::Undated.inconclusive(because).at(at).alone()
            }
            (None, None) => {
                let because = say!(fr: "aucune page à dater n'a été trouvée", en: "no page to be dated was found");
                Code::NoPage.inconclusive(because).alone()
            }
        }
    }

    fn references(&self) -> Vec<Reference<'_>> {
        self.pages.iter().map(|page| Reference::Document(page)).collect()
    }
}

fn tell(dated: &Dated, fresh: bool) -> super::Finding {
    let (at, day, Text { fr: how_fr, en: how_en }) = (&dated.at, dated.day, &dated.how);
    let finding = if fresh {
        Code::Fresh.supports(say!(fr: "{at} est à jour : {day} ({how_fr})", en: "{at} is up to date: {day} ({how_en})"))
    } else {
        Code::Stale
            .refutes(say!(fr: "{at} date du {day} ({how_fr}), rien de plus récent", en: "{at} dates from {day} ({how_en}), nothing later"))
    };
    match &dated.line {
        Some(line) => finding.quote(at, line),
        None => finding.at(at),
    }
}

/// The latest date of a page: what people read first, then, if that is old, what programs are told.
fn dated(case: &Case<'_>, page: &Exchange, is_fresh: impl Fn(Day) -> bool) -> Result<Option<Dated>, Stop> {
    let at = page.url().clone();
    let read = latest(&page.page().text, case.today).map(|(day, line)| Dated {
        day,
        at: at.clone(),
        line: Some(line.to_owned()),
        how: say!(fr: "date lue dans la page", en: "date read in the page"),
    });
    let told = |day, how| Dated { day, at: at.clone(), line: None, how };
    let times = page.page().times.join("\n");
    let marked =
        latest(&times, case.today).map(|(day, _)| told(day, say!(fr: "date du balisage de la page", en: "date of the page's markup")));
    let mut all: Vec<Dated> = read.into_iter().chain(marked).collect();
    if all.iter().any(|dated| is_fresh(dated.day)) {
        return Ok(newest(all));
    }
    if let Some(feed) = page.page().feeds.first() {
        let day = quiet(case, feed)?.and_then(|feed| latest(feed.text(), case.today).map(|(day, _)| day));
        all.extend(
            day.map(|day| Dated { at: feed.clone(), ..told(day, say!(fr: "dernier article du flux", en: "last item of the feed")) }),
        );
    }
    let map = page.url().join("/sitemap.xml").expect("a fixed path");
    let day = quiet(case, &map)?.and_then(|map| changed(map.text(), page.url(), case.today));
    all.extend(day.map(|day| told(day, say!(fr: "date du plan du site", en: "date of the sitemap"))));
    // A page that is made on the fly says that it has just changed.
    let header = page.header("last-modified").and_then(|value| latest(value, case.today)).map(|(day, _)| day);
    let header = header.filter(|day| *day < case.today);
    all.extend(header.map(|day| told(day, say!(fr: "en-tête Last-Modified", en: "Last-Modified header"))));
    Ok(newest(all))
}

/// Of equals, the first: what people read.
fn newest(all: Vec<Dated>) -> Option<Dated> {
    all.into_iter().reduce(|known, new| if new.day > known.day { new } else { known })
}

/// A page that is only asked for its date: that it does not answer says nothing.
fn quiet(case: &Case<'_>, url: &Url) -> Result<Option<Arc<Exchange>>, Stop> {
    match case.visit(url) {
        Ok(exchange) => Ok(Some(exchange).filter(|exchange| exchange.status == 200)),
        Err(Stop::Silent(_)) => Ok(None),
        Err(stop) => Err(stop),
    }
}

/// The `lastmod` of a page in a sitemap.
fn changed(map: &str, page: &Url, today: Day) -> Option<Day> {
    let loc = format!("<loc>{page}</loc>");
    let place = PLACE.captures_iter(map).find(|place| place[1].contains(&loc))?;
    let after = place[1].split_once("<lastmod>")?.1;
    latest(after.split('<').next()?, today).map(|(day, _)| day)
}

#[cfg(test)]
mod tests {
    use crate::check::sample::{HOME, Sample, codes, is_silent, sample};
    use crate::facts::SilenceKind;

    const CHECK: &str = "page-fresh = { pages = ['status'], max-age = '1 year' }";
    const LOG: &str = "https://a.example/incidents";

    fn log(rest: &str) -> Sample {
        let page = format!(
            "<title>Incidents</title><h1>Incidents</h1><p>Toute panne est écrite ici, puis rétabli quand le service l'est.</p>{rest}<p>{}",
            "Rien d'autre à dire. ".repeat(5)
        );
        sample().page(HOME, "hello <a href='/incidents'>Incidents</a>").page(LOG, &page)
    }

    #[test]
    fn a_page_is_fresh_stale_or_undated() {
        assert_eq!(codes(log("<p>3 mars 2026 : panne.").judge(CHECK)), ["fresh"]);
        assert_eq!(codes(log("<p>3 mars 2024 : panne.").judge(CHECK)), ["stale"]);
        assert_eq!(codes(log("<p>Rien à signaler. © 2026").judge(CHECK)), ["undated"]);
        assert_eq!(codes(log("<p>Maintenance le 3 mars 2027.").judge(CHECK)), ["undated"], "a day to come says nothing");
        assert_eq!(codes(sample().page(HOME, "hello").judge(CHECK)), ["no-page"]);
    }

    #[test]
    fn the_line_is_quoted() {
        let findings = log("<p>3 mars 2026 : panne.").judge(CHECK).unwrap();
        assert_eq!(findings[0].evidence[0].excerpt.as_deref(), Some("3 mars 2026 : panne."));
    }

    #[test]
    fn what_programs_are_told_counts_when_people_are_told_nothing_new() {
        let old = "<p>3 mars 2024 : panne.";
        assert_eq!(codes(log(&format!("{old}<time datetime=2026-09-01>hier</time>")).judge(CHECK)), ["fresh"]);
        let feed = log(&format!("{old}<link rel=alternate type=application/rss+xml href=/feed>"));
        let rss = "<rss><item><pubDate>Tue, 10 Nov 2026 08:00:00 GMT</pubDate></item></rss>";
        assert_eq!(
            codes(feed.answer("https://a.example/feed", 200, &[("content-type", "application/rss+xml")], rss).judge(CHECK)),
            ["fresh"]
        );
        let map = "<urlset><url><loc>https://a.example/incidents</loc><lastmod>2026-10-01</lastmod></url></urlset>";
        let mapped = log(old).answer("https://a.example/sitemap.xml", 200, &[("content-type", "application/xml")], map);
        assert_eq!(codes(mapped.judge(CHECK)), ["fresh"]);
    }

    #[test]
    fn silence_is_never_a_verdict() {
        let mute = sample().page(HOME, "hello <a href='/incidents'>Incidents</a>").silent(LOG, SilenceKind::TimedOut);
        assert!(is_silent(&mute.judge(CHECK)));
        assert!(is_silent(&sample().silent(HOME, SilenceKind::TimedOut).judge(CHECK)));
    }
}
