//! The house is in order: sizes, first lines, what the guides promise.

#![expect(clippy::unwrap_used, reason = "what a test cannot do without, it may fail on")]

mod program;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use program::{program, ran};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(file: impl AsRef<Path>) -> String {
    fs::read_to_string(root().join(file.as_ref())).unwrap_or_else(|error| panic!("{}: {error}", file.as_ref().display()))
}

/// Every file under a folder with that extension, from the root of the repository, sorted.
fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                walk(&path, extension, found);
            } else if path.extension().is_some_and(|known| known == extension) {
                found.push(path);
            }
        }
    }
    let mut found = Vec::new();
    walk(&root().join(folder), extension, &mut found);
    found.sort();
    found.iter().map(|path| path.strip_prefix(root()).unwrap().to_owned()).collect()
}

fn sources() -> Vec<PathBuf> {
    [files("src", "rs"), files("tests", "rs")].concat()
}

#[test]
fn each_file_says_what_it_is_for() {
    for file in sources() {
        let text = read(&file);
        let first = text.lines().next().unwrap_or_default();
        assert!(first.starts_with("//! ") && first.len() > 20, "{}: {first}", file.display());
    }
}

#[test]
fn no_file_is_long() {
    for file in sources() {
        let lines = read(&file).lines().count();
        let most = if file.starts_with("src/main.rs") { 10 } else { 400 };
        assert!(lines <= most, "{} has {lines} lines, more than {most}", file.display());
    }
}

#[test]
fn no_function_is_long() {
    for file in files("src", "rs") {
        let mut open: Option<(usize, String, String)> = None;
        for (n, line) in read(&file).lines().enumerate() {
            let indent: String = line.chars().take_while(|c| *c == ' ').collect();
            let starts = ["fn ", "pub fn ", "pub(", "const fn ", "async fn "].iter().any(|word| line[indent.len()..].starts_with(word));
            if open.is_none() && starts && line.contains("fn ") && line.ends_with('{') {
                open = Some((n, format!("{indent}}}"), line.trim().to_owned()));
            }
            if let Some((start, end, name)) = open.take_if(|(_, end, _)| line == end.as_str()) {
                assert!(n - start <= 60, "{}:{}: {name} has {} lines (until {end})", file.display(), start + 1, n - start);
            }
        }
        assert!(open.is_none(), "{}: {open:?} has no end", file.display());
    }
}

#[test]
fn nothing_is_called_miscellaneous() {
    let drawers = ["utils", "util", "helpers", "helper", "common", "types", "misc", "shared"];
    for file in sources() {
        let parts: Vec<String> = file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
        assert!(!parts.iter().any(|part| drawers.contains(&part.as_str())), "{}", file.display());
    }
}

/// Which modules each may name; `cli` names them all. `criteria` holds checks, since a check is its TOML table.
const MAY_NAME: [(&str, &[&str]); 11] = [
    ("text", &[]),
    ("day", &["text"]),
    ("file", &["text", "day"]),
    ("facts", &["text", "day", "file"]),
    ("criteria", &["text", "day", "file", "facts", "check", "hoster"]),
    ("hoster", &["text", "day", "file", "criteria"]),
    ("check", &["text", "day", "file", "facts", "criteria", "hoster"]),
    ("probe", &["text", "day", "file", "facts"]),
    ("audit", &["text", "day", "file", "facts", "criteria", "hoster", "check"]),
    ("report", &["text", "day", "file", "facts", "criteria", "hoster", "check", "audit"]),
    ("demo", &["day"]),
];

#[test]
fn dependencies_go_one_way() {
    let mut astray = Vec::new();
    for (module, others) in MAY_NAME {
        let own = sources()
            .into_iter()
            .filter(|file| file.starts_with(format!("src/{module}")) || *file == Path::new(&format!("src/{module}.rs")));
        for file in own.filter(|file| !file.ends_with("tests.rs")) {
            let text = read(&file);
            let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
            let named = code.split("crate::").skip(1).map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
            let named =
                named.filter(|named| MAY_NAME.iter().any(|(known, _)| known == named) && *named != module && !others.contains(named));
            astray.extend(named.map(|named| format!("{} names {named}", file.display())));
        }
    }
    assert_eq!(astray, [""; 0]);
}

/// Each check is in its own file, declared, registered, documented, used, and tested for its silence.
#[test]
fn each_check_is_whole() {
    let registry = read("src/check/mod.rs");
    let manual = read("criteria/README.md");
    let rules: String = files("criteria", "toml").iter().map(read).collect();
    let registered: Vec<(String, String)> = registry
        .lines()
        .filter_map(|line| {
            let (name, rest) = line.trim().strip_prefix('"')?.split_once("\" ")?;
            Some((name.to_owned(), rest.split_once("::")?.0.to_owned()))
        })
        .collect();
    assert!(registered.len() >= 12, "{registered:?}");
    for (name, module) in &registered {
        assert_eq!(name.replace('-', "_"), *module, "a check and its file have one name");
        let text = read(format!("src/check/{module}.rs"));
        let tests = text.split("mod tests").nth(1).unwrap_or_else(|| panic!("{module} has no tests"));
        assert!(tests.contains("fn silence_is_never_a_verdict()"), "{module} does not test its silence");
        assert!(tests.matches("#[test]").count() >= 2, "{module}: met, unmet and silence are tested");
        assert!(manual.contains(&format!("| `{name}` |")), "{name} has no row in criteria/README.md");
        assert!(rules.contains(&format!("{name} = {{")), "{name} is used by no criterion");
    }
    let judging: Vec<String> = fs::read_dir(root().join("src/check"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter_map(|path| {
            let judges = path.is_file() && fs::read_to_string(&path).unwrap().contains("impl Judge for");
            judges.then(|| path.file_stem().unwrap().to_string_lossy().into_owned())
        })
        .collect();
    assert_eq!(judging.iter().collect::<BTreeSet<_>>(), registered.iter().map(|(_, module)| module).collect());
}

#[test]
fn every_file_of_rules_is_built_in() {
    let load = read("src/criteria/load.rs");
    for file in files("criteria", "toml") {
        let name = file.strip_prefix("criteria").unwrap().display().to_string();
        assert!(load.contains(&format!("\"{name}\"")), "{name} is not built in");
    }
}

/// The help in the readmes is the help of the program.
#[test]
fn the_help_in_the_readmes_is_current() {
    let folder = tempfile::tempdir().unwrap();
    for (file, lang) in [("README.md", "en"), ("README.fr.md", "fr")] {
        let ran = ran(&mut program(folder.path()), ["--help", "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let readme = read(file);
        let kept = readme.split("<!-- help -->").nth(1).and_then(|rest| rest.split("<!-- /help -->").next());
        let kept = kept.unwrap_or_else(|| panic!("{file} has no help between its marks"));
        let kept = kept.trim().trim_start_matches("```text").trim_start_matches("```").trim_end_matches("```");
        assert_eq!(kept.trim(), ran.out.trim(), "{file}: paste the output of `chatons-audit --help --lang {lang}`");
    }
}

/// The limits in the manual are those of the code.
#[test]
fn the_limits_in_the_manual_are_current() {
    let folder = tempfile::tempdir().unwrap();
    let manual = read("docs/limits.md");
    for lang in ["fr", "en"] {
        let ran = ran(&mut program(folder.path()), ["schema", "limits", "--lang", lang]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        let kept = manual.split(&format!("<!-- limits {lang} -->")).nth(1).and_then(|rest| rest.split("<!-- /limits").next()).unwrap();
        assert_eq!(kept.trim(), ran.out.trim(), "docs/limits.md: paste the output of `chatons-audit schema limits --lang {lang}`");
    }
}

/// A path that a guide names is there; `audits/example` is what the reader is about to make.
#[test]
fn the_paths_in_the_guides_exist() {
    let guides = [
        "README.md",
        "README.fr.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "CHANGELOG.md",
        "criteria/README.md",
        "audits/README.md",
        "audits/LISEZMOI.md",
    ];
    let mut seen = 0;
    for guide in guides {
        let text = read(guide);
        let folder = root().join(guide).parent().unwrap().to_owned();
        let quoted = text.split('`').skip(1).step_by(2).filter(|word| is_path(word)).map(|word| (word, root().join(word)));
        let linked = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#', ' ']).next());
        let linked =
            linked.filter(|to| !to.is_empty() && !to.contains("://") && !to.starts_with("mailto:")).map(|to| (to, folder.join(to)));
        for (word, path) in quoted.chain(linked) {
            assert!(path.exists(), "{guide} names {word}, which is not there");
            seen += 1;
        }
    }
    assert!(seen > 20, "{seen} paths");
}

/// One word, with a slash, that begins with a folder of the repository.
fn is_path(word: &str) -> bool {
    let folders = ["src/", "tests/", "criteria/", "docs/", ".ci/", ".cargo/", "audits/picasoft"];
    !word.contains(char::is_whitespace) && !word.contains(['*', '<', '{', '…']) && folders.iter().any(|folder| word.starts_with(folder))
}

/// The two commands that the readme promises are the same in both languages.
#[test]
fn the_readmes_promise_the_same_commands() {
    let commands = |file: &str| {
        let text = read(file);
        let part = text.split("<!-- commands -->").nth(1).unwrap_or_else(|| panic!("{file} has no commands between its marks"));
        let part = part.split("<!-- /commands -->").next().unwrap();
        part.lines().filter(|line| line.starts_with("cargo ")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(commands("README.md").len(), 2);
    assert_eq!(commands("README.md"), commands("README.fr.md"));
}

/// The laws of lib.rs are tested by the tests that it names.
#[test]
fn the_tests_that_the_laws_name_exist() {
    let lib = read("src/lib.rs");
    let laws: String = lib.split("# Laws").nth(1).unwrap().lines().skip(1).take_while(|line| line.starts_with("//!")).collect();
    let named: Vec<&str> = laws.split('`').skip(1).step_by(2).filter(|word| word.matches('_').count() >= 2).collect();
    assert!(named.len() >= 8, "{named:?}");
    let all: String = sources().iter().map(read).collect();
    for name in named {
        assert!(all.contains(&format!("fn {name}()")), "no test is called {name}");
    }
}

/// Bounds of the probe that are not limits of a visit: sizes of what is read at once, and what a parser keeps of one fact.
const NO_LIMITS_OF_VISITS: [&str; 13] = [
    "BROTLI_BUFFER",
    "HALF_A_DAY",
    "LITTLE",
    "LOADING",
    "LONGEST",
    "LONGEST_CHAIN",
    "LONGEST_NAME",
    "LONGEST_RECORD",
    "MOST_COOKIES",
    "MOST_KEYS",
    "MOST_REFUSED",
    "MOST_SERVED",
    "PRESCAN",
];

/// Every bound that the probe names has its row in the table of limits.
#[test]
fn every_limit_of_the_probe_has_its_row() {
    let rows = read("src/probe/limits.rs") + &read("src/probe/limits/documents.rs");
    let mut known = 0;
    for file in files("src/probe", "rs").into_iter().filter(|file| !file.starts_with("src/probe/tests")) {
        let text = read(&file);
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let constants = code.lines().filter_map(|line| line.trim_start().split_once("const ")?.1.split_once(": "));
        for (name, kind) in constants {
            let bounds = ["MOST_", "LONGEST", "LARGEST", "LONGER"].iter().any(|start| name.starts_with(start))
                || ["AT_A_TIME", "VISITS", "VISIT", "CONNECTIONS"].contains(&name);
            if !bounds || !["usize", "u32", "u64", "Duration"].iter().any(|number| kind.starts_with(number)) {
                continue;
            }
            known += 1;
            let named = rows.contains(&format!("::{name}")) || rows.contains(&format!("({name})"));
            assert!(named || NO_LIMITS_OF_VISITS.contains(&name), "{}: {name} has no row in src/probe/limits.rs", file.display());
        }
    }
    assert!(known > 20, "{known} limits");
}

/// The test that holds each limit, by its row.
const TESTS_OF_LIMITS: [(&str, &str); 48] = [
    ("Hosts visited at a time", "so_many_hosts_at_a_time"),
    ("Connections at a time to one address and port", "one_address_is_visited_by_so_many_at_a_time"),
    ("Requests at a time on one connection (HTTP/2; otherwise one)", "so_many_are_asked_for_at_a_time_on_one_connection"),
    ("Hosts of which TLS sessions are kept to be resumed", "the_hosts_that_came_first_are_forgotten_first"),
    ("TLS sessions kept of a host", "few_sessions_of_a_host_are_kept"),
    ("Private, local and reserved addresses", "each_answer_of_a_name_server_is_checked"),
    ("To connect, TLS handshake included", "a_byte_now_and_then_does_not_hold_us"),
    ("For a whole request, its answer included", "a_slow_body_times_out_as_a_whole"),
    ("For the conversation with a mail server (--smtp)", "who_never_ends_or_never_begins_is_left"),
    ("Redirects followed, each checked as a new address", "each_hostile_host_ends_in_its_code_and_is_accused_of_nothing_unseen"),
    ("Header fields of an answer", "too_many_header_fields_are_too_large"),
    ("Number of header fields of an answer", "too_many_header_fields_are_too_large"),
    ("Body of an answer, as received and decompressed", "too_much_is_too_large_on_the_wire_and_after_decompression"),
    ("Beginning of a body kept in memory; the rest waits on the disk", "little_stays_in_memory_and_much_comes_back_from_the_disk"),
    ("Answers that are read or wait to be judged, all together", "a_run_among_bombs_stays_small"),
    ("What a server may send of an answer before it is read (HTTP/2)", "a_body_without_end_is_too_large_and_no_more_is_sent_than_is_read"),
    ("Codings of a body, one upon the other", "a_bomb_does_not_go_off"),
    ("Picture, of which only the digest is kept", "a_picture_is_not_read"),
    ("Answer of a server to a TLS greeting", "a_server_that_greets_without_end_is_left"),
    ("Reply of a mail server", "who_never_ends_or_never_begins_is_left"),
    ("To read a PDF", "a_made_document_is_read"),
    ("Pages read of a PDF", "so_many_pages_are_read"),
    (
        "Page of a PDF, decompressed, with what its fonts say of their letters",
        "a_page_that_is_too_large_once_inflated_is_left_and_the_others_are_read",
    ),
    ("Words, numbers and signs of a page of a PDF", "a_page_that_is_too_large_once_inflated_is_left_and_the_others_are_read"),
    ("Fonts of a page of a PDF", "what_fonts_say_of_their_letters_counts"),
    ("Storeys above a page of a PDF", "a_tree_of_pages_that_is_too_deep_is_not_climbed"),
    ("All that is read of a PDF, decompressed", "what_pages_share_is_counted_for_each"),
    ("Objects of a PDF compressed together, or their table, decompressed", "packed_objects_are_no_bomb"),
    ("Objects of a PDF", "a_document_of_too_many_objects_is_not_read"),
    ("Numbers, names and texts of these objects", "a_document_of_too_many_objects_is_not_read"),
    ("Words, numbers and signs of a whole PDF", "a_document_of_too_many_objects_is_not_read"),
    ("Successive versions of a PDF", "a_document_changed_too_often_or_encrypted_is_not_read"),
    ("Parts of a PDF whose length is told elsewhere", "lengths_that_are_told_elsewhere_are_not_followed_for_ever"),
    ("Bytes of text kept of a PDF", "text_is_kept_up_to_a_length"),
    ("Second tries, at the end, of what may only be passing", "what_passes_is_looked_at_again_once_at_the_end"),
    (
        "Patience, in all, that a site may ask for (429, Retry-After); beyond, it is not asked again",
        "who_asks_for_more_patience_than_there_is_is_not_asked_again",
    ),
    (
        "Waits in a row after which a site still answers 429; beyond, it is not asked again",
        "who_always_says_that_it_is_too_much_is_believed",
    ),
    ("Names looked up at a time", "so_many_names_are_looked_up_at_a_time"),
    ("Names of which addresses are remembered", "so_many_names_are_remembered"),
    ("For a question to a name server", "no_such_name_no_such_record_a_failure_and_no_answer_are_four_things"),
    ("To prove that a zone is signed (DNSSEC)", "a_zone_that_does_not_answer_is_neither_signed_nor_bogus"),
    ("Records kept of a name, of each kind", "answers_are_bounded_and_clean"),
    ("Characters kept of a text record", "answers_are_bounded_and_clean"),
    ("Browsers at a time", "so_many_browsers_at_a_time"),
    ("For a visit by a browser", "a_browser_that_hangs_is_not_waited_for"),
    ("What a visit by a browser may receive", "a_page_that_sends_without_end_is_cut_off"),
    ("Requests of a visit by a browser", "a_page_that_asks_without_end_is_given_up"),
    ("Connections at a time of a browser", "so_many_connections_of_a_browser_at_a_time"),
];

#[test]
fn every_row_of_the_limits_has_its_test() {
    let manual = read("docs/limits.md");
    let table = manual.split("<!-- limits en -->").nth(1).unwrap().split("<!-- /limits").next().unwrap();
    let rows: Vec<&str> = table.lines().filter_map(|line| line.strip_prefix("| ")?.split(" | ").next()).skip(2).collect();
    assert_eq!(rows, TESTS_OF_LIMITS.map(|(row, _)| row));
    let all: String = sources().iter().map(read).collect();
    for (row, name) in TESTS_OF_LIMITS {
        assert!(all.contains(&format!("fn {name}()")), "{row}: no test is called {name}");
    }
}

/// The fuzzing workspace has a lock of its own, which knows what the program depends on: it is built with `--locked`.
#[test]
fn the_lock_of_the_fuzzing_follows() {
    let table = |file: &str| read(file).parse::<toml::Table>().unwrap();
    let lock = table("fuzz/Cargo.lock");
    let own = lock["package"].as_array().unwrap().iter().find(|package| package["name"].as_str() == Some("chatons-audit")).unwrap();
    let known: Vec<&str> = own["dependencies"].as_array().unwrap().iter().filter_map(|name| name.as_str()?.split(' ').next()).collect();
    for name in table("Cargo.toml")["dependencies"].as_table().unwrap().keys() {
        assert!(known.contains(&name.as_str()), "fuzz/Cargo.lock does not know {name}: cargo metadata --manifest-path fuzz/Cargo.toml");
    }
}
