//! Which language to speak; it must be known before the arguments are parsed, since their help is in it.

use std::cell::Cell;
use std::ffi::OsString;

use clap::ValueEnum;

use crate::text::Lang;

thread_local! {
    /// clap's derive builds the command from expressions: this is how they know the language.
    static SPOKEN: Cell<Lang> = const { Cell::new(Lang::Fr) };
}

pub(super) fn speak(lang: Lang) {
    SPOKEN.set(lang);
}

/// A text of the command line in the language spoken.
pub(super) fn tr(fr: &'static str, en: &'static str) -> &'static str {
    match SPOKEN.get() {
        Lang::Fr => fr,
        Lang::En => en,
    }
}

/// `--lang`, else `CHATONS_LANG`, else the locale (POSIX: the first that is set), else French.
pub(super) fn choose(args: &[OsString]) -> Lang {
    let asked = args.iter().enumerate().find_map(|(n, arg)| {
        let arg = arg.to_str()?;
        match arg.strip_prefix("--lang=") {
            Some(lang) => Some(lang.to_owned()),
            None if arg == "--lang" => args.get(n + 1)?.to_str().map(str::to_owned),
            None => None,
        }
    });
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    let named = asked.or_else(|| variable("CHATONS_LANG")).and_then(|lang| Lang::from_str(&lang, true).ok());
    let locale = || ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(variable).and_then(|locale| Lang::of_locale(&locale));
    named.or_else(locale).unwrap_or_default()
}
