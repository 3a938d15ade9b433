//! A terminal without its echo.

use std::fs::File;
use std::io;
use std::thread;

use nix::sys::signal::{SigSet, Signal, raise};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// What ends a program from outside.
const ENDING: [Signal; 4] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];

/// For as long as this lives the terminal shows nothing of what is typed. Whoever ends the program meanwhile gets the
/// terminal back as it was.
pub(super) struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
    ending: SigSet,
}

impl<'a> Quiet<'a> {
    pub(super) fn new(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        let ending: SigSet = ENDING.into_iter().collect();
        ending.thread_block()?;
        let quiet = Self { terminal, before, ending };
        let (own, before) = (terminal.try_clone()?, quiet.before.clone());
        thread::Builder::new().spawn(move || wait(&own, &before, &ending))?;
        let mut modes = quiet.before.clone();
        modes.local_modes -= LocalModes::ECHO | LocalModes::ECHONL;
        tcsetattr(terminal, OptionalActions::Drain, &modes)?;
        Ok(quiet)
    }
}

/// Waits for a signal that ends the program, and lets it, with the terminal as it was. It stays when the question has
/// been answered: then there is nothing to give back.
fn wait(terminal: &File, before: &Termios, ending: &SigSet) {
    let Ok(signal) = ending.wait() else { return };
    let _ = tcsetattr(terminal, OptionalActions::Now, before);
    let _ = ending.thread_unblock();
    let _ = raise(signal);
}

impl Drop for Quiet<'_> {
    fn drop(&mut self) {
        // A terminal that is gone needs nothing; and a signal that came meanwhile ends the program here.
        let _ = tcsetattr(self.terminal, OptionalActions::Now, &self.before);
        let _ = self.ending.thread_unblock();
    }
}
