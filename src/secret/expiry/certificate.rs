//! X.509 certificates (RFC 5280), in whatever notation a value has them: PEM over several lines or in one, base64 of PEM,
//! base64 of DER alone.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use x509_cert::der::asn1::AnyRef;
use x509_cert::der::{Decode, Header, Reader, SliceReader, Tag, Tagged};
use x509_cert::time::Validity;

use super::Part;
use crate::secret::class::pem;

/// A chain has no more certificates than these. What has more is a bundle of trusted authorities, some of which are
/// always about to end and make nothing fail.
pub(super) const MOST: usize = 8;

/// A certificate is longer than this. What is shorter, or no base64, is there for the reader's eyes.
const SHORTEST: usize = 128;

/// Whether a text has a certificate in PEM that should be read, and cannot.
pub(crate) fn is_broken(text: &[u8]) -> bool {
    let bodies = pem::certificates(text);
    let is_one = |der: &[u8]| der.len() >= SHORTEST && end(der).is_none();
    bodies.len() <= MOST && bodies.iter().any(|body| pem::decoded(body).is_some_and(|der| is_one(&der)))
}

/// The end of the certificate of a text that ends first, and which one that is; `None` where there is none, where one
/// cannot be read, and where none ends.
pub(crate) fn of_text(text: &[u8]) -> Option<(Date, Part)> {
    let bodies = pem::certificates(text);
    if bodies.is_empty() {
        // A certificate is a SEQUENCE of 256 to 65535 bytes.
        let der = text.starts_with(b"MII").then(|| pem::decoded(text)).flatten()?;
        return end(&der).filter(|day| *day < Date::MAX).map(|day| (day, Part::Certificate { number: 1, count: 1 }));
    }
    if bodies.len() > MOST {
        return None;
    }
    let ends = bodies.iter().map(|body| end(&pem::decoded(body)?)).collect::<Option<Vec<Date>>>()?;
    let count = ends.len();
    let (day, number) = ends.into_iter().zip(1..).min()?;
    (day < Date::MAX).then_some((day, Part::Certificate { number, count }))
}

/// `notAfter` of a certificate in DER, in UTC. Only what leads to it is read: many that are in use break some rule of the
/// standard elsewhere, such as a serial number that is negative or too long.
#[must_use]
pub fn end(der: &[u8]) -> Option<Date> {
    let mut reader = SliceReader::new(der).ok()?;
    for _ in ["Certificate", "TBSCertificate"] {
        let header = Header::decode(&mut reader).ok()?;
        let is_whole = header.tag() == Tag::Sequence && header.length() <= reader.remaining_len();
        is_whole.then_some(())?;
    }
    let mut next = AnyRef::decode(&mut reader).ok()?;
    if next.tag() != Tag::Integer {
        // The version, which certificates of the first one do not have.
        next = AnyRef::decode(&mut reader).ok()?;
    }
    let is_serial = next.tag() == Tag::Integer;
    let mut is_sequence = || AnyRef::decode(&mut reader).is_ok_and(|any| any.tag() == Tag::Sequence);
    // The algorithm, and who signed it.
    (is_serial && is_sequence() && is_sequence()).then_some(())?;
    let validity: Validity = Validity::decode(&mut reader).ok()?;
    // Whom it is for, and the public key.
    let mut is_sequence = || AnyRef::decode(&mut reader).is_ok_and(|any| any.tag() == Tag::Sequence);
    (is_sequence() && is_sequence()).then_some(())?;
    let instant = i64::try_from(validity.not_after.to_unix_duration().as_secs()).map(Timestamp::from_second);
    // 31 December 9999 stands for no end (RFC 5280 4.1.2.5), and is past the last instant that there is here.
    Some(instant.ok()?.map_or(Date::MAX, |instant| TimeZone::UTC.to_datetime(instant).date()))
}
