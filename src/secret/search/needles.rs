//! Many values at once.

use std::ops::Range;

use zeroize::{Zeroize, ZeroizeOnDrop};

use super::filter::{Filter, GRAM, gram, hash};
use crate::secret::Secret;
use crate::secret::forms::{Form, forms};
use crate::secret::search::line_breaks::{self, Breaks};

/// The shortest value that is searched: a shorter one is in ordinary text by chance, or is an ordinary word.
pub const SHORTEST: usize = 12;

/// Of a form that is longer than this its beginning is looked for, and the rest only behind that. It is shorter than a line,
/// so that no more than one break is in it: `xxd -p` writes 60 columns, `openssl` and PEM 64 (RFC 7468), `base64` and
/// MIME 76 (RFC 2045).
const HEAD: usize = 40;

/// The grams behind the filter stand in 2^14 lists.
const LISTS: u32 = 14;

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
    /// Positions that are examined are so far apart. 0: there is nothing to find.
    stride: usize,
    /// How far from a change a form's beginning may start or end.
    reach: usize,
    filter: Filter,
    /// For each list where it starts in `grams`; one more at the end.
    starts: Vec<u32>,
    grams: Vec<Gram>,
}

struct Pattern {
    text: Secret,
    value: usize,
    form: Form,
}

impl Pattern {
    /// What is looked for first.
    #[expect(clippy::disallowed_methods, reason = "the search is for the values' bytes")]
    fn head(&self) -> &[u8] {
        let text = self.text.expose();
        text.get(..HEAD).unwrap_or(text)
    }

    /// How many bytes of the head stand together wherever it is broken: the longer of two parts is half of it. Of the
    /// shortest values it is not sure that they do, since looking more often than for their plain form costs too much.
    fn together(&self) -> usize {
        let length = self.head().len();
        if self.form.breaks() == Breaks::None { length } else { length.div_ceil(2).max(SHORTEST) }
    }

    /// How many bytes of a text the head takes at most.
    fn span(&self) -> usize {
        self.head().len() + self.form.breaks().longest()
    }

    /// Where it starts if its head stands around a place that has its bytes at an offset, and whether the rest follows.
    #[expect(clippy::disallowed_methods, reason = "the text is compared with the values' bytes")]
    fn around(&self, text: &[u8], at: usize, offset: usize) -> Option<(usize, bool)> {
        let wanted = self.text.expose();
        let breaks = self.form.breaks();
        if breaks == Breaks::None {
            let start = at.checked_sub(offset)?;
            let rest = text.get(start..)?;
            return rest.starts_with(self.head()).then(|| (start, rest.starts_with(wanted)));
        }
        let (before, behind) = wanted.split_at_checked(offset)?;
        let start = line_breaks::start(text, at, before, breaks)?;
        let count = offset + line_breaks::common(text.get(at..)?, behind, breaks);
        (count >= self.head().len()).then_some((start, count == wanted.len()))
    }
}

/// Some bytes of a pattern, and where in it they stand. Part of a value, so it is zeroed.
#[derive(Clone, Copy, Default, Zeroize)]
struct Gram {
    bytes: u64,
    pattern: u32,
    offset: u32,
}

impl Drop for Needles {
    fn drop(&mut self) {
        self.grams.zeroize();
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
        let shortest = patterns.iter().map(Pattern::together).min();
        let stride = shortest.map_or(0, |shortest| shortest + 1 - GRAM);
        let reach = patterns.iter().map(Pattern::span).max().unwrap_or(1) - 1;
        let mut needles =
            Self { patterns, stride, reach, filter: Filter::default(), starts: Vec::new(), grams: Vec::new() };
        needles.index();
        needles
    }

    /// Whether there is nothing to find.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// How many bytes of a text a form takes at most, with its breaks where a program broke it into lines of 30 columns and
    /// more: so much of one piece of a text is searched again with the next piece.
    #[must_use]
    #[expect(clippy::disallowed_methods, reason = "the length of the texts that are looked for")]
    pub fn longest(&self) -> usize {
        const COLUMNS: usize = 30;
        let span = |pattern: &Pattern| {
            let length = pattern.text.expose().len();
            length + (length / COLUMNS + 1) * pattern.form.breaks().longest()
        };
        self.patterns.iter().map(span).max().unwrap_or(0)
    }

    /// Every form of a value, and how it is found where a program broke it into lines.
    pub fn forms(&self, value: usize) -> impl Iterator<Item = (&Secret, Breaks)> {
        let of_value = self.patterns.iter().filter(move |pattern| pattern.value == value);
        of_value.map(|pattern| (&pattern.text, pattern.form.breaks()))
    }

    /// Tells every occurrence of every form, in the order of the positions that show it, of which one that may be broken
    /// into lines has several. Whether the text has nothing of any, not even the beginning of a long form.
    ///
    /// Base64 and hexadecimal digits are found in lines of 60 columns and more, indented or not, whatever column they start
    /// in; in shorter lines perhaps. Where a form of less than 23 characters, which is base64 of less than 18 bytes, is
    /// broken so near its middle that no 12 stand together, it is also found only perhaps.
    pub fn find(&self, text: &[u8], mut found: impl FnMut(Hit)) -> bool {
        self.within(text, 0, text.len(), &mut found)
    }

    /// Tells the occurrences that touch one of the `changed` ranges, which are sorted, and perhaps some others: for a text
    /// that is otherwise made of pieces of one of which [`Needles::find`] said that it has nothing. Says the same.
    pub fn find_changed(&self, text: &[u8], changed: &[Range<usize>], mut found: impl FnMut(Hit)) -> bool {
        let mut is_free = true;
        for stretch in self.around(changed, text.len()) {
            is_free &= self.within(text, stretch.start, stretch.end, &mut found);
        }
        is_free
    }

    /// The stretches of a text of this length that [`Needles::find_changed`] looks for beginnings in. Whether it says that
    /// there are none depends on nothing else.
    pub fn around<'a>(&self, changed: &'a [Range<usize>], len: usize) -> impl Iterator<Item = Range<usize>> + use<'a> {
        let reach = self.reach;
        let widen =
            move |range: &Range<usize>| range.start.saturating_sub(reach)..range.end.saturating_add(reach).min(len);
        let mut rest = changed.iter().map(widen).peekable();
        std::iter::from_fn(move || {
            let mut stretch = rest.next()?;
            while let Some(next) = rest.next_if(|next| next.start <= stretch.end) {
                stretch.end = stretch.end.max(next.end);
            }
            Some(stretch)
        })
    }

    /// The occurrences whose beginnings stand in a stretch of the text.
    fn within(&self, text: &[u8], start: usize, end: usize, found: &mut impl FnMut(Hit)) -> bool {
        let (Some(stretch), false) = (text.get(..end), self.stride == 0) else { return true };
        let (mut at, mut is_free) = (start, true);
        while let Some(bytes) = stretch.get(at..).and_then(<[u8]>::first_chunk::<GRAM>) {
            let bytes = gram(bytes);
            let hash = hash(bytes);
            if self.filter.may_hold(hash) {
                for gram in self.list(hash).iter().filter(|gram| gram.bytes == bytes) {
                    let Some(pattern) = self.patterns.get(gram.pattern as usize) else { continue };
                    let Some((start, is_whole)) = pattern.around(text, at, gram.offset as usize) else { continue };
                    is_free = false;
                    if is_whole {
                        found(Hit { at: start, value: pattern.value, form: pattern.form });
                    }
                }
            }
            at += self.stride;
        }
        is_free
    }

    fn list(&self, hash: u64) -> &[Gram] {
        let range = self.starts.get(list(hash)..).and_then(|starts| starts.first_chunk());
        range.and_then(|[start, end]| self.grams.get(*start as usize..*end as usize)).unwrap_or_default()
    }

    fn index(&mut self) {
        if self.stride == 0 {
            return;
        }
        let mut grams = Vec::with_capacity(self.patterns.len() * self.stride * 2);
        for (pattern, number) in self.patterns.iter().zip(0..) {
            // The first ones, and where those may be broken the last ones, too: they then stand together.
            let count = pattern.head().len() + 1 - GRAM;
            let is_whole = pattern.form.breaks() == Breaks::None;
            let end = if is_whole { count } else { count.saturating_sub(self.stride) };
            let windows = pattern.head().windows(GRAM).zip(0_u32..).enumerate();
            let windows = windows.filter(|(at, _)| *at < self.stride || *at >= end);
            grams.extend(windows.filter_map(|(_, (window, offset))| {
                Some(Gram { bytes: gram(window.first_chunk()?), pattern: number, offset })
            }));
        }
        self.filter = Filter::of(grams.iter().map(|gram| hash(gram.bytes)));
        self.starts = ends(&grams);
        self.grams = vec![Gram::default(); grams.len()];
        // Each list fills from its end, which so becomes its start.
        for gram in grams.iter().rev() {
            let Some(at) = self.starts.get_mut(list(hash(gram.bytes))) else { continue };
            *at -= 1;
            if let Some(place) = self.grams.get_mut(*at as usize) {
                *place = *gram;
            }
        }
        grams.zeroize();
    }
}

/// Where each list ends, and at the end where all do.
fn ends(grams: &[Gram]) -> Vec<u32> {
    let mut ends = vec![0; (1 << LISTS) + 1];
    for gram in grams {
        if let Some(count) = ends.get_mut(list(hash(gram.bytes))) {
            *count += 1;
        }
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    ends
}

fn list(hash: u64) -> usize {
    usize::try_from(hash >> (64 - LISTS)).unwrap_or(0)
}
