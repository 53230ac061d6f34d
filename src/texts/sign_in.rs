//! Signing in, and making the first admin.

use super::sentences;

sentences! {
    sign_in: "Sign in" / "Logga in";
    signing_in: "Signing in…" / "Loggar in…";
    name: "Name" / "Namn";
    password: "Password" / "Lösenord";
    sign_in_wrong: "Name or password is wrong." / "Namn eller lösenord är fel.";
    sign_in_too_many(time: &str):
        "Too many tries. The next one is looked at after {time}." / "För många försök. Nästa prövas efter {time}.";
    sign_in_unchecked:
        "The password couldn’t be checked. Try again in a moment."
        / "Lösenordet kunde inte kontrolleras. Försök igen om en stund.";
    sign_in_again: "Confirm it’s you" / "Bekräfta att det är du";
    sign_in_again_lead:
        "What you are about to do needs a fresh sign-in. Nothing is lost; you go on right after it."
        / "Det du ska göra kräver att du nyss har loggat in. Inget går förlorat; du fortsätter direkt efteråt.";
    password_of(name: &str): "Password of {name}" / "Lösenord för {name}";
    password_wrong: "The password is wrong." / "Lösenordet är fel.";
    go_on: "Continue" / "Fortsätt";
    signed_out: "You are signed out." / "Du är utloggad.";
    sign_in_first: "Sign in to go on." / "Logga in för att fortsätta.";
    nothing_done:
        "You were no longer signed in, so nothing was done." / "Du var inte längre inloggad, så inget gjordes.";
    typed_is_kept:
        "What you typed is kept for half an hour: sign in, look at it once more, and send it again."
        / "Det du skrev sparas en halvtimme: logga in, titta igenom det och skicka det igen.";
    sign_in_to_try_again:
        "Sign in to go back and try again." / "Logga in för att gå tillbaka och försöka igen.";
    set_up: "Set up Nyckel" / "Ställ in Nyckel";
    set_up_lead:
        "Make the first admin. The setup token was printed when the panel was started for the first time."
        / "Skapa den första administratören. Engångskoden skrevs ut när panelen startades första gången.";
    setup_token: "Setup token" / "Engångskod";
    setup_token_wrong:
        "This is not the setup token, or it was used. A new one is printed at each start until there is an admin."
        / "Det är inte rätt engångskod, eller så är den använd. En ny skrivs ut vid varje start tills det finns en administratör.";
    new_password: "New password" / "Nytt lösenord";
    new_password_hint(shortest: usize):
        "At least {shortest} characters. A few unrelated words are easy to remember."
        / "Minst {shortest} tecken. Några ord som inte hör ihop är lätta att minnas.";
    name_hint: "Letters, digits, dots and hyphens." / "Bokstäver, siffror, punkter och bindestreck.";
    name_unfit: "A name is 1 to 64 letters, digits, dots, hyphens, underscores or @."
        / "Ett namn är 1 till 64 bokstäver, siffror, punkter, bindestreck, understreck eller @.";
    password_too_short(shortest: usize):
        "The password is too short: it needs {shortest} characters." / "Lösenordet är för kort: det behöver {shortest} tecken.";
    password_too_long: "The password is too long." / "Lösenordet är för långt.";
    password_guessable:
        "That password is easy to guess: many people use it, or it is little more than a name, a date or a pattern. Take a few words that don’t belong together."
        / "Lösenordet är lätt att gissa: många använder det, eller så är det inte mycket mer än ett namn, ett datum eller ett mönster. Ta några ord som inte hör ihop.";
    make_admin: "Make the first admin" / "Skapa administratören";
}
