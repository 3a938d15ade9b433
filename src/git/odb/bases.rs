//! The objects that others are deltas on, kept while single objects are read. Without them each of a thousand versions of
//! a file would be made from the first one again.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::git::object::kind::Kind;

/// So many bytes are kept. git keeps 96 MiB (git-config(1), `core.deltaBaseCacheLimit`).
const MOST: usize = 32 << 20;

/// The place of an entry: the number of its pack, and its start in the pack.
type At = (usize, u64);

/// An object, whole.
pub(super) struct Base {
    pub(super) kind: Kind,
    pub(super) content: Zeroizing<Vec<u8>>,
}

/// The bases that are kept.
#[derive(Default)]
pub(in crate::git) struct Bases(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    bases: HashMap<At, Arc<Base>>,
    /// The oldest first.
    order: VecDeque<At>,
    bytes: usize,
    /// How often an object was made.
    #[cfg(test)]
    made: usize,
}

impl Bases {
    /// The object of the entry at this place; `None` where it is not kept.
    pub(super) fn get(&self, at: At) -> Option<Arc<Base>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).bases.get(&at).cloned()
    }

    /// Keeps one. The oldest make room for it; one that would take the room of many is not kept.
    pub(super) fn keep(&self, at: At, base: &Arc<Base>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        #[cfg(test)]
        {
            kept.made += 1;
        }
        let size = base.content.capacity();
        if size > MOST / 8 {
            return;
        }
        while kept.bytes + size > MOST {
            let Some(oldest) = kept.order.pop_front() else { break };
            let gone = kept.bases.remove(&oldest).map_or(0, |gone| gone.content.capacity());
            kept.bytes = kept.bytes.saturating_sub(gone);
        }
        if kept.bases.insert(at, Arc::clone(base)).is_none() {
            kept.order.push_back(at);
            kept.bytes += size;
        }
    }

    /// How often an object was made.
    #[cfg(test)]
    pub(super) fn made(&self) -> usize {
        self.0.lock().unwrap().made
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn base(size: usize) -> Arc<Base> {
        Arc::new(Base { kind: Kind::Blob, content: Zeroizing::new(Vec::with_capacity(size)) })
    }

    #[test]
    fn the_oldest_make_room() {
        let bases = Bases::default();
        let one = MOST / 8;
        (0..10).for_each(|at| bases.keep((0, at), &base(one)));
        let kept: Vec<u64> = (0..10).filter(|at| bases.get((0, *at)).is_some()).collect();
        assert_eq!(kept, [2, 3, 4, 5, 6, 7, 8, 9]);
        bases.keep((1, 0), &base(one + 1));
        assert!(bases.get((1, 0)).is_none());
        // The same again counts once.
        (0..20).for_each(|_| bases.keep((0, 9), &base(one)));
        assert!(bases.get((0, 3)).is_some());
    }
}
