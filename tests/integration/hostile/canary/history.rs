//! History.

use super::*;

#[test]
fn in_the_history() {
    run(&[
        case("staged", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            sandbox.git(&["add", "--all"]);
            env(sandbox, "A=x\n");
        }),
        case("still live", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            commit(sandbox);
        }),
        case("removed", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n{marker}=x\n{marker}\n"));
            commit(sandbox);
            sandbox.git(&["rm", "--quiet", ".env"]);
            commit(sandbox);
            sandbox.file("prod.env", 0o600, format!("A={marker}\n"));
        }),
        case("removed with its name", |sandbox, marker| {
            let name = format!("{marker}/prod.env");
            sandbox.file(&name, 0o600, format!("A={marker}\n"));
            commit(sandbox);
            sandbox.git(&["rm", "--quiet", &name]);
            commit_as(sandbox, "Ada", "take it out");
            env(sandbox, &format!("A={marker}\n"));
        }),
        case("without a name", |sandbox, marker| {
            sandbox.file("blob", 0o600, format!("DB_PASSWORD={marker}\n"));
            let blob = sandbox.git(&["hash-object", "-w", "blob"]);
            sandbox.git(&["tag", "--annotate", "--message", marker, marker, &blob]);
            sandbox.file("blob", 0o600, format!("DB_PASSWORD={marker}\nA=x\n"));
            sandbox.git(&["hash-object", "-w", "blob"]);
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
        case("under another name", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            sandbox.file(format!("{marker}/notes-{marker}.txt"), 0o600, format!("DB_PASSWORD={marker}\n"));
            commit(sandbox);
        }),
        case("in a commit that nothing reaches", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            commit(sandbox);
            sandbox.git(&["checkout", "--quiet", "--orphan", "new"]);
            sandbox.git(&["branch", "--quiet", "-D", "main"]);
            sandbox.git(&["reflog", "expire", "--expire=now", "--all"]);
        }),
        case("in a repository of that name", |sandbox, marker| {
            let inner = format!("{marker}/inner");
            sandbox.mkdir(&inner, 0o755);
            sandbox.git(&["-C", &inner, "init"]);
            sandbox.file(format!("{inner}/.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
            sandbox.git(&["-C", &inner, "add", "--all"]);
            sandbox.git(&["-C", &inner, "commit", "--quiet", "--message", marker]);
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
        Case {
            commands: &[
                &["scan", "--since-commit", "HEAD~1"],
                &["scan", "--range", "HEAD~1..HEAD"],
                &["scan", "--range", "...HEAD~1"],
            ],
            ..case("in some of the commits", |sandbox, marker| {
                sandbox.file("README", 0o644, "x");
                commit(sandbox);
                env(sandbox, &format!("DB_PASSWORD={marker}\n"));
                commit_as(sandbox, marker, marker);
            })
        },
        case("a link's target", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            sandbox.link("prod.env", marker);
            commit(sandbox);
        }),
        case("pasted into other files", |sandbox, marker| {
            env(sandbox, "A=x\n");
            sandbox.file("plain.sh", 0o644, format!("run {marker}\n"));
            sandbox.file("header", 0o644, encode::base64(format!("user:{marker}").as_bytes()));
            sandbox.file("dump", 0o644, encode::hex(marker.as_bytes()));
            sandbox.file("wide.txt", 0o644, encode::utf16(marker, u16::to_be_bytes));
            sandbox.file(format!("{marker}/{marker}.md"), 0o644, format!("# {marker}\n"));
            commit(sandbox);
            sandbox.git(&["notes", "add", "--message", marker]);
            sandbox.git(&["rm", "--quiet", "-r", "plain.sh", marker]);
            commit_as(sandbox, "Ada", "take it out");
            sandbox.file("dump", 0o644, format!("and in the work tree: {marker}\n"));
            env(sandbox, &format!("A={marker}\n"));
        }),
        Case {
            commands: &[&["scan", "--live", "MARKER/x.env"], &["scan", "--staged", "--live", "MARKER/x.env"]],
            ..case("an env file from elsewhere", |sandbox, marker| {
                sandbox.file("notes", 0o644, format!("{marker}\n"));
                commit(sandbox);
                sandbox.file(format!("{marker}/x.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
            })
        },
    ]);
}

#[test]
fn in_configuration() {
    run(&[
        bad_config("unknown key", |marker| format!("{marker} = \"{marker}\"\n")),
        bad_config("unknown table", |marker| format!("[{marker}]\nname = \"x\"\n")),
        bad_config("unknown key of a table", |marker| format!("[files]\n{marker} = 1\n")),
        bad_config("wrong type", |marker| format!("[files]\nextra = \"{marker}\"\n")),
        bad_config("broken TOML", |marker| format!("[project]\nname = \"{marker}\n")),
        bad_config("no TOML at all", |marker| format!("{marker}\n= {marker}")),
        bad_config("unknown check", |marker| ignore(marker, "why", "2030-01-01")),
        bad_config("no date", |marker| ignore("weak-secret", "why", marker)),
        config("reason", |marker| ignore("weak-secret", marker, "2030-01-01")),
        config("glob", |marker| format!("[files]\nextra = [\"{marker}/*\"]\nprune = [\"{marker}\"]\n")),
        config("project's name", |marker| format!("[project]\nname = \"{marker}\"\n")),
        case("ignore files", |sandbox, marker| {
            sandbox.file(".gitignore", 0o644, format!("{marker}\n!.env\n"));
            sandbox.file(".dockerignore", 0o644, format!("{marker}\n!{marker}\n[{marker}\n"));
            sandbox.file("Dockerfile", 0o644, format!("FROM scratch\nENV A={marker}\nCOPY . .\n"));
            sandbox.file("compose.yaml", 0o644, format!("services:\n  a:\n    environment:\n      A: {marker}\n"));
            env(sandbox, &format!("A={marker}\n"));
        }),
        case("git's configuration", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            sandbox.git(&["remote", "add", "origin", &format!("https://app:{marker}@example.invalid/{marker}.git")]);
            sandbox.git(&["config", &format!("alias.{marker}"), marker]);
        }),
    ]);
}

/// What the ledger knows to have been in use is not made anew.
#[test]
fn where_a_file_is_gone() {
    const COMMANDS: &[&[&str]] =
        &[&["init"], &["init", "--dry-run"], &["generate", "hex", "--into", ".env", "DB_PASSWORD"]];
    let gone = |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        sandbox.file(".env.example", 0o644, "DB_PASSWORD=\n");
        drop(sandbox.envward(&["rotation", "status"]));
        env(sandbox, "DB_PASSWORD=\n");
    };
    run(&[Case { incomplete: true, ..failure("a password that was in use", gone, COMMANDS) }]);
}

/// It is in use nowhere any more, and no mask knows it but by its fingerprint.
#[test]
fn where_the_value_before_still_stands() {
    const COMMANDS: &[&[&str]] = &[
        &["rotation", "rotate", "DB_PASSWORD", ".env", "--sql", "--role", "app"],
        &["rotation", "promote", "DB_PASSWORD", ".env"],
        &["rotation", "verify", "DB_PASSWORD", ".env", "--docker"],
        &["rotation", "verify", "DB_PASSWORD", ".env", "--redis"],
        &["rotation", "status"],
        &["rotation", "promote", "DB_PASSWORD", ".env", "--confirm"],
        &["rotation", "rollback", "DB_PASSWORD", ".env", "--sql", "--role", "app"],
        &["rotation", "rollback", "DB_PASSWORD", ".env"],
        &["rotation", "promote", "DB_PASSWORD", ".env"],
        &["rotation", "promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"],
    ];
    let literal = |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        let text = format!("services:\n  a:\n    image: x\n    environment: {{DB_PASSWORD: {marker}}}\n");
        sandbox.file(format!("{marker}/compose.yaml"), 0o644, text);
    };
    run(&[Case { commands: COMMANDS, ..case("a literal in a file of that name", literal) }]);
}
