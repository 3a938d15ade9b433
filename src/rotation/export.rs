//! What both exports, metrics and calendar, say of one secret or one admin key.

use jiff::civil::Date;

use super::keys::KeyStatus;
use super::steps::rotate;
use crate::ledger::{FingerprintKey, ValueState};
use crate::rotation::due::{SecretStatus, Stage, Urgency};
use crate::rotation::expiry::ExpiryStatus;
use crate::secret::class::Class;
use crate::shell::for_shell;

/// One project's part.
pub struct Exported<'a> {
    /// Its name.
    pub project: &'a str,
    /// Its secrets.
    pub statuses: Vec<&'a SecretStatus>,
    /// Its admin keys.
    pub keys: Vec<&'a KeyStatus>,
    /// The expiry dates of its values in use.
    pub expiries: Vec<&'a ExpiryStatus>,
    /// Whether every env file could be read.
    pub is_complete: bool,
}

/// One secret or key with its days.
pub(super) struct Dated {
    /// The env file that holds it; `None` for an admin key.
    pub(super) file: Option<String>,
    /// The key in that file, or an admin key's prefix and id.
    pub(super) key: String,
    pub(super) environment: &'static str,
    pub(super) class: &'static str,
    /// What stands for it where its name must not be shown, and stays the same from run to run.
    pub(super) id: String,
    pub(super) since: Date,
    pub(super) soft_due: Date,
    pub(super) hard_due: Date,
    pub(super) is_exposed: bool,
    pub(super) snoozed_until: Option<Date>,
    /// The day on which the new value was written, while the rotation is not confirmed.
    pub(super) promoted: Option<Date>,
    /// The day of the proof, while the rotation is not confirmed.
    pub(super) proven: Option<Date>,
    /// What replaces it.
    pub(super) command: String,
}

/// One expiry date.
pub(super) struct Expiring {
    pub(super) file: String,
    /// The key, or the line of one that is not to be printed.
    pub(super) key: String,
    pub(super) environment: &'static str,
    pub(super) source: &'static str,
    pub(super) id: String,
    pub(super) day: Date,
    /// What replaces it, where a command does.
    pub(super) command: Option<String>,
}

impl Exported<'_> {
    /// The expiry dates, the nearest first.
    pub(super) fn expiring(&self, fingerprints: &FingerprintKey) -> Vec<Expiring> {
        let line = |one: &ExpiryStatus| one.date.line.map_or("secret".to_owned(), |line| format!("line {line}"));
        let expiring = |one: &&ExpiryStatus| Expiring {
            file: one.date.file.to_string(),
            key: one.date.key.as_ref().map_or_else(|| line(one), ToString::to_string),
            environment: one.date.environment.word(),
            source: one.source(),
            id: self.id(one.date.file.as_bytes(), &one.date.name, fingerprints),
            day: one.date.day,
            command: one.command(&for_shell(&one.date.file)),
        };
        self.expiries.iter().map(expiring).collect()
    }

    /// What is in use, in the order of the reports: the secrets, then the keys.
    pub(super) fn dated(&self, fingerprints: &FingerprintKey) -> Vec<Dated> {
        let current = self.statuses.iter().filter(|status| status.state == ValueState::Current);
        let secrets = current.map(|status| self.secret(status, fingerprints));
        secrets.chain(self.keys.iter().map(|key| self.key(key, fingerprints))).collect()
    }

    fn secret(&self, status: &SecretStatus, fingerprints: &FingerprintKey) -> Dated {
        let is_unfinished = matches!(status.stage, Some(Stage::Promoted | Stage::Proven));
        Dated {
            file: Some(status.file.to_string()),
            key: status.key.as_str().to_owned(),
            environment: status.environment.word(),
            class: status.class.word(),
            id: self.id_of(status, fingerprints),
            since: status.since,
            soft_due: status.soft_due,
            hard_due: status.hard_due,
            is_exposed: status.urgency == Urgency::Exposed,
            snoozed_until: status.snooze.as_ref().map(|snooze| snooze.until),
            promoted: status.promoted.filter(|_| is_unfinished),
            proven: status.proof.as_ref().map(|proof| proof.day).filter(|_| is_unfinished),
            command: rotate(&status.key, &for_shell(&status.file), status.by_hand),
        }
    }

    /// What stands for the key of a file where its name must not be shown, and stays the same from run to run.
    fn id(&self, file: &[u8], key: &str, fingerprints: &FingerprintKey) -> String {
        fingerprints.hidden(&[self.project.as_bytes(), file, key.as_bytes()])
    }

    /// The same of a secret.
    pub(super) fn id_of(&self, status: &SecretStatus, fingerprints: &FingerprintKey) -> String {
        self.id(status.file.as_bytes(), status.key.as_str(), fingerprints)
    }

    /// The prefix and id of an admin key, and what stands for both.
    pub(super) fn name_and_id_of(&self, key: &KeyStatus, fingerprints: &FingerprintKey) -> (String, String) {
        let id = self.id(b"admin key", key.id.as_str(), fingerprints);
        (format!("{}_{}", key.prefix.as_str(), key.id), id)
    }

    fn key(&self, key: &KeyStatus, fingerprints: &FingerprintKey) -> Dated {
        let (name, id) = self.name_and_id_of(key, fingerprints);
        Dated {
            file: None,
            key: name,
            environment: "unknown",
            class: Class::AdminApiKey.word(),
            id,
            since: key.since,
            soft_due: key.soft_due,
            hard_due: key.hard_due,
            is_exposed: key.urgency == Urgency::Exposed,
            snoozed_until: None,
            promoted: None,
            proven: None,
            command: key.command(),
        }
    }
}
