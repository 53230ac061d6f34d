//! What a person confirms for several accounts is what is done, whatever anybody writes into the database; and the way back
//! from the confirmation.

use super::{away, begin_form, begins, ends, manager, panel, selects};
use crate::stage::Stage;

const ADDED: &str = "INSERT INTO batch_item (batch_id, address, nonce) SELECT batch_id, 'a3@example.se', \
     REPLACE(nonce, 'a0@', 'a3@') FROM batch_item WHERE address = 'a0@example.se'";
const TAKEN_AWAY: &str = "DELETE FROM batch_item WHERE address = 'a3@example.se'";

#[tokio::test]
async fn accounts_that_were_not_on_the_page_are_not_begun_with_it() {
    let panel = panel().await;
    let mia = manager(&panel, "mia").await;
    let page = selects(&mia, "lock_out", &["a0", "a1"]).await;
    panel.database.run(ADDED).await;
    let again = begins(&mia, &page).await;
    again.must_say(422, &["so nothing was", "Will be locked out 3"]);
    assert_eq!(panel.resets(), (0, 0));
    let form = begin_form(&page);
    let without: Vec<_> = form.fields.iter().filter(|(name, _)| name != "selection").cloned().collect();
    assert_eq!(mia.sends(mia.posting(&form.action, &without)).await.status, 422, "a page of an earlier version");
    panel.database.run(TAKEN_AWAY).await;
    let page = begins(&mia, &page).await;
    ends(&panel, &mia, &page).await.must_say(200, &["Finished on"]);
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn what_goes_on_does_so_with_the_accounts_that_it_began_with_and_says_by_whom() {
    let panel = Stage::of(away()).opens().await;
    let (mia, olle) = (manager(&panel, "mia").await, manager(&panel, "olle").await);
    let page = selects(&mia, "lock_out", &["a0", "a1"]).await;
    panel.glesys.goes_away().await;
    let page = begins(&mia, &page).await;
    let stopped = ends(&panel, &mia, &page).await;
    assert!(!stopped.says("Continued by"), "{stopped:#?}");
    panel.glesys.comes_back().await;
    panel.clock.turn(61);
    panel.database.run(ADDED).await;
    let form = begin_form(&olle.visits(&stopped.at).await);
    let refused = olle.sends(olle.posting(&form.action, &form.fields)).await;
    refused.must_say(503, &["The panel does not trust its database"]);
    assert_eq!(panel.resets(), (0, 0));
    panel.database.run(TAKEN_AWAY).await;
    let page = olle.visits(&stopped.at).await;
    let page = begins(&olle, &page).await;
    let done = ends(&panel, &olle, &page).await;
    done.must_say(200, &["Finished on", "Continued by olle on"]);
    assert_eq!(panel.resets(), (2, 2));
}

#[tokio::test]
async fn whoever_leaves_the_confirmation_finds_the_selection_as_it_was() {
    let panel = panel().await;
    let mia = manager(&panel, "mia").await;
    let page = selects(&mia, "lock_out", &["a0", "a2"]).await;
    let back = mia.clicks(&page, "Cancel").await;
    assert_eq!(back.attributes("[name=account][checked]", "value"), ["a0", "a2"]);
    assert_eq!(back.attributes("[name=action] [selected], [name=action][checked]", "value"), ["lock_out"]);
    // It is their own, of this domain, and nobody else's.
    let other = manager(&panel, "olle").await;
    let foreign = other.visits(&back.at).await;
    assert!(foreign.status == 200 && foreign.attributes("[name=account][checked]", "value").is_empty());
}
