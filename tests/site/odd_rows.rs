//! What GleSYS lists is shown as it is: odd addresses are found and handled, and what can't be is said.

use nyckel::model::{Address, AuditKind, Role};
use nyckel::simulator::State;
use serde_json::json;

use crate::stage::{Person, Stage};

/// Addresses that nobody could make any more.
fn odd() -> State {
    ["a..b@example.se", "åsa@example.se", "post@under_score.se"]
        .into_iter()
        .fold(State::empty(), State::account)
        .account("anna@example.se")
        .alias("@example.se", "anna@example.se")
        .alias("*@example.se", "anna@example.se")
}

#[tokio::test]
async fn whatever_its_address_an_account_is_listed_found_and_reset() {
    let panel = Stage::of(odd()).opens().await;
    let eva = panel.operator("eva").await;
    let overview = eva.visits("/").await;
    assert!(overview.says("under_score.se"));
    let domain = eva.visits("/domains/example.se").await;
    domain.must_say(200, &["a..b@example.se", "åsa@example.se", "*@example.se"]);
    assert_eq!(domain.texts("h2 .count"), ["3", "2"], "the overview counts the same");
    for address in ["a..b@example.se", "åsa@example.se", "post@under_score.se"] {
        let found = eva.fills_in(&overview, "Find", &[("q", address)]).await;
        assert_eq!((found.status, found.text("h1").as_str()), (200, address));
        let confirmation = eva.clicks(&found, "Reset password…").await;
        let result = eva.presses(&confirmation, "Reset password").await;
        assert_eq!(result.password(), panel.glesys.password_of(address), "{address}");
        assert!(result.password().is_some_and(|password| password != "initial"));
    }
    let asked: Vec<_> = panel.audit(AuditKind::ResetIntent).await.into_iter().filter_map(|row| row.address).collect();
    assert_eq!(
        asked.iter().map(Address::as_str).collect::<Vec<_>>(),
        ["a..b@example.se", "åsa@example.se", "post@under_score.se"]
    );
}

#[tokio::test]
async fn an_alias_for_all_that_comes_to_a_domain_is_led_elsewhere() {
    let panel = Stage::of(odd()).opens().await;
    let maja = panel.manager("maja").await;
    for alias in ["@example.se", "*@example.se"] {
        let page = maja.visits(&format!("/aliases/{alias}")).await;
        assert_eq!(page.text("h1"), alias);
        let form = maja.clicks(&page, "Edit…").await;
        maja.fills_in(&form, "Save", &[("targets", "anna@example.se\npost@under_score.se")])
            .await
            .must_say(200, &["Saved."]);
        let goto = panel.glesys.state().domains["example.se"].aliases[alias].goto.clone();
        assert_eq!(goto, "anna@example.se,post@under_score.se");
    }
}

#[tokio::test]
async fn a_row_that_is_nothing_at_all_is_counted_as_the_overview_counts_it() {
    for rows in [vec![json!(null)], vec![json!(null), json!(false), json!(7)], vec![json!([]), json!(null)]] {
        let mut state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
        let domain = state.domains.get_mut("example.se").unwrap();
        (domain.oddaccounts, domain.oddaliases) = (rows.clone(), rows.clone());
        let panel = Stage::of(state).opens().await;
        let eva = panel.operator("eva").await;
        let page = eva.visits("/domains/example.se").await;
        let counted = (rows.len() + 1).to_string();
        assert_eq!(page.texts("h2 .count"), [counted.as_str(); 2]);
        assert_eq!(eva.visits("/").await.texts("td.number"), [counted.as_str(); 2]);
        assert_eq!(page.texts(".notice-warn li"), vec!["can’t be read"; 2 * rows.len()]);
    }
}

#[tokio::test]
async fn a_domain_that_can_t_be_handled_is_shown_to_whoever_may_see_all_domains() {
    let mut state = State::empty().account("anna@example.se");
    for (name, told) in [("odd.se", json!("two words.se")), ("none.se", json!(null)), ("late.se", json!("-x-"))] {
        state.domains.entry(name.into()).or_default().told.insert("domainname".into(), Some(told));
    }
    let panel = Stage::of(state).opens().await;
    let eva = panel.operator("eva").await;
    let overview = eva.visits("/").await;
    overview.must_say(200, &["GleSYS lists domains that the panel can’t handle:"]);
    let left_out = overview.texts(".notice-warn li");
    assert_eq!(left_out, ["-x-: is no domain name", "can’t be read", "two words.se: is no domain name"]);
    assert_eq!(overview.texts("th[scope=row]"), ["example.se"]);
    let lisa = Person::hired(&panel, "lisa", &[(Role::Operator, "example.se")]).await;
    assert!(!lisa.visits("/").await.says("two words.se"), "whoever sees one domain learns of no other");
}

#[tokio::test]
async fn an_account_is_called_by_exactly_the_text_that_glesys_lists() {
    for told in ["Anna.Lind@example.se", "ANNA.LIND@Example.SE", "anna.lind@EXAMPLE.se"] {
        let spelt = json!(told);
        let state = State::empty()
            .account_with("anna.lind@example.se", |anna| drop(anna.told.insert("emailaccount".into(), Some(spelt))));
        let panel = Stage::of(state).opens().await;
        let mia = panel.manager("mia").await;
        for asked in ["anna.lind@example.se", told, "Anna.LIND"] {
            let found = mia.visits(&format!("/?q={asked}")).await;
            assert_eq!(found.at, "/accounts/anna.lind@example.se", "{asked}");
        }
        let account = mia.visits("/accounts/anna.lind@example.se").await;
        account.must_say(200, &["0 MiB of 1 GiB used"]);
        let page = mia.resets("anna.lind@example.se").await;
        assert_eq!(page.password(), panel.glesys.password_of("anna.lind@example.se"), "{told}");
        assert!(page.password().is_some_and(|password| password != "initial"));
        let form = mia.visits("/accounts/anna.lind@example.se/edit").await;
        mia.fills_in(&form, "Save", &[("quota", "7")]).await.must_say(200, &["Saved.", "7 GiB"]);
        let page = mia.visits("/accounts/anna.lind@example.se/delete").await;
        mia.fills_in(&page, "Delete account", &[("address", told)]).await.must_say(200, &["Deleted: "]);
        assert_eq!(panel.glesys.state().accounts(), 0);
    }
}

#[tokio::test]
async fn a_panel_that_has_read_nothing_yet_calls_an_account_by_the_text_that_glesys_lists_too() {
    let spelt = |anna: &mut nyckel::simulator::Mailbox| {
        anna.told.insert("emailaccount".into(), Some(json!("Anna.Lind@example.se")));
    };
    let panel = Stage::of(State::empty().account_with("anna.lind@example.se", spelt)).opens().await;
    let mia = panel.manager("mia").await;
    // It starts between the page and its button.
    let confirmation = mia.visits("/accounts/anna.lind@example.se/reset").await;
    let mia = mia.at(&panel.replica_that(|_| ()).await);
    let result = mia.presses(&confirmation, "Reset password").await;
    assert_eq!(result.password(), panel.glesys.password_of("anna.lind@example.se"), "{result:#?}");
    assert_eq!(panel.glesys.calls_to("email/resetpassword"), 1);
    let mia = mia.at(&panel.replica_that(|_| ()).await);
    let form = mia.visits("/accounts/anna.lind@example.se/edit").await;
    let mia = mia.at(&panel.replica_that(|_| ()).await);
    mia.fills_in(&form, "Save", &[("quota", "7")]).await.must_say(200, &["Saved.", "7 GiB"]);
    let deletion = mia.visits("/accounts/anna.lind@example.se/delete").await;
    let mia = mia.at(&panel.replica_that(|_| ()).await);
    mia.fills_in(&deletion, "Delete account", &[("address", "anna.lind@example.se")])
        .await
        .must_say(200, &["Deleted: "]);
}

#[tokio::test]
async fn an_alias_is_called_by_exactly_the_text_that_glesys_lists() {
    let spelt = |told: &mut nyckel::simulator::Forward| {
        told.told.insert("emailalias".into(), Some(json!("Info@Example.se")));
    };
    let state = State::empty().account("anna@example.se").alias_with("info@example.se", "anna@example.se", spelt);
    let panel = Stage::of(state).opens().await;
    let maja = panel.manager("maja").await;
    let form = maja.visits("/aliases/info@example.se/edit").await;
    maja.fills_in(&form, "Save", &[("targets", "anna@example.se\nb@elsewhere.example")])
        .await
        .must_say(200, &["Saved."]);
    let page = maja.visits("/aliases/info@example.se/delete").await;
    maja.presses(&page, "Delete alias").await.must_say(200, &["Deleted: "]);
    assert_eq!(panel.glesys.state().aliases(), 0);
}

#[tokio::test]
async fn a_target_with_a_name_before_it_is_judged_by_its_address() {
    for goto in [
        "Bo Ek <bo@example.com>",
        "<BO@Example.com>",
        "\"Bo\" < bo@example.com. >",
        "\"Ek, Bo\" <bo@example.com>",
        "bo @ example.com",
        "Bo@EXAMPLE.COM.",
    ] {
        let state = State::empty().account("anna@example.se").account("bo@example.com").alias("info@example.se", goto);
        let panel = Stage::of(state).opens().await;
        let maja = panel.manager("maja").await;
        let alias = maja.visits("/aliases/info@example.se").await;
        assert!(!alias.says("outside the company’s domains"), "{goto}");
        assert_eq!(
            alias.attributes("section[aria-labelledby=targets] a.address", "href"),
            ["/accounts/bo@example.com"]
        );
        let domain = maja.visits("/domains/example.se").await;
        assert!(!domain.says("leads outside"), "{goto}");
        let account = maja.visits("/accounts/bo@example.com").await;
        assert_eq!(account.texts("section[aria-labelledby=aliases] li"), ["info@example.se"], "{goto}");
    }
    let state = State::empty().account("anna@example.se").alias("info@example.se", "Bo <bo@elsewhere.example>");
    let panel = Stage::of(state).opens().await;
    let maja = panel.manager("maja").await;
    maja.visits("/aliases/info@example.se").await.must_say(200, &["outside the company’s domains"]);
}

#[tokio::test]
async fn rows_that_cannot_be_handled_are_shown_with_the_reason_and_counted() {
    let mut state = State::empty().account("anna@example.se").alias("info@example.se", "anna@example.se");
    let domain = state.domains.get_mut("example.se").unwrap();
    domain.oddaccounts =
        vec![json!({"emailaccount": "local name"}), json!("odd"), json!({"emailaccount": "eve@other.se"})];
    domain.oddaliases = vec![json!({"emailalias": "a b@example.se", "goto": "x@x.se"})];
    let panel = Stage::of(state).opens().await;
    let eva = panel.operator("eva").await;
    let overview = eva.visits("/").await;
    let page = eva.visits("/domains/example.se").await;
    page.must_say(200, &["GleSYS lists 4 more here that the panel can’t handle:"]);
    assert_eq!(
        page.texts(".notice-warn li"),
        [
            "local name: is no email address",
            "eve@other.se: is of another domain than the one that GleSYS lists it in",
            "a b@example.se: is no email address",
            "can’t be read",
        ]
    );
    assert_eq!(page.texts("h2 .count"), ["4", "2"]);
    assert!(overview.says("4") && overview.says("2"), "the same counts");
}

#[tokio::test]
async fn targets_that_glesys_has_already_never_keep_another_from_being_changed() {
    let goto = "Anna <anna@example.se>,root,loop@example.se,B@elsewhere.example,b@elsewhere.example,nobody@example.se";
    let state = State::empty().account("anna@example.se").alias("info@example.se", goto);
    let panel = Stage::of(state.alias("loop@example.se", "info@example.se")).opens().await;
    let maja = panel.manager("maja").await;
    let form = maja.visits("/aliases/info@example.se/edit").await;
    let held =
        "Anna <anna@example.se>\nroot\nloop@example.se\nb@elsewhere.example\nb@elsewhere.example\nnobody@example.se";
    assert!(maja.presses(&form, "Save").await.says("It leads there already"));
    let page = maja.fills_in(&form, "Save", &[("targets", &format!("{held}\nanna@example.se"))]).await;
    page.must_say(200, &["Saved."]);
    let now = panel.glesys.state().domains["example.se"].aliases["info@example.se"].goto.clone();
    assert_eq!(now, format!("{goto},anna@example.se"));
    let form = maja.visits("/aliases/info@example.se/edit").await;
    maja.fills_in(&form, "Save", &[("targets", "root\nb@elsewhere.example")]).await.must_say(200, &["Saved."]);
    let now = panel.glesys.state().domains["example.se"].aliases["info@example.se"].goto.clone();
    assert_eq!(now, "root,B@elsewhere.example");
    let form = maja.visits("/aliases/info@example.se/edit").await;
    let page = maja.fills_in(&form, "Save", &[("targets", "root\nother")]).await;
    page.must_say(422, &["“other” is not an email address."]);
}
