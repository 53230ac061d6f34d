//! Who is asking: extractors that find the session, ask the gate for a right and turn everybody else away.
//!
//! A handler that names [`On`] or [`In`] in its arguments can't run without the right; a denied one is recorded here.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::{FromRequestParts, Path};
use axum::http::header::{ACCEPT_LANGUAGE, REFERER, USER_AGENT};
use axum::http::request::Parts;
use axum::http::uri::PathAndQuery;
use axum::http::{HeaderMap, Method};
use tower_sessions::Session;

use super::navigation::{From, navigation};
use super::{App, Layout, Problem};
use crate::access::session::SignedIn;
use crate::access::{Asker, Can, CanIn, Denied, Gate, PanelRight, Proof, Right};
use crate::model::{Address, AuditEvent, AuditKind, Device, DomainName, Language, StaffId};
use crate::services::Failure;
use crate::services::sign_ins::Origin;

/// The most characters that are kept of what a browser calls itself.
const LONGEST_AGENT: usize = 300;

/// One visit: where it came from, and what is learnt of it on the way. `server` puts it into the request and reads it
/// again when it logs the answer or renders a problem.
#[derive(Clone, Debug)]
pub struct Visit {
    pub origin: Origin,
    learnt: Arc<Mutex<Learnt>>,
}

#[derive(Debug, Default)]
struct Learnt {
    layout: Option<Layout>,
    staff: Option<StaffId>,
}

impl Visit {
    pub fn new(origin: Origin) -> Self {
        Self { origin, learnt: Arc::default() }
    }

    /// The layout that the visitor's pages have, once it is known.
    pub fn layout(&self) -> Option<Layout> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner).layout.clone()
    }

    /// Who it is, once that is known.
    pub fn staff(&self) -> Option<StaffId> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner).staff.clone()
    }

    fn learn(&self, layout: &Layout, staff: Option<&StaffId>) {
        let mut learnt = self.learnt.lock().unwrap_or_else(PoisonError::into_inner);
        learnt.layout = Some(layout.clone());
        learnt.staff = staff.cloned();
    }
}

/// Anybody, signed in or not.
pub struct Visitor {
    pub layout: Layout,
    pub origin: Origin,
    agent: Option<String>,
}

impl Visitor {
    /// What they sign in from.
    pub fn device(&self) -> Device {
        Device { client: Some(self.origin.client.to_string()), agent: self.agent.clone() }
    }
}

/// What the browser calls itself, but not at any length.
fn agent(headers: &HeaderMap) -> Option<String> {
    let agent = headers.get(USER_AGENT)?.to_str().ok()?;
    Some(agent.chars().take(LONGEST_AGENT).collect())
}

impl FromRequestParts<App> for Visitor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visit = parts.extensions.get::<Visit>().ok_or(Problem::Internal)?;
        let layout = Layout::for_visitor(app, language(&parts.headers));
        visit.learn(&layout, None);
        let device = super::device_cookie::read(app, &parts.headers);
        let origin = Origin { device, ..visit.origin.clone() };
        Ok(Self { layout, origin, agent: agent(&parts.headers) })
    }
}

/// Of a route: its page can be shown but once, and what another site leads to must not use that up without a click.
#[derive(Clone, Copy)]
pub struct ShownOnce;

/// A staff member who is signed in.
pub struct Guard {
    pub gate: Gate,
    pub layout: Layout,
}

impl Guard {
    /// The right that the gate gave. A denial is recorded and becomes the problem that the person reads.
    pub async fn granted<T>(&self, app: &App, asked: Result<T, Denied>) -> Result<T, Problem> {
        match asked {
            Ok(can) => Ok(can),
            Err(denied) => Err(self.denied(app, denied).await),
        }
    }

    async fn denied(&self, app: &App, denied: Denied) -> Problem {
        let asker = self.gate.asker();
        let event = AuditEvent {
            domain: denied.domain.clone(),
            outcome: Some(denied.right.code().to_owned()),
            ..asker.event(AuditKind::RightDenied, app.clock.now())
        };
        app.audit.record_or_log(&event).await;
        denied.into()
    }
}

impl FromRequestParts<App> for Guard {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let visit = parts.extensions.get::<Visit>().ok_or(Problem::Internal)?.clone();
        let session = parts.extensions.get::<Session>().ok_or(Problem::Internal)?;
        let signed_in = match (parts.extensions.get::<SignedIn>().cloned(), session.id()) {
            (None, Some(id)) => app.sessions.signed_in(id).await.map_err(Failure::from)?,
            (known, _) => known,
        };
        let Some(signed_in) = signed_in else { return Err(turned_away(parts, app, session.id().is_some())) };
        let gate = Gate::new(Asker {
            staff: signed_in.staff,
            proof: Proof::Session { key: signed_in.key, proved_at: signed_in.proved_at },
            client: Some(visit.origin.client.to_string()),
            reference: Some(visit.origin.reference.clone()),
        });
        let mut layout = Layout::for_staff(app, &gate, language(&parts.headers));
        if signed_in.has_notices {
            layout = layout.telling(app.staff.own_notices(gate.asker()).await.map_err(Failure::from)?);
        }
        let staff = &gate.asker().staff;
        visit.learn(&layout, Some(&staff.id));
        if app.factors.must_have(staff) && !staff.second_factor && !is_for_newcomers(parts) {
            return Err(Problem::SignIn(app.links.second_factor()));
        }
        Ok(Self { gate, layout })
    }
}

/// Whether a page is there for those who must set up a second factor before anything else.
fn is_for_newcomers(parts: &Parts) -> bool {
    let path = parts.uri.path();
    ["/profile/second-factor", "/sign-in/again", "/sign-out"].contains(&path)
        || path.starts_with("/profile/passkeys/new")
}

/// A staff member with right `R` over the whole panel.
pub struct Over<R> {
    pub can: Can<R>,
    pub guard: Guard,
}

impl<R: PanelRight> FromRequestParts<App> for Over<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let guard = Guard::from_request_parts(parts, app).await?;
        let can = guard.granted(app, guard.gate.can()).await?;
        Ok(Self { can, guard })
    }
}

/// A staff member with right `R` in the domain of the path's `{domain}`.
pub struct In<R> {
    pub can: CanIn<R>,
    pub guard: Guard,
}

impl<R: Right> FromRequestParts<App> for In<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let guard = Guard::from_request_parts(parts, app).await?;
        let domain = path_text(parts, app).await?;
        let domain = DomainName::parse(&domain).map_err(|_| Problem::NotFound)?;
        let can = guard.granted(app, guard.gate.can_in(&domain)).await?;
        Ok(Self { can, guard })
    }
}

/// A staff member with right `R` in the domain of the path's `{address}`.
pub struct On<R> {
    pub address: Address,
    pub can: CanIn<R>,
    pub guard: Guard,
}

impl<R: Right> FromRequestParts<App> for On<R> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Problem> {
        let guard = Guard::from_request_parts(parts, app).await?;
        let text = path_text(parts, app).await?;
        let address = Address::parse(&text).map_err(|_| Problem::NotAnAddress(shorten(&text)))?;
        let can = guard.granted(app, guard.gate.can_in(address.domain())).await?;
        Ok(Self { address, can, guard })
    }
}

async fn path_text(parts: &mut Parts, app: &App) -> Result<String, Problem> {
    let Path(text) = Path::<String>::from_request_parts(parts, app).await.map_err(|_| Problem::NotFound)?;
    Ok(text)
}

/// What can't be an address is repeated to the person, but not at any length.
fn shorten(text: &str) -> String {
    text.chars().take(100).collect()
}

/// After signing in, a person lands where they were going, and nothing that they sent was done: they send it anew. Who came
/// without a cookie, over a link from another site, takes one more step first: only from here does the browser send it.
fn turned_away(parts: &Parts, app: &App, has_cookie: bool) -> Problem {
    let path = parts.uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let there = format!("{}{path}", app.links.base());
    if parts.method != Method::GET {
        let form = page_of_form(parts, app).unwrap_or_else(|| app.links.overview());
        return Problem::SignIn(app.links.sign_in_undone(&form, false));
    }
    match app.links.own(&there) {
        Some(link) if navigation(&parts.headers) == Some(From::Elsewhere) && !has_cookie => {
            Problem::FromElsewhere { link, by_itself: parts.extensions.get::<ShownOnce>().is_none() }
        }
        Some(there) if path != "/" => Problem::SignIn(app.links.sign_in_then(&there)),
        _ => Problem::SignIn(app.links.sign_in()),
    }
}

/// The page of ours that a form was posted from.
fn page_of_form(parts: &Parts, app: &App) -> Option<String> {
    let page = parts.headers.get(REFERER)?.to_str().ok()?;
    app.links.own(page.strip_prefix(&app.links.absolute(""))?)
}

/// The first language of the browser's list that we speak.
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let tags = header.split(',').map(|part| part.split(';').next().unwrap_or(""));
    tags.take(20).find_map(Language::tagged).unwrap_or_default()
}
