//! Every sentence that a person reads, in English and in Swedish, side by side.
//!
//! A sentence is a method of [`Texts`]; pages and templates call it. `sentences!` takes both languages or doesn't compile.
//! One file a part of the panel. Values that are put into a sentence are escaped where it is rendered.

mod account_forms;
mod accounts;
mod aliases;
mod approvals;
mod audit;
mod batch_links;
mod batches;
mod callers;
mod client_settings;
mod contacts;
mod costs;
mod credentials;
mod facts;
mod hand_overs;
mod keys;
mod layout;
mod letters;
mod limits;
mod lock_outs;
mod notices;
mod operations;
mod outcomes;
mod overview;
mod owners;
mod passkeys;
mod problems;
mod profile;
mod proofs;
mod reasons;
mod resets;
mod second_factor;
mod sign_in;
mod single_sign_on;
mod spelling;
mod staff;
mod times;

pub use problems::Said;
pub use spelling::Reading;

use crate::model::Language;

/// The sentences of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Texts(pub Language);

/// Writes sentences: `name: "English" / "svenska";`, or `name(value: Type): "… {value}" / "… {value}";`.
macro_rules! sentences {
    ($($(#[$doc:meta])* $name:ident $(($($arg:ident: $type:ty),+))?: $en:literal / $sv:literal;)+) => {
        impl $crate::texts::Texts {
            $($crate::texts::sentence! { $(#[$doc])* $name $(($($arg: $type),+))?: $en / $sv })+
        }
    };
}

macro_rules! sentence {
    ($(#[$doc:meta])* $name:ident: $en:literal / $sv:literal) => {
        $(#[$doc])*
        pub const fn $name(self) -> &'static str {
            match self.0 {
                $crate::model::Language::English => $en,
                $crate::model::Language::Swedish => $sv,
            }
        }
    };
    ($(#[$doc:meta])* $name:ident($($arg:ident: $type:ty),+): $en:literal / $sv:literal) => {
        $(#[$doc])*
        pub fn $name(self, $($arg: $type),+) -> String {
            match self.0 {
                $crate::model::Language::English => format!($en),
                $crate::model::Language::Swedish => format!($sv),
            }
        }
    };
}
use {sentence, sentences};

impl Texts {
    /// The BCP 47 tag of the language, for `lang`.
    pub const fn tag(self) -> &'static str {
        self.0.tag()
    }
}
