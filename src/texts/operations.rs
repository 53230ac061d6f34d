//! How a change of an account or alias went.

use super::{Texts, sentences};
use crate::model::OperationKind;

sentences! {
    created_: "Created:" / "Skapat:";
    saved_: "Changed:" / "Ändrat:";
    deleted_: "Deleted:" / "Borttaget:";
    not_created: "Not created:" / "Inte skapat:";
    not_changed: "Not changed:" / "Inte ändrat:";
    not_deleted: "Not deleted:" / "Inte borttaget:";
    maybe_created: "May have been created:" / "Kan ha skapats:";
    maybe_changed: "May have been changed:" / "Kan ha ändrats:";
    maybe_deleted: "May have been deleted:" / "Kan ha tagits bort:";
    locked_out_: "Locked out:" / "Spärrat:";
    not_locked_out: "Not locked out:" / "Inte spärrat:";
    maybe_locked_out: "May have been locked out:" / "Kan ha spärrats:";
    change_done_by(name: &str): "Done by {name}" / "Gjort av {name}";
    change_nothing: "Nothing was changed." / "Inget ändrades.";
    change_unknown_lead: "We don’t know if it was done: GleSYS did not say." / "Oklart om det blev gjort: GleSYS sa inte det.";
    change_look:
        "Check what GleSYS has now before you try again." / "Kontrollera vad GleSYS har nu innan du försöker igen.";
    create_unknown_do:
        "Check whether the account exists now. If it does, reset its password: nobody knows the one it was created with."
        / "Kontrollera om kontot finns nu. Om det gör det, återställ lösenordet: ingen vet vilket det skapades med.";
    change_wait(time: &str):
        "Try again after {time}. Until then the first attempt may still go through."
        / "Försök igen efter kl. {time}. Tills dess kan det första försöket fortfarande gå igenom.";
    change_working: "Working on" / "Arbetar med";
    change_working_wait:
        "Waiting for GleSYS. This can take up to 30 seconds."
        / "Väntar på GleSYS. Det kan ta upp till 30 sekunder.";
    change_working_leave: "It goes on if you leave." / "Det fortsätter om du lämnar sidan.";
    created_shown_once:
        "Account created. Its password is shown only once." / "Kontot är skapat. Lösenordet visas bara nu.";
    new_account_caller_text:
        "Your email account is ready. Enter the address and this password in the program that reads your mail. Change nothing else until it works."
        / "Ditt e-postkonto är klart. Skriv in adressen och det här lösenordet i programmet där du läser e-post. Ändra inget annat förrän det fungerar.";
    part_of_several: "Part of a change of several accounts" / "Del av en ändring av flera konton";
    done_with_approval: "Approved by a second person" / "Godkänt av en kollega";
    back_to_form: "Back to the form" / "Tillbaka till formuläret";
    to_alias: "Go to the alias" / "Gå till aliaset";
}

impl Texts {
    /// What is said, before the address, of a change that was made.
    pub const fn change_done(self, kind: OperationKind) -> &'static str {
        match kind {
            OperationKind::CreateAccount | OperationKind::CreateAlias => self.created_(),
            OperationKind::DeleteAccount | OperationKind::DeleteAlias => self.deleted_(),
            OperationKind::LockOut => self.locked_out_(),
            _ => self.saved_(),
        }
    }

    /// The same of one that was not made.
    pub const fn change_not_done(self, kind: OperationKind) -> &'static str {
        match kind {
            OperationKind::CreateAccount | OperationKind::CreateAlias => self.not_created(),
            OperationKind::DeleteAccount | OperationKind::DeleteAlias => self.not_deleted(),
            OperationKind::LockOut => self.not_locked_out(),
            _ => self.not_changed(),
        }
    }

    /// The same of one of which nobody knows.
    pub const fn change_unknown(self, kind: OperationKind) -> &'static str {
        match kind {
            OperationKind::CreateAccount | OperationKind::CreateAlias => self.maybe_created(),
            OperationKind::DeleteAccount | OperationKind::DeleteAlias => self.maybe_deleted(),
            OperationKind::LockOut => self.maybe_locked_out(),
            _ => self.maybe_changed(),
        }
    }
}
