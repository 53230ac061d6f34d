//! The part of a form that says what somebody may do: everywhere, and in single domains.

use crate::access::{Gate, ViewMail};
use crate::model::{DomainName, Domains, Grant, Role};
use crate::pages::{App, Problem};

/// Roles that can be held in one domain, or everywhere.
const IN_DOMAINS: [Role; 3] = [Role::Viewer, Role::Operator, Role::Manager];
/// Roles that include one another, held everywhere. An auditor's is beside them.
const EVERYWHERE: [Role; 4] = [Role::Viewer, Role::Operator, Role::Manager, Role::Admin];
/// What a domain's field is called: this, then the domain.
const IN: &str = "in:";

/// The fields as they stand.
pub(super) struct GrantFields {
    pub everywhere: Option<Role>,
    pub auditor: bool,
    /// Every domain that is hosted or granted, by name.
    pub domains: Vec<(DomainName, Option<Role>)>,
}

impl GrantFields {
    pub const EVERYWHERE: [Role; 4] = EVERYWHERE;
    pub const IN_DOMAINS: [Role; 3] = IN_DOMAINS;

    /// The fields filled in with grants, with every domain that GleSYS hosts.
    pub async fn of(app: &App, gate: &Gate, grants: &[Grant]) -> Result<Self, Problem> {
        let hosted = app.directory.overview(&gate.can_some::<ViewMail>()?).await.domains;
        let mut domains: Vec<_> = hosted.into_iter().map(|domain| (domain.name, None)).collect();
        let (mut everywhere, mut auditor) = (None, false);
        for grant in grants {
            match (&grant.domains, grant.role) {
                (Domains::All, Role::Auditor) => auditor = true,
                (Domains::All, role) => everywhere = everywhere.max(Some(role)),
                (Domains::One(domain), role) => match domains.iter_mut().find(|(name, _)| name == domain) {
                    Some((_, held)) => *held = (*held).max(Some(role)),
                    None => domains.push((domain.clone(), Some(role))),
                },
            }
        }
        domains.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(Self { everywhere, auditor, domains })
    }

    /// Whether anything is granted in a single domain.
    pub fn go_below(&self) -> bool {
        self.domains.iter().any(|(_, role)| role.is_some())
    }
}

/// Reads the fields of a posted form; others are left alone.
pub(super) fn read(fields: &[(String, String)]) -> Result<Vec<Grant>, Problem> {
    let mut grants = Vec::new();
    for (name, value) in fields.iter().filter(|(_, value)| !value.is_empty()) {
        let role =
            |allowed: &[Role]| Role::named(value).filter(|role| allowed.contains(role)).ok_or(Problem::Unreadable);
        let grant = if name == "everywhere" {
            Grant { role: role(&EVERYWHERE)?, domains: Domains::All }
        } else if name == "auditor" {
            Grant { role: Role::Auditor, domains: Domains::All }
        } else if let Some(domain) = name.strip_prefix(IN) {
            let domain = DomainName::parse(domain).map_err(|_| Problem::Unreadable)?;
            Grant { role: role(&IN_DOMAINS)?, domains: Domains::One(domain) }
        } else {
            continue;
        };
        grants.push(grant);
    }
    Ok(grants)
}
