//! `review --sheet`: questions out to a spreadsheet, answers in again, whatever program saved them.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use tempfile::TempDir;

const HOSTER: &str = "name = \"=Essais\"\nwebsite = \"https://essais.example/\"\nedition = \"2023\"\n\
    [[service]]\nid = \"pad\"\nname = \"=1+1 Pads\"\nurl = \"https://pad.essais.example/\"\n";

const BY_HAND: &str = "# à la main\n";

fn audits() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let hoster = folder.path().join("essais");
    std::fs::create_dir(&hoster).unwrap();
    std::fs::write(hoster.join("hoster.toml"), HOSTER).unwrap();
    std::fs::write(hoster.join("answers.toml"), BY_HAND).unwrap();
    folder
}

fn sheet(audits: &Path) -> PathBuf {
    audits.join("questions.csv")
}

/// Runs `review --sheet` and gives its code and what it told.
fn review(audits: &Path, more: &[&str]) -> (i32, String) {
    let mut command = Command::cargo_bin("chatons-audit").unwrap();
    command.env_remove("CHATONS_BY").arg("--audits").arg(audits);
    command.args(["review", "essais", "--today", "2026-11-22", "--sheet"]).arg(sheet(audits));
    let ended = command.args(more).output().unwrap();
    (ended.status.code().unwrap(), String::from_utf8(ended.stderr).unwrap())
}

fn answers(audits: &Path) -> String {
    std::fs::read_to_string(audits.join("essais/answers.toml")).unwrap()
}

/// Reads a sheet that says this, without those that were read before.
fn import(bytes: impl AsRef<[u8]>, more: &[&str]) -> (i32, String, String) {
    let audits = audits();
    std::fs::write(sheet(audits.path()), bytes).unwrap();
    let (code, told) = review(audits.path(), more);
    (code, told, answers(audits.path()))
}

fn rows(text: &str, separator: u8) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).delimiter(separator).from_reader(text.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect()
}

#[test]
fn a_sheet_goes_out_and_its_answers_come_in() {
    let audits = audits();
    let (code, told) = review(audits.path(), &["--lang", "fr", "--only", "S1,N3"]);
    assert_eq!(code, 0, "{told}");
    let text = std::fs::read_to_string(sheet(audits.path())).unwrap();
    let plain = text.strip_prefix('\u{feff}').expect("Excel knows UTF-8 by its mark");
    let mut rows = rows(plain, b';');
    assert_eq!(rows[0][..5], ["id", "service", "question", "ce qui a été vu", "réponse (respecté, non respecté, sans objet)"]);
    let named: Vec<_> = rows[1..].iter().map(|row| format!("{} {}", row[0], row[1])).collect();
    assert_eq!(named, ["N3 hoster", "N3 pad", "S1 "]);
    (rows[2][4], rows[2][5], rows[2][6], rows[2][7]) =
        ("Respecté".into(), "'=1+1\nsuite; \"fin\"".into(), "https://a.example/".into(), "Hélène".into());
    (rows[3][4], rows[3][7], rows[3][8]) = ("NON".into(), "Hélène".into(), "20/11/2026".into());
    let mut filled = csv::WriterBuilder::new().delimiter(b';').from_writer(vec![]);
    for row in &rows {
        filled.write_record(row).unwrap();
    }
    std::fs::write(sheet(audits.path()), filled.into_inner().unwrap()).unwrap();
    let (code, told) = review(audits.path(), &["--lang", "fr"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("2 réponses ajoutées") && told.contains("1 question sans réponse"), "{told}");
    let once = answers(audits.path());
    assert_eq!(
        once,
        format!(
            "{BY_HAND}\n[[answer]]\ncriterion = \"N3\"\nservice = \"pad\"\noutcome = \"met\"\nby = \"Hélène\"\non = 2026-11-22\n\
             note = \"\"\"\n=1+1\nsuite; \"fin\"\"\"\"\nevidence = [\"https://a.example/\"]\n\n\
             [[answer]]\ncriterion = \"S1\"\noutcome = \"unmet\"\nby = \"Hélène\"\non = 2026-11-20\n"
        )
    );
    let (code, told) = review(audits.path(), &["--lang", "fr"]);
    assert_eq!((code, answers(audits.path())), (0, once), "the same sheet again adds nothing: {told}");
}

#[test]
fn a_cell_of_a_new_sheet_is_no_formula() {
    for (lang, separator) in [("fr", b';'), ("en", b',')] {
        let audits = audits();
        let (code, told) = review(audits.path(), &["--lang", lang, "--by", "=cmd|'/c calc'!A0"]);
        assert_eq!(code, 0, "{told}");
        let text = std::fs::read_to_string(sheet(audits.path())).unwrap();
        assert!(text.ends_with("\r\n"));
        for cell in rows(text.trim_start_matches('\u{feff}'), separator).into_iter().flatten() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{cell}");
        }
        assert!(text.contains("\"'=cmd|'/c calc'!A0\""));
    }
}

#[test]
fn any_separator_and_encoding_says_the_same() {
    let plain = "id;service;réponse;note;qui\r\nS1;;respecté;«\u{a0}été\u{a0}» — l’an;Hélène\r\nS2;;sans objet;;Hélène\r\n";
    let comma = plain.replace(';', ",");
    let tab = plain.replace(';', "\t").replace("\r\n", "\n");
    let utf16: Vec<u8> = std::iter::once(0xfeff).chain(tab.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let (windows, _, _) = encoding_rs::WINDOWS_1252.encode(plain);
    let marked = format!("\u{feff}{plain}");
    let all = [plain.as_bytes(), comma.as_bytes(), tab.as_bytes(), &utf16, &windows, marked.as_bytes()].map(|bytes| import(bytes, &[]));
    for (code, told, answers) in &all {
        assert_eq!((*code, answers), (0, &all[0].2), "{told}");
    }
    assert!(all[0].2.contains("note = \"«\u{a0}été\u{a0}» — l’an\""), "{}", all[0].2);
}

#[test]
fn a_sheet_with_faults_is_refused_whole_and_tells_them_all() {
    let text = "id;service;answer;note;links;who;date\n\
        S1;;met;;;Hélène;\n\
        S1;;met;;;Hélène;\n\
        Z9;;met;;;Hélène;\n\
        S2;;perhaps;;;Hélène;\n\
        C2;;met;;;;\n\
        C3;;met;;;Hélène;31/02/2026\n\
        N3;nuage;met;;;Hélène;\n\
        N3;;met;;;Hélène;\n\
        T8;pad;met;;;Hélène;\n\
        T4;;met;;ici;Hélène;\n\
        T1;;met;;;Hélène;2027-01-01\n\
        O6@2016;;met;;;Hélène;\n";
    let (code, told, answers) = import(text, &["--lang", "en"]);
    assert_eq!((code, answers.as_str()), (2, BY_HAND), "{told}");
    for fault in [
        "row 3: this question has an answer in row 2",
        "row 4: there is no criterion `Z9`",
        "row 5: `perhaps` is no answer",
        "row 6: the name of who answers is missing",
        "row 7: `31/02/2026` is no sure date",
        "row 8: hoster.toml has no service `nuage`",
        "row 9: the service of which the answer speaks is missing",
        "row 10: this criterion binds the hoster, not `pad`",
        "row 11: `ici` is no whole address",
        "row 12: the date 2027-01-01 is in the future",
        "row 13: `O6@2016`: the question has changed",
    ] {
        assert!(told.contains(fault), "{fault} not in:\n{told}");
    }
}

#[test]
fn what_is_no_sheet_is_refused() {
    for (bytes, fault) in [
        (&b"PK\x03\x04 a workbook"[..], "is not CSV"),
        (b"", "the column `id` is missing"),
        (b"a;b\n1;2\n", "the column `answer (met, unmet, n/a)` is missing"),
        (b"id;service;answer;who\nS1;;\"met;H\n", "a quotation mark is opened and not closed"),
        (b"id;service;answer;who\nS1;;met;H;more\n", "row 2: one cell too many"),
    ] {
        let (code, told, answers) = import(bytes, &["--lang", "en"]);
        assert_eq!((code, answers.as_str()), (2, BY_HAND));
        assert!(told.contains(fault), "{fault} not in:\n{told}");
    }
}

#[test]
fn a_note_without_an_answer_is_told_of() {
    let (code, told, answers) = import("id;service;answer;note;who\nS1;;;à voir;\nS2;;yes;;\n", &["--lang", "en", "--by", "Camille"]);
    assert_eq!(code, 0, "{told}");
    assert!(told.contains("row(s) 2"), "{told}");
    assert!(answers.contains("by = \"Camille\"") && answers.contains("criterion = \"S2\"") && !answers.contains("S1"), "{answers}");
}

#[test]
fn a_hostile_cell_reaches_no_terminal() {
    let (_, told, _) = import("id;service;answer;who\n\u{1b}[31mS1;;\u{1b}]0;x\u{7}met;H\n", &["--color", "never"]);
    assert!(!told.contains(['\u{1b}', '\u{7}']), "{told:?}");
}

#[test]
fn another_edition_asks_again_only_what_differs() {
    let audits = audits();
    let answer = |id: &str, more: &str| format!("[[answer]]\ncriterion = '{id}'\noutcome = 'met'\nby = 'B'\non = 2026-11-01\n{more}\n");
    let old = answer("S1", "") + &answer("O6", "edition = '2016'") + &answer("H1", "edition = '2016'") + &answer("S2", "");
    std::fs::write(audits.path().join("essais/answers.toml"), old).unwrap();
    let (code, told) = review(audits.path(), &["--lang", "en", "--stale", "--edition", "2023"]);
    assert_eq!(code, 0, "{told}");
    let text = std::fs::read_to_string(sheet(audits.path())).unwrap();
    let mut asked: Vec<_> = rows(&text, b',').into_iter().skip(1).map(|row| row[0].clone()).collect();
    asked.sort();
    assert_eq!(asked, ["H1@2023", "O6@2023"]);
    std::fs::remove_file(sheet(audits.path())).unwrap();
    let (code, told) = review(audits.path(), &["--lang", "en", "--stale", "--edition", "2016"]);
    assert_eq!(code, 0, "{told}");
    assert!(!sheet(audits.path()).exists(), "nothing is stale where it was answered");
}
