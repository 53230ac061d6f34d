//! What GleSYS leaves out, or gives in a shape that says nothing, is not known: never a value that nobody gave, and sent only
//! when it is chosen.

use nyckel::simulator::{Mailbox, State};
use serde_json::{Value, json};

use crate::stage::{Page, Panel, Person, Stage};

/// The settings that are on or off, as GleSYS calls them.
const FLAGS: [&str; 4] = ["antivirus", "rejectspam", "autorespond", "autorespondsaveemail"];

/// What is neither yes nor no.
fn neither() -> Vec<Option<Value>> {
    let odd = [json!(null), json!("maybe"), json!(""), json!([]), json!({"on": "yes"}), json!(2), json!(0.5)];
    [None].into_iter().chain(odd.map(Some)).collect()
}

/// An account of which GleSYS tells something in the place of these fields.
async fn telling(fields: &[(&str, Option<Value>)]) -> (Panel, Person) {
    let told = fields.iter().map(|(field, value)| ((*field).to_owned(), value.clone())).collect();
    let state = State::empty().account_with("anna@example.se", |anna| anna.told = told);
    let panel = Stage::of(state).opens().await;
    let mia = panel.manager("mia").await;
    (panel, mia)
}

#[tokio::test]
async fn a_storage_that_glesys_gives_no_number_of_is_none_and_is_sent_only_when_chosen() {
    for (told, said, hint) in [
        (Some(json!(-1)), "limit: unlimited", "Unlimited now."),
        (Some(json!("unlimited")), "limit: unlimited", "Unlimited now."),
        (Some(Value::Null), "limit: not known", "GleSYS does not say how much it is now."),
        (None, "limit: not known", "GleSYS does not say how much it is now."),
    ] {
        let (panel, mia) = telling(&[("quotaingib", told)]).await;
        mia.visits("/accounts/anna@example.se").await.must_say(200, &[said]);
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        form.must_say(200, &[hint]);
        assert_eq!(form.attributes("#quota", "value"), [""]);
        mia.fills_in(&form, "Save", &[("reply", "yes"), ("text", "Away")]).await.must_say(200, &["Saved."]);
        let told = panel.glesys.state().mailbox("anna@example.se").unwrap().told.clone();
        assert!(told.contains_key("quotaingib"), "it was not sent");
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        mia.fills_in(&form, "Save", &[("quota", "7")]).await.must_say(200, &["Saved.", "7 GiB"]);
        assert_eq!(panel.glesys.state().mailbox("anna@example.se").unwrap().quotaingib, 7);
    }
}

#[tokio::test]
async fn a_spam_level_that_glesys_leaves_out_is_not_known_and_sent_only_when_chosen() {
    let (panel, mia) = telling(&[("antispamlevel", None)]).await;
    mia.visits("/accounts/anna@example.se").await.must_say(200, &["GleSYS does not say"]);
    let form = mia.visits("/accounts/anna@example.se/edit").await;
    mia.fills_in(&form, "Save", &[("quota", "5")]).await.must_say(200, &["Saved.", "GleSYS does not say"]);
    let form = mia.visits("/accounts/anna@example.se/edit").await;
    mia.presses(&form, "Save").await.must_say(422, &["Nothing to save."]);
    mia.fills_in(&form, "Save", &[("spam", "5")]).await.must_say(200, &["Saved.", "Level 5 of 5"]);
    assert_eq!(panel.glesys.state().mailbox("anna@example.se").unwrap().antispamlevel, 5);
}

fn anna(panel: &Panel) -> Mailbox {
    panel.glesys.state().mailbox("anna@example.se").unwrap().clone()
}

/// What the account's page says of a setting.
fn said(page: &Page, setting: &str) -> String {
    let place = page.texts(".pairs dt").iter().position(|name| name == setting).unwrap();
    page.texts(".pairs dd")[place].clone()
}

#[tokio::test]
async fn a_setting_that_is_neither_on_nor_off_is_not_known_and_sent_only_when_chosen() {
    for told in neither() {
        let (panel, mia) = telling(&FLAGS.map(|field| (field, told.clone()))).await;
        let page = mia.visits("/accounts/anna@example.se").await;
        assert_eq!(said(&page, "Automatic reply"), "GleSYS does not say", "{told:?}");
        assert_eq!(said(&page, "Virus check"), "GleSYS does not say");
        assert_eq!(said(&page, "Spam filter"), "Level 3 of 5; GleSYS does not say what becomes of spam");
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        mia.presses(&form, "Save").await.must_say(422, &["Nothing to save."]);
        let page = mia.fills_in(&form, "Save", &[("quota", "4")]).await;
        page.must_say(200, &["Saved."]);
        assert_eq!(said(&page, "Virus check"), "GleSYS does not say");
        assert_eq!(anna(&panel).told.len(), 4, "none of them was sent");

        let form = mia.visits("/accounts/anna@example.se/edit").await;
        let page = mia.fills_in(&form, "Save", &[("virus", "no"), ("keep", "yes")]).await;
        page.must_say(200, &["Saved."]);
        assert_eq!(said(&page, "Virus check"), "Off");
        assert_eq!(anna(&panel).told.into_keys().collect::<Vec<_>>(), ["autorespond", "rejectspam"]);
        assert!(!anna(&panel).antivirus && anna(&panel).autorespondsaveemail);
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        let page = mia.fills_in(&form, "Save", &[("reply", "no"), ("refuse", "yes")]).await;
        page.must_say(200, &["Saved.", "spam is rejected on arrival"]);
        assert_eq!(said(&page, "Automatic reply"), "Off");
        assert!(anna(&panel).told.is_empty() && anna(&panel).rejectspam);
    }
}

#[tokio::test]
async fn what_glesys_says_only_now_or_no_more_is_no_change_of_somebody() {
    let untold = || FLAGS.map(|field| (field.to_owned(), None)).into_iter().chain([("antispamlevel".to_owned(), None)]);
    let (panel, mia) = telling(&[]).await;
    let tells = |told: std::collections::BTreeMap<_, _>| {
        panel.glesys.change(|state| {
            state.domains.get_mut("example.se").unwrap().accounts.get_mut("anna@example.se").unwrap().told = told;
        });
    };
    for (then, now) in [(untold().collect(), [].into()), ([].into(), untold().collect())] {
        tells(then);
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        tells(now);
        let quota = (anna(&panel).quotaingib + 1).to_string();
        mia.fills_in(&form, "Save", &[("quota", &quota)]).await.must_say(200, &["Saved."]);
        let before =
            Mailbox { quotaingib: anna(&panel).quotaingib, modified: anna(&panel).modified, ..Mailbox::default() };
        assert_eq!(Mailbox { told: [].into(), ..anna(&panel) }, before, "nothing else was sent");
    }
}

#[tokio::test]
async fn a_reply_without_its_text_is_switched_and_its_text_left_alone() {
    for told in [None, Some(json!([])), Some(json!({})), Some(json!(false))] {
        let (panel, mia) = telling(&[("autorespondmessage", told)]).await;
        panel.glesys.change(|state| {
            state
                .domains
                .get_mut("example.se")
                .unwrap()
                .accounts
                .get_mut("anna@example.se")
                .unwrap()
                .autorespondmessage = Some("Away".to_owned());
        });
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        form.must_say(200, &["GleSYS does not say what the text is now. Leave it empty to leave it as it is."]);
        mia.fills_in(&form, "Save", &[("reply", "yes")])
            .await
            .must_say(200, &["Saved.", "GleSYS does not say its text."]);
        assert_eq!((anna(&panel).autorespond, anna(&panel).autorespondmessage.as_deref()), (true, Some("Away")));
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        mia.fills_in(&form, "Save", &[("text", "Back on Monday")]).await.must_say(200, &["Saved.", "Back on Monday"]);
        assert_eq!(anna(&panel).autorespondmessage.as_deref(), Some("Back on Monday"));
    }
}

#[tokio::test]
async fn a_batch_sets_what_is_not_known_and_never_says_that_it_is_so_already() {
    for told in neither() {
        let (panel, mia) = telling(&FLAGS.map(|field| (field, told.clone()))).await;
        for (action, field) in
            [("auto_reply_off", "autorespond"), ("refuse_spam off", "rejectspam"), ("virus_check_off", "antivirus")]
        {
            let chosen = [("action", action), ("account", "anna")];
            let proposed = mia.posts("/domains/example.se/bulk", &chosen).await;
            let page = mia.visits(proposed.header("location")).await;
            page.must_say(200, &["Will be changed 1"]);
            mia.presses(&page, &page.text("form[action$='/begin'] button")).await;
            panel.until(move |panel| async move { !anna(&panel).told.contains_key(field) }).await;
            panel.until_at_rest().await;
            assert!(mia.visits(&page.at).await.texts("tbody .mark").contains(&"Changed".to_owned()));
        }
        let now = anna(&panel);
        assert_eq!((now.autorespond, now.rejectspam, now.antivirus), (false, false, false));
        assert_eq!(now.told.into_keys().collect::<Vec<_>>(), ["autorespondsaveemail"]);
    }
}

#[tokio::test]
async fn lists_and_files_do_not_say_what_glesys_does_not() {
    let (_panel, mia) = telling(&FLAGS.map(|field| (field, Some(json!("?"))))).await;
    let page = mia.visits("/domains/example.se").await;
    page.must_say(200, &["Auto-reply: not known"]);
    let page = mia.visits("/domains/example.se?reply=1").await;
    page.must_say(200, &["Accounts of which GleSYS does not say whether they answer automatically: 1."]);
    let form = mia.visits("/domains/example.se/bulk").await;
    form.must_say(200, &["Auto-reply: not known", "Rejecting spam: not known", "Virus check: not known"]);
    let file = mia.posts("/domains/example.se/export", &[("format", "csv")]).await.body;
    let expected = r#""account","anna@example.se","anna@example.se","","1","0","","3","","","2024-01-15T11:00:00Z","""#;
    assert!(file.contains(expected), "{file}");
}

#[tokio::test]
async fn a_number_outside_its_range_or_not_whole_is_not_known() {
    for (level, quota) in [(json!(9), json!(1.5)), (json!(6), json!("2.5")), (json!("3.7"), json!("0,5"))] {
        let (panel, mia) = telling(&[("antispamlevel", Some(level)), ("quotaingib", Some(quota))]).await;
        let page = mia.visits("/accounts/anna@example.se").await;
        page.must_say(200, &["limit: not known"]);
        assert_eq!(said(&page, "Spam filter"), "GleSYS does not say; spam goes to the spam folder");
        let form = mia.visits("/accounts/anna@example.se/edit").await;
        assert_eq!(
            (form.attributes("#quota", "value"), form.form("Save").fields[1].1.as_str()),
            (vec![String::new()], "")
        );
        mia.fills_in(&form, "Save", &[("spam", "5")]).await.must_say(200, &["Saved.", "Level 5 of 5"]);
        assert_eq!(anna(&panel).antispamlevel, 5);
    }
}

#[tokio::test]
async fn one_account_that_says_nothing_of_its_use_keeps_no_other_from_being_asked() {
    let odd = |anna: &mut Mailbox| drop(anna.told.insert("usedquotainmib".into(), Some(json!("12.5"))));
    let used = |account: &mut Mailbox| account.usedquotainmib = 512;
    let state = State::empty().account_with("anna@example.se", odd).account_with("bo@example.se", used);
    let panel = Stage::of(state).opens().await;
    let mia = panel.manager("mia").await;
    mia.visits("/accounts/anna@example.se").await.must_say(200, &["1 GiB (use unknown)"]);
    mia.visits("/accounts/bo@example.se").await.must_say(200, &["512 MiB of 1 GiB used"]);
}

#[tokio::test]
async fn a_domain_of_which_glesys_gives_no_number_is_not_empty() {
    let mut state = State::empty().account("anna@example.se");
    let domain = state.domains.get_mut("example.se").unwrap();
    domain.told = [("accounts".to_owned(), Some(json!("many"))), ("aliases".to_owned(), None)].into();
    let panel = Stage::of(state).opens().await;
    let mia = panel.manager("mia").await;
    assert_eq!(mia.visits("/").await.texts("td.number"), ["not known", "not known"]);
    assert_eq!(mia.visits("/domains/example.se").await.texts("h2 .count"), ["1"]);
}

#[tokio::test]
async fn an_alias_whose_targets_cannot_be_read_leads_where_nobody_knows_and_is_led_anew() {
    for told in
        [None, Some(json!(null)), Some(json!(["anna@example.se"])), Some(json!({})), Some(json!(false)), Some(json!(7))]
    {
        let odd = |alias: &mut nyckel::simulator::Forward| drop(alias.told.insert("goto".into(), told.clone()));
        let state = State::empty().account("anna@example.se").alias_with("info@example.se", "x@elsewhere.example", odd);
        let panel = Stage::of(state).opens().await;
        let maja = panel.manager("maja").await;
        let alias = maja.visits("/aliases/info@example.se").await;
        alias.must_say(200, &["GleSYS does not say where it leads."]);
        assert!(!alias.says("It leads nowhere."), "{told:?}");
        maja.visits("/domains/example.se").await.must_say(200, &["GleSYS does not say"]);
        let form = maja.visits("/aliases/info@example.se/edit").await;
        form.must_say(200, &["GleSYS does not say where it leads now. Leave the field empty to leave it as it is"]);
        maja.presses(&form, "Save").await.must_say(422, &["The field is empty, so it leads where it led"]);
        assert_eq!(panel.glesys.calls_to("email/editalias"), 0);
        let page = maja.visits("/aliases/info@example.se/delete").await;
        page.must_say(200, &["GleSYS does not say where it leads."]);
        maja.fills_in(&form, "Save", &[("targets", "anna@example.se")]).await.must_say(200, &["Saved."]);
        assert_eq!(panel.glesys.state().domains["example.se"].aliases["info@example.se"].goto, "anna@example.se");
    }
}
