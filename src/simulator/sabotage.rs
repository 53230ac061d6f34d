//! Carries planned faults out: bends, delays, cuts or withholds the answer of a call.
//!
//! `door` comes here with the honest answer at hand; whether the change was made has been decided before.

use std::future::pending;
use std::time::Duration;

use axum::body::Body;
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::Simulator;
use super::api::Function;
use super::arguments::Arguments;
use super::door::plain;
use super::envelope::{Envelope, Format};
use super::faults::{Fault, Planned, Then, Wrong};
use super::gzip;
use super::played::{Played, Step};
use super::serve::{Ending, Hangup};

/// A call on which a fault strikes.
pub struct Scene {
    pub simulator: Simulator,
    pub envelope: Envelope,
    pub format: Format,
    /// Its number in the ledger.
    pub call: usize,
    pub function: &'static Function,
    pub arguments: Arguments,
    pub parts: Parts,
}

/// What the caller gets instead of the honest answer, if anything.
pub async fn strike(planned: Planned, mut scene: Scene) -> Response {
    // Before the wait: whoever leaves during it has given up too.
    let late = late_effect(&planned, &scene);
    tokio::time::sleep(planned.delay).await;
    let honest = || plain(&scene.envelope, scene.format);
    match planned.fault {
        Fault::Slow(wait) => {
            tokio::time::sleep(wait).await;
            honest()
        }
        Fault::HangBefore | Fault::HangAfter | Fault::LateEffect(_) | Fault::Deferred(_) => {
            let _until_the_caller_leaves = late;
            pending().await
        }
        Fault::CloseBefore | Fault::CloseAfter => hang_up(&scene.parts, Ending::Reset).await,
        Fault::EndBefore | Fault::EndAfter => says(&scene.parts, "", Then::End).await,
        Fault::HalfHead => says(&scene.parts, "HTTP/1.1 200 OK\r\ncontent-type: applic", Then::End).await,
        Fault::NotHttp => says(&scene.parts, "220 mail.example.se ESMTP\r\n", Then::End).await,
        Fault::Raw { says: text, then } => says(&scene.parts, &text, then).await,
        Fault::Drip(pause) => drip(&scene, pause),
        Fault::HalfAnswer => half(&scene),
        Fault::Garbage => body_of(&scene, Body::from(&b"{\"response\":\xff\xfe\0{\"password\":"[..])),
        Fault::EmptyBody => body_of(&scene, Body::empty()),
        Fault::Html => page(),
        Fault::Xml => plain(&scene.envelope, Format::Xml),
        Fault::Redirect { http, to } => redirect(&scene.parts, http, to),
        Fault::Status { http, code, text, envelope } => {
            scene.envelope = Envelope { http, code, text, payload: Vec::new(), ..scene.envelope };
            if envelope { plain(&scene.envelope, scene.format) } else { bare(&scene.envelope) }
        }
        Fault::CodeMismatch { http, code } => {
            let text = if code == 200 { "OK" } else { "Internal error\n" }.to_owned();
            plain(&Envelope { http, code, text, ..scene.envelope }, scene.format)
        }
        Fault::Huge(bytes) => huge(&scene, bytes),
        Fault::GzipBomb(bytes) => gzip_bomb(&scene, bytes),
        Fault::WrongType(wrong) => {
            spoil(&mut scene.envelope, wrong);
            plain(&scene.envelope, scene.format)
        }
    }
}

/// Does what was asked some time after it is dropped, which is when the caller's connection has gone.
struct Late {
    simulator: Simulator,
    call: usize,
    function: &'static Function,
    arguments: Arguments,
    wait: Duration,
}

fn late_effect(planned: &Planned, scene: &Scene) -> Option<Late> {
    let Fault::LateEffect(wait) = planned.fault else { return None };
    let (simulator, arguments) = (scene.simulator.clone(), scene.arguments.clone());
    planned.applies.then_some(Late { simulator, call: scene.call, function: scene.function, arguments, wait })
}

impl Drop for Late {
    fn drop(&mut self) {
        let (simulator, arguments) = (self.simulator.clone(), std::mem::take(&mut self.arguments));
        let (call, function, wait) = (self.call, self.function, self.wait);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                tokio::time::sleep(wait).await;
                let at = simulator.clock.now();
                // Nobody is left to hear the outcome; the ledger keeps it.
                let _ = simulator.book().apply(call, function, &arguments, at);
            });
        }
    }
}

async fn says(parts: &Parts, text: &str, then: Then) -> Response {
    hang_up(parts, Ending::Bytes(text.as_bytes().to_vec(), then)).await
}

async fn hang_up(parts: &Parts, ending: Ending) -> Response {
    match parts.extensions.get::<Hangup>() {
        Some(hangup) => {
            hangup.end(ending);
            pending().await
        }
        None => Response::new(Body::new(Played::new([Step::Break]))),
    }
}

fn body_of(scene: &Scene, body: Body) -> Response {
    plain(&scene.envelope, scene.format).map(|_| body)
}

fn drip(scene: &Scene, pause: Duration) -> Response {
    let text = scene.envelope.render(scene.format).into_bytes();
    let steps = text.into_iter().flat_map(|byte| [Step::Pause(pause), Step::Bytes(vec![byte])]);
    body_of(scene, Body::new(Played::new(steps)))
}

fn half(scene: &Scene) -> Response {
    let mut text = scene.envelope.render(scene.format).into_bytes();
    let promised = text.len();
    text.truncate(promised / 2);
    // The pause lets the first half reach the wire before the connection breaks.
    let steps = [Step::Bytes(text), Step::Pause(Duration::from_millis(20)), Step::Break];
    let mut answer = body_of(scene, Body::new(Played::new(steps)));
    answer.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(promised));
    answer
}

fn huge(scene: &Scene, bytes: u64) -> Response {
    // Blanks before JSON are legal, so only a limit on the size can refuse this answer.
    let steps = [Step::Blanks(bytes), Step::Bytes(scene.envelope.render(scene.format).into_bytes())];
    body_of(scene, Body::new(Played::new(steps)))
}

fn gzip_bomb(scene: &Scene, bytes: u64) -> Response {
    let mut answer = body_of(scene, Body::from(gzip::bomb(bytes)));
    answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    answer
}

fn page() -> Response {
    let html = "<!doctype html><html lang=\"en\"><title>Please wait</title><h1>Checking your connection</h1></html>\n";
    let mut answer = Response::new(Body::from(html));
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    answer
}

fn bare(envelope: &Envelope) -> Response {
    let mut answer = Response::new(Body::from(envelope.text.clone()));
    *answer.status_mut() = StatusCode::from_u16(envelope.http).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    answer
}

fn redirect(parts: &Parts, http: u16, to: Option<String>) -> Response {
    let to = to.unwrap_or_else(|| parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned());
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = StatusCode::from_u16(http).unwrap_or(StatusCode::FOUND);
    if let Ok(location) = HeaderValue::from_str(&to) {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    answer
}

/// Puts something wrong where the password stands, or else where the answer's first part does.
fn spoil(envelope: &mut Envelope, wrong: Wrong) {
    let Some((_, first)) = envelope.payload.first_mut() else { return };
    let spoilt = match wrong {
        Wrong::Number => json!(4711),
        Wrong::Bool => json!(true),
        Wrong::Null => Value::Null,
        Wrong::Object => json!({ "value": "secret" }),
        Wrong::List => json!(["secret"]),
        Wrong::Empty => json!(""),
        Wrong::Missing => {
            match first.as_object_mut().filter(|object| object.contains_key("password")) {
                Some(object) => drop(object.remove("password")),
                None => drop(envelope.payload.remove(0)),
            }
            return;
        }
    };
    match first.get_mut("password") {
        Some(password) => *password = spoilt,
        None => *first = spoilt,
    }
}
