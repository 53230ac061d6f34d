//! Who somebody is at the company's provider of single sign-on, and what the groups that they are in there give them here.

use icu_normalizer::ComposingNormalizerBorrowed;

use super::{DomainName, Domains, Grant, Role};

/// Somebody at a provider. Never keyed on an e-mail address: those pass on from one person to another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
}

/// Which group of the provider's gives which role, and where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupGrants(Vec<(String, Grant)>);

impl GroupGrants {
    /// Reads `helpdesk=operator:example.se,example.com; it=admin`: a group, its role and, after a colon, the domains;
    /// without them the role holds in all. A group's name may hold `=`, but no `;`.
    ///
    /// # Errors
    /// A sentence that names the part that can't be read.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut all = Vec::new();
        for part in text.split(';').map(str::trim).filter(|part| !part.is_empty()) {
            let (group, given) = part.rsplit_once('=').ok_or_else(|| format!("{part}: write group=role:domain"))?;
            let (role, domains) = given.split_once(':').map_or((given, None), |(role, domains)| (role, Some(domains)));
            let group = group.trim();
            if group.is_empty() {
                return Err(format!("{part}: the group's name is missing"));
            }
            let role = Role::named(role.trim()).ok_or_else(|| {
                let roles: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
                format!("{part}: a role is one of {}", roles.join(", "))
            })?;
            for domains in read_domains(part, role, domains)? {
                all.push((composed(group), Grant { role, domains }));
            }
        }
        Ok(Self(all))
    }

    /// What somebody who is in these groups may do here.
    pub fn of(&self, groups: &[String]) -> Vec<Grant> {
        let groups: Vec<String> = groups.iter().map(|group| composed(group)).collect();
        let given = self.0.iter().filter(|(group, _)| groups.contains(group));
        let mut grants: Vec<Grant> = given.map(|(_, grant)| grant.clone()).collect();
        grants.sort();
        grants.dedup();
        grants
    }

    /// Whether the company has named this group.
    pub fn knows(&self, group: &str) -> bool {
        let group = composed(group);
        self.0.iter().any(|(own, _)| *own == group)
    }

    /// A group that the company has named, and that somebody is in only by its full path (`/helpdesk`), as Keycloak gives it.
    pub fn given_as_path(&self, groups: &[String]) -> Option<&str> {
        let groups: Vec<String> = groups.iter().map(|group| composed(group)).collect();
        let is_path =
            |own: &str| groups.iter().any(|group| group.rsplit_once('/').is_some_and(|(_, last)| last == own));
        let mut own = self.0.iter().map(|(group, _)| group.as_str());
        own.find(|own| is_path(own) && !groups.iter().any(|group| group == own))
    }
}

/// An `å` is one character however it came.
fn composed(group: &str) -> String {
    ComposingNormalizerBorrowed::new_nfc().normalize(group).into_owned()
}

fn read_domains(part: &str, role: Role, domains: Option<&str>) -> Result<Vec<Domains>, String> {
    let Some(domains) = domains else { return Ok(vec![Domains::All]) };
    if role.is_for_all_domains() {
        return Err(format!("{part}: {} holds for all domains; leave the domains out", role.name()));
    }
    let domain = |text: &str| {
        let text = text.trim();
        DomainName::parse(text).map(Domains::One).map_err(|_| format!("{part}: {text} is not a domain"))
    };
    domains.split(',').map(domain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str, groups: &[&str]) -> String {
        let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
        let grants = GroupGrants::parse(text).unwrap().of(&groups);
        let told = grants.iter().map(|grant| match &grant.domains {
            Domains::All => format!("{} *", grant.role.name()),
            Domains::One(domain) => format!("{} {domain}", grant.role.name()),
        });
        told.collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn groups_give_what_the_company_says_and_nothing_else() {
        let text =
            "helpdesk = operator:example.se, example.com; it=admin;CN=Sales,DC=x=viewer:räksmörgås.se;it=auditor;";
        assert_eq!(told(text, &["helpdesk"]), "operator example.com, operator example.se");
        assert_eq!(told(text, &["it", "other"]), "auditor *, admin *");
        assert_eq!(told(text, &["CN=Sales,DC=x"]), "viewer xn--rksmrgs-5wao1o.se");
        assert_eq!(told(text, &["Helpdesk", "helpdes", "", "CN"]), "");
        assert_eq!(told("a=viewer;b=viewer", &["a", "b"]), "viewer *");
        for (ours, theirs) in [("säljare", "sa\u{308}ljare"), ("sa\u{308}ljare", "säljare")] {
            assert_eq!(told(&format!("{ours}=viewer"), &[theirs]), "viewer *");
        }
    }

    #[test]
    fn a_group_that_comes_with_its_path_is_another_one_and_is_noticed() {
        let all = GroupGrants::parse("helpdesk=viewer; /it/ops=admin").unwrap();
        let given_as_path = |groups: &[&str]| {
            let groups: Vec<String> = groups.iter().map(|&group| group.to_owned()).collect();
            all.given_as_path(&groups).map(ToOwned::to_owned)
        };
        for group in ["/helpdesk", "/sweden/helpdesk"] {
            assert_eq!(given_as_path(&[group]).as_deref(), Some("helpdesk"));
        }
        for groups in [&["/it/ops"][..], &["ops"], &["helpdesk", "/helpdesk"], &["helpdesk/"], &["xhelpdesk"], &[]] {
            assert_eq!(given_as_path(groups), None, "{groups:?}");
        }
    }

    #[test]
    fn what_cant_be_read_is_named() {
        for (text, part) in [
            ("helpdesk", "helpdesk: write group=role:domain"),
            ("=viewer", "the group's name is missing"),
            ("a=viewer; b=boss", "b=boss: a role is one of"),
            ("a=admin:example.se", "leave the domains out"),
            ("a=viewer:", "is not a domain"),
            ("a=viewer:example.se,", "is not a domain"),
        ] {
            let sentence = GroupGrants::parse(text).unwrap_err();
            assert!(sentence.contains(part), "{text}: {sentence}");
        }
    }
}
