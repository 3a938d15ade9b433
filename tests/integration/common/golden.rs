//! Files of the repository that the program writes: the test compares, and on request mends.

use std::fs;
use std::path::Path;

/// Fails unless the repository's file at `path` holds `expected`; with `ENVWARD_BLESS` set, writes it.
#[track_caller]
pub fn assert_fresh(path: &str, expected: &str) {
    assert!(!expected.is_empty(), "nothing to compare {path} with");
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("ENVWARD_BLESS").is_some() {
        fs::write(&file, expected).unwrap();
    }
    let actual = fs::read_to_string(&file).unwrap_or_default();
    if let Some(line) = first_difference(&actual, expected) {
        panic!(
            "{path} is out of date from line {line}: `ENVWARD_BLESS=1 cargo test --locked` writes it anew\n\
             --- it holds\n{actual}\n--- it should hold\n{expected}"
        );
    }
}

fn first_difference(left: &str, right: &str) -> Option<usize> {
    if left == right {
        return None;
    }
    let same = left.lines().zip(right.lines()).take_while(|(left, right)| left == right).count();
    Some(same + 1)
}
