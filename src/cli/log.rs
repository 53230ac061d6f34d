//! Where log lines go and how they look.

use std::io;
use std::panic;

use tracing_subscriber::EnvFilter;

use crate::config::LogFormat;

/// Sends log lines to standard error. `filter` was checked with the configuration.
pub(super) fn begin(filter: &str, format: LogFormat) {
    // Whatever a stranger sends in a passkey's place, the library takes for an error of the program.
    let filter = EnvFilter::new(format!("webauthn_rs_core=off,{filter}"));
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    match format {
        LogFormat::Text => builder.with_ansi(false).init(),
        LogFormat::Json => builder.json().flatten_event(true).init(),
    }
    panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let message = panic.payload_as_str().unwrap_or("no message");
        tracing::error!(place, message, "a panic: this is a mistake in the program");
    }));
}
