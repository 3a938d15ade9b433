//! Many texts at one place: the longest of them that another text starts with there.
//!
//! They are sorted, so each byte read leaves a narrower range of them. How many there are costs a logarithm; what it
//! takes grows with what is read.

use super::Breaks;
use super::filter::{Filter, GRAM, gram, hash};
use crate::secret::Secret;
use crate::secret::search::line_breaks::behind_break;
use crate::work;

/// How the bytes of a text are written in another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// As they are.
    Exact,
    /// In either case.
    Folded,
    /// Some as `%41`, a blank perhaps as `+`; what they say in either case.
    Percent,
    /// Each as two hexadecimal digits; what they say in either case.
    Hex,
    /// In the alphabet of base64 for URLs (RFC 4648, section 5) or in the usual one.
    Base64,
}

impl Reading {
    /// The byte that a text starts with, and how many bytes stand for it.
    #[inline]
    fn byte(self, text: &[u8]) -> Option<(u8, usize)> {
        let first = *text.first()?;
        match self {
            Self::Exact => Some((first, 1)),
            Self::Folded => Some((first.to_ascii_lowercase(), 1)),
            Self::Percent => match first {
                b'%' => digits(text.get(1..)?).map(|byte| (byte.to_ascii_lowercase(), 3)),
                b'+' => Some((b' ', 1)),
                _ => Some((first.to_ascii_lowercase(), 1)),
            },
            Self::Hex => digits(text).map(|byte| (byte.to_ascii_lowercase(), 2)),
            Self::Base64 => Some((usual(first), 1)),
        }
    }
}

/// The byte of two hexadecimal digits.
fn digits(text: &[u8]) -> Option<u8> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    match text {
        [high, low, ..] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    }
}

/// The URL-safe alphabet differs in two characters.
fn usual(byte: u8) -> u8 {
    match byte {
        b'-' => b'+',
        b'_' => b'/',
        _ => byte,
    }
}

/// Texts, ready to be found at the start of others. What is [folded](Reading::Folded) in a reading is folded in them.
pub(crate) struct Starts {
    /// Sorted, none empty.
    texts: Vec<Secret>,
    /// The length of the shortest.
    shortest: usize,
    /// So many bytes of each are known to `filter`.
    first: usize,
    filter: Filter,
}

impl Starts {
    #[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
    pub(crate) fn new(mut texts: Vec<Secret>) -> Self {
        texts.retain(|text| !text.is_empty());
        texts.sort_unstable_by(|one, other| one.expose().cmp(other.expose()));
        texts.dedup_by(|one, other| one.expose() == other.expose());
        let shortest = texts.iter().map(|text| text.expose().len()).min().unwrap_or(0);
        let first = shortest.min(GRAM);
        let filter = Filter::of(texts.iter().map(|text| hash(gram(&beginning(text, first)))));
        Self { texts, shortest, first, filter }
    }

    /// How many bytes at the start of `text` are the longest of these that it starts with; 0 for none.
    pub(crate) fn longest(&self, text: &[u8], reading: Reading, breaks: Breaks) -> usize {
        // Each byte of a text takes one byte or more, in every reading.
        if text.len() < self.shortest {
            return 0;
        }
        let mut reader = Reader { rest: text, reading, breaks, is_first: true };
        let mut head = [0; GRAM];
        for byte in head.iter_mut().take(self.first) {
            let Some(read) = reader.next() else { return 0 };
            *byte = read;
        }
        if self.texts.is_empty() || !self.filter.may_hold(hash(gram(&head))) {
            return 0;
        }
        let (mut range, mut depth) = (narrowed(&self.texts, |text| beginning(text, self.first), &head), self.first);
        let mut longest = 0;
        while let Some(shortest) = range.first() {
            if !shortest.is_at_least(depth + 1) {
                longest = text.len() - reader.rest.len();
            }
            let Some(byte) = reader.next() else { break };
            // A text that ends here comes before all that go on.
            range = narrowed(range, |text| byte_of(text, depth), &Some(byte));
            depth += 1;
        }
        longest
    }
}

/// Those of sorted texts that have something.
fn narrowed<'a, T: Ord>(texts: &'a [Secret], has: impl Fn(&Secret) -> T, wanted: &T) -> &'a [Secret] {
    let start = texts.partition_point(|text| {
        work::step();
        has(text) < *wanted
    });
    let texts = texts.get(start..).unwrap_or_default();
    let end = texts.partition_point(|text| {
        work::step();
        has(text) == *wanted
    });
    texts.get(..end).unwrap_or_default()
}

#[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
fn byte_of(text: &Secret, at: usize) -> Option<u8> {
    text.expose().get(at).copied()
}

/// The first bytes of a text, so many as are asked for.
#[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
fn beginning(text: &Secret, count: usize) -> [u8; GRAM] {
    let mut head = [0; GRAM];
    head.iter_mut().zip(text.expose()).take(count).for_each(|(slot, byte)| *slot = *byte);
    head
}

/// What a text says from its start on.
struct Reader<'t> {
    rest: &'t [u8],
    reading: Reading,
    breaks: Breaks,
    is_first: bool,
}

impl Iterator for Reader<'_> {
    type Item = u8;

    #[inline]
    fn next(&mut self) -> Option<u8> {
        work::step();
        let is_whole = self.is_first || self.breaks == Breaks::None;
        let line = if is_whole { self.rest } else { behind_break(self.rest, self.breaks) };
        let (byte, size) = self.reading.byte(line)?;
        self.rest = line.get(size..)?;
        self.is_first = false;
        Some(byte)
    }
}
