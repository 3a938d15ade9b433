//! What a line assigns.

use super::lines::{is_space, reference_end, skip_space};
use crate::env::chars::{from, part};

/// How a variable is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flavor {
    /// `=`
    Recursive,
    /// `:=` and `::=`
    Simple,
    /// `+=`
    Append,
    /// `?=`
    Conditional,
    /// `!=`
    Shell,
}

pub(super) struct Definition<'a> {
    pub(super) name: &'a [u8],
    pub(super) value: &'a [u8],
    pub(super) flavor: Flavor,
    pub(super) is_exported: bool,
}

pub(super) enum Statement<'a> {
    Define(Definition<'a>),
    Undefine(&'a [u8]),
    /// `define NAME`, and lines up to `endef`.
    DefineLines,
}

/// `None` for a line that assigns nothing.
pub(super) fn statement(line: &[u8]) -> Option<Statement<'_>> {
    let mut rest = line;
    let mut is_exported = false;
    loop {
        if let Some(definition) = definition(rest) {
            return Some(Statement::Define(Definition { is_exported, ..definition }));
        }
        let length = rest.iter().take_while(|byte| !is_space(**byte)).count();
        let behind = from(rest, skip_space(rest, length));
        match part(rest, 0..length) {
            b"export" => is_exported = true,
            b"override" | b"private" => {}
            b"define" => return Some(Statement::DefineLines),
            b"undefine" => return Some(Statement::Undefine(trimmed(behind))),
            _ => return None,
        }
        if behind.is_empty() {
            return None;
        }
        rest = behind;
    }
}

fn trimmed(text: &[u8]) -> &[u8] {
    let blanks = text.iter().rev().take_while(|byte| is_space(**byte)).count();
    part(text, 0..text.len() - blanks)
}

fn definition(line: &[u8]) -> Option<Definition<'_>> {
    let mut at = 0;
    let mut name_end = None;
    loop {
        let mut byte = *line.get(at)?;
        at += 1;
        match byte {
            b'#' => return None,
            b'$' => {
                at = reference_end(line, at - 1);
                continue;
            }
            b' ' | b'\t' => {
                name_end = Some(at - 1);
                at = skip_space(line, at);
                byte = *line.get(at)?;
                at += 1;
            }
            _ => {}
        }
        let (flavor, length) = match (byte, line.get(at), line.get(at + 1)) {
            (b'=', ..) => (Flavor::Recursive, 0),
            (b'+', Some(b'='), _) => (Flavor::Append, 1),
            (b':', Some(b'='), _) => (Flavor::Simple, 1),
            (b':', Some(b':'), Some(b'=')) => (Flavor::Simple, 2),
            (b'?', Some(b'='), _) => (Flavor::Conditional, 1),
            (b'!', Some(b'='), _) => (Flavor::Shell, 1),
            (b':', ..) => return None,
            _ if name_end.is_some() => return None,
            _ => continue,
        };
        let name = part(line, 0..name_end.unwrap_or(at - 1));
        let value = from(line, skip_space(line, at + length));
        return Some(Definition { name, value, flavor, is_exported: false });
    }
}
