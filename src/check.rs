//! What a check is: a value with its documentation, its rule in SARIF and its place in the reports. Its function is in
//! `checks`; this file knows nothing else of the program.

/// How severe a finding is, in increasing order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; does not change the exit status.
    Note,
    /// Should be fixed.
    Warning,
    /// A secret is exposed, or will be.
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
    /// Coding agents.
    Agent,
    /// The env files of the work tree.
    EnvFile,
    /// The values of secrets.
    Secret,
    /// What git contains, or will contain after the next commit or push.
    Git,
    /// Compose files.
    Compose,
    /// Dockerfiles.
    Dockerfile,
    /// The settings of a deployment as a whole.
    Deployment,
    /// Running containers and their images.
    Running,
    /// The ages of secrets.
    Rotation,
    /// Places outside git.
    Trace,
}

/// What a check examines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One env file of the work tree.
    EnvFile,
    /// One template.
    Template,
    /// All files of the project together.
    Project,
    /// One entry of git's index.
    Staged,
    /// One compose file or Dockerfile in git's index.
    StagedText,
    /// One path in git history.
    History,
    /// One value in use that is also in another place.
    Value,
    /// One stack of compose files; in `preflight`.
    Compose,
    /// One Dockerfile; in `preflight`.
    Dockerfile,
    /// The settings of one env file or one compose service; in `preflight`.
    Settings,
    /// Everything that is deployed together; in `preflight`.
    Deployment,
    /// One running container; in `preflight --inspect`.
    Container,
    /// One image on the host; in `preflight --inspect`.
    Image,
    /// The report of a scanner about one image; in `preflight --scan-report`.
    Scan,
    /// One file outside git; in `trace`.
    Disk,
    /// One process; in `trace --processes`.
    Process,
    /// One image in a file or on standard input; in `trace`.
    SavedImage,
    /// Standard input; in `trace -`.
    Stream,
}

/// One step of an example project: documentation that is also run as a test.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A path, a mode and a text; see [`Step::text`]. `{hex64}`, `{password}`, `{token}` in the text are replaced by values made at run time: the same
    /// word is the same value within one example, `{password2}` is another value. `{root}` is the directory of the example.
    File(&'static str, u32, &'static str),
    /// A directory with a mode.
    Dir(&'static str, u32),
    /// A symbolic link at the first path to the second.
    Link(&'static str, &'static str),
    /// A hard link at the first path to the second.
    HardLink(&'static str, &'static str),
    /// Removes a file.
    Remove(&'static str),
    /// Gives a file to the user with this id; needs root.
    Owner(&'static str, u32),
    /// Adds an entry to the POSIX access list of a file, then disables the entry by the mode.
    Acl(&'static str),
    /// An envward command, words split at blanks (without `envward` itself), in the project root.
    Envward(&'static str),
    /// This many days pass before the check runs.
    Later(u32),
    /// A process that runs until the example ends, with these arguments, words split at blanks.
    Process(&'static str),
    /// An image at a path, as `docker save` writes it: the command of its one step in the history, and the files of its
    /// layer with their texts.
    Image(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// A git command, words split at blanks (without `git` itself), in the project root.
    Git(&'static str),
}

impl Step {
    /// The text of a file. In the source, a text of several lines begins after a line break that is not part of the text.
    #[must_use]
    pub fn text(text: &str) -> &str {
        text.strip_prefix('\n').unwrap_or(text)
    }
}

/// An example project, and what to run on it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What the example shows, one line.
    pub about: &'static str,
    /// The steps that make it, in an empty directory.
    pub steps: &'static [Step],
}

/// When `preflight` reports a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Secrets and exposure: in every profile, and first in the report.
    Exposure,
    /// Other requirements of the deployment checklists: not in the profile `minimal`.
    Deployment,
    /// Hardening: not in the profile `minimal`, and one line for each file unless `--all` is given. Each of these finds
    /// something in nearly every service of nearly every project, and together they would hide what matters (72% of the
    /// findings of a well-known linter on 346 real files).
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
    /// The env files are added to an agent's own exclusion.
    AgentExclusion,
    /// The file or folder gets a line in the ignore file that does not cover it: git's or Docker's.
    AgentState,
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
    /// Docker restarts services.
    RestartPolicy,
    /// No secret is written in a file that is not an env file.
    NoWrittenSecrets,
    /// Env files are private.
    PrivateEnvFiles,
    /// Containers do not run as root.
    NonRootUser,
    /// Images are built in several stages.
    MultiStageBuild,
    /// Signals reach the process.
    SignalHandling,
    /// Services wait until their dependencies are healthy.
    DependencyHealth,
    /// The monitoring stack requires authentication.
    MonitoringAuthentication,
    /// Networks are isolated.
    NetworkIsolation,
    /// The permissions of volumes are right.
    VolumePermissions,
    /// Logs are collected.
    CentralLogs,
    /// Templates are filled in with secrets for production.
    ProductionSecrets,
    /// Secrets are random.
    RandomSecrets,
    /// Database passwords are long.
    DatabasePasswords,
    /// JWT secrets are long.
    JwtSecrets,
    /// Admin API keys are hashed.
    HashedAdminKeys,
    /// CORS allows only production origins.
    CorsOrigins,
    /// Rate limiting is enabled.
    RateLimiting,
    /// External connections use TLS.
    Tls,
    /// Firewall rules are right.
    Firewall,
}

/// A check: everything about it except its function.
pub struct Check {
    /// kebab-case, names the fact; never changes once released.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown, with the sections `## What it does`, `## Why it matters`, `## What to do`, `## Facts`.
    pub doc: &'static str,
    /// The group.
    pub group: Group,
    /// The usual severity. The documentation says when a finding has another one.
    pub severity: Severity,
    /// What it examines.
    pub kinds: &'static [Kind],
    /// When `preflight` reports it.
    pub tier: Tier,
    /// How `--fix` fixes what it finds.
    pub fix: Option<Fix>,
    /// The lines of the deployment checklists that it answers, and its position among the checks of each line.
    pub checklist: &'static [(Item, u8)],
    /// Projects with a finding.
    pub bad: &'static [Example],
    /// Projects without a finding.
    pub good: &'static [Example],
}

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}
