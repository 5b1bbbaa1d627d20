//! Mapping, and what it may never do.

use super::*;
use crate::token::fixtures::scope;
use proptest::prelude::*;
use serde_json::{Map, json};

fn mapping(json: Value) -> ClaimMapping {
    serde_json::from_value(json).unwrap()
}

fn texts_of(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

/// The claims of somebody with roles, groups and attributes.
fn made(granted: &str, mappings: &[Value]) -> Value {
    let attributes = json!({"department": "Sales", "floor": 3});
    let facts = Facts {
        roles: &texts_of(&["admin", "clerk"]),
        groups: &texts_of(&["staff"]),
        attributes: attributes.as_object().unwrap(),
    };
    let mappings: Vec<_> = mappings.iter().cloned().map(mapping).collect();
    let made = extra_claims(&facts, &scope(granted), &mappings);
    made.claims.into_iter().map(|claim| (claim.name, claim.value)).collect::<Map<_, _>>().into()
}

#[test]
fn nothing_is_said_that_nobody_asks_for() {
    assert_eq!(made("openid profile", &[]), json!({}));
    assert!(!asks(&scope("openid profile email"), &[]));
}

#[test]
fn scope_values_ask_for_roles_and_groups() {
    assert_eq!(made("openid roles", &[]), json!({"roles": ["admin", "clerk"]}));
    assert_eq!(made("groups", &[]), json!({"groups": ["staff"]}));
}

#[test]
fn mappings_take_attributes_constants_and_chosen_or_renamed_names() {
    let mappings = [
        json!({"claim": "department", "from": "attributes.department"}),
        json!({"claim": "level", "from": "attributes.floor"}),
        json!({"claim": "tenant", "value": "emea"}),
        json!({"claim": "teams", "from": "groups", "rename": {"staff": "Staff"}}),
        json!({"claim": "roles", "from": "roles", "only": ["clerk"], "rename": {"clerk": "cashier"}}),
        json!({"claim": "none", "from": "attributes.shoe_size"}),
        json!({"claim": "nobody", "from": "groups", "only": ["others"]}),
    ];
    let expected = json!({"department": "Sales", "level": 3, "tenant": "emea", "teams": ["Staff"], "roles": ["cashier"]});
    // The mapping is more exact than the scope value.
    assert_eq!(made("roles", &mappings), expected);
}

#[test]
fn a_mapping_for_a_claim_of_the_protocol_is_refused_and_one_that_is_kept_does_nothing() {
    for name in
        ["iss", "sub", "aud", "exp", "scope", "acr", "cnf", "act", "sid", "gid", "rev", "email_verified"]
    {
        let forged = json!({"claim": name, "value": "x"});
        assert!(check_mappings(&[mapping(forged.clone())]).is_err(), "{name}");
        assert_eq!(made("openid", &[forged]), json!({}), "{name}");
    }
}

#[test]
fn faults_are_told() {
    for json in [
        json!({"claim": "a b", "value": 1}),
        json!({"claim": "", "value": 1}),
        json!({"claim": "x".repeat(65), "value": 1}),
        json!({"claim": "a"}),
        json!({"claim": "a", "from": "roles", "value": 1}),
        json!({"claim": "a", "from": "password_hash"}),
        json!({"claim": "a", "from": "attributes."}),
        json!({"claim": "a", "from": "attributes.a b"}),
        json!({"claim": "a", "from": "attributes.b", "only": ["c"]}),
        json!({"claim": "a", "value": {"b": 1}}),
        json!({"claim": "a", "value": "x".repeat(300)}),
        json!({"claim": "a", "from": "roles", "only": vec!["x"; 101]}),
    ] {
        assert!(check_mappings(&[mapping(json.clone())]).is_err(), "{json}");
    }
    let twice = [mapping(json!({"claim": "a", "value": 1})), mapping(json!({"claim": "a", "value": 2}))];
    assert!(check_mappings(&twice).is_err());
    let many: Vec<_> = (0..21).map(|n| mapping(json!({"claim": format!("a{n}"), "value": 1}))).collect();
    assert!(check_mappings(&many).is_err() && check_mappings(&many[1..]).is_ok());
}

#[test]
fn what_there_is_no_room_for_is_left_out_whole_and_named() {
    let roles: Vec<String> = (0..400).map(|n| format!("a_role_with_a_long_name_{n:04}")).collect();
    let attributes = Map::new();
    let facts = Facts { roles: &roles, groups: &texts_of(&["staff"]), attributes: &attributes };
    let made = extra_claims(&facts, &scope("roles groups"), &[]);
    assert_eq!(made.left_out, ["roles"]);
    assert_eq!(made.claims.iter().map(|claim| &*claim.name).collect::<Vec<_>>(), ["groups"]);
}

fn any_mapping() -> impl Strategy<Value = ClaimMapping> {
    let claim =
        prop_oneof!["[a-z_]{1,8}", Just("sub".to_owned()), Just("aud".to_owned()), Just("email".to_owned())];
    let from = prop_oneof![
        Just(None),
        Just(Some("roles".to_owned())),
        Just(Some("groups".to_owned())),
        "attributes\\.[a-d]".prop_map(Some),
        ".*".prop_map(Some),
    ];
    let names = || prop::collection::vec("[a-d]", 0..3);
    (claim, from, ".{0,20}", names(), prop::collection::btree_map("[a-d]", "[a-z]{1,4}", 0..3)).prop_map(
        |(claim, from, value, only, rename)| {
            let value = from.is_none().then(|| Value::String(value));
            ClaimMapping { claim, from, value, only, rename }
        },
    )
}

proptest! {
    /// Whatever was kept, however it came there.
    #[test]
    fn no_mapping_ever_says_what_is_the_protocols_or_more_than_there_is_room_for(
        mappings in prop::collection::vec(any_mapping(), 0..30),
        roles in prop::collection::vec("[a-d]", 0..6),
        groups in prop::collection::vec(".{0,2000}", 0..8),
        attribute in ".{0,3000}",
    ) {
        let attributes = json!({"a": attribute, "b": [attribute]});
        let facts = Facts { roles: &roles, groups: &groups, attributes: attributes.as_object().unwrap() };
        let made = extra_claims(&facts, &scope("openid roles groups"), &mappings);
        prop_assert!(made.claims.iter().all(|claim| !is_reserved(&claim.name)));
        let mut names: Vec<_> = made.claims.iter().map(|claim| &claim.name).chain(&made.left_out).collect();
        let many = names.len();
        names.sort();
        names.dedup();
        prop_assert_eq!(names.len(), many);
        let object: Map<_, _> = made.claims.into_iter().map(|claim| (claim.name, claim.value)).collect();
        prop_assert!(serde_json::to_vec(&object).unwrap().len() <= MOST_BYTES);
    }

    /// What is renamed or chosen comes from what the person holds, and from nowhere else.
    #[test]
    fn a_mapping_tells_of_no_role_that_the_person_does_not_hold(
        roles in prop::collection::btree_set("[a-d]", 0..4),
        only in prop::collection::vec("[a-f]", 0..4),
    ) {
        let roles: Vec<String> = roles.into_iter().collect();
        let attributes = Map::new();
        let facts = Facts { roles: &roles, groups: &[], attributes: &attributes };
        let mapping = mapping(json!({"claim": "r", "from": "roles", "only": only}));
        let made = extra_claims(&facts, &Scope::default(), &[mapping]);
        let told = made.claims.first().and_then(|claim| claim.value.as_array()).cloned().unwrap_or_default();
        prop_assert!(told.iter().all(|role| roles.iter().any(|held| role == held)));
        prop_assert!(only.is_empty() || told.iter().all(|role| only.iter().any(|wanted| role == wanted)));
    }
}
