//! What the email service costs, as GleSYS reports it. Any part may be missing.

/// An amount as it was reported: digits, perhaps with a point. Money and storage are shown, never counted with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount(String);

impl Amount {
    /// Reads an amount; `None` when the text is none.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
        let are_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        (are_digits(whole) && are_digits(part) && text.len() <= 24).then(|| Self(text.to_owned()))
    }

    /// As it was reported.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Money.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Money {
    pub amount: Amount,
    /// Such as `SEK`; empty where GleSYS left it out.
    pub currency: String,
}

/// What one kind of thing costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cost {
    /// How much of it is paid for.
    pub used: Option<Amount>,
    /// What that costs in all.
    pub in_all: Option<Money>,
    pub price: Option<Money>,
    /// What the price is for.
    pub unit: String,
    /// How much is free.
    pub included: Option<Amount>,
}

/// What email costs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    pub accounts: Cost,
    /// In GiB.
    pub storage: Cost,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_is_digits_with_or_without_a_point() {
        for text in ["0", "12", "2.00", "-1.5", " 624 "] {
            assert_eq!(Amount::parse(text).unwrap().as_str(), text.trim());
        }
        for text in ["", ".", "1.", ".5", "1e9", "<b>", "1 000", "NaN", "--1", "1234567890123456789012345"] {
            assert_eq!(Amount::parse(text), None, "{text}");
        }
    }
}
