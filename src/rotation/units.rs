//! The job's files: systemd units and a cron line, filled for some projects and a user.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use super::channel::Channel;
use crate::secret::Secret;
use crate::text;

const SERVICE: &str = include_str!("../../hooks/envward-rotation.service");
const TIMER: &str = include_str!("../../hooks/envward-rotation.timer");
const FAILED: &str = include_str!("../../hooks/envward-rotation-failed.service");
const CRON: &str = include_str!("../../hooks/envward-rotation.cron");
const NOTIFY: &str = include_str!("../../hooks/envward-notify.service");
const FLEET: &str = include_str!("../../hooks/envward-fleet.service");
const SCRIPT: &str = include_str!("../../hooks/envward-notify");

/// Where a unit's lines start that do not count everywhere. A user's manager may not do all that the system's may.
const PARTS: [&str; 4] = ["# system:", "# hardened:", "# system hardened:", "# system plain:"];
/// The line by which a file is known as ours.
const MARK: &str = "# envward rotation:";

/// For whom the job runs, and over what.
pub struct Job {
    /// The program; absolute.
    pub program: PathBuf,
    /// The projects' roots; absolute.
    pub projects: Vec<PathBuf>,
    /// The user's name.
    pub user: String,
    /// Whether that is root.
    pub is_root: bool,
    /// The state directory of that user.
    pub state: PathBuf,
    /// Whether that is another than the usual one, so that the job must be told.
    pub is_state_given: bool,
    /// The file for Prometheus.
    pub metrics: Option<PathBuf>,
    /// Whether the units are for the system's manager, and not for a user's own.
    pub is_system: bool,
    /// Where the reminder is sent.
    pub notify: Option<Notify>,
    /// The table of all hosts.
    pub fleet: Option<Fleet>,
}

/// How the ages get into the table of all hosts.
pub struct Fleet {
    /// The service of pg_service.conf.
    pub service: String,
    /// The key under which equal values are marked; absolute.
    pub key: Option<PathBuf>,
    /// The name of the host, if it has another one in the table.
    pub host: Option<String>,
}

impl Fleet {
    /// The options of the export, with a blank behind each.
    fn options(&self) -> String {
        let host = self.host.as_ref().map(|host| format!("--host {host} "));
        let key = self.key.as_ref().map(|_| "--fleet-key ${CREDENTIALS_DIRECTORY}/fleet-key ".to_owned());
        host.into_iter().chain(key).collect()
    }
}

/// Where a reminder is sent, and by what.
pub struct Notify {
    /// The channels.
    pub channels: Vec<Channel>,
    /// The directory of the script and of the list of channels; absolute.
    pub dir: PathBuf,
}

/// The script's name.
pub const SCRIPT_NAME: &str = "envward-notify";
/// The name of the list of channels.
pub const LIST_NAME: &str = "envward-notify.channels";
/// The directory below the ledger's into which reminders are written.
pub const OUTBOX: &str = "outbox";

/// Who may read a file of the job.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody: it goes where the units go.
    Unit,
    /// Everybody may run it.
    Program,
    /// The user of the job alone.
    Private,
}

/// A file to write.
pub struct JobFile {
    /// Its name.
    pub name: &'static str,
    /// Its content, as it may be shown.
    pub text: String,
    /// Its content, where that may not be shown.
    pub hidden: Option<Secret>,
    /// Who may read it.
    pub access: Access,
}

impl JobFile {
    fn unit(name: &'static str, text: String) -> Self {
        Self { name, text, hidden: None, access: Access::Unit }
    }
}

/// A path that a unit or a cron line cannot hold.
#[derive(Debug, PartialEq, Eq)]
pub struct Unwritable;

/// Whether a file that is in the way is one of these.
#[must_use]
pub fn is_ours(text: &[u8]) -> bool {
    text.split(|byte| *byte == b'\n').any(|line| line.starts_with(MARK.as_bytes()))
}

/// The units.
///
/// # Errors
/// A path that no line can hold: one with a control character, or that is not UTF-8.
pub fn systemd(job: &Job) -> Result<Vec<JobFile>, Unwritable> {
    let scope = if job.is_system { "--system" } else { "--user" };
    let mut files = vec![
        JobFile::unit("envward-rotation.service", filled(SERVICE, job)?),
        JobFile::unit("envward-rotation.timer", TIMER.to_owned()),
        JobFile::unit("envward-rotation-failed.service", FAILED.replace("@SCOPE@", scope)),
    ];
    if job.notify.is_some() {
        files.push(JobFile::unit("envward-notify.service", filled(NOTIFY, job)?));
    }
    if job.fleet.is_some() {
        files.push(JobFile::unit("envward-fleet.service", filled(FLEET, job)?));
    }
    Ok(files)
}

/// The script that sends reminders, and the list of its channels.
#[must_use]
pub fn notify(notify: &Notify) -> [JobFile; 2] {
    let list = |shows: bool| {
        let start = b"# envward rotation: where the reminder is sent, a channel on each line. A URL may contain a password, so \
                      only\n# the user of the job may read this file.\n";
        let lines = notify.channels.iter().map(|channel| [channel.line(shows).as_slice(), b"\n"].concat());
        [start.as_slice(), &lines.collect::<Vec<_>>().concat()].concat()
    };
    let (text, hidden) = (String::from_utf8_lossy(&list(true)).into_owned(), Some(Secret::new(list(false))));
    [
        JobFile { name: SCRIPT_NAME, text: SCRIPT.to_owned(), hidden: None, access: Access::Program },
        JobFile { name: LIST_NAME, text, hidden, access: Access::Private },
    ]
}

/// A unit, filled: with the parts that this job's manager and channels allow.
fn filled(template: &str, job: &Job) -> Result<String, Unwritable> {
    let (mut text, mut counts) = (String::new(), true);
    for line in template.lines() {
        let part = PARTS.iter().find(|part| line.starts_with(*part));
        if let Some(part) = part {
            let is_for = |word: &str, holds: bool| holds || !part.contains(word);
            counts = is_for("system", job.is_system)
                && is_for("hardened", job.is_hardened())
                && is_for("plain", !job.is_hardened());
        } else if counts && job.wants(line) {
            text += &service_line(line, job)?;
            text.push('\n');
        }
    }
    Ok(text)
}

impl Job {
    /// Whether a line of a template, or the comment above it, is for this job.
    fn wants(&self, line: &str) -> bool {
        let is_of_metrics = line.contains("@METRICS@") || line.contains("Prometheus's");
        let is_of_state = line.contains("@STATE_DIR@") || line.contains("not in its usual place");
        let is_of_notify =
            ["@NOTIFY@", "--outbox", "With --notify", "envward-notify"].iter().any(|word| line.contains(word));
        let is_of_fleet = line.contains("With --fleet:") || line.ends_with("envward-fleet.service");
        let is_of_key = line.contains("With --fleet-key") || line.contains("@FLEET_KEY@");
        let is_without = line.contains("--remind @PROJECTS@");
        (self.metrics.is_some() || !is_of_metrics)
            && (self.is_state_given || !is_of_state)
            && (self.fleet.is_some() || !is_of_fleet)
            && (self.fleet.as_ref().is_some_and(|fleet| fleet.key.is_some()) || !is_of_key)
            && (if self.notify.is_some() { !is_without } else { !is_of_notify })
            && (self.is_system || !line.contains("network-online"))
            && (!line.starts_with("InaccessiblePaths=") || self.closed().next().is_some())
    }

    /// Whether the reminder is sent over the network alone, so that the unit may forbid all else.
    fn is_hardened(&self) -> bool {
        self.notify.as_ref().is_some_and(|notify| notify.channels.iter().all(Channel::is_of_network))
    }

    /// The projects that the unit which sends need not read: none has one of its own files in it.
    fn closed(&self) -> impl Iterator<Item = &PathBuf> {
        let channels = self.notify.iter().flat_map(|notify| &notify.channels);
        let commands = channels.filter_map(|channel| match channel {
            Channel::Command(path) => Some(path.clone()),
            _ => None,
        });
        let dir = self.notify.iter().map(|notify| notify.dir.clone());
        let own: Vec<PathBuf> = commands.chain(dir).chain([self.state.clone()]).collect();
        self.projects.iter().filter(move |project| own.iter().all(|path| !path.starts_with(project)))
    }
}

/// One line of the service. In a command `$` has a meaning, in a list of paths it has none.
fn service_line(line: &str, job: &Job) -> Result<String, Unwritable> {
    let dollar = if line.starts_with("Exec") { "$$" } else { "$" };
    let word = |path: &Path| unit_word(path, "", dollar);
    let projects = job.projects.iter().map(|path| word(path)).collect::<Result<Vec<_>, _>>()?.join(" ");
    let metrics = job.metrics.as_deref().map(word).transpose()?.unwrap_or_default();
    // One that is not there yet is no fault.
    let mut writable = unit_word(&job.state, "-", dollar)?;
    if let Some(dir) = job.metrics.as_deref().and_then(Path::parent) {
        writable += &format!(" {}", unit_word(dir, "-", dollar)?);
    }
    // Root reads other users' files by one right, and writes into the collector's directory by another; anybody else
    // needs none.
    let capabilities = match (job.is_root, &job.metrics) {
        (true, None) => "CAP_DAC_READ_SEARCH",
        (true, Some(_)) => "CAP_DAC_READ_SEARCH CAP_DAC_OVERRIDE",
        (false, _) => "",
    };
    let line = fleet_line(&notify_line(line, job)?, job)?;
    Ok(line
        .replace("@ENVWARD@", &word(&job.program)?)
        .replace("@PROJECTS@", &projects)
        .replace("@METRICS@", &metrics)
        .replace("@USER@", &job.user)
        .replace("@CAPABILITIES@", capabilities)
        .replace("ENVWARD_STATE_DIR=@STATE_DIR@", &unit_word(&job.state, "ENVWARD_STATE_DIR=", "$")?)
        .replace("@STATE@", &writable))
}

/// One line with what sends the reminder. Some lists take a colon for the end of a path.
fn notify_line(line: &str, job: &Job) -> Result<String, Unwritable> {
    let Some(notify) = &job.notify else { return Ok(line.to_owned()) };
    let (is_command, is_list) = (line.starts_with("Exec"), line.starts_with("Bind"));
    let word = |path: &Path| match is_list && path.as_os_str().as_bytes().contains(&b':') {
        true => Err(Unwritable),
        false => unit_word(path, if is_list { "-" } else { "" }, if is_command { "$$" } else { "$" }),
    };
    let mut line = line
        .replace("@NOTIFY@", &word(&notify.dir.join(SCRIPT_NAME))?)
        .replace("@CHANNELS@", &word(&notify.dir.join(LIST_NAME))?)
        .replace("@OUTBOX@", &word(&job.state.join(OUTBOX))?);
    if line.starts_with("InaccessiblePaths=") {
        let closed = job.closed().map(|path| unit_word(path, "-", "$")).collect::<Result<Vec<_>, _>>()?;
        line = line.replace("@PROJECTS@", &closed.join(" "));
    }
    Ok(line)
}

/// One line with what sends the ages. Behind the colon a path is all of the rest, and quotes belong to it.
fn fleet_line(line: &str, job: &Job) -> Result<String, Unwritable> {
    let Some(fleet) = &job.fleet else { return Ok(line.to_owned()) };
    let line = line.replace("@FLEET_OPTIONS@", &fleet.options()).replace("@SERVICE@", &fleet.service);
    match &fleet.key {
        Some(key) if line.contains("@FLEET_KEY@") => Ok(line.replace("@FLEET_KEY@", &credential_path(key)?)),
        _ => Ok(line),
    }
}

/// A path behind `LoadCredential=NAME:` (systemd.exec(5)): `%` has a meaning, a blank ends it, quotes do not help.
fn credential_path(path: &Path) -> Result<String, Unwritable> {
    let text = text_of(path)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/._-+,@=%".contains(&byte);
    if text.bytes().all(is_plain) { Ok(text.replace('%', "%%")) } else { Err(Unwritable) }
}

/// The cron file; for a crontab of one's own the line without a user.
///
/// # Errors
/// As [`systemd`].
pub fn cron(job: &Job) -> Result<JobFile, Unwritable> {
    let projects = job.projects.iter().map(|path| cron_word(path)).collect::<Result<Vec<_>, _>>()?.join(" ");
    let user = if job.is_system { format!("{} ", job.user) } else { String::new() };
    let template: String = CRON.lines().filter(|line| job.wants(line)).map(|line| format!("{line}\n")).collect();
    let mut text = template
        .replace("@STATE_DIR@", text_of(&job.state)?)
        .replace("@USER@ @ENVWARD@", &format!("{user}{}", cron_word(&job.program)?))
        .replace("@PROJECTS@", &projects)
        .replace("@USER@", &job.user);
    if let Some(notify) = &job.notify {
        text = text
            .replace("@NOTIFY@", &cron_word(&notify.dir.join(SCRIPT_NAME))?)
            .replace("@CHANNELS@", &cron_word(&notify.dir.join(LIST_NAME))?)
            .replace("@OUTBOX@", &cron_word(&job.state.join(OUTBOX))?);
    }
    Ok(JobFile::unit("envward-rotation", text))
}

fn text_of(path: &Path) -> Result<&str, Unwritable> {
    let text = std::str::from_utf8(path.as_os_str().as_bytes()).map_err(|_| Unwritable)?;
    if text.chars().any(text::is_unsafe) { Err(Unwritable) } else { Ok(text) }
}

/// As a word of a unit's line, behind a prefix that belongs to it: systemd.syntax(7) and systemd.service(5), where
/// quotes, `\`, `%` and in commands `$` have a meaning.
fn unit_word(path: &Path, prefix: &str, dollar: &str) -> Result<String, Unwritable> {
    let text = text_of(path)?.replace('\\', "\\\\").replace('"', "\\\"").replace('%', "%%").replace('$', dollar);
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+,:@=".contains(&byte));
    Ok(if is_plain { format!("{prefix}{text}") } else { format!("\"{prefix}{text}\"") })
}

/// As a word for cron's shell, where `%` ends the line (crontab(5)).
fn cron_word(path: &Path) -> Result<String, Unwritable> {
    let text = text_of(path)?;
    let is_plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+,:@=".contains(&byte));
    let quoted = if is_plain { text.to_owned() } else { format!("'{}'", text.replace('\'', "'\\''")) };
    Ok(quoted.replace('%', "\\%"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        let word = |text: &str| (unit_word(Path::new(text), "", "$$").unwrap(), cron_word(Path::new(text)).unwrap());
        assert_eq!(word("/srv/app"), ("/srv/app".into(), "/srv/app".into()));
        assert_eq!(word("/srv/my app"), ("\"/srv/my app\"".into(), "'/srv/my app'".into()));
        assert_eq!(word("/a%b$c"), ("\"/a%%b$$c\"".into(), "'/a\\%b$c'".into()));
        assert_eq!(word("/it's \"x\""), ("\"/it's \\\"x\\\"\"".into(), "'/it'\\''s \"x\"'".into()));
        assert_eq!(unit_word(Path::new("/a\nUser=root"), "", "$$"), Err(Unwritable));
        assert_eq!(unit_word(Path::new("/a $"), "-", "$"), Ok("\"-/a $\"".into()));
        assert_eq!(cron_word(Path::new("/a\n* * * * * root id")), Err(Unwritable));
    }
}
