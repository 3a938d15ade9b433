//! `readers-disagree`: a line that readers read differently.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_workplace;
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::env::readers::{self, Difference};
use crate::env::{RefusalKind, Way};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "readers-disagree",
    title: "a line that readers read differently",
    doc: r#"## What it does

Reports an assignment of which dotenvy (the strict readers' stand-in) sees another value than Docker Compose, and a file that one of them refuses. An error where Compose itself refuses it, but in development and tests. Also an assignment that Compose does not see at all: behind a carriage return that stands alone, which ends a line for most readers, or behind another assignment on its line, as a shell takes them.

## Why it matters

The same file configures the containers through Compose and the application through its own reader: what one of them does not see is an outage, or a default password.

## What to do

Use plain `KEY=value` lines; values of letters, digits and `_-.,:/@%+=` need no quotes and are read alike by all. Put the rest in single quotes.

## Facts

- `reader`: which reader differs
- `refusal`: why Docker Compose refuses the file: `open-quote`, `not-an-assignment`, `bad-key`, `bad-expansion`
"#,
    group: Group::EnvFile,
    severity: Severity::Warning,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "an escape that only one of them knows",
            steps: &[Step::File(".env", 0o600, "PATTERN=a\\nb\n")],
        },
        Example { about: "an expansion that never ends", steps: &[Step::File(".env", 0o600, "PATTERN=${\n")] },
        Example { about: "a line that is no assignment", steps: &[Step::File(".env", 0o600, "hello world\n")] },
    ],
    good: &[Example { about: "plain", steps: &[Step::File(".env", 0o600, "PATTERN=a-b\n")] }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(document) =
        file.document.as_ref().filter(|_| file.role == Role::Env && !file.is_ciphertext() && !file.is_script())
    else {
        return;
    };
    for hidden in document.hidden() {
        let Some((what, help)) = hides(hidden.way) else { continue };
        let finding = Finding::new(&CHECK, file.origin(), what, help).line(hidden.line).key(hidden.key.as_ref());
        findings.push(finding.fact("reader", Fact::Word("other readers")));
    }
    if let Some(refusal) = document.refusal() {
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                why(refusal.kind),
                "mend line {refused}; docker compose reads none of the file",
            )
            .severity(by_workplace(file.environment, Severity::Error))
            .line(refusal.line)
            .fact("reader", Fact::Word("docker compose"))
            .fact("refusal", Fact::Word(word(refusal.kind)))
            .fact("refused", Fact::Line(refusal.line)),
        );
        return;
    }
    for difference in readers::dotenvy_differences(document) {
        let finding = match difference {
            Difference::Refuses(line) => Finding::new(
                &CHECK,
                file.origin(),
                "docker compose reads it, dotenvy refuses it",
                "write plain KEY=value lines, with single quotes where a value needs any",
            )
            .line(line),
            Difference::OtherValue(index) => {
                let Some(assignment) = document.assignments().get(index) else { continue };
                Finding::new(
                    &CHECK,
                    file.origin(),
                    "{key}: dotenvy sees another value than docker compose",
                    "put the value in single quotes, or keep to letters, digits and _-.,:/@%+=",
                )
                .line(assignment.line)
                .key(assignment.key.as_ref())
            }
        };
        findings.push(finding.fact("reader", Fact::Word("dotenvy")));
    }
}

/// What hides an assignment from Docker Compose and not from others; `None` for a comment, which all skip.
fn hides(way: Way) -> Option<(&'static str, &'static str)> {
    match way {
        Way::Comment => None,
        Way::Return => Some((
            "{key}: most readers see it, docker compose does not: a carriage return without a line feed stands before it",
            "write each assignment on a line of its own, ended by a line feed",
        )),
        Way::SameLine => Some((
            "{key}: a shell sees it, docker compose does not: it stands behind another assignment",
            "write each assignment on a line of its own",
        )),
    }
}

fn why(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::OpenQuote => "docker compose refuses it: a quote is never closed",
        RefusalKind::NotAnAssignment => "docker compose refuses it: a line is no assignment",
        RefusalKind::BadKey => "docker compose refuses it: a key has a character it may not have",
        RefusalKind::BadExpansion => "docker compose refuses it: a variable reference cannot be read",
    }
}

fn word(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::OpenQuote => "open-quote",
        RefusalKind::NotAnAssignment => "not-an-assignment",
        RefusalKind::BadKey => "bad-key",
        RefusalKind::BadExpansion => "bad-expansion",
    }
}
