//! A visit by a real browser: opens a page, waits, scrolls down, and clicks on nothing.

mod counted;
mod devtools;
pub(super) mod diary;
mod disguise;
#[cfg_attr(not(unix), path = "refusal.rs")]
mod program;
pub(super) mod proxy;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::{sleep, timeout};
use url::Url;

use super::http::user_agent;
use super::scout::Scout;
use crate::facts::{Body, Exchange, Headers, Kept, SilenceKind, Stay, Visit, steady};
use devtools::{DevTools, Hung, Message};
use diary::{Counts, Diary, Duty};
use program::Program;
use proxy::Proxy;

/// A whole visit. What takes longer is a silence.
pub(in crate::probe) const VISIT: Duration = Duration::from_mins(1);

/// To start, and to load; what has not come until then is not waited for.
const LOADING: Duration = Duration::from_secs(20);

/// What a page does when nobody touches it.
const WAITING: Duration = Duration::from_secs(5);

/// What it does when a visitor reads on.
const SCROLLED: Duration = Duration::from_secs(2);

/// Bytes that a visit may cost.
pub(in crate::probe) const MOST_BYTES: u64 = 64 * 1024 * 1024;

const MOST_COOKIES: usize = 1_000;

/// Goes down the page as a reader does, so that what waits to be seen is loaded.
const SCROLL: &str = "(async () => { for (let n = 0; n < 40; n++) { const y = scrollY; scrollBy(0, innerHeight * 0.8); \
    await new Promise(done => setTimeout(done, 50)); if (scrollY === y) break; } })()";

/// Opens a page in a browser of its own. Dropped, the browser is gone with all that it kept.
pub(super) async fn visit(scout: &Scout, program: &Path, url: &Url, limit: Duration, page_limit: usize) -> Result<Visit, SilenceKind> {
    visit_for(VISIT, scout, program, url, limit, page_limit).await
}

pub(super) async fn visit_for(
    time: Duration,
    scout: &Scout,
    program: &Path,
    url: &Url,
    limit: Duration,
    page_limit: usize,
) -> Result<Visit, SilenceKind> {
    let none = |_| SilenceKind::NoBrowser;
    let proxy = Proxy::new(scout, limit, MOST_BYTES).map_err(none)?;
    let (listener, address) = Proxy::listen().await.map_err(|_| SilenceKind::NoBrowser)?;
    let (_program, input, output) = Program::start(program, address, &proxy.digest()).map_err(|_| SilenceKind::NoBrowser)?;
    let mut tab = Tab { devtools: DevTools::new(input, output), diary: Diary::default(), proxy: &proxy, agent: String::new() };
    let look = async {
        timeout(LOADING, tab.open()).await.map_err(|_| SilenceKind::NoBrowser)?.map_err(|Hung| SilenceKind::NoBrowser)?;
        let seen = tab.look(url, page_limit).await.map_err(|Hung| SilenceKind::Garbled)?;
        Ok::<_, SilenceKind>((tab, seen))
    };
    let (tab, seen) = tokio::select! {
        looked = timeout(time, look) => looked.map_err(|_| SilenceKind::TimedOut)??,
        () = proxy.serve(listener) => return Err(SilenceKind::NoBrowser),
    };
    for _ in 0..tab.diary.heard() {
        scout.meter().request();
    }
    if tab.diary.is_full() || proxy.is_spent() {
        return Err(SilenceKind::TooLarge);
    }
    if let Some(status) = tab.diary.status.filter(|status| !matches!(status, 200..=299 | 304)) {
        return Err(SilenceKind::HttpError(status));
    }
    if !seen.arrived {
        let outcome = tab.diary.asked.as_ref().and_then(|asked| proxy.outcome(asked.host_str()?));
        return Err(outcome.and_then(Result::err).unwrap_or(SilenceKind::Garbled));
    }
    let at = tab.diary.url.clone().unwrap_or_else(|| url.clone());
    let calls = tab.diary.calls(url, |host| proxy.outcome(host).is_some());
    let headers = Headers::from([("content-type".to_owned(), vec!["text/html".to_owned()])]);
    let shown = Arc::new(Exchange::new(at, 200, headers, None, Body::Text(seen.html)));
    let cookies = seen.cookies.iter().take(MOST_COOKIES).chain(&tab.diary.refused).filter_map(cookie).collect();
    Ok(Visit { shown, calls, cookies, stored: tab.diary.stored })
}

/// Hears all that a made-up browser says, for `super::fuzzing`.
pub(super) fn hear(bytes: &[u8]) -> Visit {
    let mut diary = Diary::default();
    let mut told = Vec::new();
    for text in bytes.split(|byte| *byte == 0) {
        match devtools::message(text) {
            Some(Message::Event(event)) => drop(diary.hear(&event)),
            Some(Message::Answer(_, Some(answer))) => told.push(answer),
            Some(Message::Answer(_, None)) | None => {}
        }
    }
    let page: Url = "https://www.a.example/".parse().expect("a fixed address");
    let calls = diary.calls(&page, |_| true);
    assert!(calls.len() <= diary.heard() && calls.iter().all(|call| call.via.len() <= 5), "{calls:?}");
    let shown = Arc::new(Exchange::new(page, 200, Headers::new(), None, Body::Empty));
    Visit { shown, calls, cookies: told.iter().chain(&diary.refused).filter_map(cookie).collect(), stored: diary.stored }
}

/// What a made-up browser asks of the proxy, for `super::fuzzing`.
pub(super) fn asked_of_proxy(bytes: &[u8]) -> Option<Url> {
    proxy::place(&bytes.try_into().ok()?)
}

/// What was there at the end.
struct Ending {
    /// Whether the page came at all.
    arrived: bool,
    html: String,
    cookies: Vec<Value>,
}

struct Tab<'v> {
    devtools: DevTools,
    diary: Diary,
    proxy: &'v Proxy<'v>,
    /// The browser's name and ours.
    agent: String,
}

impl Tab<'_> {
    /// Until there is a page to use.
    async fn open(&mut self) -> Result<(), Hung> {
        let version = self.call("", "Browser.getVersion", json!({})).await?.ok_or(Hung)?;
        self.agent = format!("{} {}", version["userAgent"].as_str().unwrap_or_default(), user_agent());
        self.call("", "Browser.setDownloadBehavior", json!({ "behavior": "deny" })).await?;
        self.call("", "Target.setAutoAttach", attach()).await?;
        while self.diary.session.is_empty() {
            self.turn().await?;
        }
        Ok(())
    }

    async fn look(&mut self, url: &Url, page_limit: usize) -> Result<Ending, Hung> {
        let session = self.diary.session.clone();
        let navigated = self.call(&session, "Page.navigate", json!({ "url": url.as_str() })).await?;
        let arrived = navigated.is_some_and(|result| result["errorText"].is_null());
        if arrived {
            let loading = async {
                while !self.diary.loaded {
                    self.turn().await?;
                }
                Ok(())
            };
            timeout(LOADING, loading).await.unwrap_or(Ok(()))?;
            self.wait(WAITING).await?;
            self.call(&session, "Runtime.evaluate", json!({ "expression": SCROLL, "awaitPromise": true })).await?;
            self.wait(SCROLLED).await?;
        }
        let read = format!("document.documentElement.outerHTML.slice(0, {page_limit})");
        let html = self.call(&session, "Runtime.evaluate", json!({ "expression": read, "returnByValue": true })).await?;
        let html = html.and_then(|result| Some(result["result"]["value"].as_str()?.to_owned())).unwrap_or_default();
        let cookies = self.call("", "Storage.getCookies", json!({})).await?;
        let cookies = cookies.and_then(|mut result| Some(result["cookies"].as_array_mut()?.drain(..).collect())).unwrap_or_default();
        Ok(Ending { arrived, html, cookies })
    }

    /// Listens for a while.
    async fn wait(&mut self, time: Duration) -> Result<(), Hung> {
        let over = sleep(time);
        tokio::pin!(over);
        loop {
            tokio::select! {
                () = &mut over => return Ok(()),
                message = self.devtools.next() => self.mind(message?).await?,
            }
        }
    }

    /// Asks and waits for the answer, listening meanwhile.
    async fn call(&mut self, session: &str, method: &str, params: Value) -> Result<Option<Value>, Hung> {
        let asked = self.devtools.send(session, method, params).await?;
        loop {
            match self.devtools.next().await? {
                Message::Answer(id, answer) if id == asked => return Ok(answer),
                message => self.mind(message).await?,
            }
        }
    }

    async fn turn(&mut self) -> Result<(), Hung> {
        let message = self.devtools.next().await?;
        self.mind(message).await
    }

    async fn mind(&mut self, message: Message) -> Result<(), Hung> {
        let Message::Event(event) = message else {
            return Ok(());
        };
        let duty = self.diary.hear(&event);
        if self.diary.crashed {
            return Err(Hung);
        }
        match duty {
            Duty::Nothing => {}
            Duty::LetThrough(host) => self.proxy.let_through(&host),
            Duty::Release { session, request, host } => {
                self.proxy.let_through(&host);
                self.devtools.send(&session, "Fetch.continueRequest", json!({ "requestId": request })).await?;
            }
            Duty::Dismiss(session) => {
                self.devtools.send(&session, "Page.handleJavaScriptDialog", json!({ "accept": false })).await?;
            }
            Duty::Welcome { session, counts } => self.welcome(&session, counts).await?,
        }
        Ok(())
    }

    /// Everything new waits until it is watched, so that no request is missed.
    async fn welcome(&mut self, session: &str, counts: Counts) -> Result<(), Hung> {
        let agent = json!({ "userAgent": self.agent, "acceptLanguage": "fr,en;q=0.8" });
        let mut words = Vec::new();
        if counts != Counts::No {
            words.extend([
                ("Network.enable", json!({})),
                ("Fetch.enable", json!({})),
                ("Network.setUserAgentOverride", agent),
                ("Target.setAutoAttach", attach()),
            ]);
        }
        if counts == Counts::Shown {
            words.extend([("Page.enable", json!({})), ("Inspector.enable", json!({})), ("DOMStorage.enable", json!({}))]);
        }
        words.push(("Runtime.runIfWaitingForDebugger", json!({})));
        for (method, params) in words {
            self.devtools.send(session, method, params).await?;
        }
        Ok(())
    }
}

fn attach() -> Value {
    json!({ "autoAttach": true, "waitForDebuggerOnStart": true, "flatten": true })
}

fn cookie(told: &Value) -> Option<Kept> {
    let stay = if told["session"] == true { Stay::Session } else { Stay::Lasting };
    Some(Kept {
        domain: told["domain"].as_str()?.trim_start_matches('.').to_owned(),
        name: steady(told["name"].as_str()?),
        stay,
        secure: told["secure"] == true,
        http_only: told["httpOnly"] == true,
        same_site: told["sameSite"].as_str().map(str::to_owned),
    })
}
