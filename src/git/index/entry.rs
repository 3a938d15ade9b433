//! One entry of an index file.

use super::cursor::Cursor;
use super::{DIRECTORY, Index, IndexFault};

/// An entry with its path is shorter: Linux takes paths of 4,096 bytes, git's own limit is far above.
const LONGEST: usize = 64 << 10;
/// What stands before the id: times, device, inode, mode, owner, size.
const STAT: usize = 40;
const EXTENDED: u16 = 0x4000;
const NAME_LENGTH: u16 = 0x0fff;
const INTENT_TO_ADD: u16 = 0x2000;
const SKIP_WORKTREE: u16 = 0x4000;

/// An entry as it is in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Entry<'a> {
    pub(in crate::git) path: &'a [u8],
    pub(in crate::git) blob: &'a [u8],
    pub(in crate::git) mode: u32,
    pub(in crate::git) stage: u8,
    pub(in crate::git) intent_to_add: bool,
    /// Whether a sparse checkout leaves it out of the work tree.
    pub(in crate::git) is_left_out: bool,
    /// The file of the work tree, as it was when its content was this blob; `None` where git listed the entries.
    pub(in crate::git) stamp: Option<Stamp>,
}

/// What tells that a file was not written since.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Stamp {
    /// When it was written: seconds since 1970, and nanoseconds.
    pub(in crate::git) written: (u32, u32),
    /// The lower bits of its size.
    pub(in crate::git) size: u32,
}

/// The path and stage of the entry before.
#[derive(Default)]
pub(super) struct Last {
    path: Vec<u8>,
    stage: u8,
}

/// Whether the next entry is in these bytes to its end, if it is not broken.
pub(super) fn is_whole(bytes: &[u8], id_len: usize) -> bool {
    let flags = bytes.get(STAT + id_len..).and_then(<[u8]>::first_chunk).map(|flags| u16::from_be_bytes(*flags));
    let is_short = flags.is_some_and(|flags| flags & NAME_LENGTH != NAME_LENGTH);
    bytes.len() >= if is_short { STAT + id_len + usize::from(NAME_LENGTH) + 16 } else { LONGEST }
}

/// No entry takes fewer bytes.
pub(super) fn shortest(id_len: usize) -> u64 {
    (STAT + id_len + 2) as u64
}

/// Steps over an entry.
pub(super) fn pass(rest: &mut Cursor<'_>, version: u32, id_len: usize) -> Result<(), IndexFault> {
    let before = rest.0.len();
    rest.take(STAT + id_len)?;
    let flags = rest.short()?;
    if flags & EXTENDED != 0 && version > 2 {
        rest.take(2)?;
    }
    if version == 4 {
        rest.varint()?;
        return rest.until_nul().map(drop);
    }
    match flags & NAME_LENGTH {
        NAME_LENGTH => drop(rest.until_nul()?),
        length => drop(rest.take(usize::from(length) + 1)?),
    }
    rest.pad(before)
}

impl Index {
    /// The next entry.
    #[inline]
    pub(super) fn entry<'p, 'b: 'p>(&self, rest: &mut Cursor<'b>, last: &'p mut Last) -> Result<Entry<'p>, IndexFault> {
        let before = rest.0.len();
        let stat: &[u8; STAT] = rest.take(STAT)?.first_chunk().ok_or(IndexFault::Broken)?;
        let (written, mode, size) = ((number(stat, 8), number(stat, 12)), number(stat, 24), number(stat, 36));
        let blob = rest.take(self.id_len)?;
        let flags = rest.short()?;
        let more = if flags & EXTENDED != 0 && self.version > 2 { rest.short()? } else { 0 };
        if more & !(INTENT_TO_ADD | SKIP_WORKTREE) != 0 {
            return Err(IndexFault::Unsupported);
        }
        let stage = u8::try_from(flags >> 12 & 3).unwrap_or(0);
        let length = usize::from(flags & NAME_LENGTH);
        let path = match self.version {
            4 => self.packed(rest, last, stage)?,
            _ => self.plain(rest, last, (before, length, stage))?,
        };
        if length != usize::from(NAME_LENGTH) && length != path.len() {
            return Err(IndexFault::Broken);
        }
        // Without a name it stands for an entry of the shared index.
        if path.is_empty() && self.link.is_none() || mode == DIRECTORY && !self.is_sparse {
            return Err(IndexFault::Broken);
        }
        let (intent_to_add, is_left_out) = (more & INTENT_TO_ADD != 0, more & SKIP_WORKTREE != 0);
        let stamp = Some(Stamp { written, size });
        Ok(Entry { path, blob, mode, stage, intent_to_add, is_left_out, stamp })
    }

    /// The path of an entry of version 2 or 3.
    #[inline]
    fn plain<'b>(
        &self,
        rest: &mut Cursor<'b>,
        last: &mut Last,
        (before, length, stage): (usize, usize, u8),
    ) -> Result<&'b [u8], IndexFault> {
        let name = if length == usize::from(NAME_LENGTH) {
            rest.until_nul()?
        } else {
            // Its end is where the length says, or the length is wrong.
            let name = rest.take(length)?;
            if rest.take(1)? != [0] || memchr::memchr(0, name).is_some() {
                return Err(IndexFault::Broken);
            }
            name
        };
        rest.pad(before)?;
        self.in_order((&last.path, last.stage), (name, stage))?;
        last.path.clear();
        last.path.extend_from_slice(name);
        last.stage = stage;
        Ok(name)
    }

    /// The path of an entry of version 4, which builds on the one before.
    fn packed<'p>(&self, rest: &mut Cursor<'_>, last: &'p mut Last, stage: u8) -> Result<&'p [u8], IndexFault> {
        let kept = last.path.len().checked_sub(rest.varint()?).ok_or(IndexFault::Broken)?;
        let name = rest.until_nul()?;
        self.in_order((last.path.get(kept..).unwrap_or_default(), last.stage), (name, stage))?;
        last.path.truncate(kept);
        last.path.extend_from_slice(name);
        last.stage = stage;
        if last.path.len() > LONGEST { Err(IndexFault::Broken) } else { Ok(&last.path) }
    }

    /// An entry comes behind the one before; those of a split index are put in order with those of the shared one.
    #[inline]
    fn in_order(&self, last: (&[u8], u8), next: (&[u8], u8)) -> Result<(), IndexFault> {
        if last < next || self.link.is_some() { Ok(()) } else { Err(IndexFault::Broken) }
    }
}

#[inline]
fn number(stat: &[u8; STAT], at: usize) -> u32 {
    stat.get(at..).and_then(<[u8]>::first_chunk).map_or(0, |bytes| u32::from_be_bytes(*bytes))
}
