//! What must hold for any archive, for the fuzzer and for tests with random input.

use std::time::{Duration, Instant};

use super::searcher::Searcher;
use super::watch::Watch;
use crate::secret::Secret;
use crate::secret::search::Needles;

/// No archive of a few bytes takes longer.
const LIMIT: Duration = Duration::from_secs(10);

/// Searches an archive: it ends, and finds the same the second time.
///
/// # Panics
/// Where that does not hold.
pub fn archive(bytes: &[u8]) {
    let needles = Needles::new(&[Secret::copy_of(b"q7Rz2kVx9LmT4wNbYc8H")]);
    let watch = Watch::default();
    let mut searcher = Searcher::new(&needles, &watch);
    let start = Instant::now();
    let once = searcher.file(&mut &*bytes);
    assert!(start.elapsed() < LIMIT, "a search that takes too long");
    searcher.budget.renew();
    let again = searcher.file(&mut &*bytes);
    assert!(once.hits == again.hits && once.is_partly == again.is_partly, "a search that finds something else");
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use proptest::prelude::*;

    const VALUE: &[u8] = b"q7Rz2kVx9LmT4wNbYc8H";

    /// The hits in some bytes, and whether a part was not read.
    fn searched(bytes: &[u8]) -> (usize, bool) {
        let needles = Needles::new(&[Secret::copy_of(VALUE)]);
        let watch = Watch::default();
        let found = Searcher::new(&needles, &watch).file(&mut &*bytes);
        (found.hits.len(), found.is_partly)
    }

    fn tar() -> Vec<u8> {
        let mut block = vec![0; 512];
        let mut put = |at: usize, bytes: &[u8]| block[at..at + bytes.len()].copy_from_slice(bytes);
        put(0, b"a/b");
        put(124, format!("{:011o}\0", VALUE.len()).as_bytes());
        put(148, b"        ");
        put(156, b"0");
        put(257, b"ustar\x0000");
        let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
        block[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        block.extend(VALUE);
        block.resize(1024, 0);
        [block, vec![0; 1024]].concat()
    }

    fn zip() -> Vec<u8> {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for name in ["a", "b"] {
            writer.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
            writer.write_all(VALUE).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn bzip2(text: &[u8]) -> Vec<u8> {
        let mut encoder = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
        encoder.write_all(text).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(text, ruzstd::encoding::CompressionLevel::Fastest)
    }

    fn all() -> Vec<(Vec<u8>, usize)> {
        let packed = [tar(), gzip(VALUE), bzip2(VALUE), zstd(VALUE), gzip(&tar()), bzip2(&zip())];
        let counts = [1, 1, 1, 1, 1, 2];
        packed.into_iter().zip(counts).chain([(zip(), 2)]).collect()
    }

    /// What is cut is never more than the whole, and is told unless what is missing is only the end's mark.
    #[test]
    fn every_truncation() {
        for (whole, count) in all() {
            assert_eq!(searched(&whole), (count, false));
            for cut in 0..whole.len() {
                let (found, is_partly) = searched(&whole[..cut]);
                assert!(found <= count && (is_partly || found == count || cut < 520), "{cut} of {}", whole.len());
            }
        }
    }

    #[test]
    fn every_bit_flipped_once() {
        for (whole, _) in all() {
            for at in (0..whole.len().min(700)).step_by(13) {
                for bit in 0..8 {
                    let mut bytes = whole.clone();
                    bytes[at] ^= 1 << bit;
                    archive(&bytes);
                }
            }
        }
    }

    /// Frames of Zstandard one after the other, and what is to be skipped between them.
    #[test]
    fn several_frames() {
        let skippable = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let bytes = [zstd(b"nothing"), skippable.clone(), zstd(VALUE), skippable.clone()].concat();
        assert_eq!(searched(&bytes), (1, false));
        assert_eq!(searched(&[zstd(VALUE), skippable[..9].to_vec()].concat()), (1, true));
        assert_eq!(searched(&[gzip(b"nothing"), gzip(VALUE)].concat()), (1, false));
    }

    proptest! {
        #[test]
        fn any_bytes(start in 0_usize..7, bytes in prop::collection::vec(any::<u8>(), 0..2000)) {
            let starts: [&[u8]; 7] = [
                b"", b"PK\x03\x04", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"BZh91AY&SY", b"\xfd7zXZ\0",
                b"\x50\x2a\x4d\x18",
            ];
            archive(&[starts[start], &bytes].concat());
        }
    }
}
