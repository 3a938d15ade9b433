#![allow(clippy::string_slice, clippy::disallowed_methods, reason = "the tests cut what they made themselves")]

use rand::rngs::SysRng;

use super::*;

fn made() -> ApiKey {
    ApiKey::make(&Prefix::new("takumi_admin").unwrap(), &mut SysRng).unwrap()
}

fn text(key: &ApiKey) -> String {
    std::str::from_utf8(key.text().expose()).unwrap().to_owned()
}

#[test]
fn the_checksum_is_zlibs() {
    // The check value of the catalogue of parametrised CRC algorithms, CRC-32/ISO-HDLC.
    assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
    assert_eq!(crc32(b""), 0);
    assert_eq!(&checksum(b""), b"000000");
    // 0xcbf43926 in base62, computed with Python.
    assert_eq!(&checksum(b"123456789"), b"3jZRME");
}

#[test]
fn a_key_has_its_shape_and_is_read_back() {
    for prefix in ["takumi_admin", "ab", "a1", "a_b_c_d", &"a".repeat(32)] {
        let key = ApiKey::make(&Prefix::new(prefix).unwrap(), &mut SysRng).unwrap();
        let text = text(&key);
        assert_eq!(text.len(), prefix.len() + 1 + 10 + 1 + 43 + 6);
        let parts: Vec<&str> = text.strip_prefix(prefix).unwrap().split('_').collect();
        assert_eq!((parts[0], parts[1], parts[2].len()), ("", key.id().as_str(), 49));
        let read = ApiKey::parse(Secret::copy_of(text.as_bytes())).unwrap();
        assert_eq!((read.id(), read.prefix().as_str()), (key.id(), prefix));
        assert!(is_one(text.as_bytes()));
    }
}

#[test]
fn no_two_are_alike() {
    let (one, other) = (made(), made());
    assert!(!one.text().ct_eq(other.text()) && one.id() != other.id());
}

#[test]
fn every_slip_of_one_character_is_noticed() {
    let text = text(&made());
    let start = "takumi_admin_".len();
    for at in start..text.len() {
        let mut wrong = text.clone().into_bytes();
        wrong[at] = if wrong[at] == b'x' { b'y' } else { b'x' };
        assert!(!is_one(&wrong), "changed at {at}");
        let cut = [&text.as_bytes()[..at], &text.as_bytes()[at + 1..]].concat();
        assert!(!is_one(&cut), "lost at {at}");
    }
    let mut swapped = text.clone().into_bytes();
    swapped.swap(start + 20, start + 21);
    assert!(!is_one(&swapped) || swapped == text.as_bytes());
    // Another prefix with the same rest is another key.
    assert!(!is_one(text.replace("takumi", "tokumi").as_bytes()));
}

#[test]
fn what_is_no_key_is_told_from_a_damaged_one() {
    let good = text(&made());
    let cases = [
        (String::new(), Fault::Shape),
        ("hunter2".to_owned(), Fault::Shape),
        ("9f86d081884c7d659a2feaa0c55ad015".to_owned(), Fault::Shape),
        ("sk_live_".to_owned() + &"a1".repeat(12), Fault::Shape),
        (good.replace('_', "-"), Fault::Shape),
        (good.to_uppercase(), Fault::Shape),
        (format!("{good} "), Fault::Shape),
        (good[..good.len() - 1].to_owned(), Fault::Checksum),
        (format!("{good}x"), Fault::Checksum),
        (format!("{good:x<256}"), Fault::Checksum),
        (format!("{good:x<257}"), Fault::Shape),
    ];
    for (text, fault) in cases {
        assert_eq!(ApiKey::parse(Secret::copy_of(text.as_bytes())).err(), Some(fault), "{text}");
    }
    assert_eq!(ApiKey::parse(Secret::copy_of(b"\xff_\xff_\xff")).err(), Some(Fault::Shape));
}

#[test]
fn prefixes() {
    for text in ["", "a", "A_b", "1ab", "_ab", "ab_", "a__b", "a-b", "a b", "ä_b", &"a".repeat(33)] {
        assert_eq!(Prefix::new(text).err(), Some(Fault::Prefix), "{text}");
    }
}

#[test]
fn debug_shows_no_secret() {
    let key = made();
    let text = text(&key);
    assert!(!format!("{key:?}").contains(&text[text.len() - 49..]));
}
