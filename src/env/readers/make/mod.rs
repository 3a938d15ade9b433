//! GNU Make: `include FILE` and `export`, as a recipe sees it. Measured with 4.3.
//!
//! A model of variables, not of rules: a line of a rule sets nothing, and conditionals, `define` and `include` of an env
//! file are not followed.

mod definition;
mod expand;
mod lines;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::num::NonZeroU32;

use super::buffer::Buffer;
use super::{Reading, Sight, Stop};
use crate::env::chars::{from, part};
use definition::{Definition, Flavor, Statement};
use expand::{Expansion, Halt};
use lines::{is_space, skip_space, words};

/// How much all expansions of one file may add: 16 MiB.
const MAX_ADDED: usize = 16 << 20;

/// What Make sets itself for the programs that it starts.
pub(super) const KEPT: [&[u8]; 4] = [b"MAKEFLAGS", b"MAKELEVEL", b"MFLAGS", b"SHELL"];

/// A variable of a Makefile.
struct Variable {
    /// `None` where it is not known here.
    value: Option<Buffer>,
    /// Whether it is expanded each time that it is used.
    is_recursive: bool,
    is_exported: Option<bool>,
    runs: bool,
    line: NonZeroU32,
}

type Variables = HashMap<Vec<u8>, Variable>;

struct Make {
    variables: Variables,
    budget: usize,
    /// Whether a line that begins with a tab belongs to a rule.
    in_rule: bool,
    line: NonZeroU32,
}

pub(super) fn read(text: &[u8]) -> Reading {
    let budget = text.len().saturating_add(MAX_ADDED);
    let mut make = Make { variables: HashMap::new(), budget, in_rule: false, line: NonZeroU32::MIN };
    for (number, line) in lines::of(text) {
        make.line = number;
        if make.line(line.bytes()).is_none() {
            return stopped(number);
        }
    }
    make.exported()
}

fn stopped(line: NonZeroU32) -> Reading {
    let mut reading = Reading::default();
    reading.stop = Some(Stop { line, keeps: false });
    reading
}

impl Make {
    /// `None` where Make stops.
    fn line(&mut self, line: &[u8]) -> Option<()> {
        if self.in_rule && line.starts_with(b"\t") {
            return Some(());
        }
        let line = lines::without_comment(lines::joined(line).bytes());
        let text = from(line.bytes(), skip_space(line.bytes(), 0));
        match definition::statement(text) {
            Some(Statement::Define(definition)) => {
                self.in_rule = false;
                self.define(&definition)
            }
            Some(Statement::Undefine(name)) => {
                self.in_rule = false;
                let name = self.known(name)?;
                self.variables.remove(name.bytes());
                Some(())
            }
            // What it holds is a text of several lines.
            Some(Statement::DefineLines) => None,
            None if text.is_empty() => Some(()),
            None => self.other(text),
        }
    }

    /// A line that assigns nothing.
    fn other(&mut self, text: &[u8]) -> Option<()> {
        let length = text.iter().take_while(|byte| !is_space(**byte)).count();
        match part(text, 0..length) {
            b"export" => self.export(from(text, length), true),
            b"unexport" => self.export(from(text, length), false),
            b"ifdef" | b"ifndef" | b"ifeq" | b"ifneq" | b"else" | b"endif" | b"include" | b"-include" | b"sinclude"
            | b"load" | b"-load" | b"endef" => None,
            b"vpath" => Some(()),
            _ => self.rule(text),
        }
    }

    fn export(&mut self, names: &[u8], is_exported: bool) -> Option<()> {
        let names = self.known(names)?;
        for name in words(names.bytes()) {
            let line = self.line;
            let empty = || Variable {
                value: Some(Buffer::default()),
                is_recursive: false,
                is_exported: None,
                runs: false,
                line,
            };
            self.variables.entry(name.to_vec()).or_insert_with(empty).is_exported = Some(is_exported);
        }
        Some(())
    }

    /// `target: …`, which sets nothing. Two colons say more, and need a pattern.
    fn rule(&mut self, text: &[u8]) -> Option<()> {
        let expanded = self.known(text)?;
        let colon = memchr::memchr2(b':', b';', expanded.bytes())?;
        let target = part(expanded.bytes(), 0..colon);
        let behind = from(expanded.bytes(), colon + 1);
        let behind = behind.strip_prefix(b":").unwrap_or(behind);
        let prerequisites = part(behind, 0..memchr::memchr(b';', behind).unwrap_or(behind.len()));
        let is_rule = expanded.bytes().get(colon) == Some(&b':') && words(target).next().is_some();
        self.in_rule = true;
        (is_rule && memchr::memchr2(b':', b'=', prerequisites).is_none_or(|at| prerequisites.get(at) == Some(&b'=')))
            .then_some(())
    }

    fn define(&mut self, definition: &Definition<'_>) -> Option<()> {
        let name = self.known(definition.name).filter(|name| name.len() > 0)?;
        let known = self.variables.get(name.bytes());
        let is_recursive = match definition.flavor {
            Flavor::Recursive => true,
            Flavor::Simple | Flavor::Shell => false,
            Flavor::Conditional if known.is_some() => return Some(()),
            Flavor::Conditional => true,
            Flavor::Append => known.is_none_or(|known| known.is_recursive),
        };
        let mut runs = definition.flavor == Flavor::Shell;
        let mut value = match is_recursive {
            true => Some(Buffer::of(definition.value)),
            false => {
                let (expanded, ran) = self.expanded(definition.value);
                runs |= ran;
                match expanded {
                    Ok(value) => Some(value).filter(|_| !runs),
                    Err(Halt::Unknown) => None,
                    Err(Halt::Stop) => return None,
                }
            }
        };
        let known = self.variables.get(name.bytes());
        if let (Flavor::Append, Some(known)) = (definition.flavor, known) {
            runs |= known.runs;
            value = known.value.as_ref().zip(value).map(|(before, added)| appended(before, &added));
            self.budget = self.budget.checked_sub(value.as_ref().map_or(0, Buffer::len))?;
        }
        let is_exported = known.and_then(|known| known.is_exported).or(definition.is_exported.then_some(true));
        let variable = Variable { value, is_recursive, is_exported, runs, line: self.line };
        self.variables.insert(name.bytes().to_vec(), variable);
        Some(())
    }

    /// What a text becomes now, and whether that runs a command.
    fn expanded(&mut self, text: &[u8]) -> (Result<Buffer, Halt>, bool) {
        let mut expansion = Expansion::new(&self.variables, self.budget);
        let value = expansion.text(text);
        let (budget, runs) = (expansion.budget, expansion.runs);
        self.budget = budget;
        (value, runs)
    }

    /// The same, where it has to be known.
    fn known(&mut self, text: &[u8]) -> Option<Buffer> {
        self.expanded(text).0.ok()
    }

    /// What a recipe sees.
    fn exported(mut self) -> Reading {
        let mut reading = Reading::default();
        let mut stop: Option<NonZeroU32> = None;
        let mut names: Vec<(NonZeroU32, Vec<u8>)> =
            self.variables.iter().map(|(name, variable)| (variable.line, name.clone())).collect();
        names.sort_unstable();
        for (line, name) in names {
            let Some(variable) = self.variables.get(&name) else { continue };
            if !variable.is_exported.unwrap_or_else(|| is_exportable(&name)) {
                continue;
            }
            if KEPT.contains(&name.as_slice()) {
                reading.put_sight(&name, Sight::Varies, false);
                continue;
            }
            let mut expansion = Expansion::new(&self.variables, self.budget);
            let value = expansion.variable(&name);
            let runs = variable.runs || expansion.runs;
            self.budget = expansion.budget;
            if runs && reading.runs.is_none() {
                reading.runs = Some(line);
            }
            match value {
                Ok(value) if !runs => reading.put(&name, value),
                Ok(_) | Err(Halt::Unknown) => reading.put_sight(&name, Sight::Varies, runs),
                Err(Halt::Stop) => stop = Some(stop.map_or(line, |known| known.min(line))),
            }
        }
        stop.map_or(reading, stopped)
    }
}

fn appended(before: &Buffer, added: &Buffer) -> Buffer {
    let mut all = Buffer::with_capacity(before.len() + added.len() + 1);
    all.extend(before.bytes());
    if before.len() > 0 {
        all.push(b' ');
    }
    all.extend(added.bytes());
    all
}

/// Whether `export` alone exports a variable of this name.
fn is_exportable(name: &[u8]) -> bool {
    let is_letter = |byte: &u8| byte.is_ascii_alphabetic() || *byte == b'_';
    name.first().is_some_and(is_letter) && name.iter().all(|byte| is_letter(byte) || byte.is_ascii_digit())
}
