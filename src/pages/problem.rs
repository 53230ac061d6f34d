//! Problems: what happened, what to do, a reference. The only error that handlers give.
//!
//! A handler's [`Problem`] becomes a bare answer that carries it; one layer in `server` renders it with the visitor's
//! layout and logs its cause once.

use std::sync::Arc;

use askama::Template;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};

use super::Layout;
use super::approvals::said;
use crate::access::{Denied, RightName};
use crate::model::{Address, Operation, OperationKind};
use crate::services::Failure;
use crate::texts::Said;

/// In how many seconds a full line of waiting people has had its turn.
const BUSY_FOR: u32 = 5;

/// Why a page can't be shown or a thing wasn't done.
#[derive(Clone, Debug)]
pub enum Problem {
    NotFound,
    MethodNotAllowed,
    TooLarge,
    Unreadable,
    /// A NUL, which no field can keep.
    Nul,
    TooSlow,
    ForeignOrigin,
    ForeignHost,
    /// A panic or a page that can't be rendered.
    Internal,
    NotAnAddress(String),
    SetUpAlready,
    /// Nobody changes what they may do themselves.
    Yourself,
    /// The staff member of this name is the last admin who can sign in.
    LastAdmin(String),
    /// The staff member is disabled.
    Disabled,
    NoInvitation,
    /// A sign-in link that was used, replaced, or is too old.
    NoSignInLink,
    /// What the provider of single sign-on says of somebody is not changed here.
    SignsInElsewhere,
    /// Passwords are switched off.
    LocalOff,
    /// The company wants the person to keep their second factor.
    SecondFactorRequired,
    /// Nobody is signed in, or not lately enough; the link leads to where one signs in and back.
    SignIn(String),
    /// Somebody who may well be signed in followed a link from another site, on which browsers keep the cookie back. The next
    /// step, to the same page, comes from here: by itself, or with a click where the page can be shown but once.
    FromElsewhere {
        link: String,
        by_itself: bool,
    },
    Failure(Arc<Failure>),
}

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure.into())
    }
}

impl From<Denied> for Problem {
    fn from(denied: Denied) -> Self {
        Failure::from(denied).into()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        if let Self::SignIn(link) = &self {
            return Redirect::to(link).into_response();
        }
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The page of a problem.
#[derive(Template)]
#[template(path = "problem.html")]
pub struct ProblemPage {
    layout: Layout,
    said: Said,
    reference: String,
    /// The way on: a sentence and a link.
    way_on: (String, String),
}

impl Problem {
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound | Self::NotAnAddress(_) | Self::SetUpAlready | Self::NoInvitation | Self::NoSignInLink => {
                StatusCode::NOT_FOUND
            }
            Self::Yourself
            | Self::LastAdmin(_)
            | Self::Disabled
            | Self::SignsInElsewhere
            | Self::LocalOff
            | Self::SecondFactorRequired => StatusCode::CONFLICT,
            Self::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Unreadable | Self::Nul => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooSlow => StatusCode::GATEWAY_TIMEOUT,
            Self::ForeignOrigin => StatusCode::FORBIDDEN,
            Self::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
            Self::SignIn(_) => StatusCode::SEE_OTHER,
            Self::FromElsewhere { .. } => StatusCode::OK,
            Self::Failure(failure) => status_of(failure),
        }
    }

    /// Where the browser goes on to by itself.
    pub fn onward(&self) -> Option<&str> {
        if let Self::FromElsewhere { link, by_itself: true } = self { Some(link) } else { None }
    }

    /// In how many seconds a program may try again, where that is known.
    pub fn retry_after(&self) -> Option<u32> {
        matches!(self, Self::Failure(failure) if matches!(**failure, Failure::Busy)).then_some(BUSY_FOR)
    }

    /// The page that says it.
    pub fn page(&self, layout: Layout, reference: String) -> ProblemPage {
        let said = self.said(&layout);
        let way_on = self.way_on(&layout);
        ProblemPage { layout, said, reference, way_on }
    }

    /// What it says.
    pub(super) fn said(&self, layout: &Layout) -> Said {
        let say = layout.say;
        match self {
            Self::NotFound | Self::SignIn(_) => say.p_not_found(),
            Self::MethodNotAllowed => say.p_method(),
            Self::TooLarge => say.p_too_large(),
            Self::Unreadable => say.p_unreadable(),
            Self::Nul => say.p_nul(),
            Self::TooSlow => say.p_too_slow(),
            Self::ForeignOrigin => say.p_origin(),
            Self::ForeignHost => say.p_host(&layout.links.public_overview()),
            Self::FromElsewhere { by_itself: true, .. } => say.p_from_elsewhere(),
            Self::FromElsewhere { .. } => say.p_from_elsewhere_to_a_password(),
            Self::Internal => say.p_internal(),
            Self::NotAnAddress(text) => say.p_not_an_address(text),
            Self::SetUpAlready => say.p_set_up(),
            Self::Yourself => say.p_yourself(),
            Self::LastAdmin(name) => say.p_last_admin(name),
            Self::Disabled => say.p_disabled(),
            Self::NoInvitation => say.p_no_invitation(),
            Self::NoSignInLink => say.p_no_sign_in_link(),
            Self::SignsInElsewhere => say.p_signs_in_elsewhere(),
            Self::LocalOff => say.p_local_off(),
            Self::SecondFactorRequired => say.p_second_factor_required(),
            Self::Failure(failure) => said_of(failure, layout),
        }
    }

    fn way_on(&self, layout: &Layout) -> (String, String) {
        let (say, links) = (layout.say, &layout.links);
        let account = |address: &Address| (say.to_account().to_owned(), links.account(address));
        let overview = || (say.to_overview().to_owned(), links.overview());
        if matches!(self, Self::ForeignHost) {
            return (say.to_overview().to_owned(), links.public_overview());
        }
        if let Self::FromElsewhere { link, .. } = self {
            return (say.go_on().to_owned(), link.clone());
        }
        let Self::Failure(failure) = self else { return overview() };
        match &**failure {
            Failure::IsAlias { address, .. } => (say.to_target(&address.readable()), links.alias(address)),
            Failure::AccountToo(address) => (say.to_alias().to_owned(), links.alias(address)),
            Failure::ConfirmationInvalid(OperationKind::ResetPassword, address)
            | Failure::ConfirmationExpired(OperationKind::ResetPassword, address)
            | Failure::WayNotOffered(OperationKind::ResetPassword, address) => {
                (say.to_confirmation().to_owned(), links.reset(address))
            }
            Failure::ConfirmationInvalid(kind, address) | Failure::ConfirmationExpired(kind, address)
                if !kind.is_confirmed() =>
            {
                (say.to_domain().to_owned(), links.domain(address.domain()))
            }
            Failure::ConfirmationInvalid(_, address)
            | Failure::ConfirmationExpired(_, address)
            | Failure::WayNotOffered(_, address)
            | Failure::IsAccount(address)
            | Failure::LimitReached { address, .. } => account(address),
            Failure::Overtaken(_, last) | Failure::InFlight(_, last) | Failure::CoolingDown { last, .. } => {
                account(&last.address)
            }
            Failure::SecondPerson(joint) => (say.ask_second_person().to_owned(), links.approval_ask(joint)),
            Failure::ApprovalTooLate(id) | Failure::OwnApproval(id) => {
                (say.look_again().to_owned(), links.approval(id))
            }
            Failure::NoSuchAccount(address) => (say.find().to_owned(), links.search(address.local())),
            _ => overview(),
        }
    }
}

fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::Denied(_)
        | Failure::ConfirmationInvalid(..)
        | Failure::WayNotOffered(..)
        | Failure::SecondPerson(_)
        | Failure::OwnApproval(_)
        | Failure::SignedOut
        | Failure::Disabled
        | Failure::ProofTooOld => StatusCode::FORBIDDEN,
        Failure::Reason(_) | Failure::Caller(_) | Failure::Mail(_) => StatusCode::UNPROCESSABLE_ENTITY,
        Failure::Store(_) | Failure::Busy | Failure::OutOfDate { .. } | Failure::Stopping => {
            StatusCode::SERVICE_UNAVAILABLE
        }
        Failure::Glesys(error) if error.is_own() => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Glesys(_) => StatusCode::BAD_GATEWAY,
        Failure::NoSuchDomain(_)
        | Failure::NoSuchAccount(_)
        | Failure::IsAlias { .. }
        | Failure::IsAccount(_)
        | Failure::NoSuchOperation
        | Failure::NoSuchBatch
        | Failure::NoSuchApproval => StatusCode::NOT_FOUND,
        Failure::ConfirmationExpired(..) => StatusCode::GONE,
        Failure::AccountToo(_)
        | Failure::Overtaken(..)
        | Failure::InFlight(..)
        | Failure::CoolingDown { .. }
        | Failure::ApprovalTooLate(_) => StatusCode::CONFLICT,
        Failure::LimitReached { .. } => StatusCode::TOO_MANY_REQUESTS,
    }
}

fn said_of(failure: &Failure, layout: &Layout) -> Said {
    let (say, times) = (layout.say, &layout.times);
    match failure {
        Failure::Denied(denied) => said_of_denied(denied, layout),
        Failure::Store(error) if error.is_refused() => say.p_not_as_left(),
        Failure::Store(_) => say.p_database(),
        Failure::Busy => say.p_busy(),
        Failure::Glesys(error) => say.p_glesys(&say.why_not(error.why(), error.function())),
        Failure::OutOfDate { since } => say.p_out_of_date(&times.ago(since)),
        Failure::NoSuchDomain(domain) => say.p_no_domain(&domain.readable()),
        Failure::NoSuchAccount(address) => say.p_no_account(&address.readable()),
        Failure::IsAlias { address, targets } => say.p_alias(&address.readable(), &say.targets(targets.as_deref())),
        Failure::IsAccount(address) => say.p_account(&address.readable()),
        Failure::AccountToo(address) => say.p_twin(&address.readable()),
        Failure::NoSuchOperation => say.p_no_operation(),
        Failure::NoSuchBatch => say.p_no_batch(),
        Failure::NoSuchApproval => say.p_no_approval(),
        Failure::SecondPerson(joint) => {
            let (what, of) = said(layout, joint);
            say.p_second_person(&what, &of)
        }
        Failure::ApprovalTooLate(_) => say.p_approval_too_late(),
        Failure::OwnApproval(_) => say.p_own_approval(),
        Failure::ConfirmationInvalid(OperationKind::ResetPassword, _)
        | Failure::SignedOut
        | Failure::Disabled
        | Failure::ProofTooOld => say.p_confirmation_invalid(),
        Failure::ConfirmationInvalid(..) => say.p_page_invalid(),
        Failure::WayNotOffered(_, address) => say.p_way_not_offered(&address.readable()),
        Failure::Reason(_) | Failure::Caller(_) | Failure::Mail(_) => say.p_unreadable(),
        Failure::ConfirmationExpired(OperationKind::ResetPassword, _) => say.p_confirmation_expired(),
        Failure::ConfirmationExpired(..) => say.p_page_expired(),
        Failure::Overtaken(kind, last) if are_resets(*kind, last) => {
            say.p_overtaken(&last.told_as, &times.ago(&last.begun_at))
        }
        Failure::Overtaken(_, last) => say.p_changed_since(&last.told_as, &times.ago(&last.begun_at)),
        Failure::InFlight(kind, last) if are_resets(*kind, last) => {
            say.p_in_flight(&last.told_as, &times.ago(&last.begun_at))
        }
        Failure::InFlight(_, last) => say.p_change_in_flight(&last.told_as, &times.ago(&last.begun_at)),
        Failure::CoolingDown { kind, last, until } if are_resets(*kind, last) => {
            say.p_cooling(&times.clock_with_seconds(until), &last.told_as)
        }
        Failure::CoolingDown { last, until, .. } => {
            say.p_change_cooling(&times.clock_with_seconds(until), &last.told_as)
        }
        Failure::LimitReached { limit, .. } => say.limit_reached(*limit),
        Failure::Stopping => say.p_stopping(),
    }
}

/// Whether a reset was asked for and another one is why it was not begun.
fn are_resets(kind: OperationKind, last: &Operation) -> bool {
    [kind, last.kind] == [OperationKind::ResetPassword; 2]
}

fn said_of_denied(denied: &Denied, layout: &Layout) -> Said {
    match &denied.domain {
        Some(domain) if denied.right == RightName::ResetPasswords => layout.say.p_denied_reset(&domain.readable()),
        Some(_) if denied.right == RightName::ResetProtectedPasswords => layout.say.p_denied_protected(),
        Some(domain) if denied.right == RightName::ManageMail => layout.say.p_denied_manage(&domain.readable()),
        Some(domain) => layout.say.p_denied_domain(&domain.readable()),
        None => layout.say.p_denied_panel(),
    }
}
