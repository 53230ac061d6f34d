//! Times as GleSYS writes them: ISO 8601 to the second, with Sweden's offset.
//!
//! The state keeps seconds since 1970; this is where they become text and come back from a state file.

use std::sync::LazyLock;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serializer};

static SWEDEN: LazyLock<TimeZone> = LazyLock::new(|| TimeZone::get("Europe/Stockholm").unwrap_or(TimeZone::UTC));

/// Seconds since 1970 as `2022-10-22T10:35:07+02:00`.
pub fn iso(seconds: i64) -> String {
    let moment = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    moment.to_zoned(SWEDEN.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
}

fn seconds<E: serde::de::Error>(text: &str) -> Result<i64, E> {
    let moment = text.parse::<Timestamp>().map_err(|_| E::custom(format!("\"{text}\" is not an ISO 8601 time")))?;
    Ok(moment.as_second())
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
pub fn serialize<S: Serializer>(at: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso(*at))
}

pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<i64, D::Error> {
    seconds(&String::deserialize(deserializer)?)
}

/// The same for a time that may be missing (`null`).
pub mod optional {
    use super::{Deserialize, Deserializer, Serializer, iso, seconds};

    #[expect(clippy::ref_option, reason = "serde's signature")]
    pub fn serialize<S: Serializer>(at: &Option<i64>, serializer: S) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => serializer.serialize_some(&iso(*at)),
            None => serializer.serialize_none(),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
        Option::<String>::deserialize(deserializer)?.as_deref().map(seconds).transpose()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summer_and_winter_have_swedens_offset() {
        assert_eq!(iso(1_666_427_707), "2022-10-22T10:35:07+02:00");
        assert_eq!(iso(0), "1970-01-01T01:00:00+01:00");
    }
}
