//! A person at a browser: a cookie jar, and the headers that browsers send of their own accord.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::http::Request;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, HOST, ORIGIN, REFERER, SET_COOKIE};
use axum::http::request::Builder;
use futures_util::StreamExt;
use nyckel::model::{Act, AuditEvent, AuditKind, DomainName, Domains, Grant, Role, StaffId, StaffName};
use nyckel::store::Writing;
use tokio::sync::OnceCell;

use super::{Page, Panel, Provider};

/// Everybody's password for signing in.
pub const PASSWORD: &str = "four words of a story";

/// Its hash: making one takes as long as checking one.
static HASH: OnceCell<String> = OnceCell::const_new();

/// A person. A clone is another tab of the same browser.
#[derive(Clone)]
pub struct Person {
    pub name: String,
    panel: Panel,
    jar: Arc<Mutex<BTreeMap<String, String>>>,
    language: &'static str,
}

impl Person {
    /// Somebody from nowhere.
    pub fn stranger(panel: &Panel) -> Self {
        Self { name: "stranger".to_owned(), panel: panel.clone(), jar: Arc::default(), language: "en-GB,en;q=0.8" }
    }

    /// The same browser, under another name.
    pub fn called(self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self }
    }

    /// Somebody on the staff, not signed in; `*` grants everywhere.
    pub async fn hired(panel: &Panel, name: &str, grants: &[(Role, &str)]) -> Self {
        let book = &panel.built.app.sign_ins.staff;
        let id = StaffId(book.entropy.id(&panel.clock));
        let hash = HASH.get_or_init(|| async { book.hash(PASSWORD.into(), &[], &id).await.unwrap() }).await;
        let mut tx = panel.built.store.write().await.unwrap();
        assert!(tx.add_staff(&id, &StaffName::parse(name).unwrap(), Some(hash), panel.clock.now()).await.unwrap());
        Self::holds(&mut tx, &id, grants).await;
        // Nobody is put on the staff without a record of it; no story looks for this one.
        tx.record(&AuditEvent::new(AuditKind::StaffTied, panel.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
        Self::stranger(panel).called(name)
    }

    /// From now on they hold these roles and no others, and their sessions go on.
    pub async fn now_holds(&self, grants: &[(Role, &str)]) {
        let mut tx = self.panel.built.store.write().await.unwrap();
        let name = StaffName::parse(&self.name).unwrap();
        let id = tx.credentials(&name).await.unwrap().unwrap().id;
        tx.remove_grants(&id).await.unwrap();
        Self::holds(&mut tx, &id, grants).await;
        tx.record(&AuditEvent::new(AuditKind::StaffTied, self.panel.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Somebody disables them, and their sessions go on as far as that lets them.
    pub async fn is_disabled(&self) {
        let mut tx = self.panel.built.store.write().await.unwrap();
        let id = tx.credentials(&StaffName::parse(&self.name).unwrap()).await.unwrap().unwrap().id;
        assert!(tx.disable_staff(&id, self.panel.clock.now()).await.unwrap());
        tx.record(&AuditEvent::new(AuditKind::StaffTied, self.panel.clock.now())).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn holds(tx: &mut Writing, id: &StaffId, grants: &[(Role, &str)]) {
        for (role, domain) in grants {
            let one = || Domains::One(DomainName::parse(domain).unwrap());
            let domains = if *domain == "*" { Domains::All } else { one() };
            tx.add_grant(id, &Grant { role: *role, domains }).await.unwrap();
        }
    }

    /// The same person at a browser that knows nothing yet.
    pub fn in_another_browser(&self) -> Self {
        Self { jar: Arc::default(), ..self.clone() }
    }

    /// The same browser, led to another replica.
    pub fn at(&self, panel: &Panel) -> Self {
        Self { panel: panel.clone(), ..self.clone() }
    }

    pub fn reading(&self, language: &'static str) -> Self {
        Self { language, ..self.clone() }
    }

    /// The session's cookie, `name=value`.
    pub fn cookie(&self) -> Option<String> {
        let jar = self.jar.lock().unwrap();
        let session = jar.iter().find(|(name, _)| matches!(name.as_str(), "nyckel" | "__Host-nyckel"));
        session.map(|(name, value)| format!("{name}={value}"))
    }

    /// Everything that the browser sends.
    fn cookies(&self) -> Option<String> {
        let jar = self.jar.lock().unwrap();
        let cookies: Vec<_> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        (!cookies.is_empty()).then(|| cookies.join("; "))
    }

    /// Puts a cookie into the jar, as somebody who stole it would.
    pub fn takes_cookie(&self, cookie: &str) {
        let (name, value) = cookie.split_once('=').unwrap();
        self.jar.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    pub async fn signs_in(&self) -> Page {
        let page = self.signs_in_with(PASSWORD).await;
        assert_eq!(page.status, 200, "{} can't sign in: {page:#?}", self.name);
        page
    }

    pub async fn signs_in_with(&self, password: &str) -> Page {
        let mut form = self.visits("/sign-in").await;
        if !form.at.contains("/sign-in") {
            // Who is signed in is led on.
            self.signs_out().await;
            form = self.visits("/sign-in").await;
        }
        self.fills_in(&form, "Sign in", &[("name", &self.name), ("password", password)]).await
    }

    /// Comes from a page of somebody else's: a browser brings no cookie of the panel's along, all of them being Strict.
    pub async fn comes_from_elsewhere(&self, path: &str) -> Page {
        let mut request = self.navigation(path, "cross-site");
        request.headers_mut().remove(COOKIE);
        self.sends(request).await
    }

    /// Goes to the provider with a button, is this one there, and comes back.
    pub async fn is_at_the_provider(&self, page: &Page, button: &str, (provider, subject): (&Provider, &str)) -> Page {
        let there = self.presses(page, button).await;
        let back = provider.lets(&there.link("Continue").unwrap_or_else(|| panic!("{there:#?}")), subject);
        let back = self.comes_from_elsewhere(&back).await;
        self.presses(&back, "Continue").await
    }

    /// Has just proved who they are for this act, in whatever way.
    pub async fn has_proved(&self, act: Act) {
        let cookie = self.cookie().unwrap();
        let app = &self.panel.built.app;
        let id = cookie.split_once('=').unwrap().1.parse().unwrap();
        let session = app.sessions.signed_in(id).await.unwrap().unwrap().key.id;
        let mut tx = self.panel.built.store.write().await.unwrap();
        tx.put_permit(&session, act, self.panel.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn signs_out(&self) -> Page {
        let page = self.visits("/").await;
        self.presses(&page, "Sign out").await
    }

    /// Types a path below the panel's address and lands where that leads.
    pub async fn visits(&self, path: &str) -> Page {
        let path = format!("{}{path}", self.panel.built.app.links.base());
        self.follows(self.navigation(&path, "none")).await
    }

    /// Follows the link with this text.
    pub async fn clicks(&self, page: &Page, text: &str) -> Page {
        let link = page.link(text).unwrap_or_else(|| panic!("no link “{text}” on {page:#?}"));
        self.follows(self.navigation(&link, "same-origin")).await
    }

    /// Presses a button of a form that stands filled in.
    pub async fn presses(&self, page: &Page, button: &str) -> Page {
        self.fills_in(page, button, &[]).await
    }

    /// Fills a form in and presses its button.
    pub async fn fills_in(&self, page: &Page, button: &str, values: &[(&str, &str)]) -> Page {
        let mut form = page.form(button);
        for (name, value) in values {
            form.fields.retain(|(field, _)| field != name);
            form.fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        if form.method == "post" {
            let mut request = self.posting(&form.action, &form.fields);
            let from = format!("{}{}", self.origin(), page.at);
            request.headers_mut().insert(REFERER, from.parse().unwrap());
            return self.follows(request).await;
        }
        let query = encode(&form.fields);
        self.follows(self.navigation(&format!("{}?{query}", form.action), "same-origin")).await
    }

    /// Opens the account's confirmation page and confirms.
    pub async fn resets(&self, address: &str) -> Page {
        let page = self.visits(&format!("/accounts/{address}/reset")).await;
        self.presses(&page, "Reset password").await
    }

    /// Confirms a reset without looking at what comes of it; the path of its result.
    pub async fn confirms(&self, address: &str) -> String {
        let page = self.visits(&format!("/accounts/{address}/reset")).await;
        let answer = self.submits(&page).await;
        assert_eq!(answer.status, 303, "{answer:#?}");
        answer.header("location").to_owned()
    }

    /// Posts a confirmation page without going on to the result.
    pub async fn submits(&self, confirmation: &Page) -> Page {
        let form = confirmation.form(&confirmation.text("main form .button-danger"));
        self.sends(self.posting(&form.action, &form.fields)).await
    }

    /// Posts a form to a path below the panel's address, without going on to where the answer points.
    pub async fn posts(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let path = format!("{}{path}", self.panel.built.app.links.base());
        self.sends(self.posting(&path, fields)).await
    }

    /// Posts a form whose last byte comes only once `then` has happened.
    pub async fn posts_slowly(&self, path: &str, fields: &[(&str, &str)], then: impl Future<Output = ()>) -> Page {
        let body = encode(fields);
        let (rest, waits) = tokio::sync::oneshot::channel::<()>();
        let (asks, asked) = tokio::sync::oneshot::channel::<()>();
        let (head, tail) = (body[..body.len() - 1].to_owned(), body[body.len() - 1..].to_owned());
        let first = futures_util::stream::once(async move { Ok::<_, Infallible>(head) });
        let last = futures_util::stream::once(async move {
            let _ = asks.send(());
            drop(waits.await);
            Ok(tail)
        });
        let mut request = self.posting(path, fields);
        *request.body_mut() = Body::from_stream(first.chain(last));
        let happens = async {
            // The panel has looked at who is asking before it reads the form.
            drop(asked.await);
            then.await;
            let _ = rest.send(());
        };
        tokio::join!(self.sends(request), happens).0
    }

    /// A person's own navigation, as a browser says it; `site` is where it came from.
    pub fn navigation(&self, path: &str, site: &str) -> Request<Body> {
        let request = self.begins("GET", path).header("sec-fetch-site", site);
        navigating(request).body(Body::empty()).unwrap()
    }

    /// A form of the panel's own pages on its way.
    pub fn posting<N: AsRef<str>, V: AsRef<str>>(&self, path: &str, fields: &[(N, V)]) -> Request<Body> {
        let request = self.begins("POST", path).header("sec-fetch-site", "same-origin").header(ORIGIN, self.origin());
        let request = request.header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        navigating(request).body(encode(fields).into()).unwrap()
    }

    fn origin(&self) -> String {
        self.panel.config.public_url.origin().ascii_serialization()
    }

    /// A request with this person's cookies and nothing that says where it came from.
    pub fn begins(&self, method: &str, path: &str) -> Builder {
        let url = &self.panel.config.public_url;
        let host = url.port().map_or_else(String::new, |port| format!(":{port}"));
        let host = format!("{}{host}", url.host_str().unwrap());
        let request = Request::builder().method(method).uri(path).header(HOST, host);
        let request = request.header(ACCEPT_LANGUAGE, self.language);
        match self.cookies() {
            Some(cookie) => request.header(COOKIE, cookie),
            None => request,
        }
    }

    /// Sends a request and keeps the cookies that come back.
    pub async fn sends(&self, request: Request<Body>) -> Page {
        let page = self.panel.answers(request).await;
        for cookie in page.headers.get_all(SET_COOKIE) {
            self.keep(cookie.to_str().unwrap());
        }
        page
    }

    async fn follows(&self, request: Request<Body>) -> Page {
        let site = request.headers()["sec-fetch-site"].to_str().unwrap().to_owned();
        let mut page = self.sends(request).await;
        for _ in 0..5 {
            if !(300..400).contains(&page.status) {
                return page;
            }
            page = self.sends(self.navigation(page.header("location"), &site)).await;
        }
        panic!("led in circles to {}", page.at);
    }

    fn keep(&self, cookie: &str) {
        let mut parts = cookie.split(';').map(str::trim);
        let (name, value) = parts.next().and_then(|part| part.split_once('=')).unwrap();
        let attributes: Vec<_> = parts.map(str::to_lowercase).collect();
        let says = |attribute: &str| attributes.iter().any(|a| a == attribute);
        // Browsers ignore such a cookie, and so also its removal (RFC 6265bis, section 4.1.3).
        let is_ignored = name.starts_with("__Host-") && !(says("secure") && says("path=/"));
        assert!(!is_ignored, "a browser would ignore {cookie}");
        let mut jar = self.jar.lock().unwrap();
        if says("max-age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
}

fn navigating(request: Builder) -> Builder {
    request.header("sec-fetch-mode", "navigate").header("sec-fetch-dest", "document").header("sec-fetch-user", "?1")
}

fn encode<N: AsRef<str>, V: AsRef<str>>(fields: &[(N, V)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}
