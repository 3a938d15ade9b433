//! `envward explain`: the documentation of the checks, offline.

use std::io::{self, Write};

use super::output::lost;
use crate::checks::{self, Check, Example, Step};
use crate::cli::Explain;
use crate::config::nearest;
use crate::error::Error;
use crate::report::Status;
use crate::tty::{WIDTH, wrap};

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
        let head = format!("{:width$}  {:8}  ", check.id, check.severity.word());
        let title = wrap(check.title, WIDTH - head.len()).join(&format!("\n{:1$}", "", head.len()));
        writeln!(out, "{head}{title}")?;
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
    let head = wrapped(&format!("{}; {} at most", check.title, check.severity.word()));
    writeln!(out, "# {}\n\n{head}\n\n{}", check.id, wrapped(check.doc.trim_end()))?;
    examples("Found in", check.bad, out)?;
    examples("Not found in", check.good, out)
}

fn examples(title: &str, examples: &[Example], out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n## {title}")?;
    for example in examples {
        writeln!(out, "\n{}\n\n```console", wrapped(&format!("{}:", example.about)))?;
        for step in example.steps {
            self::step(step, out)?;
        }
        writeln!(out, "```")?;
    }
    Ok(())
}

/// Markdown in lines that fit on a terminal. An item's next lines stand below its first; code stays in one piece.
fn wrapped(text: &str) -> String {
    let mut is_code = false;
    let line = |line: &str| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        if is_code || is_fence { line.to_owned() } else { wrapped_line(line) }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str) -> String {
    const GLUE: &str = "\u{a0}";
    let is_span = |at: usize| at % 2 == 1;
    let parts = line.split('`').enumerate();
    let glued = parts.map(|(at, part)| if is_span(at) { part.replace(' ', GLUE) } else { part.to_owned() });
    let glued = glued.collect::<Vec<_>>().join("`");
    let indent = if line.starts_with("- ") { "  " } else { "" };
    wrap(&glued, WIDTH - indent.len()).join(&format!("\n{indent}")).replace(GLUE, " ")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_the_same_markdown() {
        for check in checks::ALL {
            let text = wrapped(check.doc);
            let (mut joined, mut is_code) = (String::new(), false);
            for line in text.lines() {
                let was_code = is_code;
                is_code ^= line.starts_with("```");
                if was_code
                    || is_code
                    || line.is_empty()
                    || joined.is_empty()
                    || joined.ends_with("\n\n")
                    || line.starts_with("- ")
                {
                    joined += &format!("{line}\n");
                } else {
                    assert!(!line.starts_with(['#', '>', '|', '+', '*', '-']), "{}: {line}", check.id);
                    joined = format!("{} {}\n", joined.trim_end_matches('\n'), line.trim_start());
                }
                // One word may be longer, and one span of code.
                let is_one = !line.trim_start_matches("- ").contains(' ') || line.contains('`');
                assert!(line.chars().count() <= WIDTH || is_one, "{}: {line}", check.id);
            }
            assert_eq!(joined.trim_end(), check.doc.trim_end(), "{}", check.id);
        }
    }
}
