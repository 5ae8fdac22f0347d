//! What a browser sees of pages that a reader of their source does not.

use chatons_audit::Day;

use crate::chromium;
use crate::stage::Scene;

const TODAY: Day = Day::new(2026, 11, 22);

#[test]
#[ignore = "needs Chromium: cargo test --test browser -- --ignored"]
fn try_it() {
    let hoster = "name = 'A'\nwebsite = 'https://a.example/'\nedition = '2023'\n";
    let scene = Scene::new(hoster, &std::fs::read_to_string("/tmp/br/sites.toml").unwrap(), TODAY);
    let ran = scene.run(&["--only", "A3", &format!("--browser={}", chromium().display()), "--format", "json"]);
    println!("{} {}\n{}", ran.code, ran.out, ran.err);
    println!("{:#?}", scene.stage.requests());
}
