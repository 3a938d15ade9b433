//! Where else on this host a project's secrets are.

use std::collections::BTreeSet;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::live::{add_live, unsought};
use super::locate;
use super::run::Run;
use super::terms::Terms;
use crate::check::Kind;
use crate::checks::Artifact;
use crate::env::Key;
use crate::env::names::Role;
use crate::error::Error;
use crate::files::Accounts;
use crate::finding::{Fact, Finding, Severity};
use crate::path::RelPath;
use crate::policy::Report;
use crate::problem::{Problem, ProblemKind};
use crate::project::{Project, ProjectFile};
use crate::secret::mask::Mask;
use crate::system::System;
use crate::terminal::{interrupt, meter};
use crate::trace::{self, Found, Place, ReachJudge, Watch};

/// What is asked for.
pub(crate) struct Asked<'a> {
    /// By what it is judged.
    pub(crate) terms: Terms<'a>,
    /// Files and folders; `-` is standard input. Without one, the project and the places of the user.
    pub(crate) paths: &'a [PathBuf],
    /// Whether the places of the host are searched, too.
    pub(crate) has_host: bool,
    /// Whether processes are.
    pub(crate) has_processes: bool,
    /// Whether a mount point ends a walk.
    pub(crate) one_file_system: bool,
    /// The project, where it is not that of the current directory.
    pub(crate) project: Option<&'a Path>,
    /// `--live`.
    pub(crate) live: &'a [PathBuf],
}

/// What was found.
pub(crate) struct Traced {
    pub(crate) report: Report,
    /// What no name in the report may show.
    pub(crate) mask: Mask,
    /// The project root.
    pub(crate) root: PathBuf,
}

/// Searches.
pub(crate) fn one(asked: &Asked<'_>, system: &System) -> Result<Traced, Error> {
    let located = locate::project(asked.project, system)?;
    let config = locate::configuration(&located.root, asked.terms.config, system)?;
    let places = places(asked, &located.root, system)?;
    let mut project = Project::load(&located.root, &RelPath::default(), false, &config, located.repository.as_ref())?;
    let mut problems = unsought(&project, asked.live, &config, system);
    problems.extend(add_live(&mut project, asked.live, &config, system)?);
    let mut run = Run::new(asked.terms, &config, &project, system);
    run.outcome.problems = problems;
    run.seen.project(&project, &config);
    if let Some(repository) = &located.repository {
        run.know_main(repository);
    }
    let exempt = exempt(project.files.iter().chain(&run.main), asked.live, &located.root, system);
    if run.values().is_empty() {
        // Nothing is searched for nothing.
        run.outcome.problems.push(Problem::at(ProblemKind::NothingSought, RelPath::default()));
    } else {
        let found = search(asked, places, exempt, &run, &located.root, system);
        judge(&mut run, found);
    }
    run.outcome.examined.env_files = project.files.iter().filter(|file| file.stat.is_some()).count() as u64;
    run.outcome.kinds.extend([Kind::Disk, Kind::Process, Kind::SavedImage, Kind::Stream]);
    let (report, values) = run.report(located.repository.as_ref().as_slice());
    Ok(Traced { report, mask: Mask::new(values), root: located.root })
}

fn search(
    asked: &Asked<'_>,
    places: Vec<Place>,
    exempt: BTreeSet<(u64, u64)>,
    run: &Run<'_>,
    root: &Path,
    system: &System,
) -> Found {
    let accounts = Accounts::read();
    let mut homes: BTreeSet<PathBuf> = accounts.homes();
    homes.extend(system.home.as_ref().and_then(|home| home.canonicalize().ok()));
    let owner = run.project.owner.unwrap_or(system.user);
    let question = trace::Asked {
        values: run.values(),
        places,
        project: Some(root.to_path_buf()),
        homes,
        exempt,
        one_file_system: asked.one_file_system,
        processes: asked.has_processes,
        stream: asked.paths.iter().any(|path| is_stream(path)),
        judge: ReachJudge::new(accounts, owner),
    };
    let watch = Arc::new(Watch::default());
    let ender = Arc::clone(&watch);
    let line = || {
        let (files, bytes, found) = watch.counts();
        format!("searching: {files} files, {} MiB, {found} with a secret", bytes >> 20)
    };
    let mut found = interrupt::heard(move || ender.stop(), || meter::told(&line, || trace::search(&question, &watch)));
    if watch.is_stopped() {
        found.problems.push(Problem::whole(ProblemKind::Interrupted));
    }
    found
}

fn judge(run: &mut Run<'_>, found: Found) {
    let mut findings = Vec::new();
    for sighting in &found.sightings {
        run.judge(&Artifact::Traced(sighting), false, &mut findings);
    }
    for unsearched in &found.unsearched {
        run.judge(&Artifact::Unsearched(unsearched), false, &mut findings);
    }
    run.outcome.findings.append(&mut findings);
    run.outcome.problems.extend(found.problems);
    run.outcome.examined.files = found.files;
    run.outcome.examined.bytes = found.bytes;
    run.outcome.examined.processes = found.processes;
}

fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
}

/// What was named; without a name the project, and what is the user's.
fn places(asked: &Asked<'_>, root: &Path, system: &System) -> Result<Vec<Place>, Error> {
    let mut places = Vec::new();
    for given in asked.paths.iter().filter(|path| !is_stream(path)) {
        // A link that somebody names is followed.
        let path = system.directory.join(given).canonicalize().map_err(|_| Error::NoSuchPath(given.clone()))?;
        places.push(Place { path, is_asked: true, is_own: true });
    }
    if asked.paths.is_empty() {
        places.push(Place { path: root.to_path_buf(), is_asked: false, is_own: true });
        places.extend(system.home.as_deref().map(trace::of_user).unwrap_or_default());
    }
    if asked.has_host {
        places.extend(trace::of_host(&Accounts::read().homes()));
    }
    Ok(places)
}

/// The files in which the secrets rightly are: the env files and templates of the project, what its compose files name,
/// in a linked work tree the env files of the main one, and those of `--live`.
fn exempt<'a>(
    files: impl Iterator<Item = &'a ProjectFile>,
    live: &[PathBuf],
    root: &Path,
    system: &System,
) -> BTreeSet<(u64, u64)> {
    let own = files.filter(|file| file.role != Role::Copy).map(|file| file.path.under(root));
    let given = live.iter().map(|file| system.directory.join(file));
    own.chain(given).filter_map(|path| path.metadata().ok()).map(|meta| (meta.dev(), meta.ino())).collect()
}

/// A place of a secret, for the commands that only name it.
pub(crate) struct OtherPlace {
    /// The env file that has the secret.
    pub(crate) file: RelPath,
    /// The key.
    pub(crate) key: Option<Key>,
    pub(crate) severity: Severity,
    /// The place, without values in its name.
    pub(crate) name: String,
}

/// Where else the secrets of a project are, in the places that are searched by default; the most severe first.
pub(crate) fn other_places(root: &Path, terms: Terms<'_>, system: &System) -> Result<Vec<OtherPlace>, Error> {
    let asked = Asked {
        terms: Terms { command: "trace", fail_on: Severity::Note, ..terms },
        paths: &[],
        has_host: false,
        has_processes: false,
        one_file_system: false,
        project: Some(root),
        live: &[],
    };
    let Traced { report, mask, .. } = one(&asked, system)?;
    let place = |finding: Finding| match finding.get("in_use") {
        Some(Fact::Path(file)) => Some(OtherPlace {
            file: file.clone(),
            key: finding.key.clone(),
            severity: finding.severity,
            name: mask.text(&finding.place()),
        }),
        _ => None,
    };
    Ok(report.findings.into_iter().filter_map(place).collect())
}
