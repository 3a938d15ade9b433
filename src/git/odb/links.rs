//! For each of many things some others.

use std::ops::Range;

/// The others of each, one after the other in one list.
pub(in crate::git) struct Links {
    /// Where those of each begin, and the end.
    starts: Vec<u32>,
    all: Vec<u32>,
}

impl Default for Links {
    fn default() -> Self {
        Self { starts: vec![0], all: Vec::new() }
    }
}

impl Links {
    /// Of pairs of a thing and one of its others, in any order; things have numbers below `count`.
    pub(in crate::git) fn of_pairs(count: usize, pairs: impl Iterator<Item = (u32, u32)> + Clone) -> Self {
        let mut starts = vec![0_u32; count + 1];
        for (thing, _) in pairs.clone() {
            starts.get_mut(thing as usize).into_iter().for_each(|start| *start += 1);
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        // Each start stands at its end now, and goes down as its others come in.
        let mut all = vec![0; sum as usize];
        for (thing, other) in pairs {
            let Some(start) = starts.get_mut(thing as usize) else { continue };
            *start -= 1;
            all.get_mut(*start as usize).into_iter().for_each(|slot| *slot = other);
        }
        Self { starts, all }
    }

    /// Adds those of the next thing.
    pub(in crate::git) fn push(&mut self, others: &[u32]) {
        self.all.extend_from_slice(others);
        self.starts.push(u32::try_from(self.all.len()).unwrap_or(u32::MAX));
    }

    /// The others of a thing.
    pub(in crate::git) fn of(&self, thing: usize) -> &[u32] {
        let range = self.starts.get(thing..).and_then(|starts| starts.first_chunk());
        let range: Option<Range<usize>> = range.map(|[start, end]| *start as usize..*end as usize);
        range.and_then(|range| self.all.get(range)).unwrap_or_default()
    }

    /// The same links from the other end.
    pub(in crate::git) fn turned(&self) -> Self {
        let things = (0..).zip(0..self.starts.len() - 1);
        let pairs = things.flat_map(|(number, thing)| self.of(thing).iter().map(move |other| (*other, number)));
        Self::of_pairs(self.starts.len() - 1, pairs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_both_ends() {
        let mut parents = Links::default();
        [&[][..], &[0], &[0, 1], &[2], &[1, 2]].iter().for_each(|others| parents.push(others));
        let children = parents.turned();
        let sorted = |thing: usize| {
            let mut all = children.of(thing).to_vec();
            all.sort_unstable();
            all
        };
        let all: Vec<Vec<u32>> = (0..5).map(sorted).collect();
        assert_eq!(all, [vec![1, 2], vec![2, 4], vec![3, 4], vec![], vec![]]);
        assert_eq!((parents.of(4), children.of(3), children.of(9)), (&[1, 2][..], &[][..], &[][..]));
    }
}
