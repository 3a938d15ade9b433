//! Where a pack's entries begin.

/// Sorted places, with a table of which is the first in each byte_range of the pack.
pub(in crate::git) struct Places {
    places: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
}

impl Places {
    /// Of places in any order; `sorted` gets what stands beside each of them in the order of the places.
    pub(super) fn new<T: Copy + Default + Ord>(places: &[u64], beside: &[T], sorted: &mut Vec<T>) -> Self {
        let last = places.iter().copied().max().unwrap_or(0);
        // About one entry to a stretch: each place is then found in one step, and sorting is done in as many as there are.
        let shift = (last / (places.len() as u64).max(1)).max(1).ilog2();
        let stretch = |place: u64| usize::try_from(place >> shift).unwrap_or(usize::MAX);
        // First how many there are in each stretch, then where each stretch ends and, as it is filled from behind, begins.
        let mut starts = vec![0_u32; stretch(last).saturating_add(2)];
        for place in places {
            starts.get_mut(stretch(*place)).into_iter().for_each(|count| *count += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut all = vec![(0, T::default()); places.len()];
        for (place, beside) in places.iter().zip(beside) {
            let Some(start) = starts.get_mut(stretch(*place)) else { continue };
            *start -= 1;
            all.get_mut(*start as usize).into_iter().for_each(|slot| *slot = (*place, *beside));
        }
        for (start, end) in starts.iter().zip(starts.iter().skip(1)).filter(|(start, end)| *end - *start > 1) {
            all.get_mut(*start as usize..*end as usize).into_iter().for_each(<[_]>::sort_unstable);
        }
        sorted.extend(all.iter().map(|(_, beside)| *beside));
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Most of them in one stretch.
    fn crowd() -> Vec<u64> {
        (12..500).chain([1 << 40]).collect()
    }

    #[test]
    fn each_is_found_and_no_other() {
        for places in
            [vec![], vec![12], vec![12, 13, 500, 501, 1 << 40], (0..1000).map(|at| at * at).collect(), crowd()]
        {
            let turned: Vec<u64> = places.iter().rev().copied().collect();
            let (beside, mut numbers) = ((0..places.len()).rev().collect::<Vec<_>>(), Vec::new());
            let table = Places::new(&turned, &beside, &mut numbers);
            assert_eq!(numbers, (0..places.len()).collect::<Vec<_>>());
            assert_eq!(table.len(), places.len());
            for (at, place) in (0..).zip(&places) {
                assert_eq!((table.find(*place), table.get(at as usize)), (Some(at), Some(*place)));
                assert_eq!(table.find(place + 1), places.binary_search(&(place + 1)).ok().map(|at| at as u32));
            }
            assert_eq!(table.find(u64::MAX), None);
        }
    }
}
