//! A role's declaration.

use super::{Faults, FieldError, first_repeated};
use crate::factor::FactorPolicy;
use crate::permission::PREFIX;
use crate::role::Role;

impl Role {
    /// Checks everything and gives the role.
    pub fn register(self) -> Result<Self, Vec<FieldError>> {
        let mut faults = Faults::default();
        let name = &self.name;
        let fits = (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
        faults.check(fits, "name", "must be a name of printable ASCII without space");
        faults.check_segment("name", name);
        faults.check(
            !name.starts_with(PREFIX),
            "name",
            "must not begin with \"signet:\": such roles are built in",
        );
        if let Some(description) = &self.description {
            faults.check_shown("description", description);
        }
        // A role can ask for more than the operator does, not for less: those who hold it may hold others, too.
        let adds = matches!(self.second_factor, None | Some(FactorPolicy::Optional | FactorPolicy::Required));
        faults.check(adds, "second_factor", "must be \"required\" or \"optional\"");
        if let Some(twice) = first_repeated(&self.permissions) {
            faults.add("permissions", format!("{twice} comes twice"));
        }
        // Administration is nobody's client: what lets administer is for all.
        let elsewhere = self.client_id.is_none() || self.permissions.is_empty();
        faults.check(elsewhere, "permissions", "are not for a role of one client: leave client_id out");
        faults.into_result(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::{BuiltIn, Permission};

    #[test]
    fn no_role_is_declared_under_a_name_of_a_built_in_one() {
        let named = |name: &str| serde_json::from_value::<Role>(serde_json::json!({"name": name})).unwrap();
        for role in BuiltIn::ALL.into_iter().filter(|role| *role != BuiltIn::Administrator) {
            assert_eq!(named(role.name()).register().unwrap_err()[0].field, "name");
        }
        assert!(named("auditor").register().is_ok());
    }

    #[test]
    fn no_role_is_called_as_no_path_can_say() {
        let named = |name: &str| serde_json::from_value::<Role>(serde_json::json!({"name": name})).unwrap();
        for name in [".", ".."] {
            assert_eq!(named(name).register().unwrap_err()[0].field, "name", "{name}");
        }
        assert!(named("...").register().is_ok());
    }

    #[test]
    fn a_role_is_made_of_permissions_that_there_are_each_once_and_never_of_one_clients() {
        let declared = |json| serde_json::from_value::<Role>(json).map(Role::register);
        let json = serde_json::json!({"name": "helpdesk", "permissions": ["users:read", "sessions:write"]});
        let role = declared(json.clone()).unwrap().unwrap();
        assert_eq!(role.permissions, [Permission::UsersRead, Permission::SessionsWrite]);
        assert_eq!(serde_json::to_value(role).unwrap()["permissions"], json["permissions"]);
        for permission in ["users:admire", "signet:users:read", "*"] {
            assert!(declared(serde_json::json!({"name": "a", "permissions": [permission]})).is_err());
        }
        for json in [
            serde_json::json!({"name": "a", "permissions": ["users:read", "users:read"]}),
            serde_json::json!({"name": "a", "permissions": ["users:read"], "client_id": "shop"}),
        ] {
            assert_eq!(declared(json).unwrap().unwrap_err()[0].field, "permissions");
        }
    }

    #[test]
    fn a_role_asks_for_more_or_for_nothing() {
        let declared = |second_factor: &str| {
            let json = serde_json::json!({"name": "payroll", "second_factor": second_factor});
            serde_json::from_value::<Role>(json).unwrap().register()
        };
        assert!(declared("required").is_ok_and(|role| role.demands_a_second_factor()));
        assert!(declared("optional").is_ok_and(|role| !role.demands_a_second_factor()));
        for policy in ["off", "required_for_administrators"] {
            assert_eq!(declared(policy).unwrap_err()[0].field, "second_factor", "{policy}");
        }
    }
}
