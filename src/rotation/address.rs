//! The addresses in a value: URLs, also several in a list, and connection strings. Each has a password, and says whose.

use std::ops::Range;

use zeroize::Zeroizing;

use crate::secret::class;

/// One address with a password in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// Where the password is in the value, as it is written.
    pub password: Range<usize>,
    /// The scheme of a URL, in lower case.
    pub scheme: Option<String>,
    /// Whose password it is; `None` where nothing says.
    pub user: Option<Vec<u8>>,
    /// The server, in lower case, without a port.
    pub host: Option<Vec<u8>>,
}

/// The addresses of a value, from left to right.
#[must_use]
pub fn addresses(value: &[u8]) -> Vec<Address> {
    let mut found: Vec<Address> =
        memchr::memmem::find_iter(value, b"://").filter_map(|sign| at(value, scheme_start(value, sign))).collect();
    found.dedup_by(|one, before| one.password.start < before.password.end);
    if found.is_empty() {
        // `Server=…;Password=…` and `user:password@tcp(host)/db`, unless it is in keywords and values.
        let spoken = keywords(value).filter(|_| !value.contains(&b';'));
        found.extend(spoken.or_else(|| at(value, 0)));
    }
    found
}

/// Whether the password of an address is this one, in whatever way it is written.
#[must_use]
pub fn has_password(value: &[u8], address: &Address, wanted: &[u8]) -> bool {
    value.get(address.password.clone()) == Some(wanted) || decoded(value, address).is_some_and(|found| *found == wanted)
}

/// The password of an address as it is meant: that of a URL is percent-decoded.
#[must_use]
pub fn decoded(value: &[u8], address: &Address) -> Option<Zeroizing<Vec<u8>>> {
    let written = value.get(address.password.clone())?;
    if address.scheme.is_none() {
        return Some(Zeroizing::new(written.to_vec()));
    }
    let url = Zeroizing::new([b"x://u:".as_slice(), written, b"@h"].concat());
    class::url_password(&url).map(Zeroizing::new)
}

/// Where the scheme begins whose `://` stands at `at`.
fn scheme_start(value: &[u8], at: usize) -> usize {
    let before = value.get(..at).unwrap_or_default();
    let is_scheme = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-.".contains(byte);
    before.iter().rposition(|byte| !is_scheme(byte)).map_or(0, |last| last + 1)
}

fn at(value: &[u8], start: usize) -> Option<Address> {
    let text = value.get(start..)?;
    let password = class::url_password_span(text)?;
    let user = class::url_user(text).or_else(|| field(text, &["user", "username", "uid", "user id"]));
    let host = host(text, password.end).or_else(|| field(text, &["host", "server", "data source"]));
    Some(Address {
        password: start + password.start..start + password.end,
        scheme: class::url_scheme(text).map(str::to_ascii_lowercase),
        user,
        host: host.map(|host| bare_host(&host)),
    })
}

/// What stands behind the userinfo, else behind the scheme, up to a port, a path or a query.
fn host(url: &[u8], password_end: usize) -> Option<Vec<u8>> {
    let rest = match url.get(password_end..).and_then(|rest| rest.strip_prefix(b"@")) {
        Some(rest) => rest,
        None => url.get(memchr::memmem::find(url, b"://")? + 3..)?,
    };
    let rest = rest.strip_prefix(b"tcp(").unwrap_or(rest);
    let host = rest.split(|byte| b"/?#),;".contains(byte)).next()?;
    let host = host.rsplit(|byte| *byte == b'@').next()?;
    (!host.is_empty()).then(|| host.to_vec())
}

/// A host without its port, in lower case.
#[must_use]
pub fn bare_host(host: &[u8]) -> Vec<u8> {
    let name = match host.strip_prefix(b"[") {
        Some(address) => address.split(|byte| *byte == b']').next(),
        None => host.split(|byte| *byte == b':').next(),
    };
    name.unwrap_or(host).to_ascii_lowercase()
}

/// A field of `Server=db;User Id=app;Password=…` or of `?user=app&password=…`.
fn field(text: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let (fields, fingerprint) = match memchr::memchr(b'?', text) {
        Some(at) => (text.get(at + 1..)?, b'&'),
        None => (text, b';'),
    };
    fields.split(|byte| *byte == fingerprint).find_map(|one| named(one, names))
}

fn named(field: &[u8], names: &[&str]) -> Option<Vec<u8>> {
    let at = memchr::memchr(b'=', field)?;
    let name = field.get(..at)?.trim_ascii();
    let value = field.get(at + 1..)?.trim_ascii();
    let is_it = names.iter().any(|known| known.as_bytes().eq_ignore_ascii_case(name));
    (is_it && !value.is_empty()).then(|| value.to_vec())
}

/// libpq's `host=db user=app password='…'` (PostgreSQL's documentation, 34.1.1.1), and Redis clients' `password=…,…`.
fn keywords(value: &[u8]) -> Option<Address> {
    let mut address = Address { password: 0..0, scheme: None, user: None, host: None };
    let mut start = 0;
    for word in value.split_inclusive(|byte| byte.is_ascii_whitespace() || *byte == b',') {
        let begin = start;
        start += word.len();
        let word = word.strip_suffix(b",").unwrap_or(word).trim_ascii_end();
        let Some(at) = memchr::memchr(b'=', word) else { continue };
        let (name, text) = (word.get(..at)?.to_ascii_lowercase(), word.get(at + 1..)?);
        let quoted = text.strip_prefix(b"'").and_then(|text| text.strip_suffix(b"'"));
        let (open, text) = quoted.map_or((0, text), |text| (1, text));
        match name.as_slice() {
            b"password" | b"passwd" | b"pwd" if !text.is_empty() => {
                let first = begin + at + 1 + open;
                address.password = first..first + text.len();
            }
            b"user" | b"username" => address.user = Some(text.to_vec()),
            b"host" | b"hostaddr" | b"server" => address.host = Some(bare_host(text)),
            _ => {}
        }
    }
    (!address.password.is_empty()).then_some(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    type Found<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

    #[test]
    fn every_way_of_writing_one() {
        let cases: [(&str, &[Found<'_>]); 12] = [
            ("postgres://app:p1@DB:5432/app", &[("p1", Some("postgres"), Some("app"), Some("db"))]),
            ("postgresql+asyncpg://app:p%201@db/x", &[("p%201", Some("postgresql"), Some("app"), Some("db"))]),
            ("redis://:p1@cache:6379/0", &[("p1", Some("redis"), None, Some("cache"))]),
            (
                "amqp://a:p1@h1:5672,amqp://a:p2@h2",
                &[("p1", Some("amqp"), Some("a"), Some("h1")), ("p2", Some("amqp"), Some("a"), Some("h2"))],
            ),
            ("mongodb://a:p1@h1:27017,h2:27017/x", &[("p1", Some("mongodb"), Some("a"), Some("h1"))]),
            ("app:p1@tcp(db:3306)/x", &[("p1", None, Some("app"), Some("db"))]),
            ("Server=db;User Id=app;Password=p1;Port=1", &[("p1", None, Some("app"), Some("db"))]),
            ("jdbc:postgresql://db/x?user=app&password=p1", &[("p1", Some("postgresql"), Some("app"), Some("db"))]),
            ("host=db user=app password='p1' dbname=x", &[("p1", None, Some("app"), Some("db"))]),
            ("cache:6379,password=p1,ssl=False", &[("p1", None, None, None)]),
            ("host=db user=app password=p1 pwd=", &[("p1", None, Some("app"), Some("db"))]),
            ("postgres://db/x", &[]),
        ];
        for (value, expected) in cases {
            let value = value.as_bytes();
            let found = addresses(value);
            let text =
                |bytes: &Option<Vec<u8>>| bytes.clone().map(|bytes| std::str::from_utf8(&bytes).unwrap().to_owned());
            let found: Vec<_> = found
                .iter()
                .map(|one| {
                    let password = std::str::from_utf8(value.get(one.password.clone()).unwrap()).unwrap();
                    (password, one.scheme.clone(), text(&one.user), text(&one.host))
                })
                .collect();
            let owned = |text: Option<&str>| text.map(str::to_owned);
            let expected: Vec<_> = expected
                .iter()
                .map(|(one, scheme, user, host)| (*one, owned(*scheme), owned(*user), owned(*host)))
                .collect();
            assert_eq!(found, expected, "{}", String::from_utf8_lossy(value));
        }
    }

    #[test]
    fn the_password_as_it_is_meant() {
        let value = b"postgres://app:a%2Fb@db/app";
        let address = addresses(value).remove(0);
        assert!(has_password(value, &address, b"a/b") && !has_password(value, &address, b"a"));
    }
}
