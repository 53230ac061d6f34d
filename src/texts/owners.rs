//! The pages for owners of mailboxes, who read a new password by link and code.

use super::{Texts, sentences};
use crate::model::Language;

sentences! {
    owner_title: "Your new email password" / "Ditt nya e-postlösenord";
    owner_lead:
        "Type the code that the help desk gave you. The password is then shown once, so have something to write it down with, or a password manager open."
        / "Skriv in koden som du har fått av supporten. Lösenordet visas sedan en enda gång, så ha något att skriva med till hands eller en lösenordshanterare öppen.";
    owner_code_field: "Code" / "Kod";
    owner_code_hint: "8 digits" / "8 siffror";
    owner_show: "Show the password" / "Visa lösenordet";
    owner_trying: "Trying the code…" / "Provar koden…";
    owner_until(time: &str): "The link works until {time}." / "Länken fungerar till {time}.";
    owner_code_unfit: "The code has 8 digits." / "Koden har 8 siffror.";
    owner_shown_once:
        "It is shown only now. Nobody at the help desk has seen it." / "Det visas bara nu. Ingen på supporten har sett det.";
    owner_settings: "If a program asks for more" / "Om ett program frågar efter mer";
    owner_done: "Close this page once you have saved the password." / "Stäng sidan när du har sparat lösenordet.";

    owner_refused_title: "This link does not work" / "Länken fungerar inte";
    owner_refused:
        "The link is incomplete, or it has expired, been revoked or replaced, or too many wrong codes were entered."
        / "Länken är ofullständig, eller så har den gått ut, återkallats eller ersatts, eller så har fel kod angetts för många gånger.";
    owner_refused_do: "Ask the help desk for a new one." / "Be supporten om en ny.";
    owner_void_title: "The link is void" / "Länken gäller inte längre";
    owner_void: "A wrong code was typed too often." / "Fel kod har angetts för många gånger.";
    owner_read_title: "The password has been shown" / "Lösenordet har visats";
    owner_read(date: &str):
        "It was shown on {date} and can’t be shown again." / "Det visades den {date} och kan inte visas igen.";
    owner_read_do:
        "Was it not you? Then someone else may have it: call the help desk at once. If it was you and you don’t have it any more, ask for a new one."
        / "Var det inte du? Då kan någon annan ha det: ring supporten genast. Om det var du och du inte har det kvar, be om ett nytt.";
    owner_busy_title: "Too many at once" / "För många samtidigt";
    owner_busy: "No code was tried." / "Ingen kod prövades.";
    owner_failed_title: "Not now" / "Inte just nu";
    owner_failed: "Something failed here, and the password was not shown." / "Något gick fel här, och lösenordet visades inte.";
    owner_astray: "Nothing was shown." / "Inget visades.";
    owner_astray_do: "Open the link again." / "Öppna länken igen.";
    owner_nowhere: "There is nothing at this address." / "Det finns inget på den här adressen.";
    owner_again_do: "Wait a little and try again." / "Vänta en stund och försök igen.";
    owner_help: "Help desk:" / "Support:";
    owner_reference(reference: &str): "Reference: {reference}" / "Referens: {reference}";
}

impl Texts {
    /// That a code was wrong, and how often one may still be typed.
    pub fn owner_code_wrong(self, left: i64) -> String {
        match (self.0, left) {
            (Language::English, 1) => "That is not the code. You have one try left.".to_owned(),
            (Language::English, _) => format!("That is not the code. You have {left} tries left."),
            (Language::Swedish, _) => format!("Det är inte koden. Du har {left} försök kvar."),
        }
    }
}
