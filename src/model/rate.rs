//! How often something may happen, as a person writes it: `30/hour`, `3/10min`, `off`.

use jiff::SignedDuration;

/// So many times in so long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    pub times: i64,
    pub per: SignedDuration,
}

/// Why a text is no rate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("write a number of at least 1 and a time, such as 30/hour or 3/10min; off lifts the limit")]
pub struct NotARate;

impl Rate {
    /// Reads a rate; `off` is none.
    pub fn parse(text: &str) -> Result<Option<Self>, NotARate> {
        let text = text.trim();
        if text == "off" {
            return Ok(None);
        }
        let (times, per) = text.split_once('/').ok_or(NotARate)?;
        let times = times.trim().parse().ok().filter(|times| *times > 0).ok_or(NotARate)?;
        Ok(Some(Self { times, per: read_time(per.trim()).ok_or(NotARate)? }))
    }
}

/// Reads a time as a person writes it: `10min`, `2 hours`; `None` when it is none, or longer than a month.
pub fn read_time(text: &str) -> Option<SignedDuration> {
    let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let number = &text[..text.len() - unit.len()];
    let number: i64 = if number.is_empty() { 1 } else { number.parse().ok()? };
    let seconds = match unit.trim() {
        "s" | "sec" | "second" | "seconds" => 1,
        "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    let seconds = number.checked_mul(seconds).filter(|&seconds| (1..=31 * 86_400).contains(&seconds))?;
    Some(SignedDuration::from_secs(seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_read_as_people_write_them() {
        let rate = |times, secs| Ok(Some(Rate { times, per: SignedDuration::from_secs(secs) }));
        assert_eq!(Rate::parse("30/hour"), rate(30, 3600));
        assert_eq!(Rate::parse("3/10min"), rate(3, 600));
        assert_eq!(Rate::parse("off"), Ok(None));
        for text in ["", "30", "x/hour", "3/fortnight", "3/0min", "3/-1min", "0/hour", "-1/hour"] {
            assert_eq!(Rate::parse(text), Err(NotARate), "{text}");
        }
    }
}
