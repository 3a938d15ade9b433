//! `envward preflight --scan-report`: what scanners of images found.

use std::collections::BTreeSet;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;

use super::run::Run;
use crate::check::Kind;
use crate::checks::Artifact;
use crate::checks::running::image_vulnerable;
use crate::docker::compose::Stack;
use crate::docker::image::Reference;
use crate::docker::scan_report::{self, Scan};
use crate::engine::locate::parent;
use crate::environment::Environment;
use crate::error::Error;
use crate::path::RelPath;
use crate::problem::{Problem, ProblemKind};
use crate::project::Project;
use crate::rotation::days;
use crate::system::System;

/// The reports that were given.
#[derive(Debug, Default)]
pub(crate) struct Scans {
    /// Each with a name: the image's, else the file's.
    scans: Vec<(RelPath, Scan)>,
    problems: Vec<Problem>,
}

impl Scans {
    /// Reads them.
    ///
    /// # Errors
    /// One that is not there.
    pub(crate) fn read(files: &[PathBuf], system: &System) -> Result<Self, Error> {
        let mut all = Self::default();
        for file in files {
            let shown = RelPath::new(file.as_os_str().as_bytes());
            match read(file, &shown, system)? {
                Ok(scans) => all.scans.extend(scans.into_iter().map(|scan| (named(&scan, &shown), scan))),
                Err(problem) => all.problems.push(problem),
            }
        }
        Ok(all)
    }

    /// Judges them.
    pub(crate) fn judge(&self, run: &mut Run<'_>) {
        if self.scans.is_empty() && self.problems.is_empty() {
            return;
        }
        run.outcome.problems.extend(self.problems.iter().cloned());
        let mut found = Vec::new();
        for (name, scan) in &self.scans {
            run.judge(&Artifact::Scan(scan, name), false, &mut found);
        }
        run.outcome.findings.append(&mut found);
        run.outcome.kinds.push(Kind::Scan);
    }

    /// Whether each image that is deployed, and not built here, was scanned of late.
    pub(crate) fn cover(&self, project: &Project, today: Date) -> bool {
        let is_fresh = |scan: &Scan| scan.on.is_none_or(|on| days(on, today) <= image_vulnerable::STALE_DAYS);
        let fresh = self.scans.iter().map(|(_, scan)| scan).filter(|scan| is_fresh(scan));
        let scanned: BTreeSet<_> = fresh.filter_map(|scan| scan.image.as_deref()).map(plain).collect();
        let deployed = project.stacks.iter().filter(|stack| stack.environment == Environment::Production);
        let services = deployed.flat_map(Stack::services).filter(|service| service.at(&["build"]).is_none());
        let mut images = services.filter_map(|service| service.text(&["image"])).peekable();
        images.peek().is_some() && images.all(|image| scanned.contains(&plain(image)))
    }
}

/// An image without what Docker puts before its name by itself, and its tag.
fn plain(image: &str) -> (String, Option<&str>) {
    let image = Reference::of(image);
    (image.plain_name(), image.tag)
}

/// The image, where its name can be shown, else the file.
fn named(scan: &Scan, shown: &RelPath) -> RelPath {
    let image = scan.image.as_deref().and_then(|image| Reference::of(image).shown());
    image.map_or_else(|| shown.clone(), |name| RelPath::new(name.0))
}

fn read(file: &Path, shown: &RelPath, system: &System) -> Result<Result<Vec<Scan>, Problem>, Error> {
    let (root, name) = parent(file, system)?;
    let bytes = match root.read(&RelPath::new(name)) {
        Ok(bytes) => bytes.ok_or_else(|| Error::NoSuchPath(file.to_path_buf()))?,
        Err(problem) => return Ok(Err(Problem { path: Some(shown.clone()), ..problem })),
    };
    let problem = || Problem::at(ProblemKind::NoScanReport, shown.clone());
    Ok(scan_report::read(&bytes).map_err(|_| problem()))
}
