//! `build` and `develop` of a service.

use super::service::{EXTRA_HOSTS, GRANTS, HOOK, ULIMITS};
use super::{FLAG, Form, LIST, Map, PAIRS, SIZE, TEXT, TEXTS, TRUTH, Type};

pub(super) const BUILD: Type = TEXT.or_map(&Map::keys(&[
    ("context", TEXT),
    ("dockerfile", TEXT),
    ("dockerfile_inline", TEXT),
    ("entitlements", LIST),
    ("args", PAIRS),
    ("ssh", PAIRS),
    ("labels", PAIRS),
    ("cache_from", LIST),
    ("cache_to", LIST),
    ("no_cache", FLAG),
    ("no_cache_filter", TEXTS),
    ("additional_contexts", PAIRS),
    ("network", TEXT),
    ("provenance", ATTESTATION),
    ("sbom", ATTESTATION),
    ("pull", FLAG),
    ("target", TEXT),
    ("shm_size", SIZE),
    ("extra_hosts", EXTRA_HOSTS),
    ("isolation", TEXT),
    ("privileged", FLAG),
    ("secrets", GRANTS),
    ("tags", LIST),
    ("ulimits", ULIMITS),
    ("platforms", LIST),
]));

/// A truth, or the attestation's own settings.
const ATTESTATION: Type = Type::scalar(Form::Setting);

pub(super) const DEVELOP: Type = Type::map(&Map::keys(&[("watch", Type::list(&Type::map(&WATCH)))])).or_null();

const WATCH: Map = Map::keys_with(
    &["path", "action"],
    &[
        ("ignore", TEXTS),
        ("include", TEXTS),
        ("path", TEXT),
        ("action", Type::scalar(Form::Word(&["rebuild", "sync", "restart", "sync+restart", "sync+exec"]))),
        ("target", TEXT),
        ("exec", HOOK),
        ("initial_sync", TRUTH),
    ],
);
