//! Pages about aliases, and what their forms have in common.

mod chain;
pub(super) mod delete;
pub(super) mod edit;
pub(super) mod new;
pub(super) mod show;

use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::field::Field;
use super::guard::Guard;
use super::{App, Problem};
use crate::access::{CanIn, CanSome, ManageMail, ViewMail};
use crate::model::address::readable;
use crate::model::{Address, Alias, Operation, OperationKind, OperationState};
use crate::services::Failure;
use crate::services::aliases::{By, Posted, Problems, TargetProblem};
use crate::texts::Texts;

/// What the forms about aliases post. A new alias's address has a form of its own around it.
#[derive(Deserialize)]
struct AliasForm {
    token: String,
    targets: Option<String>,
    accepted: Option<String>,
    base: Option<String>,
    /// Only of the form for other targets.
    asked: Option<String>,
}

impl AliasForm {
    fn posted(self) -> Posted {
        let [targets, accepted, base] = [self.targets, self.accepted, self.base].map(Option::unwrap_or_default);
        Posted { token: self.token, targets, accepted, base }
    }
}

/// The field for the targets.
#[derive(Default)]
struct Targets {
    field: Field,
    /// Those that do not exist, as people read them.
    missing: Vec<String>,
    /// The same, to be posted along where the form asks about nothing but them.
    accepted: String,
}

impl Targets {
    fn typed(text: String) -> Self {
        Self { field: Field::of(text), ..Self::default() }
    }

    fn focused(self) -> Self {
        Self { field: self.field.focused(), ..self }
    }

    fn with(self, say: Texts, problems: &Problems) -> Self {
        let sentences: Vec<_> = problems.targets.iter().map(|problem| sentence(say, problem)).collect();
        let is_fine = sentences.is_empty() && problems.missing.is_empty();
        let is_asked = sentences.is_empty() && problems.address.is_none();
        let accepted = problems.missing.iter().filter(|_| is_asked).map(Address::as_str);
        Self {
            field: if is_fine { self.field } else { self.field.wrong(sentences.join("\n")) },
            missing: problems.missing.iter().map(Address::readable).collect(),
            accepted: accepted.collect::<Vec<_>>().join(","),
        }
    }

    /// The id of what is said beside the field.
    const fn also(&self) -> &'static str {
        if self.missing.is_empty() { "" } else { "targets-missing" }
    }

    /// Whether the form is only asked about once more.
    const fn is_asked(&self) -> bool {
        !self.accepted.is_empty()
    }
}

fn sentence(say: Texts, problem: &TargetProblem) -> String {
    match problem {
        TargetProblem::None => say.target_none().to_owned(),
        TargetProblem::NotAnAddress(text) => say.target_no_address(text),
        TargetProblem::Repeated(target) => say.target_repeated(&target.readable()),
        TargetProblem::Itself(target) => say.target_itself(&target.readable()),
        TargetProblem::TooMany(most) => say.target_too_many(*most),
        TargetProblem::Loop(way) => {
            let way: Vec<_> = way.iter().map(Address::readable).collect();
            say.target_loop(way.get(1).map_or("", String::as_str), &way.join(" → "))
        }
        TargetProblem::NotTaken => say.targets_not_taken().to_owned(),
    }
}

/// An alias that leads to something.
pub(super) struct Lead {
    pub address: Address,
    /// Whether it leads out of the company's domains, too.
    pub is_outside: bool,
}

/// Aliases that lead to something, as their pages tell of them.
pub(super) fn leads(app: &App, see: &CanSome<ViewMail>, aliases: Vec<Alias>) -> Vec<Lead> {
    let lead = |alias: Alias| Lead { is_outside: app.directory.leads_outside(see, &alias), address: alias.address };
    aliases.into_iter().map(lead).collect()
}

/// What is not known of what leads to an address, in words; empty where all is known.
pub(super) fn may_lead(app: &App, say: Texts, see: &CanSome<ViewMail>, address: &Address) -> String {
    let (aliases, domains) = app.directory.may_lead_to(see, address);
    let of_aliases = (aliases > 0).then(|| say.aliases_untold(aliases));
    let of_domains = (domains > 0).then(|| say.domains_unread(domains));
    [of_aliases, of_domains].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Where an alias leads, as people read it; `None` where GleSYS does not say.
fn readable_targets(alias: &Alias) -> Option<Vec<String>> {
    Some(alias.targets.as_ref()?.iter().map(|target| readable(target)).collect())
}

fn by(guard: &Guard, can: &CanIn<ManageMail>) -> Result<By, Problem> {
    Ok(By { can: can.clone(), see: guard.gate.can_some::<ViewMail>()? })
}

/// Where an operation that a page asked for is told of: at the alias, if it is there and all is well.
fn told(app: &App, operation: &Operation) -> Response {
    let is_there = operation.state() == OperationState::Done && operation.kind != OperationKind::DeleteAlias;
    let (address, id) = (&operation.address, &operation.id);
    let link = if is_there { app.links.alias_after(address, id) } else { app.links.operation(id) };
    Redirect::to(&link).into_response()
}

/// What a page can't say itself. Anyone who must prove anew who they are comes back to `here`.
fn not_done(app: &App, here: &str, why: Failure) -> Result<Response, Problem> {
    match why {
        Failure::IsAccount(address) => Ok(Redirect::to(&app.links.account(&address)).into_response()),
        Failure::ProofTooOld => Err(Problem::SignIn(app.links.sign_in_again(here))),
        failure => Err(failure.into()),
    }
}
