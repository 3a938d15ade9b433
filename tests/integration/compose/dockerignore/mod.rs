//! `.dockerignore` against Docker's own code: Debian's package of its matcher, in a program of a page.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use envward::docker::dockerfile::ignore::DockerIgnore;
use envward::path::RelPath;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use serde_json::json;

/// How many ignore files are made up.
const FILES: usize = 4000;

/// Builds the oracle; `None` where Go or Docker's packages are missing.
fn oracle(dir: &Path) -> Option<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/compose/dockerignore/oracle.go");
    let program = dir.join("oracle");
    let versions = std::fs::read_dir("/usr/lib").ok()?.flatten().map(|entry| entry.path().join("bin/go"));
    let go = std::iter::once(PathBuf::from("go")).chain(versions.filter(|path| path.exists()));
    go.into_iter().find_map(|go| {
        let mut build = Command::new(go);
        build.arg("build").arg("-o").arg(&program).arg(&source).env("GO111MODULE", "off");
        build.env("GOPATH", "/usr/share/gocode").env("GOCACHE", dir.join("cache")).env("GOFLAGS", "");
        let built = build.stdout(Stdio::null()).stderr(Stdio::null()).status();
        built.is_ok_and(|status| status.success()).then(|| program.clone())
    })
}

/// What Docker makes of each file: for each path whether it is excluded, or nothing where it refuses the file.
fn ask(program: &Path, files: &[(String, Vec<String>)]) -> Vec<Option<Vec<bool>>> {
    let mut child = Command::new(program).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let lines: String =
        files.iter().map(|(text, paths)| format!("{}\n", json!({ "Text": text, "Paths": paths }))).collect();
    let writer = std::thread::spawn(move || input.write_all(lines.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn ours(text: &str, paths: &[String]) -> Option<Vec<bool>> {
    let ignore = DockerIgnore::parse(text.as_bytes());
    let excluded = paths.iter().map(|path| ignore.excludes(&RelPath::from(path.as_str()))).collect();
    ignore.malformed_lines().is_empty().then_some(excluded)
}

/// Few letters and many marks, so that what is made up often fits.
fn file() -> impl Strategy<Value = (String, Vec<String>)> {
    let part = prop_oneof![
        6 => "[ab]{1,2}", 3 => Just("*".to_owned()), 4 => Just("**".to_owned()), 2 => "[ab]?\\*[ab]?",
        2 => "\\*\\*[ab]{1,2}", 1 => "[ab]\\*\\*", 1 => "\\[\\^?[ab](-[bc])?\\]", 1 => "[ab]\\?", 1 => Just(".".to_owned()),
        1 => Just("..".to_owned()), 1 => Just(".env".to_owned()), 1 => "\\.env\\*", 1 => "[\\\\][a*]",
    ];
    let pattern = prop::collection::vec(part, 1..4).prop_map(|parts| parts.join("/"));
    let line =
        ("(!|! |#| |/|!/|)", pattern, "(/| |\r|)").prop_map(|(before, pattern, behind)| before + &pattern + &behind);
    let text = prop::collection::vec(line, 1..6).prop_map(|lines| lines.join("\n"));
    let path = prop::collection::vec("([abc]{1,2}|\\.env|\\.env\\.a)", 1..5).prop_map(|parts| parts.join("/"));
    (text, prop::collection::vec(path, 12))
}

#[test]
fn made_up_files_are_read_as_docker_reads_them() {
    let dir = tempfile::tempdir().unwrap();
    let Some(program) = oracle(dir.path()) else {
        return crate::common::skip("Go and Docker's packages for it are not installed (.ci/programs)");
    };
    let mut runner = TestRunner::deterministic();
    let files: Vec<(String, Vec<String>)> =
        (0..FILES).map(|_| file().new_tree(&mut runner).unwrap().current()).collect();
    let theirs = ask(&program, &files);
    assert_eq!(theirs.len(), files.len());
    let mut wrong = Vec::new();
    for ((text, paths), theirs) in files.iter().zip(&theirs) {
        let ours = ours(text, paths);
        if ours != *theirs {
            wrong.push(format!("{text:?} {paths:?}\n  docker {theirs:?}\n  ours   {ours:?}"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {FILES}\n{}",
        wrong.len(),
        wrong.iter().take(10).cloned().collect::<Vec<_>>().join("\n")
    );
    let excluded = theirs.iter().flatten().flatten().filter(|hit| **hit).count();
    let all = theirs.iter().flatten().flatten().count();
    // Made up so that both answers are common.
    assert!(excluded * 5 > all && excluded * 5 < all * 4, "{excluded} of {all}");
    assert!(theirs.iter().any(Option::is_none));
}
