//! What stands around the program: the hook, the templates, the gate.

use crate::common::{Sandbox, own_file};

/// Env files and what lies beside them, and whether git and Docker must keep them out.
const NAMES: &[(&str, bool)] = &[
    (".env", true),
    ("backend/.env", true),
    ("backend/api/.env.production", true),
    ("prod.env", true),
    ("deploy/prod.env", true),
    (".env.bak", true),
    (".env~", true),
    (".env.1767603600.bak", true),
    (".env (copy)", true),
    ("Copy of .env", true),
    (".env.swp", true),
    (".env.keys", true),
    ("sub/..env.swp", true),
    ("sub/.prod.env.swp", true),
    (".envrc", true),
    ("worker/.dev.vars", true),
    (".flaskenv", true),
    ("keys/db.DB_PASSWORD.pending", true),
    (".env.DB_PASSWORD.pending", true),
    (".env.example", false),
    ("backend/.env.example", false),
    (".env.sample", false),
    (".env.template", false),
    (".env.dist", false),
    (".env.stub", false),
    (".env.production.example", false),
    ("example.env", false),
    ("backend/prod.env.example", false),
    ("src/.env.d.ts", false),
    ("src/environment.ts", false),
    ("env.py", false),
    ("README.md", false),
];

#[test]
fn the_gitignore_keeps_env_files_out() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".gitignore", 0o644, own_file("templates/gitignore"));
    for (name, _) in NAMES {
        sandbox.file(name, 0o600, "");
    }
    sandbox.git(&["add", "--all"]);
    let tracked = sandbox.git(&["ls-files", "-z"]);
    let tracked: Vec<&str> = tracked.split('\0').collect();
    for (name, is_kept_out) in NAMES {
        assert_eq!(!tracked.contains(name), *is_kept_out, "{name}");
    }
}

#[test]
fn the_dockerignore_keeps_env_files_out() {
    let rules = own_file("templates/dockerignore");
    for (name, is_kept_out) in NAMES {
        assert_eq!(docker_ignores(&rules, name), *is_kept_out, "{name}");
    }
    assert!(docker_ignores(&rules, ".git/HEAD"));
}

#[test]
fn the_configuration_template_is_taken_as_it_is_and_with_every_key() {
    let template = own_file("templates/envward.toml");
    // A comment that is a key or a table has no blank after the `#`.
    let is_switched_off = |line: &&str| line.starts_with('#') && !line.starts_with("# ");
    let everything: String = template
        .lines()
        .map(|line| line.strip_prefix('#').filter(|_| is_switched_off(&line)).unwrap_or(line))
        .map(|line| format!("{line}\n"))
        .collect();
    assert_ne!(template, everything);
    for (text, shows) in [(&template, "[policy.minimum_length]"), (&everything, "LEGACY_SIGNER")] {
        let sandbox = Sandbox::new();
        sandbox.file("envward.toml", 0o644, text);
        let output = sandbox.envward(&["check", "--no-history", "--print-config"]).code(0);
        assert!(output.stdout.contains(shows), "{}", output.stdout);
    }
}

#[test]
fn the_hook_blocks_when_its_program_is_missing() {
    let hook = own_file("hooks/pre-commit");
    let sandbox = Sandbox::new();
    // The repository brings a program of that name; the hook must not run it.
    sandbox.file("envward", 0o755, "#!/bin/sh\necho hijacked\n");
    for program in ["@ENVWARD@", "/nowhere/envward", "envward", ""] {
        sandbox.file("hook", 0o755, hook.replace("@ENVWARD@", program));
        for path in ["/usr/bin:/bin", ".:/usr/bin:/bin"] {
            let output = sandbox.shell("./hook").env("PATH", path).run().code(1);
            assert_eq!(output.stdout, "", "{program} {path}");
            assert!(output.stderr.contains("nothing was committed"), "{}", output.stderr);
        }
    }
}

#[test]
fn the_hook_runs_its_program_and_passes_its_status_on() {
    let sandbox = Sandbox::new();
    sandbox.file("bin dir/envward", 0o755, "#!/bin/sh\necho \"$*\"\nexit 2\n");
    let program = sandbox.path("bin dir/envward");
    sandbox.file("installed", 0o755, own_file("hooks/pre-commit").replace("@ENVWARD@", program.to_str().unwrap()));
    sandbox.file("as-it-is", 0o755, own_file("hooks/pre-commit"));
    let path = format!("{}:/usr/bin:/bin", program.parent().unwrap().display());
    for (hook, path) in [("./installed", "/usr/bin:/bin"), ("./as-it-is", &path)] {
        let output = sandbox.shell(hook).env("PATH", path).run().code(2);
        assert_eq!(output.stdout, "hook run pre-commit\n");
    }
}

#[test]
fn the_gate_runs_the_tests_as_the_readme_does() {
    let command = "cargo test --locked";
    assert!(own_file(".ci/run").lines().any(|line| line == command), ".ci/run does not run `{command}`");
    assert!(own_file("README.md").lines().any(|line| line == command), "README.md does not name `{command}`");
    assert!(own_file(".github/workflows/ci.yml").contains("run: .ci/run"));
}

/// Docker's rule: patterns from the top of the context, a directory's match holds below it, the last match decides.
fn docker_ignores(rules: &str, path: &str) -> bool {
    let lines = rules.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    let parents: Vec<&str> = path.match_indices('/').map(|(at, _)| &path[..at]).chain([path]).collect();
    lines.fold(false, |is_ignored, line| {
        let (pattern, verdict) = line.strip_prefix('!').map_or((line, true), |pattern| (pattern, false));
        let glob = globset::GlobBuilder::new(pattern).literal_separator(true).build().unwrap().compile_matcher();
        if parents.iter().any(|parent| glob.is_match(parent)) { verdict } else { is_ignored }
    })
}

/// libgit2 reads what it opens without bounds: of a repository that is examined it opens no object and no ref.
#[test]
fn libgit2_is_asked_for_the_owner_alone() {
    const ALLOWED: [&str; 5] = ["Repository::open_ext", "RepositoryOpenFlags", "ErrorClass", "ErrorCode", "Error"];
    let mut uses = 0;
    for (path, text) in sources() {
        let code = text.split("#[cfg(test)]").next().unwrap();
        for (at, _) in code.match_indices("git2::").filter(|(at, _)| !code[..*at].ends_with("lib")) {
            assert_eq!(path, "src/git/libgit2.rs", "libgit2 is used");
            let rest = &code[at + "git2::".len()..];
            let names: Vec<&str> = match rest.strip_prefix('{') {
                Some(list) => list.split('}').next().unwrap().split(',').map(str::trim).collect(),
                None => vec![rest.split(|end: char| !end.is_alphanumeric() && !":_".contains(end)).next().unwrap()],
            };
            for name in names {
                assert!(ALLOWED.contains(&name), "{name}");
                uses += 1;
            }
        }
    }
    assert!(uses > 3);
}

/// A program that is started in a repository can be led astray by its configuration.
#[test]
fn programs_are_started_in_one_place() {
    let starters: Vec<String> = sources()
        .into_iter()
        .filter(|(_, text)| text.split("#[cfg(test)]").next().unwrap().contains("Command::new("))
        .map(|(path, _)| path)
        .collect();
    assert_eq!(starters, ["src/git/git_cli.rs"]);
}

/// Our own source files, without those that are tests, by their paths.
pub(super) fn sources() -> Vec<(String, String)> {
    let is_test = |path: &str| path.ends_with("/tests.rs") || path.contains("/tests/") || path.ends_with("/oracle.rs");
    all_sources().into_iter().filter(|(path, _)| !is_test(path)).collect()
}

/// All our own source files, by their paths.
pub(super) fn all_sources() -> Vec<(String, String)> {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let walk = walkdir::WalkDir::new(top.join("src")).sort_by_file_name();
    let files =
        walk.into_iter().map(Result::unwrap).filter(|entry| entry.path().extension().is_some_and(|end| end == "rs"));
    files
        .map(|entry| {
            let path = entry.path().strip_prefix(top).unwrap().to_str().unwrap().to_owned();
            (path, std::fs::read_to_string(entry.path()).unwrap())
        })
        .collect()
}
