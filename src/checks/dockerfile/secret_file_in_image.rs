//! `secret-file-in-image`: an env file or a private key that is copied into an image.

use super::stages::chain;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::dockerfile::ignore::DockerIgnore;
use crate::docker::dockerfile::{Copy, Raw, Stage};
use crate::env::names::{self, Role};
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;
use crate::project::{Build, ProjectFile, Sent};

pub(crate) static CHECK: Check = Check {
    id: "secret-file-in-image",
    title: "an env file or a private key that is copied into an image",
    doc: r#"## What it does

Reports a `COPY` or `ADD` of an env file, of a private key (`id_rsa`, `*.pem`, `*.key`, `*.p12`, `.netrc`, `.pgpass`), or of a directory with an env file that the ignore file does not exclude. envward matches as Docker does, with the build context of the compose file. Templates, certificates and env files without a secret pass. Severity: error if the file is in the final image, warning if it is only in a stage from which the image copies files, note for development and test.

The deployment checklist: "Never commit `.env` files", "All secrets in environment variables (not hardcoded)".

## Why it matters

The file stays in a layer of the image even after a later `RUN rm`, and everyone who can pull the image can read it.

## What to do

Exclude the file in `.dockerignore` (`**/.env*`, `!**/.env.example`), and give it to the container: `env_file:` or `secrets:` in the compose file.

## Facts

- `file`: the copied file, if it is a file of the project
- `ignore_file`: the ignore file that Docker uses
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 5)],
    bad: &[
        Example {
            about: "an env file by name",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
COPY package.json .env ./
"#,
            )],
        },
        Example {
            about: "a private key",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ADD keys/id_rsa /root/.ssh/
"#,
            )],
        },
        Example {
            about: "everything, while `.env` covers only the root of the context",
            steps: &[
                Step::File(
                    "Dockerfile",
                    0o644,
                    r#"
FROM node:18.19.0
COPY . .
"#,
                ),
                Step::File(".dockerignore", 0o644, ".env\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "excluded",
            steps: &[
                Step::File(
                    "Dockerfile",
                    0o644,
                    r#"
FROM node:18.19.0
COPY . .
"#,
                ),
                Step::File(".dockerignore", 0o644, "**/.env*\n"),
                Step::File("backend/.env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "another directory",
            steps: &[
                Step::File(
                    "Dockerfile",
                    0o644,
                    r#"
FROM node:18.19.0
COPY src ./src
COPY package*.json ./
"#,
                ),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            ],
        },
        Example {
            about: "a template and a certificate",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
COPY .env.example rds-ca.pem ./
"#,
            )],
        },
    ],
};

const HELP: &str = "give the file to the container instead: env_file: or secrets: in the compose file";

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let (stages, image) = build.stages();
    let Some(image) = image else { return };
    let in_image: Vec<_> = chain(&stages, image).iter().map(|stage| stage.line).collect();
    for stage in Build::used(&stages, image).into_iter().filter_map(|at| stages.get(at)) {
        let gravest = by_environment(build.environment, Severity::Error);
        let severity = if in_image.contains(&stage.line) { gravest } else { gravest.min(Severity::Warning) };
        of_stage(build, stage, severity, context.project.files.as_slice(), findings);
    }
}

fn of_stage(build: &Build, stage: &Stage<'_>, severity: Severity, files: &[ProjectFile], findings: &mut Vec<Finding>) {
    for copy in &stage.copies {
        let sent = build.sent(copy.what.from.as_deref().map(String::as_str));
        let empty = Sent::default();
        let Sent { ignore: (ignore_file, ignore), .. } = sent.unwrap_or(&empty);
        let new = |what, help| Finding::new(&CHECK, build.origin(), what, help).severity(severity).line(copy.line);
        let (takes, mut found) = (Takes::of(copy.what), false);
        for file in files.iter().filter(|file| file.is_private() && file.may_hold_secrets()) {
            let Some(below) = sent.and_then(|sent| sent.below(&file.path)) else { continue };
            if !ignore.excludes(&below) && takes.has(&below) {
                found = true;
                findings.push(
                    new(
                        "this instruction copies {file} into the image: {ignore_file} does not exclude it",
                        "printf '\\n%s\\n' {below:docker} >> {ignore_file:sh}",
                    )
                    .fact("file", Fact::Path(file.path.clone()))
                    .fact("ignore_file", Fact::Path(ignore_file.clone()))
                    .fact("below", Fact::Path(below)),
                );
            }
        }
        let named = copy.what.sources.iter().filter(|source| is_secret_name(source));
        let is_harmless = |source: &str| {
            let below = clean(source);
            let known = files.iter().find(|file| sent.and_then(|sent| sent.below(&file.path)).as_ref() == Some(&below));
            sent.is_some() && (ignore.excludes(&below) || known.is_some_and(|file| !file.may_hold_secrets()))
        };
        if !found && named.into_iter().any(|source| !is_harmless(source)) {
            findings.push(new("this instruction copies an env file or a private key into the image", HELP));
        }
    }
}

/// A source as a path of the context.
fn clean(source: &str) -> RelPath {
    let parts: Vec<&str> = source.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    RelPath::from(parts.join("/").as_str())
}

/// What a COPY takes: sources are paths, directories above what they take, and patterns of both.
struct Takes {
    everything: bool,
    sources: DockerIgnore,
    excludes: DockerIgnore,
}

impl Takes {
    fn of(copy: &Copy) -> Self {
        let list = |patterns: &[Raw]| {
            let lines: Vec<String> =
                patterns.iter().map(|one| clean(one).to_str().unwrap_or_default().to_owned()).collect();
            DockerIgnore::parse(lines.join("\n").as_bytes())
        };
        let everything = copy.sources.iter().any(|source| clean(source).is_root());
        Self { everything, sources: list(&copy.sources), excludes: list(&copy.excludes) }
    }

    fn has(&self, below: &RelPath) -> bool {
        (self.everything || self.sources.excludes(below)) && !self.excludes.excludes(below)
    }
}

/// Private keys by name. Certificates, chains and public keys are not secret.
fn is_secret_name(source: &str) -> bool {
    const KEYS: [&str; 8] =
        ["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", ".pgpass", ".git-credentials", ".htpasswd"];
    const ENDINGS: [&str; 6] = [".pem", ".key", ".p12", ".pfx", ".jks", ".keystore"];
    const PUBLIC: [&str; 10] = ["ca", "cert", "certs", "chain", "fullchain", "bundle", "pub", "public", "root", "crt"];
    let name = source.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    if matches!(names::role(name.as_bytes()), Some(Role::Env | Role::Copy | Role::Keys | Role::Archive)) {
        return !name.contains(['$', '*']);
    }
    // Parameters of a key exchange contain no key: RFC 7919, dhparam(1).
    let is_public = name.starts_with("dhparam")
        || name.starts_with("ffdhe")
        || name.split(['.', '-', '_']).any(|word| PUBLIC.contains(&word));
    KEYS.contains(&name.as_str()) || ENDINGS.iter().any(|end| name.ends_with(end)) && !is_public
}
