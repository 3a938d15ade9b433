//! The canary: a value planted wherever values get to, every command run over it, and everything written searched.
//!
//! One case is left out on purpose: a PATH argument that does not exist. What somebody types in place of a path is
//! theirs, their shell has kept it already, and an error that does not name it helps nobody. It is only escaped:
//! [`a_path_that_does_not_exist_is_named_escaped`].

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;

use crate::common::canary::{Case, FORMATS, case, failure, marker, observe, run, run_with, unexpected};
use crate::common::fill::base62;
use crate::common::leak::Marker;
use crate::common::{Sandbox, encode};

#[test]
fn in_env_files() {
    run(&[
        in_env("value", |marker| format!("DB_PASSWORD={marker}\n")),
        in_env("quoted value", |marker| format!("A='{marker}'\nB=\"{marker}\"\nexport C={marker}\n")),
        in_env("duplicate key", |marker| format!("A={marker}\nA=x\nA={marker}\n")),
        in_env("inside a URL", |marker| format!("DATABASE_URL=postgres://app:{marker}@db:5432/app\n")),
        in_env("bare line", |marker| format!("{marker}\nA=x\n")),
        in_env("key", |marker| format!("{marker}=x\n{marker}={marker}\n")),
        in_env("comment", |marker| format!("# {marker}\nA=x # {marker}\n")),
        in_env("inline ignore", |marker| {
            format!("# envward: ignore[weak-secret] {marker}\n# envward: ignore[{marker}] why\nA={marker}\n")
        }),
        case("PEM body", |sandbox, marker| {
            let label = "PRIVATE KEY-----";
            env(sandbox, &format!("KEY=-----BEGIN {label}\n{marker}\n{marker}=\n-----END {label}\nA=x\n"));
        }),
        in_env("behind an open quote", |marker| format!("A=\"{marker}\n{marker}=x\nB={marker}\n")),
        in_env("executed and expanded", |marker| {
            format!("A=$(echo {marker})\nB=`{marker}`\nC=${{{marker}}}\nD=${{X:-{marker}}}\nE=${marker}\n")
        }),
        case("bytes that are no text", |sandbox, marker| {
            let text = [
                b"\xef\xbb\xbfA=\xff",
                marker.as_bytes(),
                b"\0",
                marker.as_bytes(),
                b"\r\nB=\x1b]0;",
                marker.as_bytes(),
            ];
            env(sandbox, &text.concat());
        }),
        case("UTF-16", |sandbox, marker| {
            let text: Vec<u8> = format!("\u{feff}A={marker}\n").encode_utf16().flat_map(u16::to_le_bytes).collect();
            env(sandbox, &text);
        }),
        case("template", |sandbox, marker| {
            sandbox.file(".env.example", 0o644, format!("DB_PASSWORD={marker}\n# {marker}\n{marker}\n"));
            env(sandbox, &format!("DB_PASSWORD={marker}\nOTHER={marker}\n"));
        }),
        case("copies", |sandbox, marker| {
            for name in [".env.bak", ".env~", ".envrc", "prod.env", ".env.production", ".env.test"] {
                sandbox.file(name, 0o644, format!("DB_PASSWORD={marker}\n"));
            }
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
    ]);
}

#[test]
fn in_examples() {
    run(&[
        in_example("value", |marker| format!("DB_PASSWORD={marker}\nJWT_SECRET=\n")),
        in_example("kept value", |marker| format!("# envward: keep\nDB_PASSWORD={marker}\nJWT_SECRET=\n")),
        in_example("value that is replaced", |marker| format!("# envward: hex 64\nDB_PASSWORD={marker}\nHOST=\n")),
        in_example("inside a URL", |marker| {
            format!("# envward: keep\nDATABASE_URL=postgres://app:{marker}@db:5432/{marker}\nREDIS_PASSWORD=\n")
        }),
        in_example("key", |marker| format!("{marker}=\n{marker}x=changeme\n")),
        in_example("key twice", |marker| format!("{marker}=\n{marker}=\n")),
        in_example("annotations", |marker| format!("# envward: {marker} 64\nA_SECRET=\n")),
        in_example("annotation of another key", |marker| {
            format!("# envward: same {marker}\nA_SECRET=\n# envward: same {marker}\n\n{marker}=\n")
        }),
        in_example("a key that is taken over", |marker| format!("{marker}=\n# envward: same {marker}\nA_SECRET=\n")),
        in_example("references", |marker| {
            format!("DB_PASSWORD=\n# envward: expand\nA=${{DB_PASSWORD}}{marker}\n# envward: expand\nB=${{{marker}}}\n")
        }),
        in_example("comments and a bare line", |marker| format!("# {marker}\nA_SECRET=\n{marker}\n")),
        in_example("open quote", |marker| format!("A_SECRET=\nB=\"{marker}\n")),
        in_example("ciphertext", |marker| format!("A_SECRET=encrypted:{marker}\n")),
        case("its name and its directory", |sandbox, marker| {
            sandbox.file(format!("{marker}/.env.{marker}.example"), 0o644, "JWT_SECRET=\n");
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        }),
        case("an env file beside it", |sandbox, marker| {
            sandbox.file(".env.example", 0o644, "JWT_SECRET=\nDB_PASSWORD=\n");
            env(sandbox, &format!("JWT_SECRET=\nDB_PASSWORD={marker}\n{marker}=\n"));
        }),
    ]);
}

#[test]
fn in_staged_files_and_commits() {
    run(&[
        in_staged("plain", "notes.txt", |marker| format!("one\n{marker}\n").into()),
        in_staged("base64", "notes.txt", |marker| encode::base64(format!("a:{marker}").as_bytes()).into()),
        in_staged("hex", "dump", |marker| encode::hex(marker.as_bytes()).into()),
        in_staged("UTF-16", "notes.txt", |marker| encode::utf16(marker, u16::to_le_bytes)),
        in_staged("template", ".env.example", |marker| format!("DB_PASSWORD={marker}\n").into()),
        in_staged("env file", "prod.env", |marker| format!("DB_PASSWORD={marker}\n{marker}\n").into()),
        in_staged("ciphertext that is none", ".env.vault", |marker| format!("X={marker}\n").into()),
        in_staged("configuration", "envward.toml", |marker| format!("# {marker}\n").into()),
        case("in its name", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            sandbox.file(format!("{marker}/{marker}.txt"), 0o644, marker);
            sandbox.git(&["add", marker]);
        }),
        case("committed and not pushed", |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD={marker}\n"));
            sandbox.file(format!("{marker}.txt"), 0o644, marker);
            sandbox.git(&["add", "."]);
            sandbox.git(&["commit", "--quiet", "--no-verify", "--author", &format!("{marker} <a@b>"), "-m", marker]);
        }),
    ]);
}

/// What a push brings besides files: git gives it to the hook on standard input.
#[test]
fn in_what_is_pushed() {
    let marker = marker();
    let value = marker.value();
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["commit", "-q", "--allow-empty", "-m", value]);
    env(&sandbox, &format!("DB_PASSWORD={value}\n"));
    sandbox.file("notes", 0o644, value);
    let blob = sandbox.git(&["hash-object", "-w", ".env"]);
    sandbox.git(&["add", "--force", ".env", "notes"]);
    let tree = sandbox.git(&["write-tree"]);
    sandbox.git(&["tag", "--annotate", "--message", value, value]);
    sandbox.git(&["tag", "--annotate", "--message", value, "file", &blob]);
    let none = "0".repeat(40);
    for id in ["HEAD", value, "file", &blob, &tree].map(|name| sandbox.git(&["rev-parse", name])) {
        for (hook, line) in [
            ("pre-push", format!("refs/heads/{value} {id} refs/heads/{value} {none}\n")),
            ("pre-push", format!("{value}\n")),
            ("pre-receive", format!("{none} {id} refs/tags/{value}\n")),
            ("pre-receive", format!("{none} {value} {id}\n")),
        ] {
            let command = sandbox.command(&["hook", "run", hook, "origin", value]).stdin(&line);
            let (output, leaks) = observe(&marker, &sandbox, command);
            assert_eq!(leaks, [""; 0], "{hook} {}", line.replace(value, "MARKER"));
            assert!((1..=2).contains(&output.code) && !output.stdout.is_empty(), "{hook} {output:?}");
        }
    }
}

/// A value in use in a file of the index.
fn in_staged(name: &'static str, path: &'static str, content: impl Fn(&str) -> Vec<u8> + 'static) -> Case {
    case(name, move |sandbox, marker| {
        env(sandbox, &format!("DB_PASSWORD={marker}\n"));
        sandbox.file(path, 0o644, content(marker));
        sandbox.git(&["add", "--force", path]);
    })
}

#[test]
fn in_names() {
    run(&[
        case("file name", |sandbox, marker| {
            sandbox.file(format!("{marker}.env"), 0o644, format!("A={marker}\n"));
            sandbox.file(format!(".env.{marker}"), 0o644, format!("A={marker}\n"));
            env(sandbox, &format!("A={marker}\n"));
        }),
        case("directory", |sandbox, marker| {
            sandbox.file(format!("{marker}/.env"), 0o644, format!("A={marker}\n"));
            sandbox.mkdir(marker, 0o777);
            env(sandbox, &format!("A={marker}\n"));
        }),
        case("link", |sandbox, marker| {
            sandbox.link(".env.local", format!("../{marker}"));
            env(sandbox, &format!("A={marker}\n"));
        }),
        case("branch and tag", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            commit(sandbox);
            sandbox.git(&["branch", marker]);
            sandbox.git(&["tag", &format!("v-{marker}")]);
            sandbox.git(&["tag", "--annotate", "--message", marker, &format!("{marker}/signed")]);
        }),
        case("author", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            commit_as(sandbox, marker, "first");
        }),
        case("commit message", |sandbox, marker| {
            env(sandbox, &format!("A={marker}\n"));
            commit_as(sandbox, "Ada", marker);
        }),
        case("stash message", |sandbox, marker| {
            env(sandbox, "A=x\n");
            commit(sandbox);
            env(sandbox, &format!("A={marker}\n"));
            sandbox.git(&["stash", "push", "--message", marker]);
            env(sandbox, &format!("A={marker}\n"));
        }),
    ]);
}

/// What stops a command, in places that are called as a value in use.
#[test]
fn in_names_that_errors_tell() {
    let env_of = |text: &str| format!("DB_PASSWORD='{text}'\n");
    run(&[
        case("an example that cannot be filled", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            for (name, text) in [("a", "# envward: hexes\nA_SECRET=\n"), ("b", "A=1\nA=2\n"), ("c", "A=\"x\n")] {
                sandbox.file(format!("{name}-{marker}/.env.example"), 0o644, text);
            }
        }),
        case("a place for an env file that is something else", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            sandbox.file(format!("{marker}/.env.example"), 0o644, "A_SECRET=\n");
            sandbox.mkdir(format!("{marker}/.env"), 0o755);
        }),
        case("a directory that everybody may write", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            sandbox.file(format!("{marker}/.env"), 0o600, env_of(marker));
            sandbox.file(format!("{marker}/.env.example"), 0o644, "DB_PASSWORD=\nA_SECRET=\n");
            sandbox.mkdir(marker, 0o777);
        }),
        case("a pipe", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            commit(sandbox);
            sandbox.fifo(format!("{marker}.env"));
        }),
        case("a broken compose file", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            sandbox.file(format!("{marker}.yaml"), 0o644, "services: [\n");
            sandbox.file("compose.yaml", 0o644, format!("include: [{marker}.yaml]\nservices:\n  a:\n    image: a\n"));
        }),
        case("the hooks' directory", move |sandbox, marker| {
            env(sandbox, &env_of(marker));
            sandbox.mkdir(format!("hooks-{marker}"), 0o755);
            sandbox.git(&["config", "core.hooksPath", &format!("hooks-{marker}")]);
        }),
        case("several files with one key", move |sandbox, marker| {
            for dir in ["x", "y"] {
                sandbox.file(format!("{dir}-{marker}/.env"), 0o600, env_of(marker));
            }
        }),
    ]);
}

/// Characters that a screen shows by an escape.
#[test]
fn with_characters_that_are_not_shown() {
    let marker = Marker::new(&format!("{}\u{202e}{}\u{61c}x", base62("hidden", 14), base62("more", 14)));
    run_with(
        &marker,
        &[case("in names", move |sandbox, marker| {
            env(sandbox, &format!("DB_PASSWORD='{marker}'\n"));
            sandbox.file(format!("{marker}/.env.example"), 0o644, "A_SECRET=\n");
            sandbox.file(format!("{marker}/prod.env"), 0o644, format!("DB_PASSWORD='{marker}'\n"));
            sandbox.file(format!("b-{marker}/.env.example"), 0o644, "# envward: hexes\nA_SECRET=\n");
        })],
    );
}

/// A value with everything in it that one notation or another writes otherwise.
#[test]
fn with_characters_that_are_written_otherwise() {
    let marker = Marker::new(&format!("{}'\"$\\# \u{fc}{}", base62("odd", 14), base62("odder", 14)));
    let quoted = |value: &str| {
        let escape = |one: char| if "\\\"$`".contains(one) { format!("\\{one}") } else { one.to_string() };
        format!("DB_PASSWORD=\"{}\"\n", value.chars().map(escape).collect::<String>())
    };
    let forms = |value: &str| {
        let backslashed = value.replace('\\', "\\\\").replace('\'', "\\'").replace('"', "\\\"").replace('$', "\\$");
        let percent: String = value.bytes().map(|byte| format!("%{byte:02x}")).collect();
        let json = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\u{fc}', "\\u00fc");
        let single = value.replace('\'', "'\\''");
        [value.to_owned(), backslashed.replace(' ', "\\ ").replace('#', "\\#"), percent, json, single]
    };
    run_with(
        &marker,
        &[
            case("in names", move |sandbox, marker| {
                env(sandbox, &quoted(marker));
                for (at, form) in forms(marker).iter().enumerate() {
                    sandbox.file(format!("{at} {form}.txt"), 0o644, format!("{at}\n"));
                    sandbox.file(format!("{at}/{form}/prod.env"), 0o600, quoted(marker));
                }
                sandbox.file("kept", 0o644, marker);
                commit_as(sandbox, marker, marker);
            }),
            case("in other files", move |sandbox, marker| {
                env(sandbox, &quoted(marker));
                sandbox.file("notes", 0o644, forms(marker).join("\n"));
                sandbox.file(
                    "compose.yaml",
                    0o644,
                    format!("services:\n  a:\n    image: a\n    command: '{}'\n", marker.replace('\'', "''")),
                );
                commit_as(sandbox, "Ada", "add");
            }),
        ],
    );
}

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
        &["rotation", "promote", "DB_PASSWORD", ".env", "--confirm"],
    ];
    let literal = |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        let text = format!("services:\n  a:\n    image: x\n    environment: {{DB_PASSWORD: {marker}}}\n");
        sandbox.file(format!("{marker}/compose.yaml"), 0o644, text);
    };
    run(&[Case { commands: COMMANDS, ..case("a literal in a file of that name", literal) }]);
}

#[test]
fn in_compose_files() {
    run(&[
        in_compose("environment", |marker| {
            format!("services:\n  a:\n    image: x\n    environment: {{DB_PASSWORD: {marker}, {marker}: x}}\n")
        }),
        in_compose("a list", |marker| {
            format!("services:\n  a:\n    image: x\n    environment: [DB_PASSWORD={marker}, {marker}=x, {marker}]\n")
        }),
        in_compose("a default", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    environment: ['DB_PASSWORD=${{X:-{marker}}}', 'URL=postgres://u:{marker}@db/x']\n"
            )
        }),
        in_compose("commands and labels", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    command: redis-server --requirepass {marker}\n    entrypoint: [x, '--password={marker}', '{marker}']\n    \
                 labels: {{token: {marker}, {marker}: x}}\n    healthcheck: {{test: 'curl -H token={marker} x'}}\n"
            )
        }),
        in_compose("build and configs", |marker| {
            format!(
                "services:\n  a:\n    build: {{context: ., args: {{NPM_TOKEN: {marker}}}, target: {marker}}}\nconfigs:\n  c: {{content: 'password={marker}'}}\n"
            )
        }),
        in_compose("a Dockerfile, contexts and fields of its own", |marker| {
            format!(
                "x-a: {{DB_PASSWORD: {marker}, {marker}: [A_TOKEN={marker}]}}\nservices:\n  a:\n    build:\n      context: https://u:{marker}@a.example/{marker}\n      \
                 additional_contexts: {{{marker}: 'docker-image://{marker}', b: './{marker}', c: '/{marker}'}}\n      target: {marker}\n      \
                 dockerfile_inline: |\n        FROM {marker} AS {marker}\n        ENV DB_PASSWORD={marker}\n        COPY --from={marker} /{marker} /\n"
            )
        }),
        in_compose("options, hooks and what is taken over", |marker| {
            format!(
                "services:\n  a:\n    image: x\n    logging: {{driver: x, options: {{splunk-token: {marker}}}}}\n    \
                 post_start: [{{command: 'redis-cli -a {marker}', environment: [A_TOKEN={marker}]}}]\n    \
                 annotations: {{token: {marker}}}\n    volumes_from: [b]\n    devices: ['/dev/sda:/{marker}']\n  \
                 b: {{image: x, volumes: ['~/.ssh/{marker}:/x', '/{marker}/.aws:/y']}}\nvolumes:\n  \
                 v: {{driver_opts: {{o: 'username={marker},password={marker}'}}}}\n"
            )
        }),
        in_compose("names", |marker| {
            format!(
                "services:\n  {marker}:\n    image: {marker}/x:{marker}\n    networks: [{marker}]\n    depends_on: [{marker}, b]\n    env_file: {marker}.env\n    \
                 volumes: ['./{marker}:/x', '/etc:/{marker}']\n    ports: ['5432:5432']\n    user: {marker}\n    restart: {marker}\n    cap_add: [{marker}]\n  \
                 b: {{image: '${{{marker}}}', environment: {{DB_PASSWORD: {marker}}}}}\nsecrets:\n  {marker}: {{file: ./{marker}.txt}}\n"
            )
        }),
        case("an override and its variables", |sandbox, marker| {
            sandbox.file(
                "compose.yaml",
                0o644,
                "services:\n  a: {image: 'x:${T}', environment: {A: '${DB_PASSWORD}'}}\n",
            );
            sandbox.file(
                format!("compose.{marker}.yaml"),
                0o644,
                format!("services:\n  a: {{environment: {{B_TOKEN: {marker}}}}}\n"),
            );
            env(
                sandbox,
                &format!(
                    "DB_PASSWORD={marker}\nT={marker}\nCORS_ORIGINS=http://{marker}.example\nAPI_URL=http://u:{marker}@a.example\nADMIN_API_KEY={marker}\n"
                ),
            );
        }),
        case("secret files", |sandbox, marker| {
            sandbox.file(
                "compose.yaml",
                0o644,
                "services:\n  a: {image: x, env_file: conf, secrets: [s]}\nsecrets: {s: {file: ./s.txt}}\n",
            );
            sandbox.file("conf", 0o644, format!("{marker}\nA={marker}\n"));
            sandbox.file("s.txt", 0o644, format!("{marker}\n"));
        }),
        broken_compose("an unknown key", |marker| format!("services:\n  a: {{image: x, {marker}: 1}}\n")),
        broken_compose("a truth that is none", |marker| format!("services:\n  a: {{image: x, init: '{marker}'}}\n")),
        broken_compose("an undefined secret", |marker| {
            format!("services:\n  a: {{image: x, secrets: ['{marker}']}}\n")
        }),
        broken_compose("a key twice", |marker| format!("services:\n  a: {{image: {marker}, image: {marker}}}\n")),
        broken_compose("no YAML", |marker| format!("services: {{{marker}: [\n")),
        broken_compose("no such alias", |marker| format!("services: *{marker}\n")),
        broken_compose("no such expansion", |marker| format!("services:\n  a: {{image: '${{{marker}!}}'}}\n")),
        broken_compose("no such file", |marker| {
            format!("services:\n  a: {{extends: {{file: '../{marker}', service: {marker}}}}}\n")
        }),
        broken_compose("nothing to extend", |marker| format!("services:\n  a: {{extends: {marker}}}\n")),
        bad_config("an unknown attestation", |marker| {
            format!("[preflight.attestations]\n{marker} = {{ on = 2026-01-01, by = \"x\" }}\n")
        }),
        bad_config("an unknown profile", |marker| format!("[preflight]\nprofile = \"{marker}\"\n")),
        config("an attestation", |marker| {
            format!(
                "[preflight.attestations]\nmonitoring = {{ on = 2026-01-01, by = \"{marker}\", until = 2099-01-01 }}\n"
            )
        }),
    ]);
}

#[test]
fn in_dockerfiles() {
    run(&[
        in_dockerfile("settings", |marker| {
            format!(
                "ARG A={marker}\nFROM x:1.0\nENV DB_PASSWORD={marker} {marker}=x\nARG {marker}\nARG API_KEY={marker}\nLABEL token={marker} {marker}=1\n"
            )
        }),
        in_dockerfile("commands", |marker| {
            format!(
                "FROM x:1.0\nRUN curl -u u:{marker} https://u:{marker}@example.com && export TOKEN={marker}\nRUN --mount=type=secret,id={marker} x\nCMD redis-cli -a {marker} --token {marker}\nENTRYPOINT [\"{marker}\"]\nHEALTHCHECK CMD mysqladmin -p{marker} ping\n"
            )
        }),
        in_dockerfile("here-documents", |marker| {
            format!(
                "FROM x:1.0\nRUN cat <<EOF > /x\nTOKEN={marker}\nEOF\nCOPY <<{marker} /app/.env\nDB_PASSWORD={marker}\n{marker}\n"
            )
        }),
        in_dockerfile("names", |marker| {
            format!(
                "FROM {marker}:{marker} AS {marker}\nFROM x/{marker}:latest\nCOPY --from={marker} --chown={marker} /{marker}/.env {marker}.pem ./\nUSER {marker}\nONBUILD USER {marker}\n"
            )
        }),
        in_dockerfile("what is done in others, and files of registries", |marker| {
            format!(
                "FROM x:1.0\nONBUILD ENV DB_PASSWORD={marker}\nONBUILD RUN x --token {marker}\nRUN --mount=from={marker},target=/x true\nRUN echo \"machine a login b password {marker}\" > .netrc\nRUN npm config set //a/:_authToken {marker}\nCOPY <<EOF .npmrc\n//a/:_auth={marker}\nEOF\n"
            )
        }),
        in_dockerfile("comments", |marker| {
            format!("# {marker}\n# escape=`\nFROM x:1.0 # {marker}\nRUN x \\\n# {marker}\n  y\n")
        }),
        broken_dockerfile("a word of no instruction", |marker| format!("FROM x:1.0\n{marker} {marker}\n")),
        broken_dockerfile("no end of a here-document", |marker| format!("FROM x:1.0\nRUN <<{marker}\nx {marker}\n")),
        broken_dockerfile("no FROM", |marker| format!("RUN {marker}\n")),
        case("its name and what it copies", |sandbox, marker| {
            sandbox.file(format!("{marker}/Dockerfile.{marker}"), 0o644, format!("FROM x\nCOPY . /{marker}\n"));
            sandbox.file(format!("{marker}/Dockerfile.{marker}.dockerignore"), 0o644, format!("{marker}\n"));
            sandbox.file(format!("{marker}/.env"), 0o600, format!("DB_PASSWORD={marker}\n"));
        }),
    ]);
}

#[test]
fn in_what_docker_says() {
    run(&[
        inspection("an environment", |marker| {
            format!(
                "[{{\"Name\":\"/api\",\"HostConfig\":{{}},\"Config\":{{\"User\":\"{marker}\",\"Env\":[\"DB_PASSWORD={marker}\",\"{marker}=x\",\"{marker}\",\"URL=postgres://u:{marker}@db/x\",\"N={marker}\"]}}}}]"
            )
        }),
        inspection("names", |marker| {
            format!(
                "[{{\"Name\":\"/{marker}\",\"HostConfig\":{{}},\"Mounts\":[{{\"Type\":\"bind\",\"Source\":\"/etc/{marker}\"}}],\"Config\":{{\"Image\":\"{marker}:{marker}\",\"Env\":[\"A_TOKEN={marker}\"]}}}}]"
            )
        }),
        inspection("docker ps and docker stats", |marker| {
            format!(
                "{{\"Names\":\"api\",\"Image\":\"{marker}\",\"State\":\"{marker}\",\"Status\":\"Up ({marker})\",\"Labels\":\"{marker}\"}}\n{{\"Name\":\"api\",\"MemPerc\":\"{marker}\",\"CPUPerc\":\"{marker}%\"}}"
            )
        }),
        inspection("a health check, rights and ports", |marker| {
            format!(
                "[{{\"Name\":\"/api\",\"ImageName\":\"{marker}\",\"State\":{{\"Status\":\"running\",\"OOMKilled\":true,\"Health\":{{\"Status\":\
                 \"unhealthy\",\"Log\":[{{\"ExitCode\":1,\"Output\":\"{marker}\"}}]}}}},\"HostConfig\":{{\"CapAdd\":[\"{marker}\",\"SYS_ADMIN\"],\
                 \"SecurityOpt\":[\"seccomp={marker}\"],\"Devices\":[{{\"PathOnHost\":\"/dev/sda/{marker}\"}}],\"PortBindings\":{{\"{marker}\":[\
                 {{\"HostIp\":\"{marker}\"}}],\"5432/tcp\":[{{\"HostIp\":\"{marker}\"}}]}}}},\"Config\":{{\"Entrypoint\":[\"{marker}\"],\"Cmd\":\
                 \"sh -c {marker}\",\"Labels\":{{\"{marker}\":\"{marker}\",\"com.docker.compose.service\":\"{marker}\"}}}}}}]"
            )
        }),
        inspection("docker compose ps and docker images", |marker| {
            format!(
                "{{\"Name\":\"api\",\"Project\":\"{marker}\",\"Service\":\"{marker}\",\"State\":\"{marker}\",\"Health\":\"{marker}\",\
                 \"Ports\":\"{marker}:1->5432/tcp\",\"Publishers\":[{{\"URL\":\"{marker}\",\"TargetPort\":5432,\"PublishedPort\":1}}]}}\n\
                 {{\"ID\":\"1d\",\"Repository\":\"redis\",\"Tag\":\"7\",\"CreatedAt\":\"2024-01-02 {marker}\",\"Digest\":\"{marker}\"}}"
            )
        }),
        scanned("Trivy", |marker| {
            format!(
                "{{\"SchemaVersion\":2,\"ArtifactName\":\"u:{marker}@host/{marker}:{marker}\",\"CreatedAt\":\"{marker}\",\"Results\":[{{\"Target\":\
                 \"{marker}\",\"Vulnerabilities\":[{{\"VulnerabilityID\":\"{marker}\",\"Severity\":\"HIGH\",\"FixedVersion\":\"{marker}\"}}],\
                 \"Secrets\":[{{\"Match\":\"{marker}\"}}]}}]}}"
            )
        }),
        scanned("Docker Scout", |marker| {
            format!(
                "{{\"runs\":[{{\"tool\":{{\"driver\":{{\"name\":\"docker scout {marker}\",\"rules\":[{{\"id\":\"{marker}\",\"properties\":\
                 {{\"cvssV3_severity\":\"HIGH\",\"fixed_version\":\"{marker}\"}}}}]}}}},\"results\":[{{\"ruleId\":\"{marker}\",\"message\":\
                 {{\"text\":\"{marker}\"}}}}],\"properties\":{{\"imageName\":\"{marker}\"}}}}]}}"
            )
        }),
        Case { incomplete: true, ..scanned("no report", str::to_owned) },
        Case {
            commands: INSPECT,
            ..case("a value that was replaced", |sandbox, marker| {
                let text = format!("DB_PASSWORD={marker}\n");
                env(sandbox, &text);
                drop(sandbox.envward(&["rotation", "status"]));
                env(sandbox, "DB_PASSWORD=\n");
                drop(sandbox.envward(&["rotation", "status"]));
                let text = format!(
                    "[{{\"Name\":\"/api\",\"HostConfig\":{{}},\"Config\":{{\"Env\":[\"PGPASSWORD={marker}\"]}}}}]"
                );
                sandbox.file("inspect.json", 0o600, text);
            })
        },
        broken_inspection("no JSON", |marker| format!("error: {marker}")),
        broken_inspection("another type", |marker| format!("[{{\"Name\":{{\"{marker}\":1}}}}]")),
        broken_inspection("no container", |marker| format!("[{{\"Name\":\"{marker}\"}}]")),
    ]);
}

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
                &["rotation", "rotate", "MARKER"],
                &["rotation", "rotate", "DB_PASSWORD", "--MARKER"],
                &["rotation", "promote", "MARKER"],
                &["rotation", "export", "--format", "MARKER"],
                &["rotation", "install", "--systemd", "--user", "MARKER"],
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

/// Every verb, format and failure of `key`, over a file, a standard input, a hash and arguments with the marker.
#[test]
fn in_admin_keys() {
    let marker = marker();
    let value = marker.value();
    let sandbox = Sandbox::new();
    plain(&sandbox, value);
    for (name, text) in [
        ("key", value.to_owned()),
        ("two", format!("{value}\n{value}\n")),
        ("blank", format!(" {value}")),
        // The shape of a key of envward's, so the checksum is what is wrong.
        ("damaged", format!("ab_{}_{}", &value[..10], value.repeat(2).get(..49).unwrap())),
        ("long", value.repeat(200)),
        ("hash", format!("$argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ${}", &value[..32])),
        ("foreign", format!("$2b$12${value}{value}")),
        ("costly", format!("$argon2id$v=19$m=4194304,t=1,p=1$c29tZXNhbHQ${value}")),
    ] {
        sandbox.file(name, 0o600, text);
    }
    let new =
        ["key", "new", "--prefix", "ab", "--name", "x", "--out", "made", "--params", "m=8,t=1,p=1", "--allow-weak"];
    drop(sandbox.envward(&new).code(0));
    let cases: [(&[&str], i32); 31] = [
        (&["key", "hash", "--key-file", "key"], 0),
        (&["key", "hash", "--key-file", "two"], 2),
        (&["key", "hash", "--key-file", "blank"], 2),
        (&["key", "hash", "--key-file", "damaged"], 2),
        (&["key", "hash", "--key-file", "long"], 2),
        (&["key", "hash"], 0),
        (&["key", "hash", "--params", "MARKER"], 2),
        (&["key", "hash", "MARKER"], 2),
        (&["key", "verify", "--key-file", "key"], 2),
        (&["key", "verify", "--key-file", "damaged"], 2),
        (&["key", "verify", "--key-file", "two"], 2),
        (&["key", "verify", "--hash-file", "hash"], 1),
        (&["key", "verify", "--hash-file", "key"], 2),
        (&["key", "verify", "--hash-file", "two"], 2),
        (&["key", "verify", "--hash-file", "long"], 2),
        (&["key", "verify", "--hash-file", "foreign"], 2),
        (&["key", "verify", "--hash-file", "costly"], 2),
        (&["key", "verify", "--rehash", "--hash-file", "hash"], 1),
        (&["key", "verify", "MARKER"], 2),
        (&["key", "verify", "--project", ".", "--key-file", "key"], 2),
        (&["key", "list", "--project", "."], 0),
        (&["key", "new", "--prefix", "MARKER", "--name", "x", "--out", "new"], 2),
        (&["key", "new", "--prefix", "ab", "--name", "x", "--out", "new", "--expires", "MARKER"], 2),
        (&["key", "new", "--prefix", "ab", "--name", "x", "--out", "new", "--replaces", "MARKER"], 2),
        (&["key", "new", "MARKER"], 2),
        (&["key", "revoke", "MARKER"], 2),
        (&["key", "list"], 0),
        (&["key", "list", "--format", "json"], 0),
        (&["key", "list", "--format", "MARKER"], 2),
        (&["key", "export", "--format", "sql"], 0),
        (&["key", "export", "--format", "json"], 0),
    ];
    for (args, status) in cases {
        let args: Vec<String> = args.iter().map(|arg| arg.replace("MARKER", value)).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        let (output, leaks) = observe(&marker, &sandbox, sandbox.command(&args).stdin(value));
        let line = args.join(" ").replace(value, "MARKER");
        assert!(leaks.is_empty(), "{line}: {leaks:?}");
        assert_eq!(unexpected(&output, Some(status)), None, "{line}: {}", output.stderr);
    }
}

/// A key that envward makes itself is in the file that was named, and nowhere else: not in the registry, not in an
/// output of any later command.
#[test]
fn a_new_key_is_in_its_file_alone() {
    let sandbox = Sandbox::new();
    plain(&sandbox, marker().value());
    let new = ["key", "new", "--prefix", "ab", "--name", "x", "--out", "made"];
    let output = sandbox.envward(&new).code(0);
    let key = fs::read_to_string(sandbox.path("made")).unwrap();
    // Its id is public: the secret alone is looked for.
    let secret = Marker::new(key.trim_end().rsplit('_').next().unwrap());
    assert_eq!(secret.find((output.stdout + &output.stderr).as_bytes()), None);
    let places = secret.survey(sandbox.root()).into_iter().filter(|(_, form)| form.is_some());
    let places: Vec<String> = places.map(|(path, _)| String::from_utf8(path).unwrap()).collect();
    assert_eq!(places, [sandbox.path("made").to_str().unwrap()]);
    let id = key.split('_').nth(1).unwrap();
    let cases: [(&[&str], i32); 9] = [
        (&new, 2),
        (&["key", "verify", "--key-file", "made"], 0),
        (&["key", "verify"], 0),
        (&["key", "verify", "--rehash", "--params", "rfc9106-64m"], 0),
        (&["key", "hash"], 0),
        (&["key", "list"], 0),
        (&["key", "export", "--format", "sql"], 0),
        (&["key", "revoke", id], 0),
        (&["key", "verify"], 1),
    ];
    for (args, status) in cases {
        let (output, leaks) = observe(&secret, &sandbox, sandbox.command(args).stdin(&key));
        assert!(leaks.is_empty(), "{args:?}: {leaks:?}");
        assert_eq!(unexpected(&output, Some(status)), None, "{args:?}: {}", output.stderr);
    }
    // In an env file it is a secret like every other.
    sandbox.file(".env", 0o600, format!("LOGIN={key}{key}"));
    for format in FORMATS {
        let (output, leaks) = observe(&secret, &sandbox, sandbox.command(&["check", "--format", format]));
        assert!(leaks.is_empty(), "{format}: {leaks:?}");
        assert!(output.stdout.contains("plain-admin-key"), "{format}: {}", output.stdout);
    }
}

#[test]
fn a_path_that_does_not_exist_is_named_escaped() {
    let sandbox = Sandbox::new();
    for command in ["check", "scan"] {
        let output = sandbox.envward(&[command, "no\x1b[31m\n/such\u{202e}path"]).code(2);
        let all = output.stdout + &output.stderr;
        assert!(!all.contains('\x1b') && !all.contains('\u{202e}') && !all.contains("\n/such"), "{all:?}");
    }
}

#[test]
fn what_reads_no_project_is_quiet_about_it() {
    let marker = marker();
    let sandbox = Sandbox::new();
    plain(&sandbox, marker.value());
    let commands: [&[&str]; 6] =
        [&["demo"], &["explain"], &["explain", "--all"], &["completions", "bash"], &["man"], &["--version"]];
    for command in commands {
        // The marker in the environment, too: nobody prints that.
        let run = sandbox.command(command).env("DB_PASSWORD", marker.value()).stdin(marker.value());
        let (output, leaks) = observe(&marker, &sandbox, run);
        assert!(leaks.is_empty(), "{command:?}: {leaks:?}");
        assert!(!output.stdout.is_empty() && unexpected(&output, None).is_none(), "{command:?}: {output:?}");
    }
}

#[test]
fn the_test_itself_finds_a_leak() {
    let marker = marker();
    let sandbox = Sandbox::new();
    plain(&sandbox, marker.value());
    // git in envward's place: it prints what it is asked to, and writes it to a file.
    sandbox.git(&["add", "--all"]);
    let cases: [(&[&str], i32, &[&str]); 4] = [
        (&["show", ":.env"], 0, &["plain in standard output"]),
        (&["show", marker.value()], 128, &["plain in standard error"]),
        (&["config", "some.key", marker.value()], 0, &["written to $SANDBOX/project/.git/config"]),
        (&["status"], 0, &[]),
    ];
    for (args, status, expected) in cases {
        let (output, leaks) = observe(&marker, &sandbox, sandbox.git_command("", args));
        assert_eq!(leaks, expected);
        assert_eq!(unexpected(&output, Some(status)), None);
    }
}

/// A case whose env file has this text.
fn in_env(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| env(sandbox, &text(marker)))
}

/// A case whose compose file has this text.
fn in_compose(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file("compose.yaml", 0o644, text(marker)))
}

fn in_dockerfile(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file("Dockerfile", 0o644, text(marker)))
}

/// A Dockerfile with a line that Docker refuses.
fn broken_dockerfile(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| sandbox.file("Dockerfile", 0o644, text(marker));
    failure(name, setup, &[&["preflight"], &["preflight", "--no-history"]])
}

const INSPECT: &[&[&str]] = &[&["preflight", "--inspect", "inspect.json"]];

/// A case whose `inspect.json` has this text.
fn inspection(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { commands: INSPECT, ..case(name, move |sandbox, marker| sandbox.file("inspect.json", 0o600, text(marker))) }
}

/// The same, where it is not what Docker writes.
fn broken_inspection(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { incomplete: true, ..inspection(name, text) }
}

/// A case whose `scan.json` has this text, beside something to deploy.
fn scanned(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        sandbox.file("compose.yaml", 0o644, "services:\n  a: {image: 'x:1.0.0'}\n");
        sandbox.file("scan.json", 0o644, text(marker));
    };
    Case { commands: &[&["preflight", "--scan-report", "scan.json"]], ..case(name, setup) }
}

/// A compose file that cannot be read, beside an env file with the marker as a value.
fn broken_compose(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        sandbox.file("compose.yaml", 0o644, text(marker));
    };
    failure(name, setup, &[&["check"], &["preflight"], &["preflight", "--no-history"]])
}

fn in_example(name: &'static str, text: fn(&str) -> String) -> Case {
    case(name, move |sandbox, marker| sandbox.file(".env.example", 0o644, text(marker)))
}

fn env(sandbox: &Sandbox, text: &(impl AsRef<[u8]> + ?Sized)) {
    sandbox.file(".env", 0o600, text);
}

fn plain(sandbox: &Sandbox, marker: &str) {
    if !sandbox.path(".git").exists() {
        sandbox.git(&["init"]);
    }
    env(sandbox, &format!("DB_PASSWORD={marker}\n"));
}

fn commit(sandbox: &Sandbox) {
    commit_as(sandbox, "Ada", "change");
}

fn commit_as(sandbox: &Sandbox, author: &str, message: &str) {
    sandbox.git(&["add", "--all"]);
    let command = sandbox.git_command("", &["commit", "--quiet", "--message", message]);
    drop(command.env("GIT_AUTHOR_NAME", author).env("GIT_COMMITTER_NAME", author).run().code(0));
}

/// Replaces a file of git's, which are often read-only.
fn overwrite(sandbox: &Sandbox, path: &str, text: &str) {
    let _ = fs::remove_file(sandbox.path(path));
    sandbox.file(path, 0o644, text);
}

/// A case whose `envward.toml` has this text, beside an env file with the marker as a value.
fn config(name: &'static str, text: fn(&str) -> String) -> Case {
    let setup = move |sandbox: &Sandbox, marker: &str| {
        plain(sandbox, marker);
        sandbox.file("envward.toml", 0o644, text(marker));
        // What is staged is judged by the staged configuration.
        sandbox.git(&["add", "envward.toml"]);
    };
    Case { is_setting: true, ..case(name, setup) }
}

/// The same, where it must be refused.
fn bad_config(name: &'static str, text: fn(&str) -> String) -> Case {
    Case { incomplete: true, is_setting: false, ..config(name, text) }
}

fn ignore(check: &str, reason: &str, until: &str) -> String {
    format!("[[ignore]]\ncheck = \"{check}\"\nreason = \"{reason}\"\nuntil = \"{until}\"\n")
}
