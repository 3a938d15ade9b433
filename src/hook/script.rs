//! The scripts in `hooks/`, and how they are known again.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// A hook that is installed: git's name for it, and the script.
pub(crate) struct Script {
    pub(crate) name: &'static str,
    text: &'static str,
}

/// All of them, in the order in which they are listed.
pub(crate) const ALL: [Script; 6] = [
    Script { name: "pre-commit", text: include_str!("../../hooks/pre-commit") },
    Script { name: "pre-merge-commit", text: include_str!("../../hooks/pre-merge-commit") },
    Script { name: "pre-push", text: include_str!("../../hooks/pre-push") },
    Script { name: "post-checkout", text: include_str!("../../hooks/post-checkout") },
    Script { name: "post-merge", text: include_str!("../../hooks/post-merge") },
    Script { name: "post-rewrite", text: include_str!("../../hooks/post-rewrite") },
];

/// Where the program's path goes.
const WORD: &str = "'@ENVWARD@'";

impl Script {
    /// The script that runs this program.
    pub(crate) fn running(&self, program: &Path) -> Vec<u8> {
        let (before, after) = self.text.split_once(WORD).unwrap_or((self.text, ""));
        [before.as_bytes(), &quoted(program.as_os_str().as_bytes()), after.as_bytes()].concat()
    }

    /// Whether a text is this script, of whatever version and for whatever program: its second line says so.
    pub(crate) fn is(&self, text: &[u8]) -> bool {
        let mark = format!("# envward {}:", self.name);
        text.split(|byte| *byte == b'\n').nth(1).is_some_and(|line| line.starts_with(mark.as_bytes()))
    }

    /// The program that a script of ours starts; `None` where it starts the one from PATH.
    pub(crate) fn program(text: &[u8]) -> Option<PathBuf> {
        let line = text.split(|byte| *byte == b'\n').find_map(|line| line.strip_prefix(b"envward='"))?;
        let path = std::str::from_utf8(line.strip_suffix(b"'")?).ok()?.replace("'\\''", "'");
        Some(PathBuf::from(path)).filter(|path| path.is_absolute())
    }

    /// Whether another hook calls envward by itself, in a line that is no comment: as a shell writes it, or as a list of words.
    pub(crate) fn is_called_by(&self, text: &[u8]) -> bool {
        let wanted: [&[u8]; 3] = [b"hook", b"run", self.name.as_bytes()];
        let between = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;()[]{}&|<>".contains(byte);
        let is_call = |line: &[u8]| {
            let words: Vec<&[u8]> = line.split(between).filter(|word| !word.is_empty()).collect();
            words.windows(wanted.len()).any(|words| words == wanted)
        };
        text.split(|byte| *byte == b'\n')
            .map(<[u8]>::trim_ascii_start)
            .any(|line| !line.starts_with(b"#") && is_call(line))
    }

    /// Whether git heeds the hook's status: what runs after something was done can stop nothing.
    pub(crate) fn can_stop(&self) -> bool {
        !self.name.starts_with("post-")
    }

    /// Whether git tells the hook something by its standard input that envward needs.
    pub(crate) fn has_input(&self) -> bool {
        self.name == "pre-push"
    }

    /// The command that another hook runs.
    pub(crate) fn command(&self, program: &str) -> String {
        format!("{program} hook run {}", self.name)
    }

    /// The line with which another hook, a shell script, calls envward.
    pub(crate) fn call(&self, program: &str) -> String {
        let or = if self.can_stop() { "exit" } else { ":" };
        format!("{} \"$@\" || {or}", self.command(program))
    }

    /// The same in a hook that reads its standard input, too.
    pub(crate) fn shared_call(&self, program: &str) -> String {
        format!("refs=$(cat); printf '%s\\n' \"$refs\" | {}", self.call(program))
    }
}

/// In single quotes, for a shell.
fn quoted(bytes: &[u8]) -> Vec<u8> {
    let mut quoted = vec![b'\''];
    for byte in bytes {
        match byte {
            b'\'' => quoted.extend_from_slice(b"'\\''"),
            _ => quoted.push(*byte),
        }
    }
    quoted.push(b'\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_script_has_its_mark_and_the_word() {
        for script in &ALL {
            assert_eq!(script.text.matches(WORD).count(), 1, "{}", script.name);
            let text = script.running(Path::new("/opt/it's/envward"));
            assert!(script.is(&text) && script.is_called_by(&text), "{}", script.name);
            assert_eq!(Script::program(&text).as_deref(), Some(Path::new("/opt/it's/envward")));
            assert_eq!(Script::program(script.text.as_bytes()), None);
            assert!(String::from_utf8_lossy(&text).contains("envward='/opt/it'\\''s/envward'"));
            assert_eq!(ALL.iter().filter(|other| other.is(&text)).count(), 1);
            // The line that a person adds to another hook does what ours does.
            assert!(script.is_called_by(script.call("envward").as_bytes()), "{}", script.name);
            let passes = script.text.contains(&format!("hook run {} \"$@\" || :\n", script.name));
            assert_eq!(passes, script.call("envward").ends_with("|| :"), "{}", script.name);
        }
    }

    #[test]
    fn another_hook_is_not_ours() {
        let [script, ..] = &ALL;
        assert!(!script.is(b"#!/bin/sh\nexit 0\n# envward pre-commit: not it\n"));
        assert!(script.is_called_by(b"#!/bin/sh\n  envward hook run pre-commit || exit 1\n"));
        assert!(script.is_called_by(b"run([\"envward\", \"hook\", \"run\", \"pre-commit\"], check=True)\n"));
        assert!(!script.is_called_by(b"#!/bin/sh\n# envward hook run pre-commit\n"));
        assert!(!script.is_called_by(b"#!/bin/sh\nother-hook run pre-commit-all\n"));
    }
}
