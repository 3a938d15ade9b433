//! `envward key hash`.

use std::io::Write;

use rand::rngs::SysRng;

use super::input;
use crate::cli::key::Hash;
use crate::cmd::output::lost;
use crate::error::{Error, KeyFault};
use crate::policy::Status;
use crate::secret::strength::{self, Strength};
use crate::secret::{apikey, keyhash};
use crate::system::System;

#[expect(clippy::disallowed_methods, reason = "the judges and the hash take bytes")]
pub(super) fn run(args: &Hash, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let cost = super::cost(&args.params, args.allow_weak)?;
    let key = input::key(args.key_file.as_deref(), system)?;
    // One of envward's that was copied badly: its hash would match nothing that anybody has.
    if apikey::id_of(key.expose()) == Err(apikey::Fault::Checksum) {
        return Err(KeyFault::Key(apikey::Fault::Checksum).into());
    }
    if strength::of(key.expose()) != Strength::Strong && !args.allow_weak {
        return Err(KeyFault::Weak.into());
    }
    let hash = keyhash::hash(key.expose(), cost, &mut SysRng).map_err(KeyFault::from)?;
    writeln!(out, "{hash}").map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
