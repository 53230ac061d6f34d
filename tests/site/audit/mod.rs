//! The audit page: who may read it, what it tells, how it is searched, and that nobody fills it from outside.

mod chain;
mod exports;
mod in_prose;

use axum::body::Body;
use axum::http::Request;
use nyckel::model::{AuditEvent, AuditKind, Fact, Role};

use crate::stage::{Page, Panel, Person, Stage, panel};

#[tokio::test]
async fn admins_and_auditors_read_the_audit_and_nobody_else() {
    let panel = panel().await;
    for role in Role::ALL {
        let person = panel.signed_in(role, role.name()).await;
        let may = matches!(role, Role::Auditor | Role::Admin);
        let home = person.visits("/").await;
        assert_eq!(home.link("Audit log").is_some(), may, "{role:?}");
        let page = person.visits("/audit").await;
        if may {
            page.must_say(200, &["Signed in"]);
        } else {
            page.must_say(403, &["Not for your role"]);
        }
    }
    let denied = panel.audit(AuditKind::RightDenied).await;
    let names: Vec<_> = denied.iter().filter_map(|event| event.staff_name.as_deref()).collect();
    assert_eq!(names, ["viewer", "operator", "manager"]);
    assert!(denied.iter().all(|event| event.outcome.as_deref() == Some("read_audit")));
}

#[tokio::test]
async fn the_audit_tells_a_reset_step_by_step_newest_first() {
    let panel = panel().await;
    let (ada, eva) = (panel.admin("ada").await, panel.operator("eva").await);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    let result = eva.fills_in(&page, "Reset password", &[("ticket", "812")]).await;
    eva.posts(&format!("{}/seen", result.at), &[("", ""); 0]).await;
    let page = ada.visits("/audit?address=Anna@example.se").await;
    let rows = page.texts("tbody tr td:nth-child(2)");
    let expected = [
        "Password seen on the screen",
        "Password sent to the browser",
        "Reset ended done · reason or ticket: “812”",
        "Reset begun reason or ticket: “812”",
    ];
    assert_eq!(rows.len(), expected.len(), "{rows:?}");
    for (row, expected) in rows.iter().zip(expected) {
        assert!(row.starts_with(expected) && row.contains("anna@example.se"), "{row}");
    }
    assert_eq!(page.texts("tbody tr td:nth-child(3)"), ["eva"; 4]);
    let id = result.at.strip_prefix("/operations/").unwrap();
    let seen = ada.clicks(&page, &format!("…{}", &id[24..])).await;
    seen.must_say(200, &["The password has already been shown"]);
}

#[tokio::test]
async fn a_ticket_in_the_audit_leads_to_where_the_company_keeps_it() {
    let panel = Stage::usual().with("NYCKEL_TICKET_URL", "https://help.example.se/{ticket}").opens().await;
    let (ada, eva) = (panel.admin("ada").await, panel.operator("eva").await);
    let page = eva.visits("/accounts/anna@example.se/reset").await;
    eva.fills_in(&page, "Reset password", &[("ticket", "812")]).await;
    let page = ada.visits("/audit?kind=reset.intent").await;
    assert_eq!(page.link("reason or ticket: “812”").as_deref(), Some("https://help.example.se/812"));
}

#[tokio::test]
async fn the_audit_is_searched_by_each_thing_and_by_all_together() {
    let panel = panel().await;
    let (ada, eva) = (panel.admin("ada").await, panel.operator("eva").await);
    eva.resets("anna@example.se").await;
    panel.clock.turn(3600);
    eva.signs_in().await;
    eva.resets("carl@example.com").await;
    ada.signs_in().await;
    let page = ada.visits("/audit").await;
    let count = async |values: &[(&str, &str)]| {
        let page = ada.fills_in(&page, "Show", values).await;
        assert_eq!(page.status, 200);
        page.texts("tbody tr").len()
    };
    assert_eq!(count(&[]).await, 12);
    assert_eq!(count(&[("staff", "Eva")]).await, 8);
    assert_eq!(count(&[("address", "carl@example.com")]).await, 3);
    assert_eq!(count(&[("domain", "Example.com")]).await, 3);
    assert_eq!(count(&[("kind", "reset.shown")]).await, 2);
    assert_eq!(count(&[("outcome", "done")]).await, 2);
    assert_eq!(count(&[("outcome", "unknown")]).await, 0);
    let later = panel.clock.now().to_zoned(panel.built.app.zone.clone()).strftime("%Y-%m-%d %H:%M").to_string();
    assert_eq!(count(&[("from", &later)]).await, 5);
    assert_eq!(count(&[("from", &later), ("to", &later)]).await, 5);
    assert_eq!(count(&[("from", &later), ("staff", "eva"), ("kind", "session.signed_in")]).await, 1);
    assert_eq!(count(&[("to", "2026-11-22")]).await, 0);
    assert_eq!(count(&[("kind", "reset.outcome"), ("domain", "example.se"), ("outcome", "done")]).await, 1);
    assert_eq!(count(&[("kind", "reset.shown"), ("staff", "ada")]).await, 0);
    ada.visits("/audit?staff=olle").await.must_say(200, &["No matching events."]);
}

#[tokio::test]
async fn a_filter_that_can_not_be_read_says_so_at_its_field_and_shows_no_rows() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    for (field, value, sentence) in [
        ("staff", "eva!", "Use 1–64 letters"),
        ("address", "bo", "That is not an email address."),
        ("domain", "bo at home", "That is not a domain."),
        ("from", "yesterday", "Write a day such as 2026-11-23"),
        ("to", "2026-02-30", "Write a day such as 2026-11-23"),
        ("kind", "reset.everything", "Choose one from the list."),
        ("outcome", "in_flight", "Choose one from the list."),
    ] {
        let query = url::form_urlencoded::Serializer::new(String::new()).append_pair(field, value).finish();
        let page = ada.visits(&format!("/audit?{query}")).await;
        page.must_say(422, &[sentence]);
        let described = page.attributes(&format!("#{field}"), "aria-describedby");
        assert!(page.text(&format!("#{}", described[0])).starts_with(sentence));
        assert!(!page.has("tbody tr") && !page.says("No matching events"), "{field}");
        if !matches!(field, "kind" | "outcome") {
            assert_eq!(page.attributes(&format!("#{field}"), "value"), [value], "what was typed is kept");
        }
    }
    let page = ada.visits("/audit?from=2026-11-23&to=2026-11-22").await;
    page.must_say(422, &["The end is before the beginning."]);
    assert!(page.has("details[open] #to"), "the fields that are filled in can be seen");
    let swedish = ada.reading("sv").visits("/audit?from=igår").await;
    swedish.must_say(422, &["Skriv en dag som 2026-11-23", "Fler filter"]);
}

/// So many rows of a person's, one a second.
async fn is_recorded(panel: &Panel, times: usize, name: &str) {
    for _ in 0..times {
        panel.clock.turn(1);
        let event = AuditEvent::new(AuditKind::SignedOut, panel.clock.now());
        panel.built.app.audit.record(&AuditEvent { staff_name: Some(name.to_owned()), ..event }).await.unwrap();
    }
}

fn times(page: &Page) -> Vec<String> {
    page.attributes("tbody time", "datetime")
}

#[tokio::test]
async fn the_audit_is_read_in_pages_to_its_end_and_back_without_gaps() {
    let panel = panel().await;
    let ada = Person::hired(&panel, "ada", &[(Role::Admin, "*")]).await;
    panel.clock.turn(1);
    ada.signs_in().await;
    for (name, rows) in [("eva", 60), ("bo", 30), ("eva", 60)] {
        is_recorded(&panel, rows, name).await;
    }
    for (filter, sizes) in [("", vec![50, 50, 50, 2]), ("?staff=eva", vec![50, 50, 20]), ("?staff=bo", vec![30])] {
        let mut page = ada.visits(&format!("/audit{filter}")).await;
        let newest = times(&page);
        assert!(page.link("Newer").is_none() && page.link("Newest").is_none());
        let mut read = vec![times(&page)];
        while page.link("Older").is_some() {
            page = ada.clicks(&page, "Older").await;
            read.push(times(&page));
        }
        assert_eq!(read.iter().map(Vec::len).collect::<Vec<_>>(), sizes, "{filter}");
        let all = read.concat();
        assert!(all.is_sorted_by(|newer, older| newer > older), "{filter}: newest first, none twice");
        let mut back = vec![times(&page)];
        while page.link("Newer").is_some() {
            page = ada.clicks(&page, "Newer").await;
            back.insert(0, times(&page));
        }
        assert_eq!(back.concat(), all, "{filter}: the way back shows the same");
        assert!(page.link("Newest").is_none());
        let last = ada.visits(&format!("/audit{filter}")).await;
        assert_eq!(times(&last), newest);
    }
    let old = ada.visits("/audit?before=2").await;
    assert_eq!(ada.clicks(&old, "Newest").await.texts("tbody tr").len(), 50);
}

#[tokio::test]
async fn a_page_past_either_end_leads_back() {
    let panel = panel().await;
    let ada = panel.admin("ada").await;
    is_recorded(&panel, 3, "eva").await;
    let page = ada.visits("/audit?before=1").await;
    page.must_say(200, &["No matching events."]);
    assert_eq!(ada.clicks(&page, "Newer").await.texts("tbody tr").len(), 5);
    let page = ada.visits("/audit?after=99").await;
    assert_eq!(ada.clicks(&page, "Older").await.texts("tbody tr").len(), 5);
    for seq in [i64::MIN, i64::MAX] {
        for way in ["before", "after"] {
            assert_eq!(ada.visits(&format!("/audit?{way}={seq}")).await.status, 200, "{way} {seq}");
        }
    }
}

fn from_elsewhere(person: &Person, client: &str) -> Request<Body> {
    let request = person.begins("POST", "/sign-out").header("sec-fetch-site", "cross-site");
    request.header("x-forwarded-for", client).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn nobody_fills_the_audit_from_outside() {
    let panel = Stage::usual().with("NYCKEL_TRUSTED_PROXIES", "127.0.0.1").opens().await;
    let stranger = Person::stranger(&panel);
    let refused = async || panel.audit(AuditKind::OriginRefused).await;
    for _ in 0..20 {
        assert_eq!(stranger.sends(from_elsewhere(&stranger, "192.0.2.1")).await.status, 403);
    }
    let rows = refused().await;
    assert_eq!(rows.len(), 5, "the first are recorded");
    assert!(rows.iter().all(|row| row.facts.is_empty()));
    stranger.sends(from_elsewhere(&stranger, "192.0.2.2")).await;
    assert_eq!(refused().await.len(), 6, "each network has its own first ones");
    for host in 1..=9 {
        stranger.sends(from_elsewhere(&stranger, &format!("2001:db8::{host}"))).await;
    }
    assert_eq!(refused().await.len(), 11, "the addresses of one network count together");
    panel.clock.turn(15 * 60);
    stranger.sends(from_elsewhere(&stranger, "192.0.2.1")).await;
    assert_eq!(refused().await.len(), 12, "every window begins anew");
    panel.sweeps().await;
    let sums = sums(refused().await);
    let told = |network: &str, further| {
        (Some(network.to_owned()), Some(format!(r#"{{"further":{further},"since":"2026-11-23T12:00:00Z"}}"#)))
    };
    assert_eq!(sums, [told("192.0.2.1", 15), told("2001:db8::/64", 4)], "nothing goes unsaid");
}

#[tokio::test]
async fn tries_to_sign_in_past_the_limit_do_not_fill_the_audit() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    for _ in 0..30 {
        eva.signs_in_with("not the password").await;
    }
    let failed = panel.audit(AuditKind::SignInFailed).await;
    let limited = panel.audit(AuditKind::SignInLimited).await;
    assert_eq!((failed.len(), limited.len()), (5, 5));
    assert!(failed.iter().chain(&limited).all(|event| event.staff_name.as_deref() == Some("eva")));
    panel.clock.turn(15 * 60);
    panel.sweeps().await;
    let summed = |further| {
        vec![(Some("127.0.0.1".to_owned()), Some(format!(r#"{{"further":{further},"since":"2026-11-23T12:00:00Z"}}"#)))]
    };
    assert_eq!(sums(panel.audit(AuditKind::SignInFailed).await), summed(5));
    assert_eq!(sums(panel.audit(AuditKind::SignInLimited).await), summed(15));
}

/// Where from, and what is said, of the rows that sum up.
fn sums(rows: Vec<AuditEvent>) -> Vec<(Option<String>, Option<String>)> {
    let is_sum = |row: &AuditEvent| row.facts.get(Fact::Further).is_some();
    let mut sums: Vec<_> = rows.into_iter().filter(is_sum).map(|row| (row.client, row.facts.kept())).collect();
    sums.sort();
    sums
}

#[tokio::test]
async fn somebody_who_asks_for_what_they_may_not_see_does_not_fill_the_audit() {
    let panel = panel().await;
    let vera = panel.signed_in(Role::Viewer, "vera").await;
    for _ in 0..40 {
        vera.visits("/accounts/anna@example.se/reset").await.must_say(403, &["You may not reset passwords here"]);
        vera.visits("/staff").await.must_say(403, &[]);
    }
    let denied = panel.audit(AuditKind::RightDenied).await;
    assert_eq!(denied.len(), 20, "ten for each right");
    panel.clock.turn(15 * 60);
    panel.sweeps().await;
    let denied = panel.audit(AuditKind::RightDenied).await;
    let vera = |row: &&AuditEvent| row.staff_name.as_deref() == Some("vera") && row.actor.is_some();
    assert_eq!((denied.len(), denied.iter().filter(vera).count()), (22, 22));
    let outcomes: Vec<_> = denied.iter().skip(20).map(|row| row.outcome.clone().unwrap()).collect();
    assert!(outcomes.contains(&"reset_passwords".to_owned()) && outcomes.contains(&"manage_staff".to_owned()));
    let said = Some(r#"{"further":30,"since":"2026-11-23T12:00:00Z"}"#.to_owned());
    assert!(denied[20..].iter().all(|row| row.facts.kept() == said), "{denied:?}");
}

#[tokio::test]
async fn a_password_typed_as_a_name_is_not_kept() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let slip = |typed: &str| Person::stranger(&panel).called(typed);
    for typed in ["correct-horse-9", "correct horse 9!", "correct-horse-9"] {
        slip(typed).signs_in_with("x").await.must_say(422, &["Wrong user name or password."]);
    }
    eva.signs_in_with("not the password").await;
    let failed = panel.audit(AuditKind::SignInFailed).await;
    let names: Vec<_> = failed.iter().map(|row| row.staff_name.as_deref()).collect();
    assert_eq!(names, [None, None, None, Some("eva")], "only names that somebody has");
    let digests: Vec<_> = failed[..3].iter().map(|row| row.facts.text(Fact::UnknownName).unwrap()).collect();
    assert!(digests[0].len() == 12 && digests[0] == digests[2] && digests[0] != digests[1]);
    // What is counted in the quarter of an hour goes with it.
    panel.clock.turn(31 * 60);
    panel.sweeps().await;
    let dump = format!("{:?}", panel.database.dump().await);
    assert!(!dump.contains("correct-horse") && !dump.contains("correct horse"));
}
