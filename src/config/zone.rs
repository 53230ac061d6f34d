//! The time zone, which is not a setting of ours: `TZ` of the environment. A misspelt one would silently be UTC.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use jiff::tz::TimeZone;

use super::reading::Environment;

pub(super) const TZ: &str = "TZ";

/// Files of time zones have some thousand bytes.
const LONGEST: u64 = 256 * 1024;

/// Makes a misspelt one a problem.
pub(super) fn check(r: &mut Environment) {
    r.value(TZ, (), |text| if is_known(text) { Ok(()) } else { Err("is no time zone; write it as Europe/Stockholm") });
}

/// Whether it is a name, a file of the system's, or a rule written out (POSIX), as `jiff` reads it.
fn is_known(text: &str) -> bool {
    let text = text.strip_prefix(':').unwrap_or(text);
    TimeZone::get(text).is_ok() || TimeZone::posix(text).is_ok() || is_file_of_one(Path::new(text))
}

fn is_file_of_one(path: &Path) -> bool {
    let mut bytes = Vec::new();
    let is_read = path.is_absolute()
        && path.is_file()
        && File::open(path).is_ok_and(|file| file.take(LONGEST).read_to_end(&mut bytes).is_ok());
    is_read && TimeZone::tzif("", &bytes).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_time_zone_is_a_problem() {
        for (zone, problems) in
            [("Europe/Stockholm", 0), ("UTC", 0), (":Europe/Stockholm", 0), ("CET-1CEST,M3.5.0,M10.5.0/3", 0), ("", 0)]
                .into_iter()
                .chain(
                    [
                        "Europe/Stokholm",
                        "Stockholm",
                        "GMT+One",
                        "/no/such/file",
                        "/etc/passwd",
                        "/etc",
                        "/dev/null",
                        ":/etc/hosts",
                    ]
                    .map(|zone| (zone, 1)),
                )
        {
            let mut reading = Environment::new([(TZ.to_owned(), zone.to_owned())]);
            check(&mut reading);
            assert_eq!(reading.problems.0.len(), problems, "{zone}");
            assert!(reading.warnings().is_empty());
        }
    }
}
