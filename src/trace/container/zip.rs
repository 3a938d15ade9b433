//! zip, as a stream: member after member by its own header, without the directory at the end, so that nothing of a hostile
//! one is kept and a zip inside another archive is read as well. Also finds what the directory no longer names.
//!
//! <https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT>

use std::io::{self, BufReader, Read};

use flate2::bufread::DeflateDecoder;

use super::{BUFFER, Packing, broken, drain};

const STORED: u16 = 0;
const DEFLATED: u16 = 8;
const BZIP2: u16 = 12;
const ZSTD: u16 = 93;
const XZ: u16 = 95;

const LOCAL: [u8; 4] = *b"PK\x03\x04";
const DESCRIPTOR: [u8; 4] = *b"PK\x07\x08";

/// The content of a member and its name.
type Look<'l> = dyn FnMut(Vec<u8>, &mut dyn Read) -> io::Result<()> + 'l;

/// Gives each member to `look`, as far as it can be read. Whether all could be.
///
/// # Errors
/// What is no zip (any more), and those of the reader and of `look`.
pub(in crate::trace) fn members(reader: &mut dyn Read, look: &mut Look<'_>) -> io::Result<bool> {
    let mut reader = BufReader::with_capacity(BUFFER, reader);
    let (mut is_whole, mut mark) = (true, array(&mut reader)?);
    loop {
        match mark {
            LOCAL => {}
            // The directory, or the end of it: behind the last member.
            [b'P', b'K', 1, 2] | [b'P', b'K', 5, 6] | [b'P', b'K', 6, 6..=8] => return Ok(is_whole),
            _ => return Err(broken()),
        }
        let header = Header::read(&mut reader)?;
        mark = match header.size {
            Some(size) => {
                let source: &mut dyn Read = &mut reader;
                let mut packed = source.take(size);
                is_whole &= header.open(&mut packed, look)?;
                if !drain(&mut packed)? {
                    return Err(broken());
                }
                array(&mut reader)?
            }
            None if header.method == DEFLATED && !header.is_encrypted => {
                let mut content = DeflateDecoder::new(&mut reader);
                look(header.name, &mut content)?;
                // Only the stream itself knows where it ends.
                io::copy(&mut content, &mut io::sink())?;
                behind_descriptor(&mut reader)?
            }
            None => return Ok(false),
        };
    }
}

struct Header {
    method: u16,
    is_encrypted: bool,
    /// The size as packed; `None` where it is only said behind the member.
    size: Option<u64>,
    name: Vec<u8>,
}

impl Header {
    fn read(reader: &mut impl Read) -> io::Result<Self> {
        let [_, _, f0, f1, m0, m1, _, _, _, _, _, _, _, _, p0, p1, p2, p3, _, _, _, _, n0, n1, x0, x1] =
            array::<26>(reader)?;
        let mut name = vec![0; usize::from(u16::from_le_bytes([n0, n1]))];
        reader.read_exact(&mut name)?;
        let mut extra = vec![0; usize::from(u16::from_le_bytes([x0, x1]))];
        reader.read_exact(&mut extra)?;
        let (flags, packed) = (u16::from_le_bytes([f0, f1]), u32::from_le_bytes([p0, p1, p2, p3]));
        let size = if packed == u32::MAX { wide_size(&extra).unwrap_or(0) } else { u64::from(packed) };
        let is_said_behind = flags & 8 != 0 && size == 0;
        Ok(Self {
            method: u16::from_le_bytes([m0, m1]),
            is_encrypted: flags & 1 != 0,
            size: (!is_said_behind).then_some(size),
            name,
        })
    }

    /// Whether it could be read.
    fn open(&self, packed: &mut dyn Read, look: &mut Look<'_>) -> io::Result<bool> {
        if self.is_encrypted {
            return Ok(false);
        }
        let packing = match self.method {
            STORED => {
                look(self.name.clone(), packed)?;
                return Ok(true);
            }
            DEFLATED => {
                look(self.name.clone(), &mut DeflateDecoder::new(BufReader::with_capacity(BUFFER, packed)))?;
                return Ok(true);
            }
            BZIP2 => Packing::Bzip2,
            ZSTD => Packing::Zstd,
            XZ => Packing::Xz,
            _ => return Ok(false),
        };
        let Some(mut content) = packing.open(packed) else { return Ok(false) };
        look(self.name.clone(), &mut content)?;
        Ok(true)
    }
}

/// The size as packed of an extended information (4.5.3): behind the size as unpacked.
fn wide_size(extra: &[u8]) -> Option<u64> {
    let mut rest = extra;
    while let [i0, i1, l0, l1, behind @ ..] = rest {
        let (field, after) = behind.split_at_checked(usize::from(u16::from_le_bytes([*l0, *l1])))?;
        if u16::from_le_bytes([*i0, *i1]) == 1 {
            return field.get(8..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes));
        }
        rest = after;
    }
    None
}

/// Reads what stands behind a member of unknown size, with sizes of four bytes or of eight; the next mark.
fn behind_descriptor(reader: &mut impl Read) -> io::Result<[u8; 4]> {
    // The mark may be left out: then this is the sum.
    if array::<4>(reader)? == DESCRIPTOR {
        array::<4>(reader)?;
    }
    array::<8>(reader)?;
    let mark = array::<4>(reader)?;
    if mark.starts_with(b"PK") {
        return Ok(mark);
    }
    array::<4>(reader)?;
    array(reader)
}

fn array<const N: usize>(reader: &mut impl Read) -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    reader.read_exact(&mut bytes)?;
    Ok(bytes)
}
