//! How new passwords may be handed over: which ways are offered, whose password staff are never shown, how long a link lasts.

use jiff::SignedDuration;

use super::Config;
use super::reading::Environment;
use super::settings::read_patterns;
use crate::model::rate::read_time;
use crate::model::web::is_loopback;
use crate::model::{HandOver, HandOverPolicy, LinkByMail};

const NEVER_SHOWN: &str = "NYCKEL_NEVER_SHOWN";
const BY_MAIL: &str = "NYCKEL_LINK_BY_MAIL";
/// How the ways are written.
const WAYS: &str = "write shown, link or shown,link; the first is chosen beforehand. Locking out is always possible";
/// How long a link lasts where nobody says otherwise, and at most: longer than a day is too long for what can be forwarded
/// (NIST SP 800-63B-4, section 4.2).
const USUAL: SignedDuration = SignedDuration::from_hours(1);
/// Less is no time to pass link and code on, and the owner to type it.
const SHORTEST: SignedDuration = SignedDuration::from_mins(5);
const LONGEST: SignedDuration = SignedDuration::from_hours(24);

/// Reads the policy.
pub(super) fn read(r: &mut Environment) -> HandOverPolicy {
    let policy = HandOverPolicy {
        offered: r.value("NYCKEL_HAND_OVER", vec![HandOver::Shown, HandOver::Link], read_ways),
        never_shown: r.value(NEVER_SHOWN, Vec::new(), read_patterns),
        link_lasts: r.value("NYCKEL_LINK_LASTS", USUAL, |text| {
            let lasts = read_time(text).filter(|lasts| (SHORTEST..=LONGEST).contains(lasts));
            lasts.ok_or("must be a time of at least 5 minutes and at most a day, such as 1h or 30min")
        }),
        by_mail: r.value(BY_MAIL, LinkByMail::Off, |text| {
            LinkByMail::named(text).ok_or("must be off, contact (the address that managers keep for an account) or any")
        }),
    };
    if !policy.never_shown.is_empty() && !policy.offered.contains(&HandOver::Link) {
        r.problem(NEVER_SHOWN, "needs link among the ways of NYCKEL_HAND_OVER, or nothing could reset these accounts");
    }
    if policy.by_mail != LinkByMail::Off && !policy.offered.contains(&HandOver::Link) {
        r.problem(BY_MAIL, "needs link among the ways of NYCKEL_HAND_OVER: there are no links to send otherwise");
    }
    if policy.by_mail != LinkByMail::Off && !r.is_given("NYCKEL_SMTP") {
        r.problem(BY_MAIL, "needs a mail server to send links through: set NYCKEL_SMTP and NYCKEL_SMTP_FROM too");
    }
    policy
}

impl Config {
    /// A sentence where owners are offered links that nobody can open but on this machine.
    pub fn links_to_nowhere(&self) -> Option<String> {
        let is_it = self.hand_over.offered.contains(&HandOver::Link) && is_loopback(self.owners_url());
        is_it.then(|| {
            format!(
                "owners of mailboxes can't open their links at {}, which is this machine itself: set {} to an \
                 address that they reach",
                self.owners_url(),
                if self.owners.is_some() { "NYCKEL_OWNERS_URL" } else { "NYCKEL_PUBLIC_URL" }
            )
        })
    }
}

fn read_ways(text: &str) -> Result<Vec<HandOver>, &'static str> {
    let mut ways = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let way = HandOver::named(name).filter(|way| *way != HandOver::Nobody && !ways.contains(way));
        ways.push(way.ok_or(WAYS)?);
    }
    if ways.is_empty() { Err(WAYS) } else { Ok(ways) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_of(vars: &[(&str, &str)]) -> (HandOverPolicy, Vec<String>) {
        let mut r = Environment::new(vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())));
        let policy = read(&mut r);
        (policy, r.problems.0.into_iter().map(|problem| problem.name).collect())
    }

    #[test]
    fn the_first_way_is_the_usual_one() {
        let (policy, problems) = read_of(&[("NYCKEL_HAND_OVER", "link, shown"), ("NYCKEL_LINK_LASTS", "24h")]);
        assert_eq!(policy.offered, [HandOver::Link, HandOver::Shown]);
        assert_eq!((policy.link_lasts, problems.len()), (LONGEST, 0));
        assert_eq!(read_of(&[("NYCKEL_LINK_LASTS", "5min")]).1, [""; 0]);
        assert_eq!(read_of(&[]).0.offered, [HandOver::Shown, HandOver::Link]);
    }

    #[test]
    fn what_could_hand_nothing_over_or_lasts_too_long_or_too_short_is_refused() {
        for (name, value) in [
            ("NYCKEL_HAND_OVER", "mail"),
            ("NYCKEL_HAND_OVER", "link,link"),
            ("NYCKEL_HAND_OVER", "nobody"),
            ("NYCKEL_HAND_OVER", ","),
            ("NYCKEL_LINK_LASTS", "25h"),
            ("NYCKEL_LINK_LASTS", "0"),
            ("NYCKEL_LINK_LASTS", "1s"),
            ("NYCKEL_LINK_LASTS", "299s"),
            (NEVER_SHOWN, "vd"),
        ] {
            assert_eq!(read_of(&[(name, value)]).1, [name], "{value}");
        }
        let smtp = ("NYCKEL_SMTP", "smtp.example.se:465/tls");
        assert_eq!(read_of(&[(BY_MAIL, "any"), smtp]).0.by_mail, LinkByMail::Any);
        assert_eq!(read_of(&[(BY_MAIL, "yes"), smtp]).1, [BY_MAIL]);
        assert_eq!(read_of(&[(BY_MAIL, "contact")]).1, [BY_MAIL], "nothing could send them");
        assert_eq!(read_of(&[(BY_MAIL, "contact"), ("NYCKEL_HAND_OVER", "shown"), smtp]).1, [BY_MAIL]);
        assert!(read_of(&[(BY_MAIL, "off")]).1.is_empty());
        let (_, problems) = read_of(&[("NYCKEL_HAND_OVER", "shown"), (NEVER_SHOWN, "vd@example.se")]);
        assert_eq!(problems, [NEVER_SHOWN]);
    }
}
