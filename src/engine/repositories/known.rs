//! `--new`: what the last complete scan of a repository found, and what of a report is new beside it.
//!
//! The one thing that a reporting command writes. What is new is recorded only after it was printed, and only where
//! everything was examined.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::marks;
use crate::engine::rotation::ledger;
use crate::engine::scan::{Depth, Options, Scanned};
use crate::error::Error;
use crate::files::Root;
use crate::git::Repository;
use crate::ledger::{Fault, LastScan, Scans};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::system::System;

/// What earlier scans with these options found.
pub(crate) struct Known<'a> {
    scans: Scans,
    options: &'a Options<'a>,
    /// A hash of the file of `--config`; `None` where it cannot be read, and the scan says why.
    config: Option<[u8; 32]>,
    system: &'a System,
}

/// What is known of a repository before it is scanned.
pub(super) struct Before {
    /// The name of its file.
    name: String,
    last: Option<LastScan>,
    /// What it is like now, if that is certain.
    stamp: Option<[u8; 32]>,
    /// Whether nothing can be known.
    fault: bool,
}

/// What is to be recorded of a repository, when it was told.
pub(crate) struct Record {
    name: String,
    scan: LastScan,
}

impl<'a> Known<'a> {
    /// Opens the state.
    pub(crate) fn open(options: &'a Options<'a>, system: &'a System) -> Result<Self, Error> {
        let place = ledger::any_place(system)?;
        let scans = Scans::open(&place.dir).map_err(|fault| ledger::failed(place, fault))?;
        let config = options.terms.config.map_or(Some([0; 32]), |config| hash_of(&system.directory.join(config)));
        Ok(Self { scans, options, config, system })
    }

    /// What is known of a repository.
    pub(super) fn before(&self, repository: &Repository, depth: Depth) -> Before {
        let bytes = |path: &Path| self.system.directory.join(path).as_os_str().as_bytes().to_vec();
        let git_dir = repository.git_dir().as_os_str().as_bytes();
        // Scans with other options find other things, and each is compared with its own last one.
        let config = self.options.terms.config.map(bytes).unwrap_or_default();
        let live: Vec<Vec<u8>> = self.options.live.iter().map(|path| bytes(path)).collect();
        let depth: &[u8] = if depth == Depth::Whole { b"whole" } else { b"index" };
        let parts = [git_dir, depth, &config].into_iter().chain(live.iter().map(Vec::as_slice)).collect::<Vec<_>>();
        let name = self.scans.name(&parts);
        let top = repository.workdir().unwrap_or(repository.common_dir());
        let is_inside = self.system.state.as_ref().is_none_or(|place| place.is_inside(top));
        let read = if is_inside { Err(Fault::InsideProject) } else { self.scans.read(&name) };
        let stamp = self.stamp(repository).filter(|_| self.options.live.is_empty());
        Before { name, fault: read.is_err(), last: read.unwrap_or_default(), stamp }
    }

    /// What decides what a scan of it finds: the repository, the configuration, and the version of this program.
    fn stamp(&self, repository: &Repository) -> Option<[u8; 32]> {
        let mut hash = Sha256::new();
        hash.update(env!("CARGO_PKG_VERSION"));
        hash.update(self.config?);
        hash.update(repository.stamp(self.system.now.as_second())?);
        Some(hash.finalize().into())
    }

    /// Leaves what is new in a report, and gives what is to be recorded of it.
    pub(super) fn sift(&self, before: Before, repository: &Repository, scanned: &mut Scanned) -> Option<Record> {
        let report = &mut scanned.report;
        if before.fault {
            report.problems.push(Problem::whole(ProblemKind::UnusableState));
        }
        let marked = report.findings.iter().map(|finding| marks::of(finding, &self.scans)).collect::<Vec<_>>();
        if let Some(last) = &before.last {
            let mut is_new = marked.iter().map(|marks| marks.iter().any(|mark| !last.found.contains(mark)));
            report.findings.retain(|_| is_new.next().unwrap_or(true));
        }
        report.judge();
        let today = self.today();
        if !report.problems.is_empty() || today > self.system.today {
            return None;
        }
        let found = marked.into_iter().flatten().collect();
        // What was written during the scan may have been read or not.
        let stamp = before.stamp.filter(|stamp| self.stamp(repository).as_ref() == Some(stamp));
        let scan = LastScan { found, stamp, days: stamp.map(|_| (today, scanned.until)) };
        (before.last.as_ref() != Some(&scan)).then_some(Record { name: before.name, scan })
    }

    /// Records what was told.
    pub(crate) fn record(&self, record: &Record) -> Result<(), Error> {
        self.scans.write(&record.name, &record.scan).map_err(|fault| match ledger::any_place(self.system) {
            Ok(place) => ledger::failed(place, fault),
            Err(error) => error,
        })
    }

    /// Whether a scan would read the same again, and find the same: nothing that is new.
    pub(super) fn is_unchanged(&self, before: &Before) -> bool {
        let Some(LastScan { stamp: Some(stamp), days: Some((from, until)), .. }) = &before.last else { return false };
        let today = self.today();
        let is_in_time = *from <= today && until.is_none_or(|until| today <= until);
        is_in_time && before.stamp.as_ref() == Some(stamp)
    }

    fn today(&self) -> Date {
        self.options.terms.today(self.system)
    }
}

fn hash_of(path: &Path) -> Option<[u8; 32]> {
    let root = Root::open(path.parent()?).ok()?;
    let text = root.read(&RelPath::new(path.file_name()?.as_bytes())).ok()??;
    Some(Sha256::digest(text).into())
}
