//! Sorted ids, and the number of each: its place among them.

use crate::git::Oid;

/// The number of an object.
pub(in crate::git) type Number = u32;

/// Ids, one after the other, with a table of where each beginning starts.
#[derive(Default)]
pub(in crate::git) struct Ids {
    bytes: Vec<u8>,
    len: usize,
    /// By the first bits of an id: the first number with them or larger ones. One more than there are beginnings.
    starts: Vec<Number>,
    shift: u32,
}

/// More bits than this make the table larger than the ids.
const MOST_BITS: u32 = 22;

impl Ids {
    /// Of ids that are sorted, none twice; `len` is the length of one.
    pub(in crate::git) fn new(bytes: Vec<u8>, len: usize) -> Self {
        let count = bytes.len() / len;
        let bits = (usize::BITS - count.leading_zeros()).clamp(1, MOST_BITS);
        let shift = u32::BITS - bits;
        let mut starts = vec![0; (1 << bits) + 1];
        for id in bytes.chunks_exact(len) {
            if let Some(count) = starts.get_mut(bucket(id, shift) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { bytes, len, starts, shift }
    }

    /// How many there are.
    pub(in crate::git) fn count(&self) -> usize {
        self.bytes.len().checked_div(self.len).unwrap_or(0)
    }

    /// The bytes of one.
    pub(in crate::git) fn bytes(&self, number: Number) -> &[u8] {
        let start = number as usize * self.len;
        self.bytes.get(start..start + self.len).unwrap_or_default()
    }

    /// One of them.
    pub(in crate::git) fn get(&self, number: Number) -> Option<Oid> {
        Oid::from_bytes(self.bytes(number))
    }

    /// The number of an id.
    pub(in crate::git) fn find(&self, id: &[u8]) -> Option<Number> {
        let bucket = bucket(id, self.shift);
        let [start, end] = *self.starts.get(bucket..bucket + 2)?.first_chunk()?;
        let among = self.bytes.get(start as usize * self.len..end as usize * self.len)?;
        let place = among.chunks_exact(self.len).position(|known| known == id)?;
        Some(start + Number::try_from(place).ok()?)
    }
}

fn bucket(id: &[u8], shift: u32) -> usize {
    id.first_chunk().map_or(0, |first| (u32::from_be_bytes(*first) >> shift) as usize)
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
}
