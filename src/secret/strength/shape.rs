//! What a value looks like, whatever its words: its letters, its repeats, its runs.

/// For `a` to `z`, the letters that often follow in English: the 210 commonest of 676 pairs, which are 94 in 100 pairs
/// of running text and 31 in 100 of random letters. Counted over a million letters of licences and documentation.
const FOLLOWS: [&[u8]; 26] = [
    b"bcdgilmnprstuvy",
    b"aeijlouy",
    b"aehiklortu",
    b"adeiosu",
    b"acdefglmnpqrstvxy",
    b"aefioru",
    b"ehinrsu",
    b"aeiot",
    b"abcdefglmnoprstv",
    b"",
    b"e",
    b"adeilostuy",
    b"abeimops",
    b"acdegiostuv",
    b"bcdflmnoprstuvw",
    b"aeiloprtuy",
    b"u",
    b"acdegikmnorstuy",
    b"acehiopstu",
    b"aehilorstuwy",
    b"bceilmnprst",
    b"aei",
    b"aehior",
    b"ct",
    b"opt",
    b"",
];

/// Rows of keys, and the alphabet and the digits: neighbours in them cost a guesser nothing.
const ROWS: [&[u8]; 5] = [b"abcdefghijklmnopqrstuvwxyz", b"01234567890", b"qwertyuiop", b"asdfghjkl", b"zxcvbnm"];

/// A letter of running text is worth two bits to somebody who guesses by words (a word of a list of a few thousand, 11
/// to 13 bits, has some six letters).
const BITS_OF_A_WORDS_LETTER: f64 = 2.0;

/// The bits of one character, by the kinds of characters that occur.
pub(super) fn bits_per_letter(value: &[u8]) -> f64 {
    let any = |test: fn(&u8) -> bool| value.iter().any(test);
    if value.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-') {
        let digits = value.iter().all(u8::is_ascii_digit);
        // Twenty and more digits without a pattern are hex that happens to have no letter, not a number.
        return if digits && value.len() < 20 { 10_f64.log2() } else { 16_f64.log2() };
    }
    type Kind = (fn(&u8) -> bool, f64);
    let kinds: [Kind; 5] = [
        (u8::is_ascii_lowercase, 26.0),
        (u8::is_ascii_uppercase, 26.0),
        (u8::is_ascii_digit, 10.0),
        (|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric(), 33.0),
        (|byte| !byte.is_ascii(), 64.0),
    ];
    kinds.iter().filter(|(test, _)| any(*test)).map(|(_, size)| size).sum::<f64>().max(2.0).log2()
}

/// The length of the piece that the value repeats (at least twice); the value's own where it repeats none.
pub(super) fn period(value: &[u8]) -> usize {
    // The prefix function of Knuth, Morris and Pratt: for every end, the longest border before it.
    let mut borders: Vec<usize> = Vec::with_capacity(value.len());
    let mut border = 0;
    for (index, byte) in value.iter().enumerate() {
        while index > 0 && border > 0 && value.get(border) != Some(byte) {
            border = borders.get(border - 1).copied().unwrap_or(0);
        }
        if index > 0 && value.get(border) == Some(byte) {
            border += 1;
        }
        borders.push(border);
    }
    let period = value.len() - border;
    if period * 2 <= value.len() { period } else { value.len() }
}

/// Whether seven steps in ten lead to a neighbour (or stay), and there are enough steps for that to be no chance.
pub(super) fn is_sequence(value: &[u8]) -> bool {
    let steps = value.len().saturating_sub(1);
    let easy = value.windows(2).filter(|pair| matches!(pair, [a, b] if neighbours(*a, *b))).count();
    steps >= 3 && easy * 10 >= steps * 7
}

fn neighbours(a: u8, b: u8) -> bool {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    a == b || ROWS.iter().any(|row| row.windows(2).any(|pair| *pair == [a, b] || *pair == [b, a]))
}

/// Three different characters at most, in a value long enough to have more.
pub(super) fn has_few_kinds(value: &[u8]) -> bool {
    let mut seen = [false; 256];
    for byte in value {
        if let Some(seen) = seen.get_mut(usize::from(*byte)) {
            *seen = true;
        }
    }
    value.len() >= 8 && seen.iter().filter(|seen| **seen).count() <= 3
}

/// Whether the letters run as in words: most of the value is letters, they stand in runs of one case (or capitalised) of
/// four letters in the mean, three pairs in four are common ones, and digits stand in few places. Random base62 of 20
/// characters passes all of it less than once in 100,000 times; hex, which has words of its own, is never asked.
pub(crate) fn reads_as_words(value: &[u8]) -> bool {
    let hex = |byte: &u8| byte.is_ascii_hexdigit() || *byte == b'-';
    if value.len() >= 16 && value.iter().all(hex) {
        return false;
    }
    let letters = value.iter().filter(|byte| byte.is_ascii_alphabetic()).count();
    let switches = value.windows(2).filter(|pair| {
        matches!(pair, [a, b] if a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric() && a.is_ascii_digit() != b.is_ascii_digit())
    });
    let few_switches = switches.count() <= 3;
    let (mut joined, mut common) = (0_usize, 0_usize);
    let mut run = 0_usize;
    let mut before: Option<u8> = None;
    for byte in value {
        let goes_on = before.is_some_and(|before| {
            let same = before.is_ascii_lowercase() == byte.is_ascii_lowercase();
            let capital = run == 1 && before.is_ascii_uppercase() && byte.is_ascii_lowercase();
            byte.is_ascii_alphabetic() && (same || capital)
        });
        run = if goes_on { run + 1 } else { 1 };
        if let (true, Some(before)) = (goes_on, before) {
            joined += 1;
            common += usize::from(often_follows(before, *byte));
        }
        before = byte.is_ascii_alphabetic().then_some(*byte);
    }
    let runs = letters - joined;
    few_switches && letters * 2 >= value.len() && joined >= 3 && letters >= runs * 4 && common * 4 >= joined * 3
}

fn often_follows(a: u8, b: u8) -> bool {
    let row = usize::from(a.to_ascii_lowercase().wrapping_sub(b'a'));
    FOLLOWS.get(row).is_some_and(|row| row.contains(&b.to_ascii_lowercase()))
}

/// The bits of a value that reads as words.
pub(super) fn word_bits(value: &[u8]) -> f64 {
    value.iter().map(|byte| if byte.is_ascii_alphabetic() { BITS_OF_A_WORDS_LETTER } else { 10_f64.log2() }).sum()
}
