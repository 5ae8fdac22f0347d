//! French, unless something says otherwise.

use crate::program::{Ran, program, ran};
use crate::small::{bare, folder};

fn help(variables: &[(&str, &str)], args: &[&str]) -> Ran {
    ran(program(folder().path()).envs(variables.iter().copied()), args)
}

#[test]
fn french_speaks_first() {
    for variables in [&[][..], &[("LANG", "C")], &[("LANG", "fr_FR.UTF-8")], &[("LANG", "")], &[("LANG", "de_DE.UTF-8")]] {
        let ran = help(variables, &["--help"]);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""));
        assert!(ran.out.contains("Utilisation :") && !ran.out.contains("Usage:"), "{variables:?}: {}", ran.out);
    }
}

#[test]
fn english_is_chosen_by_option_by_variable_or_by_locale() {
    type Chosen<'a> = (&'a [(&'a str, &'a str)], &'a [&'a str]);
    let chosen: [Chosen<'_>; 6] = [
        (&[], &["--lang", "en", "--help"]),
        (&[], &["--help", "--lang=en"]),
        (&[("CHATONS_LANG", "en"), ("LANG", "fr_FR.UTF-8")], &["--help"]),
        (&[("LANG", "en_US.UTF-8")], &["--help"]),
        (&[("LC_ALL", "en_GB"), ("LANG", "fr_FR")], &["--help"]),
        (&[("LC_MESSAGES", "en_GB"), ("LANG", "fr_FR")], &["--help"]),
    ];
    for (variables, args) in chosen {
        let ran = help(variables, args);
        assert!(ran.out.contains("Usage:") && !ran.out.contains("Utilisation"), "{variables:?} {args:?}: {}", ran.out);
    }
}

#[test]
fn the_option_goes_before_the_variable_before_the_locale() {
    let variables = [("CHATONS_LANG", "en"), ("LANG", "en_US.UTF-8")];
    assert!(help(&variables, &["--lang", "fr", "--help"]).out.contains("Utilisation :"));
    assert!(help(&[("CHATONS_LANG", "fr"), ("LC_ALL", "en_US")], &["--help"]).out.contains("Utilisation :"));
    assert!(help(&[("CHATONS_LANG", "xx"), ("LANG", "en_US")], &["--help"]).out.contains("Usage:"), "what is unknown does not count");
}

/// No word of clap's own English reaches a French reader, on any page of the help.
#[test]
fn the_whole_help_is_in_the_language_spoken() {
    let commands = ["run", "report", "explain", "criteria", "schema", "completions", "man", "demo"];
    for command in commands {
        let (french, english) = (bare(&[command, "--help"]), bare(&[command, "--help", "--lang", "en"]));
        assert_eq!((french.code, english.code), (0, 0), "{command}");
        for word in ["Usage", "Print help", "Possible values", "possible values", "[default", "Commands:", "Options: "] {
            assert!(!french.out.contains(word), "{command}: {word}\n{}", french.out);
        }
        for word in ["Utilisation", "par défaut", "Commandes", "Le réseau", "Cette aide"] {
            assert!(!english.out.contains(word), "{command}: {word}\n{}", english.out);
        }
        assert_ne!(french.out, english.out);
    }
}

#[test]
fn wrong_usage_is_told_in_the_language_spoken() {
    for (args, french, english) in [
        (&["run", "--nope"][..], "erreur : « --nope » n'existe pas ici", "error: `--nope` does not exist here"),
        (&["nope"], "la commande « nope » n'existe pas", "there is no command `nope`"),
        (&["run", "--fromat", "json"], "Peut-être « --format » ?", "Did you mean `--format`?"),
        (&["run", "--format", "xml"], "« xml » n'est pas une valeur de", "`xml` is not a value of"),
        (&["run", "--only"], "attend une valeur", "expects a value"),
        (&["explain"], "il manque : <CRITÈRE>", "missing: <CRITERION>"),
        (&["criteria", "-q"], "il manque une commande", "a command is missing"),
    ] {
        let (fr, en) = (bare(args), bare(&[args, &["--lang", "en"]].concat()));
        assert_eq!((fr.code, en.code), (2, 2), "{args:?}");
        assert!((fr.out.clone() + &fr.err).contains(french), "{args:?}: {}{}", fr.out, fr.err);
        assert!((en.out.clone() + &en.err).contains(english), "{args:?}: {}{}", en.out, en.err);
    }
}

/// A language that is not spoken is refused, with those that are.
#[test]
fn an_unknown_language_is_refused() {
    let ran = bare(&["--lang", "de", "criteria", "list"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("« de » n'est pas une valeur") && ran.err.contains("fr, en"), "{}", ran.err);
}
