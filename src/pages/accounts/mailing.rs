//! What the page of a reset asks about the mail that takes the owner the link: whether it goes, and to whom.

use crate::access::ManageMail;
use crate::model::{Address, LinkByMail, MailProblem, MailWish};
use crate::pages::faults::Place;
use crate::pages::field::Field;
use crate::pages::forms::{Fields, field};
use crate::pages::guard::Guard;
use crate::services::operations::mailing::MailChoice;
use crate::texts::Texts;

/// The names of the fields.
const CHOSEN: &str = "mail";
const CONTACT: &str = "mail_contact";
const TYPED: &str = "mail_to";
/// What can be chosen.
const TO_CONTACT: &str = "contact";
const TO_TYPED: &str = "typed";

/// The choice, where links may go by mail.
pub(super) struct Mailing {
    /// The contact address, where one counts.
    pub contact: Option<Address>,
    /// Whether the person keeps contact addresses.
    pub may_manage: bool,
    /// Where what is kept as the contact is not used: why.
    pub unused: &'static str,
    /// Whether an address may be typed.
    pub takes_any: bool,
    pub chosen: Chosen,
    /// What is wrong with the choice of the contact; empty where nothing is.
    pub problem: String,
    pub typed: Field,
}

/// What is chosen.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Chosen {
    No,
    Contact,
    Typed,
}

impl Mailing {
    /// The choice as it was made before, and what is wrong with it.
    pub fn of(
        guard: &Guard,
        address: &Address,
        choice: MailChoice,
        (before, wrong): (&Fields, Option<MailProblem>),
    ) -> Option<Self> {
        let (say, may_manage) = (guard.layout.say, guard.gate.can_in::<ManageMail>(address.domain()).is_ok());
        let MailChoice { by_mail, contact, is_edited } = choice;
        if by_mail == LinkByMail::Off {
            return None;
        }
        let wrong = wrong.map(|problem| say.mail_problem(problem)).unwrap_or_default();
        let takes_any = by_mail == LinkByMail::Any;
        let (chosen, typed) = (field(before, CHOSEN), Field::of(field(before, TYPED)));
        let (chosen, typed, problem) = match chosen {
            TO_TYPED if takes_any && !wrong.is_empty() => (Chosen::Typed, typed.wrong(wrong), String::new()),
            TO_TYPED if takes_any => (Chosen::Typed, typed, String::new()),
            TO_CONTACT if contact.is_some() => (Chosen::Contact, typed, wrong),
            _ => (Chosen::No, typed, wrong),
        };
        let unused = if is_edited { say.contact_edited() } else { "" };
        Some(Self { contact, may_manage, unused, takes_any, chosen, problem, typed })
    }

    /// The field for an address.
    pub fn place(&mut self, say: Texts) -> Place<'_> {
        Place::new("mail_to", say.mail_address(), &mut self.typed)
    }

    /// Whether there is nothing to choose from.
    pub const fn is_bare(&self) -> bool {
        self.contact.is_none() && !self.takes_any
    }

    pub fn goes_to_contact(&self) -> bool {
        self.chosen == Chosen::Contact
    }

    pub fn goes_to_typed(&self) -> bool {
        self.chosen == Chosen::Typed
    }

    pub fn goes_nowhere(&self) -> bool {
        self.chosen == Chosen::No
    }
}

/// To whom a posted page wants the link to go.
pub(super) fn wish(fields: &Fields) -> Option<MailWish> {
    match field(fields, CHOSEN) {
        TO_CONTACT => Some(MailWish::Contact(field(fields, CONTACT).to_owned())),
        TO_TYPED => Some(MailWish::Typed(field(fields, TYPED).to_owned())),
        _ => None,
    }
}
