//! Which values a text has, each at its first place; also in what is packed in it.

use std::num::NonZeroU32;
use std::ops::Range;

use super::archive::{self, Unpacked};
use super::needles::{Hit, Needles};
use crate::secret::forms::Form;

/// A value in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Spot {
    /// Which value.
    pub value: usize,
    /// The line of its first place; `None` where it is packed.
    pub line: Option<NonZeroU32>,
    /// How it is written there.
    pub form: Form,
}

/// What a text has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spots {
    /// The values, each once, sorted.
    pub all: Vec<Spot>,
    /// Whether not even the beginning of a long form is there, and nothing is packed there: what is made of pieces of
    /// it can be searched where it is new alone.
    pub is_free: bool,
}

impl Needles {
    /// What a text has, and what is packed in it.
    #[must_use]
    pub fn spots(&self, text: &[u8]) -> Spots {
        let mut hits = Vec::new();
        let is_free = self.find(text, |hit| hits.push(hit));
        self.unpacked(text, spots(text, hits), is_free)
    }

    /// The same for a text that is made of pieces of one that is [free](Spots::is_free), and new in the `changed` ranges,
    /// which are sorted.
    #[must_use]
    pub fn spots_changed(&self, text: &[u8], changed: &[Range<usize>]) -> Spots {
        let mut hits = Vec::new();
        let is_free = self.find_changed(text, changed, |hit| hits.push(hit));
        self.unpacked(text, spots(text, hits), is_free)
    }

    fn unpacked(&self, text: &[u8], mut all: Vec<Spot>, is_free: bool) -> Spots {
        let unpacked = archive::unpack(text, &mut |piece| {
            self.find(piece, |hit| all.push(Spot { value: hit.value, line: None, form: hit.form }));
        });
        if unpacked != Unpacked::Plain {
            // What is there as it is goes before what is packed.
            all.sort_unstable_by_key(|spot| (spot.value, spot.line.is_none(), spot.line, spot.form));
            all.dedup_by_key(|spot| spot.value);
        }
        Spots { all, is_free: is_free && unpacked == Unpacked::Plain }
    }
}

/// The first hit of each value.
fn spots(text: &[u8], mut hits: Vec<Hit>) -> Vec<Spot> {
    hits.sort_unstable_by_key(|hit| (hit.value, hit.at, hit.form));
    hits.dedup_by_key(|hit| hit.value);
    let spot = |Hit { at, value, form }| Spot { value, line: Some(line_of(text, at)), form };
    hits.into_iter().map(spot).collect()
}

fn line_of(text: &[u8], at: usize) -> NonZeroU32 {
    let breaks = memchr::memchr_iter(b'\n', text.get(..at).unwrap_or_default()).count();
    NonZeroU32::MIN.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::secret::Secret;

    #[test]
    fn the_first_place_of_each_also_where_it_is_packed() {
        let needles = Needles::new(&[Secret::copy_of(b"twelve-bytes"), Secret::copy_of(b"another-value")]);
        let text = b"one\ntwelve-bytes\ntwelve-bytes";
        let line = NonZeroU32::new(2);
        let plain = Spot { value: 0, line, form: Form::Plain };
        assert_eq!(needles.spots(text), Spots { all: vec![plain], is_free: false });
        assert_eq!(needles.spots(b"nothing at all"), Spots { is_free: true, ..Spots::default() });

        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(&[text.as_slice(), b"YW5vdGhlci12YWx1ZQ=="].concat()).unwrap();
        let packed = encoder.finish().unwrap();
        let all =
            vec![Spot { value: 0, line: None, form: Form::Plain }, Spot { value: 1, line: None, form: Form::Base64 }];
        assert_eq!(needles.spots(&packed), Spots { all: all.clone(), is_free: false });
        // Damaged, it is read as far as it goes.
        assert_eq!(needles.spots(&packed[..packed.len() - 1]).all, all);
    }

    /// A form that is longer than what is looked for first, and whose end alone is new.
    #[test]
    fn the_end_of_a_long_value_is_new() {
        let value: Vec<u8> = (0..100_u16).flat_map(|number| (number * 37).to_string().into_bytes()).collect();
        let needles = Needles::new(&[Secret::copy_of(&value)]);
        let base = &value[..value.len() - 5];
        assert!(!needles.spots(base).is_free && needles.spots(base).all.is_empty());
        assert_eq!(needles.spots(&value).all.len(), 1);
        let (start, end) = value.split_at(30);
        let text = [start, b"x", end].concat();
        assert!(needles.spots(&text).is_free);
        assert_eq!(needles.spots_changed(&value, std::slice::from_ref(&(30..30))).all.len(), 1);
    }
}
