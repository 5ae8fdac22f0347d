//! Keeps each hoster's record as soon as it is whole, then shows them all and says how it ended.

use std::collections::BTreeMap;
use std::io::Write;

use super::pressed::Pressed;
use super::second::Doubt;
use super::worse::{self, Baseline};
use super::{FailOn, RunArgs, committing, texts};
use crate::audit::{Plan, Reading, Record, Said, SaidBySteps, Standing};
use crate::cli::audits::Audit;
use crate::cli::rendering::Asked;
use crate::cli::terminal::Terminal;
use crate::cli::{Exit, Failure, Outcome};
use crate::criteria::{Charter, Level};
use crate::day::Day;
use crate::facts::SilenceKind;
use crate::file::{Fault, Place, io_reason, write_pieces, write_whole};
use crate::history::History;
use crate::report::{Report, markdown};
use crate::text::{Lang, Text, say};

/// What is kept of a run, hoster by hoster.
pub(super) struct Keeper<'a> {
    charter: &'a Charter,
    audits: &'a [Audit],
    plans: &'a [Plan<'a>],
    args: &'a RunArgs,
    partial: bool,
    today: Day,
    /// What is compared with, by plan, for `--fail-on regression` alone.
    baselines: Vec<Baseline>,
    /// The repositories, by plan, for `--commit` alone.
    histories: Vec<History>,
    /// What is left of each hoster that was audited, by plan: its record is in its folder.
    audited: BTreeMap<usize, Audited>,
    doubts: Vec<Doubt>,
    /// Why a hoster could not be audited, by plan.
    unseen: Vec<(usize, Vec<Text>)>,
    written: Vec<std::path::PathBuf>,
    /// Records that saw more than this run.
    left: Vec<std::path::PathBuf>,
    failures: Vec<Fault>,
    lang: Lang,
}

/// What is told of a hoster at the end.
struct Audited {
    /// As it is shown.
    shown: Pressed,
    /// What got worse or is overdue, for `--fail-on regression` alone.
    worse: Vec<Text>,
    has_failed: bool,
}

impl<'a> Keeper<'a> {
    pub(super) fn new(
        charter: &'a Charter,
        audits: &'a [Audit],
        plans: &'a [Plan<'a>],
        args: &'a RunArgs,
        partial: bool,
        today: Day,
        lang: Lang,
    ) -> Result<Self, Failure> {
        args.shown.format.check(asked(audits)).map_err(Failure::from)?;
        // A file that cannot be written should fail before others are asked anything.
        if let Some(path) = &args.shown.output
            && let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir())
        {
            return Err(Failure::from(Fault::new(
                Place::file(folder),
                say!(fr: "ce dossier n'existe pas", en: "there is no such folder"),
                say!(fr: "Le créer, ou changer « --output ».", en: "Make it, or change `--output`."),
            )));
        }
        let baselines = match args.shown.fail_on {
            FailOn::Regression => audits.iter().map(Baseline::of).collect::<Result<_, _>>()?,
            _ => Vec::new(),
        };
        let histories = if args.commit { committing::open(audits)? } else { Vec::new() };
        Ok(Self {
            charter,
            audits,
            plans,
            args,
            partial,
            today,
            baselines,
            histories,
            audited: BTreeMap::new(),
            doubts: Vec::new(),
            unseen: Vec::new(),
            written: Vec::new(),
            left: Vec::new(),
            failures: Vec::new(),
            lang,
        })
    }

    /// A hoster has been judged. What would make its record worse is kept aside for a second look.
    pub(super) fn done(&mut self, plan: usize, said: SaidBySteps, read: Vec<Reading>) {
        // An old record that cannot be read is told elsewhere: here it is as if there were none.
        let before = self.audits[plan].last_record().unwrap_or_default();
        let record = self.record(plan, &said, &read, before.as_ref());
        let old = before.filter(|_| self.writes());
        let steps = old.map(|old| Doubt::steps(&self.plans[plan], &said, &old, &record)).unwrap_or_default();
        if steps.is_empty() {
            self.keep(plan, &said, &read, &record);
        } else {
            self.doubts.push(Doubt { plan, said, read, steps });
        }
    }

    /// What would get worse, to be looked at again; then [`Self::settle`] ends it.
    pub(super) fn doubts(&mut self) -> Vec<Doubt> {
        std::mem::take(&mut self.doubts)
    }

    /// A hoster has been judged for good.
    pub(super) fn settle(&mut self, doubt: &Doubt) {
        let before = self.audits[doubt.plan].last_record().unwrap_or_default();
        let record = self.record(doubt.plan, &doubt.said, &doubt.read, before.as_ref());
        self.keep(doubt.plan, &doubt.said, &doubt.read, &record);
    }

    fn record(&self, plan: usize, said: &SaidBySteps, read: &[Reading], before: Option<&Record>) -> Record {
        Record::make(&self.plans[plan], said, read, before, &self.audits[plan].answers, self.today)
    }

    fn writes(&self) -> bool {
        !self.partial && !self.args.shown.dry_run
    }

    fn keep(&mut self, plan: usize, said: &SaidBySteps, read: &[Reading], record: &Record) {
        let offline = self.args.observing.is_offline();
        let audited = if offline { !self.audits[plan].answers.is_empty() } else { record.has_seen_anything() && !was_interrupted(said) };
        if !audited {
            self.unseen.push((plan, reasons(said)));
            return;
        }
        if self.writes() {
            if self.is_blinder(plan, record) {
                self.left.push(self.audits[plan].folder.join("record.toml"));
            } else {
                self.write(plan, record, read);
            }
        }
        self.audited.insert(plan, self.told(plan, record));
    }

    fn told(&self, plan: usize, record: &Record) -> Audited {
        let (args, audit) = (&self.args.shown, &self.audits[plan]);
        let worse = match args.fail_on {
            FailOn::Regression => worse::told(record, &self.baselines[plan], audit, self.today),
            _ => Vec::new(),
        };
        let has_failed = match args.fail_on {
            FailOn::Never => false,
            FailOn::Required => has_unmet(record, Level::Required),
            FailOn::Encouraged => has_unmet(record, Level::Encouraged),
            FailOn::Regression => !worse.is_empty(),
        };
        let shown = args.format.one(record, audit, asked(self.audits), self.charter, self.lang);
        Audited { shown: Pressed::new(&shown), worse, has_failed }
    }

    /// Whether `unseen` would take the place of what was seen: a run without a network is no news of the web.
    fn is_blinder(&self, plan: usize, record: &Record) -> bool {
        let saw = |old: Option<Record>| old.is_some_and(|old| old.has_seen_anything());
        // An old record that cannot be read may hold anything.
        !record.has_seen_anything() && self.audits[plan].last_record().map_or(true, saw)
    }

    fn write(&mut self, plan: usize, record: &Record, read: &[Reading]) {
        let audit = &self.audits[plan];
        let report = Report::new(record, self.charter, &audit.hoster, &audit.answers);
        for (name, text) in [("record.toml", record.to_toml()), ("report.md", markdown(&report, self.lang))] {
            let path = audit.folder.join(name);
            match write_whole(&path, &text) {
                Ok(_) => self.written.push(path),
                Err(error) => {
                    self.failures.push(not_written(&path, &error));
                    return;
                }
            }
        }
        // One that cannot be written now is written by the next run: each file is made from the page alone.
        match texts::keep(&audit.folder, read) {
            Ok(changed) => self.written.extend(changed),
            Err((path, error)) => self.failures.push(not_written(&path, &error)),
        }
    }

    /// Shows what was found and says how it ended.
    pub(super) fn finish(self, terminal: &mut Terminal) -> Outcome {
        self.show(terminal)?;
        for (plan, reasons) in &self.unseen {
            terminal.warn(&nothing_seen(&self.audits[*plan], reasons));
        }
        if !self.failures.is_empty() {
            return Err(Failure::CouldNot(self.failures.into_iter().next().expect("not empty")));
        }
        if self.partial {
            terminal.note(&say!(fr: "Audit partiel : rien n'est noté.", en: "A partial audit: nothing is recorded."));
        }
        for path in &self.left {
            let path = path.display();
            terminal.note(&say!(
                fr: "Hors ligne : {path}, qui en a vu davantage, reste tel quel.",
                en: "Offline: {path}, which has seen more, is left as it is."
            ));
        }
        for path in &self.written {
            let path = path.display();
            terminal.note(&say!(fr: "Noté dans {path}", en: "Recorded in {path}"));
        }
        // Before the commits, which may fail: what is worse is told in any case.
        let failed = self.has_failed(terminal);
        self.commit(terminal)?;
        if !self.unseen.is_empty() {
            return Ok(Exit::NotAudited);
        }
        Ok(if failed { Exit::Gaps } else { Exit::Done })
    }

    fn show(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        if self.audited.is_empty() {
            return Ok(());
        }
        let each = self.audited.values().map(|audited| audited.shown.text());
        show_or_write(self.args.shown.format.all(each, asked(self.audits)), self.args.shown.output.as_deref(), terminal)
    }

    /// Every hoster is committed that can be; the first that cannot is told as the fault.
    fn commit(&self, terminal: &mut Terminal) -> Result<(), Failure> {
        let mut failed = None;
        let repositories = self.histories.iter().zip(self.audits).enumerate();
        for (_, (history, audit)) in repositories.filter(|(plan, _)| self.audited.contains_key(plan)) {
            if let Err(failure) = committing::commit(self.charter, audit, history, terminal) {
                failed.get_or_insert(failure);
            }
        }
        failed.map_or(Ok(()), Err)
    }

    /// Tells what got worse.
    fn has_failed(&self, terminal: &mut Terminal) -> bool {
        for (plan, audited) in &self.audited {
            if let Some(Baseline::None(reason)) = self.baselines.get(*plan) {
                terminal.note(&worse::without(reason, &self.audits[*plan]));
            }
            audited.worse.iter().for_each(|text| terminal.warn(text));
        }
        self.audited.values().any(|audited| audited.has_failed)
    }
}

fn asked(audits: &[Audit]) -> Asked {
    if audits.len() == 1 { Asked::One } else { Asked::Several }
}

/// Writes to the file named, without colours, or prints.
pub(in crate::cli) fn show_or_write(
    pieces: impl Iterator<Item = String>,
    output: Option<&std::path::Path>,
    terminal: &mut Terminal,
) -> Result<(), Failure> {
    let Some(path) = output else {
        pieces.for_each(|piece| terminal.print(&piece));
        return Ok(());
    };
    let mut plain = pieces.map(|piece| anstream::adapter::strip_str(&piece).to_string());
    // A device or a pipe cannot be replaced by a file.
    let special = std::fs::metadata(path).is_ok_and(|about| !about.is_file());
    let written = if special {
        std::fs::File::options().write(true).open(path).and_then(|mut file| plain.try_for_each(|piece| file.write_all(piece.as_bytes())))
    } else {
        write_pieces(path, plain)
    };
    written.map_err(|error| Failure::CouldNot(not_written(path, &error)))
}

pub(in crate::cli) fn not_written(path: &std::path::Path, error: &std::io::Error) -> Fault {
    let reason = io_reason(error);
    let (fr, en) = (reason.fr, reason.en);
    Fault::new(
        Place::file(path),
        say!(fr: "écriture impossible : {fr}", en: "cannot be written: {en}"),
        say!(fr: "L'ancien fichier est intact ; faire de la place ou changer les droits, puis relancer.", en: "The old file is untouched; make room or change the permissions, then run again."),
    )
}

fn has_unmet(record: &Record, least: Level) -> bool {
    record.standings.iter().any(|entry| entry.standing == Standing::Unmet && entry.level <= least)
}

fn silences<'s>(said: &'s [Vec<(&'static str, Said)>]) -> impl Iterator<Item = &'s crate::facts::Silence> {
    said.iter().flatten().filter_map(|(_, said)| if let Said::Silent(silence) = said { Some(silence) } else { None })
}

/// A run that a person stopped half-way would put `unseen` in the place of what is known.
fn was_interrupted(said: &[Vec<(&'static str, Said)>]) -> bool {
    silences(said).any(|silence| silence.kind == SilenceKind::NotAsked)
}

fn reasons(said: &[Vec<(&'static str, Said)>]) -> Vec<Text> {
    let mut reasons: Vec<Text> = silences(said).map(crate::facts::Silence::because).collect();
    reasons.sort();
    reasons.dedup();
    reasons
}

fn nothing_seen(audit: &Audit, reasons: &[Text]) -> Text {
    let name = crate::text::clean(&audit.hoster.name);
    let list = |lang: Lang| {
        let some: Vec<String> =
            reasons.iter().take(6).map(|reason| format!("\n  - {}", crate::text::clean(reason.in_lang(lang)))).collect();
        some.concat()
    };
    let (fr, en) = (list(Lang::Fr), list(Lang::En));
    say!(
        fr: "{name} : rien n'a pu être observé, donc rien n'est noté ni reproché.{fr}",
        en: "{name}: nothing could be observed, so nothing is recorded or held against it.{en}"
    )
}
