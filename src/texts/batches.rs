//! Changing several accounts at once: selecting them, confirming, and how it goes.

use super::{Texts, sentences};
use crate::model::{BatchAction, Function, ItemState, Kept, WhyLeftOut, WhyStopped};

sentences! {
    bulk_opens: "Bulk edit…" / "Ändra flera…";
    bulk_title: "Bulk edit" / "Ändra flera konton";
    bulk_action: "Change" / "Ändring";
    bulk_choose: "Choose…" / "Välj…";
    bulk_accounts: "Accounts" / "Konton";
    bulk_select_all: "Select all shown" / "Markera alla som visas";
    bulk_select_none: "Select none" / "Avmarkera alla";
    bulk_continue: "Continue" / "Fortsätt";
    bulk_continue_hint:
        "Nothing is changed yet: the next page shows what will be." / "Inget ändras än: nästa sida visar vad som kommer att ändras.";
    bulk_only_first(shown: usize, of: usize):
        "The first {shown} of {of} are shown, which is as many as can be changed at once. Filter to reach the others."
        / "De första {shown} av {of} visas, vilket är så många som kan ändras på en gång. Filtrera för att nå de andra.";
    bulk_elsewhere(accounts: usize):
        "Selected accounts that don’t match the filter are listed first: {accounts}."
        / "Markerade konton som inte matchar filtret visas först: {accounts}.";
    /// Behind a number that the page counts by itself.
    bulk_selected: "selected" / "markerade";
    bulk_no_action: "Choose what to change." / "Välj vad som ska ändras.";
    bulk_none_chosen: "Select at least one account." / "Markera minst ett konto.";
    bulk_too_many(most: usize): "Select at most {most} accounts." / "Markera högst {most} konton.";
    bulk_gone:
        "One of the selected accounts no longer exists. Check the selection."
        / "Ett av de markerade kontona finns inte längre. Kontrollera urvalet.";
    bulk_last: "Last bulk edits" / "Senaste ändringar av flera konton";
    do_auto_reply_off: "Turn the automatic reply off" / "Stäng av autosvaret";
    do_quota_unnumbered: "Set storage…" / "Sätt utrymme…";
    do_quota(gib: u64): "Set storage to {gib} GiB" / "Sätt utrymmet till {gib} GiB";
    do_virus_check_on: "Turn the virus check on" / "Slå på virusskyddet";
    do_virus_check_off: "Turn the virus check off" / "Stäng av virusskyddet";
    do_refuse_spam: "Reject spam on arrival" / "Avvisa skräppost direkt";
    do_deliver_spam: "Deliver spam to the spam folder" / "Lägg skräppost i skräppostmappen";
    do_spam_off: "Turn the spam filter off" / "Stäng av skräppostfiltret";
    do_spam_level(level: u8): "Set the spam filter to level {level} of 5" / "Sätt skräppostfiltret till nivå {level} av 5";
    spam_short(level: u8): "Spam level {level}" / "Skräppostnivå {level}";
    spam_refused_mark: "Rejects spam" / "Avvisar skräppost";
    spam_refused_not_known: "Rejecting spam: not known" / "Avvisning av skräppost: okänt";
    virus_not_known: "Virus check: not known" / "Virusskydd: okänt";
    virus_off_mark: "No virus check" / "Inget virusskydd";
    protected_mark: "Protected" / "Skyddat";
    batch_in: "in" / "i";
    batch_confirm_each:
        "Each account is checked again before it’s changed, and logged separately."
        / "Varje konto kontrolleras igen innan det ändras, och loggas för sig.";
    batch_confirm_leave:
        "It takes a few seconds per account. It goes on if you close this page, but stops if you sign out."
        / "Det tar några sekunder per konto. Det fortsätter om du stänger sidan, men stannar om du loggar ut.";
    batch_running_leave:
        "It goes on if you close this page, but stops if the person who started it signs out."
        / "Det fortsätter om du stänger sidan, men stannar om den som startade det loggar ut.";
    batch_nothing: "There is nothing to change: see below why." / "Det finns inget att ändra: se nedan varför.";
    batch_nothing_known:
        "There is nothing to change, as far as is known: see below why."
        / "Det finns inget att ändra, såvitt man vet: se nedan varför.";
    batch_begin_one: "Change 1 account" / "Ändra 1 konto";
    batch_begin_some(accounts: usize): "Change {accounts} accounts" / "Ändra {accounts} konton";
    batch_continued(name: &str, time: &str): "Continued by {name} on {time}." / "Fortsatt av {name} den {time}.";
    batch_look_again: "Check again and change" / "Kontrollera igen och ändra";
    batch_change: "Change" / "Ändring";
    batch_why: "Why" / "Varför";
    batch_others: "Nothing to change, or left out" / "Inget att ändra, eller utelämnat";
    batch_others_read(time: &str):
        "This is what was read on {time}. Each is looked at again at its turn, and changed if it has another setting by then; what is protected is left out."
        / "Så såg det ut när det lästes den {time}. Varje konto läses igen när det är dess tur, och ändras om det då har en annan inställning; det som är skyddat utelämnas.";
    batch_too_late:
        "That page was out of date, so nothing was started. This is how it is now."
        / "Sidan var inaktuell, så inget startades. Så här ser det ut nu.";
    batch_try_one_again: "Try 1 account again" / "Försök igen med 1 konto";
    batch_try_some_again(accounts: usize): "Try {accounts} accounts again" / "Försök igen med {accounts} konton";
    batch_to_change: "Will be changed" / "Kommer att ändras";
    batch_first(shown: usize, of: usize):
        "The first {shown} of {of} are shown; what did not go well comes first."
        / "De första {shown} av {of} visas; det som inte gick bra står först.";
    batch_running(turns: usize, of: usize):
        "{turns} of {of} done." / "{turns} av {of} klara.";
    batch_done_at(date: &str): "Finished on {date}." / "Klart den {date}.";
    batch_stopped(time: &str): "Stopped on {time}, before all were done." / "Stoppat {time}, innan alla var klara.";
    batch_stopped_at_the_end(time: &str): "Stopped on {time}, when all were done." / "Stoppat {time}, när alla var klara.";
    batch_rest: "The others are unchanged." / "De andra är oförändrade.";
    batch_stop: "Stop" / "Stoppa";
    batch_go_on: "Continue with the rest" / "Fortsätt med resten";
    batch_another: "New bulk edit" / "Ny ändring av flera konton";
    batch_by(name: &str): "Started by {name}" / "Startat av {name}";
    batch_mark_running: "Running" / "Pågår";
    batch_mark_stopped: "Stopped" / "Stoppat";
    batch_mark_done: "Finished" / "Klart";
    item_waiting: "Not started" / "Ej påbörjat";
    item_working: "Working" / "Pågår";
    item_done: "Changed" / "Ändrat";
    item_unchanged: "Nothing to change" / "Inget att ändra";
    item_skipped: "Left out" / "Utelämnat";
    item_not_done: "Not changed" / "Ej ändrat";
    item_unknown: "Unknown" / "Okänt";
    left_out_unchanged: "It has the setting already." / "Det har redan inställningen.";
    left_out_holds_more:
        "It holds more than that already." / "Det innehåller redan mer än så.";
    left_out_in_flight: "Something else was being done to it." / "Något annat gjordes med det.";
    left_out_cooling:
        "The outcome of the last change was unknown, so it’s left alone for a minute."
        / "Utfallet av den senaste ändringen var okänt, så det lämnas i fred en minut.";
    left_out_overtaken: "It was changed while it was read." / "Det ändrades medan det lästes.";
    left_out_gone: "It no longer exists." / "Det finns inte längre.";
    left_out_alias: "It is an alias now." / "Det är ett alias nu.";
    stopped_limit_of_person:
        "The person who started it has reached their limit; a colleague can continue now, or they themselves later."
        / "Den som startade det har nått sin gräns; en kollega kan fortsätta nu, eller personen själv senare.";
    stopped_by_person: "Someone stopped it." / "Någon stoppade det.";
    stopped_stopping: "The panel was being restarted." / "Panelen startades om.";
    stopped_hard:
        "The panel was stopped in the middle of it, or couldn’t save anything for a while."
        / "Panelen stoppades mitt i, eller kunde inte spara något ett tag.";
    stopped_signed_out: "The person who started it is no longer signed in." / "Den som startade det är inte längre inloggad.";
    stopped_disabled: "The person who started it has been disabled." / "Den som startade det har stängts av.";
    stopped_no_right:
        "The person who started it may no longer manage mail in this domain."
        / "Den som startade det får inte längre hantera e-post i domänen.";
    stopped_crowded:
        "Too many were asking the panel’s database at the same time." / "För många frågade panelens databas samtidigt.";
    stopped_fault: "Something went wrong in the panel; its log says what." / "Något gick fel i panelen; dess logg säger vad.";
    stopped_unknowns:
        "GleSYS did not say how three accounts in a row ended." / "GleSYS sa inte hur det gick för tre konton i rad.";
    stopped_database: "The panel’s database failed." / "Panelens databas felade.";
}

impl Texts {
    /// What is done to each account.
    pub fn batch_action(self, action: BatchAction) -> String {
        match action {
            BatchAction::AutoReplyOff => self.do_auto_reply_off().to_owned(),
            BatchAction::VirusCheck(true) => self.do_virus_check_on().to_owned(),
            BatchAction::VirusCheck(false) => self.do_virus_check_off().to_owned(),
            BatchAction::RefuseSpam(true) => self.do_refuse_spam().to_owned(),
            BatchAction::RefuseSpam(false) => self.do_deliver_spam().to_owned(),
            BatchAction::Quota(gib) => self.do_quota(gib),
            BatchAction::SpamLevel(0) => self.do_spam_off().to_owned(),
            BatchAction::SpamLevel(level) => self.do_spam_level(level),
            BatchAction::LockOut => self.do_lock_out().to_owned(),
            BatchAction::LockOutAll => self.do_lock_out_all().to_owned(),
            BatchAction::GiveLinks => self.do_give_links().to_owned(),
        }
    }

    /// The button that has so many accounts tried again.
    pub fn batch_try_again(self, accounts: usize) -> String {
        if accounts == 1 { self.batch_try_one_again().to_owned() } else { self.batch_try_some_again(accounts) }
    }

    /// Where an account of a batch stands.
    pub const fn item_state(self, action: BatchAction, state: ItemState) -> &'static str {
        match state {
            ItemState::Done if action.locks_out() => self.locked_out_mark(),
            ItemState::NotDone if action.locks_out() => self.item_not_locked_out(),
            ItemState::Done if action.gives_links() => self.item_reset(),
            ItemState::NotDone if action.gives_links() => self.item_not_reset(),
            ItemState::Waiting => self.item_waiting(),
            ItemState::Working => self.item_working(),
            ItemState::Done => self.item_done(),
            ItemState::Unchanged => self.item_unchanged(),
            ItemState::Skipped => self.item_skipped(),
            ItemState::NotDone => self.item_not_done(),
            ItemState::Unknown => self.item_unknown(),
        }
    }

    /// Why no operation was made of an account.
    pub fn left_out(self, why: &Kept<WhyLeftOut>) -> String {
        let why = match why {
            Kept::Known(why) => why,
            Kept::Foreign(why) => return self.r_foreign(why),
        };
        let sentence = match why {
            WhyLeftOut::Unchanged => self.left_out_unchanged(),
            WhyLeftOut::HoldsMore => self.left_out_holds_more(),
            WhyLeftOut::InFlight => self.left_out_in_flight(),
            WhyLeftOut::CoolingDown => self.left_out_cooling(),
            WhyLeftOut::Overtaken => self.left_out_overtaken(),
            WhyLeftOut::PasswordSince => self.left_out_password_since(),
            WhyLeftOut::LockedOutSince | WhyLeftOut::LockedOutInstead => self.left_out_locked_out_since(),
            WhyLeftOut::NoSuchAccount => self.left_out_gone(),
            WhyLeftOut::IsAlias => self.left_out_alias(),
            WhyLeftOut::CallerNotEnough => self.left_out_caller(),
            WhyLeftOut::SecondPerson => self.left_out_two(),
            WhyLeftOut::Protected => self.off_protected(),
        };
        sentence.to_owned()
    }

    /// Why a batch stopped; `function` is the call of GleSYS that it makes.
    pub fn batch_stopped_because(self, why: &Kept<WhyStopped>, function: &Function) -> String {
        let why = match why {
            Kept::Known(why) => *why,
            Kept::Foreign(why) => return self.r_foreign(why),
        };
        let sentence = match why {
            WhyStopped::ByPerson => self.stopped_by_person(),
            WhyStopped::Stopping => self.stopped_stopping(),
            WhyStopped::LeaseRanOut => self.stopped_hard(),
            WhyStopped::RolledBack => self.r_rolled_back(),
            WhyStopped::SignedOut => self.stopped_signed_out(),
            WhyStopped::Disabled => self.stopped_disabled(),
            WhyStopped::MayNotManage => self.stopped_no_right(),
            WhyStopped::MayNotReset => self.stopped_may_not_reset(),
            WhyStopped::Database => self.stopped_database(),
            WhyStopped::Crowded => self.stopped_crowded(),
            WhyStopped::Unknowns => self.stopped_unknowns(),
            WhyStopped::LinksWait => self.stopped_links_wait(),
            WhyStopped::WayNotOffered => self.stopped_way(),
            WhyStopped::Fault => self.stopped_fault(),
            WhyStopped::Limit(limit) => return self.limit_stopped(limit),
            WhyStopped::Glesys(why) => return self.why_not(why, function),
        };
        sentence.to_owned()
    }
}
