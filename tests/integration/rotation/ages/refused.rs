//! What stops it.

use super::*;

#[test]
fn the_ledger_is_never_inside_the_project() {
    let sandbox = project();
    for place in ["state", ".git/state"] {
        for command in [&["rotation", "status"][..], &["rotation", "status", "--as-of", "2099-01-01"]] {
            let run = sandbox.command(command).env("ENVWARD_STATE_DIR", sandbox.path(place).to_str().unwrap());
            let output = run.run().code(2);
            assert!(output.stderr.contains("lies inside the project"), "{}", output.stderr);
        }
        assert!(!sandbox.path(place).exists());
    }
    // The state of a user whose home is the project is.
    let run = sandbox.command(&["rotation", "status"]).env("ENVWARD_STATE_DIR", "");
    if !nix::unistd::geteuid().is_root() {
        let home = sandbox.path("").to_str().unwrap().to_owned();
        drop(run.env("HOME", &home).run().code(0));
        assert!(sandbox.path(".local/state/envward/ledger.sqlite").exists());
    }
}

#[test]
fn a_ledger_that_cannot_be_used_is_an_error_and_stays_as_it_is() {
    type Damage<'a> = &'a dyn Fn(&Sandbox);
    let damage: [(&str, Damage<'_>, &str); 5] = [
        (
            "corrupt",
            &|sandbox| fs::write(state(sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap(),
            "is damaged",
        ),
        ("cut off", &|sandbox| fs::write(state(sandbox).join("ledger.sqlite"), "").unwrap(), "is damaged"),
        ("newer", &|sandbox| ledger(sandbox).pragma_update(None, "user_version", 99).unwrap(), "later version"),
        (
            "loose",
            &|sandbox| {
                fs::set_permissions(state(sandbox), PermissionsExt::from_mode(0o755)).unwrap();
            },
            "open to others (mode 0755)",
        ),
        ("bad key", &|sandbox| fs::write(state(sandbox).join("fingerprint.key"), "short").unwrap(), "size of a key"),
    ];
    for (name, damage, message) in damage {
        let sandbox = project();
        status(&sandbox, &[], 0);
        damage(&sandbox);
        let files = ["ledger.sqlite", "fingerprint.key"].map(|name| fs::read(state(&sandbox).join(name)).unwrap());
        for command in [
            &["rotation", "status"][..],
            &["rotation", "status", "--due"],
            &["rotation", "record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "x"],
        ] {
            let output = sandbox.envward(command).code(2);
            assert!(output.stderr.contains(message) && output.stderr.contains("hint: "), "{name}: {}", output.stderr);
        }
        let answer = valid(&sandbox.envward(&["rotation", "status", "--format", "json"]).code(2));
        assert_eq!(
            (&answer["status"], &answer["problems"][0]["kind"]),
            (&"incomplete".into(), &"ledger".into()),
            "{name}"
        );
        let after = ["ledger.sqlite", "fingerprint.key"].map(|name| fs::read(state(&sandbox).join(name)).unwrap());
        assert_eq!(files, after, "{name}");
    }
}

#[test]
fn a_full_disk_loses_nothing() {
    let sandbox = project();
    status(&sandbox, &[], 0);
    let before = fs::read(state(&sandbox).join("ledger.sqlite")).unwrap();
    // The file may not grow, and the signal that says so is ignored: a write then fails as on a full disk.
    let keys: String = (0..400).map(|number| fill(&format!("KEY_{number}_PASSWORD={{password{number}}}\n"))).collect();
    sandbox.file("more/.env", 0o600, keys);
    let blocks = before.len() / 512 + 16;
    let line = format!("trap '' XFSZ; ulimit -f {blocks}; exec {} rotation status", env!("CARGO_BIN_EXE_envward"));
    let output = sandbox.shell(&line).run().code(2);
    assert!(output.stderr.starts_with("error: the ledger in "), "{}", output.stderr);
    assert_eq!(rows(&status(&sandbox, &[".env"], 0)).len(), 2);
    assert_eq!(rows(&status(&sandbox, &[], 0)).len(), 402);
}

#[test]
fn the_demo_knows_no_ledger() {
    let sandbox = Sandbox::new();
    fs::create_dir_all(state(&sandbox)).unwrap();
    fs::set_permissions(state(&sandbox), fs::Permissions::from_mode(0o700)).unwrap();
    fs::write(state(&sandbox).join("ledger.sqlite"), "x".repeat(5000)).unwrap();
    let screen = sandbox.envward(&["demo"]).code(0).stdout;
    assert!(screen.contains("5 critical") && !screen.contains("not examined"), "{screen}");
}

#[test]
fn many_writers_at_once_lose_nothing() {
    let sandbox = Sandbox::new();
    let keys: Vec<String> = (0..8).map(|number| format!("KEY_{number}_PASSWORD")).collect();
    let text: String = keys
        .iter()
        .map(|key| fill(&format!("{key}={{password-{}}}\n", key.to_lowercase().replace('_', "-"))))
        .collect();
    sandbox.file(".env", 0o600, text);
    let (root, state) = (sandbox.path(""), state(&sandbox));
    let runs: Vec<_> = keys
        .iter()
        .map(|key| {
            let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_envward"));
            command.args(["rotation", "record", key, "--at", "2020-01-01", "--reason", "x"]);
            command.current_dir(&root).env("ENVWARD_STATE_DIR", &state).stdout(std::process::Stdio::null());
            command.spawn().unwrap()
        })
        .collect();
    for mut run in runs {
        assert!(run.wait().unwrap().success());
    }
    let answer = status(&sandbox, &[], 1);
    assert_eq!(
        rows(&answer).iter().filter(|row| row.contains("overdue") && row.ends_with("declared")).count(),
        8,
        "{answer:#}"
    );
}
