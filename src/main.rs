//! Hands over to `cli` and turns its result into an exit code.

use std::alloc::System;
use std::process::ExitCode;

use zeroizing_alloc::ZeroAlloc;

/// Wipes whatever is given back: libraries read passwords and cookies through buffers of their own.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

fn main() -> ExitCode {
    nyckel::cli::run()
}
