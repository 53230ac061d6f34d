//! What stands around every page: language, links, times, who is signed in.

use std::sync::Arc;

use super::faults::Faults;
use super::times::Times;
use super::{App, Links};
use crate::access::password::{SHORTEST, Unfit};
use crate::access::{Gate, ManageStaff, ReadAudit};
use crate::model::{DomainName, Language, MailSettings, Theme, ToldNotice};
use crate::texts::Texts;

/// Which entry of the main navigation a page belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum At {
    Overview,
    Audit,
    Staff,
    Profile,
    Elsewhere,
}

/// Who is signed in, as the header says it.
#[derive(Clone, Debug)]
pub struct Person {
    pub name: String,
    pub may_read_audit: bool,
    pub may_manage_staff: bool,
    /// What every page shows them until they put it away, newest first.
    pub notices: Arc<[ToldNotice]>,
}

/// The one value that every template has besides its own.
#[derive(Clone, Debug)]
pub struct Layout {
    pub say: Texts,
    pub links: Links,
    pub mail: Arc<MailSettings>,
    pub times: Times,
    pub theme: Theme,
    pub person: Option<Person>,
    pub at: At,
    /// What is wrong with the form that was sent, if this answers one.
    pub faults: Faults,
}

impl Layout {
    /// The layout of a page for somebody who isn't signed in.
    pub fn for_visitor(app: &App, language: Language) -> Self {
        let say = Texts(language);
        Self {
            say,
            links: app.links.clone(),
            mail: app.mail.clone(),
            times: Times { zone: app.zone.clone(), now: app.clock.now(), say },
            theme: Theme::System,
            person: None,
            at: At::Elsewhere,
            faults: Faults::default(),
        }
    }

    /// The layout of a page for a staff member; `language` counts where they have chosen none.
    pub fn for_staff(app: &App, gate: &Gate, language: Language) -> Self {
        let staff = &gate.asker().staff;
        let person = Person {
            name: staff.told_as().to_owned(),
            may_read_audit: gate.can::<ReadAudit>().is_ok(),
            may_manage_staff: gate.can::<ManageStaff>().is_ok(),
            notices: Arc::default(),
        };
        Self { person: Some(person), theme: staff.theme, ..Self::for_visitor(app, staff.language.unwrap_or(language)) }
    }

    /// The same layout, with what the person is to be shown.
    #[must_use]
    pub fn telling(self, notices: Vec<ToldNotice>) -> Self {
        Self { person: self.person.map(|person| Person { notices: notices.into(), ..person }), ..self }
    }

    /// Whether the person is shown what is missing in the panel's configuration: admins are.
    pub fn may_configure(&self) -> bool {
        self.person.as_ref().is_some_and(|person| person.may_manage_staff)
    }

    /// Whether there are client settings to show for a domain.
    pub fn knows_client_settings(&self, domain: &DomainName) -> bool {
        self.mail.of(domain).is_some()
    }

    /// How many characters a new password has at least.
    pub const fn shortest_password(&self) -> usize {
        SHORTEST
    }

    /// What is wrong with a password that doesn't fit.
    pub fn unfit(&self, unfit: Unfit) -> String {
        match unfit {
            Unfit::TooShort => self.say.password_too_short(SHORTEST),
            Unfit::TooLong => self.say.password_too_long().to_owned(),
            Unfit::Guessable => self.say.password_guessable().to_owned(),
        }
    }

    /// The same layout for a page of the main navigation.
    #[must_use]
    pub fn at(self, at: At) -> Self {
        Self { at, ..self }
    }

    pub fn is_at_overview(&self) -> bool {
        self.at == At::Overview
    }

    pub fn is_at_audit(&self) -> bool {
        self.at == At::Audit
    }

    pub fn is_at_staff(&self) -> bool {
        self.at == At::Staff
    }

    pub fn is_at_profile(&self) -> bool {
        self.at == At::Profile
    }

    /// A readable address in two parts, between which a line may break: before the `@`.
    pub fn split(&self, mut readable: String) -> (String, String) {
        let at = readable.rfind('@').unwrap_or(readable.len());
        let domain = readable.split_off(at);
        (readable, domain)
    }
}
