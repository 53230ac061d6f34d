//! A provider of single sign-on on a loopback port, which a story can make misbehave. It signs with keys made here.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair,
    Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use aws_lc_rs::{digest, hmac, rsa};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use nyckel::model::Clock;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use url::Url;

use super::glesys::bind_again;

pub const CLIENT_SECRET: &str = "the secret of the panel at the provider";

static RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(rsa::KeySize::Rsa2048).unwrap());
static OTHER_RSA: LazyLock<RsaKeyPair> = LazyLock::new(|| RsaKeyPair::generate(rsa::KeySize::Rsa2048).unwrap());
static ES256: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap());
static ES384: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING).unwrap());
static ES512: LazyLock<EcdsaKeyPair> =
    LazyLock::new(|| EcdsaKeyPair::generate(&ECDSA_P521_SHA512_FIXED_SIGNING).unwrap());
static ED: LazyLock<Ed25519KeyPair> = LazyLock::new(|| Ed25519KeyPair::generate().unwrap());

/// How an ID token is signed.
#[derive(Clone, Copy, Debug)]
pub enum Signs {
    Rs256,
    Ps512,
    Es256,
    Es384,
    Es512,
    EdDsa,
    /// With another key than the one that it shows under this name.
    Forged,
    /// With a key that it shows only from now on.
    NewKey,
    /// With a key that has taken the name of the old one.
    ReplacedKey,
    /// With a key without a name.
    NamelessKey,
    /// With a key that it never shows.
    HiddenKey,
    Nothing,
    /// With the panel's own secret.
    Hs256,
}

type Twist = Arc<dyn Fn(&mut Value) + Send + Sync>;

struct Mind {
    people: BTreeMap<String, Value>,
    codes: HashMap<String, Granted>,
    given: usize,
    signs: Signs,
    twist: Twist,
    /// Claims that are told only to who asks with the access token, and whether they are signed.
    besides: Option<(Value, bool)>,
    /// Changes what it gives for a code.
    tokens: Twist,
    secret: String,
    discovery: Twist,
    slow: Option<std::time::Duration>,
    asked: usize,
}

#[derive(Clone)]
struct Granted {
    claims: Value,
    challenge: String,
    redirect: String,
}

#[derive(Clone)]
struct Shared {
    mind: Arc<Mutex<Mind>>,
    clock: Clock,
    issuer: String,
}

/// The provider, which calls itself Example AB.
pub struct Provider {
    shared: Shared,
    address: std::net::SocketAddr,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl Provider {
    pub async fn begins(clock: Clock) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let mind = Mind {
            people: BTreeMap::new(),
            codes: HashMap::new(),
            given: 0,
            signs: Signs::Rs256,
            twist: Arc::new(|_| {}),
            besides: None,
            tokens: Arc::new(|_| {}),
            secret: CLIENT_SECRET.to_owned(),
            discovery: Arc::new(|_| {}),
            slow: None,
            asked: 0,
        };
        let shared = Shared { mind: Arc::new(Mutex::new(mind)), clock, issuer: format!("http://{address}") };
        let this = Self { shared, address, serving: Mutex::default() };
        this.serves(listener);
        this
    }

    pub fn settings(&self) -> [(&'static str, String); 5] {
        [
            ("NYCKEL_OIDC_ISSUER", self.shared.issuer.clone()),
            ("NYCKEL_OIDC_CLIENT_ID", "nyckel".to_owned()),
            ("NYCKEL_OIDC_CLIENT_SECRET", CLIENT_SECRET.to_owned()),
            ("NYCKEL_OIDC_NAME", "Example AB".to_owned()),
            ("NYCKEL_OIDC_GROUPS", "helpdesk=operator:example.se; it=admin; readers=viewer".to_owned()),
        ]
    }

    /// Somebody whom the provider knows, in these groups.
    pub fn knows(&self, subject: &str, groups: &[&str]) {
        self.knows_as(subject, json!({ "preferred_username": subject, "groups": groups }));
    }

    /// The same with claims of any kind.
    pub fn knows_as(&self, subject: &str, claims: Value) {
        self.mind(|mind| mind.people.insert(subject.to_owned(), claims));
    }

    pub fn signs(&self, signs: Signs) {
        self.mind(|mind| mind.signs = signs);
    }

    /// Changes every ID token before it is signed.
    pub fn twists(&self, twist: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.mind(|mind| mind.twist = Arc::new(twist));
    }

    /// Changes what it says of itself.
    pub fn says_of_itself(&self, twist: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.mind(|mind| mind.discovery = Arc::new(twist));
    }

    /// Tells these claims only to who asks besides.
    pub fn tells_besides(&self, claims: Value) {
        self.mind(|mind| mind.besides = Some((claims, false)));
    }

    /// The same, signed.
    pub fn tells_besides_under_its_name(&self, claims: Value) {
        self.mind(|mind| mind.besides = Some((claims, true)));
    }

    /// Changes what it gives for a code.
    pub fn gives(&self, twist: impl Fn(&mut Value) + Send + Sync + 'static) {
        self.mind(|mind| mind.tokens = Arc::new(twist));
    }

    /// Takes another secret from now on.
    pub fn changes_the_secret(&self, secret: &str) {
        self.mind(|mind| mind.secret = secret.to_owned());
    }

    pub fn takes_its_time(&self, time: std::time::Duration) {
        self.mind(|mind| mind.slow = Some(time));
    }

    /// How often it was asked about itself.
    pub fn times_asked(&self) -> usize {
        self.mind(|mind| mind.asked)
    }

    pub async fn goes_away(&self) {
        let serving = self.serving.lock().unwrap().take();
        if let Some(serving) = serving {
            serving.abort();
            let _ = serving.await;
        }
    }

    pub async fn comes_back(&self) {
        self.serves(bind_again(self.address).await);
    }

    /// What the person does at the provider: signs in as this one. Gives the path that they are sent back to.
    pub fn lets(&self, there: &str, subject: &str) -> String {
        let url = Url::parse(there).unwrap();
        assert_eq!(url.path(), "/authorize", "{there}");
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let says = |name: &str| asked.get(name).map_or("", String::as_str);
        assert_eq!((says("response_type"), says("client_id")), ("code", "nyckel"));
        assert_eq!((says("code_challenge_method"), says("scope")), ("S256", "openid email profile"));
        let now = self.shared.clock.now().as_second();
        let anew = says("prompt") == "login" && says("max_age") == "0";
        let mut claims = json!({
            "iss": self.shared.issuer, "aud": "nyckel", "sub": subject, "nonce": says("nonce"),
            "iat": now, "exp": now + 300, "auth_time": if anew { now } else { now - 3600 },
        });
        let code = self.mind(|mind| {
            merge(&mut claims, mind.people.get(subject).expect("the provider knows them"));
            mind.given += 1;
            let code = format!("code {}", mind.given);
            let (challenge, redirect) = (says("code_challenge").to_owned(), says("redirect_uri").to_owned());
            mind.codes.insert(code.clone(), Granted { claims, challenge, redirect });
            code
        });
        Self::sends_back(there, &[("code", &code), ("iss", &self.shared.issuer)])
    }

    /// The path that the person is sent back to with this answer and their state.
    pub fn sends_back(there: &str, answer: &[(&str, &str)]) -> String {
        let url = Url::parse(there).unwrap();
        let asked: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let mut back = Url::parse(&asked["redirect_uri"]).unwrap();
        back.query_pairs_mut().append_pair("state", &asked["state"]).extend_pairs(answer);
        format!("{}?{}", back.path(), back.query().unwrap())
    }

    fn mind<T>(&self, look: impl FnOnce(&mut Mind) -> T) -> T {
        look(&mut self.shared.mind.lock().unwrap())
    }

    fn serves(&self, listener: TcpListener) {
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/me", get(me))
            .with_state(self.shared.clone());
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        *self.serving.lock().unwrap() = Some(serving);
    }
}

pub fn merge(into: &mut Value, more: &Value) {
    for (name, value) in more.as_object().unwrap() {
        into[name] = value.clone();
    }
}

fn told(status: StatusCode, value: &Value) -> Response {
    (status, [("content-type", "application/json")], value.to_string()).into_response()
}

async fn discovery(State(shared): State<Shared>) -> Response {
    let (slow, twist) = {
        let mut mind = shared.mind.lock().unwrap();
        mind.asked += 1;
        (mind.slow, mind.discovery.clone())
    };
    tokio::time::sleep(slow.unwrap_or_default()).await;
    let issuer = &shared.issuer;
    let mut said = json!({
        "issuer": issuer,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "userinfo_endpoint": format!("{issuer}/me"),
        "jwks_uri": format!("{issuer}/keys"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    twist(&mut said);
    told(StatusCode::OK, &said)
}

fn rsa_jwk(kid: &str, pair: &RsaKeyPair) -> Value {
    let key = pair.public_key();
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (n, e) = (key.modulus().big_endian_without_leading_zero(), key.exponent().big_endian_without_leading_zero());
    json!({ "kty": "RSA", "use": "sig", "kid": kid, "n": text(n), "e": text(e) })
}

async fn keys(State(shared): State<Shared>) -> Response {
    let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let ec = |name: &str, pair: &EcdsaKeyPair| {
        let (x, y) = pair.public_key().as_ref()[1..].split_at(pair.public_key().as_ref().len() / 2);
        json!({ "kty": "EC", "crv": name, "use": "sig", "kid": name, "x": text(x), "y": text(y) })
    };
    let ed = json!({ "kty": "OKP", "crv": "Ed25519", "kid": "ed", "x": text(ED.public_key().as_ref()) });
    let signs = shared.mind.lock().unwrap().signs;
    let first = if matches!(signs, Signs::ReplacedKey) { &OTHER_RSA } else { &RSA };
    let mut keys = vec![
        // Kinds of keys that nobody here can use.
        json!({ "kty": "oct", "kid": "rsa", "k": "AAAA" }),
        json!({ "kty": "EC", "crv": "secp256k1", "kid": "rsa", "x": "AA", "y": "AA" }),
        json!({ "kty": "RSA", "use": "enc", "kid": "rsa", "n": "AQAB", "e": "AQAB" }),
        json!({ "kty": 7 }),
        rsa_jwk("rsa", first),
        ec("P-256", &ES256),
        ec("P-384", &ES384),
        ec("P-521", &ES512),
        ed,
    ];
    if matches!(signs, Signs::NewKey | Signs::NamelessKey) {
        keys.push(rsa_jwk("new", &OTHER_RSA));
    }
    if matches!(signs, Signs::NamelessKey) {
        for key in &mut keys {
            key.as_object_mut().unwrap().remove("kid");
        }
    }
    told(StatusCode::OK, &json!({ "keys": keys }))
}

async fn token(
    State(shared): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let refused = |why: &str| told(StatusCode::BAD_REQUEST, &json!({ "error": why }));
    let secret = shared.mind.lock().unwrap().secret.replace(' ', "+");
    let login = STANDARD.encode(format!("nyckel:{secret}"));
    if headers.get("authorization").is_none_or(|own| own.as_bytes() != format!("Basic {login}").as_bytes()) {
        return refused("invalid_client");
    }
    let mut mind = shared.mind.lock().unwrap();
    let says = |name: &str| form.get(name).map_or("", String::as_str);
    let Some(granted) = mind.codes.remove(says("code")) else { return refused("invalid_grant") };
    let challenge = URL_SAFE_NO_PAD.encode(digest::digest(&digest::SHA256, says("code_verifier").as_bytes()));
    if (challenge, says("redirect_uri")) != (granted.challenge, granted.redirect.as_str()) {
        return refused("invalid_grant");
    }
    let mut claims = granted.claims;
    (mind.twist)(&mut claims);
    let id_token = sign(mind.signs, &claims);
    let mut given = json!({ "access_token": "open", "token_type": "Bearer", "id_token": id_token });
    (mind.tokens)(&mut given);
    told(StatusCode::OK, &given)
}

async fn me(State(shared): State<Shared>, headers: HeaderMap) -> Response {
    if headers.get("authorization").is_none_or(|own| own.as_bytes() != b"Bearer open") {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    let besides = shared.mind.lock().unwrap().besides.clone();
    match besides {
        None => told(StatusCode::OK, &json!({ "sub": "nobody" })),
        Some((claims, false)) => told(StatusCode::OK, &claims),
        Some((claims, true)) => ([("content-type", "application/jwt")], sign(Signs::Es384, &claims)).into_response(),
    }
}

fn sign(signs: Signs, claims: &Value) -> String {
    let (alg, kid) = match signs {
        Signs::Rs256 | Signs::Forged | Signs::ReplacedKey => ("RS256", json!("rsa")),
        Signs::Ps512 => ("PS512", json!("rsa")),
        Signs::Es256 => ("ES256", json!("P-256")),
        Signs::Es384 => ("ES384", json!("P-384")),
        Signs::Es512 => ("ES512", json!("P-521")),
        Signs::EdDsa => ("EdDSA", json!("ed")),
        Signs::NewKey => ("RS256", json!("new")),
        Signs::NamelessKey => ("RS256", json!(null)),
        Signs::HiddenKey => ("RS256", json!("hidden")),
        Signs::Nothing => ("none", json!("rsa")),
        Signs::Hs256 => ("HS256", json!("rsa")),
    };
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({ "alg": alg, "kid": kid })), part(claims));
    let random = SystemRandom::new();
    let by = |pair: &RsaKeyPair, how: &'static dyn RsaEncoding| {
        let mut signature = vec![0; pair.public_modulus_len()];
        pair.sign(how, &random, text.as_bytes(), &mut signature).unwrap();
        signature
    };
    let by_curve = |pair: &EcdsaKeyPair| pair.sign(&random, text.as_bytes()).unwrap().as_ref().to_vec();
    let signature = match signs {
        Signs::Rs256 => by(&RSA, &RSA_PKCS1_SHA256),
        Signs::Ps512 => by(&RSA, &RSA_PSS_SHA512),
        Signs::Forged | Signs::NewKey | Signs::ReplacedKey | Signs::NamelessKey | Signs::HiddenKey => {
            by(&OTHER_RSA, &RSA_PKCS1_SHA256)
        }
        Signs::Es256 => by_curve(&ES256),
        Signs::Es384 => by_curve(&ES384),
        Signs::Es512 => by_curve(&ES512),
        Signs::EdDsa => ED.sign(text.as_bytes()).as_ref().to_vec(),
        Signs::Nothing => Vec::new(),
        Signs::Hs256 => {
            let key = hmac::Key::new(hmac::HMAC_SHA256, CLIENT_SECRET.as_bytes());
            hmac::sign(&key, text.as_bytes()).as_ref().to_vec()
        }
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
