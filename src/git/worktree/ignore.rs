//! git's ignore rules. Our own, because libgit2 drops a `!pattern` that negates a rule of another file, and then calls
//! ignored what git would add.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::git::read;
use crate::git::wildmatch::Glob;
use crate::path::RelPath;
use crate::problem::Problem;

/// One line of a rule file.
#[derive(Debug)]
struct Rule {
    /// What a path begins with, up to the first wildcard. git cuts it off first, so that `**` behind it stands at the
    /// beginning, where it takes directories.
    literal: Vec<u8>,
    glob: Glob,
    is_negative: bool,
    for_directories: bool,
    by_name: bool,
}

/// One file of rules, and the directory that they count from.
#[derive(Debug, Default)]
pub(in crate::git) struct Rules {
    base: RelPath,
    rules: Vec<Rule>,
}

/// The text of a rule file that a sparse checkout left out: git reads it from the index then.
pub(in crate::git) type LeftOut<'a> = &'a dyn Fn(&RelPath) -> Result<Option<Vec<u8>>, Problem>;

/// Where the rules of a repository are.
pub(in crate::git) struct Places {
    pub(in crate::git) workdir: PathBuf,
    /// `info/exclude`, then the user's own file: the first that has a word on a path has the last.
    pub(in crate::git) general: Vec<PathBuf>,
    pub(in crate::git) folds_case: bool,
}

/// Whether the `.gitignore` files of a directory without a repository, an unpacked release, would hide a file below it.
///
/// # Errors
/// A rule file that cannot be read.
pub fn is_ignored_below(root: &Path, path: &RelPath) -> Result<bool, Problem> {
    Places { workdir: root.to_path_buf(), general: Vec::new(), folds_case: false }.is_ignored(path, &|_| Ok(None))
}

/// One text of such rules that another tool reads for itself: `.cursorignore` and its like, at the top of what it is
/// about.
#[derive(Debug, Default)]
pub struct IgnoreText {
    rules: Rules,
}

impl IgnoreText {
    /// Reads it. `folds_case`: letters of either case are alike.
    #[must_use]
    pub fn parse(text: &[u8], folds_case: bool) -> Self {
        Self { rules: Rules { base: RelPath::default(), rules: parse(text, folds_case) } }
    }

    /// Whether the rules hide this file, or a directory in which it is: nothing brings back a file of that, as in git.
    #[must_use]
    pub fn hides(&self, path: &RelPath) -> bool {
        ways(path).any(|(way, is_dir)| self.rules.verdict(&way, is_dir) == Some(true))
    }

    /// The same where the last rule decides that is about the file or a directory in which it is, as in Python's
    /// pathspec: `!` brings back a file of a hidden directory.
    #[must_use]
    pub fn hides_by_last(&self, path: &RelPath) -> bool {
        let is_about = |rule: &&Rule| ways(path).any(|(way, is_dir)| rule.is_about(&way, is_dir));
        self.rules.rules.iter().rev().find(is_about).is_some_and(|rule| !rule.is_negative)
    }
}

/// The directories in which a file is, the outermost first, then the file; and whether it is a directory.
fn ways(path: &RelPath) -> impl Iterator<Item = (RelPath, bool)> {
    let slashes = path.as_bytes().iter().enumerate().filter(|(_, byte)| **byte == b'/');
    let dirs = slashes.filter_map(|(at, _)| path.as_bytes().get(..at).map(|dir| (RelPath::new(dir), true)));
    dirs.chain([(path.clone(), false)])
}

/// The rules that count in one directory of a work tree.
#[derive(Clone, Debug)]
pub struct RulesHere {
    general: Arc<Vec<Rules>>,
    /// The rules of this directory and of those above it, the nearest last: it has a word before the others, and the
    /// general ones have the last.
    near: Vec<Arc<Rules>>,
}

impl RulesHere {
    /// Whether they hide an untracked file of the directory.
    #[must_use]
    pub fn hide(&self, file: &RelPath) -> bool {
        self.verdict(file, false)
    }

    fn verdict(&self, path: &RelPath, is_dir: bool) -> bool {
        let near = self.near.iter().rev().map(Arc::as_ref);
        near.chain(self.general.iter()).find_map(|rules| rules.verdict(path, is_dir)).unwrap_or(false)
    }
}

impl Places {
    /// Whether the rules hide an untracked file.
    pub(in crate::git) fn is_ignored(&self, path: &RelPath, left_out: LeftOut<'_>) -> Result<bool, Problem> {
        Ok(self.rules_in(&path.parent(), left_out)?.is_none_or(|rules| rules.hide(path)))
    }

    /// The rules of a directory; `None` if git ignores it, or one above it: nothing brings back what is in it.
    pub(in crate::git) fn rules_in(&self, dir: &RelPath, left_out: LeftOut<'_>) -> Result<Option<RulesHere>, Problem> {
        let mut general = Vec::new();
        for file in &self.general {
            general.extend(self.load(file, RelPath::default())?);
        }
        let top = self.load_in(&RelPath::default(), left_out)?.map(Arc::new);
        let mut here = RulesHere { general: Arc::new(general), near: top.into_iter().collect() };
        for (way, _) in ways(dir).filter(|_| !dir.is_root()) {
            match self.rules_below(&here, &way, left_out)? {
                Some(below) => here = below,
                None => return Ok(None),
            }
        }
        Ok(Some(here))
    }

    /// The rules of a directory, from those of the one in which it is; `None` if git ignores it.
    pub(in crate::git) fn rules_below(
        &self,
        above: &RulesHere,
        dir: &RelPath,
        left_out: LeftOut<'_>,
    ) -> Result<Option<RulesHere>, Problem> {
        if above.verdict(dir, true) {
            return Ok(None);
        }
        let mut here = above.clone();
        here.near.extend(self.load_in(dir, left_out)?.map(Arc::new));
        Ok(Some(here))
    }

    /// A directory's own rules. git does not follow a link there.
    fn load_in(&self, dir: &RelPath, left_out: LeftOut<'_>) -> Result<Option<Rules>, Problem> {
        let path = dir.join(b".gitignore");
        let file = path.under(&self.workdir);
        match file.symlink_metadata() {
            Ok(found) if !found.is_file() => Ok(None),
            Ok(_) => self.load(&file, dir.clone()),
            Err(_) => match left_out(&path)? {
                Some(text) => Ok(Some(Rules::of(&text, dir.clone(), self.folds_case))),
                // Also says what else is wrong with it.
                None => self.load(&file, dir.clone()),
            },
        }
    }

    fn shown(&self, file: &Path) -> RelPath {
        let whole = || RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(file.as_os_str()));
        RelPath::below(&self.workdir, file).unwrap_or_else(whole)
    }

    fn load(&self, file: &Path, base: RelPath) -> Result<Option<Rules>, Problem> {
        let text =
            read::if_there(file, read::LIST).map_err(|error| read::problem(self.shown(file), &error, read::LIST))?;
        Ok(text.map(|text| Rules::of(&text, base, self.folds_case)))
    }
}

impl Rules {
    /// Those of a text, for the directory `base`.
    pub(in crate::git) fn of(text: &[u8], base: RelPath, folds_case: bool) -> Self {
        Self { base, rules: parse(text, folds_case) }
    }

    /// What the last rule that matches says; `None` where none does.
    pub(in crate::git) fn verdict(&self, path: &RelPath, is_dir: bool) -> Option<bool> {
        let below = path.strip_dir(&self.base)?;
        let matching = self.rules.iter().rev().find(|rule| rule.is_about(&below, is_dir));
        matching.map(|rule| !rule.is_negative)
    }
}

impl Rule {
    fn is_about(&self, below: &RelPath, is_dir: bool) -> bool {
        let text = if self.by_name { below.file_name() } else { below.as_bytes() };
        (is_dir || !self.for_directories) && self.matches(text)
    }

    fn matches(&self, text: &[u8]) -> bool {
        let (start, rest) = text.split_at_checked(self.literal.len()).unwrap_or_default();
        let begins =
            if self.glob.folds_case() { start.eq_ignore_ascii_case(&self.literal) } else { start == self.literal };
        begins && text.len() >= self.literal.len() && self.glob.matches(rest)
    }
}

fn parse(text: &[u8], folds_case: bool) -> Vec<Rule> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let lines = text.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    // For git a line is a string of C.
    let lines = lines.map(|line| memchr::memchr(0, line).and_then(|end| line.get(..end)).unwrap_or(line));
    lines.filter(|line| !line.starts_with(b"#")).filter_map(|line| rule(without_spaces(line), folds_case)).collect()
}

fn rule(line: &[u8], folds_case: bool) -> Option<Rule> {
    let (is_negative, line) = line.strip_prefix(b"!").map_or((false, line), |rest| (true, rest));
    let (for_directories, line) = line.strip_suffix(b"/").map_or((false, line), |rest| (true, rest));
    let by_name = !line.contains(&b'/');
    let pattern = line.strip_prefix(b"/").unwrap_or(line);
    let is_plain = |byte: &&u8| !matches!(byte, b'*' | b'?' | b'[' | b'\\');
    let (literal, wild) = pattern.split_at_checked(pattern.iter().take_while(is_plain).count())?;
    let (literal, glob) = (literal.to_vec(), Glob::new(wild, !by_name, folds_case));
    (!pattern.is_empty()).then_some(Rule { literal, glob, is_negative, for_directories, by_name })
}

/// Blanks at the end do not count, unless a backslash stands before them.
fn without_spaces(line: &[u8]) -> &[u8] {
    let (mut end, mut is_escaped) = (0, false);
    for (position, byte) in line.iter().enumerate() {
        if is_escaped || !matches!(byte, b' ' | b'\\') {
            end = position + 1;
        }
        is_escaped = !is_escaped && *byte == b'\\';
    }
    // A backslash at the very end stays (and matches nothing).
    if is_escaped { line } else { line.get(..end).unwrap_or_default() }
}
