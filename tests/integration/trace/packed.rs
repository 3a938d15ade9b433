//! What is packed, and in which forms a value is found.

use super::*;
use crate::common::encode;
use crate::common::tar;

fn xz(text: &[u8]) -> Vec<u8> {
    let mut writer = lzma_rust2::XzWriter::new(Vec::new(), lzma_rust2::XzOptions::with_preset(1)).unwrap();
    writer.write_all(text).unwrap();
    writer.finish().unwrap()
}

fn zstd(text: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
}

fn bzip2(text: &[u8]) -> Vec<u8> {
    let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    encoder.write_all(text).unwrap();
    encoder.finish().unwrap()
}

/// How a text is packed.
type Pack = fn(&[u8]) -> Vec<u8>;

fn tarred(name: &str, text: &[u8]) -> Vec<u8> {
    tar::tar(&[("first".to_owned(), b"nothing".to_vec()), (name.to_owned(), text.to_vec())])
}

#[test]
fn every_form_and_every_packing() {
    let sandbox = project();
    let value = value();
    let forms: [(&str, Vec<u8>); 5] = [
        ("plain", value.clone().into()),
        ("base64", encode::base64(format!("app:{value}").as_bytes()).into()),
        ("hex", encode::hex(value.as_bytes()).into()),
        ("UTF-16", encode::utf16(&value, u16::to_le_bytes)),
        ("UTF-16", encode::utf16(&value, u16::to_be_bytes)),
    ];
    let packings: [(&str, Pack, Option<&str>); 8] = [
        ("txt", <[u8]>::to_vec, None),
        ("gz", gzip, None),
        ("xz", xz, None),
        ("zst", zstd, None),
        ("bz2", bzip2, None),
        ("tar", |text| tarred("a/b", text), Some("a/b")),
        ("zip", |text| zip("a/b", text), Some("a/b")),
        ("tar.gz", |text| gzip(&tarred("a/b", text)), Some("a/b")),
    ];
    for (number, (_, text)) in forms.iter().enumerate() {
        for (name, pack, _) in packings {
            let text = [b"x ".repeat(3000), text.clone(), b"\n".to_vec()].concat();
            sandbox.file(format!("{number}.{name}"), 0o600, pack(&text));
        }
    }
    let report = trace(&sandbox, &[], 1);
    assert_eq!(report["findings"].as_array().unwrap().len(), forms.len() * packings.len());
    for (number, (form, _)) in forms.iter().enumerate() {
        for (name, _, member) in packings {
            let one = listed::the(&report, ON_DISK, &format!("{number}.{name}"));
            let part = if name == "txt" { "content" } else { "archive" };
            assert_eq!(
                (&one["facts"]["form"], &one["facts"]["part"]),
                (&Value::from(*form), &Value::from(part)),
                "{name}"
            );
            assert_eq!(one["facts"]["member"], member.map_or(Value::Null, Value::from), "{name}");
        }
    }
}

#[test]
fn packed_in_what_is_packed_down_to_eight_levels() {
    let sandbox = project();
    let mut nested = value().into_bytes();
    for level in 1..=9 {
        nested = if level % 2 == 0 { zip("in.gz", &nested) } else { gzip(&nested) };
        sandbox.file(format!("{level}.bin"), 0o600, &nested);
    }
    let report = trace(&sandbox, &[], 1);
    let expected: Vec<String> = (1..=8).map(|level| format!("{level}.bin")).collect();
    let mut found = paths(&sandbox, &report);
    found.retain(|path| !path.is_empty());
    assert_eq!(found, expected);
    assert_eq!(listed::the(&report, ON_DISK, "8.bin")["facts"]["member"], "in.gz!in.gz!in.gz!in.gz");
    let left_out = listed::the(&report, "place-not-searched", "");
    assert_eq!((&left_out["facts"]["why"], &left_out["facts"]["first"]), (&"archive".into(), &"9.bin".into()));
}

#[test]
fn names_that_are_long_and_several_members() {
    let sandbox = project();
    let long = format!("{}/.env", "d".repeat(200));
    let many: Vec<(String, Vec<u8>)> =
        [long.as_str(), "b", "c"].iter().map(|name| ((*name).to_owned(), value().into_bytes())).collect();
    sandbox.file("a.tar", 0o600, tar::tar(&many));
    let report = trace(&sandbox, &[], 1);
    let one = listed::the(&report, ON_DISK, "a.tar");
    assert_eq!((&one["facts"]["member"], &one["facts"]["more"]), (&Value::from(long), &2.into()));
    assert_eq!(one["line"], Value::Null);
}

/// A zip file that a program wrote as a stream: sizes are behind the members. Then one with a password, and a cut one.
#[test]
fn zip_files_of_all_kinds() {
    let sandbox = project();
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for name in ["a", "b"] {
        writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(if name == "b" { value() } else { "x".repeat(9000) }.as_bytes()).unwrap();
    }
    let streamed = writer.finish().unwrap().into_inner();
    sandbox.file("streamed.zip", 0o600, &streamed);
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.start_file("s", stored).unwrap();
    writer.write_all(value().as_bytes()).unwrap();
    let mut locked = writer.finish().unwrap().into_inner();
    sandbox.file("stored.zip", 0o600, &locked);
    // The flag alone: what is behind it is not opened.
    locked[6] |= 1;
    let at = locked.windows(value().len()).position(|part| part == value().as_bytes()).unwrap();
    locked[at] ^= 1;
    sandbox.file("locked.zip", 0o600, &locked);
    sandbox.file("cut.zip", 0o600, &streamed[..60]);
    let report = trace(&sandbox, &[], 1);
    assert_eq!(listed::the(&report, ON_DISK, "streamed.zip")["facts"]["member"], "b");
    assert_eq!(listed::the(&report, ON_DISK, "stored.zip")["facts"]["member"], "s");
    assert_eq!(listed::the(&report, "place-not-searched", "")["facts"]["count"], 2);
}

/// What is damaged is searched as far as it goes, and as it is.
#[test]
fn what_is_damaged_is_told() {
    let sandbox = project();
    let text: String = (0..200_000_u32).map(|number| number.to_string()).collect();
    let packed = gzip(format!("{}{text}", value()).as_bytes());
    sandbox.file("cut.gz", 0o600, &packed[..packed.len() / 2]);
    sandbox.file("behind.gz", 0o600, [gzip(b"nothing"), value().into_bytes()].concat());
    sandbox.file("no.xz", 0o600, [b"\xfd7zXZ\0 is no archive ".to_vec(), value().into_bytes()].concat());
    let report = trace(&sandbox, &["."], 2);
    let mut found = paths(&sandbox, &report);
    found.sort();
    assert_eq!(found, ["behind.gz", "cut.gz", "no.xz"]);
    let expected = ["unreadable-archive behind.gz", "unreadable-archive cut.gz", "unreadable-archive no.xz"];
    assert_eq!(listed::problems(&report), expected);
    // Where nobody named it, it is a note.
    let report = trace(&sandbox, &[], 1);
    assert_eq!(listed::problems(&report), NONE);
    assert_eq!(listed::the(&report, "place-not-searched", "")["facts"]["count"], 3);
}
