//! The second factor: setting it up, its codes.

use super::sentences;

sentences! {
    second_factor: "Two-step sign-in" / "Tvåstegsinloggning";
    factor_why:
        "A code from an app on your phone, in addition to your password. A stolen password alone is then useless."
        / "En kod från en app i telefonen, utöver lösenordet. Då räcker det inte att någon får tag på ditt lösenord.";
    factor_set_up_opens: "Set up…" / "Ställ in…";
    factor_change_opens: "Change phone…" / "Byt telefon…";
    factor_is_on: "Signing in asks for a code." / "Inloggningen frågar efter en kod.";
    codes_left(left: i64): "Recovery codes left: {left}." / "Reservkoder kvar: {left}.";
    codes_renew_opens: "New recovery codes…" / "Nya reservkoder…";
    codes_renew: "New recovery codes" / "Nya reservkoder";
    codes_renew_lead: "The old ones stop working." / "De gamla slutar fungera.";
    codes_renew_do: "Create new codes" / "Skapa nya koder";
    app_remove: "Remove the app for codes" / "Ta bort appen för koder";
    app_remove_lead:
        "Codes from it stop working. Without a passkey, your password alone then signs you in."
        / "Koder från den slutar fungera. Utan lösennyckel räcker sedan lösenordet för att logga in.";
    factor_remove_opens: "Remove…" / "Ta bort…";
    factor_remove: "Remove" / "Ta bort";
    factor_removed: "Two-step sign-in is off." / "Tvåstegsinloggningen är avstängd.";
    factor_set_up: "Set up two-step sign-in" / "Ställ in tvåstegsinloggning";
    factor_required:
        "Your company requires this before you can continue."
        / "Ditt företag kräver det innan du kan fortsätta.";
    factor_scan:
        "Scan the code with an authenticator app, or enter the key by hand. Then enter the six digits the app shows."
        / "Läs av bilden med en autentiseringsapp, eller skriv in koden under den för hand. Ange sedan de sex siffror som appen visar.";
    factor_picture: "QR code with the key below" / "QR-kod med koden nedan";
    factor_key: "Key" / "Kod för inmatning";
    factor_turn_on: "Turn on" / "Slå på";
    factor_too_old: "The page was too old; this is a new key. Scan it again." / "Sidan var för gammal; det här är en ny kod. Läs av den igen.";
    code_label: "Code" / "Kod";
    code_hint:
        "Six digits from your app, or one of your recovery codes." / "Sex siffror från din app, eller en av dina reservkoder.";
    code_hint_app: "Six digits from your app." / "Sex siffror från din app.";
    code_wrong: "That code didn’t work. Check it, or wait for the next one." / "Koden fungerade inte. Kontrollera den eller vänta på nästa.";
    code_wrong_begin_anew:
        "That code didn’t work. Sign in again, and use the next one."
        / "Koden fungerade inte. Logga in igen och använd nästa kod.";
    code_wrong_open_link:
        "That code didn’t work. Open the link again and use the next one."
        / "Koden fungerade inte. Öppna länken igen och använd nästa kod.";
    sign_in_with_code: "Enter your code" / "Ange koden";
    half_not_good:
        "This step was used already, or it took too long. Sign in again."
        / "Det här steget är redan använt, eller så tog det för lång tid. Logga in igen.";
    recovery_codes: "Your recovery codes" / "Dina reservkoder";
    recovery_codes_lead:
        "Use one of these if you lose your phone. Each works once. They won’t be shown again: print or save them now, and keep them away from the phone."
        / "Använd en av koderna om du blir av med telefonen. Varje kod fungerar en gång. De visas inte igen: skriv ut eller spara dem nu, och inte tillsammans med telefonen.";
    recovery_codes_kept: "I’ve saved them" / "Jag har sparat dem";
}
