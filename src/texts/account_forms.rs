//! The forms that create, edit and delete accounts.

use super::{Texts, sentences};
use crate::model::Quota;

sentences! {
    edit_opens: "Edit…" / "Ändra…";
    delete_opens: "Delete…" / "Ta bort…";
    new_account: "New account…" / "Nytt konto…";
    off_no_manager:
        "Your role in this domain does not allow it. It takes a manager."
        / "Din roll i domänen tillåter det inte. Det krävs en förvaltare.";
    off_new_no_manager:
        "New accounts and aliases take a manager." / "För nya konton och alias krävs en förvaltare.";
    off_any_change_no_manager:
        "New accounts and aliases, and changes of several accounts, take a manager."
        / "För nya konton och alias och för ändringar av flera konton krävs en förvaltare.";
    saved_just_now: "Saved." / "Sparat.";

    edit_of: "Edit the account" / "Ändra kontot";
    quota_label: "Storage in GiB" / "Utrymme i GiB";
    quota_unfit(least: u64, most: u64):
        "Write a whole number from {least} to {most}." / "Skriv ett heltal från {least} till {most}.";
    quota_unlimited_now:
        "Unlimited now. Leave it empty to keep it so." / "Obegränsat nu. Lämna tomt för att behålla det så.";
    quota_not_known_now:
        "GleSYS does not say how much it is now. Leave it empty to leave it as it is."
        / "GleSYS säger inte hur mycket det är nu. Lämna tomt för att låta det vara som det är.";
    leave_it: "Not known: leave it as it is" / "Okänt: låt vara som det är";
    spam_hint: "0 lets everything through, 5 is the strictest." / "0 släpper igenom allt, 5 är strängast.";
    spam_level_off: "0: off" / "0: av";
    spam_unfit: "Choose a level from 0 to 5." / "Välj en nivå från 0 till 5.";
    refuse_spam: "Refuse spam at the door" / "Avvisa skräppost direkt";
    refuse_spam_hint: "Otherwise it is delivered to a folder." / "Annars läggs den i en mapp.";
    check_for_viruses: "Check mail for viruses" / "Sök efter virus i e-posten";
    reply_on: "Answer mail automatically" / "Svara automatiskt på e-post";
    reply_text: "Text of the reply" / "Svarets text";
    reply_hint(most: usize): "At most {most} characters." / "Högst {most} tecken.";
    reply_not_known_now:
        "GleSYS does not say what the text is now. Leave it empty to leave it as it is."
        / "GleSYS säger inte vad texten är nu. Lämna tomt för att låta den vara som den är.";
    reply_too_long(most: usize, has: usize):
        "At most {most} characters; this has {has}." / "Högst {most} tecken; det här har {has}.";
    reply_missing: "Enter the message." / "Skriv ett meddelande.";
    keep_mail: "Keep mail that was answered" / "Behåll besvarad e-post";
    no_text: "no text" / "ingen text";
    quoted(text: &str): "“{text}”" / "”{text}”";

    conflict_title: "Someone changed this while you were editing" / "Någon ändrade det här medan du redigerade";
    conflict_lead:
        "It was changed after you opened this page. Nothing was sent."
        / "Det har ändrats efter att du öppnade sidan. Inget skickades.";
    conflict_by(name: &str, ago: &str): "{name} changed it {ago}. Nothing was sent." / "{name} ändrade {ago}. Inget skickades.";
    conflict_maybe_by(name: &str, ago: &str):
        "{name} may have changed it {ago}. Nothing was sent." / "{name} kan ha ändrat det {ago}. Inget skickades.";
    glesys_has(now: &str): "GleSYS has now: {now}" / "GleSYS har nu: {now}";
    you_have(wanted: &str): "you have: {wanted}" / "du har: {wanted}";
    you_left_it: "you have not changed it" / "du har inte ändrat det";
    conflict_do:
        "The form below keeps your changes; everything else is as GleSYS has it now. Save if that is right."
        / "Formuläret nedan har kvar dina ändringar; allt annat är som hos GleSYS nu. Spara om det stämmer.";
    conflict_used:
        "You have saved this form before, with something else in it."
        / "Du har redan sparat formuläret en gång, med något annat i.";

    new_in: "New account in" / "Nytt konto i";
    local_label: "Address" / "Adress";
    local_hint: "The part before @." / "Delen före @.";
    local_missing: "Enter the part before @." / "Ange delen före @.";
    local_unfit:
        "An address can hold a to z, digits and characters such as . - _ +, but no spaces and no å, ä or ö."
        / "En adress kan innehålla a till z, siffror och tecken som . - _ +, men inga mellanslag och inte å, ä eller ö.";
    local_too_long:
        "At most 64 characters before the @, and 254 in all." / "Högst 64 tecken före @, och 254 totalt.";
    other_domain(domain: &str):
        "That is another domain than {domain}; write only what stands before the @."
        / "Det är en annan domän än {domain}; skriv bara det som står före @.";
    account_exists(address: &str): "There is an account {address} already." / "Det finns redan ett konto {address}.";
    alias_exists(address: &str): "There is an alias {address} already." / "Det finns redan ett alias {address}.";
    create_password_hint: "GleSYS makes the password." / "GleSYS skapar lösenordet.";
    create_account: "Create account" / "Skapa konto";

    delete_of: "Delete the account" / "Ta bort kontot";
    delete_fact_mail: "All mail in it is deleted for good." / "All e-post i kontot raderas för alltid.";
    delete_fact_programs:
        "It stops working on every phone and computer, and new mail is returned to its sender."
        / "Det slutar fungera på alla telefoner och datorer, och ny post går tillbaka till avsändaren.";
    delete_fact_twin:
        "An alias has the same address, so mail to it may go on to where that leads. GleSYS is given no more than the address: look afterwards at which of the two is gone."
        / "Ett alias har samma adress, så post dit kan gå vidare dit det leder. GleSYS får bara adressen: se efteråt efter vilket av dem som är borta.";
    delete_fact_aliases: "These aliases will stop working:" / "De här aliasen slutar fungera:";
    delete_fact_go_on: "Will go on without this account:" / "Fortsätter utan det här kontot:";
    delete_typed: "Type the address to confirm" / "Skriv adressen för att bekräfta";
    delete_typed_unfit: "That is not the address of this account." / "Det är inte det här kontots adress.";
    delete_account: "Delete account" / "Ta bort konto";

    new_account_password_for: "New account, with the password for" / "Nytt konto, med lösenordet för";
    created_just_now(time: &str):
        "Account created. Its password was shown to you at {time}." / "Kontot är skapat. Lösenordet visades för dig kl. {time}.";
    created_shown_lead: "Created, and already shown: the password of" / "Skapat, och redan visat: lösenordet för";
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
