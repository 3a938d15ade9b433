//! How hard a value is to guess. Pure: bytes in, verdict out. An estimate can warn, it cannot prove: only how a value
//! was made says how good it is.

pub(crate) mod shape;
mod words;

/// A value's class of strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Strength {
    /// Guessed in an online attack or with a word list.
    Weak,
    /// Withstands guessing online, not offline.
    Fair,
    /// Withstands guessing offline.
    Strong,
}

impl Strength {
    /// The word in reports.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Weak => "weak",
            Self::Fair => "fair",
            Self::Strong => "strong",
        }
    }
}

/// What makes a value weak.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Weakness {
    /// A common password, or weak words alone: `changeme`, `postgres`, `my-super-secret`.
    Common,
    /// Fewer than 8 characters: NIST SP 800-63B-4 3.1.1.2 and OWASP ASVS 5.0 6.2.1 allow no shorter password.
    Short,
    /// A piece over and over: `aaaaaaaa`, `abcabcabc`.
    Repeated,
    /// Neighbours of the alphabet, the digits or the keyboard: `12345678`, `qwertyuiop`.
    Sequence,
    /// Three different characters at most.
    FewKinds,
    /// A weak word with digits or punctuation: `Password123!`, `postgres2024`.
    WordAndDigits,
    /// Nothing special, but too few guesses: `x7Kp2mQ`, `blue-lamp`.
    Guessable,
}

/// Below this many bits a value is weak: 2^40 guesses take 35 years at a thousand a second, which is what an online
/// attack makes at most, and 18 minutes at 10^9 a second, which one machine makes offline.
const FAIR_BITS: f64 = 40.0;

/// From here a value is strong: 2^80 guesses take 38,000 years at 10^12 a second. NIST SP 800-131A named 80 bits as the
/// least security strength until 2013; values generated here have 128 and more.
const STRONG_BITS: f64 = 80.0;

/// No more of a value is examined: more could only make it stronger, and a hostile one may be a mebibyte.
const LOOKED_AT: usize = 4096;

/// The class of `value`.
#[must_use]
pub fn of(value: &[u8]) -> Strength {
    let (bits, weakness) = judge(value);
    if weakness.is_some() {
        Strength::Weak
    } else if bits < STRONG_BITS {
        Strength::Fair
    } else {
        Strength::Strong
    }
}

/// The bits of a value, and why it is weak, where it is.
fn judge(value: &[u8]) -> (f64, Option<Weakness>) {
    let value = value.get(..LOOKED_AT).unwrap_or(value);
    let spelled = words::spell(value);
    let per_letter = shape::bits_per_letter(value);
    let period = shape::period(value);
    let unit = value.get(..period).unwrap_or(value);

    let mut bits = per_letter * length(unit);
    if shape::reads_as_words(value) {
        bits = bits.min(shape::word_bits(unit));
    }
    let repeats = period < value.len() && (bits < FAIR_BITS || words::spell(unit).is_some());
    let weakness = match spelled {
        _ if repeats => Some(Weakness::Repeated),
        Some(words::Spelled::Words) => Some(Weakness::Common),
        Some(words::Spelled::WordsAndExtra) => Some(Weakness::WordAndDigits),
        None if shape::has_few_kinds(value) => Some(Weakness::FewKinds),
        None if shape::is_sequence(unit) => Some(Weakness::Sequence),
        None if value.len() < 8 => Some(Weakness::Short),
        None if bits < FAIR_BITS => Some(Weakness::Guessable),
        None => None,
    };
    (bits, weakness)
}

#[expect(clippy::cast_precision_loss, reason = "at most LOOKED_AT")]
fn length(value: &[u8]) -> f64 {
    value.len() as f64
}

#[cfg(test)]
mod tests;
