//! Runs envward under strace: what it asks the system for, and what it does where the system refuses, ends or stops it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::{LIMIT, Output, Run, Sandbox, skip};

/// One system call of a run.
#[derive(Debug)]
pub struct Call {
    pub name: String,
    /// Which of the calls of this name it is, from 1: what strace's `when=` takes.
    pub nth: usize,
    /// As strace shows it, with a path behind each descriptor.
    pub line: String,
}

/// What a run asked the system for, and how it ended.
pub struct Trace {
    pub calls: Vec<Call>,
    /// `exited with 0`, `killed by SIGKILL`.
    pub end: String,
    pub output: Output,
}

impl Trace {
    /// From the first lock on: what came before wrote nothing.
    pub fn since_lock(&self) -> &[Call] {
        let lock = self.calls.iter().position(|call| call.name == "flock").expect("a lock is taken");
        &self.calls[lock..]
    }
}

/// Whether envward can be traced here; where not, it has said so.
#[must_use = "without strace nothing is shown"]
pub fn is_possible(sandbox: &Sandbox) -> bool {
    let works = sandbox.shell("exec strace -f -o /dev/null true").run().code == 0;
    if !works {
        skip("strace is not installed, or may not trace");
    }
    works
}

impl Sandbox {
    /// Runs envward under strace with these injections: `fsync:error=EIO:when=1`.
    #[track_caller]
    pub fn trace(&self, injections: &[&str], args: &[&str]) -> Trace {
        read(&self.log(), self.traced(injections, args).run())
    }

    /// Runs envward, stops it behind a system call (`fsync:when=1`), and lets it go on when that is done.
    #[track_caller]
    pub fn trace_stopped(&self, at: &str, args: &[&str], meanwhile: impl FnOnce()) -> Trace {
        self.trace_stopped_with(at, &[], args, meanwhile)
    }

    /// The same with other injections, too.
    #[track_caller]
    pub fn trace_stopped_with(&self, at: &str, others: &[&str], args: &[&str], meanwhile: impl FnOnce()) -> Trace {
        let (call, when) = at.split_once(':').unwrap();
        let injection = format!("{call}:signal=STOP:{when}");
        let log = self.log();
        let run = self.traced(&[others, &[injection.as_str()]].concat(), args);
        let mut was_stopped = false;
        let output = run.run_while(|| {
            if let Some(process) = wait_until_stopped(&log) {
                meanwhile();
                kill_process(process, Signal::CONT).unwrap();
                was_stopped = true;
            }
        });
        assert!(was_stopped, "{at} was not reached");
        read(&log, output)
    }

    fn log(&self) -> PathBuf {
        self.root.join("trace")
    }

    fn traced(&self, injections: &[&str], args: &[&str]) -> Run<'_> {
        let log = self.log();
        let _ = fs::remove_file(&log);
        // strace ends by the signal that ended what it traced. Cores are let through, so that it shows who dumps one.
        let shell = [
            "-c",
            r#"ulimit -c unlimited 2>/dev/null; "$@"; exit 0"#,
            "sh",
            "strace",
            "-f",
            "-y",
            "-o",
            log.to_str().unwrap(),
        ];
        let injections: Vec<String> = injections.iter().map(|one| format!("inject={one}")).collect();
        let injections: Vec<&str> = injections.iter().flat_map(|one| ["-e", one]).collect();
        let all = [&shell[..], &injections, &[env!("CARGO_BIN_EXE_envward")], args].concat();
        // Without a ledger, which is written when the files are: `rotation/ages.rs` and the store's own show that.
        self.program("sh".as_ref(), &all).env("ENVWARD_STATE_DIR", "/dev/null")
    }
}

/// The process that was stopped, or nothing where it ended before.
fn wait_until_stopped(log: &Path) -> Option<Pid> {
    let pause = Duration::from_millis(5);
    for _ in 0..LIMIT.as_millis() / pause.as_millis() {
        let text = fs::read_to_string(log).unwrap_or_default();
        if let Some(line) = text.lines().find(|line| line.ends_with("--- stopped by SIGSTOP ---")) {
            return Pid::from_raw(line.split_whitespace().next()?.parse().unwrap());
        }
        if text.contains(" +++ ") {
            return None;
        }
        std::thread::sleep(pause);
    }
    None
}

fn read(log: &Path, output: Output) -> Trace {
    let text = fs::read_to_string(log).unwrap();
    let (mut calls, mut counts) = (Vec::new(), BTreeMap::new());
    let mut end = String::new();
    for line in text.lines() {
        let (process, line) = line.split_once(' ').unwrap();
        assert!(text.starts_with(process), "a second process or thread: {line}");
        let line = line.trim_start();
        if let Some(how) = line.strip_prefix("+++ ") {
            how.trim_end_matches(" +++").clone_into(&mut end);
        } else if let Some((name, _)) = line.split_once('(').filter(|_| !line.starts_with("---")) {
            let nth = counts.entry(name.to_owned()).and_modify(|count| *count += 1).or_insert(1);
            calls.push(Call { name: name.to_owned(), nth: *nth, line: line.to_owned() });
        }
    }
    Trace { calls, end, output }
}
