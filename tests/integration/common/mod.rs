//! A place of its own to run envward in: nothing of the machine gets in, and the same steps make the same commit ids.

pub mod canary;
pub mod combinations;
pub mod dice;
pub mod encode;
pub mod fill;
pub mod golden;
pub mod leak;
pub mod ledger;
pub mod listed;
pub mod ordeal;
pub mod packed;
pub mod packs;
pub mod postgres;
mod run;
pub mod schema;
pub mod servers;
pub mod tar;
pub mod terminal;
pub mod trace;

use std::cell::{Cell, RefCell};
use std::ffi::OsStr;
use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Once, OnceLock};

use envward::checks::Step;
use fill::fill;
use nix::sys::stat::{Mode, umask};
pub use run::{LIMIT, Output, Run};
use tempfile::TempDir;

/// The first git command's time; each one after it is a minute later.
const EPOCH: u32 = 1_767_603_600; // 2026-01-05T09:00:00Z

/// The day that tests call today.
pub const TODAY: &str = "2026-06-30";

/// Says that a test cannot run here. In the gate, which promises to run all, it fails.
pub fn skip(reason: &str) {
    assert!(std::env::var_os("ENVWARD_CI").is_none(), "skipped in the gate: {reason}");
    eprintln!("SKIPPED: {reason}");
}

/// Says that a test needs root; the gate, too, runs without.
pub fn skip_without_root(reason: &str) {
    eprintln!("SKIPPED: {reason}: only root can show it");
}

/// Whether root runs the tests.
pub fn own_uid_is_root() -> bool {
    nix::unistd::geteuid().is_root()
}

/// The repository's own file at `path`.
pub fn own_file(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A temporary directory with a home, a place for temporary files, and a project to examine.
pub struct Sandbox {
    _dir: TempDir,
    root: PathBuf,
    git_commands: Cell<u32>,
    processes: RefCell<Vec<Child>>,
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        for mut process in self.processes.take() {
            // It waits for a line, and gets none.
            drop(process.stdin.take());
            let _ = process.wait();
        }
    }
}

/// Puts a copy of envward in its place, once. What the linker wrote lies in the page cache in small pieces, and to map
/// them takes a tenth of each of many thousand runs.
fn write_the_program_in_one_piece() {
    static ONCE: Once = Once::new();
    let own = Path::new(env!("CARGO_BIN_EXE_envward"));
    ONCE.call_once(|| {
        // Cargo makes it a hard link: there is no second name where it was done already.
        if fs::metadata(own).unwrap().nlink() > 1 {
            let aside = own.with_extension(std::process::id().to_string());
            // By a program of its own: a file that a thread here still writes cannot be run.
            assert!(Command::new("cp").args([own, &aside]).status().unwrap().success());
            fs::rename(aside, own).unwrap();
        }
    });
}

impl Sandbox {
    pub fn new() -> Self {
        write_the_program_in_one_piece();
        umask(Mode::from_bits_truncate(0o022));
        let dir = tempfile::Builder::new().prefix("envward-test-").tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        for name in ["home", "tmp", "project", "no-git-template"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        Self { _dir: dir, root, git_commands: Cell::new(0), processes: RefCell::default() }
    }

    /// The whole place.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The path in the project.
    pub fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.root.join("project").join(path)
    }

    /// Runs envward in the project.
    pub fn envward(&self, args: &[&str]) -> Output {
        self.command(args).run()
    }

    /// envward with these arguments, to be run in the project.
    pub fn command(&self, args: &[&str]) -> Run<'_> {
        self.program(env!("CARGO_BIN_EXE_envward").as_ref(), args)
    }

    /// envward as somebody whom file modes bind, also where the tests run as root; `None` where that cannot be had.
    pub fn command_bound_by_modes(&self, args: &[&str]) -> Option<Run<'_>> {
        if !nix::unistd::geteuid().is_root() {
            return Some(self.command(args));
        }
        static CAN_BE_HAD: OnceLock<bool> = OnceLock::new();
        let without = ["--bounding-set", "-dac_override,-dac_read_search"];
        let try_it = || self.program("setpriv".as_ref(), &[&without[..], &["true"]].concat()).succeeds();
        if !CAN_BE_HAD.get_or_init(try_it) {
            return None;
        }
        let all = [&without[..], &[env!("CARGO_BIN_EXE_envward")], args].concat();
        Some(self.program("setpriv".as_ref(), &all))
    }

    /// A command line of `sh`, to be run in the project.
    pub fn shell(&self, line: &str) -> Run<'_> {
        self.program("sh".as_ref(), &["-c", line])
    }

    fn program(&self, program: &OsStr, args: &[&str]) -> Run<'_> {
        let mut command = Command::new(program);
        command.args(args).current_dir(self.path("")).env_clear();
        command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.root.join("home")).env("TMPDIR", self.root.join("tmp"));
        command.env("ENVWARD_STATE_DIR", self.root.join("state"));
        command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
        command.env("LANG", "C.UTF-8").env("TERM", "dumb").env("TZ", "UTC");
        Run::new(command, self)
    }

    /// Runs git in the project, as nobody in particular and on a fixed day; what it printed, without the last line
    /// break.
    pub fn git(&self, args: &[&str]) -> String {
        self.git_in("", args)
    }

    /// Runs git in a directory of the project.
    pub fn git_in(&self, dir: &str, args: &[&str]) -> String {
        self.git_command(dir, args).run().code(0).stdout.trim_end_matches('\n').to_owned()
    }

    /// git with these arguments, to be run in a directory of the project.
    pub fn git_command(&self, dir: &str, args: &[&str]) -> Run<'_> {
        let count = self.git_commands.get();
        self.git_commands.set(count + 1);
        let mut run = self.program("git".as_ref(), args).dir(dir);
        for who in ["AUTHOR", "COMMITTER"] {
            run = run.env(&format!("GIT_{who}_NAME"), "Ada").env(&format!("GIT_{who}_EMAIL"), "ada@example.com");
            run = run.env(&format!("GIT_{who}_DATE"), &format!("{} +0000", EPOCH + 60 * count));
        }
        let template = self.root.join("no-git-template");
        let settings = [
            ("init.defaultBranch", "main"),
            ("init.templateDir", template.to_str().unwrap()),
            ("gc.auto", "0"),
            ("maintenance.auto", "false"),
        ];
        for (at, (name, value)) in settings.iter().enumerate() {
            run = run.env(&format!("GIT_CONFIG_KEY_{at}"), name).env(&format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        run.env("GIT_CONFIG_COUNT", &settings.len().to_string()).env("GIT_ALLOW_PROTOCOL", "file")
    }

    /// Writes a file of the project with this mode, whatever the umask.
    pub fn file(&self, path: impl AsRef<Path>, mode: u32, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    }

    /// Makes a directory of the project (and those above it) with this mode.
    pub fn mkdir(&self, path: impl AsRef<Path>, mode: u32) {
        let path = self.path(path);
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(mode)).unwrap();
    }

    /// Makes `path` a symbolic link to `target`, which is taken as it stands.
    pub fn link(&self, path: impl AsRef<Path>, target: impl AsRef<Path>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(target, path).unwrap();
    }

    /// Makes `path` another name of the project's file `target`.
    pub fn hard_link(&self, path: impl AsRef<Path>, target: impl AsRef<Path>) {
        fs::hard_link(self.path(target), self.path(path)).unwrap();
    }

    /// Makes a named pipe, which hangs whoever opens it the usual way.
    pub fn fifo(&self, path: impl AsRef<Path>) {
        nix::unistd::mkfifo(&self.path(path), Mode::from_bits_truncate(0o600)).unwrap();
    }

    /// Builds an example's project. Whether that was possible here: where not, it has said why.
    #[must_use = "an example that cannot be made shows nothing"]
    pub fn run_steps(&self, steps: &[Step]) -> bool {
        for step in steps {
            match *step {
                Step::File(path, mode, text) => {
                    let root = self.path("");
                    let root = root.to_str().unwrap().trim_end_matches('/');
                    self.file(path, mode, fill(&Step::text(text).replace("{root}", root)));
                }
                Step::Dir(path, mode) => self.mkdir(path, mode),
                Step::Link(path, target) => self.link(path, target),
                Step::HardLink(path, target) => self.hard_link(path, target),
                Step::Remove(path) => fs::remove_file(self.path(path)).unwrap(),
                Step::Owner(path, user) => {
                    if std::os::unix::fs::chown(self.path(path), Some(user), None).is_err() {
                        skip_without_root("a file that somebody else owns");
                        return false;
                    }
                }
                Step::Acl(path) => {
                    if self.access_list(path).is_err() {
                        skip("the file system of the temporary directory keeps no access lists");
                        return false;
                    }
                }
                Step::Envward(words) => {
                    let output = self.envward(&words.split_whitespace().collect::<Vec<_>>());
                    assert!(output.code < 2, "envward {words}: {}", output.stderr);
                }
                // The one who runs the check reads this.
                Step::Later(_) => {}
                Step::Process(words) => drop(self.process(&fill(words))),
                Step::Image(path, command, files) => {
                    let files: Vec<(String, Vec<u8>)> =
                        files.iter().map(|(name, text)| ((*name).to_owned(), fill(text).into_bytes())).collect();
                    let config = serde_json::json!({"history": [{"created_by": fill(command)}]});
                    self.file(path, 0o600, tar::image(&config, &[files]));
                }
                Step::Git(words) => drop(self.git(&words.split_whitespace().collect::<Vec<_>>())),
            }
        }
        true
    }

    /// A process that runs as long as the sandbox is there, with these arguments; its number.
    pub fn process(&self, arguments: &str) -> u32 {
        let mut command = Command::new("sh");
        command.args(["-c", "read line"]).args(arguments.split_whitespace()).env_clear();
        let process = command.stdin(Stdio::piped()).spawn().unwrap();
        let id = process.id();
        self.processes.borrow_mut().push(process);
        id
    }

    /// Lets user 65534 read a file by an access list, then masks that by the file's own mode.
    fn access_list(&self, path: &str) -> rustix::io::Result<()> {
        let path = self.path(path);
        let mode = fs::metadata(&path).unwrap().permissions();
        set_access_list(&path, "system.posix_acl_access")?;
        fs::set_permissions(&path, mode).unwrap();
        Ok(())
    }
}

/// Lets user 65534 read by an access list: a file, or by the default one what is made in a directory.
pub fn set_access_list(path: &Path, which: &str) -> rustix::io::Result<()> {
    const NOBODY: u32 = 65_534;
    const NO_ID: u32 = u32::MAX;
    // The kernel's form: version 2, then tag, permissions and id of the owner, a user, the group, the mask, others.
    let entries: [(u16, u16, u32); 5] =
        [(0x01, 6, NO_ID), (0x02, 4, NOBODY), (0x04, 0, NO_ID), (0x10, 4, NO_ID), (0x20, 0, NO_ID)];
    let mut list = 2_u32.to_le_bytes().to_vec();
    for (tag, permissions, id) in entries {
        list.extend([&tag.to_le_bytes()[..], &permissions.to_le_bytes(), &id.to_le_bytes()].concat());
    }
    rustix::fs::setxattr(path, which, &list, rustix::fs::XattrFlags::empty())
}
