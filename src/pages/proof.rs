//! The field in which a form that gives or takes a credential asks who one is: a code where there is a second factor, the
//! password where not. Anyone who would rather use a passkey proves it for the same act on the page that asks for one, and
//! comes back to the form, which then asks for nothing.

use askama::Template;
use askama_web::WebTemplate;
use axum::http::StatusCode;
use axum::response::Response;
use secrecy::{ExposeSecret, SecretString};
use tower_sessions::Session;

use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::guard::Guard;
use super::sign_in::Refusal;
use super::sign_in_again::{not_proved, renew};
use super::{App, Layout, Problem};
use crate::model::Act;
use crate::services::Failure;
use crate::services::sign_ins::Origin;
use crate::texts::Texts;

/// The field as it stands.
pub(super) struct ProofField {
    pub asked: Asked,
    /// The name that a browser keeps the password under.
    pub name: String,
    pub field: Field,
}

/// What it asks for.
pub(super) enum Asked {
    /// They have just proved who they are for this.
    Nothing,
    Password,
    Code {
        /// Whether there is an app besides recovery codes.
        app: bool,
        /// Where they can use a passkey instead.
        passkey: Option<String>,
    },
}

impl ProofField {
    /// What is asked for an act; `here` is the path of the form.
    pub async fn of(app: &App, guard: &Guard, act: Act, here: &str) -> Result<Self, Problem> {
        let asked = Self::asking(app, guard, act, here).await?;
        if app.sign_ins.is_permitted(guard.gate.asker(), act).await.map_err(Failure::from)? {
            return Ok(Self { asked: Asked::Nothing, ..asked });
        }
        Ok(asked)
    }

    /// The same for whoever must prove it in any case.
    pub async fn asking(app: &App, guard: &Guard, act: Act, here: &str) -> Result<Self, Problem> {
        let staff = &guard.gate.asker().staff;
        let asked = if staff.second_factor {
            let ways = app.passkeys.ways(&staff.id).await.map_err(Failure::from)?;
            Asked::Code { app: ways.app, passkey: ways.passkey.then(|| app.links.prove(act, here)) }
        } else {
            Asked::Password
        };
        Ok(Self { asked, name: staff.name.to_string(), field: Field::default() })
    }

    /// Whether a passkey will do.
    pub const fn takes_passkey(&self) -> bool {
        matches!(self.asked, Asked::Code { passkey: Some(_), .. })
    }

    /// Where it asks for something.
    pub fn place(&mut self, say: Texts) -> Option<Place<'_>> {
        let label = match self.asked {
            Asked::Nothing => return None,
            Asked::Password => say.proof_password(),
            Asked::Code { .. } => say.proof_code(),
        };
        Some(Place::new("proof", label, &mut self.field))
    }

    pub fn wrong(self, sentence: String) -> Self {
        Self { field: self.field.wrong(sentence), ..self }
    }
}

/// Whether nothing was typed.
pub(super) fn is_empty(typed: Option<&SecretString>) -> bool {
    typed.is_none_or(|typed| typed.expose_secret().trim().is_empty())
}

/// The page that asks whether to do something that a button and a proof are enough for.
#[derive(Template, WebTemplate)]
#[template(path = "prove_act.html")]
pub(super) struct ActPage {
    pub layout: Layout,
    pub title: String,
    pub lead: &'static str,
    /// Where the form goes.
    pub action: String,
    /// What it is done to: the name and value of a hidden field.
    pub what: Option<(&'static str, String)>,
    pub button: &'static str,
    pub is_danger: bool,
    pub proof: ProofField,
}

impl ActPage {
    /// The page again, with a sentence that says why nothing was done.
    pub fn again(self, Refusal { status, sentence }: Refusal) -> Response {
        answer(status, Self { proof: self.proof.wrong(sentence), ..self })
    }
}

impl Filled for ActPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        self.proof.place(self.layout.say).into_iter().collect()
    }
}

/// Lets the person do this once, if what they typed proves who they are, or they have just proved it for this. The session
/// then has a new cookie. `Err` has the status and the sentence for the field.
pub(super) async fn prove(
    app: &App,
    guard: &Guard,
    session: &Session,
    act: Act,
    typed: Option<SecretString>,
    from: &Origin,
) -> Result<Result<(), Refusal>, Problem> {
    let asker = guard.gate.asker();
    if app.sign_ins.is_permitted(asker, act).await.map_err(Failure::from)? {
        return Ok(Ok(()));
    }
    let Some(typed) = typed.filter(|typed| !is_empty(Some(typed))) else {
        let sentence = guard.layout.say.proof_missing().to_owned();
        return Ok(Err(Refusal { status: StatusCode::UNPROCESSABLE_ENTITY, sentence }));
    };
    match app.sign_ins.prove_for(asker, act, typed, from).await {
        Ok(()) => {
            renew(app, session, asker, true).await?;
            Ok(Ok(()))
        }
        Err(refused) => Ok(Err(not_proved(&guard.layout, refused)?)),
    }
}
