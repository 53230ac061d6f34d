//! The reading half: what GleSYS gives in an odd shape is not known, and never a value that it did not give.

use super::reads::{address, domain, reading};
use super::scripted::ok;
use crate::glesys::Listed;
use crate::model::{Mailbox, Quota, Usage, WhyUnfit};

#[tokio::test]
async fn of_two_rows_with_one_address_the_second_is_left_out() {
    let accounts =
        r#"{"emailaccount":"Anna@example.se"},{"emailaccount":"anna@example.se"},{"emailaccount":"b@example.se"}"#;
    let aliases =
        r#"{"emailalias":"ANNA@example.se","goto":""},{"emailalias":"ANNA@example.se","goto":"b@example.se"}"#;
    let list = format!(r#","list":{{"emailaccounts":[{accounts}],"emailaliases":[{aliases}]}}"#);
    let (_server, reader) = reading(vec![ok(&list)]).await;
    let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
    let kept: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.address().as_str()).collect();
    assert_eq!(kept, ["anna@example.se", "b@example.se", "anna@example.se"]);
    let told: Vec<_> = left_out.iter().map(|row| (row.text.as_str(), row.is_alias, row.why)).collect();
    let expected = [("anna@example.se", false, WhyUnfit::Twice), ("ANNA@example.se", true, WhyUnfit::Twice)];
    assert_eq!(told, expected);
}

#[tokio::test]
async fn whatever_is_no_text_of_targets_is_not_known() {
    for (told, targets) in [
        (r#","goto":"""#, Some(0)),
        (r#","goto":" , ""#, Some(0)),
        (r#","goto":"7""#, Some(1)),
        (r#","goto":null"#, None),
        (r#","goto":["a@example.se"]"#, None),
        (r#","goto":{"0":"a@example.se"}"#, None),
        (r#","goto":7"#, None),
        (r#","goto":true"#, None),
        ("", None),
    ] {
        let list = format!(r#","list":{{"emailaliases":[{{"emailalias":"a@example.se"{told}}}]}}"#);
        let (_server, reader) = reading(vec![ok(&list)]).await;
        let mailboxes = reader.list(&domain()).await.unwrap().mailboxes;
        let [Mailbox::Alias(a)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
        assert_eq!(a.targets.as_ref().map(Vec::len), targets, "{told}");
    }
}

#[tokio::test]
async fn usage_is_known_where_glesys_says_how_much_is_used() {
    let usage = async |fields: &str| {
        let answer = ok(&format!(r#","quota":{{"emailaccount":"anna@example.se"{fields}}}"#));
        reading(vec![answer]).await.1.usage(&address("anna@example.se")).await.unwrap()
    };
    let used = Some(Usage { used_mib: 12, quota: Quota::Unlimited });
    assert_eq!(usage(r#","usedquotainmib":"12.0","quotaingib":-1"#).await, used);
    for told in ["null", "-1", "12.7", "\"12.7\"", "\"much\"", "[]", "true", "1e300"] {
        assert_eq!(usage(&format!(r#","usedquotainmib":{told},"quotaingib":1"#)).await, None, "{told}");
    }
    assert_eq!(usage("").await, None);
}

#[tokio::test]
async fn a_setting_that_glesys_gives_no_number_of_is_not_taken_for_one() {
    for (told, quota, level) in [
        (r#""quotaingib":null,"antispamlevel":null"#, Quota::NotKnown, None),
        (r#""quotaingib":"","antispamlevel":"""#, Quota::NotKnown, None),
        (r#""quotaingib":-1,"antispamlevel":-1"#, Quota::Unlimited, None),
        (r#""quotaingib":"Unlimited","antispamlevel":"low""#, Quota::Unlimited, None),
        (r#""quotaingib":[],"antispamlevel":{}"#, Quota::NotKnown, None),
        (r#""quotaingib":0,"antispamlevel":0"#, Quota::Gib(0), Some(0)),
        (r#""quotaingib":"7.0","antispamlevel":"5""#, Quota::Gib(7), Some(5)),
        (r#""quotaingib":1.5,"antispamlevel":9"#, Quota::NotKnown, None),
        (r#""quotaingib":"1.5","antispamlevel":"6""#, Quota::NotKnown, None),
        (r#""quotaingib":-0.5,"antispamlevel":3.5"#, Quota::NotKnown, None),
        (r#""quotaingib":18446744073709551615,"antispamlevel":300"#, Quota::NotKnown, None),
        (r#""quotaingib":true,"antispamlevel":true"#, Quota::NotKnown, None),
        (r#""displayname":"neither is there""#, Quota::NotKnown, None),
    ] {
        let list = format!(r#","list":{{"emailaccounts":[{{"emailaccount":"a@example.se",{told}}}]}}"#);
        let (_server, reader) = reading(vec![ok(&list)]).await;
        let mailboxes = reader.list(&domain()).await.unwrap().mailboxes;
        let [Mailbox::Account(a)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
        assert_eq!((a.quota, a.antispam_level), (quota, level), "{told}");
    }
}

#[tokio::test]
async fn a_reply_has_a_text_no_text_or_one_that_is_not_known() {
    for (told, text) in [
        (r#","autorespondmessage":"Away""#, Some("Away")),
        (r#","autorespondmessage":24"#, Some("24")),
        (r#","autorespondmessage":"""#, Some("")),
        (r#","autorespondmessage":null"#, Some("")),
        (r#","autorespondmessage":false"#, None),
        (r#","autorespondmessage":["Away"]"#, None),
        ("", None),
    ] {
        let list = format!(r#","list":{{"emailaccounts":[{{"emailaccount":"a@example.se"{told}}}]}}"#);
        let (_server, reader) = reading(vec![ok(&list)]).await;
        let mailboxes = reader.list(&domain()).await.unwrap().mailboxes;
        let [Mailbox::Account(a)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
        assert_eq!(a.auto_reply.message.as_deref(), text, "{told}");
    }
}
