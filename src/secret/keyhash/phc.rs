//! PHC strings of argon2id, read as strictly as the reference implementation writes them: one order, no leading zeros,
//! no padding, no stray bits.

use std::fmt;

use base64ct::{Base64Unpadded, Encoding};

use super::cost::Cost;
use super::fault::{Fault, Foreign};

/// The longest string that is examined, in bytes: one with 64 bytes of salt and 64 of output has 210.
pub const LONGEST: usize = 512;

const START: &str = "$argon2id$";

/// A PHC string taken apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phc {
    /// What it costs.
    pub cost: Cost,
    /// 8 to 64 bytes (RFC 9106 3.1 allows no fewer).
    pub salt: Vec<u8>,
    /// 16 to 64 bytes, in fours.
    pub output: Vec<u8>,
}

impl Phc {
    /// Takes a string apart. Cheap, and nothing is hashed: a cost that is too high is refused here.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(text: &str) -> Result<Self, Fault> {
        if text.len() > LONGEST {
            return Err(Fault::TooLong);
        }
        let rest = text.strip_prefix(START).ok_or_else(|| other(text))?;
        let fields: Vec<&str> = rest.split('$').collect();
        match fields.as_slice() {
            [version, _, ..] if *version != "v=19" => {
                let old = is_version(version) || version.starts_with("m=");
                Err(if old { Fault::Foreign(Foreign::Version) } else { Fault::Damaged })
            }
            [_, cost, salt, output] => Self::from_fields(cost, salt, output),
            [_, _, _, _, _, ..] => Err(Fault::Damaged),
            _ => Err(Fault::CutOff),
        }
    }

    fn from_fields(cost: &str, salt: &str, output: &str) -> Result<Self, Fault> {
        let cost =
            Cost::parse_numbers(cost).map_err(|fault| if fault == Fault::Cost { Fault::Damaged } else { fault })?;
        let salt = decode(salt, 8)?;
        let output = decode(output, 16)?;
        // Every library makes them in fours; a string that lost some characters has hardly such a length.
        if output.len() % 4 != 0 {
            return Err(Fault::CutOff);
        }
        Ok(Self { cost, salt, output })
    }
}

impl fmt::Display for Phc {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (salt, output) = (Base64Unpadded::encode_string(&self.salt), Base64Unpadded::encode_string(&self.output));
        write!(f, "{START}v=19${}${salt}${output}", self.cost)
    }
}

/// A field of `least` to 64 bytes.
fn decode(text: &str, least: usize) -> Result<Vec<u8>, Fault> {
    let is_base64 = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
    if !text.bytes().all(is_base64) {
        return Err(Fault::Damaged);
    }
    // The right characters, but not so many, or bits left over: some are missing.
    let bytes = Base64Unpadded::decode_vec(text).map_err(|_| Fault::CutOff)?;
    match bytes.len() {
        length if length < least => Err(Fault::CutOff),
        length if length > 64 => Err(Fault::Damaged),
        _ => Ok(bytes),
    }
}

fn is_version(field: &str) -> bool {
    field
        .strip_prefix("v=")
        .is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What a string is that is no argon2id hash.
fn other(text: &str) -> Fault {
    let starts = |starts: &[&str]| starts.iter().any(|start| text.starts_with(start));
    if text.len() >= 2 && START.starts_with(text) {
        Fault::CutOff
    } else if starts(&["$argon2i$"]) {
        Fault::Foreign(Foreign::Argon2i)
    } else if starts(&["$argon2d$"]) {
        Fault::Foreign(Foreign::Argon2d)
    } else if starts(&["$2a$", "$2b$", "$2y$", "$2x$"]) {
        Fault::Foreign(Foreign::Bcrypt)
    } else if starts(&["$", "{SSHA", "{SHA", "pbkdf2_", "scrypt:", "SCRAM-SHA-256$"]) {
        Fault::Foreign(Foreign::Other)
    } else {
        Fault::NotAHash
    }
}
