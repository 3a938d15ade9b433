//! The map in docs/preflight.md from each line of the deployment guide to what answers it.

use std::collections::BTreeSet;

use crate::common::own_file;
use envward::checks;
use envward::config::ATTESTATIONS;
use envward::preflight::CHECKLISTS;

/// The headings of the third level, the items of lists and the boxes of the guide, up to where it names other documents.
fn lines_of_the_guide() -> Vec<String> {
    let guide = own_file("tests/integration/preflight/deployment-guide.md");
    let is_numbered = |line: &str| line.starts_with(|letter: char| letter.is_ascii_digit()) && line.contains(". ");
    let is_line = |line: &&str| line.starts_with("- ") || line.starts_with("### ") || is_numbered(line);
    let own = guide.lines().take_while(|line| *line != "## References").filter(is_line);
    own.map(|line| line.trim_start_matches("### ").to_owned()).collect()
}

/// The rows of the map: the line, and what answers it.
fn rows() -> Vec<(String, String)> {
    let text = own_file("docs/preflight.md");
    let (_, map) = text.split_once("## The guide, line by line").unwrap();
    let (map, _) = map.split_once("\n## ").unwrap();
    let cells = map.lines().filter_map(|line| line.strip_prefix("| ")?.strip_suffix(" |")?.split_once(" | "));
    cells.skip(1).map(|(line, answer)| (line.to_owned(), answer.to_owned())).collect()
}

#[test]
fn every_line_has_its_row_in_the_order_of_the_guide() {
    let mapped: Vec<String> = rows().into_iter().map(|(line, _)| line).collect();
    assert_eq!(mapped, lines_of_the_guide());
}

#[test]
fn every_answer_names_what_there_is() {
    let attestations: BTreeSet<&str> = ATTESTATIONS.iter().map(|one| one.id).collect();
    let verbs = ["preflight", "incident", "rotation", "key", "generate", "init", "docker"];
    let mut wrong = Vec::new();
    for (line, answer) in rows() {
        let names: Vec<&str> = answer.split('`').skip(1).step_by(2).collect();
        let is_known = |name: &&str| {
            let verb = name.split(' ').next().unwrap();
            checks::find(name).is_some() || attestations.contains(name) || verbs.contains(&verb)
        };
        wrong.extend(names.iter().filter(|name| !is_known(name)).map(|name| format!("{line}: {name}")));
        if names.is_empty() && answer != "an outcome of the above" {
            wrong.push(format!("{line}: {answer}"));
        }
    }
    assert_eq!(wrong, [""; 0]);
    let all = rows().into_iter().map(|(_, answer)| answer).collect::<String>();
    let unnamed: Vec<&&str> = attestations.iter().filter(|id| !all.contains(&format!("`{id}`"))).collect();
    assert_eq!(unnamed, [&""; 0]);
}

#[test]
fn a_box_is_answered_by_the_checks_of_its_line() {
    let rows = rows();
    let mut wrong = Vec::new();
    for line in CHECKLISTS.iter().flat_map(|list| list.lines) {
        let answer =
            rows.iter().find(|(row, _)| row.strip_prefix("- [ ] ") == Some(line.text)).map(|(_, answer)| answer);
        let answer = answer.unwrap_or_else(|| panic!("{}", line.text));
        let names: Vec<&str> = line.checks().iter().map(|check| check.id).chain(line.attestation).collect();
        wrong.extend(
            names
                .iter()
                .filter(|name| !answer.contains(&format!("`{name}`")))
                .map(|name| format!("{}: {name}", line.text)),
        );
    }
    assert_eq!(wrong, [""; 0]);
}
