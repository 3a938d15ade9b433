//! Work in threads.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};

/// More threads than this only wait for the memory.
const MOST: usize = 8;

/// How many threads there is work for.
pub(in crate::git) fn count() -> usize {
    std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(MOST)
}

/// Each thread makes a worker, gives it piece after piece (numbers from 0 on), and hands the worker back at the end.
pub(in crate::git) fn share<W: Send>(
    threads: usize,
    pieces: usize,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, usize) + Sync,
) -> Vec<W> {
    let next = AtomicUsize::new(0);
    let run = || {
        let mut own = worker();
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return own;
            }
            work(&mut own, piece);
        }
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads.min(pieces).max(1)).map(|_| scope.spawn(run)).collect();
        let mut workers = vec![run()];
        for other in others {
            match other.join() {
                Ok(worker) => workers.push(worker),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        workers
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_piece_once() {
        for threads in [1, 2, 5] {
            for pieces in [0, 1, 100] {
                let workers = share(threads, pieces, Vec::new, |seen: &mut Vec<usize>, piece| seen.push(piece));
                let mut all = workers.concat();
                all.sort_unstable();
                assert_eq!(all, (0..pieces).collect::<Vec<_>>());
            }
        }
    }
}
