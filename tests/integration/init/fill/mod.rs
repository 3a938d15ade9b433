//! `envward init`: from examples to filled env files.

mod anew;
mod environments;
mod made;
mod questions;
mod refused;

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use crate::common::leak::hex;
use crate::common::{Sandbox, skip_without_root};
use sha2::{Digest as _, Sha256};

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

fn mode(sandbox: &Sandbox, path: &str) -> u32 {
    fs::metadata(sandbox.path(path)).unwrap().permissions().mode() & 0o7777
}

fn value(sandbox: &Sandbox, path: &str, key: &str) -> String {
    let text = read(sandbox, path);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
    line.unwrap_or_else(|| panic!("{path} has no {key}")).to_owned()
}

/// Every file below a directory: its mode, times and content's hash.
fn state(dir: &Path) -> BTreeMap<String, (u32, i64, i64, String)> {
    let mut state = BTreeMap::new();
    for entry in walkdir::WalkDir::new(dir).sort_by_file_name() {
        let entry = entry.unwrap();
        let meta = entry.metadata().unwrap();
        if entry.file_type().is_file() {
            let hash = hex(&Sha256::digest(fs::read(entry.path()).unwrap()));
            let path = entry.path().display().to_string();
            state.insert(path, (meta.permissions().mode(), meta.mtime(), meta.mtime_nsec(), hash));
        }
    }
    state
}

/// What no output may hold: every value of the env files made.
fn assert_unseen(sandbox: &Sandbox, screen: &str, files: &[&str]) {
    for file in files {
        for line in read(sandbox, file).lines().filter(|line| !line.starts_with('#')) {
            let value = line.split_once('=').map_or("", |(_, value)| value);
            assert!(value.len() < 20 || !screen.contains(value), "{file}: {screen}");
        }
    }
}
