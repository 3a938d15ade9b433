//! What to type so that a push passes: commands that take a secret out of the commits that are pushed, wherever these are
//! checked out, and that leave the env files at hand as they are.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::push::Update;
use crate::checks::git::{env_file_staged, live_value_elsewhere};
use crate::files::Root;
use crate::finding::{Fact, Finding, Origin};
use crate::git::{Oid, Repository};
use crate::path::RelPath;
use crate::problem::Problem;
use crate::report::wording::pathspec;
use crate::secret::Secret;
use crate::shell::for_shell;

/// The command that shows all that a push would bring: that of its commits alone, where they have one beginning.
pub(super) fn all(repository: &Repository, updates: &[Update], commits: &[Oid]) -> String {
    let range = || {
        let mut made = updates.iter().filter(|update| !update.new.is_zero());
        let (update, None) = (made.next()?, made.next()) else { return None };
        let new: HashSet<Oid> = commits.iter().copied().collect();
        let mut beginnings = HashSet::new();
        for commit in commits {
            beginnings.extend(repository.parents(*commit).ok()?.into_iter().filter(|parent| !new.contains(parent)));
        }
        let mut beginnings = beginnings.into_iter();
        let (beginning, None) = (beginnings.next()?, beginnings.next()) else { return None };
        let branch = update.local.strip_prefix(b"refs/heads/").map(<[u8]>::to_vec);
        let end = branch.unwrap_or_else(|| update.new.short().into_bytes());
        Some(for_shell(&RelPath::new([beginning.short().as_bytes(), b"..", &end].concat())))
    };
    range().map_or_else(|| "envward scan --all".to_owned(), |range| format!("envward scan --range {range} --all"))
}

/// What is pushed.
pub(super) struct Pushed<'a> {
    pub(super) repository: &'a Repository,
    pub(super) updates: &'a [Update],
    /// What the other side has.
    pub(super) known: &'a [Oid],
    /// The other side, as the push names it; nothing on a server, which knows no work tree of the person who pushes.
    pub(super) remote: Option<&'a str>,
}

/// Where the commands are typed.
struct Place {
    /// Commands that lead there.
    before: Vec<String>,
    /// Commands that finish it.
    after: Vec<String>,
    /// The newest commit there.
    tip: Oid,
    /// A work tree with env files that must stay.
    root: Option<PathBuf>,
    /// Whether it is a work tree of its own, made for this alone.
    is_fresh: bool,
}

/// How a commit is changed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    /// It is the newest.
    Amend,
    /// The commits after it stay; whether a merge is among them.
    Rebase { has_merges: bool, is_merge: bool },
    /// The commits after it touch the same file, or would touch an env file at hand: all become one.
    Squash,
}

/// What is wrong with one commit.
struct Fault {
    commit: Oid,
    /// Env files that must not be in it.
    env_files: Vec<RelPath>,
    /// Files with a secret.
    others: Vec<RelPath>,
    /// Whether its message is the fault, and nothing else.
    is_message: bool,
}

impl Pushed<'_> {
    /// The steps for the first commit that some findings are about; `None` where it is none, or is not known well enough.
    pub(super) fn steps(&self, stops: &[&Finding]) -> Option<Vec<String>> {
        let fault = Fault::first(stops)?;
        let steps = || -> Result<Option<Vec<String>>, Problem> {
            let Some(mut place) = self.place(fault.commit)? else { return Ok(None) };
            let mut way = self.way(&fault, &place)?;
            if way == Way::Squash && !place.is_fresh && !self.is_at_tip(&place)? {
                // The name that is pushed counts commits.
                let Some(fresh) = self.fresh(fault.commit)? else { return Ok(None) };
                place = fresh;
                way = self.way(&fault, &place)?;
            }
            let root = self.repository.parents(fault.commit)?.is_empty();
            let mut lines = place.before.clone();
            lines.extend(commands(&fault, way, root, place.is_fresh, &self.kept(&fault, &place)?));
            lines.extend(place.after);
            Ok(Some(lines))
        };
        steps().ok().flatten()
    }

    /// The pushed ref whose new commits contain one, rather that of the branch that is checked out.
    fn update(&self, commit: Oid) -> Result<Option<(&Update, Oid)>, Problem> {
        let here = self.repository.head_branch()?;
        let mut found = None;
        for update in self.updates {
            let Some(tip) = self.repository.commit_behind(update.new) else { continue };
            if !self.repository.outgoing(&[tip], self.known)?.commits.contains(&commit) {
                continue;
            }
            if here.as_deref() == Some(update.local.as_slice()) {
                return Ok(Some((update, tip)));
            }
            found = found.or(Some((update, tip)));
        }
        Ok(found)
    }

    fn place(&self, commit: Oid) -> Result<Option<Place>, Problem> {
        let Some((update, tip)) = self.update(commit)? else { return Ok(None) };
        let here = |tip: Oid, root: Option<&Path>| Place {
            before: Vec::new(),
            after: Vec::new(),
            tip,
            root: root.map(Path::to_path_buf),
            is_fresh: false,
        };
        if self.remote.is_none() {
            return Ok(Some(here(tip, None)));
        }
        let top = self.repository.workdir();
        if update.local.starts_with(b"refs/heads/") {
            if top.is_some() && self.repository.head_branch()?.as_deref() == Some(update.local.as_slice()) {
                return Ok(Some(here(tip, top)));
            }
            if let Some(elsewhere) = self.repository.checked_out_at(&update.local) {
                let before = vec![format!("cd {}", word(&elsewhere))];
                return Ok(Some(Place { before, ..here(tip, Some(&elsewhere)) }));
            }
            return self.fresh(commit);
        }
        let is_of_head =
            update.local.is_empty() || [&b"HEAD"[..], b"@"].iter().any(|head| update.local.starts_with(head));
        match self.repository.head()?.filter(|_| top.is_some() && is_of_head) {
            Some(head) if self.repository.outgoing(&[tip], &[head])?.commits.is_empty() => Ok(Some(here(head, top))),
            _ => self.fresh(commit),
        }
    }

    /// A work tree of its own, beside the one at hand.
    fn fresh(&self, commit: Oid) -> Result<Option<Place>, Problem> {
        let Some((update, tip)) = self.update(commit)? else { return Ok(None) };
        let Some(dir) = self.unused_dir() else { return Ok(None) };
        let dir = word(&dir);
        let branch = update.local.strip_prefix(b"refs/heads/").map(name);
        let tag = update.local.strip_prefix(b"refs/tags/").map(name);
        let what = match (&branch, &tag) {
            (Some(branch), _) => branch.clone(),
            (None, Some(tag)) => format!("--detach {tag}"),
            (None, None) => format!("--detach {}", tip.short()),
        };
        // `add` takes the branch before the directory for a new one.
        let add = match what.strip_prefix("--detach ") {
            Some(what) => format!("git worktree add --detach {dir} {what}"),
            None => format!("git worktree add {dir} {what}"),
        };
        let mut after = Vec::new();
        match (&branch, &tag) {
            (Some(_), _) => {}
            (None, Some(tag)) if update.new == tip => after.push(format!("git tag -f {tag}")),
            (None, Some(tag)) => after.push(format!("git tag -f -a {tag}")),
            (None, None) => {
                let remote = self.remote.map(|remote| for_shell(&RelPath::from(remote))).unwrap_or_default();
                let to = for_shell(&update.name);
                after.push(format!("push this instead: git push {remote} HEAD:{to}"));
            }
        }
        after.push(format!("after the push: cd - && git worktree remove {dir}"));
        let before = vec![format!("{add} && cd {dir}")];
        Ok(Some(Place { before, after, tip, root: None, is_fresh: true }))
    }

    /// Beside the work tree, a name that nothing has.
    fn unused_dir(&self) -> Option<PathBuf> {
        let at = self.repository.workdir().unwrap_or(self.repository.common_dir());
        let (above, name) = (at.parent()?, at.file_name()?.to_str()?.trim_end_matches(".git"));
        let mut names =
            std::iter::once(format!("{name}-fix")).chain((2..100).map(|number| format!("{name}-fix-{number}")));
        names.find_map(|name| Some(above.join(name)).filter(|dir| dir.symlink_metadata().is_err()))
    }

    /// Whether the push names the newest commit of the place.
    fn is_at_tip(&self, place: &Place) -> Result<bool, Problem> {
        let head = self.repository.head()?;
        let is_branch = |update: &Update| update.local.starts_with(b"refs/heads/");
        let pushed = |update: &Update| self.repository.commit_behind(update.new) == Some(place.tip);
        Ok(self.remote.is_none()
            || head != Some(place.tip)
            || self.updates.iter().any(|one| is_branch(one) || pushed(one)))
    }

    fn way(&self, fault: &Fault, place: &Place) -> Result<Way, Problem> {
        let commit = fault.commit;
        if commit == place.tip {
            return Ok(Way::Amend);
        }
        let later = self.repository.outgoing(&[place.tip], &[commit])?.commits;
        let is_merge = self.repository.parents(commit)?.len() > 1;
        let mut has_merges = is_merge;
        let mut descendants = HashSet::from([commit]);
        // A merge is made again, and its own changes are lost.
        let mut is_touched = is_merge && !fault.is_message;
        for id in later {
            let parents = self.repository.parents(id)?;
            has_merges |= parents.len() > 1;
            if parents.iter().any(|parent| descendants.contains(parent)) {
                descendants.insert(id);
                is_touched |= self.differs(fault, commit, id)?;
            }
        }
        Ok(match is_touched || self.is_at_risk(fault, place)? {
            true => Way::Squash,
            false => Way::Rebase { has_merges, is_merge },
        })
    }

    /// Whether two commits have different contents at one of the paths.
    fn differs(&self, fault: &Fault, one: Oid, other: Oid) -> Result<bool, Problem> {
        for path in fault.paths() {
            if self.repository.at_commit(one, path)? != self.repository.at_commit(other, path)? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a rebase, which checks out each commit, would lose an env file at hand: the newest commit has another text of the file, or none.
    fn is_at_risk(&self, fault: &Fault, place: &Place) -> Result<bool, Problem> {
        let Some(root) = &place.root else { return Ok(false) };
        let root = Root::open(root).map_err(|error| Problem::io(RelPath::default(), &error))?;
        for path in &fault.env_files {
            let Some(text) = root.read(path)? else { continue };
            let size = text.len() as u64;
            let kept = self.repository.at_commit(place.tip, path)?;
            let kept = kept.map(|blob| self.repository.blob(blob, size)).transpose();
            let is_same = kept.is_ok_and(|kept| kept.is_some_and(|kept| kept.ct_eq(&Secret::new(text))));
            if !is_same {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Which of the other files the newest commit still has.
    fn kept(&self, fault: &Fault, place: &Place) -> Result<Vec<RelPath>, Problem> {
        let mut kept = Vec::new();
        for path in &fault.others {
            if self.repository.at_commit(place.tip, path)?.is_some() {
                kept.push(path.clone());
            }
        }
        Ok(kept)
    }
}

impl Fault {
    /// What is wrong with the first commit that a finding is about.
    fn first(stops: &[&Finding]) -> Option<Self> {
        let (commit, first) = stops.iter().find_map(|stop| Some((commit_of(stop)?, *stop)))?;
        let is_message = matches!(first.origin, Origin::Message { .. });
        let of_files = || stops.iter().filter(|stop| matches!(stop.origin, Origin::Commit { .. }));
        let mut fault = Self { commit, env_files: Vec::new(), others: Vec::new(), is_message };
        for stop in of_files().filter(|stop| !is_message && commit_of(stop) == Some(commit)) {
            let list = if stop.is_of(&env_file_staged::CHECK) { &mut fault.env_files } else { &mut fault.others };
            if !list.contains(stop.origin.path()) {
                list.push(stop.origin.path().clone());
            }
        }
        let env_files = fault.env_files.clone();
        fault.others.retain(|path| !env_files.contains(path));
        Some(fault)
    }

    fn paths(&self) -> impl Iterator<Item = &RelPath> {
        self.env_files.iter().chain(&self.others)
    }
}

/// The commit that a finding is about, where a new commit would change nothing about it.
fn commit_of(finding: &Finding) -> Option<Oid> {
    match (finding.get("commit"), &finding.origin) {
        (Some(Fact::Commit(commit)), _) => Some(commit.id),
        (_, Origin::Message { object, .. }) if finding.help == live_value_elsewhere::AMEND => Some(*object),
        _ => None,
    }
}

/// The commands in the work tree.
fn commands(fault: &Fault, way: Way, is_root: bool, is_fresh: bool, kept: &[RelPath]) -> Vec<String> {
    let id = fault.commit.short();
    let mut lines = Vec::new();
    let end = match way {
        Way::Amend => "git commit --amend --no-edit --allow-empty",
        Way::Rebase { has_merges, is_merge } => {
            let merges = if has_merges { " --rebase-merges" } else { "" };
            let from = if is_root { "--root".to_owned() } else { format!("{id}~") };
            let (edit, pick) = match (fault.is_message, is_merge) {
                (true, true) => ("merge -c", "merge -C"),
                (true, false) => ("reword", "pick"),
                (false, _) => ("edit", "pick"),
            };
            lines.push(format!("write {edit} before {id} instead of {pick}: git rebase -i{merges} {from}"));
            "git commit --amend --no-edit --allow-empty && git rebase --continue"
        }
        Way::Squash => {
            let reset = if is_root { "git update-ref -d HEAD".to_owned() } else { format!("git reset --soft {id}~") };
            lines.push(format!("make one commit of {id} and all after it: {reset}"));
            "git commit --allow-empty"
        }
    };
    if fault.is_message {
        if way == Way::Amend {
            lines.push("write the message again: git commit --amend --allow-empty".to_owned());
        }
        return lines;
    }
    // A commit has all its files, the newest one perhaps not any more.
    let others = if way == Way::Squash { kept } else { fault.others.as_slice() };
    let list = |paths: &[RelPath]| paths.iter().map(|path| for_shell(&pathspec(path))).collect::<Vec<_>>().join(" ");
    let mut parts = Vec::new();
    if !fault.env_files.is_empty() {
        let how = if is_fresh { "" } else { " --cached" };
        parts.push(format!("git rm -q{how} -f --ignore-unmatch {}", list(&fault.env_files)));
    }
    if !others.is_empty() {
        parts.push(format!("git add {}", list(others)));
    }
    parts.push(end.to_owned());
    let command = parts.join(" && ");
    lines.push(match others {
        [] => command,
        [one] => format!("remove the secret from {one}, then: {command}"),
        [one, ..] => format!("remove the secrets from {one} and {} more, then: {command}", others.len() - 1),
    });
    lines
}

fn word(path: &Path) -> String {
    for_shell(&RelPath::new(path.as_os_str().as_encoded_bytes()))
}

fn name(name: &[u8]) -> String {
    for_shell(&RelPath::new(name))
}
