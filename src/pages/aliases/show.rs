//! An alias: where it leads.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::access::{Gate, ViewMail};
use crate::model::Address;
use crate::model::address::readable;
use crate::pages::guard::On;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;

pub fn routes() -> Router<App> {
    Router::new().route("/aliases/{address}", get(show))
}

#[derive(Template, WebTemplate)]
#[template(path = "aliases/show.html")]
struct AliasPage {
    layout: Layout,
    address: Address,
    targets: Vec<Target>,
}

struct Target {
    text: String,
    /// The account or alias there, where it is hosted here and the person may see it.
    link: Option<String>,
}

async fn show(State(app): State<App>, request: On<ViewMail>) -> Result<Response, Problem> {
    match app.directory.account(&request.can, &request.address).await {
        Err(Failure::IsAlias { address, targets }) => {
            let layout = request.guard.layout;
            let targets = targets.iter().map(|text| target(&app, &request.guard.gate, text)).collect();
            Ok(AliasPage { layout, address, targets }.into_response())
        }
        Ok(_) => Ok(Redirect::to(&app.links.account(&request.address)).into_response()),
        Err(failure) => Err(failure.into()),
    }
}

fn target(app: &App, gate: &Gate, text: &str) -> Target {
    let address = Address::parse(text).ok();
    let is_ours = |address: &&Address| gate.can_in(address.domain()).is_ok_and(|can| app.directory.hosts(&can));
    let link = address.as_ref().filter(is_ours).map(|address| app.links.account(address));
    Target { text: readable(text), link }
}
