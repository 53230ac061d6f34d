//! A new alias in a domain.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::{Targets, by, not_done, told};
use crate::access::{ManageMail, ViewMail};
use crate::model::DomainName;
use crate::model::address::readable;
use crate::pages::forms::Form;
use crate::pages::guard::In;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::aliases::{AddressProblem, NotDone, Posted, Problems};
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/aliases/new", get(new).post(create))
}

#[derive(Deserialize)]
struct Question {
    /// A target to begin with.
    target: Option<String>,
}

#[derive(Deserialize)]
struct NewAliasForm {
    token: String,
    local: Option<String>,
    targets: Option<String>,
    accepted: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "aliases/new.html")]
struct NewAliasPage {
    layout: Layout,
    domain: DomainName,
    token: String,
    local: String,
    address_problem: Option<String>,
    targets: Targets,
    /// Why the form is shown once more, where no field is to blame.
    notice: Option<&'static str>,
}

impl NewAliasPage {
    /// Whether the targets are what the person has to look at.
    const fn targets_come_first(&self) -> bool {
        self.address_problem.is_none() && !(self.targets.problems.is_empty() && self.targets.missing.is_empty())
    }

    fn is_asked(&self) -> bool {
        self.address_problem.is_none() && self.targets.is_asked()
    }
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(question): Query<Question>,
) -> Result<NewAliasPage, Problem> {
    let target = readable(&question.target.unwrap_or_default());
    page(&app, request, String::new(), Targets::typed(target)).await
}

async fn page(app: &App, request: In<ManageMail>, local: String, targets: Targets) -> Result<NewAliasPage, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let token = app.aliases.to_create(&by(&guard, &can)?, &see).await?;
    let (domain, layout) = (can.domain().clone(), guard.layout);
    Ok(NewAliasPage { layout, domain, token, local, address_problem: None, targets, notice: None })
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(form): Form<NewAliasForm>,
) -> Result<Response, Problem> {
    let by = by(&request.guard, &request.can)?;
    let [local, text, accepted] = [form.local, form.targets, form.accepted].map(Option::unwrap_or_default);
    let posted = Posted { token: form.token, targets: text.clone(), accepted, base: String::new() };
    let say = request.guard.layout.say;
    let (problems, notice) = match app.aliases.create(&by, &local, posted).await {
        Ok(operation) => return Ok(told(&app, &operation)),
        Err(NotDone::Typed(problems)) => (problems, None),
        Err(NotDone::Failure(Failure::ConfirmationExpired(..))) => (Problems::default(), Some(say.form_too_old())),
        Err(why) => return not_done(&app, None, why),
    };
    let page = page(&app, request, local, Targets::typed(text).with(say, &problems)).await?;
    let address_problem = problems.address.map(|problem| sentence(say, &problem));
    Ok((StatusCode::UNPROCESSABLE_ENTITY, NewAliasPage { address_problem, notice, ..page }).into_response())
}

fn sentence(say: Texts, problem: &AddressProblem) -> String {
    match problem {
        AddressProblem::Missing => say.alias_address_missing().to_owned(),
        AddressProblem::NotAnAddress => say.alias_address_unfit().to_owned(),
        AddressProblem::OtherDomain => say.alias_address_elsewhere().to_owned(),
        AddressProblem::IsAccount(address) => say.address_is_account(&address.readable()),
        AddressProblem::IsAlias(address) => say.address_is_alias(&address.readable()),
        AddressProblem::Full(most) => say.aliases_full(*most),
        AddressProblem::PageUsed(address) => say.page_used(&address.readable()),
    }
}
