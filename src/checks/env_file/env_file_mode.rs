//! `env-file-mode`: an env file that others can open.

use crate::check::{Check, Example, Fix, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::User;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-mode",
    title: "an env file that others can open",
    doc: r#"## What it does

Reports an env file, or a forgotten copy of one, whose mode is wider than 0600. The mode is read from the open file, so it belongs to the file that was examined. Modes in `[files] allowed_modes` pass. So does 0640 if the group is the group of every container that gets the file (`user: "472:472"`). Severity: error, or warning if the file does not contain a filled secret yet.

## Why it matters

Everything in an env file is a password. Editors, `cat >` and `git checkout` create files with mode 0644. Every account on the machine can read such a file, including the account of a compromised web application.

## What to do

`chmod 600 .env`, or `envward check --fix`. Docker itself reads the files in `env_file:`, so they need no wider mode. A file in `secrets:` or `volumes:` is mounted with the owner and mode that it has on the host, and Compose ignores `uid`, `gid` and `mode` there: give the file to the user that the container runs as (`chown 472`), then close it. `--fix` does not change such a file unless that user or root owns it, and says so.

## Facts

- `mode`: the mode, in octal
- `reader`: the user id of a container that gets the file and could not read it with mode 0600
"#,
    group: Group::EnvFile,
    severity: Severity::Error,
    kinds: &[Kind::EnvFile],
    tier: Tier::Exposure,
    fix: Some(Fix::Mode),
    checklist: &[(Item::PrivateEnvFiles, 1)],
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
};

pub(crate) fn run(artifact: &Artifact<'_>, context: &Context<'_>, findings: &mut Vec<Finding>) {
    let Artifact::File(file) = artifact else { return };
    let Some(stat) = file.stat.filter(|_| file.is_private() && file.keeps_modes) else { return };
    let allowed = context.config.files.allowed_modes.iter().any(|allowed| stat.mode & !allowed == 0);
    if stat.mode & !0o600 == 0 || allowed {
        return;
    }
    let readers = context.project.file_readers(&file.path);
    let is_of_group = |user: &User| matches!(user, User::Number(_, Some(group)) if *group == stat.gid);
    if stat.mode & !0o640 == 0 && !readers.is_empty() && readers.iter().all(is_of_group) {
        return;
    }
    let severity = if file.may_hold_secrets() { Severity::Error } else { Severity::Warning };
    let (help, reader) = match readers.as_slice() {
        _ if context.project.may_be_private(&file.path) => ("chmod 600 {path:sh}", Fact::None),
        [User::Number(user, _)] => {
            let help = "give this file to the user of its container: chown {reader} {path:sh} && chmod 600 {path:sh}";
            (help, Fact::Number(u64::from(*user)))
        }
        _ => ("give this file to the user of its container: chown UID {path:sh} && chmod 600 {path:sh}", Fact::None),
    };
    findings.push(
        Finding::new(&CHECK, file.origin(), who(stat.mode), help)
            .severity(severity)
            .fact("mode", Fact::Mode(stat.mode))
            .fact("reader", reader),
    );
}

fn who(mode: u32) -> &'static str {
    match mode {
        _ if mode & 0o002 != 0 => "everyone on this machine can change this file (mode {mode})",
        _ if mode & 0o004 != 0 => "everyone on this machine can read this file (mode {mode})",
        _ if mode & 0o020 != 0 => "the group of this file can change it (mode {mode})",
        _ if mode & 0o040 != 0 => "the group of this file can read it (mode {mode})",
        _ => "this file has mode {mode}, but an env file needs at most 0600",
    }
}
