//! Pages about one's own second factor.

mod codes;
mod new;

use axum::Router;

pub(super) use codes::CodesPage;

use super::{App, Problem};
use crate::services::Failure;
use crate::services::second_factors::FactorProblem;

pub fn routes() -> Router<App> {
    Router::new().merge(new::routes()).merge(codes::routes())
}

/// What a person reads when their second factor was not changed.
pub(super) fn problem(app: &App, problem: FactorProblem, next: &str) -> Problem {
    match problem {
        FactorProblem::ProofTooOld => Problem::SignIn(app.links.sign_in_again(next)),
        FactorProblem::SignedOut => Problem::SignIn(app.links.sign_in()),
        FactorProblem::SignsInElsewhere => Problem::SignsInElsewhere,
        FactorProblem::Store(error) => Failure::from(error).into(),
        problem => {
            tracing::error!(%problem, "a second factor could not be changed");
            Problem::Internal
        }
    }
}
