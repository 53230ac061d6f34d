//! What people sign in with, and ending it with their sessions.

use super::sentences;

sentences! {
    held: "Ways to sign in" / "Sätt att logga in";
    held_password: "Password" / "Lösenord";
    held_set: "set" / "satt";
    held_app: "App for codes" / "App för koder";
    held_passkey: "Passkey" / "Lösennyckel";
    held_made: "made" / "skapade";
    held_elsewhere: "Single sign-on at" / "Inloggning via";
    held_nothing: "None yet." / "Inga än.";
    invite_keeps_factors:
        "Their app and passkeys stay. If someone else may have added one, sign them out below and remove it."
        / "Appen och lösennycklarna finns kvar. Om någon annan kan ha lagt till en: logga ut personen nedan och ta bort den.";
    endings_label: "Besides the password" / "Utöver lösenordet";
    endings_none: "Keep what they sign in with" / "Behåll det som används vid inloggning";
    endings_since: "Remove what was added since the moment below" / "Ta bort det som lagts till sedan tidpunkten nedan";
    endings_all: "Remove every passkey, app and recovery code" / "Ta bort alla lösennycklar, appen och reservkoderna";
    endings_moment: "Added since" / "Tillagt sedan";
    endings_moment_hint: "A day such as 2026-11-23, or a moment such as 2026-11-23 14:02." / "En dag som 2026-11-23 eller en tidpunkt som 2026-11-23 14:02.";
    end_everything_opens: "Sign out all other devices and remove passkeys, app and codes…" / "Logga ut alla andra enheter och ta bort lösennycklar, app och koder…";
    end_everything: "Sign out all other devices" / "Logga ut alla andra enheter";
    end_everything_lead:
        "For when someone else may have been in: every other session ends, and the ways to sign in that you choose below are removed. You stay signed in here. Change your password as well."
        / "För när någon annan kan ha varit inne: alla andra sessioner avslutas, och de sätt att logga in som du väljer nedan tas bort. Du förblir inloggad här. Byt lösenord också.";
    everything_ended: "Signed out everywhere else." / "Utloggad överallt utom här.";
}
