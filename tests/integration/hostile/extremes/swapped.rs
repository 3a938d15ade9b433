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

const VERBS: [&str; 6] = [
    "check --fix --format json",
    "generate hex --into .env NEW_KEY --replace",
    "init --update",
    "rotation rotate DB_PASSWORD .env",
    "rotation rotate DB_PASSWORD .env --abandon",
    "generate hex --into sub/.env NEW_KEY --replace",
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
