//! What a commit, or a push, would add: the engine of the hooks and of `scan --staged`.

use std::path::{Path, PathBuf};

use super::locate;
use super::run::{Mount, Run};
use super::scan;
use crate::checks::{self, Kind};
use crate::cli::Output;
use crate::config::{self, Config};
use crate::env::names::Role;
use crate::error::Error;
use crate::files::READ_LIMIT;
use crate::finding::{CommitRef, Severity};
use crate::git::{Change, Index, Oid, Repository, Staged};
use crate::path::RelPath;
use crate::policy::Policy;
use crate::problem::Problem;
use crate::report::Report;
use crate::secret::Secret;
use crate::source::{Found, Project, StagedFile, Watch, role_of};
use crate::system::System;

/// A report, and what belongs to it.
pub(super) struct Answer {
    pub(super) report: Report,
    /// What no name in it may show.
    pub(super) values: Vec<Secret>,
    /// What stops no commit: env files whose values could not be looked for.
    pub(super) aside: Vec<Problem>,
}

/// What is asked, and by whom.
pub(super) struct Asked<'a> {
    pub(super) command: &'static str,
    pub(super) output: &'a Output,
    /// Env files that are named besides.
    pub(super) live: &'a [PathBuf],
    /// Whether a hook asks: then the modes of the env files count, and only what concerns git stops it.
    pub(super) is_hook: bool,
}

/// Some entries, of the index or of one commit.
pub(super) struct Batch {
    pub(super) commit: Option<CommitRef>,
    pub(super) entries: Vec<Staged>,
}

/// What the next commit would change.
pub(super) fn index(asked: &Asked<'_>, repository: &Repository, system: &System) -> Result<Answer, Error> {
    let index = match repository.read_index(system.index_file.as_deref()) {
        Ok(index) => index,
        Err(problem) => return unseen(asked, problem, system),
    };
    let config = match asked.output.config.as_deref() {
        Some(given) => locate::configuration(Path::new("."), Some(given), system)?,
        None => configuration(repository, &index)?,
    };
    let watch = Watch::new(&config);
    match repository.changes(&index, &system.merge_heads, &|path| watch.sees(path)) {
        Ok(entries) => {
            let batch = Batch { commit: None, entries };
            batches(asked, repository, vec![batch], &[], index.count(), &config, system)
        }
        Err(problem) => unseen(asked, problem, system),
    }
}

/// The staged configuration, so that an uncommitted one cannot hide anything.
fn configuration(repository: &Repository, index: &Index) -> Result<Config, Error> {
    match index.blob_at(&RelPath::from(config::FILE))? {
        Some(blob) => configuration_of(repository, blob),
        None => Ok(Config::default()),
    }
}

/// A configuration in git.
#[expect(clippy::disallowed_methods, reason = "a configuration is no secret")]
pub(super) fn configuration_of(repository: &Repository, blob: Oid) -> Result<Config, Error> {
    Config::read(&RelPath::from(config::FILE), repository.blob(blob, READ_LIMIT)?.expose())
}

/// Judges entries, each of the index or of a commit. The values in use are those of the env files near them, and near
/// some others.
pub(super) fn batches(
    asked: &Asked<'_>,
    repository: &Repository,
    batches: Vec<Batch>,
    near: &[Staged],
    count: u64,
    config: &Config,
    system: &System,
) -> Result<Answer, Error> {
    let entries = || batches.iter().flat_map(|batch| &batch.entries).chain(near);
    let mut project = match repository.workdir() {
        Some(root) => Project::nearby(root, entries(), config)?,
        None => Project::default(),
    };
    scan::add_live(&mut project, asked.live, config, system)?;
    let mut aside = std::mem::take(&mut project.problems);
    let mut run = Run::new(config, &project, system);
    project.files.iter().for_each(|file| run.seen.add(file.document.as_ref(), &file.secrets));
    run.outcome.whole = batches.iter().all(|batch| batch.commit.is_none());
    run.outcome.examined.index_entries = count;
    run.outcome.kinds.extend([Kind::Staged, Kind::Value]);
    let mount = Mount { repository, prefix: RelPath::default(), dir: RelPath::default() };
    for batch in batches {
        run.batch(&mount, batch);
    }
    if asked.is_hook {
        modes(&mut run);
    } else {
        run.outcome.problems.append(&mut aside);
    }
    let covers = |through: &str, commit| repository.covers(through, commit);
    let report = policy(asked, config, system, &covers).report(run.outcome);
    Ok(Answer { report, values: run.seen.into_values(), aside })
}

impl Run<'_> {
    /// The env files among some entries, and values in use in the others.
    fn batch(&mut self, mount: &Mount<'_>, batch: Batch) {
        let config = self.config;
        let role = |path: &RelPath| role_of(path, config);
        let Batch { commit, entries } = batch;
        let changed = |entry: &&Staged| entry.change != Change::Unchanged && !self.values().is_empty();
        let searched: Vec<Staged> = entries.iter().filter(changed).cloned().collect();
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let files = StagedFile::read(mount.repository, entries, commit.as_ref(), &role, config, &mut problems);
        // What is in an env file is what the file itself is reported for.
        let private: Vec<&RelPath> =
            files.iter().filter(|file| file.is_private()).map(|file| &file.entry.path).collect();
        for entry in searched.iter().filter(|entry| !private.contains(&&entry.path)) {
            match Found::in_entry(self.values(), mount.repository, entry, commit.as_ref()) {
                Ok(hits) => hits.iter().for_each(|hit| self.judge(&checks::Artifact::Value(hit), true, &mut found)),
                Err(problem) => problems.push(problem),
            }
        }
        for file in &files {
            self.seen.add(file.document.as_ref(), &file.secrets);
            self.judge(&checks::Artifact::Staged(file), true, &mut found);
        }
        self.outcome.findings.append(&mut found);
        self.outcome.problems.append(&mut problems);
    }
}

/// Modes that others can read through: a reminder, whatever is committed.
pub(super) fn modes(run: &mut Run<'_>) {
    let Some(check) = checks::find("env-file-mode") else { return };
    let mut found = Vec::new();
    for file in run.project.files.iter().filter(|file| matches!(file.role, Role::Env | Role::Copy | Role::Keys)) {
        run.ask(check, &checks::Artifact::File(file), &mut found);
    }
    found.iter_mut().for_each(|finding| finding.severity = finding.severity.min(Severity::Warning));
    run.outcome.findings.append(&mut found);
}

/// A report of what could not be examined at all.
pub(super) fn unseen(asked: &Asked<'_>, problem: Problem, system: &System) -> Result<Answer, Error> {
    let (config, project) = (Config::default(), Project::default());
    let mut run = Run::new(&config, &project, system);
    run.outcome.problems.push(problem);
    let report = policy(asked, &config, system, &|_, _| false).report(run.outcome);
    Ok(Answer { report, values: Vec::new(), aside: Vec::new() })
}

fn policy<'a>(
    asked: &Asked<'_>,
    config: &'a Config,
    system: &System,
    covers: &'a dyn Fn(&str, Oid) -> bool,
) -> Policy<'a> {
    let today = asked.output.as_of.unwrap_or(system.today);
    Policy { config, today, command: asked.command, fail_on: asked.output.fail_on.into(), covers }
}

/// The root that paths in the report are below.
pub(super) fn root(repository: &Repository) -> PathBuf {
    repository.workdir().unwrap_or(repository.git_dir()).to_path_buf()
}
