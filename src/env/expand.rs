//! Compose's interpolation, as its template package does it.

use super::Dollar;
use super::chars::{from, part};
use crate::secret::Secret;

/// How deep defaults may nest.
const MAX_DEPTH: u32 = 32;

/// How long one expanded value may get: 1 MiB.
const MAX_LENGTH: usize = 1 << 20;

/// A value whose quotes and escapes are resolved.
pub(super) struct Decoded<'a> {
    pub(super) text: &'a [u8],
    /// Where a `$$` stands that an escape has made. Ascending.
    pub(super) made: &'a [usize],
}

/// An expansion that Compose refuses, or one that passes a bound of ours.
struct Refused;

/// What became of a name behind a `$`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// It is defined.
    Defined,
    /// It is not, or empty where that counts as not, and a default is in.
    Default,
    /// It is not, and the text says that it must be.
    Required,
    /// It is not, and becomes nothing.
    Undefined,
}

impl Resolved {
    /// Whether only the host's own environment may still define it.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, Self::Undefined | Self::Required)
    }
}

/// Interpolates a text of a compose file, telling of every name that counts; a required one that is not defined becomes
/// nothing. `None` where Compose cannot parse it, or a bound is passed: `budget` bytes, or those of one value.
pub(crate) fn interpolate<'k>(
    text: &str,
    lookup: &dyn Fn(&[u8]) -> Option<&'k [u8]>,
    budget: usize,
    watch: &mut dyn FnMut(&[u8], Resolved),
) -> Option<Secret> {
    let text = text.as_bytes();
    let mut length = Length { sum: 0, limit: budget.min(MAX_LENGTH.max(text.len())) };
    Expander { made: &[], lookup, dollar: Dollar::AsWritten, watch: Some(watch) }.run(text, 0, 0, &mut length).ok()?;
    let mut out = Vec::with_capacity(length.sum);
    let silent = &mut |_: &[u8], _: Resolved| {};
    Expander { made: &[], lookup, dollar: Dollar::AsWritten, watch: Some(silent) }.run(text, 0, 0, &mut out).ok()?;
    Some(Secret::new(out))
}

/// The value, what became of its `$`, and how many bytes count against `budget`. `None` where it is refused.
pub(super) fn expand<'k>(
    decoded: &Decoded<'_>,
    lookup: &dyn Fn(&[u8]) -> Option<&'k [u8]>,
    budget: usize,
) -> Option<(Secret, Dollar, usize)> {
    if memchr::memchr(b'$', decoded.text).is_none() {
        return Some((Secret::copy_of(decoded.text), Dollar::AsWritten, 0));
    }
    // Twice: to know the length, then to fill a buffer of just that size.
    let mut expander = Expander { made: decoded.made, lookup, dollar: Dollar::AsWritten, watch: None };
    let mut length = Length { sum: 0, limit: budget.min(MAX_LENGTH.max(decoded.text.len())) };
    expander.run(decoded.text, 0, 0, &mut length).ok()?;
    let mut out = Vec::with_capacity(length.sum);
    let filled = expander.run(decoded.text, 0, 0, &mut out);
    let secret = Secret::new(out);
    filled.ok().map(|()| (secret, expander.dollar, length.sum))
}

trait Sink {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Refused>;
}

struct Length {
    sum: usize,
    limit: usize,
}

impl Sink for Length {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.sum += bytes.len();
        if self.sum > self.limit { Err(Refused) } else { Ok(()) }
    }
}

impl Sink for Vec<u8> {
    fn push(&mut self, bytes: &[u8]) -> Result<(), Refused> {
        self.extend_from_slice(bytes);
        Ok(())
    }
}

/// Told of every name.
type Watch<'a> = dyn FnMut(&[u8], Resolved) + 'a;

struct Expander<'a, 'k> {
    made: &'a [usize],
    lookup: &'a dyn Fn(&[u8]) -> Option<&'k [u8]>,
    dollar: Dollar,
    /// Told of every name. With one, a required name that is not defined is no failure.
    watch: Option<&'a mut Watch<'a>>,
}

/// What stands at a `$`.
enum Token<'a> {
    /// A `$` that means nothing.
    Plain,
    /// `$$`.
    Escaped,
    /// `$NAME` or `${NAME}`, and its end.
    Name(&'a [u8], usize),
    /// `${NAME:-word}` and its relatives.
    Operation(Operation<'a>),
}

struct Operation<'a> {
    name: &'a [u8],
    /// `-`, `+` or `?`.
    operator: u8,
    /// Whether `:` stands before it: empty counts as not defined then.
    colon: bool,
    word: std::ops::Range<usize>,
}

impl<'k> Expander<'_, 'k> {
    /// `base` is where `text` starts in the whole value.
    fn run(&mut self, text: &[u8], base: usize, depth: u32, out: &mut dyn Sink) -> Result<(), Refused> {
        if depth > MAX_DEPTH {
            return Err(Refused);
        }
        let mut braces = LastBrace { line: 0..0, at: None };
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'$', from(text, at)) {
            let dollar = at + offset;
            out.push(part(text, at..dollar))?;
            at = match token(text, dollar, &mut braces)? {
                Token::Plain => {
                    out.push(b"$")?;
                    dollar + 1
                }
                Token::Escaped => {
                    out.push(b"$")?;
                    if self.made.binary_search(&(base + dollar)).is_err() {
                        self.note(Dollar::Rewritten);
                    }
                    dollar + 2
                }
                Token::Name(name, end) => {
                    self.name(name, out)?;
                    end
                }
                Token::Operation(operation) => {
                    let end = operation.word.end + 1;
                    self.operation(&operation, text, base, depth, out)?;
                    end
                }
            };
        }
        out.push(from(text, at))
    }

    fn name(&mut self, name: &[u8], out: &mut dyn Sink) -> Result<(), Refused> {
        match (self.lookup)(name) {
            Some(value) => {
                self.note(Dollar::Reference);
                self.tell(name, Resolved::Defined);
                out.push(value)
            }
            None => {
                self.note(Dollar::Rewritten);
                self.tell(name, Resolved::Undefined);
                Ok(())
            }
        }
    }

    fn operation(
        &mut self,
        operation: &Operation<'_>,
        text: &[u8],
        base: usize,
        depth: u32,
        out: &mut dyn Sink,
    ) -> Result<(), Refused> {
        self.note(Dollar::Reference);
        let value: Option<&'k [u8]> = (self.lookup)(operation.name);
        let counts = value.is_some_and(|value| !operation.colon || !value.is_empty());
        self.tell(
            operation.name,
            match (operation.operator, counts) {
                (_, true) => Resolved::Defined,
                (b'?', false) => Resolved::Required,
                (_, false) => Resolved::Default,
            },
        );
        match (operation.operator, counts) {
            (b'-', false) | (b'+', true) => {
                let word = operation.word.clone();
                self.run(part(text, word.clone()), base + word.start, depth + 1, out)
            }
            (b'+', false) => Ok(()),
            (_, true) => out.push(value.unwrap_or_default()),
            (_, false) if self.watch.is_some() => Ok(()),
            (_, false) => Err(Refused),
        }
    }

    fn tell(&mut self, name: &[u8], resolved: Resolved) {
        if let Some(watch) = &mut self.watch {
            watch(name, resolved);
        }
    }

    /// The worst stays.
    fn note(&mut self, seen: Dollar) {
        if self.dollar != Dollar::Rewritten {
            self.dollar = seen;
        }
    }
}

fn token<'a>(text: &'a [u8], dollar: usize, braces: &mut LastBrace) -> Result<Token<'a>, Refused> {
    let after = dollar + 1;
    match text.get(after) {
        Some(b'$') => return Ok(Token::Escaped),
        Some(b'{') => {}
        _ => {
            let length = name_length(from(text, after));
            let end = after + length;
            return Ok(if length == 0 { Token::Plain } else { Token::Name(part(text, after..end), end) });
        }
    }
    let start = after + 1;
    let end = start + name_length(from(text, start));
    let name = part(text, start..end);
    if name.is_empty() {
        return Err(Refused);
    }
    let (colon, operator, word) = match (text.get(end), text.get(end + 1)) {
        (Some(b'}'), _) => return Ok(Token::Name(name, end + 1)),
        (Some(b':'), Some(operator @ (b'-' | b'+' | b'?'))) => (true, *operator, end + 2),
        (Some(operator @ (b'-' | b'+' | b'?')), _) => (false, *operator, end + 1),
        _ => return Err(Refused),
    };
    let last = braces.on_line(text, word).ok_or(Refused)?;
    let close = closing_brace(part(text, dollar..last + 1)).map_or(last, |offset| dollar + offset);
    Ok(Token::Operation(Operation { name, operator, colon, word: word..close }))
}

/// `[_A-Za-z][_A-Za-z0-9]*`, and the two letters that Go's folding of case adds: the long s and the Kelvin sign.
fn name_length(text: &[u8]) -> usize {
    let mut length = 0;
    loop {
        length += match from(text, length) {
            [b'_' | b'A'..=b'Z' | b'a'..=b'z', ..] => 1,
            [b'0'..=b'9', ..] if length > 0 => 1,
            [0xc5, 0xbf, ..] => 2,
            [0xe2, 0x84, 0xaa, ..] => 3,
            _ => return length,
        };
    }
}

/// Compose's idea of the brace that closes the first one: any `{` counts, and hides the character behind it.
fn closing_brace(text: &[u8]) -> Option<usize> {
    let mut open = 0_usize;
    let mut at = 0;
    loop {
        at += memchr::memchr2(b'{', b'}', from(text, at))?;
        if text.get(at) == Some(&b'{') {
            open += 1;
            at += 2;
        } else if open == 1 {
            return Some(at);
        } else {
            open = open.saturating_sub(1);
            at += 1;
        }
    }
}

/// The last `}` of a line, remembered: it is asked for at every `${` of the line.
struct LastBrace {
    line: std::ops::Range<usize>,
    at: Option<usize>,
}

impl LastBrace {
    /// The last `}` from `start` on, on the same line.
    fn on_line(&mut self, text: &[u8], start: usize) -> Option<usize> {
        if !self.line.contains(&start) {
            self.line = start..super::chars::line_end(text, start);
            self.at = memchr::memrchr(b'}', part(text, self.line.clone())).map(|offset| start + offset);
        }
        self.at.filter(|at| *at >= start)
    }
}

#[cfg(test)]
mod tests;
