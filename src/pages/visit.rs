//! A visit: where a request came from, and who makes it, signed in or not.

use std::sync::{Arc, Mutex, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::header::{ACCEPT_LANGUAGE, USER_AGENT};
use axum::http::request::Parts;

use super::{App, Layout, Problem};
use crate::model::{Device, Language, StaffId};
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

    /// What was learnt of the visitor on the way.
    pub(super) fn learn(&self, layout: &Layout, staff: Option<&StaffId>) {
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

/// The first language of the browser's list that we speak.
pub fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let tags = header.split(',').map(|part| part.split(';').next().unwrap_or(""));
    tags.take(20).find_map(Language::tagged).unwrap_or_default()
}
