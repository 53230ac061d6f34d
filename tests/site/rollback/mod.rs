//! An older copy of the database is put back and accepted: whatever ended since the copy was made stays ended.

mod accepting;
mod edited;
mod ended;
mod running;

use nyckel::access::Gate;
use nyckel::model::{Role, StaffName};
use nyckel::server;
use nyckel::services::rollback::{NotAccepted, WayIn};
use nyckel::store::Purpose;

use crate::stage::{Page, Panel, Person};

/// Everybody's password once they were invited anew.
const ANEW: &str = "four other words of a story";

/// What was printed for those who are kept: names and, for invitations and links, where they lead.
type Printed = Vec<(String, Option<String>)>;

/// Accepts the database as it stands, as the command line does.
async fn accepts(panel: &Panel, keep: &[&str]) -> Result<Printed, NotAccepted> {
    let (clock, entropy) = (panel.clock.clone(), panel.built.entropy.clone());
    let store = server::open_store(&panel.config, Purpose::Accept, clock.clone(), entropy.clone()).await?;
    let book = server::staff_book(&panel.config, store.clone(), clock.clone(), entropy);
    let can = Gate::of_the_command_line().unwrap().can().unwrap();
    let keep: Vec<_> = keep.iter().map(|name| StaffName::parse(name).unwrap()).collect();
    let seen = book.look_at_copy(&can, &keep).await?;
    let accepted = book.accept_copy(&can, seen).await;
    store.close().await;
    let links = &panel.built.app.links;
    let printed = accepted?.into_iter().map(|way| match way {
        WayIn::Invitation(invitation) => (invitation.name.to_string(), Some(links.invitation(&invitation.token))),
        WayIn::Link(name, token) => (name.to_string(), Some(links.sign_in_link(&token))),
        WayIn::Provider(name) | WayIn::None(name) => (name.to_string(), None),
    });
    Ok(printed.collect())
}

/// The panel stops, the copy is put back and accepted, and a panel starts over it.
async fn is_rolled_back(panel: &Panel, keep: &[&str]) -> (Panel, Printed) {
    panel.built.store.close().await;
    panel.database.goes_back_to("copy").await;
    let printed = accepts(panel, keep).await.unwrap_or_else(|why| panic!("{why}"));
    (panel.replica().await, printed)
}

/// An admin, who is kept, and an operator.
async fn ada_and_eva(panel: &Panel) -> (Person, Person) {
    (panel.admin("ada").await, panel.operator("eva").await)
}

/// Whoever has this browser is a stranger.
async fn is_out(person: &Person, panel: &Panel) {
    let page = person.at(panel).visits("/").await;
    assert_eq!(page.text("h1"), "Sign in", "{} is in: {page:#?}", person.name);
}

/// Sets a password with what was printed for them, and signs in.
async fn comes_back(person: &Person, panel: &Panel, printed: &Printed) -> Page {
    let person = person.in_another_browser().at(panel);
    let (_, link) = printed.iter().find(|(name, _)| *name == person.name).unwrap();
    let page = person.visits(link.as_deref().unwrap()).await;
    person.fills_in(&page, "Set the password", &[("password", ANEW)]).await;
    person.signs_in_with(ANEW).await
}

async fn hired(panel: &Panel, name: &str, role: Role) -> Person {
    Person::hired(panel, name, &[(role, "*")]).await
}
