//! Which file is an env file: one table, one function.

/// What a file's name says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// An env file in use: `.env`, `.env.production`, `backend.env`, `.envrc`, `.dev.vars`, `.flaskenv`.
    Env,
    /// A forgotten copy of one, as dangerous as the file: `.env.bak`, `.env~`, `.env.swp`, `.env (copy)`.
    Copy,
    /// A copy in an archive, which is not opened: `.env.zip`.
    Archive,
    /// Meant to be committed, judged by content: `.env.example`.
    Template,
    /// Ciphertext by name: `.env.vault`. (dotenvx, sops and git-crypt files are recognised by content.)
    Encrypted,
    /// dotenvx's private keys, `.env.keys`: the worst of all to commit.
    Keys,
}

/// What `name` (a file name, no directory) is, in any case of letters; `None` for every other file.
#[must_use]
pub fn role(name: &[u8]) -> Option<Role> {
    (name == b".env").then_some(Role::Env)
}

/// The environment that the name says (`.env.test.example` is `test`): the part that is no known suffix.
#[must_use]
pub fn environment_word(_name: &[u8]) -> Option<&str> {
    None
}
