//! The contact address of an account: where its owner can be sent a link to a new password.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::made;
use crate::access::{ManageMail, ViewMail};
use crate::model::{Address, HeldContact};
use crate::pages::drafts::{asked_for, left, prove_first};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::On;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::contacts::{ToKeep, Wanted};

pub fn routes() -> Router<App> {
    Router::new().route("/accounts/{address}/contact", get(show).post(update))
}

/// What is done by the second button.
const REMOVE: &str = "remove";
/// What was just done, in the page's address.
const DONE: &str = "done";

#[derive(Template, WebTemplate)]
#[template(path = "accounts/contact.html")]
struct ContactPage {
    layout: Layout,
    address: Address,
    /// What is kept, as it is posted back.
    seen: String,
    kept: ToKeep,
    is_used: bool,
    /// What was just done; empty where nothing was.
    done: &'static str,
    typed: Field,
}

impl ContactPage {
    /// Why what is kept is not used; empty where it is, or nothing is kept.
    fn unused(&self) -> &'static str {
        match &self.kept.contact {
            HeldContact::Edited(_) => self.layout.say.contact_edited(),
            _ if self.kept.is_of_another => self.layout.say.contact_of_another(),
            _ => "",
        }
    }

    fn is_kept(&self) -> bool {
        self.kept.contact != HeldContact::None
    }

    /// What became of the last message about it.
    fn letter(&self) -> Option<String> {
        let letter = self.kept.letter.as_ref()?;
        let ended = letter.state.ended.map(|(_, at)| self.layout.times.clock_or_day(&at));
        Some(self.layout.say.contact_letter(&letter.to.readable(), &letter.state, &ended.unwrap_or_default()))
    }
}

async fn show(
    State(app): State<App>,
    request: On<ManageMail>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let form = app.links.contact(&request.address);
    let typed = left(&app, &request.guard, &form, &question).await?;
    let typed = typed.map(|typed| Field::of(field(&typed, "contact")));
    page(&app, request, typed, (&question, &asked_for(form, &question))).await
}

/// The page, with what was typed, to which whoever must first prove who they are comes back `here`.
async fn page(
    app: &App,
    request: On<ManageMail>,
    typed: Option<Field>,
    (question, here): (&Fields, &str),
) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(address.domain())?;
    let kept = match app.contacts.to_keep(&can, &see, &address).await {
        Err(Failure::ProofTooOld) => return Err(Problem::SignIn(app.links.sign_in_again(here))),
        kept => kept,
    };
    let kept = match made(app, &guard, kept).await? {
        Ok(kept) => kept,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let seen = kept.contact.last().map(ToString::to_string).unwrap_or_default();
    let done = match (field(question, DONE), &kept.contact) {
        ("set", HeldContact::Known(_)) => guard.layout.say.saved_just_now(),
        ("removed", HeldContact::None) => guard.layout.say.contact_removed_now(),
        _ => "",
    };
    let typed = typed.unwrap_or_else(|| Field::of(kept.contact.last().map(Address::readable).unwrap_or_default()));
    let status = if typed.is_wrong() { AGAIN } else { StatusCode::OK };
    let is_used = app.contacts.are_used();
    Ok((status, ContactPage { layout: guard.layout, address, seen, kept, is_used, done, typed }).into_response())
}

async fn update(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let is_removed = field(&fields, "do") == REMOVE;
    let (typed, here) = (field(&fields, "contact"), app.links.contact(&request.address));
    let wanted = Wanted { address: (!is_removed).then_some(typed), seen: field(&fields, "seen") };
    let see = request.guard.gate.can_in::<ViewMail>(request.address.domain())?;
    match app.contacts.keep(&request.can, &see, &request.address, wanted).await {
        Ok(()) => {
            let done = if is_removed { "removed" } else { "set" };
            Ok(Redirect::to(&format!("{here}?{DONE}={done}")).into_response())
        }
        Err(Failure::ProofTooOld) => {
            let typed: Fields = fields.into_iter().filter(|(name, _)| name == "contact").collect();
            Err(prove_first(&app, &request.guard, here, &typed).await)
        }
        Err(Failure::Mail(problem)) => {
            let typed = Field::of(typed).wrong(request.guard.layout.say.mail_problem(problem));
            page(&app, request, Some(typed), (&Fields::new(), &here)).await
        }
        Err(failure) => match made::<()>(&app, &request.guard, Err(failure)).await? {
            Ok(()) => Err(Problem::Internal),
            Err(elsewhere) => Ok(elsewhere),
        },
    }
}
