//! `undefined-variable`: a variable of a compose file that nothing defines.

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

Reports a `${X}` without a default value that the project's `.env` does not define, and a `${X:?…}` without which Docker Compose does not start: the first place of each, in services and outside them. Severity: error if the name says secret or Compose requires the variable, else warning.

If there is no `.env`, it reports the variables that a template beside the compose file contains: nobody copied the template, or copied it to a file that Docker Compose does not read (`.env.local`). Severity: error if Compose requires the variable, else warning. Other variables are not reported then, because they may come from the environment of the host.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Docker Compose only warns and uses an empty text: an empty password, an address without a host.

## What to do

Define the variable in `.env`, or write what happens without it: `${X:-default}`, `${X:?is missing}`.

## Facts

The key is the variable.

- `example`: the template that contains it, if nobody copied the template
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
            about: "a default value",
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

/// Where variables are searched.
struct Place<'a> {
    stack: &'a Stack,
    /// What could have been copied to `.env`, if there is no `.env`.
    templates: &'a [&'a ProjectFile],
}

fn look(node: &Node, place: &Place<'_>, seen: &mut BTreeSet<String>, findings: &mut Vec<Finding>) {
    match &node.value {
        Value::Scalar(scalar) => {
            for variable in scalar.variables.iter() {
                let is_open = variable.resolved.is_open();
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
                true => "Docker Compose does not start without {key}, which .env does not define",
                false => "{key} {is|are} not defined, so Docker Compose uses an empty text",
            };
            let severity = if is_required || is_secret { Severity::Error } else { Severity::Warning };
            found(node, place, what, "define {key} in .env").severity(by_environment(place.stack.environment, severity))
        }
        false => {
            let template = place.templates.iter().find(has)?;
            let what = match is_required {
                true => "Docker Compose does not start without {key}, and nobody copied {example} to .env",
                false => "{key} {is|are} empty, because nobody copied {example} to .env",
            };
            let severity = if is_required { Severity::Error } else { Severity::Warning };
            found(node, place, what, "create .env from the template: envward init")
                .severity(by_environment(place.stack.environment, severity))
                .fact("example", Fact::Path(template.path.clone()))
        }
    };
    Some(finding.key(Key::printable(variable.name.as_bytes()).as_ref()))
}

fn found(node: &Node, place: &Place<'_>, what: &'static str, help: &'static str) -> Finding {
    Finding::new(&CHECK, Origin::Worktree(place.stack.path(node.place)), what, help).line(node.place.line)
}
