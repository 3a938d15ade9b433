//! `envward key`: made, handed over once, hashed, verified, listed, taken back.

mod elsewhere;
mod hash;
mod new;
mod verify;

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};

use crate::common::fill::base62;
use crate::common::schema::validate;
use crate::common::{Output, Sandbox, skip};
use serde_json::Value;

const SCHEMA: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.schema.json"));
const PREFIX: &str = "takumi_admin";
/// Cheap, where the cost does not matter.
const CHEAP: [&str; 3] = ["--params", "m=8,t=1,p=1", "--allow-weak"];

/// A project, and a key of its own in the file `key`.
fn with_key() -> (Sandbox, String) {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let key = new(&sandbox, "key", &[]);
    (sandbox, key)
}

/// Makes a key; its text.
fn new(sandbox: &Sandbox, file: &str, more: &[&str]) -> String {
    let args = [&["key", "new", "--prefix", PREFIX, "--name", "ops laptop", "--out", file][..], &CHEAP, more].concat();
    let output = sandbox.envward(&args).code(0);
    assert!(output.stdout.starts_with("$argon2id$v=19$m=8,t=1,p=1$") && output.stdout.lines().count() == 1);
    let key = fs::read_to_string(sandbox.path(file)).unwrap();
    key.strip_suffix('\n').unwrap().to_owned()
}

fn id(key: &str) -> String {
    key.strip_prefix(PREFIX).unwrap().split('_').nth(1).unwrap().to_owned()
}

/// `key verify` with this key on standard input.
fn verify(sandbox: &Sandbox, key: &str, more: &[&str]) -> Output {
    sandbox.command(&[&["key", "verify"], more].concat()).stdin(&format!("{key}\n")).run()
}

fn list(sandbox: &Sandbox) -> Vec<Value> {
    let list = sandbox.envward(&["key", "list", "--format", "json"]).code(0);
    validate(SCHEMA, &list.stdout)["keys"].as_array().unwrap().clone()
}

/// Changes the registry behind envward's back.
fn plant(sandbox: &Sandbox, change: &str) {
    let path = sandbox.root().join("state/ledger.sqlite");
    assert!(rusqlite::Connection::open(path).unwrap().execute(change, []).unwrap() > 0);
}

/// The program's own path, for a line of `sh`.
fn program() -> &'static str {
    env!("CARGO_BIN_EXE_envward")
}

/// Runs envward at a terminal of its own, types what is to be typed once it is asked, and gives all that the terminal
/// showed; `None` where that cannot be had.
fn at_a_terminal(sandbox: &Sandbox, line: &str, typed: &str) -> Option<(String, i32)> {
    const SCRIPT: &str = r#"
import os, pty, sys
child, terminal = pty.fork()
if child == 0:
    os.execvp("sh", ["sh", "-c", sys.argv[1]])
seen, is_typed = b"", not sys.argv[2]
while True:
    try:
        part = os.read(terminal, 1024)
    except OSError:
        break
    if not part:
        break
    seen += part
    if not is_typed and b"not shown: " in seen:
        os.write(terminal, sys.argv[2].encode() + b"\n")
        is_typed = True
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"#;
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT, line, typed]).current_dir(sandbox.path(""));
    command.env("ENVWARD_STATE_DIR", sandbox.root().join("state")).env("TERM", "dumb");
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        skip("python3 is not here to make a terminal");
        return None;
    };
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    Some((String::from_utf8(output.stdout).unwrap(), output.status.code().unwrap()))
}

/// A command line without any terminal.
fn without_a_terminal(sandbox: &Sandbox, line: &str) -> Option<Output> {
    let output = sandbox.shell(&format!("command -v setsid >/dev/null || exit 99; setsid -w {line}")).run();
    if output.code == 99 {
        skip("setsid is not here to take the terminal away");
        return None;
    }
    Some(output)
}

/// A good key that no registry knows.
fn new_key() -> String {
    new(&Sandbox::new(), "key", &[])
}
