//! The line to the provider: one request, one answer up to a cap, HTTPS only but to this machine itself.

use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, Request};

use super::claims::Claims;
use super::{BuildError, Error, TheirCode};
use crate::model::web::is_private;

/// How many bytes of an answer are read at most.
const CAP: usize = 512 * 1024;

/// What was got.
pub(super) struct Got {
    /// It is signed by itself.
    pub is_token: bool,
    pub body: Vec<u8>,
}

/// A `reqwest` client that follows no redirect (they would lead our secret elsewhere), takes no proxy from the
/// environment and decodes nothing.
pub(super) struct Line(Client);

impl Line {
    pub(super) fn new(https_only: bool) -> Result<Self, BuildError> {
        let client = Client::builder()
            .user_agent(concat!("nyckel/", env!("CARGO_PKG_VERSION")))
            .http1_only()
            .retry(reqwest::retry::never())
            .redirect(reqwest::redirect::Policy::none())
            .referer(false)
            .no_proxy()
            .https_only(https_only)
            .connect_timeout(Duration::from_secs(5))
            .timeout(Duration::from_secs(10))
            .build();
        client.map(Self).map_err(|error| BuildError::new(error.without_url().to_string()))
    }

    /// Gets something, with an access token where it takes one. Anything but success is no answer.
    pub(super) async fn get(&self, place: &str, token: Option<&str>) -> Result<Got, Error> {
        let request = self.0.get(place);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = self.exchange(request.build().map_err(|_| Error::Unreadable)?).await?;
        if !answer.status().is_success() {
            return Err(Error::Status(answer.status().as_u16()));
        }
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_token = kind.is_some_and(|kind| kind.starts_with("application/jwt"));
        Ok(Got { is_token, body: answer.into_body() })
    }

    async fn exchange(&self, request: Request) -> Result<HttpResponse, Error> {
        if !is_private(request.url()) {
            return Err(Error::Unreadable);
        }
        let mut answer = self.0.execute(request).await.map_err(|_| Error::Away)?;
        if answer.status().is_server_error() {
            return Err(Error::Away);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| Error::Away)? {
            if body.len() + chunk.len() > CAP {
                return Err(Error::Unreadable);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

impl<'c> AsyncHttpClient<'c> for Line {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, Error>> + Send + 'c>>;

    /// Asks for tokens. What they are said to be does not matter.
    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async {
            let mut answer = self.exchange(Request::try_from(request).map_err(|_| Error::Unreadable)?).await?;
            if let Some(refusal) = refusal(&answer) {
                return Err(refusal);
            }
            answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
            Ok(answer)
        })
    }
}

/// How the provider refuses to give tokens: as RFC 6749 (5.2) has it, or in a way of its own.
fn refusal(answer: &HttpResponse) -> Option<Error> {
    let said = Claims::read(answer.body());
    let code = said.as_ref().and_then(|said| said.text("error"));
    match (answer.status().as_u16(), code.map(TheirCode::read)) {
        (_, Some(code)) if code.is_of_the_code() => Some(Error::Refused(code)),
        (401, _) => Some(Error::BadSecret),
        (_, Some(code)) if code.is_of_the_client() => Some(Error::BadSecret),
        (_, Some(code)) => Some(Error::Refused(code)),
        (status, None) => (!answer.status().is_success()).then_some(Error::Status(status)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_read_in_every_shape() {
        let refused = |code: &str| Some(Error::Refused(TheirCode::read(code)));
        for (status, body, wanted) in [
            (401, r#"{"error": "invalid_client", "error_codes": [7000222]}"#, Some(Error::BadSecret)),
            (401, r#"{"error": "access_denied"}"#, Some(Error::BadSecret)),
            (401, r#"{"error": {"code": 401}}"#, Some(Error::BadSecret)),
            (401, "<html>", Some(Error::BadSecret)),
            (401, "", Some(Error::BadSecret)),
            (400, r#"{"error": "unauthorized_client"}"#, Some(Error::BadSecret)),
            (401, r#"{"error": "invalid_grant"}"#, refused("invalid_grant")),
            (
                400,
                r#"{"error": "invalid_grant", "error_description": {"a": 1e999}, "error_uri": 7}"#,
                refused("invalid_grant"),
            ),
            (400, r#"{"error": "redirect_uri_mismatch"}"#, refused("redirect_uri_mismatch")),
            (200, r#"{"error": "bad_verification_code"}"#, refused("bad_verification_code")),
            (429, r#"{"error": "temporarily_unavailable"}"#, refused("temporarily_unavailable")),
            (429, "", Some(Error::Status(429))),
            (403, "<html>blocked", Some(Error::Status(403))),
            (302, "", Some(Error::Status(302))),
            (200, r#"{"error": "", "id_token": "x"}"#, None),
        ] {
            let mut answer = HttpResponse::new(body.as_bytes().to_vec());
            *answer.status_mut() = reqwest::StatusCode::from_u16(status).unwrap();
            assert_eq!(refusal(&answer), wanted, "{status} {body}");
        }
    }
}
