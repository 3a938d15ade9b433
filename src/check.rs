//! What a check is: the value from which its documentation, its rule in SARIF and its place in the reports follow. What it
//! judges, and by what, stands in `checks`; nothing here knows anything else of the program.

/// How grave a finding is. The order is the order of gravity.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; does not change the exit status.
    Note,
    /// Should be mended.
    Warning,
    /// A secret is exposed to somebody, or will be.
    Error,
    /// A secret that is in use is exposed.
    Critical,
}

impl Severity {
    /// The word in reports and configuration.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Warning => "warning",
            Self::Error => "error",
            Self::Critical => "critical",
        }
    }
}

/// What a check is about; each group is a folder of `checks`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// The env files of the work tree.
    EnvFile,
    /// The values of secrets.
    Secret,
    /// What git has, or is about to get.
    Git,
    /// Compose files.
    Compose,
    /// Dockerfiles.
    Dockerfile,
    /// What is set up for a deployment as a whole.
    Deployment,
    /// What runs.
    Running,
    /// The ages of secrets.
    Rotation,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One env file of the work tree.
    EnvFile,
    /// One committed template.
    Template,
    /// All files of the project together.
    Project,
    /// One entry of git's index.
    Staged,
    /// One path in git's history.
    History,
    /// One value in use that stands somewhere else.
    Value,
    /// One set of compose files; in `preflight`.
    Compose,
    /// One Dockerfile; in `preflight`.
    Dockerfile,
    /// The settings of one env file or one compose service; in `preflight`.
    Settings,
    /// Everything that is deployed together; in `preflight`.
    Deployment,
    /// One container that runs; in `preflight --inspect`.
    Container,
    /// One image of the host; in `preflight --inspect`.
    Image,
    /// What a scanner found in one image; in `preflight --scan-report`.
    Scan,
}

/// One step of an example project: documentation that is also run as a test.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A path, a mode and a text; see [`Step::text`]. `{hex64}`, `{password}`, `{token}` in the text stand for values made at run time: the same
    /// word is the same value within one example, `{password2}` is another.
    File(&'static str, u32, &'static str),
    /// A directory with a mode.
    Dir(&'static str, u32),
    /// A symbolic link at the first path to the second.
    Link(&'static str, &'static str),
    /// A hard link at the first path to the second.
    HardLink(&'static str, &'static str),
    /// A file removed.
    Remove(&'static str),
    /// A file given to the user of this number; needs root.
    Owner(&'static str, u32),
    /// A POSIX access list entry on a file, then masked by its mode again.
    Acl(&'static str),
    /// An envward command, words split at blanks (`envward` itself left out), in the project's root.
    Envward(&'static str),
    /// A git command, words split at blanks (`git` itself left out), in the project's root.
    Git(&'static str),
}

impl Step {
    /// The text of a file: a text of several lines begins on a line of its own in the source, behind a line break that is
    /// not part of it.
    #[must_use]
    pub fn text(text: &str) -> &str {
        text.strip_prefix('\n').unwrap_or(text)
    }
}

/// An example project, and what to run on it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it shows, one line.
    pub about: &'static str,
    /// How to make it, in an empty directory.
    pub steps: &'static [Step],
}

/// When `preflight` reports a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Secrets and exposure: in every profile, and first in the report.
    Exposure,
    /// What else the deployment checklists ask for: not in the profile `minimal`.
    Deployment,
    /// Hardening: not in the profile `minimal`, and one line a file unless all are asked for. Each of these fires on nearly
    /// every service of nearly every project, and together they would bury what matters (72% of a well-known linter's
    /// findings on 346 real files).
    Hardening,
}

/// How `--fix` fixes what a check finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fix {
    /// The file gets the mode 0600.
    Mode,
    /// The file gets a line in `.gitignore`.
    GitIgnore,
    /// The file gets a line in the ignore file of the build context.
    DockerIgnore,
}

/// A line of a deployment checklist that checks answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Item {
    /// All images have fixed versions.
    FixedVersions,
    /// Services have resource limits.
    ResourceLimits,
    /// Services have health checks.
    HealthChecks,
    /// Services are started again.
    RestartPolicy,
    /// No secret is written into a file that is not an env file.
    NoWrittenSecrets,
    /// Env files are private.
    PrivateEnvFiles,
    /// Containers do not run as root.
    NonRootUser,
    /// Images are built in several stages.
    MultiStageBuild,
    /// Signals reach the process.
    SignalHandling,
    /// Services wait until what they need is healthy.
    DependencyHealth,
    /// The monitoring stack asks for authentication.
    MonitoringAuthentication,
    /// Networks are isolated.
    NetworkIsolation,
    /// The permissions of volumes are right.
    VolumePermissions,
    /// Logs are collected.
    CentralLogs,
    /// Templates are filled with secrets for production.
    ProductionSecrets,
    /// Secrets are random.
    RandomSecrets,
    /// Database passwords are long.
    DatabasePasswords,
    /// JWT secrets are long.
    JwtSecrets,
    /// Admin API keys are hashed.
    HashedAdminKeys,
    /// CORS origins are those of production.
    CorsOrigins,
    /// Rate limiting is on.
    RateLimiting,
    /// External connections use TLS.
    Tls,
    /// Firewall rules are right.
    Firewall,
}

/// A check: all that the program knows of it, but for its function.
pub struct Check {
    /// kebab-case, names the fact; never changes once released.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown, with the sections `## What it does`, `## Why it matters`, `## What to do`, `## Facts`.
    pub doc: &'static str,
    /// What it is about.
    pub group: Group,
    /// The usual severity; a finding may differ, and the documentation says when.
    pub severity: Severity,
    /// What it looks at.
    pub kinds: &'static [Kind],
    /// When `preflight` reports it.
    pub tier: Tier,
    /// How `--fix` fixes what it finds.
    pub fix: Option<Fix>,
    /// The lines of the deployment checklists that it answers, and its place among the checks of each.
    pub checklist: &'static [(Item, u8)],
    /// Projects in which it finds something.
    pub bad: &'static [Example],
    /// Projects in which it finds nothing.
    pub good: &'static [Example],
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
