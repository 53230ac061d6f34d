//! Proving who one is in the form that confirms a reset, where the last proof is too old: by password, code or passkey.
//!
//! The session gets its new cookie with the page of the result: a second click finds what the first one began, and an answer
//! that was lost takes no password along. Only people who sign in at the company's provider prove it on a page before.

use secrecy::SecretString;

use crate::access::ResetPasswords;
use crate::model::{Act, OperationKind};
use crate::pages::forms::Fields;
use crate::pages::guard::{Guard, On};
use crate::pages::proof::ProofField;
use crate::pages::sign_in::Refusal;
use crate::pages::sign_in_again::not_proved;
use crate::pages::{App, Problem};
use crate::services::passkeys::Answer;
use crate::services::sign_ins::Origin;

/// The names of the fields.
const PROOF: &str = "proof";
const CEREMONY: &str = "ceremony";
const ANSWER: &str = "answer";

/// What a form brought along to prove it, taken out of its fields.
pub(super) enum Brought {
    Nothing,
    /// A password or a code.
    Typed(SecretString),
    Passkey {
        token: String,
        answer: String,
    },
}

impl Brought {
    pub(super) fn taken(fields: &mut Fields) -> Self {
        let mut take = |name: &str| {
            let place = fields.iter().position(|(field, _)| field == name);
            place.map(|place| fields.swap_remove(place).1).unwrap_or_default()
        };
        match (take(PROOF), take(CEREMONY), take(ANSWER)) {
            (typed, ..) if !typed.is_empty() => Self::Typed(typed.into()),
            (_, token, answer) if !answer.is_empty() => Self::Passkey { token, answer },
            _ => Self::Nothing,
        }
    }

    /// Keeps the proof that the form brought along, if it did. `Err` has the status and the sentence for the field: nothing was
    /// sent to GleSYS.
    pub(super) async fn proves(
        self,
        app: &App,
        request: &On<ResetPasswords>,
        page: (OperationKind, &str),
        from: &Origin,
    ) -> Result<Result<(), Refusal>, Problem> {
        let asker = request.guard.gate.asker();
        if matches!(self, Self::Nothing) || was_used(app, request, page).await? {
            return Ok(Ok(()));
        }
        let proved = match self {
            Self::Nothing => return Ok(Ok(())),
            Self::Typed(typed) => app.sign_ins.prove_for(asker, Act::Reset, typed, from).await,
            Self::Passkey { token, answer } => {
                let answer = Answer { token: &token, text: &answer };
                app.sign_ins.prove_with_passkey(asker, Some(Act::Reset), answer).await
            }
        };
        match proved {
            Ok(()) => Ok(Ok(())),
            // The other of two clicks has used the code.
            Err(_) if was_used(app, request, page).await? => Ok(Ok(())),
            Err(refused) => Ok(Err(not_proved(&request.guard.layout, refused)?)),
        }
    }
}

/// Whether a page has begun its operation already: what it is for, and its token.
async fn was_used(
    app: &App,
    request: &On<ResetPasswords>,
    (kind, token): (OperationKind, &str),
) -> Result<bool, Problem> {
    Ok(app.resets.admission.was_used(&request.can, kind, &request.address, token).await?)
}

/// What the page asks for, where it asks; people who prove it elsewhere are led there, and come back `here`.
pub(super) async fn asked(
    app: &App,
    guard: &Guard,
    is_proved: bool,
    here: &str,
    refused: &str,
) -> Result<Option<ProofField>, Problem> {
    if is_proved {
        return Ok(None);
    }
    if proves_elsewhere(app, guard) {
        return Err(Problem::SignIn(app.links.sign_in_again(here)));
    }
    let field = ProofField::asking(app, guard, Act::Reset, here).await?;
    Ok(Some(if refused.is_empty() { field } else { field.wrong(refused.to_owned()) }))
}

/// Whether the person signs in at the company's provider.
pub(super) fn proves_elsewhere(app: &App, guard: &Guard) -> bool {
    app.single_sign_on.is_some() && guard.gate.asker().staff.single_sign_on
}
