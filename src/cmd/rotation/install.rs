//! `envward rotation install`: the job's files, shown and then written. Nothing is started: what starts it is said.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

use super::status::paths;
use super::{fleet_key, notify, say};
use crate::cli::rotation::Install;
use crate::cmd::output::lost;
use crate::engine::locate;
use crate::engine::rotation::ledger;
use crate::error::Error;
use crate::files::{self, Root};
use crate::ledger::StatePlace;
use crate::path::RelPath;
use crate::policy::Status;
use crate::rotation::units::{self, Access, Fleet, Job, JobFile};
use crate::secret::Secret;
use crate::system::System;
use crate::text::sanitize;

/// Runs it.
pub(super) fn run(args: &Install, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let (job, user) = job(args, system)?;
    let unwritable = |_| {
        Error::blocked(
            "a path has characters that a unit or a crontab cannot contain",
            "rename the directory, and install again",
        )
    };
    let mut files = match args.systemd {
        true => units::systemd(&job).map_err(unwritable)?,
        false => vec![units::cron(&job).map_err(unwritable)?],
    };
    files.extend(job.notify.iter().flat_map(units::notify));
    let dir = directory(args, &job, system)?;
    // The crontab of a user is written by crontab(1) alone.
    let path = |file: &JobFile| match (file.access, &job.notify) {
        (Access::Program | Access::Private, Some(notify)) => Some(notify.dir.join(file.name)),
        _ => dir.as_ref().map(|dir| dir.join(file.name)),
    };
    let mut text = String::new();
    for file in &files {
        text += &format!("{}\n", path(file).map_or_else(|| "for `crontab -e`".into(), |path| shown(&path)));
        file.text.lines().for_each(|line| text += &format!("  {line}\n"));
        text.push('\n');
    }
    out.write_all(text.as_bytes()).map_err(|error| lost(&error))?;
    if args.dry_run {
        return say(out, "nothing was written (--dry-run)", system.style);
    }
    let written: Vec<(&JobFile, PathBuf)> = files.iter().filter_map(|file| Some((file, path(file)?))).collect();
    // All or none: what is in the way is found before the first is written.
    written.iter().try_for_each(|(file, path)| free(path, file, args.replace))?;
    written.iter().try_for_each(|(file, path)| write(path, file, (&job, &user)))?;
    say(out, &next(args, &job, dir.is_some()), system.style)
}

/// The job, and the user that it is for.
fn job(args: &Install, system: &System) -> Result<(Job, User), Error> {
    let mut projects = Vec::new();
    for path in paths(&args.paths) {
        let located = locate::project(path, system)?;
        // A configuration that is not valid would break the job every day.
        locate::configuration(&located.root, None, system)?;
        ledger::place(&located.root, system)?;
        projects.push(located.root);
    }
    let user = user(args, &projects, system)?;
    let is_root = user.uid.is_root();
    let program = system.own_program()?;
    if is_root && can_be_replaced(program) {
        return Err(Error::blocked(
            "root must not run a program that others can replace",
            "install envward where only root can write: sudo install -m 755 envward /usr/local/bin",
        ));
    }
    let metrics = args.metrics.as_ref().map(|file| system.directory.join(file));
    if metrics.as_ref().is_some_and(|file| file.extension().is_none_or(|extension| extension != "prom")) {
        return Err(Error::usage(
            "the name of the file in --metrics does not end in .prom",
            "such as --metrics envward.prom: the Prometheus collector reads no other files",
        ));
    }
    let notify = notify::notify(args, is_root, system)?;
    let usual: PathBuf = match is_root {
        true => "/var/lib/envward".into(),
        false => user.dir.join(".local/state/envward"),
    };
    // What the caller's own variables say holds for a job that runs as the caller. Two programs must find one outbox.
    let is_caller = user.uid.as_raw() == system.user;
    let is_other = |place: &&StatePlace| place.home.is_none() || notify.is_some() && place.dir != usual;
    let given = system.state.as_ref().filter(|_| is_caller).filter(is_other).map(|place| place.dir.clone());
    let job = Job {
        program: program.to_path_buf(),
        projects,
        is_state_given: given.is_some(),
        state: given.unwrap_or(usual),
        user: user.name.clone(),
        is_root,
        metrics,
        is_system: system.user == 0,
        notify,
        fleet: fleet(args, system)?,
    };
    Ok((job, user))
}

/// The table of all hosts, where somebody asked. A key that the job would refuse every day is refused now.
fn fleet(args: &Install, system: &System) -> Result<Option<Fleet>, Error> {
    let Some(service) = args.fleet.clone() else { return Ok(None) };
    let key = args.fleet_key.as_ref().map(|file| system.directory.join(file));
    key.as_deref().map(|file| fleet_key::read(file, system)).transpose()?;
    Ok(Some(Fleet { service, key, host: args.host.clone() }))
}

/// The user that the job runs as.
fn user(args: &Install, projects: &[PathBuf], system: &System) -> Result<User, Error> {
    let by_id = |id: u32| User::from_uid(Uid::from_raw(id)).ok().flatten();
    let owner = || projects.first().and_then(|root| by_id(root.metadata().ok()?.uid()));
    let found = match &args.user {
        Some(name) => User::from_name(name).ok().flatten(),
        None if system.user == 0 => owner(),
        None => by_id(system.user),
    };
    let user = found.ok_or(Error::NoSuchUser)?;
    if system.user != 0 && user.uid.as_raw() != system.user {
        return Err(Error::blocked(
            "only root can install a job that runs as another user",
            "run the command with sudo, or leave out --user",
        ));
    }
    // The name goes into a unit: one that useradd(8) would not give is none.
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.$".contains(&byte);
    if user.name.bytes().all(is_plain) { Ok(user) } else { Err(Error::NoSuchUser) }
}

/// Whether another user can put something else in a program's place.
pub(super) fn can_be_replaced(program: &Path) -> bool {
    program.ancestors().any(|path| {
        let meta = path.symlink_metadata();
        // In a sticky directory nobody else can take the name away.
        meta.map_or(true, |meta| meta.uid() != 0 || (meta.mode() & 0o022 != 0 && meta.mode() & 0o1000 == 0))
    })
}

/// Where the files go; `None` for a crontab of one's own, which only crontab(1) writes.
fn directory(args: &Install, job: &Job, system: &System) -> Result<Option<PathBuf>, Error> {
    if let Some(dir) = &args.dir {
        let dir = system.directory.join(dir);
        return if dir.is_dir() { Ok(Some(dir)) } else { Err(Error::NoSuchPath(dir)) };
    }
    match (args.systemd, job.is_system) {
        (true, true) => Ok(Some("/etc/systemd/system".into())),
        (true, false) => {
            let config = system.config.as_ref().ok_or(Error::blocked(
                "HOME is not set, so the directory for the unit is unknown",
                "name the directory: --dir DIR",
            ))?;
            Ok(Some(config.join("systemd/user")))
        }
        (false, true) => Ok(Some("/etc/cron.d".into())),
        (false, false) => Ok(None),
    }
}

/// Whether a file may be written: nothing is there, or the same, or with --replace an older one of ours.
#[expect(clippy::disallowed_methods, reason = "what is there is compared with what is to be written")]
fn free(path: &Path, file: &JobFile, replace: bool) -> Result<(), Error> {
    let Some(dir) = path.parent().filter(|dir| dir.exists()) else { return Ok(()) };
    let root = Root::open(dir).map_err(|error| Error::io("open", dir, &error))?;
    let new = file.hidden.as_ref().map_or(file.text.as_bytes(), Secret::expose);
    match root.read(&RelPath::from(file.name))? {
        None => Ok(()),
        Some(old) if old == new => Ok(()),
        Some(old) if units::is_ours(&old) && replace => Ok(()),
        Some(old) if units::is_ours(&old) => Err(Error::blocked(
            "an earlier install of this job is different",
            "look at the installed file, and then replace it: --replace",
        )),
        Some(_) => Err(Error::blocked(
            "a file that envward did not write has the name of this job",
            "move that file away, or name another directory: --dir DIR",
        )),
    }
}

fn write(path: &Path, file: &JobFile, (job, user): (&Job, &User)) -> Result<(), Error> {
    let dir = path.parent().unwrap_or(Path::new("/"));
    let failed = |error: std::io::Error| Error::io("write", path, &error);
    if !dir.exists() {
        std::fs::create_dir_all(dir).map_err(|error| Error::io("make", dir, &error))?;
        // Whatever the umask is, the user of the job must get to the script.
        let mode = files::mode(if job.is_system { 0o755 } else { 0o700 });
        rustix::fs::chmod(dir, mode).map_err(|errno| Error::io("change", dir, &errno.into()))?;
    }
    match (file.access, &file.hidden) {
        (Access::Private, Some(text)) => notify::write_private(dir, file.name, text, user),
        (Access::Program, _) => files::write_program(path, file.text.as_bytes()).map_err(failed),
        _ => files::write_public(path, file.text.as_bytes()).map_err(failed),
    }
}

fn next(args: &Install, job: &Job, has_dir: bool) -> String {
    let scope = if job.is_system { "" } else { " --user" };
    let lines = if job.is_state_given { "the line with ENVWARD_STATE_DIR and the last line" } else { "the last line" };
    let mut text = match (args.systemd, has_dir, job.notify.is_some()) {
        (true, ..) => format!(
            "the files are written. Start the timer:\n  -> systemctl{scope} daemon-reload && systemctl{scope} enable \
             --now envward-rotation.timer"
        ),
        (false, true, _) => {
            "the file is written. cron reads it within a minute, so there is nothing else to do".to_owned()
        }
        (false, false, true) => format!(
            "the script and its channels are written. Add {lines} of the first file to your crontab:\n  -> crontab -e"
        ),
        (false, false, false) => format!("nothing was written. Add {lines} to your crontab:\n  -> crontab -e"),
    };
    if let Some(fleet) = &job.fleet {
        let (service, user) = (&fleet.service, &job.user);
        text += &format!(
            "\nAdd the service {service} to pg_service.conf of {user}, with the role of this host, and send the ages \
             once:\n  -> systemctl{scope} start envward-fleet.service"
        );
    }
    if let Some(notify) = &job.notify {
        text += &format!("\nSend a test message to every channel:\n  -> {}", notify::test(notify, job));
    }
    text
}

fn shown(path: &Path) -> String {
    sanitize(path.as_os_str().as_bytes())
}
