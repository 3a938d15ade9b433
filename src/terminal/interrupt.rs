//! Ctrl-C that ends a piece of work and not the program, so that what was found so far is told. A second one ends the
//! program.

use std::thread;

use nix::sys::signal::{SigSet, Signal};

/// Does the work; `stop` is called when somebody interrupts it.
pub(crate) fn heard<T>(stop: impl FnOnce() + Send + 'static, work: impl FnOnce() -> T) -> T {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGINT);
    // The threads of the work inherit this; where it fails, Ctrl-C does what it always did.
    if super::quiet::is_ignored(Signal::SIGINT) || signals.thread_block().is_err() {
        return work();
    }
    let waits = thread::Builder::new().spawn(move || {
        if signals.wait().is_ok() {
            stop();
        }
        // Here the second one arrives.
        let _ = signals.thread_unblock();
        loop {
            thread::park();
        }
    });
    let answer = work();
    if waits.is_ok() {
        let _ = signals.thread_unblock();
    }
    answer
}
