//! The hooks.

mod frameworks;
mod in_force;
mod others;
mod staged;
mod with_git;
