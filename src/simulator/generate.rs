//! Invents a project of any size: Swedish and English people in a handful of domains, one of them not ASCII.
//!
//! The demo and the tests call it. The same size and seed give the same state, on any machine.

use std::collections::BTreeMap;

use super::state::{Domain, Forward, Mailbox, State, domain_key};

const DOMAINS: [&str; 6] =
    ["nordvik.example", "example.se", "example.com", "blåbärsskogen.example", "lund-partner.example", "example.org"];

const FIRST: [&str; 48] = [
    "anna", "erik", "maria", "lars", "karin", "johan", "sara", "anders", "emma", "per", "ingrid", "nils", "eva",
    "mikael", "asa", "bjorn", "linnea", "gustav", "hanna", "oskar", "elsa", "axel", "moa", "viktor", "freja", "hugo",
    "alma", "sven", "james", "olivia", "oliver", "amelia", "jack", "grace", "harry", "emily", "george", "lucy",
    "thomas", "alice", "william", "sophie", "daniel", "chloe", "samuel", "ruth", "peter", "jane",
];

const LAST: [&str; 56] = [
    "andersson",
    "johansson",
    "karlsson",
    "nilsson",
    "eriksson",
    "larsson",
    "olsson",
    "persson",
    "svensson",
    "gustafsson",
    "pettersson",
    "jonsson",
    "jansson",
    "hansson",
    "bengtsson",
    "lindberg",
    "lindstrom",
    "lindqvist",
    "bergstrom",
    "lundgren",
    "nystrom",
    "sandberg",
    "forsberg",
    "wallin",
    "engstrom",
    "danielsson",
    "hakansson",
    "lundin",
    "bjork",
    "ekman",
    "sjoberg",
    "hedlund",
    "nordin",
    "aberg",
    "falk",
    "strand",
    "smith",
    "jones",
    "taylor",
    "brown",
    "wilson",
    "evans",
    "walker",
    "wright",
    "green",
    "hall",
    "wood",
    "clarke",
    "hughes",
    "edwards",
    "turner",
    "hill",
    "moore",
    "cooper",
    "ward",
    "baker",
];

const SHARED: [&str; 6] = ["info", "order", "faktura", "support", "jobb", "kontakt"];

/// How many accounts a further numbered domain takes, beyond the named ones.
const ACCOUNTS_A_BRANCH: usize = 2500;

/// 1 January 2018, the start of the invented company's mail.
const START: i64 = 1_514_764_800;
const SIX_YEARS: u64 = 6 * 365 * 86_400;

/// A small generator of well-spread numbers (splitmix64); it only has to be repeatable.
struct Dice(u64);

impl Dice {
    const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    const fn below(&mut self, sides: u64) -> u64 {
        self.next() % sides
    }

    fn index(&mut self, length: usize) -> usize {
        let length = u64::try_from(length.max(1)).unwrap_or(1);
        usize::try_from(self.below(length)).unwrap_or(0)
    }
}

impl State {
    /// A project with so many accounts, made from `seed`: skewed over several domains (one of them
    /// internationalised, one empty), with aliases, auto-replies and full mailboxes here and there. The limits
    /// leave room for a few more.
    pub fn generated(accounts: usize, seed: u64) -> Self {
        let mut dice = Dice(seed);
        let names = domain_names(accounts);
        let mut taken = vec![0_u32; names.len() * FIRST.len() * LAST.len()];
        let mut people: Vec<Vec<(String, Mailbox)>> = vec![Vec::new(); names.len()];
        for number in 0..accounts {
            let (a, b) = (dice.index(names.len()), dice.index(names.len()));
            let place = a.min(b);
            let person = dice.index(FIRST.len() * LAST.len());
            let namesakes = &mut taken[place * FIRST.len() * LAST.len() + person];
            *namesakes += 1;
            let address = address(person, *namesakes, &names[place]);
            people[place].push((address, mailbox(number, &mut dice)));
        }
        let mut domains: BTreeMap<String, Domain> = names
            .iter()
            .zip(people)
            .map(|(name, people)| {
                let aliases = aliases(name, &people, &mut dice);
                (name.clone(), Domain { accounts: people.into_iter().collect(), aliases, ..Domain::default() })
            })
            .collect();
        domains.insert("vilande.example".to_owned(), Domain::default());
        let aliases: usize = domains.values().map(|domain| domain.aliases.len()).sum();
        Self { maxaccounts: accounts.max(1900) + 100, maxaliases: aliases.max(9900) + 100, perpage: 30, domains }
    }
}

fn domain_names(accounts: usize) -> Vec<String> {
    let branches = (1..=accounts / ACCOUNTS_A_BRANCH).map(|n| format!("kontor-{n}.example"));
    DOMAINS.iter().map(|name| domain_key(name)).chain(branches).collect()
}

fn address(person: usize, namesakes: u32, domain: &str) -> String {
    let (first, last) = (FIRST[person % FIRST.len()], LAST[person / FIRST.len()]);
    if namesakes == 1 { format!("{first}.{last}@{domain}") } else { format!("{first}.{last}{namesakes}@{domain}") }
}

fn mailbox(number: usize, dice: &mut Dice) -> Mailbox {
    let quotaingib = [1, 1, 1, 2, 5, 10, 25, 50][dice.index(8)];
    // Most mailboxes are far from full, some are full to the last MiB.
    let fill = dice.below(101) * dice.below(101) / 100;
    let created = START + i64::try_from(dice.below(SIX_YEARS)).unwrap_or(0);
    let away = dice.below(25) == 0;
    Mailbox {
        password: format!("initial-{number}"),
        quotaingib,
        usedquotainmib: quotaingib * 1024 * fill / 100,
        antispamlevel: [3, 3, 3, 3, 0, 1, 2, 4, 5][dice.index(9)],
        antivirus: dice.below(50) != 0,
        autorespond: away,
        autorespondmessage: away.then(|| "Jag är ledig.\n\nI am away until Monday.".to_owned()),
        rejectspam: dice.below(4) == 0,
        created,
        modified: (dice.below(2) == 0).then_some(created + 86_400),
        ..Mailbox::default()
    }
}

fn aliases(domain: &str, people: &[(String, Mailbox)], dice: &mut Dice) -> BTreeMap<String, Forward> {
    let mut aliases = BTreeMap::new();
    if people.is_empty() {
        return aliases;
    }
    for name in SHARED {
        let targets: Vec<&str> = (0..=dice.index(3)).map(|_| people[dice.index(people.len())].0.as_str()).collect();
        aliases.insert(format!("{name}@{domain}"), Forward { goto: targets.join(","), ..Forward::default() });
    }
    for (address, _) in people.iter().step_by(10) {
        if let Some((first, rest)) = address.split_once('.') {
            let short = format!("{}{rest}", &first[..1]);
            aliases.insert(short, Forward { goto: address.clone(), ..Forward::default() });
        }
    }
    aliases
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Address;

    #[test]
    fn the_same_seed_gives_the_same_project() {
        assert_eq!(State::generated(300, 7), State::generated(300, 7));
        assert_ne!(State::generated(300, 7), State::generated(300, 8));
    }

    #[test]
    fn every_invented_account_is_a_valid_one_and_none_is_lost() {
        let state = State::generated(5000, 1);
        assert_eq!(state.accounts(), 5000);
        assert!(state.aliases() > 300);
        assert!(state.domains.keys().any(|name| name.starts_with("xn--")));
        for (name, domain) in &state.domains {
            for address in domain.accounts.keys().chain(domain.aliases.keys()) {
                let parsed = Address::parse(address).unwrap();
                assert_eq!((parsed.as_str(), parsed.domain().as_str()), (address.as_str(), name.as_str()));
            }
            assert!(domain.accounts.values().all(|account| account.usedquotainmib <= account.quotaingib * 1024));
        }
    }

    #[test]
    fn a_hundred_thousand_accounts_come_quickly() {
        let begun = std::time::Instant::now();
        let state = State::generated(100_000, 1);
        assert_eq!(state.accounts(), 100_000);
        assert!(state.domains.len() > state.perpage);
        assert!(begun.elapsed().as_secs() < 5, "took {:?}", begun.elapsed());
    }
}
