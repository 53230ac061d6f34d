//! How the panel is served to what stands before it.

use std::time::Duration;

use crate::model::rate::read_time;

/// What browsers are told of https, for two years.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hsts {
    /// Nothing; whoever stands before the panel says it.
    Off,
    /// To come by https alone to this name. What else lies below it is not the panel's to decide.
    Host,
    /// And to every name below it.
    Subdomains,
}

impl Hsts {
    /// The header's value, if there is one.
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Off => None,
            Self::Host => Some("max-age=63072000"),
            Self::Subdomains => Some("max-age=63072000; includeSubDomains"),
        }
    }
}

pub(super) fn read_hsts(text: &str) -> Result<Hsts, &'static str> {
    match text {
        "off" => Ok(Hsts::Off),
        "host" => Ok(Hsts::Host),
        "subdomains" => Ok(Hsts::Subdomains),
        _ => Err("must be host, subdomains or off"),
    }
}

/// Whoever stops the panel waits for it; no proxy takes longer than that to notice.
const LONGEST_DRAIN: Duration = Duration::from_mins(10);

/// For how long the panel is still served when it is asked to stop and is not ready any more.
pub(super) fn read_drain(text: &str) -> Result<Duration, &'static str> {
    let drain = if text == "0" { Some(Duration::ZERO) } else { read_time(text).and_then(|time| time.try_into().ok()) };
    let drain = drain.filter(|drain| *drain <= LONGEST_DRAIN);
    drain.ok_or("must be a time such as 10s, at most 10min, or 0 to stop serving at once")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drain_is_a_time_that_somebody_waits_for() {
        for (text, seconds) in [("0", 0), ("10s", 10), ("10min", 600)] {
            assert_eq!(read_drain(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "10", "-1s", "11min", "day", "0s5"] {
            assert!(read_drain(text).is_err(), "{text}");
        }
    }
}
