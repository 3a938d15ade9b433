//! What is refused.

use super::*;

#[test]
fn an_unknown_key_with_the_one_that_may_be_meant() {
    refused("[[ignroe]]\n", 1, "unknown key `ignroe`", "did you mean `ignore`?");
    refused("\n[files]\n\nextr = []\n", 4, "unknown key `extr` in [files]", "did you mean `extra`?");
    refused(
        "[project]\nzebra = 1\n",
        2,
        "unknown key `zebra` in [project]",
        "see all keys with `envward check --print-config`",
    );
    refused(
        "[[ignore]]\ncheck = \"weak-secret\"\nresaon = \"x\"\n",
        3,
        "unknown key `resaon` in [[ignore]]",
        "did you mean `reason`?",
    );
    refused(
        "[policy.minimum_length]\njwt-secrets = 64\n",
        2,
        "unknown key `jwt-secrets` in [policy.minimum_length]",
        "did you mean `jwt-secret`?",
    );
}

#[test]
fn a_wrong_type_with_its_line() {
    let cases = [
        ("[project]\nname = 1\n", 2, "name", "a string"),
        ("[files]\nextra = \"x\"\n", 2, "extra", "a list of strings"),
        ("[files]\nextra = [\n\"a\",\n2]\n", 2, "extra", "a list of strings"),
        ("files = 3\n", 1, "files", "a table"),
        ("ignore = 3\n", 1, "ignore", "one or more [[tables]]"),
        ("[files]\nallowed_modes = [\"0644\"]\n", 2, "allowed_modes", "modes such as \"0640\", closed to others"),
        ("[files]\nallowed_modes = [\"x\"]\n", 2, "allowed_modes", "modes such as \"0640\", closed to others"),
        ("[files]\nallowed_modes = [640]\n", 2, "allowed_modes", "a list of strings"),
        ("[project.environments]\n\".env\" = \"prodution\"\n", 2, "environments", "development, test or production"),
        ("[policy.minimum_length]\njwt-secret = 8\n", 2, "minimum_length", "a number of characters from 16 to 4096"),
        ("[policy.classes]\nA = \"x\"\n", 2, "classes", "a class such as \"database-password\", or \"not-secret\""),
        (
            "[files]\nextra = [\"a[\"]\n",
            2,
            "extra",
            "a path below the project root, or a pattern such as `config/*.env`",
        ),
        (
            "[files]\nextra = [\"../x.conf\"]\n",
            2,
            "extra",
            "a path below the project root, or a pattern such as `config/*.env`",
        ),
        (
            "[files]\ntemplates = [\"/etc/x\"]\n",
            2,
            "templates",
            "a path below the project root, or a pattern such as `config/*.env`",
        ),
        (
            "[[ignore]]\ncheck = \"weak-secret\"\nreason = \"x\"\nuntil = \"tomorrow\"\n",
            4,
            "until",
            "a date: 2026-12-31",
        ),
    ];
    for (config, line, key, takes) in cases {
        refused(config, line, &format!("the value of `{key}` is not allowed"), &format!("allowed: {takes}"));
    }
}

#[test]
fn no_toml() {
    refused(
        "[files]\nextra = [\n\n= x\n",
        4,
        "not valid TOML",
        "correct this line: strings need quotes, a key has one `=`, and brackets come in pairs",
    );
}

#[test]
fn a_key_that_must_be_there() {
    let say_why = "add `reason = \"...\"`, for everybody who reads this later";
    let every_key = "see all keys with `envward check --print-config`";
    for reason in ["", "reason = \"\"\n", "reason = \"  \"\n"] {
        refused(&format!("[[ignore]]\ncheck = \"weak-secret\"\n{reason}"), 1, "[[ignore]] has no `reason`", say_why);
        refused(
            &format!("\n[[accept]]\nproblem = \"shallow-clone\"\n{reason}"),
            2,
            "[[accept]] has no `reason`",
            say_why,
        );
    }
    refused("[[ignore]]\nreason = \"x\"\n", 1, "[[ignore]] has no `check`", every_key);
    refused("[[accept]]\nreason = \"x\"\n", 1, "[[accept]] has no `problem`", every_key);
    for problem in ["unreadable-path", "modes-meaningless"] {
        let config = format!("[[accept]]\nproblem = \"{problem}\"\nreason = \"x\"\n");
        refused(&config, 1, "[[accept]] has no `path`", every_key);
    }
}

#[test]
fn a_check_that_does_not_exist() {
    let config = "[[ignore]]\ncheck = \"weak-secert\"\nreason = \"x\"\n";
    refused(config, 1, "no check has this id", "did you mean `weak-secret`?");
}

#[test]
fn an_ignore_of_history_must_say_through_what() {
    for check in ["env-file-in-history", "secret-still-live"] {
        refused(
            &format!("[[ignore]]\ncheck = \"{check}\"\nreason = \"x\"\n"),
            1,
            "this ignore would also hide every later leak in the same path",
            "add `through = \"<commit>\"`, the last commit to ignore",
        );
    }
}

#[test]
fn corruption_and_the_like_cannot_be_accepted() {
    for problem in [
        "corrupt-object",
        "missing-object",
        "foreign-owner",
        "broken-index",
        "broken-ref",
        "unsupported-repository",
        "git-failed",
        "not-a-file",
        "too-large",
        "vanished-file",
        "unanswered",
        "not-a-repository",
    ] {
        refused(
            &format!("[[accept]]\nproblem = \"{problem}\"\nreason = \"x\"\n"),
            1,
            "this problem cannot be accepted",
            "accept only one of these: unreadable-path, modes-meaningless, shallow-clone, partial-clone, broken-dockerfile, \
             broken-compose-file, outward-link, empty-range, nothing-sought, env-file-gone, outside-file, unseen-build, \
             unknown-encoding, lfs-pointer, broken-certificate, unreadable-archive, network-file-system",
        );
    }
    refused(
        "[[accept]]\nproblem = \"nonsense\"\nreason = \"x\"\n",
        2,
        "the value of `problem` is not allowed",
        "allowed: the word that the report prints for the problem",
    );
}
