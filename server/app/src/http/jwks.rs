//! The public keys (RFC 7517 §5).

use super::document::document;
use super::{State, cors};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

/// As long as [`JWKS_MAX_AGE`](crate::config::JWKS_MAX_AGE) says: a new key waits longer than that before it signs.
const CACHE_CONTROL: &str = "public, max-age=300";

/// `GET`. `application/json` rather than `application/jwk-set+json`: not every client accepts the latter.
pub async fn get(request: HttpRequest, state: Data<State>) -> HttpResponse {
    let prebuilt = state.service.jwks();
    let kinds = ("application/json", CACHE_CONTROL);
    cors::readable_by_all(document(&request, prebuilt.body.clone(), &prebuilt.etag, kinds))
}

#[cfg(test)]
mod tests {
    use super::CACHE_CONTROL;
    use crate::config::{Config, JWKS_MAX_AGE, MIN_PUBLISH_AHEAD};

    #[test]
    fn no_copy_of_the_keys_outlives_the_time_that_a_new_key_waits() {
        let max_age: u32 = CACHE_CONTROL.rsplit_once("max-age=").unwrap().1.parse().unwrap();
        assert_eq!(max_age, JWKS_MAX_AGE);
        assert!(max_age < MIN_PUBLISH_AHEAD);
        assert!(MIN_PUBLISH_AHEAD <= Config::embedded().keys.publish_ahead);
    }
}
