//! The job's files: systemd units and a cron line, filled for some projects and a user.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use crate::text;

const SERVICE: &str = include_str!("../../hooks/envward-rotation.service");
const TIMER: &str = include_str!("../../hooks/envward-rotation.timer");
const FAILED: &str = include_str!("../../hooks/envward-rotation-failed.service");
const CRON: &str = include_str!("../../hooks/envward-rotation.cron");

/// Where a unit's lines for the system's own manager start; an user's manager has not the right to all of them.
const SYSTEM: &str = "# system:";
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
}

/// A file to write.
#[derive(Debug, PartialEq, Eq)]
pub struct JobFile {
    /// Its name.
    pub name: &'static str,
    /// Its content.
    pub text: String,
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
    let (service, system) = SERVICE.split_once(SYSTEM).unwrap_or((SERVICE, ""));
    let system = system.split_once('\n').map_or("", |(_, lines)| lines);
    let template = if job.is_system { format!("{service}{system}") } else { service.to_owned() };
    let mut text = String::new();
    for line in template.lines() {
        if job.wants(line) {
            text += &service_line(line, job)?;
            text.push('\n');
        }
    }
    let scope = if job.is_system { "--system" } else { "--user" };
    Ok(vec![
        JobFile { name: "envward-rotation.service", text },
        JobFile { name: "envward-rotation.timer", text: TIMER.to_owned() },
        JobFile { name: "envward-rotation-failed.service", text: FAILED.replace("@SCOPE@", scope) },
    ])
}

impl Job {
    /// Whether a line of a template, or the comment above it, is for this job.
    fn wants(&self, line: &str) -> bool {
        let is_of_metrics = line.contains("@METRICS@") || line.contains("Prometheus's");
        let is_of_state = line.contains("@STATE_DIR@") || line.contains("not in its usual place");
        (self.metrics.is_some() || !is_of_metrics) && (self.is_state_given || !is_of_state)
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
    Ok(line
        .replace("@ENVWARD@", &word(&job.program)?)
        .replace("@PROJECTS@", &projects)
        .replace("@METRICS@", &metrics)
        .replace("@USER@", &job.user)
        .replace("@CAPABILITIES@", capabilities)
        .replace("ENVWARD_STATE_DIR=@STATE_DIR@", &unit_word(&job.state, "ENVWARD_STATE_DIR=", "$")?)
        .replace("@STATE@", &writable))
}

/// The cron file; for a crontab of one's own the line without a user.
///
/// # Errors
/// As [`systemd`].
pub fn cron(job: &Job) -> Result<JobFile, Unwritable> {
    let projects = job.projects.iter().map(|path| cron_word(path)).collect::<Result<Vec<_>, _>>()?.join(" ");
    let user = if job.is_system { format!("{} ", job.user) } else { String::new() };
    let template: String = CRON.lines().filter(|line| job.wants(line)).map(|line| format!("{line}\n")).collect();
    let text = template
        .replace("@STATE_DIR@", text_of(&job.state)?)
        .replace("@USER@ @ENVWARD@", &format!("{user}{}", cron_word(&job.program)?))
        .replace("@PROJECTS@", &projects)
        .replace("@USER@", &job.user);
    Ok(JobFile { name: "envward-rotation", text })
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
