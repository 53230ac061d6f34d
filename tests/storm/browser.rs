//! Browsers of strangers, each of which can come from any network: the panel believes the proxy that they say they come through.

use reqwest::header::{COOKIE, SET_COOKIE};

use super::stage::Stage;

/// Somebody at a browser of their own, from a network of their own.
#[derive(Clone)]
pub struct Browser {
    client: reqwest::Client,
    port: u16,
    /// Where the panel says it is.
    public: u16,
}

impl Browser {
    pub fn request(&self, method: &str, path: &str, from: u64) -> reqwest::RequestBuilder {
        let method = reqwest::Method::from_bytes(method.as_bytes()).unwrap();
        let [.., b, c, d] = from.to_be_bytes();
        self.client
            .request(method, format!("http://127.0.0.1:{}{path}", self.port))
            .header("host", format!("127.0.0.1:{}", self.public))
            .header("origin", format!("http://127.0.0.1:{}", self.public))
            .header("sec-fetch-site", "same-origin")
            .header("x-forwarded-for", format!("10.{b}.{c}.{d}"))
            .header("content-type", "application/x-www-form-urlencoded")
    }

    /// The status of a try, and the cookies that came of it: the session's and the device's.
    pub async fn tries(&self, name: &str, password: &str, from: u64, cookies: &str) -> (u16, String, String) {
        let form = format!("name={name}&password={password}");
        let answer = self.request("POST", "/sign-in", from).header(COOKIE, cookies).body(form).send().await.unwrap();
        let set: Vec<&str> = answer.headers().get_all(SET_COOKIE).iter().map(|value| value.to_str().unwrap()).collect();
        let cookie = |name: &str| {
            let found = set.iter().find(|text| text.starts_with(name)).and_then(|text| text.split(';').next());
            found.unwrap_or_default().to_owned()
        };
        (answer.status().as_u16(), cookie("nyckel="), cookie("nyckel-device="))
    }
}

/// A browser at each panel.
pub fn browsers(stage: &Stage) -> Vec<Browser> {
    let public = stage.people[0].public_port();
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build().unwrap();
    stage.panels.iter().map(|panel| Browser { client: client.clone(), port: panel.port, public }).collect()
}
