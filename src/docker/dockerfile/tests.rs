use proptest::prelude::*;

use super::*;
use crate::secret::Secret;

fn user(text: &str) -> Option<String> {
    let file = Dockerfile::parse(text.as_bytes());
    let stages = file.stages(&[]);
    stages.last().and_then(|stage| stage.user.as_ref()).map(|user| user.what.clone())
}

fn bases(text: &str, given: &[(&str, &str)]) -> Vec<Base> {
    let given: Vec<_> =
        given.iter().map(|(name, value)| ((*name).to_owned(), Some(Secret::copy_of(value.as_bytes())))).collect();
    Dockerfile::parse(text.as_bytes()).stages(&given).into_iter().map(|stage| stage.base).collect()
}

fn image(reference: &str) -> Base {
    Base::Image(reference.to_owned())
}

/// The ENV of the last stage.
#[expect(clippy::disallowed_methods, reason = "made-up values")]
fn environment(text: &str) -> Vec<(String, String)> {
    let file = Dockerfile::parse(text.as_bytes());
    let stages = file.stages(&[]);
    let own = &stages.last().unwrap().settings;
    let shown = |at: &At<Setting>| (at.what.name.clone(), String::from_utf8_lossy(at.what.value.expose()).into_owned());
    own.iter().filter(|at| at.what.by == By::Env).map(shown).collect()
}

fn pair(name: &str, value: &str) -> (String, String) {
    (name.to_owned(), value.to_owned())
}

#[test]
fn dockerfile_names() {
    for name in ["Dockerfile", "dockerfile", "Dockerfile.prod", "api.Dockerfile", "Containerfile", "x.dockerfile"] {
        assert!(is_dockerfile(name.as_bytes()), "{name}");
    }
    for name in [
        "dockerfile.rs",
        "Dockerfile.dockerignore",
        "Dockerfile.j2",
        "dockerfile.svg",
        "Dockerfile.bak",
        ".dockerignore",
        "Dockerfiles",
        "mydockerfile",
        "docker-compose.yml",
        "",
    ] {
        assert!(!is_dockerfile(name.as_bytes()), "{name}");
    }
    assert_eq!(ignore_file_names(b"web.Dockerfile")[0], b"web.Dockerfile.dockerignore");
}

#[test]
fn who_runs_the_last_stage() {
    let table = [
        ("FROM a\n", None),
        ("FROM a\nUSER app\n", Some("app")),
        ("FROM a\nuser app\nUSER root\n", Some("root")),
        ("FROM a AS x\nUSER app\nFROM b\n", None),
        ("FROM a AS x\nUSER app\nFROM x\nRUN y\n", Some("app")),
        ("FROM a AS x\nUSER app\nFROM X AS y\nUSER root\nFROM y\n", Some("root")),
        ("ARG U=app\nFROM a\nUSER $U\n", Some("\u{fffd}")),
        ("ARG U=app\nFROM a\nARG U\nUSER ${U}:${U}\n", Some("app:app")),
        ("FROM a\nARG U=app\nENV U=root\nUSER $U\n", Some("root")),
        ("FROM a\nENV U=1 V=$U\nUSER $V\n", Some("\u{fffd}")),
        ("FROM a\nENV U=1\nENV V=$U\nUSER ${V:-2}\n", Some("1")),
        ("FROM a\nUSER ${V:-2}\n", Some("2")),
        ("FROM a\nUSER ${V:+2}x\n", Some("x")),
        ("FROM a\nENV V=1\nUSER ${V:+2}x\n", Some("2x")),
        ("FROM a\nENV V=1\nUSER ${V%1}\n", Some("\u{fffd}")),
        ("FROM a\nUSER \"app\"\n", Some("app")),
        ("FROM a\nUSER 'a$b'\n", Some("a$b")),
        ("FROM a\nUSER a\\$b\n", Some("a$b")),
        ("FROM a AS x\nENV U=app\nFROM x\nUSER $U\n", Some("app")),
        ("\u{feff}FROM a\r\nUSER app\r\n", Some("app")),
        ("FROM a\nONBUILD USER app\n", None),
        ("FROM a\nENTRYPOINT []\nUSER app\n", Some("app")),
        ("FROM a\nRUN cat <<EOF >/x && cat <<'E2'\nUSER root\nEOF\nUSER root\nE2\nUSER app\n", Some("app")),
        ("FROM a\nCOPY <<-EOF /x\n\tUSER root\n\tEOF\nUSER app\n", Some("app")),
        ("FROM a\nRUN echo '<<EOF'\nUSER app\n", Some("app")),
        ("FROM a\nRUN echo \\\n# USER root\n\n  USER root\nUSER app\n", Some("app")),
        ("# escape=`\nFROM a\nRUN echo c:\\\nUSER app\n", Some("app")),
        ("# syntax=x\n# escape=`\nFROM a\nRUN `\nUSER root\nUSER app\n", Some("app")),
        ("# no directive\n# escape=`\nFROM a\nRUN x `\nUSER app\n", Some("app")),
        ("FROM a\nRUN x \\\\\nUSER app\n", Some("app")),
    ];
    for (text, expected) in table {
        assert_eq!(user(text).as_deref(), expected, "{text}");
    }
}

#[test]
fn what_stages_are_made_from() {
    type Row = (&'static str, &'static [(&'static str, &'static str)], Vec<Base>);
    let table: [Row; 10] = [
        ("FROM --platform=$X a:1\n", &[], vec![image("a:1")]),
        ("ARG V=2\nFROM a:$V\n", &[], vec![image("a:2")]),
        ("ARG V=2\nFROM a:$V\n", &[("V", "3")], vec![image("a:3")]),
        ("ARG V\nFROM a:${V}\n", &[], vec![image("a:\u{fffd}")]),
        ("ARG V\nFROM a:${V:-4}-x\n", &[], vec![image("a:4-x")]),
        (
            "ARG I=b\nARG R=$I/c\nFROM $R:1 AS Build\nFROM build\nFROM scratch\n",
            &[],
            vec![image("b/c:1"), Base::Stage(0), Base::Scratch],
        ),
        (
            "FROM a AS s-amd64\nFROM b AS s-arm64\nFROM s-${TARGETARCH}\n",
            &[],
            vec![image("a"), image("b"), Base::Stage(1)],
        ),
        ("FROM a AS b\nFROM $X\n", &[], vec![image("a"), image("\u{fffd}")]),
        ("FROM a\nARG V=1\nFROM b:$V\n", &[], vec![image("a"), image("b:\u{fffd}")]),
        ("FROM a # no comment\nFROM b\n", &[], vec![image("b")]),
    ];
    for (text, given, expected) in table {
        assert_eq!(bases(text, given), expected, "{text}");
    }
}

#[test]
fn pairs_of_env() {
    let table = [
        ("ENV A=b C=\"d e\" \\\n  # no\n  E=f\\ g\n", vec![pair("A", "b"), pair("C", "d e"), pair("E", "f g")]),
        ("ENV A the whole  rest\n", vec![pair("A", "the whole  rest")]),
        ("ENV A= B=''\n", vec![pair("A", ""), pair("B", "")]),
        ("ENV A=a=b\n", vec![pair("A", "a=b")]),
        ("ENV A=\"x\\\"y\" B='\\'\n", vec![pair("A", "x\"y"), pair("B", "\\")]),
    ];
    for (text, expected) in table {
        assert_eq!(environment(&format!("FROM a\n{text}")), expected, "{text}");
    }
}

#[test]
fn what_docker_refuses_is_a_line() {
    let table: [(&str, &[u32]); 16] = [
        ("FROM a\nCMD --from=b\nUSER --x=y app\n", &[2, 3]),
        ("FROM a\nRUN <<\"E3\" \" <<EOF\nUSER app\n", &[]),
        ("FROM a\nCOPY <<-E2B=\"x y\" /x/\n", &[2]),
        ("FROM a\nCOPY <<EOF$A /x/\nEOF\n", &[2]),
        ("FROM a\nRUN x\n", &[]),
        ("FROM a\nENTRYPOINT []\nCMD []\nCMD\n", &[]),
        ("FROM a\nXYZ b\nUSER q\n", &[2]),
        ("RUN x\nFROM a\n", &[1]),
        ("FROM\nFROM a b\n", &[1, 2]),
        ("FROM a\nENV A\n", &[2]),
        ("FROM a\nCOPY x\n", &[2]),
        ("FROM a\nHEALTHCHECK maybe\n", &[2]),
        ("FROM a\nRUN <<EOF\nx\n", &[2]),
        ("# escape=x\nFROM a\n", &[1]),
        ("FROM a\nONBUILD ONBUILD RUN x\n", &[2]),
        ("FROM a\nUSER\n", &[2]),
    ];
    for (text, expected) in table {
        let faults: Vec<u32> = Dockerfile::parse(text.as_bytes()).faults.into_iter().map(Into::into).collect();
        assert_eq!(faults, expected, "{text}");
    }
}

#[test]
fn copies_and_their_flags() {
    let text =
        "FROM a AS b\nFROM c\nCOPY --from=b --chown=1:1 x y/\nADD [\"a b\", \"c\"]\nCOPY --exclude=.env . /app\n";
    let file = Dockerfile::parse(text.as_bytes());
    let stages = file.stages(&[]);
    let last = stages.last().unwrap();
    let shown: Vec<(u32, Vec<&str>)> = last
        .copies
        .iter()
        .map(|at| {
            let sources = at.what.sources.iter().map(|source| source.as_str()).collect();
            (at.line.into(), sources)
        })
        .collect();
    assert_eq!(shown, [(3, vec!["x"]), (4, vec!["a b"]), (5, vec!["."])]);
    assert!(last.takes_from_stage(&stages));
    assert_eq!(last.copies[2].what.excludes.len(), 1);
    assert_eq!((find(&stages, "B"), find(&stages, "1"), find(&stages, "2")), (Some(0), Some(1), None));
    // Quotes keep nothing together in a list of files, and do in a flag.
    let file = Dockerfile::parse(b"FROM c\nCOPY \"x y\" z\nRUN --mount=\"type=secret,id=a b\" x\n");
    let stages = file.stages(&[]);
    let sources: Vec<&str> = stages[0].copies[0].what.sources.iter().map(|source| source.as_str()).collect();
    assert_eq!(sources, ["\"x", "y\""]);
    let run = stages[0].runs[0].what;
    assert_eq!(commands(&run.command, &run.documents), [["x"]]);
}

#[test]
fn an_entry_point_ends_the_arguments_of_its_base() {
    let file = Dockerfile::parse(b"FROM a AS x\nCMD [\"one\"]\nFROM x AS y\nENTRYPOINT [\"two\"]\nFROM y\n");
    let stages = file.stages(&[]);
    assert!(stages[0].cmd.is_some() && stages[1].cmd.is_none() && stages[2].cmd.is_none());
    assert!(stages[2].entrypoint.is_some());
}

#[test]
fn hostile_files_end() {
    let mut doubling = String::from("FROM a\nENV A=aaaaaaaaaaaaaaaa\n");
    (0..2000).for_each(|_| doubling.push_str("ENV A=$A$A\n"));
    assert_eq!(environment(&doubling).len(), 2001);
    let mut many = String::new();
    (0..100_000).for_each(|at| many.push_str(&format!("FROM a AS s{at}\n")));
    let file = Dockerfile::parse(many.as_bytes());
    assert_eq!((file.stages(&[]).len(), file.faults.len()), (MOST_STAGES, 1));
    // One line of a million settings, and one name of a mebibyte, in each of many stages.
    let wide = format!("FROM a AS s\nENV {}\n{}", "a=$b ".repeat(500_000), "FROM s\nENV c=d\n".repeat(1000));
    let long = format!("FROM a AS s\nENV {}=b\n{}", "n".repeat(1 << 20), "FROM s\nENV c=d\n".repeat(150));
    assert_eq!(Dockerfile::parse(wide.as_bytes()).faults.len(), 1);
    assert_eq!(Dockerfile::parse(long.as_bytes()).stages(&[]).len(), 151);
    let copies = format!("FROM a\nCOPY {} /\n", "x ".repeat(500_000));
    assert_eq!(Dockerfile::parse(copies.as_bytes()).faults.len(), 1);
    let deep = format!("FROM a\nUSER {}x\n", "${A:-".repeat(100_000));
    assert!(user(&deep).is_some());
}

proptest! {
    #[test]
    fn any_bytes_are_taken(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        let _ = Dockerfile::parse(&bytes).stages(&[]);
    }

    #[test]
    fn any_words_are_taken(text in TEXT) {
        let file = Dockerfile::parse(text.as_bytes());
        let stages = file.stages(&[("A".to_owned(), None)]);
        let is_earlier = |(at, stage): (usize, &Stage<'_>)| !matches!(stage.base, Base::Stage(base) if base >= at);
        prop_assert!(stages.iter().enumerate().all(is_earlier));
    }
}

const TEXT: &str = "((FROM|RUN|COPY|ADD|ENV|ARG|USER|ONBUILD|HEALTHCHECK|CMD|# escape=`|EOF)?\
([ \t]|<<-?EOF|a|A=|\\$\\{?A(:[-+?%])?|[}\"'`\\\\\\[\\],#é]|AS b|NONE|--from=0){0,8}\r?\n){0,12}";
