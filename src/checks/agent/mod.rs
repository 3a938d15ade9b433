//! Coding agents: what they can read, what is written in their settings, and what they leave behind.

mod agent_reads_env_file;
mod agent_state_not_ignored;
mod secret_in_agent_settings;

pub(crate) use agent_reads_env_file::setup_of;
pub(crate) use secret_in_agent_settings::tell_once;

use crate::checks::Rule;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![agent_reads_env_file, agent_state_not_ignored, secret_in_agent_settings];
