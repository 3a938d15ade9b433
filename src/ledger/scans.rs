//! What the last complete scan of each repository found, so that the next one can tell only what is new.
//!
//! Beside the ledger and not in it, for thousands of repositories would make every look at the ledger slow: a file of each
//! repository, in one of 256 directories, so that runs at once seldom wait for each other. A finding is known by marks:
//! HMAC-SHA256 under a key of this host, cut to 128 bits, of its check, its place and what is known of it. No value goes
//! into one, and without the key no name can be guessed from one.
//!
//! A file is the old one or the new one, whenever a run is killed. One that is damaged, or was written under another key,
//! is as good as none: everything is new then.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::Date;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::dir::StateDir;
use super::fault::Fault;
use super::fingerprint::{first, hmac};
use crate::files::{PrivateDir, READ_LIMIT, Root};
use crate::path::RelPath;
use crate::secret::Secret;

/// The key's file name. Not the ledger's: where that is and no ledger, a ledger was lost.
const KEY: &str = "scan.key";
/// The directory of the files.
const DIR: &str = "scans";
/// The first line of each.
const FORMAT: &str = "envward last scan 1";

/// What stands for a part of a finding.
pub type FindingMark = [u8; 16];

/// What was found, as marks.
pub type FindingMarks = BTreeSet<FindingMark>;

/// The last complete scan of a repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LastScan {
    /// What it found.
    pub found: FindingMarks,
    /// What decided that, where the repository need not be read again as long as it is the same.
    pub stamp: Option<[u8; 32]>,
    /// The days for which that holds: from the day of the scan on, and up to the last day of an ignore.
    pub days: Option<(Date, Option<Date>)>,
}

/// The files, opened.
pub struct Scans {
    dir: StateDir,
    key: Zeroizing<[u8; 32]>,
    /// Says which key it is.
    id: [u8; 8],
}

impl Scans {
    /// Opens them, and makes what is missing.
    ///
    /// # Errors
    /// The state directory or the key cannot be used.
    pub fn open(dir: &Path) -> Result<Self, Fault> {
        let state = StateDir::make(dir)?;
        let master = state.master_or_new(KEY)?;
        let key = Zeroizing::new(hmac(master.as_slice(), &[b"envward: findings of scans"]));
        let id = first(&hmac(master.as_slice(), &[b"envward: name of this key"]));
        Ok(Self { dir: StateDir::make(&state.path().join(DIR))?, key, id })
    }

    /// The name of a repository's file.
    #[must_use]
    pub fn name(&self, parts: &[&[u8]]) -> String {
        let mut hash = Sha256::new();
        framed(parts).iter().for_each(|part| hash.update(part));
        hex(hash.finalize().get(..16).unwrap_or_default())
    }

    /// The mark of something that was found.
    #[must_use]
    pub fn mark(&self, parts: &[&[u8]]) -> FindingMark {
        let framed = framed(parts);
        let framed: Vec<&[u8]> = framed.iter().map(Vec::as_slice).collect();
        first(&hmac(self.key.as_slice(), &framed))
    }

    /// The last complete scan of a repository; `None` where none is known.
    ///
    /// # Errors
    /// The file cannot be read, or others can.
    pub fn read(&self, name: &str) -> Result<Option<LastScan>, Fault> {
        let Some(dir) = StateDir::open(&self.place(name))? else { return Ok(None) };
        if !dir.has(file_name(name))? {
            return Ok(None);
        }
        let root = Root::open(dir.path()).map_err(|_| Fault::Refused)?;
        let found = PrivateDir::view(&root, &RelPath::default())?.read(file_name(name).as_bytes())?;
        Ok(found.and_then(|(text, _)| self.parse(&text)))
    }

    /// Records a complete scan. What would not be read again is not recorded, so that everything counts as new.
    ///
    /// # Errors
    /// The file cannot be written: the old one is still there.
    pub fn write(&self, name: &str, scan: &LastScan) -> Result<(), Fault> {
        let dir = StateDir::make(&self.place(name))?;
        let root = Root::open(dir.path()).map_err(|_| Fault::Refused)?;
        let locked = PrivateDir::lock(&root, &RelPath::default())?;
        let name = file_name(name).as_bytes();
        let text = self.text(scan).into_bytes();
        let held = locked.read(name)?.map(|(_, held)| held);
        if text.len() as u64 > READ_LIMIT {
            return held.map_or(Ok(()), |_| Ok(locked.remove(name)?));
        }
        Ok(locked.write(name, &Secret::new(text), held.as_ref(), None)?)
    }

    fn place(&self, name: &str) -> std::path::PathBuf {
        self.dir.path().join(name.get(..2).unwrap_or_default())
    }

    fn text(&self, scan: &LastScan) -> String {
        let mut text = format!("{FORMAT}\nkey {}\n", hex(&self.id));
        if let Some(stamp) = &scan.stamp {
            text += &format!("stamp {}\n", hex(stamp));
        }
        if let Some((from, until)) = scan.days {
            text += &format!("from {from}\n");
            text += &until.map(|until| format!("until {until}\n")).unwrap_or_default();
        }
        scan.found.iter().for_each(|mark| text += &format!("{}\n", hex(mark)));
        let seal = self.mark(&[b"file", text.as_bytes()]);
        text + &format!("seal {}\n", hex(&seal))
    }

    /// `None` for what is not whole, of another version, or under another key.
    #[expect(clippy::disallowed_methods, reason = "the file has marks and days alone")]
    fn parse(&self, text: &Secret) -> Option<LastScan> {
        let text = std::str::from_utf8(text.expose()).ok()?;
        let (content, seal) = text.strip_suffix('\n')?.rsplit_once("seal ")?;
        if seal != hex(&self.mark(&[b"file", content.as_bytes()])) {
            return None;
        }
        let mut lines = content.lines();
        if lines.next()? != FORMAT || lines.next()?.strip_prefix("key ")? != hex(&self.id) {
            return None;
        }
        let mut scan = LastScan::default();
        for line in lines {
            match line.split_once(' ') {
                None => drop(scan.found.insert(unhex(line)?)),
                Some(("stamp", stamp)) => scan.stamp = Some(unhex(stamp)?),
                Some(("from", day)) => scan.days = Some((day.parse().ok()?, None)),
                Some(("until", day)) => scan.days = Some((scan.days?.0, Some(day.parse().ok()?))),
                Some(_) => return None,
            }
        }
        Some(scan)
    }
}

/// The rest of a name is that of the file.
fn file_name(name: &str) -> &str {
    name.get(2..).unwrap_or_default()
}

/// Each part behind its length, so that no two lists of parts look alike.
fn framed(parts: &[&[u8]]) -> Vec<Vec<u8>> {
    parts.iter().map(|part| [&(part.len() as u64).to_be_bytes(), *part].concat()).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    let is_hex = text.len() == 2 * N && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    for (at, byte) in out.iter_mut().enumerate().filter(|_| is_hex) {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    is_hex.then_some(out)
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests damage files")]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    fn scan(scans: &Scans, count: u32) -> LastScan {
        LastScan {
            found: (0..count).map(|number| scans.mark(&[&number.to_be_bytes()])).collect(),
            stamp: Some([7; 32]),
            days: Some((jiff::civil::date(2026, 6, 30), Some(jiff::civil::date(2026, 12, 31)))),
        }
    }

    /// A state directory with the last scan of one repository, its name, and its file.
    fn recorded(dir: &Path) -> (Scans, String, std::path::PathBuf) {
        let scans = Scans::open(&dir.join("state")).unwrap();
        let name = scans.name(&[b"one"]);
        scans.write(&name, &scan(&scans, 3)).unwrap();
        let file = scans.place(&name).join(file_name(&name));
        (scans, name, file)
    }

    #[test]
    fn what_was_recorded_is_read_again() {
        let dir = tempfile::tempdir().unwrap();
        let scans = Scans::open(&dir.path().join("state")).unwrap();
        let (one, other) = (scans.name(&[b"one"]), scans.name(&[b"other"]));
        assert_eq!(scans.read(&one), Ok(None));
        for count in [0, 1, 200, 3] {
            scans.write(&one, &scan(&scans, count)).unwrap();
            assert_eq!(Scans::open(&dir.path().join("state")).unwrap().read(&one), Ok(Some(scan(&scans, count))));
        }
        let little = LastScan { stamp: None, days: None, ..scan(&scans, 2) };
        scans.write(&other, &little).unwrap();
        assert_eq!((scans.read(&other), scans.read(&one)), (Ok(Some(little)), Ok(Some(scan(&scans, 3)))));
        assert_ne!(scans.name(&[b"a", b"b"]), scans.name(&[b"ab", b""]));
    }

    #[test]
    fn what_is_damaged_or_under_another_key_is_as_good_as_none() {
        let dir = tempfile::tempdir().unwrap();
        let (scans, name, file) = recorded(dir.path());
        let whole = fs::read(&file).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            fs::write(&file, &changed).unwrap();
            assert_eq!(scans.read(&name), Ok(None), "byte {at}");
            fs::write(&file, &whole[..at]).unwrap();
            assert_eq!(scans.read(&name), Ok(None), "cut off at {at}");
        }
        fs::write(&file, &whole).unwrap();
        fs::remove_file(dir.path().join("state").join(KEY)).unwrap();
        assert_eq!(Scans::open(&dir.path().join("state")).unwrap().read(&name), Ok(None));
    }

    #[test]
    fn what_others_can_read_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let (scans, name, file) = recorded(dir.path());
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        assert_eq!(scans.read(&name), Err(Fault::Loose(0o644)));
    }

    /// A file that could not be read again would hide nothing, but it would stay for ever.
    #[test]
    fn what_is_too_large_is_forgotten() {
        let dir = tempfile::tempdir().unwrap();
        let (scans, name, _) = recorded(dir.path());
        scans.write(&name, &scan(&scans, 130_000)).unwrap();
        assert_eq!(scans.read(&name), Ok(None));
    }
}
