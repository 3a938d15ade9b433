//! `env-file-mode`: an env file that others can open.

use crate::check::{Check, Example, Fix, Group, Item, Kind, Step, Tier};
use crate::checks::{Artifact, Context};
use crate::docker::compose::User;
use crate::finding::{Fact, Finding, Severity};

pub(crate) static CHECK: Check = Check {
    id: "env-file-mode",
    title: "an env file that others can open",
    doc: r#"## What it does

Reports an env file, or a forgotten copy of one, whose mode is other than 0600 or stricter. The mode is read from the open descriptor, so it is that of the file that was judged. Modes of `[files] allowed_modes` pass, and so does 0640 where the group is that of each container that is given the file (`user: "472:472"`). A warning where the file holds no filled secret yet.

## Why it matters

Everything in an env file is a password. Editors, `cat >` and `git checkout` make files with mode 0644, which every account on the machine can read, also the one that a broken web application runs as.

## What to do

`chmod 600 .env`, or `envward check --fix`. What a container gets through `env_file:` Docker reads itself: it needs no wider mode. A file behind `secrets:` or in `volumes:` is mounted as it is, with the host's owner and mode, and Compose ignores `uid`, `gid` and `mode` there: give it to the user that the container runs as (`chown 472`), and then close it. `--fix` leaves such a file alone unless that user is its owner or root, and says so.

## Facts

- `mode`: the mode, in octal
- `reader`: the number of the user of a container that is given the file, and would lose it with 0600
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
            let help = "give it to the user of its container: chown {reader} {path:sh} && chmod 600 {path:sh}";
            (help, Fact::Number(u64::from(*user)))
        }
        _ => ("give it to the user of its container: chown UID {path:sh} && chmod 600 {path:sh}", Fact::None),
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
        _ if mode & 0o002 != 0 => "everyone on this machine can change it (mode {mode})",
        _ if mode & 0o004 != 0 => "everyone on this machine can read it (mode {mode})",
        _ if mode & 0o020 != 0 => "its group can change it (mode {mode})",
        _ if mode & 0o040 != 0 => "its group can read it (mode {mode})",
        _ => "its mode is {mode}; an env file needs 0600 at most",
    }
}
