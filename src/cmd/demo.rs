//! `envward demo`: the main job on a throwaway project with the classic mistakes, so that a reader without a project at
//! hand sees the real thing.

use std::io::Write;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use rand::TryRng;
use rand::rngs::SysRng;

use super::check;
use super::output::lost;
use crate::cli::{Check, FailOn, Fixing, Format, Judging, Output};
use crate::error::Error;
use crate::policy::Status;
use crate::system::System;
use crate::{files, git};

/// Runs it. Clean, whatever was found: finding it is what it is for.
pub(super) fn run(system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let project = Throwaway::make(system)?;
    project.fill()?;
    let output = Output {
        format: Format::Text,
        all: false,
        judging: Judging {
            fail_on: FailOn::Warning,
            min_severity: FailOn::Note,
            exit_zero: true,
            as_of: None,
            config: None,
        },
        has_advice: false,
    };
    let check = Check {
        path: Some(project.dir.clone()),
        no_history: false,
        fixing: Fixing { fix: false, dry_run: false },
        rewrite_values: false,
        readers: false,
        print_config: false,
        output,
    };
    writeln!(out, "`envward check` finds this in a throwaway project full of mistakes:\n")
        .map_err(|error| lost(&error))?;
    check::run(&check, &project.as_seen_inside(system)?, out)?;
    // The project is gone when this is read.
    let last = "\nthe throwaway project was removed\nnext, in your own project: envward check";
    writeln!(out, "{last}").map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// A directory that is gone when this is.
struct Throwaway {
    dir: PathBuf,
}

impl Drop for Throwaway {
    fn drop(&mut self) {
        // It holds only what was made up here; a directory that stays behind harms nobody.
        drop(std::fs::remove_dir_all(&self.dir));
    }
}

impl Throwaway {
    fn make(system: &System) -> Result<Self, Error> {
        let dir = system.temporary.join(format!("envward-demo-{}", hex(8)?));
        // Private, and an error where it exists: nobody else's directory is filled or removed.
        let made = std::fs::DirBuilder::new().mode(0o700).create(&dir);
        made.map_err(|error| Error::io("make", &dir, &error))?;
        let dir = dir.canonicalize().map_err(|error| Error::io("find", &dir, &error))?;
        Ok(Self { dir })
    }

    /// The surroundings of one who is in it.
    fn as_seen_inside(&self, system: &System) -> Result<System, Error> {
        // The ledger of this host has nothing to say of it.
        Ok(System { directory: self.dir.clone(), state: None, ..System::ask()?.with_screen_of(system) })
    }

    fn fill(&self) -> Result<(), Error> {
        let (password, key) = (hex(32)?, hex(64)?);
        let env = format!(
            "NODE_ENV=production\n\
             DB_PASSWORD={password}\n\
             DATABASE_URL=postgres://app:{password}@db:5432/app\n\
             JWT_SECRET={key}\n\
             SESSION_SECRET={key}\n\
             REDIS_PASSWORD=redis123\n\
             SMTP_PASSWORD=changeme\n"
        );
        let (first, second) = ("2026-02-01T09:00:00Z", "2026-02-02T09:00:00Z");
        git::make(&self.dir, first, &["init", "--quiet", "--initial-branch=main"])?;
        self.write(".env", &env)?;
        self.write(".env.example", "NODE_ENV=\nDB_PASSWORD=\nJWT_SECRET=\nSENTRY_DSN=\n")?;
        git::make(&self.dir, first, &["add", "."])?;
        git::make(&self.dir, first, &["commit", "--quiet", "--message", "start"])?;
        // The mistake was seen, and fixed in the way that does not help.
        git::make(&self.dir, second, &["rm", "--quiet", "--cached", ".env"])?;
        self.write(".gitignore", ".env\n")?;
        git::make(&self.dir, second, &["add", "."])?;
        git::make(&self.dir, second, &["commit", "--quiet", "--message", "remove .env"])?;
        self.write(".env.bak", &env)
    }

    fn write(&self, name: &str, text: &str) -> Result<(), Error> {
        let path = self.dir.join(name);
        files::write_public(&path, text.as_bytes()).map_err(|error| Error::io("write", Path::new(&path), &error))
    }
}

/// Random bytes, as hexadecimal digits.
fn hex(count: usize) -> Result<String, Error> {
    let mut bytes = vec![0; count];
    SysRng.try_fill_bytes(&mut bytes).map_err(|_| Error::Random)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
