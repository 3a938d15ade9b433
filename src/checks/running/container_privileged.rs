//! `container-privileged`: a container with rights on the host.

use std::collections::BTreeSet;

use crate::check::{Check, Example, Group, Kind, Step, Tier};
use crate::checks::compose::capability;
use crate::checks::compose::host_access::{is_unconfined, needs_namespace};
use crate::checks::{Artifact, Context};
use crate::finding::{Fact, Finding, Origin, Severity};

pub(crate) static CHECK: Check = Check {
    id: "container-privileged",
    title: "a container with rights on the host",
    doc: r#"## What it does

Reports a container that is privileged, that shares the processes, IPC, host name, network or users of the host, that has seccomp, AppArmor or SELinux disabled, or that has capabilities which Docker does not give by default. Severity: error; warning for a capability that is not a way out of the container (unlike SYS_ADMIN, NET_ADMIN and the like). The lists are those of `host-namespace`, `privileged-container` and `added-capability`. A node exporter may share network and processes.

The deployment checklist: "Network isolation configured".

## Why it matters

Each of these is a way out of the container. A privileged container becomes root on the host with one command.

## What to do

Remove the setting from the compose file. If the service needs one capability, add only that one, with the reason beside it.

## Facts

- `shares`: `privileged`, and the namespaces
- `capabilities`: the number of capabilities that Docker does not give by default
- `capability`: their names
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
            about: "none of these",
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

const HELP: &str = "remove the setting from the compose file, or ignore the finding with a reason";

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
    // A privileged container has all the rest.
    if is_privileged {
        return add("the container is privileged, so it has all rights on the host", Severity::Error);
    }
    if !shares.is_empty() {
        add("the container shares these namespaces with the host: {shares}", Severity::Error);
    }
    if is_unfenced {
        add("the container has seccomp, AppArmor or SELinux disabled", Severity::Error);
    }
    if let Some(severity) = given.iter().map(|(_, severity)| *severity).max() {
        add("the container has more capabilities than Docker gives: {capability}", severity);
    }
}
