//! Which branch is checked out, and where.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use crate::git::refs::store::RefStore;
use crate::git::{Repository, read};
use crate::problem::Problem;

impl Repository {
    /// The full name of the branch that is checked out here; `None` where HEAD is a commit.
    ///
    /// # Errors
    /// A HEAD that cannot be read.
    pub fn head_branch(&self) -> Result<Option<Vec<u8>>, Problem> {
        self.refs.branch()
    }

    /// The top of another work tree in which a branch is checked out. One that cannot be read is none.
    #[must_use]
    pub fn checked_out_at(&self, branch: &[u8]) -> Option<PathBuf> {
        let common = self.common_dir();
        let is_at = |git_dir: &PathBuf| {
            let refs = RefStore::new(git_dir, common, self.id_len, self.has_reftable);
            *git_dir != self.git_dir() && refs.branch().is_ok_and(|known| known.as_deref() == Some(branch))
        };
        let linked = common.join("worktrees").read_dir().into_iter().flatten().flatten().map(|entry| entry.path());
        let top_of = |git_dir: PathBuf| {
            let text = read::if_there(&git_dir.join("gitdir"), read::LIST).ok().flatten()?;
            let file = PathBuf::from(OsStr::from_bytes(text.trim_ascii_end()));
            git_dir.join(file).parent().map(PathBuf::from).filter(|top| top.is_dir())
        };
        let main = self.main_workdir().filter(|_| is_at(&common.to_path_buf()));
        main.or_else(|| linked.into_iter().filter(is_at).find_map(top_of))
    }
}
