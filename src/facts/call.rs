//! A host that a page makes a visitor's browser contact: as its HTML says it, or as a real browser did it.

use url::Url;

/// One address that a page leads a browser to, with what led there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Call {
    pub url: Url,
    pub how: How,
    /// The page that a visitor opened.
    pub page: Url,
    /// Style sheets, frames or redirects that led from the page to the call, in that order; the last one holds `written`.
    pub via: Vec<Url>,
    pub when: When,
    /// What stands there, as written, short: `@import "https://…"`. Nothing when a browser saw the request alone.
    pub written: Option<String>,
}

/// What in a page names the address, or what a browser calls the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(dead_code, clippy::allow_attributes, reason = "only a real browser tells the last ones")]
pub enum How {
    Script,
    Style,
    Image,
    Frame,
    /// Sound, film, subtitles.
    Media,
    /// `object`, `embed`.
    Object,
    /// `use`, `image` and the like of a drawing (SVG).
    Drawing,
    Icon,
    Manifest,
    /// `preconnect`, `dns-prefetch`: the host alone is told.
    Connect,
    /// `preload`, `modulepreload`.
    Preload,
    /// `prefetch`, `prerender`, speculation rules.
    Prefetch,
    /// `@import`.
    Import,
    /// The `src` of `@font-face`.
    Font,
    /// Any other `url()` of a style.
    StyleUrl,
    /// `action`, `formaction`.
    Form,
    /// `<a ping>`, `navigator.sendBeacon`.
    Ping,
    /// `<meta http-equiv=refresh>`, the Refresh header.
    Refresh,
    /// Reporting-Endpoints, Report-To, NEL, and `report-uri` of a policy.
    Report,
    /// An import map: a script may ask for it.
    ImportMap,
    /// A host named in an inline script.
    Program,
    /// A host named in JSON or in a `data-` attribute.
    Data,
    /// `fetch`, `XMLHttpRequest`.
    Fetch,
    /// A WebSocket.
    Socket,
    EventSource,
    /// A page opened by a script or a redirect.
    Document,
    Other,
}

/// When a browser contacts the host.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum When {
    /// By loading the page, without a gesture: the only certain request.
    Loading,
    /// When the visitor sends a form or follows a link.
    Acting,
    /// Only where scripts are turned off (`noscript`).
    WithoutScripts,
    /// Only if something goes wrong (error reports).
    Failing,
    /// Perhaps: a script or data name the host.
    Perhaps,
    /// Never: the page's own security policy forbids it.
    Blocked,
}

impl Call {
    /// Whether each visit contacts the host.
    pub fn is_certain(&self) -> bool {
        self.when == When::Loading
    }

    /// The host without the dot of a full name, in small letters: the address is already so but for that dot.
    pub fn host(&self) -> &str {
        self.url.host_str().unwrap_or_default().trim_end_matches('.')
    }

    /// The file to change: the style sheet or the frame that holds the address, or the page itself.
    pub fn place(&self) -> &Url {
        self.via.last().unwrap_or(&self.page)
    }
}

impl How {
    /// As it is named in a finding.
    pub fn element(self) -> &'static str {
        match self {
            Self::Script => "<script>",
            Self::Style => "<link rel=stylesheet>",
            Self::Image => "<img>",
            Self::Frame => "<iframe>",
            Self::Media => "<video>, <audio>",
            Self::Object => "<object>, <embed>",
            Self::Drawing => "<svg>",
            Self::Icon => "<link rel=icon>",
            Self::Manifest => "<link rel=manifest>",
            Self::Connect => "preconnect, dns-prefetch",
            Self::Preload => "preload",
            Self::Prefetch => "prefetch",
            Self::Import => "@import",
            Self::Font => "@font-face",
            Self::StyleUrl => "url()",
            Self::Form => "<form>",
            Self::Ping => "<a ping>",
            Self::Refresh => "<meta http-equiv=refresh>",
            Self::Report => "Reporting-Endpoints",
            Self::ImportMap => "<script type=importmap>",
            Self::Program => "<script>…</script>",
            Self::Data => "JSON",
            Self::Fetch => "fetch",
            Self::Socket => "WebSocket",
            Self::EventSource => "EventSource",
            Self::Document => "document",
            Self::Other => "?",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_to_change_is_the_last_that_led_there() {
        let page: Url = "https://a.example/".parse().unwrap();
        let sheet: Url = "https://a.example/deep.css".parse().unwrap();
        let url = "https://fonts.example./x".parse().unwrap();
        let mut call = Call { url, how: How::Import, page: page.clone(), via: Vec::new(), when: When::Loading, written: None };
        assert_eq!((call.place(), call.host()), (&page, "fonts.example"));
        call.via = vec![page, sheet.clone()];
        assert_eq!(call.place(), &sheet);
        assert!(call.is_certain() && !Call { when: When::Acting, ..call }.is_certain());
    }
}
