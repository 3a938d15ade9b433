//! `container-privileged`: a container that may do what the host may.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-privileged",
    title: "a container that may do what the host may",
    doc: r#"## What it does

Reports a container that runs privileged, shares the host's processes, IPC, host name or network, or was given capabilities.

The deployment checklist: "Network isolation configured".

## Why it matters

Each of these is a way out: a privileged container is root on the host in one line.

## What to do

Take the line out of the compose file; what needs one capability gets that one, and the reason is written beside it.

## Facts

- `shares`: `privileged`, and the namespaces
- `capabilities`: how many were added
"#,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    bad: &[
        Example {
            about: "privileged",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Privileged":true},"Config":{}}]"#,
            )],
        },
        Example {
            about: "the host's network",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"NetworkMode":"host"},"Config":{}}]"#,
            )],
        },
        Example {
            about: "a capability",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"CapAdd":["SYS_ADMIN"]},"Config":{}}]"#,
            )],
        },
    ],
    good: &[Example {
        about: "none of it",
        steps: &[Step::File(
            "inspect.json",
            0o600,
            r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Privileged":false,"NetworkMode":"app_default","CapAdd":null},"Config":{}}]"#,
        )],
    }],
    run,
};

fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let shares = &container.privileges;
    let what = match (shares.contains(&"privileged"), shares.is_empty(), container.capabilities) {
        (true, ..) => "it runs privileged",
        (false, false, _) => "it shares the host's {shares}",
        (false, true, 0) => return,
        (false, true, _) => "capabilities were added: {capabilities}",
    };
    findings.push(
        Finding::new(
            &CHECK,
            Origin::Runtime(container.name.clone()),
            what,
            "take it out of the compose file, or write down why",
        )
        .fact("shares", Fact::Words(shares.clone()))
        .fact("capabilities", Fact::Number(container.capabilities as u64)),
    );
}
