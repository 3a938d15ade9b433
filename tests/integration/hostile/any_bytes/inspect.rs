//! The JSON of `docker inspect`, `docker ps` and `docker stats`, and the reports of image scanners.

use envward::docker::{inspect, scan_report};

pub fn run(bytes: &[u8]) {
    let _ = (inspect::read(bytes).is_ok(), scan_report::read(bytes).is_ok());
}
