//! The index reader, with git2 as the oracle; the index against HEAD.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::panic,
    clippy::disallowed_methods,
    clippy::print_stderr,
    clippy::use_debug,
    missing_docs,
    unreachable_pub,
    reason = "a test may stop at the first surprise"
)]

mod git_fixture;

use envward::git::{Change, IndexEntry, Repository};
use envward::path::RelPath;
use envward::problem::ProblemKind;
use git_fixture::{Fixture, os, wanted};

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

#[test]
fn every_version() {
    let repo = filled();
    for (number, set) in [(2, "2"), (4, "4")] {
        repo.git(&["update-index", "--index-version", set]);
        assert_eq!(version(&repo), number);
        same_as_git2(&repo);
    }
    repo.git(&["update-index", "--index-version", "2"]);
    repo.git(&["update-index", "--skip-worktree", "z"]);
    repo.write("new", "x");
    repo.git(&["add", "-N", "new"]);
    assert_eq!(version(&repo), 3);
    assert_eq!(same_as_git2(&repo).iter().filter(|entry| entry.intent_to_add).count(), 1);
    repo.git(&["update-index", "--index-version", "4"]);
    assert_eq!(same_as_git2(&repo).iter().filter(|entry| entry.intent_to_add).count(), 1);
}

#[test]
fn paths_longer_than_the_length_field() {
    let repo = Fixture::new();
    let blob = repo.line(&["hash-object", "-w", "-t", "blob", "/dev/null"]);
    for length in [4094, 4095, 4096, 5000] {
        let path = "d/".repeat(length / 2 - 1) + &"x".repeat(2 + length % 2);
        assert_eq!(path.len(), length);
        repo.git(&["update-index", "--add", "--cacheinfo", &format!("100644,{blob},{path}")]);
    }
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        assert_eq!(repo.open().index(None).unwrap().len(), 4);
        let listed = repo.git(&["ls-files", "-z"]);
        let ours: Vec<_> =
            repo.open().index(None).unwrap().iter().map(|entry| entry.path.as_bytes().to_vec()).collect();
        assert_eq!(ours.join(&0), listed[..listed.len() - 1]);
    }
}

#[test]
fn ten_thousand_entries_and_a_zero_checksum() {
    let repo = Fixture::new();
    for number in 0..10_000 {
        repo.write(format!("d{}/f{number}", number % 97), "");
    }
    repo.commit("many");
    assert_eq!(same_as_git2(&repo).len(), 10_000);
    repo.git(&["config", "index.skipHash", "true"]);
    repo.write("more", "x");
    repo.git(&["add", "more"]);
    let bytes = std::fs::read(repo.root.join(".git/index")).unwrap();
    assert!(bytes.ends_with(&[0; 20]));
    assert_eq!(repo.open().index(None).unwrap().len(), 10_001);
}

#[test]
fn split_and_sparse_indexes_are_asked_of_git() {
    let repo = filled();
    let plain = repo.open().index(None).unwrap();
    repo.git(&["update-index", "--split-index"]);
    assert_eq!(repo.open().index(None).unwrap(), plain);
    repo.git(&["update-index", "--no-split-index"]);
    repo.git(&["sparse-checkout", "set", "--cone", "--sparse-index", "nothing"]);
    let sparse = std::fs::read(repo.root.join(".git/index")).unwrap();
    assert!(sparse.windows(4).any(|word| word == b"sdir"));
    assert_eq!(repo.open().index(None).unwrap(), plain);
}

#[test]
fn no_program_of_the_repository_runs() {
    let repo = filled();
    let mark = repo.outside().join("mark");
    let program = format!("touch {}; false", mark.display());
    repo.git(&["update-index", "--split-index"]);
    for key in ["core.fsmonitor", "core.pager", "core.sshCommand", "core.editor"] {
        repo.git(&["config", key, &program]);
    }
    assert!(!repo.open().index(None).unwrap().is_empty());
    assert!(!mark.exists());
}

#[test]
fn a_broken_index_is_a_problem_and_never_a_panic() {
    let repo = filled();
    repo.git(&["add", "-N", "-f", "."]);
    for set in ["2", "4"] {
        repo.git(&["update-index", "--index-version", set]);
        let good = std::fs::read(repo.root.join(".git/index")).unwrap();
        let other = repo.outside().join("other");
        let open = repo.open();
        let read = |bytes: &[u8]| {
            std::fs::write(&other, bytes).unwrap();
            open.index(Some(&other))
        };
        assert!(read(&good).is_ok());
        for length in 0..good.len() {
            assert_eq!(read(&good[..length]).unwrap_err().kind, ProblemKind::BrokenIndex);
        }
        for at in 0..good.len() {
            let mut bad = good.clone();
            bad[at] ^= 0x55;
            assert_eq!(read(&bad).unwrap_err().kind, ProblemKind::BrokenIndex);
        }
    }
}

#[test]
fn another_index_file_and_none() {
    let repo = Fixture::new();
    assert_eq!(repo.open().index(None), Ok(vec![]));
    assert_eq!(repo.open().staged(None, &wanted), Ok(vec![]));
    repo.write(".env", "x");
    let other = repo.outside().join("other");
    let mut add = repo.command(&repo.root);
    assert!(add.env("GIT_INDEX_FILE", &other).args(["add", ".env"]).status().unwrap().success());
    assert_eq!(repo.open().index(None), Ok(vec![]));
    assert_eq!(repo.open().index(Some(&other)).unwrap().len(), 1);
    let staged = repo.open().staged(Some(&other), &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None), "the first commit");
}

#[test]
fn a_linked_work_tree_has_its_own() {
    let repo = filled();
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.outside().join("linked");
    std::fs::write(linked.join(".env.linked"), "x").unwrap();
    repo.git_in(&linked, &["add", ".env.linked"]);
    let staged = |dir| git_fixture::open(dir).staged(None, &|path| path.as_bytes() == b".env.linked").unwrap().len();
    assert_eq!((staged(&repo.root), staged(&linked)), (0, 1));
}

#[test]
fn staged_against_head() {
    let repo = filled();
    repo.write("a/b/.env", "changed");
    repo.write(".env", "new");
    repo.write(".env.later", "x");
    repo.git(&["add", "a/b/.env", ".env"]);
    repo.git(&["add", "-N", ".env.later"]);
    repo.git(&["mv", "a/b/.env.local", ".env.moved"]);
    repo.write("a/b/.env", "the work tree is another matter");
    let staged = repo.open().staged(None, &wanted).unwrap();
    let found: Vec<_> = staged.iter().map(|entry| (entry.path.clone(), entry.change)).collect();
    let path = RelPath::from;
    assert_eq!(
        found,
        [(path(".env"), Change::Added), (path(".env.moved"), Change::Added), (path("a/b/.env"), Change::Modified)]
    );
    assert_eq!(staged[2].head, Some(repo.id("HEAD:a/b/.env")));
    assert_eq!(staged[2].blob, repo.id(":a/b/.env"));
    repo.git(&["commit", "-q", "-m", "x"]);
    let staged = repo.open().staged(None, &wanted).unwrap();
    assert!(staged.iter().all(|entry| entry.change == Change::Unchanged));
}

#[test]
fn a_file_that_was_a_directory_in_head() {
    let repo = Fixture::new();
    repo.commit_file(".env/inner", "x");
    std::fs::remove_dir_all(repo.root.join(".env")).unwrap();
    repo.write(".env", "x");
    repo.git(&["add", "-A"]);
    let staged = repo.open().staged(None, &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None));
}

#[test]
fn a_head_that_names_nothing_is_a_problem() {
    let repo = filled();
    repo.write(".git/refs/heads/main", format!("{}\n", "1234567890".repeat(4)));
    let open: Repository = repo.open();
    assert!(open.staged(None, &wanted).is_err());
}
