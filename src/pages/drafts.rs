//! Forms whose people come back to what they had typed: after they proved anew who they are, and after their session had
//! ended before they sent it. Nothing is sent for them: they look at it once more and press the button.

use axum::body::to_bytes;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use tower_sessions::Session;
use url::form_urlencoded;

use super::forms::{Fields, field};
use super::guard::Guard;
use super::links::with_query;
use super::notice::Notice;
use super::{App, Layout, Problem};
use crate::access::SessionKey;
use crate::services::Failure;
use crate::services::drafts::Place;

/// What outlasts a session: the forms, and of their fields those that a person chooses or writes. What is not named here
/// is not kept: no password, code, token or confirmation. A name that ends in `*` stands for all that begin so.
const KEPT: &[(&str, &[&str])] = &[
    ("/accounts/{address}/reset", &["ticket", "hand_over", "caller", "caller-*", "mail", "mail_to"]),
    ("/accounts/{address}/contact", &["contact"]),
    ("/accounts/{address}/lock-out", &["ticket"]),
    ("/accounts/{address}/edit", &["quota", "spam", "refuse", "virus", "reply", "text", "keep", "base-*", "asked"]),
    (
        "/domains/{domain}/accounts/new",
        &["local", "quota", "spam", "refuse", "virus", "reply", "text", "keep", "hand_over"],
    ),
    ("/domains/{domain}/aliases/new", &["local", "targets"]),
    ("/aliases/{address}/edit", &["targets", "base", "asked"]),
    ("/domains/{domain}/bulk", &["filter", "full", "reply", "sort", "order", "action", "quota", "account"]),
    ("/approvals/new", &["kind", "of", "batch", "hand_over", "ticket"]),
    ("/staff/new", &["name", "display_name", "everywhere", "auditor", "in:*"]),
    ("/staff/{id}/edit", &["was", "everywhere", "auditor", "in:*"]),
    ("/staff/{id}/names", &["name", "display_name"]),
    ("/profile", &["display_name", "language", "theme"]),
    ("/profile/end-everything", &["factors", "since"]),
];

/// The most that is kept of a form, which is the most that any form of these may send.
const LARGEST: usize = 256 * 1024;

/// The name of the draft in a form's address.
pub const NAME: &str = "draft";

/// Keeps what is posted to one of these forms by somebody whose session has ended, and leads them to sign in and back. Who
/// was never signed in here leaves nothing.
pub async fn keep_typed(State(app): State<App>, mut request: Request, next: Next) -> Result<Response, Problem> {
    let id = request.extensions().get::<Session>().and_then(Session::id);
    let (Some(fields), Some(id)) = (kept_fields(&request), id) else { return Ok(next.run(request).await) };
    if let Some(signed_in) = app.sessions.signed_in(id).await.map_err(Failure::from)? {
        // The guard need not ask again.
        request.extensions_mut().insert(signed_in);
        return Ok(next.run(request).await);
    }
    let Some((session, _)) = app.sessions.whose(id).await.map_err(Failure::from)? else {
        return Ok(next.run(request).await);
    };
    let form = format!("{}{}", app.links.base(), request.uri().path());
    let body = to_bytes(request.into_body(), LARGEST).await.map_err(|_| Problem::TooLarge)?;
    let is_kept = |name: &str| {
        let is = |kept: &&str| kept.strip_suffix('*').map_or(*kept == name, |start| name.starts_with(start));
        fields.iter().any(is)
    };
    let typed =
        form_urlencoded::parse(&body).into_owned().filter(|(name, value)| is_kept(name) && !value.contains('\0'));
    let name = app.drafts.new_name();
    let kept = app.drafts.keep_for_ended(&session, Place { form: &form, name: &name }, &typed.collect()).await;
    kept.map_err(Failure::from)?;
    Err(Problem::SignIn(app.links.sign_in_undone(&link(form, &name), true)))
}

/// The fields that are kept of the form that a request posts.
fn kept_fields(request: &Request) -> Option<&'static [&'static str]> {
    let route = request.extensions().get::<MatchedPath>().filter(|_| request.method() == Method::POST)?;
    KEPT.iter().find(|(form, _)| *form == route.as_str()).map(|(_, fields)| *fields)
}

/// Keeps what was typed into a form, and gives the link that leads back to it.
pub async fn keep(app: &App, guard: &Guard, form: String, typed: &Fields) -> Result<String, Problem> {
    let name = app.drafts.new_name();
    keep_as(app, guard, Place { form: &form, name: &name }, typed).await?;
    Ok(link(form, &name))
}

/// Keeps what was typed under a name that there is already.
pub async fn keep_as(app: &App, guard: &Guard, place: Place<'_>, typed: &Fields) -> Result<(), Problem> {
    let session = guard.gate.asker().session().ok_or(Problem::Internal)?;
    Ok(app.drafts.keep(session, place, typed).await.map_err(Failure::from)?)
}

/// The form's address with the name of a draft.
pub fn link(form: String, name: &str) -> String {
    with_query(form, &form_urlencoded::Serializer::new(String::new()).append_pair(NAME, name).finish())
}

/// A form's address as it was asked for.
pub fn asked_for(form: String, question: &Fields) -> String {
    with_query(form, &form_urlencoded::Serializer::new(String::new()).extend_pairs(question).finish())
}

/// Where somebody proves who they are, and comes back from to this form with what they had typed.
pub async fn prove_first(app: &App, guard: &Guard, form: String, typed: &Fields) -> Problem {
    match keep(app, guard, form, typed).await {
        Ok(link) => Problem::SignIn(app.links.sign_in_again(&link)),
        Err(problem) => problem,
    }
}

/// What was typed into this form by somebody who comes back to it, if the question says so.
///
/// # Errors
/// [`Problem`]: the database failed.
pub async fn left(app: &App, guard: &Guard, form: &str, question: &Fields) -> Result<Option<Fields>, Problem> {
    let (name, session) = (field(question, NAME), guard.gate.asker().session());
    let Some(session) = session.filter(|_| !name.is_empty()) else { return Ok(None) };
    Ok(app.drafts.find(session, Place { form, name }).await.map_err(Failure::from)?)
}

/// Lets somebody who has signed in anew find what they had left, if that is where they are led, and it was theirs.
pub async fn take_along(app: &App, before: &SessionKey, now: &SessionKey, next: &str) {
    let Some((form, query)) = next.split_once('?') else { return };
    let Some((_, name)) = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == NAME) else { return };
    if let Err(error) = app.drafts.take_along(before, now, Place { form, name: &name }).await {
        tracing::warn!(%error, "what somebody had typed could not be taken along");
    }
}

/// What stands above the form then.
pub fn notice(layout: &Layout) -> Notice {
    Notice { status: StatusCode::OK, said: layout.say.p_draft() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_and_no_confirmation_is_ever_kept() {
        for (form, fields) in KEPT {
            let not_kept = ["password", "old", "new", "proof", "code", "token", "answer", "accepted", "address", "run"];
            for name in not_kept {
                assert!(!fields.contains(&name), "{form}: {name}");
            }
        }
    }
}
