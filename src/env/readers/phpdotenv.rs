//! PHP's phpdotenv 5.

use super::Reading;
use super::buffer::Buffer;
use super::python_dotenv::lines_of;
use crate::env::chars::{from, part};

pub(super) fn read(text: &[u8]) -> Reading {
    let text = decoded(text);
    let text = lines_of(text.bytes().strip_prefix(b"\xef\xbb\xbf").unwrap_or(text.bytes()));
    let mut reading = Reading::default();
    let mut budget = text.len().saturating_add(16 << 20);
    let mut entries = Entries { text: &text, at: 0 };
    while let Some((start, end)) = entries.next() {
        if take(part(&text, start..end), &mut reading, &mut budget).is_none() {
            return Reading::refusal(&text, start);
        }
    }
    reading
}

/// With `?` for what is not UTF-8.
fn decoded(text: &[u8]) -> Buffer {
    let mut out = Buffer::with_capacity(text.len());
    for chunk in text.utf8_chunks() {
        out.extend(chunk.valid().as_bytes());
        out.extend(if chunk.invalid().is_empty() { b"" } else { b"?" });
    }
    out
}

fn is_trimmed(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | 0 | 0x0b)
}

fn trim(text: &[u8]) -> &[u8] {
    let start = text.iter().position(|byte| !is_trimmed(*byte)).unwrap_or(text.len());
    let end = text.iter().rposition(|byte| !is_trimmed(*byte)).map_or(start, |last| last + 1);
    part(text, start..end)
}

/// The entries: lines, or several where a double quote is open.
struct Entries<'a> {
    text: &'a [u8],
    at: usize,
}

impl Entries<'_> {
    fn next(&mut self) -> Option<(usize, usize)> {
        let mut start = None;
        while self.at <= self.text.len() {
            let end = crate::env::chars::line_end(self.text, self.at);
            let (from, line) = (self.at, part(self.text, self.at..end));
            self.at = end + 1;
            let opens = start.is_none() && opens(line);
            if start.is_some() || opens {
                start = start.or(Some(from));
                if !stops(line, opens) {
                    continue;
                }
            }
            let entry = (start.take().unwrap_or(from), end);
            let text = trim(part(self.text, entry.0..entry.1));
            if !text.is_empty() && !text.starts_with(b"#") {
                return Some(entry);
            }
        }
        None
    }
}

fn opens(line: &[u8]) -> bool {
    memchr::memmem::find(line, b"=\"").is_some() && !stops(line, true)
}

fn stops(line: &[u8], is_started: bool) -> bool {
    if line == b"\"" {
        return true;
    }
    let line = super::buffer::replaced(line, br"\\", b"");
    let count = line.bytes().windows(2).filter(|two| matches!(two, [before, b'"'] if *before != b'\\')).count();
    count >= if is_started { 2 } else { 1 }
}

/// `None` where the entry is refused.
fn take(entry: &[u8], reading: &mut Reading, budget: &mut usize) -> Option<()> {
    let Some(separator) = memchr::memchr(b'=', entry) else {
        let name = name(entry)?;
        reading.remove(name);
        return Some(());
    };
    let name = name(trim(part(entry, 0..separator)))?;
    let value = Lexer::default().value(trim(from(entry, separator + 1)))?;
    let value = value.resolved(reading, budget)?;
    reading.put(name, value);
    Some(())
}

fn name(text: &[u8]) -> Option<&[u8]> {
    let count = std::str::from_utf8(text).ok()?.chars().count();
    let mut name = text;
    if let Some(rest) = text.strip_prefix(b"export").filter(|_| count > 8) {
        if rest.first().is_some_and(|byte| matches!(byte, b' ' | b'\t'..=b'\r')) {
            name = rest.trim_ascii_start();
            name = from(name, name.iter().take_while(|byte| matches!(byte, 0x0b | 0x0c)).count());
        }
    }
    if let [open @ (b'"' | b'\''), inner @ .., close] = name {
        if open == close && !inner.is_empty() {
            name = inner;
        }
    }
    let is_name = |character: char| character.is_alphanumeric() || matches!(character, '_' | '.');
    let is_valid = std::str::from_utf8(name).is_ok_and(|name| !name.is_empty() && name.chars().all(is_name));
    is_valid.then_some(name)
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum State {
    #[default]
    Initial,
    Bare,
    Single,
    Double,
    Escape,
    Space,
    Comment,
}

#[derive(Default)]
struct Lexer {
    state: State,
    chars: Buffer,
    /// Where a `$` stands that means something. Ascending.
    dollars: Vec<usize>,
}

impl Lexer {
    /// `None` where the value is refused.
    fn value(mut self, text: &[u8]) -> Option<Self> {
        let mut at = 0;
        while at < text.len() {
            let token = part(text, at..at + token_length(from(text, at)));
            self.token(token)?;
            at += token.len().max(1);
        }
        (!matches!(self.state, State::Single | State::Double | State::Escape)).then_some(self)
    }

    fn token(&mut self, token: &[u8]) -> Option<()> {
        let is_space = token.iter().all(|byte| matches!(byte, b' ' | b'\t'..=b'\r'));
        self.state = match (self.state, token) {
            (State::Comment, _) | (State::Initial | State::Bare | State::Space, b"#") => State::Comment,
            (State::Initial, b"'") => State::Single,
            (State::Initial, b"\"") => State::Double,
            (State::Bare, _) if is_space => State::Space,
            (State::Initial | State::Bare, _) => self.push(token, State::Bare),
            (State::Single, b"'") | (State::Double, b"\"") => State::Space,
            (State::Single, _) => {
                self.chars.extend(token);
                State::Single
            }
            (State::Double, b"\\") => State::Escape,
            (State::Double, _) => self.push(token, State::Double),
            (State::Escape, _) => {
                self.escape(token)?;
                State::Double
            }
            (State::Space, _) if is_space => State::Space,
            (State::Space, _) => return None,
        };
        Some(())
    }

    fn push(&mut self, token: &[u8], state: State) -> State {
        if token == b"$" {
            self.dollars.push(self.chars.len());
        }
        self.chars.extend(token);
        state
    }

    fn escape(&mut self, token: &[u8]) -> Option<()> {
        let (first, rest) = token.split_first()?;
        self.chars.push(match (first, rest) {
            (b'"' | b'\\' | b'$', []) => *first,
            (b'f', _) => 0x0c,
            (b'n', _) => b'\n',
            (b'r', _) => b'\r',
            (b't', _) => b'\t',
            (b'v', _) => 0x0b,
            _ => return None,
        });
        self.chars.extend(rest);
        Some(())
    }

    /// With each `${NAME}` replaced that is known, from the last to the first.
    fn resolved(self, reading: &Reading, budget: &mut usize) -> Option<Buffer> {
        let mut pieces: Vec<&[u8]> = Vec::new();
        let chars = self.chars.bytes();
        let mut at = 0;
        for dollar in &self.dollars {
            let inner = from(chars, *dollar).strip_prefix(b"${").unwrap_or_default();
            let length = inner.iter().take_while(|byte| byte.is_ascii_alphanumeric() || b"_.".contains(byte)).count();
            let name = part(inner, 0..length);
            let known = reading.get(name).filter(|_| length > 0 && inner.get(length) == Some(&b'}'));
            if let Some(value) = known.filter(|_| *dollar >= at) {
                *budget = budget.checked_sub(value.len())?;
                pieces.extend([part(chars, at..*dollar), value]);
                at = dollar + length + 3;
            }
        }
        pieces.push(from(chars, at));
        let mut out = Buffer::with_capacity(pieces.iter().map(|piece| piece.len()).sum());
        pieces.iter().for_each(|piece| out.extend(piece));
        Some(out)
    }
}

/// How long the first token is: a run, or one sign.
fn token_length(text: &[u8]) -> usize {
    let class = |byte: u8| match byte {
        b'\r' | b'\n' => 0,
        b' ' | b'\t' | 0x0b | 0x0c => 1,
        b'\\' | b'\'' | b'"' | b'#' | b'$' => 2,
        _ => 3,
    };
    let Some(first) = text.first().map(|byte| class(*byte)) else { return 0 };
    if first == 2 { 1 } else { text.iter().take(1000).take_while(|byte| class(**byte) == first).count() }
}
