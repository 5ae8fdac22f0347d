//! A host that is in order, but for what a test changes of it; each is the web site of a hoster of its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

/// Who houses the machines of the good.
const PROVIDER: &str = "Octets Voisins";

#[derive(Debug, Clone)]
pub struct Host {
    /// What it must show: `check.code`, parted by blanks. Its name is made of the first.
    meant: &'static str,
    headers: BTreeMap<&'static str, String>,
    /// In the head and in the body of its front page.
    head: String,
    body: String,
    /// Where its front page is.
    home: &'static str,
    /// What its legal notice says of its machines.
    housed: String,
    provider: &'static str,
    /// The name of its address.
    machine: &'static str,
    mail: &'static str,
    name_server: &'static str,
    /// In TOML, after the host: its routes, other hosts, other zones.
    more: String,
    plain_http: &'static str,
    /// In TOML, of `hoster.toml`.
    description: String,
    /// Ports where it does not listen.
    pub closed: Vec<u16>,
    /// The silence in which its fault leaves everything else.
    pub hides: Option<&'static str>,
}

impl Host {
    pub fn good() -> Self {
        let praise = "https-only.ok hsts.ok headers-hardened.ok hosting-named.named providers-compatible.ok no-third-parties.none \
                      no-cookies.none security-txt.ok";
        let good = Self::bad(praise);
        Self { home: "/", ..good }
    }

    /// Shows these codes, by what is changed afterwards.
    pub fn bad(meant: &'static str) -> Self {
        let headers = BTreeMap::from([
            ("strict-transport-security", "max-age=31536000"),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("content-security-policy", "default-src 'self'; frame-ancestors 'self'"),
        ]);
        Self {
            meant,
            headers: headers.into_iter().map(|(name, value)| (name, value.to_owned())).collect(),
            head: String::new(),
            body: String::new(),
            home: "/",
            housed: format!("Nos machines sont chez {PROVIDER}, à Compiègne."),
            provider: PROVIDER,
            machine: "vm.octets-voisins.example.",
            mail: "mail",
            name_server: "ns1",
            more: "[[host.route]]\npath = '/.well-known/security.txt'\ntype = 'text/plain'\n\
                   body = \"Contact: mailto:a@good.example\\nExpires: 2030-01-01T00:00:00Z\\n\"\n"
                .to_owned(),
            plain_http: "redirect",
            description: String::new(),
            closed: Vec::new(),
            hides: None,
        }
    }

    pub fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.to_owned());
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.remove(name);
        self
    }

    pub fn head(self, html: &str) -> Self {
        Self { head: html.replace("DOMAIN", &self.domain()), ..self }
    }

    pub fn body(self, html: &str) -> Self {
        Self { body: html.replace("DOMAIN", &self.domain()), ..self }
    }

    /// The front page is there, and something else at the root.
    pub fn home(self, path: &'static str) -> Self {
        Self { home: path, ..self }
    }

    pub fn plain_http(self, plain_http: &'static str) -> Self {
        Self { plain_http, ..self }
    }

    /// More of `sites.toml`, after the host.
    pub fn more(mut self, toml: &str) -> Self {
        self.more += &toml.replace("DOMAIN", &self.domain());
        self
    }

    /// In place of its `security.txt`, of which there is none without words.
    pub fn security_txt(self, words: &str) -> Self {
        let route = format!("[[host.route]]\npath = '/.well-known/security.txt'\ntype = 'text/plain'\nbody = \"{words}\"\n");
        Self { more: if words.is_empty() { String::new() } else { route }, ..self }
    }

    pub fn described(self, toml: &str) -> Self {
        Self { description: toml.replace("DOMAIN", &self.domain()), ..self }
    }

    pub fn housed(self, words: &str) -> Self {
        Self { housed: words.to_owned(), ..self }
    }

    pub fn at(self, provider: &'static str, machine: &'static str) -> Self {
        Self { provider, machine, ..self }
    }

    pub fn machine(self, machine: &'static str) -> Self {
        Self { machine, ..self }
    }

    pub fn mail(self, mail: &'static str) -> Self {
        Self { mail, ..self }
    }

    pub fn name_server(self, name_server: &'static str) -> Self {
        Self { name_server, ..self }
    }

    pub fn closed(self, port: u16) -> Self {
        Self { closed: vec![port], ..self }
    }

    pub fn hides(self, reason: &'static str) -> Self {
        Self { hides: Some(reason), ..self }
    }

    pub fn codes(&self) -> BTreeSet<String> {
        self.meant.split_whitespace().map(str::to_owned).collect()
    }

    pub fn id(&self) -> String {
        let first = self.meant.split(' ').next().unwrap_or_default();
        if self.codes().len() > 3 { "good".to_owned() } else { first.replace('.', "-") }
    }

    pub fn domain(&self) -> String {
        format!("{}.example", self.id())
    }

    /// Its `hoster.toml`.
    pub fn description(&self) -> String {
        let (provider, domain, more) = (self.provider, self.domain(), &self.description);
        format!(
            "name = 'Les Amis'\nwebsite = 'https://{domain}/'\nedition = '2023'\n\
             hosting = {{ provider = '{provider}', control = 'root', server = 'virtual', country = 'FR' }}\n{more}"
        )
    }

    fn site(&self, number: usize) -> String {
        let (domain, home, head, body, plain_http) = (self.domain(), self.home, &self.head, &self.body, self.plain_http);
        let mut toml = format!("[[host]]\nname = '{domain}'\nplain-http = '{plain_http}'\n[host.headers]\n");
        for (name, value) in &self.headers {
            writeln!(toml, "{name} = \"{value}\"").unwrap();
        }
        let housed = &self.housed;
        let duties =
            "Éditeur : l'association Les Amis, 3 rue des Gouttières, Compiègne. Directrice de la publication : Ana Martin. ".repeat(4);
        let (mail, name_server) = (self.mail, self.name_server);
        toml + &format!(
            "[host.pages]\n'{home}' = '''<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Les Amis</title>{head}</head>\n\
                 <body><main><h1>Les Amis</h1><p>Les Amis est une association de Compiègne, qui héberge des services libres, ouverts à toutes\n\
                 et à tous, sans publicité ni pistage, sur des machines que ses bénévoles administrent.</p>{body}</main>\n\
                 <footer><a href=\"/mentions-legales\">Mentions légales</a></footer></body></html>'''\n\
                 '/mentions-legales' = '''<!doctype html><html lang=\"fr\"><head><meta charset=\"utf-8\"><title>Mentions légales</title></head>\n\
                 <body><main><h1>Mentions légales</h1><p>{duties}</p>\n<p>{housed}</p></main></body></html>'''\n\
                 {more}\
                 [[zone]]\nname = '{domain}'\nsigned = true\nrecords = '''\n\
                 @ 60 IN SOA ns1 root 1 3600 600 86400 300\n@ 60 IN NS {name_server}\n@ 60 IN MX 10 {mail}\n@ 60 IN TXT \"v=spf1 mx -all\"\n\
                 @ 60 IN A 192.0.2.{number}\nmail 60 IN A 192.0.2.{number}\nns1 60 IN A 192.0.2.{number}\n\
                 _dmarc 60 IN TXT \"v=DMARC1; p=reject\"\n'''\n",
            more = self.more
        )
    }
}

/// All of them on one web, each machine with its name.
pub fn sites(hosts: &[Host]) -> String {
    let reverse = hosts.iter().enumerate().map(|(number, host)| format!("{} 60 IN PTR {}\n", number + 1, host.machine));
    let reverse: String = reverse.collect();
    let sites: String = hosts.iter().enumerate().map(|(number, host)| host.site(number + 1)).collect();
    format!(
        "{sites}[[zone]]\nname = '2.0.192.in-addr.arpa'\nrecords = '''\n@ 60 IN SOA ns1.octets-voisins.example. root.octets-voisins.example. 1 3600 600 86400 300\n{reverse}'''\n"
    )
}
