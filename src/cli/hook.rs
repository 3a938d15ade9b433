//! `envward hook`: the structs only.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum, ValueHint};

/// `envward hook`.
#[derive(Debug, Subcommand)]
pub enum Hook {
    /// Install the hooks; existing hooks keep running
    ///
    /// An existing hook is renamed to HOOK.before-envward and runs first. envward writes its own absolute path into the hooks.
    Install(HookTarget),
    /// Remove the hooks, and put back the hooks that were there before
    Uninstall(HookTarget),
    /// Show which hooks are installed, and whether git runs them
    Status(HookTarget),
    /// Run a hook; the installed hooks call this command
    Run {
        /// The hook to run
        hook: HookName,
        /// What git gives the hook
        #[arg(trailing_var_arg = true, allow_hyphen_values = true, hide = true)]
        args: Vec<std::ffi::OsString>,
    },
}

/// Whose hooks.
#[derive(Debug, Args)]
pub struct HookTarget {
    /// The repository; by default, the repository of the current directory
    #[arg(value_hint = ValueHint::DirPath)]
    pub path: Option<PathBuf>,
    /// Use git's template directory (init.templateDir), for every repository that is created or cloned from now on
    #[arg(long, conflicts_with = "path")]
    pub global: bool,
}

/// The hooks that there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum HookName {
    /// Before a commit: check what is staged
    PreCommit,
    /// Before a merge commit: check what is staged
    PreMergeCommit,
    /// Before a push: check the commits that no remote has
    PrePush,
    /// On a server, before it accepts a push: check the new commits
    PreReceive,
    /// After a checkout: check the modes of env files
    PostCheckout,
    /// After a merge: check the modes of env files
    PostMerge,
    /// After a rebase or an amended commit: check the modes of env files
    PostRewrite,
}
