//! A group's declaration.

use super::{Faults, FieldError, first_repeated};
use crate::group::Group;
use crate::login::login_key;
use crate::permission::PREFIX;
use serde::Deserialize;

/// A group as declared.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // `Group` says what each means.
pub struct GroupMetadata {
    pub name: String,
    pub description: Option<String>,
    #[serde(default)]
    pub roles: Vec<String>,
    /// User names; absent: who is in it is said elsewhere, and stays as it is.
    pub members: Option<Vec<String>>,
}

/// A group that passed the checks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeclaredGroup {
    /// The group.
    pub group: Group,
    /// The user names of all who are to be in it; none: whoever is in it stays, and nobody else comes.
    pub members: Option<Vec<String>>,
}

impl GroupMetadata {
    /// Checks everything and gives the group.
    pub fn register(self) -> Result<DeclaredGroup, Vec<FieldError>> {
        let mut faults = Faults::default();
        let group = Group { name: self.name, description: self.description, roles: self.roles };
        check(&group, &mut faults);
        let keys: Vec<_> = self.members.iter().flatten().map(|name| login_key(name)).collect();
        if let Some(twice) = first_repeated(&keys) {
            faults.add("members", format!("{twice:?} comes twice"));
        }
        faults.into_result(DeclaredGroup { group, members: self.members })
    }
}

fn check(group: &Group, faults: &mut Faults) {
    let name = &group.name;
    let fits = (1..=64).contains(&name.len()) && name.bytes().all(|byte| byte.is_ascii_graphic());
    faults.check(fits, "name", "must be a name of printable ASCII without space, 64 characters at most");
    faults.check_segment("name", name);
    faults.check(!name.starts_with(PREFIX), "name", "must not begin with \"signet:\"");
    if let Some(description) = &group.description {
        faults.check_shown("description", description);
    }
    if let Some(twice) = first_repeated(&group.roles) {
        faults.add("roles", format!("{twice:?} comes twice"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn faults_name_their_field() {
        for (json, field) in [
            (json!({"name": "a b"}), "name"),
            (json!({"name": ""}), "name"),
            (json!({"name": "."}), "name"),
            (json!({"name": ".."}), "name"),
            (json!({"name": "signet:all"}), "name"),
            (json!({"name": "staff", "description": "a\nb"}), "description"),
            (json!({"name": "staff", "roles": ["clerk", "clerk"]}), "roles"),
            (json!({"name": "staff", "members": ["alice", "ALICE"]}), "members"),
        ] {
            let faults =
                serde_json::from_value::<GroupMetadata>(json.clone()).unwrap().register().unwrap_err();
            assert_eq!(faults.iter().map(|fault| &*fault.field).collect::<Vec<_>>(), [field], "{json}");
        }
    }

    #[test]
    fn a_group_without_members_says_nothing_of_who_is_in_it() {
        let declared = |json| serde_json::from_value::<GroupMetadata>(json).unwrap().register().unwrap();
        assert_eq!(declared(json!({"name": "staff"})).members, None);
        assert_eq!(declared(json!({"name": "staff", "members": []})).members, Some(Vec::new()));
    }
}
