//! Other targets for an alias.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use super::{AliasForm, Targets, by, not_done, on_lines, told};
use crate::access::ManageMail;
use crate::model::address::readable;
use crate::model::{Address, OperationKind};
use crate::pages::forms::Form;
use crate::pages::guard::On;
use crate::pages::{App, Layout, Problem};
use crate::services::Failure;
use crate::services::aliases::{NotDone, Problems};

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
    now: Option<Vec<String>>,
    /// Why the form is shown once more, where no target is to blame.
    notice: Option<&'static str>,
}

async fn edit(State(app): State<App>, request: On<ManageMail>) -> Result<Response, Problem> {
    page(&app, request, None).await
}

/// What was posted and did not become an operation.
struct Again {
    text: String,
    base: String,
    problems: Problems,
    notice: Option<&'static str>,
}

async fn page(app: &App, request: On<ManageMail>, again: Option<Again>) -> Result<Response, Problem> {
    let On { address, can, guard } = request;
    let form = match app.aliases.to_change(&by(&guard, &can)?, OperationKind::EditAlias, &address).await {
        Ok(form) => form,
        Err(NotDone::Failure(Failure::Denied(denied))) => guard.granted(app, Err(denied)).await?,
        Err(why) => return not_done(app, Some(&address), why),
    };
    let layout = guard.layout;
    let Some(Again { text, base, problems, notice }) = again else {
        let targets = Targets::typed(on_lines(&form.alias.targets));
        let (token, base) = (form.token, form.base);
        return Ok(EditAliasPage { layout, address, token, base, targets, now: None, notice: None }.into_response());
    };
    let is_other = base != form.base;
    let now = is_other.then(|| form.alias.targets.iter().map(|target| readable(target)).collect());
    let page = EditAliasPage {
        targets: Targets::typed(text).with(layout.say, &problems),
        layout,
        address,
        token: form.token,
        base: form.base,
        now,
        notice: notice.filter(|_| !is_other),
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

async fn update(
    State(app): State<App>,
    request: On<ManageMail>,
    Form(form): Form<AliasForm>,
) -> Result<Response, Problem> {
    let by = by(&request.guard, &request.can)?;
    let posted = form.posted();
    let (text, base) = (posted.targets.clone(), posted.base.clone());
    let say = request.guard.layout.say;
    let (problems, notice) = match app.aliases.edit(&by, &request.address, posted).await {
        Ok(operation) => return Ok(told(&app, &operation)),
        Err(NotDone::Typed(problems)) => (problems, None),
        Err(NotDone::Unchanged) => (Problems::default(), Some(say.alias_unchanged())),
        Err(NotDone::Changed | NotDone::Failure(Failure::Overtaken(..))) => {
            (Problems::default(), Some(say.alias_overtaken()))
        }
        Err(NotDone::Failure(Failure::ConfirmationExpired(..))) => (Problems::default(), Some(say.form_too_old())),
        Err(why) => return not_done(&app, Some(&request.address), why),
    };
    page(&app, request, Some(Again { text, base, problems, notice })).await
}
