//! Weak words, and whether a value is spelled with nothing else.

use std::sync::LazyLock;

use zeroize::Zeroizing;

use super::shape;

/// The commonest passwords of the leaked lists (SecLists' "10k most common", its head), and the words that stand in real
/// env files where a secret should. Lower case; found glued together, too (`supersecretkey`).
const WEAK: &str = "\
123456 12345 1234 123 password passwort passwd pass pwd qwerty azerty qwertz letmein welcome login monkey dragon \
master sunshine princess football baseball iloveyou trustno shadow superman batman michael jordan hunter killer ninja \
hello freedom whatever starwars computer internet samsung google summer winter spring autumn cheese cookie flower \
secret secrets topsecret supersecret super key keys token tokens auth jwt hmac session salt pepper hash sign signing \
signature encryption encrypt encrypted crypto cipher private public access refresh api app application web site server \
service client user users username name email mail account member guest visitor operator manager owner default value \
values string text random characters character chars char long longer length least minimum bytes bits strong safe secure \
security insecure unsafe weak simple complex temp temporary tmp test tests testing tester tst dev devel development \
develop developer local localhost prod production staging stage demo example sample dummy fake foo bar baz foobar change changed \
changeme changeit changethis replace replaced please must should need this that the and for not you your yours yourself my mine our \
with from some any here there now before after use used using only own very real new old one two three none null nil \
undefined empty blank todo fixme tbd placeholder insert enter put set fill a in is it me to at be of or an on by so do no \
yes true false admin admins administrator root toor sysadmin superuser sudo su db database sql data store postgres \
postgresql pgsql pg pgadmin mysql mariadb mongo mongodb redis valkey rabbit rabbitmq amqp kafka elastic elasticsearch \
kibana logstash grafana prometheus minio minioadmin miniosecret s3 aws bucket influx influxdb neo4j oracle mssql sa sqlserver \
couchdb cassandra clickhouse keycloak django flask rails laravel symfony node express next nuxt react vue spring java php \
python ruby docker compose container kube kubernetes nginx apache traefik caddy wordpress wp drupal joomla ghost nextcloud \
gitlab gitea jenkins sonar sonarqube vault consul airflow superset metabase n8n strapi directus supabase backend frontend \
internal external system company project host home house office work team world love god sex money cool best top hub \
mercure pass phrase passphrase credential credentials cert certificate abc abcd xyz cafebabe deadbeef \
cafe babe dead beef decafbad badc0de baadf00d feedface a0eebc99 keyboard cat mouse dog live latest main primary secondary \
id code pin otp totp csrf xsrf nonce seed base generate generated openssl rand hex base64 keep hidden private \
please dont share ever again without update config configuration env environment file variable settings field info hi ok";

/// The weak words with this first byte. They are held against every place of every value, so the list is split once.
fn starting_with(first: u8) -> &'static [&'static [u8]] {
    static BY_FIRST: LazyLock<Vec<Vec<&[u8]>>> = LazyLock::new(|| {
        let mut words = vec![Vec::new(); 256];
        for word in WEAK.split_ascii_whitespace().map(str::as_bytes) {
            let list = word.first().and_then(|first| words.get_mut(usize::from(*first)));
            list.into_iter().for_each(|list| list.push(word));
        }
        words
    });
    BY_FIRST.get(usize::from(first)).map_or(&[], Vec::as_slice)
}

/// The UUIDs of documentation, which are versions 1 and 4 by form.
const SAMPLES: [&[u8]; 3] = [
    b"123e4567-e89b-12d3-a456-426614174000",
    b"550e8400-e29b-41d4-a716-446655440000",
    b"a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
];

/// The letter that a digit or a mark stands for. `1` stands for `i` and for `l`: both are tried.
fn disguised(byte: u8, one: u8) -> Option<u8> {
    match byte {
        b'0' => Some(b'o'),
        b'1' => Some(one),
        b'3' => Some(b'e'),
        b'4' | b'@' => Some(b'a'),
        b'5' | b'$' => Some(b's'),
        b'7' => Some(b't'),
        b'!' => Some(b'i'),
        _ => None,
    }
}

/// Longer values than this are not spelled with weak words: a sentence in a JWT secret has some hundred letters.
const LONGEST: usize = 256;

/// More digits than this beside the words are taken for random ones.
const DIGITS: usize = 8;

/// What a value is spelled with.
#[derive(Clone, Copy)]
pub(super) enum Spelled {
    /// Weak words alone.
    Words,
    /// Digits or punctuation beside them.
    WordsAndExtra,
}

/// Whether `value` is weak words alone, beside a few digits and punctuation.
pub(super) fn spell(value: &[u8]) -> Option<Spelled> {
    if value.is_empty() || value.len() > LONGEST {
        return None;
    }
    let lower = Zeroizing::new(value.to_ascii_lowercase());
    if SAMPLES.contains(&lower.as_slice()) {
        return Some(Spelled::Words);
    }
    let plain = without_marks(&lower);
    if plain.first().is_some_and(|first| starting_with(*first).contains(&plain.as_slice())) {
        return Some(Spelled::Words);
    }
    let (mut digits, mut letters) = (0, 0);
    for chunk in lower.split(|byte| !byte.is_ascii_alphanumeric() && disguised(*byte, b'i').is_none()) {
        let core = chunk.trim_ascii();
        let start = core.iter().position(u8::is_ascii_alphabetic);
        let Some(start) = start else {
            digits += beside(core);
            continue;
        };
        // As it stands, disguised, and without digits and marks around it.
        let end = core.iter().rposition(u8::is_ascii_alphabetic).map_or(core.len(), |last| last + 1);
        let inner = core.get(start..end).unwrap_or(core);
        letters += inner.len();
        if !is_spelled(core) {
            if !is_spelled(inner) {
                return None;
            }
            digits += core.len() - inner.len();
        }
    }
    let has_extra = digits > 0 || lower.last().is_some_and(u8::is_ascii_punctuation);
    let spelled = if has_extra { Spelled::WordsAndExtra } else { Spelled::Words };
    (letters > 0 && digits <= DIGITS).then_some(spelled)
}

/// The digits of a chunk without letters; `1234567890` is worth two.
fn beside(chunk: &[u8]) -> usize {
    let end = chunk.iter().rposition(u8::is_ascii_digit).map_or(0, |last| last + 1);
    let number = chunk.get(..end).unwrap_or(chunk);
    if shape::is_sequence(number) { 2 } else { number.iter().filter(|byte| byte.is_ascii_digit()).count() }
}

/// Whether words cover all of `chunk`, read plainly or with a disguise taken off.
fn is_spelled(chunk: &[u8]) -> bool {
    let readings: [fn(u8) -> u8; 3] =
        [|byte| byte, |byte| disguised(byte, b'i').unwrap_or(byte), |byte| disguised(byte, b'l').unwrap_or(byte)];
    readings.iter().any(|read| is_covered(chunk, read))
}

fn is_covered(text: &[u8], read: impl Fn(u8) -> u8) -> bool {
    let mut reached = [false; LONGEST + 1];
    reached[0] = true;
    for start in 0..text.len() {
        if !reached.get(start).copied().unwrap_or(false) {
            continue;
        }
        let rest = text.get(start..).unwrap_or_default();
        let is_here = |word: &[u8]| {
            rest.len() >= word.len() && word.iter().zip(rest).all(|(letter, byte)| *letter == read(*byte))
        };
        for word in rest.first().map_or(&[][..], |first| starting_with(read(*first))) {
            // A lone `a` is a word of a sentence, not a piece of `aaaa`.
            if (word.len() > 1 || text.len() == 1) && is_here(word) {
                if let Some(end) = reached.get_mut(start + word.len()) {
                    *end = true;
                }
            }
        }
    }
    reached.get(text.len()).copied().unwrap_or(false)
}

fn without_marks(value: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(value.len()));
    plain.extend(value.iter().filter(|byte| byte.is_ascii_alphanumeric()));
    plain
}
