//! The names under which files are written before they get their own, and what killed runs left under such names.

use std::ffi::{CString, OsStr, OsString};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;

use nix::unistd::Pid;
use rustix::fs::{AtFlags, Dir, FileType, Stat};
use rustix::io::Errno;

use super::system;

/// What is in a temporary name between the file's own and the process: [`crate::env::names`] knows it.
const MARK: &[u8] = b".envward-";
const ENDING: &[u8] = b".tmp";

/// This process's temporary name for a file.
pub(super) fn name(file: &[u8]) -> OsString {
    let mut temporary = OsString::from(OsStr::from_bytes(file));
    temporary.push(OsStr::from_bytes(MARK));
    temporary.push(std::process::id().to_string());
    temporary.push(OsStr::from_bytes(ENDING));
    temporary
}

/// Removes the temporary names of runs that were killed: anyone who holds the lock is alone, so every one is stale.
pub(super) fn sweep(dir: impl AsFd) -> Result<(), Errno> {
    let user = rustix::process::geteuid();
    for (name, stat) in all(&dir)? {
        let ours = user.is_root() || stat.st_uid == user.as_raw();
        if ours && FileType::from_raw_mode(stat.st_mode).is_file() {
            rustix::fs::unlinkat(&dir, &name, AtFlags::empty())?;
        }
    }
    Ok(())
}

/// Whether a file's second name is a temporary one: its writer was killed between link and unlink.
pub(super) fn is_second_name_of(dir: impl AsFd, file: &Stat) -> Result<bool, Errno> {
    let is_same = |(_, stat): &(CString, Stat)| system::identity(stat) == system::identity(file);
    Ok(file.st_nlink == 2 && all(dir)?.iter().any(is_same))
}

fn all(dir: impl AsFd) -> Result<Vec<(CString, Stat)>, Errno> {
    let mut found = Vec::new();
    for entry in Dir::read_from(&dir)? {
        let entry = entry?;
        let name = entry.file_name();
        if !is_temporary(name.to_bytes()) {
            continue;
        }
        match rustix::fs::statat(&dir, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(stat) => found.push((name.to_owned(), stat)),
            Err(Errno::NOENT) => {}
            Err(errno) => return Err(errno),
        }
    }
    Ok(found)
}

/// Whether a name is one under which a file is written before it gets its own.
#[must_use]
pub fn is_temporary(name: &[u8]) -> bool {
    process(name).is_some()
}

/// Whether a name is one under which a file is being written just now: its process lives. What another machine writes
/// into a shared directory is not known here.
#[must_use]
pub fn is_being_written(name: &[u8]) -> bool {
    // A process of somebody else may not be asked, and is there.
    process(name).is_some_and(|id| nix::sys::signal::kill(id, None) != Err(nix::errno::Errno::ESRCH))
}

/// The process that a temporary name is of.
fn process(name: &[u8]) -> Option<Pid> {
    let at = memchr::memmem::rfind(name, MARK).filter(|at| *at > 0)?;
    let process = name.get(at + MARK.len()..)?.strip_suffix(ENDING)?;
    let is_number = !process.is_empty() && process.iter().all(u8::is_ascii_digit);
    let number: i32 = std::str::from_utf8(process).ok().filter(|_| is_number)?.parse().ok()?;
    (number > 0).then(|| Pid::from_raw(number))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_temporary_name_is_known_again() {
        for file in [".env", "prod.env", "a.envward-1.tmp"] {
            assert!(is_temporary(name(file.as_bytes()).as_bytes()), "{file}");
        }
        for name in [
            ".envward-1.tmp",
            ".env.envward-.tmp",
            ".env.envward-x.tmp",
            ".env.envward-+1.tmp",
            ".env.envward-0.tmp",
            ".env.envward-1",
            ".env",
            "x.tmp",
        ] {
            assert!(!is_temporary(name.as_bytes()), "{name}");
        }
    }

    #[test]
    fn a_file_is_being_written_as_long_as_its_process_lives() {
        assert!(is_being_written(name(b".env").as_bytes()));
        // No system numbers processes so high.
        assert!(!is_being_written(b".env.envward-2147483647.tmp") && !is_being_written(b".env"));
    }

    #[test]
    fn a_temporary_name_counts_as_a_copy() {
        use crate::env::names::{Role, role};
        assert_eq!(role(name(b".env").as_bytes()), Some(Role::Copy));
    }
}
