//! What other programs read: JSON, its schema, the codes, the completions, the manual page.

use serde_json::{Value, json};

use crate::program::program;
use crate::small::{TODAY, bare, scene};
use crate::stage::Scene;

fn schema(kind: &str) -> Value {
    let ran = bare(&["schema", kind]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{kind}");
    serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{kind}: {error}"))
}

/// TOML as JSON, days as text.
fn from_toml(value: &toml::Value) -> Value {
    match value {
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), from_toml(value))).collect(),
        toml::Value::Array(items) => items.iter().map(from_toml).collect(),
        toml::Value::Datetime(day) => json!(day.to_string()),
        toml::Value::String(text) => json!(text),
        toml::Value::Integer(number) => json!(number),
        toml::Value::Boolean(truth) => json!(truth),
        toml::Value::Float(number) => json!(number),
    }
}

fn record_of(scene: &Scene) -> Value {
    from_toml(&toml::Value::Table(scene.read("record.toml").parse().unwrap()))
}

const EVERYTHING: &str = "\
[[answer]]
criterion = 'C2'
outcome = 'met'
by = 'Ada'
on = 2026-11-01
note = 'oui'
evidence = ['https://a.example/']
[[answer]]
criterion = 'C3'
outcome = 'met'
by = 'Ada'
on = 2020-11-01
[[waiver]]
criterion = 'R18'
reason = 'en travaux'
granted-by = 'AG'
decision = 'https://a.example/'
on = 2026-11-20
until = 2026-12-22
";

#[test]
fn the_json_holds_what_the_record_holds_under_the_same_names() {
    let scene = scene();
    scene.write("answers.toml", EVERYTHING);
    let ran = scene.run(&["--format", "json"]);
    let shown: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(shown, record_of(&scene));
    let again = crate::program::ran(&mut program(&scene.path("../..")), ["report", "hoster", "--format", "json"]);
    assert_eq!(again.out, ran.out);
}

#[test]
fn a_record_fits_its_schema() {
    let scene = scene();
    scene.write("answers.toml", EVERYTHING);
    scene.run(&[]);
    let shown = crate::program::ran(&mut program(&scene.path("../..")), ["report", "hoster", "--format", "json"]).out;
    let (schema, record) = (schema("record"), serde_json::from_str(&shown).unwrap());
    assert_eq!(faults(&schema, &schema, &record, "record"), [""; 0]);
    assert_eq!(faults(&schema, &schema, &record_of(&scene), "record.toml"), [""; 0]);
    for (pointer, wrong) in [("/standing/0/standing", json!("perfect")), ("/counts", json!(3)), ("/standing/0/because", json!("x"))] {
        let mut broken = record.clone();
        match broken.pointer_mut(pointer) {
            Some(place) => *place = wrong,
            None => drop(broken["standing"][0].as_object_mut().unwrap().insert("because".into(), wrong)),
        }
        assert_ne!(faults(&schema, &schema, &broken, "record"), [""; 0], "{pointer}");
    }
}

/// Silences, contradictions, refusals: the record of a hoster with all of them.
#[test]
fn the_record_of_a_bad_hoster_fits_its_schema() {
    let scene = Scene::of("commercial", TODAY);
    assert_eq!(scene.run(&[]).code, 1);
    let schema = schema("record");
    assert_eq!(faults(&schema, &schema, &record_of(&scene), "record"), [""; 0]);
}

#[test]
fn what_people_write_fits_its_schema() {
    let hoster: toml::Table = include_str!("../hosters/picasoft-2017/hoster.toml").parse().unwrap();
    let answers: toml::Table = EVERYTHING.parse().unwrap();
    let rules: toml::Table = include_str!("../../criteria/transparents.toml").parse().unwrap();
    for (kind, file) in [("hoster", hoster), ("answers", answers), ("criteria", rules)] {
        let schema = schema(kind);
        assert_eq!(faults(&schema, &schema, &from_toml(&toml::Value::Table(file)), kind), [""; 0]);
    }
}

/// What the schemas of this program use of JSON Schema, draft 7.
fn faults(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    if let Some(target) = schema.get("$ref").and_then(Value::as_str) {
        let definition = root.pointer(target.trim_start_matches('#')).unwrap_or_else(|| panic!("{target} leads nowhere"));
        return faults(root, definition, value, at);
    }
    let mut found = Vec::new();
    let list = |key: &str| schema.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    for part in list("allOf") {
        found.extend(faults(root, &part, value, at));
    }
    for either in [list("anyOf"), list("oneOf")].into_iter().filter(|either| !either.is_empty()) {
        if !either.iter().any(|part| faults(root, part, value, at).is_empty()) {
            found.push(format!("{at}: {value} is none of these"));
        }
    }
    let kinds = match schema.get("type") {
        Some(Value::Array(kinds)) => kinds.clone(),
        Some(kind) => vec![kind.clone()],
        None => Vec::new(),
    };
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    if !kinds.is_empty() && !kinds.iter().any(|known| known == kind || known == "number" && kind == "integer") {
        found.push(format!("{at}: {kind} is not {kinds:?}"));
    }
    if schema.get("const").is_some_and(|known| known != value) || !list("enum").is_empty() && !list("enum").contains(value) {
        found.push(format!("{at}: {value} is not a known value"));
    }
    if let Some(items) = schema.get("items") {
        let each = value.as_array().into_iter().flatten().enumerate();
        found.extend(each.flat_map(|(n, item)| faults(root, items, item, &format!("{at}/{n}"))));
    }
    if let Some(object) = value.as_object() {
        let missing = list("required").into_iter().filter(|key| !object.contains_key(key.as_str().unwrap()));
        found.extend(missing.map(|key| format!("{at}: {key} is missing")));
        for (key, inner) in object {
            let at = format!("{at}/{key}");
            let known = schema.pointer(&format!("/properties/{key}")).or_else(|| schema.get("additionalProperties"));
            match known {
                Some(Value::Bool(false)) => found.push(format!("{at}: unknown key")),
                Some(inside) if inside.is_object() => found.extend(faults(root, inside, inner, &at)),
                _ => {}
            }
        }
    }
    found
}

/// Every code that a finding of the tests' hosters has is in the list that people script against.
#[test]
fn the_codes_seen_are_the_codes_told() {
    let known: Vec<String> = bare(&["schema", "codes"]).out.lines().map(str::to_owned).collect();
    let sorted: std::collections::BTreeSet<&String> = known.iter().collect();
    assert_eq!(sorted.len(), known.len(), "each once");
    let seen = ["exemplary", "commercial", "picasoft-2017"].map(|name| {
        let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosters").join(name).join("expected.txt");
        std::fs::read_to_string(file).unwrap()
    });
    let mut count = 0;
    for code in seen.concat().lines().flat_map(|line| line.split(' ').skip(3).map(str::to_owned).collect::<Vec<_>>()) {
        let silent = code.strip_prefix('~').map(|code| format!("*.{}", code.split_once('.').unwrap().1));
        let code = silent.unwrap_or_else(|| code.trim_start_matches(['-', '?', '=']).to_owned());
        assert!(known.contains(&code), "{code} is not in the list");
        count += 1;
    }
    assert!(count > 300, "{count} codes were seen");
}

#[test]
fn several_hosters_are_a_list() {
    let scene = scene();
    let other = scene.path("../autre");
    std::fs::create_dir(&other).unwrap();
    std::fs::write(other.join("hoster.toml"), crate::small::HOSTER).unwrap();
    let ran = scene.run(&["--only", "R1", "--format", "json"]);
    let shown: Value = serde_json::from_str(&ran.out).unwrap();
    let names: Vec<_> = shown["hosters"].as_array().unwrap().iter().map(|record| record["hoster"].as_str().unwrap()).collect();
    assert_eq!(names, ["autre", "hoster"]);
    assert_eq!(shown.as_object().unwrap().len(), 1);
}

#[test]
fn what_a_distribution_ships_is_made() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = bare(&["completions", shell]);
        assert_eq!(ran.code, 0, "{shell}: {}", ran.err);
        assert!(ran.out.contains("chatons-audit") && ran.out.contains("dry-run"), "{shell}");
    }
    let man = bare(&["man"]);
    assert!(man.code == 0 && man.out.contains(".TH") && man.out.contains("chatons"), "{}", man.out);
    let version = bare(&["--version"]);
    assert_eq!((version.code, version.out), (0, format!("chatons-audit {}\n", env!("CARGO_PKG_VERSION"))));
}

/// One criterion, and what was seen of it.
#[test]
fn a_criterion_is_explained() {
    let ran = bare(&["explain", "T8"]);
    assert_eq!(ran.code, 0, "{}", ran.err);
    assert!(ran.out.contains("T8") && ran.out.contains("page-published"), "{}", ran.out);
    let scene = scene();
    scene.run(&[]);
    for (lang, words) in [("fr", "mentions légales : aucun lien"), ("en", "legal notice: no link")] {
        let ran = crate::program::ran(&mut program(&scene.path("../..")), ["explain", "R18", "hoster", "--lang", lang]);
        assert!(ran.code == 0 && ran.out.contains(words), "{lang}: {}{}", ran.out, ran.err);
    }
    assert_eq!(bare(&["explain", "r18"]).out, bare(&["explain", "R18"]).out);
}
