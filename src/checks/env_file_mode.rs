//! `env-file-mode`: an env file that others can open.

use super::{Artifact, Check, Context, Example, Kind, Step};
use crate::finding::{Fact, Finding, Severity};
pub(crate) static CHECK: Check = Check {
    id: "env-file-mode",
    title: "an env file that others can open",
    doc: r#"## What it does

Reports an env file, or a forgotten copy of one, whose mode is other than 0600 or stricter. The mode is read from the open descriptor, so it is that of the file that was judged. Modes of `[files] allowed_modes` pass. A warning where the file holds no filled secret yet.

## Why it matters

Everything in an env file is a password. Editors, `cat >` and `git checkout` make files with mode 0644, which every account on the machine can read, also the one that a broken web application runs as.

## What to do

`chmod 600 .env`, or `envward check --fix`. A container that runs as another user gets the file's content from Docker, which reads it as root: it needs no wider mode.

## Facts

- `mode`: the mode, in octal
"#,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    bad: &[
        Example { about: "readable by everyone", steps: &[Step::File(".env", 0o644, "DB_PASSWORD={password}\n")] },
        Example {
            about: "readable by the group",
            steps: &[Step::File("backend/.env.production", 0o640, "DB_PASSWORD={password}\n")],
        },
    ],
    good: &[
        Example { about: "private", steps: &[Step::File(".env", 0o600, "DB_PASSWORD={password}\n")] },
        Example { about: "stricter still", steps: &[Step::File(".env", 0o400, "DB_PASSWORD={password}\n")] },
    ],
    run,
};

fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(stat) = file.stat.filter(|_| file.is_private() && file.keeps_modes) else { return };
    let allowed = context.config.files.allowed_modes.iter().any(|allowed| stat.mode & !allowed == 0);
    if stat.mode & !0o600 == 0 || allowed {
        return;
    }
    let severity = if file.may_hold_secrets() { Severity::Error } else { Severity::Warning };
    findings.push(
        Finding::new(&CHECK, file.origin(), who(stat.mode), "chmod 600 {path:sh}")
            .severity(severity)
            .fact("mode", Fact::Mode(stat.mode)),
    );
}

fn who(mode: u32) -> &'static str {
    match mode {
        _ if mode & 0o002 != 0 => "everyone on this machine can change it (mode {mode})",
        _ if mode & 0o004 != 0 => "everyone on this machine can read it (mode {mode})",
        _ if mode & 0o020 != 0 => "its group can change it (mode {mode})",
        _ if mode & 0o040 != 0 => "its group can read it (mode {mode})",
        _ => "its mode is {mode}; an env file needs 0600 at most",
    }
}
