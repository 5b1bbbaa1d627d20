//! Asking whether an application may have what it asks for.

use super::{Form, Page, WebLink, Words};
use serde::Serialize;
use signet_protocol::resource::Resource;
use signet_protocol::scope::Scope;

/// Asks for consent. Form `#consent`, buttons `#consent-allow` (`decision=allow`) and `#consent-deny`
/// (`decision=deny`).
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Holds the sealed request.
    pub form: Form,
    /// The application's name as registered: not a name to trust, which is why its address is shown, too.
    pub client_name: String,
    /// The host that the answer goes to.
    pub client_host: Option<String>,
    /// The application's home page.
    pub client_uri: Option<WebLink>,
    /// Its privacy policy.
    pub policy_uri: Option<WebLink>,
    /// Its terms of service.
    pub tos_uri: Option<WebLink>,
    /// What it asks for: see [`scope_lines`].
    pub scopes: Vec<ScopeLine>,
    /// Who is signed in.
    pub account: String,
}

impl Page for Consent {
    const TEMPLATE: &'static str = "consent.html";
}

/// One thing that an application asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ScopeLine {
    /// In plain words, for the scopes that OpenID Connect defines.
    pub title: Option<Words>,
    /// What that means.
    pub detail: Option<Words>,
    /// The scope value, shown where there are no words for it.
    pub value: String,
    /// The API that the scope belongs to.
    pub api: Option<String>,
    /// Whether it is asked for on top of what this person has allowed before.
    pub is_new: bool,
}

/// What each scope that is about a person (OpenID Connect Core §5.4 and §11, and our own) means to them.
const WORDS: &[(&str, Words, Words)] = &[
    ("openid", Words("scope-openid"), Words("scope-openid-detail")),
    ("profile", Words("scope-profile"), Words("scope-profile-detail")),
    ("email", Words("scope-email"), Words("scope-email-detail")),
    ("address", Words("scope-address"), Words("scope-address-detail")),
    ("phone", Words("scope-phone"), Words("scope-phone-detail")),
    ("offline_access", Words("scope-offline-access"), Words("scope-offline-access-detail")),
    ("roles", Words("scope-roles"), Words("scope-roles-detail")),
    ("groups", Words("scope-groups"), Words("scope-groups-detail")),
];

/// What a scope of OpenID Connect is called.
pub(super) fn scope_title(value: &str) -> Option<Words> {
    WORDS.iter().find(|(known, ..)| *known == value).map(|(_, title, _)| *title)
}

/// The scopes in plain words, an API's by their values. `new` are those that were not allowed before; when that is all
/// of them nothing is marked, for then the person is asked for the first time.
pub fn scope_lines(scope: &Scope, new: &Scope, resources: &[Resource]) -> Vec<ScopeLine> {
    let marks = !scope.is_subset_of(new);
    let line = |value: &str| {
        let words = WORDS.iter().find(|(known, ..)| *known == value);
        let api = resources.iter().find(|resource| resource.scopes.iter().any(|known| known == value));
        ScopeLine {
            title: words.map(|(_, title, _)| *title),
            detail: words.map(|(.., detail)| *detail),
            value: value.to_owned(),
            api: api.map(|resource| resource.identifier.to_string()),
            is_new: marks && new.contains(value),
        }
    };
    scope.iter().map(line).collect()
}
