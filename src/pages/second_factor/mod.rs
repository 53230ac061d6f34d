//! Pages about one's own second factor.

mod codes;
mod new;
mod remove;

use axum::Router;

pub(super) use codes::CodesPage;

use super::{App, Problem};
use crate::model::Act;
use crate::services::Failure;
use crate::services::second_factors::FactorProblem;

pub fn routes() -> Router<App> {
    Router::new().merge(new::routes()).merge(remove::routes()).merge(codes::routes())
}

/// What a person reads when their second factor was not changed; `next` is where they go on once they have proved who they
/// are for the act.
pub(super) fn problem(app: &App, problem: FactorProblem, act: Act, next: &str) -> Problem {
    match problem {
        FactorProblem::NotProved => Problem::SignIn(app.links.prove(act, next)),
        FactorProblem::Required => Problem::SecondFactorRequired,
        FactorProblem::SignedOut => Problem::SignIn(app.links.sign_in()),
        FactorProblem::SignsInElsewhere => Problem::SignsInElsewhere,
        FactorProblem::Store(error) => Failure::from(error).into(),
        problem => {
            tracing::error!(%problem, "a second factor could not be changed");
            Problem::Internal
        }
    }
}
