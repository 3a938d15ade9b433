//! Words that are never right on a screen or a page: the second table of terms in docs/development.md.

use crate::common::{Sandbox, own_file};
use envward::{checks, cli};

/// The rejected words, in lower case.
fn rejected() -> Vec<String> {
    let page = own_file("docs/development.md");
    let table = page.split("## Words that the tests reject\n").nth(1).expect("the table of rejected words");
    let rows = table.split("\n## ").next().unwrap().lines().filter(|line| line.starts_with("| ")).skip(1);
    let words = rows.flat_map(|row| row.split('|').nth(1).unwrap().split(',').map(|word| word.trim().to_lowercase()));
    words.collect()
}

/// The words of a text that are on the list, alone and not within a longer one: `--anew` is the name of an option.
fn found<'a>(text: &str, words: &'a [String]) -> Vec<&'a str> {
    let text = text.to_lowercase();
    let is_inside = |letter: char| letter.is_alphanumeric() || letter == '-' || letter == '_';
    let is_alone =
        |at: usize, word: &str| !text[..at].ends_with(is_inside) && !text[at + word.len()..].starts_with(is_inside);
    let has = |word: &&String| text.match_indices(word.as_str()).any(|(at, _)| is_alone(at, word));
    words.iter().filter(has).map(String::as_str).collect()
}

fn wrong(place: &str, text: &str, words: &[String]) -> Vec<String> {
    let lines = text.lines().zip(1..);
    lines
        .flat_map(|(line, at)| {
            found(line, words).into_iter().map(move |word| format!("{place}:{at}: {word}: {}", line.trim()))
        })
        .collect()
}

/// A page without its screens, which the program prints, and without the tables that list the words.
fn prose(path: &str) -> String {
    let (mut is_screen, mut is_table) = (false, false);
    let line = |line: &str| {
        is_screen = if line.starts_with("```") { line == "```console" } else { is_screen };
        is_table = if line.starts_with("## ") {
            path == "docs/development.md" && (line == "## Terms" || line.contains("tests reject"))
        } else {
            is_table
        };
        if is_screen || is_table { String::new() } else { line.to_owned() }
    };
    own_file(path).lines().map(line).collect::<Vec<_>>().join("\n")
}

fn pages() -> Vec<String> {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_dir = |dir: &str| {
        let names = std::fs::read_dir(top.join(dir)).unwrap().map(|entry| entry.unwrap());
        let files = names.filter(|entry| entry.file_type().unwrap().is_file());
        files.map(|entry| format!("{dir}/{}", entry.file_name().into_string().unwrap())).collect::<Vec<_>>()
    };
    let mut all = ["README.md", "SECURITY.md", "CHANGELOG.md", "CONTRIBUTING.md", ".pre-commit-hooks.yaml"]
        .map(str::to_owned)
        .to_vec();
    all.extend(["docs", "hooks", "packaging", "templates"].into_iter().flat_map(in_dir));
    // It is made of what `explain` prints, and the schemas have the keys of JSON.
    all.retain(|path| path != "docs/checks.md" && !path.ends_with(".json"));
    all
}

#[test]
fn pages_hooks_and_templates_have_no_rejected_word() {
    let words = rejected();
    assert!(words.len() > 40, "{words:?}");
    let wrong: Vec<String> = pages().iter().flat_map(|path| wrong(path, &prose(path), &words)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_help_has_no_rejected_word() {
    fn below(command: &clap::Command, before: &[String], all: &mut Vec<Vec<String>>) {
        all.push(before.to_vec());
        for one in command.get_subcommands().filter(|one| one.get_name() != "help") {
            below(one, &[before, &[one.get_name().to_owned()]].concat(), all);
        }
    }
    let (words, sandbox, mut commands) = (rejected(), Sandbox::new(), Vec::new());
    below(&cli::command(), &[], &mut commands);
    let mut all = Vec::new();
    for command in commands {
        let args: Vec<&str> = command.iter().map(String::as_str).chain(["--help"]).collect();
        all.extend(wrong(&args.join(" "), &sandbox.envward(&args).code(0).stdout, &words));
        let page: Vec<&str> = ["man"].into_iter().chain(command.iter().map(String::as_str)).collect();
        all.extend(wrong(&page.join(" "), &sandbox.envward(&page).code(0).stdout, &words));
    }
    assert!(all.is_empty(), "{}", all.join("\n"));
}

#[test]
fn a_check_is_explained_without_a_rejected_word() {
    let words = rejected();
    let text = |check: &checks::Check| format!("{}\n{}", check.title, check.doc);
    let wrong: Vec<String> =
        checks::ALL.iter().flat_map(|check| wrong(&format!("explain {}", check.id), &text(check), &words)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn comments_have_no_rejected_word() {
    let words = rejected();
    let comments = |text: &str| -> String {
        let is_comment = |line: &str| line.trim_start().starts_with("//");
        text.lines().map(|line| if is_comment(line) { line.to_owned() + "\n" } else { "\n".to_owned() }).collect()
    };
    let sources = super::source::sources();
    let wrong: Vec<String> = sources.iter().flat_map(|(path, text)| wrong(path, &comments(text), &words)).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The texts in the source of the screens: what stands between quotes in a line of code.
#[test]
fn screens_have_no_rejected_word() {
    let words = rejected();
    let mut wrong = Vec::new();
    for (path, text) in super::source::sources() {
        // The names of other people's files are theirs.
        if path.ends_with("tests.rs") || path == "src/env/names/mod.rs" {
            continue;
        }
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (line, at) in code
            .lines()
            .zip(1..)
            .filter(|(line, _)| !line.trim_start().starts_with("//") && !line.contains("reason = "))
        {
            let quoted: String = line.split('"').skip(1).step_by(2).collect::<Vec<_>>().join(" ");
            wrong.extend(found(&quoted, &words).into_iter().map(|word| format!("{path}:{at}: {word}: {quoted}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_rejected_word_is_found() {
    let words = ["anew", "git's history"].map(str::to_owned);
    assert_eq!(found("Make it Anew.", &words), ["anew"]);
    assert_eq!(found("in git's history", &words), ["git's history"]);
    assert_eq!(found("--anew, anewer, renew", &words), [""; 0]);
}
