//! zlib streams (RFC 1950), whole or in pieces.

use flate2::{Decompress, FlushDecompress, Status};
use libdeflater::Decompressor;

use crate::git::object::read::Fault;
use crate::git::pack::buffer;

/// Of what a header claims this much is set aside at once; more only as it really comes.
const AHEAD: usize = 4 << 20;

/// No stream gives more than this for each of its bytes (zlib's technical details: 1,032).
const MOST: usize = 1032;

/// One inflater, used again for object after object.
pub(in crate::git) struct Inflater {
    pieces: Decompress,
    whole: Decompressor,
}

/// What became of one piece of input.
pub(in crate::git) struct Part {
    /// How much of it was used.
    pub(in crate::git) used: usize,
    /// Whether the stream has ended, with a right checksum.
    pub(in crate::git) is_done: bool,
}

impl Inflater {
    pub(in crate::git) fn new() -> Self {
        Self { pieces: Decompress::new(true), whole: Decompressor::new() }
    }

    /// A stream that stands at the beginning of `input` and gives `size` bytes; quickly. `false`: not so, or too large; it
    /// is to be read in pieces, which says what is wrong.
    pub(in crate::git) fn whole(&mut self, input: &[u8], size: usize, out: &mut Vec<u8>) -> bool {
        if size > AHEAD || size / MOST > input.len() {
            return false;
        }
        buffer::make(out, size);
        out.resize(size, 0);
        self.whole.zlib_decompress(input, out) == Ok(size)
    }

    /// Starts a stream of `length` bytes, or of unknown length where that is 0, which should give `size` bytes.
    pub(in crate::git) fn begin(&mut self, length: u64, size: usize, out: &mut Vec<u8>) {
        self.pieces.reset(true);
        buffer::make(out, room(length, size));
    }

    /// Starts a stream, and fills `out` up to its capacity. How much of the input was used.
    pub(in crate::git) fn peek(&mut self, input: &[u8], out: &mut Vec<u8>) -> Result<usize, Fault> {
        self.pieces.reset(true);
        self.pieces.decompress_vec(input, out, FlushDecompress::None).map_err(|_| Fault::Corrupt)?;
        usize::try_from(self.pieces.total_in()).map_err(|_| Fault::Corrupt)
    }

    /// Takes one piece; the stream may give `size` bytes and no more.
    pub(in crate::git) fn feed(&mut self, input: &[u8], size: usize, out: &mut Vec<u8>) -> Result<Part, Fault> {
        let start = self.pieces.total_in();
        loop {
            let used = usize::try_from(self.pieces.total_in() - start).map_err(|_| Fault::Corrupt)?;
            let rest = input.get(used..).ok_or(Fault::Corrupt)?;
            let before = (self.pieces.total_in(), out.len());
            let status = self.pieces.decompress_vec(rest, out, FlushDecompress::None).map_err(|_| Fault::Corrupt)?;
            if out.len() > size {
                return Err(Fault::Corrupt);
            }
            let used = usize::try_from(self.pieces.total_in() - start).map_err(|_| Fault::Corrupt)?;
            match status {
                Status::StreamEnd if out.len() == size => return Ok(Part { used, is_done: true }),
                Status::StreamEnd => return Err(Fault::Corrupt),
                Status::Ok | Status::BufError if out.len() == out.capacity() => buffer::add(out, out.len()),
                Status::Ok | Status::BufError if used == input.len() => return Ok(Part { used, is_done: false }),
                _ if before == (self.pieces.total_in(), out.len()) => return Err(Fault::Corrupt),
                _ => {}
            }
        }
    }
}

/// What is set aside for a stream that should give `size` bytes: no more than it can give, and one byte more than is
/// expected, so that a longer stream shows.
pub(in crate::git) fn room(length: u64, size: usize) -> usize {
    let most = usize::try_from(length).unwrap_or(usize::MAX).saturating_mul(MOST);
    size.min(most.max(AHEAD)).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `hello`, deflated by zlib.
    const HELLO: [u8; 13] = [0x78, 0x9c, 0xcb, 0x48, 0xcd, 0xc9, 0xc9, 0x07, 0x00, 0x06, 0x2c, 0x02, 0x15];

    /// A whole stream, and how much of the input it took.
    fn whole(input: &[u8], size: usize) -> Result<(Vec<u8>, usize), Fault> {
        let (mut inflater, mut out) = (Inflater::new(), Vec::new());
        inflater.begin(input.len() as u64, size, &mut out);
        match inflater.feed(input, size, &mut out)? {
            Part { used, is_done: true } => Ok((out, used)),
            Part { .. } => Err(Fault::Corrupt),
        }
    }

    #[test]
    fn in_one_piece_and_in_many() {
        assert_eq!(whole(&HELLO, 5), Ok((b"hello".to_vec(), HELLO.len())));
        let (mut inflater, mut out) = (Inflater::new(), b"left over".to_vec());
        assert!(inflater.whole(&[&HELLO[..], b"what follows"].concat(), 5, &mut out));
        assert_eq!(out, b"hello");
        for _ in 0..2 {
            inflater.begin(0, 5, &mut out);
            let fed: Vec<bool> =
                HELLO.iter().map(|byte| inflater.feed(&[*byte], 5, &mut out).unwrap().is_done).collect();
            assert_eq!((out.as_slice(), fed.iter().filter(|done| **done).count()), (b"hello".as_slice(), 1));
        }
    }

    /// A buffer that grows is copied, and each copy is zeroed.
    #[test]
    fn a_large_stream_grows_no_buffer_and_a_small_one_sets_little_aside() {
        assert_eq!(room(50 << 20, 60 << 20), (60 << 20) + 1);
        assert_eq!(room(1000, 256 << 20), AHEAD + 1);
        assert_eq!(room(0, 256 << 20), AHEAD + 1);
        assert_eq!(room(1 << 20, usize::MAX), (MOST << 20) + 1);
    }

    #[test]
    fn a_stream_of_another_size_or_sum_is_corrupt() {
        let both = |input: &[u8], size| {
            let mut out = Vec::new();
            assert!(!Inflater::new().whole(input, size, &mut out), "{size}");
            whole(input, size)
        };
        for size in [0, 4, 6, usize::MAX] {
            assert_eq!(both(&HELLO, size), Err(Fault::Corrupt), "{size}");
        }
        for at in 0..HELLO.len() {
            let mut bad = HELLO;
            bad[at] = !bad[at];
            assert_eq!(both(&bad, 5), Err(Fault::Corrupt), "{at}");
            assert_eq!(both(&HELLO[..at], 5), Err(Fault::Corrupt), "{at}");
        }
    }

    /// A small stream that gives much is inflated at once, up to what is set aside; a larger one in pieces.
    #[test]
    fn large_streams_at_once_and_in_pieces() {
        for (size, is_at_once) in [(1000, true), (AHEAD, true), (AHEAD + 1, false), (AHEAD + 5000, false)] {
            let mut input = Vec::with_capacity(size / 500 + 100);
            let mut deflater = flate2::Compress::new(flate2::Compression::best(), true);
            deflater.compress_vec(&vec![0; size], &mut input, flate2::FlushCompress::Finish).unwrap();
            let (mut inflater, mut out) = (Inflater::new(), Vec::new());
            assert_eq!(inflater.whole(&input, size, &mut out), is_at_once, "{size}");
            inflater.begin(0, size, &mut out);
            let part = inflater.feed(&input, size, &mut out).unwrap();
            assert_eq!((part.is_done, part.used, out.len()), (true, input.len(), size));
        }
    }
}
