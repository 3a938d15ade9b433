//! The verbs that write: each with a project in which it has something to do.

use std::fs;

use sha2::{Digest as _, Sha256};

use super::calls::Start;
use crate::common::Sandbox;
use crate::common::fill::fill;
use crate::common::leak::hex;
use crate::common::ledger::{ledger, let_pass};

/// A verb, and where it is run.
pub struct Verb {
    pub name: &'static str,
    pub prepare: fn(&Sandbox),
    /// `@ID` stands for the admin key of the ledger, `@ROOT` for the sandbox.
    pub args: &'static str,
    pub stdin: &'static str,
    pub env: &'static [(&'static str, &'static str)],
    /// What the system never does.
    pub without: Option<&'static str>,
}

impl Verb {
    /// How it is started in its project.
    pub fn start(&self, sandbox: &Sandbox) -> Start {
        Start {
            args: self.args.split_whitespace().map(|word| filled(word, sandbox)).collect(),
            stdin: filled(&fill(self.stdin), sandbox).into_bytes(),
            env: self.env.iter().map(|(name, value)| ((*name).to_owned(), filled(value, sandbox))).collect(),
            without: self.without,
        }
    }
}

fn filled(word: &str, sandbox: &Sandbox) -> String {
    let word = word.replace("@ROOT", sandbox.root().to_str().unwrap());
    if word.contains("@HASH") {
        return word.replace("@HASH", &hex(&Sha256::digest(fill("{password-new}"))));
    }
    if !word.contains("@ID") {
        return word;
    }
    let id: String = ledger(sandbox).query_row("SELECT id FROM api_key", [], |row| row.get(0)).unwrap();
    word.replace("@ID", &id)
}

const fn verb(name: &'static str, prepare: fn(&Sandbox), args: &'static str) -> Verb {
    Verb { name, prepare, args, stdin: "", env: &[], without: None }
}

const ENV: &str = "# the app\nNODE_ENV=production\nDB_USER=app\nDB_PASSWORD={password} # ours\n\
                   DATABASE_URL=postgres://app:{password}@db:5432/app\nJWT_SECRET={hex64}\n";
const WORKER: &str = "APP_ENV=production\nexport QUEUE_DB_PASS='{password}'\nOTHER=x\n";
const COMPOSE: &str = "services:\n  api:\n    image: api:1.0.0\n    env_file: .env\n  worker:\n    build: worker\n    env_file: worker/.env\n";
/// A file system without a rename to a free name only: a link does it there, and a kill may leave both names.
const NO_RENAME: Option<&str> = Some("renameat2:error=EINVAL");
const GLOBAL: &[(&str, &str)] = &[("GIT_CONFIG_GLOBAL", "@ROOT/home/.gitconfig")];

pub const VERBS: &[Verb] = &[
    verb("init", fresh, "init"),
    verb("init_update", known, "init --update"),
    verb("generate", known, "generate hex --into .env NEW_SECRET"),
    verb("generate_file", |_| (), "generate hex --into .env NEW_SECRET"),
    Verb { without: NO_RENAME, ..verb("generate_by_link", |_| (), "generate hex --into .env NEW_SECRET") },
    verb("generate_replace", known, "generate password --into .env JWT_SECRET --replace"),
    verb("key_new", known, "key new --prefix app_admin --name ops --out ops.key --params owasp-7m"),
    verb(
        "key_replaces",
        with_key,
        "key new --prefix app_admin --name ops --out new.key --params owasp-7m --replaces @ID",
    ),
    verb("key_revoke", with_key, "key revoke @ID --reason lost"),
    verb("key_verify", with_key, "key verify --key-file ops.key --rehash --params owasp-46m"),
    verb("first_status", project, "rotation status"),
    verb("status", edited, "rotation status"),
    verb("remind", overdue, "rotation status --remind"),
    verb("outbox", overdue, "rotation status --remind --outbox"),
    verb("outbox_told", told, "rotation status --remind --outbox"),
    verb("accept_clock", from_the_future, "rotation status --accept-clock"),
    verb("migration", old_ledger, "rotation status"),
    verb("rotate", known, "rotation rotate DB_PASSWORD .env"),
    verb("rotate_next", known, "rotation rotate JWT_SECRET .env"),
    Verb { stdin: "{password-new}\n", ..verb("rotate_stdin", known, "rotation rotate DB_PASSWORD .env --stdin") },
    verb("rotate_sql", known, "rotation rotate DB_PASSWORD .env --sql --out @ROOT/out/statement.sql"),
    verb("abandon", waiting, "rotation rotate DB_PASSWORD .env --abandon"),
    verb("abandon_next", next_waiting, "rotation rotate JWT_SECRET .env --abandon"),
    verb("promote", waiting, "rotation promote DB_PASSWORD .env"),
    verb("promote_next", next_waiting, "rotation promote JWT_SECRET .env"),
    Verb {
        stdin: "user app on #@HASH ~* +@all\n",
        ..verb("verify", promoted, "rotation verify DB_PASSWORD .env --redis")
    },
    verb("confirm", promoted, "rotation promote DB_PASSWORD .env --confirm --unproven a-test"),
    verb("confirm_next", next_promoted, "rotation promote JWT_SECRET .env --confirm --unproven a-test"),
    verb("rollback", promoted, "rotation rollback DB_PASSWORD .env"),
    verb("rollback_next", next_promoted, "rotation rollback JWT_SECRET .env"),
    verb("record", known, "rotation record DB_PASSWORD .env --at 2020-01-01 --reason wiki --owner ops"),
    verb("snooze", known, "rotation snooze DB_PASSWORD .env --until 2027-01-31 --reason later"),
    verb("export", known, "rotation export --format prometheus --out @ROOT/out/envward.prom"),
    verb("install", known, "rotation install --systemd --dir @ROOT/out --notify mail:ops@example.org"),
    verb("hook_install", known, "hook install"),
    verb("hook_install_over", with_hooks, "hook install"),
    verb("hook_uninstall", with_our_hooks, "hook uninstall"),
    Verb { env: GLOBAL, ..verb("hook_global", known, "hook install --global") },
    verb("fix", loose, "check --fix"),
    verb("rewrite", loose, "check --fix --rewrite-values"),
    verb("incident", known, "incident api --yes --reason shell"),
    verb("scan_new", leaked, "scan --new"),
    verb("scan_new_again", scanned, "scan --new --format jsonl"),
    verb("advice", leaked, "scan --advice --replacements @ROOT/out/replacements.txt"),
];

/// The verb of this name.
pub fn named(name: &str) -> &'static Verb {
    VERBS.iter().find(|verb| verb.name == name).unwrap_or_else(|| panic!("no verb {name}"))
}

fn run(sandbox: &Sandbox, line: &str, codes: &[i32]) {
    let args: Vec<&str> = line.split_whitespace().collect();
    let output = sandbox.envward(&args);
    assert!(codes.contains(&output.code), "{line}: {}\n{}{}", output.code, output.stdout, output.stderr);
}

fn fresh(sandbox: &Sandbox) {
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\nDATABASE_URL=postgres://app:${DB_PASSWORD}@db/app\n");
    sandbox.file("backend/.env.example", 0o644, "DB_PASSWORD=\nJWT_SECRET=\n");
    sandbox.file("backend/.env", 0o600, "DB_PASSWORD=\nJWT_SECRET=\n");
    sandbox.file("compose.yaml", 0o644, "services:\n  api:\n    build: .\n    env_file: .env\n");
    sandbox.file("Dockerfile", 0o644, "FROM debian:12.8\nCOPY . /app\n");
}

/// A project that git knows and no ledger.
fn project(sandbox: &Sandbox) {
    fs::create_dir_all(sandbox.root().join("out")).unwrap();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env*\n!.env.example\n*.key\n");
    sandbox.file(".env", 0o600, fill(ENV));
    sandbox.file("worker/.env", 0o600, fill(WORKER));
    sandbox.file("compose.yaml", 0o644, COMPOSE);
    sandbox.file(".env.example", 0o644, "DB_PASSWORD=\nJWT_SECRET=\nSESSION_SECRET=\n");
    sandbox.git(&["add", ".gitignore", "compose.yaml", ".env.example"]);
    sandbox.git(&["commit", "-q", "-m", "start"]);
}

/// A project that the ledger has known for a hundred days.
fn known(sandbox: &Sandbox) {
    project(sandbox);
    run(sandbox, "rotation status", &[0, 1]);
    let_pass(sandbox, 100);
}

fn with_key(sandbox: &Sandbox) {
    known(sandbox);
    run(sandbox, "key new --prefix app_admin --name ops --out ops.key --params owasp-7m", &[0]);
}

/// Somebody replaced a value by hand.
fn edited(sandbox: &Sandbox) {
    known(sandbox);
    sandbox.file(".env", 0o600, fill(&ENV.replace("{hex64}", "{hex64-new}")));
}

fn overdue(sandbox: &Sandbox) {
    known(sandbox);
    run(sandbox, "rotation record DB_PASSWORD .env --at 2020-01-01 --reason wiki", &[0]);
}

/// A reminder was sent, and the ledger does not know it yet.
fn told(sandbox: &Sandbox) {
    overdue(sandbox);
    run(sandbox, "rotation status --remind --outbox", &[1]);
    let outbox = sandbox.root().join("state/outbox");
    for entry in fs::read_dir(&outbox).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|end| end == "receipt") {
            fs::rename(&path, path.with_extension("told")).unwrap();
            fs::write(path.with_extension("sent-1"), "").unwrap();
        }
    }
}

fn from_the_future(sandbox: &Sandbox) {
    project(sandbox);
    run(sandbox, "rotation status", &[0, 1]);
    ledger(sandbox).execute("UPDATE project SET last_look = date(last_look, '+400 days')", []).unwrap();
    ledger(sandbox).execute("UPDATE value SET since = date(since, '+400 days')", []).unwrap();
}

/// A ledger as the first version of it was.
fn old_ledger(sandbox: &Sandbox) {
    known(sandbox);
    let undo = "DROP TABLE api_key; DROP TABLE expiry_reminder; ALTER TABLE value DROP COLUMN expires;
                ALTER TABLE value DROP COLUMN proven; ALTER TABLE value DROP COLUMN proof; PRAGMA user_version = 1";
    ledger(sandbox).execute_batch(undo).unwrap();
}

fn waiting(sandbox: &Sandbox) {
    known(sandbox);
    run(sandbox, "rotation rotate DB_PASSWORD .env", &[0]);
}

fn next_waiting(sandbox: &Sandbox) {
    known(sandbox);
    run(sandbox, "rotation rotate JWT_SECRET .env", &[0]);
}

/// With a value from outside, so that its hash is known.
fn promoted(sandbox: &Sandbox) {
    known(sandbox);
    let args = ["rotation", "rotate", "DB_PASSWORD", ".env", "--stdin"];
    drop(sandbox.command(&args).stdin(&fill("{password-new}\n")).run().code(0));
    run(sandbox, "rotation promote DB_PASSWORD .env", &[0]);
}

fn next_promoted(sandbox: &Sandbox) {
    next_waiting(sandbox);
    run(sandbox, "rotation promote JWT_SECRET .env", &[0]);
}

fn with_hooks(sandbox: &Sandbox) {
    known(sandbox);
    for name in ["pre-commit", "pre-push"] {
        sandbox.file(format!(".git/hooks/{name}"), 0o755, "#!/bin/sh\necho refused >&2\nexit 1\n");
    }
    // What a link leads to is somebody else's.
    sandbox.file("tools/merge", 0o755, "#!/bin/sh\nexit 0\n");
    sandbox.link(".git/hooks/post-merge", "../../tools/merge");
}

fn with_our_hooks(sandbox: &Sandbox) {
    with_hooks(sandbox);
    run(sandbox, "hook install", &[0]);
}

/// What `--fix` fixes: a mode, lines of ignore files, and spellings that two readers see in two ways.
fn loose(sandbox: &Sandbox) {
    sandbox.git(&["init", "-q"]);
    sandbox.file(".env", 0o644, fill(&format!("{ENV}SPACED=\"a  b\"\nQUOTED='{{password2}}'\n")));
    sandbox.file("worker/.env", 0o640, fill(WORKER));
    sandbox.file("compose.yaml", 0o644, "services:\n  api:\n    build: .\n    env_file: .env\n");
    sandbox.file("Dockerfile", 0o644, "FROM debian:12.8\nCOPY . /app\n");
    sandbox.file("package.json", 0o644, "{\"dependencies\": {\"dotenv\": \"16\"}}\n");
    sandbox.file("run.sh", 0o755, "#!/bin/sh\n. ./.env\ndocker run --env-file .env app\n");
    sandbox.file(".claude/settings.json", 0o644, "{\"permissions\": {\"deny\": []}}\n");
}

/// The env file was committed once.
fn leaked(sandbox: &Sandbox) {
    known(sandbox);
    sandbox.git(&["add", "--force", ".env"]);
    sandbox.git(&["commit", "-q", "-m", "oops"]);
    sandbox.git(&["rm", "-q", "--cached", ".env"]);
    sandbox.git(&["commit", "-q", "-m", "remove"]);
}

/// What it leaked first is known, and another secret is not.
fn scanned(sandbox: &Sandbox) {
    leaked(sandbox);
    run(sandbox, "scan --new", &[1]);
    sandbox.git(&["add", "--force", "worker/.env"]);
    sandbox.git(&["commit", "-q", "-m", "oops"]);
}
