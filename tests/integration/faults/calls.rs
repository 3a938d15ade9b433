//! The system calls of a run, and runs in which one of them ends the process or is refused.

use std::collections::BTreeMap;
use std::fs;
use std::process::Command;
use std::time::Duration;

use crate::common::Sandbox;
use crate::common::ordeal::{Ordeal, endure_for};

/// Where a fault can be put: strace counts the calls of each name for itself, and for each thread.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Point {
    /// In the order of the run.
    at: usize,
    pub name: String,
    pub nth: usize,
    /// As strace shows it, with a path behind each descriptor.
    pub line: String,
    /// Whether it is about the sandbox, or what is printed.
    pub touches: bool,
    /// Whether it changes a file or a directory of the sandbox, or what is printed.
    pub writes: bool,
    /// Whether a process that ends before it leaves another state behind than one that ends before the next such call.
    pub changes: bool,
}

/// Calls whose number is chance: random bytes that are thrown away ask for more, and so does memory. None of them changes
/// a file. And `close`, behind which there is nothing to be done, and of which Rust takes no error for a directory.
const CHANCE: [&str; 13] = [
    "brk",
    "close",
    "clone",
    "clone3",
    "futex",
    "getrandom",
    "madvise",
    "mmap",
    "mprotect",
    "mremap",
    "munmap",
    "rt_sigaction",
    "rt_sigprocmask",
];

/// Calls that change what is on the disk.
const CHANGES: [&str; 20] = [
    "chmod",
    "chown",
    "fchmod",
    "fchmodat",
    "fchown",
    "fchownat",
    "ftruncate",
    "link",
    "linkat",
    "mkdir",
    "mkdirat",
    "pwrite64",
    "rename",
    "renameat",
    "renameat2",
    "rmdir",
    "symlink",
    "unlink",
    "unlinkat",
    "write",
];

/// Calls that belong to a write and leave the same state.
const AROUND: [&str; 4] = ["fcntl", "fdatasync", "flock", "fsync"];

/// What the program does first: before that the loader runs.
const FIRST: &str = "RLIMIT_CORE";

/// How a verb is started, each time anew.
pub struct Start {
    pub args: Vec<String>,
    pub stdin: Vec<u8>,
    pub env: Vec<(String, String)>,
    /// What is refused in every run of it, as strace takes it: `renameat2:error=EINVAL`.
    pub without: Option<&'static str>,
}

impl Start {
    /// envward with these arguments.
    pub fn of(args: &[&str]) -> Self {
        let args = args.iter().map(|word| (*word).to_owned()).collect();
        Self { args, stdin: Vec::new(), env: Vec::new(), without: None }
    }

    /// A run without a fault.
    pub fn run(&self, sandbox: &Sandbox) -> Ordeal {
        let Some(without) = self.without else { return patiently(&mut self.wrapped(&[], sandbox), &self.stdin) };
        self.traced(sandbox, &["-f", "-qq", "-o", "/dev/null", "-e", &format!("inject={without}")])
    }

    /// The points of a run, in its order.
    pub fn points(&self, sandbox: &Sandbox) -> (Vec<Point>, Ordeal) {
        let log = sandbox.root().join("trace");
        let without = self.without.map(|without| format!("inject={without}"));
        let mut options = vec!["-f", "-y", "-s", "0", "-o", log.to_str().unwrap()];
        options.extend(without.iter().flat_map(|without| ["-e", without]));
        let run = self.traced(sandbox, &options);
        (read(&fs::read_to_string(&log).unwrap(), sandbox.root().to_str().unwrap()), run)
    }

    /// A run that ends before this call.
    pub fn killed(&self, at: &Point, sandbox: &Sandbox) -> Ordeal {
        let inject = format!("inject={}:signal=KILL:when={}", at.name, at.nth);
        let without = self.without.map(|without| format!("inject={without}"));
        // Without --seccomp-bpf, with which strace sends no signal.
        let mut options = vec!["-f", "-qq", "-o", "/dev/null", "-e", inject.as_str()];
        options.extend(without.iter().flat_map(|without| ["-e", without]));
        self.traced(sandbox, &options)
    }

    /// A run in which this is refused (`fsync:error=EIO:when=1`); `None` where the run did not come to it.
    pub fn refused(&self, what: &str, sandbox: &Sandbox) -> Option<Ordeal> {
        let log = sandbox.root().join("trace");
        let injections: Vec<&str> = [what].into_iter().chain(self.without).collect();
        let names: Vec<&str> = injections.iter().filter_map(|one| one.split(':').next()).collect();
        let (trace, log_path) = (format!("trace={}", names.join(",")), log.to_str().unwrap());
        let injections: Vec<String> = injections.iter().map(|one| format!("inject={one}")).collect();
        let mut options = vec!["-f", "--seccomp-bpf", "-qq", "-s", "0", "-o", log_path, "-e", &trace];
        options.extend(injections.iter().flat_map(|one| ["-e", one]));
        let run = self.traced(sandbox, &options);
        let (name, error) = what.split_once(":error=").unwrap();
        let errno = error.split(':').next().unwrap();
        let is_it = |line: &str| {
            line.contains("(INJECTED)") && line.contains(&format!("{name}(")) && line.contains(&format!(" {errno} "))
        };
        fs::read_to_string(&log).unwrap().lines().any(is_it).then_some(run)
    }

    fn traced(&self, sandbox: &Sandbox, options: &[&str]) -> Ordeal {
        patiently(&mut self.wrapped(&[&["strace"], options].concat(), sandbox), &self.stdin)
    }

    /// envward, started by another program.
    pub fn wrapped(&self, by: &[&str], sandbox: &Sandbox) -> Command {
        let args: Vec<&str> = self.args.iter().map(String::as_str).collect();
        let envward = sandbox.command(&args).into_command();
        let mut words = by.iter().map(std::ffi::OsStr::new).chain([envward.get_program()]).chain(envward.get_args());
        let mut command = Command::new(words.next().unwrap());
        command.args(words).env_clear();
        command.envs(envward.get_envs().filter_map(|(name, value)| Some((name, value?))));
        command.envs(self.env.iter().map(|(name, value)| (name, value)));
        command.current_dir(envward.get_current_dir().unwrap());
        command
    }
}

/// Runs it; a disk that many tests sync takes its time.
pub fn patiently(command: &mut Command, stdin: &[u8]) -> Ordeal {
    endure_for(command, stdin, Duration::from_secs(30))
}

/// The points in what strace wrote.
fn read(text: &str, root: &str) -> Vec<Point> {
    let main = text.split_whitespace().next().unwrap().to_owned();
    let mut counts: BTreeMap<(String, String), usize> = BTreeMap::new();
    let mut started = false;
    let mut found: BTreeMap<(String, usize), Point> = BTreeMap::new();
    let mut loaded: BTreeMap<String, usize> = BTreeMap::new();
    for (at, line) in text.lines().enumerate() {
        let (process, call) = line.split_once(' ').unwrap();
        let call = call.trim_start();
        let Some((name, _)) = call.split_once('(').filter(|_| !call.starts_with(['-', '+', '<'])) else { continue };
        let nth = counts.entry((process.to_owned(), name.to_owned())).and_modify(|count| *count += 1).or_insert(1);
        if process == main && !started {
            loaded.insert(name.to_owned(), *nth);
            started = call.contains(FIRST);
            continue;
        }
        // Of a thread or another program, at a number at which the loader calls it, too: that would not start.
        if CHANCE.contains(&name) || loaded.get(name).is_some_and(|count| count >= nth) {
            continue;
        }
        let changes = is_change(name, call, root);
        let writes = changes || (AROUND.contains(&name) && call.contains(root)) || call.starts_with("write(1<");
        let touches = writes || call.contains(root);
        let point = Point { at, name: name.to_owned(), nth: *nth, line: call.to_owned(), touches, writes, changes };
        let known = found.entry((point.name.clone(), point.nth)).or_insert_with(|| point.clone());
        known.touches |= touches;
        known.writes |= writes;
        known.changes |= changes;
    }
    assert!(started, "the program was not seen: {text}");
    let mut points: Vec<Point> = found.into_values().collect();
    points.sort();
    points
}

fn is_change(name: &str, call: &str, root: &str) -> bool {
    let opens = matches!(name, "open" | "openat" | "openat2") && (call.contains("O_CREAT") || call.contains("O_TRUNC"));
    (opens || CHANGES.contains(&name)) && call.contains(root)
}
