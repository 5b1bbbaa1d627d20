//! The two ceremonies of WebAuthn, as `webauthn-rs-core` checks them.
//!
//! The core is used, and not the safe interface above it, because that one makes no credentials which can be discovered
//! (passkeys that sign in without a name), and puts every public key of a person into the state of a sign-in. What it
//! warns of is held here: user verification is required in every ceremony, origin and RP ID are the issuer's and nothing
//! is added to them, the credential is looked up by its own name and its owner compared, the counter must rise, and a
//! challenge counts once and for five minutes.

use super::FactorProblem;
use crate::settings::Settings;
use chrono::TimeDelta;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use signet_protocol::environment::Moment;
use signet_protocol::id::UserId;
use signet_protocol::secret::SecretHash;
use signet_protocol::user::User;
use signet_store::{Answered, PasskeyRow};
use std::time::Duration;
use url::{Host, Url};
use webauthn_rs_core::WebauthnCore;
use webauthn_rs_core::error::WebauthnError;
use webauthn_rs_core::proto::{AuthenticationState, Credential, RegistrationState};
use webauthn_rs_core::proto::{PublicKeyCredential, RegisterPublicKeyCredential, UserVerificationPolicy};

/// How long a person has, in seconds (WebAuthn §15.1 recommends five minutes where people verify themselves).
const LIFETIME: u32 = 300;

/// A ceremony under way: it goes into the page's sealed form and comes back with the answer. It proves nothing.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PasskeyState {
    /// Whose ceremony it is; none: whoever answers it.
    pub(super) user: Option<UserId>,
    began_at: i64,
    challenge: [u8; 32],
    asked: Asked,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
enum Asked {
    Create(RegistrationState),
    Get(AuthenticationState),
}

/// The relying party that the issuer is.
pub(super) struct RelyingParty(WebauthnCore);

impl RelyingParty {
    /// `None` if the issuer's host is an address: an RP ID is a domain (WebAuthn §5.4.2).
    pub(super) fn of(settings: &Settings) -> Option<Self> {
        let issuer = Url::parse(&settings.issuer).ok()?;
        let Some(Host::Domain(id)) = issuer.host() else { return None };
        let origin = Url::parse(&issuer.origin().ascii_serialization()).ok()?;
        let lifetime = Duration::from_secs(LIFETIME.into());
        let name = &settings.product_name;
        Some(Self(WebauthnCore::new_unsafe_experts_only(name, id, vec![origin], lifetime, None, None)))
    }

    /// Asks for a new passkey that is none of `known`. The options are the `PublicKeyCredentialCreationOptionsJSON` of
    /// WebAuthn §5.1.8.
    pub(super) fn create(
        &self,
        user: &User,
        known: &[PasskeyRow],
        now: Moment,
    ) -> Result<(Value, PasskeyState), FactorProblem> {
        let name = user.profile.name.as_deref().filter(|name| !name.is_empty()).unwrap_or(&user.username);
        let builder = self
            .0
            .new_challenge_register_builder(user.id.as_str().as_bytes(), &user.username, name)
            .map_err(FactorProblem::ceremony)?
            .user_verification_policy(UserVerificationPolicy::Required)
            .require_resident_key(true)
            .exclude_credentials(Some(known.iter().map(|row| row.credential_id.clone()).collect()));
        let (options, state) =
            self.0.generate_challenge_register(builder).map_err(FactorProblem::ceremony)?;
        let challenge = SecretHash::of(&options.public_key.challenge);
        let options = serde_json::to_value(options.public_key).map_err(|_| FactorProblem::Unreadable)?;
        let state = PasskeyState::new(Some(&user.id), now, challenge, Asked::Create(state));
        Ok((options, state))
    }

    /// The credential that an authenticator made.
    pub(super) fn created(
        &self,
        answer: &RegisterPublicKeyCredential,
        state: &PasskeyState,
    ) -> Result<Credential, FactorProblem> {
        let Asked::Create(asked) = &state.asked else { return Err(FactorProblem::Wrong) };
        self.0.register_credential(answer, asked, None).map_err(FactorProblem::ceremony)
    }

    /// Asks for a signature by one of `known`, or by any passkey at all. The options are the
    /// `PublicKeyCredentialRequestOptionsJSON` of WebAuthn §5.1.8.
    pub(super) fn get(
        &self,
        user: Option<&UserId>,
        known: &[PasskeyRow],
        now: Moment,
    ) -> Result<(Value, PasskeyState), FactorProblem> {
        let known = known.iter().map(credential).collect::<Result<Vec<_>, _>>()?;
        let builder = self
            .0
            .new_challenge_authenticate_builder(known, Some(UserVerificationPolicy::Required))
            .map_err(FactorProblem::ceremony)?
            // A key that was bound to its device may be synchronised since; it is told which in each answer.
            .allow_backup_eligible_upgrade(true);
        let (options, mut state) =
            self.0.generate_challenge_authenticate(builder).map_err(FactorProblem::ceremony)?;
        // The credential is looked up when the answer is there.
        state.set_allowed_credentials(Vec::new());
        let challenge = SecretHash::of(&options.public_key.challenge);
        let options = serde_json::to_value(options.public_key).map_err(|_| FactorProblem::Unreadable)?;
        Ok((options, PasskeyState::new(user, now, challenge, Asked::Get(state))))
    }

    /// The passkey as it is after its signature, if that is right.
    pub(super) fn got(
        &self,
        answer: &PublicKeyCredential,
        state: &PasskeyState,
        known: PasskeyRow,
        now: Moment,
    ) -> Result<PasskeyRow, FactorProblem> {
        let Asked::Get(asked) = &state.asked else { return Err(FactorProblem::Wrong) };
        if is_cross_origin(&answer.response.client_data_json) {
            return Err(FactorProblem::ceremony(WebauthnError::CredentialCrossOrigin));
        }
        let mut credential = credential(&known)?;
        let result = self
            .0
            .authenticate_single_credential(answer, asked, &credential)
            .map_err(FactorProblem::ceremony)?;
        credential.counter = result.counter();
        credential.backup_state = result.backup_state();
        credential.backup_eligible = result.backup_eligible();
        Ok(PasskeyRow {
            credential: serde_json::to_value(&credential).map_err(|_| FactorProblem::Unreadable)?,
            counter: credential.counter,
            synchronised: credential.backup_eligible,
            last_used_at: Some(now),
            ..known
        })
    }
}

impl PasskeyState {
    fn new(user: Option<&UserId>, now: Moment, challenge: SecretHash, asked: Asked) -> Self {
        Self { user: user.cloned(), began_at: now.timestamp(), challenge: challenge.0, asked }
    }

    /// Its challenge, as answered now; an error if that is too late.
    pub(super) fn answered(&self, now: Moment) -> Result<Answered, FactorProblem> {
        let age = now.timestamp() - self.began_at;
        if !(0..=i64::from(LIFETIME)).contains(&age) {
            return Err(FactorProblem::Expired);
        }
        // Longer than it counts, whatever the clock of the node that it comes back to.
        let expires_at = now + TimeDelta::seconds(2 * i64::from(LIFETIME));
        Ok(Answered { challenge: SecretHash(self.challenge), expires_at })
    }
}

/// A kept credential, with the counter of its latest use.
fn credential(row: &PasskeyRow) -> Result<Credential, FactorProblem> {
    let credential = serde_json::from_value(row.credential.clone());
    let credential: Credential = credential.map_err(|_| FactorProblem::Unreadable)?;
    Ok(Credential { counter: row.counter, ..credential })
}

/// WebAuthn §7.2 step 13: a page of somebody else's around ours. The core looks for it only where a key is made.
fn is_cross_origin(client_data: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct ClientData {
        #[serde(default)]
        cross_origin: bool,
    }
    serde_json::from_slice::<ClientData>(client_data).is_ok_and(|data| data.cross_origin)
}
