//! Hashes are verified by the reference implementation and the other way round; PostgreSQL takes what is exported.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::common::fill::base62;
use crate::common::postgres::Postgres;
use crate::common::{Sandbox, skip};
use envward::keyhash::{self, CHOICES, Cost};
use rand::rngs::SysRng;
use serde_json::Value;

/// Runs a program with a text on its standard input; its status and output, `None` where it is not here.
fn run(program: &Path, args: &[&str], stdin: &str) -> Option<(i32, String)> {
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().ok()?;
    // One that does not read it closes its end; that is no failure.
    let _ = child.stdin.take().unwrap().write_all(stdin.as_bytes());
    let output = child.wait_with_output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.code().unwrap(), text))
}

/// Runs Python as `.ci/readers` installed it.
fn python(script: &str, args: &[&str], stdin: &str) -> Option<String> {
    let program = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/gate/venv/bin/python");
    let Some((status, text)) = run(&program, &[&["-c", script], args].concat(), stdin) else {
        skip("target/gate is missing: `.ci/readers` installs it");
        return None;
    };
    assert_eq!(status, 0, "{text}");
    Some(text)
}

/// The costs that are tried: every choice, the floor of argon2 itself, several lanes.
fn costs() -> Vec<Cost> {
    let more = [(8, 1, 1), (16, 3, 2), (1024, 2, 4), (4099, 1, 3)];
    let more = more.map(|(memory, passes, lanes)| Cost::new(memory, passes, lanes).unwrap());
    CHOICES.iter().map(|choice| choice.cost).chain(more).collect()
}

#[test]
fn argon2_cffi_verifies_ours() {
    const SCRIPT: &str = "
import sys, argon2
hasher = argon2.PasswordHasher()
for line in sys.stdin.read().splitlines():
    hash, key = line.split(' ')
    assert hasher.verify(hash, key)
    try:
        hasher.verify(hash, key + 'x')
    except argon2.exceptions.VerifyMismatchError:
        print('verified')
";
    let mut lines = String::new();
    for (count, cost) in costs().into_iter().enumerate() {
        let key = base62("key", 1 + count * 7);
        lines += &format!("{} {key}\n", keyhash::hash(key.as_bytes(), cost, &mut SysRng).unwrap());
    }
    let Some(output) = python(SCRIPT, &[], &lines) else { return };
    assert_eq!(output.lines().count(), costs().len());
}

#[test]
fn we_verify_those_of_argon2_cffi() {
    const SCRIPT: &str = "
import argon2
for memory, passes, lanes, salt, output in [
    (19456, 2, 1, 16, 32), (47104, 1, 1, 16, 32), (65536, 3, 4, 16, 32), (8, 1, 1, 8, 16), (1024, 2, 3, 64, 64), (2048, 1, 2, 11, 24),
]:
    for key in ['a key', 'x', 'k' * 300, 'schlüssel']:
        hasher = argon2.PasswordHasher(passes, memory, lanes, output, salt)
        print(hasher.hash(key), key, sep='\\t')
";
    let Some(output) = python(SCRIPT, &[], "") else { return };
    assert_eq!(output.lines().count(), 24);
    for line in output.lines() {
        let (hash, key) = line.split_once('\t').unwrap();
        assert_eq!(keyhash::verify(key.as_bytes(), hash), Ok(true), "{hash}");
        assert_eq!(keyhash::verify(format!("{key}x").as_bytes(), hash), Ok(false), "{hash}");
        assert_eq!(keyhash::Phc::parse(hash).unwrap().to_string(), hash);
    }
}

/// The command-line tool of the reference implementation. It makes hashes and verifies none; so ours is made again by
/// it, with the same salt.
#[test]
fn the_reference_tool_makes_the_same_hash() {
    for cost in costs() {
        let key = base62("tool", 43);
        // The tool takes the salt as an argument, so it is text.
        let salt = "0123456789abcdef";
        let (memory, passes) = (cost.memory_kib().to_string(), cost.passes().to_string());
        let lanes = cost.lanes().to_string();
        let args = [salt, "-id", "-k", &memory, "-t", &passes, "-p", &lanes, "-l", "32", "-e"];
        let Some((status, theirs)) = run(Path::new("argon2"), &args, &key) else {
            return skip("argon2 is not here: Debian's package of this name has it");
        };
        assert_eq!(status, 0, "{theirs}");
        assert_eq!(keyhash::verify(key.as_bytes(), theirs.trim_end()), Ok(true), "{theirs}");
        assert_eq!(keyhash::verify(b"another", theirs.trim_end()), Ok(false), "{theirs}");
        let ours = keyhash::hash(key.as_bytes(), cost, &mut Salt(salt)).unwrap();
        assert_eq!(ours, theirs.trim_end());
    }
}

/// A generator of one fixed salt.
struct Salt(&'static str);

impl rand::TryRng for Salt {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        unreachable!("a salt is asked for as bytes")
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        unreachable!("a salt is asked for as bytes")
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.copy_from_slice(self.0.as_bytes());
        Ok(())
    }
}

impl rand::TryCryptoRng for Salt {}

#[test]
fn the_program_and_argon2_cffi_agree() {
    let sandbox = Sandbox::new();
    let key = base62("agree", 43);
    let ours = sandbox.command(&["key", "hash"]).stdin(&key).run().code(0).stdout;
    const VERIFY: &str = "import sys, argon2; print(argon2.PasswordHasher().verify(sys.argv[1], sys.stdin.read()))";
    let Some(answer) = python(VERIFY, &[ours.trim_end()], &key) else { return };
    assert_eq!(answer, "True\n");
    const HASH: &str = "import sys, argon2; print(argon2.PasswordHasher().hash(sys.stdin.read()))";
    let Some(theirs) = python(HASH, &[], &key) else { return };
    sandbox.file("hash", 0o600, theirs);
    let verify = ["key", "verify", "--hash-file", "hash"];
    assert_eq!(sandbox.command(&verify).stdin(&key).run().code(0).stdout, "match\n");
    drop(sandbox.command(&verify).stdin(&base62("other", 43)).run().code(1));
}

/// Whatever a name is, it gets into the table as it is; and what the database knows to be revoked stays so.
#[test]
fn postgresql_takes_the_exported_keys() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    let Some(server) = Postgres::start(&sandbox) else { return };
    let names =
        ["it's", "'); DROP TABLE admin_api_keys; --", "back\\slash\\'", "$1 $$x$$ :name :'name'", "schlüssel 🔑"];
    for (count, name) in names.iter().enumerate() {
        let file = count.to_string();
        let args =
            ["key", "new", "--prefix", "takumi_admin", "--name", name, "--out", &file, "--expires", "9999-06-30"];
        drop(sandbox.envward(&[&args[..], &["--params", "m=8,t=1,p=1", "--allow-weak"]].concat()).code(0));
    }
    let rows = || -> Vec<Value> {
        let sql = sandbox.envward(&["key", "export", "--format", "sql"]).code(0).stdout;
        let mut psql = server.client("postgres", None).stdin(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        psql.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
        let output = psql.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let question = "SET timezone = 'UTC'; SELECT json_agg(key ORDER BY ctid) FROM admin_api_keys key";
        serde_json::from_slice(&server.psql("postgres", None, question).stdout).unwrap()
    };
    let exported = || -> Vec<Value> {
        let json = sandbox.envward(&["key", "export", "--format", "json"]).code(0).json();
        json["keys"].as_array().unwrap().clone()
    };
    for ((row, key), name) in rows().iter().zip(exported()).zip(names) {
        assert_eq!((&row["name"], &key["name"]), (&name.into(), &name.into()));
        for column in ["id", "prefix", "hash"] {
            assert_eq!(row[column], key[column], "{column}");
        }
        let made = row["created_at"].as_str().unwrap().replace("+00:00", "Z");
        assert_eq!(
            (made.as_str(), &row["expires_at"]),
            (key["made_at"].as_str().unwrap(), &"9999-07-01T00:00:00+00:00".into())
        );
        assert_eq!(row["revoked_at"], Value::Null);
    }
    // The second time: nothing is there twice, what is revoked here is revoked there, and the other way round it stays.
    let ids: Vec<String> = exported().iter().map(|key| key["id"].as_str().unwrap().to_owned()).collect();
    let there = format!("UPDATE admin_api_keys SET revoked_at = '2020-01-01' WHERE id = '{}'", ids[0]);
    assert!(server.psql("postgres", None, &there).status.success());
    drop(sandbox.envward(&["key", "revoke", &ids[1]]).code(0));
    let rows = rows();
    let is_revoked = |id: &str| rows.iter().any(|row| row["id"] == *id && row["revoked_at"] != Value::Null);
    assert_eq!(rows.len(), names.len());
    assert_eq!(ids.iter().map(|id| is_revoked(id)).collect::<Vec<_>>(), [true, true, false, false, false]);
}
