//! The form of a client.

use super::ClientKind;
use super::lines::mapping_lines;
use crate::pages::Words;
use serde::Serialize;
use signet_protocol::claims::USER_SCOPES;
use signet_protocol::client::{Client, GrantType};
use signet_protocol::parameters::Parameters;
use signet_protocol::permission::PREFIX;
use signet_protocol::registration::FieldError;
use signet_protocol::resource::Resource;

/// What stands in the form of a client.
#[derive(Clone, Debug, Serialize)]
pub struct ClientForm {
    /// The name that people see.
    pub client_name: String,
    /// Its identifier, while that can be chosen.
    pub client_id: String,
    /// What is said of its redirect URIs; none: nobody signs in to it, so it has none.
    pub redirects: Option<Words>,
    /// Where codes may be sent, a line each.
    pub redirect_uris: String,
    /// Where a browser may go after sign-out, a line each.
    pub post_logout_redirect_uris: String,
    /// Whether its users are not asked for consent; none: it is not for this administrator to say.
    pub skip_consent: Option<bool>,
    /// What tokens say of people besides, a mapping each line; none: it is not for this administrator to say.
    pub claims: Option<String>,
    /// What it may ask for.
    pub scopes: Vec<ScopeGroup>,
    /// What was wrong, by field.
    pub problems: Vec<Problem>,
}

/// Scopes that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeGroup {
    /// The API that they belong to; none: they are about the person.
    pub api: Option<String>,
    /// Whether no API has them any more.
    pub lost: bool,
    /// The scopes.
    pub scopes: Vec<ScopeChoice>,
}

/// A scope to tick.
#[derive(Clone, Debug, Serialize)]
pub struct ScopeChoice {
    /// Its value.
    pub value: String,
    /// What it means, where there are words for it.
    pub title: Option<Words>,
    /// Whether it is ticked.
    pub ticked: bool,
}

/// What was wrong with a field.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    /// The field's name.
    pub field: String,
    /// What was wrong, in English: it names values and clauses.
    pub message: String,
}

impl ClientForm {
    /// For a new client: what most of its kind need is ticked.
    pub fn empty(kind: ClientKind, resources: &[Resource]) -> Self {
        let usual = |value: &str| kind.usually_asks_for(value);
        Self {
            client_name: String::new(),
            client_id: String::new(),
            redirects: kind.words().redirects,
            redirect_uris: String::new(),
            post_logout_redirect_uris: String::new(),
            skip_consent: None,
            claims: None,
            scopes: groups(kind.has_people(), resources, &[], usual),
            problems: Vec::new(),
        }
    }

    /// For a new client whose form was not accepted: as it was sent.
    pub fn again(kind: ClientKind, sent: &Parameters, faults: &[FieldError], resources: &[Resource]) -> Self {
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            client_name: text("client_name"),
            client_id: text("client_id"),
            redirects: kind.words().redirects,
            redirect_uris: text("redirect_uris"),
            post_logout_redirect_uris: text("post_logout_redirect_uris"),
            skip_consent: None,
            claims: None,
            scopes: groups(kind.has_people(), resources, &[], |value| sent.has(&format!("scope:{value}"))),
            problems: problems(faults),
        }
    }

    /// For a client as it is registered. `trusts`: whoever sees it may decide that people are not asked for consent,
    /// and what tokens say of them.
    pub fn of(client: &Client, resources: &[Resource], trusts: bool) -> Self {
        let people = client.may_use(GrantType::AuthorizationCode);
        let own: Vec<&str> = client.scope.iter().collect();
        Self {
            client_name: client.client_name.clone(),
            client_id: client.client_id.to_string(),
            redirects: people.then_some(Words("redirects-any")),
            redirect_uris: client.redirect_uris.iter().map(|uri| uri.as_str()).collect::<Vec<_>>().join(
                "
",
            ),
            post_logout_redirect_uris: client.post_logout_redirect_uris.join("\n"),
            skip_consent: trusts.then_some(client.skip_consent),
            claims: trusts.then(|| mapping_lines(&client.claims)),
            scopes: groups(people, resources, &own, |value| client.scope.contains(value)),
            problems: Vec::new(),
        }
    }

    /// For a client whose changes were not accepted: as they were sent.
    pub fn changed(
        client: &Client,
        sent: &Parameters,
        faults: &[FieldError],
        (resources, trusts): (&[Resource], bool),
    ) -> Self {
        let people = client.may_use(GrantType::AuthorizationCode);
        let own: Vec<&str> = client.scope.iter().collect();
        let text = |name: &str| sent.get(name).unwrap_or_default().to_owned();
        Self {
            client_name: text("client_name"),
            client_id: client.client_id.to_string(),
            redirects: people.then_some(Words("redirects-any")),
            redirect_uris: text("redirect_uris"),
            post_logout_redirect_uris: text("post_logout_redirect_uris"),
            skip_consent: trusts.then(|| sent.has("skip_consent")),
            claims: trusts.then(|| text("claims")),
            scopes: groups(people, resources, &own, |value| sent.has(&format!("scope:{value}"))),
            problems: problems(faults),
        }
    }
}

/// Every scope that there is, and those of `own` that there is no API for.
fn groups(
    people: bool,
    resources: &[Resource],
    own: &[&str],
    ticked: impl Fn(&str) -> bool,
) -> Vec<ScopeGroup> {
    let choice = |value: &str| ScopeChoice {
        value: value.to_owned(),
        title: crate::pages::consent::scope_title(value),
        ticked: ticked(value),
    };
    let mut groups = Vec::new();
    if people {
        groups.push(ScopeGroup {
            api: None,
            lost: false,
            scopes: USER_SCOPES.into_iter().map(choice).collect(),
        });
    }
    for api in resources {
        let scopes: Vec<_> = api.scopes.iter().map(|value| choice(value)).collect();
        // Those that let administer are shown where they are used: nobody ticks them by accident.
        let administers = api.scopes.iter().all(|value| value.starts_with(PREFIX));
        if !administers || scopes.iter().any(|scope| scope.ticked) {
            groups.push(ScopeGroup { api: Some(api.identifier.to_string()), lost: false, scopes });
        }
    }
    let known =
        |value: &&&str| groups.iter().any(|group| group.scopes.iter().any(|scope| scope.value == ***value));
    let lost: Vec<_> = own.iter().filter(|value| !known(value)).map(|value| choice(value)).collect();
    if !lost.is_empty() {
        groups.push(ScopeGroup { api: None, lost: true, scopes: lost });
    }
    groups
}

/// What was wrong, by field.
pub fn problems(faults: &[FieldError]) -> Vec<Problem> {
    let problem = |fault: &FieldError| Problem {
        // `redirect_uris[1]` is told at the field.
        field: fault.field.split('[').next().unwrap_or_default().to_owned(),
        message: fault.message.clone(),
    };
    faults.iter().map(problem).collect()
}
