//! Authorization codes (RFC 6749 §4.1.2).

use crate::Store;
use crate::audit;
use crate::column::{from_json, json, millis, moment};
use crate::consents;
use crate::entity::code::{Column, Entity, Model};
use crate::entity::{grant, session};
use crate::error::StoreError;
use crate::grants;
use crate::revoke::subjects_are_live;
use crate::store::Committed;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter};
use signet_protocol::audit::AuditEvent;
use signet_protocol::environment::Moment;
use signet_protocol::grant::{AuthorizationCode, Grant};
use signet_protocol::id::{GrantId, InteractionId};
use signet_protocol::scope::Scope;
use signet_protocol::secret::SecretHash;

/// A code to issue.
#[derive(Clone, Debug)]
pub struct NewCode {
    /// SHA-256 of the code.
    pub hash: SecretHash,
    /// What it stands for.
    pub code: AuthorizationCode,
    /// Whether the session's authentication was recorded with this code's interaction.
    pub uses_sign_in: bool,
}

/// Authorization codes.
#[derive(Clone, Copy, Debug)]
pub struct Codes<'a>(pub(crate) &'a Store);

impl Codes<'_> {
    /// Issues a code and remembers the consent that led to it, if one is given (the whole of it, not what was added).
    /// An authentication that was recorded with this interaction has done its work by that: it proves nothing to a form
    /// of the interaction that is sent again when the code is long forgotten.
    ///
    /// [`Committed::Stale`]: this interaction has its code already. [`Committed::SubjectGone`]: the user, the client or
    /// the session is not live.
    pub async fn issue(
        self,
        new: NewCode,
        consent: Option<Scope>,
        now: Moment,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let row = row(&new)?;
        self.0
            .write((new, row, consent, now, events), |(new, row, consent, now, events), transaction| {
                Box::pin(async move {
                    let authorization = &new.code.authorization;
                    let (user_id, client_id) = (&authorization.user_id, &authorization.client_id);
                    let session = Some((&authorization.sid, *now));
                    if !subjects_are_live(transaction, user_id, client_id, session).await? {
                        return Ok(Committed::SubjectGone);
                    }
                    let inserted = Entity::insert(row.clone().into_active_model())
                        .on_conflict(OnConflict::column(Column::Tx).do_nothing().to_owned())
                        .exec_without_returning(transaction)
                        .await?;
                    if inserted == 0 {
                        return Ok(Committed::Stale);
                    }
                    if new.uses_sign_in {
                        forget_interaction(transaction, &new.code).await?;
                    }
                    if let Some(scope) = consent {
                        consents::remember(transaction, user_id, client_id, scope, *now).await?;
                    }
                    audit::insert(transaction, events).await?;
                    Ok(Committed::Yes)
                })
            })
            .await
    }

    /// The code with this hash, redeemed or not, expired or not.
    pub async fn find(self, hash: &SecretHash) -> Result<Option<AuthorizationCode>, StoreError> {
        let row = Entity::find_by_id(hash.0.to_vec()).one(self.0.reads()).await?;
        row.map(code).transpose()
    }

    /// Redeems a code for a grant. [`Committed::Stale`]: it has been redeemed meanwhile (or is gone).
    /// [`Committed::SubjectGone`]: the user or the client is not live, or the session that the grant would last as long
    /// as has ended.
    pub async fn redeem(
        self,
        hash: SecretHash,
        grant: Grant,
        events: Vec<AuditEvent>,
    ) -> Result<Committed, StoreError> {
        let row = grants::row(&grant)?;
        self.0
            .write((hash, grant, row, events), |(hash, grant, row, events), transaction| {
                Box::pin(redeem(transaction, hash, grant, row, events))
            })
            .await
    }
}

async fn forget_interaction(
    transaction: &DatabaseTransaction,
    code: &AuthorizationCode,
) -> Result<(), StoreError> {
    session::Entity::update_many()
        .col_expr(session::Column::AuthenticatedIn, Expr::value(None::<String>))
        .filter(session::Column::Sid.eq(code.authorization.sid.as_str()))
        .filter(session::Column::AuthenticatedIn.eq(code.tx.as_str()))
        .exec(transaction)
        .await?;
    Ok(())
}

async fn redeem(
    transaction: &DatabaseTransaction,
    hash: &SecretHash,
    grant: &Grant,
    row: &grant::Model,
    events: &[AuditEvent],
) -> Result<Committed, StoreError> {
    let authorization = &grant.authorization;
    let session = (!authorization.offline).then_some((&authorization.sid, grant.created_at));
    let (user_id, client_id) = (&authorization.user_id, &authorization.client_id);
    if !subjects_are_live(transaction, user_id, client_id, session).await? {
        return Ok(Committed::SubjectGone);
    }
    // RFC 6749 §4.1.2: "The client MUST NOT use the authorization code more than once."
    let redeemed = Entity::update_many()
        .col_expr(Column::RedeemedAs, Expr::value(grant.id.as_str()))
        .filter(Column::CodeHash.eq(hash.0.to_vec()))
        .filter(Column::RedeemedAs.is_null())
        .exec(transaction)
        .await?;
    if redeemed.rows_affected == 0 {
        return Ok(Committed::Stale);
    }
    grant::Entity::insert(row.clone().into_active_model()).exec_without_returning(transaction).await?;
    audit::insert(transaction, events).await?;
    Ok(Committed::Yes)
}

fn code(row: Model) -> Result<AuthorizationCode, StoreError> {
    Ok(AuthorizationCode {
        tx: InteractionId::new(row.tx),
        authorization: from_json(&row.authorization, "a code's authorization")?,
        redirect_uri: row.redirect_uri,
        code_challenge: row.code_challenge,
        nonce: row.nonce,
        expires_at: moment(row.expires_at)?,
        redeemed_as: row.redeemed_as.map(GrantId::new),
    })
}

fn row(new: &NewCode) -> Result<Model, StoreError> {
    let code = &new.code;
    let authorization = &code.authorization;
    Ok(Model {
        code_hash: new.hash.0.to_vec(),
        tx: code.tx.as_str().to_owned(),
        user_id: authorization.user_id.as_str().to_owned(),
        client_id: authorization.client_id.as_str().to_owned(),
        sid: authorization.sid.as_str().to_owned(),
        offline: authorization.offline,
        authorization: json(authorization)?,
        redirect_uri: code.redirect_uri.clone(),
        code_challenge: code.code_challenge.clone(),
        nonce: code.nonce.clone(),
        expires_at: millis(code.expires_at),
        redeemed_as: None,
    })
}
