//! On what grounds a password is reset: the reason or ticket, and how staff made sure who asked.

use super::{Fact, Facts};

/// What somebody says of that, as typed and chosen.
#[derive(Clone, Debug, Default)]
pub struct Stated {
    /// Reason or ticket.
    pub ticket: String,
    /// The id of the way in which they checked who asks; empty where none was chosen.
    pub way: String,
    /// What that way asks for.
    pub text: String,
}

/// How staff checked who asked, by the names of the time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerCheck {
    /// The id of a [`super::CallerWay`].
    pub way: String,
    pub label: String,
    /// What the way asks for, where it asks for something.
    pub text: Option<String>,
}

impl CallerCheck {
    /// What had to be said for it, to say it again.
    pub fn stated(&self) -> Stated {
        let (way, text) = (self.way.clone(), self.text.clone().unwrap_or_default());
        Stated { way, text, ..Stated::default() }
    }
}

/// The grounds as the company wants them, and so as they are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grounds {
    /// Reason or ticket.
    pub ticket: Option<String>,
    pub caller: Option<CallerCheck>,
}

impl Grounds {
    /// The same for the audit.
    pub fn facts(&self) -> Facts {
        let facts = Facts::new().with_some(Fact::Ticket, self.ticket.clone());
        match &self.caller {
            None => facts,
            Some(check) => facts
                .with(Fact::CallerCheck, check.way.as_str())
                .with(Fact::CallerLabel, check.label.as_str())
                .with_some(Fact::CallerText, check.text.clone()),
        }
    }

    /// What had to be said for these, to say it again.
    pub fn stated(&self) -> Stated {
        let check = self.caller.as_ref().map(CallerCheck::stated).unwrap_or_default();
        Stated { ticket: self.ticket.clone().unwrap_or_default(), ..check }
    }
}
