//! Many values at once.

use std::ops::Range;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::form::{Form, forms};
use crate::secret::Secret;

/// The shortest value that is searched: a shorter one stands in ordinary text by chance, or is an ordinary word.
pub const SHORTEST: usize = 12;

/// How many bytes are looked at together.
const GRAM: usize = 8;

/// Of a form that is longer than this its beginning is looked for, and the rest only behind that.
const HEAD: usize = 128;

/// The table has 2^18 bits: 32 KiB, the first-level data cache of every processor of the last ten years.
const BITS: u32 = 18;

/// A value that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hit {
    /// Where it starts.
    pub at: usize,
    /// Which of the values it is.
    pub value: usize,
    /// How it is written there.
    pub form: Form,
}

/// Values, ready to be found.
pub struct Needles {
    patterns: Vec<Pattern>,
    /// Positions that are looked at are so far apart. 0: there is nothing to find.
    stride: usize,
    /// Which hashes there are.
    bitmap: Vec<u64>,
    /// For each hash where its grams start in `grams`; one more at the end.
    starts: Vec<u32>,
    grams: Vec<Gram>,
}

struct Pattern {
    text: Secret,
    value: usize,
    form: Form,
}

impl Pattern {
    #[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
    fn head(&self) -> &[u8] {
        let text = self.text.expose();
        text.get(..HEAD).unwrap_or(text)
    }
}

/// Eight bytes of a pattern, and where in it they stand. Part of a value, so it is zeroed.
#[derive(Clone, Copy, Default, Zeroize)]
struct Gram {
    bytes: u64,
    pattern: u32,
    offset: u32,
}

impl Drop for Needles {
    fn drop(&mut self) {
        self.grams.zeroize();
        // One bit each tells little, and all of them together something.
        self.bitmap.zeroize();
        self.starts.zeroize();
    }
}

impl ZeroizeOnDrop for Needles {}

impl Needles {
    /// Values and all their forms. Those shorter than [`SHORTEST`] are left out.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
    pub fn new<'a>(values: impl IntoIterator<Item = &'a Secret>) -> Self {
        let mut patterns = Vec::new();
        for (value, secret) in values.into_iter().enumerate().filter(|(_, secret)| secret.is_at_least(SHORTEST)) {
            patterns.extend(forms(secret.expose()).into_iter().map(|(form, text)| Pattern { text, value, form }));
        }
        let shortest = patterns.iter().map(|pattern| pattern.head().len()).min();
        let stride = shortest.map_or(0, |shortest| shortest + 1 - GRAM);
        let mut needles = Self { patterns, stride, bitmap: Vec::new(), starts: Vec::new(), grams: Vec::new() };
        needles.index();
        needles
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Every form of a value.
    pub fn forms(&self, value: usize) -> impl Iterator<Item = &Secret> {
        self.patterns.iter().filter(move |pattern| pattern.value == value).map(|pattern| &pattern.text)
    }

    /// Tells every occurrence of every form, each once, in the order of the positions that show it. Whether the text has
    /// nothing of any, not even the beginning of a long form.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(Hit)) -> bool {
        self.within(text, 0, text.len(), &mut found)
    }

    /// Tells the occurrences that touch one of the `changed` ranges, which are sorted, and perhaps some others: for a text
    /// that is otherwise made of pieces of one of which [`Needles::find`] said that it has nothing. Says the same.
    pub fn find_changed(&self, text: &[u8], changed: &[Range<usize>], mut found: impl FnMut(Hit)) -> bool {
        // Where the beginning of a form is new, or is cut by a seam, it starts or ends no farther away than this.
        let reach = self.patterns.iter().map(|pattern| pattern.head().len()).max().unwrap_or(1) - 1;
        let (mut is_free, mut piece) = (true, 0..0);
        for range in changed {
            let next = range.start.saturating_sub(reach)..range.end.saturating_add(reach).min(text.len());
            if next.start <= piece.end {
                piece.end = piece.end.max(next.end);
            } else {
                is_free &= self.within(text, piece.start, piece.end, &mut found);
                piece = next;
            }
        }
        self.within(text, piece.start, piece.end, &mut found) && is_free
    }

    /// The occurrences whose beginnings stand in a stretch of the text.
    #[expect(clippy::disallowed_methods, reason = "the text is compared with the values' bytes")]
    fn within(&self, text: &[u8], start: usize, end: usize, found: &mut impl FnMut(Hit)) -> bool {
        let (Some(stretch), false) = (text.get(..end), self.stride == 0) else { return true };
        let (mut at, mut is_free) = (start, true);
        while let Some(bytes) = stretch.get(at..).and_then(<[u8]>::first_chunk::<GRAM>) {
            let bytes = u64::from_le_bytes(*bytes);
            let hash = hash(bytes);
            if self.bitmap.get(hash / 64).is_some_and(|word| word >> (hash % 64) & 1 == 1) {
                for gram in self.with_hash(hash).iter().filter(|gram| gram.bytes == bytes) {
                    let Some(pattern) = self.patterns.get(gram.pattern as usize) else { continue };
                    let Some(start) = at.checked_sub(gram.offset as usize) else { continue };
                    let rest = text.get(start..).unwrap_or_default();
                    if rest.starts_with(pattern.head()) {
                        is_free = false;
                        if rest.starts_with(pattern.text.expose()) {
                            found(Hit { at: start, value: pattern.value, form: pattern.form });
                        }
                    }
                }
            }
            at += self.stride;
        }
        is_free
    }

    fn with_hash(&self, hash: usize) -> &[Gram] {
        let range = self.starts.get(hash..hash + 2).unwrap_or_default();
        let [start, end] = range else { return &[] };
        self.grams.get(*start as usize..*end as usize).unwrap_or_default()
    }

    fn index(&mut self) {
        if self.stride == 0 {
            return;
        }
        let mut grams = Vec::with_capacity(self.patterns.len() * self.stride);
        for (pattern, number) in self.patterns.iter().zip(0..) {
            let windows = pattern.head().windows(GRAM).take(self.stride).zip(0..);
            grams.extend(windows.filter_map(|(window, offset)| {
                Some(Gram { bytes: u64::from_le_bytes(*window.first_chunk()?), pattern: number, offset })
            }));
        }
        grams.sort_unstable_by_key(|gram| hash(gram.bytes));
        self.bitmap = vec![0; (1 << BITS) / 64];
        self.starts = vec![0; (1 << BITS) + 1];
        for gram in &grams {
            let hash = hash(gram.bytes);
            if let Some(word) = self.bitmap.get_mut(hash / 64) {
                *word |= 1 << (hash % 64);
            }
            if let Some(count) = self.starts.get_mut(hash + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut self.starts {
            sum += *start;
            *start = sum;
        }
        self.grams = grams;
    }
}

/// Fibonacci hashing (Knuth, TAOCP 6.4): 2^64 divided by the golden ratio.
fn hash(bytes: u64) -> usize {
    usize::try_from(bytes.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - BITS)).unwrap_or(0)
}
