//! Names of commits as people write them (gitrevisions), and what a commit reaches.
//!
//! A name comes from outside, and so do refs: anyone who may push a tag could call it `origin/main`. So a name that stands
//! for two different commits is a problem, where git takes the first and warns.

use std::collections::HashSet;

use crate::git::config::{Config, upstream};
use crate::git::object::commit::Commit;
use crate::git::object::kind::Kind;
use crate::git::object::read::{Fault, Objects};
use crate::git::object::tag::{Peeled, peel};
use crate::git::odb::store::Store;
use crate::git::refs::store::RefStore;
use crate::git::{Oid, refs};
use crate::problem::{Problem, ProblemKind};

/// Git takes no abbreviation that is shorter.
const SHORTEST: usize = 4;

/// Where git looks for a short name.
const PLACES: [(&str, &str); 5] =
    [("refs/", ""), ("refs/tags/", ""), ("refs/heads/", ""), ("refs/remotes/", ""), ("refs/remotes/", "/HEAD")];

/// What names are looked up in.
pub(in crate::git) struct Names<'a> {
    pub(in crate::git) refs: &'a RefStore,
    pub(in crate::git) store: &'a Store<'a>,
    pub(in crate::git) config: &'a Config,
}

impl Names<'_> {
    /// The commit that `spec` names: a ref, an id, an abbreviated id, and behind it `~n`, `^n`, `@{n}` or `@{upstream}`.
    ///
    /// # Errors
    /// None, or several; objects or refs that cannot be read.
    pub(in crate::git) fn commit(&self, spec: &str) -> Result<Oid, Problem> {
        let broken = || refs::broken(spec.as_bytes());
        let end = [spec.find(['~', '^']), spec.find("@{")].into_iter().flatten().min().unwrap_or(spec.len());
        let (name, rest) = spec.split_at_checked(end).ok_or_else(broken)?;
        let (past, steps) = match rest.strip_prefix("@{").and_then(|rest| rest.split_once('}')) {
            Some((inner, steps)) => (Some(inner), steps),
            None => (None, rest),
        };
        let id = match past {
            Some(inner) => self.at(name, inner)?,
            None => self.named(name)?,
        };
        let mut at = commit(self.store, id.ok_or_else(broken)?)?;
        for step in Step::parse(steps).ok_or_else(broken)? {
            at = step.take(self.store, at)?.ok_or_else(broken)?;
        }
        Ok(at)
    }

    /// What a name without anything behind it stands for; `None` where there is nothing.
    fn named(&self, name: &str) -> Result<Option<Oid>, Problem> {
        let name = if name == "@" { "HEAD" } else { name };
        if let Some(id) = Oid::from_hex(name.as_bytes()) {
            return Ok(Some(id));
        }
        if is_full(name) {
            return self.refs.id(name.as_bytes());
        }
        let mut found = self.candidates(name)?;
        found.extend(self.abbreviated(name).into_iter().map(|id| (id.to_string(), id)));
        let Some((_, first)) = found.first() else { return Ok(None) };
        // Of several names all must stand for the same commit.
        let behind = |id: Oid| peel(self.store, id).ok().map(|peeled| peeled.id);
        let is_same = |id: Oid| id == *first || behind(id).is_some_and(|id| Some(id) == behind(*first));
        match found.iter().all(|(_, id)| is_same(*id)) {
            true => Ok(Some(*first)),
            false => Err(ambiguous(&found)),
        }
    }

    /// The refs that a short name may mean: their full names, and what they are.
    fn candidates(&self, name: &str) -> Result<Vec<(String, Oid)>, Problem> {
        let mut found = Vec::new();
        for (before, behind) in PLACES {
            let full = format!("{before}{name}{behind}");
            let id = self.refs.id(full.as_bytes())?;
            found.extend(id.map(|id| (full, id)));
        }
        Ok(found)
    }

    /// The objects of which an id begins so; two of them are enough to know.
    fn abbreviated(&self, name: &str) -> Vec<Oid> {
        let is_hex = name.bytes().all(|digit| digit.is_ascii_hexdigit());
        if name.len() < SHORTEST || !is_hex {
            return Vec::new();
        }
        let mut found = self.store.beginning_with(name);
        // git prefers a commit, too.
        if found.len() > 1 {
            found.retain(|id| peel(self.store, *id).is_ok_and(|peeled| peeled.kind == Kind::Commit));
        }
        found
    }

    /// What a ref was some changes ago, or the upstream of a branch.
    fn at(&self, name: &str, inner: &str) -> Result<Option<Oid>, Problem> {
        let Some(full) = self.full_name(name)? else { return Ok(None) };
        if matches!(inner.to_ascii_lowercase().as_str(), "u" | "upstream") {
            // HEAD's upstream is that of the branch that it is on.
            let branch = if full == b"HEAD" { self.refs.branch()? } else { Some(full) };
            let upstream = branch.and_then(|branch| upstream::of(self.config, &branch));
            return upstream.map_or(Ok(None), |name| self.refs.id(&name));
        }
        let Ok(back) = inner.parse::<usize>() else { return Ok(None) };
        if back == 0 {
            return self.refs.id(&full);
        }
        // The newest line says what it was before.
        Ok(self.refs.log(&full)?.iter().rev().nth(back - 1).map(|(old, _)| *old).filter(|id| !id.is_zero()))
    }

    /// The full name of a ref; of the current branch, where no name is given.
    fn full_name(&self, name: &str) -> Result<Option<Vec<u8>>, Problem> {
        if name.is_empty() || name == "@" {
            return self.refs.branch();
        }
        if name == "HEAD" {
            return Ok(Some(b"HEAD".to_vec()));
        }
        if is_full(name) {
            return Ok(self.refs.id(name.as_bytes())?.map(|_| name.as_bytes().to_vec()));
        }
        let mut found = self.candidates(name)?;
        match found.len() {
            0 | 1 => Ok(found.pop().map(|(full, _)| full.into_bytes())),
            _ => Err(ambiguous(&found)),
        }
    }
}

fn ambiguous(found: &[(String, Oid)]) -> Problem {
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    Problem::at(ProblemKind::AmbiguousName, names.join(" and ").as_str().into())
}

/// Whether a name stands for itself: below `refs/`, or in capitals (`HEAD`, `FETCH_HEAD`).
fn is_full(name: &str) -> bool {
    let is_capital = |byte: u8| byte.is_ascii_uppercase() || byte == b'_';
    name.starts_with("refs/") || name.ends_with("HEAD") && name.bytes().all(is_capital)
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
            let behind_tags = ["{commit}", "{}"].iter().find_map(|word| rest.strip_prefix(word));
            if let Some(rest) = behind_tags.filter(|_| first == '^') {
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
pub(in crate::git) fn past(objects: &dyn Objects, of: Oid, shallow: &HashSet<Oid>) -> Result<HashSet<Oid>, Problem> {
    let (mut seen, mut waiting) = (HashSet::new(), vec![of]);
    while let Some(id) = waiting.pop() {
        if seen.insert(id) && !shallow.contains(&id) {
            waiting.extend(parents(objects, id)?);
        }
    }
    Ok(seen)
}
