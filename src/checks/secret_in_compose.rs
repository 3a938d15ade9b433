//! `secret-in-compose`: a secret that is written into a compose file.

use std::collections::BTreeSet;

use super::{Artifact, Check, Context, Example, Kind, Step, about};
use crate::class::{self, Class};
use crate::compose::{Entry, Node, Place, Service, Stack};
use crate::config::Config;
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::placeholder;
pub(crate) static CHECK: Check = Check {
    id: "secret-in-compose",
    title: "a secret that is written into a compose file",
    doc: r#"## What it does

Reports a secret that stands in a compose file as a literal: in `environment` (both forms), `command`, `entrypoint`, `healthcheck.test`, `labels`, `build.args`, `configs.content`; as the password of a URL anywhere there; and as the default of a variable, `${DB_PASSWORD:-literal}`. Placeholders and weak values count: they are what runs. A note in a file for development or tests.

No secret is `${DB_PASSWORD}`, `${DB_PASSWORD:?…}`, an empty value, what comes through `env_file:`, and a path behind `…_FILE`.

## Why it matters

The deployment checklist: "All secrets in environment variables (not hardcoded)". Compose files are committed, copied into tickets and shown by `docker compose config`; a build argument stays in the image's history; a command line is seen by every process.

## What to do

Put the value into `.env` and refer to it as `${NAME:?}`, or into a file of mode 0600 that `secrets:` names. Replace it first if it is in use: it stays in git's history.

## Facts

- `service`: the service, where it is one's
- `in`: where it stands: `environment`, `command`, …
- `class`: what kind of secret it is
- `form`: `literal`, or `default` for one that stands in for a variable

The key is the variable or the label.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    bad: &[
        Example {
            about: "a password in a map",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      POSTGRES_PASSWORD: {password}\n",
            )],
        },
        Example {
            about: "in a list, and weak",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      - POSTGRES_PASSWORD=postgres\n",
            )],
        },
        Example {
            about: "as a default",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:-changeme}\n",
            )],
        },
        Example {
            about: "in a URL of a command",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  app:\n    image: app:1.0\n    command: migrate --database postgres://app:{password}@db/app\n",
            )],
        },
        Example {
            about: "as a build argument",
            steps: &[
                Step::File(
                    "compose.yaml",
                    0o644,
                    "services:\n  app:\n    build:\n      context: .\n      args:\n        NPM_TOKEN: {token}\n",
                ),
                Step::File("Dockerfile", 0o644, "FROM scratch\n"),
            ],
        },
    ],
    good: &[
        Example {
            about: "a variable that must be there",
            steps: &[Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n      POSTGRES_USER: ${DB_USER:-app}\n",
            )],
        },
        Example {
            about: "a file behind `secrets:`",
            steps: &[
                Step::File("db_password.txt", 0o600, "{password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    "services:\n  db:\n    image: postgres:15.5-alpine\n    secrets: [db_password]\n    environment:\n      POSTGRES_PASSWORD_FILE: /run/secrets/db_password\nsecrets:\n  db_password:\n    file: ./db_password.txt\n",
                ),
            ],
        },
        Example {
            about: "an env file",
            steps: &[
                Step::File(".env", 0o600, "POSTGRES_PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    "services:\n  db:\n    image: postgres:15.5-alpine\n    env_file: .env\n",
                ),
            ],
        },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack) = artifact else { return };
    let judge = Judge { config: context.config };
    for service in stack.services() {
        for (path, place) in
            [(&["environment"][..], "environment"), (&["labels"], "labels"), (&["build", "args"], "build.args")]
        {
            for entry in service.at(path).map(Node::entries).unwrap_or_default() {
                if let Some(found) = judge.pair(entry) {
                    findings.push(found.of_service(
                        &service,
                        entry.place,
                        place,
                        Key::printable(entry.key.as_str().as_bytes()).as_ref(),
                    ));
                }
            }
        }
        for (path, place) in [
            (&["command"][..], "command"),
            (&["entrypoint"], "entrypoint"),
            (&["healthcheck", "test"], "healthcheck.test"),
        ] {
            let Some(node) = service.at(path) else { continue };
            for (node, found) in judge.words(node) {
                findings.push(found.of_service(&service, node.place, place, None));
            }
        }
    }
    configs(stack, &judge, findings);
    // What an anchor gives to many services stands in one place.
    let mut seen = BTreeSet::new();
    findings.retain(|one| {
        one.check.id != CHECK.id || seen.insert((one.origin.clone(), one.line, one.key.clone(), one.severity))
    });
}

/// What stands in `configs.content`: a file's text, one `key=value` or URL after the other.
fn configs(stack: &Stack, judge: &Judge<'_>, findings: &mut Vec<Finding>) {
    for entry in stack.root().get("configs").map(Node::entries).unwrap_or_default() {
        let Some(content) = entry.node.get("content") else { continue };
        let Some(scalar) = content.scalar() else { continue };
        let found = scalar.written().lines().find_map(|line| judge.line(line));
        if let Some(found) = found {
            let origin = Origin::Worktree(stack.path(content.place));
            findings.push(found.finding(origin, content.place, "configs.content", stack));
        }
    }
}

struct Judge<'a> {
    config: &'a Config,
}

/// A secret that was found.
struct Found {
    class: Class,
    is_default: bool,
}

impl Judge<'_> {
    /// Of `KEY: value`.
    fn pair(&self, entry: &Entry) -> Option<Found> {
        let scalar = entry.node.scalar()?;
        self.value(entry.key.as_str(), scalar.written())
    }

    fn value(&self, key: &str, written: &str) -> Option<Found> {
        // What is made of variables alone holds no literal; of `${X:-word}` the word is one.
        let literal = class::literal(written.trim().as_bytes())?;
        let literal = std::str::from_utf8(literal).ok()?;
        if literal.is_empty() || is_made_of_variables(literal) {
            return None;
        }
        let class = self.config.class_of(key, literal.as_bytes())?;
        if class == Class::Hash || is_nothing(key, literal) {
            return None;
        }
        if let Some(password) = class::url_password(literal.as_bytes()) {
            let password = zeroize::Zeroizing::new(password);
            if password.is_empty() || std::str::from_utf8(&password).is_ok_and(is_made_of_variables) {
                return None;
            }
        } else if literal.contains("${") {
            return None;
        }
        let is_default = literal.len() < written.trim().len();
        Some(Found { class, is_default })
    }

    /// Of the words of a command: URLs, `--password=…`, `--requirepass …`, `NAME=value`.
    fn words<'n>(&self, node: &'n Node) -> Vec<(&'n Node, Found)> {
        let items: Vec<&Node> = match node.scalar() {
            Some(_) => vec![node],
            None => node.items().iter().map(AsRef::as_ref).collect(),
        };
        let mut found = Vec::new();
        let mut before = zeroize::Zeroizing::new(String::new());
        for item in items {
            let Some(scalar) = item.scalar() else { continue };
            let mut hit = None;
            for word in scalar.written().split([' ', '\t', '\n', '"', '\'']).filter(|word| !word.is_empty()) {
                hit = hit.or_else(|| self.word(&before, word));
                word.clone_into(&mut *before);
            }
            found.extend(hit.map(|hit| (item, hit)));
        }
        found
    }

    fn word(&self, before: &str, word: &str) -> Option<Found> {
        if let Some(found) = self.line(word) {
            return Some(found);
        }
        let flag = before.strip_prefix('-').map(|flag| flag.trim_start_matches('-'))?;
        let is_flag = is_secret_flag(flag) && !word.starts_with(['-', '$', '/', '.', '<', '%']);
        is_flag.then(|| self.value("PASSWORD", word)).flatten()
    }

    /// `--name=value`, `name=value`, `name: value`, or a URL with a password.
    fn line(&self, line: &str) -> Option<Found> {
        let line = line.trim();
        if class::url_password(line.as_bytes()).is_some() {
            return self.value("URL", line);
        }
        let (name, value) = line.split_once('=').or_else(|| line.split_once(": "))?;
        let name = name.trim().trim_start_matches('-');
        if value.trim_start().starts_with(['$', '<']) && !value.contains(":-") {
            return None;
        }
        let name = if is_secret_flag(name) { "PASSWORD".to_owned() } else { name.replace('-', "_") };
        self.value(&name, value.trim_matches([' ', '"', '\'', ',', ';']))
    }
}

/// Flags of well-known programs that take a password.
fn is_secret_flag(flag: &str) -> bool {
    matches!(flag, "requirepass" | "masterauth" | "password" | "pass" | "root-password")
}

/// `${A}`, `$A`, and text that only joins them.
fn is_made_of_variables(text: &str) -> bool {
    text.starts_with('$') && !text.contains(":-") && !text.starts_with("$$")
}

/// What says that there is none: `null`, `false`; and the paths of files that hold one.
fn is_nothing(key: &str, literal: &str) -> bool {
    let nothing = placeholder::of_key(key, literal.as_bytes()) == Some(placeholder::Placeholder::Nothing);
    nothing || literal.starts_with("/run/secrets/")
}

impl Found {
    fn of_service(self, service: &Service<'_>, place: Place, path: &'static str, key: Option<&Key>) -> Finding {
        let what = match (key.is_some(), self.is_default) {
            (true, false) => "{key}: a secret is written into the file, in {in} of {service}",
            (true, true) => "{key}: a secret is the default of a variable, in {in} of {service}",
            (false, _) => "a secret is written into {in} of {service}",
        };
        let base = about(&CHECK, service, place, what, HELP);
        let base = base.key(key).fact("service", Fact::Name(service.shown()));
        self.facts(base, path)
    }

    fn finding(self, origin: Origin, place: Place, path: &'static str, stack: &Stack) -> Finding {
        let severity = super::by_environment(stack.environment, CHECK.severity);
        let finding = Finding::new(&CHECK, origin, "a secret is written into {in}", HELP).severity(severity);
        self.facts(finding.line(place.line), path)
    }

    fn facts(self, finding: Finding, path: &'static str) -> Finding {
        let form = if self.is_default { "default" } else { "literal" };
        finding.fact("in", Fact::Word(path)).fact("class", Fact::Word(self.class.word())).fact("form", Fact::Word(form))
    }
}

const HELP: &str = "replace it; put the new value into .env and refer to it there, or into a file that secrets: names";
