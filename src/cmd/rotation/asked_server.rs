//! Which of the servers with a password a command is about, and which have not shown yet that they refuse the old one.

use super::rotate::Case;
use super::servers::Server;
use crate::error::Error;
use crate::rotation::evidence;
use crate::rotation::steps::Kind;

impl<'a> Case<'a> {
    /// How many users of servers have the password, without this one.
    pub(super) fn count_users_without(&self, role: &str) -> usize {
        let count = |server: &Server<'_>| server.users.iter().filter(|user| *user != role.as_bytes()).count();
        self.servers.iter().map(|server| count(server).max(1)).sum()
    }

    /// How many users of servers have the password.
    pub(super) fn count_users(&self) -> usize {
        self.servers.iter().map(|server| server.users.len().max(1)).sum()
    }

    /// What the ledger calls the proof of a server: the kind of evidence, and its name if that is not enough.
    pub(super) fn word_of(&self, server: &Server<'_>, kind: evidence::Kind) -> String {
        let of_kind = self.servers.iter().filter(|one| one.evidence() == Some(kind)).count();
        if of_kind > 1 { format!("{} {}", kind.word(), server.name) } else { kind.word().to_owned() }
    }

    /// The servers that have not shown yet that they refuse the old value, after this evidence.
    pub(super) fn missing(&self, shown_now: Option<&str>) -> Vec<&Server<'a>> {
        let proofs = || self.values().filter_map(|one| one.shown.as_ref());
        let has = |word: &str| shown_now == Some(word) || proofs().any(|proof| proof.has(word));
        let is_shown = |server: &Server<'_>, kind: evidence::Kind| {
            let servers = [evidence::Kind::Postgres, evidence::Kind::Mysql, evidence::Kind::Redis];
            has(&self.word_of(server, kind)) || server.is_guessed && servers.iter().any(|kind| has(kind.word()))
        };
        let is_missing = |server: &&Server<'_>| server.evidence().is_some_and(|kind| !is_shown(server, kind));
        self.servers.iter().filter(is_missing).collect()
    }

    /// The server that is meant among those for which a command is: the one that is named, else the only one; `None` if the
    /// project shows none.
    pub(super) fn server(
        &self,
        named: Option<&str>,
        fits: impl Fn(Kind) -> bool,
    ) -> Result<Option<&Server<'a>>, Error> {
        let all: Vec<&Server<'_>> = self.servers.iter().filter(|server| fits(server.kind)).collect();
        let list = || all.iter().map(|server| server.shown()).collect::<Vec<_>>().join("; ");
        let list = || self.past.text(&list());
        match (named, all.as_slice()) {
            (Some(name), all) => match all.iter().find(|server| server.name == name) {
                Some(server) => Ok(Some(server)),
                None if all.is_empty() => Err(Error::usage(
                    "the project shows no such server with this password",
                    "leave out --server: `envward rotation rotate KEY --dry-run` shows the steps",
                )),
                None => Err(Error::blocked_here(
                    "no server with this name has this password",
                    format!("name one of these: {}", list()),
                )),
            },
            (None, []) => Ok(None),
            (None, [server]) => Ok(Some(server)),
            (None, [first, ..]) => Err(Error::blocked_here(
                "several servers have this password, and this command is about one of them",
                format!("name it, such as --server {}. Servers and users: {}", first.name, list()),
            )),
        }
    }
}
