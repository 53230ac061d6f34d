//! People at browsers, over real sockets. What a person does can fail at any moment, because the panel may be dead.

use std::sync::Arc;

use scraper::{Html, Selector};

use super::forms::Form;

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub location: String,
    /// Whether the page looks again by itself: what it tells of is not at its end.
    pub refreshes: bool,
    /// The session's new cookie, where there is one.
    pub cookie: Option<String>,
    pub body: String,
}

/// Somebody who is signed in. A clone is another tab of the same browser.
#[derive(Clone)]
pub struct Person {
    pub name: Arc<str>,
    client: reqwest::Client,
    /// Where the panel can be reached; the first is the public address.
    ports: Arc<[u16]>,
    cookie: Arc<str>,
}

pub type Answered = Result<Answer, reqwest::Error>;

/// How a browser marks what a person navigates to.
const NAVIGATES: [(&str, &str); 3] =
    [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "document"), ("sec-fetch-site", "same-origin")];

impl Person {
    pub async fn signs_in(ports: &[u16], name: &str, password: &str) -> Self {
        let nobody = Self::nobody(ports, name);
        nobody.comes_back(password).await.unwrap().unwrap_or_else(|| panic!("{name} can't sign in"))
    }

    /// Somebody who is not signed in.
    fn nobody(ports: &[u16], name: &str) -> Self {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy();
        let client = client.timeout(std::time::Duration::from_secs(45)).build().unwrap();
        Self { name: name.into(), client, ports: ports.into(), cookie: "".into() }
    }

    /// Signs in, if that is allowed.
    pub async fn comes_back(&self, password: &str) -> Result<Option<Self>, reqwest::Error> {
        let (name, nobody) = (&self.name, self.signed_out());
        let form = format!("name={name}&password={password}");
        let answer = answer(nobody.request(0, "POST", "/sign-in").body(form).send().await?).await?;
        Ok(answer.cookie.map(|cookie| self.with_cookie(&cookie)))
    }

    /// The same browser with another cookie of the session.
    pub fn with_cookie(&self, cookie: &str) -> Self {
        Self { cookie: format!("nyckel={cookie}").into(), ..self.clone() }
    }

    /// The port of the panel's public address.
    pub fn public_port(&self) -> u16 {
        self.ports[0]
    }

    /// Somebody else, at the same panel.
    pub async fn colleague(&self, name: &str) -> Self {
        Self::signs_in(&self.ports, name, super::stage::PASSWORD).await
    }

    /// The same browser without its cookie.
    pub fn signed_out(&self) -> Self {
        Self { cookie: "".into(), ..self.clone() }
    }

    /// The session's cookie.
    pub fn cookie(&self) -> &str {
        self.cookie.split_once('=').map_or("", |(_, value)| value)
    }

    /// A request to one of the replicas, whichever number is given.
    fn request(&self, replica: usize, method: &str, path: &str) -> reqwest::RequestBuilder {
        let (port, public) = (self.ports[replica % self.ports.len()], self.ports[0]);
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let request = self.client.request(method, format!("http://127.0.0.1:{port}{path}"));
        let request = request.header("host", format!("127.0.0.1:{public}")).header("cookie", &*self.cookie);
        let request = request.header("origin", format!("http://127.0.0.1:{public}"));
        NAVIGATES
            .iter()
            .fold(request, |request, (name, value)| request.header(*name, *value))
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// Looks at a page.
    pub async fn visits(&self, replica: usize, path: &str) -> Answered {
        answer(self.request(replica, "GET", path).send().await?).await
    }

    /// Fetches a page as something that is no navigation of a person's.
    pub async fn fetches(&self, replica: usize, method: &str, path: &str, header: (&str, &str)) -> Answered {
        let mut request = self.request(replica, method, path).build()?;
        request
            .headers_mut()
            .insert(reqwest::header::HeaderName::from_bytes(header.0.as_bytes()).unwrap(), header.1.parse().unwrap());
        answer(self.client.execute(request).await?).await
    }

    /// Opens a page that asks for a change; the form that it holds, or what the page said instead.
    pub async fn opens(&self, replica: usize, path: &str) -> Result<Result<Form, Answer>, reqwest::Error> {
        let page = self.visits(replica, path).await?;
        Ok(Form::on(&page.body).ok_or(page))
    }

    /// Opens the page that asks whether to reset an account's password.
    pub async fn opens_reset(&self, replica: usize, address: &str) -> Result<Result<Form, Answer>, reqwest::Error> {
        self.opens(replica, &format!("/accounts/{address}/reset")).await
    }

    /// Posts a form.
    pub async fn posts(&self, replica: usize, form: &Form) -> Answered {
        answer(self.request(replica, "POST", &form.action).body(form.body()).send().await?).await
    }

    /// Looks at a result until it is not running any more.
    pub async fn reads(&self, replica: usize, path: &str) -> Answered {
        loop {
            let page = self.visits(replica, path).await?;
            if !page.refreshes {
                return Ok(page);
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

async fn answer(response: reqwest::Response) -> Answered {
    let location = response.headers().get("location").map_or("", |location| location.to_str().unwrap()).to_owned();
    let mut cookies = response.headers().get_all("set-cookie").iter().map(|cookie| cookie.to_str().unwrap());
    let cookie = cookies.find_map(|cookie| cookie.strip_prefix("nyckel=")?.split(';').next().map(ToOwned::to_owned));
    let (status, body) = (response.status().as_u16(), response.text().await?);
    let refreshes = body.contains(r#"class="working""#);
    Ok(Answer { status, location, refreshes, cookie, body })
}

impl Answer {
    /// The password on the page, character for character.
    pub fn password(&self) -> Option<String> {
        if self.status != 201 {
            return None;
        }
        let html = Html::parse_document(&self.body);
        let text = |id: &str| html.select(&Selector::parse(id).unwrap()).next().map(|code| code.text().collect());
        let (password, link): (Option<String>, Option<String>) = (text("code#password"), text("code#link"));
        assert!(password.is_some() != link.is_some(), "a 201 without a password or a link: {}", self.body);
        password
    }
}
