//! The two checklists of the deployment guide this project implements, line by line.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;

use super::ATTESTED_DAYS;
use crate::config::Config;
use crate::finding::Severity;
use crate::report::Report;

/// What a line needs to be seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A compose file.
    Compose,
    /// A Dockerfile.
    Dockerfile,
    /// An env file in use.
    EnvFile,
    /// Nothing in the files: only somebody can say.
    Somebody,
}

/// A line of a checklist.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// As the guide has it.
    pub text: &'static str,
    /// The checks that answer it.
    pub checks: &'static [&'static str],
    /// What must be there for them to look at.
    pub source: Source,
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
    /// Nothing to look at.
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

const fn line(text: &'static str, source: Source, checks: &'static [&'static str]) -> Line {
    Line { text, checks, source, attestation: None }
}

const fn said(text: &'static str, attestation: &'static str) -> Line {
    Line { text, checks: &[], source: Source::Somebody, attestation: Some(attestation) }
}

use Source::{Compose, Dockerfile, EnvFile};

/// The checklists.
pub const CHECKLISTS: [Checklist; 2] = [
    Checklist {
        title: "Pre-Deployment Checklist",
        lines: &[
            line(
                "All Docker images use fixed versions (no `latest`)",
                Compose,
                &["image-not-fixed", "image-without-digest", "base-image-not-fixed", "base-image-without-digest"],
            ),
            line("Resource limits configured for all services", Compose, &["no-resource-limits"]),
            line(
                "Health checks implemented for all critical services",
                Compose,
                &["no-healthcheck", "image-without-healthcheck"],
            ),
            line("Restart policy set to `always` for production", Compose, &["restart-policy"]),
            line(
                "All secrets in environment variables (not hardcoded)",
                Compose,
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
                EnvFile,
                &["env-file-mode", "env-file-owner", "env-file-directory", "env-file-acl"],
            ),
            line("Non-root user configured in Dockerfile", Dockerfile, &["container-as-root", "image-runs-as-root"]),
            line("Multi-stage builds minimize image size", Dockerfile, &["single-stage-image", "build-tools-in-image"]),
            line("Signal handling configured (dumb-init)", Dockerfile, &["no-init-process", "shell-form-command"]),
            said("Health check endpoints implemented in application", "health-endpoints"),
            line("Dependency health checks configured in docker-compose", Compose, &["dependency-not-awaited"]),
            line("Monitoring stack secured with authentication", Compose, &["service-without-authentication"]),
            line(
                "Network isolation configured (if using custom networks)",
                Compose,
                &["host-namespace", "one-network", "published-port", "privileged-container", "added-capability"],
            ),
            line(
                "Volume permissions verified",
                Compose,
                &["sensitive-mount", "writable-mount", "secret-file-unreadable", "secret-options-ignored"],
            ),
            Line {
                attestation: Some("central-logs"),
                ..line("Container logs configured for centralized logging", Compose, &["unbounded-logs"])
            },
        ],
    },
    Checklist {
        title: "Production Deployment Checklist",
        lines: &[
            line(
                "All `.env.example` files copied to `.env` with production secrets",
                EnvFile,
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
            line("Secrets generated with cryptographically secure methods", EnvFile, &["weak-secret", "reused-secret"]),
            line("Database passwords are 64+ characters", EnvFile, &["short-secret"]),
            line("JWT secrets are 64-byte hex strings", EnvFile, &["short-secret"]),
            line(
                "Admin API keys hashed before database storage",
                EnvFile,
                &["plain-admin-key", "broken-hash", "cheap-hash"],
            ),
            line("CORS origins restricted to production domains", EnvFile, &["cors-open"]),
            Line {
                attestation: Some("rate-limiting"),
                ..line("Rate limiting configured for production traffic", Source::Somebody, &["rate-limiting-off"])
            },
            line("SSL/TLS enabled for all external connections", EnvFile, &["cleartext-connection"]),
            Line {
                attestation: Some("firewall"),
                ..line("Firewall rules configured", Source::Somebody, &["open-ports", "published-port"])
            },
            said("Monitoring and alerting configured", "monitoring"),
            said("Backup and disaster recovery tested", "backups-tested"),
            said("Security audit completed", "security-audit"),
            said("Incident response plan documented", "incident-plan"),
        ],
    },
];

/// What there was to look at.
#[derive(Debug)]
pub struct Seen<'a> {
    /// The kinds of files.
    pub sources: &'a [Source],
    /// The attestations that a file shows to be true.
    pub evidence: &'a BTreeSet<&'static str>,
}

/// What is known of a line, from a report on everything.
#[must_use]
pub fn state_of(line: &Line, report: &Report, seen: &Seen<'_>, config: &Config) -> State {
    let of_line = || report.findings.iter().filter(|finding| is_of(line, finding));
    let grave = of_line().filter(|finding| finding.severity >= Severity::Warning).count();
    if grave > 0 {
        return State::Fail(grave);
    }
    let attested = line.attestation.and_then(|id| config.preflight.attestations.get(id));
    match attested {
        Some(one) if holds(one.on, one.until, report.as_of) => {
            return State::Attested { on: one.on, by: one.by.clone() };
        }
        Some(one) => return State::Stale(one.on),
        None => {}
    }
    let is_shown = line.attestation.is_some_and(|id| seen.evidence.contains(id));
    match line.source {
        Source::Somebody if is_shown => State::Pass(of_line().count()),
        source if seen.sources.contains(&source) => State::Pass(of_line().count()),
        _ => State::NotSeen,
    }
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
