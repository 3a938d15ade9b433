//! How far a long piece of work is. Counts only: who shows it is another matter.

use std::sync::atomic::{AtomicU64, Ordering};

/// Shared between the work and anyone who watches it.
#[derive(Debug, Default)]
pub struct Progress {
    all: AtomicU64,
    done: AtomicU64,
}

impl Progress {
    /// Another piece of work begins, of so many steps.
    pub fn begin(&self, steps: usize) {
        self.done.store(0, Ordering::Relaxed);
        self.all.store(steps as u64, Ordering::Relaxed);
    }

    /// So many steps more are done.
    pub fn step(&self, steps: usize) {
        self.done.fetch_add(steps as u64, Ordering::Relaxed);
    }

    /// The part that is done, in percent.
    #[must_use]
    pub fn percent(&self) -> u64 {
        let (done, all) = (self.done.load(Ordering::Relaxed), self.all.load(Ordering::Relaxed));
        done.min(all).saturating_mul(100).checked_div(all).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn never_more_than_all() {
        let progress = Progress::default();
        assert_eq!(progress.percent(), 0);
        progress.begin(3);
        progress.step(2);
        assert_eq!(progress.percent(), 66);
        progress.step(2);
        assert_eq!(progress.percent(), 100);
        progress.begin(3);
        assert_eq!(progress.percent(), 0);
    }
}
