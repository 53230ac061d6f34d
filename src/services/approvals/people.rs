//! Whether there are people enough for what takes two.

use crate::access::RightName;
use crate::access::rights::allows;
use crate::model::{SecondPerson, Staff};

/// A sentence where what takes a second person can't be done, because fewer than two people could.
pub fn too_few(second_person: &SecondPerson, staff: &[Staff]) -> Option<&'static str> {
    let can = |right| {
        let holds =
            |staff: &&Staff| staff.disabled_at.is_none() && staff.grants.iter().any(|grant| allows(grant.role, right));
        staff.iter().filter(holds).count()
    };
    if second_person.protected && can(RightName::ResetProtectedPasswords) < 2 {
        return Some("NYCKEL_SECOND_PERSON has protected, but fewer than two admins could approve it for each other");
    }
    let is_too_few = !second_person.is_nothing() && can(RightName::ResetPasswords) < 2;
    is_too_few.then_some("NYCKEL_SECOND_PERSON is set, but fewer than two people could approve anything for each other")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::access::Gate;
    use crate::model::{Domains, Grant, Role};

    #[test]
    fn what_takes_two_people_takes_two_who_may() {
        let person = |role| {
            let gate = Gate::of_the_command_line().unwrap();
            Staff { grants: vec![Grant { role, domains: Domains::All }], ..gate.asker().staff.clone() }
        };
        let (protected, nothing) =
            (SecondPerson { protected: true, ..SecondPerson::default() }, SecondPerson::default());
        let bulk = SecondPerson { bulk: true, ..SecondPerson::default() };
        let [admin, operator, viewer] = [Role::Admin, Role::Operator, Role::Viewer].map(person);
        assert!(too_few(&protected, &[admin.clone(), operator.clone()]).is_some_and(|said| said.contains("admins")));
        assert_eq!(too_few(&protected, &[admin.clone(), admin.clone()]), None);
        assert_eq!(too_few(&bulk, &[admin.clone(), operator]), None);
        assert!(too_few(&bulk, &[admin, viewer]).is_some());
        assert_eq!(too_few(&nothing, &[]), None);
    }
}
