//! Ids that were looked up a moment ago. Trees name the same objects over and over, and the table of all ids is too large
//! for the processor's cache.

use crate::git::Oid;
use crate::git::odb::{Number, Odb};

/// About as many as fit beside everything else.
const SLOTS: usize = 1 << 14;

/// A thread's last lookups, each in the one slot that the id gives.
pub(super) struct Recent<'a> {
    odb: &'a Odb,
    slots: Vec<Option<(Oid, Number)>>,
}

impl<'a> Recent<'a> {
    pub(super) fn new(odb: &'a Odb) -> Self {
        Self { odb, slots: vec![None; SLOTS] }
    }

    /// The number of an id.
    pub(super) fn find(&mut self, id: Oid) -> Option<Number> {
        let bytes = id.as_bytes();
        let place = bytes.last_chunk().map_or(0, |last| u32::from_le_bytes(*last)) as usize % SLOTS;
        match self.slots.get_mut(place) {
            Some(Some((known, number))) if *known == id => Some(*number),
            slot => {
                let number = self.odb.ids.find(bytes)?;
                if let Some(slot) = slot {
                    *slot = Some((id, number));
                }
                Some(number)
            }
        }
    }
}
