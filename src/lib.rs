//! envward guards a project's secrets from the moment they are made until they are replaced.
//!
//! ```text
//! argv -> cli -> config -----------------------+
//! source (work tree | index | objects) -> Artifact -> checks -> Finding -> policy -> Report -> text|json|sarif|github
//!         +- Problem (unreadable, corrupt, unsupported) -----------------> Report.problems -> exit status 2
//! ```

pub mod apikey;
pub mod check;
pub mod checks;
pub mod class;
pub mod cli;
pub mod cmd;
pub mod compose;
pub mod config;
pub mod dockerfile;
pub mod engine;
pub mod env;
pub mod environment;
pub mod error;
pub mod files;
pub mod finding;
pub mod generate;
pub mod git;
mod guard;
pub mod hook;
pub mod image;
pub mod incident;
pub mod inspect;
pub mod keyhash;
pub mod ledger;
pub mod name;
pub mod path;
pub mod placeholder;
pub mod policy;
pub mod preflight;
pub mod problem;
pub mod progress;
pub mod report;
pub mod rotation;
pub mod scan_report;
pub mod search;
pub mod secret;
pub mod shell;
pub mod source;
pub mod strength;
pub mod system;
pub mod template;
pub mod text;
pub mod tty;
mod work;
