//! The two checklists of the deployment guide this project implements, line by line.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::ATTESTED_DAYS;
use super::seen::{Seen, Source};
use crate::checks;
use crate::config::Config;
use crate::finding::Severity;
use crate::path::RelPath;
use crate::policy::Report;

/// A line of a checklist.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// As the guide has it.
    pub text: &'static str,
    /// The checks that answer it.
    pub checks: &'static [&'static str],
    /// What they look at: one of these must be there. Nothing, where only somebody can say.
    pub sources: &'static [Source],
    /// The attestation that answers it, or what the checks leave open of it.
    pub attestation: Option<&'static str>,
}

/// A checklist.
#[derive(Clone, Copy, Debug)]
pub struct Checklist {
    /// Its heading.
    pub title: &'static str,
    /// Its lines.
    pub lines: &'static [Line],
}

/// What is known of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Looked at, and nothing is wrong; how many notes there are.
    Pass(usize),
    /// So many findings, warnings at least.
    Fail(usize),
    /// Nothing to look at, or it was not looked at.
    NotSeen,
    /// Somebody says so.
    Attested {
        /// When it was done.
        on: Date,
        /// Who says so.
        by: String,
    },
    /// Somebody said so, too long ago.
    Stale(Date),
}

impl State {
    /// The word in the checklist.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Pass(_) => "pass",
            Self::Fail(_) => "fail",
            Self::NotSeen => "not seen",
            Self::Attested { .. } => "attested",
            Self::Stale(_) => "stale",
        }
    }
}

const fn line(text: &'static str, sources: &'static [Source], checks: &'static [&'static str]) -> Line {
    Line { text, checks, sources, attestation: None }
}

const fn said(text: &'static str, attestation: &'static str) -> Line {
    Line { text, checks: &[], sources: &[], attestation: Some(attestation) }
}

use Source::{
    Address, AdminKey, DatabasePassword, Dependency, Dockerfile, EnvFile, JwtSecret, Logs, Modes, Monitor, Mount,
    Origins, Secret, Service,
};

/// The checklists.
pub const CHECKLISTS: [Checklist; 2] = [
    Checklist {
        title: "Pre-Deployment Checklist",
        lines: &[
            line(
                "All Docker images use fixed versions (no `latest`)",
                &[Service, Dockerfile],
                &["image-not-fixed", "image-without-digest", "base-image-not-fixed", "base-image-without-digest"],
            ),
            line("Resource limits configured for all services", &[Service], &["no-resource-limits"]),
            line(
                "Health checks implemented for all critical services",
                &[Service, Dockerfile],
                &["no-healthcheck", "image-without-healthcheck"],
            ),
            line("Restart policy set to `always` for production", &[Service], &["restart-policy"]),
            line(
                "All secrets in environment variables (not hardcoded)",
                &[Service, Dockerfile],
                &[
                    "secret-in-compose",
                    "secret-in-environment",
                    "respelled-secret",
                    "secret-in-dockerfile",
                    "secret-file-in-image",
                    "env-file-in-build-context",
                ],
            ),
            line(
                "`.env` files have restrictive permissions (600)",
                &[Modes],
                &["env-file-mode", "env-file-owner", "env-file-directory", "env-file-acl"],
            ),
            line("Non-root user configured in Dockerfile", &[Dockerfile], &["container-as-root", "image-runs-as-root"]),
            line(
                "Multi-stage builds minimize image size",
                &[Dockerfile],
                &["single-stage-image", "build-tools-in-image"],
            ),
            line("Signal handling configured (dumb-init)", &[Dockerfile], &["no-init-process", "shell-form-command"]),
            said("Health check endpoints implemented in application", "health-endpoints"),
            line("Dependency health checks configured in docker-compose", &[Dependency], &["dependency-not-awaited"]),
            line("Monitoring stack secured with authentication", &[Monitor], &["service-without-authentication"]),
            line(
                "Network isolation configured (if using custom networks)",
                &[Service],
                &["host-namespace", "one-network", "published-port", "privileged-container", "added-capability"],
            ),
            line(
                "Volume permissions verified",
                &[Mount],
                &["sensitive-mount", "writable-mount", "secret-file-unreadable", "secret-options-ignored"],
            ),
            Line {
                attestation: Some("central-logs"),
                ..line("Container logs configured for centralized logging", &[Logs], &["unbounded-logs"])
            },
        ],
    },
    Checklist {
        title: "Production Deployment Checklist",
        lines: &[
            line(
                "All `.env.example` files copied to `.env` with production secrets",
                &[EnvFile],
                &[
                    "empty-secret",
                    "env-file-missing",
                    "undefined-variable",
                    "missing-key",
                    "placeholder-secret",
                    "same-as-example",
                    "duplicate-key",
                    "template-missing",
                    "debug-in-production",
                    "same-secret-across-environments",
                ],
            ),
            line(
                "Secrets generated with cryptographically secure methods",
                &[Secret],
                &["weak-secret", "reused-secret"],
            ),
            line("Database passwords are 64+ characters", &[DatabasePassword], &["short-secret"]),
            line("JWT secrets are 64-byte hex strings", &[JwtSecret], &["short-secret"]),
            line(
                "Admin API keys hashed before database storage",
                &[AdminKey],
                &["plain-admin-key", "broken-hash", "cheap-hash"],
            ),
            line("CORS origins restricted to production domains", &[Origins], &["cors-open"]),
            Line {
                attestation: Some("rate-limiting"),
                ..line("Rate limiting configured for production traffic", &[], &["rate-limiting-off"])
            },
            line("SSL/TLS enabled for all external connections", &[Address], &["cleartext-connection"]),
            Line {
                attestation: Some("firewall"),
                ..line("Firewall rules configured", &[], &["open-ports", "published-port"])
            },
            said("Monitoring and alerting configured", "monitoring"),
            said("Backup and disaster recovery tested", "backups-tested"),
            said("Security audit completed", "security-audit"),
            said("Incident response plan documented", "incident-plan"),
        ],
    },
];

/// What is known of a line, and what it rests on.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The line.
    pub line: Line,
    /// What is known of it.
    pub state: State,
    /// The files that were looked at for it.
    pub files: BTreeSet<RelPath>,
}

/// What is known of a line, from a report on everything and by what there was to look at. `is_left_out` says which checks
/// were not asked.
#[must_use]
pub fn answer(
    line: &Line,
    report: &Report,
    seen: &Seen,
    config: &Config,
    is_left_out: &dyn Fn(&str) -> bool,
) -> Answer {
    let shown = line.attestation.and_then(|id| seen.evidence.get(id));
    let sources = line.sources.iter().filter_map(|source| seen.files.get(source));
    let files: BTreeSet<RelPath> = sources.chain(shown).flatten().cloned().collect();
    // A check that only notes something can fail no line.
    let counts = |id: &&&str| checks::find(id).is_some_and(|check| check.severity >= Severity::Warning);
    let is_whole = !line.checks.iter().filter(counts).any(|id| is_left_out(id))
        && !line.sources.iter().flat_map(|source| source.parts()).any(|part| seen.missed.contains(part));
    let of_line = || report.findings.iter().filter(|finding| is_of(line, finding));
    let grave = of_line().filter(|finding| finding.severity >= Severity::Warning).count();
    let attested = line.attestation.and_then(|id| config.preflight.attestations.get(id));
    let state = match attested {
        _ if grave > 0 => State::Fail(grave),
        Some(one) if holds(one.on, one.until, report.as_of) => State::Attested { on: one.on, by: one.by.clone() },
        Some(one) => State::Stale(one.on),
        None if is_whole && !files.is_empty() => State::Pass(of_line().count()),
        None => State::NotSeen,
    };
    Answer { line: *line, state, files }
}

/// Whether a finding is about a line. Two lines share a check: a class tells them apart.
fn is_of(line: &Line, finding: &crate::finding::Finding) -> bool {
    let class = match finding.get("class") {
        Some(crate::finding::Fact::Word(word)) => *word,
        _ => "",
    };
    line.checks.contains(&finding.check.id)
        && match finding.check.id {
            "short-secret" => (class == "jwt-secret") == line.text.starts_with("JWT"),
            _ => true,
        }
}

/// Whether what was done on a day still holds; what lies ahead was not done.
pub(crate) fn holds(on: Date, until: Option<Date>, today: Date) -> bool {
    let last = until.or_else(|| on.checked_add(ATTESTED_DAYS.days()).ok());
    on <= today && last.is_some_and(|last| today <= last)
}
