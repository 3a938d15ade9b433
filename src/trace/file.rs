//! One file: its text in large pieces, without its holes, and what is packed in it.

use std::collections::BTreeMap;
use std::io::{self, Read};
use std::os::fd::OwnedFd;
use std::path::Path;

use rustix::fs::SeekFrom;
use rustix::io::Errno;

use super::budget::Earning;
use super::container::{BEGINNING, Packing};
use super::places::PlaceKind;
use super::searcher::{Hit, Searcher, joined};
use super::sighting::{Part, Sighting};
use super::walk::Walk;
use crate::files::Access;
use crate::finding::Origin;
use crate::leak::Values;
use crate::path::RelPath;
use crate::secret::Form;

/// How much is read of a file that says it is empty: those of the kernel do, and have something.
const UNSIZED: u64 = 16 << 20;

/// An open file.
pub(super) struct Content<'f> {
    pub(super) fd: &'f OwnedFd,
    pub(super) size: u64,
    pub(super) is_sparse: bool,
}

/// What was found in it.
pub(super) struct InFile {
    pub(super) hits: Vec<Hit>,
    pub(super) is_partly: bool,
    pub(super) error: Option<io::Error>,
}

/// Searches a file. What is written to it meanwhile is not read: a log may grow faster.
pub(super) fn search(searcher: &mut Searcher<'_, '_>, content: &Content<'_>) -> InFile {
    searcher.budget.renew();
    let mut head = [0; BEGINNING];
    let read = read_at(content.fd, &mut head, 0);
    let packing = read.as_ref().ok().and_then(|count| Packing::of(head.get(..*count).unwrap_or_default()));
    let plain = |searcher: &mut Searcher<'_, '_>| {
        let mut answer = InFile { hits: Vec::new(), is_partly: false, error: None };
        text(searcher, content, &mut answer);
        answer
    };
    if packing.is_none() {
        return plain(searcher);
    }
    let source = Reader { fd: content.fd, at: 0, end: content.size };
    let mut reader = Earning { inner: source, budget: searcher.budget.clone(), error: None };
    let found = searcher.file(&mut reader);
    let mut answer = InFile { hits: found.hits, is_partly: found.is_partly, error: reader.error };
    if found.is_partly {
        // It may be no archive at all, or hold something behind its end.
        let raw = plain(searcher);
        let known: Vec<usize> = answer.hits.iter().map(|hit| hit.value).collect();
        answer.hits.extend(raw.hits.into_iter().filter(|hit| !known.contains(&hit.value)));
    }
    answer
}

/// Searches the text itself.
fn text(searcher: &mut Searcher<'_, '_>, content: &Content<'_>, answer: &mut InFile) {
    let mut window = searcher.window();
    let end = if content.size == 0 { UNSIZED } else { content.size };
    let (mut at, mut data_end) = (0, if content.is_sparse { 0 } else { end });
    while at < end && !searcher.budget.is_spent() {
        if at >= data_end {
            let Some((start, next)) = data(content.fd, at, end) else { break };
            if start > at {
                window.skip(start - at);
            }
            (at, data_end) = (start, next);
        }
        let room = window.room();
        let most = usize::try_from(data_end - at).unwrap_or(usize::MAX).min(room.len());
        match read_at(content.fd, room.get_mut(..most).unwrap_or_default(), at) {
            Ok(0) => break,
            Ok(count) => {
                searcher.budget.earn(count);
                window.take(count);
                at += count as u64;
            }
            Err(errno) => {
                answer.error = Some(errno.into());
                break;
            }
        }
    }
    let hit = |(value, found): (usize, crate::secret::search::Sighted)| Hit {
        value,
        form: found.form,
        line: found.line,
        at: found.at,
        inside: Vec::new(),
        is_name: false,
        is_packed: false,
        image: None,
    };
    answer.hits.extend(window.end().into_iter().map(hit));
    searcher.give_back(window);
}

/// The next data of a sparse file from a place on; `None` where there is only a hole.
fn data(fd: &OwnedFd, at: u64, end: u64) -> Option<(u64, u64)> {
    match rustix::fs::seek(fd, SeekFrom::Data(at)) {
        Ok(start) if start < end => {
            let next = rustix::fs::seek(fd, SeekFrom::Hole(start)).unwrap_or(end);
            Some((start, next.clamp(start + 1, end)))
        }
        Ok(_) | Err(Errno::NXIO) => None,
        // A file system that knows nothing of holes.
        Err(_) => Some((at, end)),
    }
}

fn read_at(fd: &OwnedFd, buffer: &mut [u8], at: u64) -> Result<usize, Errno> {
    loop {
        match rustix::io::pread(fd, &mut *buffer, at) {
            Err(Errno::INTR) => {}
            // Some files of the kernel have no places.
            Err(Errno::SPIPE | Errno::AGAIN) => return Ok(0),
            answer => return answer,
        }
    }
}

/// Reads a file by places, so that nothing depends on where its descriptor stands.
struct Reader<'f> {
    fd: &'f OwnedFd,
    at: u64,
    end: u64,
}

impl Read for Reader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.end.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buffer.len());
        let count = read_at(self.fd, buffer.get_mut(..most).unwrap_or_default(), self.at)?;
        self.at += count as u64;
        Ok(count)
    }
}

/// The values of a file: each once, and once in each part of an image.
pub(super) fn sightings(walk: &Walk<'_>, path: &Path, access: Option<&Access>, hits: Vec<Hit>) -> Vec<Sighting> {
    let one = |hit: &Hit| sighting(walk, path, access, hit.value, hit.form);
    told(hits, &one, &|origin| match origin {
        Origin::Disk(path) => Origin::Image(path),
        other => other,
    })
}

/// The hits as they are told; `of` makes one of what is known of the place.
pub(super) fn told(
    hits: Vec<Hit>,
    of: &dyn Fn(&Hit) -> Option<Sighting>,
    as_image: &dyn Fn(Origin) -> Origin,
) -> Vec<Sighting> {
    // Of many members that have the same value the first is named.
    let mut firsts = BTreeMap::new();
    for hit in hits {
        // Each layer of an image is cleaned by itself.
        let part = hit.image.as_ref().and_then(|_| hit.inside.first().cloned());
        firsts.entry((hit.value, part)).and_modify(|(_, more): &mut (Hit, u64)| *more += 1).or_insert((hit, 0));
    }
    let of = |(hit, more): (Hit, u64)| {
        let known = of(&hit)?;
        // Of an image the layer is told by its number.
        let (blob, inside) = match (&hit.image, hit.inside.split_first()) {
            (Some(_), Some((blob, inside))) => (Some(RelPath::new(blob.clone())), inside),
            _ => (None, hit.inside.as_slice()),
        };
        let member = joined(inside);
        let part = match () {
            () if hit.is_name => Part::Name,
            () if hit.is_packed => Part::Archive,
            () => Part::Content,
        };
        let line = hit.line.filter(|_| !hit.is_packed);
        let (image, images) = hit.image.map_or((None, Vec::new()), |(part, names)| (Some(part), names));
        let is_image = image.is_some();
        let origin = if is_image { as_image(known.origin) } else { known.origin };
        let kind = if is_image { PlaceKind::Image } else { known.kind };
        Some(Sighting { origin, kind, line, offset: Some(hit.at), part, member, blob, more, image, images, ..known })
    };
    firsts.into_values().filter_map(of).collect()
}

/// What is known of a value in a file.
pub(super) fn sighting(
    walk: &Walk<'_>,
    path: &Path,
    access: Option<&Access>,
    value: usize,
    form: Form,
) -> Option<Sighting> {
    let known = of_value(walk.asked.values, value, form, Origin::Disk(walk.shown(path)))?;
    let judge = &walk.asked.judge;
    Some(Sighting {
        kind: walk.kinds.of(path),
        reach: access.map(|access| judge.of_file(access, path)),
        owner: access.map(|access| judge.name(access.uid)),
        mode: access.map(|access| access.mode),
        ..known
    })
}

/// What is known of a value wherever it is.
pub(super) fn of_value(values: &Values, value: usize, form: Form, origin: Origin) -> Option<Sighting> {
    let owner = values.owner(value)?;
    Some(Sighting {
        key: owner.key.clone(),
        in_use: owner.path.clone(),
        form,
        origin,
        kind: PlaceKind::Other,
        line: None,
        offset: None,
        part: Part::Content,
        member: None,
        blob: None,
        more: 0,
        image: None,
        images: Vec::new(),
        process: None,
        reach: None,
        owner: None,
        mode: None,
    })
}
