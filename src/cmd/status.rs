//! `envward status`: where a project stands, and what to do next.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::Path;

use super::output;
use crate::checks::secret::empty_secret;
use crate::cli::StatusArgs;
use crate::config::Config;
use crate::engine::check::{self, Asked, Checked};
use crate::engine::locate::{self, Located};
use crate::engine::terms::Terms;
use crate::env::Key;
use crate::env::names::Role;
use crate::error::Error;
use crate::finding::Severity;
use crate::hook;
use crate::path::RelPath;
use crate::policy::Status;
use crate::project::Project;
use crate::report::status::{self, Hooks, Overview};
use crate::secret::mask::Mask;
use crate::system::System;

/// Runs it. Nothing is written, not even to the ledger.
pub(super) fn run(args: &StatusArgs, system: &System, out: &mut dyn Write) -> Result<Status, Error> {
    let located = locate::project(args.path.as_deref(), system)?;
    let config = locate::configuration(&located.root, args.config.as_deref(), system)?;
    let project = check::load(&located, &config)?;
    let terms =
        Terms { command: "status", config: args.config.as_deref(), as_of: args.as_of, fail_on: Severity::Warning };
    let asked = Asked { terms, has_history: !args.no_history, is_named: args.path.is_some() };
    let Checked { report, mask, ages } = check::one(&asked, &located, &config, &project, system);
    let report = report.masked(&mask);
    let sources: BTreeSet<&RelPath> =
        project.stacks.iter().flat_map(|stack| &stack.sources).map(|one| &one.path).collect();
    let compose: Vec<RelPath> = sources.into_iter().map(|path| mask.path(path)).collect();
    let empty = empty(&project, &config, &mask);
    let overview = Overview {
        report: &report,
        has_template: project.files.iter().any(|file| file.role == Role::Template),
        empty: &empty,
        hooks: hooks(&located, &project, &mask),
        ages: ages.as_ref().map(|ages| ages.known.as_slice()),
        compose: &compose,
        mask: &mask,
    };
    let root = output::shown_root(&located.root, system);
    status::write(&overview, root.as_deref(), system.style, out).map_err(|error| output::lost(&error))?;
    Ok(report.status)
}

/// The secrets that `preflight` reports as empty.
fn empty(project: &Project, config: &Config, mask: &Mask) -> Vec<Key> {
    let settings = project.settings();
    let severe = settings.iter().flat_map(|settings| empty_secret::find(settings, config));
    let severe = severe.filter(|(.., severity)| *severity > Severity::Note);
    severe.filter_map(|(setting, ..)| mask.key(setting.key.as_ref()?)).collect()
}

fn hooks(located: &Located, project: &Project, mask: &Mask) -> Hooks {
    let shown = |path: &Path| mask.text(&output::shown_below(path, &located.root));
    let repository = match (&located.repository, &project.hooks) {
        (None, _) if located.problems.is_empty() => return Hooks::NoRepository,
        (None, _) => return Hooks::NotExamined,
        (_, Some(lapse)) => {
            let (what, step) = lapse.reason.said();
            return Hooks::NotInForce(format!("{}: {what}", shown(&lapse.place)), step);
        }
        (Some(repository), None) => repository,
    };
    match (hook::force(repository).said(), hook::not_calling(repository)) {
        (Some(said), _) => Hooks::InForce(said),
        (None, Some(file)) => Hooks::NotCalling(shown(&file)),
        (None, None) => Hooks::NotInstalled,
    }
}
