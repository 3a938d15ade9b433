//! `undefined-variable`: `${X}` of a compose file that nothing defines.

use std::collections::BTreeSet;

use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Context};
use crate::docker::compose::{Node, Stack, Value, Variable};
use crate::env::names::Role;
use crate::env::{Key, Resolved};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::project::ProjectFile;
use crate::secret::class;

pub(crate) static CHECK: Check = Check {
    id: "undefined-variable",
    title: "a variable of a compose file that nothing defines",
    doc: r#"## What it does

Reports a `${X}` without a default that the project's `.env` does not define, and a `${X:?…}` without which Docker Compose does not start; the first place of each, in services and beside them. An error where the name is a secret's or Compose requires it, else a warning.

Where there is no `.env`, it reports the variables that a template beside the compose file has: nobody copied it, or it was copied to a file that Docker Compose does not read (`.env.local`). An error where Compose requires the variable, else a warning. Nothing is said of other variables then: they may come from the host's environment.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Docker Compose warns and puts nothing in its place: a password that is empty, an address without a host.

## What to do

Define it in `.env`, or say what is to be done without it: `${X:-default}`, `${X:?is missing}`.

## Facts

The key is the variable.

- `example`: the template that has it, where nobody copied that
"#,
    group: Group::Compose,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::ProductionSecrets, 3)],
    bad: &[
        Example {
            about: "forgotten",
            steps: &[
                Step::File(".env", 0o600, "PORT=80\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
"#,
                ),
            ],
        },
        Example {
            about: "a template that nobody copied",
            steps: &[
                Step::File(".env.example", 0o644, "DB_PASSWORD=\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD}
"#,
                ),
            ],
        },
    ],
    good: &[
        Example {
            about: "defined",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  db:
    image: postgres:15.5-alpine
    environment:
      POSTGRES_PASSWORD: ${DB_PASSWORD:?}
"#,
                ),
            ],
        },
        Example {
            about: "a default",
            steps: &[
                Step::File(".env", 0o600, "A=1\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    r#"
services:
  app:
    image: app:1.0
    ports: ["${PORT:-8080}:8080"]
"#,
                ),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack, _) = artifact else { return };
    let beside = |file: &&ProjectFile| file.role == Role::Template && file.path.parent() == stack.dir;
    let templates = match stack.variables.known {
        true => Vec::new(),
        false => context.project.files.iter().filter(beside).collect(),
    };
    if stack.variables.known || !templates.is_empty() {
        look(stack.root(), &Place { stack, templates: &templates }, &mut BTreeSet::new(), findings);
    }
}

/// Where variables are looked for.
struct Place<'a> {
    stack: &'a Stack,
    /// What could have been copied to `.env`, where there is none.
    templates: &'a [&'a ProjectFile],
}

fn look(node: &Node, place: &Place<'_>, seen: &mut BTreeSet<String>, findings: &mut Vec<Finding>) {
    match &node.value {
        Value::Scalar(scalar) => {
            for variable in scalar.variables.iter() {
                let is_open = matches!(variable.resolved, Resolved::Undefined | Resolved::Required);
                if is_open && !seen.contains(&variable.name) {
                    seen.insert(variable.name.clone());
                    findings.extend(undefined(variable, node, place));
                }
            }
        }
        Value::List(items) => items.iter().for_each(|item| look(item, place, seen, findings)),
        // An extension counts where it is used.
        Value::Map(entries) => {
            let used = entries.iter().filter(|entry| !entry.key.as_str().starts_with("x-"));
            used.for_each(|entry| look(&entry.node, place, seen, findings));
        }
        Value::Null => {}
    }
}

fn undefined(variable: &Variable, node: &Node, place: &Place<'_>) -> Option<Finding> {
    let is_required = variable.resolved == Resolved::Required;
    let has = |file: &&&ProjectFile| {
        file.assignments().any(|(_, one)| one.key.as_ref().is_some_and(|key| key.as_str() == variable.name))
    };
    let finding = match place.stack.variables.known {
        true => {
            let is_secret = class::of(&variable.name, b"").is_some();
            let what = match is_required {
                true => "{key}: Docker Compose does not start without it, and .env does not define it",
                false => "{key}: nothing defines it; Docker Compose puts nothing in its place",
            };
            let severity = if is_required || is_secret { Severity::Error } else { Severity::Warning };
            found(node, place, what, "define it in .env").severity(by_environment(place.stack.environment, severity))
        }
        false => {
            let template = place.templates.iter().find(has)?;
            let what = match is_required {
                true => "{key}: Docker Compose does not start without it, and {example} was not copied to .env",
                false => "{key}: empty, because {example} was not copied to .env",
            };
            let severity = if is_required { Severity::Error } else { Severity::Warning };
            found(node, place, what, "make .env from it: envward init")
                .severity(by_environment(place.stack.environment, severity))
                .fact("example", Fact::Path(template.path.clone()))
        }
    };
    Some(finding.key(Key::printable(variable.name.as_bytes()).as_ref()))
}

fn found(node: &Node, place: &Place<'_>, what: &'static str, help: &'static str) -> Finding {
    Finding::new(&CHECK, Origin::Worktree(place.stack.path(node.place)), what, help).line(node.place.line)
}
