//! The lists of notes in which something is to be removed.

use std::collections::BTreeSet;

use super::home::Home;
use super::{Step, is_in_commits, refs};
use crate::checks::git::env_file_in_history;
use crate::finding::{Fact, Finding, Origin};
use crate::name::Name;
use crate::path::RelPath;
use crate::shell::for_shell;

/// Notes: git-filter-repo passes them on as they are.
pub(super) fn notes(home: &Home<'_>) -> Option<Step> {
    let what = "Remove these notes. Only the newest state of each list of notes remains.";
    let mut step = Step { what: home.says(what), ..Step::default() };
    let mut lists = BTreeSet::new();
    let whole = |list: &RelPath| RelPath::from("refs/notes").join(list.as_bytes());
    let is_file = |finding: &&&Finding| finding.is_of(&env_file_in_history::CHECK) && is_in_commits(finding);
    for finding in home.found.iter().filter(is_file) {
        let Origin::History { path, .. } = &finding.origin else { continue };
        let object: Vec<u8> = home.inner(path).as_bytes().iter().copied().filter(|byte| *byte != b'/').collect();
        let own: BTreeSet<RelPath> = refs(finding).filter_map(note_list).collect();
        for list in &own {
            step.about.push(format!("{path}: in {}", whole(list)));
            // What its list has no more is in what the list was before alone.
            if !matches!(finding.get("removed"), Some(Fact::Commit(_))) {
                let object = for_shell(&RelPath::new(object.as_slice()));
                step.commands.push(format!("git notes --ref={} remove --ignore-missing {object}", for_shell(list)));
            }
        }
        lists.extend(own);
    }
    for list in &lists {
        let tree = for_shell(&RelPath::new([whole(list).as_bytes(), b"^{tree}"].concat()));
        let commit = format!("git commit-tree -m notes {tree}");
        step.commands.push(format!("git update-ref {} \"$({commit})\"", for_shell(&whole(list))));
    }
    (!lists.is_empty()).then_some(step)
}

/// The name of a list of notes, also of one that was fetched; `None` for another ref.
pub(super) fn note_list(name: &Name) -> Option<RelPath> {
    let name = RelPath::new(name.0.as_slice());
    let fetched = || {
        let of_remote = name.strip_dir(&RelPath::from("refs/remotes"))?;
        let (_, rest) = of_remote.as_bytes().split_at(memchr::memchr(b'/', of_remote.as_bytes())? + 1);
        RelPath::new(rest).strip_dir(&RelPath::from("notes"))
    };
    name.strip_dir(&RelPath::from("refs/notes")).or_else(fetched)
}
