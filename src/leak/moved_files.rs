//! Env files that git saw move: one commit took a content away from one place and put it at another.

use std::collections::BTreeMap;

use super::history::Placing;
use crate::env::names::Role;
use crate::git::{History, Oid, PathHistory};
use crate::path::RelPath;

/// From each path that is gone the one it went to, as the project sees both.
#[derive(Default)]
pub(crate) struct Moves(BTreeMap<RelPath, RelPath>);

/// What tells a move: the commit, and the content that it did not change.
type Sign = (Oid, Oid);

impl Moves {
    pub(crate) fn of(history: &History, placing: &Placing<'_>) -> Self {
        let is_env = |path: &&PathHistory| {
            path.same_as.is_none() && (placing.reading)(&path.path).is_some_and(|one| one.role == Role::Env)
        };
        let (mut gone, mut come) = (BTreeMap::new(), BTreeMap::new());
        for history in history.paths.iter().filter(is_env) {
            let Some(path) = (placing.path)(&history.path) else { continue };
            if let (Some(removed), Some(last)) = (&history.removed, history.blobs.last()) {
                note(&mut gone, (removed.id, last.id), path.clone());
            }
            if let (Some(added), Some(first)) = (&history.added, history.blobs.first()) {
                note(&mut come, (added.id, first.id), path);
            }
        }
        // Of two that went, or came, with one content nobody can say which is which.
        let alone = |paths: &Vec<RelPath>| <[RelPath; 1]>::try_from(paths.clone()).ok();
        let moved = gone.iter().filter_map(|(sign, from)| {
            let ([from], [to]) = (alone(from)?, alone(come.get(sign)?)?);
            Some((from, to))
        });
        Self(moved.collect())
    }

    /// The places to which a path's file went, one after the other.
    pub(crate) fn from(&self, path: &RelPath) -> Vec<RelPath> {
        let mut places: Vec<RelPath> = Vec::new();
        let mut at = path;
        while let Some(next) = self.0.get(at).filter(|next| *next != path && !places.contains(next)) {
            places.push(next.clone());
            at = next;
        }
        places
    }
}

fn note(list: &mut BTreeMap<Sign, Vec<RelPath>>, sign: Sign, path: RelPath) {
    list.entry(sign).or_default().push(path);
}
