//! Seen.

use super::*;

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
    assert!(secrets[4].contains("same value as one it could see"), "{secrets:?}");
    assert_eq!(
        commands,
        [
            "envward rotation rotate STRIPE_API_KEY backend/.env --stdin",
            "envward rotation rotate DB_PASSWORD .env",
            "envward rotation rotate JWT_SECRET backend/.env",
            "envward rotation rotate SMTP_PASSWORD .env --stdin",
            "envward rotation rotate signing signing.txt",
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
    assert!(screen.contains("exposed by the incident of"), "{screen}");
}

#[test]
fn what_is_mounted_and_what_reaches_the_host() {
    let sandbox = project();
    let names = |service: &str| -> Vec<String> {
        let screen = sandbox.envward(&["incident", service, "--dry-run"]).code(0).stdout;
        rotate(&screen).0.iter().map(|line| line.split(')').next().unwrap().to_owned()).collect()
    };
    assert_eq!(
        names("worker"),
        [
            "WORKER_TOKEN of worker/.env (in a mounted directory",
            "JWT_SECRET of backend/.env (same value as one it could see",
            "JWT_SECRET of worker/.env (in a mounted directory",
        ]
    );
    assert_eq!(names("keeper").len(), 10);
    assert_eq!(names("web"), [""; 0]);
    let screen = sandbox.envward(&["incident", "keeper", "--dry-run"]).code(0).stdout;
    assert!(
        screen.contains("The service has access to the Docker socket: the service could see everything"),
        "{screen}"
    );
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
        rotate(&screen).0.iter().map(|line| line.split(')').next().unwrap().to_owned()).collect()
    };
    let same = "(same value as one it could see";
    assert_eq!(names("a", 0), [format!("DB_PASSWORD of .env {same}"), format!("DATABASE_URL of backend/.env {same}")]);
    assert_eq!(
        names("b", 0)[..2],
        ["WORKER_TOKEN of worker/.env (through env_file", &format!("JWT_SECRET of backend/.env {same}")]
    );
    assert_eq!(names("c", 2), ["all secrets in files outside the project that the service was given"]);
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
