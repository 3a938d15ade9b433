//! `container-privileged`: a container that may do what the host may.

use std::collections::BTreeSet;

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::compose::capability;
use crate::checks::compose::host_access::{is_unconfined, needs_namespace};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-privileged",
    title: "a container that may do what the host may",
    doc: r#"## What it does

Reports a container that runs privileged, shares the host's processes, IPC, host name, network or users, has seccomp, AppArmor or SELinux switched off, or was given capabilities that Docker leaves out on purpose: an error where one is a way out (SYS_ADMIN, NET_ADMIN and the like), a warning else. The lists are those of `host-namespace`, `privileged-container` and `added-capability`; a node exporter may share network and processes.

The deployment checklist: "Network isolation configured".

## Why it matters

Each of these is a way out: a privileged container is root on the host in one line.

## What to do

Take the line out of the compose file; what needs one capability gets that one, and the reason is written beside it.

## Facts

- `shares`: `privileged`, and the namespaces
- `capabilities`: how many were added that Docker leaves out
- `capability`: which
"#,
    group: Group::Running,
    severity: Severity::Error,
    kinds: &[Kind::Container],
    tier: Tier::Exposure,
    fix: None,
    checklist: &[],
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
            about: "no seccomp",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"SecurityOpt":["seccomp=unconfined"]},"Config":{}}]"#,
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
    good: &[
        Example {
            about: "none of it",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"Privileged":false,"NetworkMode":"app_default","CapAdd":null},"Config":{}}]"#,
            )],
        },
        Example {
            about: "all dropped but one",
            steps: &[Step::File(
                "inspect.json",
                0o600,
                r#"[{"Name":"/api","State":{"Status":"running"},"HostConfig":{"CapDrop":["ALL"],"CapAdd":["CAP_NET_BIND_SERVICE"]},"Config":{}}]"#,
            )],
        },
    ],
};

const HELP: &str = "take it out of the compose file, or write down why";

pub(crate) fn run(artifact: &Artifact<'_>, _: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::Container(container) = artifact else { return };
    let image = container.image_name();
    let mut shares = container.privileges.clone();
    shares.retain(|namespace| !needs_namespace(image.as_deref(), namespace));
    let is_privileged = shares.contains(&"privileged");
    let given: BTreeSet<_> = container.capabilities.iter().filter_map(|name| capability::gravity(name)).collect();
    let is_unfenced = container.security.iter().any(|option| is_unconfined(option));
    let mut add = |what, severity| {
        findings.push(
            Finding::new(&CHECK, Origin::Runtime(container.name.clone()), what, HELP)
                .severity(severity)
                .fact("shares", Fact::Words(shares.clone()))
                .fact("capabilities", Fact::Number(given.len() as u64))
                .fact("capability", Fact::Words(given.iter().map(|(word, _)| *word).collect())),
        );
    };
    // Who is privileged has all the rest.
    if is_privileged {
        return add("it runs privileged", Severity::Error);
    }
    if !shares.is_empty() {
        add("it shares the host's {shares}", Severity::Error);
    }
    if is_unfenced {
        add("the kernel's fences are switched off", Severity::Error);
    }
    if let Some(severity) = given.iter().map(|(_, severity)| *severity).max() {
        add("it has more rights than Docker gives: {capability}", severity);
    }
}
