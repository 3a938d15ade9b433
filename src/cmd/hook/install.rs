//! Putting the hooks in place, and taking them out. A hook that is there is kept, and run before ours.

use std::io::Write;
use std::path::{Path, PathBuf};

use super::shown;
use crate::cli::HookTarget;
use crate::cmd::hook::git_hooks_path;
use crate::cmd::output::lost;
use crate::engine::locate;
use crate::error::Error;
use crate::files;
use crate::git::{self, Repository};
use crate::hook::{ALL, Found, Place};
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::{Problem, ProblemKind};
use crate::system::System;
use crate::text::wrap;

/// Puts all hooks in place.
pub(super) fn install(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let mut is_bare = false;
    let (dir, is_shared) = match target.global {
        true => (template(system, true)?, false),
        false => {
            let repository = repository(target, system)?;
            let dir = git_hooks_path::hooks_dir(&repository)?;
            let is_shared = is_in_work_tree(&repository, &dir);
            is_bare = repository.workdir().is_none();
            if !is_shared && !dir.starts_with(repository.common_dir()) {
                say(
                    out,
                    &format!(
                        "git reads hooks from {}: they run in every repository that uses this directory",
                        shown(&dir)
                    ),
                )?;
            }
            (Some(dir), is_shared)
        }
    };
    let Some(dir) = dir else {
        return Err(Error::blocked("HOME is not set, so git has no template directory", "set HOME, and install again"));
    };
    let program = system.own_program()?;
    let mut places = Vec::new();
    // All are examined before one is written.
    for script in &ALL {
        let place = Place::new(&dir, script);
        let found = place.found(script)?;
        if found == Found::Foreign && place.has_before() && !place.is_kept() {
            return Err(Error::TwoHooks(place.path, place.before));
        }
        places.push((script, place, found));
    }
    std::fs::create_dir_all(&dir).map_err(|error| Error::io("make", &dir, &error))?;
    let (mut installed, mut kept, mut chained, mut named) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for (script, place, found) in places {
        match found {
            Found::Calling | Found::Behind => {
                kept.push(script.name);
                continue;
            }
            Found::Named(hook) => {
                named.push((script.name, hook));
                continue;
            }
            Found::Foreign => {
                place.keep().map_err(|error| Error::io("rename", &place.path, &error))?;
                chained.push(script.name);
            }
            Found::Ours(_) | Found::Nothing => {}
        }
        let written = place.put(&script.running(program));
        if let Err(error) = written {
            // As it was: the other hook must not be lost.
            if chained.contains(&script.name) {
                drop(place.give_back());
            }
            return Err(Error::io("write", &place.path, &error));
        }
        installed.push(script.name);
    }
    list("hooks installed in", &dir, &installed, system, out)?;
    for name in chained {
        say(out, &format!("  {name} runs the existing hook first: {name}.before-envward"))?;
    }
    for name in kept {
        say(out, &format!("  {name} already runs envward: not changed"))?;
    }
    for (name, hook) in &named {
        say(out, &format!("  {name} belongs to another tool; add the next line to {}", shown(hook)))?;
        say(out, &format!("    envward hook run {name} \"$@\" || exit"))?;
    }
    if is_shared {
        say(out, "do not commit these hooks: they are in the work tree, and contain a path of this machine")?;
    }
    if is_bare {
        bare(system, out)?;
    }
    if target.global {
        say(out, "repositories that you create or clone from now on get these hooks")?;
        say(out, "to add them to an existing repository, run in it: git init")?;
    }
    Ok(if named.is_empty() { Status::Clean } else { Status::Findings })
}

/// Says what these hooks do not do in a repository that is pushed to.
fn bare(system: &System, out: &mut dyn Write) -> Result<(), Error> {
    let text = "this is a bare repository: a push to it runs none of these hooks. To check what it receives, copy \
                hooks/pre-receive of envward into its hooks directory (see `On a server` in docs/hooks.md)";
    wrap(text, system.style.width).iter().try_for_each(|line| say(out, line))
}

/// Takes our hooks out, and puts back those that stood there before.
pub(super) fn uninstall(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let Some(dir) = wanted(target, system)? else { return none(out) };
    let (mut removed, mut restored) = (Vec::new(), Vec::new());
    for script in &ALL {
        let place = Place::new(&dir, script);
        if !matches!(place.found(script)?, Found::Ours(_)) {
            continue;
        }
        removed.push(script.name);
        if place.has_before() {
            std::fs::rename(&place.before, &place.path).map_err(|error| Error::io("rename", &place.before, &error))?;
            restored.push(script.name);
        } else {
            std::fs::remove_file(&place.path).map_err(|error| Error::io("remove", &place.path, &error))?;
        }
    }
    if removed.is_empty() {
        return none(out);
    }
    list("hooks removed from", &dir, &removed, system, out)?;
    for name in restored {
        say(out, &format!("  {name}: the earlier hook is back"))?;
    }
    Ok(Status::Clean)
}

/// The names of hooks, below what was done with them.
fn list(done: &str, dir: &Path, names: &[&str], system: &System, out: &mut dyn Write) -> Result<(), Error> {
    if names.is_empty() {
        return say(out, &format!("no {done} {}", shown(dir)));
    }
    say(out, &format!("{done} {}:", shown(dir)))?;
    let lines = wrap(&names.join(", "), system.style.width.saturating_sub(2));
    lines.iter().try_for_each(|line| say(out, &format!("  {line}")))
}

fn none(out: &mut dyn Write) -> Result<Status, Error> {
    say(out, "envward has no hook here: nothing was removed")?;
    Ok(Status::Clean)
}

/// Clean with every hook in place as this program would install it, findings else.
pub(super) fn status(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let Some(dir) = wanted(target, system)? else {
        say(
            out,
            "git has no template directory, so no hook is installed\nto install the hooks: envward hook install --global",
        )?;
        return Ok(Status::Findings);
    };
    let repository = if target.global { None } else { Some(repository(target, system)?) };
    let said_by = repository.as_ref().and_then(|repository| git_hooks_path::said_by(repository, &dir));
    match said_by {
        Some(said_by) => say(out, &format!("hooks in {} ({said_by}):", shown(&dir)))?,
        None => say(out, &format!("hooks in {}:", shown(&dir)))?,
    }
    let program = system.own_program()?;
    let mut status = Status::Clean;
    for script in &ALL {
        let place = Place::new(&dir, script);
        let (word, is_right) = match place.found(script)? {
            Found::Ours(text) if text != script.running(program) => ("from another envward, or changed", false),
            Found::Ours(_) | Found::Calling if !place.is_executable() => {
                ("not executable, so git does not run it", false)
            }
            Found::Ours(_) if place.has_before() => ("installed; runs the earlier hook first", true),
            Found::Ours(_) => ("installed", true),
            Found::Calling => ("another hook, which runs envward", true),
            Found::Behind => ("installed; the pre-commit framework runs it", true),
            Found::Named(_) => ("another tool's hook, without envward", false),
            Found::Foreign => ("another hook, without envward", false),
            Found::Nothing => ("not installed", false),
        };
        say(out, &format!("  {:17} {word}", script.name))?;
        if !is_right {
            status = Status::Findings;
        }
    }
    if repository.is_some_and(|repository| repository.workdir().is_none()) {
        bare(system, out)?;
    }
    if status == Status::Findings {
        let global = if target.global { " --global" } else { "" };
        say(out, &format!("to install the hooks: envward hook install{global}"))?;
    }
    Ok(status)
}

fn wanted(target: &HookTarget, system: &System) -> Result<Option<PathBuf>, Error> {
    if target.global {
        template(system, false)
    } else {
        Ok(Some(git_hooks_path::hooks_dir(&repository(target, system)?)?))
    }
}

fn repository(target: &HookTarget, system: &System) -> Result<Repository, Error> {
    let (place, _) = locate::place(target.path.as_deref(), system)?;
    Ok(Repository::discover(&place)?.ok_or(Problem::whole(ProblemKind::NotARepository))?)
}

/// Whether git would take what lies in a directory for the project's own. What is ignored there is not.
fn is_in_work_tree(repository: &Repository, dir: &Path) -> bool {
    let below = repository.workdir().and_then(|top| RelPath::below(top, dir));
    let below = below.filter(|_| !dir.starts_with(repository.common_dir()));
    below.is_some_and(|dir| !repository.is_ignored(&dir.join(b"pre-commit")).unwrap_or(false))
}

/// The hooks of `init.templateDir`, which git copies into every new repository. Where there is none it is made, if that
/// is asked for: then it must also hold what git's own template would have given.
fn template(system: &System, is_made: bool) -> Result<Option<PathBuf>, Error> {
    if let Some(dir) = git::template_dir()? {
        return Ok(Some(system.directory.join(dir).join("hooks")));
    }
    let Some(dir) = system.config.as_ref().map(|home| home.join("git/template")).filter(|_| is_made) else {
        return Ok(None);
    };
    if !git::users_config_is_a_file() {
        return Err(Error::blocked(
            "GIT_CONFIG_GLOBAL names something that is not a file, so git cannot keep a setting there",
            "unset GIT_CONFIG_GLOBAL, and install again",
        ));
    }
    make_template(&dir)?;
    git::set_template_dir(&dir)?;
    Ok(Some(dir.join("hooks")))
}

fn make_template(dir: &Path) -> Result<(), Error> {
    let (info, exclude) = (dir.join("info"), dir.join("info/exclude"));
    std::fs::create_dir_all(&info).map_err(|error| Error::io("make", &info, &error))?;
    if exclude.symlink_metadata().is_err() {
        let text = b"# Patterns of files that only this clone ignores; see gitignore(5).\n";
        files::write_public(&exclude, text).map_err(|error| Error::io("write", &exclude, &error))?;
    }
    Ok(())
}

fn say(out: &mut dyn Write, text: &str) -> Result<(), Error> {
    writeln!(out, "{text}").map_err(|error| lost(&error))
}
