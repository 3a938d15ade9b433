//! `pre-push` and `pre-receive`: the commits that the other side has not.

use std::collections::HashSet;
use std::ffi::OsString;
use std::io::{IsTerminal, Read, Write};
use std::os::unix::ffi::OsStrExt;

use super::steps::{self, Pushed};
use super::{TERMS, repository, say};
use crate::config::{self, Config};
use crate::engine::staged::{self, Asked, Batch, Subject};
use crate::env::names::Role;
use crate::error::Error;
use crate::files::READ_LIMIT;
use crate::git::{Care, Change, Oid, Outgoing, Repository, Staged};
use crate::leak::Holder;
use crate::name::Name;
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Watch, is_env_text};
use crate::report::hook_screen::{self, Next};
use crate::secret::Secret;
use crate::system::System;

/// A push names a line for each ref; more than these are no push.
const INPUT_LIMIT: u64 = 16 << 20;

/// What the other side gets: a ref's new object, and the one it has now.
pub(super) struct Update {
    pub(super) new: Oid,
    old: Oid,
    /// The ref's full name there; nothing where it is not known.
    pub(super) name: RelPath,
    /// What is pushed, as git names it: a ref's full name, `HEAD`, what was typed; nothing where it is not known.
    pub(super) local: Vec<u8>,
}

/// Before a push. The configuration is that of the new commit: who pushes may have said why.
pub(super) fn pre_push(args: &[OsString], system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let find = |repository: &Repository| -> Result<(Vec<Update>, Vec<Oid>), Problem> {
        let (updates, known) = (pushed(repository, args, system)?, repository.remote_tips());
        Ok((updates, known))
    };
    let repository = repository(system);
    // By hand nobody says where the push goes.
    let remote = args.first().map_or("origin".into(), |remote| remote.to_string_lossy().into_owned());
    judge(repository, &find, Configured::ByTheChange(&remote), &hook_screen::PUSH, system, out)
}

/// On a server, before it takes a push. The configuration is that of its HEAD: a push cannot hide itself, and neither can
/// an earlier one to a branch of one's own.
pub(super) fn pre_receive(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let find = |repository: &Repository| -> Result<(Vec<Update>, Vec<Oid>), Problem> {
        // `old new ref`
        let line = |line: &[u8]| {
            let mut words = line.splitn(3, |byte| *byte == b' ');
            let (old, new) = (Oid::from_hex(words.next()?)?, Oid::from_hex(words.next()?)?);
            Some(Update { new, old, name: RelPath::new(words.next()?), local: Vec::new() })
        };
        Ok((lines(&input()?, line)?, repository.ref_tips()?))
    };
    let repository = repository(system).map(|mut repository| {
        repository.add_objects(system.quarantine.as_deref());
        repository
    });
    judge(repository, &find, Configured::ByHead, &hook_screen::RECEIVE, system, out)
}

/// Whose configuration counts.
#[derive(Clone, Copy)]
enum Configured<'a> {
    /// Before a push to this remote.
    ByTheChange(&'a str),
    /// On a server.
    ByHead,
}

type Find<'a> = &'a dyn Fn(&Repository) -> Result<(Vec<Update>, Vec<Oid>), Problem>;

fn judge(
    repository: Result<Repository, Problem>,
    find: Find<'_>,
    configured: Configured<'_>,
    about: &hook_screen::About,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let asked = Asked { terms: TERMS, live: &[], is_hook: true };
    let seen = repository.and_then(|repository| {
        let (updates, mut known) = find(&repository)?;
        known.extend(updates.iter().map(|update| update.old));
        let tips: Vec<Oid> = updates.iter().map(|update| update.new).filter(|id| !id.is_zero()).collect();
        let outgoing = repository.outgoing(&tips, &known)?;
        Ok((repository, updates, known, outgoing))
    });
    let (repository, updates, known, outgoing) = match seen {
        Ok(seen) => seen,
        Err(problem) => return say(staged::unseen(&asked, problem, system)?, about, &Next::default(), system, out),
    };
    if updates.iter().all(|update| update.new.is_zero()) {
        return Ok(Status::Clean);
    }
    let config = match configured {
        Configured::ByTheChange(_) => configuration(&repository, updates.iter().map(|update| update.new))?,
        Configured::ByHead => configuration(&repository, std::iter::empty())?,
    };
    let all = steps::all(&repository, &updates, &outgoing.commits);
    let answer = match subject(&repository, &updates, outgoing, &config) {
        Ok(subject) => staged::judge(&asked, &repository, subject, &config, system)?,
        Err(problem) => staged::unseen(&asked, problem, system)?,
    };
    let remote = match configured {
        Configured::ByTheChange(remote) => Some(remote),
        Configured::ByHead => None,
    };
    let pushed = Pushed { repository: &repository, updates: &updates, known: &known, remote };
    let steps = pushed.steps(&hook_screen::stops(&answer.report)).unwrap_or_default();
    say(answer, about, &Next { all: Some(all), steps }, system, out)
}

/// What is new to the other side: what the commits change, each content at each path once (in the first commit that has
/// it there), and what is written in them and in tags and refs.
fn subject(
    repository: &Repository,
    updates: &[Update],
    outgoing: Outgoing,
    config: &Config,
) -> Result<Subject, Problem> {
    let mut subject = Subject { near: near(repository, config), ..Subject::default() };
    let made = updates.iter().filter(|update| !update.new.is_zero());
    subject.refs = made.map(|update| Name(update.name.as_bytes().to_vec())).filter(|name| !name.0.is_empty()).collect();
    let mut seen = HashSet::new();
    for id in &outgoing.commits {
        let (commit, mut entries) = repository.changes_of(*id)?;
        entries.retain(|entry| seen.insert((entry.path.clone(), entry.blob)));
        if !entries.is_empty() {
            subject.batches.push(Batch { holder: Holder::Commit(commit), entries, role: None });
        }
    }
    for (tip, entries) in outgoing.files {
        let name = updates.iter().find(|update| update.new == tip).map(|update| update.name.clone());
        subject.batches.push(behind_ref(repository, entries, &name.unwrap_or_default(), config)?);
    }
    subject.messages = [outgoing.commits, outgoing.tags].concat();
    Ok(subject)
}

/// Files to which a ref leads without a commit. One without a path goes by the name of the ref; whether it is an env
/// file its content says.
fn behind_ref(
    repository: &Repository,
    mut entries: Vec<Staged>,
    name: &RelPath,
    config: &Config,
) -> Result<Batch, Problem> {
    let mut role = None;
    for entry in entries.iter_mut().filter(|entry| entry.path.is_root()) {
        entry.path = name.clone();
        match repository.blob(entry.blob, READ_LIMIT) {
            Ok(text) => role = is_env_file(&text, config).then_some(Role::Env),
            // So large a file is none.
            Err(problem) if problem.kind == ProblemKind::TooLarge => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(Batch { holder: Holder::Ref, entries, role })
}

#[expect(clippy::disallowed_methods, reason = "the text is asked whether it is an env file")]
fn is_env_file(text: &Secret, config: &Config) -> bool {
    is_env_text(text.expose(), config)
}

/// Of the index what counts by its name. What cannot be read there is a problem of the next commit.
fn near(repository: &Repository, config: &Config) -> Vec<Staged> {
    let watch = Watch::new(config);
    let named = |entry: &Staged| entry.change == Change::Unchanged;
    let index = repository.workdir().and_then(|_| repository.read_index(None, Care::Whole).ok());
    let found = index.and_then(|index| repository.changes(&index, &[], &|path| watch.sees(path)).ok());
    found.unwrap_or_default().into_iter().filter(named).collect()
}

/// The one at the first of these that is a commit, else at HEAD.
fn configuration(repository: &Repository, mut ids: impl Iterator<Item = Oid>) -> Result<Config, Error> {
    let commit = match ids.find_map(|id| repository.commit_behind(id)) {
        Some(commit) => Some(commit),
        None => repository.head()?,
    };
    let found = commit.map(|commit| repository.at_commit(commit, &RelPath::from(config::FILE))).transpose()?;
    found.flatten().map_or_else(|| Ok(Config::default()), |blob| staged::configuration_of(repository, blob))
}

/// What git is about to push, by standard input: `local-ref new remote-ref old`. The pre-commit framework keeps the
/// lines for itself and gives the first in variables; by hand the question is about HEAD.
fn pushed(repository: &Repository, args: &[OsString], system: &System) -> Result<Vec<Update>, Problem> {
    let zero = |new: Oid| Oid::from_bytes(&vec![0; new.as_bytes().len()]).unwrap_or(new);
    let line = |line: &[u8]| {
        let mut words = line.split(|byte| *byte == b' ');
        let local = words.next()?.to_vec();
        let new = Oid::from_hex(words.next()?)?;
        let name = RelPath::new(words.next()?);
        Some(Update { new, old: Oid::from_hex(words.next()?)?, name, local })
    };
    let text = if std::io::stdin().is_terminal() { Vec::new() } else { input()? };
    if !text.is_empty() || !args.is_empty() {
        return lines(&text, line);
    }
    let tip = match &system.push_tip {
        Some(tip) => Some(Oid::from_hex(tip.as_bytes()).map_or_else(|| repository.resolve(tip), Ok)?),
        None => repository.head()?,
    };
    let name = RelPath::new(system.push_name.as_deref().unwrap_or_default().as_bytes());
    Ok(tip.map(|new| Update { new, old: zero(new), name, local: Vec::new() }).into_iter().collect())
}

fn lines(text: &[u8], line: impl Fn(&[u8]) -> Option<Update>) -> Result<Vec<Update>, Problem> {
    let broken = || Problem::at(ProblemKind::BrokenRef, RelPath::from("standard input"));
    let lines = text.split(|byte| *byte == b'\n').filter(|text| !text.is_empty());
    lines.map(|text| line(text).ok_or_else(broken)).collect()
}

/// All of it, or nothing: a ref that is not read is not judged.
fn input() -> Result<Vec<u8>, Problem> {
    let name = || RelPath::from("standard input");
    let mut text = Vec::new();
    let read = std::io::stdin().lock().take(INPUT_LIMIT + 1).read_to_end(&mut text);
    read.map_err(|error| Problem::io(name(), &error))?;
    match u64::try_from(text.len()) {
        Ok(size) if size <= INPUT_LIMIT => Ok(text),
        _ => Err(Problem::at(ProblemKind::TooLarge, name())),
    }
}
