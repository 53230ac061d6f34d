//! The reading half: what it makes of GleSYS's answers.

use std::fmt::Write as _;
use std::time::Duration;

use super::scripted::{Scripted, Step, envelope, http, ok, patient};
use crate::glesys::{Connection, Error, Listed, Reader, Timing};
use crate::model::costs::{Amount, Costs};
use crate::model::{Address, DomainName, Mailbox, OperationState, ProjectCounts, Quota, WhyUnfit};

pub(super) async fn reading(answers: Vec<Vec<u8>>) -> (Scripted, Reader) {
    let server = Scripted::saying(answers.iter().map(|answer| closing(answer)).collect()).await;
    let reader = Reader::new(&[server.connection()], &patient()).unwrap();
    (server, reader)
}

/// Tells the pool that the connection ends, so that one answer is one connection.
fn closing(answer: &[u8]) -> Vec<u8> {
    let end = answer.iter().position(|b| *b == b'\n').unwrap() + 1;
    [&answer[..end], b"Connection: close\r\n", &answer[end..]].concat()
}

/// The one project's answer.
async fn probe(reader: &Reader) -> Result<(), Error> {
    reader.probe().await.remove(0).1
}

pub(super) fn domain() -> DomainName {
    DomainName::parse("example.se").unwrap()
}

pub(super) fn address(text: &str) -> Address {
    Address::parse(text).unwrap()
}

fn page(names: &[&str], meta: &str) -> Vec<u8> {
    let rows: Vec<String> =
        names.iter().map(|n| format!(r#"{{"domainname":"{n}","accounts":2,"aliases":"3"}}"#)).collect();
    let summary = r#"{"accounts":4,"maxaccounts":"100","aliases":6,"maxaliases":null}"#;
    ok(&format!(r#","overview":{{"summary":{summary},"domains":[{}]{meta}}}"#, rows.join(",")))
}

const ACCOUNT: &str = r#"{"emailaccount":"Anna@Example.se","displayname":"<script>alert(1)</script>","quotaingib":"2",
"antispamlevel":3,"antivirus":"yes","autorespond":"no","autorespondsaveemail":"yes","rejectspam":"no","autorespondmessage":null,
"created":"2022-10-22T10:35:07+02:00","modified":"yesterday","password":"x","new":{"a":[1]}}"#;

#[tokio::test]
async fn a_list_becomes_accounts_and_aliases() {
    let alias =
        r#"{"emailalias":"info@example.se","displayname":"info@example.se","goto":"anna@example.se, b@x.se,,"}"#;
    let (server, reader) =
        reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{ACCOUNT}],"emailaliases":[{alias}]}}"#))]).await;
    let mailboxes = reader.list(&domain()).await.unwrap().mailboxes;
    assert!(server.calls()[0].ends_with(r#"{"domainname":"example.se"}"#));
    let [Mailbox::Account(anna), Mailbox::Alias(info)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
    assert_eq!(anna.address, address("anna@example.se"));
    assert_eq!(anna.display_name, "<script>alert(1)</script>");
    assert_eq!(
        (anna.quota, anna.antispam_level, anna.antivirus, anna.reject_spam),
        (Quota::Gib(2), Some(3), Some(true), Some(false))
    );
    assert_eq!((anna.auto_reply.on, anna.auto_reply.keeps_mail), (Some(false), Some(true)));
    assert_eq!(anna.auto_reply.message.as_deref(), Some(""), "null is no text");
    assert_eq!(anna.created, Some("2022-10-22T08:35:07Z".parse().unwrap()));
    assert_eq!(anna.modified, None);
    assert_eq!(info.targets.as_deref(), Some(&["anna@example.se".to_owned(), "b@x.se".to_owned()][..]));
}

#[tokio::test]
async fn rows_that_are_no_address_of_the_domain_are_left_out() {
    let rows = r#"{"emailaccount":"no address"},{"emailaccount":"eve@other.se"},{"emailaccount":null},{},null,
        {"emailaccount":"b@example.se"}"#;
    let (_server, reader) =
        reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{rows}],"emailaliases":{{}}}}"#))]).await;
    let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
    let told: Vec<_> = left_out.iter().map(|row| (row.text.as_str(), row.why)).collect();
    let expected = [("no address", WhyUnfit::NotAnAddress), ("eve@other.se", WhyUnfit::OtherDomain)];
    let unread = [("", WhyUnfit::NotAnAddress), ("", WhyUnfit::NotAnAddress), ("", WhyUnfit::NotReadable)];
    assert_eq!(told, [&expected[..], &unread].concat());
    assert!(
        matches!(mailboxes.as_slice(), [Mailbox::Account(b)] if b.address == address("b@example.se")),
        "{mailboxes:?}"
    );
}

#[tokio::test]
async fn a_row_that_cannot_be_read_costs_that_row_alone() {
    let long = "x".repeat(300 * 1024);
    let rows = format!(
        r#""odd",7,{{"emailaccount":"a@example.se","emailaccount":"b@example.se"}},{{"emailaccount":truth}},
        {{"emailaccount":"c@example.se","autorespondmessage":"{long}"}},[{{}}],{{"emailaccount":"d@example.se"}}"#
    );
    let alias = r#"{"3":{"emailalias":"info@example.se","goto":"d@example.se"},"9":{"emailalias":5}}"#;
    let (_server, reader) =
        reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{rows}],"emailaliases":{alias}}}"#))]).await;
    let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
    let [Mailbox::Account(d), Mailbox::Alias(info)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
    assert_eq!((d.address.as_str(), info.address.as_str()), ("d@example.se", "info@example.se"));
    let count = |why| left_out.iter().filter(|row| row.why == why).count();
    let counts = [WhyUnfit::NotReadable, WhyUnfit::TooLong, WhyUnfit::NotAnAddress].map(count);
    assert_eq!((counts, left_out.iter().filter(|row| row.is_alias).count()), ([5, 1, 1], 1));
}

#[tokio::test]
async fn a_list_of_far_more_than_any_other_answer_is_read() {
    let message = "a".repeat(1000);
    let row = |n| format!(r#"{{"emailaccount":"a{n}@example.se","autorespondmessage":"{message}"}}"#);
    let rows = (0..20_000).map(row).collect::<Vec<_>>().join(",");
    assert!(rows.len() > 4 * 5 * 1024 * 1024);
    let (_server, reader) = reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{rows}]}}"#))]).await;
    assert_eq!(reader.list(&domain()).await.unwrap().mailboxes.len(), 20_000);
}

#[tokio::test]
async fn only_an_exact_match_is_found() {
    let anna = ACCOUNT.replace("Anna@Example.se", "anna@example.se");
    let list = format!(r#","list":{{"emailaccounts":[{{"emailaccount":"joanna@example.se"}},{anna}]}}"#);
    let unknown = envelope("400 Bad Request", "400", "Could not find example.se\\n", "");
    let denied = envelope("401 Unauthorized", "401", "Access Denied.", "");
    let (server, reader) = reading(vec![ok(&list), ok(&list), ok(&list), unknown, denied]).await;
    reader.list(&domain()).await.unwrap();
    let found = reader.find(&address("anna@example.se")).await.unwrap();
    assert!(matches!(&found[..], [Mailbox::Account(anna)] if anna.address == address("anna@example.se")));
    assert!(server.calls()[1].ends_with(r#"{"domainname":"example.se","filter":"anna@example.se"}"#));
    assert_eq!(reader.find(&address("na@example.se")).await, Ok(Vec::new()));
    assert_eq!(reader.find(&address("anna@example.se")).await, Ok(Vec::new()));
    assert_eq!(reader.find(&address("anna@example.se")).await.unwrap_err().why().name(), "wrong_key");
}

#[tokio::test]
async fn what_is_not_found_before_its_domain_was_read_is_looked_for_in_all_of_it() {
    let (nobody, list) = (ok(r#","list":{}"#), ok(&format!(r#","list":{{"emailaccounts":[{ACCOUNT}]}}"#)));
    let (server, reader) = reading(vec![nobody.clone(), list, nobody]).await;
    let found = reader.find(&address("anna@example.se")).await.unwrap();
    assert_eq!(found.iter().map(Mailbox::address).collect::<Vec<_>>(), [&address("anna@example.se")]);
    assert!(server.calls()[1].ends_with(r#"{"domainname":"example.se"}"#));
    assert_eq!(reader.find(&address("bo@example.se")).await, Ok(Vec::new()));
    assert_eq!(server.calls().len(), 3, "now it is known");
    // Nor is a domain that GleSYS does not know asked for twice.
    let (server, reader) = reading(vec![envelope("400 Bad Request", "400", "Could not find example.se\\n", "")]).await;
    assert_eq!(reader.find(&address("anna@example.se")).await, Ok(Vec::new()));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn what_is_listed_with_capital_letters_is_asked_for_so() {
    let list = ok(&format!(r#","list":{{"emailaccounts":[{ACCOUNT}]}}"#));
    let usage = ok(r#","quota":{"usedquotainmib":1,"quotaingib":1}"#);
    let nobody = ok(r#","list":{}"#);
    let (server, reader) = reading(vec![list.clone(), list, nobody.clone(), usage, nobody.clone(), nobody]).await;
    reader.list(&domain()).await.unwrap();
    assert_eq!(reader.find(&address("anna@example.se")).await.unwrap().len(), 1);
    reader.usage(&address("anna@example.se")).await.unwrap();
    // Gone from the list, and so is its spelling.
    reader.list(&domain()).await.unwrap();
    assert_eq!(reader.find(&address("anna@example.se")).await, Ok(Vec::new()));
    let asked: Vec<_> = server.calls().iter().map(|call| call.rsplit("\r\n").next().unwrap().to_owned()).collect();
    assert_eq!(
        asked[1..],
        [
            r#"{"domainname":"example.se","filter":"Anna@Example.se"}"#,
            r#"{"domainname":"example.se","filter":"anna@example.se"}"#,
            r#"{"emailaccount":"Anna@Example.se"}"#,
            r#"{"domainname":"example.se"}"#,
            r#"{"domainname":"example.se","filter":"anna@example.se"}"#,
        ]
    );
}

#[tokio::test]
async fn the_overview_reads_every_page() {
    let meta = r#","meta":{"page":1,"total":"5","perpage":2}"#;
    let (server, reader) =
        reading(vec![page(&["a.se", "b.se"], meta), page(&["c.se", "-"], meta), page(&["e.se"], meta)]).await;
    let overview = reader.overview().await.unwrap();
    let names: Vec<&str> = overview.domains.iter().map(|d| d.name.as_str()).collect();
    assert_eq!(names, ["a.se", "b.se", "c.se", "e.se"]);
    assert_eq!((overview.domains[0].accounts, overview.domains[0].aliases), (Some(2), Some(3)));
    let counts = overview.counts_of(&overview.domains[0].name).unwrap();
    assert_eq!(
        counts,
        ProjectCounts { accounts: Some(4), max_accounts: Some(100), aliases: Some(6), max_aliases: None }
    );
    let calls = server.calls();
    assert_eq!(calls.len(), 3);
    assert!(calls[0].ends_with(r#"{"page":1}"#) && calls[2].ends_with(r#"{"page":3}"#));
}

#[tokio::test]
async fn a_wrong_total_does_not_make_the_overview_loop() {
    for (meta, calls) in [
        (r#","meta":{"total":1000000,"perpage":1}"#, 2),
        (r#","meta":{"total":18446744073709551615}"#, 2),
        (r#","meta":{"total":-1,"perpage":-1}"#, 2),
        (r#","meta":{"total":0,"perpage":30}"#, 2),
        (r#","meta":{"total":1,"perpage":30}"#, 1),
        (r#","meta":{"perpage":1}"#, 2),
        (r#","meta":null"#, 2),
        (r#","meta":[]"#, 2),
        ("", 2),
    ] {
        let (server, reader) = reading(vec![page(&["a.se"], meta)]).await;
        assert_eq!(reader.overview().await.unwrap().domains.len(), 1, "{meta}");
        assert_eq!(server.calls().len(), calls, "{meta}");
    }
}

#[tokio::test]
async fn pages_are_read_on_where_glesys_does_not_say_how_many_there_are() {
    for meta in ["", r#","meta":false"#, r#","meta":{"total":1}"#, r#","meta":{"total":"?","perpage":null}"#] {
        let (_server, reader) =
            reading(vec![page(&["a.se", "b.se"], meta), page(&["c.se"], meta), page(&[], meta)]).await;
        assert_eq!(reader.overview().await.unwrap().domains.len(), 3, "{meta}");
    }
}

#[tokio::test]
async fn no_count_of_glesys_hides_later_pages() {
    for metas in [
        [r#"{"total":5,"perpage":100}"#; 3],
        [r#"{"perpage":100}"#; 3],
        [r#"{"perpage":3}"#; 3],
        [r#"{"total":1,"perpage":2}"#; 3],
        [r#"{"total":1000000,"perpage":2}"#; 3],
    ] {
        let pages = [&["a.se", "b.se"][..], &["A.SE", "c.se", "d.se"], &["e.se"]];
        let mut answers: Vec<_> = pages.iter().zip(metas).map(|(p, m)| page(p, &format!(r#","meta":{m}"#))).collect();
        answers.push(envelope("400 Bad Request", "400", "No such page", ""));
        let (_server, reader) = reading(answers).await;
        let overview = reader.overview().await.unwrap();
        let names: Vec<&str> = overview.domains.iter().map(|domain| domain.name.as_str()).collect();
        assert_eq!(names, ["a.se", "b.se", "c.se", "d.se", "e.se"], "{metas:?}");
    }
}

#[tokio::test]
async fn a_total_of_one_full_page_hides_no_other() {
    let names: Vec<String> = (0..31).map(|n| format!("d{n}.se")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    for meta in [r#","meta":{"total":30,"perpage":30}"#, r#","meta":{"total":30}"#] {
        let answers = vec![page(&names[..30], meta), page(&names[30..], r#","meta":{"total":1}"#), page(&[], meta)];
        let (_server, reader) = reading(answers).await;
        assert_eq!(reader.overview().await.unwrap().domains.len(), 31, "{meta}");
    }
}

#[tokio::test]
async fn a_page_that_does_not_come_is_no_end() {
    for (status, code) in [("500 Oops", "500"), ("429 Slow down", "429"), ("403 No", "403")] {
        let (_server, reader) = reading(vec![page(&["a.se"], ""), envelope(status, code, "No", "")]).await;
        assert!(reader.overview().await.is_err(), "{status}");
    }
    let (_server, reader) = reading(vec![envelope("400 Bad Request", "400", "No", "")]).await;
    assert!(reader.overview().await.is_err(), "the first page");
}

#[tokio::test]
async fn a_domain_that_cannot_be_read_costs_that_domain_alone() {
    let rows = r#"{"domainname":"a.se","accounts":1,"displayname":"half \ud800"},7,"x",{"domainname":"b\udc00.se"},
        {"domainname":"c.se","accounts":"?"}"#;
    let overview = format!(r#","overview":{{"summary":"","domains":[{rows}],"meta":{{"total":5,"perpage":30}}}}"#);
    let answer = ok(&overview);
    let place = answer.windows(4).position(|part| part == b"half").unwrap();
    let latin = [&answer[..place], b"h\xE5lf", &answer[place + 4..]].concat();
    for answer in [answer, latin] {
        let (_server, reader) = reading(vec![answer]).await;
        let overview = reader.overview().await.unwrap();
        let names: Vec<&str> = overview.domains.iter().map(|domain| domain.name.as_str()).collect();
        assert_eq!(names, ["a.se", "c.se"]);
        let counts: Vec<_> = overview.domains.iter().map(|domain| (domain.accounts, domain.aliases)).collect();
        assert_eq!(counts, [(Some(1), None), (None, None)]);
        let counts = overview.counts_of(&overview.domains[0].name);
        assert_eq!(counts, Some(ProjectCounts::default()), "what is not told is not nought");
    }
}

#[tokio::test]
async fn a_field_that_is_no_unicode_costs_no_row_and_no_other_list() {
    for name in [r"\x41", "a\u{1}b", r"\'"] {
        let row = format!(r#"{{"emailaccount":"a@example.se","displayname":"{name}"}}"#);
        let (_server, reader) = reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{row}]}}"#))]).await;
        assert_eq!(reader.list(&domain()).await.unwrap().mailboxes.len(), 1, "{name}");
    }
    let rows = r#"{"emailaccount":"a@example.se","displayname":"half \ud800"},{"emailaccount":"\ud800@example.se"}"#;
    for aliases in ["false", "\"\"", "null", "[]"] {
        let list = format!(r#","list":{{"emailaccounts":[{rows}],"emailaliases":{aliases}}}"#);
        let (_server, reader) = reading(vec![ok(&list)]).await;
        let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
        let [Mailbox::Account(a)] = mailboxes.as_slice() else { panic!("{mailboxes:?}") };
        assert_eq!((a.display_name.as_str(), left_out.len()), ("half \u{FFFD}", 1), "{aliases}");
    }
}

#[tokio::test]
async fn an_answer_that_is_oddly_empty_or_lists_one_thing_is_read() {
    for list in ["false", "\"\"", "null", "[]", "{}", "0"] {
        let (_server, reader) = reading(vec![ok(&format!(r#","list":{list}"#))]).await;
        let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
        assert!(mailboxes.is_empty() && left_out.is_empty(), "{list}");
    }
    let list = r#","list":{"emailaccounts":{"emailaccount":"a@example.se","quotaingib":2},
        "emailaliases":{"emailalias":"b@example.se","goto":"a@example.se"}}"#;
    let (_server, reader) = reading(vec![ok(list)]).await;
    let Listed { mailboxes, left_out } = reader.list(&domain()).await.unwrap();
    let addresses: Vec<_> = mailboxes.iter().map(|mailbox| mailbox.address().as_str()).collect();
    assert_eq!((addresses, left_out.len()), (vec!["a@example.se", "b@example.se"], 0));
}

#[tokio::test]
async fn an_answer_without_its_payload_is_not_an_empty_one() {
    let (_server, reader) = reading(vec![ok("")]).await;
    assert_eq!(reader.list(&domain()).await.unwrap_err().why().name(), "unusable_answer");
    assert_eq!(reader.overview().await.unwrap_err().why().name(), "unusable_answer");
    assert_eq!(probe(&reader).await.unwrap_err().why().name(), "unusable_answer");
}

#[tokio::test]
async fn a_domain_of_5_000_accounts_is_read_quickly() {
    let mut rows = String::new();
    for number in 0..5_000 {
        let account = ACCOUNT.replace("Anna@", &format!("anna{number}@"));
        let _ = write!(rows, "{}{account}", if number == 0 { "" } else { "," });
    }
    let (_server, reader) =
        reading(vec![ok(&format!(r#","list":{{"emailaccounts":[{rows}],"emailaliases":[]}}"#))]).await;
    let begun = tokio::time::Instant::now();
    assert_eq!(reader.list(&domain()).await.unwrap().mailboxes.len(), 5_000);
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_read_has_a_cap() {
    let server = Scripted::start().await;
    let head = b"HTTP/1.1 200 OK\r\n\r\n".to_vec();
    server.follow(vec![vec![Step::Hear, Step::Say(head), Step::Babble(vec![b' '; 65_536])]]);
    let reader = Reader::new(&[server.connection()], &patient()).unwrap();
    assert_eq!(probe(&reader).await.unwrap_err().why().name(), "answer_too_large");
}

#[tokio::test]
async fn a_read_connects_twice_but_is_asked_once() {
    let server = Scripted::start().await;
    server.follow(vec![vec![]]);
    let plain = Reader::new(&[server.connection()], &patient()).unwrap();
    assert_eq!(probe(&plain).await.unwrap_err().why().name(), "connection_lost");
    assert_eq!(server.calls().len(), 1);
    let encrypted = Reader::new(&[server.reached_by("https")], &patient()).unwrap();
    assert_eq!(probe(&encrypted).await.unwrap_err().why().state(), OperationState::NotSent);
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn a_read_ends_in_time_though_it_connects_twice() {
    let server = Scripted::start().await;
    server.follow(vec![vec![Step::Hang]]);
    let timing = Timing::default().faster(20);
    let connection: Connection = server.reached_by("https");
    let begun = tokio::time::Instant::now();
    let error = probe(&Reader::new(&[connection], &timing).unwrap()).await.unwrap_err();
    assert_eq!(error.why().name(), "connect");
    assert!(begun.elapsed() >= timing.reader.connect * 2, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn an_error_names_its_function_and_codes() {
    let (_server, reader) =
        reading(vec![envelope("500 Oops", "606", "Server Locked", ""), http("404 X", "", b"")]).await;
    let error = probe(&reader).await.unwrap_err();
    assert_eq!(error.function().name, "email/overview");
    assert!(matches!(error, Error::Unknown { http: Some(500), code: Some(606), .. }), "{error:?}");
    assert_eq!(reader.list(&domain()).await.unwrap_err().why().name(), "not_the_api");
}

#[tokio::test]
async fn costs_come_as_numbers_or_texts_and_any_part_may_be_missing() {
    let whole = r#","costs":{"quota":{"amount":"312","cost":{"amount":624.5,"currency":"SEK"}},"accounts":{"amount":12,
        "cost":{"amount":"120.00","currency":null}}},"pricelist":{"quota":{"amount":"2.00","currency":"SEK","unit":"GiB",
        "freeamount":0},"accounts":{"amount":10,"currency":"SEK","unit":"account","freeamount":"5"}}"#;
    let part = r#","costs":{"quota":{"amount":"<b>"},"accounts":null},"pricelist":null"#;
    let (server, reader) = reading(vec![ok(whole), ok(part), ok(r#","costs":null"#)]).await;
    let label = server.connection().label;
    reader.read_costs().await.unwrap();
    let (costs, _) = reader.last_costs(&label).unwrap();
    assert!(server.calls()[0].contains("/email/costs"));
    let told = |amount: &Option<Amount>| amount.as_ref().map(|amount| amount.as_str().to_owned()).unwrap();
    assert_eq!((told(&costs.storage.used), told(&costs.storage.included)), ("312".to_owned(), "0".to_owned()));
    let in_all = costs.storage.in_all.unwrap();
    assert_eq!((in_all.amount.as_str(), in_all.currency.as_str()), ("624.5", "SEK"));
    assert_eq!((told(&costs.accounts.used), told(&costs.accounts.included)), ("12".to_owned(), "5".to_owned()));
    let price = costs.accounts.price.unwrap();
    assert_eq!((price.amount.as_str(), costs.accounts.unit.as_str()), ("10", "account"));
    assert_eq!(costs.accounts.in_all.unwrap().currency, "");
    reader.read_costs().await.unwrap();
    assert_eq!(reader.last_costs(&label).unwrap().0, Costs::default(), "nothing of it is an amount");
    assert!(reader.read_costs().await.is_err(), "no costs at all are no answer");
}
