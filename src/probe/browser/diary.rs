//! What the browser tells of a page while it is visited, kept without order or number.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use url::Url;

use super::devtools::Event;
use crate::facts::{Call, How, Stored, When, steady};

/// Requests kept of one visit. A page that makes more is given up.
pub(in crate::probe) const MOST_REQUESTS: usize = 5_000;

/// Keys of local storage kept.
const MOST_KEYS: usize = 1_000;

const MOST_REFUSED: usize = 1_000;

/// Why a browser refuses a cookie that another would keep, in the words of the protocol.
const SETTINGS: [&str; 3] = ["UserPreferences", "ThirdPartyPhaseout", "ThirdPartyBlockedInFirstPartySet"];

/// Where a page may lead before the page that is asked for.
const LONGEST_CHAIN: usize = 5;

#[derive(Debug, Default)]
pub(super) struct Diary {
    /// The page that is visited, once it is there.
    pub(super) session: String,
    /// Its frame bears the same name.
    frame: String,
    /// Where it stands.
    pub(super) url: Option<Url>,
    /// What was asked for in its place last, redirects included.
    pub(super) asked: Option<Url>,
    /// The status of the page itself.
    pub(super) status: Option<u16>,
    pub(super) loaded: bool,
    pub(super) crashed: bool,
    /// Pages, frames and workers: what a page started, and nothing of the browser's own.
    sessions: BTreeSet<String>,
    requests: BTreeMap<(Url, How), Option<Url>>,
    pub(super) stored: BTreeSet<Stored>,
    /// Cookies that the settings of this browser refuse, as a company's policy does; those of others keep them.
    pub(super) refused: Vec<Value>,
    heard: usize,
}

/// What has to be done about an event.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Duty {
    Nothing,
    /// Something new waits for a first word: look at what it asks, then let it go.
    Welcome {
        session: String,
        counts: Counts,
    },
    /// A page asks for this host.
    LetThrough(String),
    /// A request that waits to be seen: let it go, by its name.
    Release {
        session: String,
        request: String,
        host: String,
    },
    /// A message box would stop the page for ever.
    Dismiss(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// It has a document: a page, a frame.
    Shown,
    Worker,
    /// Of the browser's own.
    No,
}

impl Diary {
    pub(super) fn is_full(&self) -> bool {
        self.heard > MOST_REQUESTS
    }

    pub(super) fn heard(&self) -> usize {
        self.heard
    }

    pub(super) fn hear(&mut self, event: &Event) -> Duty {
        let (params, session) = (&event.params, &event.session);
        match event.method.as_str() {
            "Target.attachedToTarget" => return self.meet(params),
            "Page.javascriptDialogOpening" => return Duty::Dismiss(session.clone()),
            "Inspector.targetCrashed" => self.crashed |= *session == self.session,
            "Page.loadEventFired" => self.loaded |= *session == self.session,
            "Page.frameNavigated" if *session == self.session && params["frame"]["parentId"].is_null() => {
                self.url = address(&params["frame"]["url"]).or(self.url.take());
            }
            "Network.responseReceived" if params["type"] == "Document" && params["frameId"] == self.frame.as_str() => {
                self.status = params["response"]["status"].as_u64().and_then(|status| u16::try_from(status).ok());
            }
            "Network.requestWillBeSent" => {
                if params["type"] == "Document" && params["frameId"] == self.frame.as_str() {
                    self.asked = address(&params["request"]["url"]).or(self.asked.take());
                }
                return self.request(session, &params["request"]["url"], self.how(params), &params["initiator"]);
            }
            // A page that has just come may ask before its network is watched: what is held back is never missed.
            "Fetch.requestPaused" => {
                self.request(session, &params["request"]["url"], self.how(params), &Value::Null);
                let host = address(&params["request"]["url"]).and_then(|url| Some(url.host_str()?.to_owned())).unwrap_or_default();
                let request = params["requestId"].as_str().unwrap_or_default().to_owned();
                return Duty::Release { session: session.clone(), request, host };
            }
            "Network.responseReceivedExtraInfo" if self.sessions.contains(session) => self.refuse(&params["blockedCookies"]),
            "Network.webSocketCreated" => return self.request(session, &params["url"], How::Socket, &params["initiator"]),
            "DOMStorage.domStorageItemAdded" if params["storageId"]["isLocalStorage"] == true => self.store(params),
            _ => {}
        }
        Duty::Nothing
    }

    fn meet(&mut self, params: &Value) -> Duty {
        let session = params["sessionId"].as_str().unwrap_or_default().to_owned();
        let counts = match params["targetInfo"]["type"].as_str() {
            Some("page" | "iframe") => Counts::Shown,
            Some("worker" | "shared_worker" | "service_worker") => Counts::Worker,
            _ => Counts::No,
        };
        if counts != Counts::No {
            self.sessions.insert(session.clone());
        }
        if self.session.is_empty() && params["targetInfo"]["type"] == "page" {
            self.session.clone_from(&session);
            params["targetInfo"]["targetId"].as_str().unwrap_or_default().clone_into(&mut self.frame);
        }
        Duty::Welcome { session, counts }
    }

    fn request(&mut self, session: &str, url: &Value, how: How, initiator: &Value) -> Duty {
        let Some(url) = address(url).filter(|_| self.sessions.contains(session)) else {
            return Duty::Nothing;
        };
        self.heard += 1;
        if self.is_full() {
            return Duty::Nothing;
        }
        let host = url.host_str().unwrap_or_default().to_owned();
        let by = asker(initiator).filter(|by| *by != url);
        let known = self.requests.entry((url, how)).or_insert_with(|| by.clone());
        // Of several that asked, the first by name: the order of arrival is nobody's doing.
        if by.is_some() && (known.is_none() || by < *known) {
            *known = by;
        }
        Duty::LetThrough(host)
    }

    /// Of a third party, only what is marked for it is kept by any browser.
    fn refuse(&mut self, blocked: &Value) {
        for one in blocked.as_array().into_iter().flatten() {
            let settings = one["blockedReasons"].as_array().into_iter().flatten().any(|why| SETTINGS.iter().any(|setting| why == setting));
            let cookie = &one["cookie"];
            if settings && cookie["sameSite"] == "None" && cookie["secure"] == true && self.refused.len() < MOST_REFUSED {
                self.refused.push(cookie.clone());
            }
        }
    }

    fn store(&mut self, params: &Value) {
        let id = &params["storageId"];
        let origin = id["storageKey"].as_str().or(id["securityOrigin"].as_str()).unwrap_or_default();
        // A key of a frame within another site names both, the frame's own first.
        let host = Url::parse(origin.split('^').next().unwrap_or_default()).ok().and_then(|url| Some(url.host_str()?.to_owned()));
        if let (Some(host), Some(key)) = (host, params["key"].as_str())
            && self.stored.len() < MOST_KEYS
        {
            self.stored.insert(Stored { host, key: steady(key) });
        }
    }

    /// The resource types of the protocol.
    fn how(&self, params: &Value) -> How {
        match params["type"].as_str().or(params["resourceType"].as_str()).unwrap_or_default() {
            "Document" if params["frameId"] != self.frame.as_str() => How::Frame,
            "Document" => How::Document,
            "Stylesheet" => How::Style,
            "Image" => How::Image,
            "Media" | "TextTrack" => How::Media,
            "Font" => How::Font,
            "Script" => How::Script,
            "XHR" | "Fetch" => How::Fetch,
            "Prefetch" => How::Prefetch,
            "EventSource" => How::EventSource,
            "WebSocket" => How::Socket,
            "Manifest" => How::Manifest,
            "Ping" => How::Ping,
            "CSPViolationReport" => How::Report,
            _ => How::Other,
        }
    }

    /// The requests that left the browser, as facts about the page.
    pub(super) fn calls(&self, page: &Url, left: impl Fn(&str) -> bool) -> BTreeSet<Call> {
        let gone = self.requests.iter().filter(|((url, _), _)| url.host_str().is_some_and(&left));
        let call = |((url, how), by): (&(Url, How), &Option<Url>)| Call {
            url: bare(url.clone()),
            how: *how,
            page: page.clone(),
            via: self.chain(by.as_ref(), page),
            when: When::Loading,
            written: None,
        };
        gone.map(call).collect()
    }

    /// From the page to what asked.
    fn chain(&self, by: Option<&Url>, page: &Url) -> Vec<Url> {
        let above = |url: &Url| self.requests.iter().find(|((known, _), _)| known == url)?.1.clone();
        let mut chain: Vec<Url> = Vec::new();
        let mut at = by.cloned();
        while let Some(url) = at.filter(|url| url != page && chain.len() < LONGEST_CHAIN && !chain.contains(url)) {
            at = above(&url);
            chain.push(url);
        }
        chain.reverse();
        chain.into_iter().map(bare).collect()
    }
}

/// An address of the network; not of what a page made itself (`data:`, `blob:`).
fn address(value: &Value) -> Option<Url> {
    let mut url = Url::parse(value.as_str()?).ok().filter(|url| matches!(url.scheme(), "http" | "https" | "ws" | "wss"))?;
    url.set_fragment(None);
    Some(url)
}

/// Without what changes from visit to visit.
fn bare(mut url: Url) -> Url {
    url.set_query(None);
    url
}

fn asker(initiator: &Value) -> Option<Url> {
    let mut stack = Some(&initiator["stack"]);
    while let Some(frames) = stack {
        if let Some(url) = frames["callFrames"].as_array().into_iter().flatten().find_map(|frame| address(&frame["url"])) {
            return Some(url);
        }
        stack = frames.get("parent");
    }
    address(&initiator["url"])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(method: &str, session: &str, params: Value) -> Event {
        Event { method: method.to_owned(), session: session.to_owned(), params }
    }

    fn diary(requests: &[(&str, &str, &str)]) -> Diary {
        let mut diary = Diary::default();
        for (session, kind) in [("p", "page"), ("w", "worker"), ("b", "background_page")] {
            diary.hear(&event("Target.attachedToTarget", "", json!({"sessionId": session, "targetInfo": {"type": kind}})));
        }
        for (session, url, by) in requests {
            let params = json!({"request": {"url": url}, "type": "Script", "initiator": {"url": by}});
            diary.hear(&event("Network.requestWillBeSent", session, params));
        }
        diary
    }

    fn told(diary: &Diary) -> Vec<String> {
        let page = "https://a.test/".parse().unwrap();
        let calls = diary.calls(&page, |host| host != "blocked.test");
        calls.iter().map(|call| format!("{} {:?}", call.url, call.via.iter().map(Url::as_str).collect::<Vec<_>>())).collect()
    }

    #[test]
    fn what_a_page_and_its_workers_ask_counts_and_nothing_of_the_browser() {
        let diary = diary(&[
            ("p", "https://x.test/a?n=1", ""),
            ("w", "wss://y.test/", ""),
            ("b", "https://own.test/", ""),
            ("", "https://z.test/", ""),
        ]);
        assert_eq!(told(&diary), ["https://x.test/a []", "wss://y.test/ []"]);
    }

    #[test]
    fn what_never_left_the_browser_was_not_asked() {
        let diary = diary(&[("p", "https://blocked.test/a", ""), ("p", "data:text/plain,x", ""), ("p", "blob:https://a.test/1", "")]);
        assert_eq!(told(&diary), [""; 0]);
    }

    #[test]
    fn the_order_of_arrival_changes_nothing() {
        let mut requests = vec![
            ("p", "https://a.test/a.js", "https://a.test/"),
            ("p", "https://x.test/1", "https://a.test/a.js"),
            ("p", "https://x.test/1", "https://a.test/b.js"),
        ];
        let one = told(&diary(&requests));
        requests.reverse();
        assert_eq!(one, told(&diary(&requests)));
        assert_eq!(one[1], "https://x.test/1 [\"https://a.test/a.js\"]");
    }

    #[test]
    fn a_cookie_that_only_the_settings_of_this_browser_refuse_is_told() {
        let mut diary = diary(&[]);
        let blocked = |reason: &str, cookie: Value| json!({"blockedReasons": [reason], "cookie": cookie});
        let kept = json!({"name": "x", "domain": "b.test", "sameSite": "None", "secure": true});
        let params = json!({"blockedCookies": [
            blocked("UserPreferences", kept.clone()),
            blocked("UserPreferences", json!({"name": "nobody-keeps-it", "domain": "b.test"})),
            blocked("InvalidDomain", kept.clone()),
        ]});
        diary.hear(&event("Network.responseReceivedExtraInfo", "b", params.clone()));
        assert!(diary.refused.is_empty());
        diary.hear(&event("Network.responseReceivedExtraInfo", "p", params));
        assert_eq!(diary.refused, [kept]);
    }

    #[test]
    fn a_page_that_asks_without_end_is_given_up() {
        let urls: Vec<String> = (0..=MOST_REQUESTS).map(|n| format!("https://x.test/{n}")).collect();
        assert!(diary(&urls.iter().map(|url| ("p", url.as_str(), "")).collect::<Vec<_>>()).is_full());
    }
}
