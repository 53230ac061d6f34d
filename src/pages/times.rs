//! Times as a page shows them, in the panel's time zone and the person's language.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::model::{Fact, Facts, LetterState, LinkMail};
use crate::texts::Texts;

/// Writes times as seen from one moment.
#[derive(Clone, Debug)]
pub struct Times {
    pub zone: TimeZone,
    pub now: Timestamp,
    pub say: Texts,
}

impl Times {
    /// `14:02`.
    pub fn clock(&self, at: &Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M").to_string()
    }

    /// `14:02`; the date too for what is further away than today.
    pub fn clock_or_day(&self, at: &Timestamp) -> String {
        if self.day(at) == self.day(&self.now) { self.clock(at) } else { self.full(at) }
    }

    /// `14:02:07`.
    pub fn clock_with_seconds(&self, at: &Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%H:%M:%S").to_string()
    }

    /// `9 March 2021 at 10:12`.
    pub fn full(&self, at: &Timestamp) -> String {
        let zoned = at.to_zoned(self.zone.clone());
        let date = self.say.date(zoned.year(), zoned.month(), zoned.day());
        self.say.date_and_time(&date, &self.clock(at))
    }

    /// `2021-03-09`.
    pub fn day(&self, at: &Timestamp) -> String {
        self.zone.to_datetime(*at).date().to_string()
    }

    /// `2021-03-09 10:12:07`, for tables.
    pub fn exact(&self, at: &Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
    }

    /// The facts of a row of the audit, times among them as times are shown elsewhere.
    pub fn facts(&self, facts: &Facts) -> Facts {
        let shown = |fact| Some(self.exact(&facts.text(fact)?.parse().ok()?));
        let times = [Fact::FilterFrom, Fact::FilterUntil, Fact::Since];
        times.into_iter().fold(facts.clone(), |facts, fact| facts.with_some(fact, shown(fact)))
    }

    /// What became of the message to a mailbox.
    pub fn letter(&self, state: &LetterState) -> String {
        let ended = state.ended.map(|(_, at)| self.clock_or_day(&at));
        self.say.letter_state(state, &ended.unwrap_or_default())
    }

    /// What became of the mailing of an owner's link, to whom in full where that is the reader's business.
    pub fn link_mail(&self, mail: &LinkMail, in_full: bool) -> String {
        let to = if in_full { mail.to.readable() } else { mail.masked() };
        let ended = mail.ended.map(|(_, at)| self.clock_or_day(&at));
        self.say.link_mailed(mail, &to, &ended.unwrap_or_default())
    }

    /// `3 minutes ago`; `on 9 March 2021 at 10:12` for what is a day old.
    pub fn ago(&self, at: &Timestamp) -> String {
        self.say.ago(self.now.duration_since(*at).as_secs()).unwrap_or_else(|| self.say.on_date(&self.full(at)))
    }

    /// For the `datetime` attribute.
    pub fn iso(&self, at: &Timestamp) -> String {
        at.to_zoned(self.zone.clone()).strftime("%Y-%m-%dT%H:%M:%S%:z").to_string()
    }

    /// Whole seconds from now until then, 0 if it is past.
    pub fn seconds_until(&self, at: &Timestamp) -> i64 {
        at.duration_since(self.now).as_secs().max(0)
    }

    /// Minutes and seconds until then, `0:52`.
    pub fn countdown(&self, at: &Timestamp) -> String {
        let seconds = self.seconds_until(at);
        format!("{}:{:02}", seconds / 60, seconds % 60)
    }
}
