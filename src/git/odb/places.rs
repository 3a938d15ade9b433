//! Where a pack's entries begin.

/// Sorted places, with a table of which is the first in each stretch of the pack.
pub(in crate::git) struct Places {
    places: Vec<u64>,
    starts: Vec<u32>,
    shift: u32,
}

impl Places {
    /// Of sorted places.
    pub(super) fn new(places: Vec<u64>) -> Self {
        let last = places.last().copied().unwrap_or(0);
        // About one entry to a stretch: each place is then found in one step.
        let shift = (last / (places.len() as u64).max(1)).max(1).ilog2();
        let stretch = |place: u64| usize::try_from(place >> shift).unwrap_or(usize::MAX);
        let mut starts = vec![0; stretch(last) + 2];
        for place in &places {
            if let Some(count) = starts.get_mut(stretch(*place) + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        Self { places, starts, shift }
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
        let stretch = usize::try_from(place >> self.shift).ok()?;
        let [start, end] = *self.starts.get(stretch..)?.first_chunk()?;
        let among = self.places.get(start as usize..end as usize)?;
        let at = among.binary_search(&place).ok()?;
        Some(start + u32::try_from(at).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_and_no_other() {
        for places in [vec![], vec![12], vec![12, 13, 500, 501, 1 << 40], (0..1000).map(|at| at * at).collect()] {
            let table = Places::new(places.clone());
            assert_eq!(table.len(), places.len());
            for (at, place) in (0..).zip(&places) {
                assert_eq!((table.find(*place), table.get(at as usize)), (Some(at), Some(*place)));
                assert_eq!(table.find(place + 1), places.binary_search(&(place + 1)).ok().map(|at| at as u32));
            }
            assert_eq!(table.find(u64::MAX), None);
        }
    }
}
