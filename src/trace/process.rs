//! Processes: their arguments, which every account can read, and their environments, which their own account can.
//!
//! proc(5): `/proc/PID/cmdline`, `/proc/PID/environ`.

use std::ffi::OsStr;
use std::fs::File;
use std::io::Read as _;
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use rustix::fs::{Mode, OFlags};
use rustix::io::Errno;
use zeroize::Zeroizing;

use super::file::of_value;
use super::places::PlaceKind;
use super::reach::Reach;
use super::searcher::names;
use super::sighting::{Part, Process, Sighting, Trouble};
use super::walk::Worker;
use crate::finding::Origin;
use crate::name::Name;
use crate::path::RelPath;

/// More than the kernel lets arguments and variables be by default (`execve(2)`: 6 MiB).
const MOST: u64 = 8 << 20;

/// Where the kernel shows its processes.
const PROCESSES: &str = "/proc";

/// Searches the processes of the host but this one.
pub(super) fn search(worker: &mut Worker<'_>) {
    let own = rustix::process::getpid().as_raw_nonzero().get().unsigned_abs();
    let ids = match ids() {
        Ok(ids) if ids.contains(&own) => ids,
        // macOS has no such directory, and in a container it may be empty.
        Ok(_) => return unreadable(worker, Errno::NOENT.raw_os_error()),
        Err(error) => return unreadable(worker, error.raw_os_error().unwrap_or_default()),
    };
    for id in ids.into_iter().filter(|id| *id != own) {
        if worker.watch.is_stopped() {
            return;
        }
        // One that has ended meanwhile has nothing any more.
        let _ = one(worker, id);
    }
}

fn unreadable(worker: &mut Worker<'_>, code: i32) {
    worker.tally.trouble(true, Trouble::Unreadable(code), RelPath::from(PROCESSES));
}

fn ids() -> std::io::Result<Vec<u32>> {
    let number = |entry: std::io::Result<std::fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let mut ids: Vec<u32> = std::fs::read_dir(PROCESSES)?.filter_map(number).collect();
    ids.sort_unstable();
    Ok(ids)
}

fn one(worker: &mut Worker<'_>, id: u32) -> Result<(), Errno> {
    let dir = format!("/proc/{id}");
    let fd = rustix::fs::open(Path::new(&dir), OFlags::DIRECTORY | OFlags::RDONLY | OFlags::CLOEXEC, Mode::empty())?;
    let uid = rustix::fs::fstat(&fd)?.st_uid;
    let name = read(&fd, "comm").map(|name| name.trim_ascii_end().to_vec()).unwrap_or_default();
    let process = Process { id, name: Name(name) };
    worker.tally.processes += 1;
    let judge = &worker.walk.asked.judge;
    let (by_owner, owner) = (judge.of_owner(uid), judge.name(uid));
    let by_all = if worker.walk.mounts.hides_processes { by_owner } else { Reach::Everyone };
    for (file, part, reach) in [("cmdline", Part::Arguments, by_all), ("environ", Part::Environment, by_owner)] {
        let text = match read(&fd, file) {
            Ok(text) => text,
            Err(Errno::ACCESS | Errno::PERM) => {
                let path = RelPath::new(format!("/proc/{id}/{file}").into_bytes());
                worker.tally.trouble(false, Trouble::Unreadable(Errno::ACCESS.raw_os_error()), path);
                continue;
            }
            Err(_) => continue,
        };
        for (value, sighted) in names(worker.walk.needles, &text) {
            let path = RelPath::new(format!("/proc/{id}/{file}").into_bytes());
            let Some(known) = of_value(worker.walk.asked.values, value, sighted.form, Origin::Process(path)) else {
                continue;
            };
            let part = match &known.key {
                Some(key) if part == Part::Environment && is_own(&text, sighted.at, key.as_str()) => Part::OwnVariable,
                _ => part,
            };
            worker.tally.sightings.push(Sighting {
                kind: PlaceKind::Process,
                part,
                process: Some(process.clone()),
                reach: Some(reach),
                owner: Some(owner.clone()),
                ..known
            });
        }
    }
    Ok(())
}

/// Whether the variable at a place of an environment has this name.
fn is_own(environment: &[u8], at: u64, key: &str) -> bool {
    let before = usize::try_from(at).ok().and_then(|at| environment.get(..at)).unwrap_or_default();
    let variable = before.rsplit(|byte| *byte == 0).next().unwrap_or_default();
    variable.split(|byte| *byte == b'=').next() == Some(key.as_bytes())
}

fn read(dir: impl AsFd, name: &str) -> Result<Zeroizing<Vec<u8>>, Errno> {
    let flags = OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::CLOEXEC;
    let fd: OwnedFd = rustix::fs::openat(dir, OsStr::from_bytes(name.as_bytes()), flags, Mode::empty())?;
    let mut text = Zeroizing::new(Vec::with_capacity(64 << 10));
    match File::from(fd).take(MOST).read_to_end(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(error.raw_os_error().map_or(Errno::IO, Errno::from_raw_os_error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_of_its_own() {
        let text = b"HOME=/root\0DB_PASSWORD=abcdef\0URL=postgres://a:abcdef@b";
        assert!(is_own(text, 24, "DB_PASSWORD") && !is_own(text, 24, "PASSWORD"));
        assert!(!is_own(text, 50, "DB_PASSWORD") && is_own(text, 50, "URL"));
    }
}
