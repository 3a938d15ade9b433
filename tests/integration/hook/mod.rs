//! The hooks.

mod frameworks;
mod in_force;
mod staged;
mod with_git;
