//! `envward.toml`, and what it decides about a key.

use envward::checks;
use envward::config::Config;
use envward::path::RelPath;

pub fn run(bytes: &[u8]) {
    let Ok(config) = Config::read(&RelPath::from("envward.toml"), bytes, &checks::ALL) else { return };
    for path in [".env", "a/b/.env.production", "x"] {
        let _ = config.environment_of(&RelPath::from(path));
    }
    for key in ["DB_PASSWORD", "JWT_SECRET", "PORT"] {
        let _ = config.class_of(key, b"changeme");
    }
}
