//! The second factor: setting it up, its codes.

use super::sentences;

sentences! {
    second_factor: "Second factor" / "Andra faktor";
    factor_why:
        "A code from an app on your phone, in addition to your password. A stolen password alone is then useless."
        / "En kod från en app på telefonen, utöver lösenordet. Då räcker det inte att någon får tag på ditt lösenord.";
    factor_set_up_opens: "Set up…" / "Ställ in…";
    factor_change_opens: "Change phone…" / "Byt telefon…";
    factor_is_on: "Signing in asks for a code." / "Inloggningen frågar efter en kod.";
    codes_left(left: i64): "Recovery codes left: {left}." / "Reservkoder kvar: {left}.";
    codes_renew_opens: "New recovery codes…" / "Nya reservkoder…";
    codes_renew: "New recovery codes" / "Nya reservkoder";
    codes_renew_lead: "The old ones stop working." / "De gamla slutar att gälla.";
    codes_renew_do: "Make new codes" / "Skapa nya koder";
    app_remove: "Remove the app for codes" / "Ta bort appen för koder";
    app_remove_lead:
        "Codes from it stop working. Without a passkey, your password alone then signs you in."
        / "Koder från den slutar att gälla. Utan passnyckel räcker sedan lösenordet för att logga in.";
    factor_remove_opens: "Remove…" / "Ta bort…";
    factor_remove: "Remove" / "Ta bort";
    factor_removed: "The second factor is removed." / "Den andra faktorn är borttagen.";
    factor_set_up: "Set up a second factor" / "Ställ in en andra faktor";
    factor_required:
        "Your company requires one before you can continue."
        / "Ditt företag kräver en innan du kan fortsätta.";
    factor_scan:
        "Scan the code with an authenticator app, or enter the key by hand. Then enter the code that the app shows."
        / "Läs av bilden med en autentiseringsapp, eller skriv in nyckeln för hand. Ange sedan koden som appen visar.";
    factor_picture: "QR code with the key below" / "QR-kod med nyckeln nedan";
    factor_key: "Key" / "Nyckel";
    factor_turn_on: "Turn it on" / "Slå på";
    factor_too_old: "The page was too old; this is a new key. Scan it again." / "Sidan var för gammal; det här är en ny nyckel. Läs av den igen.";
    code_label: "Code" / "Kod";
    code_hint:
        "Six digits from your app, or one of your recovery codes." / "Sex siffror från din app, eller en av dina reservkoder.";
    code_hint_app: "Six digits from your app." / "Sex siffror från din app.";
    code_wrong: "The code is wrong or was used before. Wait for the next one." / "Koden är fel eller redan använd. Vänta på nästa.";
    code_wrong_begin_anew:
        "The code was wrong or was used before. Sign in again, with the next one."
        / "Koden var fel eller redan använd. Logga in igen, med nästa kod.";
    code_wrong_open_link:
        "The code was wrong or was used before. Open the link again and use the next one."
        / "Koden var fel eller redan använd. Öppna länken igen och använd nästa kod.";
    sign_in_with_code: "One more step" / "Ett steg till";
    half_not_good:
        "This step was used already, or it took too long. Sign in again."
        / "Det här steget är redan använt, eller så tog det för lång tid. Logga in igen.";
    recovery_codes: "Your recovery codes" / "Dina reservkoder";
    recovery_codes_lead:
        "Each works once in place of a code, for the day on which your telephone is lost. They are shown only now: print them or write them down, and keep them away from the telephone."
        / "Varje kod fungerar en gång i stället för en kod från appen, om telefonen kommer bort. De visas bara nu: skriv ut eller skriv av dem och förvara dem inte med telefonen.";
    recovery_codes_kept: "I’ve saved them" / "Jag har sparat dem";
}
