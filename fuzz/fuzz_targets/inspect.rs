//! The JSON of `docker inspect`, `docker ps` and `docker stats`, and the reports of image scanners.
#![no_main]

use envward::docker::{inspect, scan_report};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let _ = (inspect::read(bytes).is_ok(), scan_report::read(bytes).is_ok());
});
