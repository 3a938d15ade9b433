//! When an `includeIf` counts (git-config, "Conditional includes").

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::Home;
use crate::git::wildmatch::Glob;

/// What conditions ask about.
pub(super) struct Subject<'a> {
    /// The git directory, links resolved.
    pub(super) git_dir: &'a Path,
    /// The branch that HEAD names, without `refs/heads/`.
    pub(super) branch: Option<&'a [u8]>,
    /// The addresses of all remotes; `None` while they are being gathered: then a question about them is answered by no.
    pub(super) remotes: Option<&'a [Vec<u8>]>,
    pub(super) home: &'a Home,
}

impl Subject<'_> {
    /// Whether a condition that is in a file of this directory is met. git passes over one that it does not know.
    pub(super) fn meets(&self, condition: &[u8], beside: &Path) -> bool {
        let (kind, pattern) = match condition.iter().position(|byte| *byte == b':') {
            Some(at) => (condition.get(..at).unwrap_or_default(), condition.get(at + 1..).unwrap_or_default()),
            None => return false,
        };
        match kind {
            b"gitdir" => self.is_below(pattern, beside, false),
            b"gitdir/i" => self.is_below(pattern, beside, true),
            b"onbranch" => {
                let pattern = with_everything_below(pattern.to_vec());
                self.branch.is_some_and(|branch| Glob::new(&pattern, true, false).matches(branch))
            }
            b"hasconfig" => match pattern.strip_prefix(b"remote.*.url:") {
                Some(pattern) => {
                    let glob = Glob::new(pattern, true, false);
                    self.remotes.unwrap_or_default().iter().any(|address| glob.matches(address))
                }
                None => false,
            },
            _ => false,
        }
    }

    fn is_below(&self, pattern: &[u8], beside: &Path, folds_case: bool) -> bool {
        let Some(expanded) = self.home.expand(pattern) else { return false };
        let full = match expanded.strip_prefix(b"./") {
            Some(rest) => beside.join(OsStr::from_bytes(rest)).as_os_str().as_bytes().to_vec(),
            None if expanded.starts_with(b"/") => expanded,
            None => [b"**/", expanded.as_slice()].concat(),
        };
        let glob = Glob::new(&with_everything_below(full), true, folds_case);
        glob.matches(self.git_dir.as_os_str().as_bytes())
    }
}

/// A pattern that ends with a slash means everything below.
fn with_everything_below(mut pattern: Vec<u8>) -> Vec<u8> {
    if pattern.ends_with(b"/") {
        pattern.extend_from_slice(b"**");
    }
    pattern
}
