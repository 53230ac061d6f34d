//! Locking out several accounts, or all of a domain, which takes two people.

use nyckel::model::address_pattern::AddressPattern;
use nyckel::model::{AuditKind, Fact, SecondPerson};
use nyckel::simulator::State;

use super::gives;
use crate::stage::{Page, Panel, Person, Stage};

fn stage(second_person: &str) -> Stage {
    let state = (0..3).fold(State::empty(), |state, n| state.account(&format!("a{n}@example.se")));
    Stage::of(state).with("NYCKEL_SECOND_PERSON", second_person)
}

async fn panel(second_person: &str) -> Panel {
    stage(second_person).opens().await
}

/// What takes two people: protected accounts, or one.
fn named(second_person: &str) -> SecondPerson {
    match second_person {
        "protected" => SecondPerson { protected: true, ..SecondPerson::default() },
        one => SecondPerson { accounts: vec![AddressPattern::parse(one).unwrap()], ..SecondPerson::default() },
    }
}

async fn selects(person: &Person) -> Page {
    let fields = [("action", "lock_out"), ("account", "a0"), ("account", "a1")];
    let answer = person.posts("/domains/example.se/bulk", &fields).await;
    person.visits(answer.header("location")).await
}

async fn asks(person: &Person, page: &Page) -> Page {
    let page = person.clicks(page, "Ask a colleague to approve").await;
    person.fills_in(&page, "Ask a colleague to approve", &[("ticket", "INC-812")]).await
}

async fn ends(panel: &Panel, person: &Person, page: &Page) -> Page {
    let running = "SELECT id FROM batch WHERE state = 'running'";
    panel.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    person.visits(&page.at).await
}

#[tokio::test]
async fn two_people_lock_several_accounts_out() {
    let panel = panel("bulk").await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = selects(&eva).await;
    page.must_say(200, &["This takes two people", "Will be locked out 2"]);
    let asked = asks(&eva, &page).await;
    asked.must_say(200, &["2 accounts in example.se", "INC-812"]);
    // Posted past its page.
    let to_begin = format!("{}/begin", page.at);
    let answer = eva.posts(&to_begin, &[("run", "0"), ("ticket", "INC-812")]).await;
    answer.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (0, 0));

    let seen = olle.visits(&asked.at).await;
    assert_eq!(seen.texts("details .address"), ["a0@example.se", "a1@example.se"]);
    // An unanswered batch is not forgotten as long as somebody is asked about it.
    panel.clock.turn(2 * 3600 + 60);
    for person in [&eva, &olle] {
        person.signs_in().await;
    }
    panel.sweeps().await;
    gives(&olle, &asked).await.must_say(200, &["olle approved it on"]);
    let page = eva.visits(&asked.at).await;
    let page = eva.clicks(&page, "Continue").await;
    page.must_say(200, &["olle has approved this"]);
    assert!(!page.has("#ticket"));
    let page = eva.presses(&page, "Lock out 2 accounts").await;
    let page = ends(&panel, &eva, &page).await;
    page.must_say(200, &["Finished on"]);
    assert_eq!(panel.resets(), (2, 2));
    let begun = panel.one(AuditKind::BatchBegun).await;
    let facts = [Fact::Ticket, Fact::ApprovedBy].map(|fact| begun.facts.text(fact));
    assert_eq!(facts, [Some("INC-812"), Some("olle")]);
    eva.visits(&asked.at).await.must_say(200, &["It was used on"]);

    // Another batch takes another.
    selects(&eva).await.must_say(200, &["This takes two people"]);
}

#[tokio::test]
async fn an_approval_is_for_exactly_the_accounts_that_were_chosen() {
    let panel = panel("bulk").await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = selects(&eva).await;
    let asked = asks(&eva, &page).await;
    gives(&olle, &asked).await;
    panel.database.run("UPDATE batch_item SET address = 'a2@example.se' WHERE address = 'a1@example.se'").await;
    let answer = eva.posts(&format!("{}/begin", page.at), &[("run", "0")]).await;
    answer.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn all_accounts_of_a_domain_take_two_however_they_were_chosen() {
    let panel = panel("lock-out-of-domain").await;
    let eva = panel.operator("eva").await;
    let fields = [("action", "lock_out"), ("account", "a0"), ("account", "a1"), ("account", "a2")];
    let answer = eva.posts("/domains/example.se/bulk", &fields).await;
    let page = eva.visits(answer.header("location")).await;
    page.must_say(200, &["This takes two people", "Will be locked out 3"]);
    let answer = eva.posts(&format!("{}/begin", page.at), &[("run", "0"), ("domain", "example.se")]).await;
    answer.must_say(403, &["This takes two people"]);
    assert_eq!(panel.resets(), (0, 0));
}

#[tokio::test]
async fn only_a_whole_domain_takes_two_where_the_company_says_so() {
    let panel = panel("lock-out-of-domain").await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    assert!(!selects(&eva).await.says("This takes two people"));
    let domain = eva.visits("/domains/example.se").await;
    let page = eva.presses(&domain, "Lock out all accounts…").await;
    page.must_say(200, &["This takes two people"]);
    let asked = asks(&eva, &page).await;
    gives(&olle, &asked).await;
    let page = eva.visits(&page.at).await;
    let page = eva.fills_in(&page, "Lock out 3 accounts", &[("domain", "example.com")]).await;
    page.must_say(422, &["This is not the domain above."]);
    let page = eva.fills_in(&page, "Lock out 3 accounts", &[("domain", "example.se")]).await;
    ends(&panel, &eva, &page).await.must_say(200, &["Finished on"]);
    assert_eq!(panel.resets(), (3, 3), "a wrong domain has not used it up");
}

#[tokio::test]
async fn a_batch_that_was_written_to_have_begun_has_not() {
    for second_person in ["bulk", "vd@example.se"] {
        let panel = panel(second_person).await;
        let eva = panel.operator("eva").await;
        let page = selects(&eva).await;
        for state in ["stopped", "done"] {
            panel
                .database
                .run(&format!("UPDATE batch SET state = '{state}', reason = 'by_person', ended_at = 0"))
                .await;
            let answer = eva.posts(&format!("{}/begin", page.at), &[("run", "0")]).await;
            answer.must_say(503, &["The panel does not trust its database"]);
        }
        assert_eq!(panel.resets(), (0, 0));
    }
}

#[tokio::test]
async fn what_was_approved_goes_on_with_its_accounts_and_no_others() {
    let panel = panel("bulk").await;
    let (eva, olle) = (panel.operator("eva").await, panel.operator("olle").await);
    let page = selects(&eva).await;
    let asked = asks(&eva, &page).await;
    gives(&olle, &asked).await;
    panel.glesys.goes_away().await;
    let page = eva.visits(&page.at).await;
    let page = eva.presses(&page, "Lock out 2 accounts").await;
    ends(&panel, &eva, &page).await;
    panel.glesys.comes_back().await;
    panel.clock.turn(61);
    let to_begin = format!("{}/begin", page.at);
    panel.database.run("UPDATE batch_item SET address = 'a2@example.se' WHERE address = 'a1@example.se'").await;
    eva.posts(&to_begin, &[("run", "1")]).await.must_say(503, &["The panel does not trust its database"]);
    panel.database.run("UPDATE batch_item SET address = 'a1@example.se' WHERE address = 'a2@example.se'").await;
    panel.database.run("UPDATE batch SET action = 'give_links'").await;
    eva.posts(&to_begin, &[("run", "1")]).await.must_say(503, &["The panel does not trust its database"]);
    panel.database.run("UPDATE batch SET action = 'lock_out'").await;
    assert_eq!(panel.resets(), (0, 0));
    assert_eq!(eva.posts(&to_begin, &[("run", "1")]).await.status, 303);
    ends(&panel, &eva, &page).await.must_say(200, &["Finished on"]);
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn resetting_several_by_link_is_no_way_around_the_two_people_that_one_of_them_takes() {
    for second_person in ["a1@example.se", "protected"] {
        let open = stage("lock-out-of-domain").with("NYCKEL_PROTECTED_ACCOUNTS", "a1@example.se").opens().await;
        let ada = open.admin("ada").await;
        let fields = [("action", "give_links"), ("account", "a0"), ("account", "a1")];
        let alone = [fields[0], fields[2]];
        let before = ada.posts("/domains/example.se/bulk", &alone).await.header("location").to_owned();
        let strict = open.replica_that(|panel| panel.config.second_person = named(second_person));
        let strict = Box::pin(strict).await;
        strict.built.app.directory.read_all().await;
        let (ada, secret) = (ada.at(&strict), open.glesys.password_of("a1@example.se"));

        let chosen = ada.posts("/domains/example.se/bulk", &fields).await.header("location").to_owned();
        let page = ada.visits(&chosen).await;
        page.must_say(200, &["Will be reset 1", "This account takes two people: reset it alone"]);
        let page = ada.presses(&page, "Reset 1 password").await;
        ends(&strict, &ada, &page).await.must_say(200, &["Finished on"]);
        assert_eq!(open.resets(), (1, 1));

        // What was put together before the company said so is judged when its turn comes.
        let page = ada.visits(&before).await;
        let page = ada.presses(&page, &page.text("form[action$='/begin'] button")).await;
        ends(&strict, &ada, &page).await.must_say(200, &["This account takes two people: reset it alone"]);
        let refused = open.one(AuditKind::ResetRefused).await;
        assert_eq!(
            (refused.address.unwrap().as_str(), refused.outcome.as_deref()),
            ("a1@example.se", Some("second_person"))
        );
        assert_eq!(open.glesys.password_of("a1@example.se"), secret);
    }
}
