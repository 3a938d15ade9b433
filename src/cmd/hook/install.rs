//! Putting the hooks in place, and taking them out. A hook that is there is kept, and run before ours.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::calls::{self, ByHand};
use super::{say_line, shown, site};
use crate::cli::HookTarget;
use crate::error::Error;
use crate::hook::{ALL, Found, Script, Site, Tool};
use crate::policy::Status;
use crate::system::System;
use crate::text::wrap;

/// Puts all hooks in place.
pub(super) fn install(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let repository = site::repository(target, system)?;
    let Some(site) = site::site(repository.as_ref(), true, system)? else {
        return Err(Error::blocked("HOME is not set, so git has no template directory", "set HOME, and install again"));
    };
    let found = all(&site)?;
    let (word, mut by_hand) = (calls::program(repository.as_ref(), system)?, ByHand::default());
    found.iter().for_each(|(script, found)| by_hand.see(script, &site, found, &word));
    let is_ours = |found: &Found| matches!(found, Found::Ours(_) | Found::Nothing | Found::Foreign);
    let writes = found.iter().any(|(_, found)| is_ours(found));
    if writes && site.is_shared() {
        let dir = shown(&site.dir);
        tell(
            &format!("git reads hooks from {dir}: they run in every repository that uses this directory"),
            system,
            out,
        )?;
    }
    if writes {
        put_all(&site, &found, system, out)?;
    }
    for (script, found) in &found {
        match found {
            Found::Calling | Found::Behind => {
                say_line(out, &format!("  {} already runs envward: not changed", script.name))?;
            }
            Found::Through(file) => {
                say_line(out, &format!("  {} already runs envward, by {file}: not changed", script.name))?;
            }
            _ => {}
        }
    }
    by_hand.write(&site, system, out)?;
    if writes && site.is_committed("pre-commit") {
        tell("do not commit these hooks: they are in the work tree, and contain a path of this machine", system, out)?;
    }
    if repository.as_ref().is_some_and(|repository| repository.workdir().is_none()) {
        bare(system, out)?;
    }
    if target.global {
        say_line(out, "repositories that you create or clone from now on get these hooks")?;
        say_line(out, "to add them to an existing repository, run in it: git init")?;
    }
    Ok(if by_hand.is_empty() { Status::Clean } else { Status::Findings })
}

/// What is in the place of each hook. All are examined before one is written.
fn all(site: &Site<'_>) -> Result<Vec<(&'static Script, Found)>, Error> {
    let mut all = Vec::new();
    for script in &ALL {
        let (place, found) = (site.place(script), site.found(script)?);
        if found == Found::Foreign && place.has_before() && !place.is_kept() && !place.is_outdated()? {
            return Err(Error::TwoHooks(place.path, place.before));
        }
        all.push((script, found));
    }
    Ok(all)
}

/// Writes those that are ours to write.
fn put_all(site: &Site<'_>, found: &[(&Script, Found)], system: &System, out: &mut dyn Write) -> Result<(), Error> {
    std::fs::create_dir_all(&site.dir).map_err(|error| Error::io("make", &site.dir, &error))?;
    let program = system.own_program()?;
    let (mut installed, mut chained, mut tools) = (Vec::new(), Vec::new(), BTreeSet::new());
    for (script, found) in found {
        let place = site.place(script);
        match found {
            Found::Foreign => {
                tools.extend(place.tool());
                place.keep().map_err(|error| Error::io("rename", &place.path, &error))?;
                chained.push(script.name);
            }
            Found::Ours(_) | Found::Nothing => {}
            _ => continue,
        }
        if let Err(error) = place.put(&script.running(program)) {
            // As it was: the other hook must not be lost.
            if chained.contains(&script.name) {
                drop(place.give_back());
            }
            return Err(Error::io("write", &place.path, &error));
        }
        installed.push(script.name);
    }
    list("hooks installed in", &site.dir, &installed, system, out)?;
    for name in chained {
        say_line(out, &format!("  {name} runs the existing hook first: {name}.before-envward"))?;
    }
    tools.into_iter().filter_map(Tool::advice).try_for_each(|advice| tell(advice, system, out))
}

/// Says what these hooks do not do in a repository that is pushed to.
pub(super) fn bare(system: &System, out: &mut dyn Write) -> Result<(), Error> {
    let text = "this is a bare repository: a push to it runs none of these hooks. To check what it receives, copy \
                hooks/pre-receive of envward into its hooks directory (see `On a server` in docs/hooks.md)";
    tell(text, system, out)
}

/// Takes our hooks out, and puts back those that stood there before.
pub(super) fn uninstall(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let repository = site::repository(target, system)?;
    let Some(site) = site::site(repository.as_ref(), false, system)? else { return none(out) };
    let (mut removed, mut restored, mut calling) = (Vec::new(), Vec::new(), Vec::new());
    for script in &ALL {
        let place = site.place(script);
        match site.found(script)? {
            Found::Ours(_) => removed.push(script.name),
            Found::Calling => {
                calling.push(shown(&place.called_in(script)));
                continue;
            }
            Found::Through(file) => {
                calling.push(file.to_owned());
                continue;
            }
            _ => continue,
        }
        if place.has_before() {
            std::fs::rename(&place.before, &place.path).map_err(|error| Error::io("rename", &place.before, &error))?;
            restored.push(script.name);
        } else {
            std::fs::remove_file(&place.path).map_err(|error| Error::io("remove", &place.path, &error))?;
        }
    }
    match removed.is_empty() {
        true => drop(none(out)?),
        false => list("hooks removed from", &site.dir, &removed, system, out)?,
    }
    for name in restored {
        say_line(out, &format!("  {name}: the earlier hook is back"))?;
    }
    calling.dedup();
    if !calling.is_empty() {
        say_line(out, "still run envward, until you remove the line that calls it:")?;
    }
    calling.iter().try_for_each(|file| say_line(out, &format!("  {file}")))?;
    Ok(Status::Clean)
}

/// The names of hooks, below what was done with them.
fn list(done: &str, dir: &Path, names: &[&str], system: &System, out: &mut dyn Write) -> Result<(), Error> {
    say_line(out, &format!("{done} {}:", shown(dir)))?;
    let lines = wrap(&names.join(", "), system.style.width.saturating_sub(2));
    lines.iter().try_for_each(|line| say_line(out, &format!("  {line}")))
}

fn none(out: &mut dyn Write) -> Result<Status, Error> {
    say_line(out, "envward has no hook here: nothing was removed")?;
    Ok(Status::Clean)
}

/// A sentence, as wide as the screen.
fn tell(text: &str, system: &System, out: &mut dyn Write) -> Result<(), Error> {
    wrap(text, system.style.width).iter().try_for_each(|line| say_line(out, line))
}
