//! Runs a program that may hang, take the machine's memory or be killed, and says which of these it did.

use std::fs::{self, File};
use std::os::unix::process::{CommandExt as _, ExitStatusExt as _};
use std::process::{Child, Command, ExitStatus};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, killpg};
use nix::unistd::Pid;

/// An answer takes no longer: of the processor's time, for the machine may be busy with others.
const TIME: Duration = Duration::from_secs(10);
/// A run that does nothing for so long waits for ever.
const IDLE: Duration = Duration::from_secs(4);
/// Whatever it does: of a clock on the wall, which goes on while others have the processor.
const LONGEST: Duration = Duration::from_secs(180);
/// No process of a run has more in memory: a gibibyte, in KiB.
const MEMORY: u64 = 1 << 20;
/// A run is looked at after so long, and then less and less often.
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LAST_PAUSE: Duration = Duration::from_millis(25);
/// What envward says where it meets a fault of its own.
const BROKEN: &str = "envward broke";

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Code(i32),
    Signal(i32),
    Hung,
    Drowned,
}

/// What became of a run.
#[derive(Debug)]
pub struct Ordeal {
    pub end: End,
    pub stdout: String,
    pub stderr: String,
    /// The most that one process of it had in memory, in KiB.
    pub peak: u64,
    pub time: Duration,
}

impl Ordeal {
    /// What is wrong with it, whatever it was to say: it ends with status 0, 1 or 2, in time and without a panic.
    pub fn fault(&self) -> Option<String> {
        match self.end {
            End::Code(0..=2) if self.stderr.contains(BROKEN) || self.stderr.contains("panicked at") => {
                let line = self.stderr.lines().find(|line| line.contains(BROKEN) || line.contains("panicked at"));
                Some(format!("a panic: {}", line.unwrap_or_default()))
            }
            End::Code(0..=2) => None,
            End::Code(code) => Some(format!("status {code}: {}", self.stderr.lines().next().unwrap_or_default())),
            End::Signal(number) => Some(
                Signal::try_from(number).map_or(format!("signal {number}"), |signal| format!("killed by {signal}")),
            ),
            End::Hung => Some(format!("no answer in {:.1} s", self.time.as_secs_f32())),
            End::Drowned => Some(format!("{} MiB in memory after {:.1} s", self.peak >> 10, self.time.as_secs_f32())),
        }
    }

    pub fn code(&self) -> Option<i32> {
        match self.end {
            End::Code(code) => Some(code),
            _ => None,
        }
    }
}

/// Runs it with this on standard input; what it began ends with it.
pub fn endure(command: &mut Command, stdin: &[u8]) -> Ordeal {
    endure_for(command, stdin, IDLE)
}

/// The same where it may do nothing for longer: it waits for a disk that others use, too.
pub fn endure_for(command: &mut Command, stdin: &[u8], idle: Duration) -> Ordeal {
    let files = tempfile::tempdir().unwrap();
    let path = |name: &str| files.path().join(name);
    fs::write(path("in"), stdin).unwrap();
    command.stdin(File::open(path("in")).unwrap());
    command.stdout(File::create(path("out")).unwrap()).stderr(File::create(path("err")).unwrap());
    let child = command.process_group(0).spawn().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    let start = Instant::now();
    let (end, peak) = watch(child, start, idle);
    let text = |name| String::from_utf8_lossy(&fs::read(path(name)).unwrap()).into_owned();
    Ordeal { end, stdout: text("out"), stderr: text("err"), peak, time: start.elapsed() }
}

/// What went wrong: each fault is shown when it is found, for there may be many and each may take its time.
#[derive(Default)]
pub struct Faults {
    count: usize,
}

impl Faults {
    pub fn add(&mut self, what: &str, fault: Option<String>) {
        if let Some(fault) = fault {
            self.count += 1;
            eprintln!("FAULT {what}: {fault}");
        }
    }

    /// Fails where there are any.
    #[track_caller]
    pub fn assert_none(&self) {
        assert_eq!(self.count, 0, "the faults are named above");
    }
}

fn watch(mut child: Child, start: Instant, idle: Duration) -> (End, u64) {
    let id = child.id();
    let group = Pid::from_raw(id.try_into().unwrap());
    // Most runs are over before the first look: they are waited for, not slept through.
    let (done, ended) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait().unwrap()));
    let (mut peak, mut work, mut since, mut pause) = (0, Duration::ZERO, start, FIRST_PAUSE);
    let early = loop {
        if let Ok(status) = ended.recv_timeout(pause) {
            // A git that outlives envward is ended, too.
            let _ = killpg(group, Signal::SIGKILL);
            return (end_of(status), peak);
        }
        pause = LAST_PAUSE.min(pause * 3 / 2);
        peak = peak.max(memory_of(id));
        if peak > MEMORY {
            break End::Drowned;
        }
        let now = worked(id);
        if now > work {
            (work, since) = (now, Instant::now());
        }
        if work > TIME || since.elapsed() > idle || start.elapsed() > LONGEST {
            break End::Hung;
        }
    };
    let _ = killpg(group, Signal::SIGKILL);
    ended.recv().unwrap();
    (early, peak)
}

/// For how long a process and its children have had the processor.
fn worked(process: u32) -> Duration {
    /// The kernel's, in every configuration of Linux.
    const TICK: Duration = Duration::from_millis(10);
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    // The name may have blanks in it; behind it the times are the twelfth and the thirteenth word.
    let words = stat.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace();
    let ticks = words.skip(11).take(2).filter_map(|word| word.parse::<u32>().ok()).sum::<u32>();
    TICK * ticks + children_of(process).into_iter().map(worked).sum::<Duration>()
}

fn children_of(process: u32) -> Vec<u32> {
    let children = fs::read_to_string(format!("/proc/{process}/task/{process}/children")).unwrap_or_default();
    children.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

fn end_of(status: ExitStatus) -> End {
    status.code().map_or_else(|| End::Signal(status.signal().unwrap_or_default()), End::Code)
}

/// What the largest of a process and its children has had in memory at once, in KiB.
fn memory_of(process: u32) -> u64 {
    let children = children_of(process).into_iter().map(memory_of);
    let own = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let own = own.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
    children.max().unwrap_or(0).max(own.unwrap_or(0))
}
