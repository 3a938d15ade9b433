//! Through the forest of deltas: each object is inflated once, and made out of the one it stands on.

use crate::git::object::kind::Kind;
use crate::git::object::read::Fault;
use crate::git::odb::reader::Reader;
use crate::git::odb::{ByteRange, Node, Number, Odb, Place};
use crate::git::pack::delta::{self, Made, Piece};
use crate::git::sweep::delta_forest::{Forest, NONE};
use crate::git::sweep::kept_trees::KeptTrees;
use crate::secret::wipe::wipe;

/// How many bytes of bases a thread holds at a time; beyond it they are made again when they are needed.
const HELD: usize = 64 << 20;

/// How many bytes of memory that is used again a thread keeps.
const SPARE: usize = 8 << 20;

/// A delta that is larger is not taken into pieces, for it could have half as many as it has bytes.
const LARGEST_DELTA: usize = 4 << 20;

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
    pub(in crate::git) made: Made<'a>,
}

/// An object that is a delta, and that no other one is a delta on.
pub(in crate::git) struct Leaf<'a, M> {
    pub(in crate::git) number: Number,
    pub(in crate::git) kind: Kind,
    /// What the visitor said of its base.
    pub(in crate::git) mark: &'a M,
    pub(in crate::git) made: Made<'a>,
}

/// What is done with each object.
pub(in crate::git) trait Visitor {
    /// What it wants to know again of an object when it sees one that is a delta on it.
    type Mark;

    /// Whether an object, or one that is a delta on it, is to be visited.
    fn enters(&self, node: Node) -> bool;

    /// Visits one; `None` where it did not, or must not be asked about it again.
    fn visit(&mut self, seen: &Seen<'_, Self::Mark>) -> Option<Self::Mark>;

    /// Visits a leaf without putting it together; `false` where that cannot be done: then it is visited as others are.
    fn visit_leaf(&mut self, _: &Leaf<'_, Self::Mark>) -> bool {
        false
    }

    /// Forgets a mark that is needed no more.
    fn forget(&mut self, _: Self::Mark) {}
}

/// One object on the way down, and which delta on it comes next.
struct Frame<M> {
    node: Node,
    next: Node,
    /// `None`, as the mark, where it was discarded to save memory.
    content: Option<Vec<u8>>,
    mark: Option<M>,
}

/// A thread's way through the forest.
pub(in crate::git) struct Walker<'a, V: Visitor> {
    forest: &'a Forest,
    reader: Reader<'a>,
    trees: Option<&'a KeptTrees>,
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
    pub(in crate::git) fn new(
        forest: &'a Forest,
        reader: Reader<'a>,
        trees: Option<&'a KeptTrees>,
        limit: u64,
        visitor: V,
    ) -> Self {
        let (failed, frames, buffers) = (Vec::new(), Vec::new(), Buffers::default());
        Self { forest, reader, trees, limit, visitor, failed, frames, held: 0, given_up: 0, buffers }
    }

    /// Visits what stands by itself at `root`, and everything that is a delta on it.
    pub(in crate::git) fn walk(&mut self, root: Node) {
        match self.whole(root) {
            Ok(content) => self.arrive(&Step::to(root, self.reader.odb, self.forest), content, None),
            Err(fault) => self.fail(root, fault),
        }
        while let Some((step, mut base)) = self.step() {
            match self.make(&step, &mut base) {
                Ok(Some(content)) => self.arrive(&step, content, Some(base)),
                Ok(None) => self.push(base),
                Err(fault) => {
                    self.fail(step.node, fault);
                    self.push(base);
                }
            }
        }
    }

    /// The next delta, and its base, taken off the stack.
    fn step(&mut self) -> Option<(Step, Frame<V::Mark>)> {
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
                return Some((Step::to(node, self.reader.odb, self.forest), frame));
            }
            self.push(frame);
        }
    }

    /// What stands at `root` by itself, in a buffer that was used before.
    fn whole(&mut self, root: Node) -> Result<Vec<u8>, Fault> {
        match self.reader.odb.place(root) {
            Some(Place::Packed(byte_range)) if !self.forest.is_alone(root) => {
                let mut content = self.buffers.spare.take();
                let stored = Stored { node: root, byte_range };
                read(&mut self.reader, self.trees, &stored, self.limit, &mut content).map(|()| content)
            }
            _ => self.reader.node(root, self.limit).map(|(_, content)| content),
        }
    }

    /// A delta on a base; `None` where nothing more is to be done with it.
    fn make(&mut self, step: &Step, base: &mut Frame<V::Mark>) -> Result<Option<Vec<u8>>, Fault> {
        let Some(Place::Packed(byte_range)) = &step.place else { return Err(Fault::Missing) };
        let content = match base.content.take() {
            Some(content) => content,
            None => self.reader.node(base.node, self.limit)?.1,
        };
        let content = base.content.insert(content);
        let Buffers { text, pieces, spare } = &mut self.buffers;
        let stored = Stored { node: step.node, byte_range: *byte_range };
        read(&mut self.reader, self.trees, &stored, self.limit, text)?;
        if text.len() > LARGEST_DELTA {
            base.mark.take().into_iter().for_each(|mark| self.visitor.forget(mark));
            let mut whole = Vec::new();
            return delta::apply(content, text, self.limit, &mut whole).map(|()| Some(whole));
        }
        delta::pieces(content, text, self.limit, pieces)?;
        let made = Made { base: content, delta: text, pieces };
        let is_done = match (step.first, step.object, &base.mark) {
            // Nothing stands on a second copy, either.
            (NONE, None, _) => true,
            (NONE, Some((number, kind)), Some(mark)) => self.visitor.visit_leaf(&Leaf { number, kind, mark, made }),
            _ => false,
        };
        if is_done {
            return Ok(None);
        }
        let mut whole = spare.take();
        made.build(&mut whole);
        Ok(Some(whole))
    }

    fn arrive(&mut self, step: &Step, content: Vec<u8>, base: Option<Frame<V::Mark>>) {
        let Buffers { text: delta, pieces, .. } = &self.buffers;
        let seen_base = base.as_ref().and_then(|base| Some((base.mark.as_ref()?, base.content.as_deref()?)));
        let seen_base = seen_base.map(|(mark, base)| Base { mark, made: Made { base, delta, pieces } });
        let mark = step
            .object
            .and_then(|(number, kind)| self.visitor.visit(&Seen { number, kind, content: &content, base: seen_base }));
        if let Some(base) = base {
            self.push(base);
        }
        self.push(Frame { node: step.node, next: step.first, content: Some(content), mark });
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
                    wipe(&mut content);
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
        frame.content.into_iter().for_each(|content| self.buffers.spare.keep(content));
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

/// An entry of a pack.
struct Stored {
    node: Node,
    byte_range: ByteRange,
}

/// Inflates an entry, of those that are kept or out of its pack.
fn read(
    reader: &mut Reader<'_>,
    trees: Option<&KeptTrees>,
    stored: &Stored,
    limit: u64,
    out: &mut Vec<u8>,
) -> Result<(), Fault> {
    let Stored { node, byte_range } = *stored;
    let kept = trees.and_then(|trees| trees.entry(node));
    if kept.is_some_and(|entry| reader.kept(entry, byte_range.start, limit, out)) {
        return Ok(());
    }
    reader.entry(byte_range, limit, out)
}

/// What is known of a node before it is read. All of it is asked for at once: it lies far apart in memory.
struct Step {
    node: Node,
    /// The first delta on it.
    first: Node,
    place: Option<Place>,
    /// What it is visited as; not at all where it is a second copy: another thread may see the first.
    object: Option<(Number, Kind)>,
}

impl Step {
    fn to(node: Node, odb: &Odb, forest: &Forest) -> Self {
        let number = odb.number(node).filter(|number| odb.is_first(node, *number));
        let object = number.and_then(|number| Some((number, forest.kind(node)?)));
        Self { node, first: forest.first(node), place: odb.place(node), object }
    }
}

/// Memory that is used again. A blob may hold a secret, so that it is cleared at the end.
#[derive(Default)]
struct Buffers {
    text: Vec<u8>,
    /// What the delta that was applied last made.
    pieces: Vec<Piece>,
    spare: Spare,
}

impl Drop for Buffers {
    fn drop(&mut self) {
        wipe(&mut self.text);
        self.spare.all.iter_mut().for_each(wipe);
    }
}

/// Buffers that nobody uses now.
#[derive(Default)]
struct Spare {
    all: Vec<Vec<u8>>,
    /// How many bytes they have.
    held: usize,
}

impl Spare {
    fn take(&mut self) -> Vec<u8> {
        let buffer = self.all.pop().unwrap_or_default();
        self.held = self.held.saturating_sub(buffer.capacity());
        buffer
    }

    /// Keeps one for later, where there is room.
    fn keep(&mut self, mut buffer: Vec<u8>) {
        if self.held + buffer.capacity() > SPARE {
            return wipe(&mut buffer);
        }
        self.held += buffer.capacity();
        self.all.push(buffer);
    }
}

impl<M> Frame<M> {
    fn size(&self) -> usize {
        self.content.as_ref().map_or(0, Vec::capacity)
    }
}
