//! `envward rotation record` and `snooze`: what a person knows and the files do not say.

use std::io::Write;

use super::say;
use crate::cli::rotation::{Record, Snooze, Which};
use crate::engine::rotation::survey::{Options, Survey};
use crate::error::Error;
use crate::ledger::{Basis, Book, Held, Snooze as Silence, ValueState, What, When};
use crate::policy::Status;
use crate::project::ProjectFile;
use crate::rotation::{SecretStatus, days};
use crate::secret::mask::Mask;
use crate::system::System;

/// No reminder is postponed for longer: a secret is then forgotten.
const LONGEST: u32 = 366;
/// A reason is a line.
pub(in crate::cmd) const LONGEST_TEXT: usize = 200;

/// Records since when a secret has its value.
pub(super) fn record(args: &Record, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.at > system.today {
        return Err(Error::usage(
            "--at is after today",
            "name the day on which the value was made, such as --at 2026-01-31",
        ));
    }
    change(&args.which, &[Some(&args.reason), args.owner.as_ref()], system, &mut |book, index, now| {
        let Some(entry) = book.entries.get_mut(index) else { return };
        let Some(at) = entry.values.iter().rposition(|held| held.state == ValueState::Current) else { return };
        let is_last = entry.values.iter().skip(at + 1).all(|held| held.state == ValueState::Pending);
        let Some(held) = entry.values.get_mut(at) else { return };
        let since = (args.at, Basis::Declared);
        if is_last {
            (held.since, held.basis, held.unsure) = (since.0, since.1, false);
            held.reason = Some(args.reason.clone());
            held.by.clone_from(&now.by);
        } else {
            // An earlier value, which somebody says is right again.
            held.state = ValueState::Retired;
            let mut new = Held::new(ValueState::Current, held.fingerprint, since, &now.by);
            new.reason = Some(args.reason.clone());
            entry.values.push(new);
        }
        if args.owner.is_some() {
            entry.owner.clone_from(&args.owner);
        }
        book.note(index, Some(ValueState::Current), What::Declared, now, Some(&args.reason));
    })?;
    say(out, &format!("recorded: the secret has its value since {}", args.at), system.style)
}

/// Puts reminders off.
pub(super) fn snooze(args: &Snooze, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.until < system.today || days(system.today, args.until) > LONGEST {
        return Err(Error::usage(
            "--until is before today, or more than a year ahead",
            "name a day from today to a year ahead: --until DATE",
        ));
    }
    change(&args.which, &[Some(&args.reason)], system, &mut |book, index, now| {
        if let Some(entry) = book.entries.get_mut(index) {
            entry.snooze = Some(Silence { until: args.until, reason: args.reason.clone() });
            book.note(index, None, What::Snoozed, now, Some(&args.reason));
        }
    })?;
    let text = format!(
        "no reminders until {}, unless the secret is exposed\n`envward rotation status` still shows it",
        args.until
    );
    say(out, &text, system.style)
}

/// Looks, and then changes the one entry that is meant.
fn change(
    which: &Which,
    texts: &[Option<&String>],
    system: &System,
    work: &mut dyn FnMut(&mut Book, usize, &When),
) -> Result<(), Error> {
    let survey = Survey::of(which.path.as_deref(), &Options::default(), system)?;
    change_in(&survey, which, texts, system, work).map_err(|error| survey.report.mask.error(error))
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
    let mut secrets = survey.project.files.iter().filter(|file| file.path.strip_dir(below).is_some());
    let is_open = |file: &ProjectFile| file.in_use().any(|secret| secret.name == which.key && !secret.is_filled());
    match secrets.any(is_open) {
        true => Error::blocked(
            "that key is empty or has a placeholder",
            "fill it first: envward init, or envward generate hex --into FILE KEY",
        ),
        false => Error::NoSuchSecret,
    }
}
