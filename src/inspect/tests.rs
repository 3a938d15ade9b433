use proptest::prelude::*;

use super::*;

/// Shortened from `docker inspect` of Docker 28.
const INSPECT: &str = r#"[
  {
    "Id": "4fe5", "Created": "2026-05-01T08:00:00.123456789Z", "Image": "sha256:00", "Name": "/takumi-backend",
    "RestartCount": 3,
    "State": { "Status": "running", "Running": true, "Health": { "Status": "unhealthy", "FailingStreak": 4, "Log": [] } },
    "HostConfig": {
      "Binds": ["/var/run/docker.sock:/var/run/docker.sock"], "NetworkMode": "host", "RestartPolicy": { "Name": "on-failure",
      "MaximumRetryCount": 5 }, "CapAdd": ["SYS_ADMIN"], "PidMode": "", "Privileged": true, "UTSMode": "", "IpcMode": "private",
      "Memory": 1073741824, "NanoCpus": 0, "CpuQuota": 50000, "CpuPeriod": 0, "PidsLimit": null
    },
    "Mounts": [
      { "Type": "bind", "Source": "/var/run/docker.sock", "Destination": "/var/run/docker.sock", "Mode": "", "RW": true },
      { "Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data/_data", "RW": true }
    ],
    "Config": { "User": "", "Env": ["NODE_ENV=production", "EMPTY=", "BARE"], "Image": "takumi/backend:1.2.3",
      "Healthcheck": { "Test": ["CMD", "true"] } }
  },
  { "Name": "/plain", "State": { "Status": "exited" }, "HostConfig": { "RestartPolicy": { "Name": "" } },
    "Config": { "User": "1001", "Env": null, "Image": "redis" } },
  { "Name": "a-network", "Driver": "bridge" }
]
"#;

const PS: &str = r#"{"Command":"\"x\"","Image":"takumi/backend:1.2.3","Mounts":"data","Names":"takumi-backend","State":"running","Status":"Up 2 hours (unhealthy)"}
{"Image":"postgres","Names":"db","State":"running","Status":"Up 3 days"}
{"Image":"redis:7.2.3","Names":"cache","State":"restarting","Status":"Restarting (1) 5 seconds ago"}
"#;

const STATS: &str = r#"{"BlockIO":"0B / 0B","CPUPerc":"47.31%","Container":"4fe5","ID":"4fe5","MemPerc":"95.02%","MemUsage":"973MiB / 1GiB","Name":"takumi-backend","NetIO":"0B / 0B","PIDs":"11"}
"#;

const IMAGES: &str =
    r#"[{"Id":"sha256:00","RepoTags":["redis:7.2.3"],"Created":"2026-01-02T03:04:05Z","Config":{"Env":[]}}]"#;

#[test]
fn all_four_kinds_behind_one_another() {
    let all = [INSPECT, PS, STATS, IMAGES].concat();
    let found = read(all.as_bytes()).unwrap();
    let names: Vec<String> = found.containers.iter().map(|one| one.name.to_string()).collect();
    assert_eq!(names, ["cache", "db", "plain", "takumi-backend"]);
    assert_eq!((found.images.len(), found.others), (1, 1));
    assert_eq!(found.images[0].made.to_string(), "2026-01-02");

    let backend = &found.containers[3];
    assert_eq!(backend.image.as_deref(), Some("takumi/backend:1.2.3"));
    assert_eq!((backend.state, backend.health), (Some(State::Running), Some(Health::Unhealthy)));
    assert_eq!((backend.restart, backend.restarts), (Some(Restart::OnFailure), Some(3)));
    assert_eq!(backend.limits, Some(Limits { memory: Some(1 << 30), cpus: Some(500), pids: None }));
    assert_eq!(backend.user.as_deref(), Some(""));
    assert_eq!((backend.privileges.as_slice(), backend.capabilities), (&["privileged", "network"][..], 1));
    assert_eq!(backend.mounts, [Mount { source: b"/var/run/docker.sock".to_vec(), writable: true }]);
    assert_eq!((backend.memory_use, backend.cpu_use), (Some(95), Some(47)));
    let environment: Vec<(&str, bool)> =
        backend.environment.iter().map(|one| (one.name.as_str(), one.value.is_empty())).collect();
    assert_eq!(environment, [("NODE_ENV", false), ("EMPTY", true), ("BARE", true)]);

    let plain = &found.containers[2];
    assert_eq!(
        (plain.health, plain.restart, plain.state),
        (Some(Health::None), Some(Restart::No), Some(State::Stopped))
    );
    assert_eq!(found.containers[1].health, Some(Health::None));
    assert!(!found.containers[1].is_inspected() && backend.is_inspected());
    assert_eq!((found.containers[0].state, found.containers[0].health), (Some(State::Restarting), None));
}

#[test]
fn what_is_no_such_json() {
    for text in ["x", "{", "[1]", "\"a\"", "[{\"Name\":1}]", "{\"Names\":\"a\"} x"] {
        assert_eq!(read(text.as_bytes()).err(), Some(Unreadable), "{text}");
    }
    assert!(read(b" \n").unwrap().containers.is_empty());
    assert_eq!(read("[".repeat(100_000).as_bytes()).err(), Some(Unreadable));
}

proptest! {
    #[test]
    fn any_bytes_are_taken(at in 0..INSPECT.len(), byte in any::<u8>()) {
        let mut bytes = INSPECT.as_bytes().to_vec();
        bytes[at] = byte;
        let _ = read(&bytes);
        let _ = read(&bytes[..at]);
    }
}
