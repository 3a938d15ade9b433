//! Every shape a repository comes in: either examined like any other, or a problem.

use crate::git::fixture;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::git::fixture::{Fixture, at, history_of, names, open, paths};
use envward::git::{History, Reach, Repository};
use envward::path::RelPath;
use envward::problem::ProblemKind;

const FORMATS: [&[&str]; 4] = [
    &["--object-format=sha1", "--ref-format=files"],
    &["--object-format=sha1", "--ref-format=reftable"],
    &["--object-format=sha256", "--ref-format=files"],
    &["--object-format=sha256", "--ref-format=reftable"],
];

fn of_format(format: &[&str]) -> Fixture {
    let repo = Fixture::bare_ground();
    repo.git(&[&["init", "-q", "-b", "main"], format].concat());
    repo
}

/// Something in every hiding place.
fn fill(repo: &Fixture) {
    repo.commit_file("README", "x");
    repo.commit_file("app/.env", "one");
    repo.commit_file("app/.env", "two");
    repo.commit_removal("app/.env");
    repo.git(&["checkout", "-q", "-b", "side"]);
    repo.commit_file(".env.side", "side");
    repo.git(&["tag", "-a", "-m", "x", "v1"]);
    repo.git(&["update-ref", "refs/pull/1/head", "HEAD"]);
    repo.git(&["checkout", "-q", "main"]);
    repo.write(".env.stash", "stash");
    repo.git(&["stash", "-q", "-u"]);
    repo.write(".env.older", "older");
    repo.git(&["stash", "-q", "-u"]);
    repo.commit_file(".env.reflog", "reflog");
    repo.git(&["reset", "-q", "--hard", "HEAD~1"]);
    repo.git(&["worktree", "add", "-q", "--detach", "../linked"]);
    let linked = repo.outside().join("linked");
    std::fs::write(linked.join(".env.linked"), "linked").unwrap();
    repo.git_in(&linked, &["add", "-f", ".env.linked"]);
    repo.git_in(&linked, &["commit", "-q", "-m", "linked"]);
    repo.git_in(&linked, &["update-ref", "refs/worktree/own", "HEAD"]);
    repo.write("../blob", "tagged");
    let blob = repo.line(&["hash-object", "-w", "../blob"]);
    repo.git(&["tag", "blob", &blob]);
    let tree = repo.line(&["rev-parse", "side^{tree}"]);
    let lost = repo.line(&["commit-tree", "-m", "lost", &tree]);
    assert!(repo.line(&["cat-file", "-t", &lost]) == "commit");
}

/// What does not depend on the ids.
fn told(history: &History) -> Vec<String> {
    let path = |path: &envward::git::PathHistory| {
        let removed = path.removed.is_some();
        format!("{} {:?} {:?} {removed} {}", path.path, path.reach, names(path), path.blobs.len())
    };
    let nameless = |blob: &envward::git::Unnamed| format!("{:?} {:?}", blob.reach, blob.refs);
    history.paths.iter().map(path).chain(history.nameless.iter().map(nameless)).collect()
}

#[test]
fn both_hashes_and_both_kinds_of_refs() {
    let mut all: Vec<(Vec<String>, u64)> = Vec::new();
    for format in FORMATS {
        let repo = of_format(format);
        fill(&repo);
        for dir in [repo.root.clone(), repo.root.join(".git"), repo.outside().join("linked")] {
            let history = history_of(&open(&dir));
            assert_eq!(history.problems, [], "{format:?}");
            all.push((told(&history), history.commits));
        }
        repo.git(&["gc", "-q", "--prune=never"]);
        let history = history_of(&repo.open());
        all.push((told(&history), history.commits));
        repo.git_in(&repo.outside(), &["clone", "-q", "--mirror", "--no-local", "repo", "mirror.git"]);
        let mirror = history_of(&open(&repo.outside().join("mirror.git")));
        assert_eq!((mirror.problems.as_slice(), at(&mirror, ".env.side").reach), ([].as_slice(), Reach::Ref));
        assert!(mirror.paths.iter().all(|path| path.path != RelPath::from(".env.reflog")));
    }
    assert_eq!(all[0].0.len(), 7, "{:#?}", all[0]);
    assert!(all.iter().all(|one| *one == all[0]), "{all:#?}");
}

#[test]
fn what_it_means_is_asked_of_git() {
    for format in FORMATS {
        let repo = of_format(format);
        assert_eq!(repo.open().head(), Ok(None), "{format:?}");
        let first = repo.commit_file("a/.env", "one");
        let second = repo.commit_file("b", "x");
        repo.write("a/.env", "two");
        repo.write(".gitignore", "*.local\n");
        repo.git(&["add", "-A", "-f"]);
        repo.git(&["config", "core.hooksPath", "my hooks"]);
        let open = crate::git::fixture::open(&repo.root.join("a"));
        assert_eq!((open.workdir(), open.git_dir()), (Some(repo.root.as_path()), repo.root.join(".git").as_path()));
        assert_eq!(open.hooks_dir().dir, Some(repo.root.join("my hooks")));
        assert_eq!((open.head(), open.gaps()), (Ok(Some(second)), vec![]));
        assert_eq!((open.resolve("main~1"), open.is_ancestor(first, second)), (Ok(first), Ok(true)));
        assert_eq!((open.is_ancestor(second, first), open.covers("main", first)), (Ok(false), true));
        assert!(open.resolve("-x").is_err() && open.resolve("nothing").is_err());
        assert_eq!(open.is_ignored(&RelPath::from("x.local")), Ok(true));
        let staged = fixture::staged(&open, None, &fixture::wanted).unwrap();
        assert_eq!(staged.len(), 1);
        assert_eq!(open.blob(staged[0].blob, 10).unwrap().expose(), b"two");
        assert_eq!(open.blob(staged[0].head.unwrap(), 10).unwrap().expose(), b"one");
        assert_eq!(open.blob(staged[0].blob, 2).unwrap_err().kind, ProblemKind::TooLarge);
        assert_eq!(open.blob(first, 2000).unwrap_err().kind, ProblemKind::CorruptObject);
        assert_eq!(open.at_commit(first, &RelPath::from("a/.env")), Ok(Some(repo.id(&format!("{first}:a/.env")))));
        repo.git(&["update-index", "--split-index"]);
        assert_eq!(open.index(None).unwrap().len(), 3, "{format:?}");
    }
}

#[test]
fn another_users_repository_of_any_format() {
    for format in FORMATS {
        let repo = of_format(format);
        let other = Some(nix::unistd::Uid::from_raw(12_345));
        if nix::unistd::chown(&repo.root, other, None).is_err() {
            eprintln!("SKIPPED: changing an owner needs root");
            return;
        }
        nix::unistd::chown(&repo.root.join(".git"), other, None).unwrap();
        let kind = Repository::discover(&repo.root).err().map(|problem| problem.kind);
        assert_eq!(kind, Some(ProblemKind::ForeignOwner), "{format:?}");
    }
}

#[test]
fn broken_ones_are_never_clean() {
    for format in FORMATS {
        let repo = of_format(format);
        let first = repo.commit_file(".env", "x");
        repo.commit_file("other", "x");
        std::fs::remove_file(crate::git::fixture::loose(&repo.root.join(".git"), first)).unwrap();
        let history = repo.history();
        assert_eq!(
            history.problems.iter().map(|problem| problem.kind).collect::<Vec<_>>(),
            [ProblemKind::MissingObject]
        );
    }
    let repo = of_format(FORMATS[3]);
    repo.commit_file(".env", "x");
    let tables = repo.root.join(".git/reftable");
    for table in tables.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        std::fs::write(table, "no table").unwrap();
    }
    let is_refused = match Repository::discover(&repo.root) {
        Ok(Some(open)) => !history_of(&open).problems.is_empty(),
        Ok(None) => false,
        Err(_) => true,
    };
    assert!(is_refused);
}

#[test]
fn shallow_and_partial_clones_of_sha256() {
    let repo = of_format(FORMATS[2]);
    repo.git(&["config", "uploadpack.allowFilter", "true"]);
    repo.commit_file("dir/.env", "x");
    repo.commit_file("a", "x");
    let url = format!("file://{}", repo.root.display());
    repo.git_in(&repo.outside(), &["clone", "-q", "--depth=1", &url, "shallow"]);
    repo.git_in(&repo.outside(), &["clone", "-q", "--no-checkout", "--filter=tree:0", &url, "partial"]);
    for (name, kind) in [("shallow", ProblemKind::ShallowClone), ("partial", ProblemKind::PartialClone)] {
        let clone = open(&repo.outside().join(name));
        assert_eq!(clone.gaps().iter().map(|gap| gap.kind).collect::<Vec<_>>(), [kind]);
        let history = history_of(&clone);
        assert_eq!((history.problems.as_slice(), history.left_out), ([].as_slice(), name == "partial"));
    }
}

#[test]
fn borrowed_objects_and_a_worktree_configuration() {
    let repo = Fixture::new();
    fill(&repo);
    repo.git_in(&repo.outside(), &["clone", "-q", "--shared", "repo", "borrower"]);
    let borrower = repo.outside().join("borrower");
    assert_eq!(paths(&history_of(&open(&borrower))), paths(&repo.whole_history()));
    repo.git(&["config", "extensions.worktreeConfig", "true"]);
    repo.git(&["config", "--worktree", "core.sparseCheckout", "true"]);
    assert_eq!(paths(&repo.whole_history()).len(), 6);
    std::fs::rename(&repo.root, repo.outside().join("away")).unwrap();
    let kinds: Vec<_> = history_of(&open(&borrower)).problems.into_iter().map(|problem| problem.kind).collect();
    assert!(kinds.contains(&ProblemKind::MissingObject), "{kinds:?}");
}

/// Everything into one pack, then everything out of it again: at no time an object is nowhere.
fn churn(root: &Path, round: usize) {
    let git = |dir: &Path, args: &[&str], input: Option<&Path>| {
        let mut command = Command::new("git");
        command.current_dir(dir).env("GIT_CONFIG_GLOBAL", "/dev/null").args(["-c", "gc.auto=0"]).args(args);
        input.map(|input| command.stdin(std::fs::File::open(input).unwrap()));
        assert!(command.status().unwrap().success(), "{args:?}");
    };
    git(root, &["repack", "-q", "-a", "-d", "-f"], None);
    let packs = root.join(".git/objects/pack").read_dir().unwrap().map(|entry| entry.unwrap().path());
    let packs: Vec<PathBuf> = packs.collect();
    let pack = packs.iter().find(|path| path.extension().is_some_and(|end| end == "pack")).unwrap();
    let (moved, loose) = (root.join(format!("../moved-{round}.pack")), root.join(format!("../loose-{round}")));
    std::fs::copy(pack, &moved).unwrap();
    git(root, &["init", "-q", "--bare", loose.to_str().unwrap()], None);
    git(&loose, &["unpack-objects", "-q"], Some(&moved));
    copy_objects(&loose.join("objects"), &root.join(".git/objects"));
    packs.iter().for_each(|path| std::fs::remove_file(path).unwrap_or_default());
}

#[test]
fn a_repack_meanwhile_changes_nothing() {
    let repo = Fixture::new();
    for count in 0..40 {
        repo.commit_file(&format!("dir{}/.env", count % 3), &"line\n".repeat(50 + count));
    }
    let expected = repo.whole_history().paths;
    let (root, done) = (repo.root.clone(), AtomicBool::new(false));
    let reads = std::thread::scope(|scope| {
        scope.spawn(|| {
            (0..12).for_each(|round| churn(&root, round));
            done.store(true, Ordering::Relaxed);
        });
        let mut reads = 0;
        while !done.load(Ordering::Relaxed) || reads == 0 {
            let history = history_of(&open(&root));
            assert_eq!((history.problems, &history.paths), (vec![], &expected));
            reads += 1;
        }
        reads
    });
    assert!(reads > 3, "{reads}");
}

fn copy_objects(from: &Path, to: &Path) {
    for dir in from.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
        if dir.file_name().unwrap().len() == 2 {
            let into = to.join(dir.file_name().unwrap());
            std::fs::create_dir_all(&into).unwrap();
            for file in dir.read_dir().unwrap().map(|entry| entry.unwrap().path()) {
                let name = into.join(file.file_name().unwrap());
                if !name.exists() {
                    std::fs::copy(&file, into.join("tmp_obj")).unwrap();
                    std::fs::rename(into.join("tmp_obj"), name).unwrap();
                }
            }
        }
    }
}

/// A script that leaves a mark, and a configuration that names it wherever git takes a command.
fn arm(repo: &Fixture, dir: &Path) -> PathBuf {
    let (script, mark) = (repo.outside().join("script"), repo.outside().join("mark"));
    std::fs::write(&script, format!("#!/bin/sh\ntouch '{}'\nexit 1\n", mark.display())).unwrap();
    std::fs::set_permissions(&script, std::fs::Permissions::from_mode(0o755)).unwrap();
    let command = script.to_str().unwrap();
    for name in [
        "core.fsmonitor",
        "core.sshCommand",
        "core.pager",
        "core.editor",
        "core.askPass",
        "core.gitProxy",
        "diff.external",
        "diff.x.textconv",
        "diff.x.command",
        "filter.x.clean",
        "filter.x.smudge",
        "filter.x.process",
        "merge.x.driver",
        "gpg.program",
        "credential.helper",
        "remote.origin.uploadpack",
        "remote.origin.receivepack",
        "alias.rev-parse",
    ] {
        repo.git_in(dir, &["config", name, command]);
    }
    repo.git_in(dir, &["config", "filter.x.required", "true"]);
    repo.git_in(dir, &["config", "remote.evil.url", &format!("ext::{command}")]);
    repo.git_in(dir, &["config", "remote.evil.promisor", "true"]);
    let hooks = dir.join(".git/hooks");
    std::fs::create_dir_all(&hooks).unwrap();
    for hook in ["post-index-change", "reference-transaction", "post-checkout", "pre-commit", "fsmonitor-watchman"] {
        std::fs::copy(&script, hooks.join(hook)).unwrap();
    }
    std::fs::write(dir.join(".gitattributes"), "* diff=x filter=x merge=x\n").unwrap();
    mark
}

/// Everything that envward asks of a repository.
fn examine(dir: &Path) -> Option<History> {
    let open = Repository::discover(dir).ok()??;
    let head = open.head().ok().flatten();
    let _ = (open.hooks_dir(), open.gaps(), open.is_ignored(&RelPath::from("a/.env")), open.modules(&mut Vec::new()));
    let _ = (open.index(None).is_ok(), fixture::staged(&open, None, &|_| true).is_ok(), open.resolve("HEAD~1"));
    if let Some(head) = head {
        let _ = (open.is_ancestor(head, head), open.at_commit(head, &RelPath::from("b/x")));
        let _ = open.blob(head, 10).is_ok();
    }
    Some(history_of(&open))
}

#[test]
fn nothing_that_a_repository_brings_is_run() {
    for format in FORMATS {
        let repo = of_format(format);
        repo.git(&["config", "uploadpack.allowFilter", "true"]);
        repo.commit_file("a/.env", "x");
        repo.commit_file("b/.env", "y");
        let url = format!("file://{}", repo.root.display());
        let mut clone = vec!["clone", "-q", "--no-checkout", "--filter=tree:0"];
        clone.extend(format[1..].iter().copied());
        repo.git_in(&repo.outside(), &[&clone[..], &[&url, "partial"]].concat());
        for dir in [repo.root.clone(), repo.outside().join("partial")] {
            let config = std::fs::read(dir.join(".git/config")).unwrap();
            for split in [false, true] {
                if split {
                    std::fs::write(dir.join(".git/config"), &config).unwrap();
                    std::fs::remove_dir_all(dir.join(".git/hooks")).unwrap();
                    repo.git_in(&dir, &["update-index", "--split-index"]);
                }
                let mark = arm(&repo, &dir);
                std::fs::remove_file(&mark).unwrap_or_default();
                assert!(examine(&dir).is_some(), "{format:?}");
                assert!(!mark.exists(), "{format:?} {} {split}", dir.display());
            }
        }
        // The trap would have closed: git itself, asked plainly, runs the script.
        let mark = repo.outside().join("mark");
        let _ = repo.try_git_in(&repo.root, &["status"]);
        assert!(mark.exists(), "{format:?}");
        std::fs::remove_file(&mark).unwrap();
        let _ = repo.try_git_in(&repo.outside().join("partial"), &["rev-list", "--objects", "HEAD"]);
        assert!(mark.exists(), "{format:?}");
    }
}
