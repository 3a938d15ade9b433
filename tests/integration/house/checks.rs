//! Nothing is forgotten: every check is listed and documented, every test file is a test, every document is fresh.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::common::golden::assert_fresh;
use crate::common::{Sandbox, own_file};
use envward::check::{Check, Group};
use envward::checks;

const SECTIONS: [&str; 4] = ["## What it does", "## Why it matters", "## What to do", "## Facts"];

#[test]
fn every_check_file_is_listed() {
    let groups = directories("src/checks");
    let in_group = |group: &String| {
        let dir = format!("src/checks/{group}");
        rust_files(&dir).into_iter().map(move |name| format!("{dir}/{name}.rs"))
    };
    let holds_check = |path: &String| own_file(path).contains("static CHECK: Check");
    let files: BTreeSet<String> = groups.iter().flat_map(in_group).filter(holds_check).collect();
    let listed: BTreeSet<String> = checks::ALL.iter().copied().map(file_of).collect();
    let either: Vec<&String> = files.symmetric_difference(&listed).collect();
    assert_eq!(
        either, [""; 0],
        "a file with a CHECK that its group does not list, or a check in another file than its own"
    );
}

/// The file of a check: its group is its folder.
fn file_of(check: &Check) -> String {
    let group = match check.group {
        Group::Agent => "agent",
        Group::EnvFile => "env_file",
        Group::Secret => "secret",
        Group::Git => "git",
        Group::Compose => "compose",
        Group::Dockerfile => "dockerfile",
        Group::Deployment => "deployment",
        Group::Running => "running",
        Group::Rotation => "rotation",
        Group::Trace => "trace",
    };
    format!("src/checks/{group}/{}.rs", check.id.replace('-', "_"))
}

/// What the program knows of a check stands in the check's own file: elsewhere a check is named by its `CHECK`, which the
/// compiler knows, and not by a text, which may be misspelt.
#[test]
fn a_check_is_named_by_text_in_its_own_file_alone() {
    let mut wrong = Vec::new();
    for path in files_below("src") {
        let text = own_file(&path);
        for check in checks::ALL.iter().filter(|check| path != file_of(check)) {
            let lines = text.lines().zip(1..).filter(|(line, _)| names_by_text(line, check.id));
            wrong.extend(lines.map(|(_, number)| format!("{path}:{number}: {}", check.id)));
        }
    }
    assert_eq!(wrong, [""; 0]);
}

/// Whether a line has a check's id as a text. A line of an example's `envward.toml` may: there the id is what a person
/// writes, and the example is run.
fn names_by_text(line: &str, id: &str) -> bool {
    line.contains(&format!("\"{id}\"")) && line.trim() != format!("check = \"{id}\"")
}

#[test]
fn check_ids_are_kebab_case_unique_and_sorted() {
    let ids: Vec<&str> = checks::ALL.iter().map(|check| check.id).collect();
    let sorted: Vec<&str> = ids.iter().copied().collect::<BTreeSet<_>>().into_iter().collect();
    assert_eq!(ids, sorted);
    let wrong: Vec<&str> = ids.into_iter().filter(|id| !is_kebab_case(id)).collect();
    assert_eq!(wrong, [""; 0], "not kebab-case");
}

#[test]
fn every_check_is_documented() {
    let mut wrong = Vec::new();
    for check in checks::ALL.iter() {
        let mut complain = |what: String| wrong.push(format!("{}: {what}", check.id));
        if !is_one_plain_line(check.title) {
            complain(format!("the title is not one lower-case line without a full stop: {:?}", check.title));
        }
        let sections: Vec<&str> = check.doc.lines().filter(|line| line.starts_with("## ")).collect();
        if sections != SECTIONS {
            complain(format!("sections are {sections:?}, not {SECTIONS:?}"));
        }
        for empty in empty_sections(check.doc) {
            complain(format!("{empty:?} is empty"));
        }
        for (name, examples) in [("bad", check.bad), ("good", check.good)] {
            if examples.is_empty() {
                complain(format!("has no {name} example"));
            }
            for example in examples.iter().filter(|example| !is_one_plain_line(example.about)) {
                complain(format!("a {name} example is described by {:?}", example.about));
            }
        }
        if check.kinds.is_empty() {
            complain("looks at nothing".to_owned());
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_documentation_of_checks_is_fresh() {
    let sandbox = Sandbox::new();
    assert_fresh("docs/checks.md", &sandbox.envward(&["explain", "--all"]).code(0).stdout);
}

/// A file that no module names is not compiled, and its tests are forgotten.
#[test]
fn every_test_file_is_run() {
    let manifest = own_file("Cargo.toml");
    assert!(!manifest.contains("autotests"), "cargo finds tests/integration by itself");
    assert_eq!(rust_files("tests"), BTreeSet::new(), "a test program of its own: put it into tests/integration");
    let mut dirs = vec!["tests/integration".to_owned()];
    while let Some(dir) = dirs.pop() {
        let below = directories(&dir).into_iter().map(|name| (name.clone(), format!("{dir}/{name}")));
        let below: Vec<_> = below.filter(|(_, path)| !rust_files(path).is_empty()).collect();
        let own = rust_files(&dir);
        let root = ["mod", "main"].into_iter().find(|name| own.contains(*name));
        let Some(root) = root else { panic!("{dir}: no mod.rs names its files") };
        let modules = own_file(&format!("{dir}/{root}.rs"));
        for name in own.iter().filter(|name| *name != root).chain(below.iter().map(|(name, _)| name)) {
            assert!(modules.contains(&format!("mod {name};")), "{dir}/{root}.rs does not name {name}");
        }
        for name in &own {
            let text = own_file(&format!("{dir}/{name}.rs"));
            assert!(!text.contains(concat!("#[", "ignore")), "{dir}/{name}.rs: an ignored test is a forgotten one");
        }
        dirs.extend(below.into_iter().map(|(_, path)| path));
    }
}

#[test]
fn the_judges_of_this_file_can_fail() {
    assert!(is_kebab_case("env-file-mode"));
    for id in ["", "Env-file", "env_file", "env--file", "-env", "env-", "env file"] {
        assert!(!is_kebab_case(id), "{id:?}");
    }
    assert!(is_one_plain_line("an env file that others can read"));
    assert!(is_one_plain_line(".env is readable by others"));
    assert!(is_one_plain_line("Docker Compose rewrites the value"), "a name keeps its capital");
    for line in ["", "Others can read it", "others can read it.", "two\nlines", " blank "] {
        assert!(!is_one_plain_line(line), "{line:?}");
    }
    assert!(names_by_text("        \"env-file-mode\" => 1,", "env-file-mode"));
    assert!(!names_by_text("check = \"env-file-mode\"", "env-file-mode"));
    assert!(!names_by_text("see `env-file-mode`", "env-file-mode"));
    assert_eq!(empty_sections("## One\n\ntext\n\n## Two\n\n## Three\n"), ["## Two", "## Three"]);
}

/// The names, without `.rs`, of the Rust files directly in a directory of the repository.
fn rust_files(dir: &str) -> BTreeSet<String> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(dir);
    let entries = fs::read_dir(&dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect()
}

/// The paths of the Rust files below a directory of the repository.
fn files_below(dir: &str) -> Vec<String> {
    let own = rust_files(dir).into_iter().map(|name| format!("{dir}/{name}.rs"));
    let below = directories(dir).into_iter().flat_map(|name| files_below(&format!("{dir}/{name}")));
    own.chain(below).collect()
}

/// The directories directly in one of the repository.
fn directories(dir: &str) -> Vec<String> {
    let entries = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join(dir)).unwrap();
    let dirs = entries.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    dirs.map(|entry| entry.file_name().into_string().unwrap()).collect()
}

fn is_kebab_case(id: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    id.split('-').all(is_word)
}

/// One line, trimmed, no full stop, and lower case but for a name at its start.
fn is_one_plain_line(text: &str) -> bool {
    const NAMES: [&str; 6] = ["Docker", "Compose", "Git", "GitHub", "POSIX", "UTF-8"];
    let first = text.split(' ').next().unwrap_or_default();
    let starts_low = !first.starts_with(|start: char| start.is_uppercase()) || NAMES.contains(&first);
    !text.is_empty() && text.trim() == text && !text.contains('\n') && !text.ends_with('.') && starts_low
}

/// The headings below which nothing stands.
fn empty_sections(doc: &str) -> Vec<&str> {
    let lines: Vec<&str> = doc.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let is_heading = |line: &str| line.starts_with("## ");
    let followed = lines.iter().skip(1).map(|line| !is_heading(line)).chain([false]);
    lines.iter().zip(followed).filter(|(line, has_text)| is_heading(line) && !has_text).map(|(line, _)| *line).collect()
}
