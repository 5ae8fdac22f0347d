//! A hoster with its own web on loopback and its own folder of audits, both gone when the test ends.

use std::fs;
use std::path::{Path, PathBuf};

use chatons_audit::{Day, Sites, Stage};
use tempfile::TempDir;

use crate::program::{Ran, program, ran};

/// The name of every hoster of the tests: its folder in `audits/`.
pub const ID: &str = "hoster";

/// One hoster to audit, described by `hoster.toml`, on the web of a `sites.toml`.
pub struct Scene {
    pub stage: Stage,
    folder: TempDir,
    today: Day,
}

impl Scene {
    /// The hoster of a folder of `tests/hosters/`, as seen on a day.
    pub fn of(name: &str, today: Day) -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosters").join(name);
        let read = |file: &str| fs::read_to_string(folder.join(file)).unwrap();
        let scene = Self::new(&read("hoster.toml"), &read("sites.toml"), today);
        if folder.join("answers.toml").exists() {
            scene.write("answers.toml", &read("answers.toml"));
        }
        scene
    }

    pub fn new(hoster: &str, sites: &str, today: Day) -> Self {
        let stage = Stage::open(Sites::parse(sites).unwrap(), today).unwrap();
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("ca.pem"), stage.ca_pem()).unwrap();
        fs::write(folder.path().join("keys"), stage.trust_anchor()).unwrap();
        let scene = Self { stage, folder, today };
        fs::create_dir_all(scene.path("")).unwrap();
        scene.write("hoster.toml", hoster);
        scene
    }

    /// A file of the hoster's folder; nothing names the folder itself.
    pub fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join("audits").join(ID).join(file)
    }

    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.path(file), text).unwrap();
    }

    pub fn read(&self, file: &str) -> String {
        fs::read_to_string(self.path(file)).unwrap()
    }

    /// `chatons-audit run` on this web only, whatever it is asked to visit.
    pub fn run(&self, args: &[&str]) -> Ran {
        ran(&mut program(self.folder.path()), self.words("run", args))
    }

    /// The words of a command line that stays on this web.
    pub fn words(&self, command: &str, args: &[&str]) -> Vec<String> {
        let mut words = vec![command.to_owned()];
        if command == "run" || command == "init" {
            let port = self.stage.address().port();
            let ca = self.folder.path().join("ca.pem");
            words.extend(["--allow-private", "--resolve", "*:443:127.0.0.1,[::1]", "--ca-file"].map(str::to_owned));
            words.extend([ca.display().to_string(), "--connect-to".to_owned(), format!("::127.0.0.1:{port}")]);
            if !args.contains(&"--dns") {
                words.extend(["--dns".to_owned(), self.stage.name_server().to_string()]);
            }
            words.extend(["--trust-anchor".to_owned(), self.folder.path().join("keys").display().to_string()]);
            if !args.contains(&"--today") {
                words.extend(["--today".to_owned(), self.today.to_string()]);
            }
        }
        words.extend(args.iter().map(|arg| (*arg).to_owned()));
        words
    }
}
