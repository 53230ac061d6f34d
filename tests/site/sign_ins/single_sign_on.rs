//! Single sign-on: who comes in, as whom, with what; proving anew; passwords switched off; the way past that.

use nyckel::access::Gate;
use nyckel::model::{Act, AuditEvent, AuditKind, Role, StaffName};

use crate::stage::{PASSWORD, Page, Panel, Person, Provider, Stage};

const BUTTON: &str = "Sign in with Example AB";
const AGAIN: &str = "Go to Example AB";
const CONFIRM: &str = "/accounts/anna@example.se/reset";

async fn stage() -> (Panel, Provider) {
    let (stage, provider) = Stage::usual().with_provider().await;
    (stage.opens().await, provider)
}

pub async fn signs_in(panel: &Panel, provider: &Provider, subject: &str) -> (Person, Page) {
    let person = Person::stranger(panel).called(subject);
    let page = person.visits("/sign-in").await;
    let page = person.is_at_the_provider(&page, BUTTON, (provider, subject)).await;
    (person, page)
}

#[tokio::test]
async fn whoever_comes_back_in_a_group_is_signed_in_where_they_were_going() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk", "football"]);
    let eva = Person::stranger(&panel);
    let page = eva.visits(CONFIRM).await;
    let page = eva.is_at_the_provider(&page, BUTTON, (&provider, "eva")).await;
    assert_eq!((page.at.as_str(), page.text(".bar-name").as_str()), (CONFIRM, "eva"));
    let page = eva.presses(&page, "Reset password").await;
    assert_eq!(page.password(), panel.glesys.password_of("anna@example.se"));
    assert_eq!(eva.visits("/accounts/carl@example.com").await.status, 403, "the group is for one domain");

    let event = panel.one(AuditKind::SignedIn).await;
    assert_eq!(
        (event.staff_name.as_deref(), event.facts.kept().as_deref()),
        (Some("eva"), Some(r#"{"means":["single_sign_on"]}"#))
    );
    let changed = panel.one(AuditKind::GrantsChanged).await.facts.kept().unwrap();
    assert_eq!(
        changed,
        r#"{"person":"eva","grants":["operator:example.se"],"grants_before":[],"means":["single_sign_on"]}"#
    );
    eva.visits("/profile").await.must_say(200, &["You sign in by single sign-on."]);
    eva.signs_out().await;
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn it_works_under_a_path_and_over_https_with_cookies_that_only_the_panel_sets() {
    let (stage, provider) =
        Stage::usual().with("NYCKEL_PUBLIC_URL", "https://intra.example.se/nyckel").with_provider().await;
    let panel = stage.opens().await;
    provider.knows("eva", &["helpdesk"]);
    let eva = Person::stranger(&panel);
    let form = eva.visits("/sign-in").await;
    let there = eva.presses(&form, BUTTON).await;
    let cookie = there.header("set-cookie");
    assert!(cookie.starts_with("__Host-nyckel-sso=") && cookie.contains("Max-Age=600"), "{cookie}");
    assert!(
        cookie.contains("; Secure") && cookie.contains("; HttpOnly") && cookie.contains("; SameSite=Strict"),
        "{cookie}"
    );
    assert_eq!(there.header("refresh"), format!("0; url={}", there.link("Continue").unwrap()));
    let page = eva.is_at_the_provider(&form, BUTTON, (&provider, "eva")).await;
    assert_eq!((page.at.as_str(), page.text(".bar-name").as_str()), ("/nyckel/", "eva"));
}

#[tokio::test]
async fn the_same_subject_is_the_same_person_whatever_they_are_called_now() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk"]);
    signs_in(&panel, &provider, "eva").await;
    provider.knows_as("eva", serde_json::json!({ "preferred_username": "eva.lind", "groups": ["helpdesk"] }));
    let (_, page) = signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.text(".bar-name"), "eva");
    assert_eq!(panel.audit(AuditKind::StaffAdded).await.len(), 1);
}

#[tokio::test]
async fn nobody_takes_a_person_of_the_panels_over_by_name_or_address() {
    let (panel, provider) = stage().await;
    Person::hired(&panel, "eva", &[(Role::Admin, "*")]).await;
    Person::hired(&panel, "bo@example.se", &[(Role::Admin, "*")]).await;
    provider.knows("eva", &["readers"]);
    let (eva, page) = signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.text(".bar-name"), "eva-2");
    assert_eq!(eva.visits("/staff").await.status, 403);
    let address = serde_json::json!({ "email": "bo@example.se", "email_verified": true, "groups": ["readers"] });
    provider.knows_as("bo", address);
    assert_eq!(signs_in(&panel, &provider, "bo").await.1.text(".bar-name"), "bo@example.se-2");
    provider.knows_as("x", serde_json::json!({ "preferred_username": "command-line", "groups": ["readers"] }));
    assert_eq!(signs_in(&panel, &provider, "x").await.1.text(".bar-name"), "command-line-2");
    provider.knows_as("y", serde_json::json!({ "preferred_username": "<b>Åsa Ö</b>", "groups": ["readers"] }));
    assert_eq!(signs_in(&panel, &provider, "y").await.1.text(".bar-name"), "-b-åsa-ö--b-");
    provider.knows_as("z", serde_json::json!({ "preferred_username": "A\u{30a}sa", "groups": ["readers"] }));
    assert_eq!(signs_in(&panel, &provider, "z").await.1.text(".bar-name"), "åsa");
}

#[tokio::test]
async fn somebody_in_no_group_is_turned_away_calmly_and_it_is_recorded() {
    let (panel, provider) = stage().await;
    provider.knows("nils", &["football"]);
    let (nils, page) = signs_in(&panel, &provider, "nils").await;
    page.must_say(403, &["Example AB knows you, but you are in no group that may sign in here."]);
    assert!(nils.cookie().is_none());
    let event = panel.one(AuditKind::SignInFailed).await;
    assert_eq!((event.staff_name.as_deref(), event.outcome.as_deref()), (Some("nils"), Some("no_group")));
    assert!(panel.database.texts("SELECT name FROM staff").await.is_empty());
}

#[tokio::test]
async fn what_a_person_may_do_follows_their_groups_at_each_sign_in() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["it"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    assert_eq!(eva.visits("/staff").await.status, 200);
    provider.knows("eva", &["readers"]);
    let (again, _) = signs_in(&panel, &provider, "eva").await;
    assert_eq!(again.visits("/staff").await.status, 403);
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in", "the session from before is over");
    provider.knows("eva", &[]);
    let (_, page) = signs_in(&panel, &provider, "eva").await;
    page.must_say(403, &["in no group"]);
    assert_eq!(again.visits("/").await.text("h1"), "Sign in");
    let changed = panel.audit(AuditKind::GrantsChanged).await.pop().unwrap().facts.kept().unwrap();
    assert_eq!(changed, r#"{"person":"eva","grants":[],"grants_before":["viewer"],"means":["single_sign_on"]}"#);
}

#[tokio::test]
async fn an_admin_sees_who_signs_in_elsewhere_disables_them_and_leaves_their_roles_alone() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    let admin = panel.admin("admin").await;
    let list = admin.visits("/staff").await;
    assert!(list.says("Active") && list.says("Single sign-on"));
    let page = admin.clicks(&list, "eva").await;
    page.must_say(200, &["Their roles follow their groups there"]);
    assert!(page.link("Edit roles…").is_none() && !page.says("Create a new link"));
    let id = page.at.rsplit('/').next().unwrap().to_owned();
    for (path, form) in [("edit", vec![("everywhere", "admin"), ("was", "operator in example.se")]), ("invite", vec![])]
    {
        admin.has_proved(Act::ChangeStaff).await;
        let answer = admin.posts(&format!("/staff/{id}/{path}"), &form).await;
        answer.must_say(409, &["Managed elsewhere"]);
    }
    admin.presses(&page, "Disable account").await;
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
    let (_, refused) = signs_in(&panel, &provider, "eva").await;
    refused.must_say(403, &["Your access here is switched off."]);
    let page = admin.visits(&format!("/staff/{id}")).await;
    admin.has_proved(Act::ChangeStaff).await;
    admin.presses(&page, "Enable account").await;
    assert_eq!(signs_in(&panel, &provider, "eva").await.1.text(".bar-name"), "eva");
}

#[tokio::test]
async fn a_second_factor_is_the_providers_business() {
    let (stage, provider) = Stage::usual().with("NYCKEL_REQUIRE_SECOND_FACTOR", "all").with_provider().await;
    let panel = stage.opens().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, page) = signs_in(&panel, &provider, "eva").await;
    assert_eq!(page.at, "/");
    eva.visits("/profile/second-factor").await.must_say(409, &["Managed elsewhere"]);
    let profile = eva.visits("/profile").await;
    assert!(!profile.says("Two-step sign-in") && !profile.says("Your password"), "{profile:#?}");
}

#[tokio::test]
async fn groups_that_are_told_only_to_who_asks_count_too_if_they_are_the_same_persons() {
    let (panel, provider) = stage().await;
    provider.knows_as("eva", serde_json::json!({ "preferred_username": "eva" }));
    provider.tells_besides(serde_json::json!({ "sub": "eva", "groups": "helpdesk" }));
    assert_eq!(signs_in(&panel, &provider, "eva").await.1.text(".bar-name"), "eva");
    provider.tells_besides(serde_json::json!({ "sub": "somebody else", "groups": ["it"] }));
    signs_in(&panel, &provider, "eva").await.1.must_say(502, &["couldn’t be verified"]);
}

#[tokio::test]
async fn a_reset_asks_at_the_provider_who_one_is_and_nothing_that_was_typed_is_lost() {
    let (panel, provider) = stage().await;
    let other = panel.replica().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    panel.clock.turn(9 * 60);
    let page = eva.visits(CONFIRM).await;
    panel.clock.turn(9 * 60);
    let page = eva.fills_in(&page, "Reset password", &[("ticket", "812 & åäö")]).await;
    assert_eq!((page.text("h1").as_str(), panel.resets()), ("Confirm it’s you", (0, 0)));
    let old = eva.cookie().unwrap();
    let page = eva.at(&other).is_at_the_provider(&page, AGAIN, (&provider, "eva")).await;
    assert_eq!(page.attributes("#ticket", "value"), ["812 & åäö"]);
    assert_ne!(eva.cookie().unwrap(), old);
    let thief = Person::stranger(&panel);
    thief.takes_cookie(&old);
    assert_eq!(thief.visits("/").await.text("h1"), "Sign in");
    eva.presses(&page, "Reset password").await;
    assert_eq!(panel.resets(), (1, 1));
    let event = panel.one(AuditKind::ProvedAgain).await;
    assert_eq!(
        (event.staff_name.as_deref(), event.facts.kept().as_deref()),
        (Some("eva"), Some(r#"{"means":["single_sign_on"]}"#))
    );
}

#[tokio::test]
async fn nothing_is_proved_by_somebody_else_or_by_a_provider_that_did_not_ask() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk"]);
    provider.knows("bo", &["it"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let page = eva.is_at_the_provider(&page, AGAIN, (&provider, "bo")).await;
    page.must_say(403, &["Confirm it’s you", "Someone else is signed in at Example AB."]);
    assert_eq!(eva.visits("/").await.text(".bar-name"), "eva");
    provider.twists(|claims| claims["auth_time"] = (claims["iat"].as_i64().unwrap() - 120).into());
    let page = eva.is_at_the_provider(&page, AGAIN, (&provider, "eva")).await;
    page.must_say(403, &["Example AB did not ask you again who you are."]);
    provider.twists(|claims| {
        claims.as_object_mut().unwrap().remove("auth_time");
    });
    let page = eva.is_at_the_provider(&page, AGAIN, (&provider, "eva")).await;
    page.must_say(403, &["Example AB does not say when it asked you who you are"]);
    assert_eq!(eva.visits(CONFIRM).await.text("h1"), "Confirm it’s you");
    provider.twists(|_| {});
    let page = eva.is_at_the_provider(&page, AGAIN, (&provider, "eva")).await;
    assert_eq!(page.at, CONFIRM);
    let codes: Vec<_> = panel.audit(AuditKind::SignInFailed).await.into_iter().map(|event| event.outcome).collect();
    assert_eq!(codes, ["somebody_else", "not_anew", "no_auth_time"].map(|code| Some(code.to_owned())));
}

#[tokio::test]
async fn whoever_loses_their_groups_proves_nothing_any_more() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    provider.knows("eva", &[]);
    eva.is_at_the_provider(&page, AGAIN, (&provider, "eva")).await.must_say(403, &["in no group"]);
    assert_eq!(eva.visits("/").await.text("h1"), "Sign in");
}

#[tokio::test]
async fn a_session_that_ended_on_the_way_is_signed_in_anew() {
    let (panel, provider) = stage().await;
    provider.knows("eva", &["helpdesk"]);
    let (eva, _) = signs_in(&panel, &provider, "eva").await;
    panel.clock.turn(11 * 60);
    let page = eva.visits(CONFIRM).await;
    let there = eva.presses(&page, AGAIN).await;
    let back = provider.lets(&there.link("Continue").unwrap(), "eva");
    eva.posts("/sign-out", &[("", ""); 0]).await;
    let back = eva.comes_from_elsewhere(&back).await;
    let page = eva.presses(&back, "Continue").await;
    assert_eq!(page.text("h1"), "Sign in");
    assert_eq!(eva.is_at_the_provider(&page, BUTTON, (&provider, "eva")).await.at, CONFIRM);
}

#[tokio::test]
async fn with_passwords_switched_off_none_lets_anybody_in() {
    let (stage, provider) = Stage::usual().with("NYCKEL_LOCAL_SIGN_IN", "off").with_provider().await;
    let panel = stage.opens().await;
    let on = panel.replica_that(|replica| replica.config.local_sign_in = true).await;
    assert!(panel.built.app.sign_ins.open_setup().await.unwrap().is_none());
    let eva = Person::stranger(&panel).called("eva");
    eva.visits("/setup").await.must_say(409, &["Passwords are switched off"]);
    eva.posts("/setup", &[("token", "x"), ("name", "eva"), ("password", PASSWORD)]).await.must_say(409, &[]);
    let admin = Person::hired(&panel, "admin", &[(Role::Admin, "*")]).await;
    let page = admin.visits("/sign-in").await;
    assert!(page.has("form[action='/sign-in/sso']") && !page.has("#password"), "{page:#?}");
    let refused = admin.posts("/sign-in", &[("name", "admin"), ("password", PASSWORD)]).await;
    refused.must_say(403, &["Signing in with a password is switched off here."]);
    let refused = admin.posts("/sign-in/code", &[("token", "x"), ("code", "000000")]).await;
    refused.must_say(403, &["Signing in with a password is switched off here."]);
    assert!(admin.cookie().is_none());
    let outcomes = panel.audit(AuditKind::SignInFailed).await;
    assert_eq!(outcomes.iter().filter(|event| event.outcome.as_deref() == Some("local_off")).count(), 2);

    // An invitation ends in a password, so there are none, and an older one is of no use.
    let there = admin.at(&on);
    there.signs_in().await;
    there.has_proved(Act::ChangeStaff).await;
    let form = there.visits("/staff/new").await;
    let link = there.fills_in(&form, "Create invitation link", &[("name", "ylva"), ("everywhere", "viewer")]).await;
    let link = url::Url::parse(&link.text("#link")).unwrap().path().to_owned();
    Person::stranger(&panel).visits(&link).await.must_say(409, &["Passwords are switched off"]);
    provider.knows("boss", &["it"]);
    let (boss, _) = signs_in(&panel, &provider, "boss").await;
    assert!(boss.visits("/staff").await.link("Invite someone…").is_none());
    boss.visits("/staff/new").await.must_say(409, &[]);
}

#[tokio::test]
async fn a_link_of_the_command_lines_lets_an_admin_in_once() {
    let (stage, provider) = Stage::usual().with("NYCKEL_LOCAL_SIGN_IN", "off").with_provider().await;
    let panel = stage.opens().await;
    let other = panel.replica().await;
    let admin = Person::hired(&panel, "admin", &[(Role::Admin, "*")]).await;
    let link = async |name: &str| {
        let can = Gate::of_the_command_line().unwrap().can().unwrap();
        let staff = &panel.built.app.staff;
        let id = staff.named(&can, &StaffName::parse(name).unwrap()).await.unwrap();
        staff.make_sign_in_link(&can, &id).await.map(|token| format!("/sign-in/link/{token}"))
    };
    let old = link("admin").await.unwrap();
    let good = link("admin").await.unwrap();
    admin.visits(&old).await.must_say(404, &["This link can’t be used"]);
    let page = admin.visits(&good).await;
    assert!(admin.visits(&good).await.says("Sign in as admin"), "looking uses nothing up");
    let page = admin.presses(&page, "Sign in as admin").await;
    assert_eq!(page.text(".bar-name"), "admin");
    admin.at(&other).visits(&good).await.must_say(404, &[]);
    assert_eq!(admin.in_another_browser().posts(&good, &[("", ""); 0]).await.status, 404);
    let late = link("admin").await.unwrap();
    panel.clock.turn(15 * 60);
    assert_eq!(admin.in_another_browser().posts(&late, &[("", ""); 0]).await.status, 404);
    assert_eq!(panel.audit(AuditKind::SignInLinkMade).await.len(), 3);
    assert_eq!(panel.one(AuditKind::SignedIn).await.facts.kept().as_deref(), Some(r#"{"means":["sign_in_link"]}"#));

    // It is for admins of the panel's own, and for nobody who has lost that since.
    Person::hired(&panel, "bo", &[(Role::Operator, "*")]).await;
    provider.knows("boss", &["it"]);
    signs_in(&panel, &provider, "boss").await;
    assert!(link("bo").await.is_err() && link("boss").await.is_err());
    let lost = link("admin").await.unwrap();
    let mut tx = panel.built.store.write().await.unwrap();
    let id = tx.credentials(&StaffName::parse("admin").unwrap()).await.unwrap().unwrap().id;
    tx.remove_grants(&id).await.unwrap();
    tx.record(&AuditEvent::new(AuditKind::GrantsChanged, panel.clock.now())).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(admin.in_another_browser().posts(&lost, &[("", ""); 0]).await.status, 404);
}
