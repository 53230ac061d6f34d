//! Finding what somebody types as people type: without the dots, with a letter wrong, with Enter.

use nyckel::model::Role;
use nyckel::simulator::State;

use crate::stage::{Page, Panel, Person, Stage, panel};

async fn asked(person: &Person, query: &str) -> Page {
    let query: String = url::form_urlencoded::byte_serialize(query.as_bytes()).collect();
    person.visits(&format!("/?q={query}")).await
}

/// The addresses of the hits, or of the one page that opened.
async fn found(person: &Person, query: &str) -> Vec<String> {
    let page = asked(person, query).await;
    if page.at.starts_with("/?q") { page.texts("[data-hits=hits] .address") } else { vec![page.text("h1")] }
}

async fn northern() -> Panel {
    let named = |state: State, address: &str, name: &str| {
        state.account_with(address, |account| account.displayname = Some(name.to_owned()))
    };
    let state = named(State::empty(), "asa.oberg@example.se", "Åsa Öberg");
    let state = named(state, "rene@example.se", "René Zoëga");
    let state = named(state, "soren@example.se", "Søren Ägren");
    Stage::of(state.account("x1@räksmörgås.se").account("x2@räksmörgås.se")).opens().await
}

#[tokio::test]
async fn letters_and_their_bare_forms_find_each_other() {
    let panel = northern().await;
    let eva = panel.viewer("eva").await;
    for (queries, address) in [
        (&["åsa", "asa", "ÅSA ÖBERG", "oberg", "Öberg", "A\u{30a}sa", "åsa.öberg@", "ásá"][..], "asa.oberg@example.se"),
        (&["rené", "RENE", "rene zoega", "zoëga", "réné@example.se"], "rene@example.se"),
        (&["søren", "soren", "sören", "ägren", "agren"], "soren@example.se"),
    ] {
        for query in queries {
            assert_eq!(found(&eva, query).await, [address], "{query}");
        }
    }
    for query in ["räksm", "raksm", "x1@raksmorgas.se x2@räksmörgås.se", "xn--rksm"] {
        assert_eq!(found(&eva, query).await, ["x1@räksmörgås.se", "x2@räksmörgås.se"], "{query}");
    }
    // The same in a domain's filter.
    let page = eva.visits("/domains/example.se?filter=%C3%B6berg").await;
    assert_eq!(page.texts("tbody th .address"), ["asa.oberg@example.se"]);
}

#[tokio::test]
async fn a_neighbour_is_offered_once_however_it_is_near() {
    let mut state = State::empty();
    for address in ["anders@example.com", "anders@example.se"] {
        state = state.account_with(address, |account| account.displayname = Some("Anderson".to_owned()));
    }
    let panel = Stage::of(state).opens().await;
    let page = asked(&panel.viewer("eva").await, "andeers").await;
    assert_eq!(page.texts("[data-hits=near] .address"), ["anders@example.com", "anders@example.se"]);
}

#[tokio::test]
async fn one_wrong_letter_offers_neighbours_and_opens_none() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    for query in
        ["annna", "anan", "amna@example.se", "anna@exanple.se", "lindd", "anna lidn", "Anna <annna@example.se>,"]
    {
        let page = asked(&eva, query).await;
        page.must_say(200, &["Did you mean:", "anna@example.se"]);
        assert_eq!(
            (page.texts("[data-hits=near] .address")[0].as_str(), page.has(".hit kbd")),
            ("anna@example.se", false)
        );
        assert!(page.has(".hits a.button"), "a reset is one step away, too");
    }
    let page = asked(&eva.reading("sv"), "cal").await;
    page.must_say(200, &["Inga träffar på ”cal”. Menade du:", "carl@example.com"]);
    for query in ["zz", "qqqqq", "annnna", "zebra@example.se", "an.", "xnnx"] {
        let page = asked(&eva, query).await;
        assert!(page.says("No results for") && !page.says("Did you mean"), "{query}: {page:#?}");
    }
    // Nobody is offered what they may not see.
    let olle = Person::hired(&panel, "olle", &[(Role::Operator, "example.com")]).await;
    olle.signs_in().await;
    assert!(!asked(&olle, "annna").await.body.contains("anna@example.se"));
}

#[tokio::test]
async fn what_enter_leads_to_is_marked() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = asked(&eva, "example.se").await;
    assert_eq!(page.texts(".hits li:has(kbd) .address"), ["anna@example.se"], "the first of several");
    page.must_say(200, &["Enter goes to the first, and then opens it"]);
    let typing = eva.begins("GET", "/?q=bo@").header("sec-fetch-site", "same-origin").header("sec-fetch-dest", "empty");
    let page = eva.sends(typing.body(axum::body::Body::empty()).unwrap()).await;
    page.must_say(200, &["Enter opens it."]);
    assert_eq!(page.texts(".hits li:has(kbd) .address"), ["bo@example.se"]);
}
