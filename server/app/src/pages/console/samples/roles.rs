//! Pages about groups and roles.

use super::people::roles;
use super::{form, frame, sample, url};
use crate::pages::console::*;
use crate::pages::samples::Sample;
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::{Permission, Permissions};
use signet_protocol::registration::FieldError;

pub(super) fn all() -> Vec<Sample> {
    [group_pages(), member_pages(), role_pages(), role_forms(), asking()].into_iter().flatten().collect()
}

fn sales() -> String {
    "sales".to_owned()
}

fn faults(fields: &[&str]) -> Vec<FieldError> {
    let fault = |field: &&str| FieldError { field: (*field).to_owned(), message: "is wrong".to_owned() };
    fields.iter().map(fault).collect()
}

fn group_pages() -> Vec<Sample> {
    let line = GroupLine {
        url: url(),
        name: sales(),
        description: Some("Sells".to_owned()),
        roles: vec!["clerk".to_owned()],
    };
    let bare = GroupLine { description: None, roles: Vec::new(), ..line.clone() };
    let list = ConsoleGroups {
        frame: frame(),
        groups: vec![line, bare],
        next_url: Some(url()),
        new_url: Some(url()),
    };
    let none = ConsoleGroups { groups: Vec::new(), next_url: None, new_url: None, ..list.clone() };
    let member = MemberLine { url: url(), id: "1".to_owned(), username: "alice".to_owned() };
    let role = HeldRole { name: "admin".to_owned(), title: role_title("admin"), group: None };
    let full = ConsoleGroup {
        frame: frame(),
        base: url(),
        name: sales(),
        description: Some("Sells".to_owned()),
        managed: true,
        may_change: true,
        above: Some(permission_words(Permission::EmergencyWrite)),
        roles: vec![role],
        members: Some(vec![member]),
        next_url: Some(url()),
    };
    let empty = ConsoleGroup {
        description: None,
        managed: false,
        may_change: false,
        above: None,
        roles: Vec::new(),
        members: Some(Vec::new()),
        next_url: None,
        ..full.clone()
    };
    let blind = ConsoleGroup { members: None, ..empty.clone() };
    let mut samples = vec![sample("console groups", &list), sample("console groups, none", &none)];
    samples.extend([full, empty, blind].iter().map(|page| sample("console group", page)));
    samples
}

fn member_pages() -> Vec<Sample> {
    let edit = |is_new, faults: &[FieldError]| ConsoleGroupForm {
        frame: frame(),
        form: form(),
        is_new,
        name: sales(),
        description: String::new(),
        roles: roles(),
        problems: problems(faults),
        back_url: url(),
    };
    let members = |leaving: Option<&str>, unknown| ConsoleMembers {
        frame: frame(),
        form: form(),
        name: sales(),
        leaving: leaving.map(str::to_owned),
        unknown,
        back_url: url(),
    };
    vec![
        sample("console new group", &edit(true, &faults(&["name", "description", "roles", "overtaken"]))),
        sample("console group's data", &edit(false, &[])),
        sample("console new member", &members(None, false)),
        sample("console new member, unknown", &members(None, true)),
        sample("console member goes", &members(Some("alice"), false)),
    ]
}

fn role_pages() -> Vec<Sample> {
    let line = |odd: bool| RoleLine {
        url: url(),
        name: "admin".to_owned(),
        title: role_title("admin").filter(|_| odd),
        description: Some("Sells".to_owned()),
        client_id: Some("shop".to_owned()).filter(|_| odd),
        administers: odd,
        second_factor: odd,
    };
    let bare = RoleLine { description: None, ..line(false) };
    let list = ConsoleRoles {
        frame: frame(),
        roles: vec![line(true), line(false), bare],
        next_url: Some(url()),
        new_url: Some(url()),
    };
    let few = ConsoleRoles { next_url: None, new_url: None, ..list.clone() };
    let full = ConsoleRole {
        frame: frame(),
        base: url(),
        name: "clerk".to_owned(),
        title: None,
        description: Some("Sells".to_owned()),
        built_in: false,
        managed: true,
        client_id: Some("shop".to_owned()),
        second_factor: true,
        permissions: vec![permission_words(Permission::UsersRead)],
        may_change: true,
        above: Some(permission_words(Permission::UsersRead)),
        holders_url: Some(url()),
    };
    let built_in = ConsoleRole {
        title: role_title("admin"),
        description: None,
        built_in: true,
        managed: false,
        client_id: None,
        second_factor: false,
        may_change: false,
        above: None,
        holders_url: None,
        ..full.clone()
    };
    let plain = ConsoleRole { title: None, built_in: false, permissions: Vec::new(), ..built_in.clone() };
    let mut samples = vec![sample("console roles", &list), sample("console roles, seen only", &few)];
    samples.extend([full, built_in, plain].iter().map(|page| sample("console role", page)));
    samples
}

fn role_forms() -> Vec<Sample> {
    let page = |is_new: bool, faults: &[FieldError]| {
        let second_factor = !is_new;
        let permissions = vec![Permission::UsersRead];
        let own: Permissions = [Permission::UsersRead].into_iter().collect();
        ConsoleRoleForm {
            frame: frame(),
            form: form(),
            is_new,
            permissions: PermissionChoice::all(own, &permissions),
            fields: RoleFields {
                name: "clerk".to_owned(),
                second_factor,
                permissions,
                ..RoleFields::again(&Parameters::default())
            },
            problems: problems(faults),
            back_url: url(),
        }
    };
    let wrong = faults(&["name", "description", "client_id", "permissions", "second_factor", "overtaken"]);
    vec![sample("console new role", &page(true, &wrong)), sample("console role's data", &page(false, &[]))]
}

fn asking() -> Vec<Sample> {
    let ask =
        |asked| ConsoleAsk { frame: frame(), form: form(), name: sales(), id: None, asked, back_url: url() };
    [Asked::REMOVE_GROUP, Asked::REMOVE_ROLE]
        .map(|asked| sample("console question of removal", &ask(asked)))
        .into()
}
