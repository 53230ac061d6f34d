//! A panel in memory for the targets that need a whole one: no socket, a database in a folder that goes with the run.

use std::sync::LazyLock;

use axum::body::Body;
use axum::http::{Request, Response};
use nyckel::access::Gate;
use nyckel::config::{Config, Needs};
use nyckel::glesys::Timing;
use nyckel::model::{Clock, Domains, Entropy, Grant, NewStaff, Role, StaffName};
use nyckel::server::{self, Built, Service};
use nyckel::simulator::{DEMO_KEY, PROJECT, Simulator, State};
use nyckel::store::Purpose;
use tokio::net::TcpListener;
use tokio::runtime::Runtime;
use tower::ServiceExt;

/// A panel with one operator, signed in.
pub struct Panel {
    pub runtime: Runtime,
    pub glesys: Simulator,
    /// The operator's, as the browser sends it.
    pub cookie: String,
    service: Service,
}

/// The one panel of this run.
pub static PANEL: LazyLock<Panel> = LazyLock::new(Panel::open);

const NAME: &str = "operator";
const PASSWORD: &str = "four words of a story";

impl Panel {
    fn open() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        let (glesys, service) = runtime.block_on(Box::pin(build()));
        let mut panel = Self { runtime, glesys, cookie: String::new(), service };
        let answer = panel.answers("POST", "/sign-in", b"", format!("name={NAME}&password={PASSWORD}").into_bytes());
        let mut cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let cookie = cookies.find(|cookie| cookie.starts_with("nyckel=")).and_then(|cookie| cookie.split(';').next());
        panel.cookie = cookie.expect("a cookie").to_owned();
        panel
    }

    /// Answers a request as a browser of our own pages sends it, with these bytes as its cookies.
    pub fn answers(&self, method: &str, path: &str, cookie: &[u8], body: Vec<u8>) -> Response<Body> {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "127.0.0.1:8080")
            .header("origin", "http://127.0.0.1:8080")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("cookie", cookie)
            .body(body.into())
            .expect("a request");
        let Ok(answer) = self.runtime.block_on(self.service.clone().oneshot(request));
        assert!(!answer.status().is_server_error(), "{} at {method} {path}", answer.status());
        answer
    }
}

async fn build() -> (Simulator, Service) {
    let (clock, entropy) = (Clock::system(), Entropy::new(|bytes| aws_lc_rs::rand::fill(bytes).expect("randomness")));
    let glesys = Simulator::new(State::empty().account("anna@example.se"), clock.clone(), entropy.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = glesys.clone();
    tokio::spawn(async move { serving.serve(listener, std::future::pending()).await });
    let dir = tempfile::tempdir().expect("a folder").keep().join("data");
    let vars = [
        ("NYCKEL_DATA_DIR", dir.display().to_string()),
        ("NYCKEL_GLESYS_URL", format!("http://{address}")),
        ("NYCKEL_GLESYS_PROJECT", PROJECT.to_owned()),
        ("NYCKEL_GLESYS_API_KEY", DEMO_KEY.to_owned()),
        // Nobody here answers questions.
        ("NYCKEL_FRESH_SIGN_IN", "0".to_owned()),
    ];
    let vars = vars.map(|(name, value)| (name.to_owned(), value));
    let config = Config::read(vars, Needs::Everything, &entropy).expect("a configuration");
    let store = server::open_store(&config, Purpose::Serve, clock.clone(), entropy.clone()).await.expect("a store");
    let book = server::staff_book(&config, store.clone(), clock.clone(), entropy.clone());
    let can = Gate::of_the_command_line().expect("a gate").can().expect("a right");
    let grant = Grant { role: Role::Operator, domains: Domains::All };
    let name = StaffName::parse(NAME).expect("a name");
    let new = NewStaff { name, display_name: None, grants: vec![grant] };
    book.add(&can, &new, PASSWORD.to_owned().into()).await.expect("an operator");
    let built = Built::new(&config, store, &Timing::default(), clock, entropy).expect("a panel");
    assert!(built.app.directory.read_all().await);
    (glesys, server::panel(&built))
}
