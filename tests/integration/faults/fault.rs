//! What goes wrong in a run: the kinds of faults, and what is tried of each.

use super::calls::Point;
use super::scene::Scene;
use super::{clock, surroundings};

/// One thing that goes wrong.
pub enum Fault<'a> {
    /// The process ends before this system call.
    Killed(&'a Point),
    /// These system calls are refused, as strace takes it: `fsync:error=EIO:when=1`.
    Refused(String),
    /// It is run by this line of `sh`, in which `"$@"` is envward.
    Line(String),
    /// The clock is wrong by so many days.
    Clock(i64),
}

/// What a system says that has too little of something, or is broken.
const ERRORS: [&str; 7] = ["ENOSPC", "EIO", "EROFS", "EDQUOT", "EMFILE", "ENOMEM", "EINTR"];

/// What there may be none of: locks of directories and of the ledger, as on a network file system; threads and programs, as
/// under a limit on processes.
const NOTHING_OF: [&str; 6] = [
    "flock:error=EOPNOTSUPP",
    "flock:error=ENOLCK",
    "fcntl:error=ENOLCK",
    "fcntl:error=EOPNOTSUPP",
    "clone3:error=EAGAIN",
    "clone:error=EAGAIN",
];

/// How much is tried: a part; a fault at each place; every fault at every call.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Effort {
    Part,
    Each,
    All,
}

pub fn effort() -> Effort {
    match std::env::var("ENVWARD_FAULTS").as_deref() {
        Err(_) | Ok("") => Effort::Part,
        Ok("each") => Effort::Each,
        Ok("all") => Effort::All,
        Ok(other) => panic!("ENVWARD_FAULTS is each or all, and not {other}"),
    }
}

/// How many of the places in a run are tried where a part is.
const PLACES: usize = 2;

/// The faults to try with a verb, by what they are called; `number` is the verb's place in the table, so that the verbs
/// together try all.
pub fn faults(scene: &Scene, number: usize) -> Vec<(&'static str, Vec<Fault<'_>>)> {
    // Two ends with no change between them leave the same behind.
    let killed = scene.points.iter().filter(|point| effort() == Effort::All || point.changes).map(Fault::Killed);
    // Where an object could be and is not: git has 256 directories for them.
    let is_in_vain = |point: &Point| point.line.contains("/.git/objects") || point.line.contains(" = -1 ENOENT");
    let refused = |point: &Point| match effort() {
        Effort::Part => point.writes,
        Effort::Each => point.writes || point.touches && !is_in_vain(point),
        Effort::All => point.touches,
    };
    let refused = some(scene.points.iter().filter(|point| refused(point)).collect(), PLACES, number);
    let refused = refused.into_iter().enumerate().flat_map(|(at, point)| {
        let errors = if effort() == Effort::All { &ERRORS[..] } else { &ERRORS[(number + at) % ERRORS.len()..][..1] };
        errors.iter().map(|errno| Fault::Refused(format!("{}:error={errno}:when={}", point.name, point.nth)))
    });
    let nothing = NOTHING_OF.iter().map(|what| Fault::Refused((*what).to_owned()));
    let lines = |lines: Vec<String>| some(lines.into_iter().map(Fault::Line).collect(), 1, number);
    vec![
        ("killed", some(killed.collect(), PLACES, number)),
        ("refused", refused.collect()),
        ("nothing of", some(nothing.collect(), 1, number)),
        ("too little of", lines(surroundings::limits())),
        ("output", lines(surroundings::outputs())),
        ("working directory", lines(surroundings::places())),
        ("state directory", lines(surroundings::state_directories())),
        ("clock", some(clock::JUMPS.iter().map(|days| Fault::Clock(*days)).collect(), 1, number)),
    ]
}

/// So many of them, spread over all; the same ones in every run.
pub fn some<T>(mut all: Vec<T>, count: usize, number: usize) -> Vec<T> {
    if effort() > Effort::Part || all.len() <= count {
        return all;
    }
    let step = all.len() / count;
    let mut at = 0;
    all.retain(|_| {
        at += 1;
        (at - 1) % step == number % step && (at - 1) / step < count
    });
    all
}

impl Fault<'_> {
    /// What it is.
    pub fn name(&self) -> String {
        match self {
            Self::Killed(at) => format!("killed at {} {}: {}", at.name, at.nth, at.line),
            Self::Refused(what) => what.clone(),
            Self::Line(line) => line.clone(),
            Self::Clock(days) => format!("the clock is wrong by {days} days"),
        }
    }

    /// What became of it; `None` where it could not be put into the run.
    pub fn run(&self, scene: &Scene) -> Option<Result<(), String>> {
        match self {
            Self::Killed(at) => scene.kill(at),
            Self::Refused(what) => scene.refuse(what),
            Self::Line(line) => surroundings::run(line, scene),
            Self::Clock(days) => clock::run(*days, scene),
        }
    }
}
