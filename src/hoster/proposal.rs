//! What `init` proposes as `hoster.toml`: what a site says of its hoster, written for a person to correct.

use url::Url;

use super::LegalForm;
use crate::text::{Lang, Text, clean, say};

/// Characters of a name or a program; what is longer is none.
const LONGEST_NAME: usize = 80;
/// Characters of an excerpt.
const LONGEST_EXCERPT: usize = 200;

/// Something that a page says, with the place and the words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quoted<T> {
    pub value: T,
    pub at: Url,
    pub excerpt: String,
}

/// A service, as the site links to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    pub id: String,
    pub name: String,
    pub url: Url,
    /// The page that links to it.
    pub at: Url,
    /// The program that answers, by its id, when that is certain; and the address that shows it.
    pub software: Option<(String, Url)>,
    /// Why it could not be looked at.
    pub silent: Option<Text>,
}

/// What the site says of its hoster; what it does not say is left to a person.
#[derive(Debug, Clone)]
pub struct Proposal {
    pub website: Url,
    pub edition: String,
    pub name: Option<Quoted<String>>,
    pub language: Option<String>,
    /// More than one when its pages do not agree, or speak of others.
    pub legal_forms: Vec<Quoted<LegalForm>>,
    pub country: Option<Quoted<&'static str>>,
    pub software: Option<(String, Url)>,
    pub hosting: Option<Quoted<String>>,
    /// Kind, its name, the place, and whether it was hard to find.
    pub documents: Vec<(String, Text, Url, bool)>,
    /// Kinds of documents that were not found.
    pub missing: Vec<Text>,
    pub services: Vec<Offer>,
    /// Other addresses of the hoster, for a person to sort.
    pub aside: Vec<Url>,
}

impl Proposal {
    /// What is known without looking.
    pub fn bare(website: Url, edition: &str) -> Self {
        Self {
            website,
            edition: edition.to_owned(),
            name: None,
            language: None,
            legal_forms: Vec::new(),
            country: None,
            software: None,
            hosting: None,
            documents: Vec::new(),
            missing: Vec::new(),
            services: Vec::new(),
            aside: Vec::new(),
        }
    }

    /// The file, its remarks in that language.
    pub fn written(&self, lang: Lang) -> String {
        let mut sheet = Sheet { lang, text: String::new() };
        sheet.note(&say!(
            fr: "Proposition de « chatons-audit init », faite d'après le site : tout est à relire et à corriger.",
            en: "Proposed by `chatons-audit init` from the site: everything is to be read again and corrected.",
        ));
        sheet.note(&say!(
            fr: "Une ligne qui commence par # est une remarque, sans effet. Pour qu'une proposition compte, ôter son #.",
            en: "A line that starts with # is a remark, without effect. To make a proposal count, take its # away.",
        ));
        self.write_who(&mut sheet);
        self.write_claims(&mut sheet);
        self.write_documents(&mut sheet);
        self.write_services(&mut sheet);
        sheet.text
    }

    fn write_who(&self, sheet: &mut Sheet) {
        sheet.blank();
        let host = self.website.host_str().unwrap_or_default().to_owned();
        match &self.name {
            Some(name) => sheet.source(&say!(fr: "Le nom que montrera le rapport", en: "The name that the report will show"), &name.at, &name.excerpt),
            None => sheet.note(&say!(fr: "Le nom n'a pas été lu : écrire celui de la structure.", en: "The name was not read: write that of the structure.")),
        }
        sheet.key("name", self.name.as_ref().map_or(&host, |name| &name.value));
        sheet.blank();
        if let Some(language) = &self.language {
            let language = clean(language);
            sheet.note(&say!(fr: "Le site ; il se dit en « {language} ».", en: "The site; it says that its language is `{language}`."));
        }
        sheet.key("website", self.website.as_str());
        sheet.blank();
        sheet.note(&say!(fr: "L'édition de la charte : la dernière.", en: "The edition of the charter: the latest."));
        sheet.key("edition", &self.edition);
    }

    fn write_claims(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.note(&say!(
            fr: "La forme juridique : association, company (entreprise), cooperative, informal (collectif informel), individual (personne seule) ou other.",
            en: "The legal form: association, company, cooperative, informal, individual or other.",
        ));
        for form in &self.legal_forms {
            sheet.read(&form.at, &form.excerpt);
        }
        match &self.legal_forms[..] {
            [form] => sheet.key("legal-form", form.value.word()),
            [] => sheet.left_open("legal-form = \"association\""),
            forms => {
                sheet.note(&say!(fr: "Les pages ne concordent pas, ou parlent d'autrui. Choisir :", en: "The pages do not agree, or speak of others. Choose:"));
                for form in forms {
                    sheet.line(&format!("# legal-form = \"{}\"", form.value.word()));
                }
            }
        }
        sheet.blank();
        if let Some(country) = &self.country {
            let at = &country.at;
            sheet.note(&say!(
                fr: "Le pays de la structure, en deux lettres ; déduit de la forme juridique, telle que dite sur {at}",
                en: "The country of the structure, in two letters; concluded from the legal form, as told on {at}",
            ));
            sheet.key("country", country.value);
        } else {
            sheet.note(&say!(fr: "Le pays de la structure, en deux lettres.", en: "The country of the structure, in two letters."));
            sheet.left_open("country = \"FR\"");
        }
        sheet.blank();
        sheet.note(&say!(
            fr: "Combien de personnes salariées. Avec 0, ce qui touche aux salaires ne s'applique pas.",
            en: "How many employees. With 0, what concerns pay does not apply.",
        ));
        sheet.left_open("employees = 0");
        if let Some((software, at)) = &self.software {
            sheet.blank();
            sheet.note(&say!(fr: "Le logiciel du site, reconnu à {at}", en: "The program of the site, known by {at}"));
            sheet.key("software", software);
        }
        self.write_hosting(sheet);
    }

    fn write_hosting(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.note(&say!(
            fr: "Où sont les machines, et qui les administre. « control » : root (vous seuls), shared (mutualisé) ou managed (infogéré).",
            en: "Where the machines are, and who runs them. `control`: root (you alone), shared or managed (by others).",
        ));
        sheet.note(&say!(
            fr: "« server » : physical, virtual, shared, cloud ou nano (nano-ordinateur).",
            en: "`server`: physical, virtual, shared, cloud or nano (single-board computer).",
        ));
        let provider = self.hosting.as_ref().map_or("…", |hosting| &hosting.value);
        if let Some(hosting) = &self.hosting {
            sheet.source(
                &say!(fr: "Le site semble nommer cet hébergeur", en: "The site seems to name this provider"),
                &hosting.at,
                &hosting.excerpt,
            );
        }
        let country = self.country.as_ref().map_or("FR", |country| country.value);
        let provider = quoted(provider);
        sheet.left_open(&format!(
            "hosting = {{ provider = {provider}, control = \"root\", server = \"virtual\", country = \"{country}\" }}"
        ));
    }

    fn write_documents(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.note(&say!(
            fr: "Les documents. Ceux qui restent en remarque ont été trouvés sans peine et le seront encore : ôter le # pour fixer l'adresse,",
            en: "The documents. Those left as remarks were found with ease and will be again: take the # away to fix the address,",
        ));
        sheet.note(&say!(fr: "ou l'ôter et corriger l'adresse si ce n'est pas la bonne page.", en: "or take it away and mend the address if it is the wrong page."));
        sheet.line("[documents]");
        for (kind, name, url, hard) in &self.documents {
            let (sign, name) = (if *hard { "" } else { "# " }, clean(name.in_lang(sheet.lang)));
            sheet.line(&format!("{sign}{kind} = {}   # {name}", quoted(url.as_str())));
        }
        if !self.missing.is_empty() {
            let list = |lang| self.missing.iter().map(|name| name.in_lang(lang)).collect::<Vec<_>>().join(", ");
            sheet.note(&say!(
                fr: "Pas trouvés, ce qui ne prouve pas leur absence : {fr}.",
                en: "Not found, which does not prove that they are missing: {en}.",
                with: fr = list(Lang::Fr), en = list(Lang::En),
            ));
        }
    }

    fn write_services(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.note(&say!(
            fr: "Les services, d'après les liens du site : ôter ceux qui n'en sont pas, ajouter ceux qui manquent.",
            en: "The services, as the site links to them: take away those that are none, add those that are missing.",
        ));
        sheet.note(&say!(
            fr: "« id » est un nom court, à garder ensuite : les réponses s'y rapportent. Les sites d'autrui : scope = \"customers\".",
            en: "`id` is a short name, to be kept from then on: answers refer to it. Other people's sites: scope = \"customers\".",
        ));
        if self.services.is_empty() {
            sheet.note(&say!(fr: "Aucun n'a été reconnu. Pour chacun :", en: "None was made out. For each:"));
            for line in [
                "# [[service]]",
                "# id = \"pad\"",
                "# name = \"Pads\"",
                "# url = \"https://pad.example.org/\"",
                "# software = \"etherpad\"",
            ] {
                sheet.line(line);
            }
        }
        for offer in &self.services {
            sheet.offer(offer);
        }
        if !self.aside.is_empty() {
            sheet.blank();
            sheet.note(
                &say!(fr: "Laissés de côté, à ajouter si ce sont des services :", en: "Left aside, to be added if they are services:"),
            );
            for url in &self.aside {
                sheet.line(&format!("# {url}"));
            }
        }
    }
}

/// The file while it is written.
struct Sheet {
    lang: Lang,
    text: String,
}

impl Sheet {
    /// A line made here, or of cleaned parts.
    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    fn blank(&mut self) {
        self.text.push('\n');
    }

    /// A remark; whatever it quotes stays on its line.
    fn note(&mut self, text: &Text) {
        self.line(&format!("# {}", clean(text.in_lang(self.lang))));
    }

    fn key(&mut self, key: &str, value: &str) {
        self.line(&format!("{key} = {}", quoted(value)));
    }

    fn left_open(&mut self, line: &str) {
        self.note(&say!(fr: "À compléter :", en: "To be completed:"));
        self.line(&format!("# {line}"));
    }

    /// Where something was read, and the words.
    fn source(&mut self, what: &Text, at: &Url, excerpt: &str) {
        let (fr, en) = (&what.fr, &what.en);
        self.note(&say!(fr: "{fr}.", en: "{en}."));
        self.read(at, excerpt);
    }

    fn read(&mut self, at: &Url, excerpt: &str) {
        let excerpt = cut(&clean(excerpt), LONGEST_EXCERPT);
        self.note(&say!(fr: "Lu sur {at} : « {excerpt} »", en: "Read on {at}: \"{excerpt}\""));
    }

    fn offer(&mut self, offer: &Offer) {
        let at = &offer.at;
        self.blank();
        self.line("[[service]]");
        self.key("id", &offer.id);
        self.note(&say!(fr: "Lu sur {at}", en: "Read on {at}"));
        self.key("name", &offer.name);
        self.key("url", offer.url.as_str());
        match (&offer.software, &offer.silent) {
            (Some((software, at)), _) => {
                self.note(&say!(fr: "Reconnu à {at}", en: "Known by {at}"));
                self.key("software", software);
            }
            (None, Some(Text { fr, en })) => {
                self.note(&say!(fr: "Rien n'a pu y être lu ({fr}) : vérifier l'adresse.", en: "Nothing could be read there ({en}): check the address."));
            }
            (None, None) => self.note(&say!(fr: "Le logiciel n'a pas été reconnu avec certitude : software = \"…\"", en: "The program was not known for certain: software = \"…\"")),
        }
    }
}

/// A TOML string of one line, whatever the network put in it.
fn quoted(text: &str) -> String {
    toml::Value::String(cut(&clean(text), if text.contains("://") { 2000 } else { LONGEST_NAME })).to_string()
}

fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::file::Source;
    use crate::hoster::Hoster;

    const HOSTILE: &str = "A\u{202e}\"'''\n[[service]]\nid = \u{1b}[31m\\\u{61c}\u{2028}x # \r y";

    /// A proposal in which everything that a page can say is hostile.
    fn hostile() -> Proposal {
        let at: Url = "https://a.example/%0A#\n[x]".parse().unwrap();
        let said = || Quoted { value: HOSTILE.to_owned(), at: at.clone(), excerpt: HOSTILE.repeat(50) };
        let service = |id: &str| Offer {
            id: id.to_owned(),
            name: HOSTILE.repeat(50),
            url: at.clone(),
            at: at.clone(),
            software: None,
            silent: Some(Text::same(HOSTILE)),
        };
        Proposal {
            name: Some(said()),
            language: Some(HOSTILE.to_owned()),
            legal_forms: vec![Quoted { value: LegalForm::Association, at: at.clone(), excerpt: HOSTILE.to_owned() }],
            hosting: Some(said()),
            documents: vec![("terms".to_owned(), Text::same(HOSTILE), at.clone(), true)],
            services: vec![service("pad"), service("chat")],
            aside: vec![at.clone()],
            ..Proposal::bare(at, "2023")
        }
    }

    #[test]
    fn whatever_a_page_says_stays_in_its_place() {
        for lang in [Lang::Fr, Lang::En] {
            let text = hostile().written(lang);
            let hoster = Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", &*text), |_| true);
            let hoster = hoster.unwrap_or_else(|faults| panic!("{}\n{text}", faults[0].show(lang, false)));
            assert_eq!((hoster.services().len(), hoster.documents.len()), (2, 1), "{text}");
            assert!(hoster.hosting.is_none(), "{text}");
            assert!(text.chars().all(|c| c == '\n' || !c.is_control() && !"\u{202e}\u{61c}\u{2028}".contains(c)), "{text}");
            assert!(text.lines().all(|line| line.chars().count() < 400), "{text}");
        }
    }

    #[test]
    fn what_nobody_looked_at_is_left_to_a_person() {
        let text = Proposal::bare("https://a.example/".parse().unwrap(), "2023").written(Lang::Fr);
        let hoster = Hoster::read("a".parse().unwrap(), &Source::new("hoster.toml", &*text), |_| true).unwrap();
        assert!(hoster.services().is_empty() && hoster.legal_form.is_none() && hoster.employees.is_none(), "{text}");
    }
}
