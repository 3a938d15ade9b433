//! The channels of `envward rotation install --notify`: where their URLs come from, and where they are written.

use std::io::IsTerminal;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use nix::unistd::User;

use super::install::can_be_replaced;
use crate::cli::rotation::Install;
use crate::cmd::input::{self, private_file};
use crate::error::Error;
use crate::files::{Owner, PrivateDir, Refusal, Root};
use crate::path::RelPath;
use crate::rotation::channel::{Channel, Given, Wrong, given};
use crate::rotation::units::{Job, LIST_NAME, Notify, SCRIPT_NAME};
use crate::secret::Secret;
use crate::shell::for_shell;
use crate::system::System;
use crate::terminal::{self, Prompt};

/// What is asked for; `None` where no channel is.
pub(super) fn notify(args: &Install, is_root: bool, system: &System) -> Result<Option<Notify>, Error> {
    if args.notify.is_empty() {
        return Ok(None);
    }
    if args.notify.iter().filter(|text| matches!(given(text), Ok((_, Given::Input)))).count() > 1 {
        return Err(Error::usage(
            "standard input has one URL, and two channels want it",
            "write the other URL into a private file, and name that: --notify webhook:@FILE",
        ));
    }
    let channels = args.notify.iter().map(|text| channel(text, is_root, system)).collect::<Result<_, _>>()?;
    // systemd takes no `..` in a list of paths.
    let dir = directory(args, system)?;
    let dir = dir.canonicalize().unwrap_or(dir);
    if is_root && can_be_replaced(&dir) && dir.exists() {
        return Err(Error::blocked(
            "root must not run a script that others can replace",
            "name a directory where only root can write: --dir DIR",
        ));
    }
    Ok(Some(Notify { channels, dir }))
}

fn channel(text: &str, is_root: bool, system: &System) -> Result<Channel, Error> {
    let (word, given) = given(text).map_err(wrong)?;
    let (rest, is_command_line) = match given {
        Given::Here(rest) => (Secret::copy_of(rest.as_bytes()), true),
        Given::File(file) => (from_file(Path::new(file), system)?, false),
        Given::Input => (from_input(word)?, false),
    };
    let channel = Channel::new(word, rest, is_command_line).map_err(wrong)?;
    if let Channel::Command(path) = &channel {
        is_runnable(path, is_root)?;
    }
    Ok(channel)
}

fn wrong(wrong: Wrong) -> Error {
    match wrong {
        Wrong::Kind => Error::usage(
            "--notify does not begin with mail:, ntfy:, webhook: or command:",
            "such as --notify mail:ops@example.org",
        ),
        Wrong::Address => Error::usage("that is no plain mail address", "such as --notify mail:ops@example.org"),
        Wrong::Url => Error::usage(
            "that is no URL with http or https, or it has characters that a URL must escape",
            "such as --notify ntfy:https://ntfy.example.org/backups",
        ),
        Wrong::Password => Error::usage(
            "that URL contains a password, and other users can read the command line",
            "write the URL into a private file, and name that: --notify webhook:@FILE (or `-` for standard input)",
        ),
        Wrong::Path => {
            Error::usage("--notify command: needs an absolute path", "such as --notify command:/usr/local/bin/tell-ops")
        }
    }
}

/// The only line of a private file.
fn from_file(file: &Path, system: &System) -> Result<Secret, Error> {
    let (text, mode) = private_file(file, system)?;
    if mode & 0o077 != 0 {
        return Err(Error::blocked(
            "other users can read the file with the URL",
            "make the file private, and run the command again: chmod 600 FILE",
        ));
    }
    only_line(&text)
}

fn from_input(word: &str) -> Result<Secret, Error> {
    if std::io::stdin().is_terminal() {
        let mut prompt = Prompt::open().map_err(|_| Error::NoTerminal)?;
        return prompt.hidden(&format!("URL for {word}")).map_err(|_| Error::NoTerminal);
    }
    only_line(&input::line()?)
}

fn only_line(text: &Secret) -> Result<Secret, Error> {
    terminal::only_line(text).map_err(|_| {
        Error::blocked("there is no URL, or more than one line", "give the URL alone, on one line without blanks")
    })
}

fn is_runnable(path: &Path, is_root: bool) -> Result<(), Error> {
    let meta = path.metadata().map_err(|_| Error::NoSuchPath(path.to_path_buf()))?;
    if !meta.is_file() || meta.permissions().mode() & 0o111 == 0 {
        return Err(Error::blocked("the command of --notify is not a program", "make it executable: chmod +x FILE"));
    }
    match is_root && can_be_replaced(path) {
        true => Err(Error::blocked(
            "root must not run a program that others can replace",
            "move the command of --notify to a directory where only root can write: /usr/local/bin",
        )),
        false => Ok(()),
    }
}

/// Where the script and its channels go. Not beside the line of cron: cron reads every file there.
fn directory(args: &Install, system: &System) -> Result<PathBuf, Error> {
    match &args.dir {
        Some(dir) => Ok(system.directory.join(dir)),
        None if system.user == 0 => Ok("/etc/envward".into()),
        None => system.config.as_ref().map(|config| config.join("envward")).ok_or(Error::blocked(
            "HOME is not set, so the directory for the script is unknown",
            "name the directory: --dir DIR",
        )),
    }
}

/// Writes a file that only the user of the job can read, whatever was there before.
pub(super) fn write_private(dir: &Path, name: &str, text: &Secret, user: &User) -> Result<(), Error> {
    let path = dir.join(name);
    let refused = |why: Refusal| Error::Refused { path: path.clone(), why };
    let root = Root::open(dir).map_err(|error| Error::io("open", dir, &error))?;
    let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
    let held = dir.read(name.as_bytes()).map_err(refused)?.map(|(_, held)| held);
    let owner = Owner { uid: user.uid.as_raw(), gid: user.gid.as_raw() };
    dir.write(name.as_bytes(), text, held.as_ref(), Some(owner)).map_err(refused)
}

/// The command that sends a test message to every channel.
pub(super) fn test(notify: &Notify, job: &Job) -> String {
    let word = |name: &str| for_shell(&RelPath::new(notify.dir.join(name).as_os_str().as_bytes()));
    let sudo = if job.is_system && !job.is_root { format!("sudo -u {} ", job.user) } else { String::new() };
    format!("{sudo}{} --test {}", word(SCRIPT_NAME), word(LIST_NAME))
}
