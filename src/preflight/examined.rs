//! What there was to examine for each line of the checklists, and what was not examined.

use std::collections::{BTreeMap, BTreeSet};

use crate::checks::compose::authentication;
use crate::checks::deployment::{cleartext_connection, cors_open};
use crate::checks::dockerfile::secret_in_dockerfile;
use crate::config::Config;
use crate::docker::compose::{MountKind, Service, Stack};
use crate::docker::dockerfile::is_dockerfile;
use crate::env::names::Role;
use crate::environment::Environment;
use crate::finding::{Fact, Origin, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Deployment, ProjectFile, Setting, Settings, is_compose_file, literal_secrets, role_of};
use crate::secret::class::Class;

/// What must exist so that a line can be answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// A service of a compose file.
    Service,
    /// A service that depends on another one.
    Dependency,
    /// A service of a monitoring stack, if the authentication of all of them can be checked.
    Monitor,
    /// A service with a mount.
    Mount,
    /// Services that all say where their logs go.
    Logs,
    /// A Dockerfile.
    Dockerfile,
    /// An env file in use.
    EnvFile,
    /// An env file on a file system that keeps modes.
    Modes,
    /// A secret in an env file, if there is none in a place where its strength is not checked.
    Secret,
    /// The password of a database, if the length that the line names is asked of all of them.
    DatabasePassword,
    /// A key that signs tokens, if the length that the line names is asked of all of them.
    JwtSecret,
    /// An admin key, or the hash of one, if no admin key is in a place where it is not checked.
    AdminKey,
    /// A list of allowed origins.
    Origins,
    /// The address of another host, if this host publishes no port without known TLS.
    Address,
}

/// What was examined.
#[derive(Debug, Default)]
pub struct Seen {
    /// The files that contain it.
    pub files: BTreeMap<Source, BTreeSet<RelPath>>,
    /// The parts of a deployment that could not be examined completely.
    pub missed: BTreeSet<Part>,
    /// What a file shows without a check, and which file.
    pub evidence: BTreeMap<&'static str, BTreeSet<RelPath>>,
}

/// A part of a deployment that is examined.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Compose files.
    Compose,
    /// Dockerfiles.
    Dockerfile,
    /// Env files.
    EnvFile,
    /// Their modes.
    Modes,
}

impl Source {
    /// The parts that must have been examined completely.
    pub(super) fn parts(self) -> &'static [Part] {
        match self {
            Self::Service | Self::Dependency | Self::Monitor | Self::Mount | Self::Logs => &[Part::Compose],
            Self::Dockerfile => &[Part::Dockerfile],
            Self::Modes => &[Part::EnvFile, Part::Modes],
            Self::EnvFile | Self::Secret | Self::DatabasePassword | Self::JwtSecret | Self::AdminKey => {
                &[Part::EnvFile]
            }
            Self::Origins | Self::Address => &[Part::Compose, Part::EnvFile],
        }
    }
}

impl Seen {
    /// What was examined of a project, as far as the report covers it.
    #[must_use]
    pub fn of(deployment: &Deployment, config: &Config, report: &Report, is_asked: &dyn Fn(&RelPath) -> bool) -> Self {
        let project = &deployment.project;
        let mut seen = Self { evidence: deployment.evidence.clone(), ..Self::default() };
        let stacks: Vec<&Stack> = project.stacks.iter().filter(|stack| is_asked(&stack.named)).collect();
        stacks.iter().for_each(|stack| seen.stack(stack));
        for build in &deployment.builds {
            seen.add(Source::Dockerfile, &build.path);
        }
        for file in project.files.iter().filter(|file| file.role == Role::Env) {
            seen.env_file(file);
        }
        for settings in project.settings() {
            seen.settings(&settings);
        }
        for (source, is_open) in [
            (Source::Logs, stacks.iter().any(|stack| !says_where_logs_go(stack))),
            (Source::Monitor, stacks.iter().any(|stack| monitors(stack).any(|service| !is_judged(&service)))),
            (Source::Address, stacks.iter().any(|stack| publishes(stack))),
        ] {
            // One that was not checked is enough.
            if is_open {
                seen.files.remove(&source);
            }
        }
        seen.unmeasured(&stacks, config, report);
        seen.files.values_mut().for_each(|files| files.retain(|path| is_asked(path)));
        seen.files.retain(|_, files| !files.is_empty());
        let accepted = report.accepted.iter().map(|one| &one.problem);
        let accepted = accepted.flat_map(|problem| parts_of(problem, config).unwrap_or_default());
        let open = report.problems.iter().flat_map(|problem| parts_of(problem, config).unwrap_or(ALL));
        seen.missed = open.chain(accepted).copied().collect();
        seen
    }

    /// Takes away the lines on secrets that nobody measured as the line says: those in compose files and Dockerfiles,
    /// and those of a class for which the configuration asks for less.
    fn unmeasured(&mut self, stacks: &[&Stack], config: &Config, report: &Report) {
        let production = stacks.iter().filter(|stack| stack.environment == Environment::Production);
        let mut written: BTreeSet<&str> = production.flat_map(|stack| written(stack, config)).collect();
        let images = report.findings.iter().filter(|one| one.is_of(&secret_in_dockerfile::CHECK));
        let images = images.filter(|one| one.severity >= Severity::Warning);
        written.extend(images.filter_map(|one| match one.get("class") {
            Some(Fact::Word(word)) => Some(*word),
            _ => None,
        }));
        if !written.is_empty() {
            self.files.remove(&Source::Secret);
        }
        for (source, class, least) in [
            (Source::DatabasePassword, Class::DatabasePassword, 64),
            (Source::JwtSecret, Class::JwtSecret, 128),
            (Source::AdminKey, Class::AdminApiKey, 0),
        ] {
            let asks_less = config.policy.minimum_length.get(&class).is_some_and(|count| *count < least);
            if asks_less || written.contains(class.word()) {
                self.files.remove(&source);
            }
        }
    }

    fn add(&mut self, source: Source, path: &RelPath) {
        self.files.entry(source).or_default().insert(path.clone());
    }

    fn stack(&mut self, stack: &Stack) {
        let path = |service: &Service<'_>| stack.path(service.place());
        for service in stack.whole_services() {
            self.add(Source::Service, &path(&service));
            if stack.environment == Environment::Production {
                self.add(Source::Logs, &path(&service));
            }
            if !service.dependencies().is_empty() {
                self.add(Source::Dependency, &path(&service));
            }
            if !service.all_mounts().is_empty() {
                self.add(Source::Mount, &path(&service));
            }
        }
        monitors(stack).for_each(|service| self.add(Source::Monitor, &path(&service)));
    }

    fn env_file(&mut self, file: &ProjectFile) {
        if file.document.is_some() {
            self.add(Source::EnvFile, &file.path);
        }
        if file.stat.is_some() && file.keeps_modes {
            self.add(Source::Modes, &file.path);
        }
        if file.holds_hash() {
            self.add(Source::AdminKey, &file.path);
        }
        for secret in file.in_use().filter(|secret| secret.is_filled()) {
            self.add(Source::Secret, &file.path);
            match secret.class {
                Class::DatabasePassword => self.add(Source::DatabasePassword, &file.path),
                Class::JwtSecret => self.add(Source::JwtSecret, &file.path),
                Class::AdminApiKey => self.add(Source::AdminKey, &file.path),
                _ => {}
            }
        }
    }

    fn settings(&mut self, settings: &Settings) {
        let Origin::Worktree(path) = &settings.origin else { return };
        let any = |is: &dyn Fn(&Setting) -> bool| settings.pairs.iter().any(is);
        if any(&cors_open::allows_origins) {
            self.add(Source::Origins, path);
        }
        if any(&|setting| cleartext_connection::leads_out(setting, &settings.hosts)) {
            self.add(Source::Address, path);
        }
    }
}

/// Whether each deployed service says where its logs go.
fn says_where_logs_go(stack: &Stack) -> bool {
    let says = |service: Service<'_>| {
        service.is_hidden() || ["driver", "options"].iter().any(|key| service.at(&["logging", key]).is_some())
    };
    stack.environment != Environment::Production || stack.whole_services().all(says)
}

/// Whether the network can reach the deployment on a port that is not a TLS port by its number (IANA, `https` and
/// `pcsync-https`). The protocol on other ports is not examined here.
fn publishes(stack: &Stack) -> bool {
    let is_open = |service: Service<'_>| {
        let mut ports = service.ports().into_iter().filter(|port| !port.is_loopback());
        ports.any(|port| ![443, 8443].contains(&port.target.first))
    };
    let mut running = stack.whole_services().filter(|service| !service.is_hidden());
    stack.environment == Environment::Production && running.any(is_open)
}

/// The classes of the secrets that compose files contain themselves: neither their strength nor their length is checked.
fn written<'a>(stack: &'a Stack, config: &'a Config) -> impl Iterator<Item = &'static str> + 'a {
    let of_services = stack.services().flat_map(|service| literal_secrets::of_service(&service, config));
    of_services.chain(literal_secrets::of_rest(stack, config)).map(|held| held.class.word())
}

/// Programs of a monitoring stack, as their pages on Docker Hub (hub.docker.com) say.
const MONITORS: [&str; 22] = [
    "alertmanager",
    "all-in-one",
    "blackbox-exporter",
    "cadvisor",
    "grafana",
    "grafana-enterprise",
    "grafana-oss",
    "influxdb",
    "jaeger",
    "kibana",
    "logstash",
    "loki",
    "mimir",
    "netdata",
    "node-exporter",
    "opensearch-dashboards",
    "prometheus",
    "pushgateway",
    "tempo",
    "uptime-kuma",
    "victoria-metrics",
    "zabbix-web-nginx-pgsql",
];

fn monitors(stack: &Stack) -> impl Iterator<Item = Service<'_>> {
    stack.whole_services().filter(|service| service.image_name().is_some_and(|name| MONITORS.contains(&name.as_str())))
}

/// Whether the authentication of a service is checked: its kind is known, and its settings are not in a mounted file,
/// which is not opened here.
fn is_judged(service: &Service<'_>) -> bool {
    const OWN: [&str; 3] = ["grafana.ini", "elasticsearch.yml", "opensearch.yml"];
    let has_own = service
        .mounts()
        .iter()
        .any(|mount| mount.kind == MountKind::Bind && OWN.iter().any(|name| mount.target.ends_with(name)));
    !has_own && authentication::is_judged(service)
}

const ALL: &[Part] = &[Part::Compose, Part::Dockerfile, Part::EnvFile, Part::Modes];

/// The parts that could not be examined because of a problem; `None` for a directory, which may contain anything.
fn parts_of(problem: &Problem, config: &Config) -> Option<&'static [Part]> {
    let path = problem.path.clone().unwrap_or_default();
    match problem.kind {
        ProblemKind::UnseenBuild | ProblemKind::BrokenDockerfile => Some(&[Part::Dockerfile]),
        ProblemKind::BrokenCompose => Some(ALL),
        ProblemKind::OutsideFile => Some(&[Part::Compose, Part::EnvFile]),
        ProblemKind::ModesMeaningless | ProblemKind::Unanswered => Some(&[Part::Modes]),
        ProblemKind::UnreadablePath
        | ProblemKind::VanishedFile
        | ProblemKind::NotAFile
        | ProblemKind::TooLarge
        | ProblemKind::UnknownEncoding
        | ProblemKind::LfsPointer
        | ProblemKind::OutwardLink => match path.file_name() {
            name if is_compose_file(name) => Some(ALL),
            name if is_dockerfile(name) => Some(&[Part::Dockerfile]),
            _ if role_of(&path, config).is_some() => Some(&[Part::EnvFile]),
            _ => None,
        },
        _ => Some(&[]),
    }
}
