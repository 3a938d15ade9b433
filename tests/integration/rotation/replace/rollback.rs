//! `rotation rollback`: the old value back in every place, byte for byte.

use super::*;

/// Every file of the project, by name.
fn files(sandbox: &Sandbox) -> Vec<(String, String)> {
    let all = [".env", "worker/.env", "pw.txt", PENDING, PREVIOUS];
    let read = |name: &&str| Some(((*name).to_owned(), fs::read_to_string(sandbox.path(name)).ok()?));
    all.iter().filter_map(read).collect()
}

fn project_with_a_file() -> Sandbox {
    let sandbox = project();
    let compose = "services:\n  db:\n    image: postgres:15.5\n    secrets: [pw]\n    env_file: .env\nsecrets:\n  pw:\n    file: pw.txt\n";
    sandbox.file("compose.yaml", 0o644, compose);
    sandbox.file("pw.txt", 0o600, fill("{password}\n"));
    sandbox
}

#[test]
fn every_place_is_what_it_was() {
    for key in ["DB_PASSWORD", "JWT_SECRET"] {
        let sandbox = project_with_a_file();
        sandbox.file("worker/.env", 0o600, fill(WORKER) + &fill("JWT_SECRET=\"{hex64}\"\n"));
        drop(rotation(&sandbox, &["rotate", key, ".env"], 0));
        let (before, was) = (files(&sandbox), states(&sandbox));
        drop(rotation(&sandbox, &["promote", key, ".env"], 0));
        assert_ne!(files(&sandbox), before);
        let output = rotation(&sandbox, &["rollback", key, ".env"], 0);
        assert_eq!(files(&sandbox), before, "{}", output.stdout);
        assert_eq!(states(&sandbox), was);
        assert!(output.stdout.contains("docker compose up -d --force-recreate db"), "{}", output.stdout);
        let all = output.stdout + &output.stderr;
        assert!(!all.contains(&fill("{password}")) && !all.contains(&fill("{hex64}")));
        // Nothing is left to roll back, and the rotation can go on.
        drop(rotation(&sandbox, &["rollback", key, ".env"], 2));
        drop(rotation(&sandbox, &["promote", key, ".env"], 0));
        drop(rotation(&sandbox, &["promote", key, ".env", "--confirm", "--unproven", "a test"], 0));
        let refused = rotation(&sandbox, &["rollback", key, ".env"], 2);
        assert!(refused.stderr.contains("nothing is kept of an earlier value"), "{}", refused.stderr);
    }
}

/// What was edited after `promote` is named and left; the rest is restored.
#[test]
fn a_place_that_was_edited_meanwhile() {
    let sandbox = project_with_a_file();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let before = files(&sandbox);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    // Another line, and one of the places.
    let edited = read(&sandbox, "worker/.env").replace("OTHER=x", "OTHER=y");
    let line = edited.lines().find(|line| line.contains("QUEUE_DB_PASS")).unwrap().to_owned();
    let mine = edited.replace(&line, &format!("export QUEUE_DB_PASS='{}'", fill("{password3}")));
    sandbox.file("worker/.env", 0o600, &mine);
    let output = rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 1);
    assert!(
        output.stdout.contains("NOT changed") && output.stdout.contains("  worker/.env: QUEUE_DB_PASS\n"),
        "{}",
        output.stdout
    );
    assert_eq!(read(&sandbox, "worker/.env"), mine);
    for name in [".env", "pw.txt"] {
        let was = &before.iter().find(|(path, _)| path == name).unwrap().1;
        assert_eq!(&read(&sandbox, name), was);
    }
    // A second rotation of another key in the same files is no edit of a place.
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["rotate", "JWT_SECRET", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "JWT_SECRET", ".env"], 0));
    drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, ".env", "DB_PASSWORD"), fill("{password}"));
    assert_ne!(value(&sandbox, ".env", "JWT_SECRET"), fill("{hex64}"));
}

#[test]
fn what_is_kept_can_be_refused() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    let kept = read(&sandbox, PREVIOUS);
    assert_eq!(fs::metadata(sandbox.path(PREVIOUS)).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(!kept.contains(&fill("{password}")), "no value stands there as it is");
    for text in ["", "OLD=YQ\n", "{}\n"] {
        let before = read(&sandbox, ".env");
        sandbox.file(PREVIOUS, 0o600, text);
        let output = rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 2);
        assert!(output.stderr.contains("is not what envward wrote"), "{}", output.stderr);
        assert_eq!(read(&sandbox, ".env"), before);
    }
    fs::remove_file(sandbox.path(PREVIOUS)).unwrap();
    drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 2));
    // Another new value waits: it must not be lost.
    sandbox.file(PREVIOUS, 0o600, kept);
    sandbox.file(PENDING, 0o600, fill("DB_PASSWORD={password3}\n"));
    let output = rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 2);
    assert!(output.stderr.contains("another new value waits"), "{}", output.stderr);
}

/// Where git or an image would pick the file up, nothing is kept, and `promote` says so.
#[test]
fn what_git_would_pick_up_is_not_written() {
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, "/.env\n/worker/.env\n");
    let output = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0);
    assert!(output.stdout.contains("WARNING: this rotation could not be rolled back"), "{}", output.stdout);
    let output = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0);
    assert!(!sandbox.path(PREVIOUS).exists());
    assert!(output.stdout.contains("WARNING: this rotation cannot be rolled back"), "{}", output.stdout);
    drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 2));
    // `check` does not tell to delete what a rollback needs.
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env*\n");
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    let report = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0).json();
    let found: Vec<_> = report["findings"].as_array().unwrap().iter().filter(|one| one["path"] == PREVIOUS).collect();
    assert_eq!((found.len(), &found[0]["help"]), (1, &"envward rotation status".into()));
}

/// The command that `rotate` prints before the deed makes a rollback possible, in git and in images.
#[test]
fn the_lines_that_are_missing_are_named_before_the_deed() {
    for contexts in [false, true] {
        let sandbox = project();
        sandbox.git(&["init", "-q"]);
        for ignore in [".gitignore", ".dockerignore"] {
            sandbox.file(ignore, 0o644, ".env\nworker/.env\n");
        }
        if contexts {
            sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . /\n");
        }
        let said = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0).stdout;
        let lines: Vec<&str> = said.lines().filter_map(|line| line.trim().strip_prefix("-> printf ")).collect();
        assert_eq!(lines.len(), if contexts { 2 } else { 1 }, "{said}");
        for line in lines {
            drop(sandbox.shell(&format!("printf {line}")).run().code(0));
        }
        // The lines are for every key.
        for key in ["DB_PASSWORD", "JWT_SECRET"] {
            let said = rotation(&sandbox, &["rotate", key, ".env", "--dry-run"], 0).stdout;
            assert!(!said.contains("rolled back"), "{said}");
        }
        let before = read(&sandbox, ".env");
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        assert!(sandbox.path(PREVIOUS).exists());
        drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
        assert_eq!(read(&sandbox, ".env"), before);
    }
}

#[test]
fn killed_anywhere_it_can_be_done_again() {
    for round in 0..24 {
        let sandbox = project();
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        let before = files(&sandbox);
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        let mut command = Command::new(env!("CARGO_BIN_EXE_envward"));
        command.args(["rotation", "rollback", "DB_PASSWORD", ".env"]).current_dir(sandbox.path(""));
        command.env_clear().env("ENVWARD_STATE_DIR", state(&sandbox));
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        std::thread::sleep(Duration::from_micros(700 * round * (round + 7) / 7));
        child.kill().unwrap();
        child.wait().unwrap();
        // Done, or to be done again.
        if sandbox.path(PREVIOUS).exists() {
            drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
        }
        assert_eq!(files(&sandbox), before, "round {round}");
        let rows: Vec<String> = states(&sandbox).into_iter().filter(|row| row.starts_with("DB_PASSWORD")).collect();
        assert_eq!(rows, ["DB_PASSWORD current file time", "DB_PASSWORD pending rotated"], "round {round}");
    }
}

/// Killed after the files and before the ledger: the next run sees the old value first, and ends as any other.
#[test]
fn killed_before_the_ledger() {
    for looks in [false, true] {
        let sandbox = project();
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        let (before, was) = (files(&sandbox), states(&sandbox));
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        let (ledger, kept) = (fs::read(state(&sandbox).join("ledger.sqlite")).unwrap(), read(&sandbox, PREVIOUS));
        drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
        fs::write(state(&sandbox).join("ledger.sqlite"), ledger).unwrap();
        sandbox.file(PREVIOUS, 0o600, kept);
        if looks {
            drop(rotation(&sandbox, &["status", "--exit-zero"], 0));
        }
        drop(rotation(&sandbox, &["rollback", "DB_PASSWORD", ".env"], 0));
        assert_eq!((files(&sandbox), states(&sandbox)), (before, was), "{looks}");
        // Nothing is due because of it.
        drop(rotation(&sandbox, &["status"], 0));
    }
}

/// A statement that changes the password of whoever runs it is never printed without its user.
#[test]
fn mariadb_is_told_as_the_user_whose_password_it_is() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DATABASE_URL=mariadb://shop:{password}@db/shop\n"));
    drop(rotation(&sandbox, &["rotate", "DATABASE_URL", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DATABASE_URL", ".env"], 0));
    let said = rotation(&sandbox, &["rollback", "DATABASE_URL", ".env"], 0).stdout;
    let command = "  -> envward rotation rollback DATABASE_URL .env --sql | mariadb -u shop";
    assert!(said.lines().any(|line| line == command) && said.contains("MYSQL_PWD"), "{said}");
}

/// The new value would be in the next commit.
#[test]
fn a_file_that_git_tracks_is_untracked_first() {
    let sandbox = Sandbox::new();
    sandbox.git(&["init"]);
    sandbox.file(".env", 0o600, fill("DB_USER=app\nDB_PASSWORD={password}\n"));
    sandbox.git(&["add", ".env"]);
    let command = "git rm --cached -f .env";
    let rotate = ["rotate", "DB_PASSWORD", ".env", "--dry-run"];
    let said = rotation(&sandbox, &rotate, 0).stdout;
    assert!(said.contains("WARNING: git tracks .env") && said.contains(&format!("  -> {command}\n")), "{said}");
    drop(sandbox.shell(command).run().code(0));
    assert!(!rotation(&sandbox, &rotate, 0).stdout.contains("git tracks"));
}
