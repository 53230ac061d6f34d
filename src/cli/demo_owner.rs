//! The demo's owner of a mailbox: a reset by link, which one of the demo's people makes through the panel's own pages, so
//! that what owners see on their phones can be looked at without a second person.

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Response};

/// Where the account is taken from, which no browser journey of the tests looks at.
const DOMAIN: &str = "example.org";

/// How often, a tenth of a second each, the reset's end is looked for.
const LOOKS: usize = 100;

/// A browser that knows one person.
struct Visitor {
    client: Client,
    panel: String,
    cookies: String,
}

/// Hands a new password over by link; tells the owner's address and code.
///
/// # Errors
///
/// Where the panel was told not to, for instance by `NYCKEL_HAND_OVER=shown`.
pub(super) async fn hands_over(panel: &str, name: &str, password: &str) -> anyhow::Result<(String, String)> {
    let client = Client::builder().redirect(Policy::none()).no_proxy().build()?;
    let mut visitor = Visitor { client, panel: panel.to_owned(), cookies: String::new() };
    let answer = visitor.sends("/sign-in", &[("name", name), ("password", password)]).await?;
    let cookies =
        answer.headers().get_all(SET_COOKIE).iter().filter_map(|cookie| cookie.to_str().ok()?.split(';').next());
    visitor.cookies = cookies.collect::<Vec<_>>().join("; ");

    let accounts = visitor.reads(&format!("/domains/{DOMAIN}")).await?;
    let account = between(&accounts, "href=\"/accounts/", "\"").context("no account")?;
    let reset = format!("/accounts/{account}/reset");
    let page = visitor.reads(&reset).await?;
    let token = between(&page, "name=\"token\" value=\"", "\"").context("no form")?;
    let answer = visitor.sends(&reset, &[("token", token), ("hand_over", "link"), ("ticket", "")]).await?;
    let result = answer.headers().get(LOCATION).context("not reset")?.to_str()?.to_owned();
    for _ in 0..LOOKS {
        if visitor.reads(&result).await?.contains("method=\"post\"") {
            let page = visitor.sends(&result, &[]).await?.text().await?;
            let link =
                between(&page, "id=\"link\" translate=\"no\" data-password data-secret>", "<").context("no link")?;
            let code = page.split("id=\"code\"").nth(1).context("no code")?.split("</code>").next().unwrap_or_default();
            let code = code.split("class=\"group\">").skip(1).filter_map(|group| group.split('<').next());
            return Ok((link.to_owned(), code.collect::<Vec<_>>().join(" ")));
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    bail!("the reset did not end")
}

impl Visitor {
    async fn reads(&self, path: &str) -> anyhow::Result<String> {
        let request = self.client.get(format!("{}{path}", self.panel)).header(COOKIE, &self.cookies);
        Ok(request.send().await?.text().await?)
    }

    async fn sends(&self, path: &str, fields: &[(&str, &str)]) -> anyhow::Result<Response> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self.client.post(format!("{}{path}", self.panel)).header(COOKIE, &self.cookies);
        let request = request.header(ORIGIN, &self.panel).header("content-type", "application/x-www-form-urlencoded");
        Ok(request.body(body).send().await?)
    }
}

fn between<'page>(page: &'page str, before: &str, after: &str) -> Option<&'page str> {
    page.split_once(before)?.1.split_once(after).map(|(found, _)| found)
}
