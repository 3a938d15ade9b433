//! Read.

use super::*;
use crate::git::fixture;

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

/// Whatever was added, changed, removed or is in conflict since the shared index was written.
#[test]
fn a_split_index_after_many_changes() {
    for version in ["2", "4"] {
        let repo = Fixture::new();
        for number in 0..150 {
            repo.write(format!("d{}/f{number}", number % 7), format!("{number}"));
        }
        repo.commit("start");
        repo.git(&["update-index", "--index-version", version]);
        repo.git(&["config", "splitIndex.maxPercentChange", "100"]);
        repo.git(&["update-index", "--split-index"]);
        for round in 0..12_usize {
            for number in (round..150).step_by(17) {
                let path = format!("d{}/f{number}", number % 7);
                match (number + round) % 4 {
                    0 => drop(repo.git(&["update-index", "--force-remove", &path])),
                    1 => repo.write(format!("new/{round}/{number}"), "new"),
                    _ => repo.write(&path, format!("{round} {number}")),
                }
            }
            repo.git(&["add", "-A", "d1", "d2", "d3"]);
            repo.write(format!("meant{round}"), "x");
            repo.git(&["add", "-N", &format!("meant{round}")]);
            assert_eq!(listed_by_us(&repo), listed_by_git(&repo), "version {version}, round {round}");
        }
        let meant = repo.open().index(None).unwrap().iter().filter(|entry| entry.intent_to_add).count();
        assert_eq!(meant, 12);
        let index = std::fs::read(repo.root.join(".git/index")).unwrap();
        assert!(index.windows(4).any(|word| word == b"link"), "it is still split");
        // Without the shared one there is no answer.
        for file in repo.root.join(".git").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
            if file.file_name().unwrap().to_string_lossy().starts_with("sharedindex.") {
                std::fs::remove_file(file).unwrap();
            }
        }
        assert_eq!(repo.open().index(None).unwrap_err().kind, ProblemKind::BrokenIndex);
    }
}

#[test]
fn split_and_sparse_indexes() {
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
    assert_eq!(fixture::staged(&repo.open(), None, &wanted), Ok(vec![]));
    repo.write(".env", "x");
    let other = repo.outside().join("other");
    let mut add = repo.command(&repo.root);
    assert!(add.env("GIT_INDEX_FILE", &other).args(["add", ".env"]).status().unwrap().success());
    assert_eq!(repo.open().index(None), Ok(vec![]));
    assert_eq!(repo.open().index(Some(&other)).unwrap().len(), 1);
    let staged = fixture::staged(&repo.open(), Some(&other), &wanted).unwrap();
    assert_eq!((staged[0].change, staged[0].head), (Change::Added, None), "the first commit");
}

#[test]
fn a_linked_work_tree_has_its_own() {
    let repo = filled();
    repo.git(&["worktree", "add", "-q", "../linked"]);
    let linked = repo.outside().join("linked");
    std::fs::write(linked.join(".env.linked"), "x").unwrap();
    repo.git_in(&linked, &["add", ".env.linked"]);
    let staged =
        |dir| fixture::staged(&fixture::open(dir), None, &|path| path.as_bytes() == b".env.linked").unwrap().len();
    assert_eq!((staged(&repo.root), staged(&linked)), (0, 1));
}
