use rand::rngs::StdRng;
use rand::{SeedableRng, TryRng};

use super::*;

fn recipe(alphabet: Alphabet, length: usize) -> Recipe {
    Recipe::new(alphabet, length).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a test looks at what was made")]
fn made(recipe: Recipe, rng: &mut StdRng) -> Vec<u8> {
    recipe.make(rng).unwrap().expose().to_vec()
}

/// A generator that gives the same bytes over and over, or nothing.
struct Fixed(&'static [u8]);

impl TryRng for Fixed {
    type Error = std::io::Error;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        unimplemented_here()
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        unimplemented_here()
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        if self.0.is_empty() {
            return unimplemented_here();
        }
        for (to, from) in out.iter_mut().zip(self.0.iter().cycle()) {
            *to = *from;
        }
        Ok(())
    }
}

impl rand::TryCryptoRng for Fixed {}

fn unimplemented_here<T>() -> std::io::Result<T> {
    Err(std::io::ErrorKind::Unsupported.into())
}

/// Pearson's statistic for a million characters, each as likely as the others. With `kinds - 1` degrees of freedom it
/// is beyond mean + 6 standard deviations once in some hundred million runs; a modulo bias of base62 (eight characters
/// at 5/256 instead of 4/256) is at 10,000 and more.
fn chi_squared(counts: &[u32]) -> (f64, f64) {
    let total: u32 = counts.iter().sum();
    let (kinds, expected) = (counts.len() as f64, f64::from(total) / counts.len() as f64);
    let statistic = counts.iter().map(|count| (f64::from(*count) - expected).powi(2) / expected).sum();
    let freedom = kinds - 1.0;
    (statistic, freedom + 6.0 * (2.0 * freedom).sqrt())
}

fn counts(alphabet: Alphabet, characters: &[u8], mut next: impl FnMut(Recipe) -> Vec<u8>) -> Vec<u32> {
    let mut counts = vec![0; characters.len()];
    for _ in 0..1000 {
        let value = next(recipe(alphabet, 1002));
        // The two ends are of base62, whatever the alphabet.
        for byte in &value[1..1001] {
            counts[characters.iter().position(|known| known == byte).unwrap()] += 1;
        }
    }
    counts
}

#[test]
fn every_character_is_as_likely_as_the_others() {
    let mut rng = StdRng::seed_from_u64(7);
    let alphabets =
        [(Alphabet::Base62, &CHARACTERS[..62]), (Alphabet::Urlsafe, &CHARACTERS[..]), (Alphabet::Hex, &DIGITS[..])];
    for (alphabet, characters) in alphabets {
        let (statistic, limit) = chi_squared(&counts(alphabet, characters, |recipe| made(recipe, &mut rng)));
        assert!(statistic < limit, "{alphabet:?}: {statistic} of {limit}");
    }
}

#[test]
fn the_measure_sees_a_modulo_bias() {
    let mut rng = StdRng::seed_from_u64(7);
    let biased = |recipe: Recipe| {
        let mut bytes = vec![0; recipe.length.get()];
        rng.try_fill_bytes(&mut bytes).unwrap();
        bytes.iter().map(|byte| CHARACTERS[usize::from(byte % 62)]).collect()
    };
    let (statistic, limit) = chi_squared(&counts(Alphabet::Base62, &CHARACTERS[..62], biased));
    assert!(statistic > 10.0 * limit, "{statistic} of {limit}");
}

#[test]
fn ends_are_letters_or_digits() {
    let mut rng = StdRng::seed_from_u64(3);
    for length in [1, 2, 3, 22] {
        for _ in 0..2000 {
            let value = made(recipe(Alphabet::Urlsafe, length), &mut rng);
            assert_eq!(value.len(), length);
            assert!(value[0].is_ascii_alphanumeric() && value[length - 1].is_ascii_alphanumeric());
        }
    }
}

#[test]
fn bits_are_never_more_than_there_are() {
    let cases = [
        (Alphabet::Hex, 128, 512),
        (Alphabet::Hex, 1, 4),
        (Alphabet::Base62, 64, 381),
        (Alphabet::Base62, 21, 125),
        (Alphabet::Base62, 22, 130),
        (Alphabet::Urlsafe, 2, 11),
        (Alphabet::Urlsafe, 43, 257),
    ];
    for (alphabet, length, bits) in cases {
        assert_eq!(recipe(alphabet, length).bits(), bits, "{alphabet:?} {length}");
    }
    assert_eq!(Recipe::hex(64), Recipe::new(Alphabet::Hex, 128));
    assert_eq!(Recipe::hex(0), None);
    assert_eq!(Recipe::hex(usize::MAX), None);
    assert_eq!(Recipe::new(Alphabet::Hex, LONGEST + 1), None);
}

#[test]
fn bytes_that_would_be_unfair_are_thrown_away() {
    let value = recipe(Alphabet::Base62, 4).make(&mut Fixed(&[248, 255, 61, 62])).unwrap();
    assert!(value.ct_eq(&Secret::copy_of(b"z0z0")));
}

#[test]
fn a_generator_that_fails_makes_nothing() {
    assert!(recipe(Alphabet::Hex, 8).make(&mut Fixed(&[])).is_err());
}
