//! What no file can show, and a person confirms.

use jiff::ToSpan;
use jiff::civil::Date;

/// How long an attestation holds where it does not say: half a year, the longest that the checklists leave a secret.
pub const ATTESTED_DAYS: i32 = 180;

/// What no file can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attestable {
    /// Its name in `[preflight.attestations]`.
    pub id: &'static str,
    /// What is attested, for people.
    pub what: &'static str,
}

/// All of it, by name.
pub const ATTESTATIONS: [Attestable; 10] = [
    Attestable { id: "backups-tested", what: "a backup was restored as a test, and the disaster plan was tried" },
    Attestable { id: "central-logs", what: "logs go to one place outside the host" },
    Attestable { id: "firewall", what: "the firewalls of the host and the network let in only what they should" },
    Attestable {
        id: "health-endpoints",
        what: "the health check of the application fails if something that it needs fails",
    },
    Attestable { id: "image-scan", what: "images are scanned, and base images are updated each month" },
    Attestable { id: "incident-plan", what: "it is written down who does what after a leak" },
    Attestable { id: "monitoring", what: "somebody gets a message if something fails" },
    Attestable { id: "rate-limiting", what: "the rate of requests to production is limited" },
    Attestable { id: "secrets-manager", what: "secrets come from a secrets manager such as Vault" },
    Attestable { id: "security-audit", what: "somebody outside the team audited the security" },
];

/// Whether what was done on a day still holds; what lies ahead was not done.
#[must_use]
pub fn holds(on: Date, until: Option<Date>, today: Date) -> bool {
    let last = until.or_else(|| on.checked_add(ATTESTED_DAYS.days()).ok());
    on <= today && last.is_some_and(|last| today <= last)
}
