//! How much one file may cost: so that a bomb ends, and that somebody who gives up waiting is heard.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::watch::Watch;

/// What every file may unpack to.
const BASE: u64 = 128 << 20;
/// What each byte of a packed file may unpack to besides. Logs and dumps shrink to a twentieth or a fiftieth; only what is
/// made to be a bomb, and zeros, to a thousandth.
const RATIO: u64 = 100;

/// What is left for one file, with all that is packed in it.
#[derive(Clone)]
pub(super) struct Budget<'w> {
    room: Arc<AtomicU64>,
    watch: &'w Watch,
}

impl<'w> Budget<'w> {
    pub(super) fn new(watch: &'w Watch) -> Self {
        Self { room: Arc::new(AtomicU64::new(BASE)), watch }
    }

    /// Begins with another file.
    pub(super) fn renew(&self) {
        self.room.store(BASE, Ordering::Relaxed);
    }

    /// Whether nothing more is to be read of this file.
    pub(super) fn is_spent(&self) -> bool {
        self.left() == 0 || self.watch.is_stopped()
    }

    // One thread works on a file.
    fn left(&self) -> u64 {
        self.room.load(Ordering::Relaxed)
    }

    fn spend(&self, bytes: usize) {
        self.room.store(self.left().saturating_sub(bytes as u64), Ordering::Relaxed);
    }

    /// So many bytes of the file itself were read.
    pub(super) fn earn(&self, bytes: usize) {
        self.watch.read(bytes as u64);
        self.room.store(self.left().saturating_add(RATIO * bytes as u64), Ordering::Relaxed);
    }
}

/// What a decoder gives, as long as there is room.
pub(super) struct Metered<'w, R> {
    pub(super) inner: R,
    pub(super) budget: Budget<'w>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.budget.is_spent() {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        let count = self.inner.read(buffer)?;
        self.budget.spend(count);
        Ok(count)
    }
}

/// The file itself.
pub(super) struct Earning<'w, R> {
    pub(super) inner: R,
    pub(super) budget: Budget<'w>,
    /// Why it could not be read to its end.
    pub(super) error: Option<io::Error>,
}

impl<R: Read> Read for Earning<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.budget.watch.is_stopped() {
            return Err(io::Error::from(io::ErrorKind::FileTooLarge));
        }
        loop {
            match self.inner.read(buffer) {
                Ok(count) => {
                    self.budget.earn(count);
                    return Ok(count);
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.error = Some(error);
                    return Err(io::Error::from(io::ErrorKind::UnexpectedEof));
                }
            }
        }
    }
}
