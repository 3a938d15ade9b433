//! Names.

use super::*;

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
