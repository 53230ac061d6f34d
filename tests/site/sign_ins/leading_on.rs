//! Signing in leads to where a person was going, and nowhere else.

use axum::body::Body;
use nyckel::model::Role;

use crate::stage::{PASSWORD, Person, Stage, panel};

#[tokio::test]
async fn signing_in_leads_on_to_where_the_person_was_going() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await;
    let page = eva.visits("/accounts/anna@example.se/reset?x=1&y=%C3%A5").await;
    page.must_say(200, &["Sign in to continue."]);
    let page = eva.fills_in(&page, "Sign in", &[("name", "Eva "), ("password", PASSWORD)]).await;
    assert_eq!(page.text("h1"), "Reset the password of anna@example.se");
    assert!(page.at.starts_with("/accounts/anna@example.se/reset?x=1&y=%C3%A5"), "{}", page.at);
}

#[tokio::test]
async fn a_link_of_another_site_leads_to_its_page_and_not_to_signing_in() {
    for base in ["", "/nyckel"] {
        let panel = Stage::usual().with("NYCKEL_PUBLIC_URL", &format!("http://localhost{base}")).opens().await;
        let eva = panel.operator("eva").await;
        let there = format!("{base}/accounts/anna@example.se?x=1");
        let step = eva.comes_from_elsewhere(&there).await;
        step.must_say(200, &["One moment", "You came here through a link on another site"]);
        assert_eq!(step.header("refresh"), format!("0; url={there}"));
        let page = eva.clicks(&step, "Continue").await;
        assert_eq!((page.status, page.at.as_str()), (200, there.as_str()));

        // Who is signed in nowhere is asked to, after that one step.
        let nobody = eva.in_another_browser();
        let step = nobody.comes_from_elsewhere(&there).await;
        nobody.clicks(&step, "Continue").await.must_say(200, &["Sign in to continue."]);
    }
}

#[tokio::test]
async fn whoever_is_signed_in_goes_on_from_the_sign_in_page() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let there = "/accounts/anna@example.se?x=1";
    let link = format!("/sign-in?next={}", there.replace('?', "%3F"));
    assert_eq!(eva.visits(&link).await.at, there);
    for link in ["/sign-in", "/sign-in?next=//evil.example", "/sign-in?next=https://evil.example/"] {
        assert_eq!(eva.visits(link).await.at, "/", "{link}");
    }
    // Over a link from another site too, by the one step that the page itself would take.
    let page = eva.comes_from_elsewhere(&link).await;
    assert_eq!((page.status, page.header("location")), (303, there));
    let nobody = eva.in_another_browser();
    nobody.visits(&link).await.must_say(200, &["Sign in to continue."]);
    let form = [("name", "eva"), ("password", PASSWORD)];
    let page = nobody.visits("/sign-in").await;
    assert_eq!(nobody.fills_in(&page, "Sign in", &form).await.at, "/");
}

#[tokio::test]
async fn another_site_can_not_use_up_the_one_showing_of_a_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let result = eva.confirms("anna@example.se").await;
    panel.until(|panel| async move { panel.glesys.calls_to("email/resetpassword") == 1 }).await;
    let step = eva.comes_from_elsewhere(&result).await;
    step.must_say(200, &["You came here through a link on another site", "shown only once"]);
    assert_eq!(step.header("refresh"), "", "nothing goes on without a click");
    let page = eva.clicks(&step, "Continue").await;
    assert_eq!(page.text("#password"), panel.glesys.password_of("anna@example.se").unwrap());
}

#[tokio::test]
async fn a_picture_on_another_site_is_answered_like_anybody_without_a_cookie() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let request = eva.in_another_browser().begins("GET", "/accounts/anna@example.se");
    let request = request.header("sec-fetch-site", "cross-site").header("sec-fetch-mode", "no-cors");
    let page = eva.sends(request.body(Body::empty()).unwrap()).await;
    assert_eq!((page.status, page.header("refresh")), (303, ""));
}

#[tokio::test]
async fn a_wrong_password_does_not_forget_where_the_person_was_going() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "*")]).await;
    let page = eva.visits("/domains/example.se").await;
    let page = eva.fills_in(&page, "Sign in", &[("name", "eva"), ("password", "wrong")]).await;
    let page = eva.fills_in(&page, "Sign in", &[("password", PASSWORD)]).await;
    assert_eq!(page.at, "/domains/example.se");
}

#[tokio::test]
async fn signing_in_leads_nowhere_else() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    for next in [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "javascript:alert(1)",
        "@evil.example",
        ".evil.example",
        "",
        "/%0d%0aset-cookie:x=1\r\nx: y",
    ] {
        let page = eva.in_another_browser();
        let form = [("name", "eva"), ("password", PASSWORD), ("next", next)];
        let answer = page.posts("/sign-in", &form).await;
        if answer.status == 429 {
            panel.clock.turn(15 * 60);
        } else {
            assert_eq!((answer.status, answer.header("location")), (303, "/"), "{next}");
        }
        let query = url::form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>();
        let page = page.in_another_browser().visits(&format!("/sign-in?next={query}")).await;
        assert!(!page.has("input[name=next]"), "{next}");
    }
}
