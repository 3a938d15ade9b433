//! `envward check --fix`: modes to 0600, and lines in ignore files. Nothing else is ever changed, and nothing that a
//! finding does not name. No file is taken from the user of a container that reads it.

use crate::agents::Syntax;
use crate::check::Fix;
use crate::checks::agent::setup_of;
use crate::engine::fix::{Mend, Mended, NotFixed, context_line, git_line};
use crate::engine::locate::Located;
use crate::files::{Root, is_temporary};
use crate::finding::{Fact, Finding};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::Problem;
use crate::project::{Project, Setup};
use crate::report::wording;
use crate::secret::mask::Mask;
use crate::system::System;

/// Fixes what a report names, or with `dry_run` says what it would fix.
pub(crate) fn run(
    report: &Report,
    mask: &Mask,
    project: &Project,
    located: &Located,
    dry_run: bool,
    system: &System,
) -> Result<Vec<Mended>, Problem> {
    let root = Root::open(&located.root).map_err(|error| Problem::io(RelPath::default(), &error))?;
    // A link planted by another user must not let root change a file that is not the project's.
    let owner = if system.user == 0 { project.owner.unwrap_or(0) } else { system.user };
    let mends = report.findings.iter().flat_map(|finding| mends(finding, project, located));
    let apply = |mend: Mend| match mend {
        Mend::Mode { path, .. } if !project.may_be_private(&path) => Mended {
            path,
            what: String::new(),
            not_fixed: NotFixed::refused("the user of its container could no longer read it"),
        },
        mend => mend.apply(&root, mask, (owner, None), dry_run),
    };
    Ok(mends.map(apply).collect())
}

fn mends(finding: &Finding, project: &Project, located: &Located) -> Vec<Mend> {
    // What a killed run left is removed by the next one that writes there, and needs no line.
    if is_temporary(finding.origin.path().file_name()) {
        return Vec::new();
    }
    match finding.check.fix {
        Some(_) if !wording::is_fixable(finding) => Vec::new(),
        Some(Fix::AgentExclusion) => {
            setup_of(finding, project).map(|(setup, files)| exclusion(setup, files)).unwrap_or_default()
        }
        _ => mend(finding, located).into_iter().collect(),
    }
}

/// The env files in an agent's own exclusion: a line each, or one entry for all.
fn exclusion(setup: &Setup, mut files: Vec<RelPath>) -> Vec<Mend> {
    files.retain(|file| !is_temporary(file.file_name()));
    if files.is_empty() {
        return Vec::new();
    }
    let file = setup.exclusion_file();
    match setup.agent.syntax {
        Syntax::Lines => {
            files.iter().map(|path| Mend::Line { file: file.clone(), line: wording::ignore_line(path) }).collect()
        }
        Syntax::Claude => vec![Mend::Entry { file, paths: files }],
        Syntax::Opencode | Syntax::Zed => Vec::new(),
    }
}

fn mend(finding: &Finding, located: &Located) -> Option<Mend> {
    let path = finding.origin.path().clone();
    match finding.check.fix? {
        Fix::Mode => match finding.get("mode") {
            Some(Fact::Mode(from)) => Some(Mend::Mode { path, from: *from }),
            _ => None,
        },
        Fix::AgentExclusion => None,
        Fix::AgentState if matches!(finding.get("ignore_file"), Some(Fact::None)) => git_line(&path, located),
        Fix::GitIgnore => git_line(&path, located),
        Fix::DockerIgnore | Fix::AgentState => match (finding.get("context"), finding.get("ignore_file")) {
            (Some(Fact::Path(dir)), Some(Fact::Path(file))) => {
                let dir = if dir.as_bytes() == b"." { RelPath::default() } else { dir.clone() };
                context_line(&path, &dir, file)
            }
            _ => None,
        },
    }
}
