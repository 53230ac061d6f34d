//! An approval: how it stands for who asked, and for a colleague what is asked and why, with the answer to it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::said;
use crate::access::{CanSome, ViewMail};
use crate::model::approval::LONGEST_WORD;
use crate::model::batch::MOST;
use crate::model::{Act, Approval, ApprovalId, ApprovalState, BatchId, HandOver, Joint};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Guard;
use crate::pages::notice::AGAIN;
use crate::pages::proof::{Asked, ProofField, prove};
use crate::pages::sign_in::Refusal;
use crate::pages::visit::Visitor;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::approvals::ApprovalView;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/approvals/{approval}", get(show))
        .route("/approvals/{approval}/give", post(give))
        .route("/approvals/{approval}/refuse", post(refuse))
        .route("/approvals/{approval}/withdraw", post(withdraw))
}

#[derive(Deserialize)]
struct GiveForm {
    proof: Option<SecretString>,
}

#[derive(Template, WebTemplate)]
#[template(path = "approvals/show.html")]
struct ApprovalPage {
    layout: Layout,
    /// What is to be done, and to what.
    what: (String, String),
    view: ApprovalView,
    /// `good`, `warn` or nothing.
    tone: &'static str,
    /// What became of it, oldest first.
    happened: Vec<String>,
    /// Whether the person can go on with it now.
    may_go_on: bool,
    /// What proves who gives it, for one who can.
    proof: Option<ProofField>,
    /// Why it is refused.
    word: Field,
    longest_word: usize,
    /// How many accounts are listed.
    listed: usize,
}

impl ApprovalPage {
    /// Whether the person has something to put right, which has the focus then.
    fn is_wrong(&self) -> bool {
        self.word.is_wrong() || self.proof.as_ref().is_some_and(|proof| proof.field.is_wrong())
    }

    /// The change of several accounts that was done with it.
    fn batch(&self) -> Option<&BatchId> {
        match &self.view.approval.joint {
            Joint::Batch { id, .. } if self.view.stands == ApprovalState::Used => Some(id),
            Joint::Batch { .. } | Joint::On { .. } => None,
        }
    }

    fn way(&self) -> Option<String> {
        let (say, name) = (self.layout.say, self.view.approval.asked_as.as_str());
        // What is over says no more what will be.
        match self.view.approval.joint.way().filter(|_| self.view.is_unused())? {
            HandOver::Shown => Some(say.approval_way_shown(name)),
            HandOver::Link => Some(say.approval_way_link(name)),
            HandOver::Nobody => None,
        }
    }
}

impl Filled for ApprovalPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let is_asked = self.view.stands == ApprovalState::Asked;
        let word = if is_asked { say.refusal_word() } else { say.taking_back_word() };
        let proof = self.proof.as_mut().and_then(|proof| proof.place(say));
        proof.into_iter().chain([Place::new("word", word, &mut self.word)]).collect()
    }
}

async fn show(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<ApprovalPage, Problem> {
    let (_, view) = look(&app, &guard, &id).await?;
    page(&app, guard, view).await
}

async fn look(app: &App, guard: &Guard, id: &str) -> Result<(CanSome<ViewMail>, ApprovalView), Problem> {
    let id = ApprovalId::parse(id).map_err(|_| Problem::NotFound)?;
    let can = guard.granted(app, guard.gate.can_some::<ViewMail>()).await?;
    let view = app.approvals.look(&can, &id).await?;
    Ok((can, view))
}

async fn page(app: &App, guard: Guard, view: ApprovalView) -> Result<ApprovalPage, Problem> {
    let here = app.links.approval(&view.approval.id);
    let proof = if view.may_answer && view.stands == ApprovalState::Asked {
        Some(ProofField::of(app, &guard, Act::Approve, &here).await?)
    } else {
        None
    };
    let layout = guard.layout;
    let tone = match view.stands {
        ApprovalState::Given if !view.counts => "warn",
        ApprovalState::Given | ApprovalState::Used => "good",
        ApprovalState::Asked => "",
        ApprovalState::Refused | ApprovalState::Withdrawn | ApprovalState::Ended | ApprovalState::Forgotten => "warn",
    };
    Ok(ApprovalPage {
        what: said(&layout, &view.approval.joint),
        tone,
        happened: happened(&layout, &view),
        may_go_on: view.is_own && view.counts,
        proof,
        word: Field::default(),
        longest_word: LONGEST_WORD,
        listed: view.accounts.len().min(MOST),
        view,
        layout,
    })
}

/// What became of it, oldest first.
fn happened(layout: &Layout, view: &ApprovalView) -> Vec<String> {
    let (say, times, approval) = (layout.say, &layout.times, &view.approval);
    let until = times.full(&approval.ends_at);
    let by = approval.decided_as.as_deref().unwrap_or_default();
    let decided = approval.decided_at.map(|at| times.full(&at)).unwrap_or_default();
    let closed = approval.closed_at.map(|at| times.full(&at)).unwrap_or_default();
    let given = || say.approval_given_by(by, &decided);
    let asked = say.approval_asked_by(&approval.asked_as, &times.full(&approval.asked_at));
    let rest = match view.stands {
        ApprovalState::Asked => vec![say.approval_waits_until(&until)],
        ApprovalState::Given if !view.counts => vec![given(), say.approval_no_longer_counts(by)],
        ApprovalState::Given if view.is_own => vec![given(), say.approval_good_until(&until)],
        ApprovalState::Given => vec![given(), say.approval_done_until(&approval.asked_as, &until)],
        ApprovalState::Used if view.counts => {
            vec![given(), say.approval_used_at(&closed), say.approval_unsent_again(&until)]
        }
        ApprovalState::Used => vec![given(), say.approval_used_at(&closed)],
        ApprovalState::Refused => refused(layout, approval, &say.approval_refused_by(by, &decided)),
        ApprovalState::Withdrawn => vec![say.approval_withdrawn_by(&approval.asked_as)],
        ApprovalState::Ended if approval.decided_by.is_some() => vec![given(), say.approval_unused().to_owned()],
        ApprovalState::Ended => vec![say.approval_unanswered().to_owned()],
        ApprovalState::Forgotten => vec![say.approval_forgotten().to_owned()],
    };
    [vec![asked], rest].concat()
}

fn refused(layout: &Layout, approval: &Approval, sentence: &str) -> Vec<String> {
    let word = approval.word.as_deref().map(|word| layout.say.quoted(word));
    [Some(sentence.to_owned()), word].into_iter().flatten().collect()
}

async fn give(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Path(id): Path<String>,
    Form(form): Form<GiveForm>,
) -> Result<Response, Problem> {
    let (can, view) = look(&app, &guard, &id).await?;
    let id = view.approval.id.clone();
    // Nobody is asked who they are for what they can't give any more.
    if view.may_answer && view.stands == ApprovalState::Asked {
        let proved = prove(&app, &guard, &session, Act::Approve, form.proof, &visitor.origin).await?;
        if let Err(Refusal { status, sentence }) = proved {
            let page = page(&app, guard, view).await?;
            let proof = page.proof.map(|proof| proof.wrong(sentence));
            return Ok(answer(status, ApprovalPage { proof, ..page }));
        }
    }
    answered(&app, &guard, &id, app.approvals.give(&can, &id).await).await
}

async fn refuse(
    State(app): State<App>,
    guard: Guard,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let (can, view) = look(&app, &guard, &id).await?;
    let (id, typed) = (view.approval.id.clone(), field(&fields, "word").to_owned());
    let word: String = typed.chars().filter(|character| !character.is_control()).collect();
    let word = word.trim();
    if word.chars().count() > LONGEST_WORD {
        let sentence = guard.layout.say.refusal_word_too_long(LONGEST_WORD);
        let page = page(&app, guard, view).await?;
        return Ok(answer(AGAIN, ApprovalPage { word: Field::of(typed).wrong(sentence), ..page }));
    }
    answered(&app, &guard, &id, app.approvals.refuse(&can, &id, word).await).await
}

async fn withdraw(State(app): State<App>, guard: Guard, Path(id): Path<String>) -> Result<Response, Problem> {
    let (can, view) = look(&app, &guard, &id).await?;
    let id = view.approval.id;
    answered(&app, &guard, &id, app.approvals.withdraw(&can, &id).await).await
}

/// Back to the approval, whatever came of it.
async fn answered(app: &App, guard: &Guard, id: &ApprovalId, done: Result<(), Failure>) -> Result<Response, Problem> {
    match done {
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        done => done?,
    }
    Ok(Redirect::to(&app.links.approval(id)).into_response())
}
