//! `live-value-elsewhere`: a secret in use that is also outside its env file.

use super::REBASE;
use super::replacement::Replacement;
use crate::check::{Check, Example, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::config::Config;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::git::Reach;
use crate::leak::{Part, Place, Presence};

pub(crate) static CHECK: Check = Check {
    id: "live-value-elsewhere",
    title: "a secret in use that is also outside its env file",
    doc: r#"## What it does

Searches everything that git stores for the secrets of the current env files: the content of every object, reachable or not, the messages of commits and annotated tags, the names of files, directories and refs, the index, and the tracked files of the work tree; `check` also the files that git neither tracks nor ignores, outside dependency folders: the first 20,000, up to 1 MiB each (`envward trace` searches all). A secret is found as plain text, in base64 and in hexadecimal digits (also broken into lines), percent-encoded, escaped for JSON, quoted for a shell, and in UTF-16; a private key in any notation; and all of this inside zip and gzip files, one level deep. Env files in git have their own checks and are not reported again.

Severity: critical if a ref reaches a commit with the secret. Error if only a stash, a reflog or an unreachable commit contains the secret, a tracked file that is not committed yet, or a file that git neither tracks nor ignores, so that `git add .` would stage it. Note for an object or a name that no commit ever contained.

The hooks and `scan --staged` examine only what a commit or a push adds. There the severity is critical; warning if the previous version already contained the secret, unless `[hook] strict` is set. The env files are those at the root, beside templates and compose files, above the changed files, those that compose files name, and those of `[files] extra`; in a linked work tree also those of the main work tree. `check` and `scan` of a linked work tree search for the values of the main work tree, too.

Only values that nobody writes by chance are searched for: 12 bytes or more, not easy to guess, and not a word, a host, an address or a path.

## Why it matters

A password that was pasted into a script, a test or a log opens the system to everyone who can read the repository. No rule for file names finds it.

## What to do

Remove the value and read it from the environment. If the value was ever committed, replace it; `envward scan --advice` prints the steps to clean up.

## Facts

- `in_use`: the env file that contains the value
- `form`: `plain`, `base64`, `hex`, `percent-encoded`, `JSON-escaped`, `shell-quoted`, `UTF-16` or `PEM` (the digits of a private key, in any notation)
- `part`: where the value is: `content`, `archive` (packed), `name` or `message`
- `new`: whether the change adds the value; null if no change is examined
- `commit`: the first commit that contained the value there; null if none did
- `reach`: `head`, `ref`, `stash`, `reflog` or `unreachable`; null if git history does not contain the value
- `refs`: the refs from which the value is reachable
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Git,
    severity: Severity::Critical,
    kinds: &[Kind::Value],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[(Item::NoWrittenSecrets, 7)],
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
    let Place { origin, line, part, presence } = &found.place;
    let replacement = Replacement::of(found.key.as_ref(), &found.in_use, context);
    let (severity, what, help) = judge(&found.place, context.config, replacement.help);
    let (new, commit, reach, refs) = match presence {
        Presence::Coming { is_new, commit } => (Fact::Flag(*is_new), commit.clone(), Fact::None, Vec::new()),
        Presence::Tracked | Presence::Untracked => (Fact::None, None, Fact::None, Vec::new()),
        Presence::Past { commit, reach, refs } => (Fact::None, commit.clone(), Fact::Word(reach.word()), refs.clone()),
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
    let finding = replacement.facts(finding);
    findings.push(match line {
        Some(line) => finding.line(*line),
        None => finding,
    });
}

const READ: &str = "read the secret from the environment instead; if this file was ever pushed, replace the secret";
const IGNORE: &str = "read the secret from the environment instead, or ignore the file in .gitignore";
const AT_REF: &str = "delete the ref before you push; if it is a tag: git tag -d NAME";
/// About a message that is not pushed yet.
pub(crate) const AMEND: &str = "replace the secret if the message was ever pushed; change the message (of an older commit: git rebase -i): git commit --amend";
const RETAG: &str =
    "replace the secret if the tag was ever pushed; delete the tag and create it again: git tag -d NAME";
const RENAME: &str = "remove the secret from the name; if the name was ever pushed, replace the secret";
/// The severity, what is wrong, and what to do; `replace` says how the secret is replaced.
fn judge(place: &Place, config: &Config, replace: &'static str) -> (Severity, &'static str, &'static str) {
    let (commit, reach) = match &place.presence {
        Presence::Coming { is_new: true, .. } => {
            let what = match place.part {
                Part::Name => "this name contains {the value|the values} of {key} from {in_use}{form:aside}",
                Part::Message => {
                    "this commit message contains {the value|the values} of {key} from {in_use}{form:aside}"
                }
                Part::Tag => {
                    "the message of this tag contains {the value|the values} of {key} from {in_use}{form:aside}"
                }
                Part::Content | Part::Archive => {
                    "this file contains {the value|the values} of {key} from {in_use}{form:aside}"
                }
            };
            return (Severity::Critical, what, not_yet(place));
        }
        Presence::Coming { is_new: false, .. } => {
            let severity = if config.hook.strict { Severity::Critical } else { Severity::Warning };
            return (
                severity,
                "this file still contains {the value|the values} of {key} from {in_use}{form:aside}",
                READ,
            );
        }
        Presence::Tracked => {
            return (
                Severity::Error,
                "this tracked file contains {the value|the values} of {key} from {in_use}{form:aside}",
                READ,
            );
        }
        Presence::Untracked => {
            return (
                Severity::Error,
                "git does not ignore this file, which contains {the value|the values} of {key} from {in_use}{form:aside}",
                IGNORE,
            );
        }
        Presence::Past { commit, reach, .. } => (commit, *reach),
    };
    let severity = if reach <= Reach::Ref { Severity::Critical } else { Severity::Error };
    let what = match (&place.origin, reach) {
        // What was only staged never left this machine.
        (Origin::Object { .. } | Origin::History { .. }, Reach::Unreachable) if commit.is_none() => {
            let what = match place.part {
                Part::Name => {
                    "git stores a name with {the value|the values} of {key} from {in_use}{form:aside}, but no commit contains this name"
                }
                _ => {
                    "git stores {the value|the values} of {key} from {in_use}{form:aside}, but no commit contains {it|them}"
                }
            };
            return (Severity::Note, what, "{git} gc --prune=now");
        }
        _ if place.part == Part::Name => "this name contains {the value|the values} of {key} from {in_use}{form:aside}",
        (Origin::Object { .. }, _) => "this object contains {the value|the values} of {key} from {in_use}{form:aside}",
        (Origin::Message { .. }, _) => {
            "this message contains {the value|the values} of {key} from {in_use}{form:aside}"
        }
        (_, Reach::Head | Reach::Ref) if commit.is_none() => {
            "git history contains {the value|the values} of {key} from {in_use} in this file{form:aside}"
        }
        (_, Reach::Head | Reach::Ref) => {
            "commit {commit} added {the value|the values} of {key} from {in_use} to this file{form:aside}"
        }
        (_, Reach::Unreachable) => {
            "in an unreachable commit this file contains {the value|the values} of {key} from {in_use}{form:aside}"
        }
        (_, _) => "in a {reach} this file contains {the value|the values} of {key} from {in_use}{form:aside}",
    };
    (severity, what, replace)
}

/// What to do before the value is committed or pushed.
fn not_yet(place: &Place) -> &'static str {
    match place.part {
        Part::Message => AMEND,
        Part::Tag => RETAG,
        Part::Name => RENAME,
        Part::Content | Part::Archive => match (&place.presence, &place.origin) {
            (Presence::Coming { commit: Some(_), .. }, _) => REBASE,
            (_, Origin::Commit { .. }) => AT_REF,
            _ => READ,
        },
    }
}
