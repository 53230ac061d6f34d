//! A new alias in a domain.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::{Targets, by, told};
use crate::access::{ManageMail, ViewMail};
use crate::model::address::readable;
use crate::model::{DomainName, Operation, OperationKind, WhyNot, WhyRefused};
use crate::pages::drafts::{self, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field, unfit_address};
use crate::pages::guard::In;
use crate::pages::notice::{AFTER, AGAIN, Notice, is_about_the_form, not_done_before};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::aliases::{NotCreated, Posted, Problems};
use crate::services::not_done::AddressProblem;
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/aliases/new", get(new).post(create))
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
    local: Field,
    targets: Targets,
    /// Why the form is shown once more, where no field is to blame.
    notice: Option<Notice>,
}

impl Filled for NewAliasPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        vec![
            Place::new("local", say.alias_address(), &mut self.local),
            Place::new("targets", say.alias_targets(), &mut self.targets.field),
        ]
    }
}

impl NewAliasPage {
    /// The page with what was not done, told where it belongs.
    fn after(self, operation: &Operation) -> Self {
        if operation.why_not() == Some(WhyNot::Refused(WhyRefused::Exists)) {
            return Self { local: self.local.wrong(self.layout.say.r_exists()), ..self };
        }
        let notice = Some(Notice::of_not_done(&self.layout, operation));
        Self { notice, ..self }
    }

    fn with(self, problems: &Problems) -> Self {
        let say = self.layout.say;
        let mut targets = self.targets.with(say, problems);
        let local = match &problems.address {
            Some(problem) => {
                targets.field.is_focused = false;
                self.local.wrong(sentence(say, &self.domain, problem))
            }
            None => Field { is_focused: false, ..self.local },
        };
        Self { local, targets, ..self }
    }
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let kind = OperationKind::CreateAlias;
    let before = not_done_before(&app, &request.guard, field(&question, AFTER), kind).await?;
    let before = before.filter(|before| before.address.domain() == request.can.domain());
    let form = app.links.alias_new(request.can.domain());
    if let Some(typed) = left(&app, &request.guard, &form, &question).await? {
        let [local, targets] = ["local", "targets"].map(|name| field(&typed, name).to_owned());
        let page = page(&app, request, local, targets)?;
        return Ok(answer(StatusCode::OK, NewAliasPage { notice: Some(drafts::notice(&page.layout)), ..page }));
    }
    // A target to begin with.
    let target = readable(field(&question, "target"));
    let local = before.as_ref().map(|before| before.address.local().to_owned()).unwrap_or_default();
    let page = page(&app, request, local, target)?;
    let page = match before {
        Some(before) => page.after(&before),
        None => page,
    };
    Ok(answer(StatusCode::OK, page))
}

fn page(app: &App, request: In<ManageMail>, local: String, targets: String) -> Result<NewAliasPage, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let token = app.aliases.to_create(&by(&guard, &can)?, &see)?;
    let (local, targets) = (Field::of(local).focused(), Targets::typed(targets));
    let (domain, layout) = (can.domain().clone(), guard.layout);
    Ok(NewAliasPage { layout, domain, token, local, targets, notice: None })
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(form): Form<NewAliasForm>,
) -> Result<Response, Problem> {
    let by = by(&request.guard, &request.can)?;
    let [local, text, accepted] = [form.local, form.targets, form.accepted].map(Option::unwrap_or_default);
    let posted = Posted { token: form.token, targets: text.clone(), accepted, base: String::new() };
    let done = match app.aliases.create(&by, &local, posted).await {
        Ok(operation) if !is_about_the_form(&operation) => return Ok(told(&app, &operation)),
        Err(NotCreated::Failure(Failure::ProofTooOld)) => {
            let form = app.links.alias_new(request.can.domain());
            let typed = vec![("local".to_owned(), local), ("targets".to_owned(), text)];
            return Err(prove_first(&app, &request.guard, form, &typed).await);
        }
        done => done,
    };
    let page = page(&app, request, local, text)?;
    let page = match done {
        Ok(operation) => page.after(&operation),
        Err(NotCreated::Typed(problems)) => page.with(&problems),
        Err(NotCreated::Failure(failure)) => {
            let notice = Some(Notice::of(&page.layout, failure)?);
            NewAliasPage { notice, ..page }
        }
    };
    let status = page.notice.as_ref().map_or(AGAIN, |notice| notice.status);
    Ok(answer(status, page))
}

fn sentence(say: Texts, domain: &DomainName, problem: &AddressProblem) -> String {
    match problem {
        AddressProblem::Unfit(why) => unfit_address(say, domain, why),
        AddressProblem::Full(most) => say.aliases_full(*most),
        AddressProblem::PageUsed(address) => say.page_used(&address.readable()),
    }
}
