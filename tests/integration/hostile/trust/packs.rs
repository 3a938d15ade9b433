//! Packs whose objects are of no kind, or deltas on what is no base.

use super::scene::{Scene, assert_none, leak, names};
use crate::common::packs::{BLOB, COMMIT, Id, Pack, TREE, commit_of, header, id_of, inserting, put, tree_of};

/// A pack that has the leak in `.env`, and whoever makes it adds one object in its own way; that object's place in the
/// history is that of the commit, of the tree or of the blob.
fn with_one(part: u8, text: &[u8], add: &dyn Fn(&mut Pack, Id, &[u8])) -> (Pack, Id) {
    let mut pack = Pack::default();
    let blob = id_of(BLOB, text);
    let tree = tree_of(&[(".env", blob)]);
    let commit = commit_of(id_of(TREE, &tree));
    for (kind, content) in [(BLOB, text), (TREE, &tree), (COMMIT, &commit)] {
        if kind == part {
            add(&mut pack, id_of(kind, content), content);
        } else {
            pack.whole(kind, content);
        }
    }
    (pack, id_of(COMMIT, &commit))
}

/// What may be odd about an object, and how it is written into a pack.
type Oddity = (&'static str, fn(&mut Pack, Id, &[u8]));

fn size(content: &[u8]) -> u64 {
    content.len().try_into().unwrap()
}

fn delta(content: &[u8]) -> Vec<u8> {
    inserting(size(content), size(content), content)
}

const NOBODY: Id = [0x11; 20];
const OTHER: Id = [0x22; 20];
const THIRD: Id = [0x33; 20];

const DELTAS: [Oddity; 13] = [
    ("a delta on itself", |pack, id, content| pack.on_id(id, id, &delta(content))),
    ("two deltas on each other", |pack, id, content| {
        pack.on_id(id, OTHER, &delta(content));
        pack.on_id(OTHER, id, &delta(content));
    }),
    ("three deltas in a ring", |pack, id, content| {
        pack.on_id(id, OTHER, &delta(content));
        pack.on_id(OTHER, THIRD, &delta(content));
        pack.on_id(THIRD, id, &delta(content));
    }),
    ("a delta on one that leads into a ring", |pack, id, content| {
        pack.on_id(OTHER, THIRD, &delta(content));
        pack.on_id(THIRD, OTHER, &delta(content));
        pack.on_id(id, OTHER, &delta(content));
    }),
    ("a delta by distance on one that names it", |pack, id, content| {
        let at = pack.len();
        pack.on_id(OTHER, id, &delta(content));
        pack.on_distance(id, pack.len() - at, &delta(content));
    }),
    ("a delta at distance nothing", |pack, id, content| pack.on_distance(id, 0, &delta(content))),
    ("a delta on the head of the pack", |pack, id, content| pack.on_distance(id, pack.len() - 4, &delta(content))),
    ("a delta on the first byte", |pack, id, content| pack.on_distance(id, pack.len(), &delta(content))),
    ("a delta before the first byte", |pack, id, content| pack.on_distance(id, pack.len() + 1, &delta(content))),
    ("a delta far before the first byte", |pack, id, content| pack.on_distance(id, 1 << 62, &delta(content))),
    ("a delta within another object", |pack, id, content| {
        pack.whole(BLOB, b"something else");
        pack.on_distance(id, 5, &delta(content));
    }),
    ("a delta on nobody", |pack, id, content| pack.on_id(id, NOBODY, &delta(content))),
    ("a chain of a thousand on itself", |pack, id, content| {
        for link in 0..1000_u32 {
            let name = |number: u32| [&number.to_be_bytes()[..], &[7; 16]].concat().try_into().unwrap();
            pack.on_id(name(link), if link == 999 { id } else { name(link + 1) }, &delta(content));
        }
        pack.on_id(id, name_of_first(), &delta(content));
    }),
];

fn name_of_first() -> Id {
    [&[0; 4][..], &[7; 16]].concat().try_into().unwrap()
}

const KINDS: [Oddity; 7] = [
    ("no kind", |pack, id, content| pack.entry(id, &header(0, size(content)), content)),
    ("the kind that git keeps free", |pack, id, content| pack.entry(id, &header(5, size(content)), content)),
    ("a tag", |pack, id, content| pack.entry(id, &header(4, size(content)), content)),
    ("a delta without a base", |pack, id, content| pack.entry(id, &header(7, size(content)), content)),
    ("a size without an end", |pack, id, content| pack.entry(id, &[0xb5; 40], content)),
    ("a size of more than 64 bits", |pack, id, content| {
        pack.entry(id, &[&[0xb5][..], &[0xff; 9], &[0x7f]].concat(), content);
    }),
    ("an empty one", |pack, id, _| pack.entry(id, &header(BLOB, 0), b"")),
];

fn faults_of(oddities: &[Oddity]) -> Vec<String> {
    let mut faults = Vec::new();
    for (what, add) in oddities {
        for (name, part) in [("commit", COMMIT), ("tree", TREE), ("blob", BLOB)] {
            let scene = Scene::new();
            let (pack, commit) = with_one(part, &leak("odd"), add);
            pack.install(&scene.git_dir(), commit);
            faults.extend(scene.faults(&format!("{what}, in the place of the {name}")));
        }
    }
    faults
}

#[test]
fn deltas_on_what_is_no_base() {
    assert_none(&faults_of(&DELTAS));
}

#[test]
fn objects_of_no_kind() {
    assert_none(&faults_of(&KINDS));
}

/// One object is damaged: what another one gives away is shown all the same.
#[test]
fn the_sound_ones_are_still_judged() {
    let mut faults = Vec::new();
    for (what, add) in DELTAS.iter().chain(&KINDS) {
        let scene = Scene::new();
        let (mut pack, _) = with_one(BLOB, &leak("odd"), add);
        let (odd, sound) = (id_of(BLOB, &leak("odd")), pack.whole(BLOB, &leak("sound")));
        let tree = pack.whole(TREE, &tree_of(&[(".env", odd), ("sound.env", sound)]));
        let commit = pack.whole(COMMIT, &commit_of(tree));
        pack.install(&scene.git_dir(), commit);
        let ordeal = scene.endures("scan --format json");
        if let Some(fault) = ordeal.fault() {
            faults.push(format!("{what}: {fault}"));
        } else if ordeal.code() != Some(2) || !names(&ordeal, "sound.env") {
            faults.push(format!("{what}: {:?}, sound.env is named: {}", ordeal.end, names(&ordeal, "sound.env")));
        }
    }
    assert_none(&faults);
}

/// Every bit of every header, and every byte behind it, the other way; the checksums are right.
#[test]
fn every_bit_of_a_small_pack() {
    let (pack, ids) = super::scene::honest();
    let scene = Scene::new();
    pack.install(&scene.git_dir(), ids[0]);
    let sound = pack.file();
    let mut faults = Vec::new();
    for entry in &pack.entries {
        let start = usize::try_from(entry.offset).unwrap();
        for bit in (0..16).chain((16..160).step_by(7)) {
            let mut bytes = sound[..sound.len() - 20].to_vec();
            bytes[start + bit / 8] ^= 1 << (bit % 8);
            let file = crate::common::packs::with_sum(bytes);
            put(&scene.git_dir(), "objects/pack/pack-odd.pack", &file);
            let index = crate::common::packs::index_2(&pack.entries, &file);
            put(&scene.git_dir(), "objects/pack/pack-odd.idx", &index);
            let fault = scene.fault("scan --format json").or_else(|| scene.fault("check"));
            faults.extend(fault.map(|fault| format!("bit {bit} of the object at {start}: {fault}")));
        }
    }
    assert_none(&faults);
}
