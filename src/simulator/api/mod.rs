//! The functions of the simulated API: which there are, how they may be called, and the desk they work at.
//!
//! `door` looks a function up here and runs it under the state's lock. Each function reads its arguments, changes
//! the state only when everything about them is right, and returns what stands beside the status in the envelope.

mod accounts;
mod aliases;
mod listings;
mod project;

use std::collections::BTreeSet;

use axum::http::Method;

use super::arguments::Arguments;
use super::envelope::{Payload, Refusal};
use super::passwords::Passwords;
use super::state::State;

/// What a function has before it.
pub struct Desk<'a> {
    pub state: &'a mut State,
    pub arguments: &'a Arguments,
    pub passwords: &'a mut Passwords,
    pub project: &'a str,
    /// Functions that the key may not call.
    pub denied: &'a BTreeSet<String>,
    /// Seconds since 1970.
    pub now: i64,
    /// The password that this call has generated, for the ledger.
    pub made: Option<String>,
}

impl Desk<'_> {
    fn new_password(&mut self) -> String {
        let password = self.passwords.next();
        self.made = Some(password.clone());
        password
    }
}

/// A function of the API.
pub struct Function {
    /// `module/function`.
    pub name: &'static str,
    /// The methods that its callers use: of the documentation, or of GleSYS's own Go client.
    pub methods: &'static [Method],
    pub run: fn(&mut Desk<'_>) -> Result<Payload, Refusal>,
}

const POST: &[Method] = &[Method::POST];
const GET: &[Method] = &[Method::GET];
const EITHER: &[Method] = &[Method::GET, Method::POST];

/// Every function that the simulator has.
pub static FUNCTIONS: [Function; 14] = [
    Function { name: "email/overview", methods: EITHER, run: listings::overview },
    Function { name: "email/list", methods: POST, run: listings::list },
    Function { name: "email/quota", methods: POST, run: listings::quota },
    Function { name: "email/costs", methods: GET, run: listings::costs },
    Function { name: "email/createaccount", methods: POST, run: accounts::create },
    Function { name: "email/editaccount", methods: POST, run: accounts::edit },
    Function { name: "email/resetpassword", methods: POST, run: accounts::reset_password },
    Function { name: "email/delete", methods: POST, run: accounts::delete },
    Function { name: "email/createalias", methods: POST, run: aliases::create },
    Function { name: "email/editalias", methods: POST, run: aliases::edit },
    Function { name: "account/info", methods: EITHER, run: project::info },
    Function { name: "api/maintenance", methods: EITHER, run: project::maintenance },
    Function { name: "api/serviceinfo", methods: EITHER, run: project::service_info },
    Function { name: "api/listfunctions", methods: EITHER, run: project::list_functions },
];

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
