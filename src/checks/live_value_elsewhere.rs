//! `live-value-elsewhere`: a secret in use that stands in a file which is no env file.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Severity};
use crate::search::Form;
pub(crate) static CHECK: Check = Check {
    id: "live-value-elsewhere",
    title: "a secret in use that stands in a file which is no env file",
    doc: r#"## What it does

Reports, before a commit or a push, a file in which a secret of today's env files stands: as it is, or in base64, hexadecimal digits, percent-encoded, with the escapes of a JSON string, quoted for a shell, or in UTF-16. What counts is the content that git has, never the work tree's. A warning where the version before had it already, unless `[hook] strict` is set.

Only a value that nobody writes by chance is looked for: 12 bytes and more, not easily guessed, no words, no host, no address, no path.

The env files are those at the root, beside templates and compose files, above the changed files, and those of `[files] extra`.

## Why it matters

A password pasted into a script, a test or a log opens the system to everyone who can read the repository, and no rule for file names sees it.

## What to do

Take the value out and read it from the environment. If it was ever pushed, replace it.

## Facts

- `in_use`: the env file that has the value
- `form`: `plain`, `base64`, `hex`, `percent-encoded`, `JSON-escaped`, `shell-quoted` or `UTF-16`
- `new`: whether the change brings it
"#,
    severity: Severity::Critical,
    kinds: &[Kind::Value],
    bad: &[
        Example { about: "pasted into a script", steps: &[Step::Git("init"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::File("backup.sh", 0o755, "#!/bin/sh\npg_dump postgres://app:{password}@db/app\n"), Step::Git("add backup.sh")] },
    ],
    good: &[
        Example { about: "read from the environment", steps: &[Step::Git("init"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::File("backup.sh", 0o755, "#!/bin/sh\nPGPASSWORD=$DB_PASSWORD pg_dump -h db -U app app\n"), Step::Git("add backup.sh")] },
        Example { about: "another value", steps: &[Step::Git("init"), Step::File(".env", 0o600, "DB_PASSWORD={password}\n"), Step::File("fixture.json", 0o644, "{\"password\":\"{password2}\"}\n"), Step::Git("add fixture.json")] },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Value(found) = artifact else { return };
    let place = &found.place;
    let what = match (found.form, place.is_new) {
        (Form::Plain, true) => "{key}: its value in {in_use} stands here",
        (_, true) => "{key}: its value in {in_use} stands here ({form})",
        (Form::Plain, false) => "{key}: its value in {in_use} stands here, as before",
        (_, false) => "{key}: its value in {in_use} stands here ({form}), as before",
    };
    let severity = if place.is_new || context.config.hook.strict { Severity::Critical } else { Severity::Warning };
    findings.push(
        Finding::new(&CHECK, place.origin.clone(), what, "read it from the environment instead; if it was ever pushed, replace it")
            .severity(severity)
            .line(place.line)
            .key(found.key.as_ref())
            .fact("in_use", Fact::Path(found.in_use.clone()))
            .fact("form", Fact::Word(found.form.word()))
            .fact("new", Fact::Flag(place.is_new)),
    );
}
