//! What no database takes, or not in every column, is turned away where it comes in: NUL, and texts without end.

use nyckel::model::Role;

use crate::stage::{Page, Panel, Person, Stage};

const PAGES: [&str; 10] = [
    "/accounts/anna@example.se/reset",
    "/accounts/anna@example.se/edit",
    "/accounts/anna@example.se/delete",
    "/domains/example.se/accounts/new",
    "/domains/example.se/aliases/new",
    "/aliases/info@example.se/edit",
    "/aliases/info@example.se/delete",
    "/staff/new",
    "/profile",
    "/audit",
];

const UNREADABLE: &str = "contains a character that can’t be saved";

/// So long that it fits no index, even compressed.
fn endless() -> String {
    let mut state = 1_u32;
    let mut letter = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        char::from(b'a' + u8::try_from((state >> 16) % 26).unwrap())
    };
    (0..9_000).map(|_| letter()).collect()
}

async fn stage() -> (Panel, Person) {
    let state = nyckel::simulator::State::empty().account("anna@example.se").alias("info@example.se", "bo@example.com");
    let panel = Stage::of(state).with("NYCKEL_FRESH_SIGN_IN", "0").opens().await;
    let eva = panel.admin("eva").await;
    Person::hired(&panel, "bo", &[(Role::Operator, "example.se")]).await;
    (panel, eva)
}

async fn pages(panel: &Panel, person: &Person) -> Vec<Page> {
    let mut pages = Vec::new();
    let bo = panel.database.texts("SELECT id FROM staff WHERE name = 'bo'").await.remove(0);
    let paths = PAGES.map(str::to_owned).into_iter();
    for path in paths.chain(["", "/names", "/edit"].map(|end| format!("/staff/{bo}{end}"))) {
        let page = person.visits(&path).await;
        assert_eq!(page.status, 200, "{page:#?}");
        pages.push(page);
    }
    pages
}

/// Every form of a page, with each of its fields in turn filled with this.
async fn fills_each(person: &Person, page: &Page, value: &str, mut seen: impl FnMut(&str, &str, &Page)) {
    for button in page.texts("form[method=post] button") {
        let form = page.form(&button);
        if form.action.ends_with("/sign-out") {
            continue;
        }
        for at in 0..form.fields.len() {
            let mut fields = form.fields.clone();
            value.clone_into(&mut fields[at].1);
            let answer = person.sends(person.posting(&form.action, &fields)).await;
            seen(&form.action, &form.fields[at].0, &answer);
        }
    }
}

#[tokio::test]
async fn a_nul_in_any_field_is_turned_away_in_words() {
    let (panel, eva) = Box::pin(stage()).await;
    let mut filled = 0;
    for page in pages(&panel, &eva).await {
        fills_each(&eva, &page, "a\0b", |action, field, answer| {
            assert_eq!(answer.status, 422, "{field} at {action}");
            assert!(answer.says(UNREADABLE), "{field} at {action}: {answer:#?}");
            filled += 1;
        })
        .await;
    }
    assert!(filled > 40, "only {filled} fields");
    let stranger = Person::stranger(&panel);
    for field in ["name", "password", "next"] {
        let fields = [("name", "eva"), ("password", "wrong"), ("next", "/")]
            .map(|(name, value)| (name, if name == field { "a\0b" } else { value }));
        stranger.posts("/sign-in", &fields).await.must_say(422, &[UNREADABLE]);
    }
    for path in ["/?q=a%00b", "/audit?staff=a%00b", "/accounts/a%00b@example.se", "/sign-in?next=%00", "/staff/a%00b"] {
        let page = eva.visits(path).await;
        assert!((400..500).contains(&page.status), "{} at {path}", page.status);
    }
}

#[tokio::test]
async fn a_text_without_end_is_turned_away_in_words() {
    let (panel, eva) = Box::pin(stage()).await;
    let long = endless();
    for page in pages(&panel, &eva).await {
        fills_each(&eva, &page, &long, |action, field, answer| {
            assert!(answer.status < 500, "{}: {field} at {action}", answer.status);
        })
        .await;
    }
    let stranger = Person::stranger(&panel);
    for field in ["name", "password", "next"] {
        let fields = [("name", "eva"), ("password", "wrong"), ("next", "/")]
            .map(|(name, value)| (name, if name == field { &long } else { value }));
        let page = stranger.posts("/sign-in", &fields).await;
        assert_eq!(page.status, 422, "{field}");
    }
    for path in ["/?q=", "/audit?staff=", "/domains/example.se?filter=", "/sign-in?next=/"] {
        let page = eva.visits(&format!("{path}{long}")).await;
        assert!(page.status < 500, "{} at {path}", page.status);
    }
}
