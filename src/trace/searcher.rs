//! The search in one file: its text, and what is packed in it, down to a stated depth.

use std::io::{self, Cursor, Read};
use std::num::NonZeroU32;

use zeroize::Zeroizing;

use super::budget::{Budget, Metered};
use super::container::{self, BEGINNING, Packing, tar, zip};
use super::image::Layout;
use super::sighting::ImagePart;
use super::watch::Watch;
use crate::name::Name;
use crate::path::RelPath;
use crate::secret::Form;
use crate::secret::search::{Needles, Pieces, Sighted};

/// So deep what is packed in what is packed is opened: `docker save | gzip` of an image with a jar in a jar.
pub(super) const LEVELS: usize = 8;
/// So many places of values are kept of one file.
const MOST: usize = 10_000;

/// A value in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Hit {
    /// Which value.
    pub(super) value: usize,
    pub(super) form: Form,
    pub(super) line: Option<NonZeroU32>,
    /// How many bytes stand before it.
    pub(super) at: u64,
    /// The members that it is in, from outside to inside.
    pub(super) inside: Vec<Vec<u8>>,
    /// Whether it is in the name of the last of them.
    pub(super) is_name: bool,
    /// Whether it is in something that was unpacked.
    pub(super) is_packed: bool,
    /// What of an image it is in, and the image's names.
    pub(super) image: Option<(ImagePart, Vec<Name>)>,
}

/// Searches one file after the other.
pub(super) struct Searcher<'n, 'w> {
    pub(super) needles: &'n Needles,
    pub(super) budget: Budget<'w>,
    free: Vec<Pieces<'n>>,
    hits: Vec<Hit>,
    inside: Vec<Vec<u8>>,
    is_partly: bool,
}

/// What one file has.
pub(super) struct Searched {
    pub(super) hits: Vec<Hit>,
    /// Whether something that is packed in it could not be read.
    pub(super) is_partly: bool,
}

impl<'n, 'w> Searcher<'n, 'w> {
    pub(super) fn new(needles: &'n Needles, watch: &'w Watch) -> Self {
        let budget = Budget::new(watch);
        Self { needles, budget, free: Vec::new(), hits: Vec::new(), inside: Vec::new(), is_partly: false }
    }

    /// A window for a text; give it back.
    pub(super) fn window(&mut self) -> Pieces<'n> {
        self.free.pop().unwrap_or_else(|| Pieces::new(self.needles))
    }

    pub(super) fn give_back(&mut self, window: Pieces<'n>) {
        self.free.push(window);
    }

    /// Searches a file from its beginning.
    pub(super) fn file(&mut self, reader: &mut dyn Read) -> Searched {
        (self.is_partly, self.hits) = (false, Vec::new());
        self.inside.clear();
        self.text(reader, 0);
        Searched { hits: std::mem::take(&mut self.hits), is_partly: self.is_partly }
    }

    /// Searches a text, and what is packed in it.
    fn text(&mut self, reader: &mut dyn Read, level: usize) {
        let mut window = self.window();
        let mut count = self.fill(reader, window.room());
        let head = window.room().get(..count.min(BEGINNING)).unwrap_or_default();
        let packing = Packing::of(head);
        if let Some(packing) = packing.filter(|_| level < LEVELS) {
            let head = Zeroizing::new(window.room().get(..count).unwrap_or_default().to_vec());
            self.give_back(window);
            let mut whole = Cursor::new(head.as_slice()).chain(reader);
            return self.packed(packing, &mut whole, level);
        }
        // So deep nothing sensible is packed.
        self.is_partly |= packing.is_some();
        while count > 0 {
            window.take(count);
            count = self.fill(reader, window.room());
        }
        self.found(window.end().into_iter(), level > 0);
        self.give_back(window);
    }

    /// Fills a room as far as there is something. What cannot be unpacked is told.
    fn fill(&mut self, reader: &mut dyn Read, room: &mut [u8]) -> usize {
        // A decoder gives little at a time, and a beginning must be whole.
        let (filled, ended) = container::fill(reader, room);
        self.is_partly |= ended.is_err();
        filled
    }

    fn packed(&mut self, packing: Packing, reader: &mut dyn Read, level: usize) {
        let answer = match packing {
            Packing::Tar => self.tar(reader, level),
            Packing::Zip => zip::members(reader, &mut |name, content| {
                self.member(name, level, &mut |searcher, level| {
                    searcher.metered(content, level);
                });
                self.unless_spent()
            }),
            _ => {
                // A name in its header is not worth the time.
                if let Some(mut content) = packing.open(reader) {
                    self.metered(&mut content, level + 1);
                }
                Ok(true)
            }
        };
        self.is_partly |= !answer.unwrap_or(false);
    }

    /// Searches what a decoder gives.
    fn metered(&mut self, content: &mut dyn Read, level: usize) {
        let budget = self.budget.clone();
        self.text(&mut Metered { inner: content, budget }, level);
    }

    fn tar(&mut self, reader: &mut dyn Read, level: usize) -> io::Result<bool> {
        let (mut layout, first, depth) = (Layout::default(), self.hits.len(), self.inside.len());
        let answer = tar::members(reader, &mut |member| {
            let kept = layout.wants(&member.name, member.size).then(|| {
                let mut text = Vec::new();
                member.content.read_to_end(&mut text).map(|_| text)
            });
            let kept = kept.transpose()?;
            self.member(member.name.clone(), level, &mut |searcher, level| match &kept {
                Some(text) => searcher.text(&mut text.as_slice(), level),
                None => searcher.text(member.content, level),
            });
            if let Some(text) = kept {
                layout.keep(member.name.clone(), text);
            }
            self.unless_spent()
        });
        if let Some(found) = self.hits.get_mut(first..) {
            layout.tell(self.needles, depth, found);
        }
        answer.map(|()| true)
    }

    /// Searches the name of a member, and its content by `search`.
    fn member(&mut self, name: Vec<u8>, level: usize, search: &mut dyn FnMut(&mut Self, usize)) {
        let hits = names(self.needles, &name);
        self.inside.push(name);
        self.found(hits.into_iter(), true);
        self.hits.iter_mut().rev().take_while(|hit| hit.inside == self.inside).for_each(|hit| hit.is_name = true);
        search(self, level + 1);
        self.inside.pop();
    }

    fn unless_spent(&self) -> io::Result<()> {
        if self.budget.is_spent() { Err(io::Error::from(io::ErrorKind::FileTooLarge)) } else { Ok(()) }
    }

    fn found(&mut self, found: impl Iterator<Item = (usize, Sighted)>, is_packed: bool) {
        for (value, Sighted { form, at, line }) in found {
            if self.hits.len() >= MOST {
                return;
            }
            let inside = self.inside.clone();
            self.hits.push(Hit { value, form, line, at, inside, is_name: false, is_packed, image: None });
        }
    }
}

/// The values in a name.
pub(super) fn names(needles: &Needles, name: &[u8]) -> Vec<(usize, Sighted)> {
    let mut found: Vec<(usize, Sighted)> = Vec::new();
    needles.find(name, |hit| {
        if found.iter().all(|(value, _)| *value != hit.value) {
            found.push((hit.value, Sighted { form: hit.form, at: hit.at as u64, line: None }));
        }
    });
    found
}

/// The members that a value is in, as one path: `backup.tar!etc/app/.env`.
pub(super) fn joined(inside: &[Vec<u8>]) -> Option<RelPath> {
    (!inside.is_empty()).then(|| RelPath::new(inside.join(&b'!')))
}
