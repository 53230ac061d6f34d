//! The confirmation page of a reset, whoever is to get the new password, and confirming it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::facts::facts;
use super::last::Last;
use super::mailing::{Mailing, wish};
use super::proving::{Brought, asked, proves_elsewhere};
use super::typed::Typed;
use crate::access::{ResetPasswords, ViewMail};
use crate::model::{Act, Address, Approval, HandOver, OperationKind};
use crate::pages::approvals::ask_first;
use crate::pages::drafts::{asked_for, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field, required};
use crate::pages::guard::On;
use crate::pages::proof::{Asked, ProofField};
use crate::pages::stating::{Stating, lasting, stated};
use crate::pages::visit::Visitor;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::resets::{Posted, ToConfirm};

pub fn routes() -> Router<App> {
    use OperationKind::{LockOut, ResetPassword as Reset};
    let shows = |kind| move |state, on, question| new(kind, state, on, question);
    let takes = |kind| move |state, visitor, on, form| create(kind, state, visitor, on, form);
    Router::new()
        .route("/accounts/{address}/reset", get(shows(Reset)).post(takes(Reset)))
        .route("/accounts/{address}/lock-out", get(shows(LockOut)).post(takes(LockOut)))
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/reset.html")]
struct ResetPage {
    layout: Layout,
    kind: OperationKind,
    address: Address,
    token: String,
    /// How the new password can be handed over, and the way that is chosen.
    ways: Vec<HandOver>,
    way: HandOver,
    approved: Option<Approval>,
    last: Last,
    facts: Vec<(&'static str, &'static str)>,
    /// Whether the owner's link goes by mail, where it may.
    mailing: Option<Mailing>,
    stating: Stating,
    /// Where the person must first prove who they are.
    proof: Option<ProofField>,
}

impl ResetPage {
    fn takes_passkey(&self) -> bool {
        self.proof.as_ref().is_some_and(ProofField::takes_passkey)
    }

    /// The page where something else is wrong than that no passkey was asked for: that comes with the button, once it is right.
    fn without_passkey_yet(mut self) -> Self {
        if let Some(proof) = self.proof.as_mut().filter(|proof| proof.takes_passkey() && self.stating.is_wrong()) {
            proof.field = Field::default();
        }
        self
    }

    /// Whether nothing is wrong, so that the heading has the focus.
    fn begins_at_the_top(&self) -> bool {
        !self.layout.faults.are_any
    }
}

impl Filled for ResetPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let proof = self.proof.as_mut().and_then(|proof| proof.place(say));
        let mail = self.mailing.as_mut().map(|mailing| mailing.place(say));
        self.stating.places(say).into_iter().chain(mail).chain(proof).collect()
    }
}

async fn new(
    kind: OperationKind,
    State(app): State<App>,
    request: On<ResetPasswords>,
    Query(question): Query<Fields>,
) -> Result<ResetPage, Problem> {
    let form = app.links.reset_of(kind, &request.address);
    let typed = left(&app, &request.guard, &form, &question).await?;
    let typed = typed.as_ref().unwrap_or(&question);
    page(kind, &app, request, Typed::new(typed), &asked_for(form, &question)).await
}

/// The page with what was typed. Anyone who proves elsewhere who they are comes back `here`.
async fn page(
    kind: OperationKind,
    app: &App,
    request: On<ResetPasswords>,
    Typed { fields: typed, judged, refused, mail: wrong }: Typed<'_>,
    here: &str,
) -> Result<ResetPage, Problem> {
    let On { address, can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(address.domain())?;
    let to_confirm = match app.resets.to_confirm(&can, &see, kind, &address).await {
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        to_confirm => to_confirm?,
    };
    let proof = asked(app, &guard, to_confirm.is_proved, here, refused).await?;
    let last = Last::of(to_confirm.last);
    let rules = &app.resets.rules;
    let offered = rules.ways_for_one(kind, &address);
    let stating = Stating::new(guard.layout.say, rules, &offered, typed, judged);
    let ToConfirm { token, ways, mail, approved, .. } = to_confirm;
    let mailing = Mailing::of(&guard, &address, mail, (typed, wrong));
    let stating = if let Some(approval) = &approved { stating.approved(&offered, approval) } else { stating };
    let chosen = HandOver::named(field(typed, "hand_over"));
    let way = chosen.filter(|way| ways.contains(way)).or_else(|| ways.first().copied()).unwrap_or(HandOver::Nobody);
    let facts = facts(guard.layout.say, &ways, stating.tells_mailbox);
    Ok(ResetPage {
        layout: guard.layout,
        kind,
        address,
        token,
        ways,
        way,
        approved,
        last,
        facts,
        mailing,
        stating,
        proof,
    })
}

async fn create(
    kind: OperationKind,
    State(app): State<App>,
    Visitor { origin, .. }: Visitor,
    request: On<ResetPasswords>,
    Form(mut fields): Form<Fields>,
) -> Result<Response, Problem> {
    // A page of an earlier version offers nothing to choose.
    let to = match (kind, field(&fields, "hand_over")) {
        (OperationKind::LockOut, _) => HandOver::Nobody,
        (_, "") => HandOver::Shown,
        (_, way) => HandOver::named(way).ok_or(Problem::Unreadable)?,
    };
    let (address, here) = (request.address.clone(), app.links.reset_of(kind, &request.address));
    let brought = Brought::taken(&mut fields);
    let posted = Posted { token: required(&fields, "token")?, stated: stated(&fields), mail: wish(&fields) };
    if let Err(refusal) = brought.proves(&app, &request, (kind, &posted.token), &origin).await? {
        let typed = Typed::new(&fields).refused(&refusal.sentence);
        return Ok(answer(refusal.status, page(kind, &app, request, typed, &here).await?));
    }
    match app.resets.confirm(&request.can, to, address, posted).await {
        Ok(operation) => Ok(Redirect::to(&app.links.operation(&operation)).into_response()),
        Err(Failure::ProofTooOld) if proves_elsewhere(&app, &request.guard) => {
            Err(prove_first(&app, &request.guard, here, &lasting(fields)).await)
        }
        Err(Failure::SecondPerson(joint)) => Err(ask_first(&app, &request.guard, &joint, lasting(fields)).await),
        Err(failure) => {
            let missing = request.guard.layout.say.proof_missing();
            let typed = Typed::new(&fields).refused_for(failure, missing)?;
            let page = page(kind, &app, request, typed, &here).await?.without_passkey_yet();
            Ok(answer(StatusCode::UNPROCESSABLE_ENTITY, page))
        }
    }
}
