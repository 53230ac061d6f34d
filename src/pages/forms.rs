//! Reading a posted form: what can't be read is a [`Problem`] like any other.
//!
//! NUL, which PostgreSQL keeps in no text, comes no further than here: nobody types it, and no field has a use for it.

use axum::body::Bytes;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::{App, Problem};
use crate::model::DomainName;
use crate::services::new_address::UnfitAddress;
use crate::texts::Texts;

/// The fields of a form whose names are not known beforehand.
pub type Fields = Vec<(String, String)>;

/// The field of this name, or nothing.
pub fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value)
}

/// The field of this name, without which it is no form of ours.
///
/// # Errors
/// [`Problem::Unreadable`]: it is not there.
pub fn required(fields: &Fields, name: &str) -> Result<String, Problem> {
    let found = fields.iter().find(|(field, _)| field == name);
    found.map(|(_, value)| value.clone()).ok_or(Problem::Unreadable)
}

/// A page's filter, posted to have what it leaves as a file.
#[derive(Deserialize)]
pub struct ExportForm<F> {
    #[serde(default)]
    pub format: String,
    #[serde(flatten)]
    pub fields: F,
}

/// A form as our own type.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        let (head, body) = request.into_parts();
        let posted = Request::from_parts(head.clone(), body);
        let bytes = Bytes::from_request(posted, app).await.map_err(FormRejection::from).map_err(problem)?;
        if has_nul(&bytes) {
            return Err(Problem::Nul);
        }
        match axum::Form::<T>::from_request(Request::from_parts(head, bytes.into()), app).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(problem(rejection)),
        }
    }
}

/// The same for what stands in the address: path and query.
pub async fn address_without_nul(request: Request, next: Next) -> Result<Response, Problem> {
    let address = request.uri().path_and_query().map_or("", |address| address.as_str());
    if has_nul(address.as_bytes()) { Err(Problem::Nul) } else { Ok(next.run(request).await) }
}

/// Whether there is a NUL, as itself or encoded.
fn has_nul(bytes: &[u8]) -> bool {
    bytes.contains(&0) || bytes.windows(3).any(|part| part == b"%00")
}

fn problem(rejection: FormRejection) -> Problem {
    if rejection.into_response().status() == StatusCode::PAYLOAD_TOO_LARGE {
        Problem::TooLarge
    } else {
        Problem::Unreadable
    }
}

/// Why an address in this domain can't be had.
pub fn unfit_address(say: Texts, domain: &DomainName, why: &UnfitAddress) -> String {
    match why {
        UnfitAddress::Missing => say.local_missing().to_owned(),
        UnfitAddress::NotAnAddress => say.local_unfit().to_owned(),
        UnfitAddress::TooLong => say.local_too_long().to_owned(),
        UnfitAddress::OtherDomain => say.other_domain(&domain.readable()),
        UnfitAddress::IsAccount(address) => say.account_exists(&address.readable()),
        UnfitAddress::IsAlias(address) => say.alias_exists(&address.readable()),
    }
}
