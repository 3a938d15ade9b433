//! `envward key revoke`.

use std::io::Write;

use super::registry::Registry;
use crate::cli::key::Revoke;
use crate::cmd::output::lost;
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;

pub(super) fn run(args: &Revoke, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let id = super::id(&args.id)?;
    let reason = args.reason.as_deref().map(super::label).transpose()?;
    let mut registry = Registry::open(&args.whose, system)?;
    let reason = reason.map(|reason| registry.label(reason)).transpose()?;
    let (mut done, mut name) = (String::new(), String::new());
    registry.change(&id, &mut |key| {
        name.clone_from(&key.name);
        if let Some(day) = key.revoked {
            done = format!("already revoked on {day}; nothing changed");
            return;
        }
        (key.revoked, key.reason) = (Some(system.today), reason.clone());
        "revoked\nif your application stores the hashes: envward key export --format sql".clone_into(&mut done);
    })?;
    writeln!(out, "{id} ({name}): {done}").map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
