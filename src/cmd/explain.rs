//! `envward explain`: the documentation of the checks, offline.

use std::io::{self, Write};

use super::output::lost;
use crate::check::{Check, Example, Step};
use crate::checks;
use crate::cli::Explain;
use crate::error::Error;
use crate::policy::Status;
use crate::terminal::{Ink, Style};
use crate::text::{nearest, wrap};

/// Runs it.
pub(super) fn run(args: &Explain, style: Style, out: &mut dyn Write) -> Result<Status, Error> {
    let written = match &args.check {
        Some(id) => match checks::find(id) {
            Some(check) => one(check, style, out),
            None => return Err(Error::NoSuchCheck { nearest: nearest(id, checks::ids()) }),
        },
        None if args.all => all(style, out),
        None => list(style, out),
    };
    written.map_err(|error| lost(&error))?;
    Ok(Status::Clean)
}

/// The least room for a title beside what stands before it.
const TITLE: usize = 20;

fn list(style: Style, out: &mut dyn Write) -> io::Result<()> {
    let width = checks::ids().map(str::len).max().unwrap_or(0);
    for check in checks::ALL.iter() {
        let head = format!("{:width$}  {:8}  ", check.id, check.severity.word());
        // In a narrow terminal the title stands below.
        let (start, indent) = match head.len() + TITLE > style.width {
            true => (format!("{}\n  ", style.set(Ink::Bold, head.trim_end())), 2),
            false => (style.set(Ink::Bold, &head), head.len()),
        };
        let title = wrap(check.title, style.width - indent).join(&format!("\n{:indent$}", ""));
        writeln!(out, "{start}{title}")?;
    }
    writeln!(out, "\nto read about one check: envward explain CHECK")
}

fn all(style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "# Checks\n\nMade by `envward explain --all`; the examples are run as tests.")?;
    for check in checks::ALL.iter() {
        writeln!(out)?;
        one(check, style, out)?;
    }
    Ok(())
}

fn one(check: &Check, style: Style, out: &mut dyn Write) -> io::Result<()> {
    let head = format!("# {}\n\n{}; {} at most\n\n", check.id, check.title, check.severity.word());
    writeln!(out, "{}", wrapped(&(head + check.doc.trim_end()), style))?;
    examples("Found in", check.bad, style, out)?;
    examples("Not found in", check.good, style, out)
}

fn examples(title: &str, examples: &[Example], style: Style, out: &mut dyn Write) -> io::Result<()> {
    writeln!(out, "\n{}", wrapped(&format!("## {title}"), style))?;
    for example in examples {
        writeln!(out, "\n{}\n\n```console", wrapped(&format!("{}:", example.about), style))?;
        for step in example.steps {
            self::step(step, out)?;
        }
        writeln!(out, "```")?;
    }
    Ok(())
}

/// Markdown in lines that fit on a terminal. An item's next lines stand below its first; code stays in one piece.
fn wrapped(text: &str, style: Style) -> String {
    let mut is_code = false;
    let line = |line: &str| {
        let is_fence = line.starts_with("```");
        is_code ^= is_fence;
        match () {
            () if is_code || is_fence => line.to_owned(),
            () if line.starts_with('#') => style.set(Ink::Bold, line),
            () => wrapped_line(line, style.width),
        }
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn wrapped_line(line: &str, width: usize) -> String {
    const GLUE: &str = "\u{a0}";
    let is_span = |at: usize| at % 2 == 1;
    let parts = line.split('`').enumerate();
    let glued = parts.map(|(at, part)| if is_span(at) { part.replace(' ', GLUE) } else { part.to_owned() });
    let glued = glued.collect::<Vec<_>>().join("`");
    let indent = if line.starts_with("- ") { "  " } else { "" };
    wrap(&glued, width - indent.len()).join(&format!("\n{indent}")).replace(GLUE, " ")
}

fn step(step: &Step, out: &mut dyn Write) -> io::Result<()> {
    match step {
        Step::File(path, mode, text) => {
            writeln!(out, "$ install -m {mode:o} /dev/stdin {path} <<'END'\n{}\nEND", Step::text(text).trim_end())
        }
        Step::Dir(path, mode) => writeln!(out, "$ mkdir -m {mode:o} {path}"),
        Step::Link(path, target) => writeln!(out, "$ ln -s {target} {path}"),
        Step::HardLink(path, target) => writeln!(out, "$ ln {target} {path}"),
        Step::Remove(path) => writeln!(out, "$ rm {path}"),
        Step::Owner(path, user) => writeln!(out, "$ chown {user} {path}"),
        Step::Acl(path) => writeln!(out, "$ setfacl -m u:1:r {path} && chmod 600 {path}"),
        Step::Envward(command) => writeln!(out, "$ envward {command}"),
        Step::Later(days) => writeln!(out, "# {days} days later"),
        Step::Git(command) => writeln!(out, "$ git {command}"),
        Step::Process(command) => writeln!(out, "$ {command} &"),
        Step::Image(path, command, files) => {
            writeln!(out, "$ docker save app > {path}")?;
            if !command.is_empty() {
                writeln!(out, "# a step of its history: {command}")?;
            }
            files.iter().try_for_each(|(file, text)| writeln!(out, "# {file} in its layer: {}", text.trim_end()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrapped_is_the_same_markdown() {
        for check in checks::ALL.iter() {
            let text = wrapped(check.doc, Style::default());
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
                assert!(line.chars().count() <= crate::terminal::WIDTH || is_one, "{}: {line}", check.id);
            }
            assert_eq!(joined.trim_end(), check.doc.trim_end(), "{}", check.id);
        }
    }
}
