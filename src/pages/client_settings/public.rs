//! The settings page that needs no sign-in, and its documents. The page names no domain: whoever makes up a link can't
//! make it say anything.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::HeaderMap;
use axum::http::header::{CACHE_CONTROL, HOST, VARY};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde::Deserialize;

use super::documents;
use crate::model::client_settings::ClientSettings;
use crate::model::{DomainName, HelpDesk};
use crate::pages::visit::Visitor;
use crate::pages::{App, Layout, Problem};

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route("/client-settings/{domain}", get(show))
        .route("/client-settings/{domain}/email.mobileconfig", get(profile))
        .route("/client-settings/{domain}/config-v1.1.xml", get(autoconfig))
}

pub(super) fn autoconfig_routes() -> Router<App> {
    Router::new()
        .route("/mail/config-v1.1.xml", get(autoconfig_of))
        .route("/.well-known/autoconfig/mail/config-v1.1.xml", get(autoconfig_of))
}

#[derive(Template, WebTemplate)]
#[template(path = "client_settings/public.html")]
struct PublicPage {
    layout: Layout,
    desk: HelpDesk,
    settings: ClientSettings,
    profile: String,
}

#[derive(Deserialize)]
struct Question {
    emailaddress: Option<String>,
}

/// An answer that any cache may keep for five minutes, one a language.
fn kept(answer: impl IntoResponse) -> Response {
    ([(CACHE_CONTROL, "public, max-age=300"), (VARY, "accept-language")], answer).into_response()
}

async fn show(State(app): State<App>, visitor: Visitor, Path(domain): Path<String>) -> Result<Response, Problem> {
    let domain = read(&domain)?;
    let settings = configured(&app, &domain)?.clone();
    let profile = app.links.public_profile(&domain);
    Ok(kept(PublicPage { layout: visitor.layout, desk: app.help_desk.clone(), settings, profile }))
}

async fn profile(State(app): State<App>, visitor: Visitor, Path(domain): Path<String>) -> Result<Response, Problem> {
    let domain = read(&domain)?;
    Ok(kept(documents::profile(&visitor.layout, &domain, None, configured(&app, &domain)?)?))
}

async fn autoconfig(State(app): State<App>, Path(domain): Path<String>) -> Result<Response, Problem> {
    let domain = read(&domain)?;
    Ok(kept(documents::autoconfig(&domain, configured(&app, &domain)?)?))
}

/// The same for an address, of which only the domain is looked at. Some programs give none (Thunderbird for Android), or a
/// placeholder: then it is the domain under whose name they ask.
async fn autoconfig_of(
    State(app): State<App>,
    Query(question): Query<Question>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let domain = question.emailaddress.as_deref().and_then(|address| Some(address.rsplit_once('@')?.1));
    let domain = domain.or_else(|| headers.get(HOST)?.to_str().ok().map(domain_of_host));
    let domain = read(domain.ok_or(Problem::NotFound)?)?;
    Ok(kept(documents::autoconfig(&domain, configured(&app, &domain)?)?))
}

/// `autoconfig.example.se:443` belongs to `example.se`.
fn domain_of_host(host: &str) -> &str {
    let name = host.split_once(':').map_or(host, |(name, _)| name);
    let name = name.strip_suffix('.').unwrap_or(name);
    match name.split_at_checked("autoconfig.".len()) {
        Some((label, domain)) if label.eq_ignore_ascii_case("autoconfig.") => domain,
        _ => name,
    }
}

fn read(domain: &str) -> Result<DomainName, Problem> {
    DomainName::parse(domain).map_err(|_| Problem::NotFound)
}

fn configured<'a>(app: &'a App, domain: &DomainName) -> Result<&'a ClientSettings, Problem> {
    app.mail.of(domain).ok_or(Problem::NotFound)
}
