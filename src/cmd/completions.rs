//! `envward completions`: the script that makes a shell ask envward what can come next.

use std::io::Write;

use clap_complete::env::Shells;

use super::complete::{NAME, VARIABLE};
use super::output::lost;
use crate::cli::Completions;
use crate::error::Error;
use crate::policy::Status;

/// zsh runs a file `_envward` of its `fpath` as the body of a function: the first question is answered, too.
const ZSH: &str = "\nif [[ ${funcstack[1]} == _envward ]]; then\n    _clap_dynamic_completer_envward \"$@\"\nfi\n";

/// A completion script.
pub(super) fn shell(args: &Completions, out: &mut dyn Write) -> Result<Status, Error> {
    let name = args.shell.to_string();
    let mut script = Vec::new();
    if let Some(shell) = Shells::builtins().completer(&name) {
        let written = shell.write_registration(VARIABLE, NAME, NAME, NAME, &mut script);
        written.map_err(|error| lost(&error))?;
    }
    if name == "zsh" {
        script.extend_from_slice(ZSH.as_bytes());
    }
    out.write_all(&script).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}
