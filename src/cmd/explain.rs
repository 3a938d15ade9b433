//! `envward explain`: the documentation of the checks, offline.

use std::io::{self, Write};

use super::output::lost;
use crate::checks::{self, Check, Example, Step};
use crate::cli::Explain;
use crate::config::nearest;
use crate::error::Error;
use crate::report::Status;

/// Runs it.
pub(super) fn run(args: &Explain, out: &mut dyn Write) -> Result<Status, Error> {
    let written = match &args.check {
        Some(id) => match checks::find(id) {
            Some(check) => one(check, out),
            None => return Err(Error::NoSuchCheck { nearest: nearest(id, checks::ids()) }),
        },
        None if args.all => all(out),
        None => list(out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

fn list(out: &mut dyn Write) -> io::Result<()> {
    let width = checks::ids().map(str::len).max().unwrap_or(0);
    for check in checks::ALL {
        writeln!(out, "{:width$}  {:8}  {}", check.id, check.severity.word(), check.title)?;
    }
    writeln!(out, "\n`envward explain <check>` says why and what to do")
}

fn all(out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Checks\n\nMade by `envward explain --all`; the examples are run as tests.")?;
    for check in checks::ALL {
        writeln!(out)?;
        one(check, out)?;
    }
    Ok(())
}

fn one(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# {}\n\n{}; {} at most\n\n{}", check.id, check.title, check.severity.word(), check.doc.trim_end())?;
    examples("Found in", check.bad, out)?;
    examples("Not found in", check.good, out)
}

fn examples(title: &str, examples: &[Example], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {title}")?;
    for example in examples {
        writeln!(out, "\n{}:\n\n```console", example.about)?;
        for step in example.steps {
            self::step(step, out)?;
        }
        writeln!(out, "```")?;
    }
    Ok(())
}

fn step(step: &Step, out: &mut dyn Write) -> io::Result<()> {
    match step {
        Step::File(path, mode, text) => {
            writeln!(out, "$ install -m {mode:o} /dev/stdin {path} <<'END'\n{}\nEND", text.trim_end())
        }
        Step::Dir(path, mode) => writeln!(out, "$ mkdir -m {mode:o} {path}"),
        Step::Link(path, target) => writeln!(out, "$ ln -s {target} {path}"),
        Step::HardLink(path, target) => writeln!(out, "$ ln {target} {path}"),
        Step::Remove(path) => writeln!(out, "$ rm {path}"),
        Step::Owner(path, user) => writeln!(out, "$ chown {user} {path}"),
        Step::Acl(path) => writeln!(out, "$ setfacl -m u:1:r {path} && chmod 600 {path}"),
        Step::Envward(command) => writeln!(out, "$ envward {command}"),
        Step::Git(command) => writeln!(out, "$ git {command}"),
    }
}
