//! Contact addresses, and links to new passwords that go by mail.

use super::{Texts, sentences};
use crate::model::link_mail::AN_HOUR;
use crate::model::{LetterEnd, LetterState, LinkMail, LinkMailEnd, MailProblem, WhyNotMailed, WhyUntold};

sentences! {
    contact: "Contact address" / "Kontaktadress";
    contact_opens: "Contact address…" / "Kontaktadress…";
    contact_of: "Contact address of" / "Kontaktadress för";
    contact_lead:
        "The link to a new password can be sent here when the owner can’t read the mailbox itself. The code never goes by email."
        / "Hit kan länken till ett nytt lösenord skickas när ägaren inte kan läsa själva brevlådan. Koden skickas aldrig via e-post.";
    contact_off:
        "Links are not sent by email at the moment, so the address is not used (NYCKEL_LINK_BY_MAIL)."
        / "Länkar skickas inte via e-post just nu, så adressen används inte (NYCKEL_LINK_BY_MAIL).";
    contact_none: "None" / "Ingen";
    contact_hint:
        "An address outside this mailbox, such as a private one. If you change or remove it, the old address is notified by email."
        / "En adress utanför den här brevlådan, till exempel en privat. Om du ändrar eller tar bort den får den gamla adressen ett meddelande via e-post.";
    contact_set_by(name: &str): "Set by {name}" / "Angiven av {name}";
    contact_remove: "Remove it" / "Ta bort den";
    contact_edited:
        "The contact address was changed outside the panel, so it is not used. Enter it again, or remove it."
        / "Kontaktadressen har ändrats vid sidan av panelen, så den används inte. Ange den igen eller ta bort den.";
    contact_of_another:
        "It was set for an earlier account with this address, so it is not used. Enter it again, or remove it."
        / "Den angavs för ett tidigare konto med samma adress, så den används inte. Ange den igen eller ta bort den.";
    contact_removed_now: "Removed." / "Borttagen.";
    contact_told(to: &str, time: &str): "{to} was notified by email ({time})." / "{to} har fått ett meddelande via e-post ({time}).";
    contact_tells(to: &str): "A message to {to} is on its way by email." / "Ett meddelande till {to} är på väg via e-post.";
    contact_tells_late(to: &str, why: &str):
        "{to} has not been notified by email yet: {why}. The panel will try again."
        / "{to} har inte fått något meddelande via e-post än: {why}. Panelen försöker igen.";
    contact_untold(to: &str, why: &str):
        "{to} was not notified by email: {why}." / "{to} har inte fått något meddelande via e-post: {why}.";

    mail_not_offered: "Links can’t be sent to this address by email." / "Länkar kan inte skickas till den här adressen via e-post.";
    mail_impossible: "Enter an email address, such as anna@example.net." / "Ange en e-postadress, till exempel anna@example.net.";
    mail_looks_like_another:
        "This domain mixes letters from different alphabets, so it can look like another one. Type the address by hand."
        / "Domänen blandar bokstäver från olika alfabet och kan därför se ut som en annan. Skriv in adressen för hand.";
    mail_nowhere:
        "There is no such address in that domain. Check the spelling."
        / "Det finns ingen sådan adress i den domänen. Kontrollera stavningen.";
    mail_the_mailbox:
        "That is the mailbox itself, which its owner can’t read now. Enter an address outside it."
        / "Det är själva brevlådan, som ägaren inte kan läsa nu. Ange en adress utanför den.";
    mail_leads_there:
        "Mail to this address ends up in the mailbox itself. Enter an address outside it."
        / "E-post till den här adressen hamnar i själva brevlådan. Ange en adress utanför den.";
    mail_contact_changed:
        "The contact address was changed meanwhile. Check it and try again."
        / "Kontaktadressen har ändrats under tiden. Kontrollera den och försök igen.";
    mail_too_many(most: i64):
        "The panel sends at most {most} messages an hour to one address, and this one has had them. Wait, or choose another way."
        / "Panelen skickar högst {most} meddelanden i timmen till en adress, och den här har fått så många. Vänta, eller välj ett annat sätt.";

    mail_choose: "Send the link by email" / "Skicka länken via e-post";
    mail_no: "No, I pass it on myself" / "Nej, jag lämnar den vidare själv";
    mail_to_contact(address: &str): "To the contact address {address}" / "Till kontaktadressen {address}";
    mail_to_typed: "To another address" / "Till en annan adress";
    mail_address: "Email address" / "E-postadress";
    mail_address_hint:
        "An address outside this mailbox. Read it back to the caller: a mistyped one may be a stranger’s."
        / "En adress utanför den här brevlådan. Läs upp den för den som ringer: en felskriven kan vara någon annans.";
    mail_only_link:
        "The code is never sent by email: give it to the owner in another way."
        / "Koden skickas aldrig via e-post: ge den till ägaren på ett annat sätt.";
    mail_no_contact:
        "This account has no contact address, so the link can’t be sent by email."
        / "Kontot har ingen kontaktadress, så länken kan inte skickas via e-post.";

    mail_waits(to: &str): "The link is on its way to {to} by email." / "Länken är på väg till {to} via e-post.";
    mail_sent(to: &str, time: &str): "The link was sent to {to} by email ({time})." / "Länken skickades till {to} via e-post ({time}).";
    mail_not_sent(to: &str, why: &str):
        "The link was not sent to {to} by email: {why}." / "Länken skickades inte till {to} via e-post: {why}.";
    mail_unknown(to: &str):
        "It is not known whether the link was sent to {to} by email."
        / "Det är inte känt om länken skickades till {to} via e-post.";
    mail_unknown_because(to: &str, why: &str):
        "It is not known whether the link was sent to {to} by email: {why}."
        / "Det är inte känt om länken skickades till {to} via e-post: {why}.";
    mail_read_aloud:
        "Pass the link on in another way. The panel does not try again."
        / "Lämna länken vidare på ett annat sätt. Panelen försöker inte igen.";
    mail_reset_again:
        "The panel does not try again: reset the password again to send another."
        / "Panelen försöker inte igen: återställ lösenordet igen för att skicka en ny.";
    why_link_ended: "the link had ended by then" / "länken hade redan slutat gälla";
}

impl Texts {
    /// Why an address can't be used for mail about an account.
    pub fn mail_problem(self, problem: MailProblem) -> String {
        match problem {
            MailProblem::NotOffered => self.mail_not_offered().to_owned(),
            MailProblem::Impossible => self.mail_impossible().to_owned(),
            MailProblem::LooksLikeAnother => self.mail_looks_like_another().to_owned(),
            MailProblem::Nowhere => self.mail_nowhere().to_owned(),
            MailProblem::TheMailbox => self.mail_the_mailbox().to_owned(),
            MailProblem::LeadsThere => self.mail_leads_there().to_owned(),
            MailProblem::ContactChanged => self.mail_contact_changed().to_owned(),
            MailProblem::TooMany => self.mail_too_many(AN_HOUR),
        }
    }

    const fn why_not_mailed(self, why: WhyNotMailed) -> &'static str {
        match why {
            WhyNotMailed::LinkEnded => self.why_link_ended(),
            WhyNotMailed::Untold(why) => self.why_untold(why),
        }
    }

    /// What became of the mailing of a link to somebody, as they are to be called; `time` is when that was.
    pub fn link_mailed(self, mail: &LinkMail, to: &str, time: &str) -> String {
        let why = mail.failure;
        match (mail.ended.map(|(end, _)| end), why) {
            (None, _) => self.mail_waits(to),
            (Some(LinkMailEnd::Sent), _) => self.mail_sent(to, time),
            (Some(LinkMailEnd::NotSent), why) => {
                self.mail_not_sent(to, why.map(|why| self.why_not_mailed(why)).unwrap_or_default())
            }
            // Whoever has begun to take it was there.
            (Some(LinkMailEnd::Unknown), Some(WhyNotMailed::Untold(WhyUntold::Away)) | None) => self.mail_unknown(to),
            (Some(LinkMailEnd::Unknown), Some(why)) => self.mail_unknown_because(to, self.why_not_mailed(why)),
        }
    }

    /// What became of the message to whom had a contact address.
    pub fn contact_letter(self, to: &str, state: &LetterState, time: &str) -> String {
        let why = state.failure.map(|why| self.why_untold(why));
        match (state.ended, why) {
            (Some((LetterEnd::Sent, _)), _) => self.contact_told(to, time),
            (Some((LetterEnd::GivenUp, _)), why) => self.contact_untold(to, why.unwrap_or_default()),
            (None, Some(why)) => self.contact_tells_late(to, why),
            (None, None) => self.contact_tells(to),
        }
    }
}
