//! `envward check` on the work tree: who can open an env file, where it lies, and what is in it.
use std::os::unix::fs::chown;

use crate::common::listed::{findings, problems, project, report, the};
use crate::common::{Sandbox, fill::fill};
use envward::checks::Step::{Acl, Dir, File, Git, HardLink, Link, Owner};

const GOOD: &str = "DB_PASSWORD={password}\n";
const NONE: [&str; 0] = [];

/// The findings of `check` alone, which must end with this status.
#[track_caller]
fn check(sandbox: &Sandbox, args: &[&str], code: i32) -> Vec<String> {
    findings(&report(sandbox, &[&["check"], args].concat(), code))
}

// Who can open it.

#[test]
fn every_mode_but_private_ones_is_an_error() {
    for (mode, passes) in [
        (0o600, true),
        (0o400, true),
        (0o200, true),
        (0o000, true),
        (0o644, false),
        (0o640, false),
        (0o660, false),
        (0o666, false),
        (0o604, false),
        (0o700, false),
        (0o601, false),
        (0o4600, false),
    ] {
        let sandbox = Sandbox::new();
        sandbox.file(".env", mode, fill(GOOD));
        if mode & 0o400 == 0 && !nix::unistd::geteuid().is_root() {
            continue;
        }
        let report = report(&sandbox, &["check"], i32::from(!passes));
        match passes {
            true => assert_eq!(findings(&report), NONE, "{mode:o}"),
            false => {
                assert_eq!(findings(&report), ["error env-file-mode .env"], "{mode:o}");
                assert_eq!(the(&report, "env-file-mode", ".env")["facts"]["mode"], format!("{mode:04o}"));
            }
        }
    }
}

#[test]
fn a_template_may_have_any_mode() {
    let sandbox = project(&[File(".env.example", 0o664, "DB_PASSWORD=\n")]);
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn an_allowed_mode_passes_and_a_wider_one_does_not() {
    let sandbox = project(&[
        File("envward.toml", 0o644, "[files]\nallowed_modes = [\"0640\"]\n"),
        File(".env", 0o640, GOOD),
        File("wider.env", 0o660, GOOD),
        File("stricter.env", 0o440, GOOD),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode wider.env"]);
}

#[test]
fn a_foreign_owner_is_an_error() {
    let sandbox = Sandbox::new();
    if !sandbox.run_steps(&[File(".env", 0o600, GOOD), Owner(".env", 65_534)]) {
        return;
    }
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["error env-file-owner .env"]);
    assert_eq!(the(&report, "env-file-owner", ".env")["facts"]["uid"], 65_534);
}

#[test]
fn the_owner_of_the_project_and_an_allowed_one_pass() {
    let sandbox = Sandbox::new();
    if !sandbox.run_steps(&[File(".env", 0o600, GOOD), Owner(".env", 65_534), Owner("", 65_534)]) {
        return;
    }
    assert_eq!(check(&sandbox, &[], 0), NONE);
    let sandbox = project(&[
        File("envward.toml", 0o644, "[files]\nallowed_owners = [\"nobody\"]\n"),
        File(".env", 0o600, GOOD),
        Owner(".env", 65_534),
    ]);
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn a_directory_open_to_everyone_is_an_error_and_a_sticky_one_passes() {
    let sandbox = project(&[
        Dir("open", 0o777),
        File("open/.env", 0o600, GOOD),
        Dir("sticky", 0o1777),
        File("sticky/.env", 0o600, GOOD),
        Dir("closed", 0o755),
        File("closed/.env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["error env-file-directory open/.env"]);
    let facts = &the(&report, "env-file-directory", "open/.env")["facts"];
    assert_eq!((&facts["mode"], &facts["directory"]), (&"0777".into(), &"open".into()));
}

#[test]
fn every_directory_on_the_way_is_judged_once() {
    let sandbox = project(&[
        Dir("srv", 0o777),
        Dir("srv/sticky", 0o1777),
        Dir("srv/sticky/app", 0o755),
        File("srv/sticky/app/.env", 0o600, GOOD),
        File("srv/prod.env", 0o600, "API_TOKEN={token}\n"),
    ]);
    let found = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&found), ["error env-file-directory srv/prod.env"]);
    assert_eq!(the(&found, "env-file-directory", "srv/prod.env")["facts"]["directory"], "srv");
    // Above the project, too, by its full name.
    let sandbox = project(&[File("app/.env", 0o600, GOOD)]);
    std::fs::set_permissions(sandbox.root(), std::os::unix::fs::PermissionsExt::from_mode(0o777)).unwrap();
    let found = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&found), ["error env-file-directory app/.env"]);
    let directory = &the(&found, "env-file-directory", "app/.env")["facts"]["directory"];
    assert_eq!(directory, sandbox.root().to_str().unwrap());
}

#[test]
fn an_access_list_and_another_owner_open_a_directory() {
    let list = |entries: &[(u16, u16, u32)]| {
        let entry = |(tag, permissions, id): &(u16, u16, u32)| {
            [&tag.to_le_bytes()[..], &permissions.to_le_bytes(), &id.to_le_bytes()].concat()
        };
        [2_u32.to_le_bytes().to_vec(), entries.iter().flat_map(entry).collect()].concat()
    };
    let none = u32::MAX;
    // Whom it names may write; or the mask forbids it.
    for (named, mask, expected) in [((8, 7, 54_321), 7, 1), ((2, 7, 54_321), 7, 1), ((2, 7, 54_321), 5, 0)] {
        let sandbox = project(&[Dir("up", 0o755), Dir("up/app", 0o755), File("up/app/.env", 0o600, GOOD)]);
        let mut entries = vec![(1, 7, none), (4, 5, none), named, (16, mask, none), (32, 5, none)];
        entries.sort_unstable();
        let set = |flags| rustix::fs::setxattr(sandbox.path("up"), "system.posix_acl_access", &list(&entries), flags);
        if set(rustix::fs::XattrFlags::empty()).is_err() {
            return crate::common::skip("the file system of the temporary directory keeps no access lists");
        }
        let told = check(&sandbox, &[], expected);
        assert_eq!(told.len(), usize::try_from(expected).unwrap(), "{entries:?} {told:?}");
    }
    let sandbox = project(&[Dir("theirs", 0o755), Dir("theirs/app", 0o755), File("theirs/app/.env", 0o600, GOOD)]);
    if chown(sandbox.path("theirs"), Some(12_345), None).is_err() {
        return crate::common::skip_without_root("a directory of another account");
    }
    assert_eq!(check(&sandbox, &[], 1), ["warning env-file-directory theirs/app/.env"]);
}

/// What is only meant to be added is as good as not ignored: `git commit -a` takes it.
#[test]
fn what_git_is_told_to_add_later_is_not_ignored() {
    for version in ["2", "4"] {
        let sandbox = project(&[
            Git("init"),
            File(".gitignore", 0o644, "*.env\n.env.local\n"),
            File(".env.local", 0o600, GOOD),
            File("api/prod.env", 0o600, "API_TOKEN={token}\n"),
            File("kept.env", 0o600, "OTHER_TOKEN={token2}\n"),
            File(".env.example", 0o644, "DB_PASSWORD=\n"),
        ]);
        sandbox.git(&["config", "index.version", version]);
        sandbox.git(&["add", "-N", "-f", ".env.local", "api/prod.env", ".env.example"]);
        let told: Vec<String> =
            check(&sandbox, &[], 1).into_iter().filter(|line| line.contains("not-ignored")).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told.iter().all(|line| line.contains(".env.local") || line.contains("api/prod.env")), "{told:?}");
    }
}

#[test]
fn a_directory_open_to_a_group_is_a_warning() {
    let sandbox = project(&[Dir("shared", 0o770), File("shared/.env", 0o600, GOOD)]);
    if chown(sandbox.path("shared"), None, Some(12_345)).is_err() {
        return crate::common::skip_without_root("a directory of another group");
    }
    assert_eq!(check(&sandbox, &[], 1), ["warning env-file-directory shared/.env"]);
}

#[test]
fn an_access_list_behind_a_private_mode_is_a_note() {
    let sandbox = Sandbox::new();
    if sandbox.run_steps(&[File(".env", 0o600, GOOD), Acl(".env")]) {
        assert_eq!(check(&sandbox, &[], 0), ["note env-file-acl .env"]);
        assert_eq!(check(&sandbox, &["--fail-on", "note"], 1), ["note env-file-acl .env"]);
    }
}

#[test]
fn two_names_of_one_file_are_both_named() {
    let sandbox = project(&[File(".env", 0o600, GOOD), HardLink("notes.txt", ".env"), HardLink("b.env", ".env")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-hard-link .env", "warning env-file-hard-link b.env"]);
    assert_eq!(the(&report, "env-file-hard-link", ".env")["facts"]["links"], 3);
}

// Links.

#[test]
fn the_target_of_a_link_inside_is_judged() {
    let sandbox = project(&[File("config/settings", 0o644, GOOD), Link(".env", "config/settings")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["error env-file-mode .env", "note env-file-symlink .env"]);
    assert_eq!(the(&report, "env-file-symlink", ".env")["facts"]["target"], "inside");
}

#[test]
fn the_target_of_a_link_outside_is_named_and_not_opened() {
    let sandbox = project(&[Link(".env", "../outside")]);
    std::fs::write(sandbox.root().join("outside"), "DB_PASSWORD=postgres123\n").unwrap();
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-symlink .env"]);
    assert_eq!(the(&report, "env-file-symlink", ".env")["facts"]["target"], "outside");
}

#[test]
fn an_absolute_link_into_the_project_is_not_followed() {
    let sandbox = project(&[File("settings", 0o644, GOOD)]);
    sandbox.link(".env", sandbox.path("settings"));
    assert_eq!(check(&sandbox, &[], 1), ["warning env-file-symlink .env"]);
}

#[test]
fn a_dangling_link_and_a_loop_are_warnings() {
    let sandbox = project(&[Link(".env", "nowhere"), Link("loop.env", "loop.env")]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-symlink .env", "warning env-file-symlink loop.env"]);
    assert_eq!(the(&report, "env-file-symlink", ".env")["facts"]["target"], "missing");
    assert_eq!(the(&report, "env-file-symlink", "loop.env")["facts"]["target"], "missing");
}

#[test]
fn a_link_to_a_directory_is_no_env_file() {
    let sandbox = project(&[Dir("venv-real", 0o755), Link(".env", "venv-real"), Link("up.env", "..")]);
    let report = report(&sandbox, &["check"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
}

#[test]
fn a_linked_directory_is_not_entered() {
    let sandbox = project(&[Link("elsewhere", "../outside")]);
    std::fs::create_dir(sandbox.root().join("outside")).unwrap();
    std::fs::write(sandbox.root().join("outside/.env"), "DB_PASSWORD=postgres123\n").unwrap();
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn a_directory_called_env_is_neither_finding_nor_error() {
    let sandbox = project(&[Dir(".env/bin", 0o777), File(".env/bin/prod.env", 0o644, GOOD)]);
    let report = report(&sandbox, &["check"], 1);
    // It is entered all the same.
    assert_eq!(
        findings(&report),
        ["error env-file-directory .env/bin/prod.env", "error env-file-mode .env/bin/prod.env"]
    );
    assert_eq!(problems(&report), NONE);
}

// Which files.

#[test]
fn what_git_ignores_is_examined() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, "*.env\n.env*\nbuild/\n"),
        File(".env", 0o644, GOOD),
        File("build/deep/prod.env", 0o644, "JWT_SECRET={hex64}\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode .env", "error env-file-mode build/deep/prod.env"]);
}

#[test]
fn dependency_folders_are_not_entered_and_prune_replaces_the_list() {
    let sandbox = project(&[File("node_modules/x/.env", 0o644, GOOD), File("data/.env", 0o644, GOOD)]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode data/.env"]);
    sandbox.file("envward.toml", 0o644, "[files]\nprune = [\"data\"]\n");
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode node_modules/x/.env"]);
}

#[test]
fn extra_files_and_templates_of_the_configuration() {
    let sandbox = project(&[
        File("envward.toml", 0o644, "[files]\nextra = [\"config/*.conf\"]\ntemplates = [\"deploy/public.env\"]\n"),
        File("config/app.conf", 0o644, GOOD),
        File("config/deeper/app.conf", 0o644, GOOD),
        File("deploy/public.env", 0o644, "DB_PASSWORD=\n"),
    ]);
    assert_eq!(check(&sandbox, &[], 1), ["error env-file-mode config/app.conf"]);
}

#[test]
fn a_nested_repository_answers_for_its_own_files() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        Git("init covered"),
        File("covered/.gitignore", 0o644, "*.env\n"),
        File("covered/prod.env", 0o600, "JWT_SECRET={hex64}\n"),
        Git("init open"),
        File("open/.env", 0o600, GOOD),
        File("open/sub/.env", 0o600, GOOD),
    ]);
    assert_eq!(
        check(&sandbox, &[], 1),
        ["error env-file-not-ignored open/.env", "error env-file-not-ignored open/sub/.env"]
    );
}

#[test]
fn a_path_limits_the_question() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, "*.env\n.env\n"),
        File(".env", 0o644, GOOD),
        File("sub/.env", 0o644, GOOD),
        File("sub/other.env", 0o644, GOOD),
        File("sub/settings", 0o644, "DB_PASSWORD=postgres123\n"),
    ]);
    let both = ["error env-file-mode sub/.env", "error env-file-mode sub/other.env"];
    let all = ["error env-file-mode .env", both[0], both[1]];
    assert_eq!(check(&sandbox, &["sub"], 1), both);
    assert_eq!(check(&sandbox, &["sub/.env"], 1), [both[0]]);
    assert_eq!(check(&sandbox, &["."], 1), all);
    // Somebody asks about this file as an env file.
    assert_eq!(
        check(&sandbox, &["sub/settings"], 1),
        [
            "error env-file-mode sub/settings",
            "error env-file-not-ignored sub/settings",
            "warning weak-secret sub/settings DB_PASSWORD"
        ]
    );
    // Without a path it is the whole project, wherever in it one stands.
    let from_below = |args: &[&str]| {
        let run = sandbox.command(&[&["check", "--format=json"], args].concat()).dir("sub").run();
        findings(&run.code(1).json())
    };
    assert_eq!(from_below(&[]), all);
    assert_eq!(from_below(&["."]), both);
    assert_eq!(from_below(&[".."]), all);
    assert_eq!(from_below(&[".env"]), [both[0]]);
}

#[test]
fn a_path_limits_what_the_history_says() {
    let sandbox = project(&[
        Git("init"),
        File("a/.env", 0o600, "DB_PASSWORD={password}\n"),
        File("b/.env", 0o600, "JWT_SECRET={hex64}\n"),
        Git("add -f a/.env b/.env"),
        Git("commit -m both"),
    ]);
    assert_eq!(
        check(&sandbox, &["a"], 1),
        [
            "critical secret-still-live a/.env DB_PASSWORD",
            "error env-file-in-history a/.env",
            "error env-file-tracked a/.env"
        ]
    );
}

#[test]
fn no_history_leaves_the_history_out() {
    let sandbox = project(&[
        Git("init"),
        File(".env", 0o600, GOOD),
        Git("add -f .env"),
        Git("commit -m add"),
        Git("rm -q --cached .env"),
        File(".gitignore", 0o644, ".env\n"),
        Git("add .gitignore"),
        Git("commit -m remove"),
    ]);
    let all = ["critical secret-still-live .env DB_PASSWORD", "error env-file-in-history .env"];
    assert_eq!(check(&sandbox, &[], 1), all);
    let report = report(&sandbox, &["check", "--no-history"], 0);
    assert_eq!(findings(&report), NONE);
    assert_eq!(report["examined"]["commits"], 0);
}

#[test]
fn no_repository_is_no_problem() {
    let sandbox = project(&[File(".env", 0o600, GOOD), File("README", 0o644, "")]);
    let report = report(&sandbox, &["check"], 0);
    assert_eq!((findings(&report), problems(&report)), (vec![], vec![]));
    assert_eq!((&report["examined"]["files"], &report["examined"]["env_files"]), (&2.into(), &1.into()));
}

#[test]
fn the_root_is_the_nearest_directory_with_a_configuration() {
    let sandbox = project(&[
        Git("init"),
        File(".gitignore", 0o644, ".env\n"),
        File(".env", 0o644, GOOD),
        File("service/envward.toml", 0o644, ""),
        File("service/.env", 0o600, "JWT_SECRET={hex64}\n"),
        File("service/src/.env", 0o640, "REDIS_PASSWORD={password2}\n"),
        Git("add -f service/.env"),
        Git("commit -m add"),
    ]);
    let run = sandbox.command(&["check", "--format=json"]).dir("service/src").run().code(1);
    assert_eq!(
        findings(&run.json()),
        [
            "critical secret-still-live .env JWT_SECRET",
            "error env-file-in-history .env",
            "error env-file-tracked .env",
            "error env-file-mode src/.env"
        ]
    );
}

// What is in it.

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
            assert_eq!(help.contains("envward generate"), key == "DB_PASSWORD", "{key}: {help}");
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

// Docker.

#[test]
fn a_dockerignore_pattern_is_anchored() {
    let sandbox = project(&[
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File(".dockerignore", 0o644, ".env\n"),
        File(".env", 0o600, GOOD),
        File("backend/.env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-in-build-context backend/.env"]);
    let facts = &the(&report, "env-file-in-build-context", "backend/.env")["facts"];
    assert_eq!((&facts["context"], &facts["ignore_file"]), (&".".into(), &".dockerignore".into()));
}

#[test]
fn the_last_dockerignore_line_that_matches_decides() {
    for (lines, sent) in [
        ("**/.env\n", false),
        ("*\n!app\n", true),
        ("**/.env\n!app/.env\n", true),
        ("!app/.env\n**/.env\n", false),
        ("app\n", false),
        ("# **/.env\n", true),
        ("/app/.env\n", false),
        ("**/.env*\n!**/.env.example\n", false),
    ] {
        let sandbox = project(&[File("Dockerfile", 0o644, "FROM scratch\n"), File("app/.env", 0o600, GOOD)]);
        sandbox.file(".dockerignore", 0o644, lines);
        let found = check(&sandbox, &[], i32::from(sent));
        assert_eq!(found.len(), usize::from(sent), "{lines:?}: {found:?}");
    }
}

#[test]
fn a_dockerfiles_own_ignore_file_comes_first() {
    let sandbox = project(&[
        File("api.Dockerfile", 0o644, "FROM scratch\n"),
        File("api.Dockerfile.dockerignore", 0o644, "node_modules\n"),
        File(".dockerignore", 0o644, "**/.env\n"),
        File(".env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    let facts = &the(&report, "env-file-in-build-context", ".env")["facts"];
    assert_eq!(facts["ignore_file"], "api.Dockerfile.dockerignore");
    // And the other way round: its own file covers what the common one does not.
    sandbox.file("api.Dockerfile.dockerignore", 0o644, "**/.env\n");
    sandbox.file(".dockerignore", 0o644, "");
    assert_eq!(check(&sandbox, &[], 0), NONE);
}

#[test]
fn a_context_sends_only_what_is_below_it() {
    let sandbox = project(&[
        File("web/Dockerfile", 0o644, "FROM scratch\n"),
        File("web/.env", 0o600, GOOD),
        File(".env", 0o600, GOOD),
    ]);
    let report = report(&sandbox, &["check"], 1);
    assert_eq!(findings(&report), ["warning env-file-in-build-context web/.env"]);
    assert_eq!(the(&report, "env-file-in-build-context", "web/.env")["facts"]["context"], "web");
}

// The way out.

#[test]
fn fail_on_moves_the_line() {
    let cases = [
        (".env.development", 0o600, ["note weak-secret .env.development DB_PASSWORD"], [1, 0, 0, 0]),
        (".env", 0o600, ["warning weak-secret .env DB_PASSWORD"], [1, 1, 0, 0]),
        (".env.production", 0o600, ["error weak-secret .env.production DB_PASSWORD"], [1, 1, 1, 0]),
    ];
    for (name, mode, expected, codes) in cases {
        let sandbox = Sandbox::new();
        sandbox.file(name, mode, "DB_PASSWORD=postgres123\n");
        for (word, code) in ["note", "warning", "error", "critical"].into_iter().zip(codes) {
            assert_eq!(check(&sandbox, &["--fail-on", word], code), expected, "{name} {word}");
            assert_eq!(check(&sandbox, &["--exit-zero", "--fail-on", word], 0), expected);
        }
    }
}

#[test]
fn exit_zero_hides_no_problem() {
    let sandbox = project(&[File(".env", 0o644, GOOD)]);
    sandbox.fifo(".env.local");
    let report = report(&sandbox, &["check", "--exit-zero"], 2);
    assert_eq!(findings(&report), ["error env-file-mode .env"]);
    assert_eq!(problems(&report), ["not-a-file .env.local"]);
}

#[test]
fn as_of_is_today() {
    let sandbox = project(&[
        File(".env", 0o644, GOOD),
        File("envward.toml", 0o644, "[[ignore]]\ncheck = \"env-file-mode\"\nreason = \"known\"\nuntil = 2030-06-15\n"),
    ]);
    for (day, expected) in [
        ("2030-06-14", &[][..]),
        ("2030-06-15", &[]),
        ("2030-06-16", &["error env-file-mode .env", "warning unused-ignore envward.toml"]),
    ] {
        let report = report(&sandbox, &["check", "--as-of", day], i32::from(!expected.is_empty()));
        assert_eq!(
            (report["as_of"].as_str(), findings(&report)),
            (Some(day), expected.iter().map(ToString::to_string).collect())
        );
    }
}

#[test]
fn print_config_is_read_back_as_it_is() {
    let texts = [
        "",
        "[project]\nname = \"shop \\\"x\\\" \\\\ é \\n\"\n[project.environments]\n\"live/**\" = \"production\"\n\"ci/{a,b}.env\" = \"test\"\n",
        "[files]\nextra = [\"a b/*\", \"[ab].conf\"]\ntemplates = [\"t\"]\nprune = []\nallowed_modes = [\"0640\", \"440\"]\nallowed_owners = [\"deploy\"]\n",
        "[policy.minimum_length]\njwt-secret = 64\n[policy.classes]\nLEGACY = \"not-secret\"\n\"a.b\" = \"jwt-secret\"\n",
        "[[ignore]]\ncheck = \"weak-secret\"\npath = \"a/**\"\nkey = \"K\"\nreason = \"it's \\\"so\\\"\"\nuntil = \"2031-01-02\"\n[[ignore]]\ncheck = \"env-file-in-history\"\nthrough = \"main\"\nreason = \"r\"\n[[accept]]\nproblem = \"shallow-clone\"\nreason = \"CI\"\n[[accept]]\nproblem = \"unreadable-path\"\npath = \"data/*\"\nreason = \"db\"\nuntil = 2031-01-02\n",
    ];
    for text in texts {
        let sandbox = Sandbox::new();
        sandbox.file("envward.toml", 0o644, text);
        let first = sandbox.envward(&["check", "--print-config"]).code(0).stdout;
        toml::from_str::<toml::Table>(&first).unwrap_or_else(|error| panic!("{error}\n{first}"));
        sandbox.file("envward.toml", 0o644, &first);
        assert_eq!(sandbox.envward(&["check", "--print-config"]).code(0).stdout, first);
    }
}

#[test]
fn a_tracked_env_file_of_a_nested_repository() {
    let sandbox = project(&[Git("init"), File(".gitignore", 0o644, ".env\n")]);
    sandbox.mkdir("lib", 0o755);
    sandbox.git_in("lib", &["init", "--quiet"]);
    sandbox.file("lib/.env", 0o600, fill("DB_PASSWORD={password}\n"));
    sandbox.git_in("lib", &["add", "-f", ".env"]);
    sandbox.git_in("lib", &["commit", "--quiet", "-m", "x"]);
    let report = sandbox.envward(&["check", "--format", "json"]).code(1).json();
    let found: Vec<_> =
        report["findings"].as_array().unwrap().iter().map(|one| (one["check"].clone(), one["path"].clone())).collect();
    for check in ["env-file-tracked", "env-file-in-history", "secret-still-live"] {
        assert!(found.contains(&(check.into(), "lib/.env".into())), "{check}: {found:?}");
    }
}

#[test]
fn every_build_context_is_named() {
    let sandbox = project(&[
        File("Dockerfile", 0o644, "FROM scratch\n"),
        File("web/Dockerfile", 0o644, "FROM scratch\n"),
        File("web/.dockerignore", 0o644, "dist\n"),
        File("web/.env", 0o600, "DB_PASSWORD={password}\n"),
    ]);
    let files = || {
        let report = sandbox.envward(&["check", "--format", "json"]).json();
        let all = report["findings"].as_array().unwrap().clone();
        let contexts = all.into_iter().filter(|one| one["check"] == "env-file-in-build-context");
        contexts.map(|one| one["facts"]["ignore_file"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(files(), [".dockerignore", "web/.dockerignore"]);
    drop(sandbox.envward(&["check", "--fix"]));
    assert!(files().is_empty());
}

#[test]
fn a_weak_value_masks_no_name() {
    let sandbox = project(&[File(".env.production", 0o644, "DB_PASSWORD=production\nPOSTGRES_PASSWORD=postgres\n")]);
    let text = sandbox.envward(&["check"]).code(1).stdout;
    assert!(text.contains("chmod 600 .env.production") && text.contains("POSTGRES_PASSWORD"), "{text}");
    assert!(!text.contains("[masked]"), "{text}");
}

/// Names that no line of an ignore file can hold: the command that is named works, and git and envward agree.
#[test]
fn what_is_said_of_a_name_that_no_line_can_hold_can_be_typed() {
    use std::os::unix::ffi::OsStrExt as _;
    for name in
        [b"a\nb.env".as_slice(), b"a\xffb.env", b"caf\xe9\t.env", b"#.env", b"!a.env", "x\u{85}y.env".as_bytes()]
    {
        let sandbox = Sandbox::new();
        sandbox.git(&["init"]);
        sandbox.file("Dockerfile", 0o644, "FROM scratch\nCOPY . .\n");
        sandbox.file(std::ffi::OsStr::from_bytes(name), 0o600, fill("DB_PASSWORD={password}\n"));
        let helps = |code: i32| {
            let report = report(&sandbox, &["check"], code);
            let said = report["findings"].as_array().unwrap().clone();
            let is_about =
                |check: &serde_json::Value| check == "env-file-not-ignored" || check == "env-file-in-build-context";
            let said = said.iter().filter(|finding| is_about(&finding["check"]));
            said.map(|finding| finding["help"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let commands = helps(1);
        assert_eq!(commands.len(), 2, "{commands:?}");
        assert!(commands.iter().all(|line| line.starts_with("envward check --fix ")), "{commands:?}");
        drop(sandbox.envward(&["check", "--fix"]).code(0));
        assert_eq!(helps(0), [""; 0], "{commands:?}");
        assert_eq!(sandbox.git(&["status", "--porcelain", "-uall"]), "?? .dockerignore\n?? .gitignore\n?? Dockerfile");
    }
}

/// What is being written just now has no name of its own yet; what a killed run left is a copy.
#[test]
fn a_temporary_name_is_a_copy_when_its_writer_is_gone() {
    let sandbox = Sandbox::new();
    sandbox.file(".env", 0o600, fill("DB_PASSWORD={password}\n"));
    let mut gone = std::process::Command::new("true").spawn().unwrap();
    gone.wait().unwrap();
    for (process, is_copy) in [(std::process::id(), false), (gone.id(), true)] {
        let name = format!(".env.envward-{process}.tmp");
        sandbox.file(&name, 0o600, fill("DB_PASSWORD={password}\n"));
        let output = sandbox.envward(&["check", "--format", "json", "--exit-zero"]).code(0);
        assert_eq!(output.stdout.contains(&name), is_copy, "{}", output.stdout);
        std::fs::remove_file(sandbox.path(&name)).unwrap();
    }
}
