//! `live-value-in-process`: a secret in use that a process shows.

use super::{severity, with_facts, with_reach};
use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::git::replacement::Replacement;
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::trace::{Part, Reach};

pub(crate) static CHECK: Check = Check {
    id: "live-value-in-process",
    title: "a secret in use that a process shows",
    doc: r#"## What it does

`envward trace --processes` (and `--host`) searches the arguments and the environment of each process for the secrets of the current env files. envward prints neither of them.

Severity: critical for arguments, because every account of the host can read them, unless `/proc` is mounted with `hidepid`. The environment is readable by root and the account of the process: error if that is another account than the owner of the project, else warning, and note for root's own processes. A process that has the secret as a variable of the same name is a note: that is how a program gets its settings.

## Why it matters

`mysql -pPASSWORD` and `curl -u user:PASSWORD` show the password to every account, to monitoring and to crash reports, for as long as the program runs.

## What to do

Replace a secret that stood in arguments. Pass it in a file with mode 0600, on standard input or in a variable instead: `PGPASSFILE`, `mysql --defaults-extra-file`, `curl --config -`. After a rotation restart the processes that have the old value in their environment.

## Facts

- `in_use`: the env file that contains the value
- `form`: how the value is written
- `part`: `arguments` or `environment`
- `member`, `more`, `offset`: null, 0 and null
- `pid`: the number of the process
- `process`: the name that the process gives itself
- `reach`, `readers`: who can read it
- `owner`: the account of the process
- `mode`: null
- `same_as`: the key that has the same value, as a URL and the password in it have; its command replaces both
- `same_as_in`: the file of that key, if it is another file of the same deployment
"#,
    group: Group::Trace,
    severity: Severity::Critical,
    kinds: &[Kind::Process],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
    bad: &[Example {
        about: "a backup that gets its password as an argument",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password-argument}\n"),
            Step::Process("backup --password={password-argument}"),
        ],
    }],
    good: &[Example {
        about: "a backup that reads its password",
        steps: &[
            Step::File(".env", 0o600, "DB_PASSWORD={password-read}\n"),
            Step::Process("backup --password-file=.env"),
        ],
    }],
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Traced(sighting) = artifact else { return };
    let (Origin::Process(_), Some(process)) = (&sighting.origin, &sighting.process) else { return };
    let replacement = Replacement::of(sighting.key.as_ref(), &sighting.in_use, context);
    let reach = sighting.reach.unwrap_or(Reach::Everyone);
    let (severity, what, help, then) = match sighting.part {
        Part::OwnVariable => (
            Severity::Note,
            "{process} has {the value|the values} of {key} from {in_use} as {a variable|variables}",
            "restart the process after a rotation",
            None,
        ),
        Part::Environment => (
            severity(reach),
            "the environment of {process} contains {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}",
            "restart the process without the secret, or after a rotation",
            None,
        ),
        _ => (
            severity(reach),
            "the arguments of {process} contain {the value|the values} of {key} from {in_use}{form:aside}; readable by {readers}",
            replacement.help,
            Some("restart the process, and give it the secret in a file, a variable or on standard input"),
        ),
    };
    let finding = Finding::new(&CHECK, sighting.origin.clone(), what, help).severity(severity);
    let finding = Finding { then, ..finding };
    let finding = with_reach(with_facts(finding, sighting), sighting)
        .fact("pid", Fact::Number(u64::from(process.id)))
        .fact("process", Fact::Name(process.name.clone()));
    findings.push(replacement.facts(finding));
}
