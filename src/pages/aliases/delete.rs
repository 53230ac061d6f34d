//! The confirmation page of an alias's deletion, and confirming it.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{AliasForm, Lead, by, leads, may_lead, not_done, readable_targets, told};
use crate::access::ManageMail;
use crate::model::{Address, OperationKind};
use crate::pages::forms::Form;
use crate::pages::guard::On;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::aliases::NotTheSame;

pub fn routes() -> Router<App> {
    Router::new().route("/aliases/{address}/delete", get(confirm).post(delete))
}

#[derive(Template, WebTemplate)]
#[template(path = "aliases/delete.html")]
struct DeleteAliasPage {
    layout: Layout,
    address: Address,
    token: String,
    /// See `Posted::base`.
    base: String,
    targets: Option<Vec<String>>,
    is_outside: bool,
    /// The aliases that lead to it.
    led_by: Vec<Lead>,
    /// See `may_lead`.
    may_lead: String,
    /// Whether GleSYS has other targets now than the page showed that was posted.
    is_changed: bool,
}

async fn confirm(State(app): State<App>, request: On<ManageMail>) -> Result<Response, Problem> {
    page(&app, request, false).await
}

async fn page(app: &App, request: On<ManageMail>, is_changed: bool) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let by = by(&guard, &can)?;
    let form = match app.aliases.to_change(&by, OperationKind::DeleteAlias, &address).await {
        Ok(form) => form,
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        Err(why) => return not_done(app, &app.links.alias_delete(&address), why),
    };
    let may_lead = may_lead(app, guard.layout.say, &by.see, &address);
    let page = DeleteAliasPage {
        layout: guard.layout,
        token: form.token,
        base: form.base,
        is_outside: app.directory.leads_outside(&by.see, &form.alias),
        targets: readable_targets(&form.alias),
        led_by: leads(app, &by.see, app.directory.aliases_to(&by.see, &address)),
        may_lead,
        address,
        is_changed,
    };
    Ok(if is_changed { (AGAIN, page).into_response() } else { page.into_response() })
}

async fn delete(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(form): Form<AliasForm>,
) -> Result<Response, Problem> {
    let by = by(&request.guard, &request.can)?;
    match app.aliases.delete(&by, &request.address, form.posted()).await {
        Ok(operation) => Ok(told(&app, &operation)),
        Err(NotTheSame::Changed(_)) => page(&app, request, true).await,
        Err(NotTheSame::Failure(why)) => not_done(&app, &app.links.alias_delete(&request.address), why),
    }
}
