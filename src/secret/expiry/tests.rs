use base64ct::{Base64, Base64UrlUnpadded, Encoding};

use super::certificate::MOST;
use super::*;

fn token(claims: &str) -> String {
    let part = |text: &str| Base64UrlUnpadded::encode_string(text.as_bytes());
    format!("{}.{}.{}", part(r#"{"alg":"HS256","typ":"JWT"}"#), part(claims), part(&"s".repeat(32)))
}

fn of(value: &str) -> Option<(String, Part)> {
    of_value(value.as_bytes()).map(|(day, part)| (day.to_string(), part))
}

#[test]
fn tokens() {
    let some = |day: &str| Some((day.to_owned(), Part::Token));
    // `date -ud 2027-03-01T23:59:59 +%s`
    assert_eq!(of(&token(r#"{"sub":"a","exp":1803945599}"#)), some("2027-03-01"));
    assert_eq!(of(&token(r#"{"sub":"a","exp":1803945600}"#)), some("2027-03-02"));
    assert_eq!(of(&token(r#"{"exp":1803945599.5}"#)), some("2027-03-01"));
    assert_eq!(of(&format!("Bearer {}", token(r#"{"exp":1803945599}"#))), some("2027-03-01"));
    for none in [
        r#"{"sub":"a"}"#,
        r#"{"exp":null}"#,
        r#"{"exp":"1803945599"}"#,
        r#"{"exp":0}"#,
        r#"{"exp":-1}"#,
        // Milliseconds, and a number past every calendar.
        r#"{"exp":1803945599000}"#,
        r#"{"exp":1e300}"#,
        r#"{"exp":99999999999999999999999}"#,
        // A documentation's.
        r#"{"sub":"1234567890","exp":1803945599}"#,
    ] {
        assert_eq!(of(&token(none)), None, "{none}");
    }
    assert_eq!(of("a.b.c"), None);
}

#[test]
fn signatures() {
    let sig = format!("sig={}%3D", "Ab3".repeat(15));
    let some = |day: &str| Some((day.to_owned(), Part::Signature));
    for (value, expected) in [
        (format!("sv=2022-11-02&se=2027-03-01T00:00:00Z&sp=r&{sig}"), some("2027-03-01")),
        (format!("?sv=2022-11-02&se=2027-03-01T10%3A00%3A00Z&{sig}"), some("2027-03-01")),
        (
            format!("https://a.blob.core.windows.net/c?sp=r&se=2027-03-01T10:00Z&sv=2022-11-02&{sig}"),
            some("2027-03-01"),
        ),
        (format!("https://a.example/c?sv=2022-11-02&se=2027-03-01&{sig}"), some("2027-03-01")),
        (format!("sv=1&se=2027-03-01T23:30:00-02:00&{sig}"), some("2027-03-02")),
        (
            format!(
                "BlobEndpoint=https://a.example/;SharedAccessSignature=sv=2022-11-02&se=2027-03-01T00:00:00Z&{sig}"
            ),
            some("2027-03-01"),
        ),
        (format!("SharedAccessSignature sr=a.example&{sig}&se=1803945599&skn=k"), some("2027-03-01")),
        (format!("https://a/?sv=1&se=2028-01-01&{sig},https://b/?sv=1&se=2027-03-01&{sig}"), some("2027-03-01")),
        // With its padding as it is.
        (format!("sv=1&se=2027-03-01&sig={}=", "Ab3".repeat(15)), some("2027-03-01")),
        (format!("sv=1&se=soon&{sig}"), None),
        (format!("sv=1&{sig}"), None),
        ("sv=1&se=2027-03-01&sig=short".to_owned(), None),
        // Some other site's query.
        (format!("https://a.example/?se=2027-03-01&{sig}"), None),
    ] {
        assert_eq!(of(&value), expected, "{value}");
    }
}

/// A tag, its length and its content.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).unwrap().to_be_bytes();
    [&[tag, 0x82], &length[..], content].concat()
}

/// As much of a certificate as anybody reads who wants its end: long lengths, which DER forbids where short ones do, are
/// not used for small parts.
fn certificate(time_tag: u8, not_after: &str) -> Vec<u8> {
    let short = |tag: u8, content: &[u8]| [&[tag, u8::try_from(content.len()).unwrap()], content].concat();
    let validity = [short(0x17, b"200101000000Z"), short(time_tag, not_after.as_bytes())].concat();
    let subject = tlv(0x30, &[0x31; 300].map(|_| 0x05));
    let tbs = [
        short(0xa0, &[2, 1, 2]),
        // Negative, and longer than 20 bytes.
        short(0x02, &[0xff; 24]),
        short(0x30, b""),
        short(0x30, b""),
        short(0x30, &validity),
        subject,
        short(0x30, b""),
    ];
    tlv(0x30, &tlv(0x30, &tbs.concat()))
}

fn armored(der: &[u8]) -> String {
    let body = Base64::encode_string(der);
    let lines: Vec<&str> = body.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
}

#[test]
fn certificates_in_every_notation() {
    let der = certificate(0x17, "270301120000Z");
    let pem = armored(&der);
    let one = Some(("2027-03-01".to_owned(), Part::Certificate { number: 1, count: 1 }));
    for value in [
        pem.clone(),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\r\n"),
        pem.replace('\n', " "),
        format!("subject=CN = a\nissuer=CN = b\n{pem}"),
        Base64::encode_string(pem.as_bytes()),
        Base64::encode_string(&der),
    ] {
        assert_eq!(of(&value), one, "{value}");
    }
    // From 2050 on the standard wants the other form, and 9999 stands for no end.
    let late = armored(&certificate(0x18, "20510301000000Z"));
    assert_eq!(of(&late).unwrap().0, "2051-03-01");
    let endless = armored(&certificate(0x18, "99991231235959Z"));
    assert_eq!((of(&endless), is_broken(endless.as_bytes())), (None, false));
    assert_eq!(of(&Base64::encode_string(&certificate(0x18, "99991231235959Z"))), None);
    assert_eq!(of(&(endless + &late)).unwrap().1, Part::Certificate { number: 2, count: 2 });
}

#[test]
fn of_a_chain_the_earliest_end_counts() {
    let [leaf, middle] = ["280101000000Z", "270301000000Z"].map(|end| armored(&certificate(0x17, end)));
    let second = Some(("2027-03-01".to_owned(), Part::Certificate { number: 2, count: 2 }));
    assert_eq!(of(&(leaf.clone() + &middle)), second);
    // A private key before it is no certificate.
    let key = ["-----BEGIN PRIV", "ATE KEY-----\nAAAA\n-----END PRIV", "ATE KEY-----\n"].concat();
    assert_eq!(of(&(key + &leaf + &middle)), second);
    // One that cannot be read may be the first to end.
    assert_eq!(of(&format!("{leaf}-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")), None);
    // A bundle of authorities.
    assert_eq!(of(&leaf.repeat(MOST + 1)), None);
    assert!(of(&leaf.repeat(MOST)).is_some());
}

#[test]
fn what_is_no_certificate() {
    let der = certificate(0x17, "270301120000Z");
    for end in 0..der.len() {
        let text = armored(der.get(..end).unwrap());
        assert_eq!((of(&text), is_broken(text.as_bytes())), (None, end >= 128), "{end}");
    }
    assert!(!is_broken(armored(&der).as_bytes()));
    // A set in the place of the first and of the last sequence.
    for at in [0, der.len() - 2] {
        let mut other = der.clone();
        other[at] = 0x31;
        assert_eq!(of(&armored(&other)), None, "{at}");
    }
    for text in ["MIIEvQIBADANBgkq", "MII", "", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE-----\nMIID...\n"]
    {
        assert_eq!(of(text), None, "{text}");
    }
}

/// Whatever stands in a certificate, reading it ends, and gives a day or none.
#[test]
fn a_certificate_with_a_changed_byte() {
    let der = certificate(0x17, "270301120000Z");
    let mut days = 0;
    for at in 0..der.len() {
        for change in [0x01, 0x80, 0xff] {
            let mut changed = der.clone();
            changed[at] ^= change;
            days += usize::from(of(&armored(&changed)).is_some());
        }
    }
    assert!(days > 0);
}
