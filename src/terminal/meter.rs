//! Progress on standard error: where that is a terminal, and the work takes longer than a second.

use std::io::{self, IsTerminal, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::Duration;

use crate::terminal::progress::Progress;
use crate::threads;

/// Shorter work says nothing.
const PATIENCE: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(200);
/// Back to the line's beginning, and the line is empty (ECMA-48 EL).
const CLEAR: &str = "\r\x1b[K";

/// Does the work. The line that tells about it is gone when it ends.
pub(crate) fn watched<T>(progress: &Progress, work: impl FnOnce() -> T) -> T {
    told(&|| format!("reading git's objects: {} %", progress.percent()), work)
}

/// The same with any line.
pub(crate) fn told<T>(line: &(dyn Fn() -> String + Sync), work: impl FnOnce() -> T) -> T {
    // Several that tell at once would write over each other.
    if !io::stderr().is_terminal() || threads::is_one_of_several() {
        return work();
    }
    std::thread::scope(|scope| {
        let (end, ended) = channel::<()>();
        // Where no thread can be had, nobody is told.
        let tell = move || tell(line, &ended, PATIENCE, &mut io::stderr());
        drop(std::thread::Builder::new().spawn_scoped(scope, tell));
        let answer = work();
        drop(end);
        answer
    })
}

fn tell(line: &dyn Fn() -> String, ended: &Receiver<()>, patience: Duration, err: &mut dyn Write) {
    let mut wait = patience;
    let mut has_told = false;
    while ended.recv_timeout(wait) == Err(RecvTimeoutError::Timeout) {
        (wait, has_told) = (INTERVAL, true);
        // Where not even this can be written, nobody watches.
        drop(write!(err, "{CLEAR}{}", line()).and_then(|()| err.flush()));
    }
    if has_told {
        drop(write!(err, "{CLEAR}").and_then(|()| err.flush()));
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::Sender;

    use super::*;

    /// Ends the work as soon as something was told about it.
    struct Terminal {
        text: String,
        end: Option<Sender<()>>,
    }

    impl Write for Terminal {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.text.push_str(std::str::from_utf8(bytes).unwrap());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            self.end = None;
            Ok(())
        }
    }

    #[test]
    fn long_work_is_told_of_and_the_line_is_gone_at_its_end() {
        let progress = Progress::default();
        progress.begin(4);
        progress.step(3);
        let (end, ended) = channel();
        let mut terminal = Terminal { text: String::new(), end: Some(end) };
        let line = || format!("reading git's objects: {} %", progress.percent());
        tell(&line, &ended, Duration::ZERO, &mut terminal);
        assert_eq!(terminal.text, format!("{CLEAR}reading git's objects: 75 %{CLEAR}"));
    }

    #[test]
    fn short_work_says_nothing() {
        let (end, ended) = channel();
        drop(end);
        let mut terminal = Terminal { text: String::new(), end: None };
        tell(&String::new, &ended, Duration::MAX, &mut terminal);
        assert_eq!(terminal.text, "");
    }
}
