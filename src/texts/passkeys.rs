//! Passkeys.

use super::{Texts, sentences};

sentences! {
    passkeys: "Passkeys" / "Lösennycklar";
    passkeys_why:
        "A passkey signs you in with your fingerprint, your face or the PIN of your device, without the password. It works on this panel only, and can’t be phished."
        / "Med en lösennyckel (passkey) loggar du in med fingeravtryck, ansikte eller enhetens PIN-kod, utan lösenordet. Den fungerar bara på den här panelen och kan inte lockas ur dig av en falsk sida.";
    passkeys_off:
        "Passkeys don’t work here, because the panel’s address is a number and not a name."
        / "Lösennycklar fungerar inte här, eftersom panelens adress är ett nummer och inte ett namn.";
    passkey_added_at: "added" / "tillagd";
    passkey_never_used: "never used" / "aldrig använd";
    passkey_add_opens: "Add a passkey…" / "Lägg till en lösennyckel…";
    passkey_add: "Add a passkey" / "Lägg till en lösennyckel";
    passkey_instead: "Use a passkey instead" / "Använd en lösennyckel i stället";
    app_instead: "Use codes from an app instead" / "Använd koder från en app i stället";
    passkey_remove(label: &str): "Remove {label}" / "Ta bort {label}";
    passkey_remove_lead:
        "It no longer signs you in. Without another one or an app, your password alone then does."
        / "Den loggar inte längre in dig. Utan en annan eller en app räcker sedan lösenordet.";
    passkey_removed: "The passkey is removed." / "Lösennyckeln är borttagen.";
    passkey_added: "The passkey is added." / "Lösennyckeln är tillagd.";
    passkey_label: "Name" / "Namn";
    passkey_label_hint:
        "So you recognise it: for example “Laptop” or “YubiKey”."
        / "Så att du känner igen den, till exempel ”Bärbar” eller ”YubiKey”.";
    passkey_label_missing: "Give it a name." / "Ge den ett namn.";
    passkey_not_added:
        "The passkey was not added. Try again; if it is here already, it need not be added."
        / "Lösennyckeln lades inte till. Försök igen; om den redan finns här behöver den inte läggas till.";
    passkey_wrong:
        "That did not work. Try again, or sign in in another way."
        / "Det fungerade inte. Försök igen, eller logga in på ett annat sätt.";
    passkey_sign_in: "Sign in with a passkey" / "Logga in med en lösennyckel";
    passkey_use: "Use a passkey" / "Använd en lösennyckel";
    passkey_no_script: "Passkeys need JavaScript." / "Lösennycklar kräver JavaScript.";
    passkey_cancelled:
        "That was cancelled, took too long, or this device has no passkey for the panel. Try again."
        / "Det avbröts, tog för lång tid, eller så har enheten ingen lösennyckel för panelen. Försök igen.";
    passkey_known:
        "That device or key has a passkey for you here already." / "Den enheten eller nyckeln har redan en lösennyckel för dig här.";
    passkey_unable:
        "This browser or device can’t use passkeys here." / "Den här webbläsaren eller enheten kan inte använda lösennycklar här.";
    passkey_unreached:
        "The panel can’t be reached at the moment. Try again." / "Panelen går inte att nå just nu. Försök igen.";
    code_hint_recovery: "One of your recovery codes." / "En av dina reservkoder.";
}

impl Texts {
    /// What may be typed as a code, by whoever has an app or has none.
    pub const fn code_hint_for(self, app: bool) -> &'static str {
        if app { self.code_hint() } else { self.code_hint_recovery() }
    }
}
