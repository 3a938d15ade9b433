//! Who can open it.

use super::*;

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
