//! How the new history comes into the clone at hand, once the remote has it. No step touches an env file of the work tree.

use std::collections::BTreeSet;

use super::home::{Home, homes};
use super::{Step, is_in_commits, refs};
use crate::finding::{Fact, Finding, Severity};
use crate::git::{Branch, CheckedOut, Oid, Own};
use crate::path::RelPath;
use crate::policy::Report;
use crate::report::wording::count;
use crate::secret::mask::Mask;
use crate::shell::for_shell;

/// What a repository at hand keeps of the old history.
#[derive(Debug, Default)]
pub struct Here {
    /// The submodule's place; the root for the project's own.
    pub dir: RelPath,
    /// The local branches that have something of what was found.
    pub branches: Vec<Branch>,
    /// Whether there is a stash.
    pub has_stash: bool,
    /// Whether HEAD is on no branch.
    pub is_detached: bool,
    /// The files that were found and that git tracks now, as this repository has them.
    pub tracked: BTreeSet<RelPath>,
    /// The commits that were found and that a remote has or had.
    pub published: BTreeSet<Oid>,
}

/// What is to be known of one repository at hand.
#[derive(Debug)]
pub struct Wanted {
    /// The submodule's place; the root for the project's own.
    pub dir: RelPath,
    /// The full names of the local branches that have something of what was found.
    pub heads: BTreeSet<Vec<u8>>,
    /// The commits that were found.
    pub commits: BTreeSet<Oid>,
    /// The files that were found, as the repository has them.
    pub paths: BTreeSet<RelPath>,
}

/// What is to be known of each repository in which a history is rewritten.
#[must_use]
pub fn wanted(report: &Report, modules: &[RelPath]) -> Vec<Wanted> {
    let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    let of = |home: &Home<'_>| {
        let found = || home.found.iter().filter(|finding| is_in_commits(finding));
        let heads = found().flat_map(|finding| refs(finding)).filter(|name| name.0.starts_with(b"refs/heads/"));
        Wanted {
            dir: home.dir.clone(),
            heads: heads.map(|name| name.0.clone()).collect(),
            commits: found().filter_map(|finding| first_commit(finding)).collect(),
            paths: found().map(|finding| home.inner(finding.origin.path())).collect(),
        }
    };
    homes(&found, modules).iter().map(of).collect()
}

/// The first commit that has what was found.
fn first_commit(finding: &Finding) -> Option<Oid> {
    match finding.get("added").or_else(|| finding.get("commit")) {
        Some(Fact::Commit(commit)) => Some(commit.id),
        _ => None,
    }
}

impl Here {
    /// Without the branches whose names contain a value.
    #[must_use]
    pub fn masked(mut self, mask: &Mask) -> Self {
        let is_plain = |name: &[u8]| matches!(mask.apply(name), std::borrow::Cow::Borrowed(_));
        self.branches.retain(|branch| is_plain(&branch.name) && branch.upstream.as_deref().is_none_or(is_plain));
        self
    }

    /// Whether a remote had what was found and has it no more, as of the last fetch: its history was rewritten.
    pub(super) fn is_rewritten(&self, home: &Home<'_>) -> bool {
        let mut commits = home.found.iter().filter(|one| is_in_commits(one)).map(|one| first_commit(one)).peekable();
        let is_published = |commit: Option<Oid>| commit.is_some_and(|commit| self.published.contains(&commit));
        !home.is_fetched() && commits.peek().is_some() && commits.all(is_published)
    }

    /// Whether the new history has to come here: a remote has, or had, the old one.
    pub(super) fn is_cleaned(&self, home: &Home<'_>) -> bool {
        home.is_fetched() || self.is_rewritten(home)
    }

    /// What git tracks would be deleted here with the commits that contain it.
    pub(super) fn untrack(&self, home: &Home<'_>) -> Option<Step> {
        let paths = self.paths(home);
        if paths.is_empty() {
            return None;
        }
        let what = "Untrack these files before you rewrite the history: git would delete them from the work tree together \
                    with the old commits. They stay on disk.";
        let git = home.git();
        let mut commands = vec![
            format!("{git} rm --cached -f{paths}"),
            "envward check --fix".into(),
            format!("{git} add .gitignore"),
            format!("{git} commit -m 'untrack env files'"),
        ];
        commands.extend(home.is_fetched().then(|| format!("{git} push")));
        Some(Step { what: home.says(what), commands, ..Step::default() })
    }

    /// The tracked files, as arguments.
    fn paths(&self, home: &Home<'_>) -> String {
        let found = home.found.iter().filter(|one| is_in_commits(one)).map(|one| home.inner(one.origin.path()));
        let paths: BTreeSet<RelPath> = found.filter(|path| self.tracked.contains(path)).collect();
        paths.iter().map(|path| format!(" {}", for_shell(path))).collect()
    }

    /// The steps in the clone at hand.
    pub(super) fn steps(&self, home: &Home<'_>) -> Vec<Step> {
        let stash = self.has_stash.then(|| stashes(home));
        [self.fetch(home), self.branches(home)].into_iter().chain(stash).chain([delete(home)]).collect()
    }

    fn fetch(&self, home: &Home<'_>) -> Step {
        let what = match self.is_rewritten(home) {
            true => {
                "The remote has the new history already, and only this clone still contains the old one. Fetch the new \
                 history here. The work tree stays as it is."
            }
            false => "Fetch the new history into this clone. The work tree stays as it is.",
        };
        let git = home.git();
        let mut step = Step { what: home.says(what), ..Step::default() };
        step.commands.push(format!("{git} fetch --prune --tags --force"));
        let tagged = home.found.iter().filter(|one| refs(one).any(|name| name.0.starts_with(b"refs/tags/")));
        let commits: BTreeSet<Oid> = tagged.filter_map(|one| first_commit(one)).collect();
        if !commits.is_empty() {
            // The fetch moved those that the remote has.
            step.about
                .push("The second command deletes the tags with the old history that the remote does not have.".into());
            let contains: String = commits.iter().map(|commit| format!(" --contains {}", commit.short())).collect();
            step.commands.push(format!("{git} tag -d $({git} tag{contains})"));
        }
        step
    }

    fn branches(&self, home: &Home<'_>) -> Step {
        let what = "Move the local branches to the new history. The env files in the work tree stay as they are.";
        let mut step = Step { what: home.says(what), ..Step::default() };
        let (git, paths) = (home.git(), self.paths(home));
        if self.is_rewritten(home) && !paths.is_empty() {
            step.commands.extend([format!("{git} rm --cached -f{paths}"), "envward check --fix".to_owned()]);
        }
        // The current one first: what it tracked is out of reach then.
        let mut branches: Vec<&Branch> = self.branches.iter().collect();
        branches.sort_by_key(|branch| branch.place != CheckedOut::Here);
        branches.iter().for_each(|branch| move_branch(branch, &git, &mut step));
        if self.is_detached {
            step.about.push("HEAD is on no branch: after this step, switch to one with git switch NAME".into());
        }
        step
    }
}

fn move_branch(branch: &Branch, git: &str, step: &mut Step) {
    let name = RelPath::new(branch.name.as_slice());
    let word = for_shell(&name);
    let upstream = branch.upstream.as_ref().map(|upstream| for_shell(&RelPath::new(upstream.as_slice())));
    match (branch.own, upstream) {
        (Own::Nothing, Some(upstream)) => step.commands.push(moving(branch, git, &upstream)),
        (Own::Nothing, None) => {
            step.about.push(format!(
                "{name} has no commit of its own, and the remote has no branch at its place: delete it, and create it \
                 again where you need it."
            ));
            step.commands.push(match branch.place {
                CheckedOut::Nowhere => format!("{git} branch -D {word}"),
                _ => format!("{git} switch --detach && {git} branch -D {word}"),
            });
        }
        (Own::Since(base, number), Some(upstream)) => {
            let commits = count(number as u64, "commit", "commits");
            step.about.push(format!(
                "{name} has {commits} of its own: the commands copy the work onto {upstream} in a temporary work tree. \
                 If git reports a conflict, solve it there and go on with git rebase --continue."
            ));
            let base: String = base.to_string().chars().take(12).collect();
            step.commands.extend([
                "dir=$(mktemp -d)".to_owned(),
                format!("{git} worktree add --detach \"$dir\" {upstream}"),
                format!("git -C \"$dir\" rebase --onto {upstream} {base} {word}~0"),
                moving(branch, git, "\"$(git -C \"$dir\" rev-parse HEAD)\""),
                format!("{git} worktree remove --force \"$dir\""),
            ]);
        }
        (Own::All, _) | (Own::Since(..), None) => step.about.push(format!(
            "{name} has commits of its own, and no branch of the remote belongs to it: copy what you need onto the new \
             history, and delete the branch."
        )),
    }
}

/// Moves a branch. `--keep` refuses to overwrite what is not committed, and leaves alone what git does not track.
fn moving(branch: &Branch, git: &str, to: &str) -> String {
    let name = for_shell(&RelPath::new(branch.name.as_slice()));
    match &branch.place {
        CheckedOut::Here => format!("{git} reset --keep {to}"),
        CheckedOut::Linked(dir) => {
            let dir = for_shell(&RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(dir.as_os_str())));
            format!("git -C {dir} reset --keep {to}")
        }
        CheckedOut::Nowhere => format!("{git} branch -f {name} {to}"),
    }
}

fn stashes(home: &Home<'_>) -> Step {
    let what = "Stashes contain the old history too. Apply those that you need, then delete all of them. The commands do \
                not touch the env files.";
    let git = home.git();
    let env_files = home.found.iter().filter(|one| is_in_commits(one)).map(|one| home.inner(one.origin.path()));
    let env_files: BTreeSet<RelPath> = env_files.filter(|path| !Mask::is_in(path)).collect();
    let left_out: String = env_files.iter().map(|path| format!(" --exclude={}", super::argument(path))).collect();
    let commands = vec![
        format!("{git} stash list"),
        format!("{git} stash show --include-untracked --patch 'stash@{{N}}' | {git} apply --3way{left_out}"),
        format!("{git} stash clear"),
    ];
    let about = vec!["replace N with the number of a stash that you need".to_owned()];
    Step { what: home.says(what), about, commands, ..Step::default() }
}

/// `git reflog expire --all` would take every stash; what is configured spares them.
fn delete(home: &Home<'_>) -> Step {
    let what = "Delete the old history from this clone, and check the result. This also deletes all other unreachable \
                commits.";
    let git = home.git();
    let commands = vec![format!("{git} -c gc.reflogExpireUnreachable=now gc --prune=now"), "envward scan".to_owned()];
    Step { what: home.says(what), commands, ..Step::default() }
}
