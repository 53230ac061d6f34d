//! The confirmation page, the working page and the one-shot result.

use super::{Texts, sentences};
use crate::model::OperationKind;

sentences! {
    reset_of: "Reset the password of" / "Återställ lösenordet för";
    fact_stops:
        "The current password stops working at once, on every phone and computer."
        / "Det nuvarande lösenordet slutar fungera direkt, på alla telefoner och datorer.";
    fact_made:
        "GleSYS generates a new one; you can’t choose it."
        / "GleSYS skapar ett nytt. Du kan inte välja det själv.";
    fact_once:
        "You’ll see it once, on the next page. Stay on the line with the caller."
        / "Du ser det en gång, på nästa sida. Ha den som ringer kvar på tråden.";
    fact_told: "The owner will be notified by email." / "Ägaren får ett meddelande via e-post.";
    facts_told: "Each owner will be notified by email." / "Varje ägare får ett meddelande via e-post.";
    reset_before(ago: &str, name: &str):
        "Reset {ago} by {name}." / "Återställdes {ago} av {name}.";
    reset_before_hint:
        "Resetting again makes that password useless."
        / "Återställer du igen slutar det lösenordet att fungera.";
    last_unknown(ago: &str, name: &str):
        "{name} tried to reset it {ago}, and GleSYS did not say how it ended."
        / "{name} försökte återställa {ago} och GleSYS sa inte hur det gick.";
    last_unknown_hint: "The old password may no longer work." / "Det gamla lösenordet kan ha slutat fungera.";
    ticket: "Reason or ticket" / "Orsak eller ärende";
    optional: "(optional)" / "(valfritt)";
    ticket_hint: "Saved in the audit log. Don’t write passwords here." / "Sparas i granskningsloggen. Skriv aldrig lösenord här.";
    ticket_read_by_owners:
        "Anyone who reads the mailbox gets to see it, too." / "Den som läser brevlådan får också se det.";
    ticket_missing: "Enter a reason or ticket number." / "Ange orsak eller ärendenummer.";
    ticket_required: "Required." / "Obligatoriskt.";
    ticket_form(form: &str): "Write it in this form: {form}." / "Skriv på den här formen: {form}.";
    ticket_too_long(most: usize): "At most {most} characters." / "Högst {most} tecken.";

    working: "Resetting the password of" / "Återställer lösenordet för";
    working_wait:
        "Waiting for GleSYS. This can take up to 30 seconds."
        / "Väntar på GleSYS. Det kan ta upp till 30 sekunder.";
    working_leave_by_link:
        "You can leave; come back within five minutes to see link and code."
        / "Du kan lämna sidan; kom tillbaka inom fem minuter för att se länk och kod.";
    working_leave:
        "You can leave; come back within five minutes to see the password."
        / "Du kan lämna sidan; kom tillbaka inom fem minuter för att se lösenordet.";
    look_again: "Refresh" / "Uppdatera";

    new_password_for: "New password for" / "Nytt lösenord för";
    shown_this_once(time: &str):
        "Shown only once. The old password stopped working at {time}."
        / "Visas bara nu. Det gamla slutade fungera kl. {time}.";
    covered:
        "Hidden. You can still copy it, or show it again."
        / "Dolt. Du kan fortfarande kopiera det, eller visa det igen.";
    never_printed: "The password is never printed." / "Lösenordet skrivs aldrig ut.";
    copy: "Copy" / "Kopiera";
    copied: "Copied" / "Kopierat";
    copy_failed: "Not copied: select the password and copy it yourself." / "Inte kopierat: markera lösenordet och kopiera själv.";
    copy_text_failed: "Not copied: select the text and copy it yourself." / "Inte kopierat: markera texten och kopiera själv.";
    hide: "Hide" / "Dölj";
    show: "Show" / "Visa";
    spell_it: "Spell it" / "Bokstavera";
    spell_caption: "The password, one character at a time" / "Lösenordet, ett tecken i taget";
    odd_signs:
        "Some characters in the password can’t be seen; they are named in place, and copied as they are."
        / "Lösenordet har tecken som inte syns; de är namngivna där de står och kopieras som de är.";
    tell_caller: "Tell the caller" / "Säg till den som ringer";
    caller_text:
        "The new password works now; the old one doesn’t. Enter it at once on every phone and computer with this mail. A device that keeps trying the old one can get the address blocked."
        / "Det nya lösenordet gäller nu, det gamla fungerar inte. Skriv in det direkt på alla telefoner och datorer med e-posten. En enhet som fortsätter med det gamla kan göra att adressen spärras.";
    copy_this_text: "Copy this text" / "Kopiera texten";
    reset_again: "Reset password again…" / "Återställ igen…";

    ready: "The new password is ready" / "Det nya lösenordet är klart";
    ready_for: "New password ready for" / "Nytt lösenord klart för";
    ready_lead(time: &str):
        "You can see it once, until {time}. Open it when you are ready to write it down."
        / "Du kan se det en gång, fram till kl. {time}. Öppna det när du är redo att skriva ner det.";
    show_password: "Show password" / "Visa lösenordet";

    shown_title: "Shown already" / "Redan visat";
    shown_lead: "The password has already been shown:" / "Lösenordet har redan visats:";
    shown_at(date: &str, name: &str):
        "{name} saw it on {date}. It can’t be shown again." / "{name} såg det den {date}. Det kan inte visas igen.";
    shown_here: "You saw it in this browser." / "Du såg det i den här webbläsaren.";
    shown_elsewhere: "It was shown in another session." / "Det visades i en annan session.";
    shown_not_seen:
        "The browser did not report that it was displayed." / "Webbläsaren rapporterade inte att det visades på skärmen.";
    shown_seen(time: &str): "The browser displayed it at {time}." / "Webbläsaren visade det kl. {time}.";
    shown_lost_hint:
        "Lost it? Reset the password again." / "Borta? Återställ lösenordet igen.";

    not_reset_title: "Not reset" / "Inte återställt";
    not_reset_of: "Password not reset:" / "Lösenordet är inte återställt:";
    not_reset_lead: "The old password still works; nothing was changed." / "Det gamla lösenordet fungerar fortfarande. Inget har ändrats.";
    unknown_title: "May have been reset" / "Kan ha återställts";
    unknown_of: "We don’t know if the password was reset:" / "Oklart om lösenordet återställdes:";
    unknown_lead:
        "The old password may have stopped working."
        / "Det gamla lösenordet kan ha slutat fungera.";
    unknown_wait(time: &str):
        "Wait until {time}, so that the first attempt can’t overwrite the second."
        / "Vänta till kl. {time}, så att det första försöket inte skriver över det andra.";
    unknown_wait_in: "Reset again in" / "Återställ igen om";
    unknown_now: "Reset it again to be sure." / "Återställ igen för att vara säker.";
    waits_title: "Not shown yet" / "Inte visat än";
    waits_of: "Not shown yet: the new password of" / "Inte visat än: det nya lösenordet för";
    not_shown_title: "Reset, but not shown" / "Återställt men inte visat";
    not_shown_of: "Reset, but not shown: the password of" / "Återställt men inte visat: lösenordet för";
    not_shown_expired:
        "Nobody opened the new password within five minutes, so it’s gone."
        / "Ingen öppnade det nya lösenordet inom fem minuter, så det är borta.";
    forgotten_title: "Made, but not kept" / "Skapat men inte sparat";
    forgotten_of: "Made, but not kept: the password of" / "Skapat men inte sparat: lösenordet för";
    not_shown_forgotten:
        "The panel’s database was put back to an older state or repaired meanwhile. It does not know whether this password was shown, so it does not show it."
        / "Panelens databas lades under tiden tillbaka till ett äldre läge eller reparerades. Den vet inte om lösenordet har visats och visar det därför inte.";
    not_shown_other_session:
        "Only the session that confirmed the reset can see the new password."
        / "Bara sessionen som bekräftade återställningen kan se det nya lösenordet.";
    not_shown_not_recorded:
        "The password wasn’t shown, because the panel couldn’t log it. Try again; it’s kept for five minutes."
        / "Lösenordet visades inte, eftersom panelen inte kunde logga det. Försök igen; det finns kvar i fem minuter.";
    not_shown_spoiled:
        "The new password can no longer be opened."
        / "Det nya lösenordet går inte längre att öppna.";
    not_shown_not_offered:
        "Your company has decided meanwhile that staff are not shown this account’s passwords."
        / "Företaget har under tiden bestämt att lösenorden för det här kontot inte visas för personalen.";
    not_shown_overtaken:
        "The account was reset again after this, so this is not the password that works, and it is not shown."
        / "Kontot återställdes igen efter detta, så det här är inte lösenordet som gäller, och det visas inte.";
    not_shown_deleted:
        "The account was deleted after this, or may have been, so the password is not shown."
        / "Kontot togs bort efter detta, eller kan ha tagits bort, så lösenordet visas inte.";
    not_shown_overtaken_do:
        "Look at the account to see who reset it last." / "Titta på kontot för att se vem som återställde det sist.";
    not_shown_do: "The old password no longer works. Reset it again." / "Det gamla lösenordet gäller inte längre. Återställ igen.";
    what_to_do: "What to do now" / "Gör så här";
    to_account: "Go to the account" / "Gå till kontot";
    to_domain: "Go to the domain" / "Gå till domänen";
}

impl Texts {
    /// What whoever waits for a reset may do meanwhile.
    pub const fn leave(self, is_by_link: bool) -> &'static str {
        if is_by_link { self.working_leave_by_link() } else { self.working_leave() }
    }

    /// The heading of the confirmation, before the address.
    pub fn confirm_lead(self, kind: OperationKind) -> &'static str {
        if kind == OperationKind::LockOut { self.lock_out_of() } else { self.reset_of() }
    }

    pub fn confirm_button(self, kind: OperationKind) -> &'static str {
        if kind == OperationKind::LockOut { self.lock_out() } else { self.reset_password() }
    }
}
