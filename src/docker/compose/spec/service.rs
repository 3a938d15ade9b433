//! The keys of a service.

use super::build::{BUILD, DEVELOP};
use super::deploy::DEPLOY;
use super::{
    FIGURE, FLAG, Form, LIST, LOOSE, Map, NUMBER, OPTIONS, Others, PAIRS, SET, SIZE, TEXT, TEXTS, TIME, TRUTH, Type,
    WHOLE,
};

/// A service.
pub const SERVICE: Type = Type::map(&Map::keys(&[
    ("develop", DEVELOP),
    ("deploy", DEPLOY),
    ("annotations", PAIRS),
    ("attach", FLAG),
    ("build", BUILD),
    ("blkio_config", BLKIO),
    ("cap_add", LIST),
    ("cap_drop", LIST),
    ("cgroup", Type::scalar(Form::Word(&["host", "private"]))),
    ("cgroup_parent", TEXT),
    ("command", COMMAND),
    ("configs", GRANTS),
    ("container_name", TEXT),
    ("cpu_count", WHOLE),
    ("cpu_percent", WHOLE),
    ("cpu_shares", NUMBER),
    ("cpu_quota", NUMBER),
    ("cpu_period", NUMBER),
    ("cpu_rt_period", NUMBER),
    ("cpu_rt_runtime", NUMBER),
    ("cpus", NUMBER),
    ("cpuset", TEXT),
    ("credential_spec", Type::map(&Map::keys(&[("config", TEXT), ("file", TEXT), ("registry", TEXT)]))),
    ("depends_on", DEPENDS_ON),
    ("device_cgroup_rules", SET),
    ("devices", Type::list(&DEVICE)),
    ("dns", TEXTS),
    ("dns_opt", LIST),
    ("dns_search", TEXTS),
    ("domainname", TEXT),
    ("entrypoint", COMMAND),
    ("env_file", ENV_FILE),
    ("label_file", TEXT.or_list(&TEXT)),
    ("environment", PAIRS),
    ("expose", Type::list(&LOOSE)),
    ("extends", TEXT.or_map(&EXTENDS)),
    ("provider", Type::map(&PROVIDER)),
    ("external_links", SET),
    ("extra_hosts", EXTRA_HOSTS),
    ("gpus", GPUS),
    ("group_add", Type::list(&LOOSE).each_once()),
    ("healthcheck", HEALTHCHECK),
    ("hostname", TEXT),
    ("image", TEXT),
    ("init", FLAG),
    ("ipc", TEXT),
    ("isolation", TEXT),
    ("labels", PAIRS),
    ("links", LIST),
    ("logging", Type::map(&Map::keys(&[("driver", TEXT), ("options", Type::map(&Map::Texts(&LOOSE.or_null())))]))),
    ("mac_address", TEXT),
    ("mem_limit", SIZE),
    ("mem_reservation", SIZE),
    ("mem_swappiness", SIZE),
    ("memswap_limit", SIZE),
    ("network_mode", TEXT),
    ("models", MODELS),
    ("networks", NETWORKS),
    ("oom_kill_disable", FLAG),
    ("oom_score_adj", WHOLE),
    ("pid", TEXT.or_null()),
    ("pids_limit", NUMBER),
    ("platform", TEXT),
    ("ports", Type::list(&PORT)),
    ("post_start", Type::list(&HOOK)),
    ("pre_start", Type::list(&PRE_START)),
    ("pre_stop", Type::list(&HOOK)),
    ("privileged", FLAG),
    ("profiles", LIST),
    ("pull_policy", TEXT),
    ("pull_refresh_after", TEXT),
    ("read_only", FLAG),
    ("restart", TEXT),
    ("runtime", TEXT),
    ("scale", WHOLE),
    ("security_opt", SET),
    ("shm_size", SIZE),
    ("secrets", GRANTS),
    ("sysctls", PAIRS),
    ("stdin_open", FLAG),
    ("stop_grace_period", TIME),
    ("stop_signal", TEXT),
    ("storage_opt", Type::map(&Map::Anything)),
    ("tmpfs", TEXTS),
    ("tty", FLAG),
    ("ulimits", ULIMITS),
    ("use_api_socket", TRUTH),
    ("user", TEXT),
    ("uts", TEXT),
    ("userns_mode", TEXT),
    ("volumes", Type::list(&VOLUME)),
    ("volumes_from", SET),
    ("working_dir", TEXT),
]));

/// `command`, `entrypoint`.
const COMMAND: Type = TEXT.or_list(&TEXT).or_null();

const BLKIO: Type = Type::map(&Map::strict(
    &[],
    &[
        ("device_read_bps", RATES),
        ("device_read_iops", RATES),
        ("device_write_bps", RATES),
        ("device_write_iops", RATES),
        ("weight", WHOLE),
        ("weight_device", Type::list(&Type::map(&Map::strict(&[], &[("path", TEXT), ("weight", WHOLE)])))),
    ],
));
const RATES: Type = Type::list(&Type::map(&Map::strict(&[], &[("path", TEXT), ("rate", WHOLE)])));

const DEPENDS_ON: Type = SET.or_map(&Map::Names(&Type::map(&Map::keys(&[
    ("restart", FLAG),
    ("required", TRUTH),
    ("condition", Type::scalar(Form::Word(&["service_started", "service_healthy", "service_completed_successfully"]))),
]))));

const DEVICE: Type =
    TEXT.or_map(&Map::keys_with(&["source"], &[("source", TEXT), ("target", TEXT), ("permissions", TEXT)]));

const ENV_FILE: Type = TEXT.or_list(&TEXT.or_map(&Map::strict(
    &["path"],
    &[("path", TEXT), ("format", Type::scalar(Form::Word(&["raw"]))), ("required", FLAG)],
)));

/// Compose takes it away before it looks at the keys.
const EXTENDS: Map =
    Map::Keys { keys: &[("service", TEXT), ("file", TEXT)], needs: &["service"], others: Others::Ignored };

const PROVIDER: Map =
    Map::keys_with(&["type"], &[("type", TEXT), ("options", Type::map(&Map::Texts(&ANY_OPTION.or_list(&ANY_OPTION))))]);
const ANY_OPTION: Type = Type::scalar(Form::Any);

pub(super) const EXTRA_HOSTS: Type = SET.or_map(&Map::Texts(&TEXT.or_list(&TEXT)));

/// What is asked of a device.
const DEVICE_REQUEST: &[(&str, Type)] = &[
    ("capabilities", SET),
    ("count", Type::scalar(Form::Count)),
    ("device_ids", SET),
    ("driver", TEXT),
    ("options", PAIRS),
];
pub(super) const DEVICES: Type = Type::list(&Type::map(&Map::keys_with(&["capabilities"], DEVICE_REQUEST)));
const GPUS: Type = Type::scalar(Form::Word(&["all"])).or_list(&Type::map(&Map::Keys {
    keys: DEVICE_REQUEST,
    needs: &[],
    others: Others::Ignored,
}));

const HEALTHCHECK: Type = Type::map(&Map::keys(&[
    ("disable", FLAG),
    ("interval", TIME),
    ("retries", NUMBER),
    ("test", TEXT.or_list(&TEXT)),
    ("timeout", TIME),
    ("start_period", TIME),
    ("start_interval", TIME),
]));

const MODELS: Type =
    SET.or_map(&Map::Texts(&Type::map(&Map::keys(&[("endpoint_var", TEXT), ("model_var", TEXT)])).or_null()));

const NETWORKS: Type = SET.or_map(&Map::Names(&Type::map(&NETWORK).or_null()));
const NETWORK: Map = Map::keys(&[
    ("aliases", LIST),
    ("interface_name", TEXT),
    ("ipv4_address", TEXT),
    ("ipv6_address", TEXT),
    ("link_local_ips", LIST),
    ("mac_address", TEXT),
    ("driver_opts", OPTIONS),
    ("priority", FIGURE),
    ("gw_priority", FIGURE),
]);

const PORT: Type = LOOSE.or_map(&Map::keys(&[
    ("name", TEXT),
    ("mode", TEXT),
    ("host_ip", TEXT),
    ("target", WHOLE),
    ("published", LOOSE),
    ("protocol", TEXT),
    ("app_protocol", TEXT),
]));

/// `post_start`, `pre_stop`.
pub(super) const HOOK: Type = Type::map(&Map::keys_with(
    &["command"],
    &[("command", COMMAND), ("user", TEXT), ("privileged", FLAG), ("working_dir", TEXT), ("environment", PAIRS)],
));
const PRE_START: Type = Type::map(&Map::keys(&[
    ("command", COMMAND),
    ("image", TEXT),
    ("user", TEXT),
    ("privileged", FLAG),
    ("working_dir", TEXT),
    ("environment", PAIRS),
    ("per_replica", FLAG),
]));

/// The secrets and configs of a service, and of a build.
pub(super) const GRANTS: Type = Type::list(&TEXT.or_map(&Map::keys(&[
    ("source", TEXT),
    ("target", TEXT),
    ("uid", TEXT),
    ("gid", TEXT),
    ("mode", NUMBER),
])));

pub(super) const ULIMITS: Type =
    Type::map(&Map::Texts(&WHOLE.or_map(&Map::keys_with(&["soft", "hard"], &[("hard", WHOLE), ("soft", WHOLE)]))));

const VOLUME: Type = TEXT.or_map(&Map::keys_with(
    &["type"],
    &[
        ("type", Type::scalar(Form::Word(&["bind", "volume", "tmpfs", "cluster", "npipe", "image"]))),
        ("source", TEXT),
        ("target", TEXT),
        ("read_only", FLAG),
        ("consistency", TEXT),
        ("bind", Type::map(&BIND)),
        ("volume", Type::map(&Map::keys(&[("labels", PAIRS), ("nocopy", FLAG), ("subpath", TEXT)]))),
        ("tmpfs", Type::map(&Map::keys(&[("size", SIZE), ("mode", NUMBER)]))),
        ("image", Type::map(&Map::keys(&[("subpath", TEXT)]))),
    ],
));
const BIND: Map = Map::keys(&[
    ("propagation", TEXT),
    ("create_host_path", FLAG),
    ("recursive", Type::scalar(Form::Word(&["enabled", "disabled", "writable", "readonly"]))),
    ("selinux", Type::scalar(Form::Word(&["z", "Z"]))),
]);
