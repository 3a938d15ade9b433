//! `envward rotation install`: the job's files, shown and then written. Nothing is started: what starts it is said.

use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use nix::unistd::{Uid, User};

use super::say;
use super::status::paths;
use crate::cli::rotation::Install;
use crate::cmd::output::lost;
use crate::engine::locate;
use crate::engine::rotation::ledger;
use crate::error::Error;
use crate::files::{self, Root};
use crate::path::RelPath;
use crate::policy::Status;
use crate::rotation::units::{self, Job, JobFile};
use crate::system::System;
use crate::text::sanitize;

/// Runs it.
pub(super) fn run(args: &Install, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let job = job(args, system)?;
    let unwritable = |_| {
        Error::blocked(
            "a path has characters that a unit or a crontab cannot contain",
            "rename the directory, and install again",
        )
    };
    let files = match args.systemd {
        true => units::systemd(&job).map_err(unwritable)?,
        false => vec![units::cron(&job).map_err(unwritable)?],
    };
    let dir = directory(args, &job, system)?;
    let mut text = String::new();
    for file in &files {
        let path = dir.as_deref().map_or_else(|| "for `crontab -e`".into(), |dir| shown(&dir.join(file.name)));
        text += &format!("{path}\n");
        file.text.lines().for_each(|line| text += &format!("  {line}\n"));
        text.push('\n');
    }
    out.write_all(text.as_bytes()).map_err(|error| lost(&error))?;
    let done = match (&dir, args.dry_run) {
        (None, _) => "nothing was written. Add the last line to your crontab:\n  -> crontab -e".into(),
        (Some(_), true) => "nothing was written (--dry-run)".into(),
        (Some(dir), false) => {
            // All or none: what is in the way is found before the first is written.
            files.iter().try_for_each(|file| free(dir, file, args.replace))?;
            files.iter().try_for_each(|file| write(dir, file))?;
            next(args, &job)
        }
    };
    say(out, &done, system.style)
}

fn job(args: &Install, system: &System) -> Result<Job, Error> {
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
    if is_root && can_be_replaced(&system.program) {
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
    // What the caller's own variable says holds for a job that runs as the caller.
    let is_caller = user.uid.as_raw() == system.user;
    let given = system.state.as_ref().filter(|place| is_caller && place.home.is_none()).map(|place| place.dir.clone());
    Ok(Job {
        program: system.program.clone(),
        projects,
        is_state_given: given.is_some(),
        state: given.unwrap_or_else(|| match is_root {
            true => "/var/lib/envward".into(),
            false => user.dir.join(".local/state/envward"),
        }),
        user: user.name,
        is_root,
        metrics,
        is_system: system.user == 0,
    })
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
fn can_be_replaced(program: &Path) -> bool {
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
fn free(dir: &Path, file: &JobFile, replace: bool) -> Result<(), Error> {
    if !dir.exists() {
        return Ok(());
    }
    let root = Root::open(dir).map_err(|error| Error::io("open", dir, &error))?;
    match root.read(&RelPath::from(file.name))? {
        None => Ok(()),
        Some(old) if old == file.text.as_bytes() => Ok(()),
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

fn write(dir: &Path, file: &JobFile) -> Result<(), Error> {
    std::fs::create_dir_all(dir).map_err(|error| Error::io("make", dir, &error))?;
    let path = dir.join(file.name);
    files::write_public(&path, file.text.as_bytes()).map_err(|error| Error::io("write", &path, &error))
}

fn next(args: &Install, job: &Job) -> String {
    if !args.systemd {
        return "the file is written. cron reads it within a minute, so there is nothing else to do".into();
    }
    let scope = if job.is_system { "" } else { " --user" };
    format!(
        "the files are written. Start the timer:\n  -> systemctl{scope} daemon-reload && \
         systemctl{scope} enable --now envward-rotation.timer"
    )
}

fn shown(path: &Path) -> String {
    sanitize(path.as_os_str().as_bytes())
}
