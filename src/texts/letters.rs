//! Messages that tell owners of mailboxes of resets and lock-outs, and what staff see of them.

use super::{Texts, sentences};
use crate::model::letter::News;
use crate::model::{ContactNews, LetterEnd, LetterState, WhyUntold};

sentences! {
    letter_reset_subject: "Your email password was reset" / "Ditt e-postlösenord har återställts";
    letter_lock_out_subject: "Your email account was locked" / "Ditt e-postkonto har spärrats";
    letter_perhaps_subject: "About your email password" / "Om ditt e-postlösenord";
    letter_reset(address: &str, when: &str):
        "The help desk reset the password of {address} on {when}. The old password no longer works."
        / "Supporten återställde lösenordet till {address} den {when}. Det gamla lösenordet fungerar inte längre.";
    letter_perhaps_reset(address: &str, when: &str):
        "The help desk tried to reset the password of {address} on {when}. Whether it was reset is not known: the old password may no longer work."
        / "Supporten försökte återställa lösenordet till {address} den {when}. Om det lyckades är inte känt: det gamla lösenordet kan ha slutat fungera.";
    letter_lock_out(address: &str, when: &str):
        "The help desk locked {address} on {when}: nobody can sign in until its password is reset. Mail is received as before."
        / "Supporten spärrade {address} den {when}: ingen kan logga in förrän lösenordet återställs. Post tas emot som förut.";
    letter_perhaps_lock_out(address: &str, when: &str):
        "The help desk tried to lock {address} on {when}. Whether it was locked is not known: the old password may no longer work."
        / "Supporten försökte spärra {address} den {when}. Om det lyckades är inte känt: det gamla lösenordet kan ha slutat fungera.";
    letter_ticket(ticket: &str): "Reason or ticket: {ticket}" / "Orsak eller ärende: {ticket}";
    letter_not_asked:
        "If you did not ask for this, someone else may be getting into your mail: call the help desk at once, on a number that you know already."
        / "Om du inte har bett om det här kan någon annan vara på väg in i din e-post: ring supporten genast, på ett nummer som du redan har.";
    letter_not_asked_call(line: &str):
        "If you did not ask for this, someone else may be getting into your mail: call the help desk at once. Help desk: {line}"
        / "Om du inte har bett om det här kan någon annan vara på väg in i din e-post: ring supporten genast. Support: {line}";
    letter_no_secret:
        "This message contains no link and no password. The help desk never asks for yours."
        / "Det här meddelandet innehåller ingen länk och inget lösenord. Supporten frågar aldrig efter ditt.";

    letter_contact_subject: "About your contact address" / "Om din kontaktadress";
    letter_contact_changed(account: &str, when: &str):
        "Until now, this address was the contact address of {account}: links to a new password could be sent here. On {when}, it was replaced by another."
        / "Den här adressen har varit kontaktadress för {account}: länkar till ett nytt lösenord kunde skickas hit. Den {when} byttes den ut mot en annan.";
    letter_contact_removed(account: &str, when: &str):
        "Until now, this address was the contact address of {account}: links to a new password could be sent here. On {when}, it was removed."
        / "Den här adressen har varit kontaktadress för {account}: länkar till ett nytt lösenord kunde skickas hit. Den {when} togs den bort.";
    contact_not_asked:
        "If you did not ask for this, call the help desk, on a number that you know already."
        / "Om du inte har bett om det här: ring supporten, på ett nummer som du redan har.";
    contact_not_asked_call(line: &str):
        "If you did not ask for this, call the help desk. Help desk: {line}"
        / "Om du inte har bett om det här: ring supporten. Support: {line}";
    mailed_link_subject: "Link to your new email password" / "Länk till ditt nya e-postlösenord";
    mailed_link_lead(account: &str):
        "The help desk has reset the password of {account}. Read the new one here:"
        / "Supporten har återställt lösenordet till {account}. Läs det nya här:";
    mailed_link_use(when: &str):
        "The page asks for a code, which the help desk gives you in another way. Link and code can be used once, until {when}. Don’t forward this message, and don’t send the code by email."
        / "Sidan ber om en kod, som du får av supporten på ett annat sätt. Länk och kod kan användas en gång, till den {when}. Skicka inte det här meddelandet vidare, och skicka inte koden via e-post.";
    mailed_link_stray:
        "If this is not your account, delete this message: the link is worth nothing without the code. If it is yours and you did not ask for this, call the help desk at once, on a number that you know already."
        / "Om det inte är ditt konto: ta bort meddelandet, länken är inget värd utan koden. Om det är ditt och du inte har bett om det här: ring supporten genast, på ett nummer som du redan har.";
    mailed_link_stray_call(line: &str):
        "If this is not your account, delete this message: the link is worth nothing without the code. If it is yours and you did not ask for this, call the help desk at once. Help desk: {line}"
        / "Om det inte är ditt konto: ta bort meddelandet, länken är inget värd utan koden. Om det är ditt och du inte har bett om det här: ring supporten genast. Support: {line}";

    untold_away: "the mail server can’t be reached or takes no messages now" / "e-postservern kan inte nås eller tar inte emot några meddelanden just nu";
    untold_no_tls:
        "there is no encrypted connection to the mail server, or its certificate can’t be trusted"
        / "det går inte att få en krypterad anslutning till e-postservern, eller så går det inte att lita på dess certifikat";
    untold_not_smtp: "what answers there is no mail server" / "det som svarar där är ingen e-postserver";
    untold_wrong_login: "the mail server does not take the panel’s name and password" / "e-postservern godtar inte panelens namn och lösenord";
    untold_no_login: "the mail server has no sign-in with a name and a password" / "e-postservern har ingen inloggning med namn och lösenord";
    untold_sender: "the mail server does not take mail from the panel’s address" / "e-postservern tar inte emot post från panelens adress";
    untold_deferred: "the mail server asked to try again later" / "e-postservern bad om ett nytt försök senare";
    untold_recipient: "the mail server does not take mail to this address" / "e-postservern tar inte emot post till den här adressen";
    untold_message: "the mail server refused the message" / "e-postservern avvisade meddelandet";
    untold_international:
        "the mail server can’t send to an address with such letters before the @"
        / "e-postservern kan inte skicka till en adress med sådana tecken före @";
    untold_unfit: "no message can be sent to an address like this" / "det går inte att skicka till en sådan adress";
    untold_off: "messages to mailboxes were switched off" / "meddelanden till brevlådor stängdes av";

    letter_sent(time: &str): "The owner was notified by email ({time})." / "Ägaren har fått ett meddelande via e-post ({time}).";
    letter_waits: "A message to the owner is on its way by email." / "Ett meddelande till ägaren är på väg via e-post.";
    letter_waits_since(why: &str):
        "The owner has not been notified by email yet: {why}. The panel will try again." / "Ägaren har inte fått något meddelande via e-post än: {why}. Panelen försöker igen.";
    letter_given_up(why: &str):
        "The owner was not notified by email: {why}. Tell the owner yourself." / "Ägaren har inte fått något meddelande via e-post: {why}. Meddela ägaren själv.";
}

impl Texts {
    pub const fn letter_subject(self, news: News) -> &'static str {
        match news {
            News::Reset => self.letter_reset_subject(),
            News::LockedOut => self.letter_lock_out_subject(),
            News::PerhapsReset | News::PerhapsLockedOut => self.letter_perhaps_subject(),
            News::Contact(_) => self.letter_contact_subject(),
        }
    }

    /// What happened to an account, to its owner.
    pub fn letter_news(self, news: News, address: &str, when: &str) -> String {
        match news {
            News::Reset => self.letter_reset(address, when),
            News::PerhapsReset => self.letter_perhaps_reset(address, when),
            News::LockedOut => self.letter_lock_out(address, when),
            News::PerhapsLockedOut => self.letter_perhaps_lock_out(address, when),
            News::Contact(ContactNews::Changed) => self.letter_contact_changed(address, when),
            News::Contact(ContactNews::Removed) => self.letter_contact_removed(address, when),
        }
    }

    /// What to do about a contact address that was changed unasked, with the help desk's number where it is known.
    pub fn letter_contact_not_asked(self, line: Option<&str>) -> String {
        line.map_or_else(|| self.contact_not_asked().to_owned(), |line| self.contact_not_asked_call(line))
    }

    /// What to do about a link that was not asked for.
    pub fn mailed_link_not_asked(self, line: Option<&str>) -> String {
        line.map_or_else(|| self.mailed_link_stray().to_owned(), |line| self.mailed_link_stray_call(line))
    }

    /// Why a mailbox was not told, in the middle of a sentence.
    pub const fn why_untold(self, why: WhyUntold) -> &'static str {
        match why {
            WhyUntold::Away => self.untold_away(),
            WhyUntold::NoTls => self.untold_no_tls(),
            WhyUntold::NotSmtp => self.untold_not_smtp(),
            WhyUntold::WrongLogin => self.untold_wrong_login(),
            WhyUntold::NoLogin => self.untold_no_login(),
            WhyUntold::SenderRefused => self.untold_sender(),
            WhyUntold::Deferred => self.untold_deferred(),
            WhyUntold::RecipientRefused => self.untold_recipient(),
            WhyUntold::MessageRefused => self.untold_message(),
            WhyUntold::NoInternational => self.untold_international(),
            WhyUntold::UnfitAddress => self.untold_unfit(),
            WhyUntold::SwitchedOff => self.untold_off(),
        }
    }

    /// What became of the message to a mailbox; `time` is when that was. What is given up has its reason.
    pub fn letter_state(self, state: &LetterState, time: &str) -> String {
        let why = state.failure.map(|why| self.why_untold(why));
        match (state.ended, why) {
            (Some((LetterEnd::Sent, _)), _) => self.letter_sent(time),
            (Some((LetterEnd::GivenUp, _)), why) => self.letter_given_up(why.unwrap_or_default()),
            (None, Some(why)) if state.failure == Some(WhyUntold::SwitchedOff) => self.letter_given_up(why),
            (None, Some(why)) => self.letter_waits_since(why),
            (None, None) => self.letter_waits().to_owned(),
        }
    }
}
