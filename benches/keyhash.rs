//! What one verification costs: the median of many, in milliseconds. `benches/against-reference` sets it beside the
//! reference implementation in C.
#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    clippy::indexing_slicing,
    missing_docs,
    reason = "a measurement, run by hand"
)]

use std::time::Instant;

use envward::keyhash::{self, Cost};
use rand::rngs::SysRng;

fn main() {
    // `cargo bench` passes flags of its own; what is left are costs: m=19456,t=2,p=1.
    let costs = std::env::args().skip(1).filter_map(|text| Cost::parse(&text).ok());
    for cost in costs {
        let stored = keyhash::hash(b"a key", cost, &mut SysRng).unwrap();
        let mut times: Vec<f64> = (0..31)
            .map(|_| {
                let start = Instant::now();
                assert_eq!(keyhash::verify(b"a key", &stored), Ok(true));
                start.elapsed().as_secs_f64() * 1000.0
            })
            .collect();
        times.sort_by(f64::total_cmp);
        println!("{cost} {:.2}", times[times.len() / 2]);
    }
}
