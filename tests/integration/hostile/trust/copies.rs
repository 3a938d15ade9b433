//! Two copies of each object, in a pack and in a file of its own, one of them broken: the sound one is judged, as git
//! reads it.

use std::fs;
use std::path::PathBuf;

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, report};

/// A leak of which the current file still has the value; every object stands in a pack and in a file.
fn leaked() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.file("deploy/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file("README.md", 0o644, "shop\n");
    sandbox.git(&["add", "-f", "."]);
    sandbox.git(&["commit", "-qm", "oops"]);
    sandbox.git(&["tag", "-am", "v1", "v1"]);
    sandbox.git(&["rm", "-q", "--cached", "deploy/.env"]);
    sandbox.git(&["commit", "-qm", "remove"]);
    sandbox.file(".git/info/exclude", 0o644, ".env\n");
    sandbox.git(&["repack", "-aq", "--no-write-bitmap-index"]);
    sandbox
}

fn objects(sandbox: &Sandbox) -> Vec<String> {
    let all = sandbox.git(&["cat-file", "--batch-all-objects", "--batch-check=%(objectname)"]);
    all.lines().map(str::to_owned).collect()
}

fn found(sandbox: &Sandbox) -> Vec<String> {
    findings(&report(sandbox, &["scan"], 1))
}

#[test]
fn the_one_in_the_pack_is_broken() {
    let sandbox = leaked();
    let expected = found(&sandbox);
    assert!(expected.iter().any(|one| one.starts_with("critical secret-still-live")), "{expected:?}");
    let dir = sandbox.path(".git/objects/pack");
    let mut files = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path());
    let pack: PathBuf = files.find(|path| path.extension().is_some_and(|end| end == "pack")).unwrap();
    let index = pack.with_extension("idx");
    let listing = sandbox.git(&["verify-pack", "-v", index.to_str().unwrap()]);
    let sound = fs::read(&pack).unwrap();
    let mut count = 0;
    for line in listing.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [id, "blob" | "tree" | "commit" | "tag", _, _, offset, ..] = words[..] else { continue };
        let start: usize = offset.parse().unwrap();
        // A type that does not exist, and content that does not inflate.
        for (at, byte) in [(start, 0), (start + 4, 0xff)] {
            let mut broken = sound.clone();
            broken[at] = byte;
            fs::remove_file(&pack).unwrap();
            fs::write(&pack, &broken).unwrap();
            assert_eq!(found(&sandbox), expected, "{id}, byte {}", at - start);
        }
        count += 1;
    }
    assert_eq!(count, objects(&sandbox).len());
}

#[test]
fn the_one_in_its_own_file_is_broken() {
    let sandbox = leaked();
    let expected = found(&sandbox);
    for id in objects(&sandbox) {
        let path = sandbox.path(format!(".git/objects/{}/{}", &id[..2], &id[2..]));
        let sound = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, b"broken").unwrap();
        assert_eq!(found(&sandbox), expected, "{id}");
        fs::write(&path, sound).unwrap();
    }
}
