//! Every setting, its default and what makes it valid. README's table and this file say the same.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ipnet::IpNet;
use jiff::SignedDuration;
use secrecy::{ExposeSecret, SecretString};
use tracing_subscriber::EnvFilter;
use url::Url;
use zeroize::Zeroizing;

/// How old the last proof of identity may be for a reset, where nobody says otherwise.
const USUAL_LIMIT: SignedDuration = SignedDuration::from_mins(10);
/// The SQLite file in the data directory.
pub(super) const DATABASE: &str = "nyckel.db";

use super::reading::Environment;
use super::secret_key::SecretKey;
use super::{
    GlesysProject, Hsts, OwnersDoor, Problems, SingleSignOn, caller_checks, hand_over, help_desk, limits, mail,
    networks, owners, postgres, projects, second_person, secret_key, serving, single_sign_on, smtp, web, zone,
};
use crate::model::address_pattern::AddressPattern;
use crate::model::letter::Relay;
use crate::model::rate::read_time;
use crate::model::reason::{Asked, ReasonPolicy};
use crate::model::{CallerChecks, Entropy, FactorDuty, HandOverPolicy, HelpDesk, Limits, MailSettings, SecondPerson};

/// Where everything is kept.
#[derive(Clone, Debug)]
pub enum Database {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A `postgres://…` address, which may hold a password.
    Postgres(SecretString),
}

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    Text,
    Json,
}

/// The whole configuration, checked.
#[derive(Clone)]
pub struct Config {
    pub listen: SocketAddr,
    /// Where owners of mailboxes are served, if not there.
    pub owners: Option<OwnersDoor>,
    /// What people type; its path, without a final slash, is where the panel lives.
    pub public_url: Url,
    /// Whether somebody has set that, so that links can be passed on.
    pub public_url_is_set: bool,
    pub database: Database,
    /// What is kept outside the database: the secret key, if it is not given, and how far the audit had come.
    pub data_dir: PathBuf,
    pub secret_key: Zeroizing<[u8; 32]>,
    /// Whether that was made just now and is kept nowhere yet.
    secret_key_is_new: bool,
    pub glesys_url: Url,
    pub glesys_projects: Vec<GlesysProject>,
    pub trusted_proxies: Vec<IpNet>,
    /// For how long the panel is still served when it is not ready any more because it was asked to stop.
    pub drain: Duration,
    pub hsts: Hsts,
    pub log: String,
    pub log_format: LogFormat,
    pub limits: Limits,
    /// How old the last proof of identity may be for a reset; `None` never asks.
    pub fresh_sign_in: Option<SignedDuration>,
    /// Who must have a second factor.
    pub require_second_factor: FactorDuty,
    /// The company's provider, if people sign in through it.
    pub single_sign_on: Option<SingleSignOn>,
    /// Whether people may sign in with a password of ours.
    pub local_sign_in: bool,
    /// Accounts whose password only admins may reset.
    pub protected_accounts: Vec<AddressPattern>,
    pub reset_reasons: ReasonPolicy,
    /// How it is made sure who asks for a new password.
    pub caller_checks: CallerChecks,
    pub hand_over: HandOverPolicy,
    pub second_person: SecondPerson,
    pub help_desk: HelpDesk,
    /// Where a ticket is found, with `{ticket}` in its place.
    pub ticket_url: Option<String>,
    /// What owners of mailboxes enter in their mail programs.
    pub mail: MailSettings,
    /// Who takes messages to mailboxes; without it, none are told of resets.
    pub smtp: Option<Box<Relay>>,
    /// Sentences about variables that begin like ours and are none.
    pub warnings: Vec<String>,
}

/// What a command needs of the configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// Everything; database and key are made where there are none: `serve`.
    Everything,
    /// Everything, to see whether it could be served. Nothing is made: `check`.
    Looking,
    /// The database and the key, which are made where there are none: `migrate`, `staff add`.
    DatabaseOnly,
    /// The same of a database that is there: what works on what is in it makes none.
    DatabaseThere,
}

impl Needs {
    /// Whether the rest is needed besides the database and the key.
    pub(super) const fn everything(self) -> bool {
        matches!(self, Self::Everything | Self::Looking)
    }
}

impl Config {
    /// Reads and checks the variables. It makes the data directory where it is missing and allowed to be. A secret key that
    /// is needed for a new database is only kept with [`Config::keep_secret_key`].
    ///
    /// # Errors
    /// Every [`super::Problem`] at once.
    pub fn read(
        vars: impl IntoIterator<Item = (String, String)>,
        needs: Needs,
        entropy: &Entropy,
    ) -> Result<Self, Problems> {
        let mut reading = Environment::new(vars);
        let r = &mut reading;
        zone::check(r);
        let listen = SocketAddr::from(([127, 0, 0, 1], 8080));
        let data_dir = PathBuf::from(r.text("NYCKEL_DATA_DIR").unwrap_or_else(|| "./data".to_owned()));
        let (database, key) = read_database(r, &data_dir, needs, entropy);
        let glesys_url = r.value("NYCKEL_GLESYS_URL", web::fixed("https://api.glesys.com"), web::read_api);
        let glesys_projects = projects::read(r, needs);
        let (single_sign_on, local_sign_in) = single_sign_on::read(r, needs);
        let config = Self {
            listen: r.value("NYCKEL_LISTEN", listen, web::read_listen),
            owners: owners::read(r),
            public_url_is_set: r.is_given("NYCKEL_PUBLIC_URL"),
            public_url: r.value("NYCKEL_PUBLIC_URL", web::fixed("http://127.0.0.1:8080"), web::read_public),
            database,
            data_dir,
            secret_key: key.bytes,
            secret_key_is_new: key.is_new,
            glesys_url,
            glesys_projects,
            trusted_proxies: r.value("NYCKEL_TRUSTED_PROXIES", Vec::new(), networks::read),
            drain: r.value("NYCKEL_DRAIN", Duration::ZERO, serving::read_drain),
            hsts: r.value("NYCKEL_HSTS", Hsts::Host, serving::read_hsts),
            log: r.value("NYCKEL_LOG", "info".to_owned(), |text| {
                let sentence =
                    "must be a level (error, warn, info, debug, trace) or a filter such as info,nyckel=debug";
                EnvFilter::try_new(text).map(|_| text.to_owned()).map_err(|_| sentence)
            }),
            log_format: r.value("NYCKEL_LOG_FORMAT", LogFormat::Text, |text| match text {
                "text" => Ok(LogFormat::Text),
                "json" => Ok(LogFormat::Json),
                _ => Err("must be text or json"),
            }),
            limits: limits::read(r),
            fresh_sign_in: r.value("NYCKEL_FRESH_SIGN_IN", Some(USUAL_LIMIT), read_freshness),
            require_second_factor: r.value("NYCKEL_REQUIRE_SECOND_FACTOR", FactorDuty::Nobody, |text| match text {
                "off" => Ok(FactorDuty::Nobody),
                "admins" => Ok(FactorDuty::Admins),
                "all" => Ok(FactorDuty::Everybody),
                _ => Err("must be off, admins or all"),
            }),
            single_sign_on,
            local_sign_in,
            protected_accounts: r.value("NYCKEL_PROTECTED_ACCOUNTS", Vec::new(), read_patterns),
            reset_reasons: read_reasons(r),
            caller_checks: caller_checks::read(r),
            hand_over: hand_over::read(r),
            second_person: second_person::read(r),
            help_desk: help_desk::read(r),
            ticket_url: r.value("NYCKEL_TICKET_URL", None, web::read_ticket_url),
            mail: mail::read(r),
            smtp: smtp::read(r, needs),
            warnings: Vec::new(),
        };
        owners::must_be_apart(&mut reading, &config);
        single_sign_on::warn_of_weakness(&mut reading, config.single_sign_on.as_ref(), config.require_second_factor);
        let mut warnings = reading.warnings();
        warnings.extend(networks::too_wide(&config.trusted_proxies));
        if reading.problems.0.is_empty() { Ok(Self { warnings, ..config }) } else { Err(reading.problems) }
    }

    /// Keeps a new secret key in the data directory, for the database that is about to be made with it.
    ///
    /// # Errors
    /// In words, when it can't be written there.
    pub fn keep_secret_key(&self) -> Result<(), String> {
        if self.secret_key_is_new { secret_key::keep(&self.data_dir, &self.secret_key) } else { Ok(()) }
    }
}

fn read_database(r: &mut Environment, data_dir: &Path, needs: Needs, entropy: &Entropy) -> (Database, SecretKey) {
    let url = r.secret("NYCKEL_DATABASE_URL");
    let unverified = postgres::read_unverified(r);
    let given = r.secret("NYCKEL_SECRET_KEY").map(|text| secret_key::decode(text.expose_secret()));
    let database = match url {
        Some(url) if url.expose_secret().starts_with("postgres") => {
            Database::Postgres(postgres::read(r, &url, unverified))
        }
        Some(_) => {
            r.problem(
                "NYCKEL_DATABASE_URL",
                "must begin with postgres://; leave it out for SQLite in the data directory",
            );
            Database::Sqlite(data_dir.to_owned())
        }
        // It was said why it can't be read.
        None if r.is_given("NYCKEL_DATABASE_URL") => Database::Postgres(SecretString::default()),
        None => Database::Sqlite(data_dir.join(DATABASE)),
    };
    let prepared = match &database {
        Database::Sqlite(file) if needs == Needs::DatabaseThere && !data_dir.exists() => {
            Err(secret_key::no_database(file))
        }
        _ if needs == Needs::Looking && !data_dir.exists() => secret_key::can_be_made(data_dir),
        Database::Postgres(_) => secret_key::prepare_dir(data_dir),
        Database::Sqlite(file) => secret_key::prepare_dir(data_dir).and_then(|()| secret_key::must_be_private(file)),
    };
    // The start reads what others could write, or write over.
    let prepared = prepared.and_then(|()| secret_key::must_be_private(&data_dir.join(secret_key::AUDIT_HEAD)));
    let dir_is_ready = prepared.map_err(|sentence| r.problem("NYCKEL_DATA_DIR", sentence)).is_ok();
    let key = match given {
        Some(key) => key.map(SecretKey::given).map_err(|sentence| r.problem("NYCKEL_SECRET_KEY", sentence)),
        None if r.is_given("NYCKEL_SECRET_KEY") => Err(()),
        None if matches!(database, Database::Postgres(_)) => {
            let sentence = "must be set with PostgreSQL, the same for every replica; \
                            make one with: head -c 32 /dev/urandom | base64";
            r.problem("NYCKEL_SECRET_KEY", sentence);
            Err(())
        }
        None if dir_is_ready => {
            secret_key::own(data_dir, needs, entropy).map_err(|sentence| r.problem("NYCKEL_DATA_DIR", sentence))
        }
        None => Err(()),
    };
    (database, key.unwrap_or_else(|()| SecretKey::given(Zeroizing::new([0; 32]))))
}

fn read_reasons(r: &mut Environment) -> ReasonPolicy {
    ReasonPolicy {
        asked: r.value("NYCKEL_RESET_REASON", Asked::Optional, |text| match text {
            "off" => Ok(Asked::No),
            "optional" => Ok(Asked::Optional),
            "required" => Ok(Asked::Required),
            _ => Err("must be off, optional or required"),
        }),
        pattern: r.value("NYCKEL_RESET_REASON_PATTERN", None, |text| {
            ReasonPolicy::pattern(text).map(Some).map_err(|error| format!("{text} is no regular expression: {error}"))
        }),
    }
}

fn read_freshness(text: &str) -> Result<Option<SignedDuration>, &'static str> {
    match text {
        "0" | "off" => Ok(None),
        text => read_time(text).map(Some).ok_or("must be a time such as 10min, or 0 to never ask"),
    }
}

pub(super) fn read_patterns(text: &str) -> Result<Vec<AddressPattern>, String> {
    let patterns = text.split(',').map(str::trim).filter(|part| !part.is_empty());
    patterns.map(|part| AddressPattern::parse(part).map_err(|why| format!("{part}: {why}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(vars: &[(&str, &str)]) -> Result<Config, Problems> {
        let vars = vars.iter().map(|&(name, value)| (name.to_owned(), value.to_owned()));
        let counted = Entropy::new(|bytes| bytes.iter_mut().zip(1..).for_each(|(byte, number)| *byte = number));
        Config::read(vars, Needs::Everything, &counted)
    }

    fn names(problems: &Problems) -> Vec<&str> {
        problems.0.iter().map(|problem| problem.name.as_str()).collect()
    }

    #[test]
    fn every_problem_is_reported_not_only_the_first() {
        let dir = tempfile::tempdir().unwrap();
        let problems = read(&[
            ("NYCKEL_DATA_DIR", dir.path().join("data").to_str().unwrap()),
            ("NYCKEL_LISTEN", "everywhere"),
            ("NYCKEL_PUBLIC_URL", "http://nyckel.example.se"),
            ("NYCKEL_RESETS_TOTAL", "many"),
        ])
        .err()
        .unwrap();
        let expected = [
            "NYCKEL_GLESYS_PROJECT",
            "NYCKEL_GLESYS_API_KEY",
            "NYCKEL_LISTEN",
            "NYCKEL_PUBLIC_URL",
            "NYCKEL_RESETS_TOTAL",
        ];
        assert_eq!(names(&problems), expected);
    }

    #[test]
    fn a_secret_given_twice_is_refused_and_postgres_needs_a_key() {
        let problems = read(&[
            ("NYCKEL_DATABASE_URL", "postgres://localhost/nyckel"),
            ("NYCKEL_GLESYS_PROJECT", "cl12345"),
            ("NYCKEL_GLESYS_API_KEY", "a"),
            ("NYCKEL_GLESYS_API_KEY_FILE", "/run/key"),
        ])
        .err()
        .unwrap();
        assert_eq!(names(&problems), ["NYCKEL_SECRET_KEY", "NYCKEL_GLESYS_API_KEY"]);
    }

    #[test]
    fn the_secret_key_is_made_once_and_only_its_owner_can_read_it() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().join("data");
        let vars = [
            ("NYCKEL_DATA_DIR", dir.to_str().unwrap()),
            ("NYCKEL_GLESYS_PROJECT", "cl12345"),
            ("NYCKEL_GLESYS_API_KEY", "a"),
        ];
        let first = read(&vars).ok().unwrap();
        assert!(!dir.join(secret_key::FILE).exists(), "no database was made with it yet");
        first.keep_secret_key().unwrap();
        let again = read(&vars).ok().unwrap();
        assert_eq!(first.secret_key, again.secret_key);
        let file = dir.join(secret_key::FILE);
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
        let problems = read(&vars).err().unwrap();
        assert!(problems.0[0].sentence.contains("chmod 600"), "{problems:?}");
    }

    #[test]
    fn what_everybody_can_read_or_guess_is_refused() {
        use std::os::unix::fs::PermissionsExt;
        let dir = tempfile::tempdir().unwrap();
        let (data, secret) = (dir.path().join("data"), dir.path().join("secret"));
        let said = |more: (&str, &str)| {
            let given = [("NYCKEL_DATA_DIR", data.to_str().unwrap()), ("NYCKEL_GLESYS_PROJECT", "cl12345"), more];
            let key = Some(("NYCKEL_GLESYS_API_KEY", "a")).filter(|key| !more.0.starts_with(key.0));
            let problems = read(&given.into_iter().chain(key).collect::<Vec<_>>()).err().unwrap_or_default();
            problems.0.iter().map(ToString::to_string).collect::<Vec<_>>()
        };
        let open = |path: &Path, mode| {
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        std::fs::write(&secret, "a key").unwrap();
        for (mode, is_private) in [(0o644, false), (0o604, false), (0o602, false), (0o640, true), (0o400, true)] {
            open(&secret, mode);
            let said = said(("NYCKEL_GLESYS_API_KEY_FILE", secret.to_str().unwrap()));
            let expected =
                format!("NYCKEL_GLESYS_API_KEY_FILE: everybody can read {0}; run: chmod o= {0}", secret.display());
            assert_eq!(said.first(), (!is_private).then_some(&expected), "{mode:o}");
        }
        for byte in [0, 7, 255] {
            let said =
                said(("NYCKEL_SECRET_KEY", &base64::Engine::encode(&base64::prelude::BASE64_STANDARD, [byte; 32])));
            assert!(said[0].contains("is one byte again and again"), "{said:?}");
        }
        let database = data.join(DATABASE);
        std::fs::write(&database, "").unwrap();
        open(&database, 0o644);
        let found = said(("NYCKEL_LOG", "info"));
        assert!(found[0].contains("everybody can read") && found[0].contains("nyckel.db"), "{found:?}");
        open(&database, 0o600);
        std::fs::write(data.join(secret_key::AUDIT_HEAD), "").unwrap();
        open(&data.join(secret_key::AUDIT_HEAD), 0o666);
        let found = said(("NYCKEL_LOG", "info"));
        assert!(found[0].contains("everybody can read") && found[0].contains("audit-head"), "{found:?}");
    }

    #[test]
    fn a_misspelt_name_is_a_warning_with_the_nearest_known_one_if_it_is_near() {
        let dir = tempfile::tempdir().unwrap();
        let config = read(&[
            ("NYCKEL_DATA_DIR", dir.path().join("data").to_str().unwrap()),
            ("NYCKEL_GLESYS_PROJECT", "cl12345"),
            ("NYCKEL_GLESYS_API_KEY", "a"),
            ("NYCKEL_PUBLIC_ULR", "https://nyckel.example.se"),
            ("NYCKEL_TELEPHONE", "08-123 45 67"),
        ]);
        let warnings = config.ok().unwrap().warnings;
        let said = [
            "NYCKEL_PUBLIC_ULR is not a setting of Nyckel; did you mean NYCKEL_PUBLIC_URL?",
            "NYCKEL_TELEPHONE is not a setting of Nyckel",
        ];
        assert_eq!(warnings, said);
    }
}
