//! `place-not-searched`: what a search of many places left out.

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::path::RelPath;
use crate::trace::Trouble;

pub(crate) static CHECK: Check = Check {
    id: "place-not-searched",
    title: "places that `envward trace` did not search",
    doc: r#"## What it does

Counts what `envward trace` could not search among the places that it chose itself: files and directories that the account cannot read, archives that are damaged, encrypted or too large, network file systems. Each kind is one note.

A path that somebody named is different: what cannot be searched there is a problem, and the exit status is 2. More than 20 problems of a kind are counted here.

## Why it matters

A search that leaves something out silently is taken for a complete one.

## What to do

Run the search as root, unpack an archive and search its files, or name a network file system: `envward trace PATH`.

## Facts

- `why`: `unreadable`, `archive`, `network-file-system` or `not-a-file`
- `count`: how many places were left out
- `first`: one of them, the first by its path
"#,
    group: Group::Trace,
    severity: Severity::Note,
    kinds: &[Kind::Disk],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "a damaged archive in the project",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::File("old.zip", 0o600, "PK\u{3}\u{4}, and not much more\n"),
        ],
    }],
    good: &[Example {
        about: "everything can be searched",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password}\n"),
            Step::File("notes.txt", 0o600, "PK is a chess club\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Unsearched(unsearched) = artifact else { return };
    let what = match unsearched.why {
        Trouble::Unreadable(_) => "places that this account cannot read: {count}, for example {first}",
        Trouble::Archive => "archives that are damaged, encrypted or too large: {count}, for example {first}",
        Trouble::Network => "network file systems that were not searched: {count}, for example {first}",
        Trouble::NoFile => "pipes, sockets and devices that were not searched: {count}, for example {first}",
    };
    let origin = Origin::Disk(RelPath::default());
    let finding = Finding::new(&CHECK, origin, what, "search the place by naming it, as an account that can read it")
        .fact("why", Fact::Word(unsearched.why.word()))
        .fact("count", Fact::Number(unsearched.count))
        .fact("first", Fact::Path(unsearched.first.clone()));
    findings.push(finding);
}
