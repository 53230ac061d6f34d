//! The time zone, which is not a setting of ours: `TZ` of the environment. A misspelt one would silently be UTC.

use std::path::Path;

use jiff::tz::TimeZone;

use super::reading::Environment;

pub(super) const TZ: &str = "TZ";

/// Makes a misspelt one a problem.
pub(super) fn check(r: &mut Environment) {
    r.value(TZ, (), |text| if is_known(text) { Ok(()) } else { Err("is no time zone; write it as Europe/Stockholm") });
}

/// Whether it is a name, a file of the system's, or a rule written out (POSIX), as `jiff` reads it.
fn is_known(text: &str) -> bool {
    let text = text.strip_prefix(':').unwrap_or(text);
    let is_file = || Path::new(text).is_absolute() && Path::new(text).is_file();
    TimeZone::get(text).is_ok() || TimeZone::posix(text).is_ok() || is_file()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_time_zone_is_a_problem() {
        for (zone, problems) in
            [("Europe/Stockholm", 0), ("UTC", 0), (":Europe/Stockholm", 0), ("CET-1CEST,M3.5.0,M10.5.0/3", 0), ("", 0)]
                .into_iter()
                .chain(["Europe/Stokholm", "Stockholm", "GMT+One", "/no/such/file"].map(|zone| (zone, 1)))
        {
            let mut reading = Environment::new([(TZ.to_owned(), zone.to_owned())]);
            check(&mut reading);
            assert_eq!(reading.problems.0.len(), problems, "{zone}");
            assert!(reading.warnings().is_empty());
        }
    }
}
