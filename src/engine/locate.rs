//! Which project is meant: its root, its repository, its configuration.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use crate::checks;
use crate::config::{self, Config};
use crate::error::Error;
use crate::files::Root;
use crate::git::Repository;
use crate::path::RelPath;
use crate::problem::Problem;
use crate::system::System;

/// The project that a path is in.
pub(crate) struct Located {
    /// The project root.
    pub(crate) root: PathBuf,
    /// What was asked for, below the root: the root itself, a directory, or a file.
    pub(crate) below: RelPath,
    /// Whether that is one file.
    pub(crate) is_file: bool,
    /// The repository, if it is in one that can be opened.
    pub(crate) repository: Option<Repository>,
    /// Why one that is there could not be opened.
    pub(crate) problems: Vec<Problem>,
}

/// The place that `path` names, without following a link at its end.
pub(crate) fn place(path: Option<&Path>, system: &System) -> Result<(PathBuf, bool), Error> {
    let given = path.unwrap_or(Path::new("."));
    let full = system.directory.join(given);
    let missing = |_| Error::NoSuchPath(given.to_path_buf());
    let is_file = !full.metadata().or_else(|_| full.symlink_metadata()).map_err(missing)?.is_dir();
    let resolved = match (is_file, full.parent(), full.file_name()) {
        (true, Some(parent), Some(name)) => parent.canonicalize().map_err(missing)?.join(name),
        _ => full.canonicalize().map_err(missing)?,
    };
    Ok((resolved, is_file))
}

/// The project root is the nearest directory upward with `envward.toml`, else the top of the work tree, else the path.
pub(crate) fn project(path: Option<&Path>, system: &System) -> Result<Located, Error> {
    let (place, is_file) = place(path, system)?;
    let dir = if is_file { place.parent().unwrap_or(&place).to_path_buf() } else { place.clone() };
    let (repository, problems) = match Repository::discover(&dir) {
        Ok(repository) => (repository, Vec::new()),
        Err(problem) => (None, vec![problem]),
    };
    let top = repository.as_ref().and_then(Repository::workdir).filter(|top| dir.starts_with(top));
    let root = configured(&dir, top).or_else(|| top.map(Path::to_path_buf)).unwrap_or_else(|| dir.clone());
    // Without a path the question is about the project, wherever in it one stands.
    let asked = if path.is_some() { &place } else { &root };
    let below = RelPath::below(&root, asked).unwrap_or_default();
    Ok(Located { root, below, is_file, repository, problems })
}

/// The nearest directory upward with a configuration: not above the repository, and not out of the hands of the one
/// who owns the project, for a file planted in `/tmp` must not configure what is below it.
fn configured(dir: &Path, top: Option<&Path>) -> Option<PathBuf> {
    let owner = dir.metadata().ok()?.uid();
    let mine = |dir: &&Path| dir.metadata().is_ok_and(|meta| meta.uid() == owner && meta.mode() & 0o002 == 0);
    let mut upward = dir.ancestors().take_while(|up| *up == dir || (top != Some(dir) && mine(up)));
    let within = |up: &&Path| top.is_none_or(|top| up.starts_with(top));
    upward.find(|up| within(up) && up.join(config::FILE).symlink_metadata().is_ok()).map(Path::to_path_buf)
}

/// The configuration: of `--config`, else of the root, else the defaults.
pub(crate) fn configuration(root: &Path, given: Option<&Path>, system: &System) -> Result<Config, Error> {
    match given {
        Some(given) => {
            let full = system.directory.join(given);
            let (Some(dir), Some(name)) = (full.parent(), full.file_name()) else {
                return Err(Error::NoSuchPath(given.to_path_buf()));
            };
            let name = RelPath::new(std::os::unix::ffi::OsStrExt::as_bytes(name));
            let dir = Root::open(dir).map_err(|error| Error::io("open", dir, &error))?;
            let bytes = dir.read(&name)?.ok_or_else(|| Error::NoSuchPath(given.to_path_buf()))?;
            Ok(Config::read(&RelPath::new(given.as_os_str().as_bytes()), &bytes, &checks::ALL)?)
        }
        None => {
            let name = RelPath::from(config::FILE);
            let dir = Root::open(root).map_err(|error| Error::io("open", root, &error))?;
            dir.read(&name)?
                .map_or_else(|| Ok(Config::default()), |bytes| Ok(Config::read(&name, &bytes, &checks::ALL)?))
        }
    }
}

/// The directory of a file that is named on the command line, links in its path followed, and the file's name.
pub(crate) fn parent(file: &Path, system: &System) -> Result<(Root, Vec<u8>), Error> {
    let missing = || Error::NoSuchPath(file.to_path_buf());
    let full = system.directory.join(file);
    let (dir, name) = (full.parent().ok_or_else(missing)?, full.file_name().ok_or_else(missing)?);
    let dir: PathBuf = dir.canonicalize().map_err(|_| missing())?;
    let root = Root::open(&dir).map_err(|error| Error::io("open", &dir, &error))?;
    Ok((root, name.as_bytes().to_vec()))
}
