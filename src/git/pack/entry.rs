//! What stands before each object in a pack (gitformat-pack, "pack entries").

use crate::git::Oid;
use crate::git::object::kind::Kind;

/// No header is longer: ten bytes of size, then an id or ten bytes of distance.
pub(in crate::git) const LONGEST: usize = 48;

/// How an entry is in the pack.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) enum Form {
    /// As it is.
    Whole(Kind),
    /// A delta on the entry that begins at this place of the same pack.
    At(u64),
    /// A delta on the object of this id.
    On(Oid),
}

/// An entry's header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::git) struct Header {
    pub(in crate::git) form: Form,
    /// The inflated size: of the object, or of the delta.
    pub(in crate::git) size: u64,
    /// How long the header is.
    pub(in crate::git) len: usize,
}

/// Reads the header of the entry at `offset`; `None` where it is none.
pub(in crate::git) fn header(bytes: &[u8], offset: u64, id_len: usize) -> Option<Header> {
    let first = *bytes.first()?;
    let (mut size, mut len, mut shift, mut byte) = (u64::from(first & 0x0f), 1, 4, first);
    while byte & 0x80 != 0 {
        byte = *bytes.get(len)?;
        let part = u64::from(byte & 0x7f);
        if shift > 60 || part.leading_zeros() < shift {
            return None;
        }
        size |= part << shift;
        (len, shift) = (len + 1, shift + 7);
    }
    let form = match first >> 4 & 7 {
        1 => Form::Whole(Kind::Commit),
        2 => Form::Whole(Kind::Tree),
        3 => Form::Whole(Kind::Blob),
        4 => Form::Whole(Kind::Tag),
        6 => {
            let (distance, width) = distance(bytes.get(len..)?)?;
            len += width;
            Form::At(offset.checked_sub(distance).filter(|_| distance > 0)?)
        }
        7 => {
            let id = Oid::from_bytes(bytes.get(len..len + id_len)?)?;
            len += id_len;
            Form::On(id)
        }
        _ => return None,
    };
    Some(Header { form, size, len })
}

/// Seven bits a byte, the highest first, and one added for each byte that follows.
fn distance(bytes: &[u8]) -> Option<(u64, usize)> {
    let mut value = 0_u64;
    for (count, byte) in bytes.iter().enumerate().take(10) {
        value = value.checked_mul(128)?.checked_add(u64::from(byte & 0x7f))?;
        if byte & 0x80 == 0 {
            return Some((value, count + 1));
        }
        value = value.checked_add(1)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(bytes: &[u8]) -> Option<(Form, u64, usize)> {
        header(bytes, 1000, 20).map(|header| (header.form, header.size, header.len))
    }

    #[test]
    fn each_type() {
        assert_eq!(form(&[0x95, 0x0a]), Some((Form::Whole(Kind::Commit), 165, 2)));
        assert_eq!(form(&[0x2f]), Some((Form::Whole(Kind::Tree), 15, 1)));
        assert_eq!(form(&[0x30]), Some((Form::Whole(Kind::Blob), 0, 1)));
        assert_eq!(form(&[0x41]), Some((Form::Whole(Kind::Tag), 1, 1)));
        assert_eq!(form(&[0x61, 0x10]), Some((Form::At(984), 1, 2)));
        assert_eq!(form(&[0x61, 0x80, 0x00]), Some((Form::At(872), 1, 3)));
        let id = [&[0x71][..], &[7; 20]].concat();
        assert_eq!(form(&id), Some((Form::On(Oid::from_bytes(&[7; 20]).unwrap()), 1, 21)));
    }

    #[test]
    fn none() {
        for bytes in [
            &[][..],
            &[0x01],
            &[0x51],
            &[0x95],
            &[0x61],
            &[0x61, 0x00],
            &[0x61, 0x80],
            &[0x61, 0xff, 0xff, 0xff, 0x7f],
            &[0x71, 1, 2],
            &[0xff; 48],
            &[0x95, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x10],
            &[0x95, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f],
        ] {
            assert_eq!(form(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn the_longest_header_fits() {
        let mut bytes = [0xff_u8; LONGEST];
        bytes[0] = 0xf0;
        bytes[8] = 0x7f;
        let header = header(&bytes, 0, 32).unwrap();
        assert_eq!((header.size, header.len <= LONGEST), ((u64::MAX >> 4) & !0x0f, true));
    }

    #[test]
    fn the_largest_size_has_64_bits() {
        let bytes = [&[0xbf][..], &[0xff; 8], &[0x0f]].concat();
        assert_eq!(form(&bytes), Some((Form::Whole(Kind::Blob), u64::MAX, 10)));
    }
}
