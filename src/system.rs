//! What the system is asked for, once: the clock, the random generator, who runs this. The rest of the library gets it
//! as a parameter, so that a test can say what day it is.

use std::ffi::OsString;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use rand::TryRng;
use rand::rngs::SysRng;

use crate::error::Error;
use crate::git::Oid;
use crate::ledger::StatePlace;
use crate::secret::GroupKey;
use crate::terminal::Style;

/// The `ENVWARD_STATE_DIR` of those who want no ledger.
const NO_LEDGER: &str = "/dev/null";

/// The variable in which a completion script says which shell asks.
pub const COMPLETING: &str = "ENVWARD_COMPLETE";

/// The shell that asks for completions, if one does.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks the variables")]
pub fn completing() -> Option<String> {
    std::env::var(COMPLETING).ok().filter(|shell| !shell.is_empty())
}

/// The program of this name that a shell would start.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that asks the variables")]
pub fn on_path(name: &str) -> Option<PathBuf> {
    let is_program = |path: &PathBuf| path.metadata().is_ok_and(|meta| meta.is_file() && meta.mode() & 0o111 != 0);
    std::env::split_paths(&std::env::var_os("PATH")?).map(|dir| dir.join(name)).find(is_program)
}

/// The surroundings of one run.
pub struct System {
    /// Today, in UTC, so that a report does not depend on where it was made.
    pub today: Date,
    /// This instant.
    pub now: Timestamp,
    /// Groups equal values within this run.
    pub group: GroupKey,
    /// The effective user.
    pub user: u32,
    /// Where the rotation ledger is, or is to be; `None` where nothing says.
    pub state: Option<StatePlace>,
    /// Whether somebody wants no ledger at all, so that `state` is `None`.
    pub ledger_is_off: bool,
    /// Where the user's own configuration is: `XDG_CONFIG_HOME`, else `~/.config`.
    pub config: Option<PathBuf>,
    /// The user's home.
    pub home: Option<PathBuf>,
    /// `CREDENTIALS_DIRECTORY`: where systemd puts the credentials of a service, which no other service can read.
    pub credentials: Option<PathBuf>,
    /// Where relative paths start.
    pub directory: PathBuf,
    /// Where throwaway directories are made.
    pub temporary: PathBuf,
    /// How text for people is set on standard output.
    pub style: Style,
    /// `GIT_INDEX_FILE`: under `git commit -a` and `git commit -- path` the index is another file.
    pub index_file: Option<PathBuf>,
    /// `GIT_DIR`: where a hook's repository is, if git says it.
    pub git_dir: Option<PathBuf>,
    /// `GIT_WORK_TREE`: where its work tree is.
    pub work_tree: Option<PathBuf>,
    /// `GIT_QUARANTINE_PATH`: where a server keeps the objects of a push until it is taken.
    pub quarantine: Option<PathBuf>,
    /// The commits that `git merge` merges, as it tells its hook: `GITHEAD_<id>`.
    pub merge_heads: Vec<Oid>,
    /// What is pushed, where the pre-commit framework runs a pre-push hook: the id in `PRE_COMMIT_TO_REF`, which it leaves
    /// out where the first commit is among it, else the name in `PRE_COMMIT_LOCAL_BRANCH`.
    pub push_tip: Option<String>,
    /// `PRE_COMMIT_REMOTE_BRANCH`: the ref's full name there.
    pub push_name: Option<OsString>,
    /// This program's own path; `None` where the system does not say it: a chroot without `/proc`.
    pub program: Option<PathBuf>,
    /// The name of the host, as it calls itself.
    pub host: String,
}

impl System {
    /// With the day and the screen of another one.
    #[must_use]
    pub fn with_screen_of(self, other: &Self) -> Self {
        Self { today: other.today, now: other.now, style: other.style, ..self }
    }

    /// This program's own path, for those who write it into a file.
    ///
    /// # Errors
    /// The system does not say it.
    pub fn own_program(&self) -> Result<&Path, Error> {
        self.program.as_deref().ok_or_else(|| {
            Error::blocked(
                "the path of this program is unknown, because /proc is not mounted",
                "mount it: mount -t proc proc /proc",
            )
        })
    }

    /// Asks.
    ///
    /// # Errors
    /// No random generator, or a current directory that is gone.
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the clock and the variables")]
    pub fn ask() -> Result<Self, Error> {
        let mut key = [0; 32];
        SysRng.try_fill_bytes(&mut key).map_err(|_| Error::Random)?;
        let directory = std::env::current_dir().map_err(|error| Error::io("find", ".", &error))?;
        let now = Timestamp::now();
        let user = rustix::process::geteuid().as_raw();
        let path = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let word = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        Ok(Self {
            today: TimeZone::UTC.to_datetime(now).date(),
            now,
            group: GroupKey::new(key),
            user,
            state: state_place(user, &directory),
            ledger_is_off: path("ENVWARD_STATE_DIR").is_some_and(|dir| dir.as_os_str() == NO_LEDGER),
            config: config_home(),
            home: home(user),
            credentials: path("CREDENTIALS_DIRECTORY"),
            directory,
            temporary: std::env::temp_dir(),
            style: style(),
            index_file: path("GIT_INDEX_FILE"),
            git_dir: path("GIT_DIR"),
            work_tree: path("GIT_WORK_TREE"),
            quarantine: path("GIT_QUARANTINE_PATH"),
            merge_heads: merge_heads(),
            push_tip: word("PRE_COMMIT_TO_REF").or_else(|| word("PRE_COMMIT_LOCAL_BRANCH")),
            push_name: path("PRE_COMMIT_REMOTE_BRANCH").map(PathBuf::into_os_string),
            program: std::env::current_exe().ok(),
            host: rustix::system::uname().nodename().to_string_lossy().into_owned(),
        })
    }
}

/// Without colour where `NO_COLOR` is set (<https://no-color.org>: present and not empty), and on a terminal that has
/// none.
#[expect(clippy::disallowed_methods, reason = "the one place that asks the variables")]
fn style() -> Style {
    let style = Style::of_output();
    let has_no_colour = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let is_dumb = std::env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style { colour: style.colour && !has_no_colour && !is_dumb, ..style }
}

#[expect(clippy::disallowed_methods, reason = "the variables of a place that this file finds")]
fn merge_heads() -> Vec<Oid> {
    let names = std::env::vars_os().map(|(name, _)| name.into_encoded_bytes());
    names.filter_map(|name| Oid::from_hex(name.strip_prefix(b"GITHEAD_")?)).collect()
}

/// `HOME`, else what the system knows of the user.
#[expect(clippy::disallowed_methods, reason = "the variables of a place that this file finds")]
fn home(user: u32) -> Option<PathBuf> {
    let given = std::env::var_os("HOME").map(PathBuf::from).filter(|home| home.is_absolute());
    given.or_else(|| {
        let user = nix::unistd::User::from_uid(nix::unistd::Uid::from_raw(user)).ok()??;
        Some(user.dir).filter(|home| home.is_absolute())
    })
}

#[expect(clippy::disallowed_methods, reason = "the variables of a place that this file finds")]
fn config_home() -> Option<PathBuf> {
    let variable = |name| std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute());
    variable("XDG_CONFIG_HOME").or_else(|| Some(variable("HOME")?.join(".config")))
}

/// `ENVWARD_STATE_DIR` (`/dev/null` for none at all), else `/var/lib/envward` for root, else `envward` in `XDG_STATE_HOME`, which is
/// `~/.local/state` (XDG Base Directory Specification 0.8; a relative path there is to be ignored).
#[expect(clippy::disallowed_methods, reason = "the variables of a place that this file finds")]
fn state_place(user: u32, directory: &Path) -> Option<StatePlace> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(given) = variable("ENVWARD_STATE_DIR") {
        if given.as_os_str() == NO_LEDGER {
            return None;
        }
        return Some(StatePlace { dir: directory.join(given), home: None });
    }
    if user == 0 {
        return Some(StatePlace { dir: "/var/lib/envward".into(), home: Some("/".into()) });
    }
    let home = home(user);
    let state = variable("XDG_STATE_HOME").filter(|dir| dir.is_absolute());
    let state = state.or_else(|| Some(home.as_ref()?.join(".local/state")))?;
    Some(StatePlace { dir: state.join("envward"), home })
}
