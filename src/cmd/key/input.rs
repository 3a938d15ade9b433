//! Where a key or a hash comes from: never from the command line.

use std::io::IsTerminal;
use std::path::Path;

use crate::cmd::input::{self, private_file};
use crate::error::{Error, KeyFault};
use crate::secret::Secret;
use crate::system::System;
use crate::terminal::{self, Prompt};
use crate::text::sanitize;

/// The key: of the file, else of standard input, else what is typed where that is a terminal.
pub(super) fn key(file: Option<&Path>, system: &System) -> Result<Secret, Error> {
    let text = match file {
        Some(file) => {
            let (text, mode) = private_file(file, system)?;
            if mode & 0o077 != 0 {
                let shown = sanitize(file.as_os_str().as_encoded_bytes());
                super::aside(&format!(
                    "warning: other users can read the key in {shown} (mode {mode:04o}): chmod 600 {shown}\n"
                ));
            }
            text
        }
        None if std::io::stdin().is_terminal() => {
            let mut prompt = Prompt::open().map_err(|_| KeyFault::NoPrompt)?;
            prompt.hidden("key").map_err(|_| KeyFault::NoPrompt)?
        }
        None => input::line()?,
    };
    Ok(terminal::only_line(&text).map_err(KeyFault::from)?)
}

/// The hash in a file. It is no secret, and no key either: what is not text is no hash.
#[expect(clippy::disallowed_methods, reason = "a hash is no secret")]
pub(super) fn hash(file: &Path, system: &System) -> Result<String, Error> {
    let (text, _) = private_file(file, system)?;
    let text = String::from_utf8_lossy(text.expose());
    Ok(text.strip_suffix('\n').map_or(&*text, |line| line.strip_suffix('\r').unwrap_or(line)).to_owned())
}
