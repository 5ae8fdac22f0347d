//! Feeds what the fuzzer makes up to the parser that FUZZ_PARSER names; `.ci/fuzz` runs them all.

#![no_main]

use std::sync::LazyLock;

use chatons_audit::fuzzing::{Parser, parser};
use libfuzzer_sys::fuzz_target;

static PARSER: LazyLock<Parser> = LazyLock::new(|| {
    let name = std::env::var("FUZZ_PARSER").expect("FUZZ_PARSER names a parser of `chatons_audit::fuzzing`");
    parser(&name).unwrap_or_else(|| panic!("FUZZ_PARSER: no parser is called {name}"))
});

fuzz_target!(|bytes: &[u8]| PARSER(bytes));
