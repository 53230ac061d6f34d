//! The confirmation page, the working page and the one-shot result.

use super::sentences;

sentences! {
    reset_of: "Reset the password of" / "Återställ lösenordet för";
    fact_stops:
        "The current password stops working at once, on every phone and computer."
        / "Det nuvarande lösenordet slutar gälla genast, på alla telefoner och datorer.";
    fact_made:
        "GleSYS makes a new one; you can’t choose it."
        / "GleSYS skapar ett nytt. Du kan inte välja det själv.";
    fact_once:
        "You will see it once, on the next page. Have something to write it down with."
        / "Du ser det en gång, på nästa sida. Ha något att skriva med till hands.";
    fact_told: "The owner will be notified by email." / "Ägaren får ett meddelande via e-post.";
    facts_told: "Each owner will be notified by email." / "Varje ägare får ett meddelande via e-post.";
    reset_before(ago: &str, name: &str):
        "Reset {ago} by {name}." / "Återställdes {ago} av {name}.";
    reset_before_hint:
        "If you reset it again, the password that was passed on then stops working."
        / "Om du återställer igen slutar lösenordet som då lämnades ut att gälla.";
    last_unknown(ago: &str, name: &str):
        "{name} tried a reset {ago} and GleSYS did not say how it ended."
        / "{name} försökte återställa {ago} och GleSYS sa inte hur det gick.";
    last_unknown_hint: "The old password may no longer work." / "Det gamla lösenordet gäller kanske inte längre.";
    ticket: "Reason or ticket" / "Orsak eller ärende";
    optional: "(optional)" / "(valfritt)";
    ticket_hint: "Saved in the audit. Don’t write passwords here." / "Sparas i granskningsloggen. Skriv aldrig lösenord här.";
    ticket_read_by_owners:
        "Anyone who reads the mailbox gets to see it, too." / "Den som läser brevlådan får också se det.";
    ticket_missing: "Enter a reason or ticket number." / "Ange orsak eller ärendenummer.";
    ticket_required: "Required." / "Obligatoriskt.";
    ticket_form(form: &str): "Write it in this form: {form}." / "Skriv på den här formen: {form}.";
    ticket_too_long(most: usize): "At most {most} characters." / "Högst {most} tecken.";

    working: "Resetting the password of" / "Återställer lösenordet för";
    working_wait:
        "GleSYS is making a new password. This page goes on by itself; it can take half a minute."
        / "GleSYS skapar ett nytt lösenord. Sidan går vidare av sig själv; det kan ta en halv minut.";
    working_leave:
        "The reset goes on if you leave. You can come back to this page for five minutes after it is done."
        / "Återställningen fortsätter om du lämnar sidan. Du kan komma tillbaka hit inom fem minuter efter att den är klar.";
    look_again: "Refresh" / "Uppdatera";

    new_password_for: "New password for" / "Nytt lösenord för";
    shown_this_once(time: &str):
        "Shown this one time. The old password stopped working at {time}."
        / "Visas bara den här gången. Det gamla lösenordet slutade gälla kl. {time}.";
    covered:
        "Covered. It can still be copied, and shown again as long as this page is open."
        / "Dolt. Det kan fortfarande kopieras, och visas igen så länge sidan är öppen.";
    never_printed: "The password is never printed." / "Lösenordet skrivs aldrig ut.";
    copy: "Copy" / "Kopiera";
    copied: "Copied" / "Kopierat";
    copy_failed: "Not copied: select the password and copy it yourself." / "Inte kopierat: markera lösenordet och kopiera själv.";
    copy_text_failed: "Not copied: select the text and copy it yourself." / "Inte kopierat: markera texten och kopiera själv.";
    hide: "Hide" / "Dölj";
    show: "Show" / "Visa";
    spell_it: "Spell it" / "Bokstavera";
    spell_caption(count: usize):
        "The {count} characters of the password, one by one" / "Lösenordets {count} tecken, ett i taget";
    number: "Number" / "Nummer";
    character: "Character" / "Tecken";
    say: "Say" / "Säg";
    odd_signs:
        "The password holds characters that can’t be seen; they are named where they stand and are copied as they are."
        / "Lösenordet har tecken som inte syns; de är namngivna där de står och kopieras som de är.";
    tell_caller: "Tell the caller" / "Säg till den som ringer";
    caller_text:
        "Your email password has been changed, and the old one no longer works. Enter the new password on every phone and computer that reads this mail before you go on. One that keeps trying the old password can get the address blocked for a while."
        / "Ditt e-postlösenord är ändrat och det gamla gäller inte längre. Skriv in det nya på alla telefoner och datorer där du läser den här e-posten innan du fortsätter. En enhet som fortsätter försöka med det gamla kan göra att adressen spärras ett tag.";
    copy_this_text: "Copy this text" / "Kopiera texten";
    reset_again: "Reset password again…" / "Återställ igen…";

    ready: "The new password is ready" / "Det nya lösenordet är klart";
    ready_for: "New password ready for" / "Nytt lösenord klart för";
    ready_lead(time: &str):
        "It can be shown one time, until {time}. Open it when you are ready to write it down."
        / "Det kan visas en gång, fram till kl. {time}. Öppna det när du är redo att skriva ner det.";
    show_password: "Show password" / "Visa lösenordet";

    shown_title: "Shown already" / "Redan visat";
    shown_lead: "Already shown: the new password for" / "Redan visat: det nya lösenordet för";
    shown_at(date: &str, name: &str):
        "It was shown on {date} to {name} and can’t be shown again." / "Det visades den {date} för {name} och kan inte visas igen.";
    shown_here: "It was shown in this session of yours." / "Det visades i den här sessionen, din egen.";
    shown_elsewhere: "It was shown in another session than this one." / "Det visades i en annan session än den här.";
    shown_not_seen:
        "The browser did not report that it was displayed." / "Webbläsaren rapporterade inte att det visades på skärmen.";
    shown_seen(time: &str): "The browser displayed it at {time}." / "Webbläsaren visade det kl. {time}.";
    shown_lost_hint:
        "If nobody wrote it down, reset the password again." / "Om ingen skrev ner det får lösenordet återställas igen.";

    not_reset_title: "Not reset" / "Inte återställt";
    not_reset_of: "Not reset: the password of" / "Inte återställt: lösenordet för";
    not_reset_lead: "The old password still works; nothing was changed." / "Det gamla lösenordet gäller; inget ändrades.";
    unknown_title: "May have been reset" / "Kan ha återställts";
    unknown_of: "May have been reset: the password of" / "Kan ha återställts: lösenordet för";
    unknown_lead:
        "The password may have been changed; the old one may no longer work."
        / "Lösenordet kan ha ändrats; det gamla gäller kanske inte längre.";
    unknown_wait(time: &str):
        "You can reset it again after {time}, so that the first try can’t undo the second."
        / "Du kan återställa igen efter kl. {time}, så att det första försöket inte kan upphäva det andra.";
    unknown_wait_in: "You can reset it again in" / "Du kan återställa igen om";
    unknown_now: "Reset it again to be sure." / "Återställ igen för att vara säker.";
    waits_title: "Not shown yet" / "Inte visat än";
    waits_of: "Not shown yet: the new password of" / "Inte visat än: det nya lösenordet för";
    not_shown_title: "Reset, but not shown" / "Återställt men inte visat";
    not_shown_of: "Reset, but not shown: the password of" / "Återställt men inte visat: lösenordet för";
    not_shown_expired:
        "The new password waited five minutes, nobody opened it in the session that made it, and it is gone."
        / "Det nya lösenordet väntade fem minuter, ingen öppnade det i sessionen som skapade det, och det är borta.";
    forgotten_title: "Made, but not kept" / "Skapat men inte sparat";
    forgotten_of: "Made, but not kept: the password of" / "Skapat men inte sparat: lösenordet för";
    not_shown_forgotten:
        "The panel’s database was put back to an older state or repaired meanwhile. It does not know whether this password was shown, so it does not show it."
        / "Panelens databas lades under tiden tillbaka till ett äldre läge eller reparerades. Den vet inte om lösenordet har visats och visar det därför inte.";
    not_shown_other_session:
        "Only the session that confirmed the reset can see the new password."
        / "Bara sessionen som bekräftade återställningen kan se det nya lösenordet.";
    not_shown_not_recorded:
        "The panel could not record the showing, so it did not show the password. Try again in a moment; it waits for five minutes."
        / "Panelen kunde inte registrera visningen och visade därför inte lösenordet. Försök igen om en stund; det väntar i fem minuter.";
    not_shown_spoiled:
        "What was kept of the new password can’t be opened any more."
        / "Det som sparades av det nya lösenordet går inte att öppna längre.";
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
    what_to_do: "What to do" / "Vad du kan göra";
    to_account: "To the account" / "Till kontot";
    to_domain: "To the domain" / "Till domänen";
}
