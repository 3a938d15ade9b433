//! A terminal of a command's own, with somebody at it who reads and types.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use rustix::pty::OpenptFlags;
use rustix::termios::{LocalModes, Winsize};

use super::{Run, Sandbox};

/// Runs envward at a terminal; waits for each prompt and then types the answer. All that the screen showed; it must end
/// with exit status 0.
#[track_caller]
pub fn talk(sandbox: &Sandbox, args: &[&str], answers: &[(&str, &str)]) -> String {
    let (screen, code) = converse(sandbox, args, answers);
    assert_eq!(code, Some(0), "{screen}");
    screen
}

/// As [`talk`], with the exit status.
#[track_caller]
pub fn converse(sandbox: &Sandbox, args: &[&str], answers: &[(&str, &str)]) -> (String, Option<i32>) {
    converse_with(start(sandbox.command(args), None), answers)
}

/// What a terminal of so many columns shows of a command to which nobody says a word.
#[track_caller]
pub fn screen(command: Run<'_>, columns: u16) -> String {
    converse_with(start(command, Some(columns)), &[]).0
}

#[track_caller]
fn converse_with((mut ours, mut child): (File, Child), answers: &[(&str, &str)]) -> (String, Option<i32>) {
    let mut screen = Vec::new();
    for (prompt, answer) in answers {
        read_until(&mut ours, &mut screen, prompt);
        ours.write_all(format!("{answer}\n").as_bytes()).unwrap();
    }
    while read(&mut ours, &mut screen) {}
    let code = child.wait().unwrap().code();
    (String::from_utf8_lossy(&screen).replace("\r\n", "\n"), code)
}

/// Runs envward at a terminal up to a prompt, and ends it by a signal: the signal that it ended by, and whether the terminal
/// shows again what is typed.
#[track_caller]
pub fn end_at(sandbox: &Sandbox, args: &[&str], prompt: &str, signal: Signal) -> (Option<i32>, bool) {
    let (mut ours, mut child) = start(sandbox.command(args), None);
    read_until(&mut ours, &mut Vec::new(), prompt);
    kill_process(Pid::from_child(&child), signal).unwrap();
    let status = child.wait().unwrap();
    (status.signal(), rustix::termios::tcgetattr(&ours).unwrap().local_modes.contains(LocalModes::ECHO))
}

fn start(command: Run<'_>, columns: Option<u16>) -> (File, Child) {
    let (ours, theirs) = open();
    if let Some(ws_col) = columns {
        let size = Winsize { ws_row: 24, ws_col, ws_xpixel: 0, ws_ypixel: 0 };
        rustix::termios::tcsetwinsize(&ours, size).unwrap();
    }
    let envward = command.into_command();
    // setsid(1) makes it the controlling terminal.
    let mut command = Command::new("setsid");
    command.args(["--ctty", "--wait"]).arg(envward.get_program()).args(envward.get_args());
    command.env_clear().envs(envward.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.current_dir(envward.get_current_dir().unwrap());
    let end = || Stdio::from(theirs.try_clone().unwrap());
    (ours, command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap())
}

#[track_caller]
fn read_until(ours: &mut File, screen: &mut Vec<u8>, prompt: &str) {
    while memchr::memmem::find(screen, prompt.as_bytes()).is_none() {
        assert!(read(ours, screen), "no {prompt:?}:\n{}", String::from_utf8_lossy(screen));
    }
    if prompt.contains("not shown") {
        wait_for_silence(ours);
    }
}

fn open() -> (File, OwnedFd) {
    let ours = rustix::pty::openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    rustix::pty::grantpt(&ours).unwrap();
    rustix::pty::unlockpt(&ours).unwrap();
    let name = rustix::pty::ptsname(&ours, Vec::new()).unwrap();
    let flags = rustix::fs::OFlags::RDWR | rustix::fs::OFlags::NOCTTY;
    let theirs = rustix::fs::open(name, flags, rustix::fs::Mode::empty()).unwrap();
    (File::from(ours), theirs)
}

/// The prompt may be written before the echo is switched off.
fn wait_for_silence(terminal: &File) {
    for _ in 0..2000 {
        // It hides the echo before the question, and takes each character by itself once it waits for the answer.
        if !rustix::termios::tcgetattr(terminal).unwrap().local_modes.intersects(LocalModes::ECHO | LocalModes::ICANON)
        {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("what is typed is still shown");
}

/// More of the screen; false when there is no more: Linux answers EIO once the other end is closed.
fn read(terminal: &mut File, screen: &mut Vec<u8>) -> bool {
    let mut more = [0; 4096];
    match terminal.read(&mut more) {
        Ok(count) if count > 0 => {
            screen.extend_from_slice(&more[..count]);
            true
        }
        _ => false,
    }
}
