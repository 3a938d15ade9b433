//! `envward rotation verify`: whether services use the new value, by what other programs print about them.

use std::io::{IsTerminal as _, Write};
use std::os::unix::fs::MetadataExt as _;
use std::path::PathBuf;

use jiff::Timestamp;
use zeroize::Zeroizing;

use super::confirm::missing_proof;
use super::files::is_one_secret;
use super::promote::is_unfinished;
use super::remaining_places::matcher;
use super::rotate::{Case, role_of};
use super::servers::Server;
use super::tell::redis_user;
use super::{pending, previous};
use crate::cli::rotation::Verify;
use crate::cmd::input;
use crate::cmd::output::{self, wrapped};
use crate::docker::inspect;
use crate::engine::rotation::ledger;
use crate::engine::rotation::survey::{Options, Survey};
use crate::env::names::PREVIOUS;
use crate::error::{Error, EvidenceFault};
use crate::ledger::FingerprintKey;
use crate::policy::Status;
use crate::rotation::evidence::containers::{Subject, examine};
use crate::rotation::evidence::{
    Fault, Kind, Observation, Users, Uses, Values, Verdict, key_hashes, mysql, postgres, redis,
};
use crate::rotation::prove;
use crate::rotation::steps::evidence_of_server;
use crate::rotation::value_places::Form;
use crate::secret::Secret;
use crate::secret::mask::Mask;
use crate::system::System;
use crate::text::wrap;

/// Runs it.
pub(super) fn run(args: &Verify, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let survey = Survey::of(args.which.path.as_deref(), &Options::default(), system)?;
    of(args, &survey, system, out).map_err(|error| survey.report.mask.error(error))
}

fn of(args: &Verify, survey: &Survey, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let case = Case::of(&args.which, survey)?;
    let evidence = standard_input()?;
    let rotation = Rotation::of(&case)?;
    let values = rotation.values(&case);
    let kind = kind_of(args);
    let server = case.server(args.server.as_deref(), |one| evidence_of_server(one) == Some(kind))?;
    let users = || users(&case, &rotation, server, (kind, args.role.as_deref()));
    let spared = rotation.spared.as_deref();
    let observed = match kind {
        Kind::Docker => in_containers(&case, &evidence, &values, &ledger::fingerprints(&survey.place)?),
        Kind::Postgres => postgres::read(&evidence, &Users { names: &users()?, spared }, &values),
        Kind::Redis => redis::read(&evidence, &Users { names: &users()?, spared }, &values),
        Kind::Mysql => mysql::read(&evidence, &Users { names: &users()?, spared }, &values),
        Kind::Argon2 => key_hashes::read(&evidence, &values),
    };
    let observed = observed.map_err(|fault| Error::Evidence(EvidenceFault { kind, fault }))?;
    let verdict = Verdict::of(&observed);
    // Containers with the new value do not show that the server refuses the old one.
    let is_partial = kind == Kind::Docker && !case.missing(None).is_empty();
    let is_recorded = verdict == Verdict::Proven && is_unfinished(&case) && !is_partial;
    let shown = server.map_or_else(|| kind.word().to_owned(), |server| case.word_of(server, kind));
    let is_rest_missing = !case.missing(Some(&shown)).is_empty();
    if is_recorded {
        let missing = case.missing(Some(&shown));
        let missing: Vec<String> =
            missing.iter().filter_map(|server| Some(case.word_of(server, server.evidence()?))).collect();
        survey.update_secret(case.status, system, &mut |book, index, now| prove(book, index, &shown, &missing, now))?;
    }
    // The old value is in use nowhere in the project, so that the report's own mask does not know it.
    let mask = Mask::new([Some(values.new), values.old].into_iter().flatten().map(Secret::copied).collect());
    let seen = Seen { kind, verdict, is_recorded, is_rest_missing, server };
    let mut text = screen(&case, &observed, &seen, system);
    if verdict == Verdict::Proven && is_unfinished(&case) && (is_partial || is_rest_missing) {
        let (before, shown) = if is_partial { ("not recorded: ", None) } else { ("not finished: ", Some(&*shown)) };
        text += &missing_proof(&case, before, shown, system);
    }
    output::text(&mask.text(&text), &survey.report.mask, out)?;
    Ok(match verdict {
        Verdict::Proven => Status::Clean,
        Verdict::OldInUse => Status::Findings,
        Verdict::Unclear => Status::Incomplete,
    })
}

/// The users that have to accept the new value. Who is named takes none of those away that the project names.
fn users(
    case: &Case<'_>,
    rotation: &Rotation,
    server: Option<&Server<'_>>,
    (kind, given): (Kind, Option<&str>),
) -> Result<Vec<String>, Error> {
    if let Some(role) = &rotation.role {
        return Ok(vec![given.unwrap_or(role).to_owned()]);
    }
    let known = server.map(|server| server.users.clone()).unwrap_or_default();
    let mut names: Vec<String> = known.iter().filter_map(|user| role_of(user)).collect();
    names.retain(|name| Some(name) != rotation.spared.as_ref());
    match given {
        Some(given) if names.len() < 2 => return Ok(vec![given.to_owned()]),
        Some(given) if names.iter().all(|name| name != given) => names.push(given.to_owned()),
        _ => {}
    }
    match (names.is_empty(), kind) {
        (false, _) => Ok(names),
        (true, Kind::Redis) => Ok(vec![redis_user(case, given)?]),
        (true, _) => Ok(vec![case.role(given)?]),
    }
}

/// What standard input is said to be.
fn kind_of(args: &Verify) -> Kind {
    match () {
        () if args.postgres => Kind::Postgres,
        () if args.redis => Kind::Redis,
        () if args.mysql => Kind::Mysql,
        () if args.argon2 => Kind::Argon2,
        () => Kind::Docker,
    }
}

/// The values of the rotation that is under way.
struct Rotation {
    /// The value that waits, if `promote` did not run yet.
    waiting: Option<Secret>,
    /// The role that it is for, if that is not the one in use.
    role: Option<String>,
    /// The role that keeps the old value until the end, because the other one has the new value.
    spared: Option<String>,
    /// The value that was replaced, if it was kept.
    replaced: Option<Secret>,
}

impl Rotation {
    fn of(case: &Case<'_>) -> Result<Self, Error> {
        let (survey, status) = (case.survey, case.status);
        let waiting = pending::find(survey, status, case.file)?;
        if let Some(pending) = waiting.filter(|pending| !pending.value.ct_eq(&case.found.value)) {
            let spared = pending.role.as_ref().and_then(|_| case.role(None).ok());
            return Ok(Self { waiting: Some(pending.value), role: pending.role, spared, replaced: None });
        }
        let kept = previous::find(survey, status)?.filter(|kept| kept.new.ct_eq(&case.found.value));
        let spared = kept.as_ref().and_then(|kept| kept.role.clone());
        let replaced = kept.map(|kept| kept.old).or_else(|| {
            let document = case.file.document.as_ref()?;
            let index = document.places(&format!("{}{PREVIOUS}", status.key)).last().copied()?;
            Some(document.assignments().get(index)?.value.copied())
        });
        Ok(Self { waiting: None, role: None, spared, replaced })
    }

    fn values<'a>(&'a self, case: &'a Case<'_>) -> Values<'a> {
        match &self.waiting {
            Some(new) => Values { new, old: Some(&case.found.value) },
            None => Values { new: &case.found.value, old: self.replaced.as_ref() },
        }
    }
}

/// What another program printed.
fn standard_input() -> Result<Zeroizing<Vec<u8>>, Error> {
    if std::io::stdin().is_terminal() {
        return Err(Error::usage(
            "the evidence comes from standard input, and that is a terminal",
            "pipe it in: `envward rotation promote` and `envward rotation verify --help` show the commands",
        ));
    }
    input::evidence()
}

fn in_containers(
    case: &Case<'_>,
    evidence: &[u8],
    values: &Values<'_>,
    fingerprints: &FingerprintKey,
) -> Result<Vec<Observation>, Fault> {
    let found = inspect::read(evidence).map_err(|_| Fault::WrongKind)?;
    if found.containers.is_empty() {
        return Err(if found.images.is_empty() { Fault::WrongKind } else { Fault::Unrelated });
    }
    let is_old = matcher(case, fingerprints);
    let root = &case.survey.located.root;
    let keys = case.places.iter().filter(|place| matches!(place.form, Form::Whole | Form::Url | Form::BehindUser));
    let mut keys: Vec<&str> = keys.filter_map(|place| place.key.as_ref()).map(crate::env::Key::as_str).collect();
    keys.insert(0, case.status.key.as_str());
    let files = case.places.iter().map(|place| &place.file).filter(|file| is_one_secret(case.survey, file));
    let files: Vec<_> = files.filter_map(|file| written(file.under(root))).collect();
    let subject = Subject { keys: &keys, values: *values, owner: &case.owner, is_old: &is_old, root, files: &files };
    examine(&found.containers, &subject)
}

/// A file, and when it was last replaced.
fn written(path: PathBuf) -> Option<(PathBuf, Timestamp)> {
    let found = path.symlink_metadata().ok()?;
    // A new file has a new time of its inode, whatever its content's time is set to.
    let at = Timestamp::new(found.ctime(), i32::try_from(found.ctime_nsec()).ok()?).ok()?;
    Some((path, at))
}

/// What the evidence shows, and of what.
struct Seen<'a> {
    kind: Kind,
    verdict: Verdict,
    is_recorded: bool,
    /// Whether another server still has to show it.
    is_rest_missing: bool,
    server: Option<&'a Server<'a>>,
}

fn screen(case: &Case<'_>, observed: &[Observation], seen: &Seen<'_>, system: &System) -> String {
    let (verdict, is_recorded) = (seen.verdict, seen.is_recorded);
    let (key, style) = (&case.status.key, system.style);
    let at = format!("{key} {}", case.survey.report.shell_path(&case.status.file));
    let mut text = String::new();
    let groups = [
        ("still the old value:", &[Uses::Old, Uses::Both] as &[Uses]),
        ("neither the new nor the old value:", &[Uses::Other]),
        ("the new value:", &[Uses::New]),
    ];
    for (title, uses) in groups {
        let places: Vec<&str> =
            observed.iter().filter(|one| uses.contains(&one.uses)).map(|one| one.place.as_str()).collect();
        if !places.is_empty() {
            text += &format!("{title}\n");
            places.iter().for_each(|place| text += &format!("  {place}\n"));
        }
    }
    let (what, command) = match verdict {
        Verdict::OldInUse => (format!("not proven: the old value of {key} is still in use"), None),
        Verdict::Unclear => (format!("not proven: something uses another value than the new one of {key}"), None),
        Verdict::Proven if is_recorded && seen.is_rest_missing => {
            let of = seen.server.map(|server| format!(" of {}", server.name)).unwrap_or_default();
            (format!("recorded{of}: what was examined uses only the new value of {key}"), None)
        }
        Verdict::Proven if is_recorded => (
            format!("proven and recorded: what was examined uses only the new value of {key}. If that is all, finish:"),
            Some(format!("envward rotation promote {at} --confirm")),
        ),
        Verdict::Proven => (format!("proven: what was examined uses only the new value of {key}"), None),
    };
    wrap(&what, style.width).iter().for_each(|line| text += &format!("{line}\n"));
    if verdict == Verdict::OldInUse {
        let what = match seen.kind {
            Kind::Docker | Kind::Argon2 => "Start these places with the new value, then run this again.",
            _ => "Each of these still accepts the old value. Set its new password in the server, then run this again.",
        };
        text += &wrapped(what, style);
    }
    command.iter().for_each(|command| text += &format!("  -> {command}\n"));
    text
}
