//! `$(NAME)`, `${NAME}` and `$N`.

use super::super::buffer::Buffer;
use super::Variables;
use super::lines::{closing, is_space, matching};
use crate::env::chars::{from, part};

/// How deep references may stand in each other. Make itself has no limit.
const MAX_DEPTH: u32 = 32;

/// What a reference costs of the budget, however short its value is.
const PER_REFERENCE: usize = 8;

/// What does not become a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Halt {
    /// It depends on a function, a rule, or Make itself.
    Unknown,
    /// Make stops.
    Stop,
}

pub(super) struct Expansion<'a> {
    variables: &'a Variables,
    /// The variables that are being expanded.
    open: Vec<&'a [u8]>,
    depth: u32,
    pub(super) budget: usize,
    /// Whether a command is run.
    pub(super) runs: bool,
}

impl<'a> Expansion<'a> {
    pub(super) fn new(variables: &'a Variables, budget: usize) -> Self {
        Self { variables, open: Vec::new(), depth: 0, budget, runs: false }
    }

    /// The value of a variable; empty where there is none.
    pub(super) fn variable(&mut self, name: &[u8]) -> Result<Buffer, Halt> {
        let Some((name, variable)) = self.variables.get_key_value(name) else {
            return if is_own(name) { Err(Halt::Unknown) } else { Ok(Buffer::default()) };
        };
        self.runs |= variable.runs;
        let value = variable.value.as_ref().ok_or(Halt::Unknown)?;
        if !variable.is_recursive {
            self.spend(value.len())?;
            return Ok(Buffer::of(value.bytes()));
        }
        if self.open.contains(&name.as_slice()) {
            return Err(Halt::Stop);
        }
        self.open.push(name);
        let expanded = self.text(value.bytes());
        self.open.pop();
        expanded
    }

    /// A text with its references replaced.
    pub(super) fn text(&mut self, text: &[u8]) -> Result<Buffer, Halt> {
        self.depth += 1;
        let replaced = if self.depth > MAX_DEPTH { Err(Halt::Unknown) } else { self.replaced(text) };
        self.depth -= 1;
        replaced
    }

    fn replaced(&mut self, text: &[u8]) -> Result<Buffer, Halt> {
        let mut out = Buffer::with_capacity(text.len());
        let mut unknown = None;
        let mut at = 0;
        while let Some(found) = memchr::memchr(b'$', from(text, at)) {
            let dollar = at + found;
            out.extend(part(text, at..dollar));
            self.spend(PER_REFERENCE)?;
            let (value, next) = self.reference(text, dollar + 1);
            match value {
                Ok(value) => out.extend(value.bytes()),
                // The rest may stop, or run a command.
                Err(Halt::Unknown) => unknown = Some(Halt::Unknown),
                Err(Halt::Stop) => return Err(Halt::Stop),
            }
            at = next;
        }
        out.extend(from(text, at));
        self.spend(out.len())?;
        unknown.map_or(Ok(out), Err)
    }

    fn spend(&mut self, count: usize) -> Result<(), Halt> {
        self.budget = self.budget.checked_sub(count).ok_or(Halt::Unknown)?;
        Ok(())
    }

    /// The value of the reference behind the `$` before `at`, and where the text goes on.
    fn reference(&mut self, text: &[u8], at: usize) -> (Result<Buffer, Halt>, usize) {
        let Some(sign) = text.get(at).copied() else { return (Ok(Buffer::of(b"$")), at) };
        let Some(close) = closing(Some(sign)) else {
            let value = match sign {
                b'$' => Ok(Buffer::of(b"$")),
                _ => self.variable(&[sign]),
            };
            return (value, at + 1);
        };
        let inner = from(text, at + 1);
        let Some(end) = memchr::memchr(close, inner) else { return (Err(Halt::Stop), at) };
        if let Some(function) = function(inner) {
            let Some(end) = matching(text, at, close) else { return (Err(Halt::Stop), at) };
            self.runs |= function == b"shell" || has_shell(part(text, at + 1..end));
            return (Err(Halt::Unknown), end + 1);
        }
        let mut name = Buffer::of(part(inner, 0..end));
        let mut next = at + 1 + end + 1;
        if memchr::memchr(b'$', name.bytes()).is_some() {
            match matching(text, at, close) {
                Some(end) => {
                    next = end + 1;
                    name = match self.text(part(text, at + 1..end)) {
                        Ok(name) => name,
                        Err(halt) => return (Err(halt), next),
                    };
                }
                // What stands open takes the rest with it.
                None => next = text.len(),
            }
        }
        let is_substitution = memchr::memchr(b':', name.bytes())
            .is_some_and(|colon| memchr::memchr(b'=', from(name.bytes(), colon)).is_some());
        let value = if is_substitution { Err(Halt::Unknown) } else { self.variable(name.bytes()) };
        (value, next)
    }
}

fn has_shell(text: &[u8]) -> bool {
    memchr::memmem::find_iter(text, b"shell")
        .any(|at| at > 1 && matches!(text.get(at - 1), Some(b'(' | b'{')) && text.get(at - 2) == Some(&b'$'))
}

/// The function that a reference calls.
fn function(inner: &[u8]) -> Option<&[u8]> {
    let length = inner.iter().take_while(|byte| byte.is_ascii_lowercase() || **byte == b'-').count();
    let is_called = inner.get(length).is_some_and(|byte| is_space(*byte));
    Some(part(inner, 0..length)).filter(|name| is_called && FUNCTIONS.contains(name))
}

/// The functions of GNU Make 4.3 (its manual, "Functions for Transforming Text").
const FUNCTIONS: [&[u8]; 35] = [
    b"abspath",
    b"addprefix",
    b"addsuffix",
    b"and",
    b"basename",
    b"call",
    b"dir",
    b"error",
    b"eval",
    b"file",
    b"filter",
    b"filter-out",
    b"findstring",
    b"firstword",
    b"flavor",
    b"foreach",
    b"if",
    b"info",
    b"join",
    b"lastword",
    b"notdir",
    b"or",
    b"origin",
    b"patsubst",
    b"realpath",
    b"shell",
    b"sort",
    b"strip",
    b"subst",
    b"suffix",
    b"value",
    b"warning",
    b"wildcard",
    b"word",
    b"words",
];

/// Whether Make itself, or the rule, gives a value to this name.
fn is_own(name: &[u8]) -> bool {
    let is_of_rule = |byte: &u8| matches!(byte, b'@' | b'<' | b'^' | b'+' | b'?' | b'*' | b'|' | b'%');
    matches!(name, [_] | [_, b'D' | b'F']) && name.first().is_some_and(is_of_rule)
        || name.starts_with(b".")
        || OWN.contains(&name)
        || [&b"COMPILE."[..], b"LINK.", b"LEX.", b"YACC.", b"PREPROCESS.", b"LINT."]
            .iter()
            .any(|one| name.starts_with(one))
}

/// The variables that `make -p` shows in a directory without a Makefile.
const OWN: [&[u8]; 35] = [
    b"AR",
    b"ARFLAGS",
    b"AS",
    b"CC",
    b"CO",
    b"COFLAGS",
    b"CPP",
    b"CTANGLE",
    b"CURDIR",
    b"CWEAVE",
    b"CXX",
    b"FC",
    b"GET",
    b"LD",
    b"LEX",
    b"LINT",
    b"MAKE",
    b"MAKEFILES",
    b"MAKEFILE_LIST",
    b"MAKEFLAGS",
    b"MAKEINFO",
    b"MAKELEVEL",
    b"MAKE_COMMAND",
    b"MAKE_HOST",
    b"MAKE_VERSION",
    b"MFLAGS",
    b"OBJC",
    b"OUTPUT_OPTION",
    b"PC",
    b"RM",
    b"SHELL",
    b"SUFFIXES",
    b"TANGLE",
    b"TEX",
    b"WEAVE",
];
