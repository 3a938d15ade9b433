//! How many combinations a test tries.

/// Whether a test tries every combination, as `.ci/release` does: `ENVWARD_COMBINATIONS=all`. By default it tries a part,
/// in which what is alike takes turns.
pub fn all() -> bool {
    match std::env::var("ENVWARD_COMBINATIONS").as_deref() {
        Err(_) | Ok("") => false,
        Ok("all") => true,
        Ok(other) => panic!("ENVWARD_COMBINATIONS is all, and not {other}"),
    }
}
