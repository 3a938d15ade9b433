//! `envward rotation rotate` of a key that decrypts env files (`.env.keys` of dotenvx): the steps. dotenvx makes such a key
//! and encrypts the files again; a value of envward's would open none of them.

use std::io::Write;

use super::rotate::Case;
use super::screen::{numbered, title, used_in};
use crate::cli::rotation::Rotate;
use crate::cmd::output;
use crate::env::names::Role;
use crate::error::Error;
use crate::path::RelPath;
use crate::policy::Status;
use crate::rotation::steps::Step;
use crate::system::System;

/// How the name of such a key begins; behind it the env file's, in capitals.
const NAME: &str = "DOTENV_PRIVATE_KEY";

/// Whether the secret is such a key.
pub(super) fn is_one(case: &Case<'_>) -> bool {
    case.file.role == Role::Keys
}

/// Why envward does not change it.
pub(super) fn refusal(case: &Case<'_>) -> Error {
    Error::blocked_here(
        "dotenvx makes this key and encrypts the env file with it, so envward does not change it",
        format!("follow the steps that this prints: envward rotation rotate {}", case.at()),
    )
}

/// Prints the steps. Nothing is changed.
pub(super) fn show(case: &Case<'_>, args: &Rotate, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    if args.stdin || args.sql || args.redis || args.abandon || args.role.is_some() {
        return Err(refusal(case));
    }
    let text = title(case, "dotenvx makes this key, so these steps are yours: envward changes nothing", system)
        + &used_in(case, system)
        + "\nnext\n"
        + &numbered(steps(case), system.style);
    output::text(&text, &case.survey.report.mask, out)?;
    Ok(Status::Clean)
}

fn steps(case: &Case<'_>) -> Vec<Step> {
    let key = case.status.key.as_str();
    let file = case.survey.report.shell_path(&env_file(&case.status.file, key));
    let mut steps = vec![
        ("Make a new key and encrypt the env file with it".to_owned(), vec![format!("dotenvx rotate -f {file}")]),
        (format!("Commit {file}, and give the new {key} to every server and pipeline that decrypts it"), Vec::new()),
    ];
    if case.is_exposed() {
        let what = format!(
            "Replace every secret in {file} at the service that accepts it: everyone who has the old key can decrypt what git \
             history contains. Then write each new value"
        );
        steps.push((what, vec![format!("dotenvx set KEY VALUE -f {file}")]));
    }
    steps
}

/// The env file that a key opens: `.env.production` for `DOTENV_PRIVATE_KEY_PRODUCTION`.
fn env_file(keys: &RelPath, key: &str) -> RelPath {
    let environment = key.strip_prefix(NAME).and_then(|rest| rest.strip_prefix('_')).filter(|rest| !rest.is_empty());
    let name = environment.map_or_else(|| ".env".to_owned(), |word| format!(".env.{}", word.to_ascii_lowercase()));
    keys.parent().join(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_that_a_key_opens() {
        for (keys, key, file) in [
            (".env.keys", "DOTENV_PRIVATE_KEY", ".env"),
            ("a/.env.keys", "DOTENV_PRIVATE_KEY_PRODUCTION", "a/.env.production"),
            (".env.keys", "DOTENV_PRIVATE_KEY_", ".env"),
            (".env.keys", "OTHER", ".env"),
        ] {
            assert_eq!(env_file(&RelPath::from(keys), key), RelPath::from(file));
        }
    }
}
