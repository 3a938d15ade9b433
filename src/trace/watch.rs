//! How far a search is. Counts only: who shows it is another matter.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// How far a search is, and whether somebody ends it.
#[derive(Debug, Default)]
pub struct Watch {
    files: AtomicU64,
    bytes: AtomicU64,
    found: AtomicU64,
    is_stopped: AtomicBool,
}

impl Watch {
    /// Ends the search as soon as possible.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether it was ended.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    /// The files and bytes that were searched, and the places that were found.
    #[must_use]
    pub fn counts(&self) -> (u64, u64, u64) {
        let read = |count: &AtomicU64| count.load(Ordering::Relaxed);
        (read(&self.files), read(&self.bytes), read(&self.found))
    }

    pub(super) fn read(&self, bytes: u64) {
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
    }

    pub(super) fn searched(&self, found: usize) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.found.fetch_add(found as u64, Ordering::Relaxed);
    }
}
