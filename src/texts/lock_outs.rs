//! A lock-out: a reset whose password nobody gets, of one account or of several.

use super::{Texts, sentences};
use crate::model::{LockedOut, OperationKind};

sentences! {
    lock_out_opens: "Lock out…" / "Spärra…";
    lock_out_of: "Lock out" / "Spärra";
    lock_out: "Lock out" / "Spärra";
    fact_locks:
        "The current password stops working, on every phone and computer."
        / "Det nuvarande lösenordet slutar gälla, på alla telefoner och datorer.";
    fact_nobody:
        "Nobody gets the new password, you included." / "Ingen får det nya lösenordet, inte heller du.";
    lock_out_goes_on:
        "Mail is still received; aliases and the automatic reply go on."
        / "E-post tas fortfarande emot; alias och autosvar fortsätter.";
    lock_out_open:
        "A program that is signed in may go on until it connects again."
        / "Ett program som är inloggat kan fortsätta tills det ansluter på nytt.";
    lock_out_ends:
        "Reset the password to let the owner in again." / "Återställ lösenordet för att släppa in ägaren igen.";
    lock_out_unknown_do: "Lock it out again to be sure." / "Spärra igen för att vara säker.";
    locked_out_before(ago: &str, name: &str): "Locked out {ago} by {name}." / "Spärrades {ago} av {name}.";
    locked_out_by(name: &str): "Locked out by {name}" / "Spärrat av {name}";
    locked_out_mark: "Locked out" / "Spärrat";
    perhaps_locked_out: "May be locked out" / "Kan vara spärrat";
    only_locked_out: "Locked out, or may be" / "Spärrade, säkert eller kanske";
    what_lock_out: "Lock-out" / "Spärrning";
    still_locked_out:
        "The account is still locked out; nothing was changed." / "Kontot är fortfarande spärrat; inget ändrades.";
    since_reset(ago: &str, name: &str):
        "Its password was reset {ago} by {name}." / "Lösenordet återställdes {ago} av {name}.";
    since_locked_out(ago: &str, name: &str):
        "The account was locked out {ago} by {name}." / "Kontot spärrades {ago} av {name}.";
    since_deleted(ago: &str, name: &str): "The account was deleted {ago} by {name}." / "Kontot togs bort {ago} av {name}.";
    last_unknown_lock_out(ago: &str, name: &str):
        "{name} tried to lock it out {ago} and GleSYS did not say how it ended."
        / "{name} försökte spärra {ago} och GleSYS sa inte hur det gick.";
    created_before(ago: &str, name: &str): "Created {ago} by {name}." / "Skapades {ago} av {name}.";
    not_shown_perhaps:
        "The password may have been changed again after this, so this one may not work, and it is not shown."
        / "Lösenordet kan ha ändrats igen efter det här, så det här gäller kanske inte, och det visas inte.";
    not_shown_locked_out:
        "The account was locked out after this, so this is not the password that works, and it is not shown."
        / "Kontot spärrades efter det här, så det här är inte lösenordet som gäller, och det visas inte.";
    lock_out_all_opens: "Lock out all accounts…" / "Spärra alla konton…";
    do_lock_out: "Lock out accounts" / "Spärra konton";
    do_lock_out_all: "Lock out all accounts" / "Spärra alla konton";
    facts_lock:
        "The current passwords stop working, on every phone and computer."
        / "De nuvarande lösenorden slutar gälla, på alla telefoner och datorer.";
    facts_nobody: "Nobody gets the new passwords, you included." / "Ingen får de nya lösenorden, inte heller du.";
    lock_outs_later:
        "An account that someone has reset since the accounts were chosen is left out."
        / "Ett konto som någon har återställt sedan kontona valdes utelämnas.";
    lock_outs_unknown:
        "Where GleSYS does not say how it ended, the account may be locked out or not. The page says so, and it can be tried again after a minute."
        / "Där GleSYS inte säger hur det gick kan kontot vara spärrat eller inte. Sidan säger det, och efter en minut kan det göras om.";
    lock_outs_unknown_do:
        "Where it is unknown, an account may be locked out or not. Try again after a minute to be sure."
        / "Där det är okänt kan kontot vara spärrat eller inte. Försök igen efter en minut för att vara säker.";
    lock_outs_end:
        "Reset an account’s password to let its owner in again."
        / "Återställ ett kontos lösenord för att släppa in dess ägare igen.";
    lock_outs_as_read(accounts: usize, time: &str):
        "The domain had {accounts} accounts when it was read on {time}. One that is made later is not locked out."
        / "Domänen hade {accounts} konton när den lästes den {time}. Ett som skapas senare spärras inte.";
    lock_outs_stop_at(accounts: i64):
        "No more than {accounts} can be locked out in the time of the limit. It stops there, and can go on later."
        / "Högst {accounts} kan spärras på den tid som gränsen gäller. Det stannar där, och kan fortsätta senare.";
    domain_typed: "Type the domain to confirm" / "Skriv domänen för att bekräfta";
    domain_typed_wrong: "This is not the domain above." / "Det här är inte domänen ovan.";
    to_lock_out: "Will be locked out" / "Kommer att spärras";
    lock_out_one: "Lock out 1 account" / "Spärra 1 konto";
    lock_out_some(accounts: usize): "Lock out {accounts} accounts" / "Spärra {accounts} konton";
    item_not_locked_out: "Not locked out" / "Ej spärrat";
    left_out_password_since:
        "It has had a new password since the accounts were chosen."
        / "Det har fått ett nytt lösenord sedan kontona valdes.";
    left_out_locked_out_since:
        "It has been locked out since the accounts were chosen." / "Det har spärrats sedan kontona valdes.";
    lock_outs_nothing: "There is nothing to lock out: see below why." / "Det finns inget att spärra: se nedan varför.";
    lock_outs_others: "Left out" / "Utelämnat";
    lock_outs_last: "Last change of the password" / "Lösenordets senaste ändring";
    stopped_may_not_reset:
        "The person who started it may no longer reset passwords in this domain."
        / "Den som startade det får inte längre återställa lösenord i domänen.";
}

impl Texts {
    /// Whether an account is locked out, where there is something to say.
    pub const fn locked_out(self, state: LockedOut) -> Option<&'static str> {
        match state {
            LockedOut::No => None,
            LockedOut::Unknown => Some(self.perhaps_locked_out()),
            LockedOut::Yes => Some(self.locked_out_mark()),
        }
    }

    /// What last gave an account a password or took it away, when and by whom.
    pub fn last_password(self, kind: OperationKind, ago: &str, name: &str) -> String {
        match kind {
            OperationKind::LockOut => self.locked_out_before(ago, name),
            OperationKind::CreateAccount => self.created_before(ago, name),
            OperationKind::DeleteAccount => self.since_deleted(ago, name),
            _ => self.reset_before(ago, name),
        }
    }
}
