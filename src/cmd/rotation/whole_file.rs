//! `envward rotation rotate` of a file that is one secret as a whole: the steps, which a person does. Nothing is changed.

use std::io::Write;

use super::rotate::Case;
use super::screen::{numbered, title, used_in};
use crate::cli::rotation::Rotate;
use crate::cmd::output;
use crate::engine::fix;
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::Status;
use crate::rotation::value_places::Form;
use crate::rotation::whole_file::{WholeFile, steps};
use crate::shell::for_shell;
use crate::system::System;

/// Why envward does not change such a file: one key that was added would become part of the secret.
pub(super) fn refusal(case: &Case<'_>) -> Error {
    Error::blocked_here(
        "the file is one secret as a whole, so it has no keys, and you write it yourself",
        format!("follow the steps that this prints: envward rotation rotate {}", case.at()),
    )
}

/// Prints the steps.
pub(super) fn show(case: &Case<'_>, args: &Rotate, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.stdin || args.sql || args.redis || args.abandon || args.role.is_some() {
        return Err(refusal(case));
    }
    let report = &case.survey.report;
    let others = case.places.iter().filter(|place| place.form == Form::File && place.file != case.status.file);
    let others = others.map(|place| &place.file);
    let files: Vec<String> =
        [&case.status.file].into_iter().chain(others).map(|file| report.shell_path(file)).collect();
    let (new, old) = (second_file(case, ".new")?, second_file(case, ".old")?);
    let kind = case.kind();
    let told: Vec<_> = case.told(kind, system).into_iter().flat_map(|told| case.by_user(told)).collect();
    let file = WholeFile { files: &files, new: &new, old: &old, is_by_hand: case.file.is_by_hand(case.found) };
    let text =
        title(case, "the file is one secret as a whole, so these steps are yours: envward changes nothing", system)
            + &used_in(case, system)
            + "\nnext\n"
            + &numbered(steps(&told, &file), system.style);
    output::text(&text, &report.mask, out)?;
    Ok(Status::Clean)
}

/// A second private file, quoted for a shell: beside the file, or in the home directory if git or an image would pick it
/// up there.
fn second_file(case: &Case<'_>, end: &str) -> Result<String, Error> {
    let file = &case.status.file;
    let name = [file.file_name(), end.as_bytes()].concat();
    let path = file.parent().join(&name);
    let missing = fix::missing_lines(std::slice::from_ref(&path), &case.survey.project, &case.survey.located)?;
    Ok(match missing.is_empty() {
        true => case.survey.report.shell_path(&path),
        false => format!("~/{}", for_shell(&RelPath::new(name))),
    })
}
