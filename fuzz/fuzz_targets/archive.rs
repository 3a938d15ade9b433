#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| envward::trace::fuzz::archive(bytes));
