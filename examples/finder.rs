//! Prints how well the finder of documents does on the sites of `tests/sites/`: `cargo run --example finder`.

#![expect(clippy::print_stdout, reason = "an example prints")]

use std::path::Path;

use chatons_audit::trial::{Outcome, Tally, try_sites};

fn main() -> Result<(), String> {
    let sites = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sites");
    for folder in ["found", "absent"] {
        let outcomes = try_sites(&sites.join(folder))?;
        println!("{folder}\n{}", Tally::table(&outcomes));
        let odd = |outcome: &&Outcome| outcome.is_wrong_page() || outcome.is_missed() || outcome.is_falsely_absent();
        outcomes.iter().filter(odd).for_each(|outcome| println!("  {outcome}"));
        let most = outcomes.iter().map(|outcome| outcome.requests).max().unwrap_or_default();
        println!("  at most {most} pages asked for one document of one site\n");
    }
    Ok(())
}
