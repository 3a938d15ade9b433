//! `envward rotation promote`: the value that waits is promoted.
//!
//! Every file is written whole, the secret's own file last: as long as it holds the old value, a run that was killed can
//! be done again, and what was changed already is left alone. Then the ledger, then the file in which the value waited.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::Write;

use jiff::civil::Date;

use super::confirm;
use super::files::{self, Place, change, change_whole};
use super::kept_out;
use super::other_role;
use super::pending::{self, Wait, without};
use super::previous::{self, Change, Previous, Written};
use super::ready;
use super::restart::restart;
use super::rotate::Case;
use super::screen::left_alone;
use crate::cli::rotation::Promote;
use crate::cmd::output::{self, wrapped};
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::names::PREVIOUS;
use crate::env::{Document, EditError};
use crate::error::Error;
use crate::ledger::{Basis, FingerprintKey, Places, ValueState};
use crate::path::RelPath;
use crate::policy::Status;
use crate::report::wording;
use crate::rotation::steps::{Kind, prove};
use crate::rotation::value_places::{Form, places, put};
use crate::rotation::{Made, NEXT, made, promote};
use crate::secret::Secret;
use crate::system::System;

/// Runs it.
pub(super) fn run(args: &Promote, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    of(args, &survey, system, out).map_err(|error| survey.report.mask.error(error))
}

fn of(args: &Promote, survey: &Survey, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let case = Case::of(&args.which, survey)?;
    if args.confirm {
        return confirm::run(&case, args, system, out);
    }
    let Some(waiting) = pending::find(survey, case.status, case.file)? else {
        return match is_in_use(&case) {
            true => {
                let text = format!("{} of {} already has its new value", case.status.key, case.status.file);
                let text = wrapped(&text, system.style) + &last(&case, system);
                output::text(&case.past.text(&text), &survey.report.mask, out)?;
                Ok(Status::Clean)
            }
            false => Err(Error::blocked_here(
                "no new value waits for this secret",
                format!("make a new value first: envward rotation rotate {}", case.at()),
            )),
        };
    };
    ready::has_no_place_by_hand(&case)?;
    ready::admits(&case, Some(&waiting.value), system)?;
    let is_written = waiting.value.ct_eq(&case.found.value);
    if !is_written {
        replace(&case, &New { value: &waiting.value, role: waiting.role.as_deref() })?;
    }
    remember(&case, &waiting.value, system)?;
    if matches!(waiting.wait, Wait::Beside(_)) {
        pending::remove(survey, case.status, &waiting.wait)?;
    } else if is_written {
        pending::remove(survey, case.status, &Wait::Next)?;
    }
    let is_kept = previous::find(survey, case.status)?.is_some();
    let text = screen(&case, (is_written, is_kept), system)?;
    output::text(&case.past.text(&text), &survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// What was done, and what is next.
fn screen(case: &Case<'_>, (was_written, is_kept): (bool, bool), system: &System) -> Result<String, Error> {
    let (key, file) = (&case.status.key, &case.status.file);
    let mut files: Vec<String> = case.places.iter().map(|place| place.file.to_string()).collect();
    files.dedup();
    let places = wording::count(case.places.len() as u64, "place", "places");
    let what = match was_written {
        true => format!("{key} of {file}: the new value was written before"),
        false => format!("{key} of {file}: {} changed ({places})", files.join(", ")),
    };
    let leaked = "The old value leaked, so it is not kept: what it signed is refused from now on.";
    let leaked = Some(leaked).filter(|_| case.is_exposed() && case.kind() == Kind::Signing);
    let wrapped = |text: &str| wrapped(text, system.style);
    let mut text = wrapped(&what) + &left_alone(case, system.style) + &leaked.map(wrapped).unwrap_or_default();
    text += &restart(case, "the old value", system);
    let path = case.survey.report.shell_path(file);
    text += &match is_kept {
        true => format!("To go back to the old value:\n  -> envward rotation rollback {key} {path}\n"),
        false => {
            let name = previous::path(case.status);
            let what = format!(
                "WARNING: this rotation cannot be rolled back, because git or an image would pick up {name}. To change \
                 that for the next rotation:"
            );
            kept_out::section(&what, &kept_out::commands(case)?, system)
        }
    };
    Ok(text + &last(case, system))
}

/// The end of a rotation.
fn last(case: &Case<'_>, system: &System) -> String {
    let at = format!("{} {}", case.status.key, case.survey.report.shell_path(&case.status.file));
    let text = "When all services work with the new value, finish the rotation:\n";
    proof_steps(case, &at, system) + &format!("{text}  -> envward rotation promote {at} --confirm\n")
}

/// The commands that prove that nothing uses the old value; nothing if envward knows none.
pub(super) fn proof_steps(case: &Case<'_>, at: &str, system: &System) -> String {
    let Some((what, commands)) = prove(at, &case.told(case.kind(), system)) else {
        return String::new();
    };
    let commands: String = commands.iter().map(|command| format!("  -> {command}\n")).collect();
    wrapped(&(what + ":"), system.style) + &commands
}

/// Whether the value before may still be accepted.
pub(super) fn is_unfinished(case: &Case<'_>) -> bool {
    case.values().any(|one| one.state == ValueState::Retiring)
}

/// Whether the value in use is one that envward made, and the one before may still be accepted.
fn is_in_use(case: &Case<'_>) -> bool {
    is_unfinished(case) && case.values().any(|one| one.state == ValueState::Current && one.basis == Basis::Rotated)
}

/// What is written.
#[derive(Clone, Copy)]
struct New<'a> {
    value: &'a Secret,
    /// The role that has it, if that is another one than now.
    role: Option<&'a str>,
}

/// Puts the new value into every place.
fn replace(case: &Case<'_>, new: &New<'_>) -> Result<(), Error> {
    let mut by_file: BTreeMap<&RelPath, Vec<&Place>> = BTreeMap::new();
    case.places.iter().for_each(|place| by_file.entry(&place.file).or_default().push(place));
    let own = &case.status.file;
    let others = by_file.keys().copied().filter(|file| *file != own);
    let keeps_old = case.overlaps(case.kind());
    let files: Vec<&RelPath> = others.chain([own]).collect();
    // Once without writing: what cannot be changed is found before anything is, and what changes is kept first.
    let (mut owner, changes) = (None, RefCell::new(Vec::new()));
    for file in &files {
        if files::is_one_secret(case.survey, file) {
            change_whole(case.survey, file, &case.found.value, new.value, true)?;
            let (old, new) = (Some(case.found.value.copied()), Some(new.value.copied()));
            changes.borrow_mut().push(Change { file: (*file).clone(), place: None, old, new });
        } else {
            owner = change(case.survey, file, &|document| {
                let was = Written::of(&document);
                changes.borrow_mut().extend(was.changes(file, &edited(document, case, new, keeps_old)?));
                Ok(None)
            })?;
        }
    }
    if !previous::is_picked_up(case.survey, case.status)? {
        let role = new.role.map(|_| case.role(None)).transpose()?;
        let (old, value, changes) = (case.found.value.copied(), new.value.copied(), changes.into_inner());
        previous::write(case.survey, case.status, Previous { old, new: value, role, changes }, owner)?;
    }
    for file in &files {
        if files::is_one_secret(case.survey, file) {
            change_whole(case.survey, file, &case.found.value, new.value, false)?;
        } else {
            change(case.survey, file, &|document| edited(document, case, new, keeps_old).map(Some))?;
        }
    }
    Ok(())
}

/// One file with the new value; where the old one is to be accepted for a while, it stays under `KEY_PREVIOUS`.
fn edited(document: Document, case: &Case<'_>, new: &New<'_>, keeps_old: bool) -> Result<Document, EditError> {
    let (old, key) = (case.old(), &case.status.key);
    let names = [NEXT, PREVIOUS].map(|suffix| format!("{key}{suffix}"));
    let mut document = document;
    // What is there now, which may be more than what was seen: nobody may be left with the old value.
    for (index, form) in places(&document, &old) {
        let assignment = document.assignments().get(index).ok_or(EditError::NoSuchAssignment)?;
        if names.iter().all(|name| document.name(assignment) != name.as_bytes()) {
            document = put(&document, (index, form), &old, new.value)?;
            if let Some(role) = new.role {
                document = other_role::set_user(&document, (index, form), new.value, role)?;
            }
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
        let entry = book.find(&case.status.file, &case.status.key).and_then(|index| book.entries.get(index));
        let since = entry.and_then(|entry| entry.value(ValueState::Current)).map_or(now.day, |current| current.since);
        let mut places = Places::of(book);
        let others = others(case, new, since, fingerprints);
        others.iter().for_each(|one| made(book, &mut places, one, now, "rotated with another key"));
    })
}

/// The other entries whose value was replaced as a whole or in a URL: it is as old as the secret's own.
fn others(case: &Case<'_>, new: &Secret, since: Date, fingerprints: &FingerprintKey) -> Vec<Made> {
    let of = |place: &Place| {
        let key = place.key.as_ref()?;
        let is_own = (&place.file, key) == (&case.status.file, &case.status.key);
        let seen = case.survey.seen.secrets.iter().find(|one| one.file == place.file && one.key == *key)?;
        let is_secret = matches!(place.form, Form::Whole | Form::Url | Form::BehindUser | Form::File) && !is_own;
        is_secret.then(|| Made {
            environment: seen.environment,
            file: seen.file.clone(),
            key: key.clone(),
            class: seen.class,
            limits: case.survey.config.limits_of(key.as_str(), seen.class),
            fingerprint: fingerprints.fingerprint(key, new),
            since,
        })
    };
    case.places.iter().filter_map(of).collect()
}
