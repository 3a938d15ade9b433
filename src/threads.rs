//! Work in threads.

use std::cell::Cell;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{SyncSender, sync_channel};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{Builder, Scope, ScopedJoinHandle};

/// More threads than this only wait for the memory.
const MOST: usize = 8;

thread_local! {
    /// How many threads like this one are at work.
    static SHARE: Cell<usize> = const { Cell::new(1) };
}

/// How many threads there is work for.
pub(crate) fn count() -> usize {
    let all = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
    (all / SHARE.get().max(1)).clamp(1, MOST)
}

/// Whether this thread is one of several that [`stream`] started.
pub(crate) fn is_one_of_several() -> bool {
    SHARE.get() > 1
}

/// Does jobs in several threads, and takes what comes of each as it is done, in this thread. No more is kept than is at
/// work; each thread may start its part of the machine's threads. An error of `take` ends it all.
pub(crate) fn stream<J, T: Send, E>(
    threads: usize,
    next: impl FnMut() -> Option<J> + Send,
    work: impl Fn(J) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let next = Mutex::new(next);
    let job = || next.lock().unwrap_or_else(PoisonError::into_inner)();
    let (job, work) = (&job, &work);
    std::thread::scope(|scope| {
        let (give, taken) = sync_channel(threads);
        let run = move |give: SyncSender<T>| {
            SHARE.set(threads);
            while let Some(job) = job() {
                if give.send(work(job)).is_err() {
                    return;
                }
            }
        };
        let start = |give: SyncSender<T>| begin(scope, move || run(give));
        let others: Vec<_> = match threads {
            // Alone, this thread does the work, and all of the machine is its own.
            ..=1 => Vec::new(),
            many => (0..many).map_while(|_| start(give.clone())).collect(),
        };
        drop(give);
        if others.is_empty() {
            while let Some(job) = job() {
                take(work(job))?;
            }
            return Ok(());
        }
        let answer = taken.iter().try_for_each(take);
        drop(taken);
        for other in others {
            if let Err(panic) = other.join() {
                std::panic::resume_unwind(panic);
            }
        }
        answer
    })
}

/// Each thread makes a worker, gives it piece after piece (numbers from 0 on), and hands the worker back at the end.
pub(crate) fn share<W: Send>(
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
        let others: Vec<_> = (1..threads.min(pieces).max(1)).map_while(|_| begin(scope, run)).collect();
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

/// Work that leads to more work of its kind. Each thread makes a worker, gives it piece after piece with a list for the
/// pieces that it leads to, and hands the worker back when nothing is left. Little work is done by one thread.
pub(crate) fn spread<T: Send, W: Send>(
    threads: usize,
    first: T,
    worker: impl Fn() -> W + Sync,
    work: impl Fn(&mut W, T, &mut Vec<T>) + Sync,
) -> Vec<W> {
    let (mut own, mut waiting, mut done) = (worker(), vec![first], 0);
    while let Some(piece) = waiting.pop() {
        work(&mut own, piece, &mut waiting);
        done += 1;
        if done >= ALONE && threads > 1 && !waiting.is_empty() {
            break;
        }
    }
    if waiting.is_empty() {
        return vec![own];
    }
    let queue = Queue { pieces: Mutex::new(Pieces { waiting, busy: 0 }), is_changed: Condvar::new() };
    let run = |mut own: W| {
        let mut more = Vec::new();
        while let Some(piece) = queue.take() {
            // Given back also where the work panics, so that the other threads end.
            let turn = Turn(&queue);
            work(&mut own, piece, &mut more);
            queue.lock().waiting.append(&mut more);
            drop(turn);
        }
        own
    };
    std::thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map_while(|_| begin(scope, || run(worker()))).collect();
        let mut workers = vec![run(own)];
        for other in others {
            match other.join() {
                Ok(worker) => workers.push(worker),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        workers
    })
}

/// Another thread for the work; `None` where the system has none left, and those that there are do all of it.
fn begin<'scope, T: Send + 'scope>(
    scope: &'scope Scope<'scope, '_>,
    work: impl FnOnce() -> T + Send + 'scope,
) -> Option<ScopedJoinHandle<'scope, T>> {
    Builder::new().spawn_scoped(scope, work).ok()
}

/// So many pieces are done in less time than a thread takes to start.
const ALONE: usize = 32;

struct Queue<T> {
    pieces: Mutex<Pieces<T>>,
    is_changed: Condvar,
}

struct Pieces<T> {
    waiting: Vec<T>,
    /// How many threads are at work, and may add more.
    busy: usize,
}

impl<T> Queue<T> {
    fn lock(&self) -> MutexGuard<'_, Pieces<T>> {
        self.pieces.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next piece; `None` when there is none and no thread can add one.
    fn take(&self) -> Option<T> {
        let mut pieces = self.lock();
        loop {
            if let Some(piece) = pieces.waiting.pop() {
                pieces.busy += 1;
                return Some(piece);
            }
            if pieces.busy == 0 {
                return None;
            }
            pieces = self.is_changed.wait(pieces).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

/// A piece that a thread works on.
struct Turn<'a, T>(&'a Queue<T>);

impl<T> Drop for Turn<'_, T> {
    fn drop(&mut self) {
        self.0.lock().busy -= 1;
        self.0.is_changed.notify_all();
    }
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

    /// A tree of numbers, each of which leads to two more.
    #[test]
    fn every_piece_that_work_leads_to_once() {
        let lead = |seen: &mut Vec<usize>, piece: usize, more: &mut Vec<usize>| {
            seen.push(piece);
            more.extend([2 * piece, 2 * piece + 1].into_iter().filter(|next| *next < 5000));
        };
        for threads in [1, 2, 5] {
            let mut all = spread(threads, 1, Vec::new, lead).concat();
            all.sort_unstable();
            assert_eq!(all, (1..5000).collect::<Vec<_>>());
        }
        assert_eq!(spread(4, 7, Vec::new, |seen, piece, _| seen.push(piece)), [[7]]);
    }

    #[test]
    fn every_job_once_and_no_more_after_an_error() {
        for threads in [1, 2, 5] {
            let mut jobs = 0..100_usize;
            let mut all = Vec::new();
            let take = |done| {
                all.push(done);
                Ok::<_, ()>(())
            };
            assert_eq!(stream(threads, || jobs.next(), |job| 2 * job, take), Ok(()));
            all.sort_unstable();
            assert_eq!(all, (0..100).map(|job| 2 * job).collect::<Vec<_>>());
            let (mut jobs, mut taken) = (0.., 0);
            let take = |_: usize| {
                taken += 1;
                if taken == 3 { Err("full") } else { Ok(()) }
            };
            assert_eq!(stream(threads, || jobs.next(), |job| job, take), Err("full"));
        }
    }

    #[test]
    fn a_panic_ends_all_threads() {
        let lead = |(): &mut (), piece: usize, more: &mut Vec<usize>| {
            assert!(piece != 900, "here");
            more.extend([2 * piece, 2 * piece + 1].into_iter().filter(|next| *next < 5000));
        };
        assert!(std::panic::catch_unwind(|| spread(3, 1, || (), lead)).is_err());
        let mut jobs = 0..100;
        let work = |job| assert!(job != 50, "here");
        let failed = std::panic::AssertUnwindSafe(|| stream(3, || jobs.next(), work, |()| Ok::<_, ()>(())));
        assert!(std::panic::catch_unwind(failed).is_err());
    }
}
