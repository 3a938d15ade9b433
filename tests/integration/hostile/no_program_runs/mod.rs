//! Whatever a repository's configuration names, envward neither runs it, nor calls it, nor waits for it. The keys are
//! those that the installed git lists.

mod keys;
mod kinds;
mod trap;

use self::keys::Names;
use self::kinds::{KINDS, Kind};
use self::trap::Trap;
use crate::common::combinations;
use crate::common::ordeal::Faults;

const VERBS: [&str; 13] = [
    "scan",
    "scan --staged",
    "scan --recursive",
    "scan --range HEAD~1..HEAD",
    "scan --since-commit HEAD~1",
    "check",
    "check --fix --dry-run",
    "hook run pre-commit",
    "hook run pre-push",
    "hook status",
    "preflight",
    "rotation status",
    "init --dry-run",
];

/// Goes through the verbs; notes what hung, what ran and what was called.
fn try_verbs(trap: &Trap, kind: &Kind, verbs: &[&str], what: &str, faults: &mut Faults) {
    for verb in verbs {
        let ordeal = trap.endures(kind, verb);
        let what = format!("{}: {what}: {verb}", kind.name);
        faults.add(&what, ordeal.fault());
        faults.add(&what, trap.sprung());
    }
}

/// Every key that can name a program, an address or a file that is no trap by itself, at once: none hides another.
#[test]
fn all_programs_and_addresses_at_once() {
    let mut faults = Faults::default();
    for kind in KINDS {
        let trap = Trap::new(kind);
        trap.enable(kind);
        for (key, names) in keys::named() {
            trap.set(kind, &key, names);
        }
        try_verbs(&trap, kind, &VERBS, "all", &mut faults);
    }
    faults.assert_none();
}

/// Each by itself, where all of them together might end a run early.
#[test]
fn each_program_by_itself() {
    let mut faults = Faults::default();
    let verbs = ["scan", "hook run pre-commit"];
    for (at, kind) in KINDS.iter().filter(|kind| kind.is_tried_alone).enumerate() {
        let new = keys::unsorted().into_iter().map(|key| (key, Names::Program));
        let keys = keys::named().into_iter().chain(new).filter(|(_, names)| *names != Names::File);
        for (number, (key, names)) in keys.enumerate() {
            // The verbs take turns, and each key is tried in one half of the kinds.
            let turn = number / 2 % verbs.len();
            let verbs = match combinations::all() {
                true => &verbs[..],
                false if (at + number) % 2 == 1 => continue,
                false => &verbs[turn..=turn],
            };
            let trap = Trap::new(kind);
            trap.enable(kind);
            trap.set(kind, &key, names);
            try_verbs(&trap, kind, verbs, &key, &mut faults);
        }
    }
    faults.assert_none();
}

/// A pipe, a device without an end and a directory in the place of each file that a key can name.
#[test]
fn files_that_have_no_end() {
    let mut faults = Faults::default();
    for kind in KINDS.iter().filter(|kind| kind.is_tried_alone) {
        for target in ["pipe", "/dev/zero", "/dev/tty", "/"] {
            let trap = Trap::new(kind);
            trap.enable(kind);
            let target = if target == "pipe" { trap.pipe() } else { target.to_owned() };
            for (key, _) in keys::named().into_iter().filter(|(_, names)| *names == Names::File) {
                trap.set_to(kind, &key, &target);
            }
            try_verbs(&trap, kind, &VERBS, &format!("every file is {target}"), &mut faults);
        }
    }
    faults.assert_none();
}

/// What git itself would wait for before it does anything.
#[test]
fn included_files_that_have_no_end() {
    let keys = ["include.path", "includeIf.gitdir:**.path", "includeIf.onbranch:**.path"];
    let mut faults = Faults::default();
    for kind in KINDS.iter().filter(|kind| kind.is_tried_alone) {
        for key in keys.iter().copied().chain(["includeIf.hasconfig:remote.*.url:**.path"]) {
            for target in ["pipe", "/dev/zero", "itself"] {
                let trap = Trap::new(kind);
                trap.enable(kind);
                let target = match target {
                    "pipe" => trap.pipe(),
                    "itself" => trap.git_dir(kind).join("config").to_str().unwrap().to_owned(),
                    target => target.to_owned(),
                };
                trap.append(kind, key, &target);
                try_verbs(&trap, kind, &VERBS, &format!("{key} = {target}"), &mut faults);
            }
        }
    }
    faults.assert_none();
}

/// Without this the tests above would show nothing: git itself springs the trap.
#[test]
fn git_itself_runs_it() {
    let kind = &KINDS[0];
    let trap = Trap::new(kind);
    trap.enable(kind);
    for (key, names) in keys::named().into_iter().filter(|(_, names)| *names == Names::Program) {
        trap.set(kind, &key, names);
    }
    let ordeal = trap.git_asks(kind, &["reflog", "show", "--format=%H"]);
    let ran = trap.sprung().unwrap_or_default();
    assert!(ran.contains("gpg"), "{ran}: {ordeal:?}");
    let ordeal = trap.git_asks(kind, &["add", "b/text"]);
    let ran = trap.sprung().unwrap_or_default();
    assert!(ran.contains("fsmonitor") && ran.contains("filter"), "{ran}: {ordeal:?}");
}

/// A key that nobody has looked at is taken for the name of a program, and shown.
#[test]
fn every_key_is_sorted() {
    for key in keys::unsorted() {
        eprintln!("NEW to git, and taken for the name of a program: {key}");
    }
    assert!(keys::listed().len() > 500, "git lists its keys");
    assert!(keys::named().len() > 90, "and many of them name something");
}
