//! What is packed: how to tell, and how to read it as a stream.

pub(super) mod tar;
pub(super) mod zip;

use std::io::{self, BufRead, BufReader, Read};

use bzip2::bufread::MultiBzDecoder;
use flate2::bufread::MultiGzDecoder;
use lzma_rust2::XzReader;
use ruzstd::decoding::StreamingDecoder;

/// So many bytes tell how something is packed.
pub(super) const BEGINNING: usize = 512;

/// The memory for one xz stream. `xz -9` asks for 65 MiB.
const XZ_KIB: u32 = 80 << 10;

const BUFFER: usize = 64 << 10;

/// How something is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    /// RFC 1952.
    Gzip,
    /// As `bzip2` writes it.
    Bzip2,
    /// <https://tukaani.org/xz/xz-file-format.txt>
    Xz,
    /// RFC 8878.
    Zstd,
    /// POSIX `ustar`, and GNU's.
    Tar,
    /// PKWARE's APPNOTE.
    Zip,
}

impl Packing {
    /// What a beginning says.
    pub(super) fn of(bytes: &[u8]) -> Option<Self> {
        match bytes {
            [0x1f, 0x8b, 8, ..] => Some(Self::Gzip),
            [b'B', b'Z', b'h', b'1'..=b'9', b'1', b'A', b'Y', b'&', b'S', b'Y', ..] => Some(Self::Bzip2),
            [0xfd, b'7', b'z', b'X', b'Z', 0, ..] => Some(Self::Xz),
            [0x28, 0xb5, 0x2f, 0xfd, ..] => Some(Self::Zstd),
            [b'P', b'K', 3, 4, ..] => Some(Self::Zip),
            _ if tar::is_header(bytes) => Some(Self::Tar),
            _ => None,
        }
    }

    /// The one text in it; `None` for what has members.
    pub(super) fn open<'r>(self, reader: impl Read + 'r) -> Option<Box<dyn Read + 'r>> {
        let reader = BufReader::with_capacity(BUFFER, reader);
        match self {
            Self::Gzip => Some(Box::new(MultiGzDecoder::new(reader))),
            Self::Bzip2 => Some(Box::new(MultiBzDecoder::new(reader))),
            Self::Xz => Some(Box::new(XzReader::new_mem_limit(reader, true, XZ_KIB))),
            Self::Zstd => Some(Box::new(Frames { source: Source::Between(reader) })),
            Self::Tar | Self::Zip => None,
        }
    }
}

/// The frames of a Zstandard file, one after the other (RFC 8878, section 3.1).
struct Frames<R: Read> {
    source: Source<R>,
}

enum Source<R: Read> {
    /// Before a frame, or behind the last one.
    Between(BufReader<R>),
    Within(Box<StreamingDecoder<BufReader<R>, ruzstd::decoding::FrameDecoder>>),
    Ended,
}

impl<R: Read> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            self.source = match std::mem::replace(&mut self.source, Source::Ended) {
                Source::Ended => return Ok(0),
                Source::Between(mut reader) => {
                    skip_skippable(&mut reader)?;
                    if reader.fill_buf()?.is_empty() {
                        return Ok(0);
                    }
                    // Errors of the decoder name bytes of the text.
                    let frame = StreamingDecoder::new(reader).map_err(|_| broken())?;
                    Source::Within(Box::new(frame))
                }
                Source::Within(mut frame) => match frame.read(buffer).map_err(|_| broken())? {
                    0 if !buffer.is_empty() => Source::Between(frame.into_inner()),
                    count => {
                        self.source = Source::Within(frame);
                        return Ok(count);
                    }
                },
            };
        }
    }
}

/// Frames that hold something of somebody else's (section 3.1.2).
fn skip_skippable(reader: &mut BufReader<impl Read>) -> io::Result<()> {
    while let [0x50..=0x5f, 0x2a, 0x4d, 0x18, ..] = reader.fill_buf()? {
        let mut head = [0; 8];
        reader.read_exact(&mut head)?;
        let [.., a, b, c, d] = head;
        let length = u64::from(u32::from_le_bytes([a, b, c, d]));
        if io::copy(&mut reader.by_ref().take(length), &mut io::sink())? < length {
            return Err(broken());
        }
    }
    Ok(())
}

/// Something is not as its format says.
pub(super) fn broken() -> io::Error {
    io::Error::from(io::ErrorKind::InvalidData)
}

/// Fills a buffer as far as there is something: how far, and what ended it before.
pub(super) fn fill(reader: &mut dyn Read, buffer: &mut [u8]) -> (usize, io::Result<()>) {
    let mut filled = 0;
    while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match reader.read(rest) {
            Ok(0) => break,
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return (filled, Err(error)),
        }
    }
    (filled, Ok(()))
}

/// The same where only the whole counts.
pub(super) fn read_full(reader: &mut dyn Read, buffer: &mut [u8]) -> io::Result<usize> {
    let (filled, ended) = fill(reader, buffer);
    ended.map(|()| filled)
}

/// Reads what is left of something; whether it was all there.
pub(super) fn drain(reader: &mut io::Take<&mut dyn Read>) -> io::Result<bool> {
    io::copy(reader, &mut io::sink())?;
    Ok(reader.limit() == 0)
}
