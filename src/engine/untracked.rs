//! Values in use in files that git neither tracks nor ignores: `git add .` would stage them.

use std::collections::HashSet;

use rustix::fs::FileType;

use super::mount::Mount;
use super::run::Run;
use crate::files::Root;
use crate::git::RulesHere;
use crate::leak::Found;
use crate::path::RelPath;
use crate::problem::Problem;

/// Larger files are nothing that somebody types. `envward trace` searches them.
const LARGEST: u64 = 1 << 20;
/// So many untracked files are read; more are data, and would slow `check` down.
const MOST: usize = 20_000;

impl Run<'_> {
    /// Searches the untracked files of a repository, in the directories that the walk of the project enters and that git
    /// does not ignore.
    pub(crate) fn untracked(&mut self, mount: &Mount<'_>) {
        if self.values().is_empty() {
            return;
        }
        // What cannot be read of these was told before.
        let (Some(top), Ok(index)) = (mount.repository.workdir(), mount.repository.index(None)) else { return };
        let Ok(root) = Root::open(top) else { return };
        let tracked: HashSet<RelPath> = index.into_iter().map(|entry| entry.path).collect();
        let Some(rules) = self.rules(mount, mount.repository.ignore_rules(&mount.prefix)) else { return };
        let (mut found, mut left, mut dirs) = (Vec::new(), MOST, vec![(mount.prefix.clone(), rules)]);
        while let Some((dir, rules)) = dirs.pop().filter(|_| left > 0) {
            for (path, is_dir) in self.entries_of(&root, &dir, dir == mount.prefix) {
                if is_dir {
                    let below = self.rules(mount, mount.repository.ignore_rules_below(&rules, &path));
                    dirs.extend(below.map(|below| (path, below)));
                    continue;
                }
                let is_new = !tracked.contains(&path) && !rules.hide(&path);
                let Some(shown) = self.public_path(mount, &path).filter(|_| is_new) else { continue };
                if left == 0 {
                    break;
                }
                left -= 1;
                found.extend(Found::in_untracked(self.values(), &root, (&path, &shown), LARGEST));
            }
        }
        self.judge_values(&found, false);
    }

    /// The rules of a directory that is entered. Rules that cannot be read are a problem: what they hide is not known.
    fn rules(&mut self, mount: &Mount<'_>, rules: Result<Option<RulesHere>, Problem>) -> Option<RulesHere> {
        match rules {
            Ok(rules) => rules,
            Err(problem) => {
                let problem = mount.problem(problem);
                // An env file there has asked for the same rules.
                if !self.outcome.problems.contains(&problem) {
                    self.outcome.problems.push(problem);
                }
                None
            }
        }
    }

    /// The files of a directory and the directories that are entered, sorted.
    fn entries_of(&self, root: &Root, dir: &RelPath, is_top: bool) -> Vec<(RelPath, bool)> {
        let Ok(entries) = root.open_directory(dir).and_then(rustix::fs::Dir::read_from) else { return Vec::new() };
        let mut all: Vec<(RelPath, bool)> = Vec::new();
        for entry in entries.flatten() {
            let name = entry.file_name().to_bytes();
            match entry.file_type() {
                // A repository in the work tree has its own index.
                _ if name == b".git" && !is_top => return Vec::new(),
                FileType::RegularFile => all.push((dir.join(name), false)),
                FileType::Directory if !self.is_pruned(name) => all.push((dir.join(name), true)),
                _ => {}
            }
        }
        all.sort_unstable();
        all
    }

    fn is_pruned(&self, name: &[u8]) -> bool {
        matches!(name, b"." | b".." | b".git") || self.config.files.prune.iter().any(|one| name == one.as_bytes())
    }
}
