//! Failures.

use super::*;

#[test]
fn in_arguments() {
    let usage = |name, commands| failure(name, plain, commands);
    run(&[
        usage("date", &[&["check", "--as-of", "MARKER"], &["scan", "--as-of=MARKER"]]),
        usage(
            "choice",
            &[&["check", "--format", "MARKER"], &["scan", "--fail-on", "MARKER"], &["check", "--color=MARKER"]],
        ),
        usage(
            "commits",
            &[
                &["scan", "--range", "MARKER"],
                &["scan", "--range", "MARKER..MARKER"],
                &["scan", "--since-commit", "MARKER"],
            ],
        ),
        usage("option", &[&["check", "--MARKER"], &["scan", "--MARKER=MARKER"], &["--MARKER"]]),
        usage("value of a switch", &[&["check", "--fix=MARKER"]]),
        usage("command", &[&["MARKER"], &["hook", "MARKER"], &["hook", "run", "MARKER"]]),
        usage("one argument too many", &[&["check", ".", "MARKER"], &["scan", ".", "MARKER"], &["demo", "MARKER"]]),
        usage("check", &[&["explain", "MARKER"]]),
        usage(
            "making secrets",
            &[
                &["init", "--template", "MARKER"],
                &["init", "--owner", "MARKER"],
                &["init", "--owner", "0:MARKER"],
                &["init", "--environment", "MARKER"],
                &["init", "--MARKER"],
                &["generate", "MARKER"],
                &["generate", "hex", "MARKER"],
                &["generate", "hex", "--bytes", "MARKER"],
                &["generate", "password", "--alphabet", "MARKER"],
                &["generate", "password", "--into", ".env", "MARKER"],
                &["generate", "password", "--into", "sub/.env", "MARKER"],
            ],
        ),
        usage(
            "ages",
            &[
                &["rotation", "MARKER"],
                &["rotation", "status", "--MARKER"],
                &["rotation", "status", "--due", "--within", "MARKER"],
                &["rotation", "status", "--format", "MARKER"],
                &["rotation", "status", "--format", "json", "--as-of", "MARKER"],
                &["rotation", "record", "MARKER", "--at", "2020-01-01", "--reason", "wiki"],
                &["rotation", "record", "DB_PASSWORD", "--at", "MARKER", "--reason", "wiki"],
                &["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "MARKER"],
                &["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "wiki", "--owner", "MARKER"],
                &["rotation", "snooze", "DB_PASSWORD", "--until", "2030-01-01", "--reason", "it was MARKER"],
                &["rotation", "record", "DB_PASSWORD", "--expires", "MARKER"],
                &["rotation", "record", "DB_PASSWORD", "--expires", "2030-01-01", "--reason", "MARKER"],
                &["rotation", "record", "MARKER", "--expires", "2030-01-01"],
                &["rotation", "rotate", "MARKER"],
                &["rotation", "rotate", "DB_PASSWORD", "--MARKER"],
                &["rotation", "promote", "MARKER"],
                &["rotation", "export", "--format", "MARKER"],
                &["rotation", "export", "--format", "sql", "--host", "MARKER MARKER"],
                &["rotation", "export", "--format", "ical", "--host", "MARKER"],
                &["rotation", "status", "--from"],
                &["rotation", "status", "--from", "-", "MARKER"],
                &["rotation", "install", "--systemd", "--fleet", "password=MARKER"],
                &["rotation", "install", "--systemd", "--user", "MARKER"],
                &["rotation", "install", "--systemd", "--notify", "MARKER"],
                &["rotation", "install", "--systemd", "--notify", "MARKER:x"],
                &["rotation", "install", "--systemd", "--notify", "mail:MARKER MARKER"],
                &["rotation", "install", "--systemd", "--notify", "ntfy:MARKER"],
                &["rotation", "install", "--systemd", "--notify", "ntfy:https://a:MARKER@b/c"],
                &["rotation", "install", "--systemd", "--notify", "webhook:https://b/c?d=MARKER"],
                &["rotation", "install", "--systemd", "--notify", "command:MARKER"],
            ],
        ),
        usage(
            "a search of the host",
            &[
                &["trace", "--format", "MARKER"],
                &["trace", "--as-of", "MARKER"],
                &["trace", "--fail-on", "MARKER"],
                &["trace", "--MARKER"],
            ],
        ),
        usage(
            "a deployment",
            &[
                &["preflight", "--format", "MARKER"],
                &["preflight", "--profile", "MARKER"],
                &["preflight", "--as-of", "MARKER"],
                &["preflight", "--MARKER"],
                &["preflight", ".", "MARKER"],
                &["preflight", "--inspect", "MARKER", "--fix"],
                &["incident", "MARKER"],
                &["incident", "a", ".", "MARKER"],
                &["incident", "--MARKER"],
                &["incident", "a", "--evidence", "sub/../MARKER"],
                &["incident", "a", "--yes", "--reason", "MARKER"],
            ],
        ),
        usage("shell", &[&["completions", "MARKER"]]),
    ]);
}

#[test]
fn in_failures() {
    run(&[
        failure(
            "corrupt object",
            |sandbox, marker| {
                env(sandbox, &format!("A={marker}\n"));
                commit(sandbox);
                let id = sandbox.git(&["rev-parse", "HEAD:.env"]);
                overwrite(sandbox, &format!(".git/objects/{}/{}", &id[..2], &id[2..]), marker);
            },
            &[&["check"], &["scan"]],
        ),
        failure(
            "corrupt commit",
            |sandbox, marker| {
                env(sandbox, &format!("A={marker}\n"));
                commit(sandbox);
                let id = sandbox.git(&["rev-parse", "HEAD"]);
                overwrite(sandbox, &format!(".git/objects/{}/{}", &id[..2], &id[2..]), marker);
            },
            &[&["check"], &["scan"]],
        ),
        failure(
            "broken index",
            |sandbox, marker| {
                plain(sandbox, marker);
                overwrite(sandbox, ".git/index", &format!("DIRC{marker}"));
            },
            &[&["check"], &["scan"], &["scan", "--staged"]],
        ),
        failure(
            "broken ref",
            |sandbox, marker| {
                env(sandbox, &format!("A={marker}\n"));
                commit(sandbox);
                overwrite(sandbox, ".git/refs/heads/main", marker);
            },
            &[&["check"], &["scan"]],
        ),
        failure(
            "broken git configuration",
            |sandbox, marker| {
                plain(sandbox, marker);
                overwrite(sandbox, ".git/config", &format!("[core\n{marker} = {marker}\n"));
            },
            &[&["check"], &["scan"], &["scan", "--staged"]],
        ),
        failure(
            "named pipe",
            |sandbox, marker| {
                plain(sandbox, marker);
                sandbox.fifo(".env.production");
            },
            &[&["check"], &["check", "--no-history"]],
        ),
        failure(
            "huge file",
            |sandbox, marker| env(sandbox, &format!("A={marker}\n").repeat(120_000)),
            &[&["check"], &["check", "--no-history"]],
        ),
        failure(
            "no repository",
            |sandbox, marker| {
                env(sandbox, &format!("A={marker}\n"));
                fs::remove_dir_all(sandbox.path(".git")).unwrap();
            },
            &[&["scan"], &["scan", "--staged"]],
        ),
    ]);
}

#[test]
fn in_unreadable_files() {
    let marker = marker();
    for (name, mode) in [(".env", 0o000), ("sub", 0o000), ("envward.toml", 0o000)] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("A={}\n", marker.value()));
        sandbox.file("sub/.env", 0o600, format!("A={}\n", marker.value()));
        sandbox.file("envward.toml", 0o644, format!("[project]\nname = \"{}\"\n", marker.value()));
        fs::set_permissions(sandbox.path(name), Permissions::from_mode(mode)).unwrap();
        for format in FORMATS {
            let Some(command) = sandbox.command_bound_by_modes(&["check", "--no-history", "--format", format]) else {
                return crate::common::skip("root reads every file, and cannot give that up here");
            };
            let (output, leaks) = observe(&marker, &sandbox, command);
            assert!(leaks.is_empty(), "unreadable {name}: {leaks:?}");
            drop(output.code(2));
        }
        fs::set_permissions(sandbox.path(name), Permissions::from_mode(0o755)).unwrap();
    }
}
