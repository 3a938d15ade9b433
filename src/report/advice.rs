//! How to clean a history: what to replace first, then the commands, exactly, and what they rewrite.

use std::collections::BTreeSet;

use super::Report;
use super::mask::Mask;
use super::wording::{for_shell, named};
use crate::env::Key;
use crate::finding::{Fact, Finding, Name, Origin, Severity};
use crate::path::RelPath;
use crate::search::Form;
use crate::tty::{WIDTH, wrap};

/// git-filter-repo, as its authors advise for this purpose: it also says what is left to do in other clones.
const REWRITE: &str = "git filter-repo --sensitive-data-removal";

/// Something to do.
#[derive(Debug, Default)]
struct Step {
    what: String,
    /// What it concerns, line by line.
    about: Vec<String>,
    commands: Vec<String>,
}

/// The advice for a masked report; `replacements` is the file that was written for git-filter-repo.
#[must_use]
pub fn text(report: &Report, replacements: Option<&RelPath>) -> String {
    let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    let rewrite: Vec<Step> =
        [files(&found), values(&found, replacements), names(&found)].into_iter().flatten().collect();
    let mut steps: Vec<Step> = rotation(&found).into_iter().collect();
    if !rewrite.is_empty() {
        steps.push(clone());
        steps.extend(rewrite);
        steps.push(publish());
    }
    steps.extend(local(&found));
    if steps.is_empty() {
        return "\ncleaning up: there is nothing to do\n".into();
    }
    let mut out = String::from("\ncleaning up, in this order\n");
    for (number, step) in steps.iter().enumerate() {
        out += &format!("\n  {}. {}\n", number + 1, wrap(&step.what, WIDTH - 5).join("\n     "));
        step.about.iter().flat_map(|line| wrap(line, WIDTH - 7)).for_each(|line| out += &format!("       {line}\n"));
        // A command is copied: it stays in one piece.
        step.commands.iter().for_each(|command| out += &format!("     $ {command}\n"));
    }
    out
}

/// What is in use goes first: a rewritten history takes nothing back from those who have it.
fn rotation(found: &[&Finding]) -> Option<Step> {
    let in_use = |finding: &&&Finding| matches!(finding.check.id, "secret-still-live" | "live-value-elsewhere");
    let owner = |finding: &&Finding| match finding.get("in_use") {
        Some(Fact::Path(path)) => Some((path.clone(), finding.key.clone())),
        _ => None,
    };
    let live: BTreeSet<(RelPath, Option<Key>)> = found.iter().filter(in_use).filter_map(owner).collect();
    if live.is_empty() {
        let exposed = found.iter().any(|finding| finding.check.id == "env-file-in-history");
        let what = "replace the secrets that these files held, those that may still be in use: that closes the door";
        return exposed.then(|| Step { what: what.into(), ..Step::default() });
    }
    let what = "replace what is in use: that alone closes the door, for every clone keeps the old history";
    let command = |(path, key): &(RelPath, Option<Key>)| {
        Some(format!("envward rotation rotate {} {}", key.as_ref()?, for_shell(path)))
    };
    Some(Step { what: what.into(), about: Vec::new(), commands: live.iter().filter_map(command).collect() })
}

fn clone() -> Step {
    let what = "work in a fresh clone that has everything; put your repository's address in place of URL";
    let commands = ["git clone --mirror URL cleaned.git", "cd cleaned.git"].map(String::from).to_vec();
    Step { what: what.into(), about: Vec::new(), commands }
}

fn publish() -> Step {
    let what = "put it in place of the old one, and have everyone clone anew: a push from an old clone brings it all \
                back. What the host keeps (pull requests, caches, forks) only the host can remove.";
    Step { what: what.into(), about: Vec::new(), commands: vec!["git push --force --mirror origin".into()] }
}

/// Files that go as a whole: env files, and what packs a value or is no text.
fn files(found: &[&Finding]) -> Option<Step> {
    let goes = |finding: &&&Finding| match finding.check.id {
        "env-file-in-history" => true,
        "live-value-elsewhere" => is_in_commits(finding) && !is_replaceable(finding) && !has_part(finding, "name"),
        _ => false,
    };
    let mut step = Step { what: "remove these files from every commit".into(), ..Step::default() };
    let mut paths = BTreeSet::new();
    for finding in found.iter().filter(goes) {
        let Origin::History { path, .. } = &finding.origin else { continue };
        if !paths.insert(path) {
            continue;
        }
        step.about.push(format!("{path}: {}", rewritten(finding)));
        if Mask::is_in(path) {
            step.about.push("its name holds a value and is not shown: add --path with the name yourself".into());
        }
    }
    let shown = paths.iter().filter(|path| !Mask::is_in(path)).map(|path| format!(" --path={}", argument(path)));
    let shown: String = shown.collect();
    step.commands.push(format!("{REWRITE} --invert-paths{shown}"));
    (!paths.is_empty()).then_some(step)
}

/// Values that go out of texts.
fn values(found: &[&Finding], replacements: Option<&RelPath>) -> Option<Step> {
    let goes = |finding: &&&Finding| {
        // What a template has is its own: the template stays.
        let is_template = finding.check.id == "secret-still-live"
            && found.iter().all(|other| other.check.id != "env-file-in-history" || other.origin != finding.origin);
        is_template || finding.check.id == "live-value-elsewhere" && is_in_commits(finding) && is_replaceable(finding)
    };
    let mut step = Step { what: "take the values out of these files and messages".into(), ..Step::default() };
    let mut places = BTreeSet::new();
    for finding in found.iter().filter(goes).filter(|finding| places.insert(finding.place())) {
        step.about.push(format!("{}: {}", finding.origin, rewritten(finding)));
    }
    let file = replacements.map_or("FILE".into(), for_shell);
    if replacements.is_none() {
        step.about.push("envward scan --advice --replacements FILE writes the file, outside of the work tree".into());
    }
    step.commands.push(format!("{REWRITE} --replace-text={file} --replace-message={file}"));
    if replacements.is_some() {
        step.about.push("the file holds the values: remove it afterwards".into());
        step.commands.push(format!("shred --remove {file}"));
    }
    (!places.is_empty()).then_some(step)
}

fn names(found: &[&Finding]) -> Option<Step> {
    let in_name = found.iter().filter(|finding| has_part(finding, "name"));
    let about: Vec<String> = in_name.map(|finding| format!("{}: {}", finding.origin, rewritten(finding))).collect();
    let what = "rename these: files and directories with git filter-repo --path-rename OLD:NEW, refs with git branch -m \
                and git push --delete";
    (!about.is_empty()).then(|| Step { what: what.into(), about, commands: Vec::new() })
}

/// What only this clone has.
fn local(found: &[&Finding]) -> Option<Step> {
    let reach = |finding: &&&Finding| match finding.get("reach") {
        Some(Fact::Word(reach)) => matches!(*reach, "stash" | "reflog" | "unreachable"),
        _ => false,
    };
    let kept: Vec<&&Finding> = found.iter().filter(reach).collect();
    if kept.is_empty() {
        return None;
    }
    let is_stashed = kept.iter().any(|finding| matches!(finding.get("reach"), Some(Fact::Word("stash"))));
    let mut commands: Vec<String> = Vec::new();
    if is_stashed {
        commands.extend(["git stash list".into(), "git stash drop".into()]);
    }
    commands.extend(["git reflog expire --expire=now --all".into(), "git gc --prune=now".into()]);
    let places: BTreeSet<String> = kept.iter().map(|finding| finding.place()).collect();
    let about = places.into_iter().collect();
    let what = "in this clone, and in each that was made before: what only stashes, reflogs or nothing any more reaches. \
                It takes away every other lost commit, too.";
    Some(Step { what: what.into(), about, commands })
}

/// Whether commits have it that git-filter-repo rewrites.
fn is_in_commits(finding: &Finding) -> bool {
    matches!(finding.origin, Origin::History { .. } | Origin::Message { .. })
        && matches!(finding.get("reach"), Some(Fact::Word("head" | "ref")))
}

/// git-filter-repo replaces nothing in what is no text.
fn is_replaceable(finding: &Finding) -> bool {
    let is_text = has_part(finding, "content") || has_part(finding, "message");
    is_text && !matches!(finding.get("form"), Some(Fact::Word(form)) if *form == Form::Utf16.word())
}

fn has_part(finding: &Finding, part: &str) -> bool {
    matches!(finding.get("part"), Some(Fact::Word(word)) if *word == part)
}

/// What changes: every commit from the first one on that has it, and the refs that reach one.
fn rewritten(finding: &Finding) -> String {
    let since = match finding.get("added").or_else(|| finding.get("commit")) {
        Some(Fact::Commit(commit)) => format!("rewrites every commit from {} on", named(commit)),
        _ => "rewrites what has it".into(),
    };
    match finding.get("refs") {
        Some(Fact::Names(refs)) if !refs.is_empty() => format!("{since}, of {}", first_refs(refs)),
        _ => since,
    }
}

/// The first refs, and how many more: a repository may have hundreds.
pub(super) fn first_refs(refs: &[Name]) -> String {
    const SHOWN: usize = 3;
    let shown: Vec<String> = refs.iter().take(SHOWN).map(ToString::to_string).collect();
    match refs.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        1 => format!("{} and 1 more ref", shown.join(", ")),
        more => format!("{} and {more} more refs", shown.join(", ")),
    }
}

/// Behind `--path=` a dash in front is no flag, and `./` would be another path.
fn argument(path: &RelPath) -> String {
    let word = for_shell(path);
    word.strip_prefix("./").filter(|_| path.as_bytes().starts_with(b"-")).map_or(word.clone(), str::to_owned)
}
