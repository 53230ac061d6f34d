//! The keys that lead through the panel.

use super::sentences;

sentences! {
    keys: "Keyboard shortcuts" / "Tangentbordsgenvägar";
    key_search: "Go to the search" / "Gå till sökningen";
    key_open: "In the search: open the only hit, or go to the first of several" / "I sökningen: öppna den enda träffen, eller gå till den första av flera";
    key_confirm:
        "Where a reset is confirmed: reset the password (on a Mac ⌘ + Enter)"
        / "Där en återställning bekräftas: återställ lösenordet (på en Mac ⌘ + Enter)";
    key_leave: "Leave a question without doing it, close a menu" / "Lämna en fråga utan att göra något, stäng en meny";
    keys_letters:
        "Press these together with Alt in Chrome and Edge, Alt + Shift in Firefox, or Control + Option on a Mac:"
        / "Tryck dessa tillsammans med Alt i Chrome och Edge, Alt + Skift i Firefox eller Control + Alternativ på en Mac:";
    key_reset: "Reset password…, on the page of an account" / "Återställ lösenord…, på ett kontos sida";
    key_copy: "Copy the new password, or the link" / "Kopiera det nya lösenordet eller länken";
    key_hide: "Hide the new password, or show it" / "Dölj det nya lösenordet, eller visa det";
    key_spell: "Spell the new password" / "Bokstavera det nya lösenordet";
    key_close: "Close the new password" / "Stäng det nya lösenordet";
}
