//! git's owner check (git-config, "safe.directory"), for repositories of which libgit2 says nothing.

use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::git::config::{Config, Home};
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};

/// Fails where the git directory, the directory that holds its `.git`, or that `.git` belongs to another user, whom the
/// user's own configuration does not trust.
pub(in crate::git) fn check(git_dir: &Path, holder: Option<&Path>, home: &Home) -> Result<(), Problem> {
    let dot_git = holder.map(|holder| holder.join(".git"));
    let mut all_mine = true;
    for path in [Some(git_dir), holder, dot_git.as_deref()].into_iter().flatten() {
        let owner = path.symlink_metadata().map_err(|error| Problem::io(RelPath::from(".git"), &error))?.uid();
        all_mine &= is_mine(owner);
    }
    match all_mine || is_trusted(holder.unwrap_or(git_dir), home)? {
        true => Ok(()),
        false => Err(Problem::whole(ProblemKind::ForeignOwner)),
    }
}

/// For root the user who called `sudo` counts, too.
#[expect(clippy::disallowed_methods, reason = "git's own check goes by it")]
fn is_mine(owner: u32) -> bool {
    let me = nix::unistd::geteuid();
    let before_sudo = || std::env::var_os("SUDO_UID").and_then(|text| text.to_str()?.parse().ok());
    owner == me.as_raw() || me.is_root() && before_sudo() == Some(owner)
}

/// `safe.directory` of the system's and the user's configuration: `*`, the directory, or `…/*` for all below it. An empty
/// one forgets those before it.
fn is_trusted(directory: &Path, home: &Home) -> Result<bool, Problem> {
    let (config, directory) = (Config::of_user(home.clone())?, directory.as_os_str().as_bytes());
    let mut trusted = false;
    for value in config.values("safe.directory") {
        trusted = match value {
            b"" => false,
            b"*" => true,
            value => {
                let Some(path) = home.expand(value) else { continue };
                let is_below = |top: &[u8]| directory.strip_prefix(top).is_some_and(|rest| rest.starts_with(b"/"));
                trusted || path == directory || path.strip_suffix(b"/*").is_some_and(is_below)
            }
        };
    }
    Ok(trusted)
}
