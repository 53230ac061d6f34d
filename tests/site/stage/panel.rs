//! A panel over a database and a GleSYS of its own, under a clock that stands until a story turns it.

use std::fmt::Write;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use jiff::Timestamp;
use nyckel::config::{self, Config, Needs};
use nyckel::glesys::Timing;
use nyckel::model::{AuditEvent, AuditKind, Clock, Entropy, Operation, OperationId, Role};
use nyckel::server::{self, Built, Service};
use nyckel::simulator::{Simulator, State};
use nyckel::store::{AuditFilter, Purpose};
use tower::ServiceExt;

use super::database::Database;
use super::glesys::Glesys;
use super::{MailServer, Page, Person, Provider};

/// What a story begins with; [`Stage::opens`] begins it.
pub struct Stage {
    state: State,
    vars: Vec<(String, String)>,
    /// Settings that name a file, and what stands in it.
    files: Vec<(&'static str, String)>,
    timing: Timing,
    clock: Clock,
    /// A database that there is already.
    database: Option<Database>,
    /// Further projects at GleSYS: label, project, key, what it holds.
    projects: Vec<([&'static str; 3], State)>,
}

/// The panel and all that belongs to it. Clones are the same panel.
#[derive(Clone)]
pub struct Panel {
    pub built: Built,
    pub service: Service,
    pub clock: Clock,
    pub glesys: Arc<Glesys>,
    pub database: Arc<Database>,
    /// Boxed, so that what stories wait for stays small.
    pub config: Box<Config>,
    pub timing: Timing,
    /// The settings it was built from.
    pub vars: Vec<(String, String)>,
    /// The further projects at GleSYS.
    pub others: Vec<Simulator>,
    /// The files that settings name.
    pub(super) _files: Arc<tempfile::TempDir>,
}

/// A panel over the usual accounts.
pub async fn panel() -> Panel {
    Stage::of(usual_accounts()).opens().await
}

fn usual_accounts() -> State {
    State::empty()
        .account_with("anna@example.se", |anna| anna.displayname = Some("Anna Lind".to_owned()))
        .account("bo@example.se")
        .alias("info@example.se", "anna@example.se,someone@elsewhere.example")
        .account("carl@example.com")
        .account("asa@räksmörgås.se")
}

impl Stage {
    pub fn of(state: State) -> Self {
        let clock = Clock::standing("2026-11-23T12:00:00Z".parse::<Timestamp>().unwrap());
        let (vars, files, projects, timing) = (Vec::new(), Vec::new(), Vec::new(), Timing::default());
        Self { state, vars, files, timing, clock, database: None, projects }
    }

    pub fn usual() -> Self {
        Self::of(usual_accounts())
    }

    /// Sets a setting.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.vars.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Owners of mailboxes have a door of their own.
    pub fn with_owners_door(self) -> Self {
        self.with("NYCKEL_PUBLIC_LISTEN", "127.0.0.1:8081").with("NYCKEL_OWNERS_URL", "https://owners.example.se/mail")
    }

    /// Sets a setting that names a file.
    pub fn with_file(mut self, name: &'static str, text: &str) -> Self {
        self.files.push((name, text.to_owned()));
        self
    }

    /// People sign in at a provider too, which tells the time as the story does.
    pub async fn with_provider(mut self) -> (Self, Provider) {
        let provider = Provider::begins(self.clock.clone()).await;
        self.vars.extend(provider.settings().map(|(name, value)| (name.to_owned(), value)));
        (self, provider)
    }

    /// Mailboxes are told of resets through this server.
    pub async fn with_mail_server(mut self) -> (Self, MailServer) {
        let server = MailServer::begins().await;
        self.vars.extend(server.settings().map(|(name, value)| (name.to_owned(), value)));
        (self, server)
    }

    /// It is so many days later.
    pub fn days_later(self, days: i64) -> Self {
        self.clock.turn(days * 24 * 60 * 60);
        self
    }

    /// The panel finds this database.
    pub fn over(self, database: Database) -> Self {
        Self { database: Some(database), ..self }
    }

    /// The company has another project at GleSYS; its usual one is called *Ett* then.
    pub fn project(mut self, label: &'static str, project: &'static str, key: &'static str, state: State) -> Self {
        self.projects.push(([label, project, key], state));
        self
    }

    /// A reset's call is given up after so many milliseconds instead of 30 s.
    pub fn gives_up_after(mut self, millis: u64) -> Self {
        self.timing.writer.total = Duration::from_millis(millis);
        self
    }

    /// Time passes by itself, as for a panel that runs in a process of its own.
    pub fn in_real_time(self) -> Self {
        Self { clock: Clock::system(), ..self }
    }

    pub async fn opens(self) -> Panel {
        let panel = Box::pin(self.builds()).await;
        Box::pin(panel.built.app.directory.read_all()).await;
        panel
    }

    /// The panel starts and has read nothing yet; something is done to GleSYS's projects before.
    pub async fn builds_with(self, happens: impl FnOnce(&[Simulator])) -> Panel {
        let panel = Box::pin(self.builds()).await;
        let all: Vec<_> = [Simulator::clone(&panel.glesys)].into_iter().chain(panel.others.clone()).collect();
        happens(&all);
        panel
    }

    /// The panel starts while GleSYS is away.
    pub async fn opens_without_glesys(self) -> Panel {
        let panel = Box::pin(self.builds()).await;
        panel.glesys.goes_away().await;
        panel
    }

    async fn builds(self) -> Panel {
        let clock = self.clock;
        let glesys = Arc::new(Glesys::begins(self.state, clock.apart(0), entropy()).await);
        let database = match self.database {
            Some(database) => database,
            None => Database::new().await,
        };
        let database = Arc::new(database);
        let own = [
            ("NYCKEL_GLESYS_URL", format!("http://{}", glesys.address)),
            ("NYCKEL_GLESYS_PROJECT", nyckel::simulator::PROJECT.to_owned()),
            ("NYCKEL_GLESYS_API_KEY", nyckel::simulator::DEMO_KEY.to_owned()),
            ("NYCKEL_MAIL_IMAP", "imap.example.net:993/tls".to_owned()),
            ("NYCKEL_MAIL_SMTP", "smtp.example.net:587/starttls".to_owned()),
        ];
        let own = own.map(|(name, value)| (name.to_owned(), value));
        let files = Arc::new(tempfile::tempdir().unwrap());
        let mut in_files = projects_file(&self.projects, files.path());
        for (name, text) in self.files {
            fs::write(files.path().join(name), text).unwrap();
            in_files.push((name.to_owned(), files.path().join(name).to_str().unwrap().to_owned()));
        }
        let others =
            self.projects.into_iter().map(|([_, project, key], state)| glesys.with_project(project, key, state));
        let others = others.collect();
        let vars: Vec<_> = database.vars().into_iter().chain(own).chain(in_files).chain(self.vars).collect();
        let config = Config::read(vars.clone(), Needs::Everything, &entropy()).unwrap_or_else(|why| panic!("{why:?}"));
        let (built, service) = build(&config, &clock, self.timing).await;
        let config = Box::new(config);
        Panel { built, service, clock, glesys, database, config, timing: self.timing, vars, others, _files: files }
    }
}

/// The settings of several projects in place of the one, if there are more.
fn projects_file(projects: &[([&str; 3], State)], folder: &Path) -> Vec<(String, String)> {
    if projects.is_empty() {
        return Vec::new();
    }
    let first = ["Ett", nyckel::simulator::PROJECT, nyckel::simulator::DEMO_KEY];
    let mut text = String::new();
    for [label, project, key] in projects.iter().map(|(names, _)| *names).chain([first]).rev() {
        fs::write(folder.join(project), key).unwrap();
        fs::set_permissions(folder.join(project), fs::Permissions::from_mode(0o600)).unwrap();
        writeln!(text, "[[project]]\nproject = \"{project}\"\nkey_file = \"{project}\"\nlabel = \"{label}\"").unwrap();
    }
    let file = folder.join("projects.toml");
    fs::write(&file, text).unwrap();
    let vars = [
        ("NYCKEL_GLESYS_PROJECTS_FILE", file.to_str().unwrap()),
        ("NYCKEL_GLESYS_PROJECT", ""),
        ("NYCKEL_GLESYS_API_KEY", ""),
    ];
    vars.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

async fn build(config: &Config, clock: &Clock, timing: Timing) -> (Built, Service) {
    let store = server::open_store(config, Purpose::Serve, clock.clone(), entropy()).await.unwrap();
    let built = Built::new(config, store, &timing, clock.clone(), entropy()).unwrap();
    let service = server::panel(&built);
    (built, service)
}

/// The same numbers at every run, other ones for each source: two panels over one database make no id twice.
fn entropy() -> Entropy {
    static SOURCES: AtomicU64 = AtomicU64::new(1);
    let state = Mutex::new(SOURCES.fetch_add(1, Ordering::SeqCst) << 32);
    Entropy::new(move |bytes| {
        let mut state = state.lock().unwrap();
        for byte in bytes {
            // SplitMix64 (Steele, Lea, Flood 2014).
            *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mixed = (*state ^ (*state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            *byte = (mixed ^ (mixed >> 31)).to_le_bytes()[0];
        }
    })
}

/// Longer ones that the panel gives somebody to go to are refused by some proxies, on their way there or back.
const LONGEST_ADDRESS: usize = 2048;

impl Panel {
    /// Another panel over the same database, as a second replica would be.
    pub async fn replica(&self) -> Self {
        let replica = Box::pin(self.replica_that(|_| ())).await;
        replica.built.app.directory.read_all().await;
        replica
    }

    /// The same panel as it is reached at the owners' door.
    pub fn at_owners_door(&self) -> Self {
        let mut panel = self.clone();
        panel.service = server::owners(&self.built).unwrap();
        panel.config.public_url = self.config.owners_url().clone();
        panel.built.app = self.built.owners.as_ref().unwrap().app.clone();
        panel
    }

    /// Another panel over the same database that was set up differently and has read nothing yet.
    pub async fn replica_that(&self, differs: impl FnOnce(&mut Self)) -> Self {
        let mut replica = self.clone();
        differs(&mut replica);
        (replica.built, replica.service) = build(&replica.config, &replica.clock, replica.timing).await;
        replica
    }

    /// A replica that reaches the PostgreSQL server at another address.
    pub async fn replica_at(&self, address: SocketAddr) -> Self {
        let mut url = self.database.server().unwrap();
        url.set_ip_host(address.ip()).unwrap();
        url.set_port(Some(address.port())).unwrap();
        let database = config::Database::Postgres(url.to_string().into());
        let replica = Box::pin(self.replica_that(|replica| replica.config.database = database)).await;
        replica.built.app.directory.read_all().await;
        replica
    }

    /// Somebody who is on the staff with this role everywhere, signed in.
    pub async fn signed_in(&self, role: Role, name: &str) -> Person {
        let person = Person::hired(self, name, &[(role, "*")]).await;
        person.signs_in().await;
        person
    }

    pub async fn operator(&self, name: &str) -> Person {
        self.signed_in(Role::Operator, name).await
    }

    pub async fn manager(&self, name: &str) -> Person {
        self.signed_in(Role::Manager, name).await
    }

    pub async fn viewer(&self, name: &str) -> Person {
        self.signed_in(Role::Viewer, name).await
    }

    pub async fn admin(&self, name: &str) -> Person {
        self.signed_in(Role::Admin, name).await
    }

    /// Answers one request, just as it is.
    pub async fn answers(&self, request: Request<Body>) -> Page {
        let at = request.uri().to_string();
        let (parts, body) = self.service.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        let body = String::from_utf8_lossy(&body).into_owned();
        let location = parts.headers.get("location").map(|location| location.to_str().unwrap());
        let links = body.split(" href=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for address in links.chain(location) {
            assert!(address.len() <= LONGEST_ADDRESS, "{} bytes: {address}", address.len());
        }
        Page { status: parts.status.as_u16(), at, headers: parts.headers, body }
    }

    /// What the audit holds of this kind, oldest first.
    pub async fn audit(&self, kind: AuditKind) -> Vec<AuditEvent> {
        let filter = AuditFilter { kind: Some(kind), ..AuditFilter::default() };
        let rows = self.built.store.read().await.unwrap().audit(&filter, 1000).await.unwrap();
        rows.into_iter().rev().map(|row| row.event).collect()
    }

    /// The one row of this kind.
    #[track_caller]
    pub fn one(&self, kind: AuditKind) -> impl Future<Output = AuditEvent> {
        let place = std::panic::Location::caller();
        async move {
            let mut events = self.audit(kind).await;
            assert_eq!(events.len(), 1, "{place}: {events:#?}");
            events.remove(0)
        }
    }

    /// An operation as the store keeps it.
    pub async fn operation(&self, id: &str) -> Operation {
        let id = OperationId::parse(id).unwrap();
        self.built.store.read().await.unwrap().operation(&id).await.unwrap().unwrap()
    }

    /// How many resets GleSYS was asked for, and how many it did.
    pub fn resets(&self) -> (usize, usize) {
        (self.glesys.calls_to("email/resetpassword"), self.glesys.applied("email/resetpassword"))
    }

    /// Waits until something is so that the panel or GleSYS does by itself.
    #[track_caller]
    pub fn until<F: Future<Output = bool>>(&self, is_so: impl Fn(Self) -> F) -> impl Future<Output = ()> {
        let (place, panel) = (std::panic::Location::caller(), self.clone());
        async move {
            for _ in 0..2000 {
                if is_so(panel.clone()).await {
                    return;
                }
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            panic!("{place}: it never came to that");
        }
    }

    /// Waits until GleSYS has got so many calls for a reset.
    pub async fn until_called(&self, times: usize) {
        self.until(move |panel| async move { panel.resets().0 >= times }).await;
    }

    /// Waits until no operation runs any more.
    pub async fn until_at_rest(&self) {
        let running = "SELECT id FROM operation WHERE state = 'in_flight'";
        self.until(move |panel| async move { panel.database.texts(running).await.is_empty() }).await;
    }

    /// The time of day as pages tell it.
    pub fn time_of_day(&self) -> String {
        self.clock.now().to_zoned(self.built.app.zone.clone()).strftime("%H:%M").to_string()
    }

    /// Does what the panel does every few seconds.
    pub async fn sweeps(&self) {
        self.built.sweeper.sweep().await;
    }

    /// Sends the messages to mailboxes that are due.
    pub async fn delivers(&self) {
        self.built.outbox.deliver().await;
    }
}
