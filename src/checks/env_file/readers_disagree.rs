//! `readers-disagree`: a line that readers understand differently.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_workplace;
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::env::{RefusalKind, Way};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "readers-disagree",
    title: "a line that readers understand differently",
    doc: r#"## What it does

Reports an assignment for which dotenvy (which stands for the strict readers) gets another value than Docker Compose, and a file that one of the two refuses. Severity: warning; error if Compose itself refuses the file, except for development and test. Also reports an assignment that Compose does not see: after a carriage return without a line feed, which ends a line for most readers, or after another assignment on the same line, as shells allow.

## Why it matters

The same file configures the containers through Compose and the application through its own reader. A value that one of them does not see means an outage or a default password.

## What to do

Use plain `KEY=value` lines. Values of letters, digits and `_-.,:/@%+=` need no quotes, and all readers agree on them. Put other values in single quotes.

## Facts

- `reader`: which reader differs
- `refusal`: why Docker Compose refuses the file: `open-quote`, `not-an-assignment`, `bad-key`, `bad-expansion`
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "an escape that only one of the two knows",
            steps: &[Step::File(".env", 0o600, "PATTERN=a\\nb\n")],
        },
        Example { about: "an expansion that never ends", steps: &[Step::File(".env", 0o600, "PATTERN=${\n")] },
        Example { about: "a line that is not an assignment", steps: &[Step::File(".env", 0o600, "hello world\n")] },
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
        findings.push(finding.severity(Severity::Warning).fact("reader", Fact::Word("other readers")));
    }
    if let Some(refusal) = document.refusal() {
        findings.push(
            Finding::new(
                &CHECK,
                file.origin(),
                why(refusal.kind),
                "correct line {refused}: until then docker compose reads nothing of this file",
            )
            .severity(by_workplace(file.environment, Severity::Error))
            .line(refusal.line)
            .fact("reader", Fact::Word("docker compose"))
            .fact("refusal", Fact::Word(word(refusal.kind)))
            .fact("refused", Fact::Line(refusal.line)),
        );
        return;
    }
}

/// What hides an assignment from Docker Compose and not from others; `None` for a comment, which all skip.
fn hides(way: Way) -> Option<(&'static str, &'static str)> {
    match way {
        Way::Comment => None,
        Way::Return => Some((
            "most readers see {key}, but docker compose does not, because of a carriage return without a line feed",
            "write each assignment on its own line, and end the line with a line feed",
        )),
        Way::SameLine => Some((
            "a shell sees {key}, but docker compose does not, because another assignment is on the same line",
            "write each assignment on its own line",
        )),
    }
}

fn why(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::OpenQuote => "docker compose refuses this file: a quote is not closed",
        RefusalKind::NotAnAssignment => "docker compose refuses this file: a line is not an assignment",
        RefusalKind::BadKey => "docker compose refuses this file: a key contains a character that is not allowed",
        RefusalKind::BadExpansion => "docker compose refuses this file: a variable reference is not valid",
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
