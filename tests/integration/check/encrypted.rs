//! Projects that keep encrypted env files in git, and the keys that decrypt them.

use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::listed::{findings, project, report};
use envward::checks::Step::{File, Git};

const NONE: [&str; 0] = [];

/// A filter encrypts what git gets: the secrets are in the work tree alone.
#[test]
fn git_crypt_publishes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    sandbox.git(&["config", "filter.git-crypt.clean", "printf '\\0GITCRYPT\\0'; tr 'a-z=' 'n-za-m:'"]);
    sandbox.git(&["config", "filter.git-crypt.required", "true"]);
    sandbox.git(&["config", "filter.git-crypt.smudge", "tail -c +11 | tr 'n-za-m:' 'a-z='"]);
    sandbox.file(".gitattributes", 0o644, ".env.production filter=git-crypt\n");
    sandbox.file(".env.production", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git(&["add", "."]);
    sandbox.git(&["commit", "-qm", "sealed"]);
    for verb in ["check", "scan"] {
        assert_eq!(findings(&report(&sandbox, &[verb], 0)), NONE, "{verb}");
    }
    let rotation = sandbox.envward(&["rotation", "status"]).code(0);
    assert!(!rotation.stdout.contains("exposed"), "{rotation:?}");
    let steps = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env.production", "--dry-run"]).code(0);
    assert!(!steps.stdout.contains("git rm"), "{steps:?}");
    // Without the filter the same file is published.
    sandbox.git(&["rm", "-q", "--cached", ".gitattributes"]);
    sandbox.file(".gitattributes", 0o644, "");
    sandbox.git(&["add", "--renormalize", "."]);
    let rotation = sandbox.envward(&["rotation", "status"]).code(1);
    assert!(rotation.stdout.contains("1 exposed"), "{rotation:?}");
}

fn dotenvx() -> Sandbox {
    project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env.keys\n"),
        File(".env.production", 0o644, "DB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\n"),
        File(".env.keys", 0o600, "DOTENV_PRIVATE_KEY_PRODUCTION={hex32}\n"),
        Git("add ."),
        Git("commit -m sealed"),
    ])
}

/// The key opens everything, so it is searched for like a password.
#[test]
fn the_key_of_dotenvx_in_another_file() {
    let sandbox = dotenvx();
    assert_eq!(findings(&report(&sandbox, &["check"], 0)), NONE);
    sandbox.file("notes.md", 0o644, fill("deploy: DOTENV_PRIVATE_KEY_PRODUCTION={hex32} dotenvx run\n"));
    let _ = sandbox.envward(&["hook", "install"]).code(0);
    sandbox.git(&["add", "."]);
    let stopped = sandbox.git_command("", &["commit", "-m", "notes"]).run().code(1);
    assert!(stopped.stderr.contains("DOTENV_PRIVATE_KEY_PRODUCTION"), "{stopped:?}");
    sandbox.git(&["commit", "-qnm", "notes"]);
    for verb in ["check", "scan"] {
        let found = findings(&report(&sandbox, &[verb], 1));
        assert_eq!(found, ["critical live-value-elsewhere notes.md DOTENV_PRIVATE_KEY_PRODUCTION"], "{verb}");
    }
}

/// A random value would open nothing: dotenvx has to make the key.
#[test]
fn a_key_of_dotenvx_is_rotated_by_dotenvx() {
    let sandbox = dotenvx();
    let which = ["DOTENV_PRIVATE_KEY_PRODUCTION", ".env.keys"];
    let of = |verb: &[&str], more: &[&str]| sandbox.envward(&[&["rotation"], verb, &which, more].concat());
    let steps = of(&["rotate"], &[]).code(0).stdout;
    assert!(steps.contains("-> dotenvx rotate -f .env.production\n"), "{steps}");
    assert!(!steps.contains("dotenvx set"), "nobody else has it: {steps}");
    for (verb, more) in [("rotate", &["--stdin"][..]), ("promote", &[]), ("rollback", &[])] {
        let refused = of(&[verb], more).code(2).stderr;
        assert!(refused.contains("dotenvx makes this key"), "{verb}: {refused}");
    }
    let keys = std::fs::read_to_string(sandbox.path(".env.keys")).unwrap();
    assert_eq!(keys, fill("DOTENV_PRIVATE_KEY_PRODUCTION={hex32}\n"));
    sandbox.git(&["add", "-f", ".env.keys"]);
    let steps = of(&["rotate"], &[]).code(0).stdout;
    assert!(steps.contains("-> dotenvx set KEY VALUE -f .env.production\n"), "{steps}");
}

/// What an engine renders is a template, whatever its expressions look like.
#[test]
fn templates_of_engines() {
    let text = "DATABASE_URL=postgres://{{ user }}:{{ password | urlencode }}@db/app\nDB_PASSWORD={{ password }}\n{% if x %}\nJWT_SECRET={{ vault_jwt }}\n{% endif %}\n";
    for path in ["roles/app/templates/.env.j2", "deploy/env.j2", ".env.tpl"] {
        let sandbox = project(&[Git("init"), File(path, 0o644, text), Git("add ."), Git("commit -m start")]);
        for verb in ["check", "scan"] {
            assert_eq!(findings(&report(&sandbox, &[verb], 0)), NONE, "{verb} {path}");
        }
    }
    let filled = "DB_PASSWORD={password}\nA={{ a }}\n";
    let sandbox = project(&[Git("init"), File(".env.j2", 0o644, filled), Git("add ."), Git("commit -m start")]);
    // In the file, and in the index.
    assert_eq!(findings(&report(&sandbox, &["check"], 1)), ["error template-with-secret .env.j2 DB_PASSWORD"; 2]);
}
