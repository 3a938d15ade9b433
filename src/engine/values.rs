//! Values in use that stand in another place: in the history, the index, the tracked files.

use std::collections::HashSet;

use super::run::Run;
use crate::check::Kind;
use crate::checks::Artifact;
use crate::engine::mount::Mount;
use crate::engine::reported::Reported;
use crate::env::names::Role;
use crate::files::Root;
use crate::finding::Finding;
use crate::git::{Care, Change, History, Index, Oid};
use crate::leak::{BLOB_LIMIT, Found, Holder, Mapping};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::project::Reading;

impl Run<'_> {
    /// What was found in the history, but for what is `told` and for contents that are in the index.
    pub(crate) fn elsewhere(&mut self, mount: &Mount<'_>, history: &History, told: &Reported) {
        let staged: HashSet<Oid> = self.outcome.findings.iter().filter_map(|finding| finding.origin.object()).collect();
        let is_told = |path: &RelPath, blob: Option<Oid>, tag| {
            blob.is_some_and(|blob| staged.contains(&blob)) || told.0.contains(&(path.clone(), blob, tag))
        };
        let path = |path: &RelPath| mount.path(path);
        let located = Mapping { dir: mount.dir.clone(), path: &path, is_told: &is_told };
        let found = Found::in_history(self.values(), &history.values, &located);
        self.judge_values(&found, false);
        self.outcome.kinds.push(Kind::Value);
    }

    /// What the next commit would bring, and what a tracked file has that git has not.
    pub(crate) fn elsewhere_now(&mut self, mount: &Mount<'_>) {
        if self.values().is_empty() {
            return;
        }
        let index = match mount.repository.read_index(None, Care::Whole) {
            Ok(index) => index,
            Err(problem) => return self.outcome.problems.push(mount.problem(problem)),
        };
        let mut problems = Vec::new();
        let mut found = self.staged_values(mount, &index, &mut problems).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        match self.tracked_values(mount, &index, &mut problems) {
            Ok(mut tracked) => found.append(&mut tracked),
            Err(problem) => problems.push(problem),
        }
        self.outcome.problems.extend(problems.into_iter().map(|problem| mount.problem(problem)));
        self.judge_values(&found, false);
    }

    fn staged_values(
        &self,
        mount: &Mount<'_>,
        index: &Index,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Found>, Problem> {
        let mut found = Vec::new();
        for mut entry in mount.repository.changes(index, &[], &|_| false)? {
            let Some(path) = self.public_path(mount, &entry.path) else { continue };
            if entry.change == Change::Unchanged {
                continue;
            }
            entry.path = path;
            match Found::in_entry(self.values(), mount.repository, &entry, &Holder::Index) {
                // What HEAD has, too, is a matter of the history.
                Ok(new) => found.extend(new.into_iter().filter(|found| !found.is_as_before())),
                Err(problem) => problems.push(problem),
            }
        }
        Ok(found)
    }

    fn tracked_values(
        &self,
        mount: &Mount<'_>,
        index: &Index,
        problems: &mut Vec<Problem>,
    ) -> Result<Vec<Found>, Problem> {
        let Some(top) = mount.repository.workdir() else { return Ok(Vec::new()) };
        let root = Root::open(top).map_err(|error| Problem::io(RelPath::default(), &error))?;
        let mut found = Vec::new();
        for path in mount.repository.touched(index)? {
            let Some(shown) = self.public_path(mount, &path) else { continue };
            let staged = || index.blob_at(&path)?.map(|blob| mount.repository.blob(blob, BLOB_LIMIT)).transpose();
            match Found::in_file(self.values(), &root, (&path, &shown), &staged) {
                Ok(mut new) => found.append(&mut new),
                Err(problem) => problems.push(problem),
            }
        }
        Ok(found)
    }

    /// A path as the project sees it, where it is no env file's: that one is reported by itself.
    pub(super) fn public_path(&self, mount: &Mount<'_>, path: &RelPath) -> Option<RelPath> {
        let shown = mount.path(path)?;
        // Of a doubtful name the content in the work tree has decided.
        let is_read = |role: Role| self.project.files.iter().any(|file| file.role == role && file.path == shown);
        let is_own = |one: Reading<'_>| {
            !matches!(one.role, Role::Template | Role::Encrypted | Role::Archive)
                && (!one.is_doubtful || is_read(one.role))
        };
        let is_its_own = mount.reading(path, self.config, self.project).is_some_and(is_own);
        (!is_its_own).then_some(shown)
    }

    /// Judges what was found.
    pub(crate) fn judge_values(&mut self, found: &[Found], staged_only: bool) {
        let mut findings: Vec<Finding> = Vec::new();
        found.iter().for_each(|found| self.judge(&Artifact::Value(found), staged_only, &mut findings));
        self.outcome.findings.append(&mut findings);
    }
}
