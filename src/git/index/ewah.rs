//! Compressed bitmaps (gitformat-bitmap, "EWAH"): words of 64 bits, of which one in front says how many of all zeros or
//! all ones are left out, and how many stand behind it.

/// The numbers of the bits that are set, ascending, and what stands behind the bitmap. `None` where it is not what it
/// should be, or a bit from `end` on is set.
pub(in crate::git) fn read(bytes: &[u8], end: usize) -> Option<(Vec<usize>, &[u8])> {
    let (_bits, rest) = bytes.split_first_chunk::<4>()?;
    let (count, rest) = rest.split_first_chunk::<4>()?;
    let size = usize::try_from(u32::from_be_bytes(*count)).ok()?.checked_mul(8)?;
    let (words, rest) = rest.split_at_checked(size)?;
    // Where the last such word in front stands: for writers.
    let (_, rest) = rest.split_first_chunk::<4>()?;
    let mut words = words.chunks_exact(8).filter_map(|word| word.first_chunk().map(|word| u64::from_be_bytes(*word)));
    let (mut set, mut at) = (Vec::new(), 0_usize);
    while let Some(word) = words.next() {
        let run = usize::try_from(word >> 1 & 0xffff_ffff).ok()?.checked_mul(64)?;
        let next = at.checked_add(run)?;
        if word & 1 == 1 {
            set.extend(at..Some(next).filter(|next| *next <= end)?);
        }
        at = next;
        for _ in 0..word >> 33 {
            let literal = words.next()?;
            set.extend((0..64).filter(|bit| literal >> bit & 1 == 1).map(|bit| at + bit));
            at = at.checked_add(64)?;
        }
    }
    set.last().is_none_or(|last| *last < end).then_some((set, rest))
}

#[cfg(test)]
mod tests {
    use super::read;

    fn bitmap(words: &[u64]) -> Vec<u8> {
        let count = u32::try_from(words.len()).unwrap();
        let words = words.iter().flat_map(|word| word.to_be_bytes());
        [200_u32.to_be_bytes(), count.to_be_bytes()].concat().into_iter().chain(words).chain([0; 4]).collect()
    }

    #[test]
    fn runs_and_literals() {
        // One word of zeros, then one that is there; then one word of ones.
        let bytes = bitmap(&[1 << 1 | 1 << 33, 0b101, 1 | 1 << 1]);
        let expected: Vec<usize> = [64, 66].into_iter().chain(128..192).collect();
        assert_eq!(read(&bytes, 192), Some((expected, &[][..])));
        assert_eq!(read(&bytes, 191), None);
    }

    #[test]
    fn what_is_no_bitmap() {
        assert_eq!(read(&[], 9), None);
        // Words are announced that do not come.
        assert_eq!(read(&bitmap(&[1 << 33]), 9), None);
        // More ones than there is memory.
        assert_eq!(read(&bitmap(&[1 | 0xffff_ffff << 1]), 9), None);
    }
}
