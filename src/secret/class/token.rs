//! How the tokens of known providers begin: the one table.
//!
//! From the providers' own documentation, as GitHub's list of secret scanning patterns and gitleaks' rules gather it.

/// How a provider's tokens begin.
struct Token {
    start: &'static str,
    /// How many letters and digits must follow at once, so that the name of a key is taken for one: the more, the more
    /// the beginning looks like that of an ordinary name.
    in_name: usize,
    /// What must follow, so that a value is one.
    follows: Follows,
}

/// What follows the beginning of a value that opens something.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Follows {
    /// Nothing does: it is public, or an id.
    Nothing,
    /// A run of characters of a token.
    Token,
    /// One that also looks generated: the beginning is that of ordinary words, too.
    Generated,
}

use Follows::{Generated, Nothing, Token as Long};

const TOKENS: [Token; 88] = [
    token("AGE-SECRET-KEY-", 0, Long),
    token("AIza", 1, Long),
    token("AKIA", 1, Nothing),
    token("ASIA", 12, Nothing),
    token("ATATT3", 12, Long),
    token("CFPAT-", 12, Long),
    token("EAAA", 12, Generated),
    token("EAAC", 12, Generated),
    token("LTAI", 12, Nothing),
    token("NRAK-", 12, Long),
    token("PMAK-", 12, Long),
    token("SG.", 1, Long),
    token("dapi", 30, Generated),
    token("dckr_oat_", 0, Long),
    token("dckr_pat_", 0, Long),
    token("doo_v1_", 0, Long),
    token("dop_v1_", 0, Long),
    token("dor_v1_", 0, Long),
    token("dp.pt.", 0, Long),
    token("dp.st.", 0, Long),
    token("dt0c01.", 0, Long),
    token("figd_", 12, Long),
    token("fm1_", 12, Generated),
    token("fm2_", 12, Generated),
    token("fo1_", 12, Generated),
    token("gho_", 0, Long),
    token("ghp_", 0, Long),
    token("ghr_", 0, Long),
    token("ghs_", 0, Long),
    token("ghu_", 0, Long),
    token("github_pat_", 0, Long),
    token("glcbt-", 0, Long),
    token("gldt-", 0, Long),
    token("glft-", 0, Long),
    token("glpat-", 0, Long),
    token("glptt-", 0, Long),
    token("glrt-", 0, Long),
    token("glsa_", 12, Long),
    token("glsoat-", 0, Long),
    token("gsk_", 12, Generated),
    token("hf_", 20, Long),
    token("hvb.", 0, Long),
    token("hvr.", 0, Long),
    token("hvs.", 0, Long),
    token("lin_api_", 0, Long),
    token("lsv2_pt_", 0, Long),
    token("lsv2_sk_", 0, Long),
    token("npm_", 20, Long),
    token("ntn_", 20, Generated),
    token("nvapi-", 12, Long),
    token("ops_eyJ", 0, Long),
    token("phc_", 20, Nothing),
    token("phx_", 20, Generated),
    token("pk.eyJ", 0, Nothing),
    token("pk_live_", 0, Nothing),
    token("pk_test_", 0, Nothing),
    token("pplx-", 12, Generated),
    token("pscale_pw_", 0, Long),
    token("pscale_tkn_", 0, Long),
    token("pypi-", 1, Long),
    token("r8_", 20, Generated),
    token("rk_live_", 0, Long),
    token("rk_test_", 0, Long),
    token("rubygems_", 20, Long),
    token("sb_secret_", 0, Long),
    token("sbp_", 20, Long),
    token("shpat_", 0, Long),
    token("shpca_", 0, Long),
    token("shppa_", 0, Long),
    token("shpss_", 0, Long),
    token("sk-ant-", 0, Long),
    token("sk-or-", 0, Long),
    token("sk-proj-", 0, Long),
    token("sk-", 0, Generated),
    token("sk_live_", 0, Long),
    token("sk_test_", 0, Long),
    token("sntrys_", 0, Long),
    token("sntryu_", 0, Long),
    token("sq0csp-", 0, Long),
    token("tskey-", 0, Long),
    token("vercel_blob_rw_", 0, Long),
    token("whsec_", 0, Long),
    token("xapp-", 0, Long),
    token("xoxa-", 0, Long),
    token("xoxb-", 0, Long),
    token("xoxp-", 0, Long),
    token("xoxs-", 0, Long),
    token("ya29.", 0, Long),
];

const fn token(start: &'static str, in_name: usize, follows: Follows) -> Token {
    Token { start, in_name, follows }
}

/// Fewer characters behind the beginning are no token's.
const SHORTEST: usize = 16;

/// Whether a name begins as tokens do: then it is a pasted one, and not to be printed. A JSON object in base64, as tokens
/// in JWT's form begin, is one as well.
pub(crate) fn is_in_name(name: &str) -> bool {
    let begins = |token: &Token| {
        let rest = name.strip_prefix(token.start);
        rest.is_some_and(|rest| rest.bytes().take_while(u8::is_ascii_alphanumeric).count() >= token.in_name)
    };
    name.starts_with("eyJ") || TOKENS.iter().any(begins)
}

/// Whether a value is a token of a known provider.
pub(super) fn is_one(value: &[u8]) -> bool {
    let is = |token: &Token| {
        value.strip_prefix(token.start.as_bytes()).is_some_and(|rest| match token.follows {
            Nothing => false,
            Long => is_long(rest),
            Generated => is_long(rest) && super::value::looks_generated(rest),
        })
    };
    TOKENS.iter().any(is) || is_telegrams(value)
}

fn is_long(rest: &[u8]) -> bool {
    rest.len() >= SHORTEST && rest.iter().all(|byte| byte.is_ascii_alphanumeric() || b"_-.".contains(byte))
}

/// `123456789:AA…`: a Telegram bot's number and its token.
fn is_telegrams(value: &[u8]) -> bool {
    let Some(colon) = memchr::memchr(b':', value) else { return false };
    let (number, rest) = (value.get(..colon).unwrap_or_default(), value.get(colon + 1..).unwrap_or_default());
    (8..=10).contains(&number.len()) && number.iter().all(u8::is_ascii_digit) && rest.len() == 35 && is_long(rest)
}
