//! What a deployment sets up as a whole: settings, addresses, and what a person confirmed.

mod attestation_missing;
mod attestation_stale;
pub(crate) mod cleartext_connection;
pub(crate) mod cors_open;
mod debug_in_production;
mod rate_limiting_off;

use crate::checks::Rule;

/// The checks of this group.
pub(super) static RULES: &[Rule] = rules![
    attestation_missing,
    attestation_stale,
    cleartext_connection,
    cors_open,
    debug_in_production,
    rate_limiting_off,
];
