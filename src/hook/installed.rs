//! What stands where a hook belongs.

use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use super::script::Script;
use super::tool::Tool;
use crate::files::{self, Root};
use crate::path::RelPath;
use crate::problem::Problem;

/// The end of the name under which the hook that stood there before goes on being run.
pub(crate) const BEFORE: &str = ".before-envward";
/// The end of the name that the pre-commit framework gives to the hook that it found; it runs it.
const LEGACY: &str = ".legacy";
/// The directory beside husky's own hooks in which it keeps those that git runs.
const HUSKY: &str = "_";

/// What is there.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// Our script with this text.
    Ours(Vec<u8>),
    /// Another hook, which calls envward: the hook itself, or the file of its own that it runs.
    Calling,
    /// Another tool's hook, which runs envward because this file of the work tree says so.
    Through(&'static str),
    /// Another hook, behind which the pre-commit framework runs ours.
    Behind,
    /// Another hook that keeps its name: under another one it would do nothing, or git tracks it. The file that must call
    /// envward.
    Named(PathBuf),
    /// husky's hooks belong here, and husky has not written them.
    NotWritten,
    /// Another hook.
    Foreign,
}

/// The place of one hook.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) before: PathBuf,
    /// The top of the work tree, where there is one.
    top: Option<PathBuf>,
}

impl Place {
    pub(crate) fn new(dir: &Path, script: &Script, top: Option<&Path>) -> Self {
        let name = |end: &str| dir.join(format!("{}{end}", script.name));
        Self { path: name(""), before: name(BEFORE), top: top.map(Path::to_path_buf) }
    }

    pub(crate) fn found(&self, script: &Script) -> Result<Found, Problem> {
        let husky = self.of_husky(script);
        let Ok(meta) = self.path.symlink_metadata() else {
            let is_written = |hook: &PathBuf| hook.with_file_name(HUSKY).join("h").exists();
            return Ok(if husky.is_some_and(|hook| !is_written(&hook)) { Found::NotWritten } else { Found::Nothing });
        };
        if let Some(hook) = husky {
            let calls = hook.is_file() && read(&hook)?.is_some_and(|text| script.is_called_by(&text));
            return Ok(if calls { Found::Calling } else { Found::Named(hook) });
        }
        // A link may lead to a hook of ours in another place: it is not ours to write through.
        if !meta.is_file() {
            return Ok(self.target().map_or(Found::Foreign, |text| self.of_others(&text, script)));
        }
        Ok(match read(&self.path)? {
            Some(text) if script.is(&text) => Found::Ours(text),
            Some(text) => match self.of_others(&text, script) {
                Found::Foreign if self.is_behind(script)? => Found::Behind,
                found => found,
            },
            None => Found::Foreign,
        })
    }

    /// What a hook is that is not ours.
    fn of_others(&self, text: &[u8], script: &Script) -> Found {
        if script.is_called_by(text) {
            return Found::Calling;
        }
        let through = Tool::of(text).zip(self.top.as_ref()).and_then(|(tool, top)| tool.calls(script, top));
        match through {
            Some(file) => Found::Through(file),
            None if goes_by_its_name(text) => Found::Named(self.path.clone()),
            None => Found::Foreign,
        }
    }

    /// husky's own hooks, which it writes again, only call the file of the same name one directory up.
    fn of_husky(&self, script: &Script) -> Option<PathBuf> {
        let dir = self.path.parent().filter(|dir| dir.ends_with(".husky/_"))?;
        Some(dir.parent()?.join(script.name))
    }

    /// The file in which another hook calls envward.
    pub(crate) fn called_in(&self, script: &Script) -> PathBuf {
        self.of_husky(script).unwrap_or_else(|| self.path.clone())
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

    /// The tool that wrote the hook that is here.
    pub(crate) fn tool(&self) -> Option<Tool> {
        read(&self.path).ok().flatten().and_then(|text| Tool::of(&text))
    }

    /// Whether the hook under the second name is an earlier one of the same tool, which wrote its hook over ours: nothing is
    /// lost with it.
    pub(crate) fn is_outdated(&self) -> Result<bool, Problem> {
        let (Some(now), Some(before)) = (read(&self.path)?, read(&self.before)?) else { return Ok(false) };
        Ok(now == before || Tool::of(&now).is_some() && Tool::of(&now) == Tool::of(&before))
    }

    /// Gives the hook that stands here its second name. It keeps the first one until ours is renamed over it: killed at
    /// any moment, one of the two guards the repository.
    pub(crate) fn keep(&self) -> io::Result<()> {
        if self.is_kept() {
            return Ok(());
        }
        if self.has_before() {
            std::fs::remove_file(&self.before)?;
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

/// The text of a hook; `None` where it is no file.
pub(super) fn read(hook: &Path) -> Result<Option<Vec<u8>>, Problem> {
    let (Some(dir), Some(name)) = (hook.parent(), hook.file_name()) else { return Ok(None) };
    let root = Root::open(dir).map_err(|error| Problem::io(RelPath::new(dir.as_os_str().as_bytes()), &error))?;
    root.read(&RelPath::new(name.as_bytes()))
}
