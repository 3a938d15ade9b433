//! bash and dash: `set -a; . FILE`. Measured with bash 5.2 and dash 0.5.12.
//!
//! A model of assignments, not of a language: what a command or a loop of the file sets is not known here. That a command
//! would be run is said.

mod execute;
mod expand;
mod split;

use std::num::NonZeroU32;

use super::Reading;
use split::Split;

/// Which shell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialect {
    Bash,
    Dash,
}

/// How much all expansions of one file may add, beyond its own size: 16 MiB.
const MAX_ADDED: usize = 16 << 20;

pub(super) struct Shell<'a> {
    text: &'a [u8],
    dialect: Dialect,
    reading: Reading,
    /// How many bytes expansions may still make.
    budget: usize,
    /// Whether the line runs a command.
    ran: bool,
    /// The line of the statement, and how far it was counted.
    line: NonZeroU32,
    counted: usize,
}

/// Why a shell stops.
enum Halt {
    /// It drops the rest of this line.
    Line,
    /// It drops the rest of the file.
    File,
    /// It ends.
    Shell,
}

pub(super) fn read(text: &[u8], dialect: Dialect) -> Reading {
    // Both drop zero bytes.
    if memchr::memchr(0, text).is_some() {
        let without = zeroize::Zeroizing::new(text.iter().copied().filter(|byte| *byte != 0).collect::<Vec<u8>>());
        return Shell::of(&without, dialect).run();
    }
    Shell::of(text, dialect).run()
}

impl<'a> Shell<'a> {
    fn of(text: &'a [u8], dialect: Dialect) -> Self {
        let budget = text.len().saturating_add(MAX_ADDED);
        Self { text, dialect, reading: Reading::default(), budget, ran: false, line: NonZeroU32::MIN, counted: 0 }
    }

    fn is_bash(&self) -> bool {
        self.dialect == Dialect::Bash
    }

    fn run(mut self) -> Reading {
        let mut at = 0;
        while at < self.text.len() {
            self.advance(at);
            let halt = match Split::new(self.text, at, self.dialect).line() {
                None => Some(Halt::File),
                Some((commands, next)) => {
                    at = next;
                    self.execute(&commands).err()
                }
            };
            match halt {
                None | Some(Halt::Line) => {}
                Some(Halt::File) if self.is_bash() => return self.stopped(true),
                Some(Halt::File | Halt::Shell) => return self.stopped(false),
            }
        }
        self.reading
    }

    fn stopped(mut self, keeps: bool) -> Reading {
        self.reading.stop = Some(super::Stop { line: self.line, keeps });
        self.reading
    }

    /// Counts the lines up to the statement that starts behind blanks at `at`.
    fn advance(&mut self, at: usize) {
        if at < self.counted {
            return;
        }
        let rest = crate::env::chars::from(self.text, at);
        let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n')).count();
        let passed = memchr::memchr_iter(b'\n', crate::env::chars::part(self.text, self.counted..at + blanks)).count();
        self.line = self.line.saturating_add(u32::try_from(passed).unwrap_or(u32::MAX));
        self.counted = at + blanks;
    }
}

/// The length of the name at the start of `text`.
fn name_length(text: &[u8]) -> usize {
    match text.first() {
        Some(first) if first.is_ascii_alphabetic() || *first == b'_' => {
            text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
        }
        _ => 0,
    }
}
