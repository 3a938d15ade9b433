//! Progress on standard error: where that is a terminal, and the work takes longer than a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::progress::Progress;

/// Shorter work says nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(200);
/// Back to the line's beginning, and the line is empty (ECMA-48 EL).
const CLEAR: &str = "\r\x1b[K";

/// Does the work. The line that tells about it is gone when it ends.
pub(super) fn watched<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    std::thread::scope(|scope| {
        let (end, ended) = channel::<()>();
        scope.spawn(move || tell(progress, &ended));
        let answer = work();
        drop(end);
        answer
    })
}

fn tell(progress: &Progress, ended: &Receiver<()>) {
    let mut wait = PATIENCE;
    let mut err = io::stderr();
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        wait = INTERVAL;
        // Where not even this can be written, nobody watches.
        drop(write!(err, "{CLEAR}reading git's objects: {} %", progress.percent()).and_then(|()| err.flush()));
    }
    if wait == INTERVAL {
        drop(write!(err, "{CLEAR}").and_then(|()| err.flush()));
    }
}
