//! What a staff member is called, changed by somebody else: the name to sign in with and the one that colleagues see.
//! The fields stand on the page of an invitation too.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use super::edit::record;
use super::{not_done, problem};
use crate::access::ManageStaff;
use crate::model::{DisplayName, Staff, StaffName};
use crate::pages::drafts::{asked_for, left};
use crate::pages::faults::{Filled, Place, answer};
use crate::pages::field::Field;
use crate::pages::forms::{Fields, Form, field};
use crate::pages::guard::Over;
use crate::pages::layout::At;
use crate::pages::notice::AGAIN;
use crate::pages::{App, Layout, Problem};
use crate::services::staff::StaffProblem;
use crate::texts::Texts;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/{id}/names", get(edit).post(update))
}

#[derive(Template, WebTemplate)]
#[template(path = "staff/names.html")]
struct NamesPage {
    layout: Layout,
    staff: Staff,
    names: NameFields,
}

impl Filled for NamesPage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        self.names.places(self.layout.say).into()
    }
}

/// The fields as they stand, with what is wrong with them.
pub(super) struct NameFields {
    pub name: Field,
    pub display_name: Field,
}

impl NameFields {
    /// The fields as they were posted.
    pub fn typed(fields: &Fields) -> Self {
        let [name, display_name] = ["name", "display_name"].map(|name| Field::of(field(fields, name)));
        Self { name: name.focused(), display_name }
    }

    /// The fields, as they come on a page.
    pub fn places(&mut self, say: Texts) -> [Place<'_>; 2] {
        [
            Place::new("name", say.sign_in_name(), &mut self.name),
            Place::new("display_name", say.display_name(), &mut self.display_name),
        ]
    }

    /// Reads the fields; `None` when something is wrong with them, which they then say.
    pub fn read(&mut self, say: Texts) -> Option<(StaffName, Option<DisplayName>)> {
        let (name, display_name) = (StaffName::parse(&self.name.value), DisplayName::parse(&self.display_name.value));
        if name.is_err() {
            say.name_unfit().clone_into(&mut self.name.problem);
        }
        if display_name.is_err() {
            say.display_name_unfit().clone_into(&mut self.display_name.problem);
        }
        Some((name.ok()?, display_name.ok()?))
    }

    /// Says which of the names is somebody else's, if that is the problem.
    pub fn taken(&mut self, say: Texts, problem: StaffProblem) -> Result<(), StaffProblem> {
        match problem {
            StaffProblem::NameTaken(name) => self.name.problem = say.name_taken(name.as_str()),
            StaffProblem::DisplayNameTaken(name) => self.display_name.problem = say.display_name_taken(&name),
            StaffProblem::DisplayNameMixed => say.display_name_mixed().clone_into(&mut self.display_name.problem),
            problem => return Err(problem),
        }
        Ok(())
    }
}

async fn edit(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(id): Path<String>,
    Query(question): Query<Fields>,
) -> Result<NamesPage, Problem> {
    let staff = record(&app, &request, &id).await?.staff;
    let form = app.links.staff_names(&staff.id);
    let typed = left(&app, &request.guard, &form, &question).await?;
    let here = asked_for(form, &question);
    app.staff.may_give(&request.can).await.map_err(|why| problem(&app, why, &here))?;
    let names = if let Some(typed) = typed {
        NameFields::typed(&typed)
    } else {
        let display_name = staff.display_name.as_ref().map(ToString::to_string).unwrap_or_default();
        NameFields { name: Field::of(staff.name.as_str()).focused(), display_name: Field::of(display_name) }
    };
    Ok(NamesPage { layout: request.guard.layout.at(At::Staff), staff, names })
}

async fn update(
    State(app): State<App>,
    request: Over<ManageStaff>,
    Path(id): Path<String>,
    Form(fields): Form<Fields>,
) -> Result<Response, Problem> {
    let staff = record(&app, &request, &id).await?.staff;
    let layout = request.guard.layout.clone().at(At::Staff);
    let mut names = NameFields::typed(&fields);
    if let Some((name, display_name)) = names.read(layout.say) {
        let changed = app.staff.set_names(&request.can, &staff.id, &name, display_name.as_ref()).await;
        let Err(why) = changed else {
            return Ok(Redirect::to(&format!("{}?done=named", app.links.staff_member(&staff.id))).into_response());
        };
        if let Err(why) = names.taken(layout.say, why) {
            let form = app.links.staff_names(&staff.id);
            return Err(not_done(&app, &request.guard, why, form, &fields).await);
        }
    }
    Ok(answer(AGAIN, NamesPage { layout, staff, names }))
}
