//! Values in a text that comes in pieces, of any length, in little memory.

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::needles::{Hit, Needles};
use crate::secret::forms::Form;

/// So many bytes are searched together: they fit into a processor's second cache.
const PIECE: usize = 256 << 10;

/// The first place of a value in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sighted {
    /// How it is written there.
    pub form: Form,
    /// How many bytes stand before it.
    pub at: u64,
    /// Its line, from 1; `None` in a text with NUL bytes, which has no lines.
    pub line: Option<NonZeroU32>,
}

/// A text that is searched piece by piece. What may be the beginning of a value is searched again with the next piece.
pub struct Pieces<'n> {
    needles: &'n Needles,
    window: Zeroizing<Vec<u8>>,
    /// So many bytes at the start of the window were searched already.
    kept: usize,
    /// How many bytes stand before the window.
    before: u64,
    /// How many line breaks stand there.
    lines: u32,
    is_binary: bool,
    found: BTreeMap<usize, Sighted>,
}

impl<'n> Pieces<'n> {
    /// One that is ready for a text.
    #[must_use]
    pub fn new(needles: &'n Needles) -> Self {
        let window = Zeroizing::new(vec![0; PIECE + needles.longest()]);
        Self { needles, window, kept: 0, before: 0, lines: 0, is_binary: false, found: BTreeMap::new() }
    }

    /// Where the next piece is written to.
    pub fn room(&mut self) -> &mut [u8] {
        self.window.get_mut(self.kept..).unwrap_or_default()
    }

    /// Searches a piece: so many bytes at the start of the room.
    pub fn take(&mut self, count: usize) {
        let end = self.kept.saturating_add(count).min(self.window.len());
        let text = self.window.get(..end).unwrap_or_default();
        let mut hits: Vec<Hit> = Vec::new();
        self.needles.find(text, |hit| hits.push(hit));
        hits.sort_unstable_by_key(|hit| (hit.at, hit.value, hit.form));
        for hit in hits {
            if self.found.contains_key(&hit.value) {
                continue;
            }
            let line = NonZeroU32::MIN.saturating_add(self.lines.saturating_add(breaks(text, hit.at)));
            let sighted = Sighted { form: hit.form, at: self.before + hit.at as u64, line: Some(line) };
            self.found.insert(hit.value, sighted);
        }
        if self.before == 0 {
            self.is_binary |= memchr::memchr(0, text).is_some();
        }
        self.keep(end);
    }

    /// Keeps what may be the beginning of a value at the end of the window.
    fn keep(&mut self, end: usize) {
        let cut = end.saturating_sub(self.needles.longest());
        let dropped = self.window.get(..end).unwrap_or_default();
        self.lines = self.lines.saturating_add(breaks(dropped, cut));
        self.window.copy_within(cut..end, 0);
        self.before += cut as u64;
        self.kept = end - cut;
    }

    /// Goes on behind a hole of so many bytes, in which there is nothing.
    pub fn skip(&mut self, count: u64) {
        self.before += self.kept as u64 + count;
        self.kept = 0;
        self.is_binary = true;
    }

    /// Ends the text: each value that it has, at its first place. What is next is another text.
    pub fn end(&mut self) -> BTreeMap<usize, Sighted> {
        let mut found = std::mem::take(&mut self.found);
        if self.is_binary {
            found.values_mut().for_each(|one| one.line = None);
        }
        (self.kept, self.before, self.lines, self.is_binary) = (0, 0, 0, false);
        found
    }
}

fn breaks(text: &[u8], end: usize) -> u32 {
    let count = memchr::memchr_iter(b'\n', text.get(..end).unwrap_or_default()).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::secret::Secret;

    const VALUE: &[u8] = b"q7Rz2kVx9LmT4wNbYc8H";

    /// What is found in a text that comes in pieces of this size.
    fn found(text: &[u8], size: usize) -> Vec<(usize, Sighted)> {
        let needles = Needles::new(&[Secret::copy_of(VALUE), Secret::copy_of(b"another-value-1")]);
        let mut pieces = Pieces::new(&needles);
        for piece in text.chunks(size) {
            pieces.room()[..piece.len()].copy_from_slice(piece);
            pieces.take(piece.len());
        }
        pieces.end().into_iter().collect()
    }

    #[test]
    fn wherever_a_piece_ends() {
        let text = [b"one\ntwo\n".repeat(20), VALUE.to_vec(), b"\n".repeat(30), VALUE.to_vec()].concat();
        let expected = vec![(0, Sighted { form: Form::Plain, at: 160, line: NonZeroU32::new(41) })];
        for size in [1, 2, 3, 7, 19, 20, 21, 64, 1000] {
            assert_eq!(found(&text, size), expected, "{size}");
        }
    }

    #[test]
    fn a_form_in_lines_also_over_two_pieces() {
        let long: Vec<u8> = (0..200_u16).flat_map(|number| (number * 37).to_string().into_bytes()).collect();
        let needles = Needles::new(&[Secret::copy_of(&long)]);
        let hex: String = long.iter().map(|byte| format!("{byte:02x}")).collect();
        let lines: Vec<&str> = hex.as_bytes().chunks(60).map(|line| std::str::from_utf8(line).unwrap()).collect();
        let text = format!("{}{}", "x".repeat(PIECE - 500), lines.join("\n"));
        let mut pieces = Pieces::new(&needles);
        for piece in text.as_bytes().chunks(PIECE) {
            pieces.room()[..piece.len()].copy_from_slice(piece);
            pieces.take(piece.len());
        }
        assert_eq!(pieces.end().len(), 1);
    }

    #[test]
    fn binary_texts_have_no_lines_and_each_text_begins_again() {
        let needles = Needles::new(&[Secret::copy_of(VALUE)]);
        let mut pieces = Pieces::new(&needles);
        let text = [b"\0\n".as_slice(), VALUE].concat();
        pieces.room()[..text.len()].copy_from_slice(&text);
        pieces.take(text.len());
        assert_eq!(pieces.end()[&0], Sighted { form: Form::Plain, at: 2, line: None });
        pieces.room()[..VALUE.len()].copy_from_slice(VALUE);
        pieces.take(VALUE.len());
        assert_eq!(pieces.end()[&0], Sighted { form: Form::Plain, at: 0, line: NonZeroU32::new(1) });
        // A value does not reach over a hole.
        pieces.room()[..10].copy_from_slice(&VALUE[..10]);
        pieces.take(10);
        pieces.skip(100);
        pieces.room()[..10].copy_from_slice(&VALUE[10..]);
        pieces.take(10);
        assert!(pieces.end().is_empty());
        pieces.take(10);
        pieces.skip(100);
        pieces.room()[..VALUE.len()].copy_from_slice(VALUE);
        pieces.take(VALUE.len());
        assert_eq!(pieces.end()[&0], Sighted { form: Form::Plain, at: 110, line: None });
    }
}
