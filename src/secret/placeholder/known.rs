//! Values of documentations and test modes: they look real, and everybody has them.
//!
//! Each in pieces, so that no scanner takes this table for a leak.

use crate::secret::class;

/// AWS, Stripe, Hardhat and Ganache, Google's and Cloudflare's and hCaptcha's test keys, Azurite and Cosmos DB's emulator,
/// `MinIO`'s server to play with.
const KNOWN: [&[&str]; 13] = [
    &["sk_test_", "4eC39HqLyjWDarjtT1zdp7dc"],
    &["sk_test_", "BQokikJOvBiI2HlWgH4olfQ2"],
    &["test test test test test test ", "test test test test test junk"],
    &["myth like bonus scare over problem ", "client lizard pioneer submit female collect"],
    &["ac0974bec39a17e36ba4a6b4d238ff94", "4bacb478cbed5efcae784d7bf4f2ff80"],
    &["6LeIxAcTAAAAAGG-", "vFI1TnRWxMZNFuojJ4WifJWe"],
    &["1x0000000000000000", "000000000000000AA"],
    &["2x0000000000000000", "000000000000000AA"],
    &["0x0000000000000000000000", "000000000000000000"],
    &["Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/", "K1SZFPTOtr/KBHBeksoGMGw=="],
    &["C2y6yDjf5/R+ob0N8A7Cgv30VRDJIWEHLM+4QDU5DE2nQ9nDuVTqobD4b8mGGyPMbIZnqy6MsEcaGQy67XIw/", "Jw=="],
    &["Q3AM3UQ867", "SPQQA43P2F"],
    &["zuf+tfteSlswRu7BJ86wek", "itnifILbZam1KYY3TG"],
];

/// Whether a value is one of them.
pub(super) fn is_one(text: &str) -> bool {
    let text = text.strip_prefix("0x").filter(|digits| digits.len() == 64).unwrap_or(text);
    let is = |pieces: &&&[&str]| {
        let mut rest = Some(text);
        for piece in **pieces {
            rest = rest.and_then(|rest| rest.strip_prefix(piece));
        }
        rest == Some("")
    };
    KNOWN.iter().any(|pieces| is(&pieces)) || class::is_example_token(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_and_without_a_prefix() {
        assert!(is_one(&["test test test test test test ", "test test test test test junk"].concat()));
        assert!(is_one(&("0x".to_owned() + &KNOWN[4].concat())));
        assert!(!is_one(&(KNOWN[4].concat() + "0")));
        assert!(!is_one(""));
    }
}
