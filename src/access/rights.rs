//! The rights and the one table that says which role gives which.

use crate::model::Role;

/// The rights by name, for messages and for the audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RightName {
    ViewMail,
    ResetPasswords,
    ManageMail,
    /// The same for accounts that the configuration protects.
    ResetProtectedPasswords,
    ReadAudit,
    ManageStaff,
}

impl RightName {
    /// The code that the audit keeps.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ViewMail => "view_mail",
            Self::ResetPasswords => "reset_passwords",
            Self::ManageMail => "manage_mail",
            Self::ResetProtectedPasswords => "reset_protected_passwords",
            Self::ReadAudit => "read_audit",
            Self::ManageStaff => "manage_staff",
        }
    }
}

/// Whether a role gives a right. This is the whole table.
pub const fn allows(role: Role, right: RightName) -> bool {
    match right {
        RightName::ViewMail => true,
        RightName::ResetPasswords => matches!(role, Role::Operator | Role::Manager | Role::Admin),
        RightName::ManageMail => matches!(role, Role::Manager | Role::Admin),
        RightName::ReadAudit => matches!(role, Role::Auditor | Role::Admin),
        RightName::ResetProtectedPasswords | RightName::ManageStaff => matches!(role, Role::Admin),
    }
}

/// A right as a type, so that a service can name in its signature what it takes.
pub trait Right: Send + Sync + 'static {
    const NAME: RightName;
}

/// See domains, accounts and aliases.
#[derive(Clone, Debug)]
pub struct ViewMail;
/// Reset an account's password.
#[derive(Clone, Debug)]
pub struct ResetPasswords;
/// Create, edit and delete accounts and aliases.
#[derive(Clone, Debug)]
pub struct ManageMail;
/// Read the audit.
#[derive(Clone, Debug)]
pub struct ReadAudit;
/// Add, disable and change staff members.
#[derive(Clone, Debug)]
pub struct ManageStaff;

impl Right for ViewMail {
    const NAME: RightName = RightName::ViewMail;
}
impl Right for ResetPasswords {
    const NAME: RightName = RightName::ResetPasswords;
}
impl Right for ManageMail {
    const NAME: RightName = RightName::ManageMail;
}
impl Right for ReadAudit {
    const NAME: RightName = RightName::ReadAudit;
}
impl Right for ManageStaff {
    const NAME: RightName = RightName::ManageStaff;
}
