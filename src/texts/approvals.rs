//! Approvals: what takes two people, who is asked, and what became of it.

use super::{Texts, sentences};
use crate::model::{ApprovalState, OperationKind};

sentences! {
    ask_second_person: "Ask a colleague to approve" / "Be en kollega godkänna";
    asked_reset: "Reset the password" / "Återställ lösenordet";
    asked_lock_out: "Lock out" / "Spärra";
    asked_delete: "Delete the account" / "Ta bort kontot";
    asked_change: "Change" / "Ändra";
    asked_accounts(accounts: i64, domain: &str): "{accounts} accounts in {domain}" / "{accounts} konton i {domain}";
    ask_fact_other:
        "A colleague who may do the same sees this and your reason, and approves it or not."
        / "En kollega som får göra samma sak ser det här och din orsak, och godkänner eller nekar.";
    ask_fact_times:
        "They have four hours. Once it is approved, you have 30 minutes to do it, once."
        / "Kollegan har fyra timmar på sig. När det är godkänt har du 30 minuter på dig att göra det, en gång.";
    ask_fact_nothing: "Nothing is changed until then." / "Inget ändras förrän dess.";
    ask_shown_later:
        "You’ll see it once, when you reset the password after the approval."
        / "Du ser det en gång, när du återställer lösenordet efter godkännandet.";
    ask_nobody:
        "Nobody else on the staff may do this now, so nobody can approve it. Tell an admin."
        / "Ingen annan medarbetare får göra det här nu, så ingen kan godkänna det. Säg till en administratör.";
    ask_too_many:
        "You have asked for too many approvals that nobody has answered yet. Withdraw some first."
        / "Du har begärt för många godkännanden som ingen har svarat på än. Ta tillbaka några först.";
    waiting_for_you: "Waiting for you" / "Väntar på dig";
    asked_by_you: "Your approval requests" / "Dina begäranden om godkännande";
    asks_ago(name: &str, ago: &str): "requested by {name} {ago}" / "begärt av {name} {ago}";
    approval_mark_asked: "Waiting" / "Väntar";
    approval_mark_given: "Approved" / "Godkänt";
    approval_mark_used: "Used" / "Använt";
    approval_mark_refused: "Refused" / "Nekat";
    approval_mark_withdrawn: "Withdrawn" / "Tillbakataget";
    approval_mark_unanswered: "Not answered in time" / "Inget svar i tid";
    approval_mark_unused: "Approved, not done in time" / "Godkänt, inte gjort i tid";
    approval_mark_forgotten: "Ended" / "Avslutat";
    approval_waits_until(time: &str): "A colleague can answer until {time}." / "En kollega kan svara fram till {time}.";
    approval_given_by(name: &str, date: &str): "{name} approved it on {date}." / "{name} godkände det den {date}.";
    approval_good_until(time: &str): "It can be done until {time}, once." / "Det kan göras fram till {time}, en gång.";
    approval_go_on: "Continue" / "Fortsätt";
    approval_used_at(date: &str): "It was used on {date}." / "Det användes den {date}.";
    approval_unsent_again(time: &str):
        "Nothing was sent to GleSYS then, so it still counts until {time}."
        / "Inget skickades till GleSYS då, så det gäller fortfarande fram till {time}.";
    approval_see_what: "See what was done" / "Se vad som gjordes";
    approval_refused_by(name: &str, date: &str): "{name} refused it on {date}." / "{name} nekade det den {date}.";
    approval_withdrawn_by(name: &str): "{name} withdrew the request." / "{name} tog tillbaka begäran.";
    approval_unanswered: "Nobody answered in time." / "Ingen svarade i tid.";
    approval_unused: "It was approved, but not done in time." / "Det godkändes, men gjordes inte i tid.";
    approval_forgotten:
        "It ended, because the panel’s database was put back to an older state or repaired."
        / "Det tog slut, eftersom panelens databas lades tillbaka till ett äldre läge eller reparerades.";
    approval_no_longer_counts(name: &str):
        "It does not count now: {name} may no longer do this. Withdraw it and ask again."
        / "Det gäller inte nu: {name} får inte längre göra det här. Ta tillbaka det och fråga igen.";
    approval_to_give(name: &str):
        "{name} wants to do this and needs your approval. Talk to {name} if you are in doubt: the reason is {name}’s own, and nobody has checked it."
        / "{name} vill göra det här och behöver ditt godkännande. Prata med {name} om du tvekar: orsaken är det {name} själv har skrivit, och ingen har kontrollerat den.";
    approval_what_it_does(name: &str):
        "If you approve, {name} can do it once within 30 minutes. Both names are recorded in the audit log."
        / "Om du godkänner kan {name} göra det en gång inom 30 minuter. Bådas namn sparas i granskningsloggen.";
    approval_not_for_you:
        "You can’t answer this. It takes a colleague who may do the same; neither may have let the other in within seven days, themselves or through others."
        / "Du kan inte svara på det här. Det krävs en kollega som får göra samma sak; ingen av dem får ha släppt in den andra de senaste sju dagarna, själv eller genom andra.";
    approval: "Approval" / "Godkännande";
    approve: "Approve" / "Godkänn";
    refuse: "Refuse" / "Neka";
    refuse_given: "Take the approval back" / "Ta tillbaka godkännandet";
    refusal_word: "Reason for refusing" / "Skäl till avslag";
    taking_back_word: "Reason for taking it back" / "Skäl till att du tar tillbaka det";
    refusal_word_too_long(most: usize): "Use at most {most} characters." / "Använd högst {most} tecken.";
    withdraw: "Withdraw" / "Ta tillbaka";
    ask_again: "Ask again" / "Fråga igen";
    reset_approved_by(name: &str, time: &str):
        "{name} has approved this. Reset it by {time}; the reason is the one that you gave."
        / "{name} har godkänt det här. Återställ senast {time}; orsaken är den som du angav.";
    batch_approved_by(name: &str, time: &str):
        "{name} has approved this. Begin by {time}; the reason is the one that you gave."
        / "{name} har godkänt det här. Börja senast {time}; orsaken är den som du angav.";
    takes_two:
        "This takes two people: a colleague who may do the same has to approve it first."
        / "Det här kräver två personer: en kollega som får göra samma sak måste godkänna det först.";
    left_out_two:
        "This account takes two people: reset it alone, where you can ask a colleague."
        / "Det här kontot kräver två personer: återställ det för sig, där du kan fråga en kollega.";
    approval_asked_by(name: &str, date: &str): "Requested by {name} on {date}." / "Begärt av {name} den {date}.";
    approval_way_shown(name: &str): "The new password will be shown to {name}." / "Det nya lösenordet visas för {name}.";
    approval_way_link(name: &str):
        "The new password will go to its owner by link and code, which {name} passes on."
        / "Det nya lösenordet går till ägaren via länk och kod, som {name} lämnar vidare.";
    approval_accounts: "Which accounts" / "Vilka konton";
    approval_first_accounts(shown: usize): "The first {shown} are listed." / "De första {shown} visas.";
    approval_done_until(name: &str, time: &str):
        "{name} can do it until {time}, once." / "{name} kan göra det fram till {time}, en gång.";
}

impl Texts {
    /// How what somebody asked for stands, in few words; what has ended may have been given before.
    pub const fn approval_mark(self, stands: ApprovalState, was_decided: bool) -> &'static str {
        match stands {
            ApprovalState::Asked => self.approval_mark_asked(),
            ApprovalState::Given => self.approval_mark_given(),
            ApprovalState::Used => self.approval_mark_used(),
            ApprovalState::Refused => self.approval_mark_refused(),
            ApprovalState::Withdrawn => self.approval_mark_withdrawn(),
            ApprovalState::Ended if was_decided => self.approval_mark_unused(),
            ApprovalState::Ended => self.approval_mark_unanswered(),
            ApprovalState::Forgotten => self.approval_mark_forgotten(),
        }
    }

    /// What is to be approved, in few words.
    pub const fn asked_for(self, kind: OperationKind) -> &'static str {
        match kind {
            OperationKind::ResetPassword => self.asked_reset(),
            OperationKind::LockOut => self.asked_lock_out(),
            OperationKind::DeleteAccount => self.asked_delete(),
            OperationKind::CreateAccount
            | OperationKind::EditAccount
            | OperationKind::CreateAlias
            | OperationKind::EditAlias
            | OperationKind::DeleteAlias => self.asked_change(),
        }
    }
}
