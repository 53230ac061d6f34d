//! A reason as the store keeps it: the database may have been written by another version of the panel.

/// A reason that the store gives back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept<W> {
    Known(W),
    /// Another version of the panel recorded it. Kept as it was written.
    Foreign(String),
}

impl<W> Kept<W> {
    /// Reads what the store keeps, by the names that this version knows.
    pub fn read(kept: String, named: impl Fn(&str) -> Option<W>) -> Self {
        named(&kept).map_or(Self::Foreign(kept), Self::Known)
    }
}
