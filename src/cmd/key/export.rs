//! `envward key export`: the hashes, for anyone who verifies the keys.

use std::io::Write;

use super::registry::Registry;
use super::sql;
use crate::cli::key::{Export, KeyFormat};
use crate::cmd::output::lost;
use crate::error::{Error, KeyFault};
use crate::policy::Status;
use crate::report;
use crate::system::System;

pub(super) fn run(args: &Export, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let registry = Registry::peek(&args.whose, system)?;
    let keys = registry.keys()?;
    // An empty table would be taken for the truth.
    if keys.is_empty() {
        return Err(KeyFault::NoRegistry.into());
    }
    let written = match args.format {
        KeyFormat::Sql => out.write_all(sql::export(&keys).as_bytes()),
        KeyFormat::Json => report::keys::write(registry.project(), &keys, system.today, true, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
