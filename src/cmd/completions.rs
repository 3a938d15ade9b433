//! `envward completions` and `envward man`, for packagers.

use std::io::Write;

use clap::CommandFactory;

use super::output::lost;
use crate::cli::Cli;
use crate::error::Error;
use crate::policy::Status;

/// A completion script.
pub(super) fn shell(shell: clap_complete::Shell, out: &mut dyn Write) -> Result<Status, Error> {
    // Into memory first: the generator panics where it cannot write.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "envward", &mut script);
    out.write_all(&script).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// The manual page, roff.
pub(super) fn man(out: &mut dyn Write) -> Result<Status, Error> {
    clap_mangen::Man::new(Cli::command()).render(out).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
