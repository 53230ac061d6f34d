//! Other targets for an alias.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::get;

use super::{AliasForm, Targets, by, not_done, readable_targets, told};
use crate::access::{CanSome, ManageMail, ViewMail};
use crate::model::{Address, Alias, Operation, OperationKind, WhyNot, WhyRefused};
use crate::pages::drafts::{self, left, prove_first};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::{Guard, On};
use crate::pages::notice::{AFTER, AGAIN, Notice, is_about_the_form, not_done_before};
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::aliases::{NotEdited, Problems, TargetProblem, UNTOLD, fingerprint};

pub fn routes() -> Router<App> {
    Router::new().route("/aliases/{address}/edit", get(edit).post(update))
}

#[derive(Template, WebTemplate)]
#[template(path = "aliases/edit.html")]
struct EditAliasPage {
    layout: Layout,
    address: Address,
    token: String,
    /// See `Posted::base`.
    base: String,
    targets: Targets,
    /// What GleSYS has now, where that is not what the form was made for.
    now: Option<Now>,
    /// Why the form is shown once more, where no target is to blame.
    notice: Option<Notice>,
}

/// What a form that is shown again is made of.
#[derive(Clone)]
struct Typed {
    targets: String,
    base: String,
    /// Says something where the person was asked whether to replace what GleSYS has now.
    asked: String,
}

/// Where an alias leads now, as far as GleSYS says.
struct Now {
    targets: Option<Vec<String>>,
    /// Whether that leads out of the company's domains.
    is_outside: bool,
}

async fn edit(
    State(app): State<App>,
    request: On<ManageMail>,
    Query(question): Query<Fields>,
) -> Result<Response, Problem> {
    let form = app.links.alias_edit(&request.address);
    if let Some(typed) = left(&app, &request.guard, &form, &question).await? {
        let of = |name| field(&typed, name).to_owned();
        let typed = Typed { targets: of("targets"), base: of("base"), asked: of("asked") };
        return again(&app, request, typed, EditAliasPage::come_back_to).await;
    }
    let On { address, can, guard } = request;
    let before = not_done_before(&app, &guard, field(&question, AFTER), OperationKind::EditAlias).await?;
    let form = match app.aliases.to_change(&by(&guard, &can)?, OperationKind::EditAlias, &address).await {
        Ok(form) => form,
        Err(Failure::Denied(denied)) => guard.granted(&app, Err(denied)).await?,
        Err(why) => return not_done(&app, &app.links.alias_edit(&address), why),
    };
    let targets = Targets::typed(readable_targets(&form.alias).unwrap_or_default().join("\n")).focused();
    let (layout, token, base) = (guard.layout, form.token, form.base);
    let page = EditAliasPage { layout, address, token, base, targets, now: None, notice: None };
    let page = match before.filter(|before| before.address == page.address) {
        Some(before) => page.after(&before),
        None => page,
    };
    Ok(answer(StatusCode::OK, page))
}

impl Filled for EditAliasPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        vec![Place::new("targets", self.layout.say.alias_targets(), &mut self.targets.field)]
    }
}

impl EditAliasPage {
    fn come_back_to(self) -> Self {
        Self { notice: Some(drafts::notice(&self.layout)), ..self }
    }

    /// The page with what was not done, told where it belongs.
    fn after(self, operation: &Operation) -> Self {
        if operation.why_not() == Some(WhyNot::Refused(WhyRefused::Invalid)) {
            // The alias was there a moment before, so only its targets can be meant.
            return self.with(&Problems { targets: vec![TargetProblem::NotTaken], ..Problems::default() });
        }
        let notice = Some(Notice::of_not_done(&self.layout, operation));
        Self { notice, ..self }
    }

    fn with(self, problems: &Problems) -> Self {
        Self { targets: self.targets.with(self.layout.say, problems), ..self }
    }

    /// The page with what GleSYS has now, in place of which the person's version is put if they say so.
    fn asking(self, app: &App, see: &CanSome<ViewMail>, alias: &Alias) -> Self {
        let now = Now { targets: readable_targets(alias), is_outside: app.directory.leads_outside(see, alias) };
        Self { base: fingerprint(alias), now: Some(now), ..self }
    }

    /// Whether GleSYS does not say where the alias leads: the field may then stay empty.
    fn is_open(&self) -> bool {
        self.base == UNTOLD
    }
}

async fn update(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(form): Form<AliasForm>,
) -> Result<Response, Problem> {
    let by = by(&request.guard, &request.can)?;
    let asked = form.asked.clone().unwrap_or_default();
    let posted = form.posted();
    let typed = Typed { targets: posted.targets.clone(), base: posted.base.clone(), asked };
    let layout = request.guard.layout.clone();
    let notice = match app.aliases.edit(&by, &request.address, posted).await {
        Ok(operation) if is_about_the_form(&operation) => {
            return again(&app, request, typed, |page| page.after(&operation)).await;
        }
        Ok(operation) => return Ok(told(&app, &operation)),
        Err(NotEdited::Typed(problems)) => return again(&app, request, typed, |page| page.with(&problems)).await,
        Err(NotEdited::Changed(alias)) => {
            return again(&app, request, typed, |page| page.asking(&app, &by.see, &alias)).await;
        }
        Err(NotEdited::Failure(Failure::ProofTooOld)) => {
            return Err(prove_anew(&app, &request.guard, &request.address, typed).await);
        }
        Err(NotEdited::Unchanged) if typed.base == UNTOLD => Notice::again(layout.say.p_alias_left()),
        Err(NotEdited::Unchanged) => Notice::again(layout.say.p_alias_unchanged()),
        Err(NotEdited::Failure(why @ Failure::IsAccount(_))) => {
            return not_done(&app, &app.links.alias_edit(&request.address), why);
        }
        Err(NotEdited::Failure(failure)) => Notice::of(&layout, failure)?,
    };
    again(&app, request, typed, |page| EditAliasPage { notice: Some(notice), ..page }).await
}

/// Where the person proves who they are, and comes back from to what they had typed.
async fn prove_anew(app: &App, guard: &Guard, address: &Address, typed: Typed) -> Problem {
    let Typed { targets, base, asked } = typed;
    let typed = [("targets", targets), ("base", base), ("asked", asked)].map(|(name, value)| (name.to_owned(), value));
    prove_first(app, guard, app.links.alias_edit(address), &typed.into()).await
}

/// The form once more as it was typed, with a token of its own: nothing was changed.
async fn again(
    app: &App,
    request: On<ManageMail>,
    typed: Typed,
    with: impl FnOnce(EditAliasPage) -> EditAliasPage,
) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let token = match app.changes.page_again(&can, OperationKind::EditAlias, &address).await {
        Err(Failure::Denied(denied)) => guard.granted(app, Err(denied)).await?,
        Err(Failure::ProofTooOld) => return Err(prove_anew(app, &guard, &address, typed).await),
        token => token?,
    };
    let by = by(&guard, &can)?;
    let Typed { targets, base, asked } = typed;
    let now = if asked.is_empty() { None } else { app.aliases.as_in(&by, &address, &base).await };
    let (layout, targets) = (guard.layout, Targets::typed(targets).focused());
    let page = EditAliasPage { layout, address, token, base, targets, now: None, notice: None };
    let page = with(match now {
        Some(alias) => page.asking(app, &by.see, &alias),
        None => page,
    });
    let status = page.notice.as_ref().map_or(AGAIN, |notice| notice.status);
    Ok(answer(status, page))
}
