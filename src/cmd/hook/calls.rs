//! What a person must do for a hook that envward does not write: which line goes into which file, or which command to run.

use std::io::Write;
use std::path::Path;

use super::shown;
use crate::cmd::output::lost;
use crate::error::Error;
use crate::git::Repository;
use crate::hook::{Call, Found, How, Script, Site};
use crate::path::RelPath;
use crate::shell::for_shell;
use crate::system::{System, on_path};
use crate::text::wrap;

/// The name under which a shell finds envward.
const NAME: &str = "envward";

/// The word for this program in a line of somebody else's hook: its name where a shell finds it, else its path.
pub(crate) fn program(repository: Option<&Repository>, system: &System) -> Result<String, Error> {
    // husky looks there first.
    let package = repository.and_then(Repository::workdir).map(|top| top.join("node_modules/.bin").join(NAME));
    if on_path(NAME).is_some() || package.is_some_and(|package| package.exists()) {
        return Ok(NAME.to_owned());
    }
    Ok(word(system.own_program()?))
}

/// What is left to do by hand.
#[derive(Default)]
pub(super) struct ByHand {
    calls: Vec<Call>,
    /// Hooks that call envward, and that git does not run.
    not_executable: Vec<String>,
    /// husky has not written its hooks.
    is_not_written: bool,
    /// Whether the lines start envward by its name.
    is_by_name: bool,
}

impl ByHand {
    /// Notes what is to be done about one hook, where it is something.
    pub(super) fn see(&mut self, script: &Script, site: &Site<'_>, found: &Found, program: &str) {
        let path = site.place(script).path;
        self.is_by_name = program == NAME;
        match found {
            Found::Named(hook) => self.calls.push(Call::new(script, hook.clone(), program)),
            Found::Calling | Found::Through(_) | Found::Behind if !site.place(script).is_executable() => {
                self.not_executable.push(word(&path));
            }
            Found::NotWritten => self.is_not_written = true,
            _ => {}
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.calls.is_empty() && self.not_executable.is_empty() && !self.is_not_written
    }

    /// Says it.
    pub(super) fn write(&self, site: &Site<'_>, system: &System, out: &mut dyn Write) -> Result<(), Error> {
        let mut line = |text: &str| writeln!(out, "{text}").map_err(|error| lost(&error));
        let wrapped = |text: &str| wrap(text, system.style.width);
        for call in &self.calls {
            wrapped(&told(call)).iter().try_for_each(|text| line(text))?;
            line(&format!("  {}", call.line))?;
        }
        if self.calls.first().is_some_and(|call| site.is_committed_file(&call.file)) {
            let (lines, files, them) = match self.calls.len() {
                1 => ("the line contains", "the file", "it"),
                _ => ("the lines contain", "these files", "them"),
            };
            let text = match self.is_by_name {
                true => format!("if you commit {files}, everybody who uses {them} needs {NAME} on the PATH"),
                false => format!(
                    "{NAME} is not on your PATH, so {lines} its path. Before you commit {files}, put {NAME} on the \
                     PATH, and write {NAME} instead"
                ),
            };
            wrapped(&text).iter().try_for_each(|text| line(text))?;
        }
        if !self.not_executable.is_empty() {
            line("git does not run a hook that is not executable. To make it executable:")?;
            line(&format!("  chmod +x {}", self.not_executable.join(" ")))?;
        }
        if self.is_not_written {
            let text = format!(
                "git takes its hooks from {}, and husky has not written them yet. To write them:",
                shown(&site.dir)
            );
            wrapped(&text).iter().try_for_each(|text| line(text))?;
            line("  npx husky")?;
        }
        Ok(())
    }
}

/// What to do with the line.
fn told(call: &Call) -> String {
    let file = shown(&call.file);
    match call.how {
        How::Create => format!("create {file} with this line:"),
        How::Add => format!("add this line to {file}, before its other commands:"),
        How::Share => format!(
            "add this line to {file}, before its other commands, and give them \"$refs\" as their standard input:"
        ),
        How::Run if call.can_stop => format!("make {file} run this command, and end with its status if it fails:"),
        How::Run => format!("make {file} run this command:"),
    }
}

fn word(path: &Path) -> String {
    for_shell(&RelPath::new(path.as_os_str().as_encoded_bytes()))
}
