//! What is mounted where, asked once and without touching it: to ask a file system that hangs would hang.

use std::collections::BTreeMap;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

/// What a walk does at a mount point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mount {
    /// Goes in, unless it is to stay on one file system.
    Disk,
    /// Passes by: what the kernel makes up there is no file.
    Kernel,
    /// Passes by, and says so.
    Network,
}

/// File systems of the kernel's own. To look into `autofs` mounts what is behind it.
const KERNEL: &[&str] = &[
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "fusectl",
    "hugetlbfs",
    "mqueue",
    "nsfs",
    "proc",
    "pstore",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "sysfs",
    "tracefs",
];

/// File systems of which another host, or a program, answers.
const NETWORK: &[&str] = &[
    "9p",
    "afs",
    "beegfs",
    "ceph",
    "cifs",
    "coda",
    "davfs",
    "gfs",
    "gfs2",
    "glusterfs",
    "gpfs",
    "lustre",
    "ncpfs",
    "nfs",
    "nfs4",
    "ocfs2",
    "orangefs",
    "pvfs2",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// The mounts of this process.
#[derive(Clone, Debug, Default)]
pub(super) struct Mounts {
    points: BTreeMap<PathBuf, Mount>,
    /// Whether `/proc` hides the processes of others.
    pub(super) hides_processes: bool,
}

impl Mounts {
    /// Those of this process (proc_pid_mountinfo(5)).
    #[expect(clippy::disallowed_methods, reason = "the kernel writes it")]
    pub(super) fn read() -> Self {
        Self::of(&std::fs::read("/proc/self/mountinfo").unwrap_or_default())
    }

    pub(super) fn of(text: &[u8]) -> Self {
        let mut mounts = Self::default();
        for line in text.split(|byte| *byte == b'\n') {
            let words: Vec<&[u8]> = line.split(|byte| *byte == b' ').collect();
            let Some(dash) = words.iter().position(|word| *word == b"-") else { continue };
            let (Some(point), Some(kind)) = (words.get(4), words.get(dash + 1)) else { continue };
            let (point, kind) = (unescaped(point), String::from_utf8_lossy(kind));
            if *point == *b"/proc" {
                let options = words.get(dash + 3).copied().unwrap_or_default();
                let mut options = options.split(|byte| *byte == b',');
                mounts.hides_processes =
                    options.any(|one| one.starts_with(b"hidepid=") && !matches!(one, b"hidepid=0" | b"hidepid=off"));
            }
            // The last one is on top.
            mounts.points.insert(PathBuf::from(std::ffi::OsStr::from_bytes(&point)), Mount::of(&kind));
        }
        mounts
    }

    /// Those below a directory.
    pub(super) fn below(&self, dir: &Path) -> BTreeMap<PathBuf, Mount> {
        let all = self.points.iter().filter(|(point, _)| point.starts_with(dir) && *point != dir);
        all.map(|(point, mount)| (point.clone(), *mount)).collect()
    }

    /// The one that a path is on.
    pub(super) fn of_path(&self, path: &Path) -> Option<Mount> {
        path.ancestors().find_map(|dir| self.points.get(dir)).copied()
    }
}

impl Mount {
    fn of(kind: &str) -> Self {
        let kind = kind.strip_prefix("fuseblk").map_or(kind, |_| "ext4");
        match kind {
            _ if KERNEL.contains(&kind) => Self::Kernel,
            _ if NETWORK.contains(&kind) || kind == "fuse" || kind.starts_with("fuse.") => Self::Network,
            _ => Self::Disk,
        }
    }
}

/// Blanks and backslashes are written as three octal digits.
fn unescaped(text: &[u8]) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text);
    while let Some((first, behind)) = rest.split_first() {
        match (first, behind) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                out.push((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'));
                rest = after;
            }
            _ => {
                out.push(*first);
                rest = behind;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_mounted_where() {
        let text = b"21 1 254:0 / / rw shared:1 - ext4 /dev/vda rw\n\
            22 21 0:20 / /proc rw - proc proc rw,hidepid=2\n\
            23 21 0:50 / /mnt/a\\040b rw master:2 - nfs4 host:/x rw\n\
            24 21 0:51 / /mnt/s rw - fuse.sshfs host: rw\n\
            25 21 8:1 / /mnt/usb rw - fuseblk /dev/sda1 rw\nbroken\n";
        let mounts = Mounts::of(text);
        assert!(mounts.hides_processes);
        let below: Vec<_> = mounts.below(Path::new("/mnt")).into_iter().collect();
        let expected = [("/mnt/a b", Mount::Network), ("/mnt/s", Mount::Network), ("/mnt/usb", Mount::Disk)];
        assert_eq!(below, expected.map(|(path, mount)| (PathBuf::from(path), mount)));
        assert_eq!(mounts.of_path(Path::new("/mnt/a b/c")), Some(Mount::Network));
        assert_eq!(mounts.of_path(Path::new("/proc/1")), Some(Mount::Kernel));
        assert_eq!(mounts.of_path(Path::new("/home")), Some(Mount::Disk));
    }
}
