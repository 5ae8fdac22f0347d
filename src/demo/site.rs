//! What the hosts of the stage serve, as one readable file: `sites.toml`.

use std::collections::BTreeMap;

use hyper::StatusCode;
use hyper::header::{HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Deserializer, de};

/// A set of hosts, and of domains.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Sites {
    #[serde(default, rename = "host")]
    pub(super) hosts: Vec<Host>,
    #[serde(default, rename = "zone")]
    pub(super) zones: Vec<Zone>,
}

/// What the name server of the stage says of a domain; of others it says nothing.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Zone {
    pub(super) name: String,
    /// With DNSSEC.
    #[serde(default)]
    pub(super) signed: bool,
    /// In the form of RFC 1035, section 5: `@ 60 IN MX 10 mail`.
    pub(super) records: String,
}

/// One host name and everything that it answers.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Host {
    pub(super) name: String,
    #[serde(default)]
    pub(super) certificate: CertificateKind,
    #[serde(default)]
    pub(super) plain_http: PlainHttp,
    /// Accepts connections and never answers, not even in the TLS handshake.
    #[serde(default)]
    pub(super) silent: bool,
    /// On every answer.
    #[serde(default, deserialize_with = "headers")]
    pub(super) headers: HeaderMap,
    /// HTML by path.
    #[serde(default)]
    pub(super) pages: BTreeMap<String, String>,
    #[serde(default, rename = "route")]
    pub(super) routes: Vec<Route>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum CertificateKind {
    #[default]
    Valid,
    Expired,
    ExpiresSoon,
    WrongHost,
    SelfSigned,
    UnknownIssuer,
}

/// How visitors come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Scheme {
    Http,
    Https,
}

/// What plain HTTP answers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PlainHttp {
    /// To the same address by HTTPS.
    #[default]
    Redirect,
    /// The same pages.
    Open,
    /// Nothing: the connection is dropped as soon as it has named its host. One port serves all hosts, so it cannot be refused.
    Closed,
}

/// Any answer that is not just a page.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(super) struct Route {
    /// With its query, if it has one.
    pub(super) path: String,
    /// For those who come by this scheme alone, whatever `plain-http` says.
    pub(super) scheme: Option<Scheme>,
    #[serde(default, deserialize_with = "status")]
    pub(super) status: StatusCode,
    #[serde(default = "html", rename = "type")]
    pub(super) media_type: String,
    #[serde(default, deserialize_with = "headers")]
    pub(super) headers: HeaderMap,
    #[serde(default)]
    pub(super) body: String,
}

impl Sites {
    /// Reads a `sites.toml`.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    pub(super) fn host(&self, name: &str) -> Option<&Host> {
        self.hosts.iter().find(|host| host.name == name)
    }
}

impl Host {
    /// What it serves at a path with its query. A query that no route names is ignored, as by most servers.
    pub(super) fn route(&self, scheme: Scheme, path_and_query: &str) -> Option<Route> {
        let path = path_and_query.split('?').next().unwrap_or_default();
        [path_and_query, path].iter().find_map(|path| self.exact(scheme, path))
    }

    fn exact(&self, scheme: Scheme, path: &str) -> Option<Route> {
        let meant = |route: &&Route| route.path == path && route.scheme.is_none_or(|only| only == scheme);
        let written = self.routes.iter().find(meant).cloned();
        written.or_else(|| self.pages.get(path).map(|body| Route::page(path, body.clone())))
    }
}

impl Route {
    fn page(path: &str, body: String) -> Self {
        Self { path: path.to_owned(), scheme: None, status: StatusCode::OK, media_type: html(), headers: HeaderMap::new(), body }
    }
}

fn html() -> String {
    "text/html; charset=utf-8".to_owned()
}

fn status<'de, D: Deserializer<'de>>(deserializer: D) -> Result<StatusCode, D::Error> {
    StatusCode::from_u16(u16::deserialize(deserializer)?).map_err(de::Error::custom)
}

fn headers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<HeaderMap, D::Error> {
    let written = BTreeMap::<String, String>::deserialize(deserializer)?;
    let field = |(name, value): (String, String)| {
        let name: HeaderName = name.parse().map_err(de::Error::custom)?;
        let value: HeaderValue = value.parse().map_err(de::Error::custom)?;
        Ok((name, value))
    };
    written.into_iter().map(field).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_is_found_by_its_query_first() {
        let sites = Sites::parse(
            "[[host]]\nname = 'a.example'\n[host.pages]\n'/a' = 'page'\n[[host.route]]\npath = '/a?x=1'\nstatus = 410\nheaders = { X-A = 'b' }\n\
             [[host.route]]\npath = '/a'\nscheme = 'http'\nbody = 'in clear'\n",
        );
        let sites = sites.unwrap();
        let host = sites.host("a.example").unwrap();
        assert_eq!(host.route(Scheme::Https, "/a?x=1").unwrap().status, 410);
        assert_eq!(host.route(Scheme::Https, "/a?x=1").unwrap().headers["x-a"], "b");
        assert_eq!(host.route(Scheme::Https, "/a?y=2").unwrap().body, "page");
        assert_eq!(host.route(Scheme::Http, "/a").unwrap().body, "in clear");
        assert!(host.route(Scheme::Https, "/b").is_none() && sites.host("b.example").is_none());
    }

    #[test]
    fn mistakes_are_told_with_their_line() {
        let wrong = [
            "nom = 'x'",
            "certificate = 'old'",
            "plain-http = 'off'",
            "headers = { 'a b' = 'x' }",
            "[[host.route]]\npath = '/'\nstatus = 99",
        ];
        for line in wrong {
            let error = Sites::parse(&format!("[[host]]\nname = 'a.example'\n{line}\n")).unwrap_err();
            assert!(error.to_string().contains("line "), "{error}");
        }
    }
}
