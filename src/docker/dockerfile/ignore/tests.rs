use proptest::prelude::*;

use super::DockerIgnore;
use crate::path::RelPath;

fn excludes(patterns: &str, path: &str) -> bool {
    DockerIgnore::parse(patterns.as_bytes()).excludes(&RelPath::from(path))
}

#[test]
fn env_files() {
    let table = [
        (".env", ".env", true),
        (".env", "backend/.env", false),
        ("**/.env", "backend/.env", true),
        ("**/.env", ".env", true),
        ("*/.env", "backend/.env", true),
        ("*/.env", "a/b/.env", false),
        (".env*", ".env.production", true),
        ("**/*.env", "backend/prod.env", true),
        ("**.env", "backend/prod.env", true),
        ("**/.env*\n!**/.env.example", "backend/.env.example", false),
        ("**/.env*\n!**/.env.example", "backend/.env", true),
        ("backend", "backend/.env", true),
        ("backend/", "backend/.env", true),
        ("/backend", "backend/.env", true),
        ("./backend/../backend//", "backend/.env", true),
        ("backend\n!backend/src", "backend/.env", true),
        ("backend\n!backend/src", "backend/src/.env", false),
        ("*\n!backend", "backend/.env", false),
        ("*\n!backend\nbackend/.env", "backend/.env", true),
        ("!.env\n*", ".env", true),
        ("  .env  ", ".env", true),
        ("! .env\r\n", ".env", false),
        (".env\r\n", ".env", true),
        ("\u{feff}.env", ".env", true),
        ("# .env", ".env", false),
        // Not in the first column: a pattern.
        (" #x", "#x", true),
        ("", ".env", false),
        ("..", ".env", false),
        (".", ".env", false),
        ("/", ".env", false),
    ];
    for (patterns, path, expected) in table {
        assert_eq!(excludes(patterns, path), expected, "{patterns:?} {path}");
    }
    assert!(!DockerIgnore::parse(b"*").excludes(&RelPath::default()));
}

#[test]
fn wildcards() {
    let table = [
        ("**", "a/b", true),
        ("**/", "a", true),
        ("**/**", "a/b", true),
        ("dir/**", "dir", false),
        ("dir/**", "dir/a/b", true),
        ("**/dir2/*", "dir/dir2/file", true),
        ("**/dir2/**", "dir/dir2/dir3/file", true),
        ("**/dir2/**", "dir2", false),
        ("**file", "dir/myfile", true),
        ("**/file", "dir/myfile", false),
        ("**/file*txt", "a/b/file.txt", true),
        ("**/**/*.txt2", "a/b/file.txt", false),
        ("a**/*.txt", "a/b/c/file.txt", true),
        ("a**/*.txt", "ab/file.txt", true),
        ("a/*.txt", "a/b/file.txt", false),
        ("a/*.txt**", "a/file.txt", true),
        ("a[b-d]e", "ace", true),
        ("a[b-d]e", "ae", false),
        ("a[^b-d]e", "aze", true),
        ("a[^b-d]e", "ace", false),
        (".*", ".foo", true),
        (".*", "foo", false),
        ("abc.def", "abcZdef", false),
        ("abc?def", "abcZdef", true),
        ("a?b", "a/b", false),
        ("a?b", "a☺b", true),
        ("a???b", "a☺b", false),
        ("[a-ζ]*", "α", true),
        ("*[a-ζ]", "A", false),
        ("a*/b", "a/c/b", false),
        ("a*", "ab/c", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/f", true),
        ("a*b*c*d*e*/f", "axbxcxdxexxx/fff", false),
        ("a*b?c*x", "abxbbxdbxebxczzx", true),
        ("a*b?c*x", "abxbbxdbxebxczzy", false),
        ("a(b)c/d+{e$|", "a(b)c/d+{e$|", true),
        ("a\\*b", "a*b", true),
        ("a\\*b", "ab", false),
        ("[\\]a]", "]", true),
        ("[x\\-]", "-", true),
        ("a^b", "a^b", true),
        ("a^b*", "a^bc", false),
        ("\\d", "d", false),
    ];
    for (pattern, path, expected) in table {
        assert_eq!(excludes(pattern, path), expected, "{pattern:?} {path}");
    }
}

/// What a parent's match hands down is settled during the walk: the second `docs` was not needed at `docs`, so it says
/// nothing about what is below.
#[test]
fn a_rule_that_was_not_asked_is_not_handed_down() {
    assert!(!excludes("docs\n!docs/x\ndocs", "docs/x"));
    assert!(excludes("**\n!util/web\nutil/web/foo", "util/web/foo"));
}

#[test]
fn what_docker_refuses_excludes_nothing() {
    for pattern in ["!", "!/", "!/a/..", "[", "[]a]", "[-]", "[x-]", "[-x]", "[a-b-c]", "[^bc", "a[", "\\", "[z-a]"] {
        let ignore = DockerIgnore::parse(format!("ok\n{pattern}\n").as_bytes());
        assert_eq!(ignore.malformed_lines(), [2], "{pattern}");
        assert!(!ignore.excludes(&RelPath::from("a")));
    }
}

#[test]
fn hostile_patterns_take_no_time() {
    let text = "a".repeat(3000) + "/" + &"a".repeat(1000);
    for pattern in ["*a".repeat(1000) + "b", "**/a".repeat(900) + "b", "*".repeat(4001) + "b"] {
        assert!(!excludes(&pattern, &text));
    }
    assert_eq!(DockerIgnore::parse("a".repeat(5000).as_bytes()).malformed_lines(), [1]);
}

proptest! {
    #[test]
    fn any_bytes_are_taken(text in proptest::collection::vec(any::<u8>(), 0..200), path in "[a-z./*]{0,30}") {
        let _ = DockerIgnore::parse(&text).excludes(&RelPath::from(path.as_str()));
    }

    #[test]
    fn a_plain_name_is_anchored(name in "[a-z]{1,8}", above in "[A-Z]{1,8}") {
        prop_assert!(excludes(&name, &name));
        let (below, elsewhere) = (format!("{name}/x"), format!("{above}/{name}"));
        prop_assert!(excludes(&name, &below));
        prop_assert!(!excludes(&name, &elsewhere));
    }
}
