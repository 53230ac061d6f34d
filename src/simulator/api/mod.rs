//! The functions of the simulated API: which there are, how they may be called, and the desk they work at.
//!
//! `door` looks a function up here and runs it under the state's lock. Each function reads its arguments, changes
//! the state only when everything about them is right, and returns what stands beside the status in the envelope.

mod accounts;
mod aliases;
mod listings;
mod project;

use std::collections::BTreeSet;

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
    /// Whether it is documented for GET; POST always works.
    pub get: bool,
    pub run: fn(&mut Desk<'_>) -> Result<Payload, Refusal>,
}

/// Every function that the simulator has.
pub static FUNCTIONS: [Function; 14] = [
    Function { name: "email/overview", get: true, run: listings::overview },
    Function { name: "email/list", get: false, run: listings::list },
    Function { name: "email/quota", get: false, run: listings::quota },
    Function { name: "email/costs", get: true, run: listings::costs },
    Function { name: "email/createaccount", get: false, run: accounts::create },
    Function { name: "email/editaccount", get: false, run: accounts::edit },
    Function { name: "email/resetpassword", get: false, run: accounts::reset_password },
    Function { name: "email/delete", get: false, run: accounts::delete },
    Function { name: "email/createalias", get: false, run: aliases::create },
    Function { name: "email/editalias", get: false, run: aliases::edit },
    Function { name: "account/info", get: true, run: project::info },
    Function { name: "api/maintenance", get: true, run: project::maintenance },
    Function { name: "api/serviceinfo", get: true, run: project::service_info },
    Function { name: "api/listfunctions", get: true, run: project::list_functions },
];

/// The function of this name.
pub fn function(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}
