//! Files of a repository that change, shrink or vanish while they are read.

use std::fs::{self, OpenOptions};
use std::path::Path;
use std::time::Duration;

use super::scene::{Scene, assert_none, leak};
use crate::common::packs::{BLOB, Pack, TREE, commit_of, id_of, index_2, put, tree_of};

/// A pack of many env files that take some time: nothing in them is alike, so nothing is saved by deflating.
fn pack() -> (Pack, [u8; 20]) {
    let (mut pack, mut files, mut dice) = (Pack::default(), Vec::new(), 9_u64);
    for number in 0..12 {
        let mut text = leak(&format!("n{number}"));
        text.extend(b"BLOB=");
        text.extend((0..60_000).map(|_| {
            dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            b'A' + u8::try_from(dice >> 60).unwrap()
        }));
        files.push((format!("{number:02}.env"), pack.whole(BLOB, &text)));
    }
    let files: Vec<(&str, [u8; 20])> = files.iter().map(|(name, id)| (name.as_str(), *id)).collect();
    let tree = tree_of(&files);
    pack.whole(TREE, &tree);
    let commit = pack.whole(crate::common::packs::COMMIT, &commit_of(id_of(TREE, &tree)));
    (pack, commit)
}

const PACK: &str = "objects/pack/pack-odd.pack";
const INDEX: &str = "objects/pack/pack-odd.idx";

/// What happens to a file.
type Change = (&'static str, fn(&Path));

const CHANGES: [Change; 4] = [
    ("cut short", |git_dir| OpenOptions::new().write(true).open(git_dir.join(PACK)).unwrap().set_len(4096).unwrap()),
    ("emptied", |git_dir| OpenOptions::new().write(true).open(git_dir.join(PACK)).unwrap().set_len(0).unwrap()),
    ("removed", |git_dir| fs::remove_file(git_dir.join(PACK)).unwrap()),
    ("its index emptied", |git_dir| {
        OpenOptions::new().write(true).open(git_dir.join(INDEX)).unwrap().set_len(0).unwrap();
    }),
];

#[test]
fn a_pack_is_changed_while_it_is_scanned() {
    let (pack, commit) = pack();
    let file = pack.file();
    let index = index_2(&pack.entries, &file);
    let scene = Scene::new();
    pack.install(&scene.git_dir(), commit);
    let whole = scene.endures("scan").time;
    let mut faults = Vec::new();
    for (what, change) in CHANGES {
        for part in 1..5 {
            put(&scene.git_dir(), PACK, &file);
            put(&scene.git_dir(), INDEX, &index);
            let (git_dir, pause) = (scene.git_dir(), whole * part / 6);
            let changer = std::thread::spawn(move || {
                std::thread::sleep(pause.max(Duration::from_millis(1)));
                change(&git_dir);
            });
            let verb = if part % 2 == 0 { "check" } else { "scan" };
            let ordeal = scene.endures(verb);
            changer.join().unwrap();
            let fault = ordeal.fault().or_else(|| (ordeal.code() == Some(0)).then(|| "clean".to_owned()));
            faults.extend(fault.map(|fault| format!("a pack: {what} after {pause:?}: {verb}: {fault}")));
        }
    }
    assert_none(&faults);
}
