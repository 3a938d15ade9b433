//! Through the forest of deltas: each object is inflated once, and made out of the one it stands on.

use zeroize::Zeroize;

use super::forest::{Forest, NONE};
use crate::git::objects::{Fault, Kind};
use crate::git::odb::reader::Reader;
use crate::git::odb::{Node, Number, Place};
use crate::git::pack::delta::{self, Piece};

/// How many bytes of bases a thread holds at a time; beyond it they are made again when they are needed.
const HELD: usize = 64 << 20;

/// An object, as a visitor sees it.
pub(in crate::git) struct Seen<'a, M> {
    pub(in crate::git) number: Number,
    pub(in crate::git) kind: Kind,
    pub(in crate::git) content: &'a [u8],
    /// What it is stored as a delta on, where the visitor saw that.
    pub(in crate::git) base: Option<Base<'a, M>>,
}

/// The object that another one is a delta on.
pub(in crate::git) struct Base<'a, M> {
    /// What the visitor said of it.
    pub(in crate::git) mark: &'a M,
    /// What the other one is made of.
    pub(in crate::git) pieces: &'a [Piece],
}

/// What is done with each object.
pub(in crate::git) trait Visitor {
    /// What it wants to know again of an object when it sees one that is a delta on it.
    type Mark;

    /// Whether an object, or one that is a delta on it, is to be visited.
    fn enters(&self, node: Node) -> bool;

    /// Visits one; `None` where it did not, or must not be asked about it again.
    fn visit(&mut self, seen: &Seen<'_, Self::Mark>) -> Option<Self::Mark>;

    /// Takes back a mark that is needed no more.
    fn forget(&mut self, _: Self::Mark) {}
}

/// One object on the way down, and which delta on it comes next.
struct Frame<M> {
    node: Node,
    next: Node,
    /// `None`, as the mark, where it was given up to save memory.
    content: Option<Vec<u8>>,
    mark: Option<M>,
}

/// A thread's way through the forest.
pub(in crate::git) struct Walker<'a, V: Visitor> {
    forest: &'a Forest,
    reader: Reader<'a>,
    /// The size of the largest object that is read.
    limit: u64,
    pub(in crate::git) visitor: V,
    /// What could not be read. What is a delta on it is here, too.
    pub(in crate::git) failed: Vec<(Node, Fault)>,
    frames: Vec<Frame<V::Mark>>,
    /// The bytes in them, and how many frames from the bottom on have given theirs up.
    held: usize,
    given_up: usize,
    buffers: Buffers,
}

impl<'a, V: Visitor> Walker<'a, V> {
    /// One that reads objects of at most `limit` bytes.
    pub(in crate::git) fn new(forest: &'a Forest, reader: Reader<'a>, limit: u64, visitor: V) -> Self {
        let (failed, frames, buffers) = (Vec::new(), Vec::new(), Buffers::default());
        Self { forest, reader, limit, visitor, failed, frames, held: 0, given_up: 0, buffers }
    }

    /// Visits what stands by itself at `root`, and everything that is a delta on it.
    pub(in crate::git) fn walk(&mut self, root: Node) {
        match self.whole(root) {
            Ok(content) => self.arrive(root, content, None),
            Err(fault) => self.fail(root, fault),
        }
        while let Some((node, mut base)) = self.step() {
            match self.make(node, &mut base) {
                Ok(content) => self.arrive(node, content, Some(base)),
                Err(fault) => {
                    self.fail(node, fault);
                    self.push(base);
                }
            }
        }
    }

    /// The next delta, and its base, taken off the stack.
    fn step(&mut self) -> Option<(Node, Frame<V::Mark>)> {
        loop {
            let mut frame = self.frames.pop()?;
            self.given_up = self.given_up.min(self.frames.len());
            self.held = self.held.saturating_sub(frame.size());
            let node = frame.next;
            if node == NONE {
                self.leave(frame);
                continue;
            }
            frame.next = self.forest.next(node);
            if self.visitor.enters(node) {
                return Some((node, frame));
            }
            self.push(frame);
        }
    }

    /// What stands at `root` by itself, in a buffer that was used before.
    fn whole(&mut self, root: Node) -> Result<Vec<u8>, Fault> {
        match self.reader.odb.place(root) {
            Some(Place::Packed(stretch)) if !self.forest.is_alone(root) => {
                let mut content = self.buffers.spare.pop().unwrap_or_default();
                self.reader.entry(stretch, self.limit, &mut content).map(|()| content)
            }
            _ => self.reader.node(root, self.limit).map(|(_, content)| content),
        }
    }

    /// A delta on a base.
    fn make(&mut self, node: Node, base: &mut Frame<V::Mark>) -> Result<Vec<u8>, Fault> {
        let Some(Place::Packed(stretch)) = self.reader.odb.place(node) else { return Err(Fault::Missing) };
        let content = match base.content.take() {
            Some(content) => content,
            None => self.reader.node(base.node, self.limit)?.1,
        };
        let content = base.content.insert(content);
        self.reader.entry(stretch, self.limit, &mut self.buffers.text)?;
        let mut made = self.buffers.spare.pop().unwrap_or_default();
        let Buffers { text, pieces, .. } = &mut self.buffers;
        delta::apply_pieces(content, text, self.limit, &mut made, pieces).map(|()| made)
    }

    fn arrive(&mut self, node: Node, content: Vec<u8>, base: Option<Frame<V::Mark>>) {
        let pieces = self.buffers.pieces.as_slice();
        let seen_base = base.as_ref().and_then(|base| base.mark.as_ref()).map(|mark| Base { mark, pieces });
        let mark = match (self.reader.odb.number(node), self.forest.kind(node)) {
            (Some(number), Some(kind)) if self.reader.odb.is_first(node, number) => {
                self.visitor.visit(&Seen { number, kind, content: &content, base: seen_base })
            }
            // A second copy: another thread may see the first.
            _ => None,
        };
        if let Some(base) = base {
            self.push(base);
        }
        self.push(Frame { node, next: self.forest.first(node), content: Some(content), mark });
    }

    fn push(&mut self, frame: Frame<V::Mark>) {
        if frame.next == NONE {
            return self.leave(frame);
        }
        self.held += frame.size();
        self.frames.push(frame);
        // The lowest ones are needed last.
        while self.held > HELD && self.given_up + 1 < self.frames.len() {
            if let Some(frame) = self.frames.get_mut(self.given_up) {
                self.held = self.held.saturating_sub(frame.size());
                if let Some(mut content) = frame.content.take() {
                    content.zeroize();
                }
                if let Some(mark) = frame.mark.take() {
                    self.visitor.forget(mark);
                }
            }
            self.given_up += 1;
        }
    }

    /// Nothing more stands on it.
    fn leave(&mut self, frame: Frame<V::Mark>) {
        self.buffers.spare.extend(frame.content);
        if let Some(mark) = frame.mark {
            self.visitor.forget(mark);
        }
    }

    fn fail(&mut self, node: Node, fault: Fault) {
        let mut waiting = vec![node];
        while let Some(node) = waiting.pop() {
            if self.visitor.enters(node) {
                self.failed.push((node, fault));
                waiting.extend(self.forest.deltas(node));
            }
        }
    }
}

/// Memory that is used again. A blob may hold a secret, so that it is cleared at the end.
#[derive(Default)]
struct Buffers {
    text: Vec<u8>,
    /// What the delta that was applied last made.
    pieces: Vec<Piece>,
    spare: Vec<Vec<u8>>,
}

impl Drop for Buffers {
    fn drop(&mut self) {
        self.text.zeroize();
        self.spare.iter_mut().for_each(Zeroize::zeroize);
    }
}

impl<M> Frame<M> {
    fn size(&self) -> usize {
        self.content.as_ref().map_or(0, Vec::capacity)
    }
}
