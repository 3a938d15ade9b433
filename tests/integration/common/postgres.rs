//! A PostgreSQL server of the test's own, in a temporary directory, reached through a socket there alone.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{LIMIT, Run, Sandbox, servers, skip};

/// Whom the server runs as where the tests run as root: it refuses root.
const USER: u32 = 1;

/// A running server; it ends with this.
pub struct Postgres {
    dir: PathBuf,
    child: Child,
}

impl Postgres {
    /// Starts one below the sandbox; `None` where there is no PostgreSQL, and then the test has said so.
    pub fn start(sandbox: &Sandbox) -> Option<Self> {
        let Some(bin) = programs() else {
            skip("PostgreSQL's server is not here");
            return None;
        };
        let dir = sandbox.root().join("pg");
        fs::create_dir(&dir).unwrap();
        if nix::unistd::geteuid().is_root() {
            // The user of the server must get there.
            let open = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o711);
            fs::set_permissions(sandbox.root(), open).unwrap();
            std::os::unix::fs::chown(&dir, Some(USER), Some(USER)).unwrap();
        }
        let data = dir.join("data");
        let arguments = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync", "-D", data.to_str().unwrap()];
        let made = command(&bin.join("initdb"), &dir).args(arguments).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        fs::write(data.join("pg_hba.conf"), "local all postgres trust\nlocal all all scram-sha-256\n").unwrap();
        let log = fs::File::create(dir.join("log")).unwrap();
        let child = command(&bin.join("postgres"), &dir)
            .args(["-D", data.to_str().unwrap(), "-k", dir.to_str().unwrap(), "-c", "listen_addresses="])
            .args(["-c", "log_statement=all", "-c", "log_connections=on", "-c", "fsync=off"])
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .spawn()
            .unwrap();
        let server = Self { dir, child };
        let start = Instant::now();
        while !server.psql("postgres", None, "SELECT 1").status.success() {
            assert!(start.elapsed() < LIMIT, "PostgreSQL does not start: {}", server.log());
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(server)
    }

    /// Runs a statement as a user with a password.
    pub fn psql(&self, user: &str, password: Option<&str>, statement: &str) -> Output {
        self.client(user, password).args(["-c", statement]).output().unwrap()
    }

    /// psql, ready to be run; without a password it never asks for one.
    pub fn client(&self, user: &str, password: Option<&str>) -> Command {
        let mut command = Command::new("psql");
        command.args(["-X", "-w", "-q", "-t", "-A", "-v", "ON_ERROR_STOP=1", "-d", "postgres"]);
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("PGHOST", &self.dir).env("PGUSER", user).stdin(Stdio::null());
        if let Some(password) = password {
            command.env("PGPASSWORD", password);
        }
        command
    }

    /// A printed command, typed in the project.
    pub fn typed<'s>(&self, sandbox: &'s Sandbox, line: &str) -> Run<'s> {
        servers::typed(sandbox, &self.dir, line)
    }

    /// What the server wrote down.
    pub fn log(&self) -> String {
        fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let id = rustix::process::Pid::from_child(&self.child);
        // A fast shutdown: the server's own children end with it.
        let _ = rustix::process::kill_process(id, rustix::process::Signal::INT);
        let _ = self.child.wait();
    }
}

/// Where the server's programs are: Debian keeps them out of PATH.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let debian = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    debian.chain(std::env::split_paths(&path)).find(|dir| dir.join("initdb").exists() && dir.join("postgres").exists())
}

fn command(program: &Path, dir: &Path) -> Command {
    let mut command = if nix::unistd::geteuid().is_root() {
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={USER}"), &format!("--regid={USER}"), "--clear-groups"]).arg(program);
        command
    } else {
        Command::new(program)
    };
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LC_ALL", "C").env("HOME", dir);
    command.current_dir(dir);
    command
}
