//! Depth and number: of directories, trees, deltas, refs, keys, names.

use std::fs;

use super::*;
use crate::common::fill::fill;
use crate::common::packs::{BLOB, Id, Pack, TREE, id_of, inserting, put, put_loose};
use crate::hostile::trust::scene::{Scene, leak, names};

/// A blob behind so many deltas, each of which inserts the whole anew. Only the last one is an env file.
fn behind(count: usize) -> Scene {
    let (scene, mut pack) = (Scene::new(), Pack::default());
    let text = |number: usize| if number == count { leak("deep") } else { format!("text {number}\n").into_bytes() };
    let mut base = pack.whole(BLOB, &text(0));
    let mut length = text(0).len();
    for number in 1..=count {
        let (content, id) = (text(number), id_of(BLOB, &text(number)));
        pack.on_id(id, base, &inserting(length.try_into().unwrap(), content.len().try_into().unwrap(), &content));
        (base, length) = (id, content.len());
    }
    let commit = pack.commit_of(".env", base);
    pack.install(&scene.git_dir(), commit);
    scene
}

#[test]
fn a_chain_of_five_thousand_deltas() {
    let scene = behind(5000);
    for verb in ["scan --format json", "check", "rotation status"] {
        let ordeal = scene.endures(verb);
        assert_eq!(ordeal.fault(), None, "{verb}");
        assert!(!verb.starts_with("scan") || names(&ordeal, ".env"), "{verb}: {}", ordeal.stdout);
    }
}

/// A tree in a tree in a tree, and an env file in the innermost one.
#[test]
fn a_hundred_thousand_trees_in_one_another() {
    let (scene, mut pack) = (Scene::new(), Pack::default());
    let blob = pack.whole(BLOB, &leak("deep"));
    let tree = |mode: &str, name: &str, id: Id| [format!("{mode} {name}\0").as_bytes(), &id].concat();
    let mut inner = pack.whole(TREE, &tree("100644", ".env", blob));
    for _ in 0..100_000 {
        inner = pack.whole(TREE, &tree("40000", "d", inner));
    }
    let commit = crate::common::packs::commit_of(inner);
    let commit = pack.whole(crate::common::packs::COMMIT, &commit);
    pack.install(&scene.git_dir(), commit);
    for verb in ["scan --format json", "check", "hook run pre-push", "rotation status"] {
        let ordeal = scene.endures(verb);
        assert_eq!(ordeal.fault(), None, "{verb}: {} MiB", ordeal.peak >> 10);
        assert!(!verb.starts_with("scan") || ordeal.code() != Some(0), "{verb}: {}", ordeal.stdout);
    }
}

/// In a file, each to the same commit: every one reaches the env file, and the report says it once. `benches/memory` does it
/// with a million.
#[test]
fn many_refs() {
    const REFS: usize = 50_000;
    let scene = Scene::new();
    let git_dir = scene.git_dir();
    let blob = put_loose(&git_dir, &format!("blob {}", leak("refs").len()), &leak("refs"));
    let tree = crate::common::packs::tree_of(&[(".env", blob)]);
    let tree = put_loose(&git_dir, &format!("tree {}", tree.len()), &tree);
    let commit = crate::common::packs::commit_of(tree);
    let commit = put_loose(&git_dir, &format!("commit {}", commit.len()), &commit);
    let id = crate::common::encode::hex(&commit);
    let lines: String = (0..REFS).map(|number| format!("{id} refs/heads/b{number:07}\n")).collect();
    put(&git_dir, "packed-refs", format!("# pack-refs with: peeled fully-peeled sorted\n{lines}").as_bytes());
    let ordeal = scene.endures("scan --format json");
    assert_eq!(ordeal.fault(), None, "{} MiB", ordeal.peak >> 10);
    assert!(names(&ordeal, ".env"));
}

/// More keys than an env file has, and directories deeper than a path may be long.
#[test]
fn keys_and_directories() {
    let sandbox = Sandbox::new();
    let keys: String = (0..100_000).map(|number| format!("KEY_{number}=x\n")).collect();
    sandbox.file(".env", 0o600, &keys);
    assert_answers(&sandbox, "check", "100,000 keys", Some("4096 keys"));
    let sandbox = Sandbox::new();
    // Each step is below the longest path, all of them together far beyond.
    let line = "i=0; while [ $i -lt 3000 ]; do mkdir d$i && cd d$i || exit; i=$((i+1)); done; echo A_SECRET=x > .env";
    drop(sandbox.shell(line).run());
    for line in ["check", "rotation status", "trace .", "init"] {
        assert_answers(&sandbox, line, "3,000 directories in one another", None);
    }
    let _ = sandbox.shell("rm -rf d0").run();
}

/// Names of the greatest length, whole paths of 4,095 bytes, and of characters that a terminal or a browser obeys.
#[test]
fn names_of_every_length_and_kind() {
    let odd = "\u{202e}\u{1b}]0;x\u{7}<script>'\"&\u{200b}";
    for name in ["a".repeat(250), odd.repeat(8), "\u{1f600}".repeat(60)] {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        let top = sandbox.path("").as_os_str().len();
        let steps = (4000 - top) / (name.len() + 1);
        let path = format!("{}.env", format!("{name}/").repeat(steps.min(14)));
        sandbox.file(&path, 0o644, fill("DB_PASSWORD={password}\n"));
        sandbox.git(&["add", "--force", "."]);
        sandbox.git(&["commit", "-qm", "add"]);
        for line in
            ["check", "check --format json", "check --format github", "check --format sarif", "scan", "rotation status"]
        {
            let ordeal = run(&sandbox, line);
            assert_eq!(ordeal.fault(), None, "{line}");
            let told = format!("{}{}", ordeal.stdout, ordeal.stderr);
            let is_obeyed = |char: char| matches!(char, '\u{1b}' | '\u{7}' | '\u{202e}' | '\u{200b}');
            assert!(!told.contains(is_obeyed), "{line}: {told:?}");
        }
        drop(fs::remove_dir_all(sandbox.path("")));
    }
}
