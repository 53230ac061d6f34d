//! Times in words.

use super::{Texts, sentences};
use crate::model::Language;

const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const MONTHS_SV: [&str; 12] = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
];

sentences! {
    just_now: "just now" / "nyss";
    seconds_ago(n: i64): "{n} seconds ago" / "för {n} sekunder sedan";
    a_minute_ago: "a minute ago" / "för en minut sedan";
    minutes_ago(n: i64): "{n} minutes ago" / "för {n} minuter sedan";
    an_hour_ago: "an hour ago" / "för en timme sedan";
    hours_ago(n: i64): "{n} hours ago" / "för {n} timmar sedan";
    on_date(date: &str): "on {date}" / "den {date}";
    date_and_time(date: &str, time: &str): "{date} at {time}" / "{date} kl. {time}";
}

impl Texts {
    /// How long ago, for less than a day: `None` asks for the date instead. `seconds` counts from then to now.
    pub fn ago(self, seconds: i64) -> Option<String> {
        Some(match seconds {
            ..5 => self.just_now().to_owned(),
            5..60 => self.seconds_ago(seconds),
            60..120 => self.a_minute_ago().to_owned(),
            120..3600 => self.minutes_ago(seconds / 60),
            3600..7200 => self.an_hour_ago().to_owned(),
            7200..86_400 => self.hours_ago(seconds / 3600),
            _ => return None,
        })
    }

    /// A date: `9 March 2021`, `9 mars 2021`. `month` counts from 1.
    pub fn date(self, year: i16, month: i8, day: i8) -> String {
        let months = match self.0 {
            Language::English => MONTHS_EN,
            Language::Swedish => MONTHS_SV,
        };
        let month = usize::try_from(month - 1).ok().and_then(|month| months.get(month)).unwrap_or(&"");
        format!("{day} {month} {year}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_in_both_languages() {
        assert_eq!(Texts(Language::English).ago(185).unwrap(), "3 minutes ago");
        assert_eq!(Texts(Language::Swedish).ago(3700).unwrap(), "för en timme sedan");
        assert_eq!(Texts(Language::Swedish).ago(90_000), None);
        assert_eq!(Texts(Language::Swedish).date(2021, 3, 9), "9 mars 2021");
    }
}
