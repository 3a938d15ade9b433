//! Our table of the Compose specification is that of the real `docker-compose`: every key of it once right, once
//! misspelt, once of each wrong type.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Mutex;

use crate::common::{combinations, skip};
use envward::docker::compose::spec::{FILE, Form, Map as Keys, Type};
use serde_json::{Value, json};

/// One file, and the place that it is about.
#[derive(Clone)]
struct Probe {
    about: String,
    file: Value,
}

/// Keys that the pinned `docker-compose` does not have yet, and its successors do.
const NEWER: &[&str] = &["pre_start", "no_cache_filter"];

/// Values for keys that do not take just any.
fn special(path: &str) -> Option<Value> {
    let table: &[(&str, Value)] = &[
        ("include", json!(["inc.yml"])),
        ("include[]", json!("inc.yml")),
        ("include[].path", json!("inc.yml")),
        ("include[].env_file", json!("e.env")),
        ("name", json!("shop")),
        ("include[].path[]", json!("inc.yml")),
        ("include[].env_file[]", json!("e.env")),
        ("include[].project_directory", json!(".")),
        ("services.*.extends", json!("b")),
        ("services.*.extends.service", json!("b")),
        ("services.*.extends.file", json!("other.yml")),
        ("services.*.depends_on", json!(["b"])),
        ("services.*.depends_on[]", json!("b")),
        ("services.*.links[]", json!("b")),
        ("services.*.volumes_from[]", json!("b")),
        ("services.*.networks[]", json!("n")),
        ("services.*.models[]", json!("m")),
        ("services.*.build.ssh", json!(["default"])),
        ("services.*.build.ssh[]", json!("default")),
        ("services.*.build.ssh.*", json!("/key")),
        ("services.*.build.additional_contexts", json!(["k=."])),
        ("services.*.build.additional_contexts[]", json!("k=.")),
        ("services.*.build.additional_contexts.*", json!(".")),
        ("services.*.depends_on.*", json!({"condition": "service_started"})),
        ("services.*.links", json!(["b"])),
        ("services.*.volumes_from", json!(["b"])),
        ("services.*.env_file", json!("e.env")),
        ("services.*.env_file[]", json!("e.env")),
        ("services.*.env_file[].path", json!("e.env")),
        ("services.*.label_file", json!("e.env")),
        ("services.*.label_file[]", json!("e.env")),
        ("services.*.pull_policy", json!("always")),
        ("services.*.ports", json!(["80:80"])),
        ("services.*.ports[]", json!("80:80")),
        ("services.*.ports[].host_ip", json!("127.0.0.1")),
        ("services.*.ports[].target", json!(80)),
        ("services.*.ports[].published", json!("80")),
        ("services.*.volumes", json!(["./a:/b"])),
        ("services.*.volumes[]", json!("./a:/b")),
        ("services.*.volumes[].type", json!("volume")),
        ("services.*.volumes[].source", json!("v")),
        ("services.*.env_file[].format", json!("raw")),
        ("services.*.devices", json!(["/dev/a:/dev/a"])),
        ("services.*.devices[]", json!("/dev/a:/dev/a")),
        ("services.*.secrets", json!(["s"])),
        ("services.*.secrets[]", json!("s")),
        ("services.*.secrets[].source", json!("s")),
        ("services.*.build.secrets", json!(["s"])),
        ("services.*.build.secrets[]", json!("s")),
        ("services.*.build.secrets[].source", json!("s")),
        ("services.*.configs", json!(["c"])),
        ("services.*.configs[]", json!("c")),
        ("services.*.configs[].source", json!("c")),
        ("services.*.networks", json!(["n"])),
        ("services.*.models", json!(["m"])),
        ("services.*.models.*", json!({})),
        ("services.*.healthcheck.test[]", json!("CMD")),
        ("services.*.healthcheck.test", json!(["CMD", "x"])),
        ("services.*.expose", json!(["80"])),
        ("services.*.expose[]", json!("80")),
        ("services.*.extra_hosts", json!(["h=1.2.3.4"])),
        ("services.*.extra_hosts[]", json!("h=1.2.3.4")),
        ("services.*.extra_hosts.*", json!("1.2.3.4")),
        ("services.*.build.extra_hosts", json!(["h=1.2.3.4"])),
        ("services.*.build.extra_hosts[]", json!("h=1.2.3.4")),
        ("services.*.build.extra_hosts.*", json!("1.2.3.4")),
        ("services.*.develop.watch[].action", json!("rebuild")),
        ("services.*.container_name", json!("shop")),
    ];
    table.iter().find(|(known, _)| *known == path).map(|(_, value)| value.clone())
}

/// What has to stand beside a key.
fn beside(path: &str) -> Value {
    match path {
        "" => json!({"services": {"a": {"image": "x"}, "b": {"image": "y", "build": "."}}}),
        "services.*" => json!({"image": "x"}),
        "services.*.build" => json!({"context": "."}),
        "services.*.networks.*" | "services.*.logging" => json!({}),
        "services.*.devices[]" => json!({"source": "/dev/a", "target": "/dev/a"}),
        "services.*.ports[]" => json!({"target": 80}),
        "services.*.volumes[]" => json!({"type": "volume", "target": "/x"}),
        "services.*.secrets[]" | "services.*.build.secrets[]" => json!({"source": "s"}),
        "services.*.configs[]" => json!({"source": "c"}),
        "services.*.depends_on.*" => json!({"condition": "service_started"}),
        "services.*.extends" => json!({"service": "b"}),
        "include[]" => json!({"path": "inc.yml"}),
        "secrets.*" => json!({"file": "./f"}),
        "configs.*" => json!({"file": "./f"}),
        "models.*" => json!({"model": "m"}),
        _ => json!({}),
    }
}

/// The names that a map of names needs here.
fn name(path: &str) -> &'static str {
    match path {
        "services.*.depends_on" => "b",
        "services.*.networks" | "networks" => "n",
        "secrets" => "s",
        "configs" => "c",
        "models" | "services.*.models" => "m",
        "services" => "a",
        "services.*.ulimits" | "services.*.build.ulimits" => "nofile",
        _ => "k",
    }
}

fn sample(wanted: &Type, path: &str) -> Value {
    if let Some(value) = special(path) {
        return value;
    }
    if let Some(form) = wanted.scalar {
        return match form {
            Form::Text | Form::Setting => json!("x"),
            Form::Word(words) => json!(words[0]),
            Form::Flag | Form::Truth => json!(true),
            Form::Whole | Form::Number | Form::Figure => json!(1),
            Form::Count => json!("all"),
            Form::Loose | Form::Any => json!("1"),
            Form::Size | Form::SizeText => json!("64m"),
            Form::Time => json!("10s"),
        };
    }
    if let Some(item) = wanted.list {
        return json!([sample(item, &format!("{path}[]"))]);
    }
    match wanted.map {
        Some(Keys::Names(each) | Keys::Texts(each)) => json!({name(path): sample(each, &format!("{path}.*"))}),
        Some(Keys::Keys { keys, needs, .. }) => {
            let mut map = beside(path).as_object().cloned().unwrap();
            for (key, wanted) in keys.iter().filter(|(key, _)| needs.contains(key)) {
                let value = sample(wanted, &format!("{path}.{key}"));
                map.entry(*key).or_insert(value);
            }
            Value::Object(map)
        }
        _ => json!({}),
    }
}

/// The wrong ones of the usual forms of a value, by what JSON calls them.
fn strangers(wanted: &Type) -> Vec<Value> {
    let mut strangers = Vec::new();
    if wanted.list.is_none() {
        strangers.push(json!(["x"]));
    }
    if wanted.map.is_none() {
        strangers.push(json!({"x": "y"}));
    }
    if !wanted.null {
        strangers.push(Value::Null);
    }
    let (mut text, mut number, mut truth) = (true, true, true);
    match wanted.scalar {
        None => {}
        Some(Form::Text) => text = false,
        Some(Form::Any) => (text, number, truth) = (false, false, false),
        Some(Form::Loose) => (text, number) = (false, false),
        Some(Form::Setting) => (text, truth) = (false, false),
        Some(Form::Flag | Form::Truth) => truth = false,
        Some(Form::Whole | Form::Count | Form::Number | Form::Figure | Form::Size) => number = false,
        Some(Form::Word(_) | Form::SizeText | Form::Time) => {}
    }
    strangers.extend(text.then(|| json!("strange")));
    strangers.extend(number.then(|| json!(7)));
    strangers.extend(truth.then_some(json!(true)));
    strangers
}

struct Probes {
    right: Vec<Probe>,
    wrong: Vec<Probe>,
}

impl Probes {
    /// Everything at a place and below it. `wrap` makes a whole file of a value there.
    fn visit(&mut self, wanted: &Type, path: &str, wrap: &dyn Fn(Value) -> Value) {
        if NEWER.iter().any(|newer| path.ends_with(newer)) {
            return;
        }
        let probe = |what: &str, value| Probe { about: format!("{path}: {what}"), file: wrap(value) };
        self.right.push(probe("right", sample(wanted, path)));
        let strangers = strangers(wanted);
        // The kinds of strangers take turns: all of them at each place take minutes.
        let turn = self.wrong.len() % strangers.len().max(1);
        for (_, stranger) in
            strangers.into_iter().enumerate().filter(|(index, _)| combinations::all() || *index == turn)
        {
            self.wrong.push(probe(&stranger.to_string(), stranger));
        }
        if let Some(item) = wanted.list {
            self.visit(item, &format!("{path}[]"), &|value| wrap(json!([value])));
        }
        match wanted.map {
            Some(map @ Keys::Keys { .. }) => self.keys(map, path, wrap),
            Some(Keys::Names(each) | Keys::Texts(each)) => {
                self.visit(each, &format!("{path}.*"), &|value| wrap(json!({name(path): value})));
            }
            _ => {}
        }
    }

    fn keys(&mut self, map: &Keys, path: &str, wrap: &dyn Fn(Value) -> Value) {
        let Keys::Keys { keys, needs, .. } = map else { return };
        let around = |key: &str, value: Value| {
            let mut map = sample(&Type { scalar: None, null: false, list: None, unique: false, map: None }, path);
            if !map.is_object() {
                map = json!({});
            }
            for (key, value) in beside(path).as_object().unwrap() {
                map[key] = value.clone();
            }
            for (needed, wanted) in keys.iter().filter(|(key, _)| needs.contains(key)) {
                let value = sample(wanted, &join(path, needed));
                map.as_object_mut().unwrap().entry(*needed).or_insert(value);
            }
            map[key] = value;
            wrap(map)
        };
        for (key, wanted) in *keys {
            self.visit(wanted, &join(path, key), &|value| around(key, value));
            let value = sample(wanted, &join(path, key));
            self.wrong.push(Probe { about: format!("{path}: {key}z"), file: around(&format!("{key}z"), value) });
        }
        self.right.push(Probe { about: format!("{path}: x-own"), file: around("x-own", json!([1])) });
    }
}

fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// The whole file around what is probed: it defines what samples refer to.
fn whole(mut file: Value) -> Value {
    let defaults = json!({
        "services": {"b": {"image": "y", "build": "."}},
        "networks": {"n": {}}, "volumes": {"v": {}}, "secrets": {"s": {"file": "./f"}}, "configs": {"c": {"file": "./f"}},
        "models": {"m": {"model": "m"}},
    });
    for (key, value) in defaults.as_object().unwrap() {
        let there = file.as_object_mut().unwrap().entry(key).or_insert(json!({}));
        if let (Some(there), Some(value)) = (there.as_object_mut(), value.as_object()) {
            for (name, value) in value {
                there.entry(name).or_insert(value.clone());
            }
        }
    }
    file
}

fn probes() -> Probes {
    let mut probes = Probes { right: Vec::new(), wrong: Vec::new() };
    probes.keys(&FILE, "", &whole);
    probes
}

fn theirs(program: &Path, dir: &Path) -> Result<(), String> {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", "/nonexistent").env("PATH", "/usr/bin:/bin").current_dir(dir);
    // A run of milliseconds, a thousand times: neither threads nor a garbage collection pay there.
    command.env("GOMAXPROCS", "1").env("GOGC", "off");
    let output = command.args(["-f", "c.yml", "--profile", "*", "config", "-q"]).output().unwrap();
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

fn judged(program: &Path, probe: &Probe) -> (Result<(), String>, Result<(), String>) {
    let dir = tempfile::tempdir().unwrap();
    let root = dir.path().canonicalize().unwrap();
    for (name, text) in [
        ("other.yml", "services: {b: {image: z}}\n"),
        ("inc.yml", "services: {i: {image: z}}\n"),
        ("e.env", "A=1\n"),
        ("f", "x"),
    ] {
        fs::write(root.join(name), text).unwrap();
    }
    fs::write(root.join("c.yml"), probe.file.to_string()).unwrap();
    (theirs(program, &root), super::oracle::loads(&root, "", &["c.yml"]))
}

#[test]
fn every_key_is_judged_as_docker_compose_judges_it() {
    let Some(program) = super::oracle::program() else {
        return skip("target/gate is missing: `.ci/readers` installs it");
    };
    let Probes { right, wrong } = probes();
    eprintln!("{} right, {} wrong", right.len(), wrong.len());
    // Each is a run of docker-compose.
    let step = if combinations::all() { 1 } else { 3 };
    let all: Vec<Probe> = right.into_iter().chain(wrong).step_by(step).collect();
    let (next, lines) = (Mutex::new(all.iter()), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                loop {
                    let probe = next.lock().unwrap().next();
                    let Some(probe) = probe else { break };
                    let (theirs, ours) = judged(&program, probe);
                    if theirs.is_ok() != ours.is_ok() {
                        eprintln!("{}", probe.about);
                        lines.lock().unwrap().push(format!(
                            "{}\n    theirs {theirs:?}\n    ours {ours:?}\n    {}",
                            probe.about, probe.file
                        ));
                    }
                }
            });
        }
    });
    let mut lines = lines.into_inner().unwrap();
    lines.sort();
    assert!(lines.is_empty(), "{} differences\n{}", lines.len(), lines.join("\n"));
}
