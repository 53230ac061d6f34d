//! How the company makes sure who asks for a new password, as it is configured: ways of checking, and rules that say for which
//! addresses which of them are enough. `services::operations` asks them; pages show what they offer.

use super::address_pattern::AddressPattern;
use super::coded::coded;
use super::reason::line;
use super::{Address, CallerCheck, Language, Stated};

/// The longest text that a check may ask for, in characters.
pub const LONGEST_TEXT: usize = 200;

/// A text of the company's own, with its Swedish where that is another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    pub plain: String,
    pub swedish: Option<String>,
}

impl Wording {
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::English => &self.plain,
            Language::Swedish => self.swedish.as_ref().unwrap_or(&self.plain),
        }
    }
}

/// A way of checking who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerWay {
    pub id: String,
    pub label: Wording,
    /// How it is done.
    pub instruction: Option<Wording>,
    /// What else is to be said of it: the number that was called, a colleague's name.
    pub asks: Option<Wording>,
}

/// For which addresses which ways are enough, by their ids, the usual one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallerRule {
    pub of: Vec<AddressPattern>,
    pub ways: Vec<String>,
}

impl CallerRule {
    fn is_about(&self, address: &Address) -> bool {
        self.of.iter().any(|pattern| pattern.fits(address))
    }
}

/// All of it. Without a rule nothing is checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallerChecks {
    pub ways: Vec<CallerWay>,
    pub rules: Vec<CallerRule>,
}

coded! {
    /// Why the check that somebody chose, or didn't, is not taken.
    pub enum CallerProblem {
        Missing = "caller_missing",
        /// There is no such way, or it is not enough for the address.
        NotEnough = "caller_not_enough",
        TextMissing = "caller_text_missing",
        TextTooLong = "caller_text_too_long",
    }
}

/// What there is to choose from, for one address or for several.
#[derive(Clone, Debug, Default)]
pub struct OfferedWays<'a> {
    /// Each way that is enough for some of the addresses, and for how many.
    pub ways: Vec<(&'a CallerWay, usize)>,
    /// How many addresses there is a rule for.
    pub asked: usize,
}

impl CallerChecks {
    /// The ways that are enough for an address: those which every rule about it names, so that a further rule can only take
    /// ways away. Nothing where there is no rule.
    pub fn enough_for(&self, address: &Address) -> Option<Vec<&CallerWay>> {
        let rules: Vec<_> = self.rules.iter().filter(|rule| rule.is_about(address)).collect();
        let ways = rules.first()?.ways.iter().filter(|id| rules.iter().all(|rule| rule.ways.contains(id)));
        Some(ways.filter_map(|id| self.ways.iter().find(|way| way.id == *id)).collect())
    }

    /// What there is to choose from for these addresses.
    pub fn offered<'a>(&self, addresses: impl IntoIterator<Item = &'a Address>) -> OfferedWays<'_> {
        let mut offered = OfferedWays::default();
        for ways in addresses.into_iter().filter_map(|address| self.enough_for(address)) {
            offered.asked += 1;
            for way in ways {
                match offered.ways.iter_mut().find(|(other, _)| other.id == way.id) {
                    Some((_, enough_for)) => *enough_for += 1,
                    None => offered.ways.push((way, 1)),
                }
            }
        }
        offered
    }
}

impl OfferedWays<'_> {
    /// The check with which something was approved, as long as it is enough; else what a person chose and typed.
    ///
    /// # Errors
    /// As [`OfferedWays::read`].
    pub fn read_after(
        &self,
        approved: Option<&CallerCheck>,
        stated: &Stated,
    ) -> Result<Option<CallerCheck>, CallerProblem> {
        match approved.filter(|check| self.takes(check)) {
            Some(check) => Ok(Some(check.clone())),
            None => self.read(stated),
        }
    }

    /// Whether a check is still enough, or none is asked for any more.
    pub fn takes(&self, check: &CallerCheck) -> bool {
        self.read(&check.stated()).is_ok()
    }

    /// Reads what a person chose and typed. Nothing where nothing is asked.
    ///
    /// # Errors
    /// [`CallerProblem`]: it is not taken.
    pub fn read(&self, stated: &Stated) -> Result<Option<CallerCheck>, CallerProblem> {
        if self.asked == 0 {
            return Ok(None);
        }
        if stated.way.is_empty() {
            return Err(CallerProblem::Missing);
        }
        let (way, _) = self.ways.iter().find(|(way, _)| way.id == stated.way).ok_or(CallerProblem::NotEnough)?;
        let text = line(&stated.text);
        match way.asks {
            Some(_) if text.is_empty() => return Err(CallerProblem::TextMissing),
            Some(_) if text.chars().count() > LONGEST_TEXT => return Err(CallerProblem::TextTooLong),
            Some(_) | None => {}
        }
        let (way, text) = (way, way.asks.as_ref().map(|_| text));
        Ok(Some(CallerCheck { way: way.id.clone(), label: way.label.plain.clone(), text }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checks(rules: &[(&str, &[&str])]) -> CallerChecks {
        let way = |id: &&str| CallerWay {
            id: (*id).to_owned(),
            label: Wording { plain: format!("By {id}"), swedish: None },
            instruction: None,
            asks: (*id == "call").then(|| Wording { plain: "Number".to_owned(), swedish: None }),
        };
        let rule = |(of, ways): &(&str, &[&str])| CallerRule {
            of: vec![AddressPattern::parse(of).unwrap()],
            ways: ways.iter().map(|&id| id.to_owned()).collect(),
        };
        CallerChecks {
            ways: ["call", "seen", "card"].iter().map(way).collect(),
            rules: rules.iter().map(rule).collect(),
        }
    }

    fn address(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    fn stated(way: &str, text: &str) -> Stated {
        Stated { way: way.to_owned(), text: text.to_owned(), ..Stated::default() }
    }

    #[test]
    fn a_further_rule_takes_ways_away_and_adds_none() {
        let checks = checks(&[("*@example.se", &["call", "seen"]), ("vd@*", &["card", "seen"])]);
        let enough = |text: &str| {
            let ways = checks.enough_for(&address(text))?;
            Some(ways.into_iter().map(|way| way.id.clone()).collect::<Vec<_>>().join(" "))
        };
        assert_eq!(enough("anna@example.se").as_deref(), Some("call seen"));
        assert_eq!(enough("vd@example.se").as_deref(), Some("seen"));
        assert_eq!(enough("vd@example.com").as_deref(), Some("card seen"));
        assert_eq!(enough("anna@example.com"), None);
    }

    #[test]
    fn what_is_chosen_must_be_enough_and_say_what_it_asks_for() {
        let checks = checks(&[("*@example.se", &["call", "seen"])]);
        let (own, other) = ([address("anna@example.se")], [address("anna@example.com")]);
        let read = |way: &str, text: &str| checks.offered(&own).read(&stated(way, text));
        let check = |way: &str, text: Option<&str>| {
            Ok(Some(CallerCheck { way: way.to_owned(), label: format!("By {way}"), text: text.map(ToOwned::to_owned) }))
        };
        assert_eq!(read("call", " 08-12\u{7} "), check("call", Some("08-12")));
        assert_eq!(read("seen", "typed elsewhere"), check("seen", None));
        assert_eq!(read("call", &"å".repeat(LONGEST_TEXT)), check("call", Some(&"å".repeat(LONGEST_TEXT))));
        assert_eq!(read("call", &"å".repeat(LONGEST_TEXT + 1)), Err(CallerProblem::TextTooLong));
        assert_eq!(read("call", "\u{7} "), Err(CallerProblem::TextMissing));
        assert_eq!((read("", ""), read("card", "")), (Err(CallerProblem::Missing), Err(CallerProblem::NotEnough)));
        assert_eq!(checks.offered(&other).read(&stated("call", "1")), Ok(None), "nothing is asked there");
    }

    #[test]
    fn several_addresses_are_offered_what_is_enough_for_some() {
        let checks = checks(&[("*@example.se", &["call", "seen"]), ("vd@example.se", &["seen"])]);
        let addresses = ["anna@example.se", "vd@example.se", "bo@example.com"].map(address);
        let offered = checks.offered(&addresses);
        let ways: Vec<_> = offered.ways.iter().map(|(way, enough_for)| (way.id.as_str(), *enough_for)).collect();
        assert_eq!((ways, offered.asked), (vec![("call", 1), ("seen", 2)], 2));
    }
}
