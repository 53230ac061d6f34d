//! Proving who one is for what gives or takes a credential or a right.

use super::{Texts, sentences};
use crate::model::Act;

sentences! {
    prove_add_passkey: "To add a passkey, confirm once more that it’s you." / "För att lägga till en lösennyckel: bekräfta en gång till att det är du.";
    prove_set_up_app:
        "To set up an app for codes, confirm once more that it’s you." / "För att ställa in en app för koder: bekräfta en gång till att det är du.";
    prove_remove_factor:
        "To remove what you sign in with, confirm once more that it’s you."
        / "För att ta bort något som du loggar in med: bekräfta en gång till att det är du.";
    prove_make_codes:
        "To make new recovery codes, confirm once more that it’s you." / "För att skapa nya reservkoder: bekräfta en gång till att det är du.";
    prove_change_password:
        "To change your password, confirm once more that it’s you." / "För att byta lösenord: bekräfta en gång till att det är du.";
    prove_end_factors:
        "To sign out all other devices and remove ways to sign in, confirm once more that it’s you."
        / "För att logga ut alla andra enheter och ta bort sätt att logga in: bekräfta en gång till att det är du.";
    prove_change_staff:
        "What you are about to do gives someone access. Confirm once more that it’s you; it counts for this once."
        / "Det du är på väg att göra ger någon åtkomst. Bekräfta en gång till att det är du; det gäller den här gången.";
    prove_approve:
        "To approve what a colleague asks for, confirm once more that it’s you. It counts for this once."
        / "För att godkänna det som en kollega begär: bekräfta en gång till att det är du. Det gäller den här gången.";
    prove_reset:
        "To change the password of an email account, confirm once more that it’s you."
        / "För att ändra lösenordet till ett e-postkonto: bekräfta en gång till att det är du.";
    proof_or_passkey:
        "Or leave this empty and press the button: your passkey is asked for."
        / "Eller lämna fältet tomt och tryck på knappen: då används din lösennyckel i stället.";
    proof_password: "Your current password" / "Ditt nuvarande lösenord";
    proof_code: "Your code" / "Din kod";
    proof_missing: "Show that it is you: fill this in." / "Visa att det är du: fyll i det här.";
    proof_given: "You have just shown that it is you. That counts once, for a few minutes." / "Du har just visat att det är du. Det gäller en gång, i några minuter.";
}

impl Texts {
    /// What is said of a field for a code where a passkey will do, too.
    pub fn proof_code_or_passkey(self, app: bool) -> String {
        format!("{} {}", self.code_hint_for(app), self.proof_or_passkey())
    }

    /// What somebody is asked to prove who they are for.
    pub const fn prove_for(self, act: Act) -> &'static str {
        match act {
            Act::AddPasskey => self.prove_add_passkey(),
            Act::SetUpApp => self.prove_set_up_app(),
            Act::RemoveFactor => self.prove_remove_factor(),
            Act::MakeCodes => self.prove_make_codes(),
            Act::ChangePassword => self.prove_change_password(),
            Act::EndFactors => self.prove_end_factors(),
            Act::ChangeStaff => self.prove_change_staff(),
            Act::Approve => self.prove_approve(),
            Act::Reset | Act::ResetAgain => self.prove_reset(),
        }
    }
}
