//! The list of checks. One file a check in `checks/`: its documentation, its examples, its function.
//!
//! To add one: write `checks/the_name.rs` with a `pub(crate) static CHECK`, and add its name to `checks!` below.
//! `explain`, the configuration key, the SARIF rules, docs/checks.md and the test that runs every example follow.

use crate::finding::{Finding, Severity};

/// What a check looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// One env file of the work tree.
    EnvFile,
    /// One committed template.
    Template,
    /// All files of the project together.
    Project,
    /// One entry of git's index.
    Staged,
    /// One path in git's history.
    History,
}

/// One step of an example project: documentation that is also run as a test.
#[derive(Clone, Copy, Debug)]
pub enum Step {
    /// A file with a mode. `{hex64}`, `{password}`, `{token}` in the text stand for values made at run time: the same
    /// word is the same value within one example, `{password2}` is another.
    File(&'static str, u32, &'static str),
    /// A directory with a mode.
    Dir(&'static str, u32),
    /// A symbolic link at the first path to the second.
    Link(&'static str, &'static str),
    /// A hard link at the first path to the second.
    HardLink(&'static str, &'static str),
    /// A file removed.
    Remove(&'static str),
    /// A git command, words split at blanks (`git` itself left out), in the project's root.
    Git(&'static str),
}

/// An example project, and what to run on it.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it shows, one line.
    pub about: &'static str,
    /// How to make it, in an empty directory.
    pub steps: &'static [Step],
}

/// A check: the value from which all else follows.
pub struct Check {
    /// kebab-case, names the fact; never changes once released.
    pub id: &'static str,
    /// One line.
    pub title: &'static str,
    /// Markdown, with the sections `## What it does`, `## Why it matters`, `## What to do`, `## Facts`.
    pub doc: &'static str,
    /// The usual severity; a finding may differ, and the documentation says when.
    pub severity: Severity,
    /// What it looks at.
    pub kinds: &'static [Kind],
    /// Projects in which it finds something.
    pub bad: &'static [Example],
    /// Projects in which it finds nothing.
    pub good: &'static [Example],
    /// The judgement. Pure: all that it may know is in its arguments.
    pub run: fn(&Artifact<'_>, &Context<'_>, &mut Vec<Finding>),
}

/// What a check is given.
pub struct Artifact<'a>(std::marker::PhantomData<&'a ()>);
/// What a check may know besides.
pub struct Context<'a>(std::marker::PhantomData<&'a ()>);

impl std::fmt::Debug for Check {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.id)
    }
}

/// Every check.
pub static ALL: &[&Check] = &[];
