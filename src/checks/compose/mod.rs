//! Compose files, as they are deployed.

mod added_capability;
pub(crate) mod authentication;
mod capabilities_kept;
pub(in crate::checks) mod capability;
mod container_as_root;
mod dependency_not_awaited;
mod env_file_missing;
pub(in crate::checks) mod host_access;
mod host_namespace;
mod image_behind;
mod image_healthcheck;
mod image_not_fixed;
mod image_without_digest;
mod new_privileges_allowed;
mod no_healthcheck;
mod no_resource_limits;
mod one_network;
mod open_ports;
mod password_mismatch;
mod privileged_container;
mod published_port;
mod respelled_secret;
mod restart_policy;
mod secret_file_unreadable;
pub(crate) mod secret_in_compose;
mod secret_in_environment;
mod secret_options_ignored;
mod sensitive_mount;
pub(in crate::checks) mod service_kind;
mod service_without_authentication;
mod unbounded_logs;
mod undefined_variable;
mod writable_mount;
mod writable_root_filesystem;

use crate::check::Check;
use crate::checks::severity_by_environment::by_environment;
use crate::checks::{Artifact, Rule};
use crate::docker::compose::{Place, Service, Stack};
use crate::env::Key;
use crate::finding::{Finding, Origin};

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    added_capability,
    capabilities_kept,
    container_as_root,
    dependency_not_awaited,
    env_file_missing,
    host_namespace,
    image_behind,
    image_not_fixed,
    image_without_digest,
    new_privileges_allowed,
    no_healthcheck,
    no_resource_limits,
    one_network,
    open_ports,
    password_mismatch,
    privileged_container,
    published_port,
    respelled_secret,
    restart_policy,
    secret_file_unreadable,
    secret_in_compose,
    secret_in_environment,
    secret_options_ignored,
    sensitive_mount,
    service_without_authentication,
    unbounded_logs,
    undefined_variable,
    writable_mount,
    writable_root_filesystem,
];

/// A finding about a service, whose name is the key, at a place in its files. It has the severity of the check if the
/// stack is for production.
fn about(
    check: &'static Check,
    service: &Service<'_>,
    place: Place,
    what: &'static str,
    help: &'static str,
) -> Finding {
    let (path, line) = service.spot(place);
    let origin = Origin::Worktree(path);
    Finding::new(check, origin, what, help)
        .severity(by_environment(service.stack.environment, check.severity))
        .line(line)
        .key(Key::printable(service.name().as_bytes()).as_ref())
}

/// The services of a compose artifact that are complete: an override of a file that is not here has no image.
fn services<'a>(artifact: &Artifact<'a>) -> impl Iterator<Item = Service<'a>> {
    let stack = match artifact {
        Artifact::Compose(stack, _) => Some(*stack),
        _ => None,
    };
    stack.into_iter().flat_map(Stack::whole_services)
}
