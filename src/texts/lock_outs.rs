//! A lock-out: a reset whose password nobody gets.

use super::sentences;

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
}
