//! Killed on the way.

use super::*;

/// The new value is in all places and in no file beside, and the ledger says so.
fn assert_done(sandbox: &Sandbox, new: &str, how: &str) {
    let old = fill("{password}");
    for (path, text) in [(".env", fill(ENV)), ("worker/.env", fill(WORKER))] {
        assert_eq!(read(sandbox, path), text.replace(&old, new), "{how}: {path}");
    }
    let names: Vec<String> =
        fs::read_dir(sandbox.path("")).unwrap().map(|one| one.unwrap().file_name().into_string().unwrap()).collect();
    assert!(names.iter().all(|name| [".env", "worker", PREVIOUS].contains(&name.as_str())), "{how}: {names:?}");
    let rows: Vec<String> = states(sandbox).into_iter().filter(|row| row.starts_with("DB_PASSWORD")).collect();
    assert_eq!(rows, ["DB_PASSWORD current rotated", "DB_PASSWORD retiring file time"], "{how}");
}

#[test]
fn each_state_between_can_be_gone_on_from() {
    // Before the ledger knows of the new value.
    let sandbox = project();
    drop(rotation(&sandbox, &["status"], 0));
    let ledger = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let new = value(&sandbox, PENDING, "DB_PASSWORD");
    let pending = read(&sandbox, PENDING);
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, PENDING, "DB_PASSWORD"), new);
    let ledger = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    // Behind the first file.
    sandbox.file("worker/.env", 0o600, fill(WORKER).replace(&fill("{password}"), &new));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the first file");
    // Behind the last file, before the ledger.
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    sandbox.file(PENDING, 0o600, &pending);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the last file");
    // Behind the ledger.
    sandbox.file(PENDING, 0o600, &pending);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "behind the ledger");
    // The file with the value is gone, and so is what the ledger heard of its use.
    fs::write(state(&sandbox).join("ledger.sqlite"), &ledger).unwrap();
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_done(&sandbox, &new, "without the file");
}

#[test]
fn killed_anywhere_it_can_be_done_again() {
    for round in 0..24 {
        let sandbox = project();
        for verb in ["rotate", "promote"] {
            let mut command = Command::new(env!("CARGO_BIN_EXE_envward"));
            command.args(["rotation", verb, "DB_PASSWORD", ".env"]).current_dir(sandbox.path(""));
            command.env_clear().env("ENVWARD_STATE_DIR", state(&sandbox));
            let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            // From the start to past the end of a run, in steps that are no multiple of anything.
            std::thread::sleep(Duration::from_micros(700 * round * (round + 7) / 7));
            child.kill().unwrap();
            child.wait().unwrap();
            // Whatever it left: private, readable, and each file old or new.
            for path in [".env", "worker/.env", PENDING] {
                let Ok(meta) = fs::metadata(sandbox.path(path)) else { continue };
                assert_eq!(meta.permissions().mode() & 0o077, 0, "{path}");
            }
            let lines = [".env", "worker/.env"].map(|path| read(&sandbox, path).lines().count());
            assert_eq!(lines, [6, 3]);
            drop(rotation(&sandbox, &["status"], 0));
        }
        // A run that came to its end before it was killed: the next rotation begins when that one is finished.
        if sandbox.path(PREVIOUS).exists()
            && !sandbox.path(PENDING).exists()
            && states(&sandbox).iter().any(|row| row.starts_with("DB_PASSWORD retiring"))
        {
            drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"], 0));
        }
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        let new = value(&sandbox, PENDING, "DB_PASSWORD");
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        assert_eq!(value(&sandbox, ".env", "DB_PASSWORD"), new);
        assert!(!sandbox.path(PENDING).exists());
        let leftover = |one: fs::DirEntry| one.file_name().to_str().unwrap().contains("envward-");
        assert!(!fs::read_dir(sandbox.path("")).unwrap().any(|one| leftover(one.unwrap())));
    }
}
