//! `live-value-in-stream`: a secret in use in what another program writes.

use super::with_facts;
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::git::replacement::Replacement;
use crate::checks::{Artifact, Context};
use crate::finding::{Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "live-value-in-stream",
    title: "a secret in use in the output of another program",
    doc: r#"## What it does

`envward trace -` searches standard input for the secrets of the current env files: `journalctl -o export | envward trace -`, `pg_dump app | envward trace -`, `docker logs api 2>&1 | envward trace -`. Archives in it are unpacked. An image has a check of its own.

Severity: error. envward does not know who can read the source.

## Why it matters

A journal, a database or a log keeps a secret for as long as nobody looks for it.

## What to do

Replace the secret. Find out what writes it, and correct that. Then clean the source: `journalctl --rotate --vacuum-time=1s`, an `UPDATE` of the rows, a new log.

## Facts

- `in_use`: the env file that contains the value
- `form`: how the value is written
- `part`: `content`, `archive` or `name`
- `member`: the member of an archive; null if there is none
- `more`: how many more members contain the value
- `offset`: how many bytes stand before the value
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Trace,
    severity: Severity::Error,
    kinds: &[Kind::Stream],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "a dump with a token in a table",
        steps: &[
            Step::File(".env", 0o600, "API_TOKEN={token}\n"),
            Step::File("standard-input", 0o600, "COPY settings FROM stdin;\n1\tapi\t{token}\n\\.\n"),
        ],
    }],
    good: &[Example {
        about: "a dump without a secret",
        steps: &[
            Step::File(".env", 0o600, "API_TOKEN={token}\n"),
            Step::File("standard-input", 0o600, "COPY settings FROM stdin;\n1\tapi\t{token2}\n\\.\n"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Traced(sighting) = artifact else { return };
    let Origin::Stream(_) = sighting.origin else { return };
    let replacement = Replacement::of(sighting.key.as_ref(), &sighting.in_use, context);
    let what = match sighting.member.is_some() {
        true => "{member} in this archive contains {the value|the values} of {key} from {in_use}{form:aside}",
        false => "this output contains {the value|the values} of {key} from {in_use}{form:aside}",
    };
    let finding = Finding::new(&CHECK, sighting.origin.clone(), what, replacement.help)
        .then("correct what writes the secret, and clean the source of this output");
    findings.push(replacement.facts(with_facts(finding, sighting)));
}
