//! What the commands of a line assign.

use std::ops::Range;

use super::expand::Expanded;
use super::split::{Command, Next};
use super::{Dialect, Halt, Shell, name_length};
use crate::env::chars::{from, part};
use crate::env::readers::Sight;

/// What bash lets nobody assign.
const READ_ONLY: &[&[u8]] = &[b"BASHOPTS", b"BASH_VERSINFO", b"EUID", b"PPID", b"SHELLOPTS", b"UID"];

/// Before which an assignment stays, in dash.
const SPECIAL: &[&[u8]] = &[b":", b".", b"eval", b"exec", b"readonly", b"return", b"set", b"shift", b"trap", b"unset"];

/// An assignment as a word.
struct Assigned<'a> {
    name: &'a [u8],
    /// `+=`
    appends: bool,
    value: Range<usize>,
}

/// How a command left off, as far as that is known.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Status {
    Zero,
    Unknown,
}

impl<'a> Shell<'a> {
    pub(super) fn execute(&mut self, commands: &[Command]) -> Result<(), Halt> {
        let mut before: Option<(Status, Next)> = None;
        self.ran = false;
        let done = self.each(commands, &mut before);
        if self.ran {
            // A command behind `;` or `&` was meant as a part of the value.
            let words = commands.iter().flat_map(|command| &command.words);
            let names: Vec<&[u8]> = words.filter_map(|word| self.assigned(word)).map(|one| one.name).collect();
            names.into_iter().for_each(|name| self.reading.mark(name));
        }
        done
    }

    fn each(&mut self, commands: &[Command], before: &mut Option<(Status, Next)>) -> Result<(), Halt> {
        for command in commands {
            let is_skipped = *before == Some((Status::Zero, Next::Or));
            let is_sure = !matches!(before, Some((Status::Unknown, Next::And | Next::Or)));
            let status = match is_skipped {
                true => Status::Zero,
                false => match self.command(command, is_sure) {
                    // A subshell ends alone.
                    Err(_) if command.is_apart => Status::Unknown,
                    other => other?,
                },
            };
            *before = Some((status, command.next));
        }
        Ok(())
    }

    fn command(&mut self, command: &Command, is_sure: bool) -> Result<Status, Halt> {
        if command.is_group {
            self.runs();
        }
        let count = command.words.iter().take_while(|word| self.assigned(word).is_some()).count();
        let rest = command.words.get(count..).unwrap_or_default();
        let first = rest.first().map(|word| part(self.text, word.clone())).unwrap_or_default();
        let is_export = first == b"export" || self.is_bash() && matches!(first, b"declare" | b"typeset");
        let assignments = command.words.get(..count).unwrap_or_default();
        if is_export && count == 0 && command.reads {
            // Where the file is not there, `export` does not run, and dash ends.
            for word in rest {
                if let Some(assigned) = self.assigned(word) {
                    self.reading.put_sight(assigned.name, Sight::Varies, false);
                }
            }
            return Ok(Status::Unknown);
        }
        if rest.is_empty() || is_export && count == 0 {
            let words = if rest.is_empty() { assignments } else { rest.get(1..).unwrap_or_default() };
            for word in words {
                self.assign_word(word, command, is_sure, is_export)?;
            }
            return Ok(if command.is_apart { Status::Unknown } else { Status::Zero });
        }
        // A carriage return alone is the name of no command, and a word with `=` hardly one.
        let is_command = first != b"\r" && memchr::memchr(b'=', first).is_none();
        for word in assignments {
            let Some(assigned) = self.assigned(word) else { continue };
            let name = assigned.name.to_vec();
            if is_command {
                self.reading.mark(&name);
            }
            let is_special = self.dialect == Dialect::Dash && SPECIAL.contains(&first);
            if is_export || is_special || first.starts_with(b"$") {
                self.reading.put_sight(&name, Sight::Varies, is_command);
            }
        }
        if is_command {
            self.runs();
        }
        Ok(Status::Unknown)
    }

    /// Notes that this line runs a command.
    fn runs(&mut self) {
        self.ran = true;
        self.reading.runs.get_or_insert(self.line);
    }

    fn assign_word(&mut self, word: &Range<usize>, command: &Command, sure: bool, export: bool) -> Result<(), Halt> {
        let Some(assigned) = self.assigned(word) else {
            return if export { self.argument(word) } else { Ok(()) };
        };
        let name = assigned.name.to_vec();
        if self.is_bash() && READ_ONLY.contains(&name.as_slice()) {
            self.reading.remove(&name);
            return Err(Halt::Line);
        }
        let is_list = self.is_bash() && part(self.text, assigned.value.clone()).starts_with(b"(");
        if is_list {
            let inside = part(self.text, assigned.value.clone());
            let executes = memchr::memmem::find(inside, b"$(").is_some() || memchr::memchr(b'`', inside).is_some();
            // Lists are not exported.
            self.reading.put_sight(&name, Sight::Absent, executes);
            return Ok(());
        }
        let mut expanded = self.expand(assigned.value.clone(), export)?;
        if assigned.appends {
            expanded = self.appended(&name, &expanded);
        }
        let executes = expanded.executes || command.writes;
        // What a redirection fails to open is not assigned: by dash, and by `export`.
        let may_fail = (command.reads || command.writes) && !self.is_bash() || command.writes && export;
        let varies = expanded.varies || !sure || may_fail;
        if command.is_apart {
            if executes {
                self.reading.mark(&name);
            }
            return Ok(());
        }
        let sight = if varies { Sight::Varies } else { Sight::Value(expanded.text.into_secret()) };
        self.reading.put_sight(&name, sight, executes);
        Ok(())
    }

    /// An argument of `export` that is written as no assignment: it may become one, or a name.
    fn argument(&mut self, word: &Range<usize>) -> Result<(), Halt> {
        let expanded = self.expand(word.clone(), true)?;
        let text = expanded.text.bytes();
        let length = name_length(text);
        let rest = from(text, length);
        let starts_badly = text.first().is_some_and(|first| !first.is_ascii_alphabetic() && !b"_-".contains(first));
        let is_no_word = text.is_empty() && part(self.text, word.clone()).starts_with(b"$");
        if expanded.varies && !starts_badly || text.starts_with(b"-") || is_no_word {
            return Ok(());
        }
        if length > 0 && rest.starts_with(b"=") {
            self.reading.set(part(text, 0..length), from(rest, 1));
        }
        // dash ends on a bad name; bash says so and goes on.
        let is_good = length > 0 && matches!(rest.first(), None | Some(b'='));
        if is_good || self.is_bash() { Ok(()) } else { Err(Halt::Shell) }
    }

    fn appended(&self, name: &[u8], more: &Expanded) -> Expanded {
        let mut whole = Expanded { executes: more.executes, varies: more.varies, ..Expanded::default() };
        whole.text.extend(self.reading.get(name).unwrap_or_default());
        whole.text.extend(more.text.bytes());
        whole
    }

    /// The word as an assignment.
    fn assigned(&self, word: &Range<usize>) -> Option<Assigned<'a>> {
        let text = part(self.text, word.clone());
        let length = name_length(text);
        let name = part(text, 0..length);
        let rest = from(text, length);
        let appends = self.is_bash() && rest.starts_with(b"+=");
        let skipped = if appends { 2 } else { 1 };
        if length == 0 || !appends && !rest.starts_with(b"=") {
            return None;
        }
        Some(Assigned { name, appends, value: word.start + length + skipped..word.end })
    }
}
