//! `targets/names.rs`, under the fuzzer.

#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| nyckel_fuzz::targets::names::check(input));
