//! `--summary`.

use super::*;

#[test]
fn one_screen_says_what_is_most_severe_and_how_to_see_it() {
    let sandbox = mirrors();
    let output = sandbox.envward(&["scan", "--recursive", "mirrors", "--summary"]).code(2);
    assert_eq!(
        output.stdout,
        "\
most severe repositories
  mirrors/api.git: 2 errors
    0.env: this file is in git history, and some of its secrets may still be va…
  mirrors/odd.git: 1 error
    0.env: this file is in git history, and some of its secrets may still be va…
  mirrors/web.git: 1 error
    0.env: this file is in git history, and some of its secrets may still be va…

not examined
  broken-ref in 2 places: mirrors/broken.git
    -> find out what is wrong: git fsck

incomplete: 2 repositories could not be wholly examined; 4 errors in 3
repositories
examined 6 repositories, 14 commits
-> see one: envward scan mirrors/api.git
"
    );
    assert_eq!(output.stderr, "");
    let clean = sandbox.envward(&["scan", "mirrors/clean.git", "mirrors/zero.git", "--summary"]).code(0).stdout;
    assert_eq!(clean, "clean\nexamined 2 repositories, 2 commits\n");
    let one = sandbox.envward(&["scan", "mirrors/web.git", "--summary", "--exit-zero"]).code(0).stdout;
    assert!(one.starts_with("most severe repositories\n  mirrors/web.git: 1 error\n"), "{one}");
    let least = sandbox.envward(&["scan", "mirrors/web.git", "--summary", "--min-severity", "critical"]).code(1).stdout;
    let below = "no finding\nexamined 1 repository, 3 commits, 1 finding below --min-severity\n";
    assert_eq!(least, below.to_owned() + "-> see one: envward scan mirrors/web.git\n");
}

/// The screen is as long for many repositories as for some.
#[test]
fn of_many_repositories_there_is_one_screen() {
    let sandbox = Sandbox::new();
    mirror(&sandbox, "a", &["DB_PASSWORD={password}\n"]);
    for number in 0..30 {
        sandbox.git(&["clone", "-q", "--bare", "mirrors/a.git", &format!("mirrors/b{number:02}.git")]);
        sandbox.file(format!("mirrors/b{number:02}.git/HEAD"), 0o644, if number % 2 == 0 { "x" } else { "ref: y" });
    }
    std::fs::remove_dir_all(sandbox.path("work")).unwrap();
    let run = |args: &[&str]| {
        let all = [&["scan", "--recursive", "mirrors", "--summary"], args].concat();
        sandbox.envward(&all).code(2).stdout
    };
    let short = run(&[]);
    assert!(short.lines().count() <= 24, "{short}");
    assert!(short.contains("more repositories with findings (--all lists them)\n"), "{short}");
    let all = run(&["--all"]);
    assert!(all.contains("  mirrors/b29.git: 1 error\n"), "{all}");
    assert!(short.lines().chain(all.lines()).all(|line| line.chars().count() <= 80), "{all}");
}

#[test]
fn json_has_a_schema_of_its_own() {
    let sandbox = mirrors();
    let output = sandbox.envward(&["scan", "--recursive", "mirrors", "--summary", "--format", "json"]).code(2);
    let summary = validate(SUMMARY, &output.stdout);
    assert_eq!((&summary["command"], &summary["status"]), (&"scan".into(), &"incomplete".into()));
    let counts = &summary["repositories"];
    let counts = ["all", "clean", "findings", "incomplete", "with_findings"].map(|name| counts[name].as_u64().unwrap());
    assert_eq!(counts, [6, 2, 2, 2, 3]);
    let worst = summary["worst"].as_array().unwrap();
    let names: Vec<_> = worst.iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["mirrors/api.git", "mirrors/odd.git", "mirrors/web.git", "mirrors/broken.git"]);
    assert_eq!(worst[0]["reason"]["check"], "env-file-in-history");
    let mistake = sandbox.envward(&["scan", "--summary", "--format=json", "--recursive", "nowhere"]).code(2);
    assert_eq!(validate(SUMMARY, &mistake.stdout)["unread"][0]["kind"], "no-such-path");
}

#[test]
fn it_is_text_json_or_a_page() {
    let sandbox = mirrors();
    for format in ["sarif", "github", "junit", "gitlab-codequality", "gitlab-secret-detection"] {
        let output = sandbox.envward(&["scan", "--recursive", "mirrors", "--summary", "--format", format]).code(2);
        assert!(output.stderr.contains("--summary prints text, JSON or a page"), "{format}: {}", output.stderr);
    }
    for other in ["--staged", "--advice", "--range=a..b", "--since-commit=a"] {
        assert!(sandbox.envward(&["scan", "--summary", other]).code(2).stderr.contains("cannot be used"), "{other}");
    }
}
