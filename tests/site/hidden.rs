//! Characters that can't be seen, or that turn the direction of writing, are spelt out wherever a page can be read. What
//! forms send back stays what it is.

use nyckel::model::shown::is_to_be_shown;
use nyckel::simulator::State;
use regex_lite::Regex;

use crate::crawl::crawl;
use crate::stage::{Page, Person, Stage, panel};

/// Of each kind one: controls of both ranges, a mark, a turn of direction and its end, no width, a line of its own.
const HIDDEN: &str = "x\u{1b}\u{7f}\u{9b}\u{200e}\u{202e}\u{2066}y\u{2069}\u{200b}\u{feff}\u{2028}z";
const SHOWN: &str = "x<U+001B><U+007F><U+009B><U+200E><U+202E><U+2066>y<U+2069><U+200B><U+FEFF><U+2028>z";

/// Looks at everything but what comes back with a form, and the password itself.
#[track_caller]
fn must_hide_nothing(page: &Page) {
    let comes_back =
        r#"(?s) (?:value|name|data-search)="[^"]*"|<textarea.*?</textarea>|<code class="password".*?</code>"#;
    let read = Regex::new(comes_back).unwrap().replace_all(&page.body, "");
    let hidden: Vec<char> = read.chars().filter(|character| is_to_be_shown(*character)).collect();
    assert!(hidden.is_empty(), "{hidden:?} on {}: {read}", page.at);
}

fn as_sent(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn no_page_that_an_admin_can_reach_holds_a_hidden_character() {
    let state = State::empty().account("bo@example.se").account_with("anna@example.se", |anna| {
        anna.displayname = Some(HIDDEN.to_owned());
        anna.autorespond = true;
        anna.autorespondmessage = Some(HIDDEN.to_owned());
    });
    let goto = format!("{HIDDEN}@elsewhere.example");
    let odd = format!("{HIDDEN}@example.se");
    let state = state.account(&odd).alias("info@example.se", &goto).alias(&format!("a{odd}"), "anna@example.se");
    let panel = Stage::of(state).with("NYCKEL_RESETS_PER_ACCOUNT", "off").opens().await;
    let eva = panel.admin("eva").await;
    let confirmation = eva.visits("/accounts/bo@example.se/reset").await;
    let result = eva.fills_in(&confirmation, "Reset password", &[("ticket", HIDDEN)]).await;
    must_hide_nothing(&result);
    let other = eva.in_another_browser();
    other.fills_in(&other.visits("/sign-in").await, "Sign in", &[("name", HIDDEN)]).await;
    let mut found = 0;
    for page in crawl(&eva, "").await.iter().filter(|page| !page.at.starts_with("/static/")) {
        must_hide_nothing(page);
        found += usize::from(page.says(SHOWN));
    }
    assert!(found >= 5, "it is spelt out on only {found} pages");
    let account = eva.visits("/accounts/anna@example.se").await;
    account.must_say(200, &[SHOWN]);
    eva.visits("/aliases/info@example.se").await.must_say(200, &[&format!("{SHOWN}@elsewhere.example")]);
    eva.visits("/audit").await.must_say(200, &["x<U+200E><U+202E>"]);
}

#[tokio::test]
async fn nor_does_a_page_that_says_what_was_asked_for() {
    let panel = panel().await;
    let eva = panel.admin("eva").await;
    let (query, stranger) = (as_sent(HIDDEN), Person::stranger(&panel));
    let path = query.replace('+', "%20");
    for path in [
        format!("/?q={query}"),
        format!("/domains/example.se?filter={query}"),
        format!("/domains/example.se/bulk?filter={query}"),
        format!("/audit?staff={query}&address={query}&kind={query}&from={query}&reference={query}"),
        format!("/accounts/{path}"),
        format!("/accounts/{path}@example.se/reset"),
        format!("/aliases/{path}@example.se"),
        format!("/domains/{path}"),
        format!("/operations/{path}"),
        format!("/staff/{path}"),
        format!("/{path}"),
        format!("/sign-in?next={query}"),
        format!("/sign-in/link/{path}"),
    ] {
        must_hide_nothing(&eva.visits(&path).await);
        must_hide_nothing(&stranger.visits(&path).await);
    }
    let form = stranger.visits("/sign-in").await;
    must_hide_nothing(&stranger.fills_in(&form, "Sign in", &[("name", HIDDEN), ("password", HIDDEN)]).await);
}

#[tokio::test]
async fn what_a_form_sends_back_is_what_it_got() {
    let kept = "x\u{202e}y\u{200b}z";
    let state = State::empty().account_with("anna@example.se", |anna| {
        anna.autorespond = true;
        anna.autorespondmessage = Some(format!("{kept}\r\n{kept}"));
    });
    let panel = Stage::of(state).opens().await;
    let eva = panel.admin("eva").await;
    let form = eva.visits("/accounts/anna@example.se/edit").await;
    must_hide_nothing(&form);
    eva.fills_in(&form, "Save", &[("quota", "5")]).await.must_say(200, &["Saved.", "5 GiB"]);
    let anna = panel.glesys.state();
    let anna = anna.mailbox("anna@example.se").unwrap();
    assert_eq!(anna.autorespondmessage.as_deref(), Some(format!("{kept}\r\n{kept}").as_str()));

    let found = eva.visits(&format!("/?q={}", as_sent(kept))).await;
    assert_eq!(found.attributes("#q, input[name=q]", "value"), [kept]);
}

#[tokio::test]
async fn names_that_were_written_past_the_panel_stop_no_command_and_add_no_line() {
    let panel = panel().await;
    panel.admin("ada").await;
    panel.operator("eva").await;
    panel.database.run("UPDATE staff SET display_name = 'Eva \u{202e}dniL' WHERE name = 'eva'").await;
    let (code, said) = panel.runs("staff list").await;
    assert!(code == Some(0) && said.contains("eva  operator everywhere"), "{said}");
    panel
        .database
        .run(
            "UPDATE staff SET name = 'eva' || CHR(10) || 'GleSYS: good' WHERE name = 'eva'"
                .replace("CHR", if panel.database.is_sqlite() { "CHAR" } else { "CHR" })
                .as_str(),
        )
        .await;
    let (code, said) = panel.runs("check").await;
    assert!(code == Some(2) && said.contains("(eva<U+000A>GleSYS: good)"), "{said}");
    let (code, said) = panel.runs("staff list").await;
    assert!(code == Some(1) && said.contains("can't read: the name of staff member "), "{said}");
}
