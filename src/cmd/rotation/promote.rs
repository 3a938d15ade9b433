//! `envward rotation promote`: the value that waits is promoted.
//!
//! Every file is written whole, the secret's own file last: as long as it holds the old value, a run that was killed can
//! be done again, and what was changed already is left alone. Then the ledger, then the file in which the value waited.

use std::collections::BTreeMap;
use std::io::Write;

use super::files::{self, Place, change, change_whole};
use super::pending::{self, Wait, without};
use super::rotate::{Case, left_alone};
use crate::cli::rotation::Promote;
use crate::cmd::output::{self, wrapped};
use crate::cmd::rotation::remaining_places::{self, Remains};
use crate::engine::rotation::ledger;
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::names::PREVIOUS;
use crate::env::{Document, EditError};
use crate::error::Error;
use crate::ledger::{Basis, FingerprintKey, Places, ValueState};
use crate::path::RelPath;
use crate::policy::Status;
use crate::report::wording;
use crate::rotation::steps::Kind;
use crate::rotation::value_places::{Form, places, put};
use crate::rotation::{Made, NEXT, confirm, made, promote};
use crate::secret::Secret;
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Promote, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    of(args, &survey, system, out).map_err(|error| survey.report.mask.error(error))
}

fn of(args: &Promote, survey: &Survey, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let case = Case::of(&args.which, survey)?;
    if args.confirm {
        return confirmed(&case, system, out);
    }
    let Some(waiting) = pending::find(survey, case.status, case.file)? else {
        return match is_in_use(&case) {
            true => {
                let text =
                    format!("{} of {} already has its new value\n{}", case.status.key, case.status.file, last(&case));
                output::text(&wrapped(&text, system.style), &survey.report.mask, out)?;
                Ok(Status::Clean)
            }
            false => Err(Error::blocked(
                "no new value waits for this secret",
                "make a new value first: envward rotation rotate KEY",
            )),
        };
    };
    if case.places.iter().any(|place| place.form == Form::ByHand) {
        return Err(Error::blocked(
            "one of the places contains the current value in an expression",
            "change that place by hand first: `envward rotation rotate KEY --dry-run` shows it",
        ));
    }
    let count = if waiting.value.ct_eq(&case.found.value) { 0 } else { replace(&case, &waiting.value)? };
    remember(&case, &waiting.value, system)?;
    if matches!(waiting.wait, Wait::Beside(_)) {
        pending::remove(survey, case.status, &waiting.wait)?;
    } else if count == 0 {
        pending::remove(survey, case.status, &Wait::Next)?;
    }
    let (key, file) = (&case.status.key, &case.status.file);
    let mut files: Vec<String> = case.places.iter().map(|place| place.file.to_string()).collect();
    files.dedup();
    let places = wording::count(count as u64, "place", "places");
    let what = match count {
        0 => format!("{key} of {file}: the new value was written before"),
        _ => format!("{key} of {file}: {} changed ({places})", files.join(", ")),
    };
    let recreate = case.recreate(system);
    let next = match recreate.is_empty() {
        true => "Programs that are running still use the old value. Restart those that read these files.",
        false => {
            "Running containers still use the old value. Recreate them (`docker compose restart` would not read the env \
             files again):"
        }
    };
    let leaked = "The old value leaked, so it is not kept: what it signed is refused from now on.";
    let leaked = Some(leaked).filter(|_| case.is_exposed() && case.kind() == Kind::Signing);
    let style = system.style;
    let wrapped = |text: &str| wrapped(text, style);
    let mut text =
        wrapped(&what) + &left_alone(&case, style) + &leaked.map(wrapped).unwrap_or_default() + &wrapped(next);
    recreate.iter().for_each(|command| text += &format!("  -> {command}\n"));
    text += &last(&case);
    output::text(&text, &survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// The end of a rotation.
fn last(case: &Case<'_>) -> String {
    let path = case.survey.report.shell_path(&case.status.file);
    let command = format!("envward rotation promote {} {path} --confirm", case.status.key);
    format!("When all services work with the new value, finish the rotation:\n  -> {command}\n")
}

/// Whether the value in use is one that envward made, and the one before may still be accepted.
fn is_in_use(case: &Case<'_>) -> bool {
    let all = case.survey.report.statuses.iter();
    let of_it = |state| {
        let mut all = all.clone();
        all.find(|one| one.state == state && one.file == case.status.file && one.key == case.status.key)
    };
    of_it(ValueState::Retiring).is_some()
        && of_it(ValueState::Current).is_some_and(|current| current.basis == Basis::Rotated)
}

/// Puts the new value into every place; how many there were.
fn replace(case: &Case<'_>, new: &Secret) -> Result<usize, Error> {
    let mut by_file: BTreeMap<&RelPath, Vec<&Place>> = BTreeMap::new();
    case.places.iter().for_each(|place| by_file.entry(&place.file).or_default().push(place));
    let own = &case.status.file;
    let others = by_file.keys().copied().filter(|file| *file != own);
    let keeps_old = case.overlaps(case.kind());
    let files: Vec<&RelPath> = others.chain([own]).collect();
    // Once without writing: what cannot be changed is found before anything is.
    for dry in [true, false] {
        for file in &files {
            if files::is_one_secret(case.survey, file) {
                change_whole(case.survey, file, &case.found.value, new, dry)?;
            } else {
                let work = |document| edited(document, case, new, keeps_old).map(|edited| (!dry).then_some(edited));
                change(case.survey, file, &work)?;
            }
        }
    }
    Ok(case.places.len())
}

/// One file with the new value; where the old one is to be accepted for a while, it stays under `KEY_PREVIOUS`.
fn edited(document: Document, case: &Case<'_>, new: &Secret, keeps_old: bool) -> Result<Document, EditError> {
    let (old, key) = (case.old(), &case.status.key);
    let names = [NEXT, PREVIOUS].map(|suffix| format!("{key}{suffix}"));
    let mut document = document;
    // What is there now, which may be more than what was seen: nobody may be left with the old value.
    for (index, form) in places(&document, &old) {
        let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
        if names.iter().all(|name| document.name(assignment) != name.as_bytes()) {
            document = put(&document, (index, form), &old, new)?;
        }
    }
    let has_key = document.places(key.as_str()).last().is_some();
    if keeps_old && has_key {
        let [_, previous] = &names;
        document = match document.places(previous).last() {
            Some(index) => document.set(*index, old.value)?,
            None => document.append(previous, old.value)?,
        };
    }
    Ok(match without(&document, key, NEXT)? {
        Some(cleared) => cleared,
        None => document,
    })
}

/// Records that the new value is in use, also under the other keys that have it.
fn remember(case: &Case<'_>, new: &Secret, system: &System) -> Result<(), Error> {
    case.survey.update(system, &mut |book, fingerprints, now| {
        if let Some(index) = book.find(&case.status.file, &case.status.key) {
            promote(book, index, fingerprints.fingerprint(&case.status.key, new), now);
        }
        let mut places = Places::of(book);
        let others = others(case, new, fingerprints);
        others.iter().for_each(|one| made(book, &mut places, one, now, "rotated with another key"));
    })
}

/// The other entries whose value was replaced as a whole or in a URL.
fn others(case: &Case<'_>, new: &Secret, fingerprints: &FingerprintKey) -> Vec<Made> {
    let of = |place: &Place| {
        let key = place.key.as_ref()?;
        let is_own = (&place.file, key) == (&case.status.file, &case.status.key);
        let seen = case.survey.seen.secrets.iter().find(|one| one.file == place.file && one.key == *key)?;
        let is_secret = matches!(place.form, Form::Whole | Form::Url | Form::File) && !is_own;
        is_secret.then(|| Made {
            environment: seen.environment,
            file: seen.file.clone(),
            key: key.clone(),
            class: seen.class,
            limits: case.survey.config.limits_of(key.as_str(), seen.class),
            fingerprint: fingerprints.fingerprint(key, new),
        })
    };
    case.places.iter().filter_map(of).collect()
}

/// The old value is refused everywhere: it goes out of the files, and out of the ledger's view.
fn confirmed(case: &Case<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if !is_in_use(case) {
        return Err(Error::blocked(
            "this secret has no old value to confirm",
            "use a new value first: envward rotation promote KEY",
        ));
    }
    let still = remaining_places::find(case, &ledger::fingerprints(&case.survey.place)?);
    if !still.places.is_empty() {
        return not_yet(still, case, system, out);
    }
    for file in files::alike(case.survey, case.file) {
        let name = format!("{}{PREVIOUS}", case.status.key);
        if file.document.as_ref().is_some_and(|document| !document.places(&name).is_empty()) {
            change(case.survey, &file.path, &|document| without(&document, &case.status.key, PREVIOUS))?;
        }
    }
    case.survey.update_secret(case.status, system, &mut |book, index, now| {
        confirm(book, index, now);
    })?;
    let what = format!("confirmed: the rotation of {} is finished, nothing uses its old value", case.status.key);
    output::text(&wrapped(&what, system.style), &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// Anyone who reads one of these files is refused when nothing takes the old value any more.
fn not_yet(still: Remains, case: &Case<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    // It is in use nowhere, so that the report's own mask does not know it.
    let old = Mask::new(Vec::from_iter(still.value));
    let mut text = "not confirmed: the old value is still in\n".to_owned();
    still.places.iter().for_each(|(path, what)| text += &format!("  {path}: {what}\n"));
    let path = case.survey.report.shell_path(&case.status.file);
    text += "Write the new value there (it is in ";
    text += &format!(
        "{}), or remove the old one, and recreate the services that read it. Then finish the rotation:\n",
        case.status.file
    );
    text += &format!("  -> envward rotation promote {} {path} --confirm\n", case.status.key);
    output::text(&old.text(&wrapped(&text, system.style)), &case.survey.report.mask, out)?;
    Ok(Status::Findings)
}
