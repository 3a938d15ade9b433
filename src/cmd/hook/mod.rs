//! `envward hook`: git's hooks, put in place, taken out, run.

pub(crate) mod calls;
mod git_hooks_path;
mod install;
mod lost_env_files;
mod push;
mod site;
mod status;
mod steps;

use std::io::Write;
use std::path::Path;

use super::output::lost;
use crate::check::Severity;
use crate::cli::{Hook, HookName, HookTarget};
use crate::config::Config;
use crate::engine::run::Run;
use crate::engine::staged::{self, Answer, Asked};
use crate::engine::terms::Terms;
use crate::engine::{locate, rotation};
use crate::error::Error;
use crate::git::{Care, Repository, Staged};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Project, Watch};
use crate::report::hook_screen::{self, Next};
use crate::secret::mask::Mask;
use crate::system::System;
use crate::text;

/// Runs it.
pub(super) fn run(hook: &Hook, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    match hook {
        Hook::Install(target) => masked(install::install, target, system, out),
        Hook::Uninstall(target) => masked(install::uninstall, target, system, out),
        Hook::Status(target) => masked(status::status, target, system, out),
        Hook::Run { hook, args } => {
            let (done, about) = match hook {
                HookName::PreCommit => (pre_commit(system, out), &hook_screen::COMMIT),
                HookName::PreMergeCommit => (pre_merge_commit(system, out), &hook_screen::COMMIT),
                HookName::PrePush => (push::pre_push(args, system, out), &hook_screen::PUSH),
                HookName::PreReceive => (push::pre_receive(system, out), &hook_screen::RECEIVE),
                HookName::PostCheckout | HookName::PostMerge | HookName::PostRewrite => return modes(system, out),
            };
            // git stops for an error, too, and says nothing of it.
            if done.is_err() {
                hook_screen::stopped(about, system.style, out).map_err(|error| lost(&error))?;
            }
            done
        }
    }
}

/// A verb about hooks.
type Verb = fn(&HookTarget, &System, &mut dyn Write) -> Result<Status, Error>;

/// Runs it with the project's values taken out of what it says: a setting names the hooks' directory.
fn masked(verb: Verb, target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let mut text = Vec::new();
    let done = verb(target, system, &mut text);
    // git's template is the user's own, and no project's.
    let project = if target.global { None } else { mask_at(target.path.as_deref(), system).ok() };
    let mask = project.unwrap_or_else(|| Mask::new(Vec::new()));
    out.write_all(&mask.apply(&text)).map_err(|error| lost(&error))?;
    done.map_err(|error| mask.error(error))
}

fn mask_at(path: Option<&Path>, system: &System) -> Result<Mask, Error> {
    let located = locate::project(path, system)?;
    let config = locate::configuration(&located.root, None, system)?;
    let repository = located.repository.as_ref();
    let project = Project::load(&located.root, &RelPath::default(), false, &config, repository)?;
    Ok(rotation::mask_of(&project, &config, system))
}

/// What the next commit would change. A change that touches no secret warns and passes.
fn pre_commit(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let asked = Asked { terms: TERMS, live: &[], is_hook: true };
    let answer = match repository(system) {
        Ok(repository) => staged::index(&asked, &repository, system)?,
        Err(problem) => staged::unseen(&asked, problem, system)?,
    };
    say(answer, &hook_screen::COMMIT, &Next::default(), system, out)
}

/// The same. git has written the files of the merge already: an env file that it replaced is not what it was.
fn pre_merge_commit(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let status = pre_commit(system, out)?;
    if status != Status::Clean {
        let at = WorkTree::open(system)?;
        at.iter().try_for_each(|at| at.say_what_is_lost(system, out))?;
    }
    Ok(status)
}

/// The work tree after git wrote to it.
struct WorkTree {
    config: Config,
    project: Project,
    entries: Vec<Staged>,
}

impl WorkTree {
    /// Reads the env files; `None` in a bare repository.
    fn open(system: &System) -> Result<Option<Self>, Error> {
        let repository = repository(system)?;
        let Some(root) = repository.workdir() else { return Ok(None) };
        let config = locate::configuration(root, None, system)?;
        let watch = Watch::new(&config);
        let index = repository.read_index(system.index_file.as_deref(), Care::Whole)?;
        let mut entries = repository.changes(&index, &[], &|path| watch.sees(path))?;
        entries.retain(|entry| watch.sees(entry.path.as_bytes()));
        let project = Project::nearby(root, entries.iter(), &config)?;
        Ok(Some(Self { config, project, entries }))
    }

    /// Names the env files that git took or replaced.
    fn say_what_is_lost(&self, system: &System, out: &mut dyn Write) -> Result<(), Error> {
        let is_tracked = |path: &RelPath| self.entries.iter().any(|entry| entry.path == *path);
        let lines = lost_env_files::lines(&self.config, &self.project, &is_tracked, system);
        lines.iter().try_for_each(|line| writeln!(out, "{line}")).map_err(|error| lost(&error))
    }
}

/// What git did to the env files: those that it took or replaced, and the modes of what it may have written again.
/// Nothing is stopped: it has happened.
fn modes(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let Some(at) = WorkTree::open(system)? else { return Ok(Status::Clean) };
    let mut run = Run::new(TERMS, &at.config, &at.project, system);
    at.project.files.iter().for_each(|file| run.seen.file(file));
    staged::modes(&mut run);
    at.say_what_is_lost(system, out)?;
    let (report, values) = run.report(&[]);
    say(Answer { report, values, aside: Vec::new() }, &hook_screen::COMMIT, &Next::default(), system, out)?;
    Ok(Status::Clean)
}

/// The repository in which git runs the hook: `GIT_DIR` where git says it (a bare repository with a work tree
/// elsewhere, a linked work tree), else the one that the current directory is in.
fn repository(system: &System) -> Result<Repository, Problem> {
    match &system.git_dir {
        Some(git_dir) => {
            let work_tree = system.work_tree.as_ref().map(|tree| system.directory.join(tree));
            Repository::at(&system.directory.join(git_dir), &system.directory, work_tree)
        }
        None => Repository::discover(&system.directory)?.ok_or(Problem::whole(ProblemKind::NotARepository)),
    }
}

/// By what a hook's report is judged: a warning stops nothing.
const TERMS: Terms<'static> = Terms { command: "hook run", config: None, as_of: None, fail_on: Severity::Error };

fn say(
    answer: Answer,
    about: &hook_screen::About,
    next: &Next,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let Answer { report, values, aside } = answer;
    let mask = Mask::new(values);
    let (report, aside) = (report.masked(&mask), mask.problems(aside));
    let masked = |text: &String| mask.text(text);
    let next = Next { all: next.all.as_ref().map(masked), steps: next.steps.iter().map(masked).collect() };
    hook_screen::write(&report, &aside, about, &next, system.style, out).map_err(|error| lost(&error))?;
    Ok(report.status)
}

/// A line of a verb about hooks.
fn say_line(out: &mut dyn Write, text: &str) -> Result<(), Error> {
    writeln!(out, "{text}").map_err(|error| lost(&error))
}

/// Where a path of the file system is shown.
fn shown(path: &Path) -> String {
    text::sanitize(std::os::unix::ffi::OsStrExt::as_bytes(path.as_os_str()))
}
