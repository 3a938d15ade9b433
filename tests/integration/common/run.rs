//! One run of a command in a sandbox, and what it printed.

use std::io::Write as _;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use super::Sandbox;

/// No run takes longer; one that does hangs (on a FIFO, on a prompt).
pub const LIMIT: Duration = Duration::from_secs(60);

/// A command about to be run.
pub struct Run<'a> {
    command: Command,
    sandbox: &'a Sandbox,
    stdin: Vec<u8>,
}

impl<'a> Run<'a> {
    pub(super) fn new(command: Command, sandbox: &'a Sandbox) -> Self {
        Self { command, sandbox, stdin: Vec::new() }
    }

    /// With these bytes on standard input.
    pub fn stdin_bytes(mut self, bytes: Vec<u8>) -> Self {
        self.stdin = bytes;
        self
    }

    /// With this variable, too.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// In this directory of the project.
    pub fn dir(mut self, dir: &str) -> Self {
        self.command.current_dir(self.sandbox.path(dir));
        self
    }

    /// With this on standard input; else it is empty.
    pub fn stdin(mut self, text: &str) -> Self {
        self.stdin = text.into();
        self
    }

    /// Runs it.
    #[track_caller]
    pub fn run(self) -> Output {
        self.run_while(|| ())
    }

    /// Runs it, and does this meanwhile.
    #[track_caller]
    pub fn run_while(mut self, meanwhile: impl FnOnce()) -> Output {
        let line = format!("{:?}", self.command);
        let child = self.spawn().unwrap_or_else(|error| panic!("{line}: {error}"));
        meanwhile();
        let output = finish(child, self.stdin).unwrap_or_else(|| panic!("{line}: still running after {LIMIT:?}"));
        let text = |bytes| String::from_utf8(bytes).unwrap_or_else(|error| panic!("{line}: {error}: not UTF-8"));
        Output {
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            code: output.status.code().unwrap_or_else(|| panic!("{line}: {}", output.status)),
            sandbox: self.sandbox.root.to_str().unwrap().to_owned(),
            line,
        }
    }

    pub(super) fn succeeds(mut self) -> bool {
        self.spawn().ok().and_then(|child| finish(child, Vec::new())).is_some_and(|output| output.status.success())
    }

    /// The command itself, to be started in another way.
    pub fn into_command(self) -> Command {
        self.command
    }

    fn spawn(&mut self) -> std::io::Result<Child> {
        self.command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()
    }
}

/// Waits for a child; one that does not end is killed.
fn finish(mut child: Child, stdin: Vec<u8>) -> Option<std::process::Output> {
    let id = rustix::process::Pid::from_child(&child);
    let mut pipe = child.stdin.take().unwrap();
    std::thread::spawn(move || {
        // A child that does not read it closes its end; that is no failure.
        let _ = pipe.write_all(&stdin);
    });
    let (done, wait) = mpsc::channel();
    std::thread::spawn(move || done.send(child.wait_with_output().unwrap()));
    let output = wait.recv_timeout(LIMIT).ok();
    if output.is_none() {
        rustix::process::kill_process(id, rustix::process::Signal::KILL).unwrap();
    }
    output
}

/// What a run printed, and its exit status. Look at the status: `.code(1)`.
#[must_use = "look at the exit status"]
#[derive(Debug)]
pub struct Output {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
    line: String,
    sandbox: String,
}

impl Output {
    /// Fails unless the exit status is this one.
    #[track_caller]
    pub fn code(self, expected: i32) -> Self {
        let Self { stdout, stderr, code, line, .. } = &self;
        assert_eq!(*code, expected, "{line}\n--- stdout\n{stdout}\n--- stderr\n{stderr}");
        self
    }

    /// The report on standard output.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        let Self { stdout, stderr, line, .. } = self;
        serde_json::from_str(stdout).unwrap_or_else(|error| panic!("{line}: {error}\n{stdout}\n--- stderr\n{stderr}"))
    }

    /// Both streams, the sandbox's own path taken out.
    pub fn normalized(&self) -> String {
        format!("{}{}", self.stdout, self.stderr).replace(&self.sandbox, "$SANDBOX")
    }

    /// The same, as it reads where no line is broken.
    pub fn unwrapped(&self) -> String {
        self.normalized().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
