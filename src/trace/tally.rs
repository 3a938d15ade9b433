//! What the threads found, put together: it does not matter which found what.

use std::collections::BTreeMap;

use super::sighting::{Sighting, Trouble, Unsearched};
use super::watch::Watch;
use crate::path::RelPath;
use crate::problem::{Cause, Problem, ProblemKind};

/// So many problems of a kind are told one by one.
const TOLD: usize = 20;

/// What was found.
#[derive(Default)]
pub struct Found {
    /// The places of values.
    pub sightings: Vec<Sighting>,
    /// What somebody named and could not be searched.
    pub problems: Vec<Problem>,
    /// What else could not be searched, by kind.
    pub unsearched: Vec<Unsearched>,
    /// How many files were searched.
    pub files: u64,
    /// How many bytes were read.
    pub bytes: u64,
    /// How many processes were searched.
    pub processes: u64,
}

/// What one thread found.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) sightings: Vec<Sighting>,
    pub(super) processes: u64,
    /// Faults of our own.
    pub(super) faults: Vec<Problem>,
    /// What could not be searched: whether somebody asked for it, why, and where.
    troubles: BTreeMap<(bool, Trouble), (u64, Vec<RelPath>)>,
}

impl Tally {
    pub(super) fn trouble(&mut self, is_asked: bool, why: Trouble, path: RelPath) {
        let (count, paths) = self.troubles.entry((is_asked, why)).or_default();
        *count += 1;
        paths.push(path);
        // Of many the first ones by their names, so that it does not matter in which order they come.
        if paths.len() > 4 * TOLD {
            paths.sort();
            paths.truncate(TOLD);
        }
    }

    pub(super) fn add(&mut self, other: Self) {
        self.sightings.extend(other.sightings);
        self.processes += other.processes;
        self.faults.extend(other.faults);
        for (key, (count, paths)) in other.troubles {
            let (sum, all) = self.troubles.entry(key).or_default();
            *sum += count;
            all.extend(paths);
        }
    }

    pub(super) fn into_found(mut self, watch: &Watch) -> Found {
        let (files, bytes, _) = watch.counts();
        let mut found = Found { files, bytes, processes: self.processes, problems: self.faults, ..Found::default() };
        for ((is_asked, why), (count, mut paths)) in self.troubles {
            paths.sort();
            paths.truncate(TOLD);
            let first = paths.first().cloned().unwrap_or_default();
            let told = if is_asked { paths.len() as u64 } else { 0 };
            if is_asked {
                found.problems.extend(paths.into_iter().map(|path| problem(why, path)));
            }
            if count > told {
                found.unsearched.push(Unsearched { why, first, count: count - told });
            }
        }
        found.unsearched.sort_by(|one, other| (one.why, &one.first).cmp(&(other.why, &other.first)));
        merge(&mut found.unsearched);
        self.sightings.sort_by(|one, other| {
            let order = |one: &Sighting| (one.origin.clone(), one.in_use.clone(), one.key.clone(), one.member.clone());
            order(one).cmp(&order(other))
        });
        found.sightings = self.sightings;
        found
    }
}

/// One line for each kind, whatever the system's error.
fn merge(all: &mut Vec<Unsearched>) {
    let mut merged: Vec<Unsearched> = Vec::new();
    for one in all.drain(..) {
        match merged.last_mut().filter(|last| last.why.word() == one.why.word()) {
            Some(last) => {
                last.count += one.count;
                if one.first < last.first {
                    last.first = one.first;
                }
            }
            None => merged.push(one),
        }
    }
    *all = merged;
}

fn problem(why: Trouble, path: RelPath) -> Problem {
    match why {
        Trouble::Unreadable(code) => {
            Problem { cause: Some(Cause::System(code)), ..Problem::at(ProblemKind::UnreadablePath, path) }
        }
        Trouble::Archive => Problem::at(ProblemKind::UnreadableArchive, path),
        Trouble::Network => Problem::at(ProblemKind::NetworkFileSystem, path),
        Trouble::NoFile => Problem::at(ProblemKind::NotAFile, path),
    }
}
