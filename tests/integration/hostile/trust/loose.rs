//! Many objects, each in a file of its own, as `git add` leaves them.

use super::scene::{Scene, leak};
use crate::common::encode::hex;
use crate::common::packs::{Id, put, put_loose, tree_of};

/// A history of one commit that has `.env` and `count` files of so many bytes; zeros, so that they are quickly made.
fn with_assets(count: usize, size: usize) -> Scene {
    let scene = Scene::new();
    let git_dir = scene.git_dir();
    let text = leak("loose");
    let mut files: Vec<(String, Id)> =
        vec![(".env".to_owned(), put_loose(&git_dir, &format!("blob {}", text.len()), &text))];
    let mut content = vec![0; size];
    for number in 0..count {
        content[..8].copy_from_slice(&number.to_be_bytes());
        files.push((format!("a{number:04}"), put_loose(&git_dir, &format!("blob {size}"), &content)));
    }
    let files: Vec<(&str, Id)> = files.iter().map(|(name, id)| (name.as_str(), *id)).collect();
    let tree = tree_of(&files);
    let tree = put_loose(&git_dir, &format!("tree {}", tree.len()), &tree);
    let commit = crate::common::packs::commit_of(tree);
    let commit = put_loose(&git_dir, &format!("commit {}", commit.len()), &commit);
    put(&git_dir, "refs/heads/main", format!("{}\n", hex(&commit)).as_bytes());
    // A value in use, so that every content is searched.
    scene.sandbox.file(".env", 0o600, leak("loose"));
    put(&git_dir, "info/exclude", b".env\n");
    scene
}

#[track_caller]
fn assert_bounded(scene: &Scene, mebibytes: u64) {
    for verb in ["scan", "check", "rotation status"] {
        let ordeal = scene.endures(verb);
        assert_eq!(ordeal.fault(), None, "{verb}");
        assert!(ordeal.peak >> 10 < mebibytes, "{verb}: {} MiB in memory", ordeal.peak >> 10);
    }
    assert_eq!(scene.endures("scan").code(), Some(1));
}

/// Together more than may be in memory; each thread needs one or two of them at a time.
#[test]
fn more_than_a_hundred_of_a_mebibyte() {
    assert_bounded(&with_assets(128, 1 << 20), 90);
}

#[test]
fn thousands_of_small_ones() {
    assert_bounded(&with_assets(2000, 1 << 10), 150);
}
