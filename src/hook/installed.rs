//! What stands where a hook belongs.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::script::Script;
use crate::files::{self, Root};
use crate::path::RelPath;
use crate::problem::Problem;

/// The end of the name under which the hook that stood there before goes on being run.
pub(crate) const BEFORE: &str = ".before-envward";
/// The end of the name that the pre-commit framework gives to the hook that it found; it runs it.
const LEGACY: &str = ".legacy";

/// What is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// Our script with this text.
    Ours(Vec<u8>),
    /// Another hook, which calls envward.
    Calling,
    /// Another hook, behind which the pre-commit framework runs ours.
    Behind,
    /// Another hook, which goes by its own name: under another one it would do nothing. The file to put the call into.
    Named(PathBuf),
    /// Another hook.
    Foreign,
}

/// The place of one hook.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) before: PathBuf,
}

impl Place {
    pub(crate) fn new(dir: &Path, script: &Script) -> Self {
        let name = |end: &str| dir.join(format!("{}{end}", script.name));
        Self { path: name(""), before: name(BEFORE) }
    }

    pub(crate) fn found(&self, script: &Script) -> Result<Found, Problem> {
        let Ok(meta) = self.path.symlink_metadata() else { return Ok(Found::Nothing) };
        // A link may lead to a hook of ours in another place: it is not ours to write through.
        let text = if meta.is_file() { read(&self.path)? } else { None };
        if let Some(hook) = self.of_husky(script) {
            let calls = hook.is_file() && read(&hook)?.is_some_and(|text| script.is_called_by(&text));
            return Ok(if calls { Found::Calling } else { Found::Named(hook) });
        }
        Ok(match text {
            Some(text) if script.is(&text) => Found::Ours(text),
            Some(text) if script.is_called_by(&text) => Found::Calling,
            Some(text) if goes_by_its_name(&text) => Found::Named(self.path.clone()),
            None if self.target().is_some_and(|text| goes_by_its_name(&text)) => Found::Named(self.path.clone()),
            _ if self.is_behind(script)? => Found::Behind,
            _ => Found::Foreign,
        })
    }

    /// husky's own hooks, which it writes again, only call the file of the same name one directory up.
    fn of_husky(&self, script: &Script) -> Option<PathBuf> {
        let dir = self.path.parent().filter(|dir| dir.ends_with(".husky/_"))?;
        Some(dir.parent()?.join(script.name))
    }

    /// The beginning of what a link leads to.
    fn target(&self) -> Option<Vec<u8>> {
        let path = self.path.canonicalize().ok().filter(|path| path.is_file())?;
        read(&path).ok().flatten()
    }

    fn is_behind(&self, script: &Script) -> Result<bool, Problem> {
        let mut path = self.path.clone().into_os_string();
        path.push(LEGACY);
        let path = PathBuf::from(path);
        if !path.symlink_metadata().is_ok_and(|meta| meta.is_file()) {
            return Ok(false);
        }
        Ok(read(&path)?.is_some_and(|text| script.is(&text)))
    }

    /// Whether git would run what stands here.
    pub(crate) fn is_executable(&self) -> bool {
        self.path.metadata().is_ok_and(|meta| meta.mode() & 0o111 != 0)
    }

    /// Gives the hook that stands here its second name. It keeps the first one until ours is renamed over it: killed at
    /// any moment, one of the two guards the repository.
    pub(crate) fn keep(&self) -> io::Result<()> {
        if self.is_kept() {
            return Ok(());
        }
        // Some file systems know one name only, and some systems forbid another one of what somebody else owns.
        std::fs::hard_link(&self.path, &self.before).or_else(|_| std::fs::rename(&self.path, &self.before))
    }

    /// Takes the second name back.
    pub(crate) fn give_back(&self) -> io::Result<()> {
        match self.is_kept() {
            // A rename between two names of one file changes nothing.
            true => std::fs::remove_file(&self.before),
            false => std::fs::rename(&self.before, &self.path),
        }
    }

    /// Puts our hook here, over what stands here.
    pub(crate) fn put(&self, text: &[u8]) -> io::Result<()> {
        if !self.path.is_symlink() {
            return files::write_program(&self.path, text);
        }
        // What a link leads to is somebody else's: only the link is replaced.
        let aside = self.path.with_extension("envward-new");
        files::write_program(&aside, text)?;
        std::fs::rename(&aside, &self.path)
    }

    /// Whether the hook that stands here has its second name already: a run before this one was killed.
    pub(crate) fn is_kept(&self) -> bool {
        let identity = |path: &Path| path.symlink_metadata().ok().map(|meta| (meta.dev(), meta.ino()));
        identity(&self.before).is_some_and(|known| Some(known) == identity(&self.path))
    }

    /// Whether a hook stood here before ours.
    pub(crate) fn has_before(&self) -> bool {
        self.before.symlink_metadata().is_ok()
    }
}

/// Whether a script asks for the name under which it was called, as one that replaces many hooks does.
fn goes_by_its_name(text: &[u8]) -> bool {
    const ASKED: [&[u8]; 7] = [
        b"basename \"$0",
        b"basename $0",
        b"basename -- \"$0",
        b"${0##",
        b"argv[0]",
        b"$PROGRAM_NAME",
        b"File.basename(__FILE__",
    ];
    ASKED.iter().any(|asked| memchr::memmem::find(text, asked).is_some())
}

fn read(hook: &Path) -> Result<Option<Vec<u8>>, Problem> {
    let (Some(dir), Some(name)) = (hook.parent(), hook.file_name()) else { return Ok(None) };
    let root = Root::open(dir).map_err(|error| Problem::io(RelPath::new(dir.as_os_str().as_bytes()), &error))?;
    root.read(&RelPath::new(name.as_bytes()))
}
