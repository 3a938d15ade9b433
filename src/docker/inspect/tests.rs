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
    assert_eq!(found.images[0].made.unwrap().to_string(), "2026-01-02");

    let backend = &found.containers[3];
    assert_eq!(backend.image.as_deref(), Some("takumi/backend:1.2.3"));
    assert_eq!((backend.state, backend.health), (Some(State::Running), Some(Health::Unhealthy)));
    assert_eq!((backend.restart, backend.restarts), (Some(Restart::OnFailure), Some(3)));
    assert_eq!(backend.limits, Some(Limits { memory: Some(1 << 30), cpus: Some(500), pids: None }));
    assert_eq!(backend.user.as_deref(), Some(""));
    assert_eq!(
        (backend.privileges.as_slice(), backend.capabilities.as_slice()),
        (&["privileged", "network"][..], &["SYS_ADMIN".to_owned()][..])
    );
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
    assert!(found.containers[1].limits.is_none() && backend.limits.is_some());
    assert_eq!((found.containers[0].state, found.containers[0].health), (Some(State::Restarting), None));
}

/// Shortened from Podman 4.9 and 5.2.
const PODMAN: [&str; 4] = [
    r#"[{"Id":"9c","Created":"2026-05-01T10:00:00.1+02:00","Image":"5a1d","ImageName":"docker.io/library/postgres:15.5",
        "Name":"db","RestartCount":0,"State":{"Status":"running","OOMKilled":false,"Health":{"Status":"","FailingStreak":0,"Log":null}},
        "Mounts":[{"Type":"bind","Source":"/etc","Destination":"/host","Driver":"","Mode":"","Options":["rbind"],"RW":false}],
        "NetworkSettings":{"Ports":{"5432/tcp":[{"HostIp":"","HostPort":"5432"}],"9000/tcp":null}},
        "Config":{"User":"","Env":["TERM=xterm"],"Cmd":["postgres"],"Image":"docker.io/library/postgres:15.5","Entrypoint":"docker-entrypoint.sh","Labels":null,"StopSignal":2},
        "HostConfig":{"CapAdd":["CAP_NET_ADMIN"],"CapDrop":["CAP_MKNOD"],"SecurityOpt":[],"PidMode":"private","UTSMode":"private","UsernsMode":"",
        "Devices":[{"PathOnHost":"/dev/sda","PathInContainer":"/dev/sda","CgroupPermissions":""}],"RestartPolicy":{"Name":"","MaximumRetryCount":0},"Memory":0,"NanoCpus":0,"PidsLimit":2048,"Privileged":false,"NetworkMode":"bridge"}}]"#,
    r#"[{"AutoRemove":false,"Command":["postgres"],"CreatedAt":"2 hours ago","Exited":false,"Id":"9c","Image":"docker.io/library/redis:7.2.3","ImageID":"5a","IsInfra":false,
        "Labels":{"PODMAN_SYSTEMD_UNIT":"cache.service"},"Mounts":["/data"],"Names":["cache"],"Pid":11,"Ports":[{"host_ip":"127.0.0.1","container_port":6379,"host_port":6379,"range":2,"protocol":"tcp"}],
        "State":"running","Status":"Up 2 hours (healthy)","Created":1767323045},
       {"Id":"9d","Image":"localhost/podman-pause:4.9","IsInfra":true,"Names":["pod-infra"],"Ports":null,"Labels":null,"State":"running","Status":"Up 2 hours","Created":1767323045}]"#,
    r#"[{"id":"9c","name":"cache","cpu_time":"3s","cpu_percent":"1.50%","avg_cpu":"1%","mem_usage":"95MB / 100MB","mem_percent":"95.10%","pids":"4"}]"#,
    r#"[{"Id":"5a","ParentId":"","RepoTags":null,"RepoDigests":["x"],"Size":1,"Labels":null,"Containers":1,"Names":["docker.io/library/redis:7.2.3"],"Created":1704164645,"CreatedAt":"2024-01-02T03:04:05Z"}]"#,
];

#[test]
fn the_shapes_of_podman() {
    let found = read(PODMAN.concat().as_bytes()).unwrap();
    let names: Vec<String> = found.containers.iter().map(|one| one.name.to_string()).collect();
    assert_eq!((names, found.others), (vec!["cache".to_owned(), "db".to_owned()], 1));
    let image = &found.images[0];
    assert_eq!(
        (image.name.to_string(), image.made.unwrap().to_string()),
        ("docker.io/library/redis:7.2.3".into(), "2024-01-02".into())
    );
    let (cache, db) = (&found.containers[0], &found.containers[1]);
    assert_eq!((cache.health, cache.memory_use, cache.labels.is_minded), (Some(Health::Healthy), Some(95), true));
    assert_eq!(cache.ports, [Published { host: Some("127.0.0.1".into()), target: Range { first: 6379, last: 6380 } }]);
    assert_eq!((db.health, db.image_name().as_deref(), db.steps_down), (Some(Health::None), Some("postgres"), true));
    assert_eq!(db.ports, [Published { host: None, target: Range { first: 5432, last: 5432 } }]);
    assert_eq!(
        (db.capabilities.as_slice(), db.devices.as_slice()),
        (&["CAP_NET_ADMIN".to_owned()][..], &["/dev/sda".to_owned()][..])
    );
}

/// `docker compose ps`, before and since version 2.21, and `docker images`.
const LISTS: [&str; 3] = [
    r#"[{"ID":"4f","Name":"shop-app-1","Command":"x","Project":"shop","Service":"app","State":"running","Health":"","ExitCode":0,"Publishers":[{"URL":"0.0.0.0","TargetPort":27017,"PublishedPort":27018,"Protocol":"tcp"},{"URL":"","TargetPort":80,"PublishedPort":0,"Protocol":"tcp"}]}]"#,
    r#"{"Command":"x","CreatedAt":"2026-05-01 10:00:00 +0000 UTC","ExitCode":0,"Health":"unhealthy","ID":"4f","Image":"shop-web","Labels":"com.docker.compose.oneoff=False,com.docker.compose.project=shop,com.docker.compose.service=web","LocalVolumes":"0","Mounts":"","Name":"shop-web-1","Names":"shop-web-1","Ports":"0.0.0.0:80-\u003e8080/tcp, :::80-\u003e8080/tcp, 9000/tcp","Project":"shop","Publishers":[{"URL":"0.0.0.0","TargetPort":8080,"PublishedPort":80,"Protocol":"tcp"}],"Service":"web","State":"running","Status":"Up 2 minutes (unhealthy)"}
"#,
    r#"{"Containers":"N/A","CreatedAt":"2024-01-02 03:04:05 +0000 UTC","CreatedSince":"2 years ago","Digest":"\u003cnone\u003e","ID":"1d","Repository":"redis","Tag":"7.2.3","Size":"138MB"}
{"CreatedAt":"1980-01-01 00:00:01 +0000 UTC","ID":"sha256:2d","Repository":"\u003cnone\u003e","Tag":"\u003cnone\u003e"}
"#,
];

#[test]
fn lists_of_compose_and_of_images() {
    let found = read(LISTS.concat().as_bytes()).unwrap();
    let (app, web) = (&found.containers[0], &found.containers[1]);
    assert_eq!((app.name.to_string(), app.health, app.ports.len()), ("shop-app-1".to_owned(), Some(Health::None), 1));
    assert_eq!((web.health, web.labels.is_built, web.labels.is_one_off), (Some(Health::Unhealthy), true, false));
    assert_eq!(web.ports.len(), 3, "opened twice, and said a second time");
    let images: Vec<(String, bool)> =
        found.images.iter().map(|one| (one.name.to_string(), one.made.is_some())).collect();
    assert_eq!(images, [("redis:7.2.3".to_owned(), true), ("sha256:2d".to_owned(), false)]);
}

#[test]
fn an_image_that_compose_built_under_a_name_of_its_own() {
    let container = r#"{"Names":"app","Image":"acme/app","State":"running","Status":"Up 2 days"}"#;
    let image = |labels: &str| {
        format!(r#"[{{"Id":"sha256:00","RepoTags":["acme/app:latest"],"Config":{{"Labels":{labels}}}}}]"#)
    };
    let own = r#"{"com.docker.compose.project":"shop","com.docker.compose.service":"app"}"#;
    for (labels, expected) in [(own, true), ("null", false), (r#"{"maintainer":"somebody"}"#, false)] {
        let found = read([container, &image(labels)].concat().as_bytes()).unwrap();
        assert_eq!(found.containers[0].labels.is_built, expected, "{labels}");
    }
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
