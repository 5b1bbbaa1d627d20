//! Roles.

use crate::fixture::{Fixture, after, event, now};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::role::Role;

pub async fn a_role_comes_back_as_it_was_declared_and_every_node_hears_of_it(db: &Fixture) {
    let role = |second_factor| Role {
        name: "payroll".to_owned(),
        description: Some("Sees salaries".to_owned()),
        second_factor,
    };
    let told = || vec![event(Event::RoleCreated { role: "payroll".to_owned(), changes: Vec::new() })];
    let apply = || Some("apply".to_owned());
    for second_factor in [Some(FactorPolicy::Required), Some(FactorPolicy::Optional), None] {
        db.store.roles().put(role(second_factor), apply(), now(), told()).await.unwrap();
        let all = db.store.roles().all().await.unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((&all[0].item, all[0].managed_by.as_deref()), (&role(second_factor), Some("apply")));
    }
    db.store.roles().remove("payroll".to_owned(), now(), vec![]).await.unwrap();
    assert_eq!(db.store.roles().all().await.unwrap(), []);
    let feed = db.store.changes().since(0, after(1)).await.unwrap();
    let changes: Vec<_> = feed.into_iter().map(|(_, change)| change).collect();
    assert_eq!(changes, [const { Change::RolesChanged }; 4]);
    assert_eq!(db.events().await, ["role_created"; 3]);
}
