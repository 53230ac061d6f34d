//! Problem pages: what happened and what to do.

use super::{Texts, sentences};

/// What a problem page says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub title: String,
    pub happened: String,
    pub to_do: String,
}

/// Writes problems: a name, its values, and three sentences in both languages.
macro_rules! problems {
    ($($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),*):
        $en_title:literal, $en_happened:literal, $en_do:literal /
        $sv_title:literal, $sv_happened:literal, $sv_do:literal;)+) => {
        impl Texts {
            $($(#[$doc])*
            pub fn $name(self, $($arg: $type),*) -> Said {
                let (title, happened, to_do) = match self.0 {
                    crate::model::Language::English => (format!($en_title), format!($en_happened), format!($en_do)),
                    crate::model::Language::Swedish => (format!($sv_title), format!($sv_happened), format!($sv_do)),
                };
                Said { title, happened, to_do }
            })+
        }
    };
}

problems! {
    p_not_found():
        "Page not found", "There is no page at this address.", "Check the address, or go to the overview." /
        "Sidan finns inte", "Det finns ingen sida på den här adressen.", "Kontrollera adressen eller gå till översikten.";
    p_method():
        "That can’t be done here", "That isn’t possible on this page.", "Go to the overview." /
        "Det går inte här", "Det är inte möjligt på den här sidan.", "Gå till översikten.";
    p_too_large():
        "Too large", "The form was larger than anything the panel takes.", "Shorten what you typed and try again." /
        "För stort", "Formuläret var större än vad panelen tar emot.", "Korta det du skrev och försök igen.";
    p_unreadable():
        "The form could not be read", "What the browser sent is not a form of this panel.", "Load the page again and try once more." /
        "Formuläret gick inte att läsa", "Det som webbläsaren skickade är inte ett formulär från panelen.", "Ladda om sidan och försök igen.";
    p_nul():
        "Something invisible is in it", "One of the fields, or the address, contains a character that can’t be saved (NUL). Nothing was changed.", "Go back, type the field instead of pasting it, and try again." /
        "Något osynligt är med", "Ett av fälten, eller adressen, innehåller ett tecken som inte kan sparas (NUL). Inget ändrades.", "Gå tillbaka, skriv i fältet i stället för att klistra in, och försök igen.";
    p_too_slow():
        "That took too long", "The panel did not finish in time. What was started goes on and is logged.", "Check the account before you try again." /
        "Det tog för lång tid", "Panelen blev inte klar i tid. Det som startades fortsätter och loggas.", "Kontrollera kontot innan du försöker igen.";
    p_busy():
        "Too many at once", "So many people are signing in at this moment that the password was not checked. It does not count as an attempt, and nothing was changed.", "Wait a few seconds and try again." /
        "För många på en gång", "Så många loggar in just nu att lösenordet inte prövades. Det räknas inte som ett försök, och inget ändrades.", "Vänta några sekunder och försök igen.";
    p_origin():
        "Refused", "The request did not come from a page of this panel, so nothing was done.", "Open the panel in this tab and try again." /
        "Avvisad", "Begäran kom inte från en sida i panelen, så inget gjordes.", "Öppna panelen i den här fliken och försök igen.";
    p_host(address: &str):
        "Wrong address", "The panel is not served under the name that was asked for.", "Its address is {address}" /
        "Fel adress", "Panelen finns inte under det namn som efterfrågades.", "Adressen är {address}";
    p_from_elsewhere():
        "One moment", "You came here through a link on another site, so it takes one more step until the panel sees that you are signed in.", "The page opens by itself; if it doesn’t, open it." /
        "Ett ögonblick", "Du kom hit via en länk på en annan webbplats, så det behövs ett steg till innan panelen ser att du är inloggad.", "Sidan öppnas av sig själv; annars går du vidare till den.";
    p_from_elsewhere_to_a_password():
        "You came here through a link on another site", "It leads to a page that may hold a new password, which is shown only once.", "Continue if that is what you want." /
        "Du kom hit via en länk på en annan webbplats", "Den leder till en sida som kan innehålla ett nytt lösenord, och det visas bara en gång.", "Fortsätt om det är det du vill.";
    p_internal():
        "Something went wrong", "The panel had an internal error.", "Try again. If it happens again, give an admin the reference below." /
        "Något gick fel", "Ett internt fel inträffade.", "Försök igen. Händer det igen, ge en administratör referensen nedan.";
    p_database():
        "The panel can’t save anything at the moment", "The panel’s database does not answer or can’t be written. Nothing was changed at GleSYS.", "Try again in a moment. If it happens again, give an admin the reference below." /
        "Panelen kan inte spara något just nu", "Panelens databas svarar inte eller går inte att skriva till. Inget ändrades hos GleSYS.", "Försök igen om en stund. Händer det igen, ge en administratör referensen nedan.";
    p_not_as_left():
        "The panel does not trust its database", "Something in it was changed past the panel, or is not the newest. It counts for nothing, and what operations did at GleSYS can’t be told meanwhile.", "Tell an admin the reference. On the panel’s machine, nyckel check says what is wrong." /
        "Panelen litar inte på sin databas", "Något i den har ändrats vid sidan av panelen eller är inte det senaste. Det gäller inte, och vad åtgärder gjorde hos GleSYS går inte att säga under tiden.", "Ge referensen till en administratör. På panelens maskin säger nyckel check vad som är fel.";
    p_stopping():
        "The panel is being restarted", "It starts nothing new at the moment; what was started is finished first.", "Try again in a minute." /
        "Panelen startas om", "Den påbörjar inget nytt just nu; det som påbörjats görs klart först.", "Försök igen om en minut.";
    p_denied_domain(domain: &str):
        "No access", "You don’t have access to {domain}.", "Ask an admin if you need it." /
        "Ingen åtkomst", "Du har inte åtkomst till {domain}.", "Fråga en administratör om du behöver det.";
    p_denied_reset(domain: &str):
        "You may not reset passwords here", "Your role in {domain} does not allow resets. Nothing was changed.", "Ask an operator or an admin." /
        "Du får inte återställa lösenord här", "Din roll i {domain} tillåter inte återställning. Inget ändrades.", "Fråga en operatör eller administratör.";
    p_denied_manage(domain: &str):
        "You may not change accounts here", "Your role in {domain} does not allow it. Nothing was changed.", "Ask a manager or an admin." /
        "Du får inte ändra konton här", "Din roll i {domain} tillåter det inte. Inget ändrades.", "Fråga en kontoansvarig eller administratör.";
    p_denied_protected():
        "This account is protected", "Only an admin may reset its password or change it. Nothing was changed.", "Ask an admin." /
        "Kontot är skyddat", "Bara en administratör får återställa dess lösenord eller ändra det. Inget ändrades.", "Fråga en administratör.";
    p_denied_panel():
        "Not for your role", "Your role does not give access to this part of the panel.", "Ask an admin if you need it." /
        "Inte för din roll", "Din roll ger inte tillgång till den här delen av panelen.", "Fråga en administratör om du behöver den.";
    p_no_domain(domain: &str):
        "No such domain", "GleSYS has no mail domain {domain} in this project.", "Check the spelling." /
        "Domänen finns inte", "GleSYS har ingen e-postdomän {domain} i projektet.", "Kontrollera stavningen.";
    p_no_account(address: &str):
        "No such email account", "GleSYS has no account or alias {address}. Nothing was changed.", "Check the spelling, letter by letter if you are on the phone." /
        "E-postkontot finns inte", "GleSYS har inget konto eller alias {address}. Inget ändrades.", "Kontrollera stavningen, bokstav för bokstav om du sitter i telefon.";
    p_not_an_address(text: &str):
        "Not an address", "“{text}” is not an email address.", "Check the spelling." /
        "Inte en adress", "”{text}” är inte en e-postadress.", "Kontrollera stavningen.";
    p_alias(address: &str, targets: &str):
        "An alias, not an account", "{address} is an alias that leads to {targets}; it has no password and no mail of its own. Nothing was changed.", "Go to the account that it leads to." /
        "Ett alias, inte ett konto", "{address} är ett alias som leder till {targets}; det har inget eget lösenord och ingen egen e-post. Inget ändrades.", "Gå till kontot som det leder till.";
    p_account(address: &str):
        "An account, not an alias", "{address} is an account; mail to it stays there. Nothing was changed.", "Look at the account." /
        "Ett konto, inget alias", "{address} är ett konto; e-post dit stannar där. Inget ändrades.", "Titta på kontot.";
    p_twin(address: &str):
        "Not deleted: an account has the same address", "GleSYS deletes by the address alone and would delete the account {address} with its mail. Nothing was sent.", "Delete the alias in GleSYS’s control panel, or lead it elsewhere here." /
        "Inte borttaget: ett konto har samma adress", "GleSYS tar bort efter bara adressen och skulle ta bort kontot {address} med dess e-post. Inget skickades.", "Ta bort aliaset i GleSYS kontrollpanel, eller låt det leda någon annanstans här.";
    p_glesys(reason: &str):
        "GleSYS couldn’t do it", "{reason} Nothing was changed.", "Try again in a moment." /
        "GleSYS kunde inte göra det", "{reason} Inget ändrades.", "Försök igen om en stund.";
    p_out_of_date(ago: &str):
        "Password not reset: GleSYS isn’t responding", "You’re seeing data from {ago}. Nothing was changed.", "Try again in a moment." /
        "Lösenordet är inte återställt: GleSYS svarar inte", "Du ser uppgifter från {ago}. Inget ändrades.", "Försök igen om en stund.";
    p_no_operation():
        "No such reset or change", "There is no reset or change with this reference that you may see.", "Go to the overview." /
        "Återställningen eller ändringen finns inte", "Det finns ingen återställning eller ändring med den referensen som du får se.", "Gå till översikten.";
    p_no_batch():
        "No such change", "There is no change of several accounts with this reference that you may see. One that is not begun within two hours is forgotten.", "Go to the overview." /
        "Ändringen finns inte", "Det finns ingen ändring av flera konton med den referensen som du får se. En som inte påbörjas inom två timmar glöms.", "Gå till översikten.";
    p_second_person(what: &str, of: &str):
        "This takes two people", "{what}: {of}. A colleague who may do the same has to approve it first. Nothing was changed.", "Ask a colleague to approve; if you have already asked, you will see that request." /
        "Det här kräver två personer", "{what}: {of}. En kollega som får göra samma sak måste godkänna det först. Inget ändrades.", "Be en kollega godkänna; om du redan har begärt det visas den begäran.";
    p_no_approval():
        "No such approval", "There is no approval with this reference that you may see.", "Go to the overview." /
        "Godkännandet finns inte", "Det finns inget godkännande med den referensen som du får se.", "Gå till översikten.";
    p_approval_too_late():
        "Not approved: it is over", "Someone has already answered, it was withdrawn, or its time is over. You changed nothing.", "Check it again." /
        "Inte godkänt: det är för sent", "Någon har redan svarat, det togs tillbaka, eller så är tiden ute. Du ändrade inget.", "Titta på det igen.";
    p_own_approval():
        "Not approved: it is your own", "Nobody approves what they asked for themselves, nor for a colleague whom they let in lately, or who let them in, themselves or through others. Nothing was changed.", "Another colleague has to." /
        "Inte godkänt: det är ditt eget", "Ingen godkänner det de själva har begärt, eller åt en kollega som de nyligen har släppt in eller som har släppt in dem, själva eller genom andra. Inget ändrades.", "En annan kollega måste göra det.";
    p_confirmation_invalid():
        "Not reset: the confirmation is not valid", "It was not made for you, for this session and for this address. Nothing was changed.", "Open the confirmation page again and confirm there." /
        "Inte återställt: bekräftelsen gäller inte", "Den gjordes inte för dig, den här sessionen och den här adressen. Inget ändrades.", "Öppna bekräftelsesidan igen och bekräfta där.";
    p_confirmation_expired():
        "Not reset: the confirmation is too old", "A confirmation page works for ten minutes. Nothing was changed.", "Open it again and confirm there." /
        "Inte återställt: bekräftelsen är för gammal", "En bekräftelsesida gäller i tio minuter. Inget ändrades.", "Öppna den igen och bekräfta där.";
    p_way_not_offered(address: &str):
        "Not done: this way is not offered", "The password of {address} can’t be handed over like that here. Nothing was changed.", "Choose one of the ways that the page offers now." /
        "Inte gjort: sättet erbjuds inte", "Lösenordet för {address} kan inte lämnas ut så här. Inget ändrades.", "Välj ett av sätten som sidan erbjuder nu.";
    p_overtaken(name: &str, ago: &str):
        "Not reset: {name} was faster", "{name} reset this account {ago}, after you opened the confirmation page. You changed nothing.", "Talk to {name} first. If you reset it again, that password stops working." /
        "Inte återställt: {name} var snabbare", "{name} återställde kontot {ago}, efter att du öppnade bekräftelsesidan. Du ändrade inget.", "Prata med {name} först. Om du återställer igen slutar det lösenordet att gälla.";
    p_in_flight(name: &str, ago: &str):
        "Not reset: a reset is running", "{name} began a reset of this account {ago}, and it is not finished. You changed nothing.", "Wait a moment and look at the account again." /
        "Inte återställt: en återställning pågår", "{name} påbörjade en återställning av kontot {ago}, och den är inte klar. Du ändrade inget.", "Vänta en stund och titta på kontot igen.";
    p_cooling(time: &str, name: &str):
        "Not reset yet: wait a moment", "The last attempt, by {name}, may still go through. Nothing was changed.", "Wait until {time}, then reset it." /
        "Inte återställt än: vänta en stund", "Det senaste försöket, av {name}, kan fortfarande gå igenom. Inget ändrades.", "Vänta till kl. {time} och återställ sedan.";
    p_page_invalid():
        "Not done: the page is not valid", "It was not made for you, for this session and for this. Nothing was changed.", "Open the page again." /
        "Inte gjort: sidan gäller inte", "Den gjordes inte för dig, den här sessionen och det här. Inget ändrades.", "Öppna sidan igen.";
    p_page_expired():
        "Not done: the page is too old", "It can no longer be used. Nothing was changed.", "Open it again." /
        "Inte gjort: sidan är för gammal", "Den kan inte användas längre. Inget ändrades.", "Öppna den igen.";
    p_changed_since(name: &str, ago: &str):
        "Not done: {name} was faster", "{name} changed or reset this address {ago}, after you opened the page. You changed nothing.", "Look at the account, and talk to {name} if need be." /
        "Inte gjort: {name} var snabbare", "{name} ändrade eller återställde adressen {ago}, efter att du öppnade sidan. Du ändrade inget.", "Titta på kontot och prata med {name} vid behov.";
    p_change_in_flight(name: &str, ago: &str):
        "Not done: a change is running", "{name} began a change of this address {ago}, and it is not finished. You changed nothing.", "Wait a moment and look at the account again." /
        "Inte gjort: en ändring pågår", "{name} påbörjade en ändring av adressen {ago}, och den är inte klar. Du ändrade inget.", "Vänta en stund och titta på kontot igen.";
    p_change_cooling(time: &str, name: &str):
        "Not done: wait a moment", "The last attempt, by {name}, may still go through. Nothing was changed.", "Try again after {time}." /
        "Inte gjort: vänta en stund", "Det senaste försöket, av {name}, kan fortfarande gå igenom. Inget ändrades.", "Försök igen efter kl. {time}.";
    p_form_too_old():
        "Not sent", "The form was open for too long, so nothing was sent.", "Check it and press once more." /
        "Inte skickat", "Formuläret var öppet för länge, så inget skickades.", "Kontrollera det och tryck en gång till.";
    p_alias_unchanged():
        "Nothing to save", "It leads there already; nothing was sent.", "Change something, or go back to the alias." /
        "Inget att spara", "Det leder redan dit; inget skickades.", "Ändra något eller gå tillbaka till aliaset.";
    p_alias_left():
        "Nothing to save", "The field is empty, so it leads where it led; nothing was sent.", "Enter where it should lead, or go back to the alias." /
        "Inget att spara", "Fältet är tomt, så det leder dit det ledde; inget skickades.", "Skriv vart det ska leda eller gå tillbaka till aliaset.";
    p_nothing_changed():
        "Nothing to save", "GleSYS has these settings already. Nothing was sent.", "Change something, or go back to the account." /
        "Inget att spara", "GleSYS har redan de här inställningarna. Inget skickades.", "Ändra något eller gå tillbaka till kontot.";
    p_accounts_full(limit: u64):
        "The project is full", "GleSYS allows {limit} email accounts in this project, and there are as many. Nothing was sent.", "Delete an account that nobody needs, or ask GleSYS to raise the limit." /
        "Projektet är fullt", "GleSYS tillåter {limit} e-postkonton i projektet, och så många finns. Inget skickades.", "Ta bort ett konto som ingen behöver eller be GleSYS höja gränsen.";
    p_limit_at_glesys():
        "The project is full", "GleSYS says that the project has as many accounts as it may have. Nothing was changed.", "Delete an account that nobody needs, or ask GleSYS to raise the limit." /
        "Projektet är fullt", "GleSYS säger att projektet har så många konton som det får ha. Inget ändrades.", "Ta bort ett konto som ingen behöver eller be GleSYS höja gränsen.";
    p_page_used(address: &str):
        "You’ve already sent this form", "It was sent for {address}. What is in it now was not sent.", "Check it and press again." /
        "Du har redan skickat formuläret", "Det skickades för {address}. Det som står i det nu skickades inte.", "Kontrollera det och tryck igen.";
    p_draft():
        "Nothing is saved yet", "You have confirmed who you are. This is what you had typed.", "Check it and press the button." /
        "Inget är sparat än", "Du har bekräftat vem du är. Det här är vad du hade skrivit.", "Kontrollera det och tryck på knappen.";
    p_limit_account():
        "Not done: this account’s limit is reached", "New passwords were made for it as often as one may be in this time. Nothing was changed.", "Try again in a few minutes. See who did it on the account page." /
        "Inte gjort: kontots gräns är nådd", "Det har fått nya lösenord så ofta som ett konto får på den här tiden. Inget ändrades.", "Försök igen om några minuter. På kontots sida ser du vem som gjorde det.";
    p_yourself():
        "Not for yourself", "You can’t change this for yourself. Nothing was changed.", "Ask another admin." /
        "Inte för dig själv", "Du kan inte ändra detta för dig själv. Inget ändrades.", "Fråga en annan administratör.";
    p_last_admin(name: &str):
        "There must be an admin", "{name} is the last admin who can sign in. Nothing was changed.", "Make someone else an admin first." /
        "Det måste finnas en administratör", "{name} är den sista administratören som kan logga in. Inget ändrades.", "Gör någon annan till administratör först.";
    p_disabled():
        "Disabled", "This person is disabled. Nothing was changed.", "Enable them first." /
        "Avstängd", "Personen är avstängd. Inget ändrades.", "Aktivera kontot först.";
    p_no_invitation():
        "This link can’t be used", "It has been used or replaced, or is more than 24 hours old.", "Ask an admin for a new one." /
        "Länken går inte att använda", "Den är använd, ersatt av en nyare eller mer än 24 timmar gammal.", "Be en administratör om en ny.";
    p_no_sign_in_link():
        "This link can’t be used", "It has been used or replaced, or is more than 15 minutes old.", "Create a new one on the command line." /
        "Länken går inte att använda", "Den är använd, ersatt av en nyare eller mer än 15 minuter gammal.", "Skapa en ny på kommandoraden.";
    p_signs_in_elsewhere():
        "Managed elsewhere", "This person signs in by single sign-on, which says what they may do. Nothing was changed.", "Change their groups there." /
        "Hanteras på annat håll", "Personen loggar in med gemensam inloggning, som avgör vad personen får göra. Inget ändrades.", "Ändra grupperna där.";
    p_local_off():
        "Passwords are switched off", "People sign in here by single sign-on only. Nothing was changed.", "Sign in there, or give someone a group there." /
        "Lösenord är avstängda", "Här loggar man bara in med gemensam inloggning. Inget ändrades.", "Logga in där, eller ge någon en grupp där.";
    p_second_factor_required():
        "A second factor is required", "Your company wants you to have one. Nothing was changed.", "Set up another phone instead." /
        "En andra faktor krävs", "Ditt företag vill att du har en. Inget ändrades.", "Ställ in en annan telefon i stället.";
    p_set_up():
        "Nyckel is set up already", "There is an admin, so nothing can be set up here.", "Sign in." /
        "Nyckel är redan inställt", "Det finns en administratör, så här finns inget att ställa in.", "Logga in.";
}

sentences! {
    to_overview: "Go to the overview" / "Gå till översikten";
    to_confirmation: "Open the confirmation page" / "Öppna bekräftelsesidan";
    to_target(address: &str): "To {address}" / "Till {address}";
}
