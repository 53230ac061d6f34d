//! Asking a colleague to approve what takes two people, with the reason for it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::said;
use crate::access::{CanSome, ViewMail};
use crate::model::{Address, BatchId, HandOver, Joint, Letter, OperationKind};
use crate::pages::drafts::{keep, left};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Guard;
use crate::pages::stating::{Judged, Stating, stated};
use crate::pages::ticket::Ticket;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::approvals::{NotAsked, ToAsk, Wanted};
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new().route("/approvals/new", get(new).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "approvals/ask.html")]
struct AskPage {
    layout: Layout,
    /// What is to be done, and to what.
    what: (String, String),
    joint: Joint,
    ways: Vec<HandOver>,
    way: HandOver,
    stating: Stating,
    somebody_can: bool,
    is_too_many: bool,
}

impl AskPage {
    fn facts(&self) -> [(&'static str, &'static str); 3] {
        let say = self.layout.say;
        [("show", say.ask_fact_other()), ("clock", say.ask_fact_times()), ("info", say.ask_fact_nothing())]
    }
}

impl Filled for AskPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        self.stating.places(self.layout.say)
    }
}

/// What somebody wants approved, by the fields of the form or of the link to it.
fn wanted(fields: &Fields) -> Option<Wanted> {
    if let Ok(batch) = BatchId::parse(field(fields, "batch")) {
        return Some(Wanted::Batch(batch));
    }
    let kind = OperationKind::named(field(fields, "kind"))?;
    let address = Address::parse(field(fields, "of")).ok()?;
    Some(Wanted::On { kind, address, way: HandOver::named(field(fields, "hand_over")) })
}

/// Where somebody asks a colleague, with what they had typed into the form that was refused.
pub async fn ask_first(app: &App, guard: &Guard, joint: &Joint, typed: Fields) -> Problem {
    let named = [("kind", joint.kind().name()), ("of", joint.about())];
    let named = named.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    match keep(app, guard, app.links.approvals(), &named.chain(typed).collect()).await {
        Ok(link) => Problem::SignIn(link),
        Err(problem) => problem,
    }
}

async fn new(State(app): State<App>, guard: Guard, Query(question): Query<Fields>) -> Result<Response, Problem> {
    let typed = left(&app, &guard, &app.links.approvals(), &question).await?.unwrap_or(question);
    page(&app, guard, (&typed, Judged::No), false).await
}

async fn page(
    app: &App,
    guard: Guard,
    (typed, judged): (&Fields, Judged),
    is_too_many: bool,
) -> Result<Response, Problem> {
    let (can, wanted) = asked(app, &guard, typed).await?;
    let ToAsk { joint, ways, open, somebody_can, accounts } = match app.approvals.to_ask(&can, &wanted).await {
        Ok(to_ask) => to_ask,
        Err(not_asked) => return not(app, &guard, not_asked).await,
    };
    if let Some(open) = open {
        return Ok(Redirect::to(&app.links.approval(&open.id)).into_response());
    }
    let layout = guard.layout;
    let stating = stating(app, layout.say, (&joint, &accounts), (typed, judged));
    let way = joint.way().filter(|way| ways.contains(way)).or_else(|| ways.first().copied());
    let page = AskPage {
        what: said(&layout, &joint),
        stating,
        way: way.unwrap_or(HandOver::Nobody),
        layout,
        joint,
        ways,
        somebody_can,
        is_too_many,
    };
    let status = if judged == Judged::Yes || is_too_many { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(answer(status, page))
}

/// What is asked of the grounds: a reason in any case, which the colleague judges by.
fn stating(
    app: &App,
    say: Texts,
    (joint, accounts): (&Joint, &[Address]),
    (typed, judged): (&Fields, Judged),
) -> Stating {
    let (approvals, reasons, typed_ticket) = (&app.approvals, app.approvals.reasons(), field(typed, "ticket"));
    let stating = Stating::new(say, &approvals.rules, &approvals.ways(joint, accounts), typed, judged);
    let problem = reasons.read(typed_ticket).err().filter(|_| judged == Judged::Yes);
    let mut ticket = Ticket::new(say, &reasons, typed_ticket, problem);
    ticket.field.is_focused = ticket.field.is_focused && !stating.callers.is_wrong();
    let is_read = approvals.rules.tells_mailboxes && Letter::is_due_of(joint.kind());
    Stating { ticket: if is_read { ticket.read_by_owners(say) } else { ticket }, ..stating }
}

async fn create(State(app): State<App>, guard: Guard, Form(fields): Form<Fields>) -> Result<Response, Problem> {
    let (can, wanted) = asked(&app, &guard, &fields).await?;
    match app.approvals.ask(&can, &wanted, &stated(&fields)).await {
        Ok(id) => Ok(Redirect::to(&app.links.approval(&id)).into_response()),
        Err(NotAsked::Reason(_) | NotAsked::Caller(_)) => page(&app, guard, (&fields, Judged::Yes), false).await,
        Err(NotAsked::TooMany) => page(&app, guard, (&fields, Judged::No), true).await,
        Err(not_asked) => not(&app, &guard, not_asked).await,
    }
}

async fn asked(app: &App, guard: &Guard, fields: &Fields) -> Result<(CanSome<ViewMail>, Wanted), Problem> {
    let can = guard.granted(app, guard.gate.can_some::<ViewMail>()).await?;
    Ok((can, wanted(fields).ok_or(Problem::NotFound)?))
}

/// The answer where nobody is asked: what takes one person is just done.
async fn not(app: &App, guard: &Guard, why: NotAsked) -> Result<Response, Problem> {
    match why {
        NotAsked::NotNeeded(joint) => Ok(Redirect::to(&app.links.approved(&joint)).into_response()),
        NotAsked::Failure(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await,
        NotAsked::Failure(failure) => Err(failure.into()),
        NotAsked::Reason(_) | NotAsked::Caller(_) | NotAsked::TooMany => Err(Problem::Unreadable),
    }
}
