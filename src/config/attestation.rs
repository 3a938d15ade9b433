//! What no program can see from the files, and somebody vouches for.

use jiff::ToSpan;
use jiff::civil::Date;

/// How long an attestation holds where it does not say: half a year, the longest that the checklists leave a secret.
pub const ATTESTED_DAYS: i32 = 180;

/// What no program can see from the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attestable {
    /// Its name in `[preflight.attestations]`.
    pub id: &'static str,
    /// What is attested, for people.
    pub what: &'static str,
}

/// All of it, by name.
pub const ATTESTATIONS: [Attestable; 10] = [
    Attestable { id: "backups-tested", what: "a backup was restored, and the disaster plan tried" },
    Attestable { id: "central-logs", what: "logs go to one place that the host does not own" },
    Attestable { id: "firewall", what: "the host's and the network's rules are as they should be" },
    Attestable { id: "health-endpoints", what: "the application answers its health check by what it depends on" },
    Attestable { id: "image-scan", what: "images are scanned, and their bases updated each month" },
    Attestable { id: "incident-plan", what: "who does what when a secret leaks is written down" },
    Attestable { id: "monitoring", what: "somebody is told when something fails" },
    Attestable { id: "rate-limiting", what: "production traffic is limited" },
    Attestable { id: "secrets-manager", what: "secrets come from a manager, such as Vault or a cloud's" },
    Attestable { id: "security-audit", what: "somebody else looked at it" },
];

/// Whether what was done on a day still holds; what lies ahead was not done.
#[must_use]
pub fn holds(on: Date, until: Option<Date>, today: Date) -> bool {
    let last = until.or_else(|| on.checked_add(ATTESTED_DAYS.days()).ok());
    on <= today && last.is_some_and(|last| today <= last)
}
