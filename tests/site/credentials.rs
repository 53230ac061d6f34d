//! Credentials come and go only by their owner's proof or an admin's, and the owner is told.

use nyckel::model::Role;

use crate::stage::{PASSWORD, Person, panel};

#[tokio::test]
async fn what_an_admin_changes_about_somebodys_sign_in_is_told_to_them_with_who_did_it() {
    let panel = panel().await;
    let admin = panel.admin("admin").await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "*")]).await;
    let id = panel.database.texts("SELECT id FROM staff WHERE name = 'eva'").await.remove(0);
    let (names, edit) = (format!("/staff/{id}/names"), format!("/staff/{id}/edit"));
    admin.posts(&names, &[("name", "eva.lind"), ("display_name", "")]).await;
    admin.posts(&edit, &[("everywhere", "operator"), ("was", "viewer everywhere")]).await;
    admin.posts(&format!("/staff/{id}/disable"), &[("", "")]).await;
    admin.posts(&format!("/staff/{id}/enable"), &[("", "")]).await;
    admin.posts(&format!("/staff/{id}/invite"), &[("", "")]).await;
    let page = eva.called("eva.lind").signs_in_with(PASSWORD).await;
    page.must_say(
        200,
        &[
            "The name you sign in with was changed from eva by admin.",
            "Your roles were changed by admin.",
            "You were let in again by admin.",
            "A link to a new password was made by admin.",
        ],
    );
    assert!(!admin.visits("/").await.says("How you sign in has changed"), "it is nobody else's business");
}
