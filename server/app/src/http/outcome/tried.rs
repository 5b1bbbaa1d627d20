//! What the application would have got from a flow that was tried out.

use crate::http::State;
use crate::http::console::path_of;
use crate::http::extract::Viewer;
use crate::http::page::{self, Posts};
use crate::http::refused::{Refused, note};
use crate::pages::{self, TriedRefusal, TriedToken, TriedTokens, Words};
use actix_web::HttpResponse;
use serde_json::{Map, Value};
use signet_service::authorize::{TrialRefusal, Tried};

/// The page at the end of a trial.
pub(super) fn show(state: &State, viewer: &Viewer, tried: Tried) -> HttpResponse {
    let client = &tried.client.client;
    let below = |page| state.path(&path_of(&client.client_id, page));
    let (tokens, refusal, refused) = match tried.came {
        Ok(tokens) => (Some(told(&tokens)), None, None),
        Err(refusal) => {
            let (refusal, refused) = why(viewer, &refusal);
            (None, Some(refusal), Some(refused))
        }
    };
    let page = pages::Tried {
        name: client.client_name.clone(),
        redirect_uri: tried.redirect_uri,
        tokens,
        refusal,
        again_url: below(Some("try")),
        back_url: below(None),
    };
    let mut response = page::show(state, viewer, &page, Posts::Here);
    if let Some(refused) = refused {
        note(&mut response, refused, &viewer.origin);
    }
    response
}

fn told(tokens: &signet_service::authorize::TriedTokens) -> TriedTokens {
    let token = |name, claims: &Map<String, Value>| TriedToken {
        name,
        claims: claims.iter().map(|(name, value)| (name.clone(), value.to_string())).collect(),
    };
    let claims = tokens.claims.as_ref().map(|claims| {
        let id_token = claims.id_token.as_ref().map(|claims| token("id_token", claims));
        [Some(token("access_token", &claims.access_token)), id_token].into_iter().flatten().collect()
    });
    TriedTokens {
        scope: tokens.scope.to_string(),
        withheld: tokens.withheld.join(" "),
        expires_in: tokens.expires_in,
        refreshable: tokens.refreshable,
        claims,
    }
}

fn why(viewer: &Viewer, refusal: &TrialRefusal) -> (TriedRefusal, Refused) {
    let (at, rule, description, refused) = match refusal {
        TrialRefusal::Authorization(refusal) => {
            let refused = Refused::authorization(refusal);
            (Words("tried-at-authorization"), refusal.rule, refusal.description, refused)
        }
        TrialRefusal::Token(refusal) => {
            (Words("tried-at-token"), refusal.rule, refusal.description, Refused::token(refusal))
        }
    };
    let told = TriedRefusal {
        at,
        code: refused.code.to_string(),
        description: description.to_string(),
        about: Words(rule.about()),
        mend: Words(rule.mend()),
        clause: rule.clause(),
        request_id: page::request_id(&viewer.origin),
    };
    (told, refused)
}
