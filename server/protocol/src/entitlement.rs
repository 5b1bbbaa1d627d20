//! Scope values that only people with certain roles are granted.

use crate::client::Client;
use crate::permission::Permission;
use crate::resource::Resource;
use crate::role::{Held, RoleBook};
use crate::scope::Scope;

/// Whether it depends on a person's roles what they are granted of this scope.
pub fn depends_on_roles(scope: &Scope, resources: &[Resource]) -> bool {
    scope.iter().any(|value| Permission::of_scope(value).is_some() || limited_to(value, resources).is_some())
}

/// What of a scope may be granted to a client by somebody who holds these roles.
///
/// RFC 6749 §3.3: "The authorization server MAY fully or partially ignore the scope requested by the client, based on the
/// authorization server policy".
pub fn grantable(
    scope: &Scope,
    client: &Client,
    (book, held): (&RoleBook, &Held),
    resources: &[Resource],
) -> Scope {
    let permissions = book.permissions(held.names());
    let holds = |role: &String| held.roles.contains_key(role) && book.counts_for(role, &client.client_id);
    scope.filtered(|value| match (Permission::of_scope(value), limited_to(value, resources)) {
        (Some(permission), _) => permissions.has(permission),
        (None, Some(roles)) => roles.iter().any(holds),
        (None, None) => true,
    })
}

/// The roles one of which is needed for a scope value; none: everybody may have it.
fn limited_to<'a>(value: &str, resources: &'a [Resource]) -> Option<&'a Vec<String>> {
    resources.iter().find_map(|api| api.scope_roles.get(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::permission::administration;
    use crate::role::Role;
    use crate::token::fixtures::{ORDERS, client, resources, scope};
    use serde_json::json;

    /// What `orders:write` and administration come to for somebody with these roles.
    fn granted(roles: &[&str]) -> String {
        let role = |json| serde_json::from_value::<Role>(json).unwrap();
        let client = client();
        let book = RoleBook::new(
            [
                role(json!({"name": "manager"})),
                role(json!({"name": "own", "client_id": client.client_id})),
                role(json!({"name": "foreign", "client_id": "another"})),
                role(json!({"name": "overseer", "permissions": ["clients:read"]})),
            ],
            [],
        );
        let mut apis = resources();
        apis.push(administration("https://issuer.test"));
        let orders = apis.iter_mut().find(|api| api.identifier.as_str() == ORDERS).unwrap();
        let needed = ["manager", "own", "foreign", "never_declared"].map(str::to_owned);
        orders.scope_roles.insert("orders:write".to_owned(), needed.to_vec());
        let asked = scope("openid orders:read orders:write signet:clients:read signet:clients:write");
        assert!(depends_on_roles(&asked, &apis) && !depends_on_roles(&scope("openid orders:read"), &apis));
        let own: Vec<_> = roles.iter().map(|role| (*role).to_owned()).collect();
        grantable(&asked, &client, (&book, &book.held(&own, &[])), &apis).to_string()
    }

    #[test]
    fn a_limited_scope_value_is_for_those_who_hold_one_of_its_roles() {
        assert_eq!(granted(&[]), "openid orders:read");
        assert_eq!(granted(&["manager"]), "openid orders:read orders:write");
        assert_eq!(granted(&["own"]), "openid orders:read orders:write");
    }

    #[test]
    fn another_clients_role_or_one_that_does_not_exist_opens_nothing() {
        assert_eq!(granted(&["foreign", "never_declared", "admirer"]), "openid orders:read");
    }

    #[test]
    fn of_administration_people_get_what_their_roles_let_them() {
        assert_eq!(granted(&["overseer"]), "openid orders:read signet:clients:read");
        assert_eq!(
            granted(&["signet:client_manager"]),
            "openid orders:read signet:clients:read signet:clients:write"
        );
    }
}
