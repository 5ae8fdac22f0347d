//! Law 4: a need is asked once.

use std::collections::BTreeSet;
use std::fs;

use chatons_audit::SITES;

use crate::stage::Scene;
use crate::{DEMO, TODAY};

#[test]
fn no_url_is_asked_twice() {
    for name in ["exemplary", "commercial", "picasoft-2017"] {
        let scene = Scene::of(name, TODAY);
        scene.run(&[]);
        let asked = scene.stage.requests();
        let once: BTreeSet<&String> = asked.iter().collect();
        assert!(asked.len() > 30, "{name}: {} requests", asked.len());
        assert_eq!(asked.len(), once.len(), "{name}: {:?}", twice(&asked));
    }
}

/// Two hosters that share services, and an address written in two ways.
#[test]
fn no_url_is_asked_twice_for_two_hosters() {
    let scene = Scene::new(DEMO, SITES, TODAY);
    let other = scene.path("../other");
    fs::create_dir(&other).unwrap();
    fs::write(other.join("hoster.toml"), DEMO.replace("https://pads.", "https://PADS.").replace("Le Chat Perché", "Le Jumeau")).unwrap();
    let ran = scene.run(&["--format", "json"]);
    assert_eq!(ran.code, 1, "{}", ran.err);
    let hosters: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(hosters["hosters"].as_array().unwrap().len(), 2);
    assert_eq!(twice(&scene.stage.requests()), [""; 0]);
}

fn twice(asked: &[String]) -> Vec<&String> {
    asked.iter().enumerate().filter(|(n, url)| asked[..*n].contains(url)).map(|(_, url)| url).collect()
}
