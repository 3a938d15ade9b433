//! The way out.

use super::*;

#[test]
fn fail_on_moves_the_line() {
    let cases = [
        (".env.development", 0o600, ["note weak-secret .env.development DB_PASSWORD"], [1, 0, 0, 0]),
        (".env", 0o600, ["warning weak-secret .env DB_PASSWORD"], [1, 1, 0, 0]),
        (".env.production", 0o600, ["error weak-secret .env.production DB_PASSWORD"], [1, 1, 1, 0]),
    ];
    for (name, mode, expected, codes) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(name, mode, "DB_PASSWORD=postgres123\n");
        for (word, code) in ["note", "warning", "error", "critical"].into_iter().zip(codes) {
            assert_eq!(check(&sandbox, &["--fail-on", word], code), expected, "{name} {word}");
            assert_eq!(check(&sandbox, &["--exit-zero", "--fail-on", word], 0), expected);
        }
    }
}

#[test]
fn exit_zero_hides_no_problem() {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    sandbox.fifo(".env.local");
    let report = report(&sandbox, &["check", "--exit-zero"], 2);
    assert_eq!(findings(&report), ["error env-file-mode .env"]);
    assert_eq!(problems(&report), ["not-a-file .env.local"]);
}

#[test]
fn as_of_is_today() {
    let sandbox = project(&[
        File(".env", 0o644, GOOD),
        File("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\nuntil = 2030-06-15\n"),
    ]);
    for (day, expected) in [
        ("2030-06-14", &[][..]),
        ("2030-06-15", &[]),
        ("2030-06-16", &["error env-file-mode .env", "warning unused-ignore envward.toml"]),
    ] {
        let report = report(&sandbox, &["check", "--as-of", day], i32::from(!expected.is_empty()));
        assert_eq!(
            (report["as_of"].as_str(), findings(&report)),
            (Some(day), expected.iter().map(ToString::to_string).collect())
        );
    }
}

#[test]
fn print_config_is_read_back_as_it_is() {
    let texts = [
        "",
        "[project]\nname = \"shop \\\"x\\\" \\\\ é \\n\"\n[project.environments]\n\"live/**\" = \"production\"\n\"ci/{a,b}.env\" = \"test\"\n",
        "[files]\nextra = [\"a b/*\", \"[ab].conf\"]\ntemplates = [\"t\"]\nprune = []\nallowed_modes = [\"0640\", \"440\"]\nallowed_owners = [\"deploy\"]\n",
        "[policy.minimum_length]\njwt-secret = 64\n[policy.classes]\nLEGACY = \"not-secret\"\n\"a.b\" = \"jwt-secret\"\n",
        "[[ignore]]\ncheck = \"weak-secret\"\npath = \"a/**\"\nkey = \"K\"\nreason = \"it's \\\"so\\\"\"\nuntil = \"2031-01-02\"\n[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"r\"\n[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n[[accept]]\nproblem = \"unreadable-path\"\npath = \"data/*\"\nreason = \"db\"\nuntil = 2031-01-02\n",
    ];
    for text in texts {
        let sandbox = Sandbox::new();
        sandbox.file("envward.toml", 0o644, text);
        let first = sandbox.envward(&["check", "--print-config"]).code(0).stdout;
        toml::from_str::<toml::Table>(&first).unwrap_or_else(|error| panic!("{error}\n{first}"));
        sandbox.file("envward.toml", 0o644, &first);
        assert_eq!(sandbox.envward(&["check", "--print-config"]).code(0).stdout, first);
    }
}

#[test]
fn a_tracked_env_file_of_a_nested_repository() {
    let sandbox = project(&[Git("init"), File(".gitignore", 0o644, ".env\n")]);
    sandbox.mkdir("lib", 0o755);
    sandbox.git_in("lib", &["init", "--quiet"]);
    sandbox.file("lib/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git_in("lib", &["add", "-f", ".env"]);
    sandbox.git_in("lib", &["commit", "--quiet", "-m", "x"]);
    let report = sandbox.envward(&["check", "--format", "json"]).code(1).json();
    let found: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|one| (one["check"].clone(), one["path"].clone())).collect();
    for check in ["env-file-tracked", "env-file-in-history", "secret-still-live"] {
        assert!(found.contains(&(check.into(), "lib/.env".into())), "{check}: {found:?}");
    }
}

#[test]
fn every_build_context_is_named() {
    let sandbox = project(&[
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File("web/Dockerfile", 0o644, "FROM scratch\n"),
        File("web/.dockerignore", 0o644, "dist\n"),
        File("web/.env", 0o600, "DB_PASSWORD={password}\n"),
    ]);
    let files = || {
        let report = sandbox.envward(&["check", "--format", "json"]).json();
        let all = report["findings"].as_array().unwrap().clone();
        let contexts = all.into_iter().filter(|one| one["check"] == "env-file-in-build-context");
        contexts.map(|one| one["facts"]["ignore_file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(), [".dockerignore", "web/.dockerignore"]);
    drop(sandbox.envward(&["check", "--fix"]));
    assert!(files().is_empty());
}

#[test]
fn a_weak_value_masks_no_name() {
    let sandbox = project(&[File(".env.production", 0o644, "DB_PASSWORD=production\nPOSTGRES_PASSWORD=postgres\n")]);
    let text = sandbox.envward(&["check"]).code(1).stdout;
    assert!(text.contains("chmod 600 .env.production") && text.contains("POSTGRES_PASSWORD"), "{text}");
    assert!(!text.contains("[masked]"), "{text}");
}

/// Names that no line of an ignore file can hold: the command that is named works, and git and envward agree.
#[test]
fn what_is_said_of_a_name_that_no_line_can_hold_can_be_typed() {
    use std::os::unix::ffi::OsStrExt as _;
    for name in
        [b"a\nb.env".as_slice(), b"a\xffb.env", b"caf\xe9\t.env", b"#.env", b"!a.env", "x\u{85}y.env".as_bytes()]
    {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
        sandbox.file(std::ffi::OsStr::from_bytes(name), 0o600, fill("DB_PASSWORD={password}\n"));
        let helps = |code: i32| {
            let report = report(&sandbox, &["check"], code);
            let said = report["findings"].as_array().unwrap().clone();
            let is_about =
                |check: &serde_json::Value| check == "env-file-not-ignored" || check == "env-file-in-build-context";
            let said = said.iter().filter(|finding| is_about(&finding["check"]));
            said.map(|finding| finding["help"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let commands = helps(1);
        assert_eq!(commands.len(), 2, "{commands:?}");
        assert!(commands.iter().all(|line| line.ends_with(": envward check --fix")), "{commands:?}");
        drop(sandbox.envward(&["check", "--fix"]).code(0));
        assert_eq!(helps(0), [""; 0], "{commands:?}");
        assert_eq!(sandbox.git(&["status", "--porcelain", "-uall"]), "?? .dockerignore\n?? .gitignore\n?? Dockerfile");
    }
}

/// What is being written just now has no name of its own yet; what a killed run left is a copy.
#[test]
fn a_temporary_name_is_a_copy_when_its_writer_is_gone() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let mut gone = std::process::Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    for (process, is_copy) in [(std::process::id(), false), (gone.id(), true)] {
        let name = format!(".env.envward-{process}.tmp");
        sandbox.file(&name, 0o600, fill("DB_PASSWORD={password}\n"));
        let output = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0);
        assert_eq!(output.stdout.contains(&name), is_copy, "{}", output.stdout);
        std::fs::remove_file(sandbox.path(&name)).unwrap();
    }
}
