//! How to clean a history: what to replace first, then the commands, exactly, and what they rewrite.

mod here;
mod home;
mod notes;

use std::collections::BTreeSet;

pub use self::here::{Here, Wanted, wanted};
use self::home::{Home, homes};
use self::notes::{note_list, notes};
use super::wording::{is_live, named, replaced_by};
use crate::checks::compose::secret_in_compose;
use crate::checks::dockerfile::secret_in_dockerfile;
use crate::checks::git::{env_file_in_history, live_value_elsewhere, secret_still_live, template_with_secret};
use crate::env::Key;
use crate::finding::{Fact, Finding, Origin, Severity};
use crate::name::Name;
use crate::path::RelPath;
use crate::policy::Report;
use crate::rotation::steps::rotate;
use crate::secret::Form;
use crate::secret::mask::Mask;
use crate::shell::for_shell;
use crate::text::wrap;

/// git-filter-repo, as its authors advise for this purpose: it also says what is left to do in other clones.
const REWRITE: &str = "git filter-repo --sensitive-data-removal";

/// Said where no branch of a remote has what is to be removed.
const LOCAL: &str = "No branch of a remote that this repository knows has these commits. If they were pushed nowhere, \
                     nobody else has them: copy this repository, leave out this step and the push, and run the \
                     commands between them here, with `git filter-repo --force`.";

/// Something to do.
#[derive(Debug, Default)]
struct Step {
    what: String,
    /// What it concerns, line by line.
    about: Vec<String>,
    commands: Vec<String>,
    /// Whether it needs the file of the values.
    takes_values: bool,
}

/// What an advice is made of beside the report.
#[derive(Debug, Default)]
pub struct More {
    /// The places of the submodules.
    pub modules: Vec<RelPath>,
    /// The secrets of which no new value can be made here.
    pub by_hand: BTreeSet<(RelPath, Key)>,
    /// What the repositories at hand keep of the old history.
    pub here: Vec<Here>,
}

impl More {
    /// Without what contains a value.
    #[must_use]
    pub fn masked(self, mask: &Mask) -> Self {
        let here = self.here.into_iter().map(|here| here.masked(mask)).collect();
        Self { here, ..self }
    }
}

/// The advice for a masked report, in lines of `width` columns; `replacements` is the file that was written for
/// git-filter-repo.
#[must_use]
pub fn text(report: &Report, replacements: Option<&RelPath>, more: &More, width: usize) -> String {
    let found: Vec<&Finding> = report.findings.iter().filter(|finding| finding.severity > Severity::Note).collect();
    let homes = homes(&found, &more.modules);
    let mut steps: Vec<Step> = rotation(&found, more).into_iter().chain(literals(&found)).collect();
    let here = |home: &Home<'_>| more.here.iter().find(|here| here.dir == home.dir);
    let rewrites: Vec<Step> = homes.iter().flat_map(|home| rewrite(home, here(home), replacements)).collect();
    // One file serves all repositories.
    let used = replacements.filter(|_| rewrites.iter().any(|step| step.takes_values));
    steps.extend(rewrites);
    steps.extend(used.map(shred));
    let is_cleaned = |home: &Home<'_>| here(home).is_some_and(|here| has_rewrite(home) && here.is_cleaned(home));
    let local = |home| if is_cleaned(home) { None } else { local(home) };
    steps.extend(homes.iter().flat_map(|home| tags(home).into_iter().chain(local(home))));
    if replacements.is_none() && steps.iter().any(|step| step.takes_values) {
        steps.insert(0, remember());
    }
    match (steps.is_empty(), report.problems.is_empty()) {
        (true, true) => return "\nto clean up: nothing to do\n".into(),
        (true, false) => return "\nto clean up: nothing to do, but not everything could be examined\n".into(),
        (false, _) => {}
    }
    let mut out = String::from("\nto clean up, do these steps in order\n");
    for (number, step) in steps.iter().enumerate() {
        out += &format!("\n  {}. {}\n", number + 1, wrap(&step.what, width - 5).join("\n     "));
        step.about.iter().flat_map(|line| wrap(line, width - 7)).for_each(|line| out += &format!("       {line}\n"));
        // A command is copied: it stays in one piece.
        step.commands.iter().for_each(|command| out += &format!("     $ {command}\n"));
    }
    out
}

/// The steps in a fresh clone, where commits have to go, and those that bring the new history here.
fn rewrite(home: &Home<'_>, here: Option<&Here>, replacements: Option<&RelPath>) -> Vec<Step> {
    let steps = rewritings(home, replacements);
    if steps.is_empty() {
        return steps;
    }
    let after = here.filter(|here| here.is_cleaned(home)).map(|here| here.steps(home)).unwrap_or_default();
    if here.is_some_and(|here| here.is_rewritten(home)) {
        return after;
    }
    let first = here.and_then(|here| here.untrack(home)).into_iter().chain([clone(home)]);
    first.chain(steps).chain([publish(home, !after.is_empty())]).chain(after).collect()
}

fn rewritings(home: &Home<'_>, replacements: Option<&RelPath>) -> Vec<Step> {
    [files(home), values(home, replacements), names(&home.found), notes(home)].into_iter().flatten().collect()
}

/// Whether commits have to go.
fn has_rewrite(home: &Home<'_>) -> bool {
    !rewritings(home, None).is_empty()
}

/// A value that was replaced is no longer known here.
fn remember() -> Step {
    let what = "Write the values into a file before you replace them: afterwards envward no longer knows them. Replace \
                FILE with a path outside the work tree. The command prints these steps again, with that path.";
    let commands = vec!["envward scan --advice --replacements FILE".into()];
    Step { what: what.into(), commands, ..Step::default() }
}

fn shred(file: &RelPath) -> Step {
    let what = "Delete the file that contains the values.";
    Step { what: what.into(), commands: vec![format!("shred --remove {}", for_shell(file))], ..Step::default() }
}

/// What is in use goes first: a rewritten history takes nothing back from those who have it.
fn rotation(found: &[&Finding], more: &More) -> Option<Step> {
    let owner = |finding: &&Finding| match finding.get("in_use") {
        Some(Fact::Path(path)) => Some(match replaced_by(finding, path) {
            Some((file, key)) => (file.clone(), Some(key.clone())),
            None => (path.clone(), None),
        }),
        _ => None,
    };
    let live: BTreeSet<(RelPath, Option<Key>)> =
        found.iter().filter(|finding| is_live(finding)).filter_map(owner).collect();
    if live.is_empty() {
        let files = [&env_file_in_history::CHECK, &template_with_secret::CHECK];
        let exposed = found.iter().any(|finding| files.iter().any(|check| finding.is_of(check)));
        let what =
            "Replace the secrets that these files contained, if they may still be valid. Only this protects you.";
        return exposed.then(|| Step { what: what.into(), ..Step::default() });
    }
    let what = "Replace the secrets in use. Only this protects you: every existing clone keeps the old history. Each command \
                prints the steps for its secret: do all of them.";
    let command = |(path, key): &(RelPath, Option<Key>)| {
        let key = key.as_ref()?;
        Some(rotate(key, &for_shell(path), more.by_hand.contains(&(path.clone(), key.clone()))))
    };
    Some(Step { what: what.into(), commands: live.iter().filter_map(command).collect(), ..Step::default() })
}

/// Secrets that stand in a file of the project and in no env file, so that no command replaces them.
fn literals(found: &[&Finding]) -> Option<Step> {
    let checks = [&secret_in_compose::CHECK, &secret_in_dockerfile::CHECK];
    let is_literal = |finding: &&&Finding| checks.iter().any(|check| finding.is_of(check));
    let about: BTreeSet<String> = found.iter().filter(is_literal).map(|finding| finding.place()).collect();
    let what = "Replace the secrets in these files, and write the new values into .env or into files that git ignores. Only \
                this protects you: every existing clone contains the old values.";
    (!about.is_empty()).then(|| Step { what: what.into(), about: about.into_iter().collect(), ..Step::default() })
}

/// Outside of the work tree: a mirror has every secret, and `git add` or a build context would take it.
fn clone(home: &Home<'_>) -> Step {
    let whose = if home.dir.is_root() { "your repository" } else { "the submodule" };
    let what = format!(
        "Make a fresh mirror clone, in a private directory outside the project. Replace URL with the address of {whose}."
    );
    let commands = vec!["cd \"$(mktemp -d)\"".into(), "git clone --mirror URL .".into()];
    let about = (!home.is_fetched()).then(|| LOCAL.to_owned()).into_iter().collect();
    Step { what: home.says(&what), about, commands, ..Step::default() }
}

fn publish(home: &Home<'_>, is_cleaned_here: bool) -> Step {
    let what = "Push the new history, and have everyone clone again: a push from an old clone brings the secrets back. \
                Only the host can remove what it keeps in pull requests, caches and forks.";
    let mut step = Step { what: home.says(what), ..Step::default() };
    if is_cleaned_here {
        step.about.push("This clone is an old one too: the next steps bring the new history here.".into());
    }
    if !home.dir.is_root() {
        step.about
            .push("Then commit the new state of the submodule: the commits of the project name the old state.".into());
    }
    step.commands = ["git push --force --mirror origin", "cd -"].map(String::from).to_vec();
    step
}

/// Files that go as a whole: env files, and what packs a value or is no text.
fn files(home: &Home<'_>) -> Option<Step> {
    let is_env_file = |finding: &Finding| {
        finding.is_of(&env_file_in_history::CHECK) && refs(finding).any(|name| note_list(name).is_none())
    };
    let is_packed = |finding: &Finding| {
        finding.is_of(&live_value_elsewhere::CHECK) && !is_replaceable(finding) && !has_part(finding, "name")
    };
    let goes = |finding: &&&Finding| is_in_commits(finding) && (is_env_file(finding) || is_packed(finding));
    let mut step = Step { what: home.says("Remove these files from every commit."), ..Step::default() };
    let mut paths = BTreeSet::new();
    for finding in home.found.iter().filter(goes) {
        let Origin::History { path, .. } = &finding.origin else { continue };
        if !paths.insert(path) {
            continue;
        }
        step.about.push(format!("{path}: {}", rewritten(finding)));
        if Mask::is_in(path) {
            step.about.push("its name contains a secret and is not shown: add --path=NAME yourself".into());
        }
    }
    let shown = paths.iter().filter(|path| !Mask::is_in(path));
    let shown: String = shown.map(|path| format!(" --path={}", argument(&home.inner(path)))).collect();
    step.commands.push(format!("{REWRITE} --invert-paths{shown}"));
    (!paths.is_empty()).then_some(step)
}

/// Values that go out of texts.
fn values(home: &Home<'_>, replacements: Option<&RelPath>) -> Option<Step> {
    let goes = |finding: &&&Finding| {
        // What a template has is its own: the template stays.
        let is_file = |other: &&Finding| other.is_of(&env_file_in_history::CHECK) && other.origin == finding.origin;
        let is_template = finding.is_of(&secret_still_live::CHECK) && !home.found.iter().any(is_file);
        is_in_commits(finding)
            && (is_template || finding.is_of(&live_value_elsewhere::CHECK) && is_replaceable(finding))
    };
    let what = home.says("Replace the values in these files and messages.");
    let mut step = Step { what, takes_values: true, ..Step::default() };
    let mut places = BTreeSet::new();
    for finding in home.found.iter().filter(goes).filter(|finding| places.insert(finding.place())) {
        step.about.push(format!("{}: {}", finding.origin, rewritten(finding)));
    }
    let file = replacements.map_or("FILE".into(), for_shell);
    step.commands.push(format!("{REWRITE} --replace-text={file} --replace-message={file}"));
    (!places.is_empty()).then_some(step)
}

fn names(found: &[&Finding]) -> Option<Step> {
    let in_name = found.iter().filter(|finding| has_part(finding, "name"));
    let about: Vec<String> = in_name.map(|finding| format!("{}: {}", finding.origin, rewritten(finding))).collect();
    let what = "Rename these, because their names contain secrets: files and directories with git filter-repo \
                --path-rename OLD:NEW, refs with git branch -m and git push --delete.";
    (!about.is_empty()).then(|| Step { what: what.into(), about, ..Step::default() })
}

/// The refs that reach it.
fn refs(finding: &Finding) -> impl Iterator<Item = &Name> {
    let names = match finding.get("refs") {
        Some(Fact::Names(names)) => names.as_slice(),
        _ => &[],
    };
    names.iter()
}

/// Tags, and other refs, of a tree or a blob: git-filter-repo rewrites commits.
fn tags(home: &Home<'_>) -> Option<Step> {
    let mut step = Step { what: home.says("Delete these refs, which do not point to a commit."), ..Step::default() };
    let git = home.git();
    let beside = home.found.iter().filter(|finding| is_beside_commits(finding));
    let names: BTreeSet<&Name> = beside.flat_map(|finding| refs(finding)).collect();
    for name in &names {
        let path = RelPath::new(name.0.as_slice());
        if Mask::is_in(&path) {
            step.about
                .push(format!("{name}: the name contains a secret and is not shown: delete this ref by its real name"));
            continue;
        }
        step.commands.push(match path.strip_dir(&RelPath::from("refs/tags")) {
            Some(tag) => format!("{git} tag -d {}", for_shell(&tag)),
            None => format!("{git} update-ref -d {}", for_shell(&path)),
        });
        step.commands.push(format!("{git} push --delete origin {}", for_shell(&path)));
    }
    step.commands.push(format!("{git} gc --prune=now"));
    (!names.is_empty()).then_some(step)
}

/// What only this clone has.
fn local(home: &Home<'_>) -> Option<Step> {
    let kept = |reaches: &[&str]| -> Vec<&Finding> {
        let is_kept = |finding: &&&Finding| held(finding).is_some_and(|reach| reaches.contains(&reach));
        home.found.iter().filter(is_kept).copied().collect()
    };
    let (stashed, all) = (kept(&["stash"]), kept(&["stash", "reflog", "unreachable"]));
    if all.is_empty() {
        return None;
    }
    let mut step = Step::default();
    step.about.extend(all.iter().map(|finding| finding.place()).collect::<BTreeSet<String>>());
    let git = home.git();
    if !stashed.is_empty() {
        let commit = |finding: &&Finding| match finding.get("commit").or_else(|| finding.get("added")) {
            Some(Fact::Commit(commit)) => Some(commit.id.short()),
            _ => None,
        };
        let commits: BTreeSet<String> = stashed.iter().filter_map(commit).collect();
        let grep: String = commits.iter().map(|commit| format!(" -e {commit}")).collect();
        let filter = if grep.is_empty() { grep } else { format!(" | grep{grep}") };
        step.about.push("replace N with the number of the stash; if there are several, begin with the highest".into());
        step.commands.push(format!("{git} log -g --format='%gd %H %P' refs/stash{filter}"));
        step.commands.push(format!("{git} stash drop 'stash@{{N}}'"));
    }
    // `git reflog expire --all` would take every stash; what is configured spares them.
    let expire = if kept(&["reflog"]).is_empty() { "" } else { " -c gc.reflogExpireUnreachable=now" };
    step.commands.push(format!("{git}{expire} gc --prune=now"));
    let what = "Clean this clone and every older one: new clones do not contain what only stashes or reflogs reach. This \
                also deletes all other unreachable commits.";
    step.what = home.says(what);
    Some(step)
}

/// How what has a secret is reached.
fn held(finding: &Finding) -> Option<&'static str> {
    let word = |name| if let Some(Fact::Word(word)) = finding.get(name) { Some(*word) } else { None };
    word("filled").or_else(|| word("reach"))
}

/// Whether a ref reaches it.
fn is_public(finding: &Finding) -> bool {
    matches!(held(finding), Some("head" | "ref"))
}

/// Whether a ref reaches it, and no commit has it.
fn is_beside_commits(finding: &Finding) -> bool {
    let is_content = matches!(finding.origin, Origin::History { .. } | Origin::Object { .. });
    let has = |name| matches!(finding.get(name), Some(Fact::Commit(_)));
    is_public(finding) && is_content && !has("added") && !has("commit")
}

/// Whether commits have it that git-filter-repo rewrites.
fn is_in_commits(finding: &Finding) -> bool {
    let is_there = matches!(finding.origin, Origin::History { .. } | Origin::Message { .. });
    is_there && is_public(finding) && !is_beside_commits(finding)
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
        Some(Fact::Commit(commit)) => format!("rewrites all commits since {}", named(commit)),
        _ => "rewrites the commits that contain it".into(),
    };
    match finding.get("refs") {
        Some(Fact::Names(refs)) if !refs.is_empty() => format!("{since}, in {}", first_refs(refs)),
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
