//! What an operation came of, for whoever looks at it: a change of several accounts, an approval. Nobody is led to a page that
//! they may not see.

use super::rules::Gravity;
use crate::access::{Asker, RightName, holds};
use crate::model::{CameOf, Operation};

/// The operation as it is shown to somebody who may see it.
pub(super) fn shown_to(asker: &Asker, operation: Operation) -> Operation {
    let holds = |right| holds(&asker.staff, right, operation.address.domain());
    let may_know = operation.staff == asker.staff.id
        || [Gravity::of(operation.kind).right, RightName::ReadAudit].into_iter().any(holds);
    if may_know { operation } else { Operation { came_of: CameOf::default(), ..operation } }
}
