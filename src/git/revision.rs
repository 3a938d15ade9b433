//! Names of commits, and what a commit reaches, without libgit2's own reading of objects: it would wait forever for the
//! rest of one that was cut off.

use std::collections::HashSet;

use git2::ErrorCode;

use super::Oid;
use super::asked;
use super::objects::{Commit, Fault, Kind, Objects, Peeled, peel};
use super::{refs, store};
use crate::problem::Problem;

/// Git takes no abbreviation that is shorter.
const SHORTEST: usize = 4;
/// A SHA-1 in hexadecimal digits.
const WHOLE: usize = 40;

/// The commit that `spec` names: a ref, an id, an abbreviated id, and `~n` or `^n` behind it. What else git understands
/// is asked of git.
pub(super) fn resolve(repo: &git2::Repository, objects: &dyn Objects, spec: &str) -> Result<Oid, Problem> {
    let broken = || refs::broken(spec.as_bytes());
    let name_end = spec.find(['~', '^']).unwrap_or(spec.len());
    let (name, steps) = spec.split_at_checked(name_end).ok_or_else(broken)?;
    let (Some(id), Some(steps)) = (named(repo, name), Step::parse(steps)) else {
        return asked::resolve(repo.path(), spec);
    };
    let mut at = commit(objects, id)?;
    for step in steps {
        at = step.take(objects, at)?.ok_or_else(broken)?;
    }
    Ok(at)
}

/// What a name without anything behind it stands for; `None` where it takes more to know.
fn named(repo: &git2::Repository, name: &str) -> Option<Oid> {
    let name = match name {
        // libgit2 takes it for HEAD.
        "" => return None,
        "@" => "HEAD",
        name => name,
    };
    if name.len() == WHOLE {
        if let Some(id) = Oid::from_hex(name.as_bytes()) {
            return Some(id);
        }
    }
    match repo.resolve_reference_from_short_name(name) {
        Ok(found) => store::from_git2(found.resolve().ok()?.target()?),
        Err(error) if error.code() == ErrorCode::NotFound => abbreviated(repo, name),
        Err(_) => None,
    }
}

fn abbreviated(repo: &git2::Repository, name: &str) -> Option<Oid> {
    let is_hex = name.bytes().all(|digit| digit.is_ascii_hexdigit());
    if !(SHORTEST..WHOLE).contains(&name.len()) || !is_hex {
        return None;
    }
    let id = repo.odb().ok()?.exists_prefix(git2::Oid::from_str(name).ok()?, name.len()).ok()?;
    store::from_git2(id)
}

/// One step from a commit to another.
enum Step {
    /// `~n`: to the first parent, so many times.
    Up(usize),
    /// `^n`: to the parent of this number, from 1 on; 0 is the commit itself.
    Parent(usize),
}

impl Step {
    /// `None` where there is something else (`^{tree}`, `^@`).
    fn parse(mut text: &str) -> Option<Vec<Self>> {
        let mut steps = Vec::new();
        while let Some(first) = text.chars().next() {
            let rest = text.get(first.len_utf8()..)?;
            if let Some(rest) = rest.strip_prefix("{commit}").filter(|_| first == '^') {
                text = rest;
                continue;
            }
            let end = rest.find(|digit: char| !digit.is_ascii_digit()).unwrap_or(rest.len());
            let (digits, tail) = rest.split_at_checked(end)?;
            let number = if digits.is_empty() { 1 } else { digits.parse().ok()? };
            steps.push(match first {
                '~' => Self::Up(number),
                '^' => Self::Parent(number),
                _ => return None,
            });
            text = tail;
        }
        Some(steps)
    }

    /// Where it leads; `None` where there is no such parent.
    fn take(&self, objects: &dyn Objects, from: Oid) -> Result<Option<Oid>, Problem> {
        let (count, number) = match self {
            Self::Up(count) => (*count, 0),
            Self::Parent(0) => return Ok(Some(from)),
            Self::Parent(number) => (1, number - 1),
        };
        let mut at = from;
        for _ in 0..count {
            match parents(objects, at)?.get(number) {
                Some(parent) => at = *parent,
                None => return Ok(None),
            }
        }
        Ok(Some(at))
    }
}

/// The commit behind tags.
fn commit(objects: &dyn Objects, named: Oid) -> Result<Oid, Problem> {
    match peel(objects, named)? {
        Peeled { kind: Kind::Commit, id, .. } => Ok(id),
        _ => Err(refs::broken(named.to_string().as_bytes())),
    }
}

fn parents(objects: &dyn Objects, commit: Oid) -> Result<Vec<Oid>, Problem> {
    let content = objects.read_as(commit, Kind::Commit).map_err(|fault| fault.at(commit))?;
    Commit::parse(&content).map(|commit| commit.parents).ok_or_else(|| Fault::Corrupt.at(commit))
}

/// A commit and everything that it reaches. The parents of `shallow` ones are missing on purpose.
pub(super) fn past(objects: &dyn Objects, of: Oid, shallow: &HashSet<Oid>) -> Result<HashSet<Oid>, Problem> {
    let (mut seen, mut waiting) = (HashSet::new(), vec![of]);
    while let Some(id) = waiting.pop() {
        if seen.insert(id) && !shallow.contains(&id) {
            waiting.extend(parents(objects, id)?);
        }
    }
    Ok(seen)
}
