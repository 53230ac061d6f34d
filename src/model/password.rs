//! A password that GleSYS generated and that a person may see once.

use zeroize::Zeroizing;

/// A generated password on its way to its one reveal. It can't be printed, cloned or serialised; whoever wants
/// the text consumes it. The memory is wiped when it is dropped.
pub struct OneTimePassword(Zeroizing<String>);

impl OneTimePassword {
    /// Takes a generated password over. An empty text is none.
    pub fn new(text: Zeroizing<String>) -> Option<Self> {
        if text.is_empty() { None } else { Some(Self(text)) }
    }

    /// Gives the text out, once.
    pub fn reveal(self) -> Zeroizing<String> {
        self.0
    }
}
