//! Why `rotation verify` cannot tell which value is in use.

use crate::rotation::evidence::{Fault, Kind};

/// What was expected on standard input, and why it shows nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("standard input {}", self.message())]
pub struct EvidenceFault {
    /// The kind of evidence that was asked for.
    pub kind: Kind,
    /// Why it shows nothing.
    pub fault: Fault,
}

impl EvidenceFault {
    fn message(&self) -> &'static str {
        match (&self.fault, self.kind) {
            (Fault::WrongKind, Kind::Docker) => "is not the output of `docker inspect`",
            (Fault::WrongKind, Kind::Postgres) => "contains no row of pg_authid",
            (Fault::WrongKind, Kind::Redis) => "is not the output of ACL LIST or ACL GETUSER",
            (Fault::WrongKind, Kind::Mysql) => "contains no row of mysql.user",
            (Fault::WrongKind, _) => "contains no argon2id hash",
            (Fault::NoSuchUser, _) => "does not contain every user of this password",
            (Fault::NoPassword, _) => "shows a user without a password",
            (Fault::UnknownForm, _) => "contains a password in a form that envward does not know",
            (Fault::Unrelated, Kind::Docker) => "shows no container that uses this secret",
            (Fault::Unrelated, _) => "contains no hash of the new or the old value",
            (Fault::TooMany, _) => "contains more hashes than envward compares",
        }
    }

    /// What to do next: one line.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match (&self.fault, self.kind) {
            (Fault::WrongKind, Kind::Docker) => {
                "pipe it in: docker compose ps -q | xargs docker inspect | envward rotation verify"
            }
            (Fault::WrongKind, Kind::Postgres) => {
                "run as a superuser: psql -X -At -c \"select rolname, rolpassword from pg_authid\""
            }
            (Fault::WrongKind, Kind::Redis) => "run `redis-cli ACL LIST` as a user who may run it",
            (Fault::WrongKind, Kind::Mysql) => {
                "run as root: mysql -e \"select user, host, plugin, hex(authentication_string) from mysql.user\""
            }
            (Fault::WrongKind, _) => "pipe in the table that your service reads: envward key export prints one",
            (Fault::NoSuchUser, _) => "name the user: --role NAME; or ask the server that the project uses",
            (Fault::NoPassword, _) => {
                "set the new password in the server: `envward rotation rotate KEY` shows the step"
            }
            (Fault::UnknownForm, _) => "envward cannot prove this; finish with --confirm --unproven REASON",
            (Fault::Unrelated, Kind::Docker) => {
                "run docker inspect on the host, and for the project, that uses the secret"
            }
            (Fault::Unrelated, _) => "export the table again: the service does not know the new key",
            (Fault::TooMany, Kind::Postgres | Kind::Mysql) => {
                "pipe in only the rows of users that may have this password"
            }
            (Fault::TooMany, _) => "pipe in fewer rows: 400 hashes of the usual cost at most",
        }
    }
}
