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
        "One address per line. Each gets all mail to the alias."
        / "En adress per rad. Var och en får all post till aliaset.";
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
        "The project has all {most} aliases that it may have. Delete one first, or have the limit raised at GleSYS."
        / "Projektet har alla {most} alias som det får ha. Ta bort ett först, eller låt höja gränsen hos GleSYS.";
    page_used(address: &str):
        "{address} was created with this form before. Press once more to create this alias too."
        / "{address} skapades redan med det här formuläret. Tryck en gång till för att skapa även det här aliaset.";

    target_none: "Write at least one address." / "Skriv minst en adress.";
    target_no_address(text: &str): "“{text}” is not an email address." / "”{text}” är inte en e-postadress.";
    target_repeated(target: &str): "{target} stands here more than once." / "{target} står här mer än en gång.";
    target_itself(target: &str):
        "{target} is the alias itself; mail would never arrive." / "{target} är aliaset självt; post skulle aldrig komma fram.";
    target_too_many(most: usize): "At most {most} addresses." / "Högst {most} adresser.";
    target_loop(target: &str, way: &str):
        "{target} leads back to this alias, which would make a loop: {way}."
        / "{target} leder tillbaka till aliaset, vilket ger en rundgång: {way}.";
    targets_not_taken: "GleSYS did not accept these addresses. Nothing was changed." / "GleSYS godtog inte de här adresserna. Inget ändrades.";
    targets_missing:
        "Nothing stands at these addresses now, so mail to them is returned to its sender until somebody makes them:"
        / "På de här adresserna finns inget nu, så post dit går tillbaka till avsändaren tills någon skapar dem:";

    alias_changed:
        "Somebody changed this alias after you opened the form, so nothing was sent. It leads to this now:"
        / "Någon ändrade aliaset efter att du öppnade formuläret, så inget skickades. Nu leder det hit:";
    alias_changed_hint:
        "Your version stands in the field below. Saving it puts it in the place of what GleSYS has now."
        / "Din version står i fältet nedan. Om du sparar ersätter den det som GleSYS har nu.";
    alias_changed_delete:
        "Somebody changed this alias after you opened the page, so nothing was sent. Look at where it leads now."
        / "Någon ändrade aliaset efter att du öppnade sidan, så inget skickades. Se efter vart det leder nu.";

    fact_alias_leads: "It leads to" / "Det leder till";
    fact_alias_bounces:
        "Mail to it is returned to its sender from then on. The mailboxes that it leads to stay as they are."
        / "Post dit går därefter tillbaka till avsändaren. Brevlådorna som det leder till påverkas inte.";
    fact_alias_led_by: "These aliases lead to it, and go on doing so:" / "De här aliasen leder till det, och fortsätter med det:";

    leads_outside: "leads outside the company’s domains" / "leder utanför företagets domäner";
    target_outside: "outside the company’s domains" / "utanför företagets domäner";
    fact_leads_outside: "It leads outside the company’s domains." / "Det leder utanför företagets domäner.";
    target_is_alias: "alias, leads on to" / "alias, leder vidare till";
    target_is_untold_alias: "alias; GleSYS does not say where it leads" / "alias; GleSYS säger inte vart det leder";
    target_is_both: "account, and an alias that leads on to" / "konto, och ett alias som leder vidare till";
    target_is_this: "this alias, which makes a loop" / "detta alias, vilket ger en rundgång";
    target_is_nothing: "nothing there: mail is returned to its sender" / "inget där: post går tillbaka till avsändaren";
    leads_untold: "GleSYS does not say where it leads." / "GleSYS säger inte vart det leder.";
    leads_nowhere: "It leads nowhere." / "Det leder ingenstans.";
    last_changes: "Last changes" / "Senaste ändringar";
    off_protected_address: "This address is protected. It takes an admin." / "Adressen är skyddad. Det krävs en administratör.";
}
