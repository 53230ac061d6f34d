//! A new account in a domain. Its password comes by the page that shows a reset's.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::settings::{SettingsForm, SettingsProblems};
use super::{AGAIN, Notice, made};
use crate::access::{ManageMail, ViewMail};
use crate::model::{AccountSettings, DomainName, Operation, OperationState};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::In;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::accounts::{Created, UnfitAddress, read_address};

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

/// What is wrong with a form that is shown again.
#[derive(Default)]
struct Wrong {
    local: String,
    settings: SettingsProblems,
    notice: Option<Notice>,
}

impl Wrong {
    fn at_local(sentence: String) -> Self {
        Self { local: sentence, ..Self::default() }
    }

    fn above(notice: Notice) -> Self {
        Self { notice: Some(notice), ..Self::default() }
    }
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(fields): Query<Fields>,
) -> Result<Response, Problem> {
    page(&app, request, &fields, None).await
}

/// The page as it was filled in, or with GleSYS's own defaults.
async fn page(app: &App, request: In<ManageMail>, fields: &Fields, wrong: Option<Wrong>) -> Result<Response, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let token = match app.accounts.to_create(&can, &see) {
        Err(Failure::ProofTooOld) => return Err(prove_first(app, can.domain(), fields)),
        token => token,
    };
    let token = match made(app, &guard, token).await? {
        Ok(token) => token,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let is_filled_in = fields.iter().any(|(name, _)| name == "quota");
    let form = if is_filled_in { SettingsForm::read(fields) } else { SettingsForm::from(&AccountSettings::default()) };
    let status = match &wrong {
        None => StatusCode::OK,
        Some(wrong) => wrong.notice.as_ref().map_or(AGAIN, |notice| notice.status),
    };
    let (local, wrong) = (field(fields, "local").to_owned(), wrong.unwrap_or_default());
    let page = NewPage { layout: guard.layout, domain: can.domain().clone(), token, local, form, wrong };
    Ok((status, page).into_response())
}

/// Where the person proves who they are, and comes back from to this page with what they had typed.
fn prove_first(app: &App, domain: &DomainName, fields: &Fields) -> Problem {
    let typed: Vec<_> = fields.iter().filter(|(name, _)| name != "token").cloned().collect();
    Problem::SignIn(app.links.sign_in_again(&app.links.account_new_with(domain, &typed)))
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let layout = request.guard.layout.clone();
    let domain = request.can.domain().clone();
    let address = read_address(&domain, field(&fields, "local"));
    let settings = SettingsForm::read(&fields).settings(&layout, None);
    let (address, settings) = match (address, settings) {
        (Ok(address), Ok(settings)) => (address, settings),
        (address, settings) => {
            let local = address.err().map(|why| unfit(&layout, &domain, &why)).unwrap_or_default();
            let wrong = Wrong { local, settings: settings.err().unwrap_or_default(), notice: None };
            return page(&app, request, &fields, Some(wrong)).await;
        }
    };
    let token = field(&fields, "token").to_owned();
    let wrong = match app.accounts.create(request.can.clone(), address, settings, token).await {
        Ok(Created::Begun(operation)) => match refused(&layout, &operation) {
            None => return Ok(Redirect::to(&app.links.operation(&operation.id)).into_response()),
            Some(wrong) => wrong,
        },
        Ok(Created::Unfit(why)) => Wrong::at_local(unfit(&layout, &domain, &why)),
        Ok(Created::Full { limit }) => Wrong::above(Notice { status: AGAIN, said: layout.say.p_accounts_full(limit) }),
        Ok(Created::Used(address)) => {
            let said = layout.say.p_page_used(&address.readable());
            Wrong::above(Notice { status: StatusCode::CONFLICT, said })
        }
        Err(Failure::ProofTooOld) => return Err(prove_first(&app, &domain, &fields)),
        Err(failure) => Wrong::above(Notice::of(&layout, failure)?),
    };
    page(&app, request, &fields, Some(wrong)).await
}

fn unfit(layout: &Layout, domain: &DomainName, why: &UnfitAddress) -> String {
    let say = layout.say;
    match why {
        UnfitAddress::Missing => say.local_missing().to_owned(),
        UnfitAddress::NotAnAddress => say.local_unfit().to_owned(),
        UnfitAddress::TooLong => say.local_too_long().to_owned(),
        UnfitAddress::OtherDomain => say.other_domain(&domain.readable()),
        UnfitAddress::IsAccount(address) => say.account_exists(&address.readable()),
        UnfitAddress::IsAlias(address) => say.alias_exists(&address.readable()),
    }
}

/// What GleSYS refused and can be told in the form.
fn refused(layout: &Layout, operation: &Operation) -> Option<Wrong> {
    if operation.state != OperationState::Refused {
        return None;
    }
    let say = layout.say;
    match operation.reason.as_deref()? {
        "exists" => Some(Wrong::at_local(say.r_exists().to_owned())),
        "quota" => {
            let settings = SettingsProblems { quota: say.r_quota().to_owned(), ..SettingsProblems::default() };
            Some(Wrong { settings, ..Wrong::default() })
        }
        "limit" => Some(Wrong::above(Notice { status: AGAIN, said: say.p_limit_at_glesys() })),
        _ => None,
    }
}
