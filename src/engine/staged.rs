//! What a commit, or a push, would add: the engine of the hooks and of `scan --staged`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::locate;
use super::main_work_tree::way;
use super::run::Run;
use super::terms::Terms;
use crate::check::Kind;
use crate::checks::env_file::env_file_mode;
use crate::checks::{self, Artifact};
use crate::config::{self, Config};
use crate::engine::live;
use crate::env::names::Role;
use crate::error::Error;
use crate::files::READ_LIMIT;
use crate::finding::{Origin, Severity};
use crate::git::{Care, Change, Index, Oid, Repository, Staged};
use crate::leak::{Found, Holder, StagedFile, StagedText, Values};
use crate::name::Name;
use crate::path::RelPath;
use crate::policy::{Report, open_problems};
use crate::problem::Problem;
use crate::project::{Project, Reading, Watch};
use crate::secret::Secret;
use crate::system::System;

/// A report, and what belongs to it.
pub(crate) struct Answer {
    pub(crate) report: Report,
    /// What no name in it may show.
    pub(crate) values: Vec<Secret>,
    /// What stops no commit: env files whose values could not be looked for, compose files that cannot be parsed.
    pub(crate) aside: Vec<Problem>,
}

/// What is asked, and by whom.
pub(crate) struct Asked<'a> {
    /// By what it is judged.
    pub(crate) terms: Terms<'a>,
    /// Env files that are named besides.
    pub(crate) live: &'a [PathBuf],
    /// Whether a hook asks: then the modes of the env files count, and only what concerns git stops it.
    pub(crate) is_hook: bool,
}

/// Some entries, of the index or of one commit.
pub(crate) struct Batch {
    pub(crate) holder: Holder,
    pub(crate) entries: Vec<Staged>,
    /// What they are, where no name says it.
    pub(crate) role: Option<Role>,
}

/// What is judged.
#[derive(Default)]
pub(crate) struct Subject {
    pub(crate) batches: Vec<Batch>,
    /// Commits and tags, for what is written in them.
    pub(crate) messages: Vec<Oid>,
    /// The names of refs.
    pub(crate) refs: Vec<Name>,
    /// Entries that are not judged: the values in use are those of the env files near them, too.
    pub(crate) near: Vec<Staged>,
    /// How many entries the index has.
    pub(crate) count: u64,
}

/// What the next commit would change.
pub(crate) fn index(asked: &Asked<'_>, repository: &Repository, system: &System) -> Result<Answer, Error> {
    let whole = || changed(asked, repository, Care::Whole, system);
    let read = match asked.is_hook.then(|| changed(asked, repository, Care::AsGit, system)) {
        // Then all is checked, so that what is said of it is right.
        None | Some(Ok(Err(_)) | Err(Error::Problem(_))) => whole(),
        Some(read) => read,
    };
    match read? {
        Ok((config, subject)) => judge(asked, repository, subject, &config, system),
        Err(problem) => unseen(asked, problem, system),
    }
}

/// The entries that a commit would change, and the configuration among them.
fn changed(
    asked: &Asked<'_>,
    repository: &Repository,
    care: Care,
    system: &System,
) -> Result<Result<(Config, Subject), Problem>, Error> {
    let index = match repository.read_index(system.index_file.as_deref(), care) {
        Ok(index) => index,
        Err(problem) => return Ok(Err(problem)),
    };
    let config = match asked.terms.config {
        Some(given) => locate::configuration(Path::new("."), Some(given), system)?,
        None => configuration(repository, &index)?,
    };
    let watch = Watch::new(&config);
    let entries = repository.changes(&index, &system.merge_heads, &|path| watch.sees(path));
    Ok(entries.map(|entries| {
        let batch = Batch { holder: Holder::Index, entries, role: None };
        let subject = Subject { batches: vec![batch], count: index.count(), ..Subject::default() };
        (config, subject)
    }))
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
pub(crate) fn configuration_of(repository: &Repository, blob: Oid) -> Result<Config, Error> {
    Ok(Config::read(&RelPath::from(config::FILE), repository.blob(blob, READ_LIMIT)?.expose(), &checks::ALL)?)
}

/// Judges it. The values in use are those of the env files near the entries; in a linked work tree, which often has
/// none, those of the main one count, too.
pub(crate) fn judge(
    asked: &Asked<'_>,
    repository: &Repository,
    subject: Subject,
    config: &Config,
    system: &System,
) -> Result<Answer, Error> {
    let entries = || subject.batches.iter().flat_map(|batch| &batch.entries).chain(&subject.near);
    let mut project = match repository.workdir() {
        Some(root) => Project::nearby(root, entries(), config)?,
        None => Project::default(),
    };
    let mut aside = std::mem::take(&mut project.problems);
    live::drop_named(&mut aside, &project, asked.live, system);
    aside.extend(live::add_live(&mut project, asked.live, config, system)?);
    let main = main_project(repository, entries(), config, &mut aside);
    let values = values(&project, &main, system);
    let mut run = Run::new(asked.terms, config, &project, system);
    project.files.iter().chain(&main.files).for_each(|file| run.seen.file(file));
    run.outcome.whole = subject.batches.iter().all(|batch| batch.holder == Holder::Index);
    run.outcome.examined.index_entries = subject.count;
    // Of compose files and Dockerfiles those that change are read, so what an ignore of theirs hides is not known.
    run.outcome.kinds.extend([Kind::Staged, Kind::Value]);
    for batch in subject.batches {
        run.batch(repository, batch, &values, &mut aside);
    }
    run.names(repository, &subject.messages, &subject.refs, &values);
    if asked.is_hook {
        modes(&mut run);
    } else {
        run.outcome.problems.append(&mut aside);
    }
    let aside = open_problems(aside, config, run.today());
    let (report, values) = run.report(&[repository]);
    Ok(Answer { report, values, aside })
}

/// The env files of the main work tree; what cannot be examined there stops nothing.
fn main_project<'a>(
    repository: &Repository,
    entries: impl Iterator<Item = &'a Staged>,
    config: &Config,
    aside: &mut Vec<Problem>,
) -> Project {
    let (Some(root), Some(main)) = (repository.workdir(), repository.main_workdir()) else { return Project::default() };
    let mut project = Project::nearby(&main, entries, config).unwrap_or_else(|problem| {
        let problems = vec![problem];
        Project { root: main, problems, ..Project::default() }
    });
    let above = way(root, &project.root);
    aside.extend(project.problems.drain(..).map(|problem| problem.within(&above)));
    project
}

/// The values in use, those of the main work tree under the names that lead there.
fn values(project: &Project, main: &Project, system: &System) -> Values {
    let here = project.files.iter().map(|file| (file.path.clone(), file));
    let above = way(&project.root, &main.root);
    let there = main.files.iter().map(|file| (above.join(file.path.as_bytes()), file));
    Values::of_named(here.chain(there), &system.group)
}

impl Run<'_> {
    /// The env files among some entries, and values in use in the others.
    fn batch(&mut self, repository: &Repository, batch: Batch, values: &Values, aside: &mut Vec<Problem>) {
        let config = self.config;
        let Batch { holder, entries, role } = batch;
        let named = self.project.named();
        let reading = |path: &RelPath| role.map(Reading::plain).or_else(|| Reading::of(path, config, named));
        let changed = |entry: &&Staged| entry.change != Change::Unchanged && !values.is_empty();
        let searched: Vec<Staged> = entries.iter().filter(changed).cloned().collect();
        let texts = self.texts(repository, &entries, &holder, values, aside);
        let (mut found, mut problems) = (Vec::new(), Vec::new());
        let files = StagedFile::read(repository, entries, &holder, &reading, config, &mut problems);
        let private: HashSet<&RelPath> =
            files.iter().filter(|file| file.is_private()).map(|file| &file.entry.path).collect();
        for entry in &searched {
            match Found::in_entry(values, repository, entry, &holder) {
                // An env file is reported for its own values; for those of another one, too, for it may be ignored.
                Ok(hits) => hits
                    .iter()
                    .filter(|hit| !private.contains(&entry.path) || hit.in_use != entry.path)
                    .for_each(|hit| self.judge(&Artifact::Value(hit), true, &mut found)),
                Err(problem) => problems.push(problem),
            }
        }
        for text in &texts {
            self.judge(&Artifact::StagedText(text), true, &mut found);
        }
        for file in &files {
            self.seen.add(file.document.as_ref(), &file.secrets);
            self.judge(&Artifact::Staged(file), true, &mut found);
        }
        self.outcome.findings.append(&mut found);
        self.outcome.problems.append(&mut problems);
    }

    /// The compose files and Dockerfiles that change, without the values in use. What cannot be parsed stops nothing.
    fn texts(
        &mut self,
        repository: &Repository,
        entries: &[Staged],
        holder: &Holder,
        values: &Values,
        aside: &mut Vec<Problem>,
    ) -> Vec<StagedText> {
        let mut texts = Vec::new();
        for entry in entries.iter().filter(|entry| entry.change != Change::Unchanged) {
            let kind = self.project.text_kind(&entry.path);
            match StagedText::read(repository, entry, kind, holder, self.config, aside) {
                Ok(text) => texts.extend(text),
                Err(problem) => self.outcome.problems.push(problem),
            }
        }
        for text in &mut texts {
            text.forget(values, &self.system.group);
            // A fair one may be a word, and a name on the screen may be the same word.
            text.text.secrets.iter().for_each(|secret| self.seen.value(&secret.value, false));
        }
        texts
    }

    /// Values in use in what is written in commits and tags, and in the names of refs.
    fn names(&mut self, repository: &Repository, messages: &[Oid], refs: &[Name], values: &Values) {
        if values.is_empty() {
            return;
        }
        let mut hits = Vec::new();
        for object in messages {
            match Found::in_message(values, repository, *object) {
                Ok(more) => hits.extend(more),
                Err(problem) => self.outcome.problems.push(problem),
            }
        }
        for name in refs {
            let origin = Origin::Ref { dir: RelPath::default(), name: name.clone() };
            hits.extend(Found::in_name(values, &name.0, &origin));
        }
        self.judge_values(&hits, true);
    }
}

/// Modes that others can read through: a reminder, whatever is committed.
pub(crate) fn modes(run: &mut Run<'_>) {
    let mut found = Vec::new();
    for file in run.project.files.iter().filter(|file| matches!(file.role, Role::Env | Role::Copy | Role::Keys)) {
        run.ask(env_file_mode::run, &Artifact::File(file), &mut found);
    }
    found.iter_mut().for_each(|finding| finding.severity = finding.severity.min(Severity::Warning));
    run.outcome.findings.append(&mut found);
}

/// A report of what could not be examined at all.
pub(crate) fn unseen(asked: &Asked<'_>, problem: Problem, system: &System) -> Result<Answer, Error> {
    let (config, project) = (Config::default(), Project::default());
    let mut run = Run::new(asked.terms, &config, &project, system);
    run.outcome.problems.push(problem);
    let (report, values) = run.report(&[]);
    Ok(Answer { report, values, aside: Vec::new() })
}

/// The root that paths in the report are below.
pub(crate) fn root(repository: &Repository) -> PathBuf {
    repository.workdir().unwrap_or(repository.git_dir()).to_path_buf()
}
