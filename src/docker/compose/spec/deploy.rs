//! `deploy` of a service.

use super::service::DEVICES;
use super::{Form, LIST, Map, NUMBER, PAIRS, TEXT, TIME, Type, WHOLE};

pub(super) const DEPLOY: Type = Type::map(&Map::keys(&[
    ("mode", TEXT),
    ("endpoint_mode", TEXT),
    ("replicas", WHOLE),
    ("labels", PAIRS),
    ("rollback_config", Type::map(&UPDATE)),
    ("update_config", Type::map(&UPDATE)),
    ("resources", Type::map(&Map::keys(&[("limits", Type::map(&LIMITS)), ("reservations", Type::map(&RESERVATIONS))]))),
    ("restart_policy", Type::map(&RESTART_POLICY)),
    ("placement", Type::map(&PLACEMENT)),
]))
.or_null();

const UPDATE: Map = Map::keys(&[
    ("parallelism", WHOLE),
    ("delay", TIME),
    ("failure_action", TEXT),
    ("monitor", TIME),
    ("max_failure_ratio", NUMBER),
    ("order", Type::scalar(Form::Word(&["start-first", "stop-first"]))),
]);

const LIMITS: Map = Map::keys(&[("cpus", NUMBER), ("memory", SIZE_TEXT), ("pids", WHOLE)]);

const RESERVATIONS: Map = Map::keys(&[
    ("cpus", NUMBER),
    ("memory", SIZE_TEXT),
    ("generic_resources", Type::list(&Type::map(&GENERIC))),
    ("devices", DEVICES),
]);

/// A size that has to be text.
const SIZE_TEXT: Type = Type::scalar(Form::SizeText);

const GENERIC: Map =
    Map::keys(&[("discrete_resource_spec", Type::map(&Map::keys(&[("kind", TEXT), ("value", NUMBER)])))]);

const RESTART_POLICY: Map =
    Map::keys(&[("condition", TEXT), ("delay", TIME), ("max_attempts", WHOLE), ("window", TIME)]);

const PLACEMENT: Map = Map::keys(&[
    ("constraints", LIST),
    ("preferences", Type::list(&Type::map(&Map::keys(&[("spread", TEXT)])))),
    ("max_replicas_per_node", WHOLE),
]);
