//! Of an operation that made a password, or was to make one: it was shown, or why there is none to show.

use askama::Template;
use askama_web::WebTemplate;
use jiff::Timestamp;

use super::outcome::{nothing_changed, since};
use super::why_not_done;
use crate::model::{Operation, OperationKind};
use crate::pages::Layout;
use crate::services::operations::aftermath::Aftermath;
use crate::services::operations::reveals::NotShown;

/// What there is to say when there is no password to show.
#[derive(Template, WebTemplate)]
#[template(path = "operations/no_password.html")]
pub(super) struct NoPasswordPage {
    layout: Layout,
    operation: Operation,
    title: &'static str,
    lead: &'static str,
    /// `good`, `warn` or `danger`.
    tone: &'static str,
    happened: Vec<String>,
    to_do: Vec<String>,
    /// When the account may be reset again, if not now.
    cools_until: Option<Timestamp>,
    /// Whether the password waits and the page offers to try again to show it.
    again: bool,
    /// Whether the person may reset the account again.
    may_reset: bool,
}

impl NoPasswordPage {
    pub fn offering(self, may_reset: bool) -> Self {
        Self { may_reset, ..self }
    }
}

pub(super) fn shown_page(layout: Layout, operation: Operation, at: Timestamp, own: bool) -> NoPasswordPage {
    let say = layout.say;
    let seen = match operation.seen_at {
        Some(seen_at) => say.shown_seen(&layout.times.clock_with_seconds(&seen_at)),
        None => say.shown_not_seen().to_owned(),
    };
    let here = if own { say.shown_here() } else { say.shown_elsewhere() };
    NoPasswordPage {
        title: say.shown_title(),
        lead: if operation.kind == OperationKind::ResetPassword { say.shown_lead() } else { say.created_shown_lead() },
        tone: "good",
        happened: vec![say.shown_at(&layout.times.full(&at), &operation.told_as), format!("{here} {seen}")],
        to_do: vec![say.shown_lost_hint().to_owned()],
        cools_until: None,
        again: false,
        may_reset: false,
        layout,
        operation,
    }
}

pub(super) fn not_shown_page(layout: Layout, operation: Operation, why: NotShown) -> NoPasswordPage {
    let say = layout.say;
    let is_reset = operation.kind == OperationKind::ResetPassword;
    let (title, lead, reset_it) = if why == NotShown::Forgotten {
        (say.forgotten_title(), say.forgotten_of(), say.shown_lost_hint())
    } else if why == NotShown::OtherSession {
        (say.waits_title(), say.waits_of(), "")
    } else if is_reset {
        (say.not_shown_title(), say.not_shown_of(), say.not_shown_do())
    } else {
        (say.created_not_shown_title(), say.created_not_shown_of(), say.created_not_shown_do())
    };
    let (happened, to_do) = match why {
        NotShown::Expired => (say.not_shown_expired(), vec![reset_it.to_owned()]),
        NotShown::Forgotten => (say.not_shown_forgotten(), vec![reset_it.to_owned()]),
        NotShown::Spoiled => (say.not_shown_spoiled(), vec![reset_it.to_owned()]),
        NotShown::Overtaken { is_certain: false, .. } => (say.not_shown_perhaps(), Vec::new()),
        NotShown::Overtaken { by: OperationKind::LockOut, .. } => (say.not_shown_locked_out(), Vec::new()),
        NotShown::Overtaken { by: OperationKind::ResetPassword, .. } => {
            (say.not_shown_overtaken(), vec![say.not_shown_overtaken_do().to_owned()])
        }
        NotShown::Overtaken { .. } => (say.not_shown_deleted(), Vec::new()),
        NotShown::OtherSession if !is_reset => (say.created_other_session(), Vec::new()),
        NotShown::OtherSession => (say.not_shown_other_session(), Vec::new()),
        NotShown::NotOffered => (say.not_shown_not_offered(), vec![reset_it.to_owned()]),
        NotShown::NotRecorded => (say.not_shown_not_recorded(), Vec::new()),
    };
    NoPasswordPage {
        title,
        lead,
        tone: "warn",
        happened: vec![happened.to_owned()],
        to_do,
        cools_until: None,
        again: why == NotShown::NotRecorded,
        may_reset: false,
        layout,
        operation,
    }
}

pub(super) fn not_reset_page(layout: Layout, operation: Operation, aftermath: &Aftermath) -> NoPasswordPage {
    let say = layout.say;
    NoPasswordPage {
        title: say.not_reset_title(),
        lead: say.not_reset_of(),
        tone: "danger",
        happened: vec![nothing_changed(&layout, operation.kind, aftermath)],
        to_do: vec![why_not_done(say, &operation)],
        cools_until: None,
        again: false,
        may_reset: false,
        layout,
        operation,
    }
}

pub(super) fn unknown_page(
    layout: Layout,
    operation: Operation,
    aftermath: &Aftermath,
    cools_until: Option<Timestamp>,
) -> NoPasswordPage {
    let say = layout.say;
    let reason = why_not_done(say, &operation);
    let to_do = match (since(&layout, aftermath), &cools_until) {
        (Some(since), _) => since,
        (None, Some(until)) => say.unknown_wait(&layout.times.clock_with_seconds(until)),
        (None, None) => say.unknown_now().to_owned(),
    };
    NoPasswordPage {
        title: say.unknown_title(),
        lead: say.unknown_of(),
        tone: "warn",
        happened: vec![say.unknown_lead().to_owned(), reason],
        to_do: vec![to_do],
        cools_until,
        again: false,
        may_reset: false,
        layout,
        operation,
    }
}
