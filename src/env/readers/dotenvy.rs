//! Rust's dotenvy 0.15, as `dotenv()` loads a file: the first value of a key counts, a byte order mark is dropped. Its
//! iterator, `dotenv_iter()`, refuses the mark. A model and not the crate, which would look names up in this process's
//! environment.

use super::buffer::Buffer;
use super::{Reading, Stop};
use crate::env::chars::{self, first, from, part, skip};

/// How much all references of one file may add: 16 MiB.
const MAX_ADDED: usize = 16 << 20;

pub(super) fn read(text: &[u8]) -> Reading {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let mut reading = Reading::default();
    let mut budget = text.len().saturating_add(MAX_ADDED);
    let mut start = 0;
    while start < text.len() {
        let taken = statement(text, start).and_then(|(line, next)| {
            take(line.trim_ascii_end(), &mut reading, &mut budget)?;
            Some(next)
        });
        let Some(next) = taken else {
            let line = super::line_of(text, skip(text, start, char::is_whitespace));
            reading.stop = Some(Stop { line, keeps: true });
            return reading;
        };
        start = next;
    }
    reading
}

/// What ends a line of it or not.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Complete,
    Escape,
    Single,
    SingleEscape,
    Double,
    DoubleEscape,
    Space,
}

/// The statement at `start`, over several lines where quotes are open, and where the next one starts.
fn statement(text: &[u8], start: usize) -> Option<(&[u8], usize)> {
    let mut state = State::Complete;
    let mut at = start;
    while at < text.len() {
        let end = (chars::line_end(text, at) + 1).min(text.len());
        std::str::from_utf8(part(text, at..end)).ok()?;
        let first_line = part(text, start..end);
        if at == start && from(first_line, skip(first_line, 0, char::is_whitespace)).starts_with(b"#") {
            return Some((b"", end));
        }
        while let Some((character, length)) = first(part(text, at..end)) {
            if state == State::Space && character == '#' {
                return Some((part(text, start..at), end));
            }
            state = state.after(character);
            at += length;
        }
        if state == State::Complete {
            return Some((part(text, start..end), end));
        }
    }
    None
}

impl State {
    fn after(self, character: char) -> Self {
        match (self, character) {
            (Self::Space | Self::Complete, '\\') => Self::Escape,
            (Self::Space | Self::Complete, '"') => Self::Double,
            (Self::Space | Self::Complete, '\'') => Self::Single,
            (Self::Complete, other) if other.is_whitespace() && !matches!(other, '\n' | '\r') => Self::Space,
            (Self::Space | Self::Complete | Self::Escape, _) => Self::Complete,
            (Self::Double, '\\') => Self::DoubleEscape,
            (Self::Double, '"') => Self::Complete,
            (Self::Double | Self::DoubleEscape, _) => Self::Double,
            (Self::Single, '\\') => Self::SingleEscape,
            (Self::Single, '\'') => Self::Complete,
            (Self::Single | Self::SingleEscape, _) => Self::Single,
        }
    }
}

fn blank_start(text: &[u8]) -> &[u8] {
    from(text, skip(text, 0, char::is_whitespace))
}

/// `None` where the line is refused.
fn take(line: &[u8], reading: &mut Reading, budget: &mut usize) -> Option<()> {
    let line = blank_start(super::npm_dotenv::trimmed(line, char::is_whitespace));
    if line.is_empty() || line.starts_with(b"#") {
        return Some(());
    }
    let (mut key, rest) = key(line)?;
    let mut rest = blank_start(rest);
    match rest.strip_prefix(b"=") {
        Some(value) => rest = value,
        None if key == b"export" => {
            (key, rest) = self::key(rest)?;
            rest = blank_start(rest).strip_prefix(b"=")?;
        }
        None => return None,
    }
    let rest = blank_start(rest);
    let value = if rest.is_empty() || rest.starts_with(b"#") {
        Buffer::default()
    } else {
        Parser { reading, budget, out: Buffer::with_capacity(rest.len()) }.value(rest)?
    };
    if reading.sight(key).is_none() {
        reading.put(key, value);
    }
    Some(())
}

fn key(text: &[u8]) -> Option<(&[u8], &[u8])> {
    text.first().filter(|first| first.is_ascii_alphabetic() || **first == b'_')?;
    let length = text.iter().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    Some((part(text, 0..length), from(text, length)))
}

struct Parser<'a> {
    reading: &'a Reading,
    budget: &'a mut usize,
    out: Buffer,
}

impl Parser<'_> {
    /// `None` where it is refused.
    fn value(mut self, text: &[u8]) -> Option<Buffer> {
        let (mut at, mut is_double) = (0, false);
        while let Some((character, length)) = first(from(text, at)) {
            at += length;
            match character {
                '$' => at = self.reference(text, at)?,
                '\\' => at = self.escape(text, at)?,
                '"' => is_double = !is_double,
                '\'' if !is_double => {
                    let close = memchr::memchr(b'\'', from(text, at))?;
                    self.out.extend(part(text, at..at + close));
                    at += close + 1;
                }
                ' ' | '\t' if !is_double => {
                    let rest = from(text, at);
                    let blanks = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
                    let is_end = matches!(rest.get(blanks), None | Some(b'#'));
                    return is_end.then_some(self.out);
                }
                _ => self.out.push_char(character),
            }
        }
        (!is_double).then_some(self.out)
    }

    fn escape(&mut self, text: &[u8], at: usize) -> Option<usize> {
        match text.get(at) {
            Some(byte @ (b'\\' | b'\'' | b'"' | b'$' | b' ')) => self.out.push(*byte),
            Some(b'n') => self.out.push(b'\n'),
            Some(_) => return None,
            None => {}
        }
        Some(at + 1)
    }

    /// Behind `$`: letters and digits are a name, and what follows them is taken as it is, quotes, too.
    fn reference(&mut self, text: &[u8], start: usize) -> Option<usize> {
        let start = start + usize::from(text.get(start) == Some(&b'{'));
        let is_block = text.get(start.wrapping_sub(1)) == Some(&b'{');
        let mut at = skip(text, start, char::is_alphanumeric);
        if is_block {
            let close = memchr::memchr(b'}', from(text, at))?;
            at += close;
            self.put(part(text, start..at))?;
            return Some(at + 1);
        }
        self.put(part(text, start..at))?;
        match first(from(text, at)) {
            None | Some(('$', _)) => {}
            Some((character, length)) => {
                self.out.push_char(character);
                at += length;
            }
        }
        Some(at)
    }

    fn put(&mut self, name: &[u8]) -> Option<()> {
        let value = self.reading.get(name).unwrap_or_default();
        *self.budget = self.budget.checked_sub(value.len())?;
        self.out.extend(value);
        Some(())
    }
}
