//! The two checklists of the deployment guide this project implements, line by line.

use std::collections::BTreeSet;

use jiff::civil::Date;

use crate::check::{Check, Item};
use crate::checks;
use crate::config::{Config, holds};
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::preflight::examined::{Seen, Source};
use crate::secret::class::Class;

/// A line of a checklist.
#[derive(Clone, Copy, Debug)]
pub struct Line {
    /// The text of the guide.
    pub text: &'static str,
    /// The item that the checks which answer it name; `None` if only a person can confirm it.
    pub item: Option<Item>,
    /// The class of secrets that it is about, if it is about one: lines share checks.
    pub class: Option<Class>,
    /// What the checks examine: one of these must exist. Empty if only a person can confirm it.
    pub sources: &'static [Source],
    /// The attestation that answers the line, or the part that the checks cannot answer.
    pub attestation: Option<&'static str>,
}

impl Line {
    /// Whether a finding is about the secrets of this line: of its class, or of no class.
    fn covers(&self, finding: &Finding) -> bool {
        match (self.class, finding.get("class")) {
            (Some(class), Some(of)) => *of == Fact::Word(class.word()),
            _ => true,
        }
    }

    /// Whether a finding makes it fail.
    #[must_use]
    pub fn fails_by(&self, finding: &Finding) -> bool {
        let is_grave = finding.severity >= Severity::Warning;
        is_grave && self.checks().iter().any(|check| finding.is_of(check)) && self.covers(finding)
    }

    /// The checks that answer it, the most important ones first.
    #[must_use]
    pub fn checks(&self) -> Vec<&'static Check> {
        let place = |check: &Check| {
            let own = check.checklist.iter().find(|(item, _)| Some(*item) == self.item);
            own.map(|(_, place)| *place)
        };
        let mut checks: Vec<_> = checks::ALL.iter().filter_map(|check| Some((place(check)?, *check))).collect();
        checks.sort_by_key(|(place, _)| *place);
        checks.into_iter().map(|(_, check)| check).collect()
    }
}

/// A checklist.
#[derive(Clone, Copy, Debug)]
pub struct Checklist {
    /// Its heading.
    pub title: &'static str,
    /// Its lines.
    pub lines: &'static [Line],
}

/// The answer to a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Examined, and nothing is wrong; the number of notes.
    Pass(usize),
    /// The number of findings that are warnings or worse.
    Fail(usize),
    /// There was nothing to examine, or it was not examined.
    NotSeen,
    /// A person confirmed it.
    Attested {
        /// When it was done.
        on: Date,
        /// Who confirmed it.
        by: String,
    },
    /// A person confirmed it too long ago.
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

const fn line(text: &'static str, item: Item, sources: &'static [Source]) -> Line {
    Line { text, item: Some(item), class: None, sources, attestation: None }
}

const fn said(text: &'static str, attestation: &'static str) -> Line {
    Line { text, item: None, class: None, sources: &[], attestation: Some(attestation) }
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
            line("All Docker images use fixed versions (no `latest`)", Item::FixedVersions, &[Service, Dockerfile]),
            line("Resource limits configured for all services", Item::ResourceLimits, &[Service]),
            line("Health checks implemented for all critical services", Item::HealthChecks, &[Service, Dockerfile]),
            line("Restart policy set to `always` for production", Item::RestartPolicy, &[Service]),
            line(
                "All secrets in environment variables (not hardcoded)",
                Item::NoWrittenSecrets,
                &[Service, Dockerfile],
            ),
            line("`.env` files have restrictive permissions (600)", Item::PrivateEnvFiles, &[Modes]),
            line("Non-root user configured in Dockerfile", Item::NonRootUser, &[Dockerfile]),
            line("Multi-stage builds minimize image size", Item::MultiStageBuild, &[Dockerfile]),
            line("Signal handling configured (dumb-init)", Item::SignalHandling, &[Dockerfile]),
            said("Health check endpoints implemented in application", "health-endpoints"),
            line("Dependency health checks configured in docker-compose", Item::DependencyHealth, &[Dependency]),
            line("Monitoring stack secured with authentication", Item::MonitoringAuthentication, &[Monitor]),
            line("Network isolation configured (if using custom networks)", Item::NetworkIsolation, &[Service]),
            line("Volume permissions verified", Item::VolumePermissions, &[Mount]),
            Line {
                attestation: Some("central-logs"),
                ..line("Container logs configured for centralized logging", Item::CentralLogs, &[Logs])
            },
        ],
    },
    Checklist {
        title: "Production Deployment Checklist",
        lines: &[
            line(
                "All `.env.example` files copied to `.env` with production secrets",
                Item::ProductionSecrets,
                &[EnvFile],
            ),
            line("Secrets generated with cryptographically secure methods", Item::RandomSecrets, &[Secret]),
            Line {
                class: Some(Class::DatabasePassword),
                ..line("Database passwords are 64+ characters", Item::DatabasePasswords, &[DatabasePassword])
            },
            Line {
                class: Some(Class::JwtSecret),
                ..line("JWT secrets are 64-byte hex strings", Item::JwtSecrets, &[JwtSecret])
            },
            Line {
                class: Some(Class::AdminApiKey),
                ..line("Admin API keys hashed before database storage", Item::HashedAdminKeys, &[AdminKey])
            },
            line("CORS origins restricted to production domains", Item::CorsOrigins, &[Origins]),
            Line {
                attestation: Some("rate-limiting"),
                ..line("Rate limiting configured for production traffic", Item::RateLimiting, &[])
            },
            line("SSL/TLS enabled for all external connections", Item::Tls, &[Address]),
            Line { attestation: Some("firewall"), ..line("Firewall rules configured", Item::Firewall, &[]) },
            said("Monitoring and alerting configured", "monitoring"),
            said("Backup and disaster recovery tested", "backups-tested"),
            said("Security audit completed", "security-audit"),
            said("Incident response plan documented", "incident-plan"),
        ],
    },
];

/// The answer to a line, and the files behind it.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The line.
    pub line: Line,
    /// The answer.
    pub state: State,
    /// The files that were examined for it.
    pub files: BTreeSet<RelPath>,
}

/// The answer to a line, from a report on everything and from what there was to examine. `is_left_out` says which checks
/// did not run.
#[must_use]
pub fn answer(
    line: &Line,
    report: &Report,
    seen: &Seen,
    config: &Config,
    is_left_out: &dyn Fn(&Check) -> bool,
) -> Answer {
    let shown = line.attestation.and_then(|id| seen.evidence.get(id));
    let sources = line.sources.iter().filter_map(|source| seen.files.get(source));
    let files: BTreeSet<RelPath> = sources.chain(shown).flatten().cloned().collect();
    let checks = line.checks();
    // A check that only notes something can fail no line.
    let counts = |check: &&&Check| check.severity >= Severity::Warning;
    let is_whole = !checks.iter().filter(counts).any(|check| is_left_out(check))
        && !line.sources.iter().flat_map(|source| source.parts()).any(|part| seen.missed.contains(part));
    let is_of_line = |finding: &&Finding| checks.iter().any(|check| finding.is_of(check)) && line.covers(finding);
    let of_line = || report.findings.iter().filter(is_of_line);
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
