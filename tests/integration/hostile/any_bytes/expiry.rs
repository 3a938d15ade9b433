//! Dates in tokens and certificates.

use envward::secret::expiry;

pub fn run(bytes: &[u8]) {
    let _ = (expiry::of_value(bytes), expiry::end_of_certificate(bytes));
}
