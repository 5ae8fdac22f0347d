//! Follows a page into its style sheets and frames: every host that it makes a browser contact.

use std::borrow::Cow;
use std::collections::BTreeSet;

use url::Url;

use crate::check::visits::{hops, is_own};
use crate::check::{Case, Stop};
use crate::facts::{Body, Call, Exchange, Fetch, How, Need, Page, Policies, Silence, When};

/// A style sheet of a style sheet of... is read this far.
const DEEPEST: usize = 5;
/// Style sheets and frames of one page that are opened.
const MOST: usize = 24;
/// Characters of an address that are shown.
const LONGEST_WRITTEN: usize = 160;
/// Calls kept of one page; more are no page for people.
const MOST_CALLS: usize = 20_000;
/// Hops of one style sheet or frame.
const MOST_HOPS: usize = 5;

/// Everything that one page calls.
#[derive(Debug, Default)]
pub(super) struct Called {
    pub(super) calls: Vec<Call>,
    /// Style sheets and frames of the hoster that did not answer.
    pub(super) silences: Vec<Silence>,
    /// There were more than can be read.
    pub(super) cut: bool,
    /// Whether programs run there, which may call others.
    pub(super) runs_programs: bool,
    /// Whether a browser has run them.
    pub(super) browsed: bool,
}

/// What a page calls. Only the hoster's own style sheets and frames are opened: a third party's are not ours to fetch, and
/// its host is known already.
pub(super) fn called(case: &Case<'_>, page: &Exchange) -> Result<Called, Stop> {
    let mut follow = Follow { case, page, policies: page.policies(), opened: BTreeSet::new(), called: Called::default() };
    follow.called.runs_programs = page.page().scripts > 0;
    case.expect_visit(page.url());
    let mut round: Vec<Call> = follow.kept(page.page().calls.iter().map(Cow::Borrowed), page.policies());
    for _ in 0..DEEPEST {
        round = follow.open_all(round)?;
        if round.is_empty() {
            return follow.called.lived(case, page.url());
        }
    }
    follow.called.cut |= round.iter().any(|call| follow.leads_on(call));
    follow.called.lived(case, page.url())
}

/// What a page names itself; nothing else is opened.
pub(super) fn alone(case: &Case<'_>, page: &Exchange) -> Called {
    let mut follow = Follow { case, page, policies: page.policies(), opened: BTreeSet::new(), called: Called::default() };
    follow.kept(page.page().calls.iter().map(Cow::Borrowed), page.policies());
    follow.called
}

/// Other hosts that a visitor is sent to and back before the page shows, to log in for instance.
pub(super) fn on_the_way(case: &Case<'_>, front: &Exchange) -> Result<Called, Stop> {
    let mut found = Called::default();
    for answer in hops(case, case.address()?)? {
        let next = answer.location().filter(|next| !is_own(case, front.url(), next.host_str().unwrap_or_default()));
        let Some(url) = next else { continue };
        let written = Some(format!("Location: {url}").chars().take(LONGEST_WRITTEN).collect());
        found.calls.push(Call { url, how: How::Document, page: answer.url().clone(), via: Vec::new(), when: When::Loading, written });
    }
    Ok(found)
}

struct Follow<'a> {
    case: &'a Case<'a>,
    page: &'a Exchange,
    policies: &'a Policies,
    opened: BTreeSet<Url>,
    called: Called,
}

impl Follow<'_> {
    /// Opens what leads on, all side by side; returns the calls found there.
    fn open_all(&mut self, round: Vec<Call>) -> Result<Vec<Call>, Stop> {
        let mut leading: Vec<Call> = Vec::new();
        for call in round {
            if !self.leads_on(&call) || self.opened.contains(&call.url) {
                continue;
            }
            if self.opened.len() >= MOST {
                self.called.cut = true;
            } else {
                self.opened.insert(call.url.clone());
                leading.push(call);
            }
        }
        self.case.expect(leading.iter().map(|call| Need::Exchange(call.url.clone())));
        let mut found = Vec::new();
        for call in leading {
            found.extend(self.open(&call)?);
        }
        Ok(found)
    }

    fn leads_on(&self, call: &Call) -> bool {
        matches!(call.how, How::Style | How::Import | How::Frame) && call.is_certain() && is_own(self.case, self.page.url(), call.host())
    }

    /// Opens a style sheet or a frame. A redirect to another's host is a call too, and it is not followed.
    fn open(&mut self, call: &Call) -> Result<Vec<Call>, Stop> {
        let mut via = call.via.clone();
        let mut at = call.url.clone();
        for _ in 0..MOST_HOPS {
            via.push(at.clone());
            let exchange = match self.case.hop(&at) {
                Ok(exchange) => exchange,
                Err(Stop::Silent(silence)) => {
                    self.called.silences.push(silence);
                    return Ok(Vec::new());
                }
                Err(stop) => return Err(stop),
            };
            match exchange.location() {
                Some(next) if is_own(self.case, self.page.url(), next.host_str().unwrap_or_default()) => at = next,
                Some(next) => {
                    let written = Some(format!("Location: {next}").chars().take(LONGEST_WRITTEN).collect());
                    let next = Call { url: next, via, written, ..call.clone() };
                    return Ok(self.kept([Cow::Owned(next)].into_iter(), self.policies));
                }
                None => return Ok(self.read(call, &exchange, &via)),
            }
        }
        self.called.cut = true;
        Ok(Vec::new())
    }

    fn read(&mut self, call: &Call, exchange: &Exchange, via: &[Url]) -> Vec<Call> {
        match exchange.status {
            200..=299 if exchange.body == Body::TooLarge => self.called.cut = true,
            200..=299 if call.how == How::Frame => {
                self.called.runs_programs |= exchange.page().scripts > 0;
                let page = self.page.url();
                let inside = exchange.page().calls.iter();
                let inside = inside.map(|inner| Call { page: page.clone(), via: [via, &inner.via].concat(), ..inner.clone() });
                // A frame obeys its own policy.
                return self.kept(inside.map(Cow::Owned), exchange.policies());
            }
            200..=299 => {
                let inside = Page::read_style(exchange, self.page.url(), via, &self.page.page().marks);
                return self.kept(inside.into_iter().map(Cow::Owned), self.policies);
            }
            // There is no such file: nothing in it calls anybody.
            404 | 410 => {}
            status => self.called.silences.push(Silence::new(crate::facts::SilenceKind::HttpError(status), &call.url)),
        }
        Vec::new()
    }

    /// Notes calls; what the policy forbids is no call. Returns what may lead on.
    fn kept<'c>(&mut self, calls: impl Iterator<Item = Cow<'c, Call>>, policies: &Policies) -> Vec<Call> {
        let mut judged = Vec::new();
        for call in calls {
            let leads_on = self.leads_on(&call);
            // What the hoster fetches from itself matters only where it leads on.
            if !leads_on && is_own(self.case, self.page.url(), call.host()) {
                continue;
            }
            let mut call = call.into_owned();
            if is_blocked(&call, policies) {
                call.when = When::Blocked;
            }
            if self.called.calls.len() < MOST_CALLS {
                self.called.calls.push(call.clone());
            } else {
                self.called.cut = true;
            }
            if leads_on && call.is_certain() {
                judged.push(call);
            }
        }
        judged
    }
}

/// Whether the page's own policy forbids it. A policy that names programs one by one (nonces, digests) is not weighed here.
fn is_blocked(call: &Call, policies: &Policies) -> bool {
    if policies.is_empty() {
        return false;
    }
    let (fetch, directive) = match call.how {
        How::Script => (Fetch::Script, "script-src-elem"),
        How::Style | How::Import => (Fetch::Style, "style-src-elem"),
        How::Image | How::Drawing | How::Icon | How::StyleUrl => (Fetch::Image, "img-src"),
        How::Font => (Fetch::Font, "font-src"),
        How::Media => (Fetch::Media, "media-src"),
        How::Object => (Fetch::Object, "object-src"),
        How::Frame => (Fetch::Frame, "frame-src"),
        How::Manifest => (Fetch::Manifest, "manifest-src"),
        How::Fetch | How::Socket | How::EventSource | How::Ping => (Fetch::Connect, "connect-src"),
        _ => return false,
    };
    let one_by_one = |source: &String| source.starts_with("'nonce-") || source.starts_with("'sha") || source == "'strict-dynamic'";
    if policies.sources(directive).flatten().any(one_by_one) {
        return false;
    }
    !policies.allows(fetch, &call.url)
}
