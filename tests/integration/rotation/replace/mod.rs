//! Guided rotation: the new value waits, is put to use everywhere, and the old one ends; whatever kills it on the way.

mod by_hand;
mod killed;
mod rollback;
mod steps;
mod values;

use std::fs;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::common::fill::fill;
use crate::common::ledger::state;
use crate::common::{Output, Sandbox};

const ENV: &str = "# the app\nNODE_ENV=production\nDB_USER=app\nDB_PASSWORD={password} # ours\n\
                   DATABASE_URL=postgres://app:{password}@db:5432/app\nJWT_SECRET={hex64}\n";
const WORKER: &str = "APP_ENV=production\nexport QUEUE_DB_PASS='{password}'\nOTHER=x\n";
const PENDING: &str = ".env.DB_PASSWORD.pending";
const PREVIOUS: &str = ".env.DB_PASSWORD.previous";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox.file("worker/.env", 0o600, fill(WORKER));
    sandbox
}

fn rotation(sandbox: &Sandbox, args: &[&str], code: i32) -> Output {
    sandbox.envward(&[&["rotation"], args].concat()).code(code)
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.path(path)).unwrap()
}

/// The value behind a key of an env file.
fn value(sandbox: &Sandbox, path: &str, key: &str) -> String {
    let text = read(sandbox, path);
    let line = text.lines().find_map(|line| line.strip_prefix(&format!("{key}=")));
    line.unwrap_or_else(|| panic!("{path} has no {key}")).split(' ').next().unwrap().to_owned()
}

/// `key state basis` of every secret, in the order of the table.
fn states(sandbox: &Sandbox) -> Vec<String> {
    let answer = sandbox.envward(&["rotation", "status", "--format", "json", "--exit-zero"]).code(0).json();
    let row = |one: &serde_json::Value| {
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{} {} {}", word("key"), word("state"), word("age_basis"))
    };
    let mut rows: Vec<String> = answer["secrets"].as_array().unwrap().iter().map(row).collect();
    rows.sort();
    rows
}
