//! Dates in tokens and certificates.
#![no_main]

use envward::secret::expiry;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (expiry::of_value(bytes), expiry::end_of_certificate(bytes));
});
