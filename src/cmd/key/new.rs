//! `envward key new`.

use std::io::Write;
use std::path::Path;

use jiff::Timestamp;
use rand::rngs::SysRng;

use super::registry::Registry;
use crate::cli::key::New;
use crate::cmd::generate::{GitCare, care_of_git};
use crate::cmd::output::lost;
use crate::engine::locate::parent;
use crate::engine::rotation;
use crate::error::{Error, KeyFault};
use crate::files::{PrivateDir, Refusal};
use crate::ledger::KeyRecord;
use crate::path::RelPath;
use crate::policy::Status;
use crate::secret::apikey::{ApiKey, Prefix};
use crate::secret::{Secret, keyhash};
use crate::system::System;
use crate::terminal::Prompt;
use crate::text::sanitize;

/// Where the key goes, ready to take it.
enum Target<'a> {
    Screen(Prompt),
    /// Locked until the key is in it.
    File {
        path: &'a Path,
        dir: PrivateDir,
        name: Vec<u8>,
        is_exposed: bool,
    },
}

#[expect(clippy::disallowed_methods, reason = "the hash takes bytes")]
pub(super) fn run(args: &New, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let prefix = Prefix::new(&args.prefix).map_err(KeyFault::from)?;
    let name = super::label(&args.name)?;
    let cost = super::cost(&args.params, args.allow_weak)?;
    let replaces = args.replaces.as_deref().map(super::id).transpose()?;
    if args.expires.is_some_and(|last| last < system.today) {
        return Err(KeyFault::Expired.into());
    }
    let mut target = Target::open(args.out.as_deref(), system)?;
    let mut registry = Registry::open(&args.whose, system)?;
    let name = registry.label(name)?;

    let key = ApiKey::make(&prefix, &mut SysRng).map_err(|_| Error::Random)?;
    let hash = keyhash::hash(key.text().expose(), cost, &mut SysRng).map_err(KeyFault::from)?;
    let record = KeyRecord {
        id: key.id().clone(),
        prefix,
        name,
        hash,
        // A whole second: more says nothing, and not every database keeps it.
        made: Timestamp::from_second(system.now.as_second()).unwrap_or(system.now),
        by: rotation::now(system).by,
        expires: args.expires,
        verified: None,
        revoked: None,
        reason: None,
        replaced_by: None,
        reminded: None,
    };
    // Kept before it is handed over: killed in between, there is a hash without a key, and never a key without one.
    registry.add(&record, replaces.as_ref())?;
    if let Err(error) = target.take(&key, &record) {
        registry.change(&record.id, &mut |record| {
            record.revoked = Some(system.today);
            record.reason = Some("never handed over".to_owned());
        })?;
        return Err(error);
    }
    writeln!(out, "{}", record.hash).map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

impl<'a> Target<'a> {
    fn open(out: Option<&'a Path>, system: &System) -> Result<Self, Error> {
        let Some(path) = out else {
            return Ok(Prompt::open().map(Self::Screen).map_err(|_| KeyFault::NoScreen)?);
        };
        let (root, name) = parent(path, system)?;
        let refused = |why| Error::Refused { path: path.to_path_buf(), why };
        let dir = PrivateDir::lock(&root, &RelPath::default()).map_err(refused)?;
        match dir.read(&name).map_err(refused)? {
            Some(_) => Err(refused(Refusal::Exists)),
            None => Ok(Self::File { path, dir, is_exposed: care_of_git(&root, &name) != GitCare::Ignores, name }),
        }
    }

    fn take(&mut self, key: &ApiKey, record: &KeyRecord) -> Result<(), Error> {
        let whose = format!("{}_{} ({})", record.prefix.as_str(), record.id, record.name);
        match self {
            Self::Screen(prompt) => {
                let above = format!(
                    "new key {whose}\ncopy the key now: envward shows it only once; the line below it is its hash"
                );
                Ok(prompt.show(&above, key.text()).map_err(|_| KeyFault::NoScreen)?)
            }
            Self::File { path, dir, name, is_exposed } => {
                let written = with_line_end(key, |text| dir.write(name, text, None, None));
                written.map_err(|why| Error::Refused { path: path.to_path_buf(), why })?;
                let shown = sanitize(path.as_os_str().as_encoded_bytes());
                super::aside(&format!("{shown}: contains the new key {whose}, mode 0600\n"));
                if *is_exposed {
                    super::aside(&format!(
                        "warning: git does not ignore {shown}, so `git add .` adds the key: move the file out of the repository\n"
                    ));
                }
                Ok(())
            }
        }
    }
}

/// A key as a file has it.
#[expect(clippy::disallowed_methods, reason = "a line break is put behind it")]
fn with_line_end<T>(key: &ApiKey, work: impl FnOnce(&Secret) -> T) -> T {
    let key = key.text().expose();
    let mut line = Vec::with_capacity(key.len() + 1);
    line.extend_from_slice(key);
    line.push(b'\n');
    work(&Secret::new(line))
}
