//! The deployment checklists: which check answers which line, and what only somebody can say.

mod checklist;
mod seen;

pub(crate) use checklist::holds;
pub use checklist::{Answer, CHECKLISTS, Checklist, Line, State, answer};
pub use seen::{Part, Seen, Source};

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

/// Checks of hardening: one line a file unless they are asked for. Each fires on nearly every service of nearly every
/// project, and together they would bury what matters (72% of a well-known linter's findings on 346 real files).
pub const HARDENING: [&str; 19] = [
    "base-image-without-digest",
    "build-tools-in-image",
    "capabilities-kept",
    "dependency-not-awaited",
    "image-without-digest",
    "image-without-healthcheck",
    "new-privileges-allowed",
    "no-healthcheck",
    "no-init-process",
    "no-resource-limits",
    "one-network",
    "open-ports",
    "restart-policy",
    "secret-in-environment",
    "shell-form-command",
    "single-stage-image",
    "template-missing",
    "unbounded-logs",
    "writable-root-filesystem",
];

/// Whether a check belongs to the profile that asks for secrets and exposure alone.
#[must_use]
pub fn is_minimal(check: &str) -> bool {
    const LEFT_OUT: [&str; 7] = [
        "attestation-missing",
        "attestation-stale",
        "base-image-not-fixed",
        "container-as-root",
        "image-not-fixed",
        "image-runs-as-root",
        "rate-limiting-off",
    ];
    !HARDENING.contains(&check) && !LEFT_OUT.contains(&check)
}
