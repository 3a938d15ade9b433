//! Whose password is in a URL: that of a key beside it, where one can be told.

use crate::secret::class::{self, has_word, leads_to};

/// A key that holds a database's password, and what is there in the example.
pub(super) struct Candidate<'a> {
    pub(super) name: &'a str,
    pub(super) text: &'a [u8],
}

/// What is known of a URL whose password is open.
pub(super) struct Address<'a> {
    pub(super) scheme: &'a str,
    pub(super) user: &'a [u8],
    /// What is in the password's place.
    pub(super) text: &'a [u8],
}

/// What the password in a URL is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Link<'a> {
    /// That of this key.
    To(&'a str),
    /// One of its own: no key could be meant.
    None,
    /// Several keys could be meant.
    Unclear,
}

/// The key whose password the URL takes: of those of its family, the only one; among several the one with the same
/// placeholder, else the only one that names the user.
pub(super) fn find<'a>(address: &Address<'_>, candidates: &[Candidate<'a>]) -> Link<'a> {
    // The superuser's password is not the application's.
    let root = address.user == b"root";
    let fits = |one: &&Candidate<'a>| leads_to(address.scheme, one.name) && has_word(one.name, "ROOT") == root;
    let mut found: Vec<&Candidate<'a>> = candidates.iter().filter(fits).collect();
    if found.len() > 1 {
        let same = |one: &&Candidate<'a>| !one.text.is_empty() && one.text == address.text;
        let user = |one: &&Candidate<'a>| std::str::from_utf8(address.user).is_ok_and(|user| has_word(one.name, user));
        for narrower in [&same as &dyn Fn(&&Candidate<'a>) -> bool, &user] {
            let kept: Vec<_> = found.iter().copied().filter(narrower).collect();
            if kept.len() == 1 {
                found = kept;
                break;
            }
        }
    }
    match found.as_slice() {
        [] => Link::None,
        [one] => Link::To(one.name),
        _ => Link::Unclear,
    }
}

/// Whether a URL leads to the kind of server whose password a key of this name holds.
pub(super) fn leads(url: &[u8], name: &str) -> bool {
    class::url_scheme(url).is_some_and(|scheme| leads_to(scheme, name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn link(scheme: &str, user: &str, text: &str, candidates: &[(&'static str, &'static str)]) -> Link<'static> {
        let address = Address { scheme, user: user.as_bytes(), text: text.as_bytes() };
        let candidates: Vec<_> =
            candidates.iter().map(|(name, text)| Candidate { name, text: text.as_bytes() }).collect();
        find(&address, &candidates)
    }

    #[test]
    fn the_key_that_is_meant() {
        let both = [("DB_PASSWORD", "a"), ("POSTGRES_PASSWORD", "b")];
        let root = [("MYSQL_ROOT_PASSWORD", "x"), ("MYSQL_PASSWORD", "x")];
        let two = [("APP_DB_PASSWORD", ""), ("REPORT_DB_PASSWORD", "")];
        let cases = [
            (link("postgresql", "app", "x", &[("DB_PASSWORD", "")]), Link::To("DB_PASSWORD")),
            (link("postgres", "app", "x", &[("REDIS_PASSWORD", "")]), Link::None),
            (link("redis", "", "x", &[("REDIS_PASSWORD", ""), ("DB_PASSWORD", "")]), Link::To("REDIS_PASSWORD")),
            (link("postgres", "app", "b", &both), Link::To("POSTGRES_PASSWORD")),
            (link("postgres", "app", "c", &both), Link::Unclear),
            (link("mysql", "app", "x", &root), Link::To("MYSQL_PASSWORD")),
            (link("mysql", "root", "x", &root), Link::To("MYSQL_ROOT_PASSWORD")),
            (link("postgres", "report", "x", &two), Link::To("REPORT_DB_PASSWORD")),
            (link("smtp", "app", "x", &[("DB_PASSWORD", "")]), Link::None),
            (link("postgres", "app", "x", &[]), Link::None),
        ];
        for (found, expected) in cases {
            assert_eq!(found, expected);
        }
    }
}
