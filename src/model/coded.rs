//! Enums whose values have a name each, under which the store, the audit and exports keep them for ever.

/// Writes such an enum: `Value = "name",` each. Behind `or`, values that are of another such enum and go by its names.
macro_rules! coded {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$each:meta])* $value:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $value,)+ }

        impl $name {
            /// Every value.
            pub const ALL: [Self; [$($code),+].len()] = [$(Self::$value),+];

            /// The name under which it is kept.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $code,)+ }
            }

            /// The value of that name.
            pub fn named(name: &str) -> Option<Self> {
                Self::ALL.into_iter().find(|value| value.name() == name)
            }
        }
    };
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$each:meta])* $value:ident = $code:literal,)* }
        or { $($(#[$also:meta])* $kind:ident($of:ident),)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$each])* $value,)* $($(#[$also])* $kind($of),)+ }

        impl $name {
            /// The name under which it is kept.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$value => $code,)* $(Self::$kind(of) => of.name(),)+ }
            }

            /// The value of that name.
            pub fn named(name: &str) -> Option<Self> {
                match name {
                    $($code => Some(Self::$value),)*
                    _ => None$(.or_else(|| $of::named(name).map(Self::$kind)))+,
                }
            }
        }
    };
}
pub(super) use coded;
