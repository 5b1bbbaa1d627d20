//! All that is kept of a person, for themselves. Secrets and what stands for them are not in it.

use super::{Account, NotDone, OwnFactors};
use crate::authorize::Present;
use crate::factors::Passkey;
use serde_json::{Map, Value, json};
use signet_protocol::audit::{Event, Origin};
use signet_protocol::grant::Grant;
use signet_protocol::user::User;
use signet_store::{OwnSession, RecordedEvent, RememberedConsent, RememberedDevice, StoreError};

/// How many events are read at a time.
const EVENTS: u64 = 500;

impl Account {
    /// Everything but the events, which may be many: see [`Account::exported_events`].
    pub async fn export(&self, present: &Present, origin: &Origin) -> Result<Map<String, Value>, NotDone> {
        self.take(present, "export", origin).await?;
        let event = self.event(present, origin, Event::DataExported);
        let at = event.at;
        self.store.audit().record(vec![event]).await?;
        let own = self.of(present);
        let own_factors = self.own_factors(present).await?;
        let consents = own.applications(at).await?.consents;
        let moving = self.store.email_changes().pending(&present.user.id, at).await?;
        let (sessions, grants) = (own.all_sessions().await?, own.all_grants().await?);
        let parts = [
            ("issuer", json!(self.settings.issuer)),
            ("exported_at", json!(at)),
            ("person", person(&present.user)),
            ("groups", json!(self.store.groups().of(&present.user.id).await?)),
            ("deletion_at", json!(own.deletion().await?)),
            ("email_change", json!(moving.map(|change| change.address))),
            ("factors", factors(&own_factors)),
            ("sessions", sessions.iter().map(session).collect()),
            ("consents", consents.iter().map(consent).collect()),
            ("grants", grants.iter().map(grant).collect()),
        ];
        Ok(parts.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// What the audit log says about this person, newest first, from before the event numbered `before`; with the number
    /// to go on with.
    pub async fn exported_events(
        &self,
        present: &Present,
        before: Option<i64>,
    ) -> Result<(Vec<Value>, Option<i64>), StoreError> {
        let events = self.of(present).history(before, &[], EVENTS).await?;
        let last = events.last().map(|event| event.id);
        Ok((events.into_iter().map(recorded).collect(), last))
    }
}

fn person(user: &User) -> Value {
    json!({
        "sub": user.id,
        "username": user.username,
        "email": user.email,
        "email_verified": user.email_verified,
        "claims": user.profile,
        "roles": user.roles,
        "has_password": user.password_hash.is_some(),
        "updated_at": user.updated_at,
    })
}

fn factors(own: &OwnFactors) -> Value {
    let passkey = |passkey: &Passkey| {
        json!({
            "name": passkey.name,
            "synchronised": passkey.synchronised,
            "added_at": passkey.created_at,
            "last_used_at": passkey.last_used_at,
        })
    };
    let browser = |device: &RememberedDevice| {
        json!({
            "since": device.created_at,
            "until": device.expires_at,
            "address": device.address,
            "user_agent": device.user_agent,
        })
    };
    json!({
        "authenticator_app": own.app.map(|(added, used)| json!({ "added_at": added, "last_used_at": used })),
        "passkeys": own.passkeys.iter().map(passkey).collect::<Value>(),
        "unused_recovery_codes": own.recovery_codes,
        "remembered_browsers": own.remembered.iter().map(browser).collect::<Value>(),
    })
}

fn session(own: &OwnSession) -> Value {
    let session = &own.session;
    json!({
        "sid": session.sid,
        "began_at": session.created_at,
        "last_seen_at": session.last_seen_at,
        "expires_at": session.expires_at,
        "ended_at": own.ended_at,
        "address": own.address,
        "user_agent": own.user_agent,
        "authentication": session.authentication,
    })
}

fn consent(consent: &RememberedConsent) -> Value {
    json!({ "client_id": consent.client_id, "scope": consent.scope, "given_at": consent.at })
}

fn grant(grant: &Grant) -> Value {
    let authorization = &grant.authorization;
    json!({
        "grant_id": grant.id,
        "client_id": authorization.client_id,
        "scope": authorization.scope,
        "resources": authorization.resources,
        "offline": authorization.offline,
        "sid": authorization.sid,
        "authentication": authorization.authentication,
        "began_at": grant.created_at,
        "last_used_at": grant.rotated_at,
        "expires_at": grant.expires_at,
        "revoked_at": grant.revoked_at,
    })
}

fn recorded(event: RecordedEvent) -> Value {
    json!({
        "at": event.at,
        "event": event.details,
        "request_id": event.request_id,
        "address": event.address,
        "client_id": event.client_id,
        "sid": event.sid,
        "grant_id": event.grant_id,
    })
}
