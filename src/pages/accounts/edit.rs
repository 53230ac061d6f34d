//! The settings of an account, to be changed. What somebody else has changed meanwhile is shown before anything is sent.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::made;
use super::settings::{self, Differs, SettingsForm};
use crate::access::{ManageMail, ViewMail};
use crate::model::account_settings::Setting;
use crate::model::{AccountSettings, Address, Operation, OperationKind, OperationState, WhyNot, WhyRefused};
use crate::pages::drafts::{self, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::On;
use crate::pages::notice::{AFTER, AGAIN, Notice, is_about_the_form, not_done_before};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::accounts::{Base, Conflict, Edit, NotEdited};

/// An automatic reply that was made at GleSYS may be far longer than one that is made here, and comes back with the form.
const LARGEST_BODY: usize = 256 * 1024;
/// The field that carries along what the person was asked about.
const ASKED: &str = "asked";

pub fn routes() -> Router<App> {
    let largest = DefaultBodyLimit::max(LARGEST_BODY);
    Router::new().route("/accounts/{address}/edit", get(edit).post(update).layer(largest))
}

#[derive(Template, WebTemplate)]
#[template(path = "accounts/edit.html")]
struct EditPage {
    layout: Layout,
    address: Address,
    token: String,
    /// The fields that carry what the form was made from.
    base: Vec<(String, String)>,
    form: SettingsForm,
    /// What stands above the form that is shown again.
    notice: Option<Notice>,
    asks: Option<Asks>,
}

impl Filled for EditPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        self.form.places(self.layout.say).into()
    }
}

/// What GleSYS has now and what the person has.
struct Asks {
    differs: Vec<Differs>,
    /// Whose doing it is.
    by: String,
    /// Whether the person is asked for the first time, and not again because of a mistake in the answer.
    is_new: bool,
}

/// What a form that is shown again is made of.
struct Made {
    form: SettingsForm,
    base: Base,
    /// What its post was asked about: see `Asks`.
    asked: Option<Vec<Setting>>,
}

impl Made {
    fn read(fields: &Fields) -> Result<Self, Problem> {
        let asked = fields.iter().find(|(name, _)| name == ASKED).map(|(_, about)| settings::of_fields(about));
        Ok(Self { form: SettingsForm::read(fields), base: settings::base(fields)?, asked })
    }
}

async fn edit(
    State(app): State<App>,
    request: On<ManageMail>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let form = app.links.account_edit(&request.address);
    if let Some(typed) = left(&app, &request.guard, &form, &question).await? {
        return again(&app, request, Made::read(&typed)?, EditPage::come_back_to).await;
    }
    let On { address, can, guard } = request;
    let before = not_done_before(&app, &guard, field(&question, AFTER), OperationKind::EditAccount).await?;
    let see = guard.gate.can_some::<ViewMail>()?;
    let to_edit = app.accounts.to_change(&can, &see, OperationKind::EditAccount, &address).await;
    match made(&app, &guard, to_edit).await? {
        Ok(to_edit) => {
            let settings = to_edit.account.settings();
            let form = SettingsForm::from(&settings);
            let page = EditPage::of(guard.layout, address, to_edit.token, form, &Base::of(&settings));
            let page = match before.filter(|before| before.address == page.address) {
                Some(before) => page.after(&before),
                None => page,
            };
            Ok(answer(StatusCode::OK, page))
        }
        Err(elsewhere) => Ok(elsewhere),
    }
}

impl EditPage {
    fn of(layout: Layout, address: Address, token: String, form: SettingsForm, base: &Base) -> Self {
        let base = settings::as_fields(base);
        Self { layout, address, token, base, form, notice: None, asks: None }
    }

    fn come_back_to(self) -> Self {
        Self { notice: Some(drafts::notice(&self.layout)), ..self }
    }

    /// The page with what was not done, told where it belongs.
    fn after(self, operation: &Operation) -> Self {
        if operation.why_not() == Some(WhyNot::Refused(WhyRefused::Quota)) {
            let quota = self.form.quota.wrong(self.layout.say.r_quota());
            return Self { form: SettingsForm { quota, ..self.form }, ..self };
        }
        let notice = Some(Notice::of_not_done(&self.layout, operation));
        Self { notice, ..self }
    }
}

async fn update(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let mut made = Made::read(&fields)?;
    let layout = request.guard.layout.clone();
    let Some(wanted) = made.form.settings(&layout, Some(&made.base)) else {
        return again(&app, request, made, |page| page).await;
    };
    let edit = Edit { base: made.base.clone(), wanted, token: field(&fields, "token").to_owned() };
    let notice = match app.accounts.edit(&request.can, request.address.clone(), edit).await {
        Ok(operation) if is_about_the_form(&operation) => {
            return again(&app, request, made, |page| page.after(&operation)).await;
        }
        Ok(operation) => return Ok(Redirect::to(&led_to(&app, &operation)).into_response()),
        Err(NotEdited::Changed(conflict)) => {
            let (form, base) = (SettingsForm::from(&conflict.merged), Base::of(&conflict.now));
            let (made, asks) = (Made { form, base, asked: None }, Some(Asks::of(&layout, &conflict)));
            return again(&app, request, made, |page| EditPage { asks, ..page }).await;
        }
        Err(NotEdited::Failure(Failure::ProofTooOld)) => {
            return Err(prove_first(&app, &request.guard, app.links.account_edit(&request.address), &fields).await);
        }
        Err(NotEdited::Unchanged) => Notice::again(layout.say.p_nothing_changed()),
        Err(NotEdited::Failure(failure)) => Notice::of(&layout, failure)?,
    };
    again(&app, request, made, |page| EditPage { notice: Some(notice), ..page }).await
}

/// The form once more, with a token of its own: nothing was changed.
async fn again(
    app: &App,
    request: On<ManageMail>,
    Made { form, base, asked }: Made,
    with: impl FnOnce(EditPage) -> EditPage,
) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let token = app.changes.page_again(&can, OperationKind::EditAccount, &address).await;
    let token = match made(app, &guard, token).await? {
        Ok(token) => token,
        Err(elsewhere) => return Ok(elsewhere),
    };
    let asks = match asked {
        Some(about) => {
            let now = app.accounts.as_in(&can, &address, &base).await;
            now.map(|now| Asks::again(&guard.layout, about, &now, &form))
        }
        None => None,
    };
    let page = with(EditPage { asks, ..EditPage::of(guard.layout, address, token, form, &base) });
    let status = match (&page.asks, &page.notice) {
        (Some(Asks { is_new: true, .. }), _) => StatusCode::CONFLICT,
        (_, notice) => notice.as_ref().map_or(AGAIN, |notice| notice.status),
    };
    Ok(answer(status, page))
}

impl Asks {
    fn of(layout: &Layout, conflict: &Conflict) -> Self {
        let Conflict { now, merged, about, by } = conflict;
        let differs = about.iter().map(|setting| Differs::of(layout, *setting, now, merged)).collect();
        let by = match by.as_ref().map(|by| (by.state(), &by.told_as, layout.times.ago(&by.begun_at))) {
            None => layout.say.conflict_lead().to_owned(),
            Some((OperationState::Done, name, ago)) => layout.say.conflict_by(name, &ago),
            Some((_, name, ago)) => layout.say.conflict_maybe_by(name, &ago),
        };
        Self { differs, by, is_new: true }
    }

    /// The same after a mistake in the answer, against what is typed by now.
    fn again(layout: &Layout, about: Vec<Setting>, now: &AccountSettings, form: &SettingsForm) -> Self {
        let differs = about.into_iter().map(|setting| Differs::typed(layout, setting, now, form)).collect();
        Self { differs, by: layout.say.conflict_lead().to_owned(), is_new: false }
    }

    /// What the form carries along.
    fn about(&self) -> String {
        self.differs.iter().map(|differs| differs.field).collect::<Vec<_>>().join(" ")
    }
}

/// Back to the account when it is done, else to the page that says how it stands.
fn led_to(app: &App, operation: &Operation) -> String {
    if operation.state() == OperationState::Done {
        app.links.account_saved(&operation.address, &operation.id)
    } else {
        app.links.operation(&operation.id)
    }
}
