//! What tells a server a new password: a statement or a command with a hash of it, on standard output or in a private file.

use std::io::Write;

use rand::TryRng;
use rand::rngs::SysRng;
use sha2::{Digest, Sha256};

use super::rotate::{Case, NO_ROLE, role_of};
use super::say;
use crate::cli::rotation::Rotate;
use crate::cmd::output::lost;
use crate::engine::locate::parent;
use crate::error::Error;
use crate::files::PrivateDir;
use crate::path::RelPath;
use crate::policy::Status;
use crate::rotation::steps::Kind;
use crate::rotation::{mariadb_hash, scram};
use crate::secret::Secret;
use crate::shell::for_shell;
use crate::system::System;

/// Redis's user whose password it is: without a name that of everybody who gives none.
pub(super) fn redis_user(case: &Case<'_>, given: Option<&str>) -> Result<String, Error> {
    let user = given.map(|name| name.as_bytes().to_vec()).or_else(|| case.user());
    plain_user(&user.filter(|user| !user.is_empty()).unwrap_or_else(|| b"default".to_vec()))
}

fn plain_user(user: &[u8]) -> Result<String, Error> {
    // It has neither blanks nor quotes (Redis's documentation, ACL SETUSER).
    let is_plain = user.iter().all(|byte| byte.is_ascii_graphic() && !b"\"'\\".contains(byte));
    let user = std::str::from_utf8(user).ok().filter(|_| is_plain).map(str::to_owned);
    user.ok_or(Error::usage(
        "the name of the Redis user has characters that Redis does not allow",
        "name the Redis user: --role NAME",
    ))
}

/// The statement for a database, with a hash of the password in the place of it; and the command that runs a file.
pub(super) fn statement(kind: Kind, role: &str, new: &Secret) -> Result<(String, &'static str), Error> {
    if kind == Kind::Mariadb {
        return Ok((mariadb_hash::set_password(role, new), "mariadb -u NAME -p < "));
    }
    let mut salt = [0; scram::SALT];
    SysRng.try_fill_bytes(&mut salt).map_err(|_| Error::Random)?;
    let Some(verifier) = scram::verifier(new, &salt, scram::ITERATIONS) else {
        return Err(Error::blocked(
            "the new password has characters outside printable ASCII",
            "set it in psql: \\password NAME",
        ));
    };
    Ok((scram::alter_role(role, &verifier), "psql -X -v ON_ERROR_STOP=1 -d postgres -f "))
}

/// Whom a command tells a new password.
pub(super) struct To {
    pub(super) kind: Kind,
    pub(super) users: Vec<String>,
}

/// Whom a statement tells it: all users of the server that is named, or the role.
pub(super) fn to_sql(case: &Case<'_>, (named, role): (Option<&str>, Option<&str>)) -> Result<To, Error> {
    let server = case.server(named, |kind| matches!(kind, Kind::Postgres | Kind::Mariadb))?;
    let kind = server.map_or_else(|| case.kind(), |server| server.kind);
    if kind == Kind::Mysql {
        return Err(Error::usage(
            "--sql is for PostgreSQL and MariaDB, and this is a password of MySQL",
            "leave out --sql: the steps say what to type in the MySQL client",
        ));
    }
    let of_server = server.map(|server| server.users.clone()).filter(|users| !users.is_empty() && role.is_none());
    let users: Vec<String> = match of_server {
        Some(users) => users.iter().map(|user| role_of(user).ok_or(NO_ROLE)).collect::<Result<_, _>>()?,
        None => vec![case.role(role)?],
    };
    match kind == Kind::Mariadb && users.len() > 1 {
        true => Err(Error::blocked_here(
            "several users of MariaDB have this password, and each sets its own",
            format!("name one: --role {}", users.join(", or --role ")),
        )),
        false => Ok(To { kind, users }),
    }
}

/// Whom a command of Redis tells it.
pub(super) fn to_redis(case: &Case<'_>, (named, role): (Option<&str>, Option<&str>)) -> Result<To, Error> {
    let server = case.server(named, |kind| kind == Kind::Redis)?;
    let users = server.map(|server| server.users.clone()).unwrap_or_default();
    let users = match role.is_some() || users.is_empty() {
        true => vec![redis_user(case, role)?],
        false => users.iter().map(|user| plain_user(user)).collect::<Result<_, _>>()?,
    };
    Ok(To { kind: Kind::Redis, users })
}

/// The statements for these users, and the command that runs a file with them.
pub(super) fn statements(to: &To, new: &Secret) -> Result<(String, &'static str), Error> {
    let (mut text, mut how) = (String::new(), "");
    for user in &to.users {
        let (statement, run) = statement(to.kind, user, new)?;
        text += &statement;
        how = run;
    }
    Ok((text, how))
}

pub(super) fn sql(
    args: &Rotate,
    case: &Case<'_>,
    (to, next_role): (&To, Option<&str>),
    new: &Secret,
    system: &System,
    out: &mut dyn Write,
) -> Result<Status, Error> {
    let (statement, how) = match next_role.filter(|_| args.role.is_none()) {
        Some(role) => {
            let (statement, how) = statement(to.kind, role, new)?;
            (scram::take_over(&case.role(None)?, role) + &statement, how)
        }
        None => statements(to, new)?,
    };
    let Some(file) = &args.out else {
        out.write_all(statement.as_bytes()).map_err(|error| lost(&error))?;
        return Ok(Status::Clean);
    };
    let refused = |why| Error::Refused { path: file.clone(), why };
    let (root, name) = parent(file, system)?;
    let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
    dir.write(&name, &Secret::new(statement.into_bytes()), None, None).map_err(refused)?;
    let name = for_shell(&RelPath::new(file.as_os_str().as_encoded_bytes()));
    say(
        out,
        &format!("the statement is written. Run it, then delete it:\n  -> {how}{name}\n  -> rm {name}"),
        system.style,
    )
}

/// One more password for the user (Redis 6: `ACL SETUSER`), as its SHA-256: of a random value nothing can be guessed from
/// it.
#[expect(clippy::disallowed_methods, reason = "hashed")]
pub(super) fn redis(to: &To, new: &Secret, out: &mut dyn Write) -> Result<Status, Error> {
    let digest: String = Sha256::digest(new.expose()).iter().map(|byte| format!("{byte:02x}")).collect();
    for user in &to.users {
        writeln!(out, "ACL SETUSER {user} #{digest}").map_err(|error| lost(&error))?;
    }
    Ok(Status::Clean)
}
