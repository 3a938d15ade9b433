//! `rotation status`: text and JSON (`envward.rotation/1`), and the short lines of what is due.

pub(super) mod expiries;
pub(super) mod headline;
mod json;
pub(super) mod keys;
mod lines;
mod message;
pub(super) mod table;

use std::collections::BTreeMap;
use std::path::PathBuf;

use jiff::civil::Date;

use crate::shell;

pub use json::{write as write_json, write_error};
pub use lines::write as write_lines;
pub use message::Message;
pub use table::write as write_table;

use super::wording::named;
use crate::ledger::ValueState;
use crate::path::RelPath;
use crate::policy::Status;
use crate::problem::Problem;
use crate::rotation::steps::rotate;
use crate::rotation::{ExpiryStatus, KeyStatus, Reason, SecretStatus, Surprise, Urgency};
use crate::secret::mask::Mask;
use crate::text::sanitize;

/// One project's secrets on a day.
pub struct ProjectReport {
    /// Its name in the ledger.
    pub name: String,
    /// Its root.
    pub root: PathBuf,
    /// Whether commands are run in its root, so that a path below it is enough.
    pub is_here: bool,
    /// The directory of the ledger.
    pub ledger: PathBuf,
    /// Another user's ledger, which may hold the project, too.
    pub other_ledger: Option<PathBuf>,
    /// The secrets, the most urgent first.
    pub statuses: Vec<SecretStatus>,
    /// The admin keys to be shown, the most urgent first.
    pub keys: Vec<KeyStatus>,
    /// The expiry dates to be shown, the nearest first.
    pub expiries: Vec<ExpiryStatus>,
    /// What is wrong with the ledger as a whole.
    pub surprises: Vec<Surprise>,
    /// What could not be examined, so that a secret may be missing.
    pub problems: Vec<Problem>,
    /// What could not be read of git history: ages and exposure are then known less well.
    pub limits: Vec<Problem>,
    /// In how many other places on this host each secret is, by its file and key; `None` where nobody asked.
    pub places: Option<BTreeMap<(RelPath, String), usize>>,
    /// How many secrets have a name that must not be written down.
    pub unnamed: usize,
    /// What no output may show.
    pub mask: Mask,
}

impl ProjectReport {
    /// In how many other places a secret is, where somebody asked.
    #[must_use]
    pub fn other_places(&self, status: &SecretStatus) -> Option<usize> {
        let places = self.places.as_ref()?;
        Some(places.get(&(status.file.clone(), status.key.as_str().to_owned())).copied().unwrap_or(0))
    }

    /// What the exit status says where these secrets are shown, before `--exit-zero`: something is due where one of
    /// them is, or will be by `until`.
    #[must_use]
    pub fn status(&self, shown: &[&SecretStatus], until: Date) -> Status {
        let is_due = |status: &&SecretStatus| status.urgency.is_due() || status.soft_due <= until;
        if !self.problems.is_empty() {
            Status::Incomplete
        } else if shown.iter().any(is_due)
            || self.keys.iter().any(|key| key.is_due(until))
            || self.expiries.iter().any(|one| one.is_due(until))
            || !self.surprises.is_empty()
        {
            Status::Findings
        } else {
            Status::Clean
        }
    }

    /// A file as a command takes it.
    #[must_use]
    pub fn shell_path(&self, file: &RelPath) -> String {
        if self.is_here {
            return shell::for_shell(file);
        }
        let full = file.under(&self.root);
        shell::for_shell(&RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(full.as_os_str())))
    }

    /// Whether the other key with the same value is due itself: one command is enough for both.
    #[must_use]
    pub fn is_said_of_twin(&self, status: &SecretStatus) -> bool {
        let is_twin = |other: &&SecretStatus| {
            status.twin() == Some((&other.file, &other.key)) && other.state == ValueState::Current
        };
        self.statuses.iter().find(is_twin).is_some_and(|twin| twin.urgency.is_due())
    }

    /// The command that is next for a secret; `None` where nothing is to be done.
    pub(super) fn command(&self, status: &SecretStatus) -> Option<String> {
        let (file, key) = status.twin().unwrap_or((&status.file, &status.key));
        let path = self.shell_path(file);
        match status.state {
            ValueState::Pending => Some(format!("envward rotation promote {key} {path}")),
            ValueState::Retiring => Some(format!("envward rotation promote {key} {path} --confirm")),
            _ if status.urgency.is_due() && !self.is_said_of_twin(status) => {
                let named = self.statuses.iter().find(|one| one.file == *file && one.key == *key);
                Some(rotate(key, &path, named.unwrap_or(status).by_hand))
            }
            _ => None,
        }
    }
}

/// What is worth knowing, in a few words.
fn reason(reason: &Reason, file: &RelPath) -> String {
    match reason {
        Reason::Tracked => "git tracks the file".into(),
        Reason::Committed(Some(commit)) => format!("committed in {}", named(commit)),
        Reason::Committed(None) => "in git history".into(),
        Reason::Incident(day) => format!("exposed by the incident of {day}"),
        Reason::ChangedBack => "a replaced value is in use again".into(),
        Reason::Unsure => "may have changed between two checks".into(),
        Reason::Unread => "the file could not be read this time".into(),
        Reason::Weak => "too weak to track".into(),
        Reason::Mode(mode) => format!("other users can access the file (mode {mode:04o})"),
        Reason::Copy(path) => format!("also in the copy {path}"),
        Reason::SameAs(other, key) if other == file => format!("same value as {key}"),
        Reason::SameAs(other, key) => format!("same value as {key} of {other}"),
        Reason::Pending(day) => format!("a new value waits since {day}"),
        Reason::Retiring(day, None) => format!("the old value, replaced on {day}, may still be accepted"),
        Reason::Retiring(day, Some(proof)) => {
            format!("the old value, replaced on {day}, is out of use: proven on {} ({})", proof.day, proof.kinds)
        }
        Reason::Snoozed(snooze) => {
            format!("no reminders until {}: {}", snooze.until, sanitize(snooze.reason.as_bytes()))
        }
        Reason::Said(text) => sanitize(text.as_bytes()),
    }
}

/// All reasons, in one line; `None` where there are none.
#[must_use]
pub fn reasons(status: &SecretStatus) -> Option<String> {
    let all: Vec<String> = status.reasons.iter().map(|one| reason(one, &status.file)).collect();
    (!all.is_empty()).then(|| all.join("; "))
}

/// The most severe reason.
pub(super) fn first_reason(status: &SecretStatus) -> Option<String> {
    status.reasons.first().map(|one| reason(one, &status.file))
}

/// The same as a list for a person.
#[must_use]
pub fn listed(status: &SecretStatus) -> String {
    status.reasons.iter().map(|one| reason(one, &status.file)).collect::<Vec<_>>().join(", ")
}

/// What is wrong with the ledger, and what to do: two lines.
pub(super) fn surprise(surprise: &Surprise) -> (String, &'static str) {
    match surprise {
        Surprise::Vanished(file, day) => (
            format!("{file} contained secrets in use and is missing since {day}"),
            "restore it from a backup, or take its values from the running containers: docker inspect CONTAINER",
        ),
        Surprise::ClockBack(last) => (
            format!("the clock went back: the last check was on {last}"),
            "set the clock; if the clock is right now: envward rotation status --accept-clock",
        ),
        Surprise::KeyLost => (
            "fingerprint.key is another key than before, so changes since the last check are unknown".into(),
            "restore fingerprint.key from a backup; otherwise replace the secrets, or record their ages: envward \
             rotation record KEY FILE --at DATE --reason TEXT",
        ),
    }
}

/// What is due when, in words.
pub(super) fn due(status: &SecretStatus, day: Date) -> String {
    let (soft, hard) = (status.soft_due, status.hard_due);
    if status.state != ValueState::Current {
        return format!("the rotation is not finished: {}", listed(status));
    }
    match status.urgency {
        Urgency::Exposed => format!("exposed, replace it now: {}", listed(status)),
        Urgency::Overdue => format!("overdue since {hard}"),
        Urgency::Due if soft <= day => format!("due since {soft}, overdue on {hard}"),
        Urgency::Due => "a replaced value is in use again".into(),
        Urgency::Unknown | Urgency::Fresh => format!("due on {soft}"),
    }
}
