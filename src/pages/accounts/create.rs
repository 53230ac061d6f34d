//! A new account in a domain. Its password comes by the page that shows a reset's.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::made;
use super::settings::{SettingsForm, SettingsProblems};
use crate::access::{ManageMail, ViewMail};
use crate::model::{AccountSettings, DomainName, Operation, OperationKind};
use crate::pages::drafts::{self, left, prove_first};
use crate::pages::forms::{Fields, Form, field, unfit_address};
use crate::pages::guard::In;
use crate::pages::notice::{AGAIN, Notice, is_about_the_form, not_done_before};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::accounts::Created;
use crate::services::new_address;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/accounts/new", get(new).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/new.html")]
struct NewPage {
    layout: Layout,
    domain: DomainName,
    token: String,
    local: String,
    form: SettingsForm,
    wrong: Wrong,
}

/// What is wrong with a form that is shown again, and with which status it is.
#[derive(Default)]
struct Wrong {
    status: StatusCode,
    local: String,
    settings: SettingsProblems,
    notice: Option<Notice>,
}

impl Wrong {
    fn at_local(sentence: String) -> Self {
        Self { status: AGAIN, local: sentence, ..Self::default() }
    }

    fn above(notice: Notice) -> Self {
        Self { status: notice.status, notice: Some(notice), ..Self::default() }
    }

    /// What was not done, told where it belongs.
    fn of(layout: &Layout, operation: &Operation) -> Self {
        let say = layout.say;
        match operation.reason.as_deref().filter(|_| is_about_the_form(operation)) {
            Some("exists") => Self::at_local(say.r_exists().to_owned()),
            Some("quota") => {
                let settings = SettingsProblems { quota: say.r_quota().to_owned(), ..SettingsProblems::default() };
                Self { status: AGAIN, settings, ..Self::default() }
            }
            Some("limit") => Self::above(Notice::again(say.p_limit_at_glesys())),
            _ => Self::above(Notice::of_not_done(layout, operation)),
        }
    }
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(mut fields): Query<Fields>,
) -> Result<Response, Problem> {
    let kind = OperationKind::CreateAccount;
    let before = not_done_before(&app, &request.guard, field(&fields, "after"), kind).await?;
    if let Some(operation) = before.filter(|before| before.address.domain() == request.can.domain()) {
        fields.push(("local".to_owned(), operation.address.local().to_owned()));
        let wrong = Wrong { status: StatusCode::OK, ..Wrong::of(&request.guard.layout, &operation) };
        return page(&app, request, &fields, wrong).await;
    }
    let form = app.links.account_new(request.can.domain());
    let asked = fields.iter().find(|(name, _)| name == "draft").map(|(_, value)| value.as_str());
    if let Some(typed) = left::<Fields>(&app, &request.guard, &form, asked).await? {
        let wrong = Wrong::above(drafts::notice(&request.guard.layout));
        return page(&app, request, &typed, wrong).await;
    }
    page(&app, request, &fields, Wrong::default()).await
}

/// The page as it was filled in, or with GleSYS's own defaults.
async fn page(app: &App, request: In<ManageMail>, fields: &Fields, wrong: Wrong) -> Result<Response, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let is_filled_in = fields.iter().any(|(name, _)| name == "quota");
    let token = match app.accounts.to_create(&can, &see) {
        Err(Failure::ProofTooOld) => {
            let form = app.links.account_new(can.domain());
            let nothing_typed = || Problem::SignIn(app.links.sign_in_again(&form));
            return Err(if is_filled_in { prove_first(app, &guard, &form, fields).await } else { nothing_typed() });
        }
        token => token,
    };
    let token = match made(app, &guard, token).await? {
        Ok(token) => token,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let form = if is_filled_in { SettingsForm::read(fields) } else { SettingsForm::from(&AccountSettings::default()) };
    let (status, local) = (wrong.status, field(fields, "local").to_owned());
    let page = NewPage { layout: guard.layout, domain: can.domain().clone(), token, local, form, wrong };
    Ok((status, page).into_response())
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let layout = request.guard.layout.clone();
    let domain = request.can.domain().clone();
    let address = new_address::read(&domain, field(&fields, "local"));
    let settings = SettingsForm::read(&fields).settings(&layout, None);
    let (address, settings) = match (address, settings) {
        (Ok(address), Ok(settings)) => (address, settings),
        (address, settings) => {
            let local = address.err().map(|why| unfit_address(layout.say, &domain, &why)).unwrap_or_default();
            let settings = settings.err().unwrap_or_default();
            return page(&app, request, &fields, Wrong { status: AGAIN, local, settings, notice: None }).await;
        }
    };
    let token = field(&fields, "token").to_owned();
    let wrong = match app.accounts.create(request.can.clone(), address, settings, token).await {
        Ok(Created::Begun(operation)) if is_about_the_form(&operation) => Wrong::of(&layout, &operation),
        Ok(Created::Begun(operation)) => return Ok(Redirect::to(&app.links.operation(&operation.id)).into_response()),
        Ok(Created::Unfit(why)) => Wrong::at_local(unfit_address(layout.say, &domain, &why)),
        Ok(Created::Full { limit }) => Wrong::above(Notice::again(layout.say.p_accounts_full(limit))),
        Ok(Created::Used(address)) => {
            let said = layout.say.p_page_used(&address.readable());
            Wrong::above(Notice { status: StatusCode::CONFLICT, said })
        }
        Err(Failure::ProofTooOld) => {
            return Err(prove_first(&app, &request.guard, &app.links.account_new(&domain), &fields).await);
        }
        Err(failure) => Wrong::above(Notice::of(&layout, failure)?),
    };
    page(&app, request, &fields, wrong).await
}
