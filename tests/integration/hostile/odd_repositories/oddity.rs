//! What may stand where a file or a directory should.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions, Permissions};
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};

use nix::sys::stat::Mode;

pub struct Oddity {
    pub name: &'static str,
    make: fn(&Site) -> bool,
}

/// Where it is put.
struct Site {
    path: PathBuf,
    /// What was there, if anything; it stays as it is.
    before: PathBuf,
    /// A directory outside of every repository.
    outside: PathBuf,
}

impl Site {
    /// The bytes of what was there; something where that was no file.
    fn bytes(&self) -> Vec<u8> {
        if self.before.is_file() { fs::read(&self.before).unwrap() } else { b"something\n".to_vec() }
    }
}

pub const MISSING: &str = "missing";
pub const DIRECTORY: &str = "a directory";
pub const UNREADABLE: &str = "not readable";

pub const ODDITIES: &[Oddity] = &[
    Oddity { name: MISSING, make: |site| site.before.exists() },
    Oddity { name: "empty", make: |site| File::create(&site.path).is_ok() },
    Oddity { name: DIRECTORY, make: |site| fs::create_dir(&site.path).is_ok() },
    Oddity { name: "a pipe", make: |site| nix::unistd::mkfifo(&site.path, Mode::from_bits_truncate(0o644)).is_ok() },
    Oddity { name: "a socket", make: socket },
    Oddity { name: "a link out", make: link_out },
    Oddity { name: "a link to itself", make: |site| symlink(site.path.file_name().unwrap(), &site.path).is_ok() },
    Oddity { name: "a link to a device without an end", make: |site| symlink("/dev/zero", &site.path).is_ok() },
    Oddity { name: "8 GiB", make: large },
    Oddity { name: "chance", make: chance },
    Oddity { name: "one byte short", make: short },
    Oddity { name: UNREADABLE, make: unreadable },
];

impl Oddity {
    /// Puts it there; `None` where it means nothing for this path.
    pub fn put(&self, path: &Path, outside: &Path) -> Option<Kept> {
        let mut aside = OsString::from("kept-");
        aside.push(path.file_name().unwrap());
        let site = Site { path: path.to_owned(), before: outside.join(aside), outside: outside.to_owned() };
        let kept = Kept { path: site.path.clone(), before: site.before.clone() };
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        if path.symlink_metadata().is_ok() {
            fs::rename(path, &site.before).unwrap();
        }
        if (self.make)(&site) {
            return Some(kept);
        }
        kept.put_back();
        None
    }
}

/// What stood at a path, to be put back.
pub struct Kept {
    path: PathBuf,
    before: PathBuf,
}

impl Kept {
    pub fn put_back(self) {
        if let Ok(found) = self.path.symlink_metadata() {
            if found.is_dir() {
                fs::set_permissions(&self.path, Permissions::from_mode(0o755)).unwrap();
                fs::remove_dir_all(&self.path).unwrap();
            } else {
                fs::remove_file(&self.path).unwrap();
            }
        }
        if self.before.symlink_metadata().is_ok() {
            fs::rename(&self.before, &self.path).unwrap();
        }
    }
}

/// Made under a short name: the system takes no long ones.
fn socket(site: &Site) -> bool {
    let short = site.outside.join("s");
    drop(UnixListener::bind(&short).unwrap());
    fs::rename(short, &site.path).is_ok()
}

/// To what was there.
fn link_out(site: &Site) -> bool {
    let target = if site.before.exists() { site.before.clone() } else { site.outside.join("something") };
    if !target.exists() {
        fs::write(&target, site.bytes()).unwrap();
    }
    symlink(target, &site.path).is_ok()
}

/// What was there, and nothing behind it up to that size.
fn large(site: &Site) -> bool {
    fs::write(&site.path, site.bytes()).unwrap();
    OpenOptions::new().write(true).open(&site.path).unwrap().set_len(8 << 30).is_ok()
}

fn chance(site: &Site) -> bool {
    let name = site.path.to_str().unwrap().rsplit(".git").next().unwrap().bytes();
    let mut dice =
        name.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3));
    let bytes = (0..site.bytes().len().max(64)).map(|_| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        dice.to_be_bytes()[0]
    });
    fs::write(&site.path, bytes.collect::<Vec<u8>>()).is_ok()
}

fn short(site: &Site) -> bool {
    let bytes = site.bytes();
    site.before.is_file() && bytes.split_last().is_some_and(|(_, rest)| fs::write(&site.path, rest).is_ok())
}

/// A file or an empty directory, whichever was there, that nobody may read.
fn unreadable(site: &Site) -> bool {
    if site.before.is_dir() {
        fs::create_dir(&site.path).unwrap();
    } else {
        fs::write(&site.path, site.bytes()).unwrap();
    }
    fs::set_permissions(&site.path, Permissions::from_mode(0o000)).is_ok()
}
