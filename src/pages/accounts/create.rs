//! A new account in a domain. Its password comes by the page that shows a reset's.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::made;
use super::settings::SettingsForm;
use crate::access::{ManageMail, ViewMail};
use crate::model::{AccountSettings, DomainName, HandOver, Operation, OperationKind, WhyNot, WhyRefused};
use crate::pages::drafts::{self, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field, unfit_address};
use crate::pages::guard::In;
use crate::pages::notice::{AFTER, AGAIN, Notice, is_about_the_form, not_done_before};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::accounts::{Creation, NotCreated};
use crate::services::new_address;
use crate::services::not_done::AddressProblem;

pub fn routes() -> Router<App> {
    Router::new().route("/domains/{domain}/accounts/new", get(new).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/new.html")]
struct NewPage {
    layout: Layout,
    domain: DomainName,
    token: String,
    local: Field,
    form: SettingsForm,
    /// How the new password can be handed over, and the way that is chosen.
    ways: Vec<HandOver>,
    way: HandOver,
    notice: Option<Notice>,
}

impl Filled for NewPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let local = Place::new("local", say.local_label(), &mut self.local);
        [local].into_iter().chain(self.form.places(say)).collect()
    }
}

/// The form as it was filled in, with what is wrong with it.
struct Typed {
    local: Field,
    form: SettingsForm,
    way: Option<HandOver>,
    notice: Option<Notice>,
}

impl Typed {
    /// What was filled in; where nothing was, GleSYS's own defaults.
    fn of(fields: &Fields) -> Self {
        let form = if is_filled_in(fields) {
            SettingsForm::read(fields)
        } else {
            SettingsForm::from(&AccountSettings::default())
        };
        let way = HandOver::named(field(fields, "hand_over"));
        Self { local: Field::of(field(fields, "local")), form, way, notice: None }
    }

    fn at_local(self, problem: impl Into<String>) -> Self {
        Self { local: self.local.wrong(problem), ..self }
    }

    fn below(self, notice: Notice) -> Self {
        Self { notice: Some(notice), ..self }
    }

    /// With what was not done, said where it belongs.
    fn after(mut self, layout: &Layout, operation: &Operation) -> Self {
        let say = layout.say;
        match operation.why_not() {
            Some(WhyNot::Refused(WhyRefused::Exists)) => self.at_local(say.r_exists()),
            Some(WhyNot::Refused(WhyRefused::Quota)) => {
                self.form.quota = self.form.quota.wrong(say.r_quota());
                self
            }
            Some(WhyNot::Refused(WhyRefused::LimitReached)) => self.below(Notice::again(say.p_limit_at_glesys())),
            _ => self.below(Notice::of_not_done(layout, operation)),
        }
    }
}

fn is_filled_in(fields: &Fields) -> bool {
    fields.iter().any(|(name, _)| name == "quota")
}

async fn new(
    State(app): State<App>,
    request: In<ManageMail>,
    Query(mut fields): Query<Fields>,
) -> Result<Response, Problem> {
    let kind = OperationKind::CreateAccount;
    let before = not_done_before(&app, &request.guard, field(&fields, AFTER), kind).await?;
    if let Some(operation) = before.filter(|before| before.address.domain() == request.can.domain()) {
        fields.push(("local".to_owned(), operation.address.local().to_owned()));
        let typed = Typed::of(&fields).after(&request.guard.layout, &operation);
        return page(&app, request, &fields, typed, StatusCode::OK).await;
    }
    let form = app.links.account_new(request.can.domain());
    if let Some(fields) = left(&app, &request.guard, &form, &fields).await? {
        let typed = Typed::of(&fields).below(drafts::notice(&request.guard.layout));
        return page(&app, request, &fields, typed, StatusCode::OK).await;
    }
    let typed = Typed::of(&fields);
    let local = typed.local.clone().focused();
    page(&app, request, &fields, Typed { local, ..typed }, StatusCode::OK).await
}

async fn page(
    app: &App,
    request: In<ManageMail>,
    fields: &Fields,
    typed: Typed,
    status: StatusCode,
) -> Result<Response, Problem> {
    let In { can, guard } = request;
    let see = guard.gate.can_in::<ViewMail>(can.domain())?;
    let token = match app.accounts.to_create(&can, &see) {
        Err(Failure::ProofTooOld) => {
            let form = app.links.account_new(can.domain());
            if is_filled_in(fields) {
                return Err(prove_first(app, &guard, form, fields).await);
            }
            return Err(Problem::SignIn(app.links.sign_in_again(&form)));
        }
        token => token,
    };
    let token = match made(app, &guard, token).await? {
        Ok(token) => token,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let Typed { local, form, way, notice } = typed;
    let ways = ways(app, can.domain(), &local.value);
    let way = way.filter(|way| ways.contains(way)).or_else(|| ways.first().copied()).unwrap_or(HandOver::Nobody);
    let domain = can.domain().clone();
    let page = NewPage { layout: guard.layout, domain, token, local, form, ways, way, notice };
    Ok(answer(status, page))
}

/// The ways for the address that was typed; where none can be read, those of its domain.
fn ways(app: &App, domain: &DomainName, local: &str) -> Vec<HandOver> {
    let policy = &app.resets.rules.hand_over;
    new_address::read(domain, local).map_or_else(|_| policy.ways_in(domain), |address| policy.ways(&address))
}

async fn create(
    State(app): State<App>,
    request: In<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let layout = request.guard.layout.clone();
    let domain = request.can.domain().clone();
    let mut typed = Typed::of(&fields);
    let is_way_given = fields.iter().any(|(name, _)| name == "hand_over");
    if is_way_given && typed.way.is_none() {
        return Err(Problem::Unreadable);
    }
    let address = new_address::read(&domain, &typed.local.value);
    let (address, settings) = match (address, typed.form.settings(&layout, None)) {
        (Ok(address), Some(settings)) => (address, settings),
        (address, _) => {
            if let Err(why) = address {
                typed.local.problem = unfit_address(layout.say, &domain, &why);
            }
            return page(&app, request, &fields, typed, AGAIN).await;
        }
    };
    // Where there is but one way, nobody need name it.
    let way = match (typed.way, &ways(&app, &domain, address.local())[..]) {
        (Some(way), _) => way,
        (None, [only]) => *only,
        (None, _) => return Err(Problem::Unreadable),
    };
    let creation = Creation { settings, way, token: field(&fields, "token").to_owned() };
    let typed = match app.accounts.create(&request.can, address, creation).await {
        Ok(operation) if is_about_the_form(&operation) => typed.after(&layout, &operation),
        Ok(operation) => return Ok(Redirect::to(&app.links.operation(&operation.id)).into_response()),
        Err(NotCreated::Typed(AddressProblem::Unfit(why))) => typed.at_local(unfit_address(layout.say, &domain, &why)),
        Err(NotCreated::Typed(AddressProblem::Full(limit))) => {
            typed.below(Notice::again(layout.say.p_accounts_full(limit)))
        }
        Err(NotCreated::Typed(AddressProblem::PageUsed(address))) => {
            let said = layout.say.p_page_used(&address.readable());
            typed.below(Notice { status: StatusCode::CONFLICT, said })
        }
        Err(NotCreated::Failure(Failure::ProofTooOld)) => {
            return Err(prove_first(&app, &request.guard, app.links.account_new(&domain), &fields).await);
        }
        Err(NotCreated::Failure(failure)) => typed.below(Notice::of(&layout, failure)?),
    };
    let status = typed.notice.as_ref().map_or(AGAIN, |notice| notice.status);
    page(&app, request, &fields, typed, status).await
}
