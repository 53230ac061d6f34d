//! The client settings of an account, for staff: to read out, copy, print and pass on.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::documents;
use crate::access::ViewMail;
use crate::model::Address;
use crate::model::client_settings::ClientSettings;
use crate::pages::guard::On;
use crate::pages::qr::Qr;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::directory::Freshness;

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/accounts/{address}/client-settings", get(show))
        .route("/accounts/{address}/client-settings/email.mobileconfig", get(profile))
}

#[derive(Template, WebTemplate)]
#[template(path = "client_settings/show.html")]
struct SettingsPage {
    layout: Layout,
    address: Address,
    told: Option<Told>,
}

/// What there is to show where it is configured.
struct Told {
    settings: ClientSettings,
    /// The page that needs no sign-in.
    link: String,
    qr: Option<Qr>,
}

async fn show(State(app): State<App>, request: On<ViewMail>) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let history = app.resets.history(&can, &address).await?;
    match app.directory.at(&can, &address, Freshness::Lately(&history)).await?.account() {
        Err(Failure::IsAlias { address, .. }) => {
            return Ok(Redirect::to(&app.links.alias(&address)).into_response());
        }
        account => drop(account?),
    }
    let link = app.links.told_settings(address.domain());
    let settings = app.mail.of(address.domain()).cloned();
    let told = settings.map(|settings| Told { settings, qr: Qr::of(&link), link });
    Ok(SettingsPage { layout: guard.layout, address, told }.into_response())
}

/// The profile with the address filled in. It is made for whoever may see the domain, and says nothing of the account.
async fn profile(State(app): State<App>, request: On<ViewMail>) -> Result<Response, Problem> {
    let (layout, address) = (&request.guard.layout, &request.address);
    let settings = app.mail.of(address.domain()).ok_or(Problem::NotFound)?;
    documents::profile(layout, address.domain(), Some(address), settings)
}
