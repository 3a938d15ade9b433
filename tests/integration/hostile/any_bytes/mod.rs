//! The readers on anything at all: what the fuzz targets of `fuzz/` try for hours, tried for a moment, so that a target
//! always compiles and what it asserts still holds. The inputs are small samples with a few changed bytes.

mod agent_settings;
mod compose;
mod config;
mod dockerfile;
mod env_edit;
mod env_file;
mod env_readers;
mod evidence;
mod expiry;
mod inspect;
mod keys;
mod reports;
mod template;

use std::fs;
use std::path::{Path, PathBuf};

use crate::common::dice::Dice;

const ROUNDS: u64 = 1000;

/// Each target gets all of them: a sample for one is a surprise for another.
fn samples() -> Vec<Vec<u8>> {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/hostile/any_bytes/samples");
    let mut paths: Vec<PathBuf> = fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// Runs a target on samples, each with a few changed bytes. What a failed test prints ends with the seed.
fn try_out(run: fn(&[u8])) {
    let samples = samples();
    for seed in 0..ROUNDS {
        eprintln!("seed {seed}");
        let mut dice = Dice::new(seed);
        let mut bytes = samples[dice.roll(samples.len())].clone();
        run(&bytes);
        if dice.roll(2) == 0 {
            bytes.push(0);
            bytes.extend(&samples[dice.roll(samples.len())]);
        }
        dice.change(&mut bytes);
        run(&bytes);
    }
}

macro_rules! targets {
    ($($name:ident)+) => {
        $(#[test] fn $name() { try_out($name::run); })+

        /// A target of `fuzz/` is one of these, or one line that calls a function which a unit test calls.
        #[test]
        fn every_fuzz_target_is_tried() {
            let root = Path::new(env!("CARGO_MANIFEST_DIR"));
            let read = |path: &str| fs::read_to_string(root.join(path)).unwrap();
            let rooms = [("git", read("src/git/fuzz.rs")), ("trace", read("src/trace/fuzz.rs"))];
            let listed = read("fuzz/Cargo.toml");
            let mut count = 0;
            for entry in fs::read_dir(root.join("fuzz/fuzz_targets")).unwrap() {
                let file = entry.unwrap().file_name().into_string().unwrap();
                let (name, text) = (file.trim_end_matches(".rs"), read(&format!("fuzz/fuzz_targets/{file}")));
                let calls = |(room, functions): &(&str, String)| {
                    text.contains(&format!("envward::{room}::fuzz::{name}(bytes)"))
                        && functions.contains(&format!("pub fn {name}(bytes: &[u8])"))
                };
                assert!([$(stringify!($name)),+].contains(&name) || rooms.iter().any(calls), "{file} is not tried");
                assert!(listed.contains(&format!("name = \"{name}\"")), "{file} is not in fuzz/Cargo.toml");
                count += 1;
            }
            assert_eq!(count, listed.matches("[[bin]]").count());
        }
    };
}

targets! {
    agent_settings compose config dockerfile env_edit env_file env_readers evidence expiry inspect keys reports template
}
