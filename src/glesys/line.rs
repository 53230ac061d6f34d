//! One half's line to GleSYS: sends one request, reads its answer up to a cap, says what became of it.
//!
//! Used by [`super::email`] and [`super::overview`]. A call of [`Line::ask`] sends at most one request. Its log event
//! carries function, status, milliseconds and a reason, never arguments, addresses, keys or bodies.

use reqwest::header::AUTHORIZATION;
use reqwest::{Client, Response};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;
use zeroize::Zeroizing;

use super::answer::{Judgement, judge};
use super::client::{self, Habits, chain};
use super::functions::COSTS;
use super::vendor_text::tidy;
use super::wire::{self, Verdict};
use super::{ApiKey, BuildError, Connection, Error};
use crate::model::{Function, WhyUnknown};

/// How much is set aside for an answer that does not tell its length; also the cap of answers that hold a password, so
/// that their buffer never moves and leaves no copy behind.
const SET_ASIDE: usize = 64 * 1024;

#[derive(Clone)]
pub(super) struct Line {
    client: Client,
    base: Url,
    project: String,
    key: ApiKey,
    pub habits: Habits,
}

impl Line {
    pub(super) fn new(connection: &Connection, habits: Habits) -> Result<Self, BuildError> {
        Ok(Self {
            client: client::build(connection, habits)?,
            base: connection.base_url.clone(),
            project: connection.project.clone(),
            key: connection.api_key.clone(),
            habits,
        })
    }

    /// Calls a function, such as `email/list`, and reads its payload.
    pub(super) async fn ask<P: DeserializeOwned>(
        &self,
        function: &'static Function,
        arguments: &impl Serialize,
    ) -> Result<P, Error> {
        let key = self.key();
        let call = self.send(function, arguments, &key);
        self.noted(function, call, async |response, status| {
            let body = if has_word(status) { read(response, self.habits.cap).await } else { Err(WhyUnknown::Unusable) };
            made_of(function, status, whole(&body), key.expose_secret())
        })
        .await
    }

    /// What becomes of an answer, and a line about it in the log.
    pub(super) async fn noted<T>(
        &self,
        function: &'static Function,
        call: impl Future<Output = Result<Response, Error>>,
        read: impl AsyncFnOnce(Response, u16) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begun = Instant::now();
        let mut http = None;
        let answer = match call.await {
            Ok(response) => {
                let status = response.status().as_u16();
                http = Some(status);
                read(response, status).await
            }
            Err(error) => Err(error),
        };
        let reason = answer.as_ref().map_or_else(|error| error.why().name(), |_| "ok");
        // Written as a number: JSON has no place for larger ones.
        let ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        if self.habits.writes {
            tracing::info!(function = function.name, status = http, ms, reason, "called GleSYS to change something");
        } else {
            tracing::debug!(function = function.name, status = http, ms, reason, "asked GleSYS");
        }
        answer
    }

    pub(super) async fn send(
        &self,
        function: &'static Function,
        arguments: &impl Serialize,
        key: &SecretString,
    ) -> Result<Response, Error> {
        let not_sent = |cause: String| Error::NotSent { function, cause };
        let address = self.address_of(function);
        let request = if function.name == COSTS.name {
            // Documented for GET alone, and without arguments.
            self.client.get(address)
        } else {
            let body = serde_json::to_vec(arguments);
            self.client.post(address).body(body.map_err(|error| not_sent(error.to_string()))?)
        };
        let login = client::basic(&self.project, key).map_err(|error| not_sent(error.to_string()))?;
        request.header(AUTHORIZATION, login).send().await.map_err(|error| no_answer(function, error))
    }

    /// The key as it is now, which a call keeps to until its answer is read.
    pub(super) fn key(&self) -> SecretString {
        self.key.now()
    }

    fn address_of(&self, function: &'static Function) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(function.name.split('/'));
        }
        url
    }
}

/// A body as it is judged.
pub(super) fn whole(body: &Result<Zeroizing<Vec<u8>>, WhyUnknown>) -> Result<&[u8], WhyUnknown> {
    body.as_deref().map(Vec::as_slice).map_err(|why| *why)
}

/// What a status and a body amount to. Of a body that could not be read it is known why. The key is taken out of texts.
pub(super) fn made_of<P: DeserializeOwned>(
    function: &'static Function,
    status: u16,
    body: Result<&[u8], WhyUnknown>,
    key: &str,
) -> Result<P, Error> {
    let envelope = body.ok().and_then(Verdict::read);
    let code = envelope.as_ref().and_then(Verdict::code);
    let unknown = |why| Error::Unknown { function, http: Some(status), code, why };
    match judge(status, envelope.as_ref()) {
        Judgement::Good => {
            let body = body.map_err(unknown)?;
            wire::payload(body).ok_or_else(|| unknown(WhyUnknown::Unusable))
        }
        Judgement::Refused(why) => {
            let said = envelope.as_ref().map(Verdict::text).unwrap_or_default();
            Err(Error::Refused { function, http: status, code, why, text: tidy(&said, key) })
        }
        // A 200 that could not be read to its end is unknown for that reason.
        Judgement::Unknown(why) => Err(unknown(if status == 200 { body.err().unwrap_or(why) } else { why })),
    }
}

/// Whether the body can add anything to the status. The others aren't waited for.
pub(super) const fn has_word(status: u16) -> bool {
    matches!(status, 200 | 400..=599)
}

/// Reads a body chunk by chunk into memory that is wiped afterwards.
pub(super) async fn read(mut response: Response, cap: usize) -> Result<Zeroizing<Vec<u8>>, WhyUnknown> {
    let told = response.content_length().map(|told| usize::try_from(told).unwrap_or(usize::MAX));
    if told.is_some_and(|told| told > cap) {
        return Err(WhyUnknown::TooLarge);
    }
    let mut body = Zeroizing::new(Vec::with_capacity(told.unwrap_or(SET_ASIDE)));
    while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
        if body.len() + chunk.len() > cap {
            return Err(WhyUnknown::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// No head of an answer came: was the request sent at all?
fn no_answer(function: &'static Function, error: reqwest::Error) -> Error {
    // Time-outs while connecting count as connect errors, others don't; there is no second request of a redirect that
    // could have failed to connect after a first one was carried out.
    if error.is_connect() || error.is_builder() {
        let cause = tidy(&chain(&error.without_url()), "");
        return Error::NotSent { function, cause };
    }
    Error::Unknown { function, http: None, code: None, why: broken(&error) }
}

/// Why an exchange that had begun came to no end.
pub(super) fn broken(error: &reqwest::Error) -> WhyUnknown {
    if error.is_timeout() {
        return WhyUnknown::Timeout;
    }
    match hyper_cause(error) {
        Some(cause) if cause.is_parse_too_large() => WhyUnknown::TooLarge,
        Some(cause) if cause.is_parse() => WhyUnknown::Unusable,
        _ => WhyUnknown::ConnectionLost,
    }
}

fn hyper_cause(error: &reqwest::Error) -> Option<&hyper::Error> {
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        if let Some(found) = cause.downcast_ref() {
            return Some(found);
        }
        next = cause.source();
    }
    None
}
