//! What the application would have got from a flow that was tried out.

use crate::http::State;
use crate::http::console::{REFUSALS, path_of};
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
            let (refusal, refused) = why(state, viewer, &refusal);
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
    let access_token = token("access_token", &tokens.access_token);
    let id_token = tokens.id_token.as_ref().map(|claims| token("id_token", claims));
    let withheld: Vec<_> = tokens.asked.iter().filter(|value| !tokens.scope.contains(value)).collect();
    TriedTokens {
        scope: tokens.scope.to_string(),
        withheld: withheld.join(" "),
        expires_in: tokens.expires_in,
        refreshable: tokens.refreshable,
        claims: [Some(access_token), id_token].into_iter().flatten().collect(),
    }
}

fn why(state: &State, viewer: &Viewer, refusal: &TrialRefusal) -> (TriedRefusal, Refused) {
    let (at, code, description, refused) = match refusal {
        TrialRefusal::Authorization(refusal) => (
            Words("tried-at-authorization"),
            refusal.error.code(),
            refusal.description.to_string(),
            Refused::authorization(refusal),
        ),
        TrialRefusal::Token(refusal) => (
            Words("tried-at-token"),
            refusal.error.code(),
            refusal.description.to_string(),
            Refused::token(refusal),
        ),
    };
    let request_id = page::request_id(&viewer.origin);
    let explained_url = format!("{}?id={request_id}", state.path(REFUSALS));
    (TriedRefusal { at, code, description, request_id, explained_url }, refused)
}
