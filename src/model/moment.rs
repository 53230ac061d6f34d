//! Moments as people write them: a day, or a day and a time, in a time zone.

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

/// The first moment of what is written: `2026-11-23`, `2026-11-23 14:02` or `2026-11-23 14:02:07`, in which a `T` may
/// stand for the space. `None` when it is none of these.
pub fn beginning(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (begins, _) = read(text)?;
    in_zone(begins, zone)
}

/// The first moment after what is written: a day counts to its end, and so do a minute and a second.
pub fn end(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let (begins, lasts) = read(text)?;
    in_zone(begins.checked_add(lasts).ok()?, zone)
}

fn read(text: &str) -> Option<(DateTime, Span)> {
    let text = text.trim().replace(['T', 't'], " ");
    let (format, lasts) = match text.len() {
        10 => ("%Y-%m-%d", 1.day()),
        16 => ("%Y-%m-%d %H:%M", 1.minute()),
        19 => ("%Y-%m-%d %H:%M:%S", 1.second()),
        _ => return None,
    };
    Some((DateTime::strptime(format, &text).ok()?, lasts))
}

fn in_zone(at: DateTime, zone: &TimeZone) -> Option<Timestamp> {
    zone.to_ambiguous_zoned(at).compatible().ok().map(|zoned| zoned.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_and_a_minute_count_from_their_beginning_to_their_end_in_the_zone() {
        let zone = TimeZone::get("Europe/Stockholm").unwrap();
        let told = |text: &str| Some((beginning(text, &zone)?.to_string(), end(text, &zone)?.to_string()));
        let is = |text: &str, from: &str, to: &str| assert_eq!(told(text), Some((from.to_owned(), to.to_owned())));
        is("2026-11-23", "2026-11-22T23:00:00Z", "2026-11-23T23:00:00Z");
        is(" 2026-07-01 14:02 ", "2026-07-01T12:02:00Z", "2026-07-01T12:03:00Z");
        is("2026-07-01T14:02:07", "2026-07-01T12:02:07Z", "2026-07-01T12:02:08Z");
        // The day on which the clocks go back has 25 hours.
        is("2026-10-25", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z");
    }

    #[test]
    fn what_is_no_moment_is_none() {
        let long = "2".repeat(5000);
        for text in
            ["", "2026", "2026-13-01", "2026-02-30", "26-11-2023", "2026-11-23 25:00", "yesterday", "åååååååå", &long]
        {
            assert_eq!(beginning(text, &TimeZone::UTC), None, "{text}");
            assert_eq!(end(text, &TimeZone::UTC), None, "{text}");
        }
    }
}
