//! `pre-push` and `pre-receive`: the commits that the other side has not.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};

use super::{output, repository, say};
use crate::cmd::output::HOOK;
use crate::cmd::staged::{self, Answer, Asked, Batch};
use crate::config::{self, Config};
use crate::error::Error;
use crate::git::{Change, Oid, Repository, Staged};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::report::{Status, brief};
use crate::source::Watch;
use crate::system::System;

/// A push names a line for each ref; more than these are no push.
const INPUT_LIMIT: u64 = 16 << 20;

/// What the other side gets: a ref's new commit, and the one it has now.
struct Update {
    new: Oid,
    old: Oid,
}

/// Before a push. The configuration is that of the newest commit: who pushes may have said why.
pub(super) fn pre_push(args: &[OsString], system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let find = |repository: &Repository| -> Result<(Vec<Update>, Vec<Oid>), Problem> {
        let (updates, known) = (pushed(repository, args, system)?, repository.remote_tips()?);
        Ok((updates, known))
    };
    let repository = repository(system);
    let newest = |updates: &[Update]| updates.first().map(|update| update.new);
    judge(repository, &find, &newest, &brief::PUSH, system, out)
}

/// On a server, before it takes a push. The configuration is that of the commit it has: a push cannot excuse itself.
pub(super) fn pre_receive(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let find = |repository: &Repository| -> Result<(Vec<Update>, Vec<Oid>), Problem> {
        // `old new ref`
        let line = |line: &str| {
            let mut words = line.split(' ').map(|word| Oid::from_hex(word.as_bytes()));
            let (old, new) = (words.next()??, words.next()??);
            Some(Update { new, old })
        };
        Ok((lines(&input()?, line)?, repository.ref_tips()?))
    };
    let repository = repository(system).and_then(|mut repository| {
        repository.add_objects(system.quarantine.as_deref())?;
        Ok(repository)
    });
    let oldest = |updates: &[Update]| updates.iter().map(|update| update.old).find(|id| !id.is_zero());
    judge(repository, &find, &oldest, &brief::RECEIVE, system, out)
}

type Find<'a> = &'a dyn Fn(&Repository) -> Result<(Vec<Update>, Vec<Oid>), Problem>;

fn judge(
    repository: Result<Repository, Problem>,
    find: Find<'_>,
    configured_at: &dyn Fn(&[Update]) -> Option<Oid>,
    about: &brief::About,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let output = output();
    let asked = Asked { command: HOOK, output: &output, live: &[], is_hook: true };
    let seen = repository.and_then(|repository| {
        let (updates, mut known) = find(&repository)?;
        known.extend(updates.iter().map(|update| update.old));
        let tips: Vec<Oid> = updates.iter().map(|update| update.new).filter(|id| !id.is_zero()).collect();
        let batches = batches(&repository, &tips, &known)?;
        Ok((repository, updates, batches))
    });
    let answer = match seen {
        Ok((_, _, batches)) if batches.is_empty() => return Ok(Status::Clean),
        Ok((repository, updates, batches)) => {
            let config = configuration(&repository, configured_at(&updates))?;
            changed(&asked, &repository, batches, &config, system)?
        }
        Err(problem) => staged::unseen(&asked, problem, system)?,
    };
    say(answer, about, system, out)
}

/// What the new commits change, each content at each path once: in the first commit that has it there.
fn batches(repository: &Repository, tips: &[Oid], known: &[Oid]) -> Result<Vec<Batch>, Problem> {
    let (mut batches, mut seen) = (Vec::new(), BTreeSet::new());
    for id in repository.commits(tips, known)? {
        let (commit, mut entries) = repository.changes_of(id)?;
        entries.retain(|entry| seen.insert((entry.path.clone(), entry.blob)));
        if !entries.is_empty() {
            batches.push(Batch { commit: Some(commit), entries });
        }
    }
    Ok(batches)
}

/// Judges them. The values in use are those of the env files near the changes, and near what the index has.
fn changed(
    asked: &Asked<'_>,
    repository: &Repository,
    mut batches: Vec<Batch>,
    config: &Config,
    system: &System,
) -> Result<Answer, Error> {
    let watch = Watch::new(config);
    let named = |entry: &Staged| entry.change == Change::Unchanged;
    let index = if repository.workdir().is_some() { repository.read_index(None).ok() } else { None };
    let near = index.map(|index| repository.changes(&index, &[], &|path| watch.sees(path))).transpose().ok().flatten();
    let near: Vec<Staged> = near.unwrap_or_default().into_iter().filter(named).collect();
    staged::batches(asked, repository, std::mem::take(&mut batches), &near, 0, config, system)
}

fn configuration(repository: &Repository, commit: Option<Oid>) -> Result<Config, Error> {
    let commit = match commit {
        Some(commit) => Some(commit),
        None => repository.head()?,
    };
    let found = commit.map(|commit| repository.at_commit(commit, &RelPath::from(config::FILE))).transpose()?;
    found.flatten().map_or_else(|| Ok(Config::default()), |blob| staged::configuration_of(repository, blob))
}

/// What git is about to push, by standard input: `local-ref new remote-ref old`. The pre-commit framework keeps the
/// lines for itself and gives the commit in a variable; by hand the question is about HEAD.
fn pushed(repository: &Repository, args: &[OsString], system: &System) -> Result<Vec<Update>, Problem> {
    let zero = |new: Oid| Oid::from_bytes(&vec![0; new.as_bytes().len()]).unwrap_or(new);
    let line = |line: &str| {
        let mut words = line.split(' ').skip(1);
        let new = Oid::from_hex(words.next()?.as_bytes())?;
        let old = Oid::from_hex(words.nth(1)?.as_bytes())?;
        Some(Update { new, old })
    };
    let text = if std::io::stdin().is_terminal() { String::new() } else { input()? };
    if !text.is_empty() || !args.is_empty() {
        return lines(&text, line);
    }
    let tip = match &system.push_tip {
        Some(tip) => Some(repository.resolve(tip)?),
        None => repository.head()?,
    };
    Ok(tip.map(|new| Update { new, old: zero(new) }).into_iter().collect())
}

fn lines(text: &str, line: impl Fn(&str) -> Option<Update>) -> Result<Vec<Update>, Problem> {
    let broken = || Problem::at(ProblemKind::BrokenRef, RelPath::from("standard input"));
    text.lines().filter(|text| !text.is_empty()).map(|text| line(text).ok_or_else(broken)).collect()
}

fn input() -> Result<String, Problem> {
    let broken = || Problem::at(ProblemKind::BrokenRef, RelPath::from("standard input"));
    let mut text = String::new();
    std::io::stdin().lock().take(INPUT_LIMIT).read_to_string(&mut text).map_err(|_| broken())?;
    Ok(text)
}
