//! Indexes with right checksums that say a wrong place for an object.

use super::scene::{Scene, assert_none, honest};
use crate::common::packs::{Entry, Id, Pack, index_1, index_2, multi_pack_index, put};

const OWN: &str = "objects/pack/pack-odd.idx";
const SHARED: &str = "objects/pack/multi-pack-index";

/// How an index is written; `None` where it cannot say such an offset.
type Writer = fn(&[Entry], &[u8]) -> Option<Vec<u8>>;

fn version_1(entries: &[Entry], pack: &[u8]) -> Option<Vec<u8>> {
    let is_small = entries.iter().all(|entry| u32::try_from(entry.offset).is_ok());
    is_small.then(|| index_1(entries, pack))
}

fn version_2(entries: &[Entry], pack: &[u8]) -> Option<Vec<u8>> {
    Some(index_2(entries, pack))
}

fn of_many(entries: &[Entry], _: &[u8]) -> Option<Vec<u8>> {
    Some(multi_pack_index("pack-odd.idx", entries))
}

/// Places that are no object's, or another one's.
fn places(pack: &Pack, of: Id) -> Vec<u64> {
    let (own, end) = (offset(pack, of), pack.len());
    let others = pack.entries.iter().map(|entry| entry.offset).filter(|at| *at != own);
    let places = [
        0,
        1,
        11,
        own + 1,
        own + 3,
        end - 1,
        end,
        end + 1,
        end + 19,
        end + 20,
        end + (4 << 20),
        240 << 20,
        0x7fff_fff0,
        0x8000_0000,
        0xffff_ffff,
        1 << 40,
        u64::MAX - 3,
    ];
    places.into_iter().chain(others).collect()
}

fn offset(pack: &Pack, id: Id) -> u64 {
    pack.entries.iter().find(|entry| entry.id == id).unwrap().offset
}

/// Each of the three objects, at each of these places; `kept` is a sound index beside it.
fn faults_of(path: &str, write: Writer, kept: Option<&str>) -> Vec<String> {
    let (pack, ids) = honest();
    let file = pack.file();
    let mut faults = Vec::new();
    let scene = Scene::new();
    pack.install(&scene.git_dir(), ids[0]);
    if kept.is_none() {
        std::fs::remove_file(scene.git_dir().join(OWN)).unwrap();
    }
    put(&scene.git_dir(), path, &write(&pack.entries, &file).unwrap());
    assert_eq!(scene.fault("scan --format json"), None, "an honest one");

    for (what, id) in ["commit", "tree", "blob"].into_iter().zip(ids) {
        for place in places(&pack, id) {
            let mut entries = pack.entries.clone();
            entries.iter_mut().find(|entry| entry.id == id).unwrap().offset = place;
            let Some(bytes) = write(&entries, &file) else { continue };
            put(&scene.git_dir(), path, &bytes);
            let what = format!("the {what} at {place} of {}", file.len());
            for verb in ["scan --format json", "check", "hook run pre-push", "rotation status"] {
                faults.extend(scene.fault(verb).map(|fault| format!("{what}: {verb}: {fault}")));
            }
        }
    }
    faults
}

#[test]
fn of_version_1() {
    assert_none(&faults_of(OWN, version_1, None));
}

#[test]
fn of_version_2() {
    assert_none(&faults_of(OWN, version_2, None));
}

#[test]
fn of_many_packs() {
    assert_none(&faults_of(SHARED, of_many, None));
}

#[test]
fn of_many_packs_beside_a_sound_one() {
    assert_none(&faults_of(SHARED, of_many, Some(OWN)));
}

/// The tables say more than there is: rows of beginnings that fall, rows of large offsets that are not there, an
/// index of more objects than its pack.
#[test]
fn with_wrong_tables() {
    let (pack, ids) = honest();
    let file = pack.file();
    let sound = index_2(&pack.entries, &file);
    let (body, count) = (&sound[..sound.len() - 20], pack.entries.len());
    let mut faults = Vec::new();
    let scene = Scene::new();
    pack.install(&scene.git_dir(), ids[0]);
    let small = 8 + 1024 + 24 * count;
    let changes: [(&str, usize, u32); 8] = [
        ("the last row of beginnings", 8 + 1020, u32::MAX),
        ("the last row of beginnings is nothing", 8 + 1020, 0),
        ("a row of beginnings", 8 + 4 * 100, 0x4000_0000),
        ("a row of large offsets that is not there", small, 0x8000_0000),
        ("the last row of large offsets", small + 4, 0xffff_ffff),
        ("the version", 4, 3),
        ("an id", 8 + 1024, 0xffff_ffff),
        ("another id", 8 + 1024 + 20 * (count - 1), 0),
    ];
    for (what, at, number) in changes {
        let mut bytes = body.to_vec();
        bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
        put(&scene.git_dir(), OWN, &crate::common::packs::with_sum(bytes));
        faults.extend(scene.faults(what));
    }
    assert_none(&faults);
}
