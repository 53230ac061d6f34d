//! Taking away what one signs in with besides the password: the codes of one's app, or a passkey.

use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::problem;
use crate::model::{Act, OwnPasskey};
use crate::pages::forms::Form;
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::proof::{ActPage, ProofField, prove};
use crate::pages::visit::Visitor;
use crate::pages::{App, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/profile/second-factor/remove", get(ask).post(remove))
}

#[derive(Deserialize)]
struct Question {
    /// The passkey; without it, it is about the app.
    passkey: Option<String>,
}

#[derive(Deserialize)]
struct RemoveForm {
    passkey: Option<String>,
    proof: Option<SecretString>,
}

/// What is to be taken away.
enum Factor {
    App,
    Passkey(OwnPasskey),
}

impl Factor {
    /// The asker's passkey of this id, if they have it; the app without an id.
    async fn of(app: &App, guard: &Guard, passkey: Option<String>) -> Result<Option<Self>, Problem> {
        let Some(id) = passkey else { return Ok(Some(Self::App)) };
        let all = app.passkeys.own(guard.gate.asker()).await.map_err(Failure::from)?;
        Ok(all.into_iter().find(|own| own.id.0 == id).map(Self::Passkey))
    }

    /// The page that asks whether to take it away.
    fn link(&self, app: &App) -> String {
        match self {
            Self::App => app.links.second_factor_remove(),
            Self::Passkey(passkey) => app.links.passkey_remove(&passkey.id),
        }
    }
}

async fn ask(State(app): State<App>, guard: Guard, Query(question): Query<Question>) -> Result<ActPage, Problem> {
    let factor = Factor::of(&app, &guard, question.passkey).await?;
    page(&app, guard, &factor.ok_or(Problem::NotFound)?).await
}

async fn page(app: &App, guard: Guard, factor: &Factor) -> Result<ActPage, Problem> {
    let say = guard.layout.say;
    let (title, lead, what) = match factor {
        Factor::App => (say.app_remove().to_owned(), say.app_remove_lead(), None),
        Factor::Passkey(passkey) => {
            let what = Some(("passkey", passkey.id.0.clone()));
            (say.passkey_remove(&passkey.label), say.passkey_remove_lead(), what)
        }
    };
    Ok(ActPage {
        title,
        lead,
        action: app.links.second_factor_remove(),
        what,
        button: say.factor_remove(),
        is_danger: true,
        proof: ProofField::of(app, &guard, Act::RemoveFactor, &factor.link(app)).await?,
        layout: guard.layout.at(At::Profile),
    })
}

async fn remove(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Form(form): Form<RemoveForm>,
) -> Result<Response, Problem> {
    let done = if form.passkey.is_some() { "passkey-removed" } else { "factor-removed" };
    let done = Redirect::to(&format!("{}?done={done}", app.links.profile())).into_response();
    // The same button pressed twice: it is gone, and that is all that was wanted.
    let Some(factor) = Factor::of(&app, &guard, form.passkey).await? else { return Ok(done) };
    let proved = prove(&app, &guard, &session, Act::RemoveFactor, form.proof, &visitor.origin).await?;
    if let Err(said) = proved {
        return Ok(page(&app, guard, &factor).await?.again(said));
    }
    let asker = guard.gate.asker();
    let removed = match &factor {
        Factor::App => app.factors.remove(asker).await,
        Factor::Passkey(passkey) => app.passkeys.remove(asker, &passkey.id).await,
    };
    removed.map_err(|why| problem(&app, why, Act::RemoveFactor, &factor.link(&app)))?;
    Ok(done)
}
