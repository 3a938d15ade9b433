//! Where a pack's entries begin.

use std::sync::Mutex;

use crate::threads;

/// The bits that tell coarse stretches of a pack apart.
const COARSE: u32 = 8;

/// Fewer entries are sorted before another thread has started.
const MANY: usize = 1 << 16;

/// Sorted places, with a table of which is the first in each byte_range of the pack.
pub(in crate::git) struct Places {
    places: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
}

impl Places {
    /// Of places in any order; `sorted` gets what stands beside each of them in the order of the places.
    pub(super) fn new<T: Copy + Default + Ord + Send>(entries: &[(u64, T)], sorted: &mut Vec<T>) -> Self {
        let all = in_order(entries);
        let last = all.last().map_or(0, |(place, _)| *place);
        // About one entry to a byte_range: each place is then found in one step.
        let shift = (last / (all.len() as u64).max(1)).max(1).ilog2();
        let byte_range = |place: u64| usize::try_from(place >> shift).unwrap_or(usize::MAX);
        let mut starts = Vec::with_capacity(byte_range(last) + 2);
        for ((place, _), number) in all.iter().zip(0_u32..) {
            let count = (byte_range(*place) + 1).max(starts.len());
            starts.resize(count, number);
        }
        starts.push(u32::try_from(all.len()).unwrap_or(u32::MAX));
        sorted.extend(all.iter().map(|(_, beside)| *beside));
        // Into memory of its own: what is collected out of a `Vec` itself keeps that one's, which is twice as large.
        Self { places: all.iter().map(|(place, _)| *place).collect(), starts, shift }
    }

    /// How many there are.
    pub(in crate::git) fn len(&self) -> usize {
        self.places.len()
    }

    /// The place of this number.
    pub(in crate::git) fn get(&self, at: usize) -> Option<u64> {
        self.places.get(at).copied()
    }

    /// The number of a place; `None` where no entry begins.
    pub(in crate::git) fn find(&self, place: u64) -> Option<u32> {
        let byte_range = usize::try_from(place >> self.shift).ok()?;
        let [start, end] = *self.starts.get(byte_range..)?.first_chunk()?;
        let among = self.places.get(start as usize..end as usize)?;
        let at = among.binary_search(&place).ok()?;
        Some(start + u32::try_from(at).ok()?)
    }
}

/// Sorts entries by place: into coarse stretches first, which the threads then sort each by itself.
fn in_order<T: Copy + Default + Ord + Send>(entries: &[(u64, T)]) -> Vec<(u64, T)> {
    let last = entries.iter().map(|(place, _)| *place).max().unwrap_or(0);
    let shift = (u64::BITS - last.leading_zeros()).saturating_sub(COARSE);
    let coarse = |place: u64| usize::try_from(place >> shift).unwrap_or(0);
    let mut starts = [0_usize; (1 << COARSE) + 1];
    for (place, _) in entries {
        starts.get_mut(coarse(*place) + 1).into_iter().for_each(|count| *count += 1);
    }
    let mut sum = 0;
    for start in &mut starts {
        sum += *start;
        *start = sum;
    }
    let mut all = vec![(0, T::default()); entries.len()];
    let mut next = starts;
    for entry in entries {
        let Some(at) = next.get_mut(coarse(entry.0)) else { continue };
        all.get_mut(*at).into_iter().for_each(|slot| *slot = *entry);
        *at += 1;
    }
    let (mut rest, mut stretches) = (all.as_mut_slice(), Vec::new());
    for (start, end) in starts.iter().zip(starts.iter().skip(1)) {
        let (byte_range, behind) = std::mem::take(&mut rest).split_at_mut(end - start);
        stretches.push(Mutex::new(byte_range));
        rest = behind;
    }
    let threads = if entries.len() < MANY { 1 } else { threads::count() };
    threads::share(
        threads,
        stretches.len(),
        || (),
        |(), at| {
            if let Some(mut byte_range) = stretches.get(at).and_then(|byte_range| byte_range.lock().ok()) {
                byte_range.sort_unstable();
            }
        },
    );
    drop(stretches);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_and_no_other() {
        for places in [vec![], vec![12], vec![12, 13, 500, 501, 1 << 40], (0..1000).map(|at| at * at).collect()] {
            let (mut entries, mut numbers) =
                ((0..).zip(&places).map(|(at, place)| (*place, at)).collect::<Vec<_>>(), Vec::new());
            entries.reverse();
            let table = Places::new(&entries, &mut numbers);
            assert_eq!(numbers, (0..u32::try_from(places.len()).unwrap()).collect::<Vec<_>>());
            assert_eq!(table.len(), places.len());
            for (at, place) in (0..).zip(&places) {
                assert_eq!((table.find(*place), table.get(at as usize)), (Some(at), Some(*place)));
                assert_eq!(table.find(place + 1), places.binary_search(&(place + 1)).ok().map(|at| at as u32));
            }
            assert_eq!(table.find(u64::MAX), None);
        }
    }
}
