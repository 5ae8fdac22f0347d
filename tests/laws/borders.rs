//! Law 6: only `probe` touches the network, only `cli` prints, time is an input.

use std::fs;
use std::path::{Path, PathBuf};

/// Every file of `src/`, its tests cut off, with the module that it belongs to.
fn modules() -> Vec<(String, PathBuf, String)> {
    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                files(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(path);
            }
        }
    }
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&src, &mut found);
    found.sort();
    let told = found.into_iter().filter(|path| !path.iter().any(|part| part == "tests" || part == "tests.rs")).map(|path| {
        let inner = path.strip_prefix(&src).unwrap();
        let module = inner.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs").to_owned();
        let text = fs::read_to_string(&path).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code = code.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        (module, inner.to_owned(), code)
    });
    told.collect()
}

/// The lines of the modules that may not, in which one of these words stands.
fn trespassers(words: &[&str], allowed: &[&str]) -> Vec<String> {
    let outside = modules().into_iter().filter(|(module, path, _)| !allowed.iter().any(|name| module == name || path == Path::new(name)));
    let lines =
        outside.flat_map(|(_, path, code)| code.lines().map(|line| format!("{}: {}", path.display(), line.trim())).collect::<Vec<_>>());
    lines.filter(|line| words.iter().any(|word| line.contains(word))).collect()
}

#[test]
fn only_the_probe_knows_the_network() {
    assert!(modules().len() > 80, "the sources are there");
    let network = ["reqwest", "hickory", "hyper", "rustls", "tokio", "futures_util", "async ", ".await"];
    assert_eq!(trespassers(&network, &["probe", "demo"]), [""; 0]);
    let sockets = ["TcpStream", "TcpListener", "UdpSocket", "ToSocketAddrs", "lookup_host", "UnixStream"];
    assert_eq!(trespassers(&sockets, &["probe", "demo"]), [""; 0]);
    // Other programs: git for the history and a name, a person's own editor, and the browser that visits pages.
    let programs = ["history", "cli/review.rs", "cli/review/note.rs", "probe/browser/program.rs"];
    assert_eq!(trespassers(&["Command::new"], &programs), [""; 0]);
    // Of the network, the rest knows addresses only, as data.
    let named = trespassers(&["std::net"], &["probe", "demo"]);
    let data =
        ["std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr", "std::net::SocketAddr", "std::net::{IpAddr, Ipv4Addr, Ipv6Addr}"];
    let more: Vec<&String> = named.iter().filter(|line| !data.iter().any(|known| line.contains(known))).collect();
    assert_eq!(more, [""; 0]);
    // The probe enters through the command line, and nowhere else; the trial of the finder decodes bytes as it does,
    // and the fuzzing hands made-up ones to what reads the wire.
    assert_eq!(trespassers(&["crate::probe"], &["probe", "cli", "trial", "trial/site.rs", "fuzzing.rs"]), [""; 0]);
    assert_eq!(trespassers(&["crate::probe::Probe", "probe::Settings"], &["probe", "cli"]), [""; 0]);
}

#[test]
fn only_the_command_line_prints() {
    let printing = ["println!", "print!(", "eprint!", "dbg!", "stdout()", "stderr()", "process::exit"];
    assert_eq!(trespassers(&printing, &["cli"]), [""; 0]);
    assert_eq!(trespassers(&["env::var", "env::args"], &["cli", "lib.rs"]), [""; 0]);
}

#[test]
fn time_is_an_input() {
    let clocks = ["SystemTime", "Instant", "::now()", "Zoned", "elapsed()", "thread_rng", "RandomState", "HashMap", "HashSet"];
    // How long a site asked to be left alone is measured, and never told.
    assert_eq!(trespassers(&clocks, &["cli/run.rs", "probe/patience.rs"]), [""; 0]);
    let clock = modules().into_iter().find(|(_, path, _)| path == Path::new("cli/run.rs")).unwrap().2;
    assert_eq!(clock.matches("SystemTime::now").count(), 1, "the clock enters at one place");
}
