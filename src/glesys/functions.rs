//! The functions of GleSYS's API that the panel calls. Their names stand here and nowhere else.

use crate::model::{Function, OperationKind};

pub(super) const OVERVIEW: &Function = &asking("email/overview");
/// What a domain holds, or one address.
pub const LIST: &Function = &asking("email/list");
pub(super) const QUOTA: &Function = &asking("email/quota");
pub const COSTS: &Function = &asking("email/costs");

const fn asking(name: &'static str) -> Function {
    Function { name, changes: None }
}

const fn changing(name: &'static str, kind: OperationKind) -> Function {
    Function { name, changes: Some(kind) }
}

/// The function that makes such a change.
pub const fn function_of(kind: OperationKind) -> &'static Function {
    match kind {
        OperationKind::ResetPassword => const { &changing("email/resetpassword", OperationKind::ResetPassword) },
        OperationKind::LockOut => const { &changing("email/resetpassword", OperationKind::LockOut) },
        OperationKind::CreateAccount => const { &changing("email/createaccount", OperationKind::CreateAccount) },
        OperationKind::EditAccount => const { &changing("email/editaccount", OperationKind::EditAccount) },
        OperationKind::DeleteAccount => const { &changing("email/delete", OperationKind::DeleteAccount) },
        OperationKind::CreateAlias => const { &changing("email/createalias", OperationKind::CreateAlias) },
        OperationKind::EditAlias => const { &changing("email/editalias", OperationKind::EditAlias) },
        OperationKind::DeleteAlias => const { &changing("email/delete", OperationKind::DeleteAlias) },
    }
}
