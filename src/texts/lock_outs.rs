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
    not_shown_locked_out:
        "The account was locked out after this, so this is not the password that works, and it is not shown."
        / "Kontot spärrades efter det här, så det här är inte lösenordet som gäller, och det visas inte.";
}
