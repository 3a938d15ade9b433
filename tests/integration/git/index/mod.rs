//! The index reader, with git2 as the oracle; the index against HEAD.

mod changes;
mod extensions;
mod read;

use crate::git::fixture::{Fixture, os, wanted};
use envward::git::{Care, Change, Index, IndexEntry, Repository};
use envward::path::RelPath;
use envward::problem::ProblemKind;

const INTENT_TO_ADD: u16 = 1 << 13;

#[track_caller]
fn same_as_git2(repo: &Fixture) -> Vec<IndexEntry> {
    let ours = repo.open().index(None).unwrap();
    let theirs = git2::Repository::open(&repo.root).unwrap().index().unwrap();
    let theirs: Vec<_> = theirs
        .iter()
        .map(|entry| {
            let stage = u8::try_from(entry.flags >> 12 & 3).unwrap();
            (entry.path, entry.id.to_string(), entry.mode, stage, entry.flags_extended & INTENT_TO_ADD != 0)
        })
        .collect();
    let plain = |entry: &IndexEntry| {
        (entry.path.as_bytes().to_vec(), entry.blob.to_string(), entry.mode, entry.stage, entry.intent_to_add)
    };
    assert_eq!(ours.iter().map(plain).collect::<Vec<_>>(), theirs);
    ours
}

fn version(repo: &Fixture) -> u8 {
    std::fs::read(repo.root.join(".git/index")).unwrap()[7]
}

fn filled() -> Fixture {
    let repo = Fixture::new();
    for name in ["a.b", "a/b/.env", "a/b/.env.local", "a/bc", "a0", "z"] {
        repo.write(name, name);
    }
    repo.write(os(b"\xff/\xfe"), "x");
    std::os::unix::fs::symlink("z", repo.root.join("link")).unwrap();
    repo.commit("first");
    repo
}

/// The entries as `git ls-files` has them.
fn listed_by_git(repo: &Fixture) -> Vec<String> {
    let text = repo.git(&["ls-files", "--stage", "-z"]);
    text.split(|byte| *byte == 0)
        .filter(|line| !line.is_empty())
        .map(|line| String::from_utf8_lossy(line).into())
        .collect()
}

fn listed_by_us(repo: &Fixture) -> Vec<String> {
    let entries = repo.open().index(None).unwrap();
    entries.iter().map(|entry| format!("{:06o} {} {}\t{}", entry.mode, entry.blob, entry.stage, entry.path)).collect()
}

fn by_us(repo: &Fixture, care: Care) -> Vec<(Vec<u8>, String)> {
    let open = repo.open();
    let index = open.read_index(None, care).unwrap();
    let changes = open.changes(&index, &[], &|_| false).unwrap();
    let mut found: Vec<_> =
        changes.into_iter().map(|entry| (entry.path.as_bytes().to_vec(), entry.blob.to_string())).collect();
    found.sort();
    found
}

/// Puts one side of a conflict into the index, as a merge does; the first takes the path's plain entry out.
fn conflict(repo: &Fixture, path: &str, stage: u8, text: Option<String>) {
    if stage == 1 {
        repo.git(&["update-index", "--force-remove", path]);
    }
    let Some(text) = text else { return };
    repo.write("side", text);
    let blob = repo.line(&["hash-object", "-w", "side"]);
    let mut update = repo.command(&repo.root);
    update.args(["update-index", "--index-info"]).stdin(std::process::Stdio::piped());
    let mut update = update.spawn().unwrap();
    std::io::Write::write_all(&mut update.stdin.take().unwrap(), format!("100644 {blob} {stage}\t{path}\n").as_bytes())
        .unwrap();
    assert!(update.wait().unwrap().success());
}
