//! Kinds of published documents, and how they are found.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::criteria::Words;
use crate::text::Text;

/// A path in small letters, without its ending: `/fr/CGU.html` is `/fr/cgu`.
pub fn bare_path(path: &str) -> String {
    let path = path.trim_end_matches('/').to_ascii_lowercase();
    [".html", ".htm", ".php", ".pdf", ".md"].iter().find_map(|end| path.strip_suffix(end)).unwrap_or(&path).to_owned()
}

/// A kind of document that a hoster publishes. All words are folded: small letters, no accents.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct DocumentKind {
    pub id: String,
    pub name: Text,
    /// Words of links and titles, by language.
    words: BTreeMap<String, Vec<String>>,
    /// Words that also mean other things: they count only alone, and the page must then speak as that document does.
    #[serde(default)]
    weak: Vec<String>,
    /// Words beside which the others mean something else.
    #[serde(default)]
    except: Vec<String>,
    /// Values of `rel` (IANA link relations).
    #[serde(default)]
    pub rel: Vec<String>,
    /// Usual addresses, tried in this order when no link is found.
    #[serde(default)]
    pub paths: Vec<String>,
    /// Words that the document itself holds.
    #[serde(default)]
    marks: Vec<String>,
    /// Where a program shows it, by the program's id: a path under its address; after `#`, the JSON pointer to a link.
    #[serde(default)]
    pub applications: BTreeMap<String, String>,
    /// First labels of the host names where it often stands.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Its page often leads to other documents.
    #[serde(default)]
    pub leads: bool,
    /// A post of a blog or of a forum may be that document.
    #[serde(default)]
    pub posts: bool,
    /// Shorter pages are not that document; in characters of readable text.
    pub min_chars: usize,
    #[serde(skip)]
    found: OnceLock<Searchers>,
}

#[derive(Debug, Clone)]
struct Searchers {
    words: Words,
    weak: Words,
    except: Words,
    marks: Words,
    slugs: Words,
    /// Usual addresses without their endings.
    paths: Vec<String>,
}

impl DocumentKind {
    /// Words of links and titles.
    pub fn words(&self) -> &Words {
        &self.searchers().words
    }

    /// Those that count only alone.
    pub fn weak(&self) -> &Words {
        &self.searchers().weak
    }

    /// Those beside which the others mean something else.
    pub fn except(&self) -> &Words {
        &self.searchers().except
    }

    /// Words of the document itself.
    pub fn marks(&self) -> &Words {
        &self.searchers().marks
    }

    /// Words of links and titles as they stand in addresses: blanks for all signs.
    pub fn slugs(&self) -> &Words {
        &self.searchers().slugs
    }

    /// Whether a path, without its ending, is one of its usual addresses, whatever stands before it.
    pub fn has_usual_path(&self, bare: &str) -> bool {
        self.searchers().paths.iter().any(|usual| bare.ends_with(usual))
    }

    fn searchers(&self) -> &Searchers {
        self.found.get_or_init(|| {
            let words = || self.words.values().flatten().map(String::as_str);
            let of = |list: &[String]| Words::new(list);
            // A word of three letters is in too many addresses: `cgu` is a usual address already.
            let slugs: Vec<String> = words().filter(|word| word.len() > 3).map(|word| word.replace(['\'', '-', '&'], " ")).collect();
            Searchers {
                words: Words::new(words()),
                weak: of(&self.weak),
                except: of(&self.except),
                marks: of(&self.marks),
                slugs: of(&slugs),
                paths: self.paths.iter().map(|path| bare_path(path)).collect(),
            }
        })
    }
}
