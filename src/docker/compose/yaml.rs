//! From bytes to trees: one for each YAML document of a file.
//!
//! Bounded: by the parser's own limits on nesting, and by [`MAX_NODES`] and [`MAX_DEPTH`] once aliases are counted as
//! what they stand for, so that a page of aliases of aliases ends here and not in the memory.

use std::collections::{HashMap, HashSet};
use std::num::NonZeroU32;
use std::sync::Arc;

use granit_parser::{Event, Parser, ScalarStyle, Span, Tag};

use super::fault::{Fault, FaultKind};
use super::node::{Entry, Kind, MergeTag, Node, Place, Scalar, Value};
use super::scalar::{Plain, plain};
use super::text::Text;

/// How many nodes a file may hold, aliases counted as what they stand for. The largest of 346 real compose files has
/// 5,000.
pub(super) const MAX_NODES: usize = 200_000;

/// How deep they may nest.
const MAX_DEPTH: u32 = 128;

/// Reads a file.
pub(super) fn parse(bytes: &[u8], file: usize) -> Result<Vec<Arc<Node>>, Fault> {
    let text = std::str::from_utf8(bytes).map_err(|_| Fault { line: None, kind: FaultKind::NotText })?;
    // As Compose's library: a file that ends in its last line ends there.
    let options = granit_parser::options! { emit_comments: false, block_scalar_eof_without_line_feed: true };
    let mut builder = Builder { file, open: Vec::new(), anchors: HashMap::new(), documents: Vec::new() };
    for item in Parser::new_from_str_with_options(text, options) {
        // Only the place: the message may quote the file.
        let (event, span) = item.map_err(|error| Fault::at(line_of(error.marker().line()), FaultKind::Syntax))?;
        builder.take(event, span)?;
    }
    Ok(builder.documents)
}

fn line_of(line: usize) -> NonZeroU32 {
    u32::try_from(line).ok().and_then(NonZeroU32::new).unwrap_or(NonZeroU32::MIN)
}

/// A node, and how much it is once its aliases are counted.
#[derive(Clone)]
struct Built {
    node: Arc<Node>,
    weight: usize,
    depth: u32,
}

/// A list or map whose end has not come.
struct Open {
    anchor: usize,
    place: Place,
    mark: Option<MergeTag>,
    weight: usize,
    depth: u32,
    inner: Inner,
}

enum Inner {
    List(Vec<Arc<Node>>),
    Map { entries: Vec<Entry>, keys: HashSet<Text>, merged: Vec<Entry>, key: Option<(Text, Place, bool)> },
}

struct Builder {
    file: usize,
    open: Vec<Open>,
    anchors: HashMap<usize, Built>,
    documents: Vec<Arc<Node>>,
}

impl Builder {
    fn take(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let place = Place { file: self.file, line: line_of(span.start.line()) };
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let is_merge = style == ScalarStyle::Plain && text == "<<" && tag.is_none();
                let node = Node { place, mark: mark(tag.as_deref()), value: scalar(&text, style, tag.as_deref()) };
                self.put(Built { node: Arc::new(node), weight: 1, depth: 1 }, anchor, is_merge)
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.start(anchor, place, tag.as_deref(), Inner::List(Vec::new()));
                Ok(())
            }
            Event::MappingStart(_, anchor, tag) => {
                let inner = Inner::Map { entries: Vec::new(), keys: HashSet::new(), merged: Vec::new(), key: None };
                self.start(anchor, place, tag.as_deref(), inner);
                Ok(())
            }
            Event::SequenceEnd | Event::MappingEnd => self.end(),
            Event::Alias(anchor) => {
                let fault = || Fault::at(place.line, FaultKind::Syntax);
                // An alias inside what it names has no end.
                let built = self.anchors.get(&anchor).cloned().ok_or_else(fault)?;
                self.put(built, 0, false)
            }
            Event::DocumentStart(..) => {
                self.anchors.clear();
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn start(&mut self, anchor: usize, place: Place, tag: Option<&Tag>, inner: Inner) {
        self.open.push(Open { anchor, place, mark: mark(tag), weight: 1, depth: 1, inner });
    }

    fn end(&mut self) -> Result<(), Fault> {
        let Some(Open { anchor, place, mark, weight, depth, inner }) = self.open.pop() else { return Ok(()) };
        let value = match inner {
            Inner::List(items) => Value::List(items),
            Inner::Map { mut entries, mut keys, merged, .. } => {
                // A key of its own counts, then that of the first map merged.
                entries.extend(merged.into_iter().filter(|entry| keys.insert(entry.key.clone())));
                Value::Map(entries)
            }
        };
        self.put(Built { node: Arc::new(Node { place, mark, value }), weight, depth }, anchor, false)
    }

    /// Puts a node where the file has it.
    fn put(&mut self, built: Built, anchor: usize, is_merge: bool) -> Result<(), Fault> {
        if anchor != 0 {
            self.anchors.insert(anchor, built.clone());
        }
        let Built { node, weight, depth } = built;
        let line = node.place.line;
        let Some(open) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        open.weight = open.weight.saturating_add(weight);
        open.depth = open.depth.max(depth + 1);
        if open.weight > MAX_NODES || open.depth > MAX_DEPTH {
            return Err(Fault::at(line, FaultKind::TooMuch));
        }
        match &mut open.inner {
            Inner::List(items) => items.push(node),
            Inner::Map { entries, keys, merged, key } => match key.take() {
                None => {
                    let text = node.scalar().map(|scalar| scalar.value.clone());
                    let text = text.or_else(|| node.is_null().then(|| Text::from("null")));
                    if is_merge && !keys.insert(Text::from("<<")) {
                        return Err(Fault::at(line, FaultKind::DuplicateKey));
                    }
                    *key = Some((text.ok_or(Fault::at(line, FaultKind::BadKey))?, node.place, is_merge));
                }
                Some((_, place, true)) => {
                    let maps = if let Value::List(items) = &node.value { items.as_slice() } else { &[node] };
                    for map in maps {
                        let Value::Map(more) = &map.value else {
                            return Err(Fault::at(place.line, FaultKind::BadMerge));
                        };
                        merged.extend(more.iter().cloned());
                    }
                }
                Some((key, place, false)) => {
                    if !keys.insert(key.clone()) {
                        return Err(Fault::at(place.line, FaultKind::DuplicateKey));
                    }
                    entries.push(Entry { key, place, node });
                }
            },
        }
        Ok(())
    }
}

fn mark(tag: Option<&Tag>) -> Option<MergeTag> {
    match tag.filter(|tag| tag.handle() == "!").map(Tag::suffix) {
        Some("reset") => Some(MergeTag::Reset),
        Some("override") => Some(MergeTag::Override),
        _ => None,
    }
}

fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is = |kind, spelling: Option<String>| {
        let respelled = spelling.is_some();
        let value = spelling.map_or_else(|| Text::from(text), Text::from);
        Value::Scalar(Scalar { value, kind, written: None, respelled, variables: Arc::new([]) })
    };
    let core = tag.and_then(Tag::core_suffix);
    match plain(text) {
        _ if core == Some("str") || style != ScalarStyle::Plain && core.is_none() => is(Kind::Text, None),
        Plain::Null => Value::Null,
        Plain::Is(kind, spelling) => is(kind, spelling),
    }
}
