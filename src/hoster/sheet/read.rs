//! Reading a sheet that comes back: all its faults by row, or all its answers.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Column, Key, answers, decode, unguarded};
use crate::criteria::{Binds, Charter, Criterion};
use crate::day::Day;
use crate::file::{Fault, Faults, Place};
use crate::hoster::{AnswerOutcome, Hoster, NewAnswer, Subject, answer_word, links, written_day};
use crate::text::{Lang, Text, say};

/// What a sheet is read with.
pub struct Reading<'a> {
    pub file: &'a Path,
    pub charter: &'a Charter,
    pub hoster: &'a Hoster,
    pub edition: &'a str,
    pub today: Day,
    pub lang: Lang,
    /// Who answered, where a row does not say.
    pub by: Option<&'a str>,
}

/// What a sound sheet says.
#[derive(Debug, Default)]
pub struct SheetAnswers {
    pub answers: Vec<NewAnswer>,
    /// Rows without an answer.
    pub unanswered: usize,
    /// Rows, as a spreadsheet counts them, that have a note or links but no answer.
    pub undecided: Vec<usize>,
}

/// The cells of a row, by column.
type Cells = BTreeMap<Column, String>;

impl Reading<'_> {
    /// Every answer of the sheet, or every fault.
    pub fn read(&self, bytes: &[u8]) -> Result<SheetAnswers, Faults> {
        let text = decode::decode(bytes).ok_or_else(|| vec![self.no_text()])?;
        if text.matches('"').count() % 2 == 1 {
            return Err(vec![self.fault(
                say!(fr: "un guillemet ouvert n'est pas refermé", en: "a quotation mark is opened and not closed"),
                say!(fr: "Enregistrer de nouveau la feuille en CSV depuis le tableur.", en: "Save the sheet as CSV again from the spreadsheet."),
            )]);
        }
        let separator = decode::separator(&text, |title| Column::of_title(title).is_some());
        let mut rows = decode::reader(&text, separator);
        let mut rows = rows.records().map_while(Result::ok);
        let columns: Vec<Option<Column>> = rows.next().iter().flatten().map(Column::of_title).collect();
        self.columns(&columns)?;
        let mut sheet = SheetAnswers::default();
        let mut faults = Faults::new();
        let mut rows_of: BTreeMap<(String, Option<Subject>), usize> = BTreeMap::new();
        for (n, row) in rows.enumerate() {
            // A spreadsheet counts from one, and the titles are its first row.
            let n = n + 2;
            if row.iter().skip(columns.len()).any(|cell| !cell.trim().is_empty()) {
                faults.push(self.at(n, &say!(fr: "une cellule de trop", en: "one cell too many"), say!(fr: "Enregistrer de nouveau en CSV, avec des guillemets autour des textes.", en: "Save it as CSV again, with quotation marks around texts.")));
                continue;
            }
            let named = columns.iter().zip(row.iter()).filter_map(|(column, cell)| Some(((*column)?, unguarded(cell.trim()).to_owned())));
            let cells: Cells = named.collect();
            let cell = |column| cells.get(&column).map(String::as_str).unwrap_or_default();
            if cell(Column::Answer).is_empty() {
                sheet.unanswered += usize::from(!cell(Column::Id).is_empty());
                if !cell(Column::Note).is_empty() || !cell(Column::Links).is_empty() {
                    sheet.undecided.push(n);
                }
                continue;
            }
            match self.row(&cells) {
                Ok(answer) => {
                    if let Some(first) = rows_of.insert((answer.criterion.to_string(), answer.service.clone()), n) {
                        faults.push(self.at(
                            n,
                            &say!(fr: "cette question a déjà une réponse à la ligne {first}", en: "this question has an answer in row {first} already"),
                            say!(fr: "N'en garder qu'une.", en: "Keep one of them."),
                        ));
                    }
                    sheet.answers.push(answer);
                }
                Err(wrong) => faults.extend(wrong.into_iter().map(|(what, remedy)| self.at(n, &what, remedy))),
            }
        }
        if faults.is_empty() { Ok(sheet) } else { Err(faults) }
    }

    /// One answer, or all that is wrong with it.
    fn row(&self, cells: &Cells) -> Result<NewAnswer, Vec<(Text, Text)>> {
        let cell = |column| cells.get(&column).map(String::as_str).unwrap_or_default();
        let mut wrong = Vec::new();
        let mut or_told = |told: (Text, Text)| wrong.push(told);
        let criterion = self.criterion(cell(Column::Id)).map_err(&mut or_told).ok();
        let service = criterion.map(|criterion| self.service(criterion, cell(Column::Service)).map_err(&mut or_told).ok());
        let outcome = outcome(cell(Column::Answer)).map_err(&mut or_told).ok();
        let by = self.by(cell(Column::By)).map_err(&mut or_told).ok();
        let on = self.on(cell(Column::On)).map_err(&mut or_told).ok();
        let evidence = links(cell(Column::Links)).map_err(|word| or_told(not_a_link(&word))).ok();
        match (criterion, service.flatten(), outcome, by, on, evidence) {
            (Some(criterion), Some(service), Some(outcome), Some(by), Some(on), Some(evidence)) => Ok(NewAnswer {
                criterion: criterion.id(),
                service,
                outcome,
                by,
                on,
                revision: criterion.revision,
                edition: (!criterion.carry).then(|| self.edition.to_owned()),
                note: Some(cell(Column::Note).replace("\r\n", "\n")).filter(|note| !note.is_empty()),
                evidence,
            }),
            _ => Err(wrong),
        }
    }

    fn criterion(&self, cell: &str) -> Result<&Criterion, (Text, Text)> {
        let key = Key::parse(cell);
        let criterion = key.as_ref().and_then(|key| self.charter.criterion(key.criterion));
        let edition = self.edition;
        let Some((key, criterion)) = key.as_ref().zip(criterion).filter(|(_, criterion)| criterion.level(edition).is_some()) else {
            return Err((
                say!(fr: "le critère « {cell} » n'existe pas dans l'édition {edition}", en: "there is no criterion `{cell}` in edition {edition}"),
                say!(fr: "Remettre l'id d'origine, ou ôter la ligne.", en: "Put the first id back, or take the row out."),
            ));
        };
        if *key != Key::new(criterion, edition) {
            return Err((
                say!(fr: "« {cell} » : la question a changé depuis que la feuille est faite", en: "`{cell}`: the question has changed since the sheet was made"),
                say!(fr: "Faire une feuille neuve et y répondre de nouveau.", en: "Make a new sheet and answer it again."),
            ));
        }
        Ok(criterion)
    }

    fn service(&self, criterion: &Criterion, cell: &str) -> Result<Option<Subject>, (Text, Text)> {
        let subject = cell.parse::<Subject>().ok().filter(|subject| self.hoster.site(subject).is_some());
        match (criterion.binds, subject) {
            (Binds::Hoster, None) if cell.is_empty() => Ok(None),
            (Binds::Hoster, Some(Subject::Hoster)) => Ok(None),
            (Binds::Hoster, _) => Err((
                say!(fr: "ce critère porte sur l'hébergeur, non sur « {cell} »", en: "this criterion binds the hoster, not `{cell}`"),
                say!(fr: "Vider la cellule du service.", en: "Empty the cell of the service."),
            )),
            (Binds::EachSite, Some(subject)) => Ok(Some(subject)),
            (Binds::EachService, Some(subject)) if subject != Subject::Hoster => Ok(Some(subject)),
            _ if cell.is_empty() => Err((
                say!(fr: "il manque le service dont parle la réponse", en: "the service of which the answer speaks is missing"),
                say!(fr: "Remettre l'id du service.", en: "Put the id of the service back."),
            )),
            _ => Err((
                say!(fr: "hoster.toml n'a pas de service « {cell} »", en: "hoster.toml has no service `{cell}`"),
                say!(fr: "Prendre l'id d'un [[service]] de hoster.toml.", en: "Take the id of a [[service]] of hoster.toml."),
            )),
        }
    }

    fn by(&self, cell: &str) -> Result<String, (Text, Text)> {
        let name = if cell.is_empty() { self.by.unwrap_or_default() } else { cell };
        Some(name.split_whitespace().collect::<Vec<_>>().join(" ")).filter(|name| !name.is_empty()).ok_or_else(|| {
            (
                say!(fr: "il manque le nom de qui répond", en: "the name of who answers is missing"),
                say!(fr: "Remplir la colonne « qui », ou donner « --by NOM ».", en: "Fill in the column `who`, or give `--by NAME`."),
            )
        })
    }

    fn on(&self, cell: &str) -> Result<Day, (Text, Text)> {
        if cell.is_empty() {
            return Ok(self.today);
        }
        let day = written_day(cell, self.lang).ok_or_else(|| {
            (
                say!(fr: "« {cell} » n'est pas une date sûre", en: "`{cell}` is no sure date"),
                say!(fr: "L'écrire comme 2026-11-22.", en: "Write it as 2026-11-22."),
            )
        })?;
        // East of Greenwich it is tomorrow before it is in UTC.
        if self.today.plus_days(1) < day {
            return Err((
                say!(fr: "la date {day} est dans l'avenir", en: "the date {day} is in the future"),
                say!(fr: "Écrire le jour où la réponse a été donnée.", en: "Write the day on which the answer was given."),
            ));
        }
        Ok(day)
    }

    fn columns(&self, columns: &[Option<Column>]) -> Result<(), Faults> {
        let mut faults = Faults::new();
        for column in Column::ALL {
            let title = column.title();
            let (fr, en) = (title.fr, title.en);
            let times = columns.iter().filter(|known| **known == Some(column)).count();
            if times > 1 {
                faults.push(self.fault(
                    say!(fr: "la colonne « {fr} » est là deux fois", en: "the column `{en}` is there twice"),
                    say!(fr: "N'en garder qu'une.", en: "Keep one of them."),
                ));
            } else if times == 0 && matches!(column, Column::Id | Column::Service | Column::Answer) {
                faults.push(self.fault(
                    say!(fr: "il manque la colonne « {fr} »", en: "the column `{en}` is missing"),
                    say!(fr: "Garder la première ligne telle que « review --sheet » l'a écrite.", en: "Keep the first row as `review --sheet` wrote it."),
                ));
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(faults) }
    }

    fn no_text(&self) -> Fault {
        self.fault(
            say!(fr: "ce fichier n'est pas du CSV", en: "this file is not CSV"),
            say!(fr: "Dans le tableur : « Enregistrer sous », puis « Texte CSV » ou « CSV UTF-8 ».", en: "In the spreadsheet: “Save as”, then “Text CSV” or “CSV UTF-8”."),
        )
    }

    fn fault(&self, what: Text, remedy: Text) -> Fault {
        Fault::new(Place::file(self.file), what, remedy)
    }

    fn at(&self, row: usize, what: &Text, remedy: Text) -> Fault {
        self.fault(say!(fr: "ligne {row} : {fr}", en: "row {row}: {en}", with: fr = &what.fr, en = &what.en), remedy)
    }
}

fn outcome(cell: &str) -> Result<AnswerOutcome, (Text, Text)> {
    answer_word(cell).ok_or_else(|| {
        let Text { fr, en } = answers();
        (say!(fr: "« {cell} » n'est pas une réponse", en: "`{cell}` is no answer"), say!(fr: "Écrire : {fr}.", en: "Write: {en}."))
    })
}

fn not_a_link(word: &str) -> (Text, Text) {
    (
        say!(fr: "« {word} » n'est pas une adresse entière", en: "`{word}` is no whole address"),
        say!(fr: "L'écrire comme https://exemple.org/cgu ; séparer deux adresses par un blanc.", en: "Write it as https://example.org/terms; put a blank between two addresses."),
    )
}
