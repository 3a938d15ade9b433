//! What is in it.

use super::*;

#[test]
fn severities_follow_the_environment_of_the_name() {
    let weak = "DB_PASSWORD=postgres123\nSMTP_PASSWORD=changeme\n";
    let sandbox = project(&[
        File("a/.env.production", 0o600, weak),
        File("b/.env.staging", 0o600, weak),
        File("c/.env", 0o600, weak),
        File("d/.env.development", 0o600, weak),
        File("e/.env.test", 0o600, weak),
    ]);
    let report = report(&sandbox, &["check"], 1);
    for (path, severity) in [
        ("a/.env.production", "error"),
        ("b/.env.staging", "error"),
        ("c/.env", "warning"),
        ("d/.env.development", "note"),
        ("e/.env.test", "note"),
    ] {
        for check in ["weak-secret", "placeholder-secret"] {
            assert_eq!(the(&report, check, path)["severity"], severity, "{check} {path}");
        }
    }
}

/// A made-up value would only be wrong: what `init` leaves to a person, `check` does, too.
#[test]
fn what_another_service_issues_is_not_generated() {
    let names = ["STRIPE_SECRET_KEY", "MAIL_PASSWORD", "SMTP_PASSWORD", "AWS_SECRET_ACCESS_KEY"];
    for (value, check) in [("changeme", "placeholder-secret"), ("postgres123", "weak-secret")] {
        let issued: String = names.iter().map(|name| format!("{name}={value}\n")).collect();
        let sandbox = project(&[]);
        sandbox.file(".env", 0o600, format!("AWS_ACCESS_KEY_ID=\nDB_PASSWORD={value}\n{issued}"));
        let report = report(&sandbox, &["check"], 1);
        let mut told = 0;
        for finding in report["findings"].as_array().unwrap().iter().filter(|one| one["check"] == check) {
            let (key, help) = (finding["key"].as_str().unwrap(), finding["help"].as_str().unwrap());
            let is_made = help.contains("envward generate") || help.contains("envward rotation rotate");
            assert_eq!(is_made, key == "DB_PASSWORD", "{key}: {help}");
            told += 1;
        }
        assert_eq!(told, names.len() + 1, "{check}");
    }
}

#[test]
fn severities_follow_what_the_file_says_of_itself() {
    for (setting, severity) in [
        ("NODE_ENV=production", "error"),
        ("APP_ENV=staging", "error"),
        ("NODE_ENV=development", "note"),
        ("RAILS_ENV='test'", "note"),
        ("NODE_ENV=", "warning"),
        ("# NODE_ENV=production", "warning"),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, format!("{setting}\nDB_PASSWORD=postgres123\n"));
        let report = report(&sandbox, &["check"], i32::from(severity != "note"));
        assert_eq!(the(&report, "weak-secret", ".env")["severity"], severity, "{setting}");
    }
}

#[test]
fn severities_follow_the_configuration_first() {
    let sandbox = project(&[
        File(
            "envward.toml",
            0o644,
            "[project.environments]\n\"live/**\" = \"production\"\n\"**/.env\" = \"development\"\n",
        ),
        File("live/.env.test", 0o600, "DB_PASSWORD=postgres123\n"),
        File("laptop/.env", 0o600, "NODE_ENV=production\nDB_PASSWORD=welcome1\n"),
    ]);
    assert_eq!(
        check(&sandbox, &[], 1),
        ["error weak-secret live/.env.test DB_PASSWORD", "note weak-secret laptop/.env DB_PASSWORD"]
    );
}

#[test]
fn missing_keys_are_those_that_no_file_of_the_environment_has() {
    let sandbox = project(&[
        File(".env.example", 0o644, "A=1\nB=2\nC=3\n"),
        File(".env.test.example", 0o644, "A=1\nT=2\n"),
        File(".env", 0o600, "A=1\n"),
        File(".env.test", 0o600, "A=1\n"),
        File("other/.env", 0o600, "X=1\n"),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(
        findings(&report),
        ["warning missing-key .env B", "warning missing-key .env C", "note missing-key .env.test T"]
    );
    assert_eq!(the(&report, "missing-key", ".env.test")["facts"]["example"], ".env.test.example");
}

#[test]
fn each_of_several_templates_asks_for_its_keys() {
    let sandbox = project(&[
        File(".env.example", 0o644, "A=1\nB=2\n"),
        File(".env.sample", 0o644, "A=1\nS=2\n"),
        File(".env", 0o600, "A=1\n"),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning missing-key .env B", "warning missing-key .env S"]);
}

#[test]
fn the_value_of_a_template_is_no_secret() {
    let sandbox = project(&[
        File(".env.example", 0o644, "DB_PASSWORD=postgres123\n"),
        File(".env", 0o600, "DB_PASSWORD=postgres123\n"),
    ]);
    assert_eq!(
        check(&sandbox, &[], 1),
        ["warning same-as-example .env DB_PASSWORD", "warning weak-secret .env DB_PASSWORD"]
    );
}

#[test]
fn what_is_no_reuse() {
    let sandbox = project(&[
        File(
            ".env",
            0o600,
            "DB_PASSWORD={password}\nDATABASE_URL=postgres://app:{password}@db/app\nALIAS_SECRET=${DB_PASSWORD}\n",
        ),
        File("worker/.env", 0o600, "DB_PASSWORD={password}\n"),
        File("db/.env", 0o600, "POSTGRES_PASSWORD={password}\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn one_value_under_two_keys_is_reuse_also_in_two_files() {
    let sandbox = project(&[
        File(".env", 0o600, "JWT_SECRET={hex64}\nSESSION_SECRET={hex64}\n"),
        File("worker/.env", 0o600, "COOKIE_SECRET={hex64}\n"),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(
        findings(&report),
        ["warning reused-secret .env SESSION_SECRET", "warning reused-secret worker/.env COOKIE_SECRET"]
    );
    let with = &the(&report, "reused-secret", "worker/.env")["facts"]["with"];
    assert_eq!(*with, serde_json::json!({ "path": ".env", "key": "JWT_SECRET", "line": 1 }));
}

#[test]
fn one_value_in_two_environments() {
    for (one, other, expected) in [
        (".env.development", ".env.production", "error same-secret-across-environments .env.production JWT_SECRET"),
        (".env.development", ".env.test", "warning same-secret-across-environments .env.test JWT_SECRET"),
        (".env", ".env.production", "warning same-secret-across-environments .env.production JWT_SECRET"),
        (".env", ".env.development", ""),
        // Staging is another deployment, and its people are others.
        (".env.production", ".env.staging", "warning same-secret-across-environments .env.staging JWT_SECRET"),
    ] {
        let sandbox = Sandbox::new();
        for name in [one, other] {
            sandbox.file(name, 0o600, fill("JWT_SECRET={hex64}\n"));
        }
        let found = check(&sandbox, &[], i32::from(!expected.is_empty()));
        assert_eq!(found.concat(), expected, "{one} {other}");
    }
}

#[test]
fn the_password_of_a_url_is_compared_across_environments() {
    let sandbox = project(&[
        File(".env.development", 0o600, "DATABASE_URL=postgres://app:{password}@db/app\n"),
        File(".env.production", 0o600, "DB_PASSWORD={password}\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error same-secret-across-environments .env.production DB_PASSWORD"]);
}

#[test]
fn a_key_that_stands_twice() {
    let sandbox = project(&[File(".env", 0o600, "PORT=1\nHOST=a\nPORT=2\nHOST=a\n")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning duplicate-key .env PORT", "note duplicate-key .env HOST"]);
    let port = &report["findings"][0];
    assert_eq!((&port["line"], &port["facts"]["lines"]), (&3.into(), &serde_json::json!([1, 3])));
}

#[test]
fn what_compose_rewrites() {
    let sandbox = project(&[File(
        ".env",
        0o600,
        "HOST=db\nURL=http://${HOST}/\nNOTE=a$nowhere\nDB_PASSWORD={password}$x1\nSMTP_PASSWORD='{password2}$x1'\nD=${E:-f}\n",
    )]);
    assert_eq!(
        check(&sandbox, &[], 1),
        ["error rewritten-by-compose .env DB_PASSWORD", "warning rewritten-by-compose .env NOTE"]
    );
}

#[test]
fn what_readers_execute() {
    let sandbox = project(&[File(".env", 0o600, "A=$(id)\nB=\"x`id`\"\nC='$(id)'\n")]);
    let found = check(&sandbox, &[], 1);
    let executed: Vec<&String> = found.iter().filter(|line| line.contains("executed-by-reader")).collect();
    assert_eq!(executed, ["error executed-by-reader .env A", "error executed-by-reader .env B"]);
    // Fixtures of a parser are full of them.
    let sandbox = project(&[File("tests/.env", 0o600, "A=$(id)\n"), File("tests/b.env", 0o600, "no assignment\n")]);
    let found = check(&sandbox, &["--fail-on=error"], 0);
    let expected = ["executed-by-reader tests/.env A", "readers-disagree tests/b.env"];
    assert_eq!(found, expected.map(|one| format!("warning {one}")));
}

#[test]
fn a_copy_is_a_warning_and_its_mode_counts() {
    let sandbox = project(&[File(".env.bak", 0o644, GOOD), File(".env~", 0o600, GOOD), File(".env.zip", 0o600, "PK")]);
    assert_eq!(
        check(&sandbox, &[], 1),
        [
            "error env-file-mode .env.bak",
            "warning env-file-copy .env.bak",
            "warning env-file-copy .env.zip",
            "warning env-file-copy .env~"
        ]
    );
}

#[test]
fn ciphertext_passes_whatever_its_mode() {
    let sandbox = project(&[
        Git("init"),
        File(
            ".env.production",
            0o644,
            "DOTENV_PUBLIC_KEY_PRODUCTION=\"03aa\"\nDB_PASSWORD=\"encrypted:BDqDBibm4wsYqMpCjTQ6\"\n",
        ),
        File(".env.vault", 0o644, "DOTENV_VAULT=\"x\"\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

/// Until a rotation is confirmed, its old value belongs there. Only the end of the rotation helps, and it must not be
/// hurried.
#[test]
fn the_old_value_of_an_open_rotation_is_a_note() {
    let sandbox = project(&[File(".env", 0o600, "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex32}\n")]);
    let severities = |sandbox: &crate::common::Sandbox| {
        let report = sandbox.envward(&["check", "--format", "json"]).json();
        let of = |path: &str, key: &str| {
            let found = report["findings"].as_array().unwrap().iter();
            let mut found = found.filter(|one| one["path"] == path && one["key"].as_str().unwrap_or_default() == key);
            found.next().map(|one| one["severity"].as_str().unwrap().to_owned()).unwrap_or_default()
        };
        [(".env", "JWT_SECRET_PREVIOUS"), (".env.JWT_SECRET.previous", ""), (".env.DB_PASSWORD.pending", "")]
            .map(|(path, key)| of(path, key))
    };
    drop(sandbox.envward(&["rotation", "rotate", "JWT_SECRET", ".env"]).code(0));
    drop(sandbox.envward(&["rotation", "promote", "JWT_SECRET", ".env"]).code(0));
    drop(sandbox.envward(&["rotation", "rotate", "DB_PASSWORD", ".env"]).code(0));
    assert_eq!(severities(&sandbox), ["note"; 3]);
    drop(sandbox.envward(&["check"]).code(0));
    // Where no ledger knows of a rotation it is a secret like any other.
    let other = project(&[]);
    for file in [".env", ".env.JWT_SECRET.previous", ".env.DB_PASSWORD.pending"] {
        other.file(file, 0o600, std::fs::read(sandbox.path(file)).unwrap());
    }
    assert_eq!(severities(&other), ["error", "warning", "warning"]);
}

/// The value is not weak; what is wrong is that Docker Compose cuts it short, and that is told once.
#[test]
fn a_value_that_compose_cuts_short_is_not_called_weak() {
    let checks = |value: &str| {
        let sandbox = project(&[]);
        sandbox.file(".env", 0o600, crate::common::fill::fill(&format!("NODE_ENV=production\nBASIC_AUTH={value}\n")));
        let found = findings(&sandbox.envward(&["check", "--format", "json"]).json());
        found.iter().filter_map(|line| line.split(' ').nth(1).map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(checks("admin:$other$abcdefgh${token}"), ["rewritten-by-compose"]);
    assert_eq!(checks("admin:$apr1$abcdefgh${token}"), ["hash-rewritten", "cheap-hash"]);
    // It is weak, whatever reads it.
    assert_eq!(checks("admin$x"), ["rewritten-by-compose", "weak-secret"]);
    assert_eq!(checks("secret"), ["weak-secret"]);
}
