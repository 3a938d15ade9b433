//! Everybody who reads an env file or takes a URL apart, behind one function each.
//!
//! bash, dash and dotenvy run anywhere. The others need what `.ci/readers` installs; what not even that can bring
//! (Docker's client, systemd's library) is read by its documented rules, and by itself, too, where it is there.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The keys and values that a reader sees.
pub type Values = BTreeMap<String, String>;

/// How a reader is run.
enum Run {
    /// `set -a; . FILE`, in this shell.
    Shell,
    /// dotenvy, in this process.
    Dotenvy,
    /// read.py
    Python,
    /// read.cjs
    Node,
    /// read.rb, with Debian's ruby and a gem.
    Ruby,
    /// read.php, with Debian's phpdotenv.
    Php,
}

/// One that reads env files.
pub struct Reader {
    pub name: &'static str,
    run: Run,
    /// Whether it may be missing without a word: what it does, another one of the list does by the rules.
    extra: bool,
}

const fn reader(name: &'static str, run: Run) -> Reader {
    Reader { name, run, extra: false }
}

const fn extra(name: &'static str, run: Run) -> Reader {
    Reader { name, run, extra: true }
}

pub const READERS: [Reader; 13] = [
    reader("bash", Run::Shell),
    reader("dash", Run::Shell),
    reader("dotenvy", Run::Dotenvy),
    reader("python-dotenv", Run::Python),
    reader("compose-env-file", Run::Python),
    reader("compose-interpolation", Run::Python),
    reader("docker-rules", Run::Python),
    extra("docker-client", Run::Python),
    reader("systemd-rules", Run::Python),
    extra("systemd-library", Run::Python),
    reader("node-env-file", Run::Node),
    reader("npm-dotenv", Run::Node),
    reader("npm-dotenv-expand", Run::Node),
];

use envward::env::readers::Reader as Model;

/// The real reader of each model but the shells, for many files at once.
pub const REAL: [(Model, Reader); 14] = [
    (Model::Dotenvy, reader("dotenvy", Run::Dotenvy)),
    (Model::Compose, reader("compose-env-files", Run::Python)),
    (Model::Docker, extra("docker-client", Run::Python)),
    (Model::Systemd, extra("systemd-library", Run::Python)),
    (Model::Node, reader("node-parse-env", Run::Node)),
    (Model::NpmDotenv, reader("npm-dotenv", Run::Node)),
    (Model::NpmDotenvExpand, reader("npm-dotenv-expand", Run::Node)),
    (Model::PythonDotenv, reader("python-dotenv", Run::Python)),
    (Model::Honcho, reader("honcho", Run::Python)),
    (Model::Direnv, extra("direnv", Run::Python)),
    (Model::Godotenv, extra("godotenv", Run::Python)),
    (Model::RubyDotenv, extra("ruby-dotenv", Run::Ruby)),
    (Model::Phpdotenv, extra("phpdotenv", Run::Php)),
    (Model::Make, extra("make", Run::Python)),
];

/// One that takes URLs apart.
pub struct Parser {
    pub name: &'static str,
    script: &'static str,
    /// The schemes that it takes.
    pub schemes: &'static [&'static str],
}

pub const PARSERS: [Parser; 4] = [
    Parser { name: "libpq", script: "urls.py", schemes: &["postgresql"] },
    Parser { name: "urllib", script: "urls.py", schemes: &["postgresql", "redis"] },
    Parser { name: "redis-py", script: "urls.py", schemes: &["redis"] },
    Parser { name: "whatwg", script: "urls.cjs", schemes: &["postgresql", "redis"] },
];

/// What a parser sees.
#[derive(Debug, PartialEq, Eq, serde::Deserialize)]
pub struct Url {
    pub user: String,
    pub password: String,
    pub host: String,
    pub port: String,
    pub path: String,
}

impl Parser {
    /// What it sees in each URL, `None` where it refuses one. `None` where it cannot run here, after a word on it.
    pub fn take_apart(&self, urls: &[String]) -> Option<Vec<Option<Url>>> {
        let lines = script_command(self.script).and_then(|mut command| {
            command.arg(self.name);
            output_lines(command, &(urls.join("\n") + "\n"))
        });
        match lines {
            Ok(lines) => Some(lines.into_iter().map(|line| serde_json::from_str(&line).ok()).collect()),
            Err(reason) => {
                crate::common::skip(&format!("{}: {reason}", self.name));
                None
            }
        }
    }
}

impl Reader {
    /// What it sees in each file, `None` where it refuses one; an error says why it cannot run here.
    pub fn read(&self, files: &[PathBuf]) -> Result<Vec<Option<Values>>, String> {
        match self.run {
            Run::Shell => files.iter().map(|file| shell(self.name, file)).collect(),
            Run::Dotenvy => Ok(files.iter().map(|file| dotenvy(file)).collect()),
            Run::Python | Run::Node => {
                let script = if matches!(self.run, Run::Python) { "read.py" } else { "read.cjs" };
                let mut command = script_command(script)?;
                command.arg(self.name).args(files);
                Ok(output_lines(command, "")?.into_iter().map(|line| serde_json::from_str(&line).ok()).collect())
            }
            Run::Ruby => script_lines("ruby", &["read.rb"], files),
            Run::Php => script_lines("php", &["read.php", "/usr/share/php/Dotenv/autoload.php"], files),
        }
    }

    /// What it sees in one file that it must not refuse. `None` where it cannot run here, after a word on it.
    pub fn sees(&self, file: &Path) -> Option<Values> {
        if self.is_silently_missing() {
            return None;
        }
        match self.read(&[file.to_path_buf()]) {
            Ok(seen) => Some(seen.into_iter().next().flatten().unwrap_or_else(|| panic!("{} refuses it", self.name))),
            Err(reason) => {
                crate::common::skip(&format!("{}: {reason}", self.name));
                None
            }
        }
    }

    /// Whether it is an extra one that this machine does not have.
    pub fn is_silently_missing(&self) -> bool {
        let there = match self.name {
            "docker-client" => on_path("docker").is_some(),
            "systemd-library" => has_systemd(),
            "direnv" => on_path("direnv").is_some(),
            "godotenv" => {
                on_path("go").is_some() && Path::new("/usr/share/gocode/src/github.com/joho/godotenv").is_dir()
            }
            "ruby-dotenv" => has_ruby_dotenv(),
            "make" => on_path("make").is_some(),
            "phpdotenv" => has_phpdotenv(),
            _ => true,
        };
        self.extra && !there
    }
}

fn shell(shell: &str, file: &Path) -> Result<Option<Values>, String> {
    let program = on_path(shell).ok_or_else(|| format!("{shell} is not installed"))?;
    let mut command = Command::new(program);
    command.env_clear().args(["-c", "set -a; . \"$1\"; exec env -0", "sh"]).arg(file);
    let output = command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    // What a shell sets by itself.
    let own = ["PATH", "PWD", "OLDPWD", "SHLVL", "_"];
    let pairs = text.split_terminator('\0').filter_map(|pair| pair.split_once('='));
    let values = pairs.filter(|(key, _)| !own.contains(key)).map(|(key, value)| (key.to_owned(), value.to_owned()));
    Ok(output.status.success().then(|| values.collect()))
}

fn dotenvy(file: &Path) -> Option<Values> {
    let mut values = Values::new();
    for pair in ::dotenvy::from_path_iter(file).ok()? {
        let (key, value) = pair.ok()?;
        // The first one counts.
        values.entry(key).or_insert(value);
    }
    Some(values)
}

/// Runs a script of this directory by what `.ci/readers` installed.
fn script_command(script: &str) -> Result<Command, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let gate = root.join("target/gate");
    let program = gate.join(if script.ends_with(".py") { "venv/bin/python" } else { "node" });
    if !gate.join("installed").is_file() || !program.is_file() {
        return Err("target/gate is missing: `.ci/readers` installs it".to_owned());
    }
    let mut command = Command::new(program);
    command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("LANG", "C.UTF-8");
    command.env("NODE_PATH", gate.join("packages/node_modules")).env("PYTHONDONTWRITEBYTECODE", "1");
    command.arg(root.join("tests/integration/env/readers").join(script));
    Ok(command)
}

/// By a program of this machine.
fn script_lines(program: &str, arguments: &[&str], files: &[PathBuf]) -> Result<Vec<Option<Values>>, String> {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/integration/env/readers");
    let mut command = Command::new(on_path(program).ok_or_else(|| format!("{program} is not installed"))?);
    command.env_clear().env("LANG", "C.UTF-8").envs(std::env::var_os("RUBYLIB").map(|place| ("RUBYLIB", place)));
    command.arg(scripts.join(arguments[0])).args(&arguments[1..]).args(files);
    Ok(output_lines(command, "")?.into_iter().map(|line| serde_json::from_str(&line).ok()).collect())
}

/// Of version 3, as the model: version 2 is another one.
fn has_ruby_dotenv() -> bool {
    let Some(ruby) = on_path("ruby") else { return false };
    let asks = "require 'dotenv/version'; exit(Dotenv::VERSION.to_i >= 3)";
    Command::new(ruby).args(["-e", asks]).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

/// Of a version that counts the lines of a value in quotes as the model does: since 5.6.
fn has_phpdotenv() -> bool {
    let lines = std::fs::read_to_string("/usr/share/php/Dotenv/Parser/Lines.php").unwrap_or_default();
    on_path("php").is_some() && lines.contains("startsOnCurrentLine")
}

/// `set -a; . FILE` in a shell that finds no program, in `dir`.
pub fn shell_without_programs(shell: &str, file: &Path, dir: &Path) -> Option<Values> {
    let mut command = Command::new(on_path(shell).unwrap());
    let script = "set -a; . \"$FILE\" </dev/null >/dev/null 2>&1; exec /usr/bin/env -0";
    command.env_clear().env("PATH", "/nonexistent").env("FILE", file).args(["-c", script]).current_dir(dir);
    let output = command.stdin(Stdio::null()).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let own = ["PATH", "PWD", "OLDPWD", "SHLVL", "_", "FILE"];
    let pairs = text.split_terminator('\0').filter_map(|pair| pair.split_once('='));
    let values = pairs.filter(|(key, _)| !own.contains(key)).map(|(key, value)| (key.to_owned(), value.to_owned()));
    // A shell that ended has not come to `env`.
    (!output.stdout.is_empty()).then(|| values.collect())
}

fn output_lines(mut command: Command, stdin: &str) -> Result<Vec<String>, String> {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let mut pipe = child.stdin.take().unwrap();
    let text = stdin.to_owned();
    let writer = std::thread::spawn(move || {
        // Who does not read it closes its end; that is no failure.
        let _ = pipe.write_all(text.as_bytes());
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout).unwrap().lines().map(str::to_owned).collect())
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|dir| dir.join(program)).find(|path| path.is_file())
}

fn has_systemd() -> bool {
    let found = |dir: PathBuf| {
        let entries = std::fs::read_dir(dir).into_iter().flatten().flatten();
        entries.into_iter().any(|entry| entry.file_name().to_string_lossy().starts_with("libsystemd-shared-"))
    };
    let multiarch = std::fs::read_dir("/usr/lib").into_iter().flatten().flatten();
    found(PathBuf::from("/usr/lib/systemd")) || multiarch.into_iter().any(|dir| found(dir.path().join("systemd")))
}
