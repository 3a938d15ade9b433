//! Many lists of ids into one.

use super::Number;
use crate::git::pack::index::is_sorted;

/// All ids, sorted, none twice; and for each list the numbers of its ids.
pub(super) struct Merged {
    pub(super) ids: Vec<u8>,
    pub(super) numbers: Vec<Vec<Number>>,
}

/// One id of one list. The beginning of an id decides nearly every comparison.
struct Entry {
    beginning: u64,
    list: u32,
    index: u32,
}

/// Merges lists of ids, `len` bytes each.
pub(super) fn merge(mut lists: Vec<Vec<u8>>, len: usize) -> Merged {
    let count = |list: &Vec<u8>| list.len() / len;
    if lists.iter().filter(|list| !list.is_empty()).count() == 1 && lists.iter().all(|list| is_sorted(list, len)) {
        let numbers = lists.iter().map(|list| (0..).take(count(list)).collect()).collect();
        let only = lists.iter_mut().find(|list| !list.is_empty()).map(std::mem::take);
        return Merged { ids: only.unwrap_or_default(), numbers };
    }
    let id = |entry: &Entry| {
        let start = entry.index as usize * len;
        lists.get(entry.list as usize).and_then(|list| list.get(start..start + len)).unwrap_or_default()
    };
    let mut entries = Vec::with_capacity(lists.iter().map(count).sum());
    for (list, ids) in (0..).zip(&lists) {
        let beginnings = ids.chunks_exact(len).map(|id| id.first_chunk().map_or(0, |first| u64::from_be_bytes(*first)));
        entries.extend((0..).zip(beginnings).map(|(index, beginning)| Entry { beginning, list, index }));
    }
    // Stable, and quick on lists that are sorted already.
    entries.sort_by(|one, other| one.beginning.cmp(&other.beginning).then_with(|| id(one).cmp(id(other))));
    let mut merged = Merged { ids: Vec::new(), numbers: lists.iter().map(|list| vec![0; count(list)]).collect() };
    for entry in &entries {
        let id = id(entry);
        if !merged.ids.ends_with(id) {
            merged.ids.extend_from_slice(id);
        }
        let number = Number::try_from(merged.ids.len() / len - 1).unwrap_or(Number::MAX);
        let numbers = merged.numbers.get_mut(entry.list as usize);
        if let Some(slot) = numbers.and_then(|numbers| numbers.get_mut(entry.index as usize)) {
            *slot = number;
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(bytes: &[u8]) -> Vec<u8> {
        bytes.iter().flat_map(|byte| [*byte; 20]).collect()
    }

    #[test]
    fn one_list_and_several() {
        for (lists, all, numbers) in [
            (vec![vec![1, 2, 3], vec![]], vec![1, 2, 3], vec![vec![0, 1, 2], vec![]]),
            (vec![vec![2, 4], vec![1, 2, 5], vec![5]], vec![1, 2, 4, 5], vec![vec![1, 2], vec![0, 1, 3], vec![3]]),
            (vec![vec![3, 3, 1]], vec![1, 3], vec![vec![1, 1, 0]]),
            (vec![], vec![], vec![]),
        ] {
            let lists: Vec<Vec<u8>> = lists.iter().map(|list| ids(list)).collect();
            let merged = merge(lists, 20);
            assert_eq!((merged.ids, merged.numbers), (ids(&all), numbers));
        }
    }
}
