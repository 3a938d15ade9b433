//! Repositories with a few bytes of one file changed at random, with right checksums after that, looked at by the program:
//! it answers, soon and in little memory, and says clean to none of them.
//!
//! `ENVWARD_FUZZ_SECONDS` is the time for each format (5), `ENVWARD_FUZZ_SEED` the first seed (1). A fault names its
//! seed: that seed with 0 seconds makes the same change again.

mod formats;

use std::time::{Duration, Instant};

use self::formats::Ground;
use crate::common::dice::Dice;
use crate::common::ordeal::{Faults, endure};

fn number(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// Changes a repository again and again until its time is over.
fn fuzz(ground: &Ground) {
    let (seconds, first) = (number("ENVWARD_FUZZ_SECONDS", 5), number("ENVWARD_FUZZ_SEED", 1));
    let end = Instant::now() + Duration::from_secs(seconds);
    let mut faults = Faults::default();
    let mut seed = first;
    while seed == first || Instant::now() < end {
        ground.change(&mut Dice::new(seed));
        for verb in ground.verbs {
            let args: Vec<&str> = verb.split(' ').collect();
            let ordeal = endure(&mut ground.sandbox.command(&args).into_command(), b"");
            let missed = || {
                let may_miss = !ground.keeps_the_leak || !verb.starts_with("scan --format");
                let is_named = ordeal.stdout.contains("\"path\": \".env\"");
                let is_right = may_miss || ordeal.code() == Some(2) || ordeal.code() == Some(1) && is_named;
                (!is_right).then(|| format!("the leak is missed: {:?}", ordeal.end))
            };
            faults.add(&format!("seed {seed}: {verb}"), ordeal.fault().or_else(missed));
        }
        seed += 1;
    }
    eprintln!("seeds {first} to {}", seed - 1);
    faults.assert_none();
}

#[test]
fn objects_in_packs() {
    fuzz(&formats::pack_entries());
}

#[test]
fn bytes_of_packs() {
    fuzz(&formats::pack_bytes());
}

#[test]
fn indexes_of_version_1() {
    fuzz(&formats::index_1());
}

#[test]
fn indexes_of_version_2() {
    fuzz(&formats::index_2());
}

#[test]
fn indexes_of_many_packs() {
    fuzz(&formats::multi_pack_index());
}

#[test]
fn loose_objects() {
    fuzz(&formats::loose());
}

#[test]
fn what_is_staged_2() {
    fuzz(&formats::staged("2"));
}

#[test]
fn what_is_staged_4() {
    fuzz(&formats::staged("4"));
}

#[test]
fn packed_refs() {
    fuzz(&formats::file(".git/packed-refs"));
}

#[test]
fn heads() {
    fuzz(&formats::file(".git/HEAD"));
}

#[test]
fn logs() {
    fuzz(&formats::file(".git/logs/HEAD"));
}

#[test]
fn configurations() {
    fuzz(&formats::file(".git/config"));
}

#[test]
fn reftables() {
    fuzz(&formats::reftable());
}
