//! Docker's own matching of `.dockerignore`, which is not git's: a pattern is anchored at the build context's root, so
//! `.env` does not cover `backend/.env`, and `!` may re-include below an excluded directory.
//!
//! Written after the behaviour of `github.com/moby/patternmatcher` as BuildKit uses it (a walk from the root, each
//! directory's matches handed down), with a matcher of its own whose time is pattern times path.

mod pattern;

use pattern::Pattern;

use crate::path::RelPath;

/// The patterns of one `.dockerignore`.
#[derive(Clone, Debug, Default)]
pub struct DockerIgnore {
    rules: Vec<Rule>,
    malformed: Vec<usize>,
}

#[derive(Clone, Debug)]
struct Rule {
    keeps: bool,
    pattern: Pattern,
}

impl DockerIgnore {
    /// Reads an ignore file. A line that Docker refuses excludes nothing here; see [`Self::malformed_lines`].
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        let mut ignore = Self::default();
        let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
        for (index, line) in text.split(|byte| *byte == b'\n').enumerate() {
            // Only in the first column: Docker looks for the mark before it trims.
            if line.starts_with(b"#") {
                continue;
            }
            let line = String::from_utf8_lossy(line);
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let (keeps, body) = match line.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, line),
            };
            // What is left of `!/` is the mark alone, which Docker refuses like a bare one.
            match Pattern::new(body).filter(|_| !keeps || !pattern::is_root(body)) {
                Some(pattern) => ignore.rules.push(Rule { keeps, pattern }),
                None => ignore.malformed.push(index + 1),
            }
        }
        ignore
    }

    /// The lines (from 1) with a pattern that Docker refuses. It then refuses the whole build.
    #[must_use]
    pub fn malformed_lines(&self) -> &[usize] {
        &self.malformed
    }

    /// Whether `path`, below the context's root, stays out of the build context.
    #[must_use]
    pub fn excludes(&self, path: &RelPath) -> bool {
        if path.is_root() {
            return false;
        }
        let text: Vec<char> = String::from_utf8_lossy(path.as_bytes()).chars().collect();
        // For every rule, whether it matches the path's first part, its first two, … and the whole path.
        let hits: Vec<Vec<bool>> = self.rules.iter().map(|rule| rule.pattern.matches_each(&text)).collect();
        let depth = text.iter().filter(|letter| **letter == '/').count() + 1;

        let mut inherited = vec![false; self.rules.len()];
        let mut excluded = false;
        for level in 0..depth {
            excluded = false;
            for ((rule, hits), inherited) in self.rules.iter().zip(&hits).zip(&mut inherited) {
                // A rule that could change nothing is not asked, and so is not handed down either.
                if !*inherited && rule.keeps == excluded {
                    *inherited = hits.get(level).copied().unwrap_or(false);
                }
                if *inherited {
                    excluded = !rule.keeps;
                }
            }
        }
        excluded
    }
}

#[cfg(test)]
mod tests;
