//! Who is asking: extractors that find the session, ask the gate for a right and turn everybody else away.
//!
//! A handler that names [`On`] or [`In`] in its arguments can't run without the right; a denied one is recorded here.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;
use tower_sessions::Session;

use super::turned_away::{is_for_newcomers, turned_away};
use super::visit::language;
use super::{App, Layout, Problem, Visit};
use crate::access::session::SignedIn;
use crate::access::{Asker, Can, CanIn, Denied, Gate, PanelRight, Proof, Right};
use crate::model::{Address, AuditEvent, AuditKind, DomainName};
use crate::services::Failure;

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
