//! Which programs read an env file: as envward.toml says, else as the files of the project show.

mod manifest;
mod script;

use std::collections::BTreeMap;
use std::num::NonZeroU32;

use super::named_files::Named;
use crate::config::Config;
use crate::env::names::Role;
use crate::env::readers::Reader;
use crate::files::Root;
use crate::path::RelPath;
use crate::project::walk::role_of;
use crate::work;

/// A program that reads an env file, and where that is to be seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsedReader {
    /// The program.
    pub reader: Reader,
    /// The file that shows it.
    pub seen: RelPath,
    /// The line of that file, where one line shows it.
    pub line: Option<NonZeroU32>,
}

/// The readers of each env file.
pub(super) type Used = BTreeMap<RelPath, Vec<UsedReader>>;

/// So many bytes of a script or a manifest are read.
const MAX_LENGTH: usize = 1 << 20;

/// Whether a file of this name may show a reader.
pub(super) fn is_sign(name: &[u8]) -> bool {
    manifest::is_manifest(name) || script::is_script(name)
}

/// A line of a script, a Makefile or a unit that reads an env file.
pub(super) struct ReadLine {
    reader: Reader,
    script: RelPath,
    line: NonZeroU32,
    /// Where the file may be, the nearest place first.
    places: Vec<RelPath>,
}

impl ReadLine {
    /// The file that it reads, whatever its name is.
    pub(super) fn file(&self, root: &Root) -> Option<RelPath> {
        let is_file = |path: &&RelPath| path.under(root.path()).symlink_metadata().is_ok_and(|file| file.is_file());
        self.places.iter().find(is_file).cloned()
    }
}

/// The lines of the project that read env files.
pub(super) fn read_lines(root: &Root, signs: &[RelPath]) -> Vec<ReadLine> {
    // Of the lists of packages, of which there may be thousands, the project's own counts, and those beside env files later.
    let is_script = |sign: &&RelPath| !manifest::is_manifest(sign.file_name()) || sign.parent().is_root();
    let mut lines = Vec::new();
    for script in signs.iter().filter(is_script) {
        read_lines_of(script, &text_of(root, script), &mut lines);
    }
    lines
}

fn read_lines_of(script: &RelPath, text: &[u8], lines: &mut Vec<ReadLine>) {
    script::uses(script, text, &mut |one| {
        let Some(parts) = script::parts(one.path) else { return };
        let places = script::places(script, &parts).collect();
        lines.push(ReadLine { reader: one.reader, script: script.clone(), line: one.line, places });
    });
}

/// The beginning of a sign; nothing of one that cannot be read.
fn text_of(root: &Root, sign: &RelPath) -> Vec<u8> {
    let mut text = root.read(sign).ok().flatten().unwrap_or_default();
    text.truncate(MAX_LENGTH);
    text
}

/// What is known before files are read.
pub(super) struct Known<'a> {
    /// What may be env files.
    pub(super) candidates: &'a [RelPath],
    /// The files that may show readers.
    pub(super) signs: &'a [RelPath],
    /// The compose files.
    pub(super) compose: &'a [RelPath],
    /// What [`read_lines`] found.
    pub(super) lines: &'a [ReadLine],
    /// The files that compose files name.
    pub(super) named: &'a BTreeMap<RelPath, Named>,
    /// An env file that is still to be written.
    pub(super) planned: Option<&'a RelPath>,
}

/// Finds the readers of the env files.
pub(super) fn find(root: &Root, known: &Known<'_>, config: &Config) -> Used {
    let mut finder = Finder { files: BTreeMap::new(), used: Used::new() };
    let is_named = |path: &RelPath| matches!(known.named.get(path), Some(Named::EnvFile { .. } | Named::Text));
    let is_env = |path: &&RelPath| role_of(path, config) == Some(Role::Env) || is_named(path);
    for path in known.candidates.iter().filter(is_env).chain(known.planned) {
        finder.files.entry(path.parent()).or_default().push(path.clone());
    }
    // A file that is still to be written has its readers, too.
    for path in known.candidates.iter().filter(|path| role_of(path, config) == Some(Role::Template)) {
        let own = path.parent().join(b".env");
        let files = finder.files.entry(path.parent()).or_default();
        if !files.contains(&own) {
            files.push(own);
        }
    }
    if !config.readers.is_empty() {
        return finder.configured(config);
    }
    finder.compose(known);
    known.lines.iter().for_each(|line| finder.line(line));
    for sign in known.signs.iter().filter(|sign| manifest::is_manifest(sign.file_name())) {
        if !finder.files.contains_key(&sign.parent()) {
            continue;
        }
        let text = text_of(root, sign);
        let lock = || root.read(&sign.parent().join(b"Gemfile.lock")).ok().flatten();
        for reader in manifest::readers(sign.file_name(), &text, &lock) {
            finder.directory(&sign.parent(), reader, sign);
        }
        let mut lines = Vec::new();
        read_lines_of(sign, &text, &mut lines);
        lines.iter().for_each(|line| finder.line(line));
    }
    finder.sorted()
}

struct Finder {
    /// The env files, by directory.
    files: BTreeMap<RelPath, Vec<RelPath>>,
    used: Used,
}

impl Finder {
    fn add(&mut self, path: &RelPath, reader: Reader, seen: &RelPath, line: Option<NonZeroU32>) {
        let all = self.used.entry(path.clone()).or_default();
        if all.iter().all(|known| known.reader != reader) {
            all.push(UsedReader { reader, seen: seen.clone(), line });
        }
    }

    fn configured(mut self, config: &Config) -> Used {
        let source = config.source.clone().unwrap_or_else(|| RelPath::from(crate::config::FILE));
        let files: Vec<RelPath> = self.files.values().flatten().cloned().collect();
        for path in files {
            for reader in &config.readers {
                self.add(&path, *reader, &source, None);
            }
        }
        self.used
    }

    /// Compose reads `.env` beside a compose file, and what `env_file:` names.
    fn compose(&mut self, known: &Known<'_>) {
        for compose in known.compose {
            let path = compose.parent().join(b".env");
            if self.files.get(&compose.parent()).is_some_and(|files| files.contains(&path)) {
                self.add(&path, Reader::Compose, compose, None);
            }
        }
        let by_dir: BTreeMap<RelPath, &RelPath> = known.compose.iter().map(|path| (path.parent(), path)).collect();
        for (path, what) in known.named {
            let Named::EnvFile { composed, raw } = *what else { continue };
            let seen = nearest(&by_dir, path).unwrap_or(path);
            for (reader, reads) in [(Reader::Compose, composed), (Reader::Docker, raw)] {
                if reads {
                    self.add(path, reader, seen, None);
                }
            }
        }
    }

    /// What a manifest shows: the program reads `.env` and its kin in the same directory.
    fn directory(&mut self, dir: &RelPath, reader: Reader, seen: &RelPath) {
        let is_own = |path: &&RelPath| path.file_name() == b".env" || path.file_name().starts_with(b".env.");
        let files: Vec<RelPath> = self.files.get(dir).into_iter().flatten().filter(is_own).cloned().collect();
        for path in files {
            self.add(&path, reader, seen, None);
        }
    }

    /// What a line of a script shows: the named file in its directory or the nearest one above.
    fn line(&mut self, found: &ReadLine) {
        let is_known = |path: &&RelPath| self.files.get(&path.parent()).is_some_and(|files| files.contains(path));
        if let Some(path) = found.places.iter().find(is_known) {
            self.add(path, found.reader, &found.script, Some(found.line));
        }
    }

    /// In the order of reports: what the others are compared with comes first.
    fn sorted(mut self) -> Used {
        for readers in self.used.values_mut() {
            readers.sort_by_key(|one| one.reader);
        }
        self.used
    }
}

/// The compose file in the nearest directory above a file.
fn nearest<'a>(by_dir: &BTreeMap<RelPath, &'a RelPath>, path: &RelPath) -> Option<&'a RelPath> {
    let mut dir = path.parent();
    loop {
        work::step();
        match by_dir.get(&dir) {
            Some(found) => return Some(found),
            None if dir.is_root() => return None,
            None => dir = dir.parent(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_compose_file() {
        let compose: Vec<RelPath> = ["compose.yaml", "a/b/compose.yaml"].into_iter().map(RelPath::from).collect();
        let by_dir: BTreeMap<RelPath, &RelPath> = compose.iter().map(|path| (path.parent(), path)).collect();
        let near = |path: &str| nearest(&by_dir, &RelPath::from(path)).map(ToString::to_string);
        assert_eq!(near("a/b/c/x.env").as_deref(), Some("a/b/compose.yaml"));
        assert_eq!(near("a/x.env").as_deref(), Some("compose.yaml"));
        assert_eq!(nearest(&BTreeMap::new(), &RelPath::from("a/x.env")), None);
    }

    /// Of many compose files, the directories above a file alone are asked about.
    #[test]
    fn it_takes_no_longer_among_many() {
        let compose: Vec<RelPath> = (0..1000).map(|at| RelPath::from(&*format!("s{at}/compose.yaml"))).collect();
        let by_dir: BTreeMap<RelPath, &RelPath> = compose.iter().map(|path| (path.parent(), path)).collect();
        assert!(work::steps(|| nearest(&by_dir, &RelPath::from("s7/config/app.env"))) <= 3);
    }
}
