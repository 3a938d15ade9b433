//! One repository, scanned.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::here;
use super::live::{add_live, unsought};
use super::locate;
use super::mount::Mount;
use super::run::Run;
use super::staged::{self, Answer, Asked};
use super::terms::Terms;
use crate::config::{self, Config};
use crate::env::Key;
use crate::error::Error;
use crate::git::{IndexEntry, Module, Oid, Repository, Span};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::project::{FoundSecret, Project, ProjectFile};
use crate::report::advice::More;
use crate::secret::Secret;
use crate::system::System;

/// One repository's part.
pub(crate) struct Scanned {
    pub(crate) report: Report,
    /// What no name in the whole report may show.
    pub(crate) values: Vec<Secret>,
    /// The top of the work tree, or what was asked for.
    pub(crate) root: PathBuf,
    /// The file that git-filter-repo replaces values by, where it was asked for and there is one.
    pub(crate) replacements: Option<Secret>,
    /// What the advice takes.
    pub(crate) more: More,
    /// The last day, from today on, on which an ignore or an acceptance counts: on the next one the report may say more.
    pub(crate) until: Option<Date>,
}

impl Scanned {
    /// Of a repository that need not be scanned.
    pub(crate) fn nothing(report: Report) -> Self {
        let (values, root, replacements, more, until) = Default::default();
        Self { report, values, root, replacements, more, until }
    }
}

/// How much of a repository is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Depth {
    /// Index, history, submodules.
    Whole,
    /// The index: another work tree showed the rest.
    Index,
}

/// What of a repository is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Options<'a> {
    /// By what it is judged.
    pub(crate) terms: Terms<'a>,
    /// `--live`: env files whose values are looked for besides.
    pub(crate) live: &'a [PathBuf],
    /// `--staged`: only what the next commit would change.
    pub(crate) staged: bool,
    /// `--range`.
    pub(crate) range: Option<&'a str>,
    /// `--since-commit`.
    pub(crate) since: Option<&'a str>,
    /// `--replacements`: whether the values that were found are wanted, to replace them.
    pub(crate) replacements: bool,
    /// `--advice`: whether it is wanted what to do.
    pub(crate) advice: bool,
}

/// Scans the repository that a path is in.
pub(crate) fn one(path: Option<&Path>, args: &Options<'_>, depth: Depth, system: &System) -> Result<Scanned, Error> {
    let (place, is_file) = locate::place(path, system)?;
    let dir = if is_file { place.parent().unwrap_or(&place) } else { &place };
    let found = Repository::discover(dir).and_then(|found| found.ok_or(Problem::whole(ProblemKind::NotARepository)));
    if args.staged {
        return staged(args, found, dir, system);
    }
    let mut problems = Vec::new();
    let (opened, config) = match found {
        Ok(repository) => {
            let index = repository.index(None);
            let span = span(&repository, args)?;
            let config = configuration(&repository, span, args, system)?;
            (Some((repository, index, span)), config)
        }
        Err(problem) => {
            problems.push(problem);
            (None, Config::default())
        }
    };
    // A repository is scanned whole, wherever in it one stands.
    let opened_at = opened.as_ref().map(|(repository, ..)| (repository, repository.workdir()));
    let mut project = match opened_at {
        Some((repository, Some(top))) => {
            // Before a pull it counts which env files git does not track here.
            let repository = args.range.map(|_| repository);
            Project::load(top, &RelPath::default(), false, &config, repository)?
        }
        _ => Project::default(),
    };
    problems.extend(unsought(&project, args.live, &config, system));
    problems.extend(add_live(&mut project, args.live, &config, system)?);
    let mut run = Run::new(args.terms, &config, &project, system);
    run.outcome.problems = problems;
    run.outcome.whole = true;
    run.seen.project(&project, &config);
    let mut modules = Vec::new();
    let repository = match opened {
        Some((repository, index, span)) => {
            run.know_main(&repository);
            modules = examine(&mut run, &repository, index, span, depth);
            Some(repository)
        }
        None => None,
    };
    let replacements = args.replacements.then(|| run.values().replacements(&run.sighted)).flatten();
    let (report, values) = run.report(repository.as_ref().as_slice());
    let by_hand = by_hand(&project);
    let root = repository.as_ref().and_then(Repository::workdir).unwrap_or(dir).to_path_buf();
    let until = last_day(&config, args.terms.today(system));
    let here = match repository.filter(|_| args.advice) {
        Some(repository) => here::of(&repository, &report, &modules),
        None => Vec::new(),
    };
    Ok(Scanned { report, values, root, replacements, more: More { modules, by_hand, here }, until })
}

/// The first day, from today on, with which an ignore or an acceptance ends.
fn last_day(config: &Config, today: Date) -> Option<Date> {
    let ignores = config.ignores.iter().filter_map(|ignore| ignore.until);
    let accepts = config.accepts.iter().filter_map(|accept| accept.until);
    ignores.chain(accepts).filter(|until| *until >= today).min()
}

/// The secrets of which no new value can be made here.
fn by_hand(project: &Project) -> BTreeSet<(RelPath, Key)> {
    let of = |file: &ProjectFile, secret: &FoundSecret| {
        let key = secret.key.clone().filter(|_| file.is_by_hand(secret))?;
        Some((file.path.clone(), key))
    };
    project.files.iter().flat_map(|file| file.in_use().filter_map(move |secret| of(file, secret))).collect()
}

/// What the next commit would change, and nothing else.
fn staged(
    args: &Options<'_>,
    found: Result<Repository, Problem>,
    dir: &Path,
    system: &System,
) -> Result<Scanned, Error> {
    let asked = Asked { terms: args.terms, live: args.live, is_hook: false };
    let root = found.as_ref().map_or_else(|_| dir.to_path_buf(), staged::root);
    let Answer { report, values, .. } = match found {
        Ok(repository) => staged::index(&asked, &repository, system)?,
        Err(problem) => staged::unseen(&asked, problem, system)?,
    };
    Ok(Scanned { root, values, ..Scanned::nothing(report) })
}

/// Index and history of the repository and of its submodules, whose places it gives; of some commits alone, where a span
/// says so.
fn examine(
    run: &mut Run<'_>,
    repository: &Repository,
    index: Result<Vec<IndexEntry>, Problem>,
    span: Option<Span>,
    depth: Depth,
) -> Vec<RelPath> {
    let mount = Mount { repository, prefix: RelPath::default(), dir: RelPath::default() };
    let is_bare = run.project.awaits_names(repository);
    if is_bare && (span.is_some() || depth == Depth::Index) {
        run.project.find_names(repository);
    }
    if let Some(span) = span {
        run.history(&mount, Some(span));
        // Since a commit there may be nothing new; who names both ends means what is between them.
        if run.outcome.examined.commits == 0 && !matches!(span, Span::Since(_)) {
            run.outcome.problems.push(Problem::whole(ProblemKind::EmptyRange));
        }
        if let Err(problem) = run.changes_of_span(repository, span) {
            run.outcome.problems.push(left_out(repository, problem));
        }
        run.overwritten_by_pull();
        return Vec::new();
    }
    // Without a work tree the history says what the files of the index are.
    if is_bare && depth == Depth::Whole {
        run.history(&mount, None);
    }
    if let Err(problem) = run.index(&mount, index) {
        run.outcome.problems.push(problem);
    }
    if depth == Depth::Index {
        return Vec::new();
    }
    if !is_bare {
        run.history(&mount, None);
    }
    let mut modules = Vec::new();
    for Module { path, repository } in repository.modules(&mut run.outcome.problems) {
        let mount = Mount { repository: &repository, prefix: RelPath::default(), dir: path };
        if let Err(problem) = run.index(&mount, repository.index(None)) {
            run.outcome.problems.push(mount.problem(problem));
        }
        run.history(&mount, None);
        modules.push(mount.dir);
    }
    modules
}

/// What a partial clone left out is one gap, which can be accepted.
fn left_out(repository: &Repository, problem: Problem) -> Problem {
    let is_partial = || repository.gaps().iter().any(|gap| gap.kind == ProblemKind::PartialClone);
    match problem.kind {
        ProblemKind::MissingObject if is_partial() => Problem::whole(ProblemKind::PartialClone),
        _ => problem,
    }
}

/// The commits that `--range` and `--since-commit` name. Without a name on one side of the dots it is HEAD, as in git.
fn span(repository: &Repository, args: &Options<'_>) -> Result<Option<Span>, Error> {
    let commit = |spec: &str| {
        let found = repository.resolve(if spec.is_empty() { "HEAD" } else { spec });
        found.map_err(|problem| match problem.kind {
            ProblemKind::BrokenRef if is_shallow(repository) => cut_off(),
            // What was typed may be anything, and is not shown again.
            ProblemKind::BrokenRef => Error::NoSuchCommit,
            _ => Error::Problem(problem),
        })
    };
    if let Some(since) = args.since {
        return Ok(Some(Span::Since(commit(since)?)));
    }
    let Some(range) = args.range else { return Ok(None) };
    if let Some((one, other)) = range.split_once("...") {
        return Ok(Some(Span::Apart(commit(one)?, commit(other)?)));
    }
    let (from, to) = range.split_once("..").ok_or(Error::usage(
        "--range takes two commits with dots between them",
        "such as --range main..HEAD or --range main...HEAD",
    ))?;
    Ok(Some(Span::Between(commit(from)?, commit(to)?)))
}

/// What is not in a shallow clone is most likely what was cut off.
fn cut_off() -> Error {
    Error::Problem(Problem::whole(ProblemKind::ShallowClone))
}

fn is_shallow(repository: &Repository) -> bool {
    repository.gaps().iter().any(|gap| gap.kind == ProblemKind::ShallowClone)
}

/// Of `--config`; for a range the one at its beginning, for what comes in must not hide itself; else that of the work
/// tree's top. A bare repository has the one at HEAD.
fn configuration(
    repository: &Repository,
    span: Option<Span>,
    args: &Options<'_>,
    system: &System,
) -> Result<Config, Error> {
    let at = |commit: Oid| {
        let found = repository.at_commit(commit, &RelPath::from(config::FILE));
        found.map_err(|problem| match problem.kind {
            ProblemKind::MissingObject if is_shallow(repository) => cut_off(),
            _ => Error::Problem(problem),
        })
    };
    let blob = match (args.terms.config, span, repository.workdir()) {
        (Some(given), ..) => return locate::configuration(Path::new("."), Some(given), system),
        (None, Some(Span::Since(from) | Span::Between(from, _) | Span::Apart(from, _)), _) => at(from)?,
        (None, None, Some(top)) => return locate::configuration(top, None, system),
        (None, None, None) => match repository.resolve("HEAD") {
            Ok(head) => at(head)?,
            Err(_) => None,
        },
    };
    blob.map_or_else(|| Ok(Config::default()), |blob| staged::configuration_of(repository, blob))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "a test makes a repository")]
mod tests {
    use std::fs;

    use super::*;
    use crate::finding::Severity;
    use crate::git;
    use crate::work;

    /// How often every object of a repository is read whose compose file names this env file; and where something is found:
    /// in the index and in the history.
    fn reads(env_file: &str) -> (u64, Vec<String>) {
        let dir = tempfile::tempdir().unwrap();
        let (work_tree, bare) = (dir.path().join("work"), dir.path().join("bare.git"));
        fs::create_dir_all(&work_tree).unwrap();
        let git = |arguments: &[&str]| git::make(&work_tree, "2026-01-05T09:00:00+00:00", arguments).unwrap();
        git(&["init", "--quiet", "--initial-branch=main"]);
        let compose = format!("services:\n  app:\n    image: app:1\n    env_file: [{env_file}]\n");
        fs::write(work_tree.join("compose.yaml"), compose).unwrap();
        fs::write(work_tree.join(env_file), "PORT=1\n").unwrap();
        git(&["add", "--force", "."]);
        git(&["commit", "--quiet", "--message", "start"]);
        git(&["config", "core.bare", "true"]);
        fs::rename(work_tree.join(".git"), &bare).unwrap();

        let system = System { state: None, ..System::ask().unwrap() };
        let terms = Terms { command: "scan", config: None, as_of: None, fail_on: Severity::Warning };
        let options =
            Options { terms, live: &[], staged: false, range: None, since: None, replacements: false, advice: false };
        let mut paths = Vec::new();
        let steps = work::steps(|| {
            let scanned = one(Some(&bare), &options, Depth::Whole, &system).unwrap();
            assert!(scanned.report.problems.is_empty(), "{:?}", scanned.report.problems);
            paths = scanned.report.findings.iter().map(|finding| format!("{:?}", finding.path())).collect();
        });
        (steps, paths)
    }

    /// A mirror may be large, and compose files mostly name what is an env file anyway.
    #[test]
    fn a_repository_without_a_work_tree_is_read_once() {
        let (steps, paths) = reads(".env");
        assert_eq!((steps, paths.len()), (1, 2), "{paths:?}");
        let (steps, paths) = reads("settings");
        assert_eq!((steps, paths.len()), (2, 2), "{paths:?}");
    }
}
