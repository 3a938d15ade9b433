//! How a hook that is not ours is made to call envward: which line goes into which file.

use std::path::PathBuf;

use super::installed::read;
use super::script::Script;

/// A line to add to a hook that keeps its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The file.
    pub file: PathBuf,
    /// What to do with the line.
    pub how: How,
    /// The line.
    pub line: String,
    /// Whether git heeds the status of the hook.
    pub can_stop: bool,
}

/// What to do with the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// The file is not there.
    Create,
    /// The file is a shell script.
    Add,
    /// The file is a shell script, which reads what git tells a hook; so does envward.
    Share,
    /// The file is in another language: the line is the command to run.
    Run,
}

impl Call {
    /// The call of a hook in a file; `program` is the word by which a shell finds envward.
    pub(crate) fn new(script: &Script, file: PathBuf, program: &str) -> Self {
        // A link leads to the file that is written into.
        let text = file.canonicalize().ok().and_then(|file| read(&file).ok().flatten());
        let how = match text {
            None => How::Create,
            Some(text) if !is_shell(&text) => How::Run,
            Some(text) if script.has_input() && reads_input(&text) => How::Share,
            Some(_) => How::Add,
        };
        let line = match how {
            How::Run => script.command(program),
            How::Share => script.shared_call(program),
            How::Create | How::Add => script.call(program),
        };
        Self { file, how, line, can_stop: script.can_stop() }
    }
}

/// Whether a shell runs a hook: one without a first line for the kernel, too.
fn is_shell(text: &[u8]) -> bool {
    const SHELLS: [&[u8]; 6] = [b"sh", b"bash", b"dash", b"ash", b"ksh", b"zsh"];
    let Some(first) = text.strip_prefix(b"#!") else { return true };
    let line = first.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let words = line.split(|byte| byte.is_ascii_whitespace() || *byte == b'/');
    words.filter(|word| !word.starts_with(b"-")).any(|word| SHELLS.contains(&word))
}

/// Whether a hook reads the standard input, which can be read once only.
fn reads_input(text: &[u8]) -> bool {
    const READERS: [&[u8]; 5] = [b"read ", b"cat)", b"cat`", b"/dev/stdin", b"git lfs pre-push"];
    let is_code = |line: &&[u8]| !line.trim_ascii_start().starts_with(b"#");
    let mut lines = text.split(|byte| *byte == b'\n').filter(is_code);
    lines.any(|line| READERS.iter().any(|reader| memchr::memmem::find(line, reader).is_some()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_runs_a_hook_and_what_it_reads() {
        for text in
            ["npm test\n", "#!/bin/sh\n", "#!/usr/bin/env bash\n", "#! /bin/sh -e\n", "#!/usr/bin/env -S zsh -f\n"]
        {
            assert!(is_shell(text.as_bytes()), "{text}");
        }
        for text in ["#!/usr/bin/env python3\n", "#!/usr/bin/fish\n", "#!/usr/bin/env node\n"] {
            assert!(!is_shell(text.as_bytes()), "{text}");
        }
        assert!(reads_input(b"#!/bin/sh\ngit lfs pre-push \"$@\"\n"));
        assert!(reads_input(b"while read -r ref; do :; done\n"));
        assert!(!reads_input(b"# read this\nnpm test\n"));
    }
}
