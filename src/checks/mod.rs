//! The list of checks. One file a check in `checks/`: its documentation, its examples, its function.
//!
//! To add one: write `checks/the_name.rs` with a `pub(crate) static CHECK`, and name it twice below: as a `mod` (written
//! out, because rustfmt does not see a file that a macro names) and in `ALL`. `explain`, the configuration key, the
//! SARIF rules, docs/checks.md and the test that runs every example follow.

mod added_capability;
mod attestation_missing;
mod attestation_stale;
mod base_image_not_fixed;
mod base_image_without_digest;
mod broken_hash;
mod build_tools_in_image;
mod capabilities_kept;
mod cheap_hash;
mod cleartext_connection;
mod container_as_root;
mod container_image_not_fixed;
mod container_mounts_host;
mod container_near_limit;
mod container_privileged;
mod container_published_port;
mod container_restart_policy;
mod container_runs_as_root;
mod container_secret_in_environment;
mod container_secret_replaced;
mod container_unhealthy;
mod container_without_healthcheck;
mod container_without_limits;
mod cors_open;
mod debug_in_production;
mod dependency_not_awaited;
mod duplicate_key;
mod empty_secret;
mod env_file_acl;
mod env_file_copy;
mod env_file_directory;
mod env_file_hard_link;
mod env_file_in_build_context;
mod env_file_in_history;
mod env_file_missing;
mod env_file_mode;
mod env_file_not_ignored;
mod env_file_owner;
mod env_file_staged;
mod env_file_symlink;
mod env_file_tracked;
mod env_file_upstream;
mod executed_by_reader;
mod hash_rewritten;
mod hooks_not_in_force;
mod host_namespace;
mod image_behind;
mod image_not_fixed;
mod image_runs_as_root;
mod image_too_old;
mod image_vulnerable;
mod image_without_digest;
mod image_without_healthcheck;
mod live_value_elsewhere;
mod missing_key;
mod new_privileges_allowed;
mod no_healthcheck;
mod no_init_process;
mod no_resource_limits;
mod one_network;
mod open_ports;
mod password_mismatch;
mod placeholder_secret;
mod plain_admin_key;
mod privileged_container;
mod published_port;
mod rate_limiting_off;
mod readers_disagree;
mod respelled_secret;
mod restart_policy;
mod reused_secret;
mod rewritten_by_compose;
mod rotation_due;
mod rotation_overdue;
mod rotation_unknown;
mod same_as_example;
mod same_secret_across_environments;
mod secret_file_in_image;
mod secret_file_unreadable;
mod secret_in_compose;
mod secret_in_dockerfile;
mod secret_in_environment;
mod secret_options_ignored;
mod secret_still_live;
mod sensitive_mount;
mod service_without_authentication;
mod shell_form_command;
mod short_secret;
mod single_stage_image;
mod template_missing;
mod template_with_secret;
mod unbounded_logs;
mod undefined_variable;
mod unused_ignore;
mod weak_secret;
mod writable_mount;
mod writable_root_filesystem;

pub use crate::check::{Artifact, Check, Context, Example, Kind, Step};
use crate::docker::compose::{Place, Service, Stack};
use crate::env::Key;
use crate::environment::Environment;
use crate::finding::Origin;
use crate::finding::{Finding, Severity};
use crate::secret::strength::Strength;

/// Every check, by id.
pub static ALL: &[&Check] = &[
    &added_capability::CHECK,
    &attestation_missing::CHECK,
    &attestation_stale::CHECK,
    &base_image_not_fixed::CHECK,
    &base_image_without_digest::CHECK,
    &broken_hash::CHECK,
    &build_tools_in_image::CHECK,
    &capabilities_kept::CHECK,
    &cheap_hash::CHECK,
    &cleartext_connection::CHECK,
    &container_as_root::CHECK,
    &container_image_not_fixed::CHECK,
    &container_mounts_host::CHECK,
    &container_near_limit::CHECK,
    &container_privileged::CHECK,
    &container_published_port::CHECK,
    &container_restart_policy::CHECK,
    &container_runs_as_root::CHECK,
    &container_secret_in_environment::CHECK,
    &container_secret_replaced::CHECK,
    &container_unhealthy::CHECK,
    &container_without_healthcheck::CHECK,
    &container_without_limits::CHECK,
    &cors_open::CHECK,
    &debug_in_production::CHECK,
    &dependency_not_awaited::CHECK,
    &duplicate_key::CHECK,
    &empty_secret::CHECK,
    &env_file_acl::CHECK,
    &env_file_copy::CHECK,
    &env_file_directory::CHECK,
    &env_file_hard_link::CHECK,
    &env_file_in_build_context::CHECK,
    &env_file_in_history::CHECK,
    &env_file_missing::CHECK,
    &env_file_mode::CHECK,
    &env_file_not_ignored::CHECK,
    &env_file_owner::CHECK,
    &env_file_staged::CHECK,
    &env_file_symlink::CHECK,
    &env_file_tracked::CHECK,
    &env_file_upstream::CHECK,
    &executed_by_reader::CHECK,
    &hash_rewritten::CHECK,
    &hooks_not_in_force::CHECK,
    &host_namespace::CHECK,
    &image_behind::CHECK,
    &image_not_fixed::CHECK,
    &image_runs_as_root::CHECK,
    &image_too_old::CHECK,
    &image_vulnerable::CHECK,
    &image_without_digest::CHECK,
    &image_without_healthcheck::CHECK,
    &live_value_elsewhere::CHECK,
    &missing_key::CHECK,
    &new_privileges_allowed::CHECK,
    &no_healthcheck::CHECK,
    &no_init_process::CHECK,
    &no_resource_limits::CHECK,
    &one_network::CHECK,
    &open_ports::CHECK,
    &password_mismatch::CHECK,
    &placeholder_secret::CHECK,
    &plain_admin_key::CHECK,
    &privileged_container::CHECK,
    &published_port::CHECK,
    &rate_limiting_off::CHECK,
    &readers_disagree::CHECK,
    &respelled_secret::CHECK,
    &restart_policy::CHECK,
    &reused_secret::CHECK,
    &rewritten_by_compose::CHECK,
    &rotation_due::CHECK,
    &rotation_overdue::CHECK,
    &rotation_unknown::CHECK,
    &same_as_example::CHECK,
    &same_secret_across_environments::CHECK,
    &secret_file_in_image::CHECK,
    &secret_file_unreadable::CHECK,
    &secret_in_compose::CHECK,
    &secret_in_dockerfile::CHECK,
    &secret_in_environment::CHECK,
    &secret_options_ignored::CHECK,
    &secret_still_live::CHECK,
    &sensitive_mount::CHECK,
    &service_without_authentication::CHECK,
    &shell_form_command::CHECK,
    &short_secret::CHECK,
    &single_stage_image::CHECK,
    &template_missing::CHECK,
    &template_with_secret::CHECK,
    &unbounded_logs::CHECK,
    &undefined_variable::CHECK,
    &unused_ignore::CHECK,
    &weak_secret::CHECK,
    &writable_mount::CHECK,
    &writable_root_filesystem::CHECK,
];

/// Whether there is anything for these to look at.
pub(crate) use cleartext_connection::leads_out;
pub(crate) use cors_open::allows_origins;
pub(crate) use image_vulnerable::STALE_DAYS as SCAN_STALE_DAYS;
pub(crate) use service_without_authentication::knows_authentication;
/// Policy makes the findings of this one.
pub(crate) use unused_ignore::CHECK as UNUSED_IGNORE;

/// Whether a value is a dummy of a development or test set-up: weak, and used nowhere else.
fn is_dummy(environment: Environment, strength: Strength) -> bool {
    matches!(environment, Environment::Development | Environment::Test) && strength == Strength::Weak
}

/// The severity of a fact that matters in production: as given there, a warning at most where nothing says what a file
/// is for, a note in development and test.
fn by_environment(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production => severity,
        Environment::Unknown => severity.min(Severity::Warning),
        Environment::Development | Environment::Test => Severity::Note,
    }
}

/// What no environment makes harmless, but where nothing of worth is at stake.
fn by_workplace(environment: Environment, severity: Severity) -> Severity {
    match environment {
        Environment::Production | Environment::Unknown => severity,
        Environment::Development | Environment::Test => severity.min(Severity::Warning),
    }
}

/// What to do about a value that a rotation keeps beside its key: it is what it is, and a new one would stand for nothing.
const CONFIRM: &str = "end its rotation when nothing needs it: envward rotation promote {base} {path:sh} --confirm";

/// A finding about a service, which is its key, at a place of its files: as grave as the check says where the stack is
/// for production.
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

/// The services of a compose artifact that are something: an override of a file that is not here has no image.
fn services<'a>(artifact: &Artifact<'a>) -> impl Iterator<Item = Service<'a>> {
    let stack = match artifact {
        Artifact::Compose(stack) => Some(*stack),
        _ => None,
    };
    stack.into_iter().flat_map(Stack::whole_services)
}

/// The check of this id.
#[must_use]
pub fn find(id: &str) -> Option<&'static Check> {
    ALL.iter().copied().find(|check| check.id == id)
}

/// Every id.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|check| check.id)
}

/// Runs every check that looks at this kind of artifact.
pub fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let kind = artifact.kind();
    for check in ALL.iter().filter(|check| check.kinds.contains(&kind)) {
        (check.run)(artifact, context, findings);
    }
}
