//! `live-value-elsewhere`: a secret in use that stands in another place than its env file.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::config::Config;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::git::Reach;
use crate::leak::{Part, Place, Standing};

pub(crate) static CHECK: Check = Check {
    id: "live-value-elsewhere",
    title: "a secret in use that stands in another place than its env file",
    doc: r#"## What it does

Looks for the secrets of today's env files in everything that git stores: in every content, whoever reaches it, in the messages of commits and annotated tags, in the names of files, directories and refs, in the index, and in the files of the work tree that git tracks. As they are, in base64 and hexadecimal digits, also broken into lines, and percent-encoded, with the escapes of a JSON string, quoted for a shell, and in UTF-16; a private key in any notation of it; also inside zip and gzip files, one level deep. What an env file in git is reported for itself is not told again.

Critical where a ref reaches a commit that has it; an error where only a stash or a reflog does, or nothing any more, or where a tracked file has it that is not committed yet; a note for a content that no commit ever held.

The hooks and `scan --staged` look at what a commit or a push would bring. There it is a warning where the version before had it already, unless `[hook] strict` is set, and the env files are those at the root, beside templates and compose files, above the changed files, those that compose files name, and those of `[files] extra`; in a linked work tree also those of the main one.

Only a value that nobody writes by chance is looked for: 12 bytes and more, not easily guessed, no words, no host, no address, no path.

## Why it matters

A password pasted into a script, a test or a log opens the system to everyone who can read the repository, and no rule for file names sees it.

## What to do

Take the value out and read it from the environment. If it was ever committed, replace it: `envward scan --advice` says how to clean up afterwards.

## Facts

- `in_use`: the env file that has the value
- `form`: `plain`, `base64`, `hex`, `percent-encoded`, `JSON-escaped`, `shell-quoted`, `UTF-16` or `PEM` (the digits of a private key, in any notation)
- `part`: where in its place it stands: `content`, `archive` (packed), `name` or `message`
- `new`: whether the change brings it; null where no change is looked at
- `commit`: the first commit that had it there; null where none had
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`; null where git's history does not have it
- `refs`: the refs that reach it
"#,
    group: Group::Git,
    severity: Severity::Critical,
    kinds: &[Kind::Value],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "pasted into a script",
        steps: &[
            Step::Git("init"),
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::File(
                "backup.sh",
                0o755,
                r#"
#!/bin/sh
pg_dump postgres://app:{password}@db/app
"#,
            ),
            Step::Git("add backup.sh"),
        ],
    }],
    good: &[
        Example {
            about: "read from the environment",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File(
                    "backup.sh",
                    0o755,
                    r#"
#!/bin/sh
PGPASSWORD=$DB_PASSWORD pg_dump -h db -U app app
"#,
                ),
                Step::Git("add backup.sh"),
            ],
        },
        Example {
            about: "another value",
            steps: &[
                Step::Git("init"),
                Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
                Step::File("fixture.json", 0o644, "{\"password\":\"{password2}\"}\n"),
                Step::Git("add fixture.json"),
            ],
        },
    ],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Value(found) = artifact else { return };
    let Place { origin, line, part, standing } = &found.place;
    let (severity, what, help) = judge(&found.place, context.config);
    let (new, commit, reach, refs) = match standing {
        Standing::Coming { is_new } => (Fact::Flag(*is_new), None, Fact::None, Vec::new()),
        Standing::Tracked => (Fact::None, None, Fact::None, Vec::new()),
        Standing::Past { commit, reach, refs } => (Fact::None, commit.clone(), Fact::Word(reach.word()), refs.clone()),
    };
    let finding = Finding::new(&CHECK, origin.clone(), what, help)
        .severity(severity)
        .key(found.key.as_ref())
        .fact("in_use", Fact::Path(found.in_use.clone()))
        .fact("form", Fact::Word(found.form.word()))
        .fact("part", Fact::Word(part.word()))
        .fact("new", new)
        .fact("commit", commit.map_or(Fact::None, Fact::Commit))
        .fact("reach", reach)
        .fact("refs", Fact::Names(refs));
    findings.push(match line {
        Some(line) => finding.line(*line),
        None => finding,
    });
}

const READ: &str = "read it from the environment instead; if it was ever pushed, replace it";
const AMEND: &str =
    "replace it if it was ever pushed; write it anew, in an older commit by a rebase: git commit --amend";
const RETAG: &str = "replace it if it was ever pushed; then tag anew: git tag -d NAME";
const RENAME: &str = "rename it; if it was ever pushed, replace the secret";
const REPLACE: &str =
    "replace it now, where it is used and in {in_use}, as envward scan --advice says: it also cleans up";

fn judge(place: &Place, config: &Config) -> (Severity, &'static str, &'static str) {
    let (commit, reach) = match &place.standing {
        Standing::Coming { is_new: true } => {
            let what = match place.part {
                Part::Name => "{key}: its value in {in_use} stands in this name{form:aside}",
                _ => "{key}: its value in {in_use} stands here{form:aside}",
            };
            return (Severity::Critical, what, not_yet(place));
        }
        Standing::Coming { is_new: false } => {
            let severity = if config.hook.strict { Severity::Critical } else { Severity::Warning };
            return (severity, "{key}: its value in {in_use} stands here{form:aside}, as before", READ);
        }
        Standing::Tracked => {
            return (Severity::Error, "{key}: its value in {in_use} stands in this tracked file{form:aside}", READ);
        }
        Standing::Past { commit, reach, .. } => (commit, *reach),
    };
    let severity = if reach <= Reach::Ref { Severity::Critical } else { Severity::Error };
    let what = match (&place.origin, reach) {
        _ if place.part == Part::Name => "{key}: its value in {in_use} stands in this name{form:aside}",
        (Origin::Object { .. } | Origin::History { .. }, Reach::Unreachable) if commit.is_none() => {
            let what = "{key}: its value in {in_use} stands here{form:aside}, in no commit";
            return (Severity::Note, what, "git gc --prune=now");
        }
        (Origin::Object { .. } | Origin::Message { .. }, _) => "{key}: its value in {in_use} stands here{form:aside}",
        (_, Reach::Head | Reach::Ref) => "{key}: its value in {in_use} was committed here in {commit}{form:aside}",
        (_, Reach::Unreachable) => {
            "{key}: its value in {in_use} stood here in a commit that git still stores{form:aside}"
        }
        (_, _) => "{key}: its value in {in_use} stands here in a {reach}{form:aside}",
    };
    (severity, what, REPLACE)
}

/// What to do before it is committed, or pushed.
fn not_yet(place: &Place) -> &'static str {
    match place.part {
        Part::Message => AMEND,
        Part::Tag => RETAG,
        Part::Name => RENAME,
        Part::Content | Part::Archive => READ,
    }
}
