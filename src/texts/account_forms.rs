//! The forms that create, edit and delete accounts.

use super::{Texts, sentences};
use crate::model::Quota;

sentences! {
    edit_opens: "Edit…" / "Ändra…";
    delete_opens: "Delete…" / "Ta bort…";
    new_account: "New account…" / "Nytt konto…";
    off_no_manager:
        "Only managers can do this."
        / "Det kan bara kontoansvariga göra.";
    off_new_no_manager:
        "Only managers can create accounts and aliases." / "Bara kontoansvariga kan skapa konton och alias.";
    off_any_change_no_manager:
        "Only managers can create accounts and aliases, or edit several accounts."
        / "Bara kontoansvariga kan skapa konton och alias eller ändra flera konton.";
    saved_just_now: "Saved." / "Sparat.";

    edit_of: "Edit the account" / "Ändra kontot";
    quota_label: "Storage (GiB)" / "Utrymme (GiB)";
    quota_unfit(least: u64, most: u64):
        "Enter a whole number from {least} to {most}." / "Ange ett heltal från {least} till {most}.";
    quota_unlimited_now:
        "Unlimited now. Leave it empty to keep it so." / "Obegränsat nu. Lämna tomt för att behålla det så.";
    quota_not_known_now:
        "GleSYS does not say how much it is now. Leave it empty to leave it as it is."
        / "GleSYS säger inte hur mycket det är nu. Lämna tomt för att låta det vara som det är.";
    leave_it: "Not known: leave it as it is" / "Okänt: låt vara som det är";
    spam_hint: "1 is mild, 5 is the strictest." / "1 är mildast, 5 är strängast.";
    spam_level_off: "0: off" / "0: av";
    spam_unfit: "Choose a level from 0 to 5." / "Välj en nivå från 0 till 5.";
    refuse_spam: "Reject spam on arrival" / "Avvisa skräppost direkt";
    refuse_spam_hint: "Otherwise it goes to the spam folder." / "Annars hamnar den i skräppostmappen.";
    check_for_viruses: "Check mail for viruses" / "Sök efter virus i e-posten";
    reply_on: "Send an automatic reply" / "Skicka autosvar";
    reply_text: "Message" / "Meddelande";
    reply_hint(most: usize): "At most {most} characters." / "Högst {most} tecken.";
    reply_not_known_now:
        "GleSYS does not say what the text is now. Leave it empty to leave it as it is."
        / "GleSYS säger inte vad texten är nu. Lämna tomt för att låta den vara som den är.";
    reply_too_long(most: usize, has: usize):
        "At most {most} characters; this has {has}." / "Högst {most} tecken; det här har {has}.";
    reply_missing: "Enter the message." / "Skriv ett meddelande.";
    keep_mail: "Keep a copy in the mailbox" / "Behåll en kopia i inkorgen";
    no_text: "no text" / "ingen text";
    quoted(text: &str): "“{text}”" / "”{text}”";

    conflict_title: "Someone changed this while you were editing" / "Någon ändrade det här medan du redigerade";
    conflict_lead:
        "It was changed after you opened this page. Nothing was sent."
        / "Det har ändrats efter att du öppnade sidan. Inget skickades.";
    conflict_by(name: &str, ago: &str): "{name} changed it {ago}. Nothing was sent." / "{name} ändrade {ago}. Inget skickades.";
    conflict_maybe_by(name: &str, ago: &str):
        "{name} may have changed it {ago}. Nothing was sent." / "{name} kan ha ändrat det {ago}. Inget skickades.";
    glesys_has(now: &str): "Now: {now}" / "Nu: {now}";
    you_have(wanted: &str): "you have: {wanted}" / "du har: {wanted}";
    you_left_it: "you have not changed it" / "du har inte ändrat det";
    conflict_do:
        "The form keeps your changes. Save to use them."
        / "Formuläret har kvar dina ändringar. Spara för att använda dem.";
    conflict_used:
        "You have saved this form before, with something else in it."
        / "Du har redan sparat formuläret en gång, med något annat i.";

    new_in: "New account in" / "Nytt konto i";
    local_label: "Address" / "Adress";
    local_hint: "The part before @." / "Delen före @.";
    local_missing: "Enter the part before @." / "Ange delen före @.";
    local_unfit:
        "Use a–z, digits and characters such as . - _ +. No spaces, å, ä or ö."
        / "Använd a–z, siffror och tecken som . - _ +. Inga mellanslag, å, ä eller ö.";
    local_too_long:
        "At most 64 characters before the @, and 254 in all." / "Högst 64 tecken före @, och 254 totalt.";
    other_domain(domain: &str):
        "Enter only the part before @. The domain is {domain}."
        / "Ange bara delen före @. Domänen är {domain}.";
    account_exists(address: &str): "There is an account {address} already." / "Det finns redan ett konto {address}.";
    alias_exists(address: &str): "There is an alias {address} already." / "Det finns redan ett alias {address}.";
    create_password_hint: "GleSYS generates the password." / "GleSYS skapar lösenordet.";
    create_account: "Create account" / "Skapa konto";

    delete_of: "Delete the account" / "Ta bort kontot";
    delete_fact_mail: "All mail in it is deleted for good." / "All e-post i kontot raderas för alltid.";
    delete_fact_programs:
        "It stops working on every device. New mail bounces back to the sender."
        / "Det slutar fungera på alla enheter. Ny post studsar tillbaka till avsändaren.";
    delete_fact_twin:
        "An alias has the same address, so mail to it may go on to where that leads. GleSYS is given no more than the address: look afterwards at which of the two is gone."
        / "Ett alias har samma adress, så post dit kan gå vidare dit det leder. GleSYS får bara adressen: se efteråt efter vilket av dem som är borta.";
    delete_fact_aliases: "These aliases will stop working:" / "De här aliasen slutar fungera:";
    delete_fact_go_on: "Will go on without this account:" / "Fortsätter utan det här kontot:";
    delete_typed: "Type the address to confirm" / "Skriv adressen för att bekräfta";
    delete_typed_unfit: "The address doesn’t match this account’s." / "Adressen stämmer inte med kontots.";
    delete_account: "Delete account" / "Ta bort konto";

    new_account_password_for: "New account, with the password for" / "Nytt konto, med lösenordet för";
    created_just_now(time: &str):
        "Account created. Its password was shown to you at {time}." / "Kontot är skapat. Lösenordet visades för dig kl. {time}.";
    created_shown_lead: "Created, and the password has already been shown:" / "Skapat, och lösenordet har redan visats:";
    created_not_shown_title: "Created, but not shown" / "Skapat men inte visat";
    created_not_shown_of: "Created, but not shown: the password of" / "Skapat men inte visat: lösenordet för";
    created_not_shown_do:
        "The account is there, and nobody knows its password. Reset it." / "Kontot finns, och ingen vet lösenordet. Återställ det.";
    created_other_session:
        "Only the session that created the account can see its password."
        / "Bara sessionen som skapade kontot kan se lösenordet.";
}

impl Texts {
    /// What stands at the field of a reply's text.
    pub fn reply_text_hint(self, most: usize, is_open: bool) -> String {
        let hint = self.reply_hint(most);
        if is_open { format!("{} {hint}", self.reply_not_known_now()) } else { hint }
    }

    /// What stands at the field of a storage that GleSYS gives no number of.
    pub const fn quota_now(self, now: Option<Quota>) -> &'static str {
        match now {
            Some(Quota::Unlimited) => self.quota_unlimited_now(),
            Some(Quota::NotKnown) => self.quota_not_known_now(),
            Some(Quota::Gib(_)) | None => "",
        }
    }
}
