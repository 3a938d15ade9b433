//! What was done, what was kept, and what a person still has to do. Names, never values.

use std::collections::BTreeMap;

use super::prepare::Ready;
use super::{Surroundings, open_server};
use crate::engine::fix::Mended;
use crate::env::Key;
use crate::problem::ProblemKind;
use crate::project::{GitView, role_of};
use crate::secret::class::Class;
use crate::secret::strength::Strength;
use crate::system::System;
use crate::template::{Action, Done, Step, Why};
use crate::terminal::{Ink, Style};
use crate::text::{sanitize, wrap};

/// How it is shown.
pub(super) struct Screen<'a> {
    pub(super) dry_run: bool,
    /// Whether the files are given to somebody.
    pub(super) is_given: bool,
    pub(super) style: Style,
    pub(super) around: &'a Surroundings,
}

/// Lines under a heading: a name, and what is said of it.
type Rows = Vec<(String, String)>;

impl Screen<'_> {
    /// The whole screen.
    pub(super) fn text(&self, ready: &[Ready<'_>], lines: &[Mended], system: &System) -> String {
        let mut text = String::new();
        for one in ready {
            text += &self.file(one);
        }
        for line in lines {
            text += &self.line(line);
        }
        if !lines.is_empty() {
            text.push('\n');
        }
        for note in self.notes(ready, system) {
            text += &format!("{}\n", wrap(&note, self.style.width).join("\n  "));
        }
        text
    }

    fn file(&self, one: &Ready<'_>) -> String {
        let name = sanitize(one.target.shown.as_os_str().as_encoded_bytes());
        let example = sanitize(one.target.example_shown.as_os_str().as_encoded_bytes());
        let would = if self.dry_run { "would be " } else { "" };
        let what = match &one.held {
            None => format!("{would}created from {example} with mode 0600"),
            Some(held) if one.changed && one.is_loose() => format!("{would}filled; mode {:04o} -> 0600", held.mode),
            Some(_) if one.changed => format!("{would}filled"),
            Some(held) if one.is_loose() => format!("mode {:04o} -> 0600; nothing else to do", held.mode),
            Some(_) => "nothing to do".to_owned(),
        };
        let mut text = format!("{}: {what}\n", self.style.set(Ink::Bold, &name));
        let (mut made, mut kept, mut weak) = (Rows::new(), Vec::new(), Vec::new());
        let mut left: BTreeMap<Why, Vec<String>> = BTreeMap::new();
        for (step, done) in &one.filled.done {
            let name = shown(step.key.as_ref(), step);
            match (&step.action, done) {
                (Action::Keep(Strength::Weak), _) => weak.push(name),
                (Action::Keep(_), _) => kept.push(name),
                (Action::Person(Why::Asked), Done::Left) => left.entry(Why::Setting).or_default().push(name),
                (Action::Person(why), Done::Left) => left.entry(*why).or_default().push(name),
                _ => made.push((name, result(step, *done))),
            }
        }
        let empty = left.remove(&Why::Empty).unwrap_or_default();
        let left: Vec<String> =
            left.iter().map(|(why, names)| format!("{}{}", reason(*why), names.join(", "))).collect();
        text += &self.rows(if self.dry_run { "would get a new value" } else { "new values" }, Ink::Bold, &made);
        text += &self.list("added from the template", Ink::Bold, &[keys(&one.added).join(", ")]);
        text += &self.list("kept", Ink::Plain, &[kept.join(", ")]);
        text += &self.list("kept, but easy to guess", Ink::Magenta, &[weak.join(", ")]);
        text += &self.list("fill in yourself", Ink::Magenta, &left);
        text += &self.list("empty, but not a secret", Ink::Plain, &[some(empty)]);
        text += &self.list(
            "only in the template (to add them: envward init --update)",
            Ink::Magenta,
            &[keys(&one.missing).join(", ")],
        );
        text.push('\n');
        text
    }

    fn rows(&self, heading: &str, ink: Ink, rows: &Rows) -> String {
        if rows.is_empty() {
            return String::new();
        }
        // A longer name has a line of its own.
        let widths = rows.iter().map(|(name, _)| name.chars().count()).filter(|width| *width <= 36);
        let width = widths.max().unwrap_or_default();
        let mut text = format!("  {}\n", self.style.set(ink, heading));
        for (name, what) in rows {
            let line = format!("    {name:width$}  {what}");
            let fits = line.chars().count() <= self.style.width && name.chars().count() <= width;
            text += &if fits { format!("{line}\n") } else { format!("    {name}\n      {what}\n") };
        }
        text
    }

    fn list(&self, heading: &str, ink: Ink, lines: &[String]) -> String {
        let lines: Vec<&String> = lines.iter().filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            return String::new();
        }
        let mut text = format!("  {}\n", self.style.set(ink, heading));
        for line in lines {
            text += &format!("    {}\n", wrap(line, self.style.width - 6).join("\n      "));
        }
        text
    }

    fn line(&self, mended: &Mended) -> String {
        let Mended { path, what, not_fixed } = mended;
        match not_fixed {
            None if self.dry_run => format!("{path}: would get a {what}\n"),
            None => format!("{path}: {what}\n"),
            Some(why) => format!("{path}: not changed: {why}\n"),
        }
    }

    /// What holds for all files.
    fn notes(&self, ready: &[Ready<'_>], system: &System) -> Vec<String> {
        let mut notes = Vec::new();
        let done = || ready.iter().flat_map(|one| &one.filled.done);
        let database = |(step, done): &(Step, Done)| {
            step.class == Some(Class::DatabasePassword) && matches!(done, Done::Made(_) | Done::Taken | Done::Same)
        };
        if done().any(database) {
            notes.push(
                "a database that exists already keeps its old password: change the password there too, or start with an \
                 empty volume"
                    .to_owned(),
            );
        }
        notes.extend(open_server::notes(ready, self.around));
        for one in ready {
            let path = sanitize(one.target.shown.as_os_str().as_encoded_bytes());
            let file = self.around.project.files.iter().find(|file| Some(&file.path) == one.target.in_project.as_ref());
            if file.and_then(|file| file.git).is_some_and(GitView::is_published) {
                notes.push(format!("git tracks {path}, so git does not ignore it: git rm --cached -f {path}"));
            }
        }
        for problem in &self.around.located.problems {
            let (why, help) = (problem.kind.message(), problem.kind.help());
            notes.push(format!("git could not be asked whether it tracks or ignores these files: {why}; {help}"));
        }
        let unread = self.around.project.problems.iter().filter(|one| one.kind == ProblemKind::UnreadablePath);
        for path in unread.filter_map(|problem| problem.path.as_ref()) {
            notes.push(format!("{path} cannot be read: a template in it was not used"));
        }
        for one in ready.iter().filter(|one| !self.is_known(one)) {
            let path = sanitize(one.target.shown.as_os_str().as_encoded_bytes());
            notes.push(format!(
                "envward check does not recognise the name {path}: add it to [files] extra in envward.toml"
            ));
        }
        if done().any(|(_, done)| *done == Done::Given(false)) {
            notes.push("a value that you typed has characters that some programs read differently".to_owned());
        }
        if done().any(|(step, _)| step.action == Action::Keep(Strength::Weak)) {
            notes.push("to replace a weak secret that is in use: envward rotation rotate KEY FILE".to_owned());
        }
        let is_new = ready.iter().any(|one| one.held.is_none());
        if system.user == 0 && is_new && !self.is_given && self.around.project.owner.is_some_and(|owner| owner != 0) {
            notes.push(
                "the new files belong to root; to give them to another user: envward init --owner USER".to_owned(),
            );
        }
        notes.push(self.last(ready));
        notes
    }

    /// Whether `check` takes it for an env file.
    fn is_known(&self, one: &Ready<'_>) -> bool {
        one.target.in_project.as_ref().is_none_or(|path| role_of(path, &self.around.config).is_some())
    }

    fn last(&self, ready: &[Ready<'_>]) -> String {
        let left = |(step, done): &&(Step, Done)| {
            matches!(step.action, Action::Person(why) if why != Why::Empty) && *done == Done::Left
        };
        let left = ready.iter().flat_map(|one| one.filled.done.iter().filter(left)).count();
        let nothing = ready.iter().all(|one| !one.changed && !one.is_loose());
        match (self.dry_run, nothing, left) {
            (true, ..) => "nothing was written; to write the files, run the command without --dry-run".to_owned(),
            (false, true, 0) => "nothing changed; no key is left to fill in".to_owned(),
            (false, true, 1) => "nothing changed; 1 key is left to fill in".to_owned(),
            (false, true, _) => format!("nothing changed; {left} keys are left to fill in"),
            (false, false, 0) => "next: envward check".to_owned(),
            (false, false, 1) => format!("next: fill in 1 key, then run: envward check{EMPTY}"),
            (false, false, _) => format!("next: fill in {left} keys, then run: envward check{EMPTY}"),
        }
    }
}

/// A key may stay empty on purpose, so `check` passes over it.
const EMPTY: &str = " (envward preflight also reports empty secrets)";

fn shown(key: Option<&Key>, step: &Step) -> String {
    key.map_or_else(|| format!("line {}", step.line), Key::to_string)
}

/// A dozen names, and how many more there are: nobody reads fifty.
fn some(mut names: Vec<String>) -> String {
    let more = names.len().saturating_sub(12);
    if more > 1 {
        names.truncate(12);
        names.push(format!("and {more} more"));
    }
    names.join(", ")
}

fn keys(keys: &[Option<Key>]) -> Vec<String> {
    keys.iter().map(|key| key.as_ref().map_or("a key".to_owned(), Key::to_string)).collect()
}

/// `jwt-secret` as people write it.
fn class(step: &Step) -> String {
    match step.class {
        None => String::new(),
        Some(Class::Other) => "secret".to_owned(),
        Some(class) => class.word().replace('-', " ").replace("jwt", "JWT").replace("api", "API"),
    }
}

fn result(step: &Step, done: Done) -> String {
    let class = class(step);
    let sort = if class.is_empty() { String::new() } else { format!("{class}, ") };
    match done {
        Done::Made(bits) => format!("{sort}{bits} bits"),
        Done::Taken => format!("{sort}same value as in another file"),
        Done::Same => match &step.action {
            // Only a name that may be printed is repeated.
            Action::Same(other) => match Key::printable(other.as_bytes()) {
                Some(other) => format!("contains the password of {other}"),
                None => "contains the password of another key".to_owned(),
            },
            _ => sort.trim_end_matches(", ").to_owned(),
        },
        Done::Expanded => "references replaced by their values".to_owned(),
        Done::Given(_) => "the value that you typed".to_owned(),
        Done::Left => String::new(),
    }
}

/// What is said before the names of keys that a person fills in.
fn reason(why: Why) -> &'static str {
    match why {
        Why::Setting | Why::Asked | Why::Empty => "",
        Why::Published => "the template has a well-known default value: ",
        Why::Issued => "from the provider: ",
        Why::AdminKey => "the hash of an admin key (envward key new --prefix NAME --name WHO): ",
        Why::Hash => "a hash (of a new key: envward key new; of a key that you have: envward key hash): ",
        Why::Format => "made by the application itself: ",
        Why::Unclear => "several keys could be its password: ",
        Why::Waits => "refers to a key that is still empty: ",
    }
}
