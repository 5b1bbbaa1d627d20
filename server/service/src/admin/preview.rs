//! What somebody's tokens would hold, and why: decided by what decides for real ones.

use super::clients::ClientRecord;
use super::error::fault;
use super::{Actor, Admin, AdminError};
use crate::grants::told::{Told, granted_now, told};
use crate::person::Person;
use serde_json::Value;
use signet_protocol::claims::mapping::ExtraClaims;
use signet_protocol::claims::{sub, user_claims};
use signet_protocol::client::Client;
use signet_protocol::id::{ClientId, ResourceId, UserId};
use signet_protocol::permission::{Permission, administration};
use signet_protocol::resource::Resource;
use signet_protocol::role::Held;
use signet_protocol::scope::Scope;
use signet_protocol::token::audience::audience;
use signet_protocol::token::client_credentials::decide;
use signet_protocol::user::User;
use std::sync::Arc;

/// Whose tokens, and for what.
#[derive(Clone, Debug)]
pub struct PreviewRequest {
    /// Whose; none: the client's own, which it gets by its credentials (RFC 6749 §4.4).
    pub user_id: Option<UserId>,
    /// What the client asks for; none: all that it is registered for and may get so.
    pub scope: Option<Scope>,
    /// The API that the access token is to be for.
    pub resource: Option<ResourceId>,
}

/// What the tokens would hold besides what the protocol says of every token.
#[derive(Debug)]
pub struct Preview {
    /// What the client knows the person as; for its own token, the client.
    pub sub: String,
    /// The access token's scope.
    pub scope: Scope,
    /// What was asked for and is not granted, for the person's roles do not allow it.
    pub withheld: Vec<String>,
    /// Whom the access token is for.
    pub aud: Vec<String>,
    /// The access token's claims.
    pub access_token: ExtraClaims,
    /// The ID token's claims, which userinfo tells, too; none where there is no ID token.
    pub id_token: Option<ExtraClaims>,
    /// What userinfo tells besides, by the standard's scope values.
    pub userinfo: Vec<UserinfoClaim>,
    /// What the person holds.
    pub held: Held,
    /// Of their roles, those that the client may be told of.
    pub shown: Vec<String>,
}

/// A claim that userinfo tells (OpenID Connect Core §5.4).
#[derive(Debug)]
pub struct UserinfoClaim {
    /// Its name.
    pub name: String,
    /// What it says.
    pub value: Value,
    /// The scope value that asks for it.
    pub scope: String,
}

impl Admin {
    /// What somebody's tokens for a client, or its own, would hold at this moment. Nothing is issued, and nothing is kept.
    pub async fn preview_tokens(
        &self,
        actor: &Actor,
        client_id: &ClientId,
        request: PreviewRequest,
    ) -> Result<Preview, AdminError> {
        if request.user_id.is_some() {
            actor.must_have(Permission::UsersRead)?;
        }
        let ClientRecord { item: registered, .. } = self.client(actor, client_id).await?;
        let client = registered.client;
        let person = match &request.user_id {
            Some(id) => Some(self.person(id).await?),
            None => None,
        };
        let issuer = self.server()?.settings.issuer.clone();
        let resources = self.every_resource(&issuer).await?;
        let asked = request.scope.as_ref();
        let scope = match &person {
            Some(person) => granted_to(person, &client, asked, &resources)?,
            None => {
                decide(&client, asked).map_err(|refusal| fault("scope", refusal.description))?.into_owned()
            }
        };
        let all = asked.unwrap_or(if person.is_some() { &client.scope } else { &scope });
        let wanted: Vec<_> = request.resource.into_iter().collect();
        let audience = audience(&scope, &wanted, &[], &resources, &issuer);
        let audience = audience.map_err(|refusal| fault("resource", refusal.description))?;
        let Told { access, id } = told(person.as_ref(), &client, &scope, &audience);
        let withheld = all.iter().filter(|value| !scope.contains(value)).map(str::to_owned).collect();
        let (sub, shown, userinfo, held) = match person {
            Some(person) => (
                sub(&person.user.id, &client).into_owned(),
                person.book.shown_to(client_id, &person.held),
                userinfo(&person.user, &scope),
                person.held,
            ),
            None => (client_id.to_string(), Vec::new(), Vec::new(), Held::default()),
        };
        Ok(Preview {
            sub,
            withheld,
            aud: audience.aud.to_vec(),
            access_token: access,
            id_token: scope.contains("openid").then_some(id),
            shown,
            userinfo,
            held,
            scope: audience.scope.into_owned(),
        })
    }

    async fn person(&self, id: &UserId) -> Result<Person, AdminError> {
        let found = match id.as_str().contains('\0') {
            true => None,
            false => self.store.users().with_groups(id).await?,
        };
        let (user, groups) = found.ok_or(AdminError::NotFound("user"))?;
        let book = Arc::new(self.store.roles().book().await?);
        Ok(Person { held: book.held(&user.roles, &groups), user, book })
    }

    pub(super) async fn every_resource(&self, issuer: &str) -> Result<Vec<Resource>, AdminError> {
        let declared = self.store.resources().all().await?.into_iter().map(|managed| managed.item);
        Ok(declared.chain([administration(issuer)]).collect())
    }
}

/// What somebody's roles allow of what a client asks for.
fn granted_to(
    person: &Person,
    client: &Client,
    asked: Option<&Scope>,
    resources: &[Resource],
) -> Result<Scope, AdminError> {
    let asked = asked.unwrap_or(&client.scope);
    if !asked.is_subset_of(&client.scope) {
        return Err(fault("scope", "holds values that the client is not registered for"));
    }
    let granted = granted_now(asked, client, Some(person), resources);
    Ok(granted.map_err(|refusal| fault("scope", refusal.description))?.into_owned())
}

/// What each value of a scope has userinfo tell; nothing without `openid`.
fn userinfo(user: &User, scope: &Scope) -> Vec<UserinfoClaim> {
    let values = scope.iter().filter(|_| scope.contains("openid"));
    let told = values.filter_map(|value| Some((value, Scope::parse(value).ok()?)));
    told.flat_map(|(value, alone)| {
        user_claims(user, &alone).into_iter().map(move |(name, told)| UserinfoClaim {
            name,
            value: told,
            scope: value.to_owned(),
        })
    })
    .collect()
}
