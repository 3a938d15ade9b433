//! Whose a password is. A weak one is a word that stands everywhere: of the places that have it, those count that are of
//! the same secret, and of the same user of the same server.

use super::address::{Address, addresses, bare_host, has_password};
use crate::env::{Assignment, Document};
use crate::secret::Secret;
use crate::secret::class::{self, Class};

/// A user, and a server.
type Whose = (Option<Vec<u8>>, Option<Vec<u8>>);

/// Whose the password of a key is.
#[derive(Clone, Debug, Default)]
pub struct Owner {
    /// The key.
    name: String,
    /// The scheme of its own URL, where it is one.
    scheme: Option<String>,
    user: Option<Vec<u8>>,
    host: Option<Vec<u8>>,
    /// Whether the addresses are of several users or servers, and nothing says which is meant.
    is_unclear: bool,
}

impl Owner {
    /// The owner of what stands under `name` in the first document; the others are those that may have the same value.
    #[must_use]
    pub fn of(name: &str, documents: &[&Document], value: &Secret) -> Self {
        let mut owner = Self { name: name.to_owned(), ..Self::default() };
        if let Some(own) = documents.first() {
            owner.look(own, value);
        }
        let mut whose: Vec<Whose> = Vec::new();
        for text in documents.iter().flat_map(|document| document.assignments()).map(|one| open(&one.value)) {
            let has = |one: &Address| has_password(text, one, open(value)) && owner.may_own(one);
            whose.extend(addresses(text).into_iter().filter(has).map(|one| (one.user, one.host)));
        }
        whose.sort();
        whose.dedup();
        match whose.as_slice() {
            [] => {}
            [(user, host)] => {
                owner.user = owner.user.or_else(|| user.clone());
                owner.host = owner.host.or_else(|| host.clone());
            }
            _ => owner.is_unclear = true,
        }
        owner
    }

    /// What the key's own file says: its URL, else the settings beside it.
    fn look(&mut self, document: &Document, value: &Secret) {
        let Some(own) = document.places(&self.name).last().and_then(|index| document.assignments().get(*index)) else {
            return;
        };
        let text = open(&own.value);
        if let Some(address) = addresses(text).into_iter().find(|one| has_password(text, one, open(value))) {
            (self.scheme, self.user, self.host) = (address.scheme, address.user, address.host);
            return;
        }
        self.user = user_of(document, &self.name);
        self.host = host_of(document, &self.name);
    }

    /// Whether an address is of the owner.
    #[must_use]
    pub fn owns(&self, address: &Address) -> bool {
        !self.is_unclear && self.may_own(address)
    }

    fn may_own(&self, address: &Address) -> bool {
        let is_kind = match (&address.scheme, &self.scheme) {
            (Some(scheme), Some(own)) => scheme == own || class::are_of_a_kind(scheme, own),
            (Some(scheme), None) => class::leads_to(scheme, &self.name),
            // A connection string does not say what it leads to.
            (None, _) => class::of(&self.name, b"x") == Some(Class::DatabasePassword),
        };
        is_kind
            && agree(self.user.as_deref(), address.user.as_deref())
            && agree(self.host.as_deref(), address.host.as_deref())
    }

    /// Whether a key of a file is of the same secret: the same key, or another name of the same password.
    #[must_use]
    pub fn owns_key(&self, document: &Document, assignment: &Assignment) -> bool {
        let Ok(name) = std::str::from_utf8(document.name(assignment)) else { return false };
        let is_name = name == self.name
            || match &self.scheme {
                Some(scheme) => class::leads_to(scheme, name) && is_password(name),
                None => is_password(name) && is_password(&self.name) && credential(name) == credential(&self.name),
            };
        is_name
            && agree(self.user.as_deref(), user_of(document, name).as_deref())
            && agree(self.host.as_deref(), host_of(document, name).as_deref())
    }
}

/// Whether two are the same, as far as both are known.
fn agree(one: Option<&[u8]>, other: Option<&[u8]>) -> bool {
    one.zip(other).is_none_or(|(one, other)| one == other)
}

fn is_password(name: &str) -> bool {
    class::of(name, b"x") == Some(Class::DatabasePassword)
}

/// How a setting ends that names a user.
const USER: [&str; 3] = ["USER", "USERNAME", "LOGIN"];

/// The user that a key's password is of, by the settings beside it.
#[must_use]
pub fn user_of(document: &Document, name: &str) -> Option<Vec<u8>> {
    let is_root = class::has_word(name, "ROOT");
    let said = beside(document, name, &USER);
    said.or_else(|| is_root.then(|| b"root".to_vec()))
}

/// The host that a key's password is for, by the settings beside it.
#[must_use]
pub fn host_of(document: &Document, name: &str) -> Option<Vec<u8>> {
    beside(document, name, &["HOST", "HOSTNAME", "SERVER"]).map(|host| bare_host(&host))
}

/// The value of another setting of the same thing: of `DB_PASSWORD` and `USER` it is that of `DB_USER`.
#[must_use]
pub fn beside(document: &Document, name: &str, words: &[&str]) -> Option<Vec<u8>> {
    let index = place_beside(document, name, words)?;
    Some(open(&document.assignments().get(index)?.value).to_vec())
}

/// Where the user of a key's password is set.
#[must_use]
pub fn user_place(document: &Document, name: &str) -> Option<usize> {
    place_beside(document, name, &USER)
}

fn place_beside(document: &Document, name: &str, words: &[&str]) -> Option<usize> {
    let stem = ["PASSWORD", "PASSWD", "PASS", "PWD"].iter().find_map(|ending| name.strip_suffix(ending))?;
    words.iter().find_map(|word| {
        let index = document.places(&format!("{stem}{word}")).last().copied()?;
        (!document.assignments().get(index)?.value.is_empty()).then_some(index)
    })
}

/// A key's name without the words that only say "the database's password": equal for names of one credential.
#[must_use]
pub fn credential(name: &str) -> Vec<String> {
    const DATABASE: [&str; 10] =
        ["DB", "DATABASE", "POSTGRES", "POSTGRESQL", "PG", "PGPASSWORD", "MYSQL", "MARIADB", "SQL", "APP"];
    const PASSWORD: [&str; 4] = ["PASSWORD", "PASSWD", "PASS", "PWD"];
    let upper = name.to_uppercase();
    let words: Vec<&str> = upper.split(['_', '-', '.']).filter(|word| !word.is_empty()).collect();
    let is_database = words.iter().any(|word| DATABASE.contains(word));
    let rest = |word: &&&str| !(is_database && (DATABASE.contains(*word) || PASSWORD.contains(*word)));
    words.iter().filter(rest).map(|word| (*word).to_owned()).collect()
}

#[expect(clippy::disallowed_methods, reason = "users, hosts and schemes are compared")]
fn open(secret: &Secret) -> &[u8] {
    secret.expose()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_credential() {
        for name in ["DB_PASSWORD", "POSTGRES_PASSWORD", "database.pass", "APP__DB_PWD"] {
            assert_eq!(credential(name), [""; 0], "{name}");
        }
        assert_eq!(credential("REPORT_DB_PASSWORD"), ["REPORT"]);
        assert_eq!(credential("MAIL_PASSWORD"), ["MAIL", "PASSWORD"]);
    }

    /// A weak password is a word: under another name it is the same one only where both names say so.
    #[test]
    fn keys_of_the_same_secret() {
        let text =
            "DB_PASSWORD=word\nPOSTGRES_PASSWORD=word\nREPORT_DB_PASSWORD=word\nMAIL_PASSWORD=word\nDB_NAME=word\n";
        let document = Document::parse(Secret::copy_of(text.as_bytes()));
        let owned = |name: &str| {
            let owner = Owner::of(name, &[&document], &Secret::copy_of(b"word"));
            let is_owned = document.assignments().iter().map(|one| owner.owns_key(&document, one));
            is_owned.collect::<Vec<_>>()
        };
        assert_eq!(owned("DB_PASSWORD"), [true, true, false, false, false]);
        assert_eq!(owned("REPORT_DB_PASSWORD"), [false, false, true, false, false]);
        assert_eq!(owned("MAIL_PASSWORD"), [false, false, false, true, false]);
        assert_eq!(owned("DB_NAME"), [false, false, false, false, true]);
    }

    #[test]
    fn the_user_of_the_only_address_is_its_user() {
        let owner = |text: &str| {
            let document = Document::parse(Secret::copy_of(text.as_bytes()));
            Owner::of("DB_PASSWORD", &[&document], &Secret::copy_of(b"word"))
        };
        let of = |user: &str| Address {
            password: 0..0,
            scheme: Some("postgres".to_owned()),
            user: Some(user.as_bytes().to_vec()),
            host: None,
        };
        let one = owner("DB_PASSWORD=word\nURL=postgres://app:word@db/x\n");
        assert_eq!([one.owns(&of("app")), one.owns(&of("report"))], [true, false]);
        let several = owner("DB_PASSWORD=word\nA=postgres://app:word@db/x\nB=postgres://report:word@db/x\n");
        assert_eq!([several.owns(&of("app")), several.owns(&of("report"))], [false, false]);
        assert!(owner("DB_PASSWORD=word\n").owns(&of("app")), "no address says whose it is");
    }
}
