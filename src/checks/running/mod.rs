//! Running containers, images on the host, and the reports of scanners.

mod container_image_not_fixed;
mod container_mounts_host;
mod container_near_limit;
mod container_privileged;
mod container_published_port;
mod container_restart_policy;
mod container_runs_as_root;
mod container_runs_old_secret;
mod container_secret_in_environment;
mod container_secret_replaced;
mod container_unhealthy;
mod container_without_healthcheck;
mod container_without_limits;
mod image_too_old;
pub(crate) mod image_vulnerable;

use crate::checks::Rule;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    container_image_not_fixed,
    container_mounts_host,
    container_near_limit,
    container_privileged,
    container_published_port,
    container_restart_policy,
    container_runs_as_root,
    container_runs_old_secret,
    container_secret_in_environment,
    container_secret_replaced,
    container_unhealthy,
    container_without_healthcheck,
    container_without_limits,
    image_too_old,
    image_vulnerable,
];
