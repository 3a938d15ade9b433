//! The README's screens are real: every console block is run, and holds what was printed.
//!
//! A block is introduced by a comment that names its project: `<!-- project: empty -->`. Blocks that are not run are
//! `sh`. `ENVWARD_BLESS=1 cargo test --locked readme` writes the screens anew.

use crate::common::fill::fill;
use crate::common::golden::assert_fresh;
use crate::common::{Sandbox, TODAY, own_file};

#[test]
fn every_screen_is_what_the_program_prints() {
    assert_fresh("README.md", &rewritten(&own_file("README.md"), prepare, screen));
}

#[test]
fn so_is_every_screen_of_the_guide_to_deployments() {
    assert_fresh("docs/preflight.md", &rewritten(&own_file("docs/preflight.md"), prepare, screen));
}

#[test]
fn so_is_every_screen_of_the_guide_to_incidents() {
    assert_fresh("docs/incident.md", &rewritten(&own_file("docs/incident.md"), prepare, screen));
}

#[test]
fn every_screen_fits_a_narrow_terminal() {
    let texts = own_file("README.md") + &own_file("docs/preflight.md");
    let mut is_inside = false;
    for line in texts.lines() {
        is_inside = if line.starts_with("```") { line == "```console" } else { is_inside };
        assert!(!is_inside || line.chars().count() <= 80, "wider than 80 columns: {line}");
    }
}

#[test]
fn a_stale_screen_is_rewritten() {
    let screen = |_: &Sandbox, args: &[&str]| format!("ran {}\n", args.join(" "));
    let fixture = |name: &str| {
        assert_eq!(name, "some");
        Sandbox::new()
    };
    let before =
        "text\n<!-- project: some -->\n```console\n$ envward check\nstale\n$ envward scan --staged\n```\nmore\n";
    let after = "text\n<!-- project: some -->\n```console\n$ envward check\nran check\n$ envward scan --staged\nran scan --staged\n```\nmore\n";
    assert_eq!(rewritten(before, fixture, screen), after);
    assert_eq!(rewritten(after, fixture, screen), after);
}

/// The projects that the README shows.
fn prepare(name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    match name {
        "empty" => {}
        "examples" => {
            sandbox.git(&["init"]);
            let example = "NODE_ENV=production\nPOSTGRES_PASSWORD=changeme\nJWT_SECRET=\nSMTP_HOST=\nSMTP_PASSWORD=\n";
            sandbox.file(".env.example", 0o644, example);
            let backend = "JWT_SECRET=\nDATABASE_URL=postgres://app:changeme@postgres:5432/app\nCORS_ORIGINS=\n";
            sandbox.file("backend/.env.example", 0o644, backend);
        }
        "history" => {
            sandbox.git(&["init", "-q", "-b", "main"]);
            let commit = |path: &str, text: &str| {
                sandbox.file(path, 0o600, crate::common::fill::fill(text));
                sandbox.git(&["add", "-f", path]);
                sandbox.git(&["commit", "-qm", "add"]);
            };
            commit("api/.env", "DB_PASSWORD={password}\nSMTP_HOST=mail\n");
            sandbox.git(&["rm", "-q", "api/.env"]);
            sandbox.git(&["commit", "-qm", "remove"]);
            commit(".env.local", "REDIS_PASSWORD={password9}\n");
            sandbox.git(&["update-ref", "refs/pull/7/head", "HEAD"]);
            sandbox.git(&["reset", "-q", "--hard", "HEAD~1"]);
        }
        "deployment" => {
            sandbox.git(&["init"]);
            let compose = "services:\n  api:\n    build: ./api\n    env_file: .env\n    depends_on: [db]\n    ports: [\"127.0.0.1:3001:3001\"]\n  db:\n    image: \
                           postgres:15.5-alpine\n    ports: [\"5432:5432\"]\n    environment:\n      POSTGRES_PASSWORD: postgres\n  proxy:\n    image: \
                           nginx:latest\n    volumes: [\"/var/run/docker.sock:/var/run/docker.sock:ro\"]\n";
            sandbox.file("compose.yaml", 0o644, compose);
            sandbox.file("api/Dockerfile", 0o644, "FROM node:18.19.0-alpine\nCOPY . .\nCMD node index.js\n");
            sandbox.file(".gitignore", 0o644, "/.env\n");
            sandbox.file(".env", 0o600, fill("NODE_ENV=production\nJWT_SECRET={hex32}\nCORS_ORIGINS=*\n"));
            sandbox.file(
                "envward.toml",
                0o644,
                "[preflight.attestations]\nbackups-tested = { on = 2026-06-01, by = \"Ada\" }\n",
            );
        }
        "incident" => {
            let compose = "services:\n  api:\n    build: api\n    env_file: api/.env\n    environment: [DB_PASSWORD]\n    secrets: [signing]\n  \
                           worker:\n    image: worker:1.4.0\nsecrets:\n  signing:\n    file: signing.txt\n";
            sandbox.file("compose.yaml", 0o644, compose);
            sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nREDIS_PASSWORD={password2}\n"));
            let api = "DATABASE_URL=postgres://app:{password}@db/app\nJWT_SECRET={hex64}\nSTRIPE_API_KEY={token}\n";
            sandbox.file("api/.env", 0o600, fill(api));
            sandbox.file("signing.txt", 0o600, fill("{hex32}"));
        }
        _ => panic!("README.md names a project that this test does not know: {name}"),
    }
    sandbox
}

fn screen(sandbox: &Sandbox, args: &[&str]) -> String {
    let reports = matches!(args.first(), Some(&("check" | "scan" | "preflight")));
    let args = if reports { [args, &["--as-of", TODAY]].concat() } else { args.to_vec() };
    let output = sandbox.envward(&args);
    assert!((0..=1).contains(&output.code), "`envward {}` exits {}: {}", args.join(" "), output.code, output.stderr);
    assert!(!output.stdout.is_empty(), "`envward {}` prints nothing", args.join(" "));
    same_commits(&output.normalized())
}

/// The values of a throwaway project are random, and with them its commits' ids: each is shown as the next of these.
fn same_commits(screen: &str) -> String {
    const SHOWN: [&str; 3] = ["3f2a91c", "8d41e07", "c05b7d2"];
    let is_id = |word: &str| word.len() == 7 && word.chars().all(|digit| digit.is_ascii_hexdigit());
    let mut known: Vec<String> = Vec::new();
    let shown = screen.split_inclusive([' ', '\n']).map(|word| {
        let id = word.trim_end();
        if !is_id(id) {
            return word.to_owned();
        }
        if !known.iter().any(|seen| seen == id) {
            known.push(id.to_owned());
        }
        word.replace(id, SHOWN[known.iter().position(|seen| seen == id).unwrap()])
    });
    shown.collect()
}

/// The text with every console block filled by running its commands.
fn rewritten(text: &str, prepare: impl Fn(&str) -> Sandbox, screen: impl Fn(&Sandbox, &[&str]) -> String) -> String {
    let mut out = String::new();
    let mut project = None;
    let mut block: Option<Sandbox> = None;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end();
        let name = bare.strip_prefix("<!-- project: ").and_then(|rest| rest.strip_suffix(" -->"));
        project = name.or(project);
        match &block {
            None if bare == "```console" => {
                let name = project.take().expect("a console block is run: name its project above it, or make it `sh`");
                block = Some(prepare(name));
            }
            Some(_) if bare == "```" => block = None,
            Some(sandbox) => {
                if let Some(command) = bare.strip_prefix("$ envward ") {
                    out.push_str(line);
                    out.push_str(&screen(sandbox, &command.split(' ').collect::<Vec<_>>()));
                }
                continue;
            }
            None => {}
        }
        out.push_str(line);
    }
    assert!(block.is_none(), "a console block is not closed");
    out
}
