//! What a staff member chooses for themselves: language, theme, password; and where they are signed in.

use askama::Template;
use askama_web::WebTemplate;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use jiff::Timestamp;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use super::drafts::left;
use super::faults::{Filled, Place, answer};
use super::field::Field;
use super::forms::{Fields, Form, field};
use super::guard::Guard;
use super::layout::At;
use super::notice::AGAIN;
use super::proof::{Asked, ProofField, is_empty, prove};
use super::sign_in::Refusal;
use super::sign_in_again::{not_proved, renew};
use super::staff::{is_id, problem};
use super::visit::Visitor;
use super::{App, Layout, Problem};
use crate::access::password::{Passwords, Unfit};
use crate::model::{Act, DisplayName, Language, OpenSession, OwnPasskey, SessionId, Staff, Theme, ToldNotice};
use crate::services::Failure;
use crate::services::staff::StaffProblem;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/profile", get(show).post(update))
        .merge(super::second_factor::routes())
        .route("/profile/password", post(change_password))
        .route("/profile/end-sessions", post(end_sessions))
}

#[derive(Deserialize)]
struct PreferencesForm {
    display_name: Option<String>,
    language: String,
    theme: String,
}

#[derive(Deserialize)]
struct ChangeForm {
    old: SecretString,
    new: SecretString,
    /// A code, of whoever has a second factor.
    proof: Option<SecretString>,
}

#[derive(Deserialize)]
struct EndForm {
    /// Which session; without it all but this one.
    session: Option<String>,
}

#[derive(Template, WebTemplate)]
#[template(path = "profile.html")]
struct ProfilePage {
    layout: Layout,
    staff: Staff,
    display_name: Field,
    roles: Vec<String>,
    language: Option<Language>,
    theme: Theme,
    old: Field,
    new: Field,
    /// What changing the password asks of whoever has a second factor.
    proof: ProofField,
    sessions: Vec<SessionLine>,
    /// How many recovery codes are left; `None` without a second factor.
    codes_left: Option<i64>,
    /// Whether a code from an app is one of their second factors.
    has_app: bool,
    passkeys_on: bool,
    passkeys: Vec<OwnPasskey>,
    /// Whether they may do without one of the second factors that they have.
    may_remove_one: bool,
    /// What they were told lately about how they sign in, and have put away.
    past: Vec<ToldNotice>,
    done: Option<&'static str>,
}

impl Filled for ProfilePage {
    fn layout(&mut self) -> &mut Layout {
        &mut self.layout
    }

    fn places(&mut self) -> Vec<Place<'_>> {
        let say = self.layout.say;
        let is_local = !self.staff.single_sign_on;
        let proof = Some(&mut self.proof).filter(|_| self.staff.second_factor);
        let password = [
            Place::new("old", say.old_password(), &mut self.old),
            Place::new("new", say.new_password(), &mut self.new),
        ];
        let password = password.into_iter().chain(proof.and_then(|proof| proof.place(say)));
        let name = Place::new("display_name", say.display_name(), &mut self.display_name);
        [name].into_iter().chain(password.filter(|_| is_local)).collect()
    }
}

struct SessionLine {
    id: SessionId,
    device: String,
    client: String,
    seen_at: Timestamp,
    /// The one that this page was asked for in.
    is_this: bool,
}

async fn show(State(app): State<App>, guard: Guard, Query(question): Query<Fields>) -> Result<ProfilePage, Problem> {
    let say = guard.layout.say;
    let typed = left(&app, &guard, &app.links.profile(), &question).await?;
    let done = match field(&question, "done") {
        "saved" => Some(say.profile_saved()),
        "password" => Some(say.password_changed()),
        "ended" => Some(say.sessions_ended()),
        "everything-ended" => Some(say.everything_ended()),
        "factor-removed" => Some(say.factor_removed()),
        "passkey-added" => Some(say.passkey_added()),
        "passkey-removed" => Some(say.passkey_removed()),
        _ => None,
    };
    let page = page(&app, guard, done).await?;
    Ok(match typed {
        None => page,
        Some(typed) => ProfilePage {
            display_name: Field::of(field(&typed, "display_name")),
            language: Language::tagged(field(&typed, "language")),
            theme: Theme::named(field(&typed, "theme")).unwrap_or_default(),
            ..page
        },
    })
}

async fn page(app: &App, guard: Guard, done: Option<&'static str>) -> Result<ProfilePage, Problem> {
    let proof = ProofField::of(app, &guard, Act::ChangePassword, &app.links.profile()).await?;
    let asker = guard.gate.asker();
    let layout = guard.layout.at(At::Profile);
    let say = layout.say;
    let sessions = app.staff.own_sessions(asker).await.map_err(Failure::from)?;
    let codes_left = if asker.staff.second_factor {
        Some(app.factors.codes_left(asker).await.map_err(Failure::from)?)
    } else {
        None
    };
    let passkeys = app.passkeys.own(asker).await.map_err(Failure::from)?;
    let has_app = app.passkeys.ways(&asker.staff.id).await.map_err(Failure::from)?.app;
    let may_remove_one = !app.factors.must_have(&asker.staff) || usize::from(has_app) + passkeys.len() > 1;
    let line = |row: OpenSession| SessionLine {
        is_this: Some(&row.id) == asker.session_id(),
        device: say.device(row.device.agent.as_deref().unwrap_or_default()),
        client: row.device.client.unwrap_or_default(),
        seen_at: row.seen_at,
        id: row.id,
    };
    Ok(ProfilePage {
        display_name: Field::of(asker.staff.display_name.as_ref().map(ToString::to_string).unwrap_or_default()),
        roles: asker.staff.grants.iter().map(|grant| say.grant(grant)).collect(),
        language: asker.staff.language,
        theme: asker.staff.theme,
        codes_left,
        has_app,
        passkeys_on: app.passkeys.are_on(),
        passkeys,
        may_remove_one,
        past: app.staff.own_past_notices(asker).await.map_err(Failure::from)?,
        old: Field::default(),
        new: Field::default(),
        proof,
        sessions: sessions.into_iter().map(line).collect(),
        staff: asker.staff.clone(),
        layout,
        done,
    })
}

async fn update(State(app): State<App>, guard: Guard, Form(form): Form<PreferencesForm>) -> Result<Response, Problem> {
    let (language, theme) = (Language::tagged(&form.language), Theme::named(&form.theme).unwrap_or_default());
    let typed = form.display_name.unwrap_or_default();
    let say = guard.layout.say;
    let sentence = match DisplayName::parse(&typed) {
        Err(_) => say.display_name_unfit().to_owned(),
        Ok(name) => match app.staff.set_preferences(guard.gate.asker(), name.as_ref(), language, theme).await {
            Ok(()) => return Ok(done(&app, "saved").into_response()),
            Err(StaffProblem::DisplayNameTaken(name)) => say.display_name_taken(&name),
            Err(StaffProblem::DisplayNameMixed) => say.display_name_mixed().to_owned(),
            Err(why) => return Err(problem(&app, why, &app.links.profile())),
        },
    };
    let display_name = Field::of(typed).wrong(sentence);
    let page = ProfilePage { display_name, language, theme, ..page(&app, guard, None).await? };
    Ok(answer(AGAIN, page))
}

fn done(app: &App, what: &str) -> Redirect {
    Redirect::to(&format!("{}?done={what}", app.links.profile()))
}

async fn change_password(
    State(app): State<App>,
    visitor: Visitor,
    guard: Guard,
    session: Session,
    Form(form): Form<ChangeForm>,
) -> Result<Response, Problem> {
    let (asker, act) = (guard.gate.asker(), Act::ChangePassword);
    let unfit = Passwords::fits(&form.new).err();
    if unfit.is_some() || is_empty(Some(&form.old)) {
        return unfit_again(&app, guard, &form, unfit).await;
    }
    let proved = if asker.staff.second_factor {
        // Anyone who knows the password alone is not let past the second factor.
        let proved = prove(&app, &guard, &session, act, form.proof, &visitor.origin).await?;
        if let Err(Refusal { status, sentence }) = proved {
            let page = page(&app, guard, None).await?;
            return Ok(answer(status, ProfilePage { proof: page.proof.wrong(sentence), ..page }));
        }
        app.sign_ins.prove_password(asker, form.old, &visitor.origin).await
    } else {
        app.sign_ins.prove_password_for(asker, act, form.old, &visitor.origin).await
    };
    if let Err(why) = proved {
        let Refusal { status, sentence } = not_proved(&guard.layout, why)?;
        let old = Field::default().wrong(sentence);
        return Ok(answer(status, ProfilePage { old, ..page(&app, guard, None).await? }));
    }
    match app.staff.set_own_password(asker, form.new).await {
        Ok(()) => {}
        Err(StaffProblem::Unfit(unfit)) => {
            let new = Field::default().wrong(guard.layout.unfit(unfit));
            return Ok(answer(AGAIN, ProfilePage { new, ..page(&app, guard, None).await? }));
        }
        Err(why) => return Err(problem(&app, why, &app.links.profile())),
    }
    renew(&app, &session, asker, true).await?;
    Ok(done(&app, "password").into_response())
}

/// The page again, with all that is wrong with what was typed before anything is compared with what is kept.
async fn unfit_again(app: &App, guard: Guard, typed: &ChangeForm, unfit: Option<Unfit>) -> Result<Response, Problem> {
    let say = guard.layout.say;
    let mut page = page(app, guard, None).await?;
    if is_empty(Some(&typed.old)) {
        page.old = page.old.wrong(say.password_missing());
    }
    if let Some(unfit) = unfit {
        page.new = page.new.wrong(page.layout.unfit(unfit));
    }
    if page.staff.second_factor && is_empty(typed.proof.as_ref()) {
        page.proof = page.proof.wrong(say.proof_missing().to_owned());
    }
    Ok(answer(AGAIN, page))
}

async fn end_sessions(State(app): State<App>, guard: Guard, Form(form): Form<EndForm>) -> Result<Redirect, Problem> {
    if form.session.as_deref().is_some_and(|id| !is_id(id)) {
        return Err(Problem::NotFound);
    }
    let which = form.session.map(SessionId);
    app.staff.end_own_sessions(guard.gate.asker(), which.as_ref()).await.map_err(Failure::from)?;
    Ok(done(&app, "ended"))
}
