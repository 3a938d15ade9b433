//! Reading stored objects, one after the other. Each thread has a reader of its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use zeroize::Zeroizing;

use super::bases::{Base, Bases};
use super::{ByteRange, Node, Number, Odb, Place, loose};
use crate::git::Oid;
use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::pack::delta;
use crate::git::pack::entry::{self, Form, Header, LONGEST};
use crate::git::pack::file::{Blocks, PackFile};
use crate::git::pack::inflate::{Inflater, Part};

/// A chain of deltas is no longer than 4,095 where git wrote it; others may write longer ones.
const LONGEST_CHAIN: usize = 1 << 16;

/// What an object is a delta on may be this large, however small the object is.
const LARGEST_BASE: u64 = 128 << 20;

/// What is not larger than this, deflated, is inflated at once.
const LARGEST_WHOLE: u64 = 1 << 20;

/// For one object so many bytes may be made of deltas: a few kilobytes of them can stand for days of work.
const MOST_WORK: u64 = 8 << 30;

/// Where the entries of packs are.
pub(in crate::git) trait Packs {
    /// The length of an id.
    fn id_len(&self) -> usize;
    /// The pack of this number.
    fn file(&self, pack: usize) -> Option<&PackFile>;
    /// Where the entry at a place of a pack stands. Its end is its start, where that is not known.
    fn byte_range_at(&self, pack: usize, start: u64) -> ByteRange;
    /// Where the object of this id is.
    fn find(&self, id: Oid) -> Option<Place>;
    /// The objects of them that others are deltas on, as far as they are kept.
    fn bases(&self) -> &Bases;
}

impl Packs for Odb {
    fn id_len(&self) -> usize {
        self.id_len
    }

    fn file(&self, pack: usize) -> Option<&PackFile> {
        self.packs.get(pack).map(|pack| &pack.file)
    }

    fn byte_range_at(&self, pack: usize, start: u64) -> ByteRange {
        let at = self.packs.get(pack).and_then(|pack| pack.places.find(start));
        at.and_then(|at| self.byte_range(pack, at as usize)).unwrap_or(ByteRange { pack, start, end: start })
    }

    fn find(&self, id: Oid) -> Option<Place> {
        self.ids.find(id.as_bytes()).and_then(|number| self.node(number)).and_then(|node| self.place(node))
    }

    fn bases(&self) -> &Bases {
        &self.bases
    }
}

/// A reader with a cache of its own.
pub(in crate::git) struct Reader<'a, P = Odb> {
    pub(in crate::git) odb: &'a P,
    blocks: Blocks,
    inflater: Inflater,
}

impl<'a, P: Packs> Reader<'a, P> {
    /// With room for this many blocks of 8 KiB.
    pub(in crate::git) fn new(odb: &'a P, blocks: usize) -> Self {
        Self { odb, blocks: Blocks::new(blocks), inflater: Inflater::new() }
    }

    /// The header of the entry at a place of a pack.
    pub(in crate::git) fn header(&mut self, pack: usize, place: u64) -> Result<Header, Fault> {
        let (file, id_len) = (self.odb.file(pack).ok_or(Fault::Missing)?, self.odb.id_len());
        let bytes = self.blocks.at(pack, file, place).map_err(|_| Fault::Corrupt)?;
        if bytes.len() >= LONGEST {
            return entry::header(bytes, place, id_len).ok_or(Fault::Corrupt);
        }
        let mut start = bytes.to_vec();
        // At the end of the pack there may be no more.
        let next = place + start.len() as u64;
        start.extend_from_slice(self.blocks.at(pack, file, next).unwrap_or_default());
        entry::header(&start, place, id_len).ok_or(Fault::Corrupt)
    }

    /// Inflates an entry, an object or a delta, into `out`.
    pub(in crate::git) fn entry(&mut self, byte_range: ByteRange, limit: u64, out: &mut Vec<u8>) -> Result<(), Fault> {
        let ByteRange { pack, start, end } = byte_range;
        let header = self.header(pack, start)?;
        if header.size > limit {
            return Err(Fault::TooLarge);
        }
        let size = usize::try_from(header.size).map_err(|_| Fault::TooLarge)?;
        let file = self.odb.file(pack).ok_or(Fault::Missing)?;
        let mut at = start + header.len as u64;
        if (at..at + LARGEST_WHOLE).contains(&end) {
            let input = self.blocks.between(pack, file, at, end).map_err(|_| Fault::Corrupt)?;
            if self.inflater.whole(input, size, out) {
                return Ok(());
            }
        }
        self.inflater.begin(end.saturating_sub(at), size, out);
        loop {
            let input = self.blocks.at(pack, file, at).map_err(|_| Fault::Corrupt)?;
            let Part { used, is_done } = self.inflater.feed(input, size, out)?;
            if is_done {
                return Ok(());
            }
            at += used as u64;
        }
    }

    /// Inflates an entry that stands at `start` of its pack and is in memory; `false` where it cannot be done.
    pub(in crate::git) fn kept(&mut self, entry: &[u8], start: u64, limit: u64, out: &mut Vec<u8>) -> bool {
        let Some(header) = entry::header(entry, start, self.odb.id_len()).filter(|header| header.size <= limit) else {
            return false;
        };
        let (input, size) = (entry.get(header.len..).unwrap_or_default(), usize::try_from(header.size));
        size.is_ok_and(|size| self.inflater.whole(input, size, out))
    }

    /// The object of this id, of at most `limit` bytes, its deltas resolved; that it has this id is not verified.
    pub(in crate::git) fn of(&mut self, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        match self.odb.find(id).ok_or(Fault::Missing)? {
            Place::Loose(path) => loose::object(&path, limit),
            Place::Packed(byte_range) => self.packed(byte_range, limit),
        }
    }

    fn packed(&mut self, byte_range: ByteRange, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let (deltas, bottom) = self.chain(byte_range)?;
        // What a small object stands on may be larger.
        let below = limit.max(LARGEST_BASE);
        let first = if deltas.is_empty() { limit } else { below };
        let mut base = match bottom {
            Bottom::Whole(kind, at) => {
                let mut content = Vec::new();
                self.entry(at, first, &mut content)?;
                if deltas.is_empty() {
                    return Ok((kind, content));
                }
                self.keep(at, kind, content)
            }
            Bottom::Loose(path) => {
                let (kind, content) = loose::object(&path, first)?;
                Arc::new(Base { kind, content: Zeroizing::new(content) })
            }
            Bottom::Known(base) if base.content.len() as u64 > first => return Err(Fault::TooLarge),
            Bottom::Known(base) => base,
        };
        let (mut text, mut left_to_make) = (Zeroizing::default(), MOST_WORK);
        for (left, at) in deltas.into_iter().enumerate().rev() {
            self.entry(at, below, &mut text)?;
            let mut made = Zeroizing::default();
            delta::apply(&base.content, &text, if left == 0 { limit } else { below }, &mut made)?;
            left_to_make = left_to_make.checked_sub(made.len() as u64).ok_or(Fault::TooLarge)?;
            base = self.keep(at, base.kind, std::mem::take(&mut *made));
        }
        let kind = base.kind;
        // What is too large to be kept is not copied.
        let content = Arc::try_unwrap(base).map(|mut base| std::mem::take(&mut *base.content));
        Ok((kind, content.unwrap_or_else(|kept| kept.content.to_vec())))
    }

    /// Keeps an object for what stands on it.
    fn keep(&self, at: ByteRange, kind: Kind, content: Vec<u8>) -> Arc<Base> {
        let base = Arc::new(Base { kind, content: Zeroizing::new(content) });
        self.odb.bases().keep((at.pack, at.start), &base);
        base
    }

    /// The deltas from an entry down to one that is kept, and what they stand on.
    fn chain(&mut self, byte_range: ByteRange) -> Result<(Vec<ByteRange>, Bottom), Fault> {
        let (mut at, mut deltas) = (byte_range, Vec::new());
        // Of a ring: an entry that was passed before, looked out for in ever longer rounds (Brent).
        let (mut landmark, mut round) = (None, 1);
        while deltas.len() < LONGEST_CHAIN {
            if landmark == Some((at.pack, at.start)) {
                break;
            }
            if deltas.len() == round {
                (landmark, round) = (Some((at.pack, at.start)), 2 * round);
            }
            if let Some(base) = self.odb.bases().get((at.pack, at.start)) {
                return Ok((deltas, Bottom::Known(base)));
            }
            match self.header(at.pack, at.start)?.form {
                Form::Whole(kind) => return Ok((deltas, Bottom::Whole(kind, at))),
                Form::At(base) => {
                    deltas.push(at);
                    at = self.odb.byte_range_at(at.pack, base);
                }
                Form::On(id) => {
                    deltas.push(at);
                    // That what is there lacks its base is its own fault.
                    match self.odb.find(id).ok_or(Fault::Corrupt)? {
                        Place::Packed(byte_range) => at = byte_range,
                        Place::Loose(path) => return Ok((deltas, Bottom::Loose(path))),
                    }
                }
            }
        }
        Err(Fault::Corrupt)
    }
}

impl Reader<'_, Odb> {
    /// The stored copy's object, of at most `limit` bytes, its deltas resolved. The id of a packed one is not verified:
    /// what the index calls it is what git reads.
    pub(in crate::git) fn node(&mut self, node: Node, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        match self.odb.place(node).ok_or(Fault::Missing)? {
            Place::Loose(path) => {
                let (kind, content) = loose::object(&path, limit)?;
                let id = self.odb.number(node).and_then(|number| self.odb.ids.get(number));
                if Oid::of(kind, &content, self.odb.id_len) == id { Ok((kind, content)) } else { Err(Fault::Corrupt) }
            }
            Place::Packed(byte_range) => self.packed(byte_range, limit),
        }
    }

    /// The type of a stored copy.
    pub(in crate::git) fn kind(&mut self, node: Node) -> Result<Kind, Fault> {
        match self.odb.place(node).ok_or(Fault::Missing)? {
            Place::Loose(path) => loose::header(&path).map(|(kind, _)| kind),
            Place::Packed(byte_range) => match self.chain(byte_range)?.1 {
                Bottom::Whole(kind, ..) => Ok(kind),
                Bottom::Loose(path) => loose::header(&path).map(|(kind, _)| kind),
                Bottom::Known(base) => Ok(base.kind),
            },
        }
    }

    /// The object of this number, of at most `limit` bytes, its id verified: the first copy that is sound.
    pub(in crate::git) fn object(&mut self, number: Number, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let id = self.odb.ids.get(number).ok_or(Fault::Missing)?;
        let first = self.odb.node(number).ok_or(Fault::Missing)?;
        let answer = self.verified(first, id, limit);
        if !matches!(answer, Err(Fault::Missing | Fault::Corrupt)) {
            return answer;
        }
        let others = self.odb.copies(number).into_iter().filter(|node| *node != first);
        let answer = others.map(|node| self.verified(node, id, limit)).find(Result::is_ok).unwrap_or(answer);
        if matches!(answer, Err(Fault::Missing)) {
            self.odb.vanished.store(true, Ordering::Relaxed);
        }
        answer
    }

    fn verified(&mut self, node: Node, id: Oid, limit: u64) -> Result<(Kind, Vec<u8>), Fault> {
        let (kind, content) = self.node(node, limit)?;
        if Oid::of(kind, &content, self.odb.id_len) == Some(id) { Ok((kind, content)) } else { Err(Fault::Corrupt) }
    }
}

/// What a chain of deltas stands on.
enum Bottom {
    Whole(Kind, ByteRange),
    Loose(std::path::PathBuf),
    Known(Arc<Base>),
}
