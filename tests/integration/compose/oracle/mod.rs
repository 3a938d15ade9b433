//! The real `docker-compose config`, and the same view of our model.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;

use envward::docker::compose::{Files, Location, Mount, MountKind, Node, Request, Service, Stack, size};
use envward::env::Document;
use envward::environment::Environment;
use envward::path::RelPath;
use envward::secret::Secret;
use serde_json::{Map, Value, json};

/// What `.ci/readers` installed.
pub fn program() -> Option<PathBuf> {
    let lib = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/gate/venv/lib");
    let found = fs::read_dir(lib).ok()?.flatten().map(|dir| dir.path().join("site-packages/compose/docker-compose"));
    found.into_iter().find(|path| path.is_file())
}

/// What Compose makes of the files of a directory; its complaint where it refuses them.
pub fn compose(program: &Path, root: &Path, dir: &str, files: &[&str]) -> Result<BTreeMap<String, Value>, String> {
    let mut command = Command::new(program);
    command.env_clear().env("HOME", "/nonexistent").env("PATH", "/usr/bin:/bin").current_dir(root.join(dir));
    for file in files {
        command.args(["-f", file]);
    }
    command.args(["--profile", "*", "config", "--format", "json", "--no-env-resolution", "--no-normalize"]);
    let output = command.output().unwrap();
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    let whole: Value = serde_json::from_slice(&output.stdout).unwrap();
    let services = whole["services"].as_object().cloned().unwrap_or_default();
    Ok(services.into_iter().map(|(name, service)| (name, theirs(&service, root))).collect())
}

/// What our model makes of them.
pub fn ours(root: &Path, dir: &str, files: &[&str]) -> Result<BTreeMap<String, Value>, String> {
    let dir = RelPath::from(dir);
    let request =
        Request { files: files.iter().map(|file| dir.join(file.as_bytes())).collect(), dir, ..Request::default() };
    let mut disk = Disk { root: root.to_path_buf() };
    let stack = Stack::load(&request, &mut disk, Environment::Production).map_err(|failure| format!("{failure:?}"))?;
    Ok(stack.services().map(|service| (service.name().to_owned(), own(&service, &mut disk))).collect())
}

/// Whether our model takes them.
pub fn loads(root: &Path, dir: &str, files: &[&str]) -> Result<(), String> {
    let dir = RelPath::from(dir);
    let request =
        Request { files: files.iter().map(|file| dir.join(file.as_bytes())).collect(), dir, ..Request::default() };
    let stack = Stack::load(&request, &mut Disk { root: root.to_path_buf() }, Environment::Production);
    stack.and_then(|stack| stack.consistent()).map_err(|failure| format!("{failure:?}"))
}

struct Disk {
    root: PathBuf,
}

impl Files for Disk {
    fn read(&mut self, path: &RelPath) -> Option<Vec<u8>> {
        fs::read(path.under(&self.root)).ok()
    }

    fn variables(&mut self, path: &RelPath) -> Option<Arc<Document>> {
        self.read(path).map(|bytes| Arc::new(Document::parse(Secret::new(bytes))))
    }
}

/// Keys of a service that are one text, or one truth.
const TEXTS: [&str; 11] = [
    "image",
    "restart",
    "user",
    "network_mode",
    "pid",
    "ipc",
    "uts",
    "container_name",
    "hostname",
    "userns_mode",
    "stop_signal",
];
const FLAGS: [&str; 4] = ["privileged", "read_only", "init", "tty"];
const PAIRS: [&[&str]; 3] = [&["environment"], &["labels"], &["build", "args"]];
const LISTS: [&str; 5] = ["cap_add", "cap_drop", "security_opt", "profiles", "expose"];
const LIMITS: [(&[&str], bool); 9] = [
    (&["deploy", "resources", "limits", "cpus"], false),
    (&["deploy", "resources", "limits", "memory"], true),
    (&["deploy", "resources", "limits", "pids"], false),
    (&["deploy", "resources", "reservations", "cpus"], false),
    (&["deploy", "resources", "reservations", "memory"], true),
    (&["mem_limit"], true),
    (&["cpus"], false),
    (&["pids_limit"], false),
    (&["cpu_quota"], false),
];

fn theirs(service: &Value, dir: &Path) -> Value {
    let at =
        |path: &[&str]| path.iter().try_fold(service, |value, key| value.get(key)).filter(|value| !value.is_null());
    let mut out = Map::new();
    for key in TEXTS {
        out.insert(key.into(), at(&[key]).cloned().unwrap_or_default());
    }
    for key in FLAGS {
        out.insert(key.into(), json!(at(&[key]).is_some_and(|value| value == &json!(true))));
    }
    for path in PAIRS {
        let pairs = at(path).and_then(Value::as_object).cloned().unwrap_or_default();
        let pairs = pairs.into_iter().map(|(key, value)| (key, value.as_str().map(undollared)));
        out.insert(path.join("."), json!(pairs.collect::<BTreeMap<_, _>>()));
    }
    for key in LISTS {
        let mut items = strings(at(&[key]));
        items.sort();
        out.insert(key.into(), json!(items));
    }
    for (path, is_size) in LIMITS {
        let value = at(path).map(number);
        let value = value.filter(|value| *value != 0.0);
        out.insert(path.join("."), json!(value.map(|value| if is_size { value.trunc() } else { value })));
    }
    for key in ["command", "entrypoint"] {
        out.insert(key.into(), json!(strings(at(&[key])).iter().map(|word| undollared(word)).collect::<Vec<_>>()));
    }
    let test: Vec<String> = strings(at(&["healthcheck", "test"])).iter().map(|word| undollared(word)).collect();
    out.insert(
        "healthcheck".into(),
        json!({
            "test": test,
            "disable": at(&["healthcheck", "disable"]).is_some_and(|value| value == &json!(true)),
            "interval": at(&["healthcheck", "interval"]).and_then(Value::as_str).and_then(size::seconds),
            "timeout": at(&["healthcheck", "timeout"]).and_then(Value::as_str).and_then(size::seconds),
        }),
    );
    out.insert("logging".into(), json!(at(&["logging", "driver"])));
    out.insert("max-size".into(), json!(at(&["logging", "options", "max-size"])));
    let under = |path: &str| below(path, dir);
    let ports = at(&["ports"]).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut ports: Vec<Value> = ports
        .iter()
        .map(|port| {
            json!([
                port.get("host_ip"),
                port.get("published").and_then(Value::as_str),
                port["target"],
                port["protocol"],
            ])
        })
        .collect();
    ports.sort_by_key(ToString::to_string);
    out.insert("ports".into(), json!(ports));
    let mounts = at(&["volumes"]).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut mounts: Vec<Value> = mounts
        .iter()
        .filter(|mount| mount["type"] == "bind" || mount["type"] == "volume")
        .map(|mount| {
            let source = mount.get("source").and_then(Value::as_str).map(undollared);
            let source = if mount["type"] == "bind" { source.map(|source| under(&source)) } else { source };
            json!([
                mount["type"],
                source,
                mount["target"],
                mount.get("read_only").is_some_and(|value| value == &json!(true))
            ])
        })
        .collect();
    mounts.sort_by_key(ToString::to_string);
    out.insert("volumes".into(), json!(mounts));
    let waits = at(&["depends_on"]).and_then(Value::as_object).cloned().unwrap_or_default();
    let waits = waits.into_iter().map(|(name, wait)| (name, wait["condition"].clone()));
    out.insert("depends_on".into(), json!(waits.collect::<BTreeMap<_, _>>()));
    let mut networks: Vec<String> = at(&["networks"])
        .and_then(Value::as_object)
        .cloned()
        .unwrap_or_default()
        .into_iter()
        .map(|(key, _)| key)
        .collect();
    networks.retain(|name| name != "default");
    networks.sort();
    out.insert("networks".into(), json!(networks));
    out.insert("context".into(), json!(at(&["build", "context"]).and_then(Value::as_str).map(under)));
    out.insert("target".into(), json!(at(&["build", "target"])));
    Value::Object(out)
}

fn own(service: &Service<'_>, disk: &mut Disk) -> Value {
    let mut out = Map::new();
    let text = |path: &[&str]| service.text(path).map(str::to_owned);
    for key in TEXTS {
        // Compose leaves an empty one out.
        out.insert(key.into(), json!(text(&[key]).filter(|text| !text.is_empty())));
    }
    for key in FLAGS {
        out.insert(key.into(), json!(service.at(&[key]).is_some_and(Node::is_true)));
    }
    for path in PAIRS {
        let entries = service.at(path).map(Node::entries).unwrap_or_default();
        let is_label = path == ["labels"];
        let pairs = entries.iter().map(|entry| {
            let value = entry.node.text().map(str::to_owned);
            (entry.key.as_str().to_owned(), if is_label { Some(value.unwrap_or_default()) } else { value })
        });
        out.insert(path.join("."), json!(pairs.collect::<BTreeMap<_, _>>()));
    }
    for key in LISTS {
        let mut items: Vec<String> = words(service.at(&[key]));
        items.sort();
        items.dedup();
        out.insert(key.into(), json!(items));
    }
    for (path, is_size) in LIMITS {
        #[expect(clippy::cast_precision_loss, reason = "a test's size")]
        let value = text(path)
            .and_then(|text| if is_size { size::bytes(&text).map(|size| size as f64) } else { text.parse().ok() });
        out.insert(path.join("."), json!(value.filter(|value: &f64| *value != 0.0)));
    }
    for key in ["command", "entrypoint"] {
        out.insert(key.into(), json!(service.words(key)));
    }
    let test = match service.at(&["healthcheck", "test"]) {
        Some(node) if node.text().is_some() => vec!["CMD-SHELL".to_owned(), node.text().unwrap().to_owned()],
        other => words(other),
    };
    out.insert(
        "healthcheck".into(),
        json!({
            "test": test,
            "disable": service.at(&["healthcheck", "disable"]).is_some_and(Node::is_true),
            "interval": text(&["healthcheck", "interval"]).and_then(|text| size::seconds(&text)),
            "timeout": text(&["healthcheck", "timeout"]).and_then(|text| size::seconds(&text)),
        }),
    );
    out.insert("logging".into(), json!(text(&["logging", "driver"])));
    out.insert("max-size".into(), json!(text(&["logging", "options", "max-size"])));
    let place = |location: &Location| match location {
        Location::Below(path) => path.to_str().unwrap().to_owned(),
        Location::Absolute(path) => path.clone(),
        Location::Elsewhere => "elsewhere".to_owned(),
    };
    // It has them resolved: what is in them is under what `environment` says.
    let mut variables = BTreeMap::new();
    for file in service.env_files() {
        let Location::Below(path) = &file.location else { continue };
        let Some(document) = disk.variables(path) else { continue };
        for one in document.assignments() {
            let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
            variables.insert(text(document.name(one)), Some(text(one.value.expose())));
        }
    }
    for (key, value) in out["environment"].as_object().unwrap() {
        // A key alone takes the project's own value.
        let own = service.stack.variables.get(key).map(|value| String::from_utf8(value.expose().to_vec()).unwrap());
        let value = value.as_str().map(str::to_owned).or(own);
        if value.is_some() || !variables.contains_key(key) {
            variables.insert(key.clone(), value);
        }
    }
    out.insert("environment".into(), json!(variables));
    let mut ports: Vec<Value> = Vec::new();
    for port in service.ports() {
        for (index, target) in (port.target.first..=port.target.last).enumerate() {
            let index = u16::try_from(index).unwrap();
            let published =
                port.published.map(|range| match range.last - range.first == port.target.last - port.target.first {
                    true => (range.first + index).to_string(),
                    false => format!("{}-{}", range.first, range.last),
                });
            ports.push(json!([port.host, published, target, port.protocol]));
        }
    }
    ports.sort_by_key(ToString::to_string);
    ports.dedup();
    out.insert("ports".into(), json!(ports));
    let base = service.stack.dir.under(&disk.root);
    let mount = |mount: &Mount| {
        let source = match (mount.kind, mount.source.as_deref()) {
            (MountKind::Bind, Some(source)) => Some(match service.stack.locate(mount.place, source) {
                Location::Elsewhere => cleaned(&base, source),
                other => place(&other),
            }),
            (_, source) => source.map(str::to_owned),
        };
        let kind = if mount.kind == MountKind::Bind { "bind" } else { "volume" };
        json!([kind, source, mount.target, mount.read_only])
    };
    let mut mounts: Vec<Value> =
        service.mounts().iter().filter(|mount| mount.kind != MountKind::Other).map(mount).collect();
    mounts.sort_by_key(ToString::to_string);
    out.insert("volumes".into(), json!(mounts));
    let waits: BTreeMap<_, _> = service.dependencies().into_iter().map(|wait| (wait.name, wait.condition)).collect();
    out.insert("depends_on".into(), json!(waits));
    let mut networks = service.networks();
    networks.retain(|name| *name != "default");
    networks.sort_unstable();
    out.insert("networks".into(), json!(networks));
    let context = service.at(&["build", "context"]);
    let context = context.and_then(|node| {
        Some(match (service.stack.locate(node.place, node.text()?), node.text()?) {
            (Location::Elsewhere, text) => cleaned(&base, text),
            (other, _) => place(&other),
        })
    });
    out.insert("context".into(), json!(context));
    out.insert("target".into(), json!(text(&["build", "target"]).filter(|text| !text.is_empty())));
    Value::Object(out)
}

fn words(node: Option<&Node>) -> Vec<String> {
    let items = node.map(Node::items).unwrap_or_default();
    items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
}

fn strings(value: Option<&Value>) -> Vec<String> {
    let items = value.and_then(Value::as_array).cloned().unwrap_or_default();
    items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn number(value: &Value) -> f64 {
    value.as_f64().or_else(|| value.as_str()?.parse().ok()).unwrap_or_default()
}

/// It prints a file that it could read again.
fn undollared(text: &str) -> String {
    text.replace("$$", "$")
}

/// As seen from the project.
fn below(path: &str, dir: &Path) -> String {
    let path = path.replace("//", "/");
    let path = if path == "/" { path } else { path.trim_end_matches('/').to_owned() };
    let inside = Path::new(&path).strip_prefix(dir).ok().map(|path| path.to_str().unwrap().to_owned());
    inside.unwrap_or(path)
}

/// A path that leaves the project, as Compose prints it.
fn cleaned(root: &Path, text: &str) -> String {
    let full = if let Some(rest) = text.strip_prefix('~') {
        format!("/nonexistent{rest}")
    } else {
        format!("{}/{text}", root.display())
    };
    let mut parts: Vec<&str> = Vec::new();
    for part in full.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}
