//! Values.

use super::*;

#[test]
fn a_password_in_all_its_places() {
    let sandbox = project();
    sandbox.file(".env.test", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.file(".env.bak", 0o600, fill(ENV));
    let before = (read(&sandbox, ".env"), read(&sandbox, "worker/.env"));
    let dry = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--dry-run"], 0);
    assert!(!sandbox.path(PENDING).exists() && dry.stdout.contains("would wait in"), "{}", dry.stdout);

    let output = rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0);
    let new = value(&sandbox, PENDING, "DB_PASSWORD");
    let old = fill("{password}");
    assert_eq!((new.len(), new == old, &before.0), (64, false, &read(&sandbox, ".env")));
    let meta = fs::metadata(sandbox.path(PENDING)).unwrap();
    assert_eq!(meta.permissions().mode() & 0o7777, 0o600);
    for line in [
        "  .env: DB_PASSWORD",
        "  .env: DATABASE_URL (in a URL)",
        "  worker/.env: QUEUE_DB_PASS",
        "WARNING: .env.bak has it too and will NOT be changed: it is a copy, delete it",
        "WARNING: .env.test (test) has it too and will NOT be changed: it belongs to",
        "     -> envward rotation rotate DB_PASSWORD .env --sql | psql -X -v ON_ERROR_STOP=1 -d postgres",
        "     -> envward rotation promote DB_PASSWORD .env",
        "     -> envward rotation promote DB_PASSWORD .env --confirm",
    ] {
        assert!(output.stdout.lines().any(|one| one == line), "{line}\n{}", output.stdout);
    }
    assert!(output.stdout.lines().all(|line| line.chars().count() <= 80 || line.contains("-> ")), "{}", output.stdout);
    assert!(states(&sandbox).contains(&"DB_PASSWORD pending rotated".to_owned()), "{:?}", states(&sandbox));
    // Again: the same value, made once.
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(value(&sandbox, PENDING, "DB_PASSWORD"), new);

    let promoted = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0);
    assert!(promoted.stdout.contains("(3 places)"), "{}", promoted.stdout);
    // Every other byte is as it was.
    assert_eq!(read(&sandbox, ".env"), before.0.replace(&old, &new));
    assert_eq!(read(&sandbox, "worker/.env"), before.1.replace(&old, &new));
    assert!(!sandbox.path(PENDING).exists());
    assert_eq!(value(&sandbox, ".env.test", "DB_PASSWORD"), old, "another environment");
    let expected = [
        "DATABASE_URL current rotated",
        "DB_PASSWORD current file time",
        "DB_PASSWORD current rotated",
        "DB_PASSWORD retiring file time",
        "JWT_SECRET current file time",
        "QUEUE_DB_PASS current rotated",
    ];
    assert_eq!(states(&sandbox), expected);

    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    let refused = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 1);
    assert!(refused.stdout.contains("  .env.test: DB_PASSWORD\n"), "{}", refused.stdout);
    sandbox.file(".env.test", 0o600, fill("DB_PASSWORD={password2}\n"));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm", "--unproven", "a test"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env", "--confirm"], 2));
    assert_eq!(states(&sandbox).iter().filter(|row| row.contains("retiring")).count(), 0);
    for output in [output, promoted] {
        let all = output.stdout + &output.stderr;
        assert!(!all.contains(&old[..8]) && !all.contains(&new[..8]), "a value was printed");
    }
}

#[test]
fn a_signing_key_overlaps() {
    let sandbox = project();
    sandbox.file("worker/.env", 0o600, fill("NODE_ENV=production\nJWT_SECRET={hex64}\n"));
    drop(rotation(&sandbox, &["rotate", "JWT_SECRET", ".env"], 0));
    let (old, new) = (fill("{hex64}"), value(&sandbox, ".env", "JWT_SECRET_NEXT"));
    assert_eq!((new.len(), value(&sandbox, ".env", "JWT_SECRET")), (128, old.clone()));
    // The next one is a state of the key, and no secret of its own.
    assert_eq!(states(&sandbox).iter().filter(|row| row.starts_with("JWT_SECRET")).count(), 3);
    drop(rotation(&sandbox, &["promote", "JWT_SECRET", ".env"], 0));
    for path in [".env", "worker/.env"] {
        assert_eq!(value(&sandbox, path, "JWT_SECRET"), new);
        assert_eq!(value(&sandbox, path, "JWT_SECRET_PREVIOUS"), old);
        assert!(!read(&sandbox, path).contains("_NEXT"));
    }
    drop(rotation(&sandbox, &["promote", "JWT_SECRET", ".env", "--confirm", "--unproven", "a test"], 0));
    assert_eq!(read(&sandbox, ".env"), fill(ENV).replace(&old, &new));
    assert!(!read(&sandbox, "worker/.env").contains("_PREVIOUS"));
}

#[test]
fn what_git_or_an_image_would_pick_up_waits_in_the_file_itself() {
    type Prepare<'a> = &'a dyn Fn(&Sandbox);
    let cases: [(&str, Prepare<'_>); 2] = [
        ("git", &|sandbox| {
            sandbox.git(&["init", "-q"]);
            sandbox.file(".gitignore", 0o644, "/.env\n/worker/.env\n");
        }),
        ("an image", &|sandbox| {
            sandbox.file("Dockerfile", 0o644, "FROM scratch\n");
            sandbox.file(".dockerignore", 0o644, ".env\nworker\n");
        }),
    ];
    for (name, prepare) in cases {
        let sandbox = project();
        prepare(&sandbox);
        drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
        assert!(!sandbox.path(PENDING).exists(), "{name}");
        let new = value(&sandbox, ".env", "DB_PASSWORD_NEXT");
        drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
        assert_eq!(read(&sandbox, ".env"), fill(ENV).replace(&fill("{password}"), &new), "{name}");
    }
    let sandbox = project();
    sandbox.git(&["init", "-q"]);
    sandbox.file(".gitignore", 0o644, ".env*\n");
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert!(sandbox.path(PENDING).exists());
    // `check` does not say that it should be removed.
    let report = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0).json();
    let found: Vec<&serde_json::Value> =
        report["findings"].as_array().unwrap().iter().filter(|one| one["path"] == PENDING).collect();
    assert_eq!((found.len(), &found[0]["help"]), (1, &"envward rotation status".into()));
}

/// No statement for PostgreSQL where the env file says another database.
#[test]
fn a_password_of_mysql_or_mariadb() {
    for beside in [
        "DB_CONNECTION=mysql\n",
        "DB_ENGINE=django.db.backends.mysql\n",
        "DB_TYPE=mariadb\n",
        "DB_PORT=3306\n",
        "DATABASE_URL=mysql://app:{password}@db/app\n",
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\nDB_PASSWORD={{password}}\n{beside}")));
        let which = ["rotation", "rotate", "DB_PASSWORD", ".env"];
        let text = sandbox.envward(&[&which[..], &["--dry-run"]].concat()).code(0).stdout;
        assert!(text.contains("Tell the database") && text.contains("ALTER USER"), "{beside}{text}");
        assert!(!text.contains("psql") && !text.contains("--sql"), "{beside}{text}");
        let refused = sandbox.envward(&[&which[..], &["--sql"]].concat()).code(2);
        assert!(refused.stderr.contains("MySQL"), "{}", refused.stderr);
    }
    for beside in ["DB_CONNECTION=pgsql\nDB_PORT=3306\n", "DB_PORT=5432\n", "OTHER_CONNECTION=mysql\n"] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(&format!("NODE_ENV=production\nDB_PASSWORD={{password}}\n{beside}")));
        let text = sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env", "--dry-run"]).code(0).stdout;
        assert!(text.contains("psql"), "{beside}{text}");
    }
}

#[test]
fn what_somebody_else_issues_comes_on_standard_input() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("NODE_ENV=production\nSTRIPE_SECRET_KEY={token}\n"));
    let which = ["rotation", "rotate", "STRIPE_SECRET_KEY"];
    let output = sandbox.envward(&which).code(2);
    assert!(output.stderr.contains("--stdin"), "{}", output.stderr);
    let (old, new) = (fill("{token}"), fill("{token-new}"));
    for (text, message) in [
        (String::new(), "is empty"),
        ("\n".into(), "is empty"),
        (format!("{new}\n{new}\n"), "several lines"),
        ("changeme\n".into(), "easy to guess"),
        (old.clone(), "same as the current value"),
    ] {
        let output = sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&text).run().code(2);
        assert!(output.stderr.contains(message), "{text:?}: {}", output.stderr);
    }
    drop(sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&format!("{new}\r\n")).run().code(0));
    drop(sandbox.command(&[&which[..], &["--stdin"]].concat()).stdin(&new).run().code(2));
    drop(rotation(&sandbox, &["promote", "STRIPE_SECRET_KEY"], 0));
    assert_eq!(value(&sandbox, ".env", "STRIPE_SECRET_KEY"), new);
}

#[test]
fn given_up() {
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env", "--abandon"], 2));
    for key in ["DB_PASSWORD", "JWT_SECRET"] {
        drop(rotation(&sandbox, &["rotate", key, ".env"], 0));
        drop(rotation(&sandbox, &["rotate", key, ".env", "--abandon"], 0));
        drop(rotation(&sandbox, &["promote", key, ".env"], 2));
    }
    assert_eq!((read(&sandbox, ".env"), sandbox.path(PENDING).exists()), (fill(ENV), false));
    assert!(states(&sandbox).iter().all(|row| row.ends_with(" current file time")), "{:?}", states(&sandbox));
    // And another time from the start.
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
}

#[test]
fn nothing_is_changed_where_not_everything_can_be() {
    // An expression around the value.
    let sandbox = project();
    let text = fill(ENV) + &fill("DSN=\"{password} $UNSET_NAME\"\n");
    sandbox.file(".env", 0o600, &text);
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    let output = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 2);
    assert!(output.stderr.contains("by hand"), "{}", output.stderr);
    assert_eq!((read(&sandbox, ".env"), read(&sandbox, "worker/.env")), (text, fill(WORKER)));
    // A file that could not be read may hold the value, too.
    let sandbox = project();
    sandbox.fifo("api.env");
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 2));
    assert!(!sandbox.path(PENDING).exists());
    // A link in a file's place.
    let sandbox = project();
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    fs::rename(sandbox.path("worker/.env"), sandbox.path("worker/real")).unwrap();
    sandbox.link("worker/.env", "real");
    let output = rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 2);
    assert!(output.stderr.contains("symbolic link"), "{}", output.stderr);
    assert_eq!(read(&sandbox, ".env"), fill(ENV));
}

#[test]
fn the_files_keep_mode_and_owner() {
    let sandbox = project();
    fs::set_permissions(sandbox.path("worker/.env"), fs::Permissions::from_mode(0o400)).unwrap();
    if nix::unistd::geteuid().is_root() {
        for path in ["", ".env", "worker", "worker/.env"] {
            std::os::unix::fs::chown(sandbox.path(path), Some(1), Some(1)).unwrap();
        }
    }
    let owner =
        |path: &str| fs::metadata(sandbox.path(path)).map(|meta| (meta.uid(), meta.gid(), meta.mode() & 0o7777));
    let before = [".env", "worker/.env"].map(|path| owner(path).unwrap());
    drop(rotation(&sandbox, &["rotate", "DB_PASSWORD", ".env"], 0));
    assert_eq!(owner(PENDING).unwrap(), before[0]);
    drop(rotation(&sandbox, &["promote", "DB_PASSWORD", ".env"], 0));
    assert_eq!([".env", "worker/.env"].map(|path| owner(path).unwrap()), before);
}

/// The user before a password stays, whether the password is strong or weak.
#[test]
fn a_password_behind_a_user() {
    for (key, sign, user) in [("FLOWER_BASIC_AUTH", ":", "admin"), ("NEO4J_AUTH", "/", "neo4j")] {
        for old in [fill("{password}"), "postgres123".to_owned()] {
            let sandbox = Sandbox::new();
            sandbox.file(".env", 0o600, format!("{key}={user}{sign}{old}\n"));
            drop(rotation(&sandbox, &["rotate", key, ".env"], 0));
            let waiting = value(&sandbox, &format!(".env.{key}.pending"), key);
            assert!(!waiting.contains(user), "only the password waits");
            drop(rotation(&sandbox, &["promote", key, ".env"], 0));
            assert_eq!(read(&sandbox, ".env"), format!("{key}={user}{sign}{waiting}\n"));
            drop(rotation(&sandbox, &["rollback", key, ".env"], 0));
            assert_eq!(read(&sandbox, ".env"), format!("{key}={user}{sign}{old}\n"));
        }
        let sandbox = Sandbox::new();
        sandbox.file(".env.example", 0o644, format!("{key}={user}{sign}changeme\n"));
        drop(sandbox.envward(&["init"]).code(0));
        let made = value(&sandbox, ".env", key);
        let password = made.strip_prefix(&format!("{user}{sign}")).unwrap_or_else(|| panic!("no user in {key}"));
        assert!(password.len() >= 32 && password != "changeme");
    }
}
