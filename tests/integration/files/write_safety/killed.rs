//! The process ends at any system call of a write: by `kill -9`, by the kernel's want of memory, by the power switch.

use std::collections::BTreeSet;

use super::scene::{SCENES, Scene, assert_private_at_any_instant, tree};
use crate::common::trace::{self, Call};
use crate::common::{Sandbox, own_uid_is_root};

/// Calls whose number is chance: random bytes that are thrown away ask for more, and so does memory. None of them touches
/// a file: a kill there is one before the next call that does.
const CHANCE: [&str; 6] = ["brk", "futex", "getrandom", "mmap", "mremap", "munmap"];

/// strace kills before the call is executed, so this shows every state that a process can leave behind between two of
/// them; the last one is that of the whole run. What a call leaves undone when it is killed within is the system's
/// business, except for `write`, whose half is in a temporary file like the whole.
fn kill_everywhere(scene: &Scene) {
    if !trace::is_possible(&Sandbox::new()) {
        return;
    }
    let sandbox = scene.sandbox();
    let before = tree(&sandbox);
    let whole = sandbox.trace(scene.without, scene.args);
    assert_eq!(whole.end, "exited with 0", "{}: {}", scene.name, whole.output.stderr);
    assert_private_at_any_instant(&whole.calls);
    assert!(scene.assert_old_or_new(&sandbox, &before, "whole").iter().all(|is_new| *is_new), "{}", scene.name);

    let mut seen = BTreeSet::new();
    for Call { name, nth, line } in whole.since_lock() {
        if CHANCE.contains(&name.as_str()) || scene.without.iter().any(|without| without.starts_with(name.as_str())) {
            continue;
        }
        let what = format!("{}: killed at {line}", scene.name);
        let sandbox = scene.sandbox();
        let before = tree(&sandbox);
        let kill = format!("{name}:signal=KILL:when={nth}");
        let killed = sandbox.trace(&[scene.without, &[kill.as_str()]].concat(), scene.args);
        assert_eq!(killed.end, "killed by SIGKILL", "{what}");
        seen.insert(scene.assert_old_or_new(&sandbox, &before, &what));
        scene.assert_next_succeeds(&sandbox, &before, &what);
    }
    // With none, one, two of the files new: else the kills did not reach the writing.
    assert_eq!(seen.len(), scene.files.len() + 1, "{}: {seen:?}", scene.name);
}

#[test]
fn while_a_file_is_replaced() {
    kill_everywhere(&SCENES[0]);
}

#[test]
fn while_a_file_is_made() {
    kill_everywhere(&SCENES[1]);
}

#[test]
fn while_several_files_are_made() {
    kill_everywhere(&SCENES[2]);
}

#[test]
fn while_a_file_is_made_by_a_link() {
    kill_everywhere(&SCENES[3]);
}

#[test]
fn while_several_files_are_made_by_links() {
    kill_everywhere(&SCENES[4]);
}

/// What no kill can show, for it keeps the page cache: that content is on the disk before it gets the name, and the name
/// before envward says so.
#[test]
fn content_is_on_the_disk_before_it_has_the_name() {
    let rename = ["renameat(\".env\")", "fsync(directory)"];
    let link = ["linkat(\".env\")", "unlinkat(temporary)", "fsync(directory)"];
    let places = [&rename[..], &["renameat2(\".env\")", "fsync(directory)"], &link];
    for (scene, place) in [&SCENES[0], &SCENES[1], &SCENES[3]].into_iter().zip(places) {
        let sandbox = scene.sandbox();
        if !trace::is_possible(&sandbox) {
            return;
        }
        let run = sandbox.trace(scene.without, scene.args);
        let steps: Vec<String> = run.since_lock().iter().filter_map(step).collect();
        let given = own_uid_is_root() && scene.name == "replace";
        let owner = if given { &["fchown(temporary)"][..] } else { &[] };
        let start = ["flock(directory)", "openat(temporary)", "fchmod(temporary)", "write(temporary)"];
        let synced = ["fchmod(temporary)", "fsync(temporary)"];
        assert_eq!(steps, [&start[..], owner, &synced, place].concat(), "{}", scene.name);
    }
}

/// A call that changes something, and what it changes.
fn step(call: &Call) -> Option<String> {
    let Call { name, line, .. } = call;
    let is_done = !line.contains(" = -1 ");
    let what = match name.as_str() {
        "openat" if line.contains("O_CREAT") => "temporary",
        "fchmod" | "fchown" | "fsync" | "unlinkat" | "write" if line.contains(".envward-") => "temporary",
        "flock" | "fsync" => "directory",
        "renameat" | "renameat2" | "linkat" if line.contains(".envward-") && line.contains(", \".env\"") => "\".env\"",
        "renameat" | "renameat2" | "linkat" | "unlinkat" | "fchmod" | "fchown" => "something else",
        _ => return None,
    };
    is_done.then(|| format!("{name}({what})"))
}

/// A hook of somebody else's guards the repository until ours does, which runs it.
#[test]
fn while_a_hook_is_put_before_another_one() {
    let sandbox = || {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "--quiet"]);
        sandbox.file(".git/hooks/pre-commit", 0o755, "#!/bin/sh\necho refused >&2\nexit 1\n");
        sandbox
    };
    if !trace::is_possible(&Sandbox::new()) {
        return;
    }
    let mut killed = 0;
    for call in ["link", "linkat", "rename", "renameat", "renameat2"] {
        for nth in 1.. {
            let sandbox = sandbox();
            let line = format!(
                "strace -f -qq -o /dev/null -e inject={call}:signal=KILL:when={nth} {} hook install; exit $?",
                env!("CARGO_BIN_EXE_envward")
            );
            if sandbox.shell(&line).run().code == 0 {
                break;
            }
            killed += 1;
            for _ in 0..2 {
                let commit = sandbox.git_command("", &["commit", "--quiet", "--allow-empty", "--message", "x"]).run();
                assert!(commit.code == 1 && commit.stderr.contains("refused"), "{call} {nth}: {}", commit.stderr);
                drop(sandbox.envward(&["hook", "install"]).code(0));
            }
        }
    }
    assert!(killed > 1, "the kills did not reach the writing");
}
