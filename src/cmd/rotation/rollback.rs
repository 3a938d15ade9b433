//! `envward rotation rollback`: the old value is written back into every place that `promote` changed.
//!
//! The reverse of `promote`, and as safe to repeat: first the new value waits again, then every file, the secret's own
//! file last, then the ledger, then what was kept is deleted.

use std::collections::BTreeMap;
use std::io::Write;

use super::files::{change, change_whole};
use super::pending::{self, Pending, Wait};
use super::previous::{self, Change, Previous};
use super::promote::is_unfinished;
use super::restart::restart;
use super::rotate::Case;
use super::tell::{statements, to_sql};
use crate::cli::rotation::Rollback;
use crate::cmd::output::{self, lost, wrapped};
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::{Document, EditError, Key};
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::Status;
use crate::report::wording;
use crate::rotation::steps::{Kind, Means};
use crate::rotation::{NEXT, roll_back, unmake};
use crate::secret::Secret;
use crate::secret::mask::Mask;
use crate::system::System;

const NOTHING: Error = Error::blocked(
    "nothing is kept of an earlier value of this secret",
    "a rotation can be rolled back from promote until it is confirmed: envward rotation status",
);

/// Runs it.
pub(super) fn run(args: &Rollback, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    of(args, &survey, system, out).map_err(|error| survey.report.mask.error(error))
}

fn of(args: &Rollback, survey: &Survey, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let case = Case::of(&args.which, survey)?;
    let kept = previous::find(survey, case.status)?;
    if args.sql {
        // Before a rollback the old value is kept. After it, and where a new value was discarded, the old value is in use.
        let old = kept.as_ref().map(|kept| &kept.old).or((!is_unfinished(&case)).then_some(&case.found.value));
        return old.map_or_else(|| Err(NOTHING), |old| sql(args, &case, old, out));
    }
    let Some(previous) = kept else { return Err(NOTHING) };
    let waiting = pending::find(survey, case.status, case.file)?;
    if waiting.is_some_and(|waiting| !waiting.value.ct_eq(&previous.new)) {
        return Err(Error::blocked_here(
            "another new value waits for this secret",
            format!("discard it first: envward rotation rotate {} --abandon", case.at()),
        ));
    }
    // Before the files: these are the places that have the new value now.
    let kind = case.kind();
    let start = restart(&case, "the new value", system);
    let left = write_back(&case, &previous)?;
    remember(&case, &previous, system)?;
    previous::remove(survey, case.status)?;
    let mask = Mask::new(vec![previous.old.copied()]);
    let text = screen(&case, &previous, &left, kind, system) + &start;
    output::text(&mask.text(&text), &survey.report.mask, out)?;
    Ok(if left.is_empty() { Status::Clean } else { Status::Findings })
}

/// A place that somebody edited after `promote`: it is left as it is.
type Left = (RelPath, String);

fn write_back(case: &Case<'_>, previous: &Previous) -> Result<Vec<Left>, Error> {
    let mut by_file: BTreeMap<&RelPath, Vec<&Change>> = BTreeMap::new();
    previous.changes.iter().for_each(|one| by_file.entry(&one.file).or_default().push(one));
    wait_again(case, previous)?;
    let own = by_file.remove_entry(&case.status.file);
    let files: Vec<_> = by_file.into_iter().chain(own).collect();
    let left = std::cell::RefCell::new(Vec::new());
    // Once without writing: what cannot be changed is found before anything is.
    for dry in [true, false] {
        left.borrow_mut().clear();
        for (file, changes) in &files {
            if changes.iter().any(|one| one.place.is_none()) {
                if !change_whole(case.survey, file, &previous.new, &previous.old, dry)? {
                    left.borrow_mut().push(((*file).clone(), "the whole file".to_owned()));
                }
                continue;
            }
            change(case.survey, file, &|document| {
                let edited = restored(document, changes, &mut left.borrow_mut())?;
                Ok((!dry).then_some(edited))
            })?;
        }
    }
    Ok(left.into_inner())
}

/// The new value waits again, where it waited before.
fn wait_again(case: &Case<'_>, previous: &Previous) -> Result<(), Error> {
    let next = format!("{}{NEXT}", case.status.key);
    let is_next = |one: &Change| one.place.as_ref().is_some_and(|(name, _)| name == next.as_bytes());
    if previous.changes.iter().any(is_next) || pending::find(case.survey, case.status, case.file)?.is_some() {
        return Ok(());
    }
    let role = previous.role.is_some().then(|| case.role(None)).transpose()?;
    let wait = Wait::Beside(pending::beside(case.status));
    pending::write(case.survey, case.status, &Pending { value: previous.new.copied(), wait, role })
}

/// One file with what stood there before.
fn restored(document: Document, changes: &[&Change], left: &mut Vec<Left>) -> Result<Document, EditError> {
    let mut document = document;
    for change in changes {
        let Some((name, nth)) = &change.place else { continue };
        let name_text = String::from_utf8_lossy(name).into_owned();
        let index = document.places(&name_text).get(*nth).copied();
        let is = |document: &Document, value: &Secret| {
            let assignment = index.and_then(|index| document.assignments().get(index));
            assignment.is_some_and(|one| document.written_whole(one) == open(value))
        };
        document = match (&change.old, &change.new, index) {
            (Some(old), _, Some(_)) if is(&document, old) => document,
            (Some(old), Some(new), Some(index)) if is(&document, new) => {
                let span = document.assignments().get(index).map(|one| one.value_span.clone()).unwrap_or_default();
                document.splice(index, &span, old)?
            }
            // It was added.
            (None, _, None) => document,
            (None, Some(new), Some(index)) if is(&document, new) => document.remove(index)?,
            // It was removed. Its value is as it is written, so it is read before it is written again.
            (Some(old), None, None) => document.append(&name_text, &read(&name_text, old))?,
            _ => {
                let shown =
                    Key::printable(name).map_or_else(|| "a key that cannot be shown".into(), |key| key.to_string());
                left.push((change.file.clone(), shown));
                document
            }
        };
    }
    Ok(document)
}

/// The value of an assignment that is written like this.
fn read(name: &str, written: &Secret) -> Secret {
    let text = Secret::new([name.as_bytes(), b"=", open(written), b"\n"].concat());
    Document::parse(text).assignments().first().map(|one| one.value.copied()).unwrap_or_default()
}

/// The ledger: the old value is in use again, also under the other keys.
fn remember(case: &Case<'_>, previous: &Previous, system: &System) -> Result<(), Error> {
    case.survey.update(system, &mut |book, fingerprints, now| {
        if let Some(index) = book.find(&case.status.file, &case.status.key) {
            roll_back(book, index, fingerprints.fingerprint(&case.status.key, &previous.new), now);
        }
        for change in &previous.changes {
            let Some((name, _)) = &change.place else { continue };
            let Some(key) = Key::printable(name) else { continue };
            if (&change.file, &key) == (&case.status.file, &case.status.key) {
                continue;
            }
            if let Some(index) = book.find(&change.file, &key) {
                let of = |value| fingerprints.fingerprint(&key, value);
                unmake(book, index, (of(&previous.old), of(&previous.new)), now);
            }
        }
    })
}

/// The statement that tells the database the old password again.
fn sql(args: &Rollback, case: &Case<'_>, old: &Secret, out: &mut dyn Write) -> Result<Status, Error> {
    let is_sql = |kind| matches!(kind, Kind::Postgres | Kind::Mariadb);
    if !is_sql(case.kind()) && case.servers.iter().all(|server| !is_sql(server.kind)) {
        return Err(Error::usage(
            "--sql is for passwords of PostgreSQL and MariaDB",
            "leave out --sql, and tell the service the old value in its own client",
        ));
    }
    let to = to_sql(case, (args.server.as_deref(), args.role.as_deref()))?;
    let (statement, _) = statements(&to, old)?;
    out.write_all(statement.as_bytes()).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

fn screen(case: &Case<'_>, previous: &Previous, left: &[Left], kind: Kind, system: &System) -> String {
    let (key, file) = (&case.status.key, &case.status.file);
    let count = previous.changes.len() - left.len();
    let places = wording::count(count as u64, "place", "places");
    let what = format!("{key} of {file}: rolled back, {places} restored. The new value waits again");
    let mut text = wrapped(&what, system.style);
    if !left.is_empty() {
        text += &wrapped(
            "WARNING: these were edited after promote and are NOT changed. Correct them by hand:",
            system.style,
        );
        left.iter().for_each(|(path, what)| text += &format!("  {path}: {what}\n"));
    }
    // The other role has its own password.
    if previous.role.is_none() {
        text += &tell_again(case, kind, "the old password", system);
    }
    text
}

/// How a server that may know a new password already is told again the one that is in use. `which` names that one.
pub(super) fn tell_again(case: &Case<'_>, kind: Kind, which: &str, system: &System) -> String {
    let mut text = String::new();
    for (kind, means) in case.told(kind, system) {
        // The server has the new password, which is not the one in use any more.
        text += &tell_one_again(case, kind, &Means { in_use: None, ..means }, which, system);
    }
    text
}

fn tell_one_again(case: &Case<'_>, kind: Kind, means: &Means, which: &str, system: &System) -> String {
    let (at, label, telling) = (case.at(), &means.label, &means.telling);
    let tell = format!("If you already told the server{label} the new password, tell it {which} again");
    let (tell, client) = match kind {
        Kind::Postgres => (format!("{tell}:"), Some(means.psql())),
        Kind::Mariadb => (format!("{tell}. Set MYSQL_PWD to the new password first:"), Some(means.mariadb())),
        Kind::Mysql | Kind::Service => (format!("{tell}."), None),
        Kind::Redis => (format!("Redis{label} accepts both passwords until its next restart."), None),
        _ => return String::new(),
    };
    let mut text = wrapped(&tell, system.style);
    client
        .iter()
        .for_each(|client| text += &format!("  -> envward rotation rollback {at} --sql{telling} | {client}\n"));
    text
}

#[expect(clippy::disallowed_methods, reason = "written back into the file that it came from")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}
