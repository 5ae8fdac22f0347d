//! Law 3: a machine never overrules a person; it contradicts.

use toml::Table;

use crate::TODAY;
use crate::stage::Scene;

#[test]
fn a_machine_never_overrules_a_person() {
    let scene = Scene::of("commercial", TODAY);
    scene.write(
        "answers.toml",
        "[[answer]]\ncriterion = 'R18'\noutcome = 'met'\nby = 'Le service juridique'\non = 2026-11-20\nnote = 'Elles sont affichées à l’accueil.'\n",
    );
    let table = scene.run(&["--fail-on", "never"]);
    assert_eq!(table.code, 0, "{}", table.err);
    let (machine, person) = ("mentions légales : aucun lien trouvé à deux clics de l'accueil", "Le service juridique");

    let record: Table = scene.read("record.toml").parse().unwrap();
    let entry = record["standing"].as_array().unwrap().iter().find(|entry| entry["criterion"].as_str() == Some("R18")).unwrap();
    assert_eq!((entry["standing"].as_str(), entry["by"].as_str()), (Some("contested"), Some("check-and-answer")));
    assert_eq!(entry["answer"]["by"].as_str(), Some(person));
    assert_eq!(entry["finding"][0]["code"].as_str(), Some("not-found"));

    let json = scene.run(&["--format", "json", "--fail-on", "never"]).out;
    let markdown = scene.read("report.md");
    let one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for (form, text) in [("table", &table.out), ("json", &json), ("markdown", &markdown)] {
        let text = one_line(text);
        assert!(text.contains(machine) && text.contains(person), "both sides are not in the {form}: {text}");
    }
    assert!(one_line(&table.out).contains("R18 à départager"), "{}", table.out);
    assert!(markdown.contains("## À départager"), "{markdown}");
}
