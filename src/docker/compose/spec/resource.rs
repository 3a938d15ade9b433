//! What stands beside the services: networks, volumes, secrets, configs, models.

use super::{FIGURE, FLAG, Form, LIST, Map, OPTIONS, Others, PAIRS, TEXT, Type};

pub(super) const NETWORK: Type = Type::map(&Map::keys(&[
    ("name", TEXT),
    ("driver", TEXT),
    ("driver_opts", OPTIONS),
    ("ipam", Type::map(&IPAM)),
    ("external", EXTERNAL),
    ("internal", FLAG),
    ("enable_ipv4", FLAG),
    ("enable_ipv6", FLAG),
    ("attachable", FLAG),
    ("labels", PAIRS),
]))
.or_null();

const IPAM: Map = Map::keys(&[
    ("driver", TEXT),
    (
        "config",
        Type::list(&Type::map(&Map::keys(&[
            ("subnet", TEXT),
            ("ip_range", TEXT),
            ("gateway", TEXT),
            ("aux_addresses", Type::map(&Map::Texts(&TEXT))),
        ]))),
    ),
    ("options", Type::map(&Map::Texts(&TEXT))),
]);

pub(super) const VOLUME: Type = Type::map(&Map::keys(&[
    ("name", TEXT),
    ("driver", TEXT),
    ("driver_opts", OPTIONS),
    ("external", EXTERNAL),
    ("labels", PAIRS),
]))
.or_null();

pub(super) const SECRET: Type = Type::map(&Map::keys(&[
    ("name", TEXT),
    ("environment", TEXT),
    ("file", TEXT),
    ("external", EXTERNAL_OPEN),
    ("labels", PAIRS),
    ("driver", TEXT),
    ("driver_opts", OPTIONS),
    ("template_driver", TEXT),
]));

pub(super) const CONFIG: Type = Type::map(&Map::keys(&[
    ("name", TEXT),
    ("content", TEXT),
    ("environment", TEXT),
    ("file", TEXT),
    ("external", EXTERNAL_OPEN),
    ("labels", PAIRS),
    ("template_driver", TEXT),
]));

pub(super) const MODEL: Type = Type::map(&Map::keys_with(
    &["model"],
    &[("name", TEXT), ("model", TEXT), ("context_size", FIGURE), ("runtime_flags", LIST)],
));

/// Made by somebody else; once its name stood below it.
const EXTERNAL: Type = Type::scalar(Form::Flag).or_map(&Map::keys(&[("name", TEXT)]));
const EXTERNAL_OPEN: Type =
    Type::scalar(Form::Flag).or_map(&Map::Keys { keys: &[("name", TEXT)], needs: &[], others: Others::Ignored });
