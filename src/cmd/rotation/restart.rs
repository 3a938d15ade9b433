//! What must be restarted after files changed: programs keep the values with which they were started.

use super::files::is_one_secret;
use super::rotate::Case;
use crate::cmd::output::wrapped;
use crate::engine::systemd_units;
use crate::path::RelPath;
use crate::system::System;

/// What still has another value, and the commands that restart it.
pub(super) fn restart(case: &Case<'_>, keeps: &str, system: &System) -> String {
    let recreate = case.recreate(system);
    if !recreate.is_empty() {
        let what = format!(
            "Running containers still use {keeps}. Recreate them (`docker compose restart` would not read the env files \
             again):"
        );
        return section(&what, &recreate, system) + &mounted(case, keeps, system);
    }
    let root = &case.survey.located.root;
    let files: Vec<_> = changed(case).map(|file| file.under(root)).collect();
    let units = systemd_units::readers(&files, system);
    if !units.is_empty() {
        let what = format!("Running services still use {keeps}. Restart them:");
        return section(&what, &units, system);
    }
    let what = format!(
        "envward does not know which programs read these files. Programs that are running still use {keeps} until you \
         restart them."
    );
    wrapped(&what, system.style)
}

/// A file behind `secrets:` is mounted: a container sees the file that was there when it started.
fn mounted(case: &Case<'_>, keeps: &str, system: &System) -> String {
    let files: Vec<String> =
        changed(case).filter(|file| is_one_secret(case.survey, file)).map(ToString::to_string).collect();
    match files.is_empty() {
        true => String::new(),
        false => {
            let files = files.join(", ");
            wrapped(&format!("A container that mounts {files} sees {keeps} until it is recreated."), system.style)
        }
    }
}

fn changed<'a>(case: &'a Case<'_>) -> impl Iterator<Item = &'a RelPath> {
    let mut seen = std::collections::BTreeSet::new();
    case.places.iter().map(|place| &place.file).chain([&case.status.file]).filter(move |file| seen.insert(*file))
}

fn section(what: &str, commands: &[String], system: &System) -> String {
    let lines: String = commands.iter().map(|command| format!("  -> {command}\n")).collect();
    wrapped(what, system.style) + &lines
}
