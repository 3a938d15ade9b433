//! Which of some old values a file of the project still has: one that git tracks, or one that is deployed.

use std::collections::BTreeSet;

use super::live::is_told_from_chance;
use crate::files::Root;
use crate::leak::value_elsewhere::BLOB_LIMIT;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::Project;
use crate::secret::search::Needles;
use crate::secret::{GroupKey, Secret, Tag};

/// Values that stand somewhere, by their tags.
#[derive(Default)]
pub struct Written(BTreeSet<Tag>);

impl Written {
    /// Looks for `values` in the files of a work tree: its `tracked` ones, below `top`, and the compose files and
    /// Dockerfiles of the project. What is in text by chance is not looked for. What cannot be read is a problem.
    pub fn find(
        values: &[&Secret],
        project: &Project,
        (top, tracked): (&Root, &[RelPath]),
        group: &GroupKey,
        problems: &mut Vec<Problem>,
    ) -> Self {
        let values: Vec<&Secret> = values.iter().copied().filter(|value| is_told_from_chance(value)).collect();
        let needles = Needles::new(values.iter().copied());
        let mut found = Self::default();
        if needles.is_empty() {
            return found;
        }
        let mut look = |root: &Root, path: &RelPath| match root.read_secret(path, BLOB_LIMIT) {
            Ok(Some(text)) => found.add(&needles, &text, &values, group),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        };
        tracked.iter().for_each(|path| look(top, path));
        if let Ok(root) = Root::open(&project.root) {
            let compose = project.stacks.iter().flat_map(|stack| &stack.sources).map(|source| &source.path);
            compose.chain(&project.dockerfiles).for_each(|path| look(&root, path));
        }
        found
    }

    /// Whether a value does.
    #[must_use]
    pub fn has(&self, value: &Secret, group: &GroupKey) -> bool {
        self.0.contains(&group.tag(value))
    }

    #[expect(clippy::disallowed_methods, reason = "the text is searched for the values")]
    fn add(&mut self, needles: &Needles, text: &Secret, values: &[&Secret], group: &GroupKey) {
        let spots = needles.spots(text.expose()).all;
        self.0.extend(spots.iter().filter_map(|spot| Some(group.tag(values.get(spot.value)?))));
    }
}
