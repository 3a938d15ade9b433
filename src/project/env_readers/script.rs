//! What scripts, units and their kin say about who reads an env file.

use std::num::NonZeroU32;

use crate::env::readers::Reader;
use crate::path::RelPath;

/// One line that reads a file.
pub(super) struct Use<'a> {
    pub(super) reader: Reader,
    /// As it is written.
    pub(super) path: &'a str,
    pub(super) line: NonZeroU32,
}

/// Whether a file of this name runs commands, or names what a service reads.
pub(super) fn is_script(name: &[u8]) -> bool {
    let ends = [&b".sh"[..], b".bash", b".service", b".mk"];
    ends.iter().any(|end| name.ends_with(end))
        || matches!(name, b"Makefile" | b"makefile" | b"GNUmakefile" | b".envrc" | b"package.json")
}

/// Tells of every use of a file.
pub(super) fn uses(path: &RelPath, text: &[u8], take: &mut dyn FnMut(Use<'_>)) {
    if !has_env(text) {
        return;
    }
    let Ok(text) = std::str::from_utf8(text) else { return };
    let name = path.file_name();
    let shell = shell_of(name, text);
    let is_makefile = is_makefile(name);
    for (index, line) in text.lines().enumerate() {
        let number = NonZeroU32::MIN.saturating_add(u32::try_from(index).unwrap_or(u32::MAX));
        let is_recipe = line.starts_with('\t');
        let line = line.trim();
        if line.starts_with('#') || !has_env(line.as_bytes()) {
            continue;
        }
        let mut tell = |reader: Reader, path: &str| take(Use { reader, path, line: number });
        if name.ends_with(b".service") {
            if let Some(path) = line.strip_prefix("EnvironmentFile=") {
                tell(Reader::Systemd, path.trim_start_matches('-'));
            }
            continue;
        }
        if name == b".envrc" {
            let words: Vec<&str> = line.split_whitespace().collect();
            if let ["dotenv" | "dotenv_if_exists", rest @ ..] = words.as_slice() {
                tell(Reader::Direnv, rest.first().copied().unwrap_or(".env"));
            }
        }
        if is_makefile && !is_recipe {
            included(line, &mut |path| tell(Reader::Make, path));
        }
        options(line, &mut tell);
        if let (Some(shell), false) = (shell, name == b"package.json") {
            sourced(line, &mut |path| tell(shell, path));
        }
    }
}

/// A quick test: most texts, and most lines, read no env file.
fn has_env(text: &[u8]) -> bool {
    memchr::memmem::find(text, b"env").is_some() || memchr::memmem::find(text, b"EnvironmentFile").is_some()
}

fn is_makefile(name: &[u8]) -> bool {
    name.ends_with(b"akefile") || name.ends_with(b".mk")
}

/// `include FILE…` of a Makefile.
fn included(line: &str, tell: &mut dyn FnMut(&str)) {
    let line = line.split('#').next().unwrap_or_default();
    let mut words = line.split_whitespace();
    if matches!(words.next(), Some("include" | "-include" | "sinclude")) {
        words.for_each(tell);
    }
}

/// The shell that a file is for; `None` for one that is no model's.
fn shell_of(name: &[u8], text: &str) -> Option<Reader> {
    if is_makefile(name) {
        let is_bash = text.lines().any(|line| line.starts_with("SHELL") && line.contains("bash"));
        return Some(if is_bash { Reader::Bash } else { Reader::Dash });
    }
    let first = text.lines().next().filter(|line| line.starts_with("#!")).unwrap_or_default();
    let program = first.split(['/', ' ']).rfind(|word| !word.is_empty() && !word.starts_with('-')).unwrap_or("bash");
    match program {
        "sh" | "dash" => Some(Reader::Dash),
        "bash" => Some(Reader::Bash),
        _ => None,
    }
}

/// `--env-file` of the programs that have it.
fn options(line: &str, tell: &mut dyn FnMut(Reader, &str)) {
    let mut reader = None;
    let mut words = line.split([' ', '\t', '"', '\'', ',', ';', '(', ')']).filter(|word| !word.is_empty());
    while let Some(word) = words.next() {
        let program = word.rsplit('/').next().unwrap_or_default();
        match program {
            "docker" => reader = Some(Reader::Docker),
            "compose" if reader == Some(Reader::Docker) => reader = Some(Reader::Compose),
            "docker-compose" => reader = Some(Reader::Compose),
            "node" => reader = Some(Reader::Node),
            "&&" | "||" | "|" | "exec" => reader = None,
            _ => {}
        }
        let option = word.strip_prefix("--env-file").map(|rest| rest.strip_prefix("-if-exists").unwrap_or(rest));
        let path = match option {
            Some("") => words.next(),
            Some(rest) => rest.strip_prefix('='),
            None => None,
        };
        if let (Some(reader), Some(path)) = (reader, path) {
            tell(reader, path);
        }
    }
}

/// `. FILE` and `source FILE`, where a command may stand.
fn sourced(line: &str, tell: &mut dyn FnMut(&str)) {
    let commands = line.split([';', '&', '|', '{', '(']).map(str::trim_start);
    for command in commands {
        let command = ["then ", "do ", "else ", "@", "-", "if "]
            .iter()
            .fold(command, |rest, word| rest.strip_prefix(word).map_or(rest, str::trim_start));
        let path = command.strip_prefix(". ").or_else(|| command.strip_prefix("source ")).map(str::trim_start);
        let Some(path) = path else { continue };
        let end = match path.chars().next() {
            Some(quote @ ('"' | '\'')) => path.match_indices(quote).nth(1).map_or(path.len(), |(at, _)| at + 1),
            _ => path.find(char::is_whitespace).unwrap_or(path.len()),
        };
        tell(path.get(..end).unwrap_or_default());
    }
}

/// Where a file of these names may be that a script reads: in its directory, or in one above, the nearest first.
pub(super) fn places<'a>(script: &RelPath, parts: &'a [&'a [u8]]) -> impl Iterator<Item = RelPath> + use<'a> {
    let above = |dir: &RelPath| (!dir.is_root()).then(|| dir.parent());
    let dirs = std::iter::successors(Some(script.parent()), above);
    dirs.map(move |dir| parts.iter().fold(dir, |path, part| path.join(part)))
}

/// The names of a written path, behind what is not known here: variables, `..`, the host's directories. `None` where the
/// name of the file itself is not known.
pub(super) fn parts(written: &str) -> Option<Vec<&[u8]>> {
    let path = written.trim_matches(['"', '\'']).trim_end_matches([')', '}', '\r']);
    let is_absolute = path.starts_with('/');
    let mut parts: Vec<&[u8]> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => parts.clear(),
            _ if part.contains(['$', '%', '`', '*', '?', '~']) => parts.clear(),
            _ => parts.push(part.trim_matches(['"', '\'']).as_bytes()),
        }
    }
    let last_is_known = !path.rsplit('/').next()?.contains(['$', '%', '`', '*', '?']);
    if is_absolute {
        parts = parts.split_off(parts.len().saturating_sub(1));
    }
    (last_is_known && !parts.is_empty()).then_some(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(name: &str, text: &str) -> Vec<(Reader, String, u32)> {
        let mut all = Vec::new();
        uses(&RelPath::from(name), text.as_bytes(), &mut |one| {
            let parts = parts(one.path).unwrap_or_default();
            let path = parts.iter().map(|part| String::from_utf8_lossy(part)).collect::<Vec<_>>().join("/");
            all.push((one.reader, path, one.line.get()));
        });
        all
    }

    #[test]
    fn lines_that_read_a_file() {
        use Reader::{Bash, Compose, Dash, Direnv, Docker, Make, Node, Systemd};
        type Uses = &'static [(Reader, &'static str, u32)];
        let cases: [(&str, &str, Uses); 24] = [
            ("run.sh", "#!/bin/bash\nset -a\nsource .env\nset +a\n", &[(Bash, ".env", 3)]),
            ("run.sh", "#!/bin/sh\nset -a; . ./.env; set +a\n", &[(Dash, ".env", 2)]),
            ("run.sh", "#!/usr/bin/env bash\n. \"$DIR/../.env\"\n", &[(Bash, ".env", 2)]),
            ("run.sh", "[ -f .env ] && source config/app.env\n", &[(Bash, "config/app.env", 1)]),
            ("run.sh", "if [ -f .env ]; then source .env; fi\n", &[(Bash, ".env", 1)]),
            ("run.sh", "#!/bin/zsh\nsource .env\n", &[]),
            ("run.sh", "# source .env\necho 'then source .env'\nsource \"$ENV_FILE\"\n", &[]),
            ("run.sh", "docker run --rm --env-file .env app\n", &[(Docker, ".env", 1)]),
            ("run.sh", "docker compose --env-file=prod.env up\n", &[(Compose, "prod.env", 1)]),
            ("run.sh", "podman run --env-file .env app\n", &[]),
            ("Makefile", "up:\n\t. ./.env && ./run\n", &[(Dash, ".env", 2)]),
            ("Makefile", "SHELL := /bin/bash\nup:\n\t@source .env && ./run\n", &[(Bash, ".env", 3)]),
            ("Makefile", "include .env\nexport\n", &[(Make, ".env", 1)]),
            (
                "Makefile",
                "ifneq (,$(wildcard ./.env))\n    -include ./.env a.mk # x\nendif\n",
                &[(Make, ".env", 2), (Make, "a.mk", 2)],
            ),
            ("Makefile", "up:\n\tinclude .env\n#include .env\n", &[]),
            ("run.sh", "include .env\n", &[]),
            ("app.service", "[Service]\nEnvironmentFile=-/opt/app/.env\n", &[(Systemd, ".env", 2)]),
            ("app.service", "EnvironmentFile=%h/app/.env\n", &[(Systemd, "app/.env", 1)]),
            ("app.service", "EnvironmentFile=/srv/app/app.conf\n", &[(Systemd, "app.conf", 1)]),
            (".envrc", "dotenv\n", &[(Direnv, ".env", 1)]),
            (".envrc", "dotenv_if_exists .env.local\nsource .env\n", &[(Direnv, ".env.local", 1), (Bash, ".env", 2)]),
            ("package.json", "\"dev\": \"node --env-file=.env server.js\"\n", &[(Node, ".env", 1)]),
            ("package.json", "\"dev\": \"node --env-file-if-exists=.env a.js\"\n", &[(Node, ".env", 1)]),
            ("package.json", "\"dev\": \"vite --env-file=.env\"\n", &[]),
        ];
        for (name, text, expected) in cases {
            let expected: Vec<_> = expected.iter().map(|(one, path, line)| (*one, (*path).to_owned(), *line)).collect();
            assert_eq!(found(name, text), expected, "{name}: {text}");
        }
    }
}
