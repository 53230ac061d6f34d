//! Where calls come in: who is calling, what for, and may they.
//!
//! The router sends every request here. A call that gets past the door is carried out by `book`; the answer goes
//! through `sabotage` if a fault was planned.

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::api::{Function, function};
use super::arguments::{Arguments, segments};
use super::book::{Book, subject};
use super::envelope::{Envelope, Format, Refusal};
use super::sabotage::{Scene, strike};
use super::{Simulator, control};

/// The largest request that is read, in bytes.
const LARGEST: usize = 1024 * 1024;

/// Answers one request.
pub async fn receive(State(simulator): State<Simulator>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST).await else {
        let refusal = Refusal::new(413, "The request is too large");
        let at = simulator.clock.now().as_second();
        return plain(&Envelope::new(Err(refusal), at, serde_json::Map::new()), Format::Xml);
    };
    if let Some(answer) = control::answer(&simulator, &parts, &body) {
        return answer;
    }
    let simulator = login(&parts.headers).map_or_else(|| simulator.clone(), |(project, _)| simulator.named(&project));
    let name = segments(&parts.uri).take(2).collect::<Vec<_>>().join("/").to_lowercase();
    let read = Arguments::read(&parts.uri, &parts.headers, &body);
    let (arguments, unreadable) = read.map_or_else(|refusal| (Arguments::default(), Some(refusal)), |a| (a, None));
    let format = arguments.format(&parts.headers);
    if let Some(watch) = simulator.watcher() {
        watch(name.clone(), subject(&arguments)).await;
    }
    let at = simulator.clock.now();

    let (known, envelope, struck) = {
        let mut book = simulator.book();
        let call = book.note(&name, &arguments, at);
        let known = is_known(&book, &parts.headers);
        let (outcome, struck) = match admit(&book, &name, &parts, unreadable) {
            Err(refusal) => {
                book.ledger.complete(call, |call| call.refused = Some(refusal.http));
                (Err(refusal), None)
            }
            Ok(function) => {
                let work = book.work(call, function, &arguments, at);
                (work.outcome, work.planned.map(|planned| (planned, call, function)))
            }
        };
        (known, Envelope::new(outcome, at.as_second(), book.echo(&arguments, known)), struck)
    };
    if let Some((planned, call, function)) = struck {
        return strike(planned, Scene { simulator, envelope, format, call, function, arguments, parts }).await;
    }
    let mut answer = plain(&envelope, format);
    if !known {
        answer.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"GleSYS API\""));
    }
    if envelope.http == 405 {
        for method in function(&name).map_or(&[][..], |function| function.methods) {
            answer.headers_mut().append(
                header::ALLOW,
                HeaderValue::from_str(method.as_str()).unwrap_or(HeaderValue::from_static("POST")),
            );
        }
    }
    answer
}

/// The honest answer.
pub fn plain(envelope: &Envelope, format: Format) -> Response {
    let mut answer = Response::new(Body::from(envelope.render(format)));
    *answer.status_mut() = StatusCode::from_u16(envelope.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    answer
}

fn admit(book: &Book, name: &str, parts: &Parts, unreadable: Option<Refusal>) -> Result<&'static Function, Refusal> {
    if !is_known(book, &parts.headers) {
        return Err(Refusal::new(401, "You must login to access this function"));
    }
    let function = function(name).ok_or_else(|| Refusal::new(404, "Unknown module or function"))?;
    if !function.methods.contains(&parts.method) {
        return Err(Refusal::new(405, "Method not allowed"));
    }
    if book.denied.contains(name) {
        return Err(Refusal::new(401, "The API key has no permission to access this function"));
    }
    unreadable.map_or(Ok(function), Err)
}

fn is_known(book: &Book, headers: &HeaderMap) -> bool {
    login(headers).is_some_and(|(project, key)| project == book.project && key == book.key)
}

/// The project and the key that the caller shows.
fn login(headers: &HeaderMap) -> Option<(String, String)> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    let login = String::from_utf8(STANDARD.decode(token.trim()).ok()?).ok()?;
    let (project, key) = login.split_once(':').filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    Some((project.to_owned(), key.to_owned()))
}
