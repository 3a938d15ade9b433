//! The dashboard and the recording rules: every query of theirs is run on a real Prometheus, which has scraped the metrics
//! of three hosts, and returns what the ledgers say.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::common::fill::fill;
use crate::common::ledger::let_pass;
use crate::common::{LIMIT, Sandbox, own_file, skip};

const HOSTS: [&str; 3] = ["web1", "web2", "web3"];

/// Three hosts with two projects: exposed, overdue, due, expiring and unproven secrets, and one file that cannot be read.
fn hosts() -> Vec<Sandbox> {
    let host = |project: &str, env: &str| {
        let sandbox = Sandbox::new();
        sandbox.file(".env", 0o600, fill(env));
        sandbox.file("envward.toml", 0o644, format!("[project]\nname = '{project}'\n"));
        sandbox
    };
    let run = |sandbox: &Sandbox, args: &[&str]| drop(sandbox.envward(&[&["rotation"], args].concat()).code(0));
    let web1 = host("shop", "NODE_ENV=production\nDB_PASSWORD={password}\nJWT_SECRET={hex64}\n");
    run(&web1, &["status"]);
    let_pass(&web1, 100);
    run(&web1, &["record", "DB_PASSWORD", "--at", "2020-01-01", "--reason", "audit"]);
    let web2 = host(
        "shop",
        "NODE_ENV=production\nDB_PASSWORD={password2}\n# envward: expires 2020-02-01\nAPI_KEY={token}\nSESSION_SECRET={hex64-2}\n",
    );
    run(&web2, &["rotate", "DB_PASSWORD"]);
    run(&web2, &["promote", "DB_PASSWORD"]);
    web2.fifo(".env.production");
    let web3 = host("bank \"a\\b\"", "NODE_ENV=production\nDB_PASSWORD={password3}\n");
    web3.git(&["init", "-q"]);
    web3.git(&["add", "-f", ".env"]);
    vec![web1, web2, web3]
}

/// What a host's own `rotation status` says.
struct Ledger {
    host: &'static str,
    project: String,
    json: Value,
}

impl Ledger {
    fn of(sandbox: &Sandbox, host: &'static str) -> Self {
        let json = sandbox.envward(&["rotation", "status", "--format", "json"]).json();
        Self { host, project: json["projects"][0]["name"].as_str().unwrap().to_owned(), json }
    }

    /// How many values in use are so urgent.
    fn count(&self, urgency: &str) -> f64 {
        let is_so = |one: &&Value| one["state"] == "current" && (urgency.is_empty() || one["urgency"] == urgency);
        number(self.json["secrets"].as_array().unwrap().iter().filter(is_so).count())
    }

    fn expiring(&self) -> f64 {
        let is_near = |one: &&Value| ["expired", "due"].contains(&one["urgency"].as_str().unwrap());
        number(self.json["expiries"].as_array().unwrap().iter().filter(is_near).count())
    }

    fn unproven(&self) -> f64 {
        let is_so = |one: &&Value| one["state"] == "current" && one["stage"] == "promoted";
        number(self.json["secrets"].as_array().unwrap().iter().filter(is_so).count())
    }

    fn to_do(&self) -> f64 {
        self.count("exposed") + self.count("overdue") + self.count("due")
    }
}

fn number(count: usize) -> f64 {
    f64::from(u32::try_from(count).unwrap())
}

/// Serves one text, as node_exporter does.
fn serve(text: String) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let lines = BufReader::new(&stream).lines();
            lines.map_while(Result::ok).take_while(|line| !line.is_empty()).for_each(drop);
            let head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; version=0.0.4\r\nConnection: close\r\n";
            let _ = write!(stream, "{head}Content-Length: {}\r\n\r\n{text}", text.len());
        }
    });
    port
}

/// A Prometheus of this test's own; it ends with this.
struct Prometheus {
    child: Child,
    port: u16,
}

impl Prometheus {
    fn start(sandbox: &Sandbox, targets: &[(&str, u16)]) -> Option<Self> {
        if sandbox.shell("command -v prometheus").run().code != 0 {
            skip("prometheus is not here");
            return None;
        }
        for name in ["envward.rules.yml", "envward-fleet.rules.yml"] {
            sandbox.file(name, 0o644, own_file(&format!("templates/{name}")));
        }
        let targets = targets.iter().map(|(host, port)| {
            format!("      - targets: ['127.0.0.1:{port}']\n        labels: {{instance: {host}}}\n")
        });
        let config = format!(
            "global: {{scrape_interval: 1s, evaluation_interval: 1s}}\nrule_files: [envward.rules.yml, \
             envward-fleet.rules.yml]\nscrape_configs:\n  - job_name: node\n    static_configs:\n{}",
            targets.collect::<String>()
        );
        sandbox.file("prometheus.yml", 0o644, config);
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = Command::new("prometheus");
        command.current_dir(sandbox.path("")).args(["--config.file=prometheus.yml", "--storage.tsdb.path=data"]);
        command.arg(format!("--web.listen-address=127.0.0.1:{port}"));
        let log = std::fs::File::create(sandbox.root().join("prometheus.log")).unwrap();
        let child = command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        Some(Self { child, port })
    }

    /// The answer to an instant query; `None` while the server starts.
    fn try_ask(&self, query: &str) -> Option<Value> {
        let encoded: String = query.bytes().map(|byte| format!("%{byte:02X}")).collect();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        write!(stream, "GET /api/v1/query?query={encoded} HTTP/1.0\r\n\r\n").ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        serde_json::from_str(answer.split_once("\r\n\r\n")?.1).ok()
    }

    /// The series of a query.
    fn ask(&self, query: &str) -> Vec<Series> {
        let answer = self.try_ask(query).unwrap_or_else(|| panic!("no answer to {query}"));
        assert_eq!(answer["status"], "success", "{query}: {answer}");
        let series = answer["data"]["result"].as_array().unwrap().iter();
        series
            .map(|one| Series {
                labels: serde_json::from_value(one["metric"].clone()).unwrap(),
                value: one["value"][1].as_str().unwrap().parse().unwrap(),
            })
            .collect()
    }

    fn wait_for(&self, query: &str, count: usize) {
        let start = Instant::now();
        while self.try_ask(query).is_none_or(|answer| answer["data"]["result"].as_array().map(Vec::len) != Some(count))
        {
            assert!(start.elapsed() < LIMIT, "{query}: {:?}", self.try_ask(query));
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

impl Drop for Prometheus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
struct Series {
    labels: BTreeMap<String, String>,
    value: f64,
}

/// One number: what a panel with a single value shows.
#[track_caller]
fn single(series: &[Series]) -> f64 {
    let [one] = series else { panic!("{series:?}") };
    one.value
}

/// The values by a label.
fn by(label: &str, series: &[Series]) -> BTreeMap<String, f64> {
    series.iter().map(|one| (one.labels[label].clone(), one.value)).collect()
}

#[test]
fn every_query_of_the_dashboard_returns_what_the_ledgers_say() {
    let sandboxes = hosts();
    let ledgers: Vec<Ledger> = sandboxes.iter().zip(HOSTS).map(|(sandbox, host)| Ledger::of(sandbox, host)).collect();
    let targets: Vec<(&str, u16)> = sandboxes
        .iter()
        .zip(HOSTS)
        .map(|(sandbox, host)| (host, serve(sandbox.envward(&["rotation", "export", "--format", "prometheus"]).stdout)))
        .collect();
    let place = Sandbox::new();
    let Some(prometheus) = Prometheus::start(&place, &targets) else { return };
    prometheus.wait_for("envward:rotation_late:bool", 3);
    prometheus.wait_for("envward:secrets_unproven:count", 3);

    let sum = |of: fn(&Ledger) -> f64| ledgers.iter().map(of).sum::<f64>();
    let keys = |wanted: &dyn Fn(&Value) -> bool, list: &str| {
        let all = ledgers.iter().flat_map(|ledger| {
            let list = ledger.json[list].as_array().unwrap().iter();
            list.filter(|one| wanted(one)).map(|one| (ledger.host.to_owned(), one["key"].as_str().unwrap().to_owned()))
        });
        all.collect::<std::collections::BTreeSet<_>>()
    };
    let labelled = |series: &[Series]| -> std::collections::BTreeSet<(String, String)> {
        series.iter().map(|one| (one.labels["instance"].clone(), one.labels["key"].clone())).collect()
    };
    let to_do = |name: fn(&Ledger) -> String| {
        let mut all: BTreeMap<String, f64> = BTreeMap::new();
        ledgers
            .iter()
            .filter(|ledger| ledger.to_do() > 0.0)
            .for_each(|one| *all.entry(name(one)).or_default() += one.to_do());
        all
    };
    // The scene has something of everything.
    for urgency in ["exposed", "overdue", "due", "fresh"] {
        assert!(ledgers.iter().any(|ledger| ledger.count(urgency) > 0.0), "{urgency}");
    }
    assert!(sum(Ledger::expiring) == 1.0 && sum(Ledger::unproven) == 1.0);

    let mut seen = Vec::new();
    for (title, at, query) in queries() {
        let series = prometheus.ask(&query);
        match (title.as_str(), at) {
            ("Exposed", 0) | ("Over time", 0) => assert_eq!(single(&series), sum(|one| one.count("exposed"))),
            ("Overdue", 0) | ("Over time", 1) => assert_eq!(single(&series), sum(|one| one.count("overdue"))),
            ("Due", 0) | ("Over time", 2) => assert_eq!(single(&series), sum(|one| one.count("due"))),
            ("Expired or expires within a week", 0) => assert_eq!(single(&series), sum(Ledger::expiring)),
            ("Rotations without a proof", 0) => assert_eq!(single(&series), sum(Ledger::unproven)),
            ("Reports that are late", 0) => assert_eq!(single(&series), 0.0),
            ("Secrets", 0) => assert_eq!(single(&series), sum(|one| one.count(""))),
            ("Hosts", 0) => assert_eq!(single(&series), 3.0),
            ("Exposed and overdue secrets", 0) => {
                let is_now = |one: &Value| {
                    one["state"] == "current" && ["exposed", "overdue"].contains(&one["urgency"].as_str().unwrap())
                };
                assert_eq!(labelled(&series), keys(&is_now, "secrets"));
            }
            ("Expiry dates in the next 30 days", 0) => {
                assert_eq!(labelled(&series), keys(&|one| one["urgency"] != "later", "expiries"));
                assert!((single(&series) - 1_580_515_200_000.0).abs() < 1.0, "2020-02-01: {series:?}");
            }
            ("Due, overdue and exposed by host", 0) => {
                assert_eq!(by("instance", &series), to_do(|one| one.host.to_owned()));
            }
            ("Due, overdue and exposed by project", 0) => {
                assert_eq!(by("project", &series), to_do(|one| one.project.clone()));
            }
            ("Age of the oldest secret by host", 0) => {
                for (host, age) in by("instance", &series) {
                    let ledger = ledgers.iter().find(|ledger| ledger.host == host).unwrap();
                    let current =
                        ledger.json["secrets"].as_array().unwrap().iter().filter(|one| one["state"] == "current");
                    let oldest = current.map(|one| one["age_days"].as_u64().unwrap()).max().unwrap();
                    assert_eq!((age / 86_400.0).floor(), number(usize::try_from(oldest).unwrap()), "{host}");
                }
                assert_eq!(series.len(), 3);
            }
            ("Reports", 0) => {
                assert!(series.len() == 3 && series.iter().all(|one| (0.0..3600.0).contains(&one.value)), "{series:?}");
            }
            ("Reports", 1) => {
                let complete = ledgers.iter().map(|one| {
                    (one.host.to_owned(), f64::from(u8::from(one.json["problems"].as_array().unwrap().is_empty())))
                });
                assert_eq!(by("instance", &series), complete.collect());
            }
            _ => panic!("this test does not know what {title} shows: {query}"),
        }
        seen.push(query);
    }
    assert!(seen.len() >= 18, "{seen:#?}");
    // The lists from which a person chooses.
    for (metric, label) in [("envward_rotation_complete", "instance"), ("envward_rotation_complete", "project")] {
        assert!(dashboard().to_string().contains(&format!("label_values({metric}")));
        assert!(prometheus.ask(metric).iter().all(|one| one.labels.contains_key(label)));
    }
    // What is chosen there counts.
    let chosen = dashboard()["panels"][0]["targets"][0]["expr"]
        .as_str()
        .unwrap()
        .replace("$host", "web3")
        .replace("$project", ".*");
    assert_eq!(single(&prometheus.ask(&chosen)), 1.0);
    // The rules themselves, each of them for each host.
    for line in own_file("templates/envward-fleet.rules.yml").lines() {
        let Some(name) = line.trim().strip_prefix("- record: ") else { continue };
        assert_eq!(prometheus.ask(name).len(), 3, "{name}");
        assert!(seen.iter().any(|query| query.contains(name)), "no panel shows {name}");
    }
}

fn dashboard() -> Value {
    serde_json::from_str(&own_file("templates/grafana-dashboard.json")).unwrap()
}

/// Every query of the dashboard: the title of its panel, its place there, and the query for all hosts and projects.
fn queries() -> Vec<(String, usize, String)> {
    let dashboard = dashboard();
    let panels = dashboard["panels"].as_array().unwrap().iter();
    let of_panel = |panel: &Value| {
        let targets = panel["targets"].as_array().unwrap().clone();
        let title = panel["title"].as_str().unwrap().to_owned();
        targets.into_iter().enumerate().map(move |(at, target)| {
            let query = target["expr"].as_str().unwrap().replace("$host", ".*").replace("$project", ".*");
            assert!(!query.contains('$'), "{query}");
            (title.clone(), at, query)
        })
    };
    panels.flat_map(of_panel).collect()
}

/// The rules ask for metrics that there are, and promtool takes them.
#[test]
fn prometheus_takes_the_recording_rules() {
    let sandbox = Sandbox::new();
    if sandbox.shell("command -v promtool").run().code != 0 {
        return skip("promtool is not here");
    }
    let rules = own_file("templates/envward-fleet.rules.yml");
    sandbox.file("rules.yml", 0o644, &rules);
    drop(sandbox.shell("promtool check rules rules.yml").run().code(0));
    let metrics = own_file("src/rotation/prometheus.rs");
    let text = rules + &own_file("templates/grafana-dashboard.json");
    let words = text.split(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'));
    for name in words.filter(|word| word.starts_with("envward_")) {
        assert!(metrics.contains(&format!("\"{name}\"")), "{name}");
    }
}
