//! A terminal without its echo.

use std::fs::File;
use std::{io, thread};

use nix::sys::signal::{SigSet, Signal, raise};
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

/// What ends a program from outside.
const ENDING: [Signal; 4] = [Signal::SIGHUP, Signal::SIGINT, Signal::SIGQUIT, Signal::SIGTERM];

/// For as long as this lives the terminal shows nothing of what is typed. Anyone who ends the program meanwhile gets the
/// terminal back as it was.
pub(super) struct Quiet<'a> {
    terminal: &'a File,
    before: Termios,
    ending: SigSet,
}

impl<'a> Quiet<'a> {
    pub(super) fn new(terminal: &'a File) -> io::Result<Self> {
        let before = tcgetattr(terminal)?;
        // What is ignored (SIGHUP below nohup) ends nothing: the terminal stays as it is.
        let ignored = ignored();
        let ending: SigSet = ENDING.into_iter().filter(|signal| !is_in(ignored, *signal)).collect();
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

/// The signals that this process ignores, a bit for each (proc_pid_status(5)); none where the system does not say.
#[expect(clippy::disallowed_methods, reason = "the kernel writes it, and it is short")]
fn ignored() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or(0)
}

/// Whether this process ignores a signal.
pub(super) fn is_ignored(signal: Signal) -> bool {
    is_in(ignored(), signal)
}

fn is_in(mask: u64, signal: Signal) -> bool {
    u32::try_from(signal as i32 - 1).is_ok_and(|place| mask.checked_shr(place).is_some_and(|rest| rest & 1 == 1))
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
