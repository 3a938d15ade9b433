//! A terminal without its echo.

use std::fs::File;
use std::io;

use nix::sys::signal::{SigSet, Signal};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// For as long as this lives the terminal shows nothing of what is typed, and Ctrl-C waits: whoever is interrupted while
/// it is set up so would leave it so.
pub(super) struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
    interrupt: SigSet,
}

impl<'a> Quiet<'a> {
    pub(super) fn new(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let mut interrupt = SigSet::empty();
        interrupt.add(Signal::SIGINT);
        interrupt.thread_block()?;
        let quiet = Self { terminal, before, interrupt };
        let mut modes = quiet.before.clone();
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL;
        tcsetattr(terminal, OptionalActions::Drain, &modes)?;
        Ok(quiet)
    }
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing; and an interrupt that came meanwhile ends the program here.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        let _ = self.interrupt.thread_unblock();
    }
}
