//! The account overview and the alias page.

use super::{Texts, sentences};
use crate::model::address::readable;
use crate::model::{Language, Quota};

impl Texts {
    /// An amount of storage, as people read it.
    pub fn mib(self, mib: u64) -> String {
        let comma = match self.0 {
            Language::English => '.',
            Language::Swedish => ',',
        };
        if mib < 1024 { format!("{mib} MiB") } else { format!("{}{comma}{} GiB", mib / 1024, mib % 1024 * 10 / 1024) }
    }

    /// How much an account may hold.
    pub fn quota(self, quota: Quota) -> String {
        match quota {
            Quota::Gib(gib) => format!("{gib} GiB"),
            Quota::Unlimited => self.unlimited().to_owned(),
            Quota::NotKnown => self.not_known().to_owned(),
        }
    }

    /// How much of its storage an account uses.
    pub fn storage_used(self, used_mib: Option<u64>, quota: Quota) -> String {
        let (used, told) = (used_mib.map(|mib| self.mib(mib)), self.quota(quota));
        match (used, quota) {
            (Some(used), Quota::Gib(_)) => self.used_of(&used, &told),
            (None, Quota::Gib(_)) => self.quota_of(&told),
            (Some(used), Quota::Unlimited | Quota::NotKnown) => self.used_without(&used, &told),
            (None, Quota::Unlimited | Quota::NotKnown) => self.unread_without(&told),
        }
    }

    /// The same in a list.
    pub fn storage_short(self, used_mib: Option<u64>, quota: Quota) -> String {
        let (used, told) = (used_mib.map(|mib| self.mib(mib)), self.quota(quota));
        match (used, quota) {
            (Some(used), Quota::Gib(_)) => self.short_used_of(&used, &told),
            (None, Quota::Gib(_)) => self.short_unread_of(&told),
            (used, Quota::Unlimited | Quota::NotKnown) => self.short_used(used.as_deref().unwrap_or("–"), &told),
        }
    }

    /// How strict the spam filter is.
    pub fn spam_strictness(self, level: Option<u8>) -> String {
        match level {
            None => self.glesys_does_not_say().to_owned(),
            Some(0) => self.spam_off().to_owned(),
            Some(level) => self.spam_level(level),
        }
    }

    /// The same, with what becomes of spam.
    pub fn spam_told(self, level: Option<u8>, is_refused: Option<bool>) -> String {
        let becomes = match is_refused {
            Some(true) => self.spam_rejected(),
            Some(false) => self.spam_delivered(),
            None => self.spam_end_not_known(),
        };
        let strictness = self.spam_strictness(level);
        if level == Some(0) || (level, is_refused) == (None, None) {
            strictness
        } else {
            format!("{strictness}; {becomes}")
        }
    }

    /// Where an alias leads, in a line.
    pub fn targets(self, targets: Option<&[String]>) -> String {
        let told = |targets: &[String]| targets.iter().map(|target| readable(target)).collect::<Vec<_>>().join(", ");
        targets.map_or_else(|| self.glesys_does_not_say().to_owned(), told)
    }

    /// Whether something is on.
    pub const fn on_or_off(self, is_on: Option<bool>) -> &'static str {
        match is_on {
            Some(true) => self.on(),
            Some(false) => self.off(),
            None => self.glesys_does_not_say(),
        }
    }

    /// What becomes of mail that is answered automatically.
    pub const fn mail_kept(self, is_kept: Option<bool>) -> &'static str {
        match is_kept {
            Some(true) => self.keeps_mail(),
            Some(false) => self.drops_mail(),
            None => self.keeping_not_known(),
        }
    }
}

sentences! {
    email_account: "Email account" / "E-postkonto";
    in_programs: "type it as" / "skrivs som";
    mixed_scripts:
        "This domain mixes letters of several alphabets, which can make it look like another one. Check it character by character."
        / "Domänen blandar bokstäver ur flera alfabet och kan därför likna en annan. Jämför tecken för tecken.";
    actions: "Actions" / "Åtgärder";
    reset_password: "Reset password" / "Återställ lösenord";
    reset_password_opens: "Reset password…" / "Återställ lösenord…";
    off_no_right:
        "Only operators can reset passwords."
        / "Bara operatörer kan återställa lösenord.";
    off_protected: "Protected account: only admins can do this." / "Skyddat konto: det kan bara administratörer göra.";
    off_of_staff: "A staff member’s own address, or was in the last seven days: only admins can do this."
        / "En medarbetares egen adress, eller var det de senaste sju dagarna: det kan bara administratörer göra.";
    off_no_answer: "GleSYS isn’t responding." / "GleSYS svarar inte.";
    off_in_flight: "A reset is running." / "En återställning pågår.";
    off_change_in_flight: "A change is running." / "En ändring pågår.";
    off_cooling(time: &str):
        "The last attempt may still go through. Try again after {time}."
        / "Det senaste försöket kan fortfarande gå igenom. Försök igen efter kl. {time}.";
    settings: "Settings" / "Inställningar";
    storage: "Storage" / "Utrymme";
    used_of(used: &str, quota: &str): "{used} of {quota} used" / "{used} av {quota} använt";
    quota_of(quota: &str): "{quota} (use unknown)" / "{quota} (användning okänd)";
    used_storage: "Used storage" / "Använt utrymme";
    auto_reply: "Automatic reply" / "Autosvar";
    keeps_mail: "Replied mail stays in the inbox." / "Besvarad post ligger kvar i inkorgen.";
    drops_mail: "Replied mail is not kept." / "Besvarad post behålls inte.";
    keeping_not_known:
        "GleSYS does not say whether replied mail is kept." / "GleSYS säger inte om besvarad post behålls.";
    reply_text_not_known: "GleSYS does not say its text." / "GleSYS säger inte vad det svarar.";
    used_without(used: &str, quota: &str): "{used} used; limit: {quota}" / "{used} använt; gräns: {quota}";
    unread_without(quota: &str): "Limit: {quota} (use unknown)" / "Gräns: {quota} (användning okänd)";
    unlimited: "unlimited" / "obegränsad";
    not_known: "not known" / "okänd";
    glesys_does_not_say: "GleSYS does not say" / "GleSYS säger inte";
    spam_filter: "Spam filter" / "Skräppostfilter";
    spam_off: "Off" / "Av";
    spam_level(level: u8): "Level {level} of 5" / "Nivå {level} av 5";
    spam_rejected: "spam is rejected on arrival" / "skräppost avvisas direkt";
    spam_delivered: "spam goes to the spam folder" / "skräppost hamnar i skräppostmappen";
    spam_end_not_known:
        "GleSYS does not say what becomes of spam" / "GleSYS säger inte vad som händer med skräppost";
    virus_check: "Virus check" / "Virusskydd";
    created: "Created" / "Skapat";
    changed: "Changed" / "Ändrat";
    last_resets: "Last resets and changes" / "Senaste återställningar och ändringar";
    no_resets: "Nothing yet in this panel." / "Inget än i den här panelen.";
    by(name: &str): "by {name}" / "av {name}";
    ticket_is(ticket: &str): "ticket {ticket}" / "ärende {ticket}";
    aliases_that_lead_here: "Aliases that lead here" / "Alias som leder hit";
    no_aliases_here: "No alias leads here." / "Inget alias leder hit.";
    no_known_aliases_here: "No alias is known to lead here." / "Inget känt alias leder hit.";
    aliases_untold(count: usize):
        "Of {count} other aliases it is not known where they lead." / "Av {count} andra alias är det okänt vart de leder.";
    domains_unread(count: usize): "{count} domains have not been read yet." / "{count} domäner är inte lästa än.";
    new_alias_here: "New alias that leads here" / "Nytt alias som leder hit";
    alias: "Alias" / "Alias";
    twin_alias: "There is also an alias with this address." / "Det finns också ett alias med den här adressen.";
    twin_account: "There is also an account with this address." / "Det finns också ett konto med den här adressen.";
    off_delete_twin:
        "An account has the same address, and GleSYS would delete that."
        / "Ett konto har samma adress, och GleSYS skulle ta bort det.";
    alias_explained:
        "An alias has no password. It forwards what it gets to the addresses below; anyone who reads there signs in with their own."
        / "Ett alias har inget lösenord. Det skickar vidare till adresserna nedan; den som läser där loggar in med sitt eget.";
    target_elsewhere: "not hosted here, or not yours to see" / "finns inte här, eller så får du inte se det";
    shown_just_now(time: &str):
        "Password reset. Shown to you at {time}." / "Lösenordet är återställt. Det visades för dig kl. {time}.";
    what_reset: "Password reset" / "Lösenordsåterställning";
    what_create: "Creation" / "Skapande";
    what_edit: "Edit" / "Ändring";
    what_delete: "Deletion" / "Borttagning";
    mark_shown: "Shown" / "Visat";
    mark_not_shown: "Not shown" / "Ej visat";
    mark_forgotten: "Not kept" / "Ej sparat";
    mark_waiting: "Waiting to be shown" / "Väntar på att visas";
    mark_unknown: "Unknown" / "Okänt";
    mark_not_reset: "Not reset" / "Ej återställt";
    mark_created: "Created" / "Skapat";
    mark_changed: "Changed" / "Ändrat";
    mark_deleted: "Deleted" / "Borttaget";
    mark_not_done: "Not done" / "Ej gjort";
    mark_running: "Running" / "Pågår";
}
