//! `envward incident`: what is seen, what is said, what is run, what is recorded.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use crate::common::fill::fill;
use crate::common::terminal::converse;
use crate::common::{Sandbox, own_uid_is_root};
use serde_json::Value;

const COMPOSE: &str = "services:
  backend:
    image: backend:1.2.3
    env_file: [backend/.env]
    environment:
      - DB_PASSWORD
      - SMTP=smtp://app:${SMTP_PASSWORD}@mail
    secrets: [signing]
  worker:
    image: worker:1.2.3
    volumes: [./worker:/app]
  keeper:
    image: keeper:1.2.3
    volumes: [/var/run/docker.sock:/var/run/docker.sock:ro]
  web:
    image: web:1.2.3
secrets:
  signing:
    file: signing.txt
";

fn project() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.file("compose.yaml", 0o644, COMPOSE);
    sandbox.file(
        ".env",
        0o600,
        fill("DB_PASSWORD={password}\nSMTP_PASSWORD={password2}\nREDIS_PASSWORD={password3}\n"),
    );
    let backend = "DATABASE_URL=postgres://app:{password}@db/app\nJWT_SECRET={hex64}\nDATA_ENCRYPTION_KEY={hex32}\nSTRIPE_API_KEY={token}\n";
    sandbox.file("backend/.env", 0o600, fill(backend));
    sandbox.file("worker/.env", 0o600, fill("JWT_SECRET={hex64}\nWORKER_TOKEN={token2}\n"));
    sandbox.file("signing.txt", 0o600, fill("{hex64-signing}"));
    sandbox
}

/// The lines of the fifth step that name a secret, and the commands of it.
fn rotate(screen: &str) -> (Vec<String>, Vec<String>) {
    let step = screen.split("5. rotate").nth(1).unwrap().split("6. review").next().unwrap();
    // A wrapped line goes on without a mark.
    let joined =
        step.replace("\n   ", "\u{1}").replace("\u{1}- ", "\n- ").replace("\u{1}-> ", "\n-> ").replace('\u{1}', " ");
    let of = |mark: &str| -> Vec<String> {
        joined.lines().filter_map(|line| line.strip_prefix(mark)).map(|line| line.trim().to_owned()).collect()
    };
    (of("- "), of("-> "))
}

/// `file KEY` of what the ledger calls exposed.
fn exposed(sandbox: &Sandbox) -> Vec<String> {
    let report: Value =
        serde_json::from_str(&sandbox.envward(&["rotation", "status", "--format", "json"]).stdout).unwrap();
    let secrets = report["secrets"].as_array().unwrap().iter().filter(|one| one["urgency"] == "exposed");
    secrets.map(|one| format!("{} {}", one["file"].as_str().unwrap(), one["key"].as_str().unwrap())).collect()
}

#[test]
fn what_a_service_saw_is_replaced_in_order_and_recorded_after_a_yes() {
    let sandbox = project();
    let screen =
        sandbox.envward(&["incident", "backend", "--yes", "--reason", "a shell in the container"]).code(0).stdout;
    let (secrets, commands) = rotate(&screen);
    let names: Vec<&str> = secrets.iter().map(|line| line.split(" (").next().unwrap()).collect();
    assert_eq!(
        names,
        [
            "STRIPE_API_KEY of backend/.env",
            "DB_PASSWORD of .env",
            "DATABASE_URL of backend/.env",
            "JWT_SECRET of backend/.env",
            "JWT_SECRET of worker/.env",
            "SMTP_PASSWORD of .env",
            "signing of signing.txt",
            "DATA_ENCRYPTION_KEY of backend/.env",
        ],
        "{screen}"
    );
    assert!(secrets[4].contains("the same value as one it saw"), "{secrets:?}");
    assert_eq!(
        commands,
        [
            "envward rotation rotate STRIPE_API_KEY backend/.env --stdin",
            "envward rotation rotate DB_PASSWORD .env",
            "envward rotation rotate JWT_SECRET backend/.env",
            "envward rotation rotate SMTP_PASSWORD .env --stdin",
            "(umask 077; envward generate hex > signing.txt)",
            "envward rotation rotate DATA_ENCRYPTION_KEY backend/.env",
            "docker compose up -d --force-recreate backend worker",
            "docker compose ps backend",
        ]
    );
    let all: Vec<&str> =
        ["1. isolate", "2. investigate", "3. preserve evidence", "4. remediate", "5. rotate", "6. review"]
            .into_iter()
            .filter(|step| screen.contains(&format!("{step}\n")))
            .collect();
    assert_eq!(all.len(), 6);
    assert!(screen.contains("recorded as exposed: 8 secrets"), "{screen}");
    let mut known = exposed(&sandbox);
    known.sort();
    assert_eq!(
        known,
        [
            ".env DB_PASSWORD",
            ".env SMTP_PASSWORD",
            "backend/.env DATABASE_URL",
            "backend/.env DATA_ENCRYPTION_KEY",
            "backend/.env JWT_SECRET",
            "backend/.env STRIPE_API_KEY",
            "signing.txt signing",
            "worker/.env JWT_SECRET"
        ]
    );

    let screen = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(0).stdout;
    assert_eq!(rotate(&screen).0.len(), 8, "{screen}");
    assert!(screen.contains("leaked, incident of"), "{screen}");
}

#[test]
fn what_is_mounted_and_what_reaches_the_host() {
    let sandbox = project();
    let names = |service: &str| -> Vec<String> {
        let screen = sandbox.envward(&["incident", service, "--dry-run"]).code(0).stdout;
        rotate(&screen).0.iter().map(|line| line.split(';').next().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names("worker"),
        [
            "WORKER_TOKEN of worker/.env (mounted in it",
            "JWT_SECRET of backend/.env (the same value as one it saw",
            "JWT_SECRET of worker/.env (mounted in it",
        ]
    );
    assert_eq!(names("keeper").len(), 10);
    assert_eq!(names("web"), [""; 0]);
    let screen = sandbox.envward(&["incident", "keeper", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("Docker's socket is mounted in it: it could see everything on this host"), "{screen}");
    let screen = sandbox.envward(&["incident", "web", "--yes"]).code(0).stdout;
    assert!(screen.contains("no secret to record"), "{screen}");
}

#[test]
fn a_copy_that_is_mounted_tells_as_much_and_a_whole_path_is_the_same_place() {
    let sandbox = project();
    let root = sandbox.path("").canonicalize().unwrap();
    let root = root.to_str().unwrap();
    let compose = format!(
        "services:\n  a:\n    image: a:1.0\n    volumes: ['{root}/backup:/backup:ro']\n  b:\n    image: b:1.0\n    env_file: {root}/worker/.env\n  \
         c:\n    image: c:1.0\n    env_file: /etc/c.env\n  d:\n    image: d:1.0\n    volumes: ['{root}/..:/all']\n"
    );
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file("backup/.env.bak", 0o600, fill("DB_PASSWORD={password}\nREDIS_PASSWORD={password3-old}\n"));
    let names = |service: &str, code: i32| -> Vec<String> {
        let screen = sandbox.envward(&["incident", service, "--dry-run"]).code(code).stdout;
        rotate(&screen).0.iter().map(|line| line.split(';').next().unwrap().to_owned()).collect()
    };
    let same = "(the same value as one it saw";
    assert_eq!(names("a", 0), [format!("DB_PASSWORD of .env {same}"), format!("DATABASE_URL of backend/.env {same}")]);
    assert_eq!(
        names("b", 0)[..2],
        ["WORKER_TOKEN of worker/.env (by env_file", &format!("JWT_SECRET of backend/.env {same}")]
    );
    assert_eq!(names("c", 2), ["what stands in files outside the project, which it was given, too"]);
    assert_eq!(names("d", 0).len(), 9);
}

#[test]
fn the_commands_of_the_evidence_run_and_keep_it_private() {
    let sandbox = project();
    // A docker that says what it was asked.
    sandbox.file(
        "../bin/docker",
        0o755,
        "#!/bin/sh\ncase \"$*\" in *'ps -aq'*) echo c0ffee1; echo c0ffee2;; *) echo \"docker $*\";; esac\n",
    );
    let screen = sandbox.envward(&["incident", "backend", "--dry-run"]).code(0).stdout;
    let before_rotation = screen.split("4. remediate").next().unwrap();
    let commands: Vec<&str> = before_rotation.lines().filter_map(|line| line.trim().strip_prefix("-> ")).collect();
    assert_eq!(commands.len(), 9, "{screen}");
    let path = format!("{}:/usr/bin:/bin", sandbox.path("../bin").canonicalize().unwrap().display());
    for command in commands.iter().filter(|command| !command.starts_with("envward")) {
        // Each alone, in a shell whose files everybody may read.
        let _ = sandbox.shell(&format!("umask 000; {command}")).env("PATH", &path).run().code(0);
    }
    let home = sandbox.root().join("home");
    let dir = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path()).next().unwrap();
    assert!(dir.file_name().unwrap().to_str().unwrap().starts_with("incident-backend-"));
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o777, 0o700);
    let mut files: Vec<String> = Vec::new();
    for entry in fs::read_dir(&dir).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600, "{}", path.display());
        files.push(path.file_name().unwrap().to_str().unwrap().to_owned());
    }
    files.sort();
    assert_eq!(
        files,
        [
            "SHA256SUMS",
            "c0ffee1.diff",
            "c0ffee1.tar",
            "c0ffee2.diff",
            "c0ffee2.tar",
            "inspect.json",
            "logs.txt",
            "top.txt"
        ]
    );
    let logs = fs::read_to_string(dir.join("logs.txt")).unwrap();
    assert_eq!(logs, "docker compose logs --no-color --timestamps backend\n");
    assert_eq!(fs::read_to_string(dir.join("c0ffee2.tar")).unwrap(), "docker export c0ffee2\n");
    assert_eq!(fs::read_to_string(dir.join("inspect.json")).unwrap(), "docker inspect c0ffee1 c0ffee2\n");
    assert_eq!(fs::read_to_string(dir.join("SHA256SUMS")).unwrap().lines().count(), 7);
}

#[test]
fn somebody_at_a_terminal_is_asked() {
    let sandbox = project();
    let (screen, code) = converse(&sandbox, &["incident", "worker"], &[("[y/N]", "n")]);
    assert_eq!(code, Some(0), "{screen}");
    assert!(screen.contains("nothing was recorded"), "{screen}");
    assert_eq!(exposed(&sandbox), [""; 0]);
    let (screen, code) = converse(&sandbox, &["incident", "worker"], &[("record 3 secrets as exposed? [y/N]", "y")]);
    assert_eq!(code, Some(0), "{screen}");
    assert_eq!(exposed(&sandbox).len(), 3, "{screen}");
}

#[test]
fn nobody_there_records_nothing_and_that_is_no_success() {
    let sandbox = project();
    let output = sandbox.envward(&["incident", "backend"]).code(2);
    assert!(output.stdout.contains("5. rotate") && output.stderr.contains("--yes"), "{}", output.stderr);
    assert_eq!(exposed(&sandbox), [""; 0]);
    let output = sandbox.command(&["incident", "backend", "--yes"]).env("ENVWARD_STATE_DIR", "/dev/null").run().code(0);
    assert!(output.stdout.contains("nothing was recorded: there is no ledger here"), "{}", output.stdout);
}

#[test]
fn what_cannot_be_done_is_said() {
    let sandbox = project();
    let output = sandbox.envward(&["incident", "nonsense", "--yes"]).code(2);
    assert!(!output.normalized().contains("nonsense"), "what was typed may be a secret: {}", output.normalized());
    for args in [
        &["incident"][..],
        &["incident", "backend", "--dry-run", "--evidence", "evidence"],
        &["incident", "backend", "--dry-run", "--evidence", "backend/../evidence"],
        &["incident", "backend", "--yes", "--dry-run"],
        &["incident", "--exposed", "backend", "."],
        &["incident", "backend", "--yes", "--reason", ""],
    ] {
        let _ = sandbox.envward(args).code(2);
    }
    // A home that is the project itself.
    let home = sandbox.path("");
    let output =
        sandbox.command(&["incident", "backend", "--dry-run"]).env("HOME", home.to_str().unwrap()).run().code(2);
    assert!(output.stderr.contains("--evidence DIR outside"), "{}", output.stderr);
    assert_eq!(exposed(&sandbox), [""; 0]);
}

#[test]
fn an_env_file_that_cannot_be_read_makes_the_list_incomplete() {
    let sandbox = project();
    fs::remove_file(sandbox.path("backend/.env")).unwrap();
    let output = sandbox.envward(&["incident", "backend", "--dry-run"]).code(2);
    assert!(output.stdout.contains("what stands in backend/.env"), "{}", output.stdout);
    if own_uid_is_root() {
        return;
    }
    fs::set_permissions(sandbox.path("worker/.env"), fs::Permissions::from_mode(0o000)).unwrap();
    let output = sandbox.envward(&["incident", "worker", "--dry-run"]).code(2);
    assert!(output.stdout.contains("not examined"), "{}", output.stdout);
}

#[test]
fn what_is_exposed_is_incomplete_where_a_file_cannot_be_read_and_that_is_said() {
    let sandbox = project();
    fs::OpenOptions::new().write(true).open(sandbox.path(".env")).unwrap().set_len(1 << 30).unwrap();
    let output = sandbox.envward(&["incident", "--exposed", "--dry-run"]).code(2);
    let (_, said) = output.stdout.split_once("not examined, so that a secret may be missing above\n").unwrap();
    assert!(said.contains("  .env "), "{said}");
}

/// `docker compose build` of what has no `build:` does nothing, and says nothing of that.
#[test]
fn an_image_that_a_registry_has_is_fetched_anew() {
    let sandbox = project();
    let compose =
        "services:\n  a:\n    image: a:1.0\n  b:\n    image: b:1.0\n    build: ./b\n  c:\n    build: {context: ./c}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    for (service, command) in [("a", "pull a"), ("b", "build --no-cache --pull b"), ("c", "build --no-cache --pull c")]
    {
        let screen = sandbox.envward(&["incident", service, "--dry-run"]).code(0).stdout;
        let commands: Vec<&str> =
            screen.lines().filter_map(|line| line.strip_prefix("   -> docker compose ")).collect();
        let anew: Vec<&&str> =
            commands.iter().filter(|line| line.starts_with("pull ") || line.starts_with("build ")).collect();
        assert_eq!(anew, [&command], "{screen}");
        assert_eq!(screen.contains("fetch its image anew"), service == "a", "{screen}");
    }
    // What an override file builds is built.
    sandbox.file("compose.override.yaml", 0o644, "services:\n  a:\n    build: ./a\n");
    let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("-> docker compose build --no-cache --pull a\n"), "{screen}");
}

#[test]
fn a_file_that_is_one_secret_is_not_rotated_by_key() {
    let sandbox = project();
    let before = fs::read(sandbox.path("signing.txt")).unwrap();
    for more in [&[][..], &["--dry-run"]] {
        let output = sandbox.envward(&[&["rotation", "rotate", "signing", "signing.txt"], more].concat()).code(2);
        assert!(output.stderr.contains("one secret as a whole"), "{}", output.stderr);
    }
    let _ = sandbox.envward(&["rotation", "promote", "signing", "signing.txt"]).code(2);
    assert_eq!(fs::read(sandbox.path("signing.txt")).unwrap(), before);
}

#[test]
fn another_directory_and_another_compose_file() {
    let sandbox = project();
    fs::rename(sandbox.path("compose.yaml"), sandbox.path("deploy.compose.yml")).unwrap();
    let screen = sandbox.envward(&["incident", "backend", "--dry-run"]).code(0).stdout;
    assert!(screen.contains("docker compose -f deploy.compose.yml stop backend"), "{screen}");
    let screen = sandbox.command(&["incident", "backend", "--dry-run", ".."]).dir("worker").run().code(0).stdout;
    let root = sandbox.path("").canonicalize().unwrap();
    assert!(screen.contains(&format!("-f {}/deploy.compose.yml stop", root.display())), "{screen}");
}

/// Several stacks with a service of one name: what was typed where, and whose files are in the commands.
#[test]
fn the_stack_that_is_meant() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init", "-q"]);
    for (at, file) in [("apps/mail", "compose.yml"), ("apps/news", "docker-compose.yaml"), ("tools", "compose.yaml")] {
        sandbox.file(
            format!("{at}/{file}"),
            0o644,
            "services:\n  cache:\n    image: redis:7.2.4\n    env_file: .env\n",
        );
        sandbox.file(
            format!("{at}/.env"),
            0o600,
            fill(&format!("REDIS_PASSWORD={{password-{}}}\n", at.replace('/', "-"))),
        );
    }
    fs::create_dir_all(sandbox.path("apps/news/src")).unwrap();
    let cases: [(&str, &[&str], Option<&str>); 7] = [
        ("", &[], None),
        ("", &["apps"], None),
        ("", &["apps/news"], Some("apps/news")),
        ("apps/news/src", &[], Some("apps/news")),
        ("tools", &[], Some("tools")),
        ("tools", &["-f", "../apps/mail/compose.yml"], Some("apps/mail")),
        ("", &["-f", "tools/compose.yaml"], Some("tools")),
    ];
    for (here, given, meant) in cases {
        let args = [&["incident", "cache", "--dry-run", "--evidence", "/tmp/no-such-evidence"], given].concat();
        let output = sandbox.command(&args).dir(here).run();
        let Some(meant) = meant else {
            let output = output.code(2);
            assert!(output.stdout.is_empty() && output.stderr.contains("apps/mail/compose.yml"), "{}", output.stderr);
            continue;
        };
        let screen = output.code(0).stdout;
        let (secrets, _) = rotate(&screen);
        assert_eq!(secrets.len(), 1, "{here} {given:?}: {screen}");
        assert!(secrets[0].contains(&format!("{meant}/.env")), "{here} {given:?}: {screen}");
        let stop = screen.lines().find(|line| line.contains(" stop cache")).unwrap();
        assert!(stop.contains(meant) || here == meant, "{here} {given:?}: {stop}");
    }
}

/// What waits under the next name of a key was seen with it; what is kept under the previous one is no key.
#[test]
fn what_waits_is_given_up() {
    for key in ["JWT_SECRET", "SESSION_SECRET", "DATA_ENCRYPTION_KEY"] {
        let sandbox = Sandbox::new();
        sandbox.file("compose.yaml", 0o644, "services:\n  a:\n    image: a:1.0.0\n    env_file: .env\n");
        let text = format!("{key}={{hex32}}\n{key}_NEXT={{hex32-next}}\n{key}_PREVIOUS={{hex32-before}}\n");
        sandbox.file(".env", 0o600, fill(&text));
        let screen = sandbox.envward(&["incident", "a", "--dry-run"]).code(0).stdout;
        let (_, commands) = rotate(&screen);
        let own: Vec<&String> = commands.iter().filter(|line| line.starts_with("envward ")).collect();
        let abandon = format!("envward rotation rotate {key} .env --abandon");
        assert_eq!(own, [&abandon, &format!("envward rotation rotate {key} .env")], "{screen}");
    }
}

/// What is mounted from outside the project may hold a secret that nobody here knows: said, and no clean answer.
#[test]
fn what_it_was_given_from_outside_is_said() {
    let sandbox = Sandbox::new();
    let planned = |service: &str, more: &str| {
        sandbox.file("compose.yaml", 0o644, format!("services:\n  a: {{image: 'a:1.0', {service}}}\n{more}"));
        sandbox.envward(&["incident", "a", "--dry-run", "--evidence", "/tmp/evidence-of-a"])
    };
    let config = "configs:\n  c: {file: /srv/app.conf}\n";
    for (service, more) in [
        ("volumes: ['/srv/secrets:/s:ro']", ""),
        ("volumes: ['~/keys:/keys']", ""),
        ("volumes: ['../other/conf:/conf']", ""),
        ("volumes: [{type: bind, source: /root/.ssh, target: /k}]", ""),
        ("configs: [c]", config),
    ] {
        let output = planned(service, more).code(2);
        let text = output.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(text.contains("files outside the project, which it was given"), "{service}: {text}");
    }
    for (service, more) in [
        ("volumes: ['/etc/localtime:/etc/localtime:ro', './data:/data', 'named:/n']", "volumes:\n  named: {}\n"),
        ("volumes: ['/etc/ssl/certs/ca-certificates.crt:/ca.crt:ro', '/dev/dri:/dev/dri']", ""),
        ("init: true", config),
    ] {
        let _ = planned(service, more).code(0);
    }
}

/// A config by file is mounted as a secret is.
#[test]
fn an_env_file_that_is_a_config_is_seen() {
    let sandbox = Sandbox::new();
    sandbox.file("conf/app.env", 0o600, fill("MAIL_PASSWORD={password}\n"));
    let compose =
        "services:\n  a: {image: 'a:1.0', configs: [c]}\n  b: {image: 'b:1.0'}\nconfigs:\n  c: {file: conf/app.env}\n";
    sandbox.file("compose.yaml", 0o644, compose);
    for (service, is_seen) in [("a", true), ("b", false)] {
        let text =
            sandbox.envward(&["incident", service, "--dry-run", "--evidence", "/tmp/evidence-of-it"]).code(0).stdout;
        assert_eq!(text.contains("MAIL_PASSWORD"), is_seen, "{service}: {text}");
    }
}
