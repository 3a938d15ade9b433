//! Damage.

use super::*;

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
    std::fs::remove_file(crate::git::fixture::loose(&git_dir, tree)).unwrap();
    let file = crate::git::fixture::loose(&git_dir, second);
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
    let (to, from) = (crate::git::fixture::loose(&git_dir, env), crate::git::fixture::loose(&git_dir, other));
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
    std::fs::remove_file(crate::git::fixture::loose(&repo.root.join(".git"), first)).unwrap();
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
    let clone = crate::git::fixture::open(&clone);
    assert_eq!(clone.gaps().iter().map(|gap| gap.kind).collect::<Vec<_>>(), [ProblemKind::ShallowClone]);
    let history = crate::git::fixture::history_of(&clone);
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
        let clone = crate::git::fixture::open(&repo.outside().join(found_in(found)));
        assert_eq!(clone.gaps().iter().map(|gap| gap.kind).collect::<Vec<_>>(), [ProblemKind::PartialClone]);
        let history = crate::git::fixture::history_of(&clone);
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
