//! `envward rotation rotate`: the new value, where the old one stands, and the steps.
//!
//! Killed anywhere, the next run finds the value that waits and goes on with it; none is made twice.

use std::io::Write;

use super::files::{Elsewhere, Place, Places, alike, all_places, elsewhere, file_of, is_one_secret, value_of};
use super::other_role;
use super::pending::{self, Pending, Wait};
use super::promote::is_unfinished;
use super::record::the_one;
use super::tell;
use crate::cli::rotation::{Rotate, Which};
use crate::cmd::output::{self, lost, wrapped};
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::Key;
use crate::environment::Environment;
use crate::error::Error;
use crate::ledger::ValueState;
use crate::path::RelPath;
use crate::policy::Status;
use crate::project::{Engine, FoundSecret, ProjectFile};
use crate::rotation::steps::{Kind, Means, steps};
use crate::rotation::value_places::{Form, Old};
use crate::rotation::{NEXT, Owner, SecretStatus, Surprise, Urgency, abandon, beside, pend, user_of};
use crate::secret::{Secret, class};
use crate::system::System;
use crate::terminal::{Ink, Style};
use crate::text::{self, wrap};

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
}

impl<'a> Case<'a> {
    /// The secret that is meant; for a URL that holds another key's value, that key.
    pub(super) fn of(which: &Which, survey: &'a Survey) -> Result<Self, Error> {
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
        if is_one_secret(survey, &file.path) {
            // It has no keys: one that was added would become part of the secret.
            return Err(Error::blocked(
                "the file is one secret as a whole, so it has no keys",
                "write a new value into the file: envward generate hex > FILE",
            ));
        }
        let found = value_of(file, &status.key)?;
        let others = alike(survey, file).filter(|one| one.path != file.path);
        let documents: Vec<_> = [file].into_iter().chain(others).filter_map(|one| one.document.as_ref()).collect();
        let owner = Owner::of(status.key.as_str(), &documents, &found.value);
        let old = Old { value: &found.value, owner: &owner };
        let Places { replaced: places, left } = all_places(survey, file, &status.key, &old);
        Ok(Self { survey, status, file, found, owner, places, left })
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

    pub(super) fn kind(&self) -> Kind {
        let (class, key) = (self.status.class, self.status.key.as_str());
        Kind::of(class, key, self.scheme().as_deref(), self.file.is_by_hand(self.found))
    }

    /// The scheme of the URL that holds the value.
    #[expect(clippy::disallowed_methods, reason = "looks at a URL's scheme")]
    fn scheme(&self) -> Option<String> {
        let of_url = self.urls().find_map(|url| class::url_scheme(url.expose()).map(str::to_owned));
        let engine = self.told().map(|told| told.engine);
        // A URL of MySQL leads to MariaDB, too.
        let is_known_better = engine == Some(Engine::Mariadb);
        let of_url = of_url.filter(|scheme| !(is_known_better && Engine::Mariadb.speaks(scheme)));
        let of_server = || engine.map(|engine| engine.scheme().to_owned());
        of_url.or_else(of_server).or_else(|| self.is_mysql().then(|| "mysql".to_owned()))
    }

    /// Whether the settings beside it say MySQL or MariaDB: `DB_CONNECTION=mysql`, `DB_PORT=3306`.
    fn is_mysql(&self) -> bool {
        const ENGINE: [&str; 7] = ["CONNECTION", "ENGINE", "TYPE", "DRIVER", "DIALECT", "CLIENT", "ADAPTER"];
        /// Of both (IANA, `mysql`).
        const PORT: &[u8] = b"3306";
        let value = |word: &str| {
            let found = beside(self.file.document.as_ref()?, self.status.key.as_str(), &[word])?;
            Some(found.to_ascii_lowercase())
        };
        let has = |value: &[u8], name: &str| memchr::memmem::find(value, name.as_bytes()).is_some();
        let mut engines = ENGINE.iter().filter_map(|word| value(word)).peekable();
        match engines.peek() {
            Some(_) => engines.any(|engine| has(&engine, "mysql") || has(&engine, "mariadb")),
            None => value("PORT").is_some_and(|port| port == PORT),
        }
    }

    pub(super) fn urls(&self) -> impl Iterator<Item = &Secret> {
        let files = &self.survey.project.files;
        self.places.iter().filter(|place| place.form == Form::Url).filter_map(move |place| {
            let document = files.iter().find(|file| file.path == place.file)?.document.as_ref()?;
            Some(&document.assignments().get(place.index)?.value)
        })
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
        let of_server = || self.told().and_then(|told| told.user().map(<[u8]>::to_vec));
        let of_key = || user_of(self.file.document.as_ref()?, self.status.key.as_str());
        of_url.or_else(of_server).or_else(of_key)
    }

    /// The database's user: the one that is given, else the one that the project names.
    pub(super) fn role(&self, given: Option<&str>) -> Result<String, Error> {
        let found = given.map(|role| role.as_bytes().to_vec()).or_else(|| self.user());
        let role = found.and_then(|bytes| std::str::from_utf8(&bytes).ok().map(str::to_owned));
        let role = role.filter(|role| !role.is_empty() && !role.chars().any(text::is_unsafe));
        role.ok_or(Error::usage(
            "the project does not name the user of this password",
            "name the database user: --role NAME",
        ))
    }
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
    let case = Case::of(&args.which, survey)?;
    if args.abandon {
        return give_up(&case, system, out);
    }
    let kind = case.kind();
    if args.sql && kind == Kind::Mysql {
        return Err(Error::usage(
            "--sql is for PostgreSQL and MariaDB, and this is a password of MySQL",
            "leave out --sql: the steps say what to type in the MySQL client",
        ));
    }
    let waiting = pending::find(survey, case.status, case.file)?;
    // With --sql and --redis the role is whose password it is, and no other one.
    let asked = args.role.as_deref().filter(|_| !args.sql && !args.redis);
    let next_role = waiting.as_ref().map_or(asked, |one| one.role.as_deref());
    if let Some(role) = next_role {
        other_role::admits(&case, kind, role)?;
    }
    if args.dry_run {
        let wait = match &waiting {
            Some(pending) => pending.wait.clone(),
            None => pending::place(survey, case.status, case.overlaps(kind))?,
        };
        return show(&case, kind, (&wait, next_role), "would wait in", system, out);
    }
    // First of all: a run that was killed before it recorded this left the value.
    if let Some(waiting) = &waiting {
        remember(&case, &waiting.value, system)?;
    }
    let pending = match waiting {
        Some(_) if args.stdin => {
            return Err(Error::blocked(
                "a new value waits already",
                "use it: envward rotation promote KEY; or discard it: envward rotation rotate KEY --abandon",
            ));
        }
        Some(pending) if asked.is_some() && asked != pending.role.as_deref() => {
            return Err(Error::blocked(
                "a new value waits already, and not for this role",
                "use it: envward rotation promote KEY; or discard it: envward rotation rotate KEY --abandon",
            ));
        }
        Some(pending) => pending,
        // The value in use is the new one: a server can be told it again, and no third value is made by the way.
        None if args.sql && is_unfinished(&case) => {
            return tell::sql(args, &case, (kind, None), &case.found.value, system, out);
        }
        None if args.redis && is_unfinished(&case) => {
            return tell::redis(&case, args.role.as_deref(), &case.found.value, out);
        }
        None => {
            let made = make(&case, kind, args.stdin, next_role)?;
            remember(&case, &made.value, system)?;
            made
        }
    };
    if args.sql {
        return tell::sql(args, &case, (kind, pending.role.as_deref()), &pending.value, system, out);
    }
    if args.redis {
        return tell::redis(&case, args.role.as_deref(), &pending.value, out);
    }
    show(&case, kind, (&pending.wait, pending.role.as_deref()), "waits in", system, out)
}

fn make(case: &Case<'_>, kind: Kind, from_stdin: bool, role: Option<&str>) -> Result<Pending, Error> {
    let value = pending::new_value(case.status, case.file, &case.found.value, from_stdin)?;
    let wait = pending::place(case.survey, case.status, case.overlaps(kind))?;
    if role.is_some() && wait == Wait::Next {
        return Err(Error::blocked(
            "git or an image would pick up the file in which the new value and the role wait",
            "let envward add the missing lines to .gitignore and .dockerignore: envward check --fix",
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
        return Err(Error::blocked(
            "no new value waits for this secret",
            "there is nothing to discard; make a new value: envward rotation rotate KEY",
        ));
    }
    if let Some(waiting) = waiting {
        pending::remove(case.survey, case.status, &waiting.wait)?;
    }
    case.survey.update_secret(case.status, system, &mut abandon)?;
    let (key, file) = (&case.status.key, &case.status.file);
    let text = format!(
        "discarded: the new value of {key}. {file} keeps the current value\n\
         if you already told a service the new value, tell it the current value again\n"
    );
    output::text(&wrapped(&text, system.style), &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}

/// A place, on the screen.
pub(super) fn line_of(place: &Place) -> String {
    let name = place.key.as_ref().map_or_else(|| format!("line {}", place.line), ToString::to_string);
    match place.form.word() {
        "" => format!("{}: {name}", place.file),
        form => format!("{}: {name} ({form})", place.file),
    }
}

/// Places with the same word, of which nobody can know whether it is the secret.
pub(super) fn left_alone(case: &Case<'_>, style: Style) -> String {
    if case.left.is_empty() {
        return String::new();
    }
    let what = "WARNING: these contain the same word and are NOT changed. Change by hand those that mean this secret:";
    let lines = wrap(what, style.width).into_iter();
    let places = case.left.iter().map(|place| format!("  {}", line_of(place)));
    lines.chain(places).map(|line| line + "\n").collect()
}

/// An environment, where nothing stands beside it.
pub(super) fn environment(environment: Environment) -> &'static str {
    match environment {
        Environment::Unknown => "environment unknown",
        known => known.word(),
    }
}

fn show(
    case: &Case<'_>,
    kind: Kind,
    (wait, next_role): (&Wait, Option<&str>),
    verb: &str,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let style = system.style;
    let (key, file) = (&case.status.key, &case.status.file);
    let place = match wait {
        Wait::Beside(path) => path.to_string(),
        Wait::Next => format!("{file} under {key}{NEXT}"),
    };
    let mut text = String::new();
    let title = format!("{key} of {file} ({}): the new value {verb} {place}", environment(case.file.environment));
    wrap(&title, style.width).iter().for_each(|line| text += &format!("{}\n", style.set(Ink::Bold, line)));
    text += "\nthe current value is used in\n";
    case.places.iter().for_each(|place| text += &format!("  {}\n", line_of(place)));
    text += &left_alone(case, style);
    for Elsewhere { path, place, what } in elsewhere(case.survey, case.file, &case.old()) {
        let line = format!("WARNING: {path}{place} has it too and will NOT be changed{what}");
        wrap(&line, style.width).iter().for_each(|line| text += &format!("{line}\n"));
    }
    text += "\nnext\n";
    let at = format!("{key} {}", case.survey.report.shell_path(file));
    let means = Means { next_role: next_role.map(str::to_owned), ..case.means(kind, system) };
    for (number, (what, commands)) in steps(kind, key.as_str(), &at, &place, &means).into_iter().enumerate() {
        for (line, part) in wrap(&what, style.width - 5).into_iter().enumerate() {
            text += &if line == 0 { format!("  {}. {part}\n", number + 1) } else { format!("     {part}\n") };
        }
        // A command is copied: it stays in one piece, however long.
        commands.iter().for_each(|command| text += &format!("     -> {command}\n"));
    }
    output::text(&text, &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}
