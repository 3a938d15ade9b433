//! `envward rotation rotate`: the new value, where the old one stands, and the steps.
//!
//! Killed anywhere, the next run finds the value that waits and goes on with it; none is made twice.

use std::io::Write;

use super::decryption_key;
use super::files::{Place, Places, alike, all_places, file_of, is_one_secret, value_of};
use super::kept_out;
use super::other_role;
use super::pending::{self, Pending, Wait};
use super::previous;
use super::promote::is_unfinished;
use super::ready;
use super::record::the_one;
use super::rollback;
use super::screen::{numbered, title, used_in};
use super::servers::{self, Server};
use super::tell::{self, To};
use super::whole_file;
use crate::cli::rotation::{Rotate, Which};
use crate::cmd::output::{self, lost, wrapped};
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::Key;
use crate::error::Error;
use crate::ledger::ValueState;
use crate::path::RelPath;
use crate::policy::Status;
use crate::project::{FoundSecret, ProjectFile};
use crate::rotation::steps::{Kind, steps};
use crate::rotation::value_places::{Form, Old};
use crate::rotation::{NEXT, Owner, SecretStatus, Surprise, Urgency, abandon, pend, user_of};
use crate::secret::mask::Mask;
use crate::secret::{Secret, class};
use crate::system::System;
use crate::text;

/// A secret to be replaced, and all that belongs to it.
pub(super) struct Case<'a> {
    pub(super) survey: &'a Survey,
    pub(super) status: &'a SecretStatus,
    pub(super) file: &'a ProjectFile,
    pub(super) found: &'a FoundSecret,
    pub(super) owner: Owner,
    /// Where the old value stands and is replaced.
    pub(super) places: Vec<Place>,
    /// Where the same word stands, and is left.
    pub(super) left: Vec<Place>,
    /// The database servers that have the old value.
    pub(super) servers: Vec<Server<'a>>,
    /// The value before, if it was kept: it is in use nowhere, so the report's own mask does not know it.
    pub(super) past: Mask,
}

impl<'a> Case<'a> {
    /// The secret that is meant, in a file that envward changes.
    pub(super) fn of(which: &Which, survey: &'a Survey) -> Result<Self, Error> {
        let case = Self::any(which, survey)?;
        match () {
            () if case.is_whole_file() => Err(whole_file::refusal(&case)),
            () if decryption_key::is_one(&case) => Err(decryption_key::refusal(&case)),
            () => Ok(case),
        }
    }

    /// The secret that is meant; for a URL that holds another key's value, that key.
    fn any(which: &Which, survey: &'a Survey) -> Result<Self, Error> {
        if let Some(problem) = survey.report.problems.first() {
            // A file that could not be read may hold the old value.
            return Err(problem.clone().into());
        }
        if survey.report.surprises.iter().any(|one| matches!(one, Surprise::ClockBack(_))) {
            return Err(Error::blocked(
                "the clock went back since the last check, so days in the ledger would be wrong",
                "set the clock; if the clock is right now: envward rotation status --accept-clock",
            ));
        }
        let named = the_one(which, survey)?;
        let twin = |(file, key): (&RelPath, &Key)| {
            let all = survey.report.statuses.iter();
            all.clone().find(|one| one.file == *file && one.key == *key && one.state == named.state)
        };
        // Another file's key, too: one password of one deployment is replaced once.
        let is_key = |one: &&SecretStatus| !is_one_secret(survey, &one.file);
        let status = named.twin().and_then(twin).filter(is_key).unwrap_or(named);
        let file = file_of(survey, status)?;
        let found = value_of(file, &status.key)?;
        let others = alike(survey, file).filter(|one| one.path != file.path);
        let documents: Vec<_> = [file].into_iter().chain(others).filter_map(|one| one.document.as_ref()).collect();
        let owner = Owner::of(status.key.as_str(), &documents, &found.value);
        let old = Old { value: &found.value, owner: &owner };
        let Places { replaced: places, left } = all_places(survey, file, &status.key, &old);
        let past = Mask::new(previous::find(survey, status).ok().flatten().map(|kept| kept.old).into_iter().collect());
        let servers = Vec::new();
        let mut case = Self { survey, status, file, found, owner, places, left, servers, past };
        case.servers = servers::find(&case);
        Ok(case)
    }

    /// Whether all of the file is the secret.
    fn is_whole_file(&self) -> bool {
        is_one_secret(self.survey, &self.file.path)
    }

    /// `KEY FILE`, as a command takes them.
    pub(super) fn at(&self) -> String {
        format!("{} {}", self.status.key, self.survey.report.shell_path(&self.status.file))
    }

    /// The values that the ledger knows of this secret: in use, waiting, replaced.
    pub(super) fn values(&self) -> impl Iterator<Item = &SecretStatus> {
        let is_it = |one: &&SecretStatus| one.file == self.status.file && one.key == self.status.key;
        self.survey.report.statuses.iter().filter(is_it)
    }

    /// The value that is replaced.
    pub(super) fn old(&self) -> Old<'_> {
        Old { value: &self.found.value, owner: &self.owner }
    }

    pub(super) fn urls(&self) -> impl Iterator<Item = &Secret> {
        self.places.iter().filter_map(|place| self.url_at(place))
    }

    /// The URL at a place.
    pub(super) fn url_at(&self, place: &Place) -> Option<&Secret> {
        let file = self.survey.project.files.iter().find(|file| file.path == place.file)?;
        let assignment = file.document.as_ref()?.assignments().get(place.index)?;
        (place.form == Form::Url).then_some(&assignment.value)
    }

    /// Whether the old value is known to have leaked.
    pub(super) fn is_exposed(&self) -> bool {
        self.status.urgency == Urgency::Exposed
    }

    /// Whether the old value goes on to be accepted for a while: not of a signing key that leaked, for anyone who has it is
    /// any user. What was encrypted has to be read all the same.
    pub(super) fn overlaps(&self, kind: Kind) -> bool {
        kind.overlaps() && !(kind == Kind::Signing && self.is_exposed())
    }

    /// The user of the URL, else of the server that has the password, else of the key beside this one.
    #[expect(clippy::disallowed_methods, reason = "a user's name goes into the statement that was asked for")]
    pub(super) fn user(&self) -> Option<Vec<u8>> {
        let of_url = self.urls().find_map(|url| class::url_user(url.expose()));
        let of_server = || self.servers.first().and_then(|server| server.users.first().cloned());
        let of_key = || user_of(self.file.document.as_ref()?, self.status.key.as_str());
        of_url.or_else(of_server).or_else(of_key)
    }

    /// The database's user: the one that is given, else the one that the project names.
    pub(super) fn role(&self, given: Option<&str>) -> Result<String, Error> {
        let found = given.map(|role| role.as_bytes().to_vec()).or_else(|| self.user());
        found.and_then(|role| role_of(&role)).ok_or(NO_ROLE)
    }
}

/// No role, or one that cannot be shown.
pub(super) const NO_ROLE: Error =
    Error::usage("the project does not name the user of this password", "name the database user: --role NAME");

/// A user of a database as text.
pub(super) fn role_of(bytes: &[u8]) -> Option<String> {
    let role = std::str::from_utf8(bytes).ok()?;
    (!role.is_empty() && !role.chars().any(text::is_unsafe)).then(|| role.to_owned())
}

/// Runs it. What reads the statement at the other end of a pipe must not end well where there is none.
pub(super) fn run(args: &Rotate, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    const NONE: &str = "DO $$ BEGIN RAISE EXCEPTION 'envward made no statement'; END $$;";
    let done = rotate(args, system, out);
    if done.is_err() && args.sql && args.out.is_none() {
        writeln!(out, "{NONE}").map_err(|error| lost(&error))?;
    }
    done
}

fn rotate(args: &Rotate, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    of(args, &survey, system, out).map_err(|error| survey.report.mask.error(error))
}

fn of(args: &Rotate, survey: &Survey, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let case = Case::any(&args.which, survey)?;
    if case.is_whole_file() {
        return whole_file::show(&case, args, system, out);
    }
    if decryption_key::is_one(&case) {
        return decryption_key::show(&case, args, system, out);
    }
    if args.abandon {
        return give_up(&case, system, out);
    }
    let kind = case.kind();
    let named = (args.server.as_deref(), args.role.as_deref());
    let to = match (args.sql, args.redis) {
        (true, _) => Some(tell::to_sql(&case, named)?),
        (_, true) => Some(tell::to_redis(&case, named)?),
        _ => None,
    };
    let waiting = pending::find(survey, case.status, case.file)?;
    // With --sql and --redis the role is whose password it is, and no other one.
    let asked = args.role.as_deref().filter(|_| !args.sql && !args.redis);
    let next_role = waiting.as_ref().map_or(asked, |one| one.role.as_deref());
    if let Some(role) = next_role {
        other_role::admits(&case, kind, role)?;
    }
    if waiting.is_none() && !args.stdin && (args.sql || args.redis) && is_unfinished(&case) {
        // The value in use is the new one: a server can be told it again, and no third value is made by the way.
        return tell(args, &case, (&to, None), &case.found.value, system, out);
    }
    let value = waiting.as_ref().map(|one| &one.value);
    match args.sql || args.redis {
        true => {
            ready::admits(&case, value, system)?;
            ready::has_no_place_by_hand(&case)?;
        }
        false => ready::fits(&case, value, system)?,
    }
    let is_early = ready::is_early(&case, value);
    if args.dry_run {
        let wait = match &waiting {
            Some(pending) => pending.wait.clone(),
            None => pending::place(survey, case.status, case.overlaps(kind))?,
        };
        let new = New { wait: &wait, role: next_role, is_early };
        show(&case, kind, &new, "would wait in", system, out)?;
        // As without --dry-run: what envward cannot make is not promised.
        if waiting.is_none() {
            pending::recipe(&case)?;
        }
        return Ok(Status::Clean);
    }
    // First of all: a run that was killed before it recorded this left the value.
    if let Some(waiting) = &waiting {
        remember(&case, &waiting.value, system)?;
    }
    let pending = match waiting {
        Some(_) if args.stdin => return Err(waits_already(&case, "a new value waits already")),
        Some(pending) if asked.is_some() && asked != pending.role.as_deref() => {
            return Err(waits_already(&case, "a new value waits already, and not for this role"));
        }
        Some(pending) => pending,
        None => {
            let made = make(&case, kind, args.stdin, next_role)?;
            remember(&case, &made.value, system)?;
            made
        }
    };
    if args.sql || args.redis {
        return tell(args, &case, (&to, pending.role.as_deref()), &pending.value, system, out);
    }
    let new = New { wait: &pending.wait, role: pending.role.as_deref(), is_early };
    show(&case, kind, &new, "waits in", system, out)
}

/// Prints what tells a server a value.
fn tell(
    args: &Rotate,
    case: &Case<'_>,
    (to, next_role): (&Option<To>, Option<&str>),
    value: &Secret,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    match to {
        Some(to) if args.sql => tell::sql(args, case, (to, next_role), value, system, out),
        Some(to) => tell::redis(to, value, out),
        None => Ok(Status::Clean),
    }
}

fn waits_already(case: &Case<'_>, message: &'static str) -> Error {
    let at = case.at();
    let hint = format!("use it: envward rotation promote {at}; or discard it: envward rotation rotate {at} --abandon");
    Error::blocked_here(message, hint)
}

fn make(case: &Case<'_>, kind: Kind, from_stdin: bool, role: Option<&str>) -> Result<Pending, Error> {
    let value = pending::new_value(case, from_stdin)?;
    let wait = pending::place(case.survey, case.status, case.overlaps(kind))?;
    if role.is_some() && wait == Wait::Next {
        return Err(Error::blocked_here(
            "git or an image would pick up the file in which the new value and the role wait",
            format!("ignore these files first: {}", kept_out::commands(case)?.join(" && ")),
        ));
    }
    let role = role.map(str::to_owned);
    let pending = Pending { value, wait, role };
    pending::write(case.survey, case.status, &pending)?;
    Ok(pending)
}

/// Records that a value waits.
fn remember(case: &Case<'_>, value: &Secret, system: &System) -> Result<(), Error> {
    case.survey.update(system, &mut |book, fingerprints, now| {
        if let Some(index) = book.find(&case.status.file, &case.status.key) {
            pend(book, index, fingerprints.fingerprint(&case.status.key, value), now);
        }
    })
}

fn give_up(case: &Case<'_>, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let waiting = pending::find(case.survey, case.status, case.file)?;
    // A run that was killed between the file and the ledger left it there.
    let is_recorded = case.values().any(|one| one.state == ValueState::Pending);
    if waiting.is_none() && !is_recorded {
        return Err(Error::blocked_here(
            "no new value waits for this secret",
            format!("there is nothing to discard; make a new value: envward rotation rotate {}", case.at()),
        ));
    }
    let is_of_other_role = waiting.as_ref().is_some_and(|one| one.role.is_some());
    if let Some(waiting) = waiting {
        pending::remove(case.survey, case.status, &waiting.wait)?;
    }
    case.survey.update_secret(case.status, system, &mut abandon)?;
    let (key, file) = (&case.status.key, &case.status.file);
    let mut text = wrapped(&format!("discarded: the new value of {key}. {file} keeps the current value"), system.style);
    text += &match case.kind() {
        // The other role has its own password.
        _ if is_of_other_role => String::new(),
        // Its user changes the password, who has to give the new one, and that is gone.
        Kind::Mariadb => wrapped(
            "If you already told MariaDB the new password, set the current password again as its root user.",
            system.style,
        ),
        kind => rollback::tell_again(case, kind, "the current value", system),
    };
    output::text(&case.past.text(&text), &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// What the screen is about.
struct New<'a> {
    wait: &'a Wait,
    /// The role that gets it, if that is another one than now.
    role: Option<&'a str>,
    /// Whether the last rotation has to be finished first.
    is_early: bool,
}

fn show(
    case: &Case<'_>,
    kind: Kind,
    new: &New<'_>,
    verb: &str,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let (key, file) = (&case.status.key, &case.status.file);
    let place = match new.wait {
        Wait::Beside(path) => path.to_string(),
        Wait::Next => format!("{file} under {key}{NEXT}"),
    };
    let mut text = title(case, &format!("the new value {verb} {place}"), system) + &used_in(case, system);
    text += &kept_out::warning(case, system)?;
    text += "\nnext\n";
    let mut told = case.told(kind, system);
    if let (Some(role), Some((_, means))) = (new.role, told.first_mut()) {
        means.next_role = Some(role.to_owned());
        told.truncate(1);
    }
    let steps = match new.is_early {
        true => ready::first_steps(case),
        false => steps(key.as_str(), &case.at(), &place, &told),
    };
    text += &numbered(steps, system.style);
    output::text(&case.past.text(&text), &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}
