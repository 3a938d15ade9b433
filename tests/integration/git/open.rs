//! Discovery, ignore rules, hooks and single objects.

use std::path::Path;

use crate::git::fixture::{Fixture, open, os};
use envward::git::{HooksDir, Oid, Repository};
use envward::path::RelPath;
use envward::problem::ProblemKind;

fn kind(dir: &Path) -> ProblemKind {
    match Repository::discover(dir) {
        Err(problem) => problem.kind,
        Ok(found) => panic!("no problem, and found: {}", found.is_some()),
    }
}

#[test]
fn from_anywhere_in_it() {
    let repo = Fixture::new();
    repo.commit_file("a/b/c", "x");
    let git_dir = repo.root.join(".git");
    for start in ["", "a/b", ".git", ".git/refs/heads"] {
        let found = open(&repo.root.join(start));
        assert_eq!((found.workdir(), found.git_dir()), (Some(repo.root.as_path()), git_dir.as_path()), "{start}");
        assert_eq!(found.common_dir(), git_dir);
    }
    assert!(Repository::discover(&repo.outside()).unwrap().is_none());
    assert!(Repository::discover(&repo.outside().join("nothing")).unwrap().is_none());
}

/// Runs two tests of this file again, in a process whose environment points elsewhere.
#[test]
fn no_variable_is_obeyed() {
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again
        .arg("--exact")
        .args(["from_anywhere_in_it", "objects_one_at_a_time"].map(|test| format!("git::open::{test}")));
    for name in ["DIR", "WORK_TREE", "INDEX_FILE", "OBJECT_DIRECTORY", "COMMON_DIR", "NAMESPACE"] {
        again.env(format!("GIT_{name}"), "/nonexistent");
    }
    again.env("GIT_CEILING_DIRECTORIES", "/").env("GIT_ALTERNATE_OBJECT_DIRECTORIES", "/nonexistent");
    let output = again.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success() && text.contains("2 passed"), "{text}");
}

#[test]
fn bare_linked_and_submodule() {
    let repo = Fixture::new();
    repo.commit_file("a", "x");
    repo.git(&["worktree", "add", "-q", "../linked"]);
    repo.git_in(&repo.outside(), &["clone", "-q", "--bare", "repo", "bare.git"]);
    repo.git(&["submodule", "--quiet", "add", "../bare.git", "sub"]);
    let (linked, bare) = (repo.outside().join("linked"), repo.outside().join("bare.git"));

    let found = open(&linked);
    assert_eq!(found.workdir(), Some(linked.as_path()));
    assert_eq!(found.git_dir(), repo.root.join(".git/worktrees/linked"));
    assert_eq!(found.common_dir(), repo.root.join(".git"));
    assert_eq!(found.hooks_dir().dir, Some(repo.root.join(".git/hooks")));

    let found = open(&bare);
    assert_eq!((found.workdir(), found.git_dir()), (None, bare.as_path()));
    assert_eq!(found.is_ignored(&RelPath::from(".env")), Ok(false));

    let found = open(&repo.root.join("sub"));
    assert_eq!(found.workdir(), Some(repo.root.join("sub").as_path()));
    assert_eq!(found.git_dir(), repo.root.join(".git/modules/sub"));
}

#[test]
fn a_git_that_cannot_be_opened_is_not_nothing() {
    let ground = Fixture::bare_ground();
    std::fs::create_dir(ground.root.join(".git")).unwrap();
    assert!(Repository::discover(&ground.root).unwrap().is_none(), "an empty directory is none to git either");
    std::fs::remove_dir(ground.root.join(".git")).unwrap();
    for text in ["gitdir: ../nowhere\n", "nonsense", ""] {
        std::fs::write(ground.root.join(".git"), text).unwrap();
        assert_eq!(kind(&ground.root), ProblemKind::UnsupportedRepository, "{text}");
    }
    let repo = Fixture::new();
    std::fs::write(repo.root.join(".git/config"), "[core\n").unwrap();
    assert_eq!(kind(&repo.root), ProblemKind::UnreadableGitConfig);
}

#[test]
fn other_formats() {
    let repo = Fixture::new();
    repo.git(&["config", "core.repositoryFormatVersion", "1"]);
    repo.git(&["config", "extensions.unheardOf", "x"]);
    assert_eq!(kind(&repo.root), ProblemKind::UnsupportedRepository);
}

#[test]
fn another_users_repository() {
    let repo = Fixture::new();
    let other = Some(nix::unistd::Uid::from_raw(12_345));
    if nix::unistd::chown(&repo.root, other, None).is_err() {
        eprintln!("SKIPPED: changing an owner needs root");
        return;
    }
    nix::unistd::chown(&repo.root.join(".git"), other, None).unwrap();
    assert_eq!(kind(&repo.root), ProblemKind::ForeignOwner);
}

#[test]
fn hooks() {
    let repo = Fixture::new();
    repo.write("sub/x", "x");
    assert_eq!(repo.open().hooks_dir(), HooksDir { dir: Some(repo.root.join(".git/hooks")), said_in: None });
    for (value, expected) in [(".githooks", repo.root.join(".githooks")), ("/etc/hooks", "/etc/hooks".into())] {
        repo.git(&["config", "core.hooksPath", value]);
        assert_eq!(open(&repo.root.join("sub")).hooks_dir().dir.as_ref(), Some(&expected));
        assert_eq!(repo.root.join(repo.line(&["rev-parse", "--git-path", "hooks"])), expected);
    }
    repo.git(&["config", "core.hooksPath", "~/hooks"]);
    let HooksDir { dir, said_in } = repo.open().hooks_dir();
    assert_eq!(said_in, Some(repo.root.join(".git/config")));
    let found = dir.unwrap();
    assert!(found.is_absolute() && found.ends_with("hooks") && !found.to_str().unwrap().contains('~'));
    repo.git(&["config", "core.hooksPath", ""]);
    assert_eq!(repo.open().hooks_dir().dir, None);
}

#[test]
fn valueless_configuration_is_no_panic() {
    let repo = Fixture::new();
    repo.write(".git/config", "[core]\n\tbare = false\n[remote \"x\"]\n\tpromisor\n");
    assert_eq!(repo.open().gaps().len(), 1);
    repo.write(".git/config", "[core]\n\tbare = false\n[remote \"x\"]\n\tpromisor = false\n");
    assert_eq!(repo.open().gaps(), []);
}

/// Rules (a file and its lines), and the paths to ask about.
const RULES: [(&str, &str); 5] = [
    (".gitignore", ".env\n*.local\n!keep.local\n/root-only\nwhole/\nslash/*\n!slash/back\nsp\\ ace\n"),
    ("a/.gitignore", "!.env\ninner\n"),
    ("a/b/.gitignore", ".env\n/anchored\n**/deep/x\n"),
    ("neg/.gitignore", "*\n!.gitignore\n!.env\n"),
    (".git/info/exclude", "excluded\n"),
];
const ASKED: [&str; 28] = [
    ".env",
    "a/.env",
    "a/b/.env",
    "a/b/c/.env",
    "x.local",
    "keep.local",
    "a/keep.local",
    "root-only",
    "a/root-only",
    "whole/.env",
    "whole/x/y",
    "a/whole/x",
    "slash/y",
    "slash/back",
    "slash/x/back",
    "sp ace",
    "a/inner",
    "inner",
    "a/b/anchored",
    "a/b/c/anchored",
    "a/b/deep/x",
    "a/b/q/deep/x",
    "neg/.env",
    "neg/x",
    "neg/sub/.env",
    "excluded",
    "a/excluded",
    "plain",
];

#[test]
fn ignored_as_git_says() {
    let repo = Fixture::new();
    for (file, lines) in RULES {
        repo.write(file, lines);
    }
    for path in ASKED {
        repo.write(path, "x");
    }
    let open = repo.open();
    let mut ignored = 0;
    for path in ASKED {
        let output = repo.try_git_in(&repo.root, &["check-ignore", "-q", "--no-index", path]);
        let expected = output.status.code() == Some(0);
        assert_eq!(open.is_ignored(&RelPath::from(path)), Ok(expected), "{path}");
        ignored += usize::from(expected);
    }
    assert!(ignored > 8 && ignored < 24);
    repo.write("users", "from-the-user\n");
    repo.git(&["config", "core.excludesFile", repo.root.join("users").to_str().unwrap()]);
    let open = repo.open();
    assert_eq!(open.is_ignored(&RelPath::from("from-the-user")), Ok(true));
    repo.write(os(b"\xff/.env"), "x");
    assert_eq!(open.is_ignored(&RelPath::new(b"\xff/.env".as_slice())), Ok(true));
    // The usual way to say that the user's own file does not count.
    repo.git(&["config", "core.excludesFile", "/dev/null"]);
    assert_eq!(repo.open().is_ignored(&RelPath::from("from-the-user")), Ok(false));
}

#[test]
fn objects_one_at_a_time() {
    let repo = Fixture::new();
    let first = repo.commit_file("dir/.env", "hello");
    let second = repo.commit_file("other", "x");
    repo.git(&["tag", "-a", "-m", "x", "tag"]);
    let open = repo.open();
    let blob = open.at_commit(second, &RelPath::from("dir/.env")).unwrap().unwrap();
    assert_eq!(blob, repo.id("HEAD:dir/.env"));
    for none in ["dir", "dir/none", "other/x", "none"] {
        assert_eq!(open.at_commit(second, &RelPath::from(none)), Ok(None), "{none}");
    }
    assert_eq!(open.blob(blob, 5).unwrap().expose(), b"hello");
    let kind = |id: Oid, limit| open.blob(id, limit).unwrap_err().kind;
    assert_eq!(kind(blob, 4), ProblemKind::TooLarge);
    assert_eq!(kind(first, 1000), ProblemKind::CorruptObject, "a commit is no blob");
    assert_eq!(kind(Oid::from_bytes(&[7; 20]).unwrap(), 5), ProblemKind::MissingObject);
    assert_eq!(kind(Oid::from_bytes(&[7; 32]).unwrap(), 5), ProblemKind::MissingObject);
    for spec in ["HEAD", "main", "refs/heads/main", "tag", &second.to_string(), &second.short()] {
        assert_eq!(open.resolve(spec), Ok(second), "{spec}");
    }
    for spec in ["none", "", "-x", "1234567", "HEAD:other"] {
        assert_eq!(open.resolve(spec).unwrap_err().kind, ProblemKind::BrokenRef, "{spec}");
    }
    assert_eq!(open.is_ancestor(first, second), Ok(true));
    assert_eq!(open.is_ancestor(second, first), Ok(false));
    assert_eq!(open.is_ancestor(first, first), Ok(true));
    assert!(open.is_ancestor(first, blob).is_err());
    assert_eq!((open.head(), Fixture::new().open().head()), (Ok(Some(second)), Ok(None)));
}

/// git is asked, too.
#[test]
fn commits_by_every_kind_of_name() {
    let repo = Fixture::new();
    repo.commit_file("a", "1");
    repo.git(&["checkout", "-q", "-b", "side"]);
    let side = repo.commit_file("b", "2");
    repo.git(&["checkout", "-q", "main"]);
    repo.commit_file("c", "3");
    repo.git(&["merge", "-q", "--no-ff", "-m", "both", "side"]);
    repo.commit_file("d", "4");
    repo.git(&["tag", "-a", "-m", "x", "v1"]);
    repo.git(&["tag", "-a", "-m", "x", "v2", "v1"]);
    repo.git(&["tag", "tree", "HEAD^{tree}"]);
    repo.git(&["update-ref", "refs/remotes/origin/main", "main~1"]);
    let open = repo.open();
    let names = [
        "HEAD",
        "@",
        "main",
        "heads/main",
        "origin/main",
        "v2",
        "v1~1",
        "v2^{commit}",
        "HEAD^",
        "HEAD~",
        "HEAD~1^2",
        "@^^2",
        "HEAD~1^2~1",
        "HEAD^0",
        "HEAD~0",
        "HEAD~2",
        "HEAD^1^1^1",
        "HEAD~9",
        "HEAD^2",
        "HEAD^3",
        "main@{0}",
        "main@{1}",
        "v1-0-gfff",
        "tree",
        "tree~1",
        "HEAD^{tree}",
        "HEAD^{}",
        "HEAD^@",
        "main~x",
        "none~1",
        "~1",
        "^",
        "main..side",
        "é",
        "é~1",
    ];
    let ids: Vec<String> = [&side.short()[..], &side.to_string()[..5], &side.to_string()].map(str::to_owned).to_vec();
    for name in names.map(str::to_owned).iter().chain(&ids) {
        let asked = repo.try_git_in(&repo.root, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]);
        let expected = asked.status.success().then(|| Oid::from_hex(asked.stdout.trim_ascii()).unwrap());
        assert_eq!(open.resolve(name).ok(), expected, "{name}");
    }
    // git would search all messages; nobody names the commits of a range so.
    assert!(open.resolve("HEAD^{/both}").is_err() && open.resolve(":/both").is_err());
}

/// Whoever may push a ref chooses its name: one that stands for two commits is none.
#[test]
fn a_name_of_two_commits_is_a_problem() {
    let repo = Fixture::new();
    let first = repo.commit_file("a", "1");
    let second = repo.commit_file("a", "2");
    repo.git(&["update-ref", "refs/remotes/origin/main", &first.to_string()]);
    repo.git(&["tag", "origin/main", &second.to_string()]);
    repo.git(&["tag", "-a", "-m", "x", "v1", &first.to_string()]);
    repo.git(&["branch", "v1", &second.to_string()]);
    repo.git(&["branch", &first.short(), &second.to_string()]);
    repo.git(&["update-ref", "refs/remotes/up/HEAD", &first.to_string()]);
    repo.git(&["branch", "up", &second.to_string()]);
    // Two names of the same commit are no question.
    repo.git(&["tag", "-a", "-m", "x", "main", &second.to_string()]);
    for storage in ["loose", "packed"] {
        let open = repo.open();
        for name in ["origin/main", "v1", &first.short(), "up", "origin/main~0", "v1^{commit}"] {
            let problem = open.resolve(name).unwrap_err();
            assert_eq!(problem.kind, ProblemKind::AmbiguousName, "{storage} {name}");
        }
        for (name, id) in [
            ("refs/remotes/origin/main", first),
            ("refs/tags/v1", first),
            ("refs/heads/v1", second),
            ("main", second),
            ("heads/main", second),
            ("HEAD", second),
            (&first.to_string(), first),
        ] {
            assert_eq!(open.resolve(name), Ok(id), "{storage} {name}");
        }
        repo.git(&["pack-refs", "--all"]);
    }
}

#[test]
fn the_upstream_and_earlier_places_of_a_branch() {
    let repo = Fixture::new();
    repo.commit_file("a", "1");
    repo.commit_file("a", "2");
    repo.git_in(&repo.outside(), &["clone", "-q", "repo", "clone"]);
    let clone = repo.outside().join("clone");
    repo.commit_file("a", "3");
    repo.git_in(&clone, &["fetch", "-q"]);
    let open = open(&clone);
    for name in ["@{u}", "main@{upstream}", "HEAD@{0}", "@{u}~1", "origin/main@{1}", "none@{u}"] {
        let asked = repo.try_git_in(&clone, &["rev-parse", "--verify", "--quiet", &format!("{name}^{{commit}}")]);
        let expected = asked.status.success().then(|| Oid::from_hex(asked.stdout.trim_ascii()).unwrap());
        assert_eq!(open.resolve(name).ok(), expected, "{name}");
    }
}

#[test]
fn a_sound_copy_stands_in_for_a_damaged_one() {
    let repo = Fixture::new();
    let commit = repo.commit_file(".env", "hello");
    let (blob, file) =
        (repo.id("HEAD:.env"), crate::git::fixture::loose(&repo.root.join(".git"), repo.id("HEAD:.env")));
    let kept = std::fs::read(&file).unwrap();
    repo.git(&["gc", "-q"]);
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, &kept[..kept.len() / 2]).unwrap();
    assert_eq!(repo.open().blob(blob, 5).unwrap().expose(), b"hello");
    assert_eq!(repo.open().at_commit(commit, &RelPath::from(".env")), Ok(Some(blob)));
}

#[test]
fn packs_that_only_a_multi_pack_index_knows() {
    let repo = Fixture::new();
    let commit = repo.commit_file(".env", "hello");
    repo.git(&["repack", "-q", "-a", "-d"]);
    repo.git(&["multi-pack-index", "write"]);
    for file in repo.root.join(".git/objects/pack").read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if file.extension().is_some_and(|end| end == "idx") {
            std::fs::remove_file(file).unwrap();
        }
    }
    let open = repo.open();
    let blob = open.at_commit(commit, &RelPath::from(".env")).unwrap().unwrap();
    assert_eq!(open.blob(blob, 5).unwrap().expose(), b"hello");
    assert_eq!(repo.whole_history().paths.len(), 1);
}
