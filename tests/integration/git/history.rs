//! Attribution, with git as the oracle and with answers worked out by hand.

use super::fixture::{Fixture, added, at, changed, names, os, paths, removed};
use envward::git::Reach;
use envward::path::RelPath;
use envward::problem::ProblemKind;

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
    assert_eq!(repo.open().staged(None, &super::fixture::wanted).unwrap().len(), 3);
    let merge = repo.commit_file(".env", "both");
    let history = repo.whole_history();
    assert_eq!(changed(at(&history, ".env")), Some(merge));
    let blobs = &at(&history, ".env").blobs;
    // And the text with the conflict's marks, in a tree that git made on the way and no commit has.
    assert_eq!((blobs.len(), blobs.iter().filter(|blob| blob.first.is_none()).count()), (5, 1));
}

#[test]
fn every_kind_of_ref() {
    let repo = Fixture::new();
    let base = repo.commit_file("README", "x").to_string();
    for (name, path) in [
        ("refs/heads/other", ".env.branch"),
        ("refs/tags/light", ".env.light"),
        ("refs/pull/7/head", ".env.pull"),
        ("refs/replace/strange", ".env.strange"),
    ] {
        repo.git(&["checkout", "-q", "--detach", &base]);
        let id = repo.commit_file(path, name).to_string();
        repo.git(&["update-ref", name, &id]);
    }
    repo.git(&["checkout", "-q", "--detach", &base]);
    repo.commit_file(".env.tagged", "x");
    repo.git(&["tag", "-a", "-m", "x", "inner"]);
    repo.git(&["tag", "-a", "-m", "x", "outer", "inner"]);
    repo.git(&["update-ref", "-d", "refs/tags/inner"]);
    repo.git(&["checkout", "-q", "--orphan", "orphan"]);
    repo.git(&["rm", "-rfq", "."]);
    repo.commit_file(".env.orphan", "x");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("loose", "blob");
    let blob = repo.line(&["hash-object", "-w", "loose"]);
    repo.git(&["tag", "-a", "-m", "x", "blob", &blob]);
    repo.git(&["notes", "add", "-m", "note"]);
    repo.git(&["reflog", "expire", "--expire=now", "--all"]);
    repo.git(&["pack-refs", "--all"]);

    let history = repo.whole_history();
    for (path, name) in [
        (".env.branch", "refs/heads/other"),
        (".env.light", "refs/tags/light"),
        (".env.pull", "refs/pull/7/head"),
        (".env.strange", "refs/replace/strange"),
        (".env.tagged", "refs/tags/outer"),
    ] {
        assert_eq!(names(at(&history, path)), [name]);
        assert_eq!(at(&history, path).reach, Reach::Ref);
        assert_eq!(removed(at(&history, path)), None);
    }
    assert!(names(at(&history, ".env.orphan")).contains(&"refs/heads/orphan".to_owned()));
    assert_eq!(history.nameless.len(), 1);
    assert_eq!(history.nameless[0].refs[0].to_string(), "refs/tags/blob");
    assert_eq!((history.nameless[0].id.to_string(), history.nameless[0].reach), (blob, Reach::Ref));
    // A note's name is an id; its text alone is judged.
    let note = history.paths.iter().find(|path| path.is_numbered).unwrap();
    assert_eq!(
        (note.path.to_string(), names(note)),
        (repo.line(&["rev-parse", "HEAD"]), vec!["refs/notes/commits".into()])
    );
    let mut others = paths(&history);
    others.remove(&note.path);
    assert_eq!(others, repo.paths_by_git());
}

#[test]
fn a_tree_that_no_commit_has() {
    let repo = Fixture::new();
    repo.commit_file("README", "x");
    repo.write("deep/.env", "x");
    repo.git(&["add", "-f", "deep/.env"]);
    let tree = repo.line(&["write-tree"]);
    repo.git(&["tag", "-a", "-m", "x", "tree", &tree]);
    repo.git(&["reset", "-q", "--hard"]);
    let history = repo.whole_history();
    let env = at(&history, "deep/.env");
    assert_eq!((added(env), changed(env), removed(env)), (None, None, None));
    assert_eq!((env.reach, names(env)), (Reach::Ref, vec!["refs/tags/tree".to_owned()]));
    assert_eq!(env.blobs[0].first, None);
}

#[test]
fn stashes_new_old_and_untracked() {
    let repo = Fixture::new();
    repo.commit_file(".env", "one");
    repo.write(".env", "stashed first");
    repo.git(&["stash", "-q"]);
    repo.write(".env.untracked", "x");
    repo.git(&["stash", "-q", "-u"]);
    let history = repo.whole_history();
    let untracked = at(&history, ".env.untracked");
    assert_eq!((untracked.reach, names(untracked)), (Reach::Stash, vec!["refs/stash".to_owned()]));
    let env = at(&history, ".env");
    assert_eq!(env.blobs.iter().map(|blob| blob.reach).collect::<Vec<_>>(), [Reach::Head, Reach::Stash]);
}

#[test]
fn what_only_a_reflog_remembers() {
    let repo = Fixture::new();
    repo.commit_file("README", "x");
    let amended = repo.commit_file(".env.amended", "x");
    repo.git(&["rm", "-q", "--cached", "-f", ".env.amended"]);
    repo.git(&["commit", "-q", "--amend", "--allow-empty", "-m", "amended"]);
    std::fs::remove_file(repo.root.join(".env.amended")).unwrap();
    repo.commit_file(".env.reset", "x");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    let history = repo.whole_history();
    for path in [".env.amended", ".env.reset"] {
        let found = at(&history, path);
        assert_eq!((found.reach, names(found), removed(found)), (Reach::Reflog, vec![], None));
    }
    assert_eq!(added(at(&history, ".env.amended")), Some(amended));
    assert_eq!(paths(&history), repo.paths_by_git());

    // Pruned by git itself: nothing is wrong, nothing is there.
    std::fs::remove_file(repo.root.join(".git/ORIG_HEAD")).unwrap();
    let logs = repo.root.join(".git/logs");
    let away = repo.root.join(".git/away");
    std::fs::rename(&logs, &away).unwrap();
    repo.git(&["prune", "--expire=now"]);
    std::fs::rename(&away, &logs).unwrap();
    assert_eq!(paths(&repo.whole_history()), [].into());
}

#[test]
fn half_done_operations() {
    let repo = Fixture::new();
    let base = repo.commit_file("README", "x");
    let fetched = repo.commit_file(".env.fetched", "x");
    let picked = repo.commit_file(".env.autostash", "x");
    repo.git(&["reset", "-q", "--hard", &base.to_string()]);
    std::fs::remove_dir_all(repo.root.join(".git/logs")).unwrap();
    repo.git(&["update-ref", "-d", "ORIG_HEAD"]);
    let reach = |path: &str| at(&repo.whole_history(), path).reach;
    assert_eq!((reach(".env.fetched"), reach(".env.autostash")), (Reach::Unreachable, Reach::Unreachable));
    repo.write(".git/FETCH_HEAD", format!("{base}\tx\n{fetched}\tnot-for-merge\tbranch 'x' of y\n"));
    assert_eq!((reach(".env.fetched"), reach(".env.autostash")), (Reach::Reflog, Reach::Unreachable));
    repo.write(".git/rebase-merge/autostash", format!("{picked}\n"));
    assert_eq!(at(&repo.whole_history(), ".env.autostash").reach, Reach::Reflog);
}

#[test]
fn a_linked_work_tree_with_a_detached_head() {
    let repo = Fixture::new();
    let base = repo.commit_file("README", "x");
    repo.git(&["worktree", "add", "-q", "--detach", "../linked"]);
    let linked = repo.outside().join("linked");
    std::fs::write(linked.join(".env"), "x").unwrap();
    repo.git_in(&linked, &["add", "-f", ".env"]);
    repo.git_in(&linked, &["commit", "-q", "-m", "x"]);
    for dir in [&repo.root, &linked] {
        let history = super::fixture::history_of(&super::fixture::open(dir));
        assert_eq!(history.problems, []);
        let env = at(&history, ".env");
        assert_eq!((env.reach, names(env)), (Reach::Head, vec!["worktrees/linked/HEAD".to_owned()]));
    }
    repo.git_in(&linked, &["update-ref", "refs/worktree/own", "HEAD"]);
    repo.git_in(&linked, &["checkout", "-q", "--detach", &base.to_string()]);
    let history = repo.whole_history();
    assert_eq!(names(at(&history, ".env")), ["worktrees/linked/refs/worktree/own"]);
    assert_eq!(paths(&history), repo.paths_by_git());
}

#[test]
fn a_detached_head_is_named() {
    let repo = Fixture::new();
    repo.commit_file("README", "x");
    repo.git(&["checkout", "-q", "--detach"]);
    repo.commit_file(".env", "x");
    assert_eq!(names(at(&repo.whole_history(), ".env")), ["HEAD"]);
}

#[test]
fn a_replaced_commit_and_a_graft_hide_nothing() {
    let repo = Fixture::new();
    let base = repo.commit_file("README", "x");
    let leak = repo.commit_file(".env", "x");
    repo.commit_removal(".env");
    repo.git(&["replace", &leak.to_string(), &base.to_string()]);
    repo.write(".git/info/grafts", format!("{}\n", repo.id("HEAD")));
    let history = repo.whole_history();
    assert_eq!(added(at(&history, ".env")), Some(leak));
}

#[test]
fn names_of_all_sorts() {
    let repo = Fixture::new();
    let named: [&[u8]; 5] = [b"a b/.env", b".ENV.upper", b"new\nline/.env", b"\xff\xfe/.env.\xe9", b".env "];
    for name in named {
        repo.write(os(name), "x");
    }
    repo.commit("names");
    let history = repo.whole_history();
    assert_eq!(paths(&history), named.into_iter().map(RelPath::new).collect());
    assert_eq!(paths(&history), repo.paths_by_git());
}

#[test]
fn nothing_yet() {
    let history = Fixture::new().whole_history();
    assert_eq!((history.paths.len(), history.commits), (0, 0));
}

#[test]
fn packed_and_loose_give_the_same() {
    let repo = Fixture::new();
    for count in 0..30 {
        repo.commit_file(&format!("dir{}/.env", count % 3), &"line\n".repeat(50 + count));
    }
    let loose = repo.whole_history();
    repo.git(&["gc", "-q"]);
    assert_eq!(loose.paths, repo.whole_history().paths);
}

#[test]
fn a_broken_ref_is_a_problem_and_the_rest_is_read() {
    let repo = Fixture::new();
    repo.commit_file(".env", "x");
    repo.write(".git/refs/heads/garbage", "no id\n");
    repo.write(".git/refs/heads/empty", "");
    nix::unistd::mkfifo(&repo.root.join(".git/refs/heads/fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
    repo.write(".git/refs/heads/absent", format!("{}\n", "1234567890".repeat(4)));
    repo.write(".git/refs/heads/dangling", "ref: refs/heads/nothing\n");
    repo.write(".git/logs/refs/heads/bad", "no log\n");
    let history = repo.history();
    let named = |kind: ProblemKind| -> Vec<String> {
        let problems = history.problems.iter().filter(|problem| problem.kind == kind);
        problems.map(|problem| problem.path.clone().unwrap().to_string()).collect()
    };
    assert_eq!(named(ProblemKind::NotAFile), ["refs/heads/fifo"]);
    let broken = ["logs/refs/heads/bad", "refs/heads/absent", "refs/heads/empty", "refs/heads/garbage"];
    assert_eq!(named(ProblemKind::BrokenRef), broken);
    assert_eq!(history.problems.len(), 5);
    assert_eq!(paths(&history).len(), 1);
}

#[test]
fn missing_and_corrupt_objects_are_problems_and_the_rest_is_read() {
    let repo = Fixture::new();
    repo.commit_file("one/.env", "x");
    repo.commit_file("two/.env", "x2");
    repo.commit_file("three/.env", "x3");
    let git_dir = repo.root.join(".git");
    let (tree, second) = (repo.id("HEAD:one"), repo.id("HEAD:two"));
    std::fs::remove_file(super::fixture::loose(&git_dir, tree)).unwrap();
    let file = super::fixture::loose(&git_dir, second);
    std::fs::remove_file(&file).unwrap();
    std::fs::write(&file, "no zlib").unwrap();
    let history = repo.history();
    let found: Vec<_> = history.problems.iter().map(|problem| (problem.kind, problem.path.clone())).collect();
    let id = |id: envward::git::Oid| Some(RelPath::from(id.to_string().as_str()));
    assert_eq!(found, [(ProblemKind::CorruptObject, id(second)), (ProblemKind::MissingObject, id(tree))]);
    assert_eq!(paths(&history), [RelPath::from("three/.env")].into());
}

#[test]
fn an_object_under_a_wrong_id_is_corrupt() {
    let repo = Fixture::new();
    repo.commit_file("one/.env", "x");
    repo.commit_file("two/other", "x");
    let git_dir = repo.root.join(".git");
    let (env, other) = (repo.id("HEAD:one"), repo.id("HEAD:two"));
    let (to, from) = (super::fixture::loose(&git_dir, env), super::fixture::loose(&git_dir, other));
    std::fs::remove_file(&to).unwrap();
    std::fs::copy(from, to).unwrap();
    assert_eq!(
        repo.history().problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(),
        [ProblemKind::CorruptObject]
    );
}

#[test]
fn a_missing_commit_leaves_the_first_adder_unknown() {
    let repo = Fixture::new();
    let first = repo.commit_file(".env", "x");
    let second = repo.commit_file("other", "x");
    std::fs::remove_file(super::fixture::loose(&repo.root.join(".git"), first)).unwrap();
    let history = repo.history();
    assert_eq!(history.problems.len(), 1);
    let env = at(&history, ".env");
    assert_eq!((added(env), env.blobs[0].first.as_ref().map(|commit| commit.id)), (None, Some(second)));
}

#[test]
fn shallow_clones_say_so_once() {
    let repo = Fixture::new();
    repo.commit_file(".env", "x");
    repo.commit_file("a", "x");
    repo.commit_file("b", "x");
    let url = format!("file://{}", repo.root.display());
    let clone = repo.outside().join("clone");
    repo.git_in(&repo.outside(), &["clone", "-q", "--depth=2", &url, "clone"]);
    let clone = super::fixture::open(&clone);
    assert_eq!(clone.gaps().iter().map(|gap| gap.kind).collect::<Vec<_>>(), [ProblemKind::ShallowClone]);
    let history = super::fixture::history_of(&clone);
    assert_eq!((history.problems.as_slice(), history.commits), ([].as_slice(), 2));
    assert_eq!(added(at(&history, ".env")), None);
    assert_eq!(repo.open().gaps(), []);
}

#[test]
fn partial_clones_say_so_once() {
    let repo = Fixture::new();
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.commit_file("dir/.env", "x");
    repo.commit_removal("dir/.env");
    let url = format!("file://{}", repo.root.display());
    for (filter, found) in [("blob:none", 1), ("tree:0", 0)] {
        repo.git_in(
            &repo.outside(),
            &["clone", "-q", "--no-checkout", &format!("--filter={filter}"), &url, found_in(found)],
        );
        let clone = super::fixture::open(&repo.outside().join(found_in(found)));
        assert_eq!(clone.gaps().iter().map(|gap| gap.kind).collect::<Vec<_>>(), [ProblemKind::PartialClone]);
        let history = super::fixture::history_of(&clone);
        assert_eq!((history.problems.as_slice(), history.paths.len()), ([].as_slice(), found));
        for blob in history.paths.iter().flat_map(|path| &path.blobs) {
            assert_eq!(clone.blob(blob.id, 100).unwrap_err().kind, ProblemKind::MissingObject);
        }
    }
}

fn found_in(count: usize) -> &'static str {
    if count == 0 { "treeless" } else { "blobless" }
}

#[test]
fn trees_that_name_each_other_over_and_over() {
    let repo = Fixture::new();
    repo.commit_file(".env", "x");
    let mut tree = repo.line(&["rev-parse", "HEAD^{tree}"]);
    for _ in 0..12 {
        let list: String = (0..10).map(|name| format!("040000 tree {tree}\td{name}\n")).collect();
        std::fs::write(repo.outside().join("list"), list).unwrap();
        let mut command = repo.command(&repo.root);
        command.arg("mktree").stdin(std::fs::File::open(repo.outside().join("list")).unwrap());
        tree = String::from_utf8(command.output().unwrap().stdout).unwrap().trim().to_owned();
    }
    let commit = repo.line(&["commit-tree", "-m", "bomb", &tree]);
    repo.git(&["update-ref", "refs/heads/bomb", &commit]);
    let history = repo.history();
    assert_eq!(history.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(), [ProblemKind::TooLarge]);
    assert!(history.paths.len() > 100);
}
