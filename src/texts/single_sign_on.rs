//! Single sign-on: signing in at the company's provider; and sign-in links.

use super::sentences;

sentences! {
    sso_sign_in(name: &str): "Sign in with {name}" / "Logga in med {name}";
    sso_or: "or with a Nyckel password" / "eller med ett Nyckel-lösenord";
    local_off: "Signing in with a password is switched off here." / "Inloggning med lösenord är avstängd här.";
    sso_there(name: &str): "Going to {name}" / "Vidare till {name}";
    sso_there_lead: "You sign in there and are sent back here." / "Du loggar in där och skickas tillbaka hit.";
    sso_back: "Back again" / "Tillbaka igen";
    sso_back_lead: "If nothing happens, press the button." / "Om inget händer, tryck på knappen.";
    sso_again(name: &str): "Go to {name}" / "Gå till {name}";
    sso_again_lead(name: &str): "You are asked at {name}, and come back here." / "Du får frågan hos {name} och kommer tillbaka hit.";
    sso_no_such_flow:
        "This sign-in was begun in another browser, was used, or is older than ten minutes. Begin again."
        / "Inloggningen påbörjades i en annan webbläsare, är använd eller är äldre än tio minuter. Börja om.";
    sso_denied(name: &str):
        "You cancelled at {name}, or it did not let you in."
        / "Du avbröt hos {name}, eller så släpptes du inte in där.";
    sso_error(name: &str):
        "{name} refused the sign-in. Try again. If it happens again, tell an admin."
        / "{name} avvisade inloggningen. Försök igen. Händer det igen, säg till en administratör.";
    sso_away(name: &str):
        "{name} isn’t responding. Try again in a moment."
        / "{name} svarar inte just nu. Försök igen om en stund.";
    sso_not_believed(name: &str):
        "The answer from {name} couldn’t be verified, so you weren’t signed in. Try again. If it happens again, tell an admin."
        / "Svaret från {name} gick inte att verifiera, så du loggades inte in. Försök igen. Händer det igen, säg till en administratör.";
    sso_no_group(name: &str):
        "{name} knows you, but you are in no group that may sign in here. Ask an admin."
        / "{name} känner dig, men du är inte med i någon grupp som får logga in här. Fråga en administratör.";
    sso_groups_not_told(name: &str):
        "{name} knows you, but did not say what groups you are in, so nothing was changed. Tell an admin."
        / "{name} känner dig men sa inte vilka grupper du är med i, så inget ändrades. Säg till en administratör.";
    sso_too_weak(name: &str):
        "You signed in at {name}, but not in the way that is asked for here. Sign in there with your second factor. If it happens again, tell an admin."
        / "Du loggade in hos {name}, men inte på det sätt som krävs här. Logga in där med din andra faktor. Händer det igen, säg till en administratör.";
    sso_disabled: "Your access here is switched off. Ask an admin." / "Din åtkomst här är avstängd. Fråga en administratör.";
    sso_email_not_verified(name: &str):
        "{name} has not verified your e-mail address, so you can’t be let in under it."
        / "{name} har inte verifierat din e-postadress, så du kan inte släppas in med den.";
    sso_no_name(name: &str):
        "{name} does not say what you are called, so you can’t be let in. Tell an admin."
        / "{name} säger inte vad du heter, så du kan inte släppas in. Säg till en administratör.";
    sso_name_taken:
        "Too many people here have your name already. Ask an admin."
        / "För många här heter redan som du. Fråga en administratör.";
    sso_not_anew(name: &str):
        "{name} did not ask you again who you are. Try again. If it happens again, sign out there first."
        / "{name} frågade inte på nytt vem du är. Försök igen. Händer det igen, logga först ut där.";
    sso_no_auth_time(name: &str):
        "{name} does not say when it asked you who you are, so it proves nothing. Tell an admin."
        / "{name} säger inte när du fick frågan om vem du är, så det bevisar inget. Säg till en administratör.";
    sso_somebody_else(name: &str):
        "Someone else is signed in at {name}. Sign in there as yourself."
        / "Någon annan är inloggad hos {name}. Logga in där som dig själv.";
    sso_mark: "Single sign-on" / "Gemensam inloggning";
    sso_roles_follow:
        "They sign in by single sign-on. Their roles follow their groups there, at each sign-in; disabling them here wins."
        / "Personen loggar in med gemensam inloggning. Rollerna följer grupperna där, vid varje inloggning; avstängning här går före.";
    sso_own:
        "You sign in by single sign-on. Password and second factor are looked after there, and your roles follow your groups."
        / "Du loggar in med gemensam inloggning. Lösenord och andra faktor sköts där, och dina roller följer dina grupper.";
    sso_enable_hint: "They sign in as before, with the roles that their groups give." / "Personen loggar in som förut, med de roller som grupperna ger.";
    link_lead:
        "This link signs an admin in, once. Use it only if you asked for it."
        / "Länken loggar in en administratör, en gång. Använd den bara om du bad om den.";
    link_sign_in(name: &str): "Sign in as {name}" / "Logga in som {name}";
}
