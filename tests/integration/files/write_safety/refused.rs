//! The system refuses one call of a write: the disk is full or broken, the quota is used up, a signal comes in between.

use super::scene::{SCENES, Scene, Tree, assert_untouched, is_filled, is_temporary, tree};
use crate::common::Sandbox;
use crate::common::trace::{self, Call, Trace};

/// What the system says, and what envward says then.
const ERRORS: [(&str, &str); 5] = [
    ("ENOSPC", "no space left on device"),
    ("EIO", "i/o error"),
    ("EDQUOT", "quota exceeded"),
    ("EROFS", "read-only file system"),
    ("EBUSY", "device or resource busy"),
];

/// The calls that matter: all from the lock on that look at a file or change one.
const CALLS: [&str; 14] = [
    "fchmod",
    "fchown",
    "flock",
    "fstat",
    "fsync",
    "getdents64",
    "linkat",
    "newfstatat",
    "openat",
    "openat2",
    "read",
    "renameat",
    "renameat2",
    "write",
];

/// The calls that give a file its name.
const PLACES: [&str; 3] = ["linkat", "renameat", "renameat2"];

/// Refuses each call of the scene once for each reason.
fn refuse_everywhere(scene: &Scene, errors: &[(&str, &str)]) {
    if !trace::is_possible(&Sandbox::new()) {
        return;
    }
    let whole = scene.sandbox().trace(scene.without, scene.args);
    let calls = whole.since_lock();
    let last = calls.iter().rposition(|call| PLACES.contains(&call.name.as_str())).unwrap();
    // Behind the last one nothing is written any more: git is asked whether it ignores the file.
    let end = calls.iter().rposition(|call| call.name == "fsync").unwrap();
    let is_one_file = scene.files.len() == 1;
    let mut refused = 0;
    let written = calls.iter().enumerate().take(end + 1);
    for (at, call) in written.filter(|(_, call)| CALLS.contains(&call.name.as_str())) {
        let Call { name, nth, line } = call;
        if scene.without.iter().any(|without| without.starts_with(name.as_str())) {
            continue;
        }
        for (errno, word) in errors {
            let what = format!("{}: {errno} from {line}", scene.name);
            let sandbox = scene.sandbox();
            let before = tree(&sandbox);
            let refusal = format!("{name}:error={errno}:when={nth}");
            let run = sandbox.trace(&[scene.without, &[refusal.as_str()]].concat(), scene.args);
            assert!(run.calls.iter().any(|call| call.line.contains("(INJECTED)")), "{what}: not reached");
            assert_says(&run, &what);
            let new = scene.assert_old_or_new(&sandbox, &before, &what);
            assert!(!tree(&sandbox).keys().any(|path| is_temporary(path)), "{what}: a temporary file is left");
            if is_one_file && at <= last {
                assert_untouched(&sandbox, &before, &what);
                let word = if PLACES.contains(&name.as_str()) && *errno == "EBUSY" { "mounted" } else { *word };
                assert!(run.output.stderr.starts_with("error: .env: "), "{what}: {}", run.output.stderr);
                assert!(run.output.stderr.contains(word), "{what}: {}", run.output.stderr);
            } else if is_one_file {
                assert_eq!(new, [true], "{what}");
            }
            scene.assert_next_succeeds(&sandbox, &before, &what);
            refused += 1;
        }
    }
    assert!(refused > 10 * errors.len(), "{}: only {refused} refusals", scene.name);
}

/// Fails unless the run says that it failed, and no value.
#[track_caller]
fn assert_says(run: &Trace, what: &str) {
    let output = &run.output;
    assert_eq!(run.end, "exited with 2", "{what}: {}", output.stdout);
    let all = format!("{}{}", output.stdout, output.stderr);
    let is_named = output.stderr.starts_with("error: ") && output.stderr.contains("\n  hint: ");
    assert!(is_named || output.stdout.contains(": not changed: "), "{what}: {all}");
    let is_value = |word: &str| word.len() >= 20;
    let value = all.split(|char: char| !char.is_ascii_alphanumeric()).find(|word| is_value(word));
    assert!(value.is_none(), "{what}: shows a value");
}

#[test]
fn while_a_file_is_replaced() {
    refuse_everywhere(&SCENES[0], &ERRORS);
}

#[test]
fn while_a_file_is_made() {
    refuse_everywhere(&SCENES[1], &ERRORS);
}

#[test]
fn while_a_file_is_made_by_a_link() {
    refuse_everywhere(&SCENES[3], &ERRORS);
}

#[test]
fn while_several_files_are_made() {
    refuse_everywhere(&SCENES[2], &ERRORS[..1]);
}

/// Runs a scene with these injections; what it was, what it is, and the run.
fn run(scene: &Scene, injections: &[&str]) -> Option<(Sandbox, Tree, Trace)> {
    let sandbox = scene.sandbox();
    if !trace::is_possible(&sandbox) {
        return None;
    }
    let before = tree(&sandbox);
    let run = sandbox.trace(injections, scene.args);
    assert!(run.calls.iter().any(|call| call.line.contains("(INJECTED)")), "{injections:?}: not reached");
    Some((sandbox, before, run))
}

#[track_caller]
fn assert_written(scene: &Scene, injections: &[&str]) {
    let Some((sandbox, before, run)) = run(scene, injections) else { return };
    assert_eq!(run.end, "exited with 0", "{injections:?}: {}", run.output.stderr);
    assert_eq!(scene.assert_old_or_new(&sandbox, &before, scene.name), [true]);
    let now = tree(&sandbox);
    assert_eq!(now[".env"].links, 1);
    assert!(!now.keys().any(|path| is_temporary(path)), "{injections:?}");
}

#[test]
fn an_interrupted_call_is_made_again() {
    let Some((_, _, whole)) = run(&SCENES[0], &["flock:error=EINTR:when=1"]) else { return };
    for Call { name, nth, line } in whole.since_lock() {
        let is_made = line.contains("O_CREAT");
        if matches!(name.as_str(), "flock" | "fsync" | "read" | "write") || is_made {
            // The first lock was the interrupted one.
            let nth = if name == "flock" { 1 } else { *nth };
            assert_written(&SCENES[0], &[&format!("{name}:error=EINTR:when={nth}")]);
        }
    }
}

#[test]
fn without_the_rename_to_a_free_name_a_link_is_made() {
    for errno in ["EINVAL", "ENOSYS", "EPERM"] {
        assert_written(&SCENES[1], &[&format!("renameat2:error={errno}")]);
    }
}

#[test]
fn a_directory_that_cannot_be_synced_at_all_needs_none() {
    assert_written(&SCENES[0], &["fsync:error=EINVAL:when=2"]);
}

#[test]
fn without_locks_nothing_is_written() {
    for errno in ["ENOLCK", "EOPNOTSUPP", "ENOSYS"] {
        let Some((sandbox, before, run)) = run(&SCENES[0], &[&format!("flock:error={errno}")]) else { return };
        assert_says(&run, errno);
        assert!(run.output.stderr.contains("the file system does not support locks"), "{}", run.output.stderr);
        assert_untouched(&sandbox, &before, errno);
    }
}

#[test]
fn without_modes_nothing_is_written() {
    // No vfat can be mounted here: strace puts its number where the kernel's answer stands.
    let vfat = "fstatfs:poke_exit=@arg2=444d000000000000";
    for scene in &SCENES[..2] {
        let sandbox = scene.sandbox();
        if !trace::is_possible(&sandbox) {
            return;
        }
        let before = tree(&sandbox);
        let run = sandbox.trace(&[vfat], scene.args);
        assert_says(&run, vfat);
        assert!(run.output.stderr.contains("does not keep file modes"), "{}", run.output.stderr);
        assert_untouched(&sandbox, &before, vfat);
    }
}

#[test]
fn a_file_that_was_written_is_not_called_unwritten() {
    for injections in [
        &["fsync:error=EIO:when=2"][..],
        &["renameat2:error=EINVAL", "unlinkat:error=EIO"],
        &["renameat2:error=EINVAL", "fsync:error=EIO:when=2"],
    ] {
        let Some((sandbox, before, run)) = run(&SCENES[1], injections) else { return };
        let what = format!("{injections:?}");
        assert_says(&run, &what);
        assert!(run.output.stderr.contains("this file was written, but"), "{}", run.output.stderr);
        assert!(is_filled(&tree(&sandbox)[".env"].text, SCENES[1].files[0].new), "{what}");
        SCENES[1].assert_next_succeeds(&sandbox, &before, &what);
    }
}

#[test]
fn what_cannot_be_removed_is_private_and_removed_by_the_next_run() {
    for scene in &SCENES[..2] {
        let injections = ["fsync:error=EIO:when=1", "unlinkat:error=EIO"];
        let Some((sandbox, before, run)) = run(scene, &injections) else { return };
        assert_says(&run, scene.name);
        assert!(run.output.stderr.contains("i/o error"), "{}", run.output.stderr);
        let now = tree(&sandbox);
        let left: Vec<_> = now.iter().filter(|(path, _)| is_temporary(path)).collect();
        assert_eq!(left.len(), 1);
        assert_eq!(left[0].1.mode, 0o600);

        // While it still cannot be removed nothing is written, either.
        let stuck = sandbox.trace(&["unlinkat:error=EIO"], scene.next);
        assert_says(&stuck, scene.name);
        assert_untouched(&sandbox, &now, scene.name);
        scene.assert_next_succeeds(&sandbox, &before, scene.name);
    }
}

/// A shell's limit on the size of files is told as any other refusal, and leaves nothing behind.
#[test]
fn a_file_that_may_not_grow() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "A_SECRET=\n");
    let before = tree(&sandbox);
    let line = format!("ulimit -f 0; exec {} generate hex --into .env A_SECRET", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.contains("file too large") && output.stderr.contains("hint: "), "{}", output.stderr);
    assert_untouched(&sandbox, &before, "ulimit -f 0");
}
