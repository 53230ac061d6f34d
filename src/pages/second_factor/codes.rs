//! Recovery codes, shown the one time that they are made.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::post;

use super::problem;
use crate::pages::guard::Guard;
use crate::pages::layout::At;
use crate::pages::{App, Layout, Problem};

pub fn routes() -> Router<App> {
    Router::new().route("/profile/second-factor/recovery-codes", post(renew))
}

#[derive(Template, WebTemplate)]
#[template(path = "second_factor/codes.html")]
pub(in crate::pages) struct CodesPage {
    layout: Layout,
    codes: Vec<String>,
}

impl CodesPage {
    pub fn shows(layout: Layout, codes: Vec<String>) -> Response {
        (StatusCode::CREATED, Self { layout: layout.at(At::Profile), codes }).into_response()
    }
}

async fn renew(State(app): State<App>, guard: Guard) -> Result<Response, Problem> {
    if !guard.gate.asker().staff.second_factor {
        return Ok(Redirect::to(&app.links.second_factor()).into_response());
    }
    let codes = app.factors.renew_codes(guard.gate.asker()).await;
    let codes = codes.map_err(|why| problem(&app, why, &app.links.profile()))?;
    Ok(CodesPage::shows(guard.layout, codes))
}
