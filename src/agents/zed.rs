//! Zed's `private_files` and `file_scan_exclusions`: globs, matched against a path and every directory above it
//! (crates/worktree/src/worktree_settings.rs).

use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use serde::Deserialize;

use super::jsonc;
use crate::path::RelPath;

#[derive(Deserialize, Default)]
struct Settings {
    #[serde(default)]
    private_files: Vec<String>,
    #[serde(default)]
    file_scan_exclusions: Vec<String>,
}

/// The globs of a project's settings.
#[derive(Debug)]
pub(super) struct Globs(GlobSet);

impl Globs {
    pub(super) fn read(texts: &[Vec<u8>]) -> Self {
        let mut globs = GlobSetBuilder::new();
        for text in texts {
            let settings: Settings = serde_json::from_slice(&jsonc::strict(text)).unwrap_or_default();
            let patterns = settings.private_files.iter().chain(&settings.file_scan_exclusions);
            patterns.filter_map(|pattern| GlobBuilder::new(pattern).build().ok()).for_each(|glob| {
                globs.add(glob);
            });
        }
        Self(globs.build().unwrap_or_default())
    }

    pub(super) fn take(&self, path: &RelPath) -> bool {
        let mut ways = std::iter::successors(Some(path.clone()), |path| (!path.is_root()).then(|| path.parent()));
        ways.any(|path| !path.is_root() && self.0.is_match(path.under(std::path::Path::new(""))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_take_a_path_or_a_directory_above_it() {
        let text =
            b"{ // Zed\n \"private_files\": [\"**/prod.conf\", \"[\"], \"file_scan_exclusions\": [\"**/secrets\"], }";
        let globs = Globs::read(&[text.to_vec()]);
        for (path, expected) in [("prod.conf", true), ("a/prod.conf", true), ("secrets/x", true), ("a/x", false)] {
            assert_eq!(globs.take(&RelPath::from(path)), expected, "{path}");
        }
        assert!(!Globs::read(&[b"no json".to_vec()]).take(&RelPath::from("a")));
    }
}
