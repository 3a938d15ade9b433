//! `readers-disagree`: a line that readers understand differently.

mod differences;

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::severity_by_environment::by_workplace;
use crate::checks::{Artifact, Context};
use crate::env::names::Role;
use crate::env::{Encoding, RefusalKind, Way};
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "readers-disagree",
    title: "a line that readers understand differently",
    doc: r#"## What it does

Compares what the readers of an env file see: Docker Compose, bash, dash, `docker run --env-file`, systemd, node, dotenv for npm, Python, Ruby, PHP, Go and Rust, direnv, honcho, GNU Make. The readers of a project come from `readers` in envward.toml. Without it, envward finds them: compose files, package lists, systemd units, `.envrc`, Makefiles and scripts that read the file.

Reports a key that has another value, or no value, for one of these readers (warning), a value that one of them runs as a command, and a file that one of them refuses (error; warning for development and test). A secret that a common reader would read differently, if the project used it, is a note. Also reports an assignment that Compose does not see: after a carriage return without a line feed, which ends a line for most readers, or after another assignment on the same line, as shells allow.

`envward check --readers` shows all keys and all readers.

## Why it matters

The same file configures the containers through Compose and the application through its own reader. A value that one of them does not see means an outage or a default password.

## What to do

`envward check --fix --rewrite-values` writes the value so that all readers of the project agree, if such a spelling exists. Otherwise use a value of letters, digits and `_-.,:/@%+=`, on which all readers agree: `envward rotation rotate` makes one.

## Facts

- `readers`: the readers that differ
- `first`: the reader that they are compared with: Docker Compose if the project uses it
- `sign`: what they read differently
- `seen`: the files that show the readers
- `reader`: the reader that does not see an assignment, or that refuses the file
- `refusal`: why Docker Compose refuses the file: `encoding`, `open-quote`, `not-an-assignment`, `bad-key`, `bad-expansion`
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[
        Example {
            about: "a `#` that only one of the two readers takes for a comment",
            steps: &[
                Step::File("package.json", 0o644, "{\"dependencies\": {\"dotenv\": \"^17.0.0\"}}\n"),
                Step::File("compose.yaml", 0o644, "services: {}\n"),
                Step::File(".env", 0o600, "PATTERN=a#b\n"),
            ],
        },
        Example {
            about: "a blank that ends a value for a shell",
            steps: &[
                Step::File("deploy.sh", 0o755, "#!/bin/bash\nset -a\n. ./.env\n"),
                Step::File("compose.yaml", 0o644, "services: {}\n"),
                Step::File(".env", 0o600, "TITLE=Our Shop\n"),
            ],
        },
        Example { about: "an expansion that never ends", steps: &[Step::File(".env", 0o600, "PATTERN=${\n")] },
        Example { about: "a line that is not an assignment", steps: &[Step::File(".env", 0o600, "hello world\n")] },
    ],
    good: &[
        Example { about: "plain", steps: &[Step::File(".env", 0o600, "PATTERN=a-b\n")] },
        Example {
            about: "quotes that both readers take off",
            steps: &[
                Step::File("deploy.sh", 0o755, "#!/bin/bash\nset -a\n. ./.env\n"),
                Step::File("compose.yaml", 0o644, "services: {}\n"),
                Step::File(".env", 0o600, "TITLE='Our Shop'\n"),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
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
                match refusal.kind {
                    RefusalKind::Encoding => "save the file in UTF-8: until then docker compose reads nothing of it",
                    _ => "correct line {refused}: until then docker compose reads nothing of this file",
                },
            )
            .severity(by_workplace(file.environment, Severity::Error))
            .line(refusal.line)
            .fact("reader", Fact::Word("docker compose"))
            .fact("refusal", Fact::Word(word(refusal.kind)))
            .fact("refused", Fact::Line(refusal.line)),
        );
    }
    if document.encoding() == Encoding::Bytes {
        differences::find(file, document, context, findings);
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
        RefusalKind::Encoding => "docker compose refuses this file: its text is in UTF-16 or UTF-32",
        RefusalKind::OpenQuote => "docker compose refuses this file: a quote is not closed",
        RefusalKind::NotAnAssignment => "docker compose refuses this file: a line is not an assignment",
        RefusalKind::BadKey => "docker compose refuses this file: a key contains a character that is not allowed",
        RefusalKind::BadExpansion => "docker compose refuses this file: a variable reference is not valid",
    }
}

fn word(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::Encoding => "encoding",
        RefusalKind::OpenQuote => "open-quote",
        RefusalKind::NotAnAssignment => "not-an-assignment",
        RefusalKind::BadKey => "bad-key",
        RefusalKind::BadExpansion => "bad-expansion",
    }
}
