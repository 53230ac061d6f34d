//! Reading a posted form: what can't be read is a [`Problem`] like any other.

use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use axum::response::IntoResponse;
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

/// A form as our own type.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<App> for Form<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, app: &App) -> Result<Self, Problem> {
        match axum::Form::<T>::from_request(request, app).await {
            Ok(axum::Form(form)) => Ok(Self(form)),
            Err(rejection) => Err(problem(rejection)),
        }
    }
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
