//! `envward rotation record` and `snooze`: what a person knows and the files do not say.

use std::io::Write;

use jiff::civil::Date;

use super::say;
use crate::cli::rotation::{Expiry, Record, Snooze, Which};
use crate::engine::rotation::survey::{Options, Survey};
use crate::error::Error;
use crate::ledger::{Basis, Book, Held, Snooze as Silence, ValueState, What, When};
use crate::policy::Status;
use crate::project::ProjectFile;
use crate::rotation::{SecretStatus, Urgency, days};
use crate::secret::mask::Mask;
use crate::system::System;
use crate::text::nearest;

/// No reminder is postponed for longer: a secret is then forgotten.
const LONGEST: u32 = 366;
/// A reason is a line.
pub(in crate::cmd) const LONGEST_TEXT: usize = 200;

/// Records since when a secret has its value, and when that expires.
pub(super) fn record(args: &Record, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.at.is_some_and(|at| at > system.today) {
        return Err(Error::usage(
            "--at is after today",
            "name the day on which the value was made, such as --at 2026-01-31",
        ));
    }
    if matches!(args.expires, Some(Expiry::On(day)) if day < system.today) {
        return Err(Error::usage(
            "--expires is before today",
            "name the day on which the value stops being valid, such as --expires 2027-03-01, or: --expires never",
        ));
    }
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    change(&survey, &args.which, &[args.reason.as_ref(), args.owner.as_ref()], system, &mut |book, index, now| {
        if let (Some(at), Some(reason)) = (args.at, &args.reason) {
            declare(book, index, (at, reason), now);
        }
        if let Some(expiry) = args.expires {
            expire(book, index, expiry, (args.reason.as_deref(), now));
        }
        if let Some(entry) = book.entries.get_mut(index).filter(|_| args.owner.is_some()) {
            entry.owner.clone_from(&args.owner);
        }
    })?;
    let mut text = Vec::new();
    text.extend(args.at.map(|at| format!("recorded: the secret has its value since {at}")));
    text.extend(args.expires.map(|expiry| match expiry {
        Expiry::On(day) => format!("recorded: the value expires on {day}"),
        Expiry::Never => "removed: no expiry date is recorded".to_owned(),
    }));
    say(out, &text.join("\n"), system.style)
}

fn declare(book: &mut Book, index: usize, (at, reason): (Date, &str), now: &When) {
    let Some(entry) = book.entries.get_mut(index) else { return };
    let Some(current) = entry.values.iter().rposition(|held| held.state == ValueState::Current) else { return };
    let is_last = entry.values.iter().skip(current + 1).all(|held| held.state == ValueState::Pending);
    let Some(held) = entry.values.get_mut(current) else { return };
    let since = (at, Basis::Declared);
    if is_last {
        (held.since, held.basis, held.unsure) = (since.0, since.1, false);
        held.reason = Some(reason.to_owned());
        held.by.clone_from(&now.by);
    } else {
        // An earlier value, which somebody says is right again.
        held.state = ValueState::Retired;
        let mut new = Held::new(ValueState::Current, held.fingerprint, since, &now.by);
        new.reason = Some(reason.to_owned());
        new.expires = held.expires;
        entry.values.push(new);
    }
    book.note(index, Some(ValueState::Current), What::Declared, now, Some(reason));
}

fn expire(book: &mut Book, index: usize, expiry: Expiry, (reason, now): (Option<&str>, &When)) {
    let current = book.entries.get_mut(index).and_then(|entry| entry.value_mut(ValueState::Current));
    let Some(held) = current else { return };
    held.expires = match expiry {
        Expiry::On(day) => Some(day),
        Expiry::Never => None,
    };
    book.note(index, Some(ValueState::Current), What::Expires, now, reason);
}

/// Puts reminders off.
pub(super) fn snooze(args: &Snooze, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.until < system.today || days(system.today, args.until) > LONGEST {
        return Err(Error::usage(
            "--until is before today, or more than a year ahead",
            "name a day from today to a year ahead: --until DATE",
        ));
    }
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    let is_exposed = the_one(&args.which, &survey).is_ok_and(|one| one.urgency == Urgency::Exposed);
    change(&survey, &args.which, &[Some(&args.reason)], system, &mut |book, index, now| {
        if let Some(entry) = book.entries.get_mut(index) {
            entry.snooze = Some(Silence { until: args.until, reason: args.reason.clone() });
            book.note(index, None, What::Snoozed, now, Some(&args.reason));
        }
    })?;
    let text = match is_exposed {
        true => "the secret is exposed, so its reminders continue until it is replaced".to_owned(),
        false => format!(
            "no reminders until {}, unless the secret is exposed or expires\n`envward rotation status` still shows it",
            args.until
        ),
    };
    say(out, &text, system.style)
}

/// Changes the one entry that is meant.
fn change(
    survey: &Survey,
    which: &Which,
    texts: &[Option<&String>],
    system: &System,
    work: &mut dyn FnMut(&mut Book, usize, &When),
) -> Result<(), Error> {
    change_in(survey, which, texts, system, work).map_err(|error| survey.report.mask.error(error))
}

fn change_in(
    survey: &Survey,
    which: &Which,
    texts: &[Option<&String>],
    system: &System,
    work: &mut dyn FnMut(&mut Book, usize, &When),
) -> Result<(), Error> {
    texts.iter().copied().flatten().try_for_each(|text| check_text(text, &survey.report.mask))?;
    let status = the_one(which, survey)?;
    survey.update_secret(status, system, work)
}

/// The secret that is meant. What was typed is not repeated: it may be a value, pasted in the wrong place.
pub(super) fn the_one<'a>(which: &Which, survey: &'a Survey) -> Result<&'a SecretStatus, Error> {
    let is_meant = |status: &&SecretStatus| status.state == ValueState::Current && status.key.as_str() == which.key;
    let mut found = survey.asked().filter(is_meant);
    match (found.next(), found.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => Err(why_not(which, survey)),
        (Some(one), Some(other)) => {
            Err(Error::SeveralFiles([one, other].into_iter().chain(found).map(|one| one.file.clone()).collect()))
        }
    }
}

/// Whether a text can be recorded.
pub(super) fn check_text(text: &str, mask: &Mask) -> Result<(), Error> {
    if text.trim().is_empty() || text.len() > LONGEST_TEXT {
        return Err(Error::usage(
            "a reason or a name is one line of 1 to 200 characters",
            "such as --reason 'made by hand' or --owner deploy",
        ));
    }
    if mask.is_free(text) { Ok(()) } else { Err(Error::SecretInText) }
}

/// Why no secret in use stands under a key.
fn why_not(which: &Which, survey: &Survey) -> Error {
    let below = &survey.located.below;
    let secrets = || survey.project.files.iter().filter(|file| file.path.strip_dir(below).is_some());
    let is_open = |file: &ProjectFile| file.in_use().any(|secret| secret.name == which.key && !secret.is_filled());
    if let Some(file) = secrets().find(|file| is_open(file)) {
        let path = survey.report.shell_path(&file.path);
        return Error::blocked_here(
            "that key is empty or has a placeholder",
            format!("fill it first: envward init, or envward generate hex --into {path} {}", which.key),
        );
    }
    let is_hash = |file: &ProjectFile| {
        let mut keys = file.hashes().filter_map(|hash| hash.assignment.key.as_ref());
        keys.any(|key| key.as_str() == which.key)
    };
    if secrets().any(is_hash) {
        return Error::blocked(
            "envward cannot make this value: it is a hash",
            "make a new hash with the program that checks it (htpasswd -nB USER, envward key hash), and write it into the file",
        );
    }
    let known = survey.asked().filter(|one| one.state == ValueState::Current).map(|one| one.key.as_str());
    match nearest(&which.key, known) {
        Some(key) => Error::blocked_here(
            "no env file in use here contains a secret with that key",
            format!("did you mean `{key}`? `envward rotation status` lists the secrets in use"),
        ),
        None => Error::NoSuchSecret,
    }
}
