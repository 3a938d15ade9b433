//! Others are at work: on the same file, in the same directory, at the same time.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};

use super::scene::{Tree, is_filled, is_temporary, tree};
use crate::common::Sandbox;
use crate::common::trace;

const INTO: &[&str] = &["generate", "hex", "--into", ".env", "KEY"];

#[test]
fn many_writers_lose_nothing_and_a_reader_never_sees_half() {
    const WRITERS: usize = 24;
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "FIRST=1\n");
    let file = sandbox.path(".env");
    let done = AtomicBool::new(false);
    let (output, seen) = std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut seen = BTreeSet::new();
            while !done.load(Ordering::Relaxed) {
                let text = fs::read_to_string(&file).unwrap();
                assert!(is_whole(&text), "half a file was seen");
                seen.insert(text.lines().count());
            }
            seen
        });
        let line = format!(
            "for key in $(seq {WRITERS}); do {} generate hex --into .env KEY_$key & done; wait",
            env!("CARGO_BIN_EXE_envward")
        );
        let output = sandbox.shell(&line).run();
        done.store(true, Ordering::Relaxed);
        (output, reader.join().unwrap())
    });
    assert_eq!(output.stdout.lines().count(), WRITERS, "{}", output.stderr);
    assert!(seen.len() > 2, "the reader read {seen:?}");
    let text = fs::read_to_string(sandbox.path(".env")).unwrap();
    for key in 1..=WRITERS {
        assert_eq!(text.lines().filter(|line| line.starts_with(&format!("KEY_{key}="))).count(), 1, "KEY_{key}");
    }
    assert_eq!(text.lines().count(), WRITERS + 1);
    assert_eq!(tree(&sandbox).into_keys().collect::<Vec<_>>(), [".env"]);
}

fn is_whole(text: &str) -> bool {
    text.ends_with('\n') && text.lines().all(|line| line == "FIRST=1" || is_key(line))
}

fn is_key(line: &str) -> bool {
    line.split_once('=').is_some_and(|(key, value)| key.starts_with("KEY_") && is_filled(value, "<128>"))
}

/// Two runs at once add a line each to one ignore file: without both lines one of the secrets would get into git.
#[test]
fn two_inits_lose_no_line_of_an_ignore_file() {
    let project = || {
        let sandbox = Sandbox::new();
        sandbox.git(&["init", "-q"]);
        sandbox.file("a/.env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file("b/.env.example", 0o644, "DB_PASSWORD=\n");
        sandbox.file(".gitignore", 0o644, "/target\n");
        sandbox
    };
    let sandbox = project();
    if !trace::is_possible(&sandbox) {
        return;
    }
    // Stopped where it has read the ignore file that it changes: behind the lock, or else the other's line is lost.
    let whole = project().trace(&[], &["init", "a/.env.example"]);
    let temporary = whole.calls.iter().position(|call| call.line.contains(".gitignore.envward-")).unwrap();
    let read = whole.calls[..temporary].iter().rfind(|call| call.name == "read" && call.line.contains("/.gitignore>"));
    let at = format!("read:when={}", read.unwrap().nth);
    let run = sandbox.trace_stopped(&at, &["init", "a/.env.example"], || {
        // It waits for the lock if there is one, and is through in this time if there is none.
        let line = format!("{} init b/.env.example >other 2>&1 & sleep 0.3", env!("CARGO_BIN_EXE_envward"));
        Command::new("sh").args(["-c", &line]).current_dir(sandbox.path("")).status().unwrap();
    });
    assert_eq!(run.end, "exited with 0", "{}", run.output.stderr);
    let ended = |text: &str| text.contains("next: ") || text.contains("error: ");
    let wait = (0..2000).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        ended(&fs::read_to_string(sandbox.path("other")).unwrap_or_default())
    });
    assert!(wait, "the other one hangs");
    let ignored = fs::read_to_string(sandbox.path(".gitignore")).unwrap();
    let lines: BTreeSet<&str> = ignored.lines().collect();
    assert_eq!(lines, ["/a/.env", "/b/.env", "/target"].into());
}

#[test]
fn a_writer_waits_for_the_lock() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "A=1\n");
    // flock(1) lets go when its command ends; without --close that one's children would keep the lock.
    let line = format!(
        "flock --close . sh -c '({} generate hex --into .env KEY; echo \"ended: $?\") & sleep 0.5; cat .env; echo free'",
        env!("CARGO_BIN_EXE_envward")
    );
    let output = sandbox.shell(&line).run().code(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(lines, ["A=1", "free", "KEY in .env: new value, 512 bits", "ended: 0"], "{}", output.stderr);
}

#[test]
fn a_writer_gives_up_on_a_lock_that_stays() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, "A=1\n");
    let line = format!("exec flock . {} generate hex --into .env KEY", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert_eq!(output.stdout, "");
    assert_eq!(
        output.stderr,
        "error: .env: another envward is working in this directory\n  hint: wait for the other envward, or check whether it \
         waits for an answer\n"
    );
    assert_eq!(fs::read_to_string(sandbox.path(".env")).unwrap(), "A=1\n");
}

/// What others do to the file while it is written.
type Deed = (&'static str, bool, fn(&Sandbox));

const DEEDS: [Deed; 9] = [
    ("written in place", true, |sandbox| fs::write(sandbox.path(".env"), "A=2\n").unwrap()),
    ("appended to", true, |sandbox| fs::write(sandbox.path(".env"), "A=1\nB=2\n").unwrap()),
    ("replaced", true, |sandbox| {
        sandbox.file("new", 0o600, "A=2\n");
        fs::rename(sandbox.path("new"), sandbox.path(".env")).unwrap();
    }),
    ("removed", true, |sandbox| fs::remove_file(sandbox.path(".env")).unwrap()),
    ("opened to others", true, |sandbox| sandbox.file(".env", 0o644, "A=1\n")),
    ("given a second name", true, |sandbox| sandbox.hard_link("other", ".env")),
    ("made a link", true, |sandbox| {
        fs::rename(sandbox.path(".env"), sandbox.path("other")).unwrap();
        sandbox.link(".env", "other");
    }),
    ("made", false, |sandbox| sandbox.file(".env", 0o600, "A=2\n")),
    ("made a dangling link", false, |sandbox| sandbox.link(".env", "/nowhere/at/all")),
];

fn changed_while_stopped(at: &str, (what, exists, deed): &Deed) {
    let sandbox = Sandbox::new();
    if !trace::is_possible(&sandbox) {
        return;
    }
    if *exists {
        sandbox.file(".env", 0o600, "A=1\n");
    }
    let mut theirs = Tree::new();
    let run = sandbox.trace_stopped(at, INTO, || {
        deed(&sandbox);
        theirs = tree(&sandbox);
    });
    assert_eq!(run.end, "exited with 2", "{what}");
    theirs.retain(|path, _| !is_temporary(path));
    let now = tree(&sandbox);
    assert!(now == theirs, "{what}: theirs was changed: {:?}", now.keys());
    let stderr = &run.output.stderr;
    let word = match *what {
        "given a second name" => "this file has a second name",
        "made a link" | "made a dangling link" => "this is a symbolic link",
        _ => "another program changed this file in the meantime",
    };
    assert!(stderr.starts_with(&format!("error: .env: {word}\n  hint: ")), "{what}: {stderr}");
}

#[test]
fn a_file_that_changed_since_it_was_read_stays_as_it_is() {
    for deed in &DEEDS {
        changed_while_stopped("fsync:when=1", deed);
    }
}

#[test]
fn a_file_made_at_the_last_moment_stays_as_it_is() {
    // Behind the last look, before the rename: only the kernel can say no. strace stops a call when it is done, so it is
    // stopped at the look itself, which finds nothing.
    let sandbox = Sandbox::new();
    if !trace::is_possible(&sandbox) {
        return;
    }
    let calls = sandbox.trace(&[], INTO).calls;
    let rename = calls.iter().position(|call| call.name == "renameat2").unwrap();
    let before = &calls[rename - 1];
    let at = format!("{}:when={}", before.name, before.nth);
    for without in [&[][..], &["renameat2:error=EINVAL"]] {
        let sandbox = Sandbox::new();
        let run = sandbox.trace_stopped_with(&at, without, INTO, || sandbox.file(".env", 0o644, "THEIRS=1\n"));
        assert_eq!(run.end, "exited with 2");
        assert!(
            run.output.stderr.contains("another program changed this file in the meantime"),
            "{}",
            run.output.stderr
        );
        let now = tree(&sandbox);
        assert_eq!((now[".env"].text.as_str(), now[".env"].mode, now.len()), ("THEIRS=1\n", 0o644, 1));
    }
}

/// A run on another machine, which does not see the lock, sweeps the temporary file and makes its own of that name: two
/// containers with the same process id.
#[test]
fn a_temporary_file_that_is_not_ours_gets_no_name() {
    for exists in [true, false] {
        let sandbox = Sandbox::new();
        if !trace::is_possible(&sandbox) {
            return;
        }
        if exists {
            sandbox.file(".env", 0o600, "A=1\n");
        }
        let run = sandbox.trace_stopped("fsync:when=1", INTO, || {
            let temporary = tree(&sandbox).into_keys().find(|path| is_temporary(path)).unwrap();
            fs::remove_file(sandbox.path(&temporary)).unwrap();
            sandbox.file(&temporary, 0o600, "A=1\nHALF");
        });
        assert_eq!(run.end, "exited with 2");
        assert!(
            run.output.stderr.contains("another program changed this file in the meantime"),
            "{}",
            run.output.stderr
        );
        let text = fs::read_to_string(sandbox.path(".env")).ok();
        assert_eq!(text.as_deref(), exists.then_some("A=1\n"));
    }
}
