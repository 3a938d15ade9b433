//! Passwords inside URLs and connection strings.

use std::ops::Range;

use super::{Class, literal, servers, value};

/// Addresses whose path is the secret.
const HOOKS: [&[u8]; 5] = [
    b"hooks.slack.com/services/",
    b"discord.com/api/webhooks/",
    b"discordapp.com/api/webhooks/",
    b"webhook.office.com/webhookb2/",
    b"api.telegram.org/bot",
];

/// Names of a password in a URL's query or in a connection string.
const FIELDS: [&str; 6] = ["password", "pwd", "passwd", "accountkey", "sharedaccesskey", "sharedaccesssignature"];

/// Names of a token in a URL's query, which counts where it looks generated. `sig` is Azure's signature.
const TOKENS: [&str; 8] =
    ["access_token", "api_key", "apikey", "auth_token", "client_secret", "secret", "sig", "token"];

/// Names in libpq's connection strings, one of which stands beside the password
/// (<https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-PARAMKEYWORDS>).
const LIBPQ: [&str; 6] = ["host", "hostaddr", "port", "dbname", "user", "service"];

/// The password inside a URL's userinfo, percent-decoded; `None` where there is none, it is empty or is itself only a
/// `${…}` reference (of `${X:-default}` the default is returned). Also the one in `?password=…`, in
/// `Server=…;Password=…`, in libpq's `host=… password=…` and in Go's `user:password@tcp(host)/db`; and the token in
/// `?access_token=…` and in `?sig=…`, where it looks generated.
///
/// A password with an unencoded `@` ends at the last one before the host. With an unencoded `/`, `?` or `#` the URL is
/// broken by RFC 3986, and readers disagree: libpq stops looking for userinfo at the first `/`. Here it still is the
/// password where what stands before is no host and port, and a host follows the `@`: it has leaked all the same.
#[must_use]
pub fn url_password(value: &[u8]) -> Option<Vec<u8>> {
    let found = match parts(value) {
        Some(Parts { password: Some(password), .. }) => password,
        _ => field(value)?,
    };
    let found = literal(found)?;
    // A connection string is taken as it is written.
    let is_url = scheme(value).is_some();
    (!found.is_empty()).then(|| if is_url { decode(found) } else { found.to_vec() })
}

/// Where the password of [`url_password`] is in `value`, as it is written; also where it is a reference or empty.
#[must_use]
pub fn url_password_span(value: &[u8]) -> Option<Range<usize>> {
    let found = match parts(value) {
        Some(Parts { password: Some(password), .. }) => password,
        _ => field(value)?,
    };
    span_in(value, found)
}

/// Where the user of a URL is in `value`, as it is written; also where it is a reference or empty.
#[must_use]
pub fn url_user_span(value: &[u8]) -> Option<Range<usize>> {
    span_in(value, parts(value)?.user)
}

/// Where `part`, which was cut out of `whole`, is in it.
fn span_in(whole: &[u8], part: &[u8]) -> Option<Range<usize>> {
    let start = (part.as_ptr() as usize).checked_sub(whole.as_ptr() as usize)?;
    Some(start..start + part.len())
}

/// The scheme of a URL, in lower case as it is written, without the driver or the user of a database's: `postgresql` of
/// `postgresql+asyncpg://…` and of Celery's `db+postgresql://…`.
#[must_use]
pub fn url_scheme(value: &[u8]) -> Option<&str> {
    let scheme = std::str::from_utf8(scheme(value)?).ok()?;
    scheme.split('+').find(|part| servers::is_database(part)).or_else(|| scheme.split('+').next())
}

/// The user inside a URL's userinfo, percent-decoded; `None` where there is none, it is empty or only a reference.
#[must_use]
pub fn url_user(value: &[u8]) -> Option<Vec<u8>> {
    let user = literal(parts(value)?.user)?;
    (!user.is_empty()).then(|| decode(user))
}

/// The class of a value that is an address with a secret in it.
pub(super) fn class(key: &str, value: &[u8]) -> Option<Class> {
    if url_password(value).is_some_and(|password| !zeroize::Zeroizing::new(password).is_empty()) {
        let database = scheme(value).is_none() || url_scheme(value).is_some_and(servers::is_database);
        return Some(if database { Class::DatabasePassword } else { Class::Password });
    }
    let hook = HOOKS.iter().find_map(|hook| {
        let start = memchr::memmem::find(value, hook)?;
        value.get(start + hook.len()..).filter(|path| path.len() >= 20)
    });
    if hook.is_some() {
        return Some(Class::ApiKey);
    }
    // A token in the user's place: `https://<token>@github.com/…`.
    let user = parts(value)?.user;
    let is_named =
        |names: &[&str]| super::words(key).iter().any(|word| names.iter().any(|it| it.eq_ignore_ascii_case(word)));
    let dsn = is_named(&["dsn"]);
    if is_public_dsn(user, value, dsn || is_named(&["sentry", "glitchtip"])) {
        return None;
    }
    let token = value::looks_generated(user) || value::class(user).is_some() || dsn && user.len() >= 16;
    token.then_some(Class::ApiKey)
}

/// Whether a URL is a Sentry DSN without a password, which browsers and apps are given: it takes events, and shows none
/// (<https://docs.sentry.io/concepts/key-terms/dsn-explainer/>). The name or the host says that it is Sentry's, and its
/// key has 32 hexadecimal digits; the older form `https://PUBLIC:SECRET@host/ID` has a password.
fn is_public_dsn(user: &[u8], value: &[u8], is_named: bool) -> bool {
    let is_key = user.len() == 32 && user.iter().all(u8::is_ascii_hexdigit);
    let rest = span_in(value, user).and_then(|user| value.get(user.end..)).unwrap_or_default();
    // Behind a password, even an empty one, another character stands.
    let Some(address) = rest.strip_prefix(b"@").filter(|_| is_key) else { return false };
    let Some(slash) = memchr::memrchr(b'/', address) else { return false };
    let (host, project) = address.split_at(slash);
    let host = host.split(|byte| b":/".contains(byte)).next().unwrap_or_default();
    let is_http = scheme(value).is_some_and(|scheme| matches!(scheme, b"http" | b"https"));
    let is_project = project.len() > 1 && project.iter().skip(1).all(u8::is_ascii_digit);
    is_http && is_project && (is_named || host == b"sentry.io" || host.ends_with(b".sentry.io"))
}

/// What stands before `://`, in lower case letters as schemes are.
fn scheme(value: &[u8]) -> Option<&[u8]> {
    let end = memchr::memmem::find(value, b"://")?;
    let scheme = of_driver(value.get(..end)?);
    let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    (scheme.first().is_some_and(u8::is_ascii_alphabetic) && scheme.iter().all(valid)).then_some(scheme)
}

/// The scheme that a driver of Java is given: `postgresql` of `jdbc:postgresql` and of `r2dbc:pool:postgresql`, `mysql` of
/// `jdbc:mysql:loadbalance`.
fn of_driver(scheme: &[u8]) -> &[u8] {
    let mut parts = scheme.split(|byte| *byte == b':');
    match parts.next() {
        Some(b"jdbc" | b"r2dbc") => parts.find(|part| *part != b"pool").unwrap_or(scheme),
        _ => scheme,
    }
}

struct Parts<'a> {
    user: &'a [u8],
    password: Option<&'a [u8]>,
}

fn parts(value: &[u8]) -> Option<Parts<'_>> {
    let userinfo = if scheme(value).is_some() {
        let start = memchr::memmem::find(value, b"://")? + 3;
        userinfo(value.get(start..)?)?
    } else {
        let end = [b"@tcp(".as_slice(), b"@unix("].iter().find_map(|mark| memchr::memmem::rfind(value, mark))?;
        value.get(..end)?
    };
    let colon = outside(userinfo).find(|(_, byte)| *byte == b':').map(|(at, _)| at);
    Some(match colon {
        Some(at) => Parts { user: userinfo.get(..at)?, password: userinfo.get(at + 1..) },
        None => Parts { user: userinfo, password: None },
    })
}

/// The bytes of `text` that are not inside a `${…}`, a `{{…}}` or a `<%…%>`, with their places.
fn outside(text: &[u8]) -> impl DoubleEndedIterator<Item = (usize, u8)> {
    let mut end = 0;
    let mut outside = Vec::new();
    for (at, byte) in text.iter().enumerate() {
        if at >= end {
            end = text.get(at..).and_then(marked).map_or(at, |length| at + length);
        }
        if at >= end {
            outside.push((at, *byte));
        }
    }
    outside.into_iter()
}

/// How long the reference or expression is that `text` begins with. A `${` that nothing closes goes to the end.
fn marked(text: &[u8]) -> Option<usize> {
    let length = |close: &[u8]| memchr::memmem::find(text, close).map(|at| at + close.len());
    match text {
        [b'$', b'{', ..] => Some(length(b"}").unwrap_or(text.len())),
        [b'{', b'{', ..] => length(b"}}"),
        [b'<', b'%', ..] => length(b"%>"),
        _ => None,
    }
}

fn userinfo(rest: &[u8]) -> Option<&[u8]> {
    let end = outside(rest).find(|(_, byte)| b"/?#".contains(byte)).map_or(rest.len(), |(at, _)| at);
    let authority = rest.get(..end)?;
    if let Some((at, _)) = outside(authority).rfind(|(_, byte)| *byte == b'@') {
        return authority.get(..at);
    }
    // No `@` where one belongs. Unless this is a host with its port, it may be a password with a `/` in it.
    let (_, port) = split_last_colon(authority)?;
    if port.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let at = outside(rest).filter(|(_, byte)| *byte == b'@').map(|(at, _)| at).find(|at| {
        let host = rest.get(at + 1..).unwrap_or_default();
        let end = outside(host).find(|(_, byte)| b"/?#@".contains(byte));
        let host = host.get(..end.map_or(host.len(), |(at, _)| at)).unwrap_or_default();
        let valid = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:,[]${}".contains(byte);
        end.is_none_or(|(_, byte)| byte != b'@') && !host.is_empty() && host.iter().all(valid)
    })?;
    rest.get(..at)
}

fn split_last_colon(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = outside(text).rfind(|(_, byte)| *byte == b':')?.0;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A password named in a query (`?password=…&`) or a connection string (`Server=…;Password=…;`, `host=… password=…`).
fn field(value: &[u8]) -> Option<&[u8]> {
    let is = |names: &[&str], name: &[u8]| names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
    if let Some(at) = memchr::memchr(b'?', value).filter(|_| scheme(value).is_some()) {
        let fields = || value.get(at + 1..).unwrap_or_default().split(|byte| *byte == b'&').filter_map(named);
        let password = fields().find(|(name, _)| is(&FIELDS, name));
        let token = || fields().find(|(name, text)| is(&TOKENS, name) && value::looks_generated(&decode(text)));
        return password.or_else(token).map(|(_, text)| text);
    }
    let has_assignment = value.contains(&b'=');
    if has_assignment && value.contains(&b';') {
        return value
            .split(|byte| *byte == b';')
            .filter_map(named)
            .find(|(name, _)| is(&FIELDS, name))
            .map(|(_, text)| text);
    }
    let mut fields = value.split(u8::is_ascii_whitespace).filter_map(named);
    let beside = fields.clone().any(|(name, _)| is(&LIBPQ, name));
    let password = fields.find(|(name, _)| has_assignment && beside && *name == b"password").map(|(_, text)| text);
    // In single quotes it may hold blanks.
    match password {
        Some([b'\'', ..]) => quoted(value),
        password => password,
    }
}

/// `name=text`.
fn named(field: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'=', field)?;
    Some((field.get(..at)?.trim_ascii(), field.get(at + 1..)?.trim_ascii()))
}

/// What is in single quotes behind `password=`; a backslash escapes one.
fn quoted(value: &[u8]) -> Option<&[u8]> {
    const START: &[u8] = b"password='";
    let rest = value.get(memchr::memmem::find(value, START)? + START.len()..)?;
    let mut is_escaped = false;
    let end = rest.iter().position(|byte| {
        let ends = *byte == b'\'' && !is_escaped;
        is_escaped = *byte == b'\\' && !is_escaped;
        ends
    })?;
    rest.get(..end)
}

/// Percent-decoding; what is no pair of hex digits stays as it is.
fn decode(text: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [byte, tail @ ..] = rest {
        if let [b'%', high, low, after @ ..] = rest {
            if let (Some(high), Some(low)) = (hex(*high), hex(*low)) {
                decoded.push(high * 16 + low);
                rest = after;
                continue;
            }
        }
        decoded.push(*byte);
        rest = tail;
    }
    decoded
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
#[allow(clippy::string_slice, reason = "the tests cut what is ASCII")]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn passwords_in_urls() {
        let table = [
            ("postgres://u:p@h/db", Some("p")),
            ("postgres://u:p%40ss%2fx@h/db", Some("p@ss/x")),
            ("postgres://u:p@ss@h/db", Some("p@ss")),
            ("postgres://u:pa/ss@h:5432/db?e=a@b", Some("pa/ss")),
            ("postgres://u:pa#s?s@h/db", Some("pa#s?s")),
            ("postgres://u:p:q@h/db", Some("p:q")),
            ("redis://:p@h:6379", Some("p")),
            ("mongodb+srv://u:p@a.b,c.d/db", Some("p")),
            ("postgres://u:${P:-x/y}@h/db", Some("x/y")),
            ("jdbc:postgresql://h/db?user=u&password=p", Some("p")),
            ("user:p@tcp(h:3306)/db", Some("p")),
            ("Server=h;Pwd=p%", Some("p%")),
            ("host=h password='p q' dbname=d", Some("p q")),
            (r"host=h password='p\'q' dbname=d", Some(r"p\'q")),
            (r"host=h password='p\\' dbname='d'", Some(r"p\\")),
            ("postgres://u:p$x@h/db", Some("p$x")),
            ("postgres://u:p{x@h/db", Some("p{x")),
            ("postgres://u:p{{x@h/db", Some("p{{x")),
            ("postgres://{{ u }}:{{ p | replace('/', '@') }}@h/{{ d }}", Some("{{ p | replace('/', '@') }}")),
            ("postgres://u:<%= p[:a] %>@h/db", Some("<%= p[:a] %>")),
            ("postgres://${U:-a:b}:p@h/db", Some("p")),
            ("postgres://u:pa/ss@x@h:5432/db", Some("pa/ss@x")),
            ("postgres://u:pa/s@/x@h/db", Some("pa/s@/x")),
            ("postgres://u:${P}@h/db", None),
            ("postgres://u:${P:?x/y}@h/db", None),
            ("postgres://u:@h/db", None),
            ("postgres://u@h/db", None),
            ("https://h/@u:p", None),
            ("https://h:8080/x@y", None),
            ("https://h/?mail=a:b@c", None),
            ("user:p@h", None),
            ("1://u:p@h", None),
            ("", None),
        ];
        for (value, expected) in table {
            assert_eq!(url_password(value.as_bytes()).as_deref(), expected.map(str::as_bytes), "{value}");
        }
        assert_eq!(url_user(b"postgres://my%20app:p@h/db").as_deref(), Some(b"my app".as_slice()));
        assert_eq!(url_user(b"postgres://${U}:p@h/db"), None);
        for (value, user, password, scheme) in [
            ("postgresql+asyncpg://u%40:${P}@h/db", Some("u%40"), Some("${P}"), Some("postgresql")),
            ("redis://:@h", Some(""), Some(""), Some("redis")),
            ("jdbc:mysql://h/db?user=u&password=p", None, Some("p"), Some("mysql")),
            ("Server=h;Pwd=p%", None, Some("p%"), None),
            ("hunter2", None, None, None),
        ] {
            let at = |span: Option<std::ops::Range<usize>>| span.map(|span| &value[span]);
            let says = (at(url_user_span(value.as_bytes())), at(url_password_span(value.as_bytes())));
            assert_eq!((says, url_scheme(value.as_bytes())), ((user, password), scheme), "{value}");
        }
    }

    proptest! {
        #[test]
        fn an_encoded_password_comes_back(password in proptest::collection::vec(any::<u8>(), 1..40)) {
            let encoded: String = password.iter().map(|byte| format!("%{byte:02x}")).collect();
            prop_assert_eq!(url_password(format!("postgres://u:{encoded}@h/db").as_bytes()), Some(password));
        }

        #[test]
        fn a_bare_password_comes_back(password in "[a-zA-Z][a-zA-Z0-9@#?/]{0,20}[a-zA-Z0-9]") {
            let expected = password.clone().into_bytes();
            // With an `@` followed by a `/` inside, it reads as a host.
            prop_assume!(!password.contains('@'));
            prop_assert_eq!(url_password(format!("postgres://u:{password}@h/db").as_bytes()), Some(expected));
        }
    }
}
