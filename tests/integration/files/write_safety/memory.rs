//! What a crash leaves on the disk: nothing.

use super::scene::{SCENES, tree};
use crate::common::Sandbox;
use crate::common::trace;

/// Each of the two locks holds without the other: a handler that is named in `core_pattern` behind a `|` is given the
/// dump whatever the limit is.
#[test]
fn a_crash_dumps_no_core() {
    // Rust itself handles a SIGSEGV that comes from outside.
    let crash = "fsync:signal=ABRT:when=1";
    for switched_off in [&[][..], &["prlimit64:error=EPERM"], &["prctl:error=EPERM"]] {
        let sandbox = SCENES[0].sandbox();
        if !trace::is_possible(&sandbox) {
            return;
        }
        let before = tree(&sandbox);
        let run = sandbox.trace(&[switched_off, &[crash]].concat(), SCENES[0].args);
        assert_eq!(run.end, "killed by SIGABRT", "{switched_off:?}");
        let core = tree(&sandbox).into_keys().find(|path| path.contains("core"));
        assert_eq!(core, None, "{switched_off:?}");
        SCENES[0].assert_next_succeeds(&sandbox, &before, "crash");
    }
    // With neither there is one, where the machine dumps at all: else the test would show nothing.
    let sandbox = Sandbox::new();
    let dumps =
        sandbox.shell("ulimit -c unlimited && strace -o log sh -c 'kill -SEGV $$'; grep -q 'core dumped' log").run();
    if dumps.code == 0 {
        let sandbox = SCENES[0].sandbox();
        let run = sandbox.trace(&["prlimit64:error=EPERM", "prctl:error=EPERM", crash], SCENES[0].args);
        assert_eq!(run.end, "killed by SIGABRT (core dumped)");
    } else {
        eprintln!("SKIPPED: this machine dumps no cores");
    }
}

#[test]
fn no_core_is_dumped_before_anything_is_read() {
    let sandbox = SCENES[0].sandbox();
    if !trace::is_possible(&sandbox) {
        return;
    }
    let calls = sandbox.trace(&[], SCENES[0].args).calls;
    let at = |what: &str| calls.iter().position(|call| call.line.contains(what)).unwrap_or_else(|| panic!("no {what}"));
    let first = at(", \".env\", O_RDONLY");
    assert!(at("RLIMIT_CORE, {rlim_cur=0, rlim_max=0}") < first);
    assert!(at("PR_SET_DUMPABLE, SUID_DUMP_DISABLE") < first);
}
