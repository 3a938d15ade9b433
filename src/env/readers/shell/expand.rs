//! From a word to its value: quotes, escapes and what `$` means.

use std::ops::Range;

use super::split::{back, behind, braces, parentheses};
use super::{Halt, Shell, name_length};
use crate::env::chars::{first, from, part};
use crate::env::readers::Sight;
use crate::env::readers::buffer::Buffer;

/// How deep defaults may nest.
const MAX_DEPTH: u32 = 32;

/// A word's value.
#[derive(Default)]
pub(super) struct Expanded {
    pub(super) text: Buffer,
    /// It depends on the machine or on what runs.
    pub(super) varies: bool,
    pub(super) executes: bool,
}

/// What a shell sets by itself.
const OWN: &[&[u8]] = &[
    b"BASH",
    b"BASHOPTS",
    b"BASHPID",
    b"BASH_ARGV0",
    b"BASH_SOURCE",
    b"BASH_VERSION",
    b"COMP_WORDBREAKS",
    b"DIRSTACK",
    b"EPOCHREALTIME",
    b"EPOCHSECONDS",
    b"EUID",
    b"GROUPS",
    b"HOSTNAME",
    b"HOSTTYPE",
    b"IFS",
    b"LINENO",
    b"MACHTYPE",
    b"OLDPWD",
    b"OPTERR",
    b"OPTIND",
    b"OSTYPE",
    b"PATH",
    b"PIPESTATUS",
    b"PPID",
    b"PS1",
    b"PS2",
    b"PS4",
    b"PWD",
    b"RANDOM",
    b"SECONDS",
    b"SHELL",
    b"SHELLOPTS",
    b"SHLVL",
    b"SRANDOM",
    b"TERM",
    b"UID",
    b"_",
];

/// Where in a word.
#[derive(Clone, Copy)]
struct Place {
    is_quoted: bool,
    depth: u32,
    /// An argument of `export`, which dash splits.
    is_argument: bool,
}

impl Shell<'_> {
    pub(super) fn expand(&mut self, word: Range<usize>, is_argument: bool) -> Result<Expanded, Halt> {
        let mut out = Expanded { text: Buffer::with_capacity(word.len()), ..Expanded::default() };
        let has_braces = is_argument && self.is_bash() && has_brace_list(part(self.text, word.clone()));
        self.word(word, Place { is_quoted: false, depth: 0, is_argument }, &mut out)?;
        out.varies |= has_braces;
        Ok(out)
    }

    fn word(&mut self, word: Range<usize>, place: Place, out: &mut Expanded) -> Result<(), Halt> {
        if place.depth > MAX_DEPTH {
            return Err(Halt::Shell);
        }
        let text = self.text;
        let mut at = word.start;
        let mut may_be_home = !place.is_quoted;
        while at < word.end {
            let byte = text.get(at).copied().unwrap_or_default();
            let was_start = std::mem::take(&mut may_be_home);
            at = match byte {
                b'~' if was_start => {
                    out.varies |= is_home(part(text, at..word.end));
                    out.text.push(b'~');
                    at + 1
                }
                b'\'' if !place.is_quoted => {
                    let end = behind(text, at, self.is_bash(), 0).unwrap_or(word.end);
                    out.text.extend(part(text, at + 1..end - 1));
                    end
                }
                b'"' if !place.is_quoted => {
                    let end = behind(text, at, self.is_bash(), 0).unwrap_or(word.end);
                    self.word(at + 1..end - 1, Place { is_quoted: true, ..place }, out)?;
                    end
                }
                b'\\' => {
                    escape(from(part(text, 0..word.end), at + 1), place.is_quoted, &mut out.text);
                    at + 2
                }
                b'"' => at + 1,
                b'`' => {
                    (out.executes, out.varies) = (true, true);
                    back(text, at + 1).unwrap_or(word.end)
                }
                b'$' => self.dollar(at, word.end, place, out)?,
                _ => {
                    may_be_home = byte == b':' && !place.is_quoted && self.is_bash();
                    out.text.push(byte);
                    at + 1
                }
            };
        }
        Ok(())
    }

    /// Behind the expansion at `at`.
    fn dollar(&mut self, at: usize, end: usize, place: Place, out: &mut Expanded) -> Result<usize, Halt> {
        let text = self.text;
        let rest = part(text, at + 1..end);
        let is_bash = self.is_bash();
        Ok(match rest.first() {
            Some(b'(') => {
                let close = parentheses(text, at + 2, 0).unwrap_or(end);
                let is_sum = rest.starts_with(b"((") && part(text, at..close).ends_with(b"))");
                out.varies = true;
                out.executes |= !is_sum || has_command(part(text, at + 2..close));
                close
            }
            Some(b'{') => {
                let close = braces(text, at + 2, is_bash, place.is_quoted, 0).unwrap_or(end);
                self.parameter(at + 2..close - 1, place, out)?;
                close
            }
            Some(b'[') if is_bash => {
                out.varies = true;
                memchr::memchr(b']', rest).map_or(end, |length| at + 2 + length)
            }
            Some(b'\'') if is_bash && !place.is_quoted => {
                let close = behind(text, at, true, 0).unwrap_or(end);
                ansi(part(text, at + 2..close - 1), out);
                close
            }
            Some(b'"') if is_bash && !place.is_quoted => at + 1,
            Some(b'0'..=b'9' | b'$' | b'!' | b'?' | b'#' | b'*' | b'@' | b'-') => {
                out.varies = true;
                at + 2
            }
            _ => {
                let length = name_length(rest);
                if length == 0 {
                    out.text.push(b'$');
                }
                if length > 0 {
                    self.lookup(at + 1..at + 1 + length, place, out)?;
                }
                at + 1 + length
            }
        })
    }

    fn lookup(&mut self, name: Range<usize>, place: Place, out: &mut Expanded) -> Result<(), Halt> {
        match self.known(part(self.text, name)) {
            None => {
                out.varies = true;
                Ok(())
            }
            Some(value) => {
                let value = Buffer::of(value);
                self.put(value.bytes(), place, out)
            }
        }
    }

    /// The value of a name; `None` where it is not known here.
    fn known(&self, name: &[u8]) -> Option<&[u8]> {
        match self.reading.sight(name) {
            Some(Sight::Value(_)) => self.reading.get(name),
            Some(Sight::Varies) => None,
            None if OWN.contains(&name) => None,
            Some(Sight::Absent) | None => Some(b""),
        }
    }

    fn put(&mut self, value: &[u8], place: Place, out: &mut Expanded) -> Result<(), Halt> {
        self.budget = self.budget.checked_sub(value.len()).ok_or(Halt::Shell)?;
        let is_split = place.is_argument && !place.is_quoted && !self.is_bash();
        out.varies |= is_split && value.iter().any(|byte| b" \t\n*?[".contains(byte));
        out.text.extend(value);
        Ok(())
    }

    /// What stands between `${` and `}`.
    fn parameter(&mut self, inner: Range<usize>, place: Place, out: &mut Expanded) -> Result<(), Halt> {
        let text = part(self.text, inner.clone());
        let length = name_length(text);
        let name = inner.start..inner.start + length;
        let rest = from(text, length);
        if length == 0 {
            return self.odd_parameter(text, out);
        }
        if rest.is_empty() {
            return self.lookup(name, place, out);
        }
        let colon = rest.starts_with(b":");
        let operator = rest.get(usize::from(colon)).copied().unwrap_or_default();
        let word = name.end + usize::from(colon) + 1..inner.end;
        match operator {
            b'-' | b'+' | b'?' | b'=' => self.operation(name, colon, operator, word, place, out),
            b'%' | b'#' if !colon => {
                out.varies = true;
                Ok(())
            }
            _ if self.is_bash() && (colon || b"/^,@[".contains(&operator)) => {
                out.varies = true;
                Ok(())
            }
            _ => Err(if self.is_bash() { Halt::Line } else { Halt::Shell }),
        }
    }

    fn odd_parameter(&self, text: &[u8], out: &mut Expanded) -> Result<(), Halt> {
        let is_length = text.strip_prefix(b"#").is_some_and(|name| name_length(name) == name.len());
        let is_special = matches!(text, [b'0'..=b'9' | b'$' | b'!' | b'?' | b'#' | b'*' | b'@' | b'-', ..]);
        let is_other = self.is_bash() && text.strip_prefix(b"!").is_some_and(|name| name_length(name) > 0);
        if is_length || is_special || is_other {
            out.varies = true;
            return Ok(());
        }
        Err(if self.is_bash() { Halt::Line } else { Halt::Shell })
    }

    fn operation(
        &mut self,
        name: Range<usize>,
        colon: bool,
        operator: u8,
        word: Range<usize>,
        place: Place,
        out: &mut Expanded,
    ) -> Result<(), Halt> {
        let text = self.text;
        let bytes = part(text, name.clone());
        let is_set = self.reading.sight(bytes).is_some_and(|sight| !matches!(sight, Sight::Absent));
        let Some(value) = self.known(bytes) else {
            out.varies = true;
            out.executes |= has_command(part(text, word));
            return Ok(());
        };
        let counts = is_set && !(colon && value.is_empty());
        let inner = Place { depth: place.depth + 1, ..place };
        match (operator, counts) {
            (b'-', false) | (b'+', true) => self.word(word, inner, out),
            (b'=', false) => {
                let mut default = Expanded::default();
                self.word(word, inner, &mut default)?;
                self.reading.set(bytes, default.text.bytes());
                (out.varies, out.executes) = (out.varies || default.varies, out.executes || default.executes);
                self.put(default.text.bytes(), place, out)
            }
            (b'?', false) => Err(Halt::Shell),
            (b'+', false) => Ok(()),
            _ => self.lookup(name, place, out),
        }
    }
}

/// The character behind a backslash; `rest` starts with it.
fn escape(rest: &[u8], is_quoted: bool, out: &mut Buffer) {
    match rest.first() {
        Some(b'\n') => {}
        Some(byte) if !is_quoted || b"$`\"\\".contains(byte) => out.push(*byte),
        Some(byte) => out.extend(&[b'\\', *byte]),
        None => out.push(b'\\'),
    }
}

/// Whether `~` and what follows it is somebody's home directory here.
fn is_home(text: &[u8]) -> bool {
    let name = text.iter().skip(1).take_while(|byte| !matches!(byte, b'/' | b':')).count();
    matches!(part(text, 1..1 + name), b"" | b"+" | b"-" | b"root")
}

/// Whether bash makes several words of one: `{a,b}`, `{1..3}`.
fn has_brace_list(text: &[u8]) -> bool {
    let mut at = 0;
    let mut opened = None;
    while let Some(byte) = text.get(at) {
        match byte {
            b'{' => opened = opened.or(Some(at)),
            b',' if opened.is_some() => return true,
            b'.' if opened.is_some() && text.get(at + 1) == Some(byte) => return true,
            _ => {}
        }
        at = behind(text, at, true, 0).unwrap_or(text.len());
    }
    false
}

fn has_command(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"$(").is_some() || memchr::memchr(b'`', text).is_some()
}

/// `$'…'`: the escapes of C.
fn ansi(inner: &[u8], out: &mut Expanded) {
    let mut at = 0;
    while let Some(byte) = inner.get(at) {
        if *byte != b'\\' {
            out.text.push(*byte);
            at += 1;
            continue;
        }
        at += 2;
        let Some(next) = inner.get(at - 1) else { break };
        match next {
            b'a' => out.text.push(0x07),
            b'b' => out.text.push(0x08),
            b'e' | b'E' => out.text.push(0x1b),
            b'f' => out.text.push(0x0c),
            b'n' => out.text.push(b'\n'),
            b'r' => out.text.push(b'\r'),
            b't' => out.text.push(b'\t'),
            b'v' => out.text.push(0x0b),
            b'\\' | b'\'' | b'"' | b'?' => out.text.push(*next),
            b'0'..=b'7' | b'x' | b'u' | b'U' | b'c' => out.varies = true,
            _ => {
                out.text.push(b'\\');
                let length = first(from(inner, at - 1)).map_or(1, |(_, length)| length);
                out.text.extend(part(inner, at - 1..at - 1 + length));
                at += length - 1;
            }
        }
    }
}
