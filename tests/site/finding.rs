//! Finding an account, and what the pages about domains, accounts and aliases say.

use nyckel::model::{AuditKind, Role};
use nyckel::simulator::{Fault, State, Times};

use crate::stage::{Person, Stage, panel};

#[tokio::test]
async fn the_search_finds_by_any_part_of_address_name_or_alias() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let hits = async |query: &str| {
        let page = eva.visits(&format!("/?q={query}")).await;
        if page.at.starts_with("/?q") { page.texts(".hits .address") } else { vec![page.text("h1")] }
    };
    assert_eq!(hits("ann").await, ["anna@example.se", "info@example.se"]);
    assert_eq!(hits("NNA%20LI").await, ["anna@example.se"]);
    assert_eq!(hits("example.se").await, ["anna@example.se", "bo@example.se", "info@example.se"]);
    assert_eq!(hits("elsewhere").await, ["info@example.se"]);
    assert_eq!(hits("r%C3%A4ksm").await, ["asa@räksmörgås.se"]);
    assert_eq!(hits("xn--rksm").await, ["asa@räksmörgås.se"]);
    eva.visits("/?q=zebra").await.must_say(200, &["zebra"]);
    assert_eq!(hits("zebra").await, [""; 0]);
    // As mail programs and tickets write them, and with å as two characters.
    for pasted in ["Anna%20%3Canna@example.se%3E,", "mailto:anna@example.se?subject=x", "%E2%80%8Banna@example.se."] {
        assert_eq!(hits(pasted).await, ["anna@example.se", "info@example.se"], "{pasted}");
    }
    assert_eq!(
        hits("bo@example.se;%0D%0A%3Canna@example.se%3E").await,
        ["bo@example.se", "anna@example.se", "info@example.se"]
    );
    assert_eq!(hits("ra%CC%88ksmo%CC%88").await, ["asa@räksmörgås.se"]);
    assert_eq!(eva.visits("/?q=%20").await.texts("#domains"), ["Domains"], "an empty search is none");
}

#[tokio::test]
async fn of_a_long_list_of_addresses_it_is_said_that_only_the_first_were_looked_for() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let list = |count: usize| (0..count).map(|n| format!("somebody{n}@example.org")).collect::<Vec<_>>().join("%0A");
    let page = eva.visits(&format!("/?q=bo@example.se%0A{}", list(20))).await;
    page.must_say(200, &["Only the first 20 addresses of those that you pasted were looked for."]);
    assert_eq!(page.texts(".hits .address"), ["bo@example.se"]);
    let page = eva.visits(&format!("/?q={}", list(20))).await;
    assert!(!page.body.contains("Only the first"));
    let link = "/?q=https://nyckel.example.se/accounts/bo%2540example.se/reset";
    assert_eq!(eva.visits(link).await.at, "/accounts/bo@example.se");
}

#[tokio::test]
async fn a_domains_filter_says_that_only_the_first_addresses_of_a_long_list_were_looked_for() {
    const TOLD: &str = "Only the first 20 addresses of those that you pasted were looked for.";
    let panel = panel().await;
    let mia = panel.manager("mia").await;
    let list = |count: usize| (0..count).map(|n| format!("x{n}@y.se")).collect::<Vec<_>>().join("\n");
    for path in ["/domains/example.se", "/domains/example.se/bulk"] {
        let page = mia.visits(path).await;
        let page = mia.fills_in(&page, "Filter", &[("filter", &format!("bo@example.se\n{}", list(20)))]).await;
        page.must_say(200, &[TOLD, "bo@example.se"]);
        let page = mia.fills_in(&page, "Filter", &[("filter", &list(20))]).await;
        assert!(page.status == 200 && !page.says("Only the first"), "{path}");
        // What stands in links is shorter than that, and ends with a whole address.
        let long: Vec<_> = (0..20).map(|n| format!("somebody{n}@long-names.example.org")).collect();
        let page = mia.fills_in(&page, "Filter", &[("filter", &long.join(" "))]).await;
        page.must_say(200, &["Only the first 7 addresses of those that you pasted were looked for."]);
        assert_eq!(page.attributes("#filter", "value"), [long[..7].join(" ")]);
        if path.ends_with("bulk") {
            // That is not taken for another filter than the one of the list on the page.
            assert_eq!(mia.fills_in(&page, "Continue", &[]).await.status, 422);
        }
    }
}

#[tokio::test]
async fn one_hit_opens_the_account_but_not_under_a_script_that_is_still_typing() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    assert_eq!(eva.visits("/?q=bo@").await.at, "/accounts/bo@example.se");
    assert_eq!(eva.visits("/?q=info@").await.at, "/aliases/info@example.se");
    let typing = eva.begins("GET", "/?q=bo@").header("sec-fetch-site", "same-origin");
    let typing = typing.header("sec-fetch-mode", "cors").header("sec-fetch-dest", "empty");
    let page = eva.sends(typing.body(axum::body::Body::empty()).unwrap()).await;
    assert_eq!((page.status, page.texts(".hits .address")), (200, vec!["bo@example.se".to_owned()]));
}

#[tokio::test]
async fn an_account_made_after_the_index_was_read_is_found_by_its_full_address() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    panel.glesys.change(|state| *state = std::mem::take(state).account("new@example.se"));
    assert_eq!(eva.visits("/?q=new@").await.at, "/?q=new@");
    let page = eva.visits("/?q=New@Example.SE").await;
    assert_eq!((page.status, page.at.as_str()), (200, "/accounts/new@example.se"));
    assert_eq!(eva.resets("new@example.se").await.password(), panel.glesys.password_of("new@example.se"));
}

#[tokio::test]
async fn people_see_only_the_domains_that_they_hold_a_role_in() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Operator, "example.se"), (Role::Viewer, "räksmörgås.se")]).await;
    eva.signs_in().await;
    let page = eva.visits("/").await;
    assert_eq!(page.texts("tbody .address"), ["example.se", "räksmörgås.se"]);
    assert!(!page.body.contains("example.com"));
    eva.visits("/?q=carl").await.must_say(200, &["carl"]);
    assert!(!eva.visits("/?q=carl").await.has(".hits"));
    let calls = panel.glesys.calls().len();
    assert!(!eva.visits("/?q=other@example.com").await.has(".hits"));
    assert_eq!(panel.glesys.calls().len(), calls, "not even asked for");

    for path in ["/domains/example.com", "/accounts/carl@example.com", "/aliases/carl@example.com"] {
        let page = eva.visits(path).await;
        page.must_say(403, &["No access", "You don’t have access to example.com."]);
    }
    eva.visits("/accounts/carl@example.com/reset").await.must_say(403, &["You may not reset passwords here"]);
    let denied = eva.visits("/accounts/asa@räksmörgås.se/reset").await;
    denied.must_say(403, &["Your role in räksmörgås.se does not allow resets. Nothing was changed."]);
    let events = panel.audit(AuditKind::RightDenied).await;
    assert_eq!(events.len(), 5);
    assert!(events.iter().all(|event| event.staff_name.as_deref() == Some("eva") && event.domain.is_some()));
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn whoever_holds_no_role_sees_nothing() {
    let panel = panel().await;
    let eva = Person::hired(&panel, "eva", &[]).await;
    let page = eva.signs_in_with(crate::stage::PASSWORD).await;
    page.must_say(403, &["Not for your role"]);
    assert!(!page.body.contains("example"));
    eva.visits("/operations/019ab000-0000-7000-8000-000000000001").await.must_say(403, &["Not for your role"]);
}

#[tokio::test]
async fn a_viewer_sees_why_there_is_no_reset_for_them() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["Only operators can reset passwords."]);
    assert!(page.link("Reset password…").is_none());
}

#[tokio::test]
async fn what_does_not_exist_is_said_to_be_missing() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    for path in ["/accounts/ana@example.se", "/accounts/ana@example.se/reset", "/aliases/ana@example.se"] {
        eva.visits(path).await.must_say(404, &["No such email account", "ana@example.se", "letter by letter"]);
    }
    let page = eva.visits("/accounts/ana@example.se").await;
    assert_eq!(eva.clicks(&page, "Find").await.at, "/?q=ana");
    eva.visits("/domains/example.org").await.must_say(404, &["No such domain", "example.org"]);
    eva.visits("/accounts/x@example.org").await.must_say(404, &["No such"]);
    for path in ["/accounts/anna", "/accounts/anna@", "/accounts/a%20b@example.se", "/accounts/%3Cb%3E/reset"] {
        eva.visits(path).await.must_say(404, &["Not an address"]);
    }
    let nothing = eva.visits("/nothing").await;
    nothing.must_say(404, &["Page not found", "Sign out", "Keyboard shortcuts"]);
    let nothing = Person::stranger(&panel).visits("/nothing").await;
    assert!(nothing.status == 404 && !nothing.has("header") && !nothing.has("[data-keys]"), "{nothing:#?}");
    eva.visits("/operations/019ab000-0000-7000-8000-000000000001").await.must_say(404, &["No such reset or change"]);
    eva.visits("/operations/nonsense").await.must_say(404, &["Page not found"]);
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn an_alias_has_a_page_of_its_own_and_no_password() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/aliases/info@example.se").await;
    page.must_say(200, &["An alias has no password.", "someone@elsewhere.example", "not hosted here"]);
    assert_eq!(eva.clicks(&page, "anna@example.se").await.at, "/accounts/anna@example.se");
    assert!(page.link("someone@elsewhere.example").is_none());
    assert_eq!(eva.visits("/accounts/info@example.se").await.at, "/aliases/info@example.se");
    assert_eq!(eva.visits("/aliases/anna@example.se").await.at, "/accounts/anna@example.se");
    let page = eva.visits("/accounts/info@example.se/reset").await;
    page.must_say(404, &["An alias, not an account", "it has no password and no mail of its own"]);
    let account = eva.visits("/accounts/anna@example.se").await;
    assert_eq!(eva.clicks(&account, "info@example.se").await.at, "/aliases/info@example.se");
}

#[tokio::test]
async fn an_address_in_swedish_letters_is_reset_like_any_other() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.visits("/accounts/asa@r%C3%A4ksm%C3%B6rg%C3%A5s.se").await;
    page.must_say(200, &["asa@räksmörgås.se", "type it as asa@xn--rksmrgs-5wao1o.se"]);
    let page = eva.clicks(&page, "Reset password…").await;
    let page = eva.presses(&page, "Reset password").await;
    assert_eq!(page.text("h1"), "New password for asa@räksmörgås.se");
    assert_eq!(page.password(), panel.glesys.password_of("asa@räksmörgås.se"));
}

#[tokio::test]
async fn an_address_with_odd_but_lawful_characters_is_reset_like_any_other() {
    let odd = [
        "a/b@example.se",
        "a+b@example.se",
        "a%2e@example.se",
        "o'neil@example.se",
        "a?b#c@example.se",
        "a&b=c@example.se",
    ];
    let panel = Stage::of(odd.iter().fold(State::empty(), |state, address| state.account(address))).opens().await;
    let eva = panel.operator("eva").await;
    let list = eva.visits("/domains/example.se").await;
    for address in odd {
        let page = eva.clicks(&list, address).await;
        assert_eq!((page.status, page.text("h1").as_str()), (200, address));
        let page = eva.clicks(&page, "Reset password…").await;
        let page = eva.presses(&page, "Reset password").await;
        assert_eq!(page.password(), panel.glesys.password_of(address), "{address}");
    }
}

#[tokio::test]
async fn when_glesys_is_gone_the_last_known_data_are_told_with_their_age_and_resets_are_off() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let account = eva.visits("/accounts/anna@example.se").await;
    let confirmation = eva.clicks(&account, "Reset password…").await;
    panel.glesys.goes_away().await;
    panel.clock.turn(185);
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["Anna Lind", "3 minutes ago", "GleSYS isn’t responding."]);
    assert!(page.link("Reset password…").is_none());
    eva.visits("/domains/example.se").await.must_say(200, &["anna@example.se", "3 minutes ago"]);
    eva.visits("/").await.must_say(200, &["example.se", "3 minutes ago"]);
    eva.visits("/?q=bo@").await.must_say(200, &["bo@example.se"]);
    let off = eva.visits("/accounts/anna@example.se/reset").await;
    off.must_say(503, &["Password not reset: GleSYS isn’t responding", "from 3 minutes ago. Nothing was changed."]);
    let page = eva.presses(&confirmation, "Reset password").await;
    page.must_say(503, &["GleSYS has stopped responding.", "Nothing was changed."]);
    assert!(panel.audit(AuditKind::ResetIntent).await.is_empty(), "nothing was started");
    assert_eq!(panel.one(AuditKind::ResetRefused).await.outcome.as_deref(), Some("away"));

    panel.glesys.comes_back().await;
    panel.clock.turn(11);
    assert!(panel.built.app.directory.read_all().await, "as the panel does by itself every ten seconds");
    let page = eva.visits("/accounts/anna@example.se").await;
    assert!(page.link("Reset password…").is_some(), "{:?}", page.texts("main"));
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn a_panel_that_glesys_never_answered_says_so() {
    let stage = Stage::usual();
    let panel = stage.opens_without_glesys().await;
    let eva = panel.operator("eva").await;
    eva.visits("/").await.must_say(200, &["GleSYS"]);
    eva.visits("/accounts/anna@example.se")
        .await
        .must_say(502, &["GleSYS could not be reached", "Nothing was changed."]);
    eva.visits("/accounts/anna@example.se/reset").await.must_say(503, &["Nothing was changed."]);
}

#[tokio::test]
async fn an_account_page_tells_its_settings_and_storage() {
    let panel = Stage::of(State::empty().account_with("anna@example.se", |anna| {
        anna.usedquotainmib = 512;
        anna.quotaingib = 2;
        anna.autorespond = true;
        anna.autorespondmessage = Some("Back on Monday.\nAnna".to_owned());
    }));
    let panel = panel.opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/accounts/anna@example.se").await;
    page.must_say(200, &["512 MiB of 2 GiB used", "Back on Monday. Anna", "Level 3 of 5", "15 January 2024"]);
    panel.glesys.fault(
        "email/quota",
        Fault::Status { http: 500, code: 500, text: String::new(), envelope: false },
        Times::Always,
    );
    panel.clock.turn(601);
    eva.visits("/accounts/anna@example.se").await.must_say(200, &["2 GiB"]);
}
