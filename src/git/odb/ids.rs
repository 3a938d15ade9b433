//! Sorted ids, and the number of each: its place among them.

use std::cmp::Ordering;
use std::ops::Range;

use crate::git::Oid;

/// The number of an object.
pub(in crate::git) type Number = u32;

/// Ids, one after the other, with a table of which is the first of each beginning.
#[derive(Default)]
pub(in crate::git) struct Ids {
    bytes: Vec<u8>,
    len: usize,
    /// How many bits a beginning has, and the number of the first id of each; one more at the end.
    bits: u32,
    starts: Vec<Number>,
}

/// So many ids are found together: what is read of memory for one is not waited for by the next.
const TOGETHER: usize = 64;

impl Ids {
    /// Of ids that are sorted, none twice; `len` is the length of one.
    pub(in crate::git) fn new(bytes: Vec<u8>, len: usize) -> Self {
        let count = bytes.len() / len;
        // About one id to a beginning, since ids are hashes.
        let bits = (count / 2).next_power_of_two().trailing_zeros().min(u32::BITS - 1);
        let mut ids = Self { bytes, len, bits, starts: vec![0; (1 << bits) + 1] };
        let mut known = 0;
        for (number, id) in (0..).zip(ids.bytes.chunks_exact(len)) {
            let beginning = beginning(id, bits);
            if let Some(starts) = ids.starts.get_mut(known..=beginning) {
                starts.fill(number);
            }
            known = known.max(beginning + 1);
        }
        let end = Number::try_from(count).unwrap_or(Number::MAX);
        ids.starts.iter_mut().skip(known).for_each(|start| *start = end);
        ids
    }

    /// How many there are.
    pub(in crate::git) fn count(&self) -> usize {
        self.bytes.len().checked_div(self.len).unwrap_or(0)
    }

    /// The bytes of one.
    fn bytes(&self, number: usize) -> &[u8] {
        let start = number * self.len;
        self.bytes.get(start..start + self.len).unwrap_or_default()
    }

    /// One of them.
    pub(in crate::git) fn get(&self, number: Number) -> Option<Oid> {
        Oid::from_bytes(self.bytes(number as usize))
    }

    /// The number of an id.
    pub(in crate::git) fn find(&self, id: &[u8]) -> Option<Number> {
        (id.len() == self.len).then(|| self.among(self.alike(id), id)).flatten()
    }

    /// The ids that begin with these hexadecimal digits.
    pub(in crate::git) fn beginning_with(&self, hex: &str) -> Vec<Oid> {
        let padded = |digit: &str| {
            let text = format!("{hex}{}", digit.repeat((2 * self.len).saturating_sub(hex.len())));
            Oid::from_hex(text.as_bytes())
        };
        let (Some(lowest), Some(highest)) = (padded("0"), padded("f")) else { return Vec::new() };
        let all = self.bytes.chunks_exact(self.len.max(1)).filter_map(Oid::from_bytes);
        all.skip_while(|id| *id < lowest).take_while(|id| *id <= highest).collect()
    }

    /// The numbers of ids, in their order, in `found`, which holds them alone afterwards.
    pub(in crate::git) fn find_all<'a>(&self, ids: impl Iterator<Item = &'a Oid>, found: &mut Vec<Option<Number>>) {
        found.clear();
        let mut waiting: Vec<(&[u8], Range<usize>)> = Vec::with_capacity(TOGETHER);
        let mut ids = ids.map(Oid::as_bytes).peekable();
        while ids.peek().is_some() {
            waiting.extend(ids.by_ref().take(TOGETHER).map(|id| (id, self.alike(id))));
            // Nothing depends on these bytes yet, so that they come all at once.
            let byte = |number: usize| self.bytes.get(number * self.len).copied().unwrap_or(0);
            let touch = |(_, alike): &(&[u8], Range<usize>)| byte(alike.start) ^ byte(alike.end);
            std::hint::black_box(waiting.iter().map(touch).fold(0, |sum, byte| sum ^ byte));
            let find = |(id, alike): (&[u8], _)| (id.len() == self.len).then(|| self.among(alike, id)).flatten();
            found.extend(waiting.drain(..).map(find));
        }
    }

    /// The numbers of the ids that begin alike.
    fn alike(&self, id: &[u8]) -> Range<usize> {
        let starts = self.starts.get(beginning(id, self.bits)..).and_then(|starts| starts.first_chunk());
        starts.map_or(0..0, |[start, end]| *start as usize..*end as usize)
    }

    fn among(&self, alike: Range<usize>, id: &[u8]) -> Option<Number> {
        let Range { start: mut from, end: mut to } = alike;
        while from < to {
            let middle = from + (to - from) / 2;
            match compare(self.bytes(middle), id) {
                Ordering::Less => from = middle + 1,
                Ordering::Equal => return Number::try_from(middle).ok(),
                Ordering::Greater => to = middle,
            }
        }
        None
    }
}

/// As slices are compared. The first bytes decide nearly always.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let first = |id: &[u8]| id.first_chunk().map(|first| u64::from_be_bytes(*first));
    first(one).cmp(&first(other)).then_with(|| one.cmp(other))
}

/// The first bits of an id.
fn beginning(id: &[u8], bits: u32) -> usize {
    let first = id.first_chunk().map_or(0, |first| u64::from(u32::from_be_bytes(*first)));
    usize::try_from(first << bits >> u32::BITS).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_and_no_other() {
        for count in [0_u8, 1, 2, 200] {
            let bytes: Vec<u8> = (0..count).flat_map(|byte| [byte; 20]).collect();
            let ids = Ids::new(bytes, 20);
            assert_eq!(ids.count(), usize::from(count));
            let (mut asked, mut answers) = (Vec::new(), Vec::new());
            for byte in 0..=255 {
                let expected = (byte < count).then_some(Number::from(byte));
                assert_eq!(ids.find(&[byte; 20]), expected);
                let mut other = [byte; 20];
                other[19] ^= 1;
                assert_eq!(ids.find(&other), None);
                asked.extend([&[byte; 20][..], &other, &[byte; 32]].map(|id| Oid::from_bytes(id).unwrap()));
                answers.extend([expected, None, None]);
            }
            let mut found = Vec::new();
            ids.find_all(asked.iter(), &mut found);
            assert_eq!(found, answers);
        }
    }

    #[test]
    fn ids_that_are_much_alike() {
        let id = |number: u32| [&[7; 16][..], &number.to_be_bytes()].concat();
        let ids = Ids::new((0..1000).flat_map(|number| id(2 * number)).collect(), 20);
        for number in 0..1000 {
            assert_eq!((ids.find(&id(2 * number)), ids.find(&id(2 * number + 1))), (Some(number), None));
        }
        assert_eq!((ids.find(&[0; 20]), ids.find(&[9; 20]), ids.find(&[7; 32])), (None, None, None));
    }
}
