//! How many combinations a test tries.

/// Whether a test tries every combination, as `.ci/release` does: `ENVWARD_COMBINATIONS=all`. By default it tries a part
/// in which every two things still meet, but commands that are alike take turns.
pub fn all() -> bool {
    match std::env::var("ENVWARD_COMBINATIONS").as_deref() {
        Err(_) | Ok("") => false,
        Ok("all") => true,
        Ok(other) => panic!("ENVWARD_COMBINATIONS is all, and not {other}"),
    }
}
