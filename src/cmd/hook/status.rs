//! Which hooks are in place, and whether git runs them.

use std::io::Write;

use super::calls::{self, ByHand};
use super::{git_hooks_path, install, say_line, shown, site};
use crate::cli::HookTarget;
use crate::error::Error;
use crate::hook::{ALL, Found, Script, Site};
use crate::policy::Status;
use crate::system::System;
use crate::text::wrap;

/// Clean with every hook in place as this program would install it, findings else.
pub(super) fn status(target: &HookTarget, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let repository = site::repository(target, system)?;
    let Some(site) = site::site(repository.as_ref(), false, system)? else {
        say_line(out, "git has no template directory, so no hook is installed")?;
        say_line(out, "to install the hooks: envward hook install --global")?;
        return Ok(Status::Findings);
    };
    let said_by = repository.as_ref().and_then(|repository| git_hooks_path::said_by(repository, &site.dir));
    let said_by = said_by.map(|said_by| format!(" ({said_by})")).unwrap_or_default();
    let head = wrap(&format!("hooks in {}{said_by}:", shown(&site.dir)), system.style.width);
    head.iter().try_for_each(|line| say_line(out, line))?;
    let word = calls::program(repository.as_ref(), system)?;
    let (mut by_hand, mut is_missing) = (ByHand::default(), false);
    for script in &ALL {
        let found = site.found(script)?;
        by_hand.see(script, &site, &found, &word);
        let (said, is_right) = said(script, &site, &found, system)?;
        say_line(out, &format!("  {:17} {said}", script.name))?;
        is_missing |= !is_right;
    }
    if repository.as_ref().is_some_and(|repository| repository.workdir().is_none()) {
        install::bare(system, out)?;
    }
    by_hand.write(&site, system, out)?;
    if is_missing {
        let global = if target.global { " --global" } else { "" };
        let others = if by_hand.is_empty() { "the hooks" } else { "the other hooks" };
        say_line(out, &format!("to install {others}: envward hook install{global}"))?;
    }
    Ok(if is_missing || !by_hand.is_empty() { Status::Findings } else { Status::Clean })
}

/// What is said of one hook, and whether `install` would leave it as it is.
fn said(script: &Script, site: &Site<'_>, found: &Found, system: &System) -> Result<(String, bool), Error> {
    let place = site.place(script);
    let (said, is_right) = match found {
        Found::Ours(text) if *text != script.running(system.own_program()?) => {
            ("from another envward, or changed", false)
        }
        Found::Ours(_) if !place.is_executable() => ("not executable, so git does not run it", false),
        Found::Calling | Found::Behind | Found::Through(_) if !place.is_executable() => {
            ("not executable, so git does not run it", true)
        }
        Found::Ours(_) if place.has_before() => ("installed; runs the earlier hook first", true),
        Found::Ours(_) => ("installed", true),
        Found::Calling => ("another hook, which runs envward", true),
        Found::Through(file) => return Ok((format!("runs envward, by {file}"), true)),
        Found::Behind => ("installed; the pre-commit framework runs it", true),
        Found::Named(_) => ("another hook, without envward", true),
        Found::NotWritten => ("not there: husky has not written it", true),
        Found::Foreign => ("another hook, without envward", false),
        Found::Nothing => ("not installed", false),
    };
    Ok((said.to_owned(), is_right))
}
