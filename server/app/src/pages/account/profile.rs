//! A person's claims (OpenID Connect Core §5.1).

use super::Frame;
use crate::pages::{Form, Page, Words};
use serde::Serialize;
use signet_protocol::own_profile::ClaimFault;

/// Lets a person say who they are. Form `#profile`, each field with its claim's name, button `#profile-submit`.
#[derive(Clone, Debug, Serialize)]
pub struct AccountProfile {
    /// What is around it.
    pub frame: Frame,
    /// Holds what ties it to the person.
    pub form: Form,
    /// What they sign in with, which is not for them to change.
    pub username: String,
    /// The claims.
    pub fields: Vec<ClaimField>,
    /// Whether something was changed elsewhere while the page was open: this is how it stands now.
    pub overtaken: bool,
}

impl Page for AccountProfile {
    const TEMPLATE: &'static str = "account/profile.html";
}

/// A claim to fill in.
#[derive(Clone, Debug, Serialize)]
pub struct ClaimField {
    /// The claim's name.
    pub name: &'static str,
    /// What it is called.
    pub label: Words,
    /// How it is written, where that is not plain.
    pub hint: Option<Words>,
    /// HTML's `type`.
    pub kind: &'static str,
    /// HTML's `autocomplete`.
    pub autocomplete: &'static str,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub problem: Option<Words>,
}

/// How a claim is asked for: name, label, hint, type, autocomplete.
type Asked = (&'static str, Words, Option<Words>, &'static str, &'static str);

const ASKED: [Asked; 13] = [
    ("name", Words("claim-name"), Some(Words("claim-name-hint")), "text", "name"),
    ("given_name", Words("claim-given-name"), None, "text", "given-name"),
    ("middle_name", Words("claim-middle-name"), None, "text", "additional-name"),
    ("family_name", Words("claim-family-name"), None, "text", "family-name"),
    ("nickname", Words("claim-nickname"), None, "text", "nickname"),
    ("profile", Words("claim-profile"), Some(Words("claim-link-hint")), "url", "off"),
    ("picture", Words("claim-picture"), Some(Words("claim-link-hint")), "url", "photo"),
    ("website", Words("claim-website"), Some(Words("claim-link-hint")), "url", "url"),
    ("gender", Words("claim-gender"), None, "text", "sex"),
    ("birthdate", Words("claim-birthdate"), Some(Words("claim-birthdate-hint")), "text", "bday"),
    ("zoneinfo", Words("claim-zoneinfo"), Some(Words("claim-zoneinfo-hint")), "text", "off"),
    ("locale", Words("claim-locale"), Some(Words("claim-locale-hint")), "text", "language"),
    ("phone_number", Words("claim-phone-number"), Some(Words("claim-phone-number-hint")), "tel", "tel"),
];

/// The fields for these values, with what is wrong with some of them.
pub fn claim_fields(
    values: Vec<(&'static str, Option<String>)>,
    faults: &[(&'static str, ClaimFault)],
) -> Vec<ClaimField> {
    let fields = values.into_iter().filter_map(|(name, value)| {
        let (_, label, hint, kind, autocomplete) = ASKED.into_iter().find(|(asked, ..)| *asked == name)?;
        let fault = faults.iter().find(|(faulty, _)| *faulty == name).map(|(_, fault)| *fault);
        let value = value.unwrap_or_default();
        Some(ClaimField { name, label, hint, kind, autocomplete, value, problem: fault.map(told) })
    });
    fields.collect()
}

const fn told(fault: ClaimFault) -> Words {
    match fault {
        ClaimFault::Line => Words("claim-fault-line"),
        ClaimFault::Link => Words("claim-fault-link"),
        ClaimFault::Birthdate => Words("claim-fault-birthdate"),
        ClaimFault::TimeZone => Words("claim-fault-zoneinfo"),
        ClaimFault::Locale => Words("claim-fault-locale"),
        ClaimFault::PhoneNumber => Words("claim-fault-phone-number"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signet_protocol::own_profile::own_claims;
    use signet_protocol::user::Profile;

    #[test]
    fn every_claim_that_can_be_changed_is_asked_for() {
        let claims = own_claims(&Profile::default());
        let names: Vec<_> = claims.iter().map(|(name, _)| *name).collect();
        let fields = claim_fields(claims, &[("picture", ClaimFault::Link)]);
        assert_eq!(fields.iter().map(|field| field.name).collect::<Vec<_>>(), names);
        let faulty: Vec<_> =
            fields.iter().filter(|field| field.problem.is_some()).map(|field| field.name).collect();
        assert_eq!(faulty, ["picture"]);
    }
}
