//! What a verb may answer.

use super::grounds::Ground;
use super::oddity::{DIRECTORY, MISSING, Oddity, UNREADABLE};
use super::paths::{Place, Readers};
use crate::common::ordeal::{Ordeal, endure};
use crate::common::skip;

const SCAN: &str = "scan --format json";
const SCAN_BELOW: &str = "scan --recursive --format json";
const SCAN_STAGED: &str = "scan --staged";
const PRE_COMMIT: &str = "hook run pre-commit";
const CHECK: &str = "check --format json";

const ALL: [&str; 9] =
    [SCAN, SCAN_BELOW, SCAN_STAGED, CHECK, PRE_COMMIT, "preflight", "rotation status", "hook status", "init --dry-run"];
/// Those that look at history, at the index, or at both.
const OF_OBJECTS: [&str; 6] = [SCAN, SCAN_STAGED, CHECK, PRE_COMMIT, "preflight", "rotation status"];
const OF_HISTORY: [&str; 3] = [SCAN, CHECK, PRE_COMMIT];

/// The verbs to try: all of them where a file decides what the repository is. A pipe or a file without an end may
/// stand in any verb's way.
pub fn verbs(place: &Place, oddity: &Oddity) -> &'static [&'static str] {
    let is_a_trap = ["a pipe", "8 GiB", "a link to a device without an end"].contains(&oddity.name);
    match place.readers {
        Readers::All => &ALL,
        Readers::Objects | Readers::History if is_a_trap => &ALL,
        Readers::Objects => &OF_OBJECTS,
        Readers::History => &OF_HISTORY,
    }
}

/// What is wrong with the repository as git made it: the leaks must be found there.
pub fn baseline(ground: &Ground) -> Option<String> {
    let ordeal = run(ground, SCAN, false)?;
    let missed: Vec<&str> = ground.leaks.iter().copied().filter(|leak| !names(&ordeal, leak)).collect();
    let is_right = ordeal.code() == Some(ground.status) && missed.is_empty();
    (!is_right)
        .then(|| format!("as git made it: {:?}, missed {missed:?}: {}{}", ordeal.end, ordeal.stdout, ordeal.stderr))
}

/// What is wrong with the answer of one verb.
pub fn fault(ground: &Ground, place: &Place, oddity: &Oddity, verb: &str) -> Option<String> {
    let ordeal = run(ground, verb, oddity.name == UNREADABLE)?;
    ordeal.fault().or_else(|| {
        let is_gone = oddity.name == MISSING;
        // Without its index nothing is staged; without what makes it a repository it is none, as git has it.
        let staged_counts = !(is_gone && place.path.ends_with("index"));
        // So is an empty directory, and a bare one whose parts are no files.
        let is_none = place.makes_it_one && (is_gone || oddity.name == DIRECTORY || ground.dir == "bare.git");
        // A submodule that was never fetched has nothing there.
        let is_unfetched = place.path.ends_with("/modules") || place.path.ends_with("/modules/m");
        let is_unfetched = is_unfetched && (is_gone || oddity.name == DIRECTORY);
        let says_clean = ordeal.code() == Some(0);
        match verb {
            SCAN | SCAN_BELOW if says_clean && !is_unfetched => Some("clean".to_owned()),
            SCAN | SCAN_BELOW if ordeal.code() == Some(1) => {
                let mut leaks = ground.leaks.iter().filter(|leak| staged_counts || !leak.contains("staged"));
                let missed = leaks.find(|leak| !names(&ordeal, leak))?;
                Some(format!("{missed} is missed without a word"))
            }
            SCAN_STAGED | PRE_COMMIT if says_clean && ground.stages && staged_counts && !is_none => {
                Some("clean".to_owned())
            }
            CHECK if says_clean && !is_none => Some("clean".to_owned()),
            _ => None,
        }
    })
}

/// `None` where the machine has no way to be bound by modes.
fn run(ground: &Ground, verb: &str, by_modes: bool) -> Option<Ordeal> {
    let args: Vec<&str> = verb.split(' ').collect();
    let run = if by_modes { ground.sandbox.command_bound_by_modes(&args) } else { Some(ground.sandbox.command(&args)) };
    let Some(run) = run else {
        skip("no way to give up root's rights here (setpriv is missing or not allowed)");
        return None;
    };
    Some(endure(&mut run.dir(ground.dir).into_command(), b""))
}

/// Whether a report has a finding about a path that ends so.
fn names(ordeal: &Ordeal, end: &str) -> bool {
    let Ok(report) = serde_json::from_str::<serde_json::Value>(&ordeal.stdout) else { return false };
    let is_it = |finding: &serde_json::Value| finding["path"].as_str().is_some_and(|path| path.ends_with(end));
    report["findings"].as_array().is_some_and(|findings| findings.iter().any(is_it))
}
