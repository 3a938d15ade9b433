//! Sorted ids, and the number of each: its place among them.

use crate::git::Oid;

/// The number of an object.
pub(in crate::git) type Number = u32;

/// Ids, one after the other, and a table to find each with one look into memory.
#[derive(Default)]
pub(in crate::git) struct Ids {
    bytes: Vec<u8>,
    len: usize,
    table: Table,
}

/// Slots of an id and its number. An id stands in the slot that its first bits give, or soon behind it.
#[derive(Default)]
struct Table {
    slots: Vec<u8>,
    bits: u32,
}

/// The number in a slot that is free.
const FREE: [u8; 4] = Number::MAX.to_le_bytes();
/// Ids that are hashes stand nearer to their slots than this. Others are looked up in the list.
const FARTHEST: usize = 100;

impl Ids {
    /// Of ids that are sorted, none twice; `len` is the length of one.
    pub(in crate::git) fn new(bytes: Vec<u8>, len: usize) -> Self {
        let table = Table::new(&bytes, len).unwrap_or_default();
        Self { bytes, len, table }
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
        if id.len() != self.len {
            return None;
        }
        if self.table.slots.is_empty() {
            let (mut from, mut to) = (0, self.count());
            while from < to {
                let middle = from + (to - from) / 2;
                if self.bytes(middle) < id { from = middle + 1 } else { to = middle }
            }
            return Number::try_from(from).ok().filter(|_| self.bytes(from) == id);
        }
        let mut slots = self.table.from(id);
        loop {
            let (known, number) = slots.next()?;
            if number == FREE {
                return None;
            }
            if known == id {
                return Some(Number::from_le_bytes(number));
            }
        }
    }
}

impl Table {
    /// `None` where the ids are too much alike.
    fn new(bytes: &[u8], len: usize) -> Option<Self> {
        let count = bytes.len() / len;
        // A third of the slots or more are free, and there are some behind the last one.
        let bits = (count + count / 2).next_power_of_two().trailing_zeros();
        let stride = len + FREE.len();
        let mut table = Self { slots: Vec::new(), bits };
        table.slots = vec![0xff; ((1 << bits) + FARTHEST) * stride];
        let mut next = 0;
        for (number, id) in (0..).zip(bytes.chunks_exact(len)) {
            // They are sorted, so that each stands behind the one before it.
            let wish = table.wish(id);
            let place = wish.max(next);
            if place >= wish + FARTHEST {
                return None;
            }
            let slot = table.slots.get_mut(place * stride..(place + 1) * stride)?;
            let (id_part, number_part) = slot.split_at_mut_checked(len)?;
            id_part.copy_from_slice(id);
            number_part.copy_from_slice(&Number::to_le_bytes(number));
            next = place + 1;
        }
        Some(table)
    }

    fn wish(&self, id: &[u8]) -> usize {
        let first = id.first_chunk().map_or(0, |first| u64::from(u32::from_be_bytes(*first)));
        usize::try_from(first << self.bits >> u32::BITS).unwrap_or(0)
    }

    /// The slots from the one on where an id should be.
    fn from<'a>(&'a self, id: &'a [u8]) -> impl Iterator<Item = (&'a [u8], [u8; 4])> {
        let stride = id.len() + FREE.len();
        let slots = self.slots.get(self.wish(id) * stride..).unwrap_or_default();
        slots.chunks_exact(stride).filter_map(|slot| slot.split_last_chunk()).map(|(known, number)| (known, *number))
    }
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
            for byte in 0..=255 {
                let expected = (byte < count).then_some(Number::from(byte));
                assert_eq!(ids.find(&[byte; 20]), expected);
                let mut other = [byte; 20];
                other[19] ^= 1;
                assert_eq!(ids.find(&other), None);
            }
        }
    }

    #[test]
    fn ids_that_are_much_alike() {
        let id = |number: u32| [&[7; 16][..], &number.to_be_bytes()].concat();
        let ids = Ids::new((0..1000).flat_map(|number| id(2 * number)).collect(), 20);
        assert!(ids.table.slots.is_empty());
        for number in 0..1000 {
            assert_eq!((ids.find(&id(2 * number)), ids.find(&id(2 * number + 1))), (Some(number), None));
        }
        assert_eq!((ids.find(&[0; 20]), ids.find(&[9; 20]), ids.find(&[7; 32])), (None, None, None));
    }
}
