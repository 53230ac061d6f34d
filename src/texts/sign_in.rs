//! Signing in, and making the first admin.

use super::sentences;

sentences! {
    sign_in: "Sign in" / "Logga in";
    signing_in: "Signing in…" / "Loggar in…";
    name: "User name" / "Användarnamn";
    password: "Password" / "Lösenord";
    name_missing: "Enter your user name." / "Ange ditt användarnamn.";
    password_missing: "Enter your password." / "Ange ditt lösenord.";
    sign_in_wrong: "Wrong user name or password." / "Fel användarnamn eller lösenord.";
    sign_in_too_many(time: &str):
        "Too many attempts. Try again after {time}." / "För många försök. Försök igen efter {time}.";
    sign_in_unchecked:
        "We couldn’t check the password. Try again in a moment."
        / "Det gick inte att kontrollera lösenordet. Försök igen om en stund.";
    sign_in_again: "Confirm it’s you" / "Bekräfta att det är du";
    sign_in_again_lead:
        "You signed in a while ago. Confirm who you are to continue; nothing is lost."
        / "Det var ett tag sedan du loggade in. Bekräfta vem du är för att fortsätta; inget går förlorat.";
    password_of(name: &str): "Your password, {name}" / "Ditt lösenord, {name}";
    password_wrong: "Wrong password." / "Fel lösenord.";
    go_on: "Continue" / "Fortsätt";
    signed_out: "You have signed out." / "Du har loggat ut.";
    sign_in_first: "Sign in to continue." / "Logga in för att fortsätta.";
    nothing_done:
        "You were no longer signed in, so nothing was done." / "Du var inte längre inloggad, så inget gjordes.";
    typed_is_kept:
        "What you typed is kept for half an hour: sign in, look at it once more, and send it again."
        / "Det du skrev sparas en halvtimme: logga in, titta igenom det och skicka det igen.";
    sign_in_to_try_again:
        "Sign in to go back and try again." / "Logga in för att gå tillbaka och försöka igen.";
    set_up: "Set up Nyckel" / "Ställ in Nyckel";
    set_up_lead:
        "Create the first admin. The setup code is in the panel’s log, from its last start."
        / "Skapa den första administratören. Engångskoden står i panelens logg, från senaste starten.";
    setup_token: "Setup code" / "Engångskod";
    setup_token_missing: "Enter the setup code." / "Ange engångskoden.";
    setup_token_wrong:
        "That code is wrong or already used. A new one is printed each time the panel starts, until there is an admin."
        / "Koden är fel eller redan använd. En ny skrivs ut varje gång panelen startar, tills det finns en administratör.";
    new_password: "New password" / "Nytt lösenord";
    new_password_hint(shortest: usize):
        "At least {shortest} characters. Four unrelated words are easy to remember."
        / "Minst {shortest} tecken. Fyra ord som inte hör ihop är lätta att minnas.";
    name_hint: "Letters, digits, dots and hyphens." / "Bokstäver, siffror, punkter och bindestreck.";
    name_unfit: "Use 1–64 letters, digits, dots, hyphens, underscores or @."
        / "Använd 1–64 bokstäver, siffror, punkter, bindestreck, understreck eller @.";
    password_too_short(shortest: usize):
        "Use at least {shortest} characters." / "Använd minst {shortest} tecken.";
    password_too_long: "The password is too long." / "Lösenordet är för långt.";
    password_guessable:
        "This password is easy to guess. Choose a few words that don’t belong together."
        / "Lösenordet är lätt att gissa. Välj några ord som inte hör ihop.";
    make_admin: "Create admin" / "Skapa administratör";
}
