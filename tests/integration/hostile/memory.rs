//! What a command leaves in its memory: it is stopped at its last system call, all of its memory is searched, and no part
//! of a value may be there.

use std::fs::{self, File};
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::common::fill::base62;
use crate::common::leak::Marker;
use crate::common::{LIMIT, Sandbox, trace};

/// The key of the value.
const KEY: &str = "DB_PASSWORD";

/// A word of the command line. It is no secret and stays in the memory, which shows that the search finds something.
const CONTROL: &str = "--color=never";

/// A command, and what it reads on standard input.
struct Case {
    args: &'static [&'static str],
    input: fn(&str) -> String,
}

const fn case(args: &'static [&'static str]) -> Case {
    Case { args, input: |_| String::new() }
}

#[test]
fn no_value_of_an_env_file_stays() {
    examine(&[
        case(&["check"]),
        case(&["check", "--readers"]),
        case(&["scan"]),
        case(&["preflight"]),
        case(&["trace", "."]),
        case(&["rotation", "status"]),
        case(&["generate", "hex", "--into", ".env", "NEW_TOKEN"]),
        case(&["rotation", "rotate", KEY, ".env"]),
        case(&["rotation", "promote", KEY, ".env"]),
    ]);
}

/// Standard input: a key that is hashed, a new value, and what Docker shows of a container.
#[test]
fn nothing_of_standard_input_stays() {
    let line = |value: &str| format!("{value}\n");
    let inspect = |value: &str| {
        format!(
            r#"[{{"Id":"{}","Name":"/api","Config":{{"Image":"shop:1","Env":["{KEY}={value}","A=b"]}},
            "HostConfig":{{}},"State":{{"Status":"running"}},"Mounts":[]}}]"#,
            "a".repeat(64)
        )
    };
    examine(&[
        Case { args: &["key", "hash"], input: line },
        Case { args: &["trace", "-"], input: line },
        Case { args: &["preflight", "--inspect", "-"], input: inspect },
        Case { args: &["rotation", "verify", KEY, ".env", "--docker"], input: inspect },
    ]);
    // Another value than that of the env file.
    let sandbox = project("the value before");
    if !can_be_stopped(&sandbox) {
        return;
    }
    let value = base62("the value after", 40);
    let rotate = Case { args: &["rotation", "rotate", KEY, ".env", "--stdin"], input: line };
    Memory::after(&sandbox, &rotate, &line(&value)).assert_has_no(&value);
}

/// A value that is made: in a file, and on standard output.
#[test]
fn no_new_value_stays() {
    let sandbox = project("the value before");
    if !can_be_stopped(&sandbox) {
        return;
    }
    let memory = Memory::after(&sandbox, &case(&["generate", "hex"]), "");
    let value = fs::read_to_string(sandbox.root().join("output")).unwrap();
    assert_eq!(value.trim_end().len(), 128);
    memory.assert_has_no(value.trim_end());
    let memory = Memory::after(&sandbox, &case(&["rotation", "rotate", KEY, ".env"]), "");
    let waiting = fs::read_to_string(sandbox.path(".env.DB_PASSWORD.pending")).unwrap();
    let value = waiting.trim_end().rsplit(['=', '\n']).next().unwrap();
    assert!(value.len() > 30);
    memory.assert_has_no(value);
}

/// A project whose value is in its env file alone. Of a value in a git object or in a compose file, buffers of libraries
/// keep pieces: SECURITY.md names them.
fn project(word: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    let value = base62(word, 40);
    sandbox.file(".env", 0o600, format!("{KEY}={value}\nDATABASE_URL=postgres://app:{value}@db/app\nDEBUG=1\n"));
    sandbox.file(".gitignore", 0o644, ".env*\n");
    let compose =
        "services:\n  api:\n    image: shop:1\n    env_file: .env\n    environment:\n      PASSWORD: ${DB_PASSWORD}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "a service"]);
    sandbox
}

/// Runs each command in a project of its own, and looks for the value of its env file.
fn examine(cases: &[Case]) {
    for case in cases {
        let sandbox = project("the value");
        if !can_be_stopped(&sandbox) {
            return;
        }
        if case.args.contains(&"promote") {
            let _ = sandbox.envward(&["rotation", "rotate", KEY, ".env"]).code(0);
        }
        let value = base62("the value", 40);
        Memory::after(&sandbox, case, &(case.input)(&value)).assert_has_no(&value);
    }
}

fn can_be_stopped(sandbox: &Sandbox) -> bool {
    cfg!(target_os = "linux") && trace::is_possible(sandbox)
}

/// What a process could write to when it ended.
struct Memory {
    command: String,
    regions: Vec<(String, Vec<u8>)>,
}

impl Memory {
    /// Runs a command up to its last system call. Its memory can be read because `prctl`, by which it forbids that, fails.
    fn after(sandbox: &Sandbox, case: &Case, input: &str) -> Self {
        let (command, root) = (case.args.join(" "), sandbox.root());
        fs::write(root.join("input"), input).unwrap();
        let log = root.join("trace");
        let _ = fs::remove_file(&log);
        let line = format!(
            "strace -f -o ../trace -e trace=prctl,exit_group -e inject=prctl:error=EPERM \
             -e inject=exit_group:error=EPERM:signal=STOP {} {CONTROL} {command} <../input >../output 2>../errors; exit 0",
            env!("CARGO_BIN_EXE_envward")
        );
        let mut regions = Vec::new();
        let _ = sandbox.shell(&line).run_while(|| {
            let stopped = Stopped(wait_until_stopped(&log));
            regions = stopped.memory();
        });
        let ended = fs::read_to_string(&log).unwrap();
        let errors = fs::read_to_string(root.join("errors")).unwrap();
        assert!(!ended.contains("exit_group(2)"), "{command} failed: {errors}");
        Self { command, regions }
    }

    /// No part of a value is there, in any form; a name is, which shows that the search finds something.
    fn assert_has_no(&self, value: &str) {
        let found = |marker: &Marker| -> Vec<_> {
            let regions = self.regions.iter();
            regions.filter_map(|(name, bytes)| Some((name.as_str(), marker.find(bytes)?))).collect()
        };
        assert_eq!(found(&Marker::new(value)), [], "{}: left behind", self.command);
        assert!(!found(&Marker::new(CONTROL)).is_empty(), "{}: nothing is found", self.command);
    }
}

/// The process, when strace says that it has stopped.
fn wait_until_stopped(log: &Path) -> Pid {
    let pause = Duration::from_millis(5);
    for _ in 0..LIMIT.as_millis() / pause.as_millis() {
        let text = fs::read_to_string(log).unwrap_or_default();
        if let Some(line) = text.lines().find(|line| line.ends_with("--- stopped by SIGSTOP ---")) {
            let number = line.split_whitespace().next().unwrap();
            return Pid::from_raw(number.parse().unwrap()).unwrap();
        }
        std::thread::sleep(pause);
    }
    panic!("the command did not come to its end: {}", fs::read_to_string(log).unwrap_or_default());
}

/// A stopped process. It must not go on: behind its last system call there is no code.
struct Stopped(Pid);

impl Drop for Stopped {
    fn drop(&mut self) {
        let _ = kill_process(self.0, Signal::KILL);
    }
}

impl Stopped {
    /// The regions that the process may write to, without those that are empty. The names are the kernel's.
    fn memory(&self) -> Vec<(String, Vec<u8>)> {
        let place = PathBuf::from(format!("/proc/{}", self.0.as_raw_nonzero()));
        let memory = File::open(place.join("mem")).unwrap_or_else(|error| panic!("{}: {error}", place.display()));
        let maps = fs::read_to_string(place.join("maps")).unwrap();
        let region = |line: &str| {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (start, end) = words[0].split_once('-')?;
            let [start, end] = [start, end].map(|text| u64::from_str_radix(text, 16).unwrap());
            let mut bytes = vec![0; usize::try_from(end - start).unwrap()];
            let is_read = words[1].starts_with("rw") && memory.read_exact_at(&mut bytes, start).is_ok();
            let is_empty = !is_read || bytes.iter().all(|byte| *byte == 0);
            (!is_empty).then(|| (words.get(5).unwrap_or(&"no name").to_string(), bytes))
        };
        maps.lines().filter_map(region).collect()
    }
}
