//! The screens of README.md and of the pages in docs/ are real: every console block is run, and shows what was printed.
//!
//! A comment above a block names its project: `<!-- project: empty -->`. A block that is not run is `sh`.
//! `ENVWARD_BLESS=1 cargo test --locked readme` writes the screens again.

use crate::common::fill::fill;
use crate::common::golden::assert_fresh;
use crate::common::{Sandbox, TODAY, own_file};

/// The pages with screens.
const PAGES: [&str; 8] = [
    "README.md",
    "docs/history.md",
    "docs/incident.md",
    "docs/making-secrets.md",
    "docs/many-repositories.md",
    "docs/pages.md",
    "docs/preflight.md",
    "docs/trace.md",
];

#[test]
fn every_screen_is_what_the_program_prints() {
    for page in PAGES {
        assert_fresh(page, &rewritten(&own_file(page), prepare, screen));
    }
}

/// A page that the list above forgets has screens that nobody compares.
#[test]
fn every_page_with_a_screen_is_in_the_list() {
    let docs = std::fs::read_dir(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs")).unwrap();
    let names = docs.map(|entry| format!("docs/{}", entry.unwrap().file_name().into_string().unwrap()));
    let all = names.filter(|name| name.ends_with(".md")).chain(["README.md".to_owned()]);
    let with_screens = all.filter(|page| own_file(page).contains("<!-- project: "));
    let found: std::collections::BTreeSet<String> = with_screens.collect();
    assert_eq!(found, PAGES.map(str::to_owned).into());
}

/// A command for evidence is copied as one line, so that docs/incident.md is wider.
#[test]
fn every_screen_fits_a_narrow_terminal() {
    let texts: String = PAGES.iter().filter(|page| **page != "docs/incident.md").map(|page| own_file(page)).collect();
    let mut is_inside = false;
    for line in texts.lines() {
        is_inside = if line.starts_with("```") { line == "```console" } else { is_inside };
        assert!(!is_inside || line.chars().count() <= 80, "wider than 80 columns: {line}");
    }
}

/// A link to a page or a heading that is not there leads a reader nowhere.
#[test]
fn every_link_leads_somewhere() {
    let pages = own_pages();
    let mut wrong = Vec::new();
    for page in &pages {
        for target in links(&own_file(page)) {
            let (path, heading) = target.split_once('#').unwrap_or((&target, ""));
            let path = if path.is_empty() { page.clone() } else { resolved(page, path) };
            let file = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(&path);
            let is_there = file.exists() && (heading.is_empty() || anchors(&own_file(&path)).contains(heading));
            if !is_there {
                wrong.push(format!("{page}: {target}"));
            }
        }
    }
    assert!(pages.len() > 15, "{pages:?}");
    assert_eq!(wrong, [""; 0]);
    assert_eq!(links("[a](b.md#c), [`x`](../y) and [z](https://example.com)"), ["b.md#c", "../y"]);
    assert!(anchors("## `[[ignore]]`: a finding\n```sh\n# no heading\n```\n").iter().eq(["ignore-a-finding"]));
}

/// The pages that people write, by their paths; docs/checks.md is made.
fn own_pages() -> Vec<String> {
    let top = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let in_dir = |dir: &str| {
        let entries = std::fs::read_dir(top.join(dir)).unwrap();
        let prefix = if dir.is_empty() { String::new() } else { format!("{dir}/") };
        entries.map(move |entry| format!("{prefix}{}", entry.unwrap().file_name().into_string().unwrap()))
    };
    let all = ["", "docs", "fuzz", "hooks", "packaging", "templates"].into_iter().flat_map(in_dir);
    all.filter(|path| path.ends_with(".md") && path != "docs/checks.md").collect()
}

/// The targets of a page's links, without those to other sites.
fn links(text: &str) -> Vec<String> {
    let rest = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    rest.filter(|target| !target.starts_with("https://")).map(str::to_owned).collect()
}

/// A path as a page names it, from the top of the repository.
fn resolved(page: &str, path: &str) -> String {
    let dir = page.rsplit_once('/').map_or("", |(dir, _)| dir);
    match path.strip_prefix("../") {
        Some(rest) => rest.to_owned(),
        None if dir.is_empty() => path.to_owned(),
        None => format!("{dir}/{path}"),
    }
}

/// The anchors that GitHub gives to a page's headings.
fn anchors(text: &str) -> std::collections::BTreeSet<String> {
    let mut is_code = false;
    let mut anchors = std::collections::BTreeSet::new();
    for line in text.lines() {
        is_code ^= line.starts_with("```");
        if let Some((_, heading)) = line.split_once("# ").filter(|_| line.starts_with('#') && !is_code) {
            let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
            anchors.insert(kept.collect::<String>().to_lowercase().replace(' ', "-"));
        }
    }
    anchors
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

/// The projects that the pages show.
fn prepare(name: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    match name {
        "empty" => {}
        "mirrors" => {
            use crate::scan::many::mirror;
            mirror(&sandbox, "api", &["DB_PASSWORD={password}\n", "JWT_SECRET={hex64}\n"]);
            mirror(&sandbox, "shop", &["SMTP_PASSWORD={password9}\n"]);
            ["docs", "infra", "web"].into_iter().for_each(|name| mirror(&sandbox, name, &[]));
        }
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
        "trace" => {
            use std::os::unix::fs::PermissionsExt as _;
            std::fs::set_permissions(sandbox.root(), std::fs::Permissions::from_mode(0o755)).unwrap();
            sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nAPI_TOKEN={token}\n"));
            sandbox.file("logs/app.log", 0o644, fill("start\nGET /v1 Bearer {token}\n"));
            let files = [("etc/app/.env".to_owned(), fill("DB_PASSWORD={password}\n").into_bytes())];
            sandbox.file("backup.tar", 0o644, crate::common::tar::tar(&files));
        }
        "pages" => {
            sandbox.git(&["init"]);
            sandbox.file("envward.toml", 0o644, "[project]\nname = \"shop\"\n");
            sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nJWT_SECRET={hex64}\nSTRIPE_KEY={token}\n"));
            sandbox.git(&["add", "--force", ".env"]);
            sandbox.git(&["commit", "--quiet", "--message", "add"]);
            sandbox.git(&["rm", "--quiet", "--cached", ".env"]);
            sandbox.file("backend/.env", 0o600, fill("SMTP_PASSWORD={password2}\nSENTRY_TOKEN={token2}\n"));
            let _ = sandbox.envward(&["rotation", "status"]);
            let ledger = crate::common::ledger::ledger(&sandbox);
            let old = "PRAGMA foreign_keys = OFF; INSERT INTO value (secret, state, since, basis, by, unsure, judge) \
                       SELECT id, 'retired', '2025-11-03', 'declared', 'ada', 0, '0.1.0' FROM secret WHERE key IN ('SMTP_PASSWORD', 'SENTRY_TOKEN');";
            let new = "UPDATE value SET since = '2026-05-04', basis = 'rotated', id = id + 100 WHERE state = 'current' AND \
                       secret IN (SELECT id FROM secret WHERE key IN ('SMTP_PASSWORD', 'SENTRY_TOKEN'));";
            ledger.execute_batch(&format!("{old}{new}UPDATE secret SET first_seen = '2026-02-10';")).unwrap();
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
        _ => panic!("a page names a project that this test does not know: {name}"),
    }
    sandbox
}

fn screen(sandbox: &Sandbox, args: &[&str]) -> String {
    let reports = matches!(args, ["check" | "scan" | "trace" | "preflight", ..] | ["summary", "--project"]);
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
