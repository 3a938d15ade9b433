#![no_main]

#[path = "../../tests/integration/hostile/any_bytes/dockerfile.rs"]
mod target;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| target::run(bytes));
