//! Roles.

use crate::fixture::{Fixture, after, event, now, user};
use signet_protocol::audit::Event;
use signet_protocol::change::Change;
use signet_protocol::factor::FactorPolicy;
use signet_protocol::group::Group;
use signet_protocol::id::{ClientId, UserId};
use signet_protocol::permission::Permission;
use signet_protocol::role::{Role, Through};
use signet_protocol::user::User;
use signet_store::{GroupChange, Leaving, Membership};

pub async fn a_role_comes_back_as_it_was_declared_and_every_node_hears_of_it(db: &Fixture) {
    let role = |second_factor| Role {
        name: "payroll".to_owned(),
        description: Some("Sees salaries".to_owned()),
        second_factor,
        permissions: vec![Permission::UsersRead, Permission::AuditRead],
        client_id: None,
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

fn group(name: &str, roles: &[&str]) -> Group {
    let roles = roles.iter().map(|role| (*role).to_owned()).collect();
    Group { name: name.to_owned(), description: None, roles }
}

async fn put(db: &Fixture, group: Group, join: &[&str], leave: &[&str]) {
    let ids = |names: &[&str]| names.iter().map(|name| UserId::from(*name)).collect();
    let membership = Membership { join: ids(join), leave: ids(leave) };
    db.store.groups().put(group, membership, None, now(), vec![]).await.unwrap();
}

pub async fn a_persons_groups_give_their_roles_while_they_are_in_them(db: &Fixture) {
    db.add_user("bob").await;
    db.add_user("carol").await;
    let clerk = Role {
        name: "clerk".to_owned(),
        description: None,
        second_factor: None,
        permissions: vec![],
        client_id: Some(ClientId::from("shop")),
    };
    db.store.roles().put(clerk, None, now(), vec![]).await.unwrap();
    put(db, group("staff", &["clerk"]), &["bob", "carol"], &[]).await;
    put(db, group("night", &[]), &["bob"], &[]).await;
    // Who comes twice is in it once; who is not in it may leave it.
    put(db, group("staff", &["clerk"]), &["bob"], &["nobody"]).await;
    let groups = async |user: &str| db.store.groups().of(&UserId::from(user)).await.unwrap();
    assert_eq!(groups("bob").await, ["night", "staff"]);
    let members = db.store.groups().members("staff").await.unwrap();
    assert_eq!(members.iter().map(|(_, name)| &**name).collect::<Vec<_>>(), ["bob", "carol"]);
    let book = db.store.roles().book().await.unwrap();
    assert_eq!(book.role("clerk").unwrap().client_id, Some(ClientId::from("shop")));
    let held = book.held(&[], &groups("carol").await);
    assert_eq!(held.roles["clerk"], Through::Group("staff".to_owned()));

    // A client's roles go with it: whoever is registered under its name gets none of its people's.
    db.add_client("shop").await;
    let removed = db.store.clients().remove(ClientId::from("shop"), (None, now()), vec![]).await.unwrap();
    assert!(removed.changes.contains(&Change::RolesChanged), "{removed:?}");
    assert_eq!(db.store.roles().all().await.unwrap(), []);

    put(db, group("staff", &[]), &[], &["carol"]).await;
    assert!(groups("carol").await.is_empty());
    db.store.users().remove(UserId::from("bob"), now(), vec![]).await.unwrap();
    assert!(db.store.groups().members("staff").await.unwrap().is_empty());
    db.store.groups().remove("night".to_owned(), now(), vec![]).await.unwrap();
    let names: Vec<_> = db.store.groups().all().await.unwrap();
    assert_eq!(names.iter().map(|known| &*known.item.name).collect::<Vec<_>>(), ["staff"]);
}

pub async fn whoever_administers_by_a_group_lets_the_last_other_one_go(db: &Fixture) {
    let leaving = async || {
        let account = db.store.account(&UserId::from("alice"));
        account.schedule_deletion(after(60), now(), (vec![], vec![])).await.unwrap()
    };
    db.with_alice().await;
    db.store.users().create(User { roles: vec![], ..user("erin") }, None, vec![]).await.unwrap();
    // Neither a group of another role nor one without members is of any help.
    put(db, group("staff", &["administrators"]), &["erin"], &[]).await;
    put(db, group("root", &["admin"]), &[], &[]).await;
    assert_eq!(leaving().await, Leaving::LastAdministrator);
    put(db, group("root", &["admin"]), &["erin"], &[]).await;
    assert!(matches!(leaving().await, Leaving::Yes(_)));
}

pub async fn of_the_last_owners_who_leave_their_group_at_once_one_stays(db: &Fixture) {
    const OWNERS: [&str; 3] = ["bob", "carol", "dora"];
    for name in OWNERS {
        db.store.users().create(User { roles: vec![], ..user(name) }, None, vec![]).await.unwrap();
    }
    // A role that is only called alike owns nothing.
    let alike = User { roles: vec!["signet:owners".to_owned()], ..user("erin") };
    db.store.users().create(alike, None, vec![]).await.unwrap();
    put(db, group("owners", &["signet:owner"]), &OWNERS, &[]).await;
    let leave = |name: &'static str| {
        let membership = Membership { join: vec![], leave: vec![UserId::from(name)] };
        db.store.groups().move_people("owners".to_owned(), membership, now(), vec![])
    };
    let outcomes = futures_util::future::join_all(OWNERS.map(leave)).await;
    let kept = outcomes.iter().filter(|outcome| **outcome == Ok(GroupChange::LastOwner)).count();
    assert_eq!(kept, 1, "{outcomes:?}");
    assert_eq!(db.store.groups().members("owners").await.unwrap().len(), 1);
    let gone = db.store.groups().record("owners").await.unwrap().unwrap().updated_at;
    let removed = db.store.groups().remove_as_seen("owners".to_owned(), (gone, now()), vec![]).await;
    assert_eq!(removed, Ok(GroupChange::LastOwner));
}
