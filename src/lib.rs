//! envward guards a project's secrets from the moment they are made until they are replaced.
//!
//! ```text
//! argv -> cli -> config -----------------------+
//! source (work tree | index | objects) -> Artifact -> checks -> Finding -> policy -> Report -> text|json|sarif|github
//!         +- Problem (unreadable, corrupt, unsupported) -----------------> Report.problems -> exit status 2
//! ```

pub mod check;
pub mod checks;
pub mod cli;
pub mod cmd;
pub mod config;
pub mod docker;
pub mod engine;
pub mod env;
pub mod environment;
pub mod error;
pub mod files;
pub mod finding;
pub mod git;
mod guard;
pub mod hook;
pub mod incident;
pub mod leak;
pub mod ledger;
pub mod name;
pub mod path;
pub mod policy;
pub mod preflight;
pub mod problem;
pub mod project;
pub mod report;
pub mod rotation;
pub mod secret;
pub mod shell;
pub mod system;
pub mod template;
pub mod terminal;
pub mod text;
mod work;
