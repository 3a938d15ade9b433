//! Dockerfiles, and the images that they build.

mod base_image_not_fixed;
mod base_image_without_digest;
mod base_images;
mod build_tools_in_image;
mod image_runs_as_root;
mod image_without_healthcheck;
mod no_init_process;
mod secret_file_in_image;
pub(crate) mod secret_in_dockerfile;
mod shell_form_command;
mod single_stage_image;
mod stages;
pub(in crate::checks) mod user;

use crate::checks::Rule;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    base_image_not_fixed,
    base_image_without_digest,
    build_tools_in_image,
    image_runs_as_root,
    image_without_healthcheck,
    no_init_process,
    secret_file_in_image,
    secret_in_dockerfile,
    shell_form_command,
    single_stage_image,
];
