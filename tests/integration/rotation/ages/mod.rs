//! Ages, from the real binary: what is known, what is due, what a look may write, and what stops it.

mod first_look;
mod later_looks;
mod refused;

use std::fs::{self, FileTimes};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use crate::common::fill::fill;
use crate::common::ledger::{ledger, let_pass, state};
use crate::common::schema::validate;
use crate::common::{Output, Sandbox};
use serde_json::Value;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/rotation.schema.json"));
const ENV: &str = "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox
}

/// Validated against the schema.
#[track_caller]
fn status(sandbox: &Sandbox, args: &[&str], code: i32) -> Value {
    let args = [&["rotation", "status", "--format", "json"], args].concat();
    valid(&sandbox.envward(&args).code(code))
}

#[track_caller]
fn valid(output: &Output) -> Value {
    validate(SCHEMA, &output.stdout)
}

/// `key state urgency age basis`, in the answer's order.
fn rows(answer: &Value) -> Vec<String> {
    let row = |one: &Value| {
        let word = |name: &str| one[name].as_str().unwrap().to_owned();
        format!("{} {} {} {} {}", word("key"), word("state"), word("urgency"), one["age_days"], word("age_basis"))
    };
    answer["secrets"].as_array().unwrap().iter().map(row).collect()
}

fn written_days_ago(sandbox: &Sandbox, path: &str, days: u64) {
    let time = SystemTime::now() - Duration::from_secs(days * 86_400);
    let file = fs::File::options().write(true).open(sandbox.path(path)).unwrap();
    file.set_times(FileTimes::new().set_modified(time)).unwrap();
}
