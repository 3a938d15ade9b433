//! Whatever stands below `.git` in the place of what git puts there: every verb answers, soon and in little memory, and
//! no env file is missed without a word. The combinations are made, not listed: paths times oddities times verbs. By
//! default an eighth of the verbs is tried each time, another eighth with the next oddity and with the next path.

mod grounds;
mod oddity;
mod paths;
mod verdict;

use self::grounds::Ground;
use self::oddity::ODDITIES;
use self::paths::Place;
use self::verdict::{fault, verbs};
use crate::common::combinations;
use crate::common::ordeal::Faults;

/// One of so many verbs is tried with a path and an oddity.
const PART: usize = 8;

/// Goes through all combinations for the paths of a ground, and fails with all that went wrong.
fn try_all(ground: &Ground, places: &[Place]) {
    let mut faults = Faults::default();
    for (at, place) in places.iter().enumerate() {
        let Some(path) = ground.find(place.path) else {
            faults.add(place.path, Some("the ground has no such path".to_owned()));
            continue;
        };
        for (number, oddity) in ODDITIES.iter().enumerate() {
            let Some(kept) = oddity.put(&path, ground.outside()) else { continue };
            let (first, step) = if combinations::all() { (0, 1) } else { ((at + number) % PART, PART) };
            for verb in verbs(place, oddity).iter().skip(first).step_by(step) {
                let what = format!("{}: {}: {verb}", place.path, oddity.name);
                faults.add(&what, fault(ground, place, oddity, verb));
            }
            kept.put_back();
        }
    }
    faults.assert_none();
}

/// The same for a part of the paths: the tests run beside each other.
fn try_part(ground: &Ground, places: &[Place], part: usize) {
    let some: Vec<Place> = places.iter().copied().skip(part).step_by(2).collect();
    try_all(ground, &some);
}

#[test]
fn as_git_made_them() {
    let grounds = [
        ("ordinary", grounds::ordinary()),
        ("linked", grounds::linked()),
        ("submodule", grounds::submodule()),
        ("with a submodule", grounds::with_submodule()),
        ("reftable", grounds::reftable()),
        ("SHA-256", grounds::sha_256()),
        ("split index", grounds::split_index()),
        ("sparse index", grounds::sparse_index()),
        ("partial", grounds::partial()),
        ("shallow", grounds::shallow()),
        ("borrowing", grounds::borrowing()),
        ("bare", grounds::bare()),
    ];
    let faults = grounds.iter().filter_map(|(name, ground)| Some(format!("{name}: {}", verdict::baseline(ground)?)));
    let faults: Vec<String> = faults.collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn of_an_ordinary_one_1() {
    try_part(&grounds::ordinary(), paths::ORDINARY, 0);
}

#[test]
fn of_an_ordinary_one_2() {
    try_part(&grounds::ordinary(), paths::ORDINARY, 1);
}

#[test]
fn of_a_linked_work_tree() {
    try_all(&grounds::linked(), paths::LINKED);
}

#[test]
fn of_a_submodule() {
    try_all(&grounds::submodule(), paths::SUBMODULE);
}

#[test]
fn of_a_project_with_a_submodule() {
    try_all(&grounds::with_submodule(), paths::WITH_SUBMODULE);
}

#[test]
fn of_one_with_reftables() {
    try_all(&grounds::reftable(), paths::REFTABLE);
}

#[test]
fn of_one_with_sha_256() {
    try_all(&grounds::sha_256(), paths::SHA_256);
}

#[test]
fn of_one_with_a_split_index() {
    try_all(&grounds::split_index(), paths::SPLIT_INDEX);
}

#[test]
fn of_one_with_a_sparse_index() {
    try_all(&grounds::sparse_index(), paths::SPARSE_INDEX);
}

#[test]
fn of_a_partial_clone() {
    try_all(&grounds::partial(), paths::PARTIAL);
}

#[test]
fn of_a_shallow_clone() {
    try_all(&grounds::shallow(), paths::SHALLOW);
}

#[test]
fn of_one_that_borrows_objects() {
    try_all(&grounds::borrowing(), paths::BORROWING);
}

#[test]
fn of_a_bare_one() {
    try_all(&grounds::bare(), paths::BARE);
}
