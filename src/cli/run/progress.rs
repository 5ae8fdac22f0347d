//! How far the run is, on a terminal; nothing in a pipe.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::outcome::Keeper;
use crate::audit::{Reading, SaidBySteps, Watch};
use crate::text::{Lang, say};

pub(super) struct Progress<'k, 'a> {
    keeper: &'k mut Keeper<'a>,
    bar: ProgressBar,
}

impl<'k, 'a> Progress<'k, 'a> {
    pub(super) fn new(keeper: &'k mut Keeper<'a>, watched: bool, lang: Lang) -> Self {
        let target = if watched { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        let words = say!(fr: "constats", en: "facts");
        let template = format!("{{bar:30}} {{pos}}/{{len}} {}", words.in_lang(lang));
        bar.set_style(ProgressStyle::with_template(&template).expect("a fixed template"));
        Self { keeper, bar }
    }

    /// Leaves nothing of the bar on the terminal.
    pub(super) fn finish(self) {
        self.bar.finish_and_clear();
    }
}

impl Watch for Progress<'_, '_> {
    fn progress(&mut self, seen: usize, asked: usize) {
        self.bar.set_length(asked as u64);
        self.bar.set_position(seen as u64);
    }

    fn done(&mut self, plan: usize, said: SaidBySteps, texts: Vec<Reading>) {
        self.keeper.done(plan, said, texts);
    }
}
