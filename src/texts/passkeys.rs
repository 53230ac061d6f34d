//! Passkeys.

use super::{Texts, sentences};

sentences! {
    passkeys: "Passkeys" / "Passnycklar";
    passkeys_why:
        "A passkey signs you in with your fingerprint, your face or the PIN of your device, without the password. It works on this panel only, so no copy of its pages can steal it."
        / "Med en passnyckel loggar du in med fingeravtryck, ansikte eller enhetens PIN-kod, utan lösenordet. Den fungerar bara på den här panelen, så ingen kopia av sidorna kan stjäla den.";
    passkeys_off:
        "Passkeys need a panel with a name: its public URL has a number for a host."
        / "Passnycklar kräver att panelen har ett namn: dess publika adress är ett nummer.";
    passkey_added_at: "added" / "tillagd";
    passkey_never_used: "never used" / "aldrig använd";
    passkey_add_opens: "Add a passkey…" / "Lägg till en passnyckel…";
    passkey_add: "Add a passkey" / "Lägg till en passnyckel";
    passkey_instead: "Use a passkey instead" / "Använd en passnyckel i stället";
    app_instead: "Use codes from an app instead" / "Använd koder från en app i stället";
    passkey_remove(label: &str): "Remove {label}" / "Ta bort {label}";
    passkey_remove_lead:
        "It no longer signs you in. Without another one or an app, your password alone then does."
        / "Den loggar inte längre in dig. Utan en annan eller en app räcker sedan lösenordet.";
    passkey_removed: "The passkey is removed." / "Passnyckeln är borttagen.";
    passkey_added: "The passkey is added." / "Passnyckeln är tillagd.";
    passkey_label: "What you call it" / "Vad du kallar den";
    passkey_label_hint:
        "So that you recognise it: the device or the key that keeps it."
        / "Så att du känner igen den: enheten eller nyckeln som den finns på.";
    passkey_label_missing: "Call it something." / "Kalla den något.";
    passkey_not_added:
        "The passkey was not added. Try again; if it is here already, it need not be added."
        / "Passnyckeln lades inte till. Försök igen; om den redan finns här behöver den inte läggas till.";
    passkey_wrong:
        "That did not work. Try again, or sign in in another way."
        / "Det fungerade inte. Försök igen, eller logga in på ett annat sätt.";
    passkey_sign_in: "Sign in with a passkey" / "Logga in med en passnyckel";
    passkey_use: "Use a passkey" / "Använd en passnyckel";
    passkey_no_script: "Passkeys need JavaScript." / "Passnycklar kräver JavaScript.";
    passkey_cancelled:
        "That was cancelled, took too long, or this device has no passkey for the panel. Try again."
        / "Det avbröts, tog för lång tid, eller så har enheten ingen passnyckel för panelen. Försök igen.";
    passkey_known:
        "That device or key has a passkey for you here already." / "Den enheten eller nyckeln har redan en passnyckel för dig här.";
    passkey_unable:
        "This browser or device can’t use passkeys here." / "Den här webbläsaren eller enheten kan inte använda passnycklar här.";
    passkey_unreached:
        "The panel can’t be reached just now. Try again in a moment." / "Panelen kan inte nås just nu. Försök igen om en stund.";
    code_hint_recovery: "One of your recovery codes." / "En av dina reservkoder.";
}

impl Texts {
    /// What may be typed as a code, by whoever has an app or has none.
    pub const fn code_hint_for(self, app: bool) -> &'static str {
        if app { self.code_hint() } else { self.code_hint_recovery() }
    }
}
