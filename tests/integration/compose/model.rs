//! What we make of compose files is what `docker-compose config` makes of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use crate::common::skip;
use serde_json::Value;

/// Files of a project, and which of them are given to Compose.
struct Case {
    about: &'static str,
    files: &'static [(&'static str, &'static str)],
    given: &'static [&'static str],
}

const CASES: &[Case] = &[
    Case {
        about: "scalars as go-yaml reads them",
        files: &[(
            "c.yml",
            "services:\n  a:\n    image: x:1\n    privileged: yes\n    read_only: on\n    init: Y\n    tty: off\n    restart: no\n    environment: {A: 0123, B: 010, C: 0xdeadbeef, D: 1e3, E: yes, F: 12345678901234567890123, G: 1.0, H: ~, I: , K: \"x$$y\", L: '${UNDEFINED}', M: 1_000, N: .5, O: 0o17, P: -0x1f, Q: 0b11, R: +5, U: 1:30, V: true, W: \"0123\", X: 'no', Y: 08, Z: -0}\n",
        )],
        given: &["c.yml"],
    },
    Case {
        about: "lists for maps and texts for lists",
        files: &[
            (
                "c.yml",
                "services:\n  a:\n    image: x\n    environment: [A=1, A=2, B, C=, 'D=a=b']\n    labels: [a=b, c]\n    env_file: one.env\n    depends_on: [b]\n    networks: [n, m]\n    command: echo \"a b\" c\n    entrypoint: [/bin/sh, -c]\n  b:\n    build: ./x\n    env_file: [one.env, {path: two.env, required: false}]\n    healthcheck: {test: curl x, interval: 1m30s, timeout: 5s}\nnetworks: {n: {}, m: {}}\n",
            ),
            ("one.env", "A=1\n"),
        ],
        given: &["c.yml"],
    },
    Case {
        about: "ports and volumes",
        files: &[(
            "c.yml",
            "services:\n  a:\n    image: x\n    ports: ['80:80', '127.0.0.1:5000-5002:5000-5002/udp', 9000, '[::1]:90:90', '${P:-7}:7', {target: 1, published: 2}, {target: 3, published: '4', host_ip: 127.0.0.1, protocol: udp}, '80:80']\n    volumes: [./a:/b:ro, /x:/y, named:/z, ~/q:/q, /anon, {type: bind, source: ../up, target: /up, read_only: true}, ./other:/y]\n    expose: [1, '2-3']\nvolumes: {named: }\n",
        )],
        given: &["c.yml"],
    },
    Case {
        about: "anchors and merge keys: the first wins, shallow",
        files: &[(
            "c.yml",
            "x-a: &a\n  restart: always\n  environment: {A: 1}\nx-b: &b\n  restart: 'no'\n  user: '5'\nservices:\n  a:\n    <<: [*a, *b]\n    image: x\n  b:\n    <<: *a\n    image: y\n    environment: {B: 2}\n    deploy: &d {resources: {limits: {cpus: '0.5', memory: 1G, pids: 5}, reservations: {cpus: 0.25, memory: 512m}}}\n  c: {image: z, deploy: *d}\n",
        )],
        given: &["c.yml"],
    },
    Case {
        about: "an override",
        files: &[
            (
                "c.yml",
                "services:\n  a:\n    image: x\n    command: [a, b]\n    environment: {A: 1, B: 2}\n    ports: ['1:1']\n    volumes: ['./a:/a', './b:/b']\n    healthcheck: {test: [CMD, x], interval: 5s}\n    logging: {driver: json-file, options: {max-size: 1m}}\n    labels: {l: m}\n    cap_add: [A]\n    depends_on: [b]\n  b: {image: y, restart: always, logging: {driver: json-file, options: {max-size: 1m}}}\n",
            ),
            (
                "o.yml",
                "services:\n  a:\n    command: c\n    environment: [B=3, C=4]\n    ports: ['2:2']\n    volumes: ['./c:/a']\n    healthcheck: {test: y}\n    logging: {driver: local}\n    labels: [n=o]\n    cap_add: [B]\n    depends_on: {b: {condition: service_healthy}, c: {condition: service_started}}\n  b: {restart: ~, logging: {options: {max-file: '3'}}}\n  c: {image: z}\n",
            ),
        ],
        given: &["c.yml", "o.yml"],
    },
    Case {
        about: "reset and override",
        files: &[
            (
                "c.yml",
                "services:\n  a:\n    image: x\n    ports: ['1:1']\n    environment: {A: 1, B: 2}\n    command: c\n    restart: always\n",
            ),
            (
                "o.yml",
                "services:\n  a:\n    ports: !override ['2:2']\n    environment: {A: !reset null, C: 3}\n    command: !reset []\n    restart: !reset null\n",
            ),
        ],
        given: &["c.yml", "o.yml"],
    },
    Case {
        about: "an extends that is taken back",
        files: &[
            ("c.yml", "services:\n  a: {image: x, extends: !reset {service: nobody}}\n  b: {image: y, extends: a}\n"),
            ("o.yml", "services:\n  b: {extends: !reset null, restart: always}\n"),
        ],
        given: &["c.yml", "o.yml"],
    },
    Case {
        about: "extends, in a file and from another one, before the override",
        files: &[
            (
                "c.yml",
                "services:\n  base: {image: x, environment: {A: 1}, ports: ['1:1'], command: b}\n  a: {extends: base, environment: {B: 2}, ports: ['2:2']}\n  c: {extends: {file: sub/other.yml, service: far}, restart: always}\n  d: {extends: {service: a}, command: [x]}\n",
            ),
            (
                "sub/other.yml",
                "services:\n  near: {image: n, env_file: far.env, volumes: ['./v:/v'], build: {context: ., args: [X=1]}}\n  far: {extends: near, user: '7'}\n",
            ),
            ("sub/far.env", "A=1\n"),
            ("o.yml", "services:\n  base: {environment: {A: 9}}\n"),
        ],
        given: &["c.yml", "o.yml"],
    },
    Case {
        about: "include, short and long, with variables of its own",
        files: &[
            (
                "c.yml",
                "include:\n  - sub/inc.yml\n  - path: [two/a.yml, two/b.yml]\n    env_file: two/vars.env\nservices:\n  a: {image: 'x:${TAG}', depends_on: [inc]}\n",
            ),
            (".env", "TAG=1\n"),
            ("sub/inc.yml", "services:\n  inc: {image: 'i:${TAG}-${SUB}', env_file: [./e.env], volumes: ['./v:/v']}\n"),
            ("sub/.env", "TAG=2\nSUB=3\n"),
            ("sub/e.env", ""),
            ("two/a.yml", "services:\n  two: {image: 't:${TWO}'}\n"),
            ("two/b.yml", "services:\n  two: {user: '${TWO}'}\n"),
            ("two/vars.env", "TWO=2\n"),
        ],
        given: &["c.yml"],
    },
    Case {
        about: "interpolation",
        files: &[
            (
                "c.yml",
                "services:\n  a:\n    image: 'x:${T:-1}'\n    environment: ['A=${E:-d}', 'B=${E-d}', 'C=${S:+r}', 'D=${E:+r}', 'F=${E+r}', 'G=$S$$S', 'H=${S:?no}', 'I=${N:-${S}-x}', 'J=a$1$(b)$', 'K=${U}', 'L=${S}{}']\n    privileged: ${YES}\n    mem_limit: ${MEM:-64m}\n",
            ),
            (".env", "E=\nS=set\nYES=yes\nQ='$S'\n"),
        ],
        given: &["c.yml"],
    },
    Case {
        about: "several documents of one file",
        files: &[(
            "c.yml",
            "services:\n  a: {image: x, ports: ['1:1']}\n---\nservices:\n  a: {image: y, ports: ['2:2']}\n",
        )],
        given: &["c.yml"],
    },
    Case {
        about: "folded and quoted texts",
        files: &[(
            "c.yml",
            "services:\n  a:\n    image: \"x:\\u0031\"\n    command: >\n      sh -c\n      \"echo a\"\n    environment:\n      A: |\n        one\n        two\n      B: |-\n        one\n      C: 'it''s'\n      D: plain # comment\n      E: plain#no\n      ? F\n      : complex\n",
        )],
        given: &["c.yml"],
    },
    Case {
        about: "profiles and small things",
        files: &[(
            "c.yml",
            "services:\n  a: {image: x, profiles: [p, q], cpus: 0.5, mem_limit: 512m, pids_limit: 10, security_opt: ['no-new-privileges:true'], cap_drop: [ALL], user: '0:0', network_mode: host, pid: host}\n  b: {image: y, healthcheck: {disable: yes}}\n  c: {image: z, healthcheck: {test: [NONE]}}\n  d: {image: z, logging: {driver: none}, restart: 'on-failure:3', userns_mode: host}\n  e: {image: '', build: {context: ., target: t, args: {A: 1, B: }}}\n",
        )],
        given: &["c.yml"],
    },
];

#[test]
fn the_model_is_that_of_docker_compose() {
    let Some(program) = super::oracle::program() else {
        return skip("target/gate is missing: `.ci/readers` installs it");
    };
    let mut wrong = Vec::new();
    for case in CASES {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        write(&root, case.files);
        let theirs = super::oracle::compose(&program, &root, "", case.given)
            .unwrap_or_else(|error| panic!("{}: Compose refuses it: {error}", case.about));
        assert!(!theirs.is_empty(), "{}", case.about);
        match super::oracle::ours(&root, "", case.given) {
            Ok(ours) => {
                wrong.extend(differences(&ours, &theirs).into_iter().map(|line| format!("{}: {line}", case.about)));
            }
            Err(error) => wrong.push(format!("{}: {error}", case.about)),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Projects that are not part of this repository: every compose file below `ENVWARD_COMPOSE_CORPUS`, by itself and over
/// every other one of its directory. A project is a directory of the corpus.
#[test]
fn and_so_it_is_on_a_corpus() {
    let Some(corpus) = std::env::var_os("ENVWARD_COMPOSE_CORPUS") else { return };
    let program = super::oracle::program().expect("target/gate: `.ci/readers` installs it");
    let corpus = Path::new(&corpus).canonicalize().unwrap();
    let (mut wrong, mut equal, mut refused) = (Vec::new(), 0, 0);
    let paths = listed(&corpus);
    for path in &paths {
        let (dir, name) = (path.parent().unwrap(), path.file_name().unwrap().to_str().unwrap());
        let below = dir.strip_prefix(&corpus).unwrap();
        let root = corpus.join(below.components().next().unwrap());
        let dir_below = dir.strip_prefix(&root).unwrap().to_str().unwrap();
        let beside = paths.iter().filter(|other| other.parent() == Some(dir) && *other != path);
        let bases = beside.map(|other| other.file_name().unwrap().to_str().unwrap());
        for given in std::iter::once(vec![name]).chain(bases.map(|base| vec![base, name])) {
            let Ok(theirs) = super::oracle::compose(&program, &root, dir_below, &given) else {
                refused += 1;
                continue;
            };
            let lines = match super::oracle::ours(&root, dir_below, &given) {
                Ok(ours) => differences(&ours, &theirs),
                Err(error) => vec![error],
            };
            equal += usize::from(lines.is_empty());
            wrong.extend(lines.into_iter().map(|line| format!("{below:?} {given:?}: {line}")));
        }
    }
    eprintln!("{equal} equal, {refused} that Compose refuses");
    assert!(wrong.is_empty(), "{} differences\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn what_compose_refuses_is_a_fault() {
    let Some(program) = super::oracle::program() else {
        return skip("target/gate is missing: `.ci/readers` installs it");
    };
    let cases: [&[(&str, &str)]; 12] = [
        &[("c.yml", "services: {a: {image: x, image: y}}\n")],
        &[("c.yml", "services:\n  a: {extends: b}\n  b: {extends: a, image: x}\n")],
        &[("c.yml", "services:\n  a: {extends: nobody}\n")],
        &[("c.yml", "services:\n  a: {extends: {file: gone.yml, service: a}}\n")],
        &[("c.yml", "services:\n  a: {image: x, extends: null}\n")],
        &[("c.yml", "services:\n  a: {image: x, extends: {service: null}}\n")],
        &[
            ("c.yml", "services:\n  a: {extends: {file: far.yml, service: b}}\n"),
            ("far.yml", "services:\n  b: {image: x}\n  z: {image: x, extends: ~}\n"),
        ],
        &[("c.yml", "include: [c.yml]\nservices: {}\n")],
        &[("c.yml", "include: [gone.yml]\nservices: {}\n")],
        &[("c.yml", "- a\n- b\n")],
        &[("c.yml", "services:\n  a: {image: '${}'}\n")],
        &[("c.yml", "services:\n  a: {image: x\n")],
    ];
    for files in cases {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path().canonicalize().unwrap();
        write(&root, files);
        assert!(super::oracle::compose(&program, &root, "", &["c.yml"]).is_err(), "{files:?}");
        assert!(super::oracle::ours(&root, "", &["c.yml"]).is_err(), "{files:?}");
    }
}

#[test]
fn this_comparison_can_fail() {
    let Some(program) = super::oracle::program() else {
        return skip("target/gate is missing: `.ci/readers` installs it");
    };
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    write(
        &root,
        &[("a.yml", "services: {a: {image: x, user: '1'}}\n"), ("b.yml", "services: {a: {image: x, user: '2'}}\n")],
    );
    let theirs = super::oracle::compose(&program, &root, "", &["a.yml"]).unwrap();
    let ours = super::oracle::ours(&root, "", &["b.yml"]).unwrap();
    assert_eq!(differences(&ours, &theirs).len(), 1);
}

fn write(root: &Path, files: &[(&str, &str)]) {
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
}

fn differences(ours: &BTreeMap<String, Value>, theirs: &BTreeMap<String, Value>) -> Vec<String> {
    let mut lines = Vec::new();
    for name in ours.keys().chain(theirs.keys().filter(|name| !ours.contains_key(*name))) {
        let (Some(own), Some(other)) = (ours.get(name), theirs.get(name)) else {
            lines.push(format!("{name}: ours {}, theirs {}", ours.contains_key(name), theirs.contains_key(name)));
            continue;
        };
        for (key, value) in own.as_object().unwrap() {
            if other[key] != *value {
                lines.push(format!("{name}.{key}: ours {value}, theirs {}", other[key]));
            }
        }
    }
    lines
}

fn listed(dir: &Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        let name = entry.file_name().to_str().unwrap_or_default().to_owned();
        if path.is_dir() && !path.is_symlink() {
            found.extend(listed(&path));
        } else if name.contains("compose") && (name.ends_with(".yml") || name.ends_with(".yaml")) {
            found.push(path);
        }
    }
    found.sort();
    found
}
