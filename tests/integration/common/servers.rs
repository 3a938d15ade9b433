//! Redis and MariaDB of the test's own, in a temporary directory, reached through a socket there alone; and a `docker` that
//! runs on this host what is to be run in a container.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use super::{LIMIT, Run, Sandbox, skip};

/// Shows one container by `docker inspect`. Passes `docker compose [-f FILE] exec -T [-e NAME] SERVICE COMMAND…` on to this host, and takes down all else.
const DOCKER: &str = r#"# A container that was made just now: it runs with what the env file has.
if [ "$1" = inspect ]; then
  env=$(grep = .env | sed 's/"//g; s/.*/"&",/' | tr -d '\n')
  printf '[{"Name":"/api","State":{"Status":"running"},"HostConfig":{},"Config":{"Env":[%s]}}]' "${env%,}"
  exit
fi
[ "$1" = compose ] || exit 64
shift
while [ "$1" = -f ]; do shift 2; done
if [ "$1" = ps ]; then echo c1; exit; fi
if [ "$1" != exec ]; then echo "docker compose $*" >>"$SERVERS/docker.log"; exit; fi
[ "$2" = -T ] || { echo 'the input device is not a TTY' >&2; exit 1; }
shift 2
# Nothing of this side's environment gets into a container, but for what is named.
given=
if [ "$1" = -e ]; then eval "value=\$$2"; given="$2=$value"; shift 2; fi
shift
exec env -u REDISCLI_AUTH -u MYSQL_PWD ${given:+"$given"} "$@"
"#;

/// A running server; it ends with this.
pub struct Server {
    dir: PathBuf,
    child: Child,
}

impl Server {
    /// Redis with a password; `None` where there is none, and then the test has said so.
    pub fn redis(sandbox: &Sandbox, password: &str) -> Option<Self> {
        let dir = place(sandbox, "redis-server")?;
        let arguments = ["--port", "0", "--unixsocket", "redis.sock", "--save", "", "--requirepass", password];
        let server = Self::start(&dir, Command::new("redis-server").args(arguments));
        server.wait(|| server.redis_cli(password, "PING") == "PONG");
        Some(server)
    }

    /// MariaDB with these users, each with a password; `None` where there is none, and then the test has said so.
    pub fn mariadb(sandbox: &Sandbox, users: &[(&str, &str)]) -> Option<Self> {
        let dir = place(sandbox, "mariadbd")?;
        let data = dir.join("data");
        // The server refuses root unless that is meant.
        let user = if nix::unistd::geteuid().is_root() { vec!["--user=root"] } else { vec![] };
        let data_dir = format!("--datadir={}", data.display());
        let install = ["--no-defaults", "--skip-test-db", "--auth-root-authentication-method=normal", &data_dir];
        // A server that starts deletes the temporary tables of every other one in the same directory.
        let temporary = dir.join("tmp");
        fs::create_dir_all(&temporary).unwrap();
        let mut program = Command::new("mariadb-install-db");
        let made = program.args(install).args(&user).env("TMPDIR", &temporary).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        let mut statements = String::new();
        for (account, password) in users {
            // One of the server's own is there, and keeps its rights.
            statements += &format!("CREATE USER IF NOT EXISTS {account};\n");
            statements += &format!("ALTER USER {account} IDENTIFIED BY '{password}';\n");
        }
        fs::write(dir.join("init.sql"), statements).unwrap();
        let (socket, init) = (dir.join("mariadb.sock"), dir.join("init.sql"));
        let mut command = Command::new("mariadbd");
        command.env("TMPDIR", &temporary);
        command.args([
            "--no-defaults",
            &data_dir,
            "--skip-networking",
            "--general-log",
            "--innodb-flush-log-at-trx-commit=0",
        ]);
        command.arg(format!("--socket={}", socket.display())).arg(format!("--init-file={}", init.display()));
        command.arg(format!("--general-log-file={}", dir.join("general.log").display())).args(&user);
        let server = Self::start(&dir, &mut command);
        let (name, password) = users.first().unwrap();
        server.wait(|| server.mariadb_as(name, password).status.success());
        Some(server)
    }

    fn start(dir: &Path, command: &mut Command) -> Self {
        let log = fs::File::create(dir.join("log")).unwrap();
        let child = command.current_dir(dir).stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        Self { dir: dir.to_path_buf(), child: child.spawn().unwrap() }
    }

    fn wait(&self, is_ready: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_ready() {
            let log = fs::read_to_string(self.dir.join("log")).unwrap_or_default();
            assert!(start.elapsed() < LIMIT, "the server does not start: {log}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Redis's answer to somebody with this password.
    pub fn redis_cli(&self, password: &str, question: &str) -> String {
        let mut command = Command::new("redis-cli");
        command.arg("-s").arg(self.dir.join("redis.sock")).args(question.split(' ')).env("REDISCLI_AUTH", password);
        let output = command.stdin(Stdio::null()).output().unwrap();
        String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).trim().to_owned()
    }

    /// What MariaDB says to an account (`'app'@'%'`) with this password.
    pub fn mariadb_as(&self, account: &str, password: &str) -> Output {
        let user = account.split('\'').nth(1).unwrap();
        let mut command = Command::new("mariadb");
        command.args(["--no-defaults", "-N", "-u", user, "-e", "SELECT 1"]).env("MYSQL_PWD", password);
        command.env("MYSQL_UNIX_PORT", self.dir.join("mariadb.sock")).stdin(Stdio::null()).output().unwrap()
    }

    /// The statements that MariaDB took down.
    pub fn statements(&self) -> String {
        fs::read_to_string(self.dir.join("general.log")).unwrap()
    }

    /// A printed command, typed in the project.
    pub fn typed<'s>(&self, sandbox: &'s Sandbox, line: &str) -> Run<'s> {
        typed(sandbox, &self.dir, line)
    }

    /// What Compose was asked to do.
    pub fn docker_log(&self) -> String {
        fs::read_to_string(self.dir.join("docker.log")).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A printed command, typed in the project: envward, docker and the clients are those of this test, and the servers those
/// whose sockets are in a directory.
pub fn typed<'s>(sandbox: &'s Sandbox, dir: &Path, line: &str) -> Run<'s> {
    let bin = sandbox.root().join("bin");
    fs::create_dir_all(&bin).unwrap();
    let program = |name: &str, text: &str| {
        fs::write(bin.join(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        let runs = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o755);
        fs::set_permissions(bin.join(name), runs).unwrap();
    };
    program("docker", DOCKER);
    program("envward", &format!("exec {} \"$@\"", env!("CARGO_BIN_EXE_envward")));
    program("redis-cli", &format!("exec {} -s {}/redis.sock \"$@\"", which("redis-cli"), dir.display()));
    // Debian's own defaults name another socket.
    let socket = dir.join("mariadb.sock");
    program("mariadb", &format!("exec {} --no-defaults -S {} \"$@\"", which("mariadb"), socket.display()));
    program("psql", &format!("PGHOST={} exec {} \"$@\"", dir.display(), which("psql")));
    let path = format!("{}:{}", bin.display(), std::env::var("PATH").unwrap());
    sandbox.shell(line).env("PATH", &path).env("SERVERS", dir.to_str().unwrap())
}

/// The server's directory; `None` where the program is not here.
fn place(sandbox: &Sandbox, program: &str) -> Option<PathBuf> {
    if which(program).is_empty() {
        skip(&format!("{program} is not here"));
        return None;
    }
    let dir = sandbox.root().join(program);
    fs::create_dir_all(&dir).unwrap();
    Some(dir)
}

/// Where a program is; nothing where it is not.
fn which(program: &str) -> String {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut places = std::env::split_paths(&path).map(|dir| dir.join(program));
    places.find(|place| place.is_file()).map(|place| place.display().to_string()).unwrap_or_default()
}
