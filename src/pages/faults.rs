//! What is wrong with a form, as the page says it that comes back: in its title, and of a form of several fields at the top,
//! with a way to each of them. `templates/parts.html` draws it, and `layout.html` puts it there.

use std::borrow::Cow;

use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use super::Layout;
use super::field::{Field, focus_wrong};

/// What is wrong with what was sent.
#[derive(Clone, Debug, Default)]
pub struct Faults {
    /// Whether anything is.
    pub are_any: bool,
    /// What is wrong with the fields of a form that has several.
    pub listed: Vec<Fault>,
    /// Whether the person begins at the list, because more than one field is wrong; else they begin at that field.
    pub have_focus: bool,
}

/// What is wrong with a field.
#[derive(Clone, Debug)]
pub struct Fault {
    /// The id of the field.
    pub field: String,
    pub label: String,
    pub sentence: String,
}

/// A field, where it is on its page and what it is called there.
pub struct Place<'a> {
    id: Cow<'a, str>,
    label: Cow<'a, str>,
    field: &'a mut Field,
}

impl<'a> Place<'a> {
    pub fn new(id: impl Into<Cow<'a, str>>, label: impl Into<Cow<'a, str>>, field: &'a mut Field) -> Self {
        Self { id: id.into(), label: label.into(), field }
    }
}

/// A page with a form that may be shown again.
pub trait Filled: IntoResponse {
    fn layout(&mut self) -> &mut Layout;

    /// The fields that can be wrong, as they come on the page.
    fn places(&mut self) -> Vec<Place<'_>>;
}

/// The page with this status, saying what is wrong with its fields.
pub fn answer(status: StatusCode, mut page: impl Filled) -> Response {
    let mut places = page.places();
    let listed: Vec<_> = places.iter().flat_map(faults).collect();
    let (is_several, wrong) = (places.len() > 1, places.iter().filter(|place| place.field.is_wrong()).count());
    if wrong > 0 {
        focus_wrong(places.iter_mut().map(|place| &mut *place.field));
    }
    if wrong > 1 {
        for place in &mut places {
            place.field.is_focused = false;
        }
    }
    let are_any = !status.is_success() || wrong > 0;
    let listed = if is_several { listed } else { Vec::new() };
    page.layout().faults = Faults { are_any, listed, have_focus: wrong > 1 };
    (status, page).into_response()
}

fn faults<'a>(place: &'a Place<'_>) -> impl Iterator<Item = Fault> + 'a {
    place.field.problem.lines().map(|sentence| Fault {
        field: place.id.to_string(),
        label: place.label.to_string(),
        sentence: sentence.to_owned(),
    })
}
