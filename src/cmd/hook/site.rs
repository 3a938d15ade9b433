//! Whose hooks are meant: a repository's, or those of git's template.

use std::path::{Path, PathBuf};

use crate::cli::HookTarget;
use crate::cmd::hook::git_hooks_path;
use crate::engine::locate;
use crate::error::Error;
use crate::files;
use crate::git::{self, Repository};
use crate::hook::Site;
use crate::problem::{Problem, ProblemKind};
use crate::system::System;

/// The repository; `None` for git's template.
pub(super) fn repository(target: &HookTarget, system: &System) -> Result<Option<Repository>, Error> {
    if target.global {
        return Ok(None);
    }
    let (place, _) = locate::place(target.path.as_deref(), system)?;
    Ok(Some(Repository::discover(&place)?.ok_or(Problem::whole(ProblemKind::NotARepository))?))
}

/// The directory of its hooks; `None` where git has no template. A template is made if that is asked for.
pub(super) fn site<'a>(
    repository: Option<&'a Repository>,
    is_made: bool,
    system: &System,
) -> Result<Option<Site<'a>>, Error> {
    Ok(match repository {
        Some(repository) => Some(Site::of(repository, git_hooks_path::hooks_dir(repository)?)),
        None => template(system, is_made)?.map(Site::template),
    })
}

/// The hooks of `init.templateDir`, which git copies into every new repository. Where there is none it is made, if that
/// is asked for: then it must also hold what git's own template would have given.
fn template(system: &System, is_made: bool) -> Result<Option<PathBuf>, Error> {
    if let Some(dir) = git::template_dir()? {
        return Ok(Some(system.directory.join(dir).join("hooks")));
    }
    let Some(dir) = system.config.as_ref().map(|home| home.join("git/template")).filter(|_| is_made) else {
        return Ok(None);
    };
    if !git::users_config_is_a_file() {
        return Err(Error::blocked(
            "GIT_CONFIG_GLOBAL names something that is not a file, so git cannot keep a setting there",
            "unset GIT_CONFIG_GLOBAL, and install again",
        ));
    }
    make_template(&dir)?;
    git::set_template_dir(&dir)?;
    Ok(Some(dir.join("hooks")))
}

fn make_template(dir: &Path) -> Result<(), Error> {
    let (info, exclude) = (dir.join("info"), dir.join("info/exclude"));
    std::fs::create_dir_all(&info).map_err(|error| Error::io("make", &info, &error))?;
    if exclude.symlink_metadata().is_err() {
        let text = b"# Patterns of files that only this clone ignores; see gitignore(5).\n";
        files::write_public(&exclude, text).map_err(|error| Error::io("write", &exclude, &error))?;
    }
    Ok(())
}
