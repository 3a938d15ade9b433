//! Refs.

use super::*;

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
        let history = crate::git::fixture::history_of(&crate::git::fixture::open(dir));
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
