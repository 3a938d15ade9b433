//! What a key's name says, by whole words.

use super::{Class, language};

/// How far a name can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Doubt {
    /// Any value is a secret that is not plainly a setting.
    Sure,
    /// A secret unless the value is plainly public.
    Unless,
    /// A secret only where the value looks generated, or is a wallet's words.
    Only,
    /// Or is a user and a password.
    Pair,
}

/// What a name asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) class: Class,
    pub(super) doubt: Doubt,
}

/// Names that the words do not explain.
const EXACT: [(&[&str], Class); 5] = [
    (&["NEO", "4", "J", "AUTH"], Class::DatabasePassword),
    (&["REDISCLI", "AUTH"], Class::DatabasePassword),
    (&["SECRET", "KEY"], Class::SessionSecret),
    (&["APP", "SECRET"], Class::SessionSecret),
    (&["AUTH", "SECRET"], Class::SessionSecret),
];

/// First words that send a key to every browser: public by design.
const PUBLIC: [&[&str]; 8] = [
    &["NEXT", "PUBLIC"],
    &["NUXT", "PUBLIC"],
    &["EXPO", "PUBLIC"],
    &["REACT", "APP"],
    &["VITE"],
    &["PUBLIC"],
    &["GATSBY"],
    &["VUE", "APP"],
];

/// Last words of a key that says something about a secret and does not hold it.
const ABOUT: &str = " ACCOUNT ACTIVE AGE ALG ALGO ALGORITHM ALGORITHMS ALLOW ALLOWED ARN AUD AUDIENCE BITS \
BUCKET CHANGE CLAIM CLASS COLUMN COST COUNT DAYS DIR DIRECTORY DISABLED DOMAIN DRIVER DURATION EMAIL ENABLE ENABLED \
ENCODING ENDPOINT ENV ENVIRONMENT EXPIRATION EXPIRE EXPIRED EXPIRES EXPIRY FIELD FILE FILENAME FILES FOLDER FORMAT GROUP \
GUESSES HASHER HASHERS HEADER HINT HOST HOSTNAME HOURS ID IDS IN INTERVAL ISS ISSUER ITERATIONS KID KIND LABEL LEEWAY \
LEN LENGTH LEVEL LIFESPAN LIFETIME LIMIT LIST LOCATION MANAGER MAX MECHANISM METHOD METHODS MIN MINUTES MODE MS NAME \
NAMES NAMESPACE OPTIONAL PARAM PATH PATTERN PERIOD POLICY PORT PREFIX PROVIDER RATE REGEX REGION REQUIRE \
REQUIRED RESET REUSE RETRIES ROLE ROTATION ROUNDS RULES SCHEME SCOPE SCOPES SECONDS SEC SIZE SOURCE STORE \
STRATEGY STRENGTH SUBJECT SUFFIX TABLE TIME TIMEOUT TTL TYPE URI URL URLS USER USERNAME VALID VALIDATION VALIDATOR \
VALIDATORS VALIDITY VAR VARIABLE VERSION ";

/// Last words that leave what stands before them as it was: `DB_PASSWORD_PROD`, `SECRET_KEY_BASE`, `API_KEY_2`.
const NEUTRAL: &str = " BASE CURRENT DEV DEVELOPMENT DEFAULT INITIAL LIVE LOCAL NEW OLD PLAIN PREVIOUS PRIMARY PROD PRODUCTION \
SECONDARY STAGING TEST TESTING VALUE RAW V ";

/// Before KEY: a key that is public, or no key of this kind at all.
const OPEN_KEYS: &str = " ANON CACHE FOREIGN GROUP HOT IDEMPOTENCY INDEX OBJECT PARTITION PRIMARY PUBLIC PUBLISHABLE RECORD \
ROUTING SHARD SITE SORT UNIQUE ";

const DATABASES: &str = " CASSANDRA CLICKHOUSE COCKROACH COUCHDB DATABASE DB INFLUXDB KEYDB MARIADB MEMCACHED MONGO MONGODB \
MSSQL MYSQL NEO NEO4J ORACLE PG PGSQL PGBOUNCER POSTGRES POSTGRESQL RABBITMQ AMQP REDIS SA SQL SQLSERVER TIMESCALE VALKEY ";

const PASSWORDS: &str = " PASSWORD PASSWD PASS PWD PW PASSPHRASE PASSWRD ";
const ENCRYPTION: &str = " AES CIPHER CRYPT ENC CRYPTO DATA ENCRYPT ENCRYPTION FERNET MASTER KEK DEK ";
/// Before SECRET or KEY: a provider issued it.
const ISSUED: &str = " API ACCESS CLIENT CONSUMER OAUTH WEBHOOK AWS S3 GITHUB GITLAB GOOGLE SLACK STRIPE TWILIO SENDGRID \
FACEBOOK TWITTER LINKEDIN DISCORD AZURE PAYPAL MAILGUN CLOUDFLARE OPENAI ANTHROPIC ";

/// What people write together with PASS, PWD or PW: `DBPASS`, `SMTPPASS`; never with a word that only ends so (`COMPASS`).
const WITH_PASS: &str = " ADMIN APP BIND EMAIL FTP HTTP IMAP KEYSTORE LDAP LOGIN MAIL MQTT PROXY RCON ROOT SFTP SMB SMTP SSH SVC TRUSTSTORE \
USER VNC VPN WEB WIFI ";

/// What people write together with KEY: `AUTHKEY`, `JWTKEY`; never `MONKEY`.
const WITH_KEY: &str =
    " ADMIN AES APP AUTH CIPHER COOKIE CRYPT CRYPTO FERNET HMAC JWT MASTER SESSION SIGN SIGNING SSH SSL TLS ";

/// Behind the word for the secret: who owns it, and nothing about it (`PASSWORD_ADMIN`, `API_KEY_STRIPE`).
const WHOSE: &str = " ADMIN APP BACKUP MAIL ROOT SMTP ";

/// Last words of a key that holds a secret, or something about one.
const HINTS: &str =
    " BEARER COOKIE HMAC JWT LICENSE MNEMONIC PASSWORDS PHRASE SECRETS SEED SESSION SIGNING TOKENS WALLET WEBHOOK ";

/// Words of a name whose value is long and random and known to everybody: digests, ids, revisions.
const OPEN: &str = " ADDRESS ANON APPID BUILD CERT CHECKSUM COMMIT CONTRACT CRC CURSOR DIGEST DSN ETAG FINGERPRINT GIT GPG GUID HASH \
IMAGE INTEGRITY KEYS MD NONCE PUB PUBKEY PUBLIC PUBLISHABLE REF REV REVISION SAMPLE SCHEMA SHA SIGNATURE SITEKEY SRI SUM TAG THUMBPRINT \
TRACKING UUID VERSION ";

/// Whether a word is one of a name's, in either case.
pub(crate) fn has_word(name: &str, word: &str) -> bool {
    words(name).iter().any(|known| known.eq_ignore_ascii_case(word))
}

/// A name's words: split at `_`, `-`, `.` and the like, between a letter and a digit, and at capitals.
pub(crate) fn words(name: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut start = 0;
    let mut letters = name.char_indices().peekable();
    let mut before: Option<char> = None;
    while let Some((at, letter)) = letters.next() {
        let next = letters.peek().map(|(_, next)| *next);
        if !letter.is_alphanumeric() {
            words.push(name.get(start..at).unwrap_or_default());
            start = at + letter.len_utf8();
            before = None;
            continue;
        }
        let cut = before.is_some_and(|before| {
            before.is_numeric() != letter.is_numeric()
                || before.is_lowercase() && letter.is_uppercase()
                || before.is_uppercase() && letter.is_uppercase() && next.is_some_and(char::is_lowercase)
        });
        if cut {
            words.push(name.get(start..at).unwrap_or_default());
            start = at;
        }
        before = Some(letter);
    }
    words.push(name.get(start..).unwrap_or_default());
    words.retain(|word| !word.is_empty());
    words
}

/// Whether a list has a word. Most words are in no list, and the bytes of one seldom in it: that is found out at once.
fn is_in(list: &str, word: &str) -> bool {
    let is_end = |byte: Option<&u8>| byte.is_none_or(|byte| *byte == b' ');
    let is_whole = |at: usize| {
        let before = at.checked_sub(1).and_then(|before| list.as_bytes().get(before));
        is_end(before) && is_end(list.as_bytes().get(at + word.len()))
    };
    !word.is_empty() && memchr::memmem::find_iter(list.as_bytes(), word).any(is_whole)
}

/// What the words of a key ask for.
pub(super) fn class(words: &[&str]) -> Option<Named> {
    let words = spelled(words);
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    if let Some((_, class)) = EXACT.iter().find(|(exact, _)| *exact == all) {
        return Some(Named { class: *class, doubt: Doubt::Sure });
    }
    if all.ends_with(&["SERVICE", "ROLE"]) {
        return Some(Named { class: Class::ApiKey, doubt: Doubt::Only });
    }
    if begins_public(&all) || all.last().is_some_and(|last| is_in(ABOUT, last)) {
        return None;
    }
    let mut core = all.as_slice();
    while let [rest @ .., last] = core {
        if rest.is_empty() || !(is_in(NEUTRAL, last) || last.bytes().all(|byte| byte.is_ascii_digit())) {
            break;
        }
        core = rest;
    }
    last_words(core).or_else(|| inner_words(&all))
}

/// Whether what a key holds is sent to every browser.
pub(super) fn is_public(words: &[&str]) -> bool {
    let words = spelled(words);
    begins_public(&words.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Whether a name is silent about what it holds, so that the value alone decides.
pub(super) fn says_nothing(words: &[&str]) -> bool {
    let words = spelled(words);
    let all: Vec<&str> = words.iter().map(String::as_str).collect();
    let is_open = |word: &&str| is_in(OPEN, word) || is_in(ABOUT, word);
    let is_key = matches!(all.as_slice(), [_, .., "KEY"]);
    !(begins_public(&all) || is_key || all.iter().any(is_open))
}

fn begins_public(words: &[&str]) -> bool {
    PUBLIC.iter().any(|first| words.starts_with(first))
}

/// The words in capitals, each alone.
fn spelled(words: &[&str]) -> Vec<String> {
    words.iter().flat_map(|word| parted(word.to_uppercase())).collect()
}

/// Words that people write together.
fn parted(word: String) -> Vec<String> {
    const ENDS: [(&str, &[&str]); 9] = [
        ("APIKEY", &["API", "KEY"]),
        ("SECRETKEY", &["SECRET", "KEY"]),
        ("PRIVATEKEY", &["PRIVATE", "KEY"]),
        ("ACCESSKEY", &["ACCESS", "KEY"]),
        ("ENCRYPTIONKEY", &["ENCRYPTION", "KEY"]),
        ("PASSWORD", &["PASSWORD"]),
        ("PASSWD", &["PASSWD"]),
        ("SECRET", &["SECRET"]),
        ("TOKEN", &["TOKEN"]),
    ];
    for (end, parts) in ENDS {
        if let Some(start) = word.strip_suffix(end) {
            let start = (!start.is_empty()).then_some(start);
            return start.into_iter().chain(parts.iter().copied()).map(str::to_owned).collect();
        }
    }
    for (end, starts) in [
        ("PASS", [DATABASES, WITH_PASS]),
        ("PWD", [DATABASES, WITH_PASS]),
        ("PW", [DATABASES, WITH_PASS]),
        ("KEY", [WITH_KEY, ""]),
    ] {
        if let Some(start) = word.strip_suffix(end).filter(|start| starts.iter().any(|list| is_in(list, start))) {
            return vec![start.to_owned(), end.to_owned()];
        }
    }
    vec![word]
}

fn is_password(word: &str) -> bool {
    is_in(PASSWORDS, word) || is_in(language::PASSWORDS, word)
}

/// By the last words, before which the others only say who owns it.
fn last_words(words: &[&str]) -> Option<Named> {
    let has = |list: &str| words.iter().any(|word| is_in(list, word));
    let (last, before) = words.split_last()?;
    let previous = before.last().copied().unwrap_or_default();
    let named = |class, doubt| Some(Named { class, doubt });
    match *last {
        "PWD" if before.is_empty() || previous == "OLD" => None,
        word if is_password(word) => {
            let class = if has("JWT") {
                Class::JwtSecret
            } else if has("SESSION COOKIE") {
                Class::SessionSecret
            } else if has(DATABASES) {
                Class::DatabasePassword
            } else {
                Class::Password
            };
            named(class, Doubt::Sure)
        }
        "HASH" | "HASHED" if words.iter().any(|word| is_password(word)) || has("KEY TOKEN SECRET") => {
            named(Class::Hash, Doubt::Sure)
        }
        "SECRET" => named(secret_class(words), Doubt::Sure),
        "TOKEN" if has("ADMIN") => named(Class::AdminApiKey, Doubt::Sure),
        "TOKEN" => named(Class::ApiKey, Doubt::Sure),
        "KEY" if is_in(OPEN_KEYS, previous) => None,
        "KEY" if previous == "PRIVATE" => named(Class::PrivateKey, Doubt::Sure),
        "KEY" if has("ADMIN") => named(Class::AdminApiKey, Doubt::Sure),
        "KEY" if has("JWT") => named(Class::JwtSecret, Doubt::Sure),
        "KEY" if has("SESSION COOKIE") => named(Class::SessionSecret, Doubt::Sure),
        "KEY" if is_in("API ACCESS ACCOUNT", previous) => named(Class::ApiKey, Doubt::Sure),
        "KEY" if is_in(ENCRYPTION, previous) => named(Class::EncryptionKey, Doubt::Sure),
        "KEY" if matches!(before, ["APP"] | ["LARAVEL", "APP"]) => named(Class::EncryptionKey, Doubt::Sure),
        "KEY" if previous == "SECRET" => named(secret_class(words), Doubt::Sure),
        "KEY" if is_in("SIGNING SIGN SIGNATURE", previous) => named(secret_class(words), Doubt::Sure),
        "KEY" | "KEYS" => named(Class::Other, Doubt::Only),
        // What Erlang's nodes, and RabbitMQ's, know each other by.
        "COOKIE" if previous == "ERLANG" => named(Class::Other, Doubt::Unless),
        "SALT" | "PEPPER" | "CREDENTIAL" | "CREDENTIALS" | "CREDS" => named(Class::Other, Doubt::Unless),
        "PIN" if !before.is_empty() => named(Class::Password, Doubt::Unless),
        // A user and a password, with a colon between them.
        "AUTH" if previous == "BASIC" => named(Class::Password, Doubt::Sure),
        "AUTH" => named(Class::Password, Doubt::Pair),
        "PAT" => named(Class::ApiKey, Doubt::Unless),
        word if is_in(HINTS, word) || is_in(language::DOUBTFUL, word) => named(Class::Other, Doubt::Only),
        _ => None,
    }
}

fn secret_class(words: &[&str]) -> Class {
    let has = |list: &str| words.iter().any(|word| is_in(list, word));
    if has("JWT JWS JOSE") || matches!(words, ["TOKEN", "SECRET"] | ["ACCESS" | "REFRESH", "TOKEN", "SECRET"]) {
        Class::JwtSecret
    } else if has("SESSION COOKIE COOKIES NEXTAUTH") || is_frameworks(words) {
        Class::SessionSecret
    } else if has("ENCRYPTION ENCRYPT") {
        Class::EncryptionKey
    } else if has(ISSUED) {
        Class::ApiKey
    } else {
        Class::Other
    }
}

/// What signs the sessions of Django, Flask, Rails.
fn is_frameworks(words: &[&str]) -> bool {
    matches!(words, ["SECRET", "KEY"] | ["DJANGO" | "FLASK" | "RAILS" | "APP", "SECRET", "KEY"])
}

/// A secret's word further in front: `PASSWORD_DB`, `JWT_SECRET_AUTH_SERVICE`, `API_KEY_STRIPE`. Only the value can tell,
/// unless the one word behind it says who owns it.
fn inner_words(words: &[&str]) -> Option<Named> {
    let is_end = |end: &usize| {
        let word = words.get(*end).copied().unwrap_or_default();
        let before = end.checked_sub(1).and_then(|before| words.get(before)).copied().unwrap_or_default();
        is_password(word)
            || matches!(word, "SECRET" | "TOKEN")
            || word == "KEY" && is_in("API ACCESS PRIVATE SECRET", before)
    };
    let end = (0..words.len()).rev().find(is_end)?;
    let behind = words.get(end + 1..)?;
    if behind.iter().any(|word| is_in(ABOUT, word) || is_in(OPEN, word)) {
        return None;
    }
    let named = last_words(words.get(..=end)?)?;
    let is_owner = matches!(behind, [word] if is_in(WHOSE, word) || is_in(DATABASES, word) || is_in(ISSUED, word));
    Some(if is_owner { named } else { Named { doubt: Doubt::Only, ..named } })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_list_has_its_words_and_no_part_of_one() {
        let lists =
            [ABOUT, NEUTRAL, OPEN_KEYS, DATABASES, PASSWORDS, language::PASSWORDS, ISSUED, OPEN, "JWT JWS JOSE"];
        for list in lists {
            let words: HashSet<&str> = list.split_ascii_whitespace().collect();
            for word in &words {
                assert!(is_in(list, word), "{word}");
                for (at, _) in word.char_indices() {
                    let (front, back) = word.split_at(at);
                    assert_eq!(is_in(list, front), words.contains(front), "{front}");
                    assert_eq!(is_in(list, back), words.contains(back), "{back}");
                }
            }
        }
    }
}
