//! A person's declaration.

use super::{Faults, FieldError, first_repeated};
use crate::attributes::{self, Attributes};
use crate::login::{is_unseen, login_key};
use crate::password::{PasswordHash, PasswordPolicy};
use crate::secret::Secret;
use crate::user::{Address, Profile};
use serde::Deserialize;

/// A user as declared; the standard claims have their OpenID Connect names (Core §5.1).
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)] // `User` and `Profile` say what each means.
pub struct UserMetadata {
    pub username: String,
    pub email: Option<String>,
    #[serde(default)]
    pub email_verified: bool,
    pub name: Option<String>,
    pub given_name: Option<String>,
    pub family_name: Option<String>,
    pub middle_name: Option<String>,
    pub nickname: Option<String>,
    pub profile: Option<String>,
    pub picture: Option<String>,
    pub website: Option<String>,
    pub gender: Option<String>,
    pub birthdate: Option<String>,
    pub zoneinfo: Option<String>,
    pub locale: Option<String>,
    pub phone_number: Option<String>,
    pub phone_number_verified: Option<bool>,
    pub address: Option<Address>,
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub attributes: Attributes,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub password: Option<Secret<String>>,
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub password_hash: Option<Secret<String>>,
    #[serde(default)]
    pub roles: Vec<String>,
    pub disabled: Option<bool>,
}

/// A user who passed the checks; a password is not hashed yet.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// What they sign in with.
    pub username: String,
    /// Their email address.
    pub email: Option<String>,
    /// Whether that address was shown to be theirs.
    pub email_verified: bool,
    /// The rest of their claims.
    pub profile: Profile,
    /// Their roles.
    pub roles: Vec<String>,
    /// Whether they may not act; none: nothing is said, so that it stays as it is, and somebody new may.
    pub disabled: Option<bool>,
    /// Their password, to be hashed; never together with `password_hash`.
    pub password: Option<Secret<String>>,
    /// Their password's hash, in any form that [`PasswordHash`] reads.
    pub password_hash: Option<Secret<String>>,
}

impl UserMetadata {
    /// Checks everything and gives the user. Of a password, only the length: whoever declares it knows it anyway.
    pub fn register(self, passwords: PasswordPolicy) -> Result<NewUser, Vec<FieldError>> {
        let mut faults = Faults::default();
        self.check_login(&mut faults);
        self.check_password(passwords, &mut faults);
        if let Some(role) = first_repeated(&self.roles) {
            faults.add("roles", format!("{role:?} comes twice"));
        }
        if let Err(message) = attributes::check(&self.attributes) {
            faults.add("attributes", message);
        }
        let is_role =
            |role: &String| (1..=64).contains(&role.len()) && role.bytes().all(|b| b.is_ascii_graphic());
        faults.check(
            self.roles.iter().all(is_role),
            "roles",
            "must be names of printable ASCII without space",
        );
        let profile = Profile {
            name: self.name,
            given_name: self.given_name,
            family_name: self.family_name,
            middle_name: self.middle_name,
            nickname: self.nickname,
            profile: self.profile,
            picture: self.picture,
            website: self.website,
            gender: self.gender,
            birthdate: self.birthdate,
            zoneinfo: self.zoneinfo,
            locale: self.locale,
            phone_number: self.phone_number,
            phone_number_verified: self.phone_number_verified,
            address: self.address,
            attributes: self.attributes,
        };
        faults.into_result(NewUser {
            username: self.username,
            email: self.email,
            email_verified: self.email_verified,
            profile,
            roles: self.roles,
            disabled: self.disabled,
            password: self.password,
            password_hash: self.password_hash,
        })
    }

    fn check_login(&self, faults: &mut Faults) {
        let name = &self.username;
        faults.check(
            has_username_form(name),
            "username",
            "must be 1 to 128 characters without space at either end",
        );
        faults.check(
            is_nobody_elses_address(name, self.email.as_deref()),
            "username",
            "may hold `@` only if it is the user's own email",
        );
        match &self.email {
            Some(email) => faults.check(is_email(email), "email", "must be an email address"),
            None => faults.check(!self.email_verified, "email_verified", "needs an email"),
        }
    }

    fn check_password(&self, policy: PasswordPolicy, faults: &mut Faults) {
        let both = self.password.is_some() && self.password_hash.is_some();
        faults.check(!both, "password_hash", "does not go with password: give one of them");
        if let Some(password) = &self.password
            && let Err(fault) = policy.check_length(password.expose())
        {
            faults.add("password", fault.to_string());
        }
        if let Some(hash) = &self.password_hash
            && let Err(unfit) = PasswordHash::parse(hash.expose()).and_then(|hash| hash.check_cost())
        {
            faults.add("password_hash", unfit.to_string());
        }
    }
}

/// Whether somebody with this address may call themselves so. Nothing in the name may be invisible, or it would look like
/// somebody else's; whoever declares users may know better.
pub fn is_own_choice(name: &str, email: Option<&str>) -> bool {
    has_username_form(name) && is_nobody_elses_address(name, email) && !name.chars().any(is_unseen)
}

fn has_username_form(name: &str) -> bool {
    (1..=128).contains(&name.chars().count()) && name.trim() == name && !name.chars().any(char::is_control)
}

/// People sign in with either: a user name that is someone else's address would take their place.
fn is_nobody_elses_address(name: &str, email: Option<&str>) -> bool {
    !login_key(name).contains('@') || email.is_some_and(|email| login_key(email) == login_key(name))
}

/// Enough to catch a slip: one `@` with something on either side, and a length that mail systems take (RFC 5321 §4.5.3.1).
fn is_email(text: &str) -> bool {
    let plain = text.len() <= 254 && !text.chars().any(|c| c.is_whitespace() || c.is_control());
    plain
        && text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && !domain.is_empty() && !domain.contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn register(json: serde_json::Value) -> Result<NewUser, Vec<FieldError>> {
        serde_json::from_value::<UserMetadata>(json).unwrap().register(PasswordPolicy::default())
    }

    #[test]
    fn the_documented_example_is_accepted() {
        let user = register(json!({
            "username": "alice", "email": "alice@example.test", "email_verified": true, "name": "Alice Example",
            "password": "correct horse battery staple", "roles": ["admin"], "disabled": false
        }))
        .unwrap();
        assert_eq!(user.profile.name.as_deref(), Some("Alice Example"));
        assert!(!format!("{user:?}").contains("correct horse"));
    }

    #[test]
    fn faults_name_their_field() {
        for (json, field) in [
            (json!({"username": ""}), "username"),
            (json!({"username": " alice"}), "username"),
            (json!({"username": "a\nb"}), "username"),
            (json!({"username": "bob@example.test"}), "username"),
            (json!({"username": "bob@example.test", "email": "alice@example.test"}), "username"),
            (json!({"username": "alice", "email": "alice"}), "email"),
            (json!({"username": "alice", "email": "a@b@c"}), "email"),
            (json!({"username": "alice", "email": "a b@c"}), "email"),
            (json!({"username": "alice", "email_verified": true}), "email_verified"),
            (json!({"username": "alice", "password": "short"}), "password"),
            (json!({"username": "alice", "password": "x".repeat(129)}), "password"),
            (json!({"username": "alice", "password_hash": "plain"}), "password_hash"),
            (
                json!({"username": "alice",
                    "password_hash": "$2b$15$LQv3c1yqBWVHxkd0LHAkCOYz6TtxMQJqhN8/LewdBPj3QyqZQZ0m2"}),
                "password_hash",
            ),
            (
                json!({"username": "alice", "password_hash": "$argon2i$v=19$m=1,t=1,p=1$aa$bb"}),
                "password_hash",
            ),
            (
                json!({"username": "alice", "password": "long enough now",
                    "password_hash": "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$AAECAwQFBgcICQoLDA0ODw"}),
                "password_hash",
            ),
            (json!({"username": "alice", "roles": ["admin", "admin"]}), "roles"),
            (json!({"username": "alice", "roles": ["a b"]}), "roles"),
            (json!({"username": "alice", "attributes": {"a": {"b": 1}}}), "attributes"),
        ] {
            let faults = register(json.clone()).expect_err("a fault");
            assert_eq!(
                faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(),
                [field],
                "{json}"
            );
        }
    }

    #[test]
    fn nobody_calls_themselves_what_looks_like_somebody_elses_name() {
        for c in [
            '\u{ad}',
            '\u{34f}',
            '\u{61c}',
            '\u{115f}',
            '\u{1160}',
            '\u{17b4}',
            '\u{180e}',
            '\u{200b}',
            '\u{200d}',
            '\u{202e}',
            '\u{2060}',
            '\u{2066}',
            '\u{3164}',
            '\u{fe0f}',
            '\u{feff}',
            '\u{ffa0}',
            '\u{fff9}',
            '\u{1d173}',
            '\u{e0001}',
            '\u{e0041}',
            '\u{e01ef}',
        ] {
            for name in [format!("ali{c}ce"), format!("{c}alice"), format!("alice{c}"), c.to_string()] {
                assert!(!is_own_choice(&name, None), "{name:?}");
            }
            // Whoever declares users says what they are called.
            assert!(register(json!({"username": format!("ali{c}ce")})).is_ok(), "{c:?}");
        }
        for name in ["alice", "zoë", "Ἀθηνᾶ", "アリス", "علي", "김철수", "al ice"] {
            assert!(is_own_choice(name, None), "{name}");
        }
        assert!(!is_own_choice("bob@example.test", Some("alice@example.test")));
        assert!(is_own_choice("Alice@example.test", Some("alice@example.test")));
    }

    #[test]
    fn an_own_email_may_be_the_user_name() {
        assert!(register(json!({"username": "Bob@example.test", "email": "bob@example.test"})).is_ok());
    }
}
