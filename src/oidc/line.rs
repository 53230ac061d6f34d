//! The line to the provider: one request, one answer up to a cap, HTTPS only but to this machine itself.

use std::pin::Pin;
use std::time::Duration;

use oauth2::{AsyncHttpClient, HttpRequest, HttpResponse};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Request};

use super::BuildError;
use crate::model::web::is_private;

/// How many bytes of an answer are read at most.
const CAP: usize = 512 * 1024;

/// Why there is no answer.
#[derive(Clone, Copy, Debug, thiserror::Error)]
pub(super) enum NoAnswer {
    #[error("the provider does not answer")]
    Away,
    #[error("the provider's answer can't be used")]
    Unusable,
}

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

    /// Gets something, with an access token where it takes one. Anything but success can't be used.
    pub(super) async fn get(&self, place: &str, token: Option<&str>) -> Result<Got, NoAnswer> {
        let request = self.0.get(place);
        let request = match token {
            Some(token) => request.bearer_auth(token),
            None => request,
        };
        let answer = self.exchange(request.build().map_err(|_| NoAnswer::Unusable)?).await?;
        if !answer.status().is_success() {
            return Err(NoAnswer::Unusable);
        }
        let kind = answer.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let is_token = kind.is_some_and(|kind| kind.starts_with("application/jwt"));
        Ok(Got { is_token, body: answer.into_body() })
    }

    async fn exchange(&self, request: Request) -> Result<HttpResponse, NoAnswer> {
        if !is_private(request.url()) {
            return Err(NoAnswer::Unusable);
        }
        let mut answer = self.0.execute(request).await.map_err(|_| NoAnswer::Away)?;
        if answer.status().is_server_error() {
            return Err(NoAnswer::Away);
        }
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|_| NoAnswer::Away)? {
            if body.len() + chunk.len() > CAP {
                return Err(NoAnswer::Unusable);
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
    type Error = NoAnswer;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, NoAnswer>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async { self.exchange(Request::try_from(request).map_err(|_| NoAnswer::Unusable)?).await })
    }
}
