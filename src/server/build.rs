//! Builds the ports and the services, once, from the configuration.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ipnet::IpNet;
use jiff::tz::TimeZone;
use secrecy::ExposeSecret;
use tokio::sync::Semaphore;

use super::door::Door;
use super::policy::{links, outbox, rules};
use super::ports::{connections, oidc_provider};
use super::renewal::Secrets;
use crate::access::Keys;
use crate::access::Sessions;
use crate::access::fresh::FreshProof;
use crate::access::passkeys::RelyingParty;
use crate::access::password::Passwords;
use crate::access::throttle::Throttle;
use crate::config::{Config, Database};
use crate::glesys::{self, Reader, Timing, Writer};
use crate::model::{Clock, Entropy};
use crate::oidc;
use crate::pages::{App, Links, Panel};
use crate::services::audit::HeadLog;
use crate::services::hand_overs::LOOKS_AT_ONCE;
use crate::services::{
    Accounts, Admission, Aliases, Approvals, Audit, Batches, Changes, Contacts, CostBook, Directory, Drafts, HandOvers,
    Ledger, Outbox, Passkeys, Resets, Reveals, SecondFactors, SignIns, SingleSignOn, StaffBook, Sweeper,
};
use crate::smtp;
use crate::store::{self, Opening, Purpose, Store};

/// Why the panel can't start.
#[derive(Debug, thiserror::Error)]
pub enum StartProblem {
    #[error(transparent)]
    Glesys(#[from] glesys::BuildError),
    #[error(transparent)]
    Oidc(#[from] oidc::BuildError),
    #[error(transparent)]
    Smtp(#[from] smtp::BuildError),
}

/// Everything that runs.
#[derive(Clone)]
pub struct Built {
    /// The panel as staff have it.
    pub app: App,
    pub panel: Door,
    /// Where owners of mailboxes are served, if not at the panel's own door.
    pub owners: Option<Door>,
    pub store: Store,
    pub ledger: Ledger,
    pub sweeper: Sweeper,
    pub outbox: Arc<Outbox>,
    pub trusted_proxies: Arc<[IpNet]>,
    pub entropy: Entropy,
    /// Set when the panel begins to stop: it is not ready any more.
    pub stopping: Arc<AtomicBool>,
    /// For how long it is still served then.
    pub drain: Duration,
    pub(super) secrets: Secrets,
}

/// Opens the database that is configured. A new secret key is kept only where a database is made with it.
pub async fn open_store(
    config: &Config,
    purpose: Purpose,
    clock: Clock,
    entropy: Entropy,
) -> Result<Store, store::Error> {
    let keys = Keys::derive(&config.secret_key).store;
    let opening = Opening { keys, clock, entropy, data_dir: config.data_dir.clone(), purpose };
    match &config.database {
        Database::Sqlite(file) => {
            if Store::begins_at(file, &opening)? {
                config.keep_secret_key().map_err(store::Error::Away)?;
            }
            Store::open_sqlite(file, &opening).await
        }
        Database::Postgres(url) => Store::open_postgres(url.expose_secret(), &opening).await,
    }
}

/// The staff of a panel that is configured like this.
pub fn staff_book(config: &Config, store: Store, clock: Clock, entropy: Entropy) -> StaffBook {
    let passwords = Passwords::new(entropy.clone(), config.public_url.host_str().unwrap_or_default());
    StaffBook {
        store,
        passwords,
        clock,
        entropy,
        fresh: FreshProof::for_staff(config.fresh_sign_in),
        local: config.local_sign_in,
    }
}

/// The whole address of a sign-in link.
pub fn sign_in_link(config: &Config, token: &str) -> String {
    let links = Links::new(&config.public_url, None);
    links.absolute(&links.sign_in_link(token))
}

/// The whole address of an invitation.
pub fn invitation(config: &Config, token: &str) -> String {
    let links = Links::new(&config.public_url, None);
    links.absolute(&links.invitation(token))
}

/// What most services stand on.
struct Ground<'a> {
    config: &'a Config,
    keys: Keys,
    audit: Audit,
    throttle: Throttle,
    store: Store,
    clock: Clock,
    entropy: Entropy,
}

impl<'a> Ground<'a> {
    fn new(config: &'a Config, store: &Store, clock: &Clock, entropy: &Entropy) -> Self {
        Self {
            config,
            keys: Keys::derive(&config.secret_key),
            audit: Audit::new(store.clone()),
            throttle: Throttle::new(store.clone()),
            store: store.clone(),
            clock: clock.clone(),
            entropy: entropy.clone(),
        }
    }

    fn admission(&self, ledger: &Ledger, directory: &Directory, passwords: &Passwords) -> Admission {
        Admission {
            rules: rules(self.config).into(),
            directory: directory.clone(),
            store: self.store.clone(),
            ledger: ledger.clone(),
            audit: self.audit.clone(),
            passwords: passwords.clone(),
            key: self.keys.confirmations.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }

    fn changes(&self, admission: &Admission) -> Changes {
        Changes {
            admission: admission.clone(),
            rules: admission.rules.clone(),
            store: self.store.clone(),
            clock: self.clock.clone(),
        }
    }

    fn batches(&self, admission: &Admission, reveals: &Reveals) -> Batches {
        Batches {
            admission: admission.clone(),
            reveals: reveals.clone(),
            ledger: admission.ledger.clone(),
            rules: admission.rules.clone(),
            directory: admission.directory.clone(),
            store: self.store.clone(),
            clock: self.clock.clone(),
        }
    }

    fn approvals(&self, admission: &Admission) -> Approvals {
        Approvals {
            store: self.store.clone(),
            rules: admission.rules.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }

    fn contacts(&self, admission: &Admission, outbox: &Arc<Outbox>) -> Contacts {
        Contacts {
            store: self.store.clone(),
            rules: admission.rules.clone(),
            directory: admission.directory.clone(),
            outbox: outbox.clone(),
            clock: self.clock.clone(),
        }
    }

    fn resets(&self, admission: Admission) -> Resets {
        Resets {
            directory: admission.directory.clone(),
            rules: admission.rules.clone(),
            admission,
            store: self.store.clone(),
            clock: self.clock.clone(),
        }
    }

    fn second_factors(&self) -> SecondFactors {
        SecondFactors {
            store: self.store.clone(),
            throttle: self.throttle.clone(),
            keys: self.keys.factors.clone(),
            duty: self.config.require_second_factor,
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }

    fn passkeys(&self, factors: &SecondFactors) -> Passkeys {
        Passkeys {
            store: self.store.clone(),
            party: RelyingParty::of(&self.config.public_url),
            factors: factors.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }

    fn reveals(&self, ledger: &Ledger) -> Reveals {
        let hand_over = self.config.hand_over.clone();
        Reveals { store: self.store.clone(), ledger: ledger.clone(), clock: self.clock.clone(), hand_over }
    }

    fn hand_overs(&self, ledger: &Ledger, passwords: &Passwords) -> HandOvers {
        HandOvers {
            store: self.store.clone(),
            ledger: ledger.clone(),
            passwords: passwords.clone(),
            looks: Arc::new(Semaphore::new(LOOKS_AT_ONCE)),
            clock: self.clock.clone(),
        }
    }

    fn sweeper(&self, reveals: Reveals, hand_overs: HandOvers, batches: Batches, approvals: Approvals) -> Sweeper {
        Sweeper {
            audit: self.audit.clone(),
            head: HeadLog::new(self.store.clone(), self.clock.clone()),
            store: self.store.clone(),
            ledger: batches.ledger.clone(),
            reveals,
            hand_overs,
            batches,
            approvals,
            clock: self.clock.clone(),
        }
    }

    fn single_sign_on(&self) -> Result<Option<SingleSignOn>, oidc::BuildError> {
        let provider = oidc_provider(self.config, self.clock.clone())?;
        let configured = provider.zip(self.config.single_sign_on.as_ref());
        Ok(configured.map(|(provider, config)| SingleSignOn {
            provider,
            name: config.name.clone(),
            groups: config.groups.clone(),
            store: self.store.clone(),
            throttle: self.throttle.clone(),
            audit: self.audit.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }))
    }

    fn sign_ins(&self, staff: &StaffBook, factors: &SecondFactors, passkeys: &Passkeys) -> SignIns {
        SignIns {
            store: self.store.clone(),
            throttle: self.throttle.clone(),
            passwords: staff.passwords.clone(),
            staff: staff.clone(),
            factors: factors.clone(),
            passkeys: passkeys.clone(),
            key: self.keys.sign_ins.clone(),
            audit: self.audit.clone(),
            clock: self.clock.clone(),
            entropy: self.entropy.clone(),
        }
    }
}

impl Built {
    /// Builds the panel over an open store.
    ///
    /// # Errors
    /// [`StartProblem`] when no client for GleSYS can be made.
    pub fn new(
        config: &Config,
        store: Store,
        timing: &Timing,
        clock: Clock,
        entropy: Entropy,
    ) -> Result<Self, StartProblem> {
        let connections = connections(config, &clock);
        let reader = Reader::new(&connections, timing)?;
        let writer = Writer::new(&connections, &reader, timing)?;
        let directory = Directory::new(reader.clone(), clock.clone());
        let outbox = outbox(config, &store, &clock, &entropy)?;
        let ledger = Ledger::new(writer, directory.clone(), outbox.clone(), entropy.clone());
        let staff = staff_book(config, store.clone(), clock.clone(), entropy.clone());
        let ground = Ground::new(config, &store, &clock, &entropy);
        let admission = ground.admission(&ledger, &directory, &staff.passwords);
        let factors = ground.second_factors();
        let passkeys = ground.passkeys(&factors);
        let reveals = ground.reveals(&ledger);
        let hand_overs = ground.hand_overs(&ledger, &staff.passwords);
        let changes = ground.changes(&admission);
        let batches = ground.batches(&admission, &reveals);
        let approvals = ground.approvals(&admission);
        let single_sign_on = ground.single_sign_on()?;
        let provider = single_sign_on.as_ref().map(|sso| sso.provider.clone());
        let secrets = Secrets { connections: connections.into(), provider };
        let panel = Panel {
            links: links(config),
            mail: Arc::new(config.mail.clone()),
            help_desk: config.help_desk.clone(),
            sessions: Sessions::new(store.clone(), clock.clone(), entropy.clone()),
            approvals: approvals.clone(),
            contacts: ground.contacts(&admission, &outbox),
            resets: ground.resets(admission),
            accounts: Accounts { changes: changes.clone(), directory: directory.clone() },
            aliases: Aliases { changes: changes.clone(), directory: directory.clone() },
            changes,
            batches: batches.clone(),
            sign_ins: ground.sign_ins(&staff, &factors, &passkeys),
            single_sign_on,
            staff,
            factors,
            passkeys,
            costs: CostBook { directory: directory.clone(), reader, turn: Arc::default() },
            directory,
            drafts: Drafts { store: store.clone(), clock: clock.clone(), entropy: entropy.clone() },
            reveals: reveals.clone(),
            hand_overs: hand_overs.clone(),
            audit: ground.audit.clone(),
            clock,
            zone: TimeZone::system(),
        };
        let (panel, owners) = Door::both(panel, config);
        Ok(Self {
            app: panel.app.clone(),
            panel,
            owners,
            sweeper: ground.sweeper(reveals, hand_overs, batches, approvals),
            outbox,
            store,
            ledger,
            trusted_proxies: config.trusted_proxies.clone().into(),
            entropy,
            stopping: Arc::default(),
            drain: config.drain,
            secrets,
        })
    }
}
