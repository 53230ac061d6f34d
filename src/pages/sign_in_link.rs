//! Getting in by a sign-in link, which the command line made for an admin.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::get;
use secrecy::SecretString;
use tower_sessions::Session;

use super::landing::land;
use super::visit::Visitor;
use super::{App, Layout, Problem, sign_in};
use crate::model::StaffName;
use crate::services::Failure;
use crate::services::sign_ins::SignIn;

pub fn routes() -> Router<App> {
    Router::new().route("/sign-in/link/{token}", get(show).post(create))
}

#[derive(Template, WebTemplate)]
#[template(path = "sign_in_link.html")]
struct LinkPage {
    layout: Layout,
    token: String,
    name: StaffName,
}

/// Only the button uses the link up, or what is asked for after it.
async fn show(State(app): State<App>, visitor: Visitor, Path(token): Path<String>) -> Result<LinkPage, Problem> {
    let name = app.sign_ins.linked(&SecretString::from(token.clone())).await.map_err(Failure::from)?;
    Ok(LinkPage { layout: visitor.layout, token, name: name.ok_or(Problem::NoSignInLink)? })
}

async fn create(
    State(app): State<App>,
    visitor: Visitor,
    session: Session,
    Path(token): Path<String>,
) -> Result<Response, Problem> {
    let used = app.sign_ins.use_link(&token.into(), &visitor.origin).await.map_err(Failure::from)?;
    match used.ok_or(Problem::NoSignInLink)? {
        SignIn::Halfway(half) => sign_in::second_half(&app, visitor.layout, half).await,
        SignIn::Whole(proved) => {
            let begun = land(&app, &session, &proved, &visitor, None).await?;
            begun.ok_or(Problem::NoSignInLink)
        }
    }
}
