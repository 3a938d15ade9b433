//! Paths.

use super::*;
use crate::git::fixture;

#[test]
fn one_path_from_its_first_commit_to_its_removal() {
    let repo = Fixture::new();
    repo.commit_file("README", "x");
    let first = repo.commit_file("app/.env", "one");
    repo.commit_file("other", "x");
    let second = repo.commit_file("app/.env", "two");
    let gone = repo.commit_removal("app/.env");
    repo.commit_file("last", "x");

    let history = repo.whole_history();
    let env = at(&history, "app/.env");
    assert_eq!((added(env), changed(env), removed(env)), (Some(first), Some(second), Some(gone)));
    assert_eq!((env.reach, names(env)), (Reach::Ref, vec!["refs/heads/main".to_owned()]));
    let blobs: Vec<_> = env.blobs.iter().map(|blob| blob.id).collect();
    let text = |commit: envward::git::Oid| repo.id(&format!("{commit}:app/.env"));
    assert_eq!(blobs, [text(first), text(second)]);
    assert_eq!(env.blobs[1].first.as_ref().unwrap().id, second);
    let commit = env.added.as_ref().unwrap();
    assert_eq!(commit.author.0, b"An AUTHOR");
    assert_eq!(commit.time.as_second().to_string(), repo.line(&["log", "-1", "--format=%ct", &first.to_string()]));
    assert_eq!(history.commits, 6);
    assert_eq!(paths(&history), repo.paths_by_git());
}

#[test]
fn a_path_that_came_back() {
    let repo = Fixture::new();
    let first = repo.commit_file(".env", "one");
    repo.commit_removal(".env");
    let again = repo.commit_file(".env", "one");
    let history = repo.whole_history();
    let env = at(&history, ".env");
    assert_eq!((added(env), changed(env), removed(env)), (Some(first), Some(again), None));
    assert_eq!((env.reach, env.blobs.len()), (Reach::Head, 1));
}

#[test]
fn renames_modes_and_links() {
    let repo = Fixture::new();
    let first = repo.commit_file(".env", "one");
    repo.git(&["mv", ".env", ".env.bak"]);
    let moved = repo.commit("rename");
    repo.git(&["update-index", "--chmod=+x", ".env.bak"]);
    repo.git(&["commit", "-q", "-m", "mode"]);
    std::os::unix::fs::symlink("target", repo.root.join(".env.link")).unwrap();
    repo.git(&["add", "-f", ".env.link"]);
    repo.git(&["commit", "-q", "-m", "link"]);

    let history = repo.whole_history();
    assert_eq!((added(at(&history, ".env")), removed(at(&history, ".env"))), (Some(first), Some(moved)));
    let bak = at(&history, ".env.bak");
    assert_eq!((added(bak), changed(bak)), (Some(moved), Some(moved)), "a mode is no content");
    assert_eq!(bak.blobs.iter().map(|blob| blob.mode).collect::<Vec<_>>(), [0o100_644, 0o100_755]);
    assert_eq!((bak.blobs[0].reach, bak.blobs[1].reach), (Reach::Ref, Reach::Head));
    assert_eq!(at(&history, ".env.link").blobs[0].mode, 0o120_000);
}

#[test]
fn directories_and_submodules_of_that_name_are_no_entries() {
    let repo = Fixture::new();
    let head = repo.commit_file(".env/bin/.env.local", "x");
    repo.git(&["update-index", "--add", "--cacheinfo", &format!("160000,{head},.env.sub")]);
    repo.git(&["commit", "-q", "-m", "sub"]);
    assert_eq!(paths(&repo.whole_history()), [RelPath::from(".env/bin/.env.local")].into());
}

#[test]
fn a_merge_reads_as_a_person_reads_it() {
    let repo = Fixture::new();
    repo.commit_file("a", "x");
    repo.git(&["checkout", "-q", "-b", "side"]);
    let side = repo.commit_file(".env", "side");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("b", "x");
    repo.git(&["merge", "-q", "--no-ff", "--no-commit", "side"]);
    repo.write(".env.evil", "only here");
    let merge = repo.commit("merge");
    let gone = repo.commit_removal(".env.evil");

    let history = repo.whole_history();
    let (env, evil) = (at(&history, ".env"), at(&history, ".env.evil"));
    assert_eq!((added(env), changed(env), removed(env)), (Some(side), Some(side), None));
    assert_eq!(names(env), ["refs/heads/main", "refs/heads/side"]);
    assert_eq!((added(evil), removed(evil), names(evil)), (Some(merge), Some(gone), vec!["refs/heads/main".into()]));
    assert_eq!(paths(&history), repo.paths_by_git());
}

#[test]
fn a_conflict_resolved_in_the_merge() {
    let repo = Fixture::new();
    repo.commit_file(".env", "base");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file(".env", "side");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file(".env", "main");
    assert!(!repo.try_git_in(&repo.root, &["merge", "-q", "side"]).status.success());
    let mut stages: Vec<_> = repo.open().index(None).unwrap().iter().map(|entry| entry.stage).collect();
    stages.sort_unstable();
    assert_eq!(stages, [1, 2, 3]);
    assert_eq!(fixture::staged(&repo.open(), None, &fixture::wanted).unwrap().len(), 3);
    let merge = repo.commit_file(".env", "both");
    let history = repo.whole_history();
    assert_eq!(changed(at(&history, ".env")), Some(merge));
    let blobs = &at(&history, ".env").blobs;
    // And the text with the conflict's marks, in a tree that git made on the way and no commit has.
    assert_eq!((blobs.len(), blobs.iter().filter(|blob| blob.first.is_none()).count()), (5, 1));
}
