//! What a storm rages over: a simulated GleSYS, one panel or two replicas, and people who are signed in.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use nyckel::model::{Clock, Entropy};
use nyckel::simulator::{DEMO_KEY, PROJECT, Simulator, State};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::approvals::Boss;
use super::balancer;
use super::database::Database;
use super::duties::Duties;
use super::panel::{Panel, Settings, free_port};
use super::people::Person;
use super::rng::Rng;
use super::rounds::functions;

pub const RESET: &str = "email/resetpassword";
/// Everybody's password for signing in.
pub const PASSWORD: &str = "a-canary-signs-in";
/// Whoever answers colleagues.
const BOSS: &str = "boss";
/// The key that signs and chains, where the panel can't make its own.
const SECRET: &str = "c3Rvcm1zLXN0b3Jtcy1zdG9ybXMtc3Rvcm1zLXN0b3I=";

pub struct Stage {
    pub glesys: Simulator,
    pub panels: Vec<Panel>,
    pub people: Vec<Person>,
    pub addresses: Vec<String>,
    pub database: Database,
    pub settings: Settings,
    /// The functions and addresses of changes that arrived while no intent for them was durable.
    pub unrecorded: Arc<Mutex<Vec<String>>>,
    /// What is asked for beside the password, and whoever answers colleagues; not on every stage.
    pub duties: Option<Duties>,
    pub boss: Option<Boss>,
    /// Data and log.
    pub dir: TempDir,
    at: SocketAddr,
    serving: JoinHandle<()>,
}

/// Which panels there are, over which database.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum On {
    /// One, over SQLite.
    File,
    /// One, over PostgreSQL.
    Server,
    /// Two, over one PostgreSQL, behind a balancer that posts twice.
    Replicas,
}

impl On {
    pub const fn replicated(replicas: bool) -> Self {
        if replicas { Self::Replicas } else { Self::File }
    }
}

/// How a stage is set.
pub struct Plan {
    pub accounts: usize,
    pub people: usize,
    pub log: &'static str,
    pub on: On,
    /// Where the data go, if not beside the log.
    pub data: Option<PathBuf>,
}

impl Stage {
    /// `None` where PostgreSQL is wanted and `NYCKEL_TEST_POSTGRES` names no server.
    pub async fn sets(plan: Plan, rng: &mut Rng) -> Option<Self> {
        Self::sets_all(plan, false, rng).await
    }

    /// One over SQLite on which more is asked for than the password.
    pub async fn sets_with_duties(plan: Plan, rng: &mut Rng) -> Self {
        let mut this = Self::sets_all(plan, true, rng).await.unwrap();
        this.settings.hires(BOSS, "manager", PASSWORD);
        let boss = this.people[0].colleague(BOSS).await;
        this.boss = Some(Boss::new(boss.into()));
        this
    }

    async fn sets_all(plan: Plan, has_duties: bool, rng: &mut Rng) -> Option<Self> {
        let state = State::generated(plan.accounts, rng.next());
        let addresses: Vec<String> =
            state.domains.values().flat_map(|domain| domain.accounts.keys().cloned()).collect();
        let glesys = Simulator::new(state, Clock::system(), entropy(rng.fork()));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let at = listener.local_addr().unwrap();
        let serving = serves(&glesys, listener);

        let memory = Path::new("/dev/shm");
        let dir = tempfile::tempdir_in(if memory.is_dir() { memory } else { Path::new("/tmp") }).unwrap();
        let data = plan.data.unwrap_or_else(|| dir.path().join("data"));
        let replicas = plan.on == On::Replicas;
        let ports: Vec<u16> = (0..if replicas { 3 } else { 1 }).map(|_| free_port()).collect();
        let mut settings = settings(&data, ports[0], at, plan.log);
        let duties = if has_duties { Some(Duties::of(&addresses, rng.fork()).await) } else { None };
        if let Some(duties) = &duties {
            settings = duties.told(settings, dir.path());
        }
        let database = if plan.on == On::File {
            Database::Sqlite(data.join("nyckel.db"))
        } else {
            let database = Database::on(&std::env::var("NYCKEL_TEST_POSTGRES").ok()?).await;
            if let Database::Postgres { url, .. } = &database {
                settings = settings.with("NYCKEL_DATABASE_URL", url);
            }
            database
        };
        let names: Vec<String> = (0..plan.people).map(|n| format!("person{n}")).collect();
        for name in &names {
            settings.hires(name, "manager", PASSWORD);
        }
        let log = dir.path().join("log");
        // The public address is the balancer's, where there is more than one panel behind it.
        let own = if replicas { &ports[1..] } else { &ports[..] };
        let panels: Vec<Panel> = own.iter().map(|port| Panel::starts(&settings, *port, &log)).collect();
        if replicas {
            balancer::stands(ports[0], own.to_vec(), rng.fork()).await;
        }
        let mut people = Vec::new();
        for name in &names {
            people.push(Person::signs_in(&ports, name, PASSWORD).await);
        }
        let unrecorded = witnesses(&glesys, &database);
        let boss = None;
        Some(Self { glesys, panels, people, addresses, database, settings, unrecorded, duties, boss, dir, at, serving })
    }

    /// Nobody listens at GleSYS's address any more.
    pub async fn glesys_goes_away(&mut self) {
        self.serving.abort();
        assert!((&mut self.serving).await.is_err());
    }

    pub async fn glesys_comes_back(&mut self) {
        self.serving = serves(&self.glesys, TcpListener::bind(self.at).await.unwrap());
    }

    /// How often GleSYS was asked to reset this address, and what opens it now.
    pub fn truth(&self, address: &str) -> (usize, Option<String>) {
        let calls = self.glesys.calls();
        let calls = calls.iter().filter(|call| call.function == RESET && call.address.as_deref() == Some(address));
        (calls.count(), self.glesys.password_of(address))
    }
}

fn serves(glesys: &Simulator, listener: TcpListener) -> JoinHandle<()> {
    let glesys = glesys.clone();
    tokio::spawn(async move { glesys.serve(listener, std::future::pending()).await.unwrap() })
}

fn entropy(rng: Rng) -> Entropy {
    let rng = Arc::new(Mutex::new(rng));
    Entropy::new(move |bytes| {
        let mut rng = rng.lock().unwrap();
        for byte in bytes {
            *byte = rng.next().to_le_bytes()[0];
        }
    })
}

fn settings(data: &Path, public: u16, glesys: SocketAddr, log: &str) -> Settings {
    let settings = Settings(Vec::new())
        .with("NYCKEL_DATA_DIR", &data.display().to_string())
        .with("NYCKEL_PUBLIC_URL", &format!("http://127.0.0.1:{public}"))
        .with("NYCKEL_GLESYS_URL", &format!("http://{glesys}"))
        .with("NYCKEL_GLESYS_PROJECT", PROJECT)
        .with("NYCKEL_GLESYS_API_KEY", DEMO_KEY)
        .with("NYCKEL_SECRET_KEY", SECRET)
        // So that people can come from anywhere; whoever connects from another number is a stranger.
        .with("NYCKEL_TRUSTED_PROXIES", "127.0.0.1")
        // Nobody there answers questions.
        .with("NYCKEL_FRESH_SIGN_IN", "0")
        .with("NYCKEL_LOG", log);
    let limits = ["REDIRECTS", "REPLIES", "DELETIONS", "BATCHED", "BULK_RESETS", "RESETS", "LOCK_OUTS"];
    let limits = limits.iter().flat_map(|of| ["PER_STAFF", "TOTAL"].map(|whose| format!("NYCKEL_{of}_{whose}")));
    let settings = limits.fold(settings, |settings, limit| settings.with(&limit, "off"));
    settings.with("NYCKEL_RESETS_PER_ACCOUNT", "off")
}

/// Looks at the database at the moment in which a call arrives.
fn witnesses(glesys: &Simulator, database: &Database) -> Arc<Mutex<Vec<String>>> {
    let unrecorded: Arc<Mutex<Vec<String>>> = Arc::default();
    let (found, database) = (unrecorded.clone(), database.clone());
    glesys.watch(move |function, address| {
        let (found, database) = (found.clone(), database.clone());
        async move {
            if functions().any(|changing| changing == function) {
                let address = address.unwrap_or_default();
                if !database.has_intent(&function, &address).await {
                    found.lock().unwrap().push(format!("{function} {address}"));
                }
            }
        }
    });
    unrecorded
}
