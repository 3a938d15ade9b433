//! The engine: artifacts through the checks.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::locate::Located;
use super::mount::{Mount, wanted};
use super::reported::Reported;
use super::rotation;
use super::terms::Terms;
use crate::check::Kind;
use crate::checks::{self, Artifact, Context};
use crate::config::Config;
use crate::env::Assignment;
use crate::env::names::Role;
use crate::files::Root;
use crate::finding::Finding;
use crate::git::{IndexEntry, Question, Repository, Span};
use crate::guard::guarded;
use crate::leak::{Exposure, Judge, Placing, StagedFile, Values, Written};
use crate::path::RelPath;
use crate::policy::{Inline, Outcome, Report, ReportPolicy};
use crate::problem::{Problem, ProblemKind};
use crate::project::{Deployment, Project, ProjectFile, Seen, dockerfile_secrets, is_env_text};
use crate::rotation::Ages;
use crate::secret::Secret;
use crate::system::System;
use crate::terminal::meter;
use crate::terminal::progress::Progress;
use crate::threads;

/// So many files are judged in less time than a thread takes to start.
const PIECE: usize = 32;

/// One run over a project.
pub(crate) struct Run<'a> {
    /// By what it is judged.
    terms: Terms<'a>,
    pub(crate) config: &'a Config,
    pub(crate) project: &'a Project,
    pub(crate) system: &'a System,
    /// In a linked work tree, the env files of the main one.
    pub(crate) main: Vec<ProjectFile>,
    /// How old its secrets are, where a ledger knows it.
    pub(crate) ages: Option<Ages>,
    pub(crate) outcome: Outcome,
    /// What no name in the report may show.
    pub(crate) seen: Seen<'a>,
    values: OnceCell<Values>,
    /// Those of them that the history has, by their numbers.
    pub(crate) sighted: BTreeSet<usize>,
}

impl<'a> Run<'a> {
    /// One with nothing found yet.
    pub(crate) fn new(terms: Terms<'a>, config: &'a Config, project: &'a Project, system: &'a System) -> Self {
        let seen = Seen::new(&system.group);
        let (outcome, values, sighted) = (Outcome::default(), OnceCell::new(), BTreeSet::new());
        Self { terms, config, project, system, main: Vec::new(), ages: None, outcome, seen, values, sighted }
    }

    /// Whether it is about a whole project: `check`, or its short form.
    pub(crate) fn is_check(&self) -> bool {
        matches!(self.terms.command, "check" | "status")
    }

    /// The day that ages and ends are counted to.
    pub(crate) fn today(&self) -> Date {
        self.terms.today(self.system)
    }

    /// The report, and what no name in it may show. An ignore may name a commit of one of these repositories.
    pub(crate) fn report(self, repositories: &[&Repository]) -> (Report, Vec<Secret>) {
        let today = self.today();
        let Self { terms, config, outcome, seen, .. } = self;
        let covers = |through: &str, commit| repositories.iter().any(|one| one.covers(through, commit));
        let Terms { command, fail_on, .. } = terms;
        let report = ReportPolicy { config, today, command, fail_on, covers: &covers }.report(outcome);
        (report, seen.into_values())
    }

    /// Takes the ages of the secrets from the ledger.
    pub(crate) fn know_ages(&mut self, located: &Located) {
        match rotation::ages(located, self.config, self.project, self.today(), self.system) {
            Ok(ages) => self.ages = ages,
            Err(problem) => self.outcome.problems.push(problem),
        }
    }

    /// The values in use that are looked for everywhere.
    pub(crate) fn values(&self) -> &Values {
        self.values.get_or_init(|| Values::of(self.project.files.iter().chain(&self.main), &self.system.group))
    }

    /// Does a piece of work on one file or repository; a fault of our own there is a problem, and the rest goes on.
    fn apart(&mut self, about: &RelPath, work: impl FnOnce(&mut Self)) {
        let answer = guarded(Some(about), || work(self));
        self.outcome.problems.extend(answer.err());
    }

    /// Adds what is found in one thing.
    fn find(&mut self, about: &RelPath, artifact: &Artifact<'_>) {
        self.apart(about, |run| {
            let mut found = Vec::new();
            run.judge(artifact, false, &mut found);
            run.outcome.findings.append(&mut found);
        });
    }

    /// Adds what is found in many things, in their order. What is found in one depends on no other, so that it does not
    /// matter which thread judges it.
    fn find_each<'t, T: Sync>(&mut self, things: &'t [T], each: impl Fn(&'t T) -> (&'t RelPath, Artifact<'t>) + Sync) {
        let context = self.context(false);
        let pieces: Vec<&[T]> = things.chunks(PIECE).collect();
        let judge = |done: &mut Vec<_>, piece: usize| {
            let (mut found, mut problems) = (Vec::new(), Vec::new());
            for (about, artifact) in pieces.get(piece).into_iter().flat_map(|things| things.iter()).map(&each) {
                let answer = guarded(Some(about), || {
                    let mut one = Vec::new();
                    checks::run(&artifact, &context, &mut one);
                    one
                });
                match answer {
                    Ok(mut one) => found.append(&mut one),
                    Err(problem) => problems.push(problem),
                }
            }
            done.push((piece, found, problems));
        };
        let mut done: Vec<_> =
            threads::share(threads::count(), pieces.len(), Vec::new, judge).into_iter().flatten().collect();
        done.sort_by_key(|(piece, ..)| *piece);
        for (_, mut found, mut problems) in done {
            self.outcome.findings.append(&mut found);
            self.outcome.problems.append(&mut problems);
        }
    }

    /// The env files of the work tree, each and together.
    pub(crate) fn worktree(&mut self) {
        let project = self.project;
        self.seen.project(project, self.config);
        self.find_each(&project.files, |file| (&file.path, Artifact::File(file)));
        self.find(&RelPath::default(), &Artifact::Project(project));
        self.outcome.problems.extend(project.problems.iter().cloned());
        self.outcome.inline = project.files.iter().flat_map(inline).collect();
        self.outcome.examined.files += project.listed;
        self.outcome.examined.env_files += project.files.iter().filter(|file| file.stat.is_some()).count() as u64;
        self.outcome.examined.declared_harmless += project.declared_harmless(self.config);
        self.outcome.kinds.extend([Kind::EnvFile, Kind::Template, Kind::Project]);
    }

    /// What is deployed: compose files, Dockerfiles, settings, and all of it together.
    pub(crate) fn deployment(&mut self, deployment: &Deployment) {
        let (project, whole) = (&deployment.project, RelPath::default());
        let written = deployment.builds.iter().flat_map(|build| dockerfile_secrets::of_build(build, self.config));
        written.for_each(|held| self.seen.value(&held.value, true));
        self.find_each(&project.stacks, |stack| (&whole, Artifact::Compose(stack, deployment)));
        self.find_each(&deployment.builds, |build| (&whole, Artifact::Dockerfile(build)));
        self.find_each(&project.settings(), |settings| (&whole, Artifact::Settings(settings)));
        self.find(&whole, &Artifact::Deployment(deployment));
        self.outcome.kinds.extend([Kind::Compose, Kind::Dockerfile, Kind::Settings, Kind::Deployment]);
    }

    /// The env files of the index.
    ///
    /// # Errors
    /// An index that cannot be read.
    pub(crate) fn index(&mut self, mount: &Mount<'_>, index: Result<Vec<IndexEntry>, Problem>) -> Result<(), Problem> {
        let index = index?;
        guarded(Some(&mount.dir), || self.entries(mount, index))?
    }

    fn entries(&mut self, mount: &Mount<'_>, index: Vec<IndexEntry>) -> Result<(), Problem> {
        self.outcome.examined.index_entries += index.len() as u64;
        let config = self.config;
        let project = self.project;
        let reading = |path: &RelPath| mount.reading(path, config, project);
        // `preflight` judges what is deployed, with all the files that belong to it.
        if self.terms.command != "preflight" {
            self.tracked_texts(mount, &index)?;
        }
        let mut problems = Vec::new();
        let entries = StagedFile::load(mount.repository, index, &reading, config, &mut problems)?;
        let mut found = Vec::new();
        for mut entry in entries {
            self.seen.add(entry.document.as_ref(), &entry.secrets);
            entry.entry.path = mount.path(&entry.entry.path).unwrap_or(entry.entry.path);
            self.judge(&Artifact::Staged(&entry), false, &mut found);
        }
        self.outcome.findings.append(&mut found);
        self.outcome.problems.append(&mut problems);
        self.outcome.kinds.push(Kind::Staged);
        self.elsewhere_now(mount);
        Ok(())
    }

    /// The history, and every hiding place; or some of the commits alone.
    pub(crate) fn history(&mut self, mount: &Mount<'_>, span: Option<Span>) {
        self.apart(&mount.dir, |run| run.past(mount, span));
    }

    fn past(&mut self, mount: &Mount<'_>, span: Option<Span>) {
        let (config, project, repository) = (self.config, self.project, mount.repository);
        let is_leak = |role| !matches!(role, Role::Template | Role::Encrypted);
        let follows = |path: &RelPath| mount.reading(path, config, project).is_some_and(|one| is_leak(one.role));
        let shaped = |text: &[u8]| is_env_text(text, config);
        let progress = Progress::default();
        let ask = |beside| {
            let wanted = wanted(config, project);
            let sought = self.values().sought();
            let (follows, shaped, progress) = (&follows, &shaped, &progress);
            let question = Question { wanted: &wanted, beside, follows, shaped, sought, span, progress };
            meter::watched(progress, || repository.history(&question))
        };
        let mut history = if project.awaits_names(repository) {
            let history = ask(Some(&Project::may_name_files));
            project.take_names(repository, &history.beside);
            // Mostly they name what is an env file anyway.
            if project.names_tell_more(config) { ask(None) } else { history }
        } else {
            ask(None)
        };
        self.outcome.examined.commits += history.commits;
        self.outcome.examined.objects += history.objects;
        let (left_out, is_cut) = (history.left_out, history.is_cut || span.is_none());
        let mut live = self.project.live(&self.system.group);
        live.add_files(&self.main, &self.system.group);
        let judge = Judge { config, live: &live, group: &self.system.group };
        let path = |path: &RelPath| mount.path(path);
        let reading = |path: &RelPath| mount.reading(path, config, project);
        let placing = Placing { dir: mount.dir.clone(), path: &path, reading: &reading };
        let mut problems = Vec::new();
        let mut exposures = Exposure::load(repository, &history, &placing, &judge, &mut self.seen, &mut problems);
        self.still_written(mount, &mut exposures, &mut problems);
        let (mut found, mut told) = (Vec::new(), Reported::default());
        for mut exposure in exposures {
            told.note(&exposure);
            if span.is_some() {
                // Beside what each commit's parents had, [`Run::templates`] tells them.
                exposure.stood.clear();
            }
            // The same, told by its id.
            history.problems.retain(|problem| !exposure.tells(problem));
            self.judge(&Artifact::History(&exposure), false, &mut found);
        }
        self.sighted.extend(history.values.values());
        self.elsewhere(mount, &history, &told);
        self.outcome.problems.extend(history.problems.drain(..).map(|problem| mount.problem(problem)));
        self.outcome.findings.append(&mut found);
        let mut gaps = gaps(repository, left_out, problems);
        gaps.retain(|gap| gap.kind != ProblemKind::ShallowClone || is_cut);
        self.outcome.problems.extend(gaps.into_iter().map(|gap| mount.problem(gap)));
        self.outcome.kinds.push(Kind::History);
    }

    /// Forgets what was said to be replaced and is in a file that is tracked or deployed.
    fn still_written(&self, mount: &Mount<'_>, exposures: &mut [Exposure], problems: &mut Vec<Problem>) {
        let replaced: Vec<&Secret> =
            exposures.iter().flat_map(|exposure| exposure.replaced.iter().map(|(_, value)| value)).collect();
        let Some(top) = mount.repository.workdir().filter(|_| !replaced.is_empty()) else { return };
        let (Ok(root), Ok(index)) = (Root::open(top), mount.repository.index(None)) else {
            // What is tracked is not known: nor is, then, what was replaced.
            return exposures.iter_mut().for_each(|exposure| exposure.still_written(&|_| true));
        };
        let tracked: Vec<RelPath> = index.into_iter().map(|entry| entry.path).collect();
        let group = &self.system.group;
        let written = Written::find(&replaced, self.project, (&root, &tracked), group, problems);
        exposures.iter_mut().for_each(|exposure| exposure.still_written(&|value| written.has(value, group)));
    }

    pub(crate) fn judge(&self, artifact: &Artifact<'_>, staged_only: bool, found: &mut Vec<Finding>) {
        checks::run(artifact, &self.context(staged_only), found);
    }

    /// What one check says alone.
    pub(crate) fn ask(&self, judge: checks::Judge, artifact: &Artifact<'_>, found: &mut Vec<Finding>) {
        judge(artifact, &self.context(false), found);
    }

    /// What one check says alone of a change.
    pub(crate) fn ask_of_change(&self, judge: checks::Judge, artifact: &Artifact<'_>, found: &mut Vec<Finding>) {
        judge(artifact, &self.context(true), found);
    }

    fn context(&self, staged_only: bool) -> Context<'_> {
        Context {
            config: self.config,
            project: self.project,
            user: self.system.user,
            staged_only,
            group: &self.system.group,
            ages: self.ages.as_ref(),
            today: self.today(),
        }
    }
}

/// What is missing as a whole. In a partial clone missing objects are one gap, and none where all that was asked for
/// is there.
fn gaps(repository: &Repository, left_out: bool, mut problems: Vec<Problem>) -> Vec<Problem> {
    let mut gaps = repository.gaps();
    if gaps.iter().any(|gap| gap.kind == ProblemKind::PartialClone) {
        let count = problems.len();
        problems.retain(|problem| problem.kind != ProblemKind::MissingObject);
        if problems.len() == count && !left_out {
            gaps.retain(|gap| gap.kind != ProblemKind::PartialClone);
        }
    }
    problems.append(&mut gaps);
    problems
}

fn inline(file: &ProjectFile) -> Vec<Inline> {
    let Some(document) = &file.document else { return Vec::new() };
    let of = |(index, assignment): (usize, &Assignment)| {
        let (line, key) = (assignment.line, assignment.key.clone());
        document.ignores(index).into_iter().map(move |ignore| Inline {
            path: file.path.clone(),
            line,
            key: key.clone(),
            at: ignore.line,
            check: ignore.check,
            has_reason: ignore.has_reason,
        })
    };
    file.assignments().flat_map(of).collect()
}
