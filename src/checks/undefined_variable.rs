//! `undefined-variable`: `${X}` of a compose file that nothing defines.

use std::collections::BTreeSet;

use super::{Artifact, Check, Context, Example, Kind, Step, by_environment};
use crate::compose::{Node, Resolved, Stack, Value};
use crate::env::Key;
use crate::finding::{Finding, Origin, Severity};
pub(crate) static CHECK: Check = Check {
    id: "undefined-variable",
    title: "a variable of a compose file that nothing defines",
    doc: r#"## What it does

Reports a `${X}` without a default that the project's `.env` does not define, and a `${X:?…}` without which Docker Compose does not start; the first place of each. Where there is no `.env` nothing is said: the variables may come from the host's environment. An error where the name is a secret's or Compose requires it, else a warning.

## Why it matters

The deployment checklist: "All `.env.example` files copied to `.env` with production secrets". Docker Compose warns and puts nothing in its place: a password that is empty, an address without a host.

## What to do

Define it in `.env`, or say what is to be done without it: `${X:-default}`, `${X:?is missing}`.

## Facts

The key is the variable.
"#,
    severity: Severity::Error,
    kinds: &[Kind::Compose],
    bad: &[Example {
        about: "forgotten",
        steps: &[
            Step::File(".env", 0o600, "PORT=80\n"),
            Step::File(
                "compose.yaml",
                0o644,
                "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD}\n",
            ),
        ],
    }],
    good: &[
        Example {
            about: "defined",
            steps: &[
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    "compose.yaml",
                    0o644,
                    "services:\n  db:\n    image: postgres:15.5-alpine\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n",
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
                    "services:\n  app:\n    image: app:1.0\n    ports: [\"${PORT:-8080}:8080\"]\n",
                ),
            ],
        },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Compose(stack) = artifact else { return };
    if stack.variables.known {
        let services = stack.root().get("services");
        services.into_iter().for_each(|node| look(node, stack, &mut BTreeSet::new(), findings));
    }
}

fn look(node: &Node, stack: &Stack, seen: &mut BTreeSet<String>, findings: &mut Vec<Finding>) {
    match &node.value {
        Value::Scalar(scalar) => {
            for variable in scalar.variables.iter() {
                let severity = match variable.resolved {
                    Resolved::Required => Severity::Error,
                    Resolved::Undefined if crate::class::of(&variable.name, b"").is_some() => Severity::Error,
                    Resolved::Undefined => Severity::Warning,
                    Resolved::Defined | Resolved::Default => continue,
                };
                if !seen.insert(variable.name.clone()) {
                    continue;
                }
                let what = match variable.resolved {
                    Resolved::Required => {
                        "{key}: Docker Compose does not start without it, and .env does not define it"
                    }
                    _ => "{key}: nothing defines it; Docker Compose puts nothing in its place",
                };
                findings.push(
                    Finding::new(&CHECK, Origin::Worktree(stack.path(node.place)), what, "define it in .env")
                        .severity(by_environment(stack.environment, severity))
                        .line(node.place.line)
                        .key(Key::printable(variable.name.as_bytes()).as_ref()),
                );
            }
        }
        Value::List(items) => items.iter().for_each(|item| look(item, stack, seen, findings)),
        Value::Map(entries) => entries.iter().for_each(|entry| look(&entry.node, stack, seen, findings)),
        Value::Null => {}
    }
}
