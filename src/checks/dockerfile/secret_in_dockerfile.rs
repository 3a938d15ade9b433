//! `secret-in-dockerfile`: a secret in a Dockerfile.

use std::num::NonZeroU32;
use std::ops::Range;

use super::stages::chain;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::config::Config;
use crate::docker::dockerfile::{At, By, Command, Raw, Setting, Stage, UNKNOWN, What, commands};
use crate::env::Key;
use crate::finding::{Fact, Finding, Severity};
use crate::project::Build;
use crate::project::command::given;
use crate::secret::class::{self, Class};
use crate::secret::strength::{self, Strength};
use crate::secret::{Secret, placeholder};

pub(crate) static CHECK: Check = Check {
    id: "secret-in-dockerfile",
    title: "a secret in a Dockerfile",
    doc: r#"## What it does

Reports a literal secret in `ENV`, in the default value of an `ARG`, in `LABEL`, in a `RUN` line, in a here-document, and in the commands of `ENTRYPOINT`, `CMD` and `HEALTHCHECK` (`--password=x`, `redis-cli -a x`), also after `ONBUILD`, and in lines of a `.netrc` or `.npmrc`. A secret is recognised by key name and value, as in an env file; also a password in a URL and a token of a known provider. Also reports an `ARG` without a default value whose name says secret, because the value that the build gives stays in the history of the image. Not reported: empty values, references and paths, and weak values in a stage from which the image only copies files.

Severity: error for production, note for development and test; warning for a placeholder, and for an ARG that gets its value at build time.

The deployment checklist: "All secrets in environment variables (not hardcoded)".

## Why it matters

The Dockerfile is in git, and the secret is in the image: `docker history` and `docker inspect` show it to everyone who can pull the image. A later `RUN unset` does not change that.

## What to do

For the build: `RUN --mount=type=secret,id=npm_token …`. For the container: `env_file:` or `secrets:` in the compose file. Replace a secret that was committed.

## Facts

- `class`: the class of the secret
- `by`: the instruction that contains it: `ENV`, `ARG`, `LABEL`, `RUN`, `COPY`, `ENTRYPOINT`, `CMD`, `HEALTHCHECK`
"#,
    group: Group::Dockerfile,
    severity: Severity::Error,
    kinds: &[Kind::Dockerfile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 4)],
    bad: &[
        Example {
            about: "an ENV",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENV NODE_ENV=production \
    DB_PASSWORD={password}
"#,
            )],
        },
        Example {
            about: "the default value of an ARG",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
ARG API_KEY={token}
FROM node:18.19.0
"#,
            )],
        },
        Example {
            about: "a password in a URL",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN git clone https://ci:{token}@git.example.com/a.git
"#,
            )],
        },
        Example {
            about: "a token that the build gets",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ARG NPM_TOKEN
RUN npm ci
"#,
            )],
        },
    ],
    good: &[
        Example {
            about: "a mounted secret",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
RUN --mount=type=secret,id=npm_token NPM_TOKEN=$(cat /run/secrets/npm_token) npm ci
"#,
            )],
        },
        Example {
            about: "file names, references and empty values",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM node:18.19.0
ENV DB_PASSWORD_FILE=/run/secrets/db JWT_SECRET= PYTHON_VERSION=3.12.1
"#,
            )],
        },
        Example {
            about: "a public signing key",
            steps: &[Step::File(
                "Dockerfile",
                0o644,
                r#"
FROM debian:12.4
ENV GPG_KEY=E3FF2839C048B25C084DEBE9B26995E310250568
"#,
            )],
        },
    ],
};

/// The instruction that contains a secret.
struct Held {
    line: NonZeroU32,
    key: Option<Key>,
    class: Class,
    by: &'static str,
    how: How,
    /// Whether it is weak: a build stage often gets a weak value only because some value is needed.
    is_dummy: bool,
}

enum How {
    Literal,
    Placeholder,
    Given,
}

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Dockerfile(build) = artifact else { return };
    let (stages, _) = build.stages();
    let globals: Vec<At<Setting>> = build.file.global_arguments().collect();
    // The text of an ONBUILD is in the image too, and in images that build on it.
    let triggers = stages.iter().filter_map(|stage| stage.triggers.as_deref());
    let all: Vec<&Stage<'_>> = stages.iter().chain(triggers).collect();
    let settings = globals.iter().chain(all.iter().flat_map(|stage| &stage.settings));
    let mut held: Vec<Held> = settings.filter_map(|at| of_setting(at, context.config)).collect();
    held.extend(declared(build, context.config));
    held.extend(all.iter().flat_map(|stage| of_commands(stage, context.config)));
    let thrown_away = thrown_away(build, &stages);
    held.retain(|one| !one.is_dummy || !thrown_away.iter().any(|lines| lines.contains(&one.line)));
    for one in held {
        let gravest = by_environment(build.environment, Severity::Error);
        let (severity, what, help) = match one.how {
            How::Literal => (
                gravest,
                match one.key {
                    Some(_) => "{by} contains {the secret|the secrets} {key}",
                    None => "{by} contains a secret",
                },
                "remove the secret from the Dockerfile, and replace it, because git and the images contain it",
            ),
            How::Placeholder => (
                gravest.min(Severity::Warning),
                match one.key {
                    Some(_) => "{by} sets {key} to {a placeholder|placeholders}, and containers run with {it|them}",
                    None => "{by} contains a placeholder, and containers run with this placeholder",
                },
                "remove the placeholder, and set the value with env_file: or secrets: in the compose file",
            ),
            How::Given => (
                gravest.min(Severity::Warning),
                "the build argument {key} {stays|stay} in the history of the image",
                "use RUN --mount=type=secret,id=… instead",
            ),
        };
        findings.push(
            Finding::new(&CHECK, build.origin(), what, help)
                .severity(severity)
                .line(one.line)
                .key(one.key.as_ref())
                .fact("class", Fact::Word(one.class.word()))
                .fact("by", Fact::Word(one.by)),
        );
    }
}

/// The lines of the stages that no image has anything of but what is copied out of them.
fn thrown_away(build: &Build, stages: &[Stage<'_>]) -> Vec<Range<NonZeroU32>> {
    let kept = build.stages().1.map(|image| chain(stages, image)).unwrap_or_default();
    let ends = stages.iter().skip(1).map(|stage| stage.line).chain([NonZeroU32::MAX]);
    let parts = stages.iter().zip(ends).map(|(stage, end)| stage.line..end);
    parts.filter(|part| !kept.iter().any(|stage| stage.line == part.start)).collect()
}

#[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
fn of_setting(at: &At<Setting>, config: &Config) -> Option<Held> {
    let Setting { name, value, by } = &at.what;
    let value = value.expose();
    let is_known = std::str::from_utf8(value).is_ok_and(|text| !text.contains(UNKNOWN));
    let (class, how) = judged(name, value, config).filter(|_| is_known)?;
    let by = match by {
        By::Env => "ENV",
        By::Arg => "ARG",
        By::Label => "LABEL",
    };
    let is_dummy = is_weak(value);
    Some(Held { line: at.line, key: Key::printable(name.as_bytes()), class, by, how, is_dummy })
}

/// What a name and its value are; `None` where they are no filled secret.
fn judged(name: &str, value: &[u8], config: &Config) -> Option<(Class, How)> {
    let class = config.class_of(name, value).filter(|class| *class != Class::Hash)?;
    if value.is_empty() || class::is_fingerprint(name, value) {
        return None;
    }
    let password = class::url_password(value).map(Secret::new);
    #[expect(clippy::disallowed_methods, reason = "the judges take bytes")]
    let part = password.as_ref().map_or(value, Secret::expose);
    let how = if placeholder::of_key(name, part).is_some() { How::Placeholder } else { How::Literal };
    Some((class, how))
}

/// Whether a value, or the password in it, opens nothing that is worth it.
#[expect(clippy::disallowed_methods, reason = "the judge takes bytes")]
fn is_weak(value: &[u8]) -> bool {
    let password = class::url_password(value).map(Secret::new);
    strength::of(password.as_ref().map_or(value, Secret::expose)) == Strength::Weak
}

/// ARG without a default, by name alone.
fn declared(build: &Build, config: &Config) -> Vec<Held> {
    let arguments = build.file.instructions.iter().filter_map(|one| match &one.what {
        What::Arg(pairs) => Some((one.line, pairs)),
        What::Onbuild(inner) => match &inner.what {
            What::Arg(pairs) => Some((one.line, pairs)),
            _ => None,
        },
        _ => None,
    });
    let without = arguments.flat_map(|(line, pairs)| pairs.iter().map(move |pair| (line, pair)));
    let mut held: Vec<Held> = Vec::new();
    for (line, pair) in without.filter(|(_, pair)| pair.value.as_ref().is_none_or(|value| value.is_empty())) {
        // Without a value, only a sure name is a secret.
        let class = config.class_of(&pair.name, b"").filter(|class| !matches!(class, Class::Hash | Class::Other));
        let key = Key::printable(pair.name.as_bytes());
        let is_known = held.iter().any(|one| one.key == key);
        if let Some(class) = class.filter(|_| !is_known && is_sure(&pair.name)) {
            held.push(Held { line, key, class, by: "ARG", how: How::Given, is_dummy: false });
        }
    }
    held
}

/// Whether a name alone makes a secret of a value: one of a doubtful name says nothing.
fn is_sure(name: &str) -> bool {
    // A value without any shape: only a sure name makes a secret of it.
    class::of(name, b"value of no shape").is_some()
}

fn of_commands(stage: &Stage<'_>, config: &Config) -> Vec<Held> {
    let health = stage.healthcheck.as_ref().and_then(|at| Some((at.line, at.what?, "HEALTHCHECK")));
    let entrypoint = stage.entrypoint.as_ref().map(|at| (at.line, at.what, "ENTRYPOINT"));
    let cmd = stage.cmd.as_ref().map(|at| (at.line, at.what, "CMD"));
    let own = [health, entrypoint, cmd].into_iter().flatten().filter(|(line, ..)| *line > stage.line);
    let started = own.filter_map(|(line, command, by)| of_command(line, (command, &[]), by, config));
    let mut held: Vec<Held> = started.collect();
    for at in &stage.runs {
        let run = (&at.what.command, at.what.documents.as_slice());
        held.extend(of_run(at.line, run, "RUN", config).or_else(|| of_command(at.line, run, "RUN", config)));
    }
    for at in &stage.copies {
        let nothing = Command::Exec(Vec::new());
        let texts = (&nothing, at.what.documents.as_slice());
        held.extend(of_run(at.line, texts, "COPY", config).or_else(|| of_command(at.line, texts, "COPY", config)));
    }
    held
}

/// A command, and the texts of its here-documents.
type Text<'a> = (&'a Command, &'a [Raw]);

/// The first secret after an option of a command: the image contains the command as it is written.
fn of_command(line: NonZeroU32, (command, documents): Text<'_>, by: &'static str, config: &Config) -> Option<Held> {
    let commands = commands(command, documents);
    let all = commands.iter().flat_map(|words| given(words)).filter(|one| !one.value.contains(['$', '`']));
    let found = all.filter_map(|one| {
        let name = one.name.replace('-', "_");
        let (class, how) = judged(&name, one.value.as_bytes(), config)?;
        if is_public(&name, one.value, (command, documents), config) {
            return None;
        }
        // What only builds, and a file that only it writes, is often given a dummy.
        let is_started = !matches!(by, "RUN" | "COPY");
        let is_one = is_started && one.is_sure || strength::of(one.value.as_bytes()) > Strength::Weak;
        is_one.then_some(Held { line, key: None, class, by, how, is_dummy: false })
    });
    found.min_by_key(|held| !matches!(held.how, How::Literal))
}

/// What compares a download with its digest, or asks a server for the key of a signature.
const DIGEST_TOOLS: [&str; 8] =
    ["sha256sum", "sha512sum", "sha1sum", "md5sum", "shasum", "gpg ", "openssl dgst", "Get-FileHash"];

/// A digest in hexadecimal digits, or the id of a signature's key.
fn is_digest(value: &str) -> bool {
    matches!(value.len(), 16 | 32 | 40 | 56 | 64 | 96 | 128) && value.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Whether a value is such a digest, in a command with such a program; a name may still say that it is a secret.
fn is_public(name: &str, value: &str, text: Text<'_>, config: &Config) -> bool {
    is_digest(value)
        && texts(text).any(|text| DIGEST_TOOLS.iter().any(|tool| text.contains(tool)))
        && config.class_of(name, b"changed").is_none()
}

/// What a shell reads.
fn texts<'a>((command, documents): Text<'a>) -> impl Iterator<Item = &'a str> {
    let shell = match command {
        Command::Shell(text) => Some(text.as_str()),
        Command::Exec(_) => None,
    };
    documents.iter().map(|text| text.as_str()).chain(shell)
}

/// The first secret of a RUN. A weak value does not count here: a build often uses a dummy.
fn of_run(line: NonZeroU32, (command, documents): Text<'_>, by: &'static str, config: &Config) -> Option<Held> {
    // Assignments are before a command, and `commands` leaves them out.
    let words = texts((command, documents))
        .flat_map(str::split_whitespace)
        .map(|word| word.trim_matches(['"', '\'', ';', '(', ')', '\\']));
    let all = words.chain(commands(command, documents).into_iter().flatten());
    for word in all.filter(|word| !word.contains(['$', '`'])) {
        let (name, value) = match word.split_once('=') {
            Some((name, value)) if !name.contains(['/', ':']) => (name.trim_start_matches('-'), value),
            _ => ("", word),
        };
        let value = value.trim_matches(['"', '\'']);
        let Some((class, How::Literal)) = judged(name, value.as_bytes(), config) else { continue };
        if !is_weak(value.as_bytes()) && !is_public(name, value, (command, documents), config) {
            return Some(Held {
                line,
                key: Key::printable(name.as_bytes()),
                class,
                by,
                how: How::Literal,
                is_dummy: false,
            });
        }
    }
    None
}
