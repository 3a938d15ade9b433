//! A second process swaps files while envward looks at one and writes it.

use std::fs;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::*;
use crate::common::fill::fill;

/// For so long, or for as long as the gate changes bytes.
fn length() -> Duration {
    let seconds = std::env::var("ENVWARD_FUZZ_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    Duration::from_secs(seconds.unwrap_or(4).max(4))
}

/// What stands in the place of a file by turns with it.
type Case = (&'static str, &'static str, fn(&Sandbox, &str));

const OUTSIDE: &str = "../outside";

const CASES: [Case; 4] = [
    (".env", "a link to a file outside", |sandbox, aside| sandbox.link(aside, OUTSIDE)),
    (".env", "a second name of a file outside", |sandbox, aside| sandbox.hard_link(aside, OUTSIDE)),
    (".gitignore", "a link to a file outside", |sandbox, aside| sandbox.link(aside, OUTSIDE)),
    ("sub", "a link to a directory outside", |sandbox, aside| sandbox.link(aside, "../elsewhere")),
];

const VERBS: [&str; 5] = [
    "check --fix --format json",
    "generate hex --into .env NEW_KEY --replace",
    "init --update",
    "rotation rotate DB_PASSWORD .env",
    "rotation rotate DB_PASSWORD .env --abandon",
];

/// Nothing outside is changed, read out or opened to others, whenever the other one is put in its place.
#[test]
fn nothing_outside_is_touched() {
    for (path, what, make) in CASES {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        let outside = fill("OUTSIDE_SECRET={password-outside}\n");
        sandbox.file(OUTSIDE, 0o644, &outside);
        sandbox.file("../elsewhere/.env", 0o644, &outside);
        sandbox.file(".env", 0o644, fill("DB_PASSWORD={password}\n"));
        sandbox.file("sub/.env", 0o644, fill("DB_PASSWORD={password}\n"));
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\nOTHER_SECRET=\n");
        sandbox.file(".gitignore", 0o644, "/target\n");
        make(&sandbox, "aside");
        let (one, other) = (sandbox.path(path), sandbox.path("aside"));
        let (done, end) = (AtomicBool::new(false), Instant::now() + length() / 4);
        let mut runs = 0;
        std::thread::scope(|scope| {
            let swapper = scope.spawn(|| {
                let mut swaps = 0_u64;
                while !done.load(Ordering::Relaxed) {
                    swaps += u64::from(renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).is_ok());
                }
                swaps
            });
            while Instant::now() < end || runs < VERBS.len() {
                let ordeal = run(&sandbox, VERBS[runs % VERBS.len()]);
                runs += 1;
                let fault = ordeal.fault();
                if fault.is_some() {
                    done.store(true, Ordering::Relaxed);
                }
                assert_eq!(fault, None, "{path}: {what}: {}", VERBS[(runs - 1) % VERBS.len()]);
                let told = format!("{}{}", ordeal.stdout, ordeal.stderr);
                assert!(!told.contains(&fill("{password-outside}")), "{path}: {what}: a value is shown");
            }
            done.store(true, Ordering::Relaxed);
            assert!(swapper.join().unwrap() > 10, "{path}: {what}: nothing was swapped");
        });
        for path in [OUTSIDE, "../elsewhere/.env"] {
            let text = fs::read_to_string(sandbox.path(path)).unwrap();
            let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(sandbox.path(path)).unwrap());
            assert_eq!((text.as_str(), mode & 0o777), (outside.as_str(), 0o644), "{path}: {what}, after {runs} runs");
        }
        let names: Vec<_> =
            fs::read_dir(sandbox.path("../elsewhere")).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, [".env"], "{what}");
    }
}

/// A link in the directory of a file that was named is followed, as `current/.env` of a deployment needs. Whichever
/// directory it is at that moment, the file in it is the old one or the new one, and the other directory has nothing of it.
#[test]
fn the_directory_of_a_named_file_is_one_or_the_other() {
    let sandbox = Sandbox::new();
    let (inside, outside) = (fill("DB_PASSWORD={password}\n"), fill("OUTSIDE_SECRET={password-outside}\n"));
    sandbox.file("sub/.env", 0o644, &inside);
    sandbox.file("../elsewhere/.env", 0o644, &outside);
    sandbox.link("aside", "../elsewhere");
    let (one, other) = (sandbox.path("sub"), sandbox.path("aside"));
    let (done, end) = (AtomicBool::new(false), Instant::now() + length() / 4);
    let mut runs = 0;
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                renameat_with(CWD, &one, CWD, &other, RenameFlags::EXCHANGE).unwrap();
            }
        });
        while Instant::now() < end || runs < 10 {
            let ordeal = run(&sandbox, "generate hex --into sub/.env NEW_KEY --replace");
            runs += 1;
            if ordeal.fault().is_some() {
                done.store(true, Ordering::Relaxed);
            }
            assert_eq!(ordeal.fault(), None);
        }
        done.store(true, Ordering::Relaxed);
    });
    let mut changed = 0;
    let is_link = fs::symlink_metadata(&one).unwrap().is_symlink();
    let own = if is_link { other } else { one };
    for (dir, before) in [(own, &inside), (sandbox.path("../elsewhere"), &outside)] {
        let names: Vec<_> = fs::read_dir(&dir).unwrap().map(|one| one.unwrap().file_name()).collect();
        assert_eq!(names, [".env"]);
        let text = fs::read_to_string(dir.join(".env")).unwrap();
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(dir.join(".env")).unwrap()) & 0o777;
        let added = text.strip_prefix(before.as_str()).unwrap();
        let is_one_line = added.strip_prefix("NEW_KEY=").is_some_and(|value| value.trim_end().len() == 128);
        assert!(if added.is_empty() { mode == 0o644 } else { is_one_line && mode == 0o600 }, "{mode:o}");
        changed += usize::from(!added.is_empty());
    }
    assert!(changed > 0);
}
