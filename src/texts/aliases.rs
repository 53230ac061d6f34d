//! The pages that make, change and delete aliases.

use super::{Texts, sentences};

impl Texts {
    /// What stands at the field of an alias's targets.
    pub const fn targets_hint(self, is_open: bool) -> &'static str {
        if is_open { self.alias_targets_untold_hint() } else { self.alias_targets_hint() }
    }
}

sentences! {
    new_alias: "New alias" / "Nytt alias";
    new_alias_in: "New alias in" / "Nytt alias i";
    alias_address: "Address" / "Adress";
    alias_address_hint(domain: &str): "The part before @{domain}." / "Delen före @{domain}.";
    alias_targets: "Leads to" / "Leder till";
    alias_targets_hint:
        "One address per line. Each gets a copy."
        / "En adress per rad. Alla får en kopia.";
    alias_targets_untold_hint:
        "GleSYS does not say where it leads now. Leave the field empty to leave it as it is, or write one address a line."
        / "GleSYS säger inte vart det leder nu. Lämna fältet tomt för att låta det vara som det är, eller skriv en adress per rad.";
    create_alias: "Create alias" / "Skapa alias";
    create_anyway: "Create anyway" / "Skapa ändå";
    save_anyway: "Save anyway" / "Spara ändå";
    targets_of: "Targets of" / "Mål för";
    delete_alias_of: "Delete the alias" / "Ta bort aliaset";
    delete_alias: "Delete alias" / "Ta bort alias";
    alias_created: "Created." / "Skapat.";
    alias_saved: "Saved." / "Sparat.";

    aliases_full(most: u64):
        "The project has reached its limit of {most} aliases. Delete one first, or ask GleSYS to raise the limit."
        / "Projektet har nått gränsen på {most} alias. Ta bort ett först, eller be GleSYS höja gränsen.";
    page_used(address: &str):
        "{address} was created with this form before. Press once more to create this alias too."
        / "{address} skapades redan med det här formuläret. Tryck en gång till för att skapa även det här aliaset.";

    target_none: "Write at least one address." / "Skriv minst en adress.";
    target_no_address(text: &str): "“{text}” is not an email address." / "”{text}” är inte en e-postadress.";
    target_repeated(target: &str): "{target} is listed more than once." / "{target} finns med mer än en gång.";
    target_itself(target: &str):
        "{target} is the alias itself; mail would never arrive." / "{target} är aliaset självt; post skulle aldrig komma fram.";
    target_too_many(most: usize): "At most {most} addresses." / "Högst {most} adresser.";
    target_loop(target: &str, way: &str):
        "{target} leads back to this alias, which would make a loop: {way}."
        / "{target} leder tillbaka till aliaset, vilket ger en rundgång: {way}.";
    targets_not_taken: "GleSYS did not accept these addresses. Nothing was changed." / "GleSYS godtog inte de här adresserna. Inget ändrades.";
    targets_missing:
        "These addresses don’t exist yet. Mail to them will bounce:"
        / "De här adresserna finns inte än. Post dit studsar:";

    alias_changed:
        "Someone changed this alias after you opened the form, so nothing was sent. It leads to this now:"
        / "Någon ändrade aliaset efter att du öppnade formuläret, så inget skickades. Nu leder det hit:";
    alias_changed_hint:
        "Your version is in the field below. Saving replaces what GleSYS has now."
        / "Din version finns i fältet nedan. Om du sparar ersätter den det som GleSYS har nu.";
    alias_changed_delete:
        "Someone changed this alias after you opened the page, so nothing was sent. Check where it leads now."
        / "Någon ändrade aliaset efter att du öppnade sidan, så inget skickades. Se efter vart det leder nu.";

    fact_alias_leads: "It leads to" / "Det leder till";
    fact_alias_bounces:
        "New mail to it will bounce. The mailboxes that it leads to stay as they are."
        / "Ny post dit studsar. Brevlådorna som det leder till påverkas inte.";
    fact_alias_led_by: "These aliases lead to it, and go on doing so:" / "De här aliasen leder till det, och fortsätter med det:";

    leads_outside: "leads outside the company’s domains" / "leder utanför företagets domäner";
    target_outside: "outside the company’s domains" / "utanför företagets domäner";
    fact_leads_outside: "It leads outside the company’s domains." / "Det leder utanför företagets domäner.";
    target_is_alias: "alias, leads on to" / "alias, leder vidare till";
    target_is_untold_alias: "alias; GleSYS does not say where it leads" / "alias; GleSYS säger inte vart det leder";
    target_is_both: "account, and an alias that leads on to" / "konto, och ett alias som leder vidare till";
    target_is_this: "loops back to this alias" / "går runt till det här aliaset";
    target_is_nothing: "doesn’t exist: mail to it will bounce" / "finns inte: post dit studsar";
    leads_untold: "GleSYS does not say where it leads." / "GleSYS säger inte vart det leder.";
    leads_nowhere: "It leads nowhere." / "Det leder ingenstans.";
    last_changes: "Last changes" / "Senaste ändringar";
    off_protected_address: "Protected address: only admins can do this." / "Skyddad adress: det kan bara administratörer göra.";
}
