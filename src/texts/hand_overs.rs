//! How a new password is handed over: the choice, the link and the code, and what became of them.

use super::{Texts, sentences};
use crate::model::{HandOver, LinkEnd};

sentences! {
    hand_over: "hand-over" / "utlämning";
    choose_way: "How the owner gets the new password" / "Så får ägaren det nya lösenordet";
    way_shown: "Show it to me" / "Visa det för mig";
    way_link: "Link and code for the owner" / "Länk och kod till ägaren";
    told_shown: "shown" / "visat";
    told_link: "link and code" / "länk och kod";
    told_nobody: "nobody" / "ingen";
    fact_link:
        "The owner reads it once, with a link and a code that you pass on. You never see it."
        / "Ägaren läser det, en gång, med en länk och en kod som du lämnar vidare. Du ser det aldrig.";
    voids_the_link:
        "Its owner has not read it yet. The link that was passed on then becomes void."
        / "Ägaren har inte läst det än. Länken som lämnades ut slutar då att gälla.";

    both_ready: "Link and code are ready" / "Länk och kod är klara";
    both_ready_for: "Link and code ready for" / "Länk och kod klara för";
    both_ready_lead(time: &str):
        "They can be shown once, until {time}. Open them when you are ready to pass them on."
        / "De kan visas en gång, fram till kl. {time}. Öppna dem när du är redo att lämna dem vidare.";
    show_both: "Show link and code" / "Visa länk och kod";
    both_for: "Link and code for" / "Länk och kod för";
    both_shown_this_once(time: &str):
        "Shown only once. You never see the password. The old one stopped working at {time}."
        / "Visas bara nu. Du ser aldrig lösenordet. Det gamla slutade gälla kl. {time}.";
    created_both_shown_once:
        "Shown only once. You never see the password." / "Visas bara nu. Du ser aldrig lösenordet.";
    both_good_until(time: &str): "Link and code can be used until {time}." / "Länk och kod kan användas till {time}.";
    two_ways:
        "Pass them on by two different ways, such as the link in a message and the code on the phone. Anyone who has both can read the password."
        / "Lämna dem på två olika sätt, till exempel länken i ett meddelande och koden i telefon. Den som har båda kan läsa lösenordet.";
    code_another_way:
        "Give the owner the code in another way than by email, such as on the phone. Anyone who has both can read the password."
        / "Lämna koden till ägaren på annat sätt än med e-post, till exempel i telefon. Den som har båda kan läsa lösenordet.";
    not_to_the_mailbox:
        "Don’t send them to this mailbox: its owner can’t read it now."
        / "Skicka dem inte till den här brevlådan: ägaren kan inte läsa den nu.";
    owner_link: "Link" / "Länk";
    owner_code: "Code" / "Kod";
    link_qr: "QR code of the link" / "QR-kod för länken";
    copy_code: "Copy code" / "Kopiera koden";
    spell_code_caption: "The code, one digit at a time" / "Koden, en siffra i taget";
    both_never_printed: "Link and code are never printed." / "Länk och kod skrivs aldrig ut.";
    see_receipts: "See whether it has been read" / "Se om det har lästs";
    both_just_now(time: &str):
        "Link and code for the new password were shown to you at {time}."
        / "Länk och kod till det nya lösenordet visades för dig kl. {time}.";

    by_link_waits_of: "Link not read yet:" / "Länk inte läst än:";
    by_link_read_of: "Read by link:" / "Läst via länk:";
    by_link_unread_of: "Link not read:" / "Länk inte läst:";
    by_link_until(time: &str):
        "The owner can read it with link and code until {time}. If either went astray, revoke the link and reset the password again."
        / "Ägaren kan läsa det med länk och kod till {time}. Om någon av dem kommit på avvägar: återkalla länken och återställ lösenordet igen.";
    by_link_read_do:
        "If it was not the owner who read it, reset the password again at once."
        / "Om det inte var ägaren som läste det: återställ lösenordet igen genast.";
    by_link_unread_do:
        "Nobody has the password, and the old one no longer works. Reset it again."
        / "Ingen har lösenordet, och det gamla gäller inte längre. Återställ igen.";
    by_link_unread_new_do:
        "Nobody has the password. Reset it to get another." / "Ingen har lösenordet. Återställ det för att få ett nytt.";
    by_link_may_be_read_of: "May have been read:" / "Kan ha lästs:";
    by_link_may_be_read_do:
        "Someone may have the password: nobody knows whether it was read before. Reset it again."
        / "Någon kan ha lösenordet: ingen vet om det hann läsas. Återställ igen.";
    by_link_unshown_do(time: &str):
        "Nobody can read the password before link and code have been shown, which can be done until {time}. After that, reset it again."
        / "Ingen kan läsa lösenordet innan länk och kod har visats, vilket kan göras till {time}. Efter det: återställ igen.";
    both_shown_at(date: &str, name: &str):
        "Link and code were shown on {date} to {name} and can’t be shown again."
        / "Länk och kod visades den {date} för {name} och kan inte visas igen.";
    both_not_shown(name: &str):
        "Link and code have not been shown to anyone yet; only the session in which {name} began it can see them."
        / "Länk och kod har inte visats för någon än; bara sessionen där {name} började kan se dem.";
    both_never_shown: "Link and code were never shown to anyone." / "Länk och kod visades aldrig för någon.";
    link_opened_at(date: &str):
        "The link was first opened on {date}, by a person, a preview or a scanner."
        / "Länken öppnades först den {date}, av en människa, en förhandsvisning eller en skanner.";
    codes_tried(count: i64, most: i64): "Codes tried: {count} of at most {most}." / "Prövade koder: {count} av högst {most}.";
    end_read: "The password was read with link and code." / "Lösenordet lästes med länk och kod.";
    end_revoked: "The link was revoked, unread." / "Länken återkallades, oläst.";
    end_expired: "The link ran out, unread." / "Länken gick ut, oläst.";
    end_unopened:
        "The link ended, because nobody opened link and code in time."
        / "Länken avslutades, eftersom ingen öppnade länk och kod i tid.";
    end_wrong_codes: "The link is void: too many codes were tried." / "Länken gäller inte: för många koder prövades.";
    end_overtaken:
        "The link is void: the password was changed again after this, or may have been."
        / "Länken gäller inte: lösenordet har ändrats igen efter det här, eller kan ha ändrats.";
    end_forgotten:
        "The link is void: the panel’s database was put back to an older state or repaired meanwhile."
        / "Länken gäller inte: panelens databas lades under tiden tillbaka till ett äldre läge eller reparerades.";
    hand_overs_that_wait: "Links that wait to be read" / "Länkar som väntar på att läsas";
    revoke: "Revoke the link" / "Återkalla länken";
    mark_link_waits: "Link not read yet" / "Länk inte läst än";
    mark_link_read: "Read by link" / "Läst via länk";
    mark_link_revoked: "Link revoked, unread" / "Länk återkallad, oläst";
    mark_link_expired: "Link over, unread" / "Länk slut, oläst";
    mark_link_void: "Link void, too many codes" / "Länk ogiltig, för många koder";
    mark_link_overtaken: "Link overtaken, unread" / "Länk inaktuell, oläst";
}

impl Texts {
    /// A way of handing a new password over.
    pub const fn way_of(self, way: HandOver) -> &'static str {
        match way {
            HandOver::Shown => self.way_shown(),
            HandOver::Link => self.way_link(),
            HandOver::Nobody => self.lock_out(),
        }
    }

    /// How a link ended.
    pub const fn link_end(self, end: LinkEnd) -> &'static str {
        match end {
            LinkEnd::Read => self.end_read(),
            LinkEnd::Revoked => self.end_revoked(),
            LinkEnd::Expired => self.end_expired(),
            LinkEnd::WrongCodes => self.end_wrong_codes(),
            LinkEnd::Overtaken => self.end_overtaken(),
            LinkEnd::Forgotten => self.end_forgotten(),
        }
    }

    /// How a link stands, in few words.
    pub const fn link_mark(self, end: Option<LinkEnd>) -> &'static str {
        match end {
            None => self.mark_link_waits(),
            Some(LinkEnd::Read) => self.mark_link_read(),
            Some(LinkEnd::Revoked) => self.mark_link_revoked(),
            Some(LinkEnd::Expired) => self.mark_link_expired(),
            Some(LinkEnd::WrongCodes) => self.mark_link_void(),
            Some(LinkEnd::Overtaken) => self.mark_link_overtaken(),
            Some(LinkEnd::Forgotten) => self.mark_forgotten(),
        }
    }

    /// The same in the audit.
    pub const fn way_told(self, way: HandOver) -> &'static str {
        match way {
            HandOver::Shown => self.told_shown(),
            HandOver::Link => self.told_link(),
            HandOver::Nobody => self.told_nobody(),
        }
    }

    /// What comes of it, where a colleague approves it first.
    pub const fn way_hint_later(self, way: HandOver) -> &'static str {
        match way {
            HandOver::Shown => self.ask_shown_later(),
            HandOver::Link | HandOver::Nobody => self.way_hint(way),
        }
    }

    /// What comes of it.
    pub const fn way_hint(self, way: HandOver) -> &'static str {
        match way {
            HandOver::Shown => self.fact_once(),
            HandOver::Link => self.fact_link(),
            HandOver::Nobody => self.fact_nobody(),
        }
    }
}
