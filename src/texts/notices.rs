//! What people are shown about how they sign in, until they put it away.

use super::{Texts, sentences};
use crate::model::look_alike::COMMAND_LINE;
use crate::model::{NoticeKind, ToldNotice};

sentences! {
    told_title: "How you sign in has changed" / "Ditt sätt att logga in har ändrats";
    told_if_not_you:
        "If that was not you, change your password, sign out everywhere with what was added, and tell an admin."
        / "Om det inte var du: byt lösenord, logga ut överallt och ta bort det som lagts till, och säg till en administratör.";
    told_read: "I have read this" / "Jag har läst det här";
    told_before: "Changes of how you sign in, the last 90 days" / "Ändringar i hur du loggar in, de senaste 90 dagarna";
    n_passkey_added(label: &str): "The passkey “{label}” was added" / "Lösennyckeln ”{label}” lades till";
    n_passkey_removed(label: &str): "The passkey “{label}” was removed" / "Lösennyckeln ”{label}” togs bort";
    n_app_set_up: "An app for codes was set up" / "En app för koder ställdes in";
    n_app_removed: "The app for codes was removed" / "Appen för koder togs bort";
    n_recovery_codes_made: "New recovery codes were made" / "Nya reservkoder skapades";
    n_recovery_code_used: "A recovery code was used" / "En reservkod användes";
    n_password_set: "The password was changed" / "Lösenordet byttes";
    n_link_made: "A link to a new password was made" / "En länk till ett nytt lösenord skapades";
    n_sign_in_link_made: "A link that signs you in was made" / "En länk som loggar in dig skapades";
    n_renamed(old: &str): "The name you sign in with was changed from {old}" / "Ditt inloggningsnamn ändrades från {old}";
    n_roles_changed: "Your roles were changed" / "Dina roller ändrades";
    n_let_in_again: "You were let in again" / "Du släpptes in igen";
    n_codes_guessed:
        "Many wrong codes were typed after your right password: someone else may know it"
        / "Många felaktiga koder skrevs efter ditt rätta lösenord: någon annan kan känna till det";
    n_all_ended:
        "The panel’s database was put back to an older state or repaired. Your password, passkeys, app and recovery codes from before were removed"
        / "Panelens databas lades tillbaka till ett äldre läge eller reparerades. Ditt lösenord, dina lösennycklar, din app och dina reservkoder från tidigare togs bort";
    told_by(what: &str, name: &str): "{what} by {name}" / "{what} av {name}";
    told_by_command_line(what: &str): "{what} at the command line" / "{what} på kommandoraden";
    told_times(what: &str, times: i64): "{what}, {times} times" / "{what}, {times} gånger";
}

impl Texts {
    /// What somebody is shown, by whom it was done where that was somebody else, and how often.
    pub fn notice(self, told: &ToldNotice) -> String {
        let subject = told.notice.subject.as_deref().unwrap_or_default();
        let what = match told.notice.kind {
            NoticeKind::PasskeyAdded => self.n_passkey_added(subject),
            NoticeKind::PasskeyRemoved => self.n_passkey_removed(subject),
            NoticeKind::AppSetUp => self.n_app_set_up().to_owned(),
            NoticeKind::AppRemoved => self.n_app_removed().to_owned(),
            NoticeKind::RecoveryCodesMade => self.n_recovery_codes_made().to_owned(),
            NoticeKind::RecoveryCodeUsed => self.n_recovery_code_used().to_owned(),
            NoticeKind::PasswordSet => self.n_password_set().to_owned(),
            NoticeKind::LinkMade => self.n_link_made().to_owned(),
            NoticeKind::SignInLinkMade => self.n_sign_in_link_made().to_owned(),
            NoticeKind::Renamed => self.n_renamed(subject),
            NoticeKind::RolesChanged => self.n_roles_changed().to_owned(),
            NoticeKind::LetInAgain => self.n_let_in_again().to_owned(),
            NoticeKind::CodesGuessed => self.n_codes_guessed().to_owned(),
            NoticeKind::AllEnded => self.n_all_ended().to_owned(),
        };
        let what = match told.notice.by.as_deref() {
            None => what,
            Some(COMMAND_LINE) => self.told_by_command_line(&what),
            Some(name) => self.told_by(&what, name),
        };
        let what = if told.times > 1 { self.told_times(&what, told.times) } else { what };
        format!("{what}.")
    }
}
