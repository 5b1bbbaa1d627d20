//! The resource files that `apply` reads: TOML, or the same shape as JSON.

use serde::Deserialize;
use signet_protocol::client::Client;
use signet_protocol::login::login_key;
use signet_protocol::password::PasswordPolicy;
use signet_protocol::permission::BuiltIn;
use signet_protocol::registration::{
    ClientMetadata, DeclaredGroup, FieldError, GroupMetadata, NewUser, ResourceMetadata, UserMetadata,
};
use signet_protocol::resource::Resource;
use signet_protocol::role::Role;
use signet_protocol::secret::Secret;
use signet_service::admin::without_value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use toml::de::{DeTable, DeValue};
use zeroize::Zeroizing;

/// Everything that some files declare, checked; names are unique.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    /// `[[resources]]`
    pub resources: Vec<Resource>,
    /// `[[roles]]`
    pub roles: Vec<Role>,
    /// `[[groups]]`
    pub groups: Vec<DeclaredGroup>,
    /// `[[users]]`
    pub users: Vec<NewUser>,
    /// `[[clients]]`, each with the secret that it declares.
    pub clients: Vec<(Client, Option<Secret<String>>)>,
}

/// One file as it is written.
#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Document {
    resources: Vec<ResourceMetadata>,
    roles: Vec<Role>,
    groups: Vec<GroupMetadata>,
    users: Vec<UserMetadata>,
    clients: Vec<ClientMetadata>,
}

/// Reads files as one declaration; on failure, everything that is wrong with them, a line each. Values are not
/// quoted but for names: the files hold passwords.
pub fn read(files: &[PathBuf], passwords: PasswordPolicy) -> Result<Declared, Vec<String>> {
    let mut reading = Reading { passwords, ..Reading::default() };
    for file in files {
        reading.read_file(file);
    }
    reading.check_roles();
    if reading.faults.is_empty() { Ok(reading.declared) } else { Err(reading.faults) }
}

#[derive(Default)]
struct Reading {
    passwords: PasswordPolicy,
    declared: Declared,
    faults: Vec<String>,
    /// Where each thing was declared, by kind and name.
    seen: BTreeMap<(&'static str, String), String>,
    /// Roles that users and groups hold or scopes need, and where.
    held: Vec<(String, String)>,
}

impl Reading {
    fn read_file(&mut self, file: &Path) {
        let text = match fs::read_to_string(file) {
            Ok(text) => Zeroizing::new(text),
            Err(error) => {
                let file = file.display();
                return self.faults.push(format!("{file}: cannot be read: {error}; check the path"));
            }
        };
        let is_json = match file.extension().and_then(|ending| ending.to_str()) {
            Some("json") => true,
            Some("toml") => false,
            _ => text.trim_start().starts_with('{'),
        };
        match if is_json { json(file, &text) } else { toml(file, &text) } {
            Ok((document, places)) => self.take(document, &places),
            Err(fault) => self.faults.push(fault),
        }
    }

    fn take(&mut self, document: Document, places: &Places) {
        for (index, resource) in document.resources.into_iter().enumerate() {
            let place = places.of("resources", index);
            let name = resource.identifier.clone();
            let needed = resource.scope_roles.values().flatten();
            self.held.extend(needed.map(|role| (role.clone(), format!("{place}: resource {name:?}"))));
            if let Some(resource) = self.checked("resource", &name, place, resource.register()) {
                self.declared.resources.push(resource);
            }
        }
        for (index, role) in document.roles.into_iter().enumerate() {
            let (name, place) = (role.name.clone(), places.of("roles", index));
            if let Some(role) = self.checked("role", &name, place, role.register()) {
                self.declared.roles.push(role);
            }
        }
        for (index, group) in document.groups.into_iter().enumerate() {
            let (name, place) = (group.name.clone(), places.of("groups", index));
            self.held
                .extend(group.roles.iter().map(|role| (role.clone(), format!("{place}: group {name:?}"))));
            if let Some(group) = self.checked("group", &name, place, group.register()) {
                self.declared.groups.push(group);
            }
        }
        for (index, user) in document.users.into_iter().enumerate() {
            let (name, place) = (user.username.clone(), places.of("users", index));
            self.held.extend(user.roles.iter().map(|role| (role.clone(), format!("{place}: user {name:?}"))));
            if let Some(user) = self.checked("user", &name, place, user.register(self.passwords)) {
                self.declared.users.push(user);
            }
        }
        for (index, client) in document.clients.into_iter().enumerate() {
            let (name, place) = (client.client_id.clone(), places.of("clients", index));
            if let Some(client) = self.checked("client", &name, place, client.register()) {
                self.declared.clients.push(client);
            }
        }
    }

    /// What was registered, if it is good and declared only once. User names differ in more than case.
    fn checked<T>(
        &mut self,
        kind: &'static str,
        name: &str,
        place: String,
        registered: Result<T, Vec<FieldError>>,
    ) -> Option<T> {
        let key = if kind == "user" { login_key(name) } else { name.to_owned() };
        if let Some(first) = self.seen.get(&(kind, key.clone())) {
            self.faults
                .push(format!("{place}: {kind} {name:?} is declared already at {first}; keep one of them"));
            return None;
        }
        self.seen.insert((kind, key), place.clone());
        let faults = registered.map_err(|faults| {
            self.faults.extend(faults.into_iter().map(|fault| format!("{place}: {kind} {name:?}: {fault}")));
        });
        faults.ok()
    }

    /// Roles are declared, so that a slip of the pen is not a role that nobody checks.
    fn check_roles(&mut self) {
        let known: BTreeSet<&str> = self.declared.roles.iter().map(|role| role.name.as_str()).collect();
        let unknown = self
            .held
            .iter()
            .filter(|(role, _)| BuiltIn::named(role).is_none() && !known.contains(role.as_str()));
        let faults = unknown.map(|(role, place)| {
            format!("{place}: roles: there is no role {role:?}; declare it: [[roles]] name = {role:?}")
        });
        self.faults.extend(faults);
    }
}

/// Where the entries of a file stand.
struct Places {
    file: PathBuf,
    /// Lines from 1, by list; empty for JSON, which is located by index.
    lines: BTreeMap<String, Vec<usize>>,
}

impl Places {
    fn of(&self, list: &str, index: usize) -> String {
        let file = self.file.display();
        match self.lines.get(list).and_then(|lines| lines.get(index)) {
            Some(line) => format!("{file}, line {line}"),
            None => format!("{file}, {list}[{index}]"),
        }
    }
}

fn json(file: &Path, text: &str) -> Result<(Document, Places), String> {
    let told =
        |error: serde_json::Error| format!("{}: {}", file.display(), without_value(&error.to_string()));
    let document = serde_json::from_str(text).map_err(told)?;
    Ok((document, Places { file: file.to_owned(), lines: BTreeMap::new() }))
}

fn toml(file: &Path, text: &str) -> Result<(Document, Places), String> {
    // The parser's own text quotes the line, which may hold a password.
    let located = |error: toml::de::Error| {
        let line = error.span().map(|span| line_at(text, span.start));
        let line = line.map(|line| format!(", line {line}")).unwrap_or_default();
        format!("{}{line}: {}", file.display(), without_value(error.message()))
    };
    let document = toml::from_str(text).map_err(located)?;
    let table = DeTable::parse(text).map_err(located)?;
    let mut lines = BTreeMap::new();
    for (name, value) in table.get_ref() {
        if let DeValue::Array(items) = value.get_ref() {
            let of_list = items.iter().map(|item| line_at(text, item.span().start)).collect();
            lines.insert(name.get_ref().to_string(), of_list);
        }
    }
    Ok((document, Places { file: file.to_owned(), lines }))
}

fn line_at(text: &str, offset: usize) -> usize {
    1 + text.bytes().take(offset).filter(|byte| *byte == b'\n').count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reads files of these names and texts together.
    fn read_texts(files: &[(&str, &str)]) -> Result<Declared, Vec<String>> {
        let folder = tempfile::tempdir().unwrap();
        let write = |(name, text): &(&str, &str)| {
            let path = folder.path().join(name);
            fs::write(&path, text).unwrap();
            path
        };
        read(&files.iter().map(write).collect::<Vec<_>>(), PasswordPolicy::default())
    }

    /// The faults of one file, without the folder before its name.
    fn faults(name: &str, text: &str) -> Vec<String> {
        let faults = read_texts(&[(name, text)]).expect_err(text);
        faults.into_iter().map(|fault| fault.split_once(name).unwrap().1.to_owned()).collect()
    }

    const EXAMPLE: &str = r#"
        [[resources]]
        identifier = "https://api.example.test"
        scopes = ["orders:read", "orders:write"]
        signing_alg = "ES256"
        introspection_clients = ["orders-api"]

        [[roles]]
        name = "clerk"
        description = "Takes orders"

        [[users]]
        username = "alice"
        email = "alice@example.test"
        email_verified = true
        name = "Alice Example"
        password = "correct horse battery staple"
        roles = ["admin", "clerk"]

        [[clients]]
        client_id = "shop"
        client_secret = "0123456789abcdef0123456789abcdef"
        client_name = "Shop"
        redirect_uris = ["https://shop.example.test/callback"]
        post_logout_redirect_uris = ["https://shop.example.test/"]
        grant_types = ["authorization_code", "refresh_token"]
        token_endpoint_auth_method = "client_secret_basic"
        scope = "openid profile email offline_access orders:read"
    "#;

    #[test]
    fn toml_and_json_declare_the_same() {
        let from_toml = read_texts(&[("a.toml", EXAMPLE)]).unwrap();
        let json = toml::from_str::<serde_json::Value>(EXAMPLE).unwrap().to_string();
        for name in ["a.json", "a"] {
            let from_json = read_texts(&[(name, &json)]).unwrap();
            assert_eq!(format!("{from_toml:?}"), format!("{from_json:?}"));
        }
        let (client, secret) = &from_toml.clients[0];
        assert_eq!((client.client_id.as_str(), secret.is_some()), ("shop", true));
        assert_eq!(from_toml.users[0].username, "alice");
        assert_eq!(from_toml.resources[0].scopes.len(), 2);
        assert_eq!(from_toml.roles[0].name, "clerk");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let told = faults("a.toml", "[[clients]]\nclient_id = \"shop\"\nredirect_uri = \"x\"");
        assert!(told[0].starts_with(", line 3: unknown field `redirect_uri`"), "{told:?}");
        let told = faults("a.json", "{\n\"client\": []}");
        assert!(told[0].contains("unknown field `client`") && told[0].contains("line 2"), "{told:?}");
    }

    #[test]
    fn every_fault_names_its_entry_and_where_it_begins() {
        let text = "[[users]]\nusername = \"a\"\nemail = \"nonsense\"\n\n[[users]]\nusername = \"b\"\npassword = \"hunter2\"";
        let told = faults("a.toml", text);
        assert_eq!(told.len(), 2);
        assert!(told[0].starts_with(", line 1: user \"a\": email: "), "{told:?}");
        assert!(told[1].starts_with(", line 5: user \"b\": password: "), "{told:?}");
        assert!(!told.concat().contains("hunter2"));
        let told = faults("a.json", r#"{"users": [{"username": "a"}, {"username": "b", "email": "c"}]}"#);
        assert!(told[0].starts_with(", users[1]: user \"b\": email: "), "{told:?}");
    }

    #[test]
    fn broken_files_do_not_show_the_line_that_may_hold_a_password() {
        let told = faults("a.toml", "[[users]]\nusername = \"a\"\npassword = \"hunter2");
        assert!(told[0].starts_with(", line 3: ") && !told[0].contains("hunter2"), "{told:?}");
        assert!(
            faults("a.toml", "[[users]]\nusername = \"a\"\npassword = hunter2").concat().contains("line 3")
        );
        assert!(
            read(&[PathBuf::from("/nowhere/a.toml")], PasswordPolicy::default()).unwrap_err()[0]
                .contains("cannot be read")
        );
    }

    #[test]
    fn a_value_of_the_wrong_kind_is_not_shown() {
        let user = |field: &str| format!("[[users]]\nusername = \"a\"\n{field}");
        for field in [
            "password = 12345678",
            "password = -12345678.5",
            "password = [\"12345678\"]",
            "password = {a = \"12345678\"}",
            "password_hash = 12345678",
            "password = 12345678-correct",
            "password = correct-12345678, expected",
            "email_verified = \"12345678, expected `x`, expected \\\"y\\\"\"",
            "roles = \"12345678\"",
            "address = \"12345678\"",
        ] {
            let told = faults("a.toml", &user(field)).concat();
            assert!(told.contains("line 3") && !told.contains("12345678"), "{field}: {told}");
        }
        for client in [
            "client_secret = 12345678",
            "token_endpoint_auth_method = \"12345678\"",
            "skip_consent = \"12345678\"",
        ] {
            let told = faults("a.toml", &format!("[[clients]]\nclient_id = \"a\"\n{client}")).concat();
            assert!(told.contains("line 3") && !told.contains("12345678"), "{client}: {told}");
        }
        for json in [
            r#"{"users": [{"username": "a", "password": 12345678}]}"#,
            r#"{"users": [{"username": "a", "password": correct-12345678}]}"#,
            r#"{"users": [{"username": "a", "email_verified": "12345678"}]}"#,
            r#"{"users": "12345678"}"#,
            r#"{"clients": [{"client_id": "a", "client_secret": 12345678.5}]}"#,
            r#"{"clients": [{"client_id": "a", "token_endpoint_auth_method": "12345678"}]}"#,
        ] {
            let told = faults("a.json", json).concat();
            assert!(told.contains("line 1") && !told.contains("12345678"), "{json}: {told}");
        }
        assert!(faults("a.toml", &user("password = 1"))[0].contains("expected a string"));
        let told =
            faults("a.toml", "[[clients]]\nclient_id = \"a\"\nid_token_signed_response_alg = \"none\"");
        assert!(told[0].contains("unknown value, expected one of `"), "{told:?}");
    }

    #[test]
    fn a_name_declared_twice_is_refused_also_across_files() {
        let told =
            read_texts(&[("a.toml", EXAMPLE), ("b.toml", "[[users]]\nusername = \"ALICE\"")]).unwrap_err();
        assert!(told[0].contains("b.toml, line 1") && told[0].contains("a.toml, line 12"), "{told:?}");
    }

    #[test]
    fn a_role_that_nothing_declares_is_refused() {
        let user = "[[users]]\nusername = \"bob\"\nroles = [\"clerk\"]";
        assert!(faults("a.toml", user)[0].contains("no role \"clerk\""));
        assert!(read_texts(&[("a.toml", user), ("b.toml", "[[roles]]\nname = \"clerk\"")]).is_ok());
        assert!(faults("a.toml", "[[roles]]\nname = \"a b\"")[0].contains("role \"a b\": name"));
        let api = "[[resources]]\nidentifier = \"https://a.test\"\nscopes = [\"a\"]\nscope_roles = {a = [\"clerk\"]}";
        assert!(faults("a.toml", api)[0].contains("resource \"https://a.test\": roles: there is no role"));
        let group = "[[groups]]\nname = \"staff\"\nroles = [\"clerk\"]";
        assert!(faults("a.toml", group)[0].contains("group \"staff\": roles: there is no role \"clerk\""));
    }
}
