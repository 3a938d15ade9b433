//! What it held.

use super::*;

#[test]
fn the_state_of_each_key() {
    let sandbox = repository();
    commit(
        &sandbox,
        ".env",
        "DB_PASSWORD={password}\nJWT_SECRET={hex64}\nSMTP_PASSWORD={token}\nREDIS_PASSWORD=changeme\nAPI_KEY=\n\
         MAIL_PASSWORD=Tr0ub4dor&3x\nSESSION_SECRET=redis123\nPORT=3000\n",
    );
    remove(&sandbox, ".env");
    // Live, reused under another key, replaced, never filled, gone.
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\nOTHER_SECRET={hex64}\nSMTP_PASSWORD={token2}\n"));
    let report = scan(&sandbox, &[], 1);
    for (key, expected) in [
        ("DB_PASSWORD", "live strong"),
        ("JWT_SECRET", "reused strong"),
        ("SMTP_PASSWORD", "replaced strong"),
        ("REDIS_PASSWORD", "placeholder weak"),
        ("API_KEY", "empty weak"),
        // Gone: nobody knows whether it was changed.
        ("MAIL_PASSWORD", "unknown fair"),
        ("SESSION_SECRET", "unknown weak"),
    ] {
        assert_eq!(state(&report, ".env", key), expected, "{key}");
    }
    let keys = the(&report, "env-file-in-history", ".env")["facts"]["keys"].as_array().unwrap();
    assert!(keys.iter().all(|key| key["key"] != "PORT"), "no secret: {keys:?}");
}

#[test]
fn without_an_env_file_beside_it_nothing_is_known() {
    let sandbox = repository();
    commit(&sandbox, "a/.env", GOOD);
    remove(&sandbox, "a/.env");
    sandbox.file("b/.env", 0o600, fill("DB_PASSWORD={password2}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["error env-file-in-history a/.env"]);
    assert_eq!(state(&report, "a/.env", "DB_PASSWORD"), "unknown strong");
}

/// What one commit took from one place and put at another is the same file, wherever its key is replaced.
#[test]
fn what_git_saw_move_is_replaced_where_it_went() {
    const KEY: &str = "DB_PASSWORD";
    let moved = |commits: &dyn Fn(&Sandbox), now: &[(&str, &str)]| {
        let sandbox = repository();
        commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
        commits(&sandbox);
        for path in ["api/.env", "app/.env", "b/.env"] {
            if sandbox.path(path).exists() {
                remove(&sandbox, path);
            }
        }
        now.iter().for_each(|(path, text)| sandbox.file(path, 0o600, fill(text)));
        let report = scan(&sandbox, &[], 1);
        state(&report, ".env", KEY)
    };
    let step = |sandbox: &Sandbox, from: &str, to: &str| {
        sandbox.mkdir(to.strip_suffix("/.env").unwrap(), 0o755);
        sandbox.git(&["mv", from, to]);
        sandbox.git(&["commit", "--quiet", "--message", "move"]);
    };
    let once = |sandbox: &Sandbox| step(sandbox, ".env", "api/.env");
    let (new, same) = (("api/.env", "DB_PASSWORD={password2}\n"), ("api/.env", "DB_PASSWORD={password}\n"));
    assert_eq!(moved(&once, &[new]), "replaced strong");
    assert_eq!(moved(&once, &[same]), "live strong");
    assert_eq!(moved(&once, &[("api/.env", "OTHER={password2}\n")]), "unknown strong");
    // Another service's, which may be this one's by another name.
    assert_eq!(moved(&once, &[new, ("web/.env", "DB_PASSWORD={password3}\n")]), "unknown strong");
    let twice = |sandbox: &Sandbox| {
        once(sandbox);
        step(sandbox, "api/.env", "app/.env");
    };
    assert_eq!(moved(&twice, &[("app/.env", "DB_PASSWORD={password2}\n")]), "replaced strong");
    // Back and forth: it ends.
    let back = |sandbox: &Sandbox| {
        once(sandbox);
        sandbox.git(&["mv", "api/.env", ".env"]);
        sandbox.git(&["commit", "--quiet", "--message", "back"]);
        once(sandbox);
    };
    assert_eq!(moved(&back, &[("web/.env", "DB_PASSWORD={password2}\n")]), "unknown strong");
    let changed = |sandbox: &Sandbox| {
        sandbox.mkdir("api", 0o755);
        sandbox.git(&["mv", ".env", "api/.env"]);
        commit(sandbox, "api/.env", "DB_PASSWORD={password3}\n");
    };
    assert_eq!(moved(&changed, &[new]), "unknown strong");
    let gone = |sandbox: &Sandbox| {
        remove(sandbox, ".env");
        commit(sandbox, "api/.env", "DB_PASSWORD={password}\n");
    };
    assert_eq!(moved(&gone, &[new]), "unknown strong");
    let merged = |sandbox: &Sandbox| {
        commit(sandbox, "b/.env", "DB_PASSWORD={password}\n");
        sandbox.git(&["rm", "--quiet", "b/.env"]);
        once(sandbox);
    };
    assert_eq!(moved(&merged, &[new]), "unknown strong");
}

#[test]
fn the_gravest_state_of_all_versions_counts() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    commit(&sandbox, ".env", "DB_PASSWORD=changeme\n");
    remove(&sandbox, ".env");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(state(&report, ".env", "DB_PASSWORD"), "live strong");
}

#[test]
fn a_live_value_is_critical_and_names_its_commit() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD={password2}\n");
    let second = commit(&sandbox, ".env", "DB_PASSWORD={password}\n");
    commit(&sandbox, ".env", "DB_PASSWORD={password3}\n");
    remove(&sandbox, ".env");
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let report = scan(&sandbox, &[], 1);
    assert_eq!(findings(&report), ["critical secret-still-live .env DB_PASSWORD", "error env-file-in-history .env"]);
    let facts = &the(&report, "secret-still-live", ".env")["facts"];
    assert_eq!((&facts["commit"]["commit"], &facts["reach"]), (&second.into(), &"ref".into()));
}

#[test]
fn replaced_secrets_are_a_warning_and_empty_ones_a_note() {
    for (committed, now, expected, code) in [
        ("DB_PASSWORD={password}\n", "DB_PASSWORD={password2}\n", "warning env-file-in-history .env", 1),
        ("DB_PASSWORD=\nPORT=1\n", "DB_PASSWORD={password}\n", "note env-file-in-history .env", 0),
        ("DB_PASSWORD=changeme\n", "DB_PASSWORD={password}\n", "note env-file-in-history .env", 0),
    ] {
        let sandbox = repository();
        commit(&sandbox, ".env", committed);
        remove(&sandbox, ".env");
        sandbox.file(".env", 0o600, fill(now));
        assert_eq!(findings(&scan(&sandbox, &[], code)), [expected], "{committed}");
    }
}

#[test]
fn a_weak_value_of_a_development_file_is_a_warning() {
    let sandbox = repository();
    commit(&sandbox, ".env.development", "DB_PASSWORD=postgres123\n");
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        [
            "warning env-file-in-history .env.development",
            "warning env-file-tracked .env.development",
            "warning secret-still-live .env.development DB_PASSWORD"
        ]
    );
}

#[test]
fn a_template_is_no_finding() {
    let sandbox = project(&[
        Git("init"),
        File(".env.example", 0o644, "DB_PASSWORD=changeme\n"),
        File("backend/.env.sample", 0o644, "JWT_SECRET=\n"),
        Git("add ."),
        Git("commit -m templates"),
    ]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

#[test]
fn a_live_secret_in_a_template_is_critical() {
    let sandbox = repository();
    commit(&sandbox, ".env.example", "JWT_SECRET={hex64}\n");
    commit(&sandbox, ".env.example", "JWT_SECRET=\n");
    sandbox.file(".env", 0o600, fill("JWT_SECRET={hex64}\n"));
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical secret-still-live .env.example JWT_SECRET"]);
}

#[test]
fn ciphertext_passes() {
    let sandbox = project(&[
        Git("init"),
        File(
            ".env.production",
            0o644,
            "DOTENV_PUBLIC_KEY_PRODUCTION=\"03aa\"\nDB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\n",
        ),
        File(
            "sops.env",
            0o644,
            "DB_PASSWORD=ENC[AES256_GCM,data:aGVsbG8=,iv:aXY=,tag:dGFn,type:str]\nsops_mac=ENC[AES256_GCM,data:bWFj,iv:aXY=,tag:dGFn,type:str]\nsops_version=3.9.0\n",
        ),
        File("crypt/.env", 0o644, "\0GITCRYPT\0\u{1}\u{2}\u{3}\u{4}"),
        File(".env.vault", 0o644, "DOTENV_VAULT_PRODUCTION=\"abc\"\n"),
        File(".env.gpg", 0o644, "x"),
        Git("add -f ."),
        Git("commit -m encrypted"),
    ]);
    let report = scan(&sandbox, &[], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}

#[test]
fn one_plain_value_makes_it_no_ciphertext() {
    let sandbox = repository();
    commit(&sandbox, ".env", "DB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\nJWT_SECRET={hex64}\n");
    remove(&sandbox, ".env");
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["error env-file-in-history .env"]);
}

#[test]
fn the_keys_of_dotenvx_are_critical() {
    let sandbox = repository();
    commit(&sandbox, ".env.keys", "DOTENV_PRIVATE_KEY={hex32}\n");
    remove(&sandbox, ".env.keys");
    assert_eq!(findings(&scan(&sandbox, &[], 1)), ["critical env-file-in-history .env.keys"]);
}

#[test]
fn a_backup_counts_as_the_file() {
    let sandbox = repository();
    commit(&sandbox, ".env.bak", GOOD);
    remove(&sandbox, ".env.bak");
    sandbox.file(".env", 0o600, fill(GOOD));
    assert_eq!(
        findings(&scan(&sandbox, &[], 1)),
        ["critical secret-still-live .env.bak DB_PASSWORD", "error env-file-in-history .env.bak"]
    );
}

#[test]
fn a_directory_called_env_is_none() {
    let sandbox = project(&[
        Git("init"),
        Dir(".env", 0o755),
        File(".env/pyvenv.cfg", 0o644, "home = /usr\n"),
        Git("add -f ."),
        Git("commit -m venv"),
    ]);
    assert_eq!(findings(&scan(&sandbox, &[], 0)), NONE);
}

/// In the order in which git got them, and in the same order in every run.
#[test]
fn the_values_of_a_template_are_told_oldest_first() {
    let sandbox = repository();
    let values = ["{password}", "{password2}", "{token}", "{token2}", "{hex64}"];
    let commits = values.map(|value| commit(&sandbox, ".env.example", &format!("DB_PASSWORD={value}\n")));
    commit(&sandbox, ".env.example", "DB_PASSWORD=\n");
    let report = scan(&sandbox, &[], 1);
    let told: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["facts"]["commit"]["commit"].as_str().unwrap())
        .collect();
    assert_eq!(told, commits);
}
