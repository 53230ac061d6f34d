//! What owners of mailboxes enter in their mail programs: told by staff, and open to anybody without telling anything else.

use axum::body::Body;
use axum::http::Request;
use nyckel::model::Role;
use nyckel::simulator::State;
use roxmltree::{Document, Node, ParsingOptions};

use crate::stage::{Page, Panel, Person, Stage, panel};

const PUBLIC: &str = "/client-settings/example.se";
const AUTOCONFIG: [&str; 2] = ["/mail/config-v1.1.xml", "/.well-known/autoconfig/mail/config-v1.1.xml"];

/// A panel that nobody has told of any mail server.
fn untold() -> Stage {
    Stage::usual().with("NYCKEL_MAIL_IMAP", "").with("NYCKEL_MAIL_SMTP", "")
}

/// The document as a strict reader takes it.
fn parse(page: &Page) -> Document<'_> {
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(&page.body, options).unwrap_or_else(|error| panic!("{error}: {}", page.body))
}

/// What stands after a key of a property list, as text or as the name of an element.
fn value<'a>(dict: Node<'a, '_>, key: &str) -> Option<&'a str> {
    let mut elements = dict.children().filter(Node::is_element);
    elements.find(|node| node.has_tag_name("key") && node.text() == Some(key))?;
    let value = elements.next()?;
    Some(value.text().unwrap_or_else(|| value.tag_name().name()))
}

fn account<'a>(profile: &'a Document<'_>) -> Node<'a, 'a> {
    profile.descendants().filter(|node| node.has_tag_name("dict")).nth(1).unwrap()
}

fn texts<'a>(document: &'a Document<'_>, name: &str) -> Vec<&'a str> {
    document.descendants().filter(|node| node.has_tag_name(name)).filter_map(|node| node.text()).collect()
}

async fn asks(panel: &Panel, host: &str, path: &str) -> Page {
    panel.answers(Request::get(path).header("host", host).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn staff_read_out_what_the_owner_enters() {
    let panel = Stage::usual().with("NYCKEL_MAIL_WEBMAIL", "https://webmail.example.se/?a=1&b=2").opens().await;
    let eva = panel.viewer("eva").await;
    let page = eva.visits("/accounts/anna@example.se").await;
    let page = eva.clicks(&page, "Mail app settings").await;
    page.must_say(
        200,
        &["User name anna@example.se", "Incoming mail (IMAP) Server imap.example.net Port 993 Security SSL/TLS"],
    );
    page.must_say(200, &["Outgoing mail (SMTP) Server smtp.example.net Port 587 Security STARTTLS"]);
    assert_eq!(page.link("https://webmail.example.se/?a=1&b=2").unwrap(), "https://webmail.example.se/?a=1&b=2");
    let link = page.text("#settings-link");
    assert_eq!(link, format!("{}client-settings/example.se", panel.config.public_url));
    assert!(page.has("svg.qr path[d^=M]"));
    let text = page.text("#settings-text");
    assert!(
        text.contains("Outgoing mail (SMTP): smtp.example.net, port 587, STARTTLS") && text.ends_with(&link),
        "{text}"
    );
}

#[tokio::test]
async fn the_caller_is_told_where_the_settings_are() {
    let panel = panel().await;
    let eva = panel.operator("eva").await;
    let page = eva.resets("anna@example.se").await;
    let told = page.text("#caller-text");
    assert!(told.ends_with(&format!("are at {}client-settings/example.se", panel.config.public_url)), "{told}");
    let aside = page.text("#caller-text > [hidden]");
    let said = told.strip_suffix(&aside).unwrap();
    assert!(said.matches('.').count() == 3 && !said.contains("http"), "three sentences are said: {said}");
    let password = page.password().unwrap();
    let page = eva.clicks(&page, "Mail app settings (new tab)").await;
    page.must_say(200, &["Mail app settings for anna@example.se", "never shown here"]);
    assert!(!page.body.contains(&password));
    assert_eq!(page.texts("dd").iter().filter(|text| text.contains("never shown here")).count(), 1);
}

#[tokio::test]
async fn where_nothing_is_configured_admins_are_told_what_to_set_and_others_are_not_led_there() {
    let panel = untold().opens().await;
    let eva = panel.operator("eva").await;
    assert!(eva.visits("/accounts/anna@example.se").await.link("Mail app settings").is_none());
    let page = eva.visits("/accounts/anna@example.se/client-settings").await;
    page.must_say(200, &["No mail servers have been set up.", "Ask the person who runs the panel."]);
    assert!(!page.says("NYCKEL_"));
    let page = eva.resets("anna@example.se").await;
    assert!(!page.text("#caller-text").contains("http") && page.link("Mail app settings (new tab)").is_none());
    let admin = panel.admin("admin").await;
    let page = admin.visits("/accounts/anna@example.se").await;
    let page = admin.clicks(&page, "Mail app settings").await;
    page.must_say(200, &["NYCKEL_MAIL_IMAP=mail.example.se:993/tls NYCKEL_MAIL_SMTP=mail.example.se:465/tls"]);
    for path in
        [PUBLIC, "/client-settings/example.se/email.mobileconfig", "/client-settings/example.se/config-v1.1.xml"]
    {
        assert_eq!(Person::stranger(&panel).visits(path).await.status, 404, "{path}");
    }
    assert_eq!(eva.visits("/accounts/anna@example.se/client-settings/email.mobileconfig").await.status, 404);
}

#[tokio::test]
async fn an_alias_and_an_address_that_is_none_have_no_client_settings() {
    let panel = panel().await;
    let eva = panel.viewer("eva").await;
    assert_eq!(eva.visits("/accounts/info@example.se/client-settings").await.at, "/aliases/info@example.se");
    eva.visits("/accounts/nobody@example.se/client-settings").await.must_say(404, &["No such email account"]);
}

#[tokio::test]
async fn the_public_page_needs_no_sign_in_and_names_nobody() {
    let panel = panel().await;
    let page = Person::stranger(&panel).visits(PUBLIC).await;
    page.must_say(200, &["Email settings", "Your whole email address", "imap.example.net", "smtp.example.net"]);
    assert!(!page.body.contains("anna") && !page.has("header") && !page.has("input"));
    assert_eq!(page.header("set-cookie"), "");
    assert_eq!(page.header("cache-control"), "public, max-age=300");
    assert_eq!(page.header("vary"), "accept-language");
    let swedish = Person::stranger(&panel).reading("sv").visits(PUBLIC).await;
    swedish.must_say(200, &["E-postinställningar", "Hela din e-postadress"]);
    let signed_in = panel.admin("admin").await.visits(PUBLIC).await;
    assert_eq!(signed_in.body, page.body, "a cache may give it to anybody");
}

#[tokio::test]
async fn a_stranger_can_not_tell_which_domains_and_accounts_there_are() {
    let panel = panel().await;
    let stranger = Person::stranger(&panel);
    let page = stranger.visits(PUBLIC).await;
    let other = stranger.visits("/client-settings/call-0700-123456.example").await;
    assert_eq!(other.status, 200);
    let same = |page: &Page, domain: &str| page.body.replace(domain, "DOMAIN");
    assert_eq!(same(&page, "example.se"), same(&other, "call-0700-123456.example"));
    assert!(!other.says("call-0700"), "nobody's text is shown");
    let mut answers = vec![];
    for address in ["anna@example.se", "info@example.se", "nobody@example.se", "<script>@example.se", "@example.se"] {
        let address: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
        answers.push(stranger.visits(&format!("{}?emailaddress={address}", AUTOCONFIG[0])).await);
    }
    assert!(answers.iter().all(|answer| answer.status == 200 && answer.body == answers[0].body));
    assert!(!answers[0].body.contains("anna"));
    let calls = panel.glesys.calls().len();
    stranger.visits(PUBLIC).await;
    assert_eq!(panel.glesys.calls().len(), calls, "GleSYS is not asked");
}

#[tokio::test]
async fn settings_need_neither_glesys_nor_the_database() {
    let panel = Stage::usual().opens_without_glesys().await;
    panel.built.store.close().await;
    for path in
        [PUBLIC, "/client-settings/example.se/email.mobileconfig", "/client-settings/example.se/config-v1.1.xml"]
    {
        assert_eq!(Person::stranger(&panel).visits(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn an_apple_device_takes_the_profile_and_asks_for_the_rest() {
    let panel = panel().await;
    let stranger = Person::stranger(&panel);
    let page = stranger.visits(PUBLIC).await;
    let answer = stranger.clicks(&page, "Download the profile").await;
    assert_eq!(answer.header("content-type"), "application/x-apple-aspen-config");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    let profile = parse(&answer);
    let root = profile.root_element().first_element_child().unwrap();
    assert_eq!(value(root, "PayloadType"), Some("Configuration"));
    assert_eq!(value(root, "PayloadDisplayName"), Some("Email at example.se"));
    let mail = account(&profile);
    for (key, expected) in [
        ("PayloadType", "com.apple.mail.managed"),
        ("EmailAccountType", "EmailTypeIMAP"),
        ("IncomingMailServerHostName", "imap.example.net"),
        ("IncomingMailServerPortNumber", "993"),
        ("IncomingMailServerUseSSL", "true"),
        ("IncomingMailServerAuthentication", "EmailAuthPassword"),
        ("OutgoingMailServerHostName", "smtp.example.net"),
        ("OutgoingMailServerPortNumber", "587"),
        ("OutgoingMailServerUseSSL", "true"),
        ("OutgoingPasswordSameAsIncomingPassword", "true"),
    ] {
        assert_eq!(value(mail, key), Some(expected), "{key}");
    }
    for key in ["EmailAddress", "IncomingMailServerUsername", "IncomingPassword", "OutgoingPassword"] {
        assert_eq!(value(mail, key), None, "{key}");
    }
    let id = value(root, "PayloadUUID").unwrap();
    let again = stranger.visits("/client-settings/Example.SE/email.mobileconfig").await;
    assert_eq!(again.body, answer.body, "the same at every time");
    let other = stranger.visits("/client-settings/example.com/email.mobileconfig").await;
    assert!(id.len() == 36 && !other.body.contains(id), "{id}");
    assert_ne!(value(mail, "PayloadUUID"), Some(id));
}

#[tokio::test]
async fn staff_get_a_profile_with_the_address_whatever_characters_it_has() {
    let address = "a'&{b}`|~c/d@räksmörgås.se";
    let ascii = "a'&{b}`|~c/d@xn--rksmrgs-5wao1o.se";
    let panel = Stage::of(State::empty().account(ascii)).opens().await;
    let eva = Person::hired(&panel, "eva", &[(Role::Viewer, "räksmörgås.se")]).await;
    eva.signs_in().await;
    let path: String = url::form_urlencoded::byte_serialize(address.as_bytes()).collect();
    let page = eva.visits(&format!("/accounts/{path}/client-settings")).await;
    page.must_say(200, &[&format!("User name {ascii}")]);
    assert!(page.text("#settings-text").contains(ascii));
    let answer = eva.clicks(&page, "Profile for Apple devices").await;
    let profile = parse(&answer);
    assert_eq!(value(account(&profile), "EmailAddress"), Some(ascii));
    assert_eq!(value(account(&profile), "IncomingMailServerUsername"), Some(ascii));
    assert_eq!(value(account(&profile), "EmailAccountDescription"), Some("räksmörgås.se"));
    assert_eq!(answer.header("cache-control"), "no-store");
}

#[tokio::test]
async fn thunderbird_finds_the_servers_under_names_of_the_mail_domain() {
    let stage = Stage::usual().with("NYCKEL_PUBLIC_URL", "https://intra.example/post/nyckel/");
    let stage = stage.with("NYCKEL_MAIL_POP3", "imap.example.net:995/tls");
    let panel = stage.with("NYCKEL_MAIL_WEBMAIL", "https://webmail.example.se/?a=1&b='\"<x>").opens().await;
    let names = ["autoconfig.example.se", "example.se", "intra.example"];
    for (host, path) in names.iter().flat_map(|host| AUTOCONFIG.map(|path| (*host, path))) {
        let answer = asks(&panel, host, &format!("{path}?emailaddress=anna%40example.se")).await;
        assert_eq!(answer.header("content-type"), "application/xml; charset=utf-8", "{host} {path}");
        let config = parse(&answer);
        let provider = config.root_element().first_element_child().unwrap();
        assert_eq!(
            (config.root_element().attribute("version"), provider.attribute("id")),
            (Some("1.1"), Some("example.se"))
        );
        assert_eq!(texts(&config, "domain"), ["example.se"]);
        let kinds: Vec<_> = provider.children().filter_map(|node| node.attribute("type")).collect();
        assert_eq!(kinds, ["imap", "pop3", "smtp"]);
        assert_eq!(texts(&config, "hostname"), ["imap.example.net", "imap.example.net", "smtp.example.net"]);
        assert_eq!(texts(&config, "port"), ["993", "995", "587"]);
        assert_eq!(texts(&config, "socketType"), ["SSL", "SSL", "STARTTLS"]);
        assert_eq!(texts(&config, "username"), ["%EMAILADDRESS%"; 3]);
        let login = config.descendants().find(|node| node.has_tag_name("loginPage")).unwrap();
        assert_eq!(login.attribute("url"), Some("https://webmail.example.se/?a=1&b=%27%22%3Cx%3E"));
        assert!(!answer.body.contains("intra.example"), "a stranger does not learn where the panel is");
    }
    // Without an address it is the domain under whose name they ask.
    for host in ["autoconfig.example.se", "AutoConfig.Example.se.:443", "example.se"] {
        for path in
            AUTOCONFIG.iter().flat_map(|path| [(*path).to_owned(), format!("{path}?emailaddress=%25EMAILADDRESS%25")])
        {
            let config = asks(&panel, host, &path).await;
            assert_eq!(texts(&parse(&config), "domain"), ["example.se"], "{host} {path}");
        }
    }
    assert_eq!(asks(&panel, "localhost", AUTOCONFIG[0]).await.status, 404);
    for said in ["", "anna", "%20"] {
        let path = format!("/mail/config-v1.1.xml?emailaddress={said}");
        assert_eq!(asks(&panel, "autoconfig.example.se", &path).await.status, 200, "{path}");
    }
    let elsewhere = asks(&panel, "autoconfig.example.se", "/mail/config-v1.1.xml?emailaddress=a@b").await;
    assert_eq!(elsewhere.status, 404);
    for path in ["/post/nyckel/client-settings/example.se", "/post/nyckel/", "/post/nyckel/sign-in", "/mail/", "/"] {
        let status = asks(&panel, "autoconfig.example.se", path).await.status;
        assert!(status == 421, "{status} {path}: everything else is refused under a foreign name");
    }
    let post = Request::post(AUTOCONFIG[0]).header("host", "autoconfig.example.se").body(Body::empty()).unwrap();
    assert_eq!(panel.answers(post).await.status, 405);
}

#[tokio::test]
async fn a_domain_may_have_servers_of_its_own() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "[\"example.com\"]\nimap = \"mail.example.com:143/starttls\"\n").unwrap();
    let panel = Stage::usual().with("NYCKEL_MAIL_DOMAINS_FILE", file.path().to_str().unwrap()).opens().await;
    let stranger = Person::stranger(&panel);
    let own = stranger.visits("/client-settings/example.com").await;
    own.must_say(200, &["Server mail.example.com Port 143 Security STARTTLS", "Server smtp.example.net"]);
    stranger.visits(PUBLIC).await.must_say(200, &["Server imap.example.net"]);
    let config = stranger.visits("/client-settings/example.com/config-v1.1.xml").await;
    assert_eq!(texts(&parse(&config), "socketType"), ["STARTTLS", "STARTTLS"]);
}

#[tokio::test]
async fn what_strangers_put_into_the_links_is_only_a_domain_or_nothing() {
    let panel = panel().await;
    let stranger = Person::stranger(&panel);
    for text in
        ["<script>alert(1)</script>.se", "a\"b.se", "a%0d%0ab.se", "..", "a b.se", "se", "'.se", "]]>.se", "&amp;.se"]
    {
        let text: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
        let text = text.replace('+', "%20");
        for path in ["", "/email.mobileconfig", "/config-v1.1.xml"] {
            let page = stranger.visits(&format!("/client-settings/{text}{path}")).await;
            assert_eq!(page.status, 404, "{text}{path}");
            assert_eq!(page.header("cache-control"), "no-store");
            assert!(!page.body.contains("alert"), "{}", page.body);
        }
        let page = stranger.visits(&format!("{}?emailaddress=anna@{text}", AUTOCONFIG[0])).await;
        assert_eq!(page.status, 404, "{text}");
    }
}

#[tokio::test]
async fn the_page_for_owners_says_whose_it_is_and_whom_to_call() {
    let stage = Stage::usual().with("NYCKEL_COMPANY", "Räksmörgås AB").with("NYCKEL_HELP_LINE", "08-123 45 67");
    let panel = stage.opens().await;
    let page = Person::stranger(&panel).visits(PUBLIC).await;
    page.must_say(200, &["Räksmörgås AB", "08-123 45 67"]);
    assert!(page.has("a[href^='tel:']"));
}
